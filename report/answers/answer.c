/* What the answers share: see answer.h. */
#include "report/answers/answer.h"

#include "stats/noisy_share.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum status answer_table(struct answer *answer, const char *id, const char *kind, const char *title,
                         const char *unit, const char *method, const struct result_column *columns,
                         size_t count, struct result_table **table, struct error *err)
{
    TRY(result_table_add(answer->result, id, kind, title, unit, columns, count, table, err));
    (*table)->population = answer->population;
    static const char exact[] = "Exact counts", over[] = " over the population";
    bool noisy = release_is_noisy(answer->release) && strncmp(method, exact, strlen(exact)) == 0;
    if (noisy && strncmp(method + strlen(exact), over, strlen(over)) == 0)
        method += strlen(over);
    (*table)->method = noisy ? result_printf(answer->result,
                                             "Counts with noise, over the capped "
                                             "population%s",
                                             method + strlen(exact))
                             : result_text(answer->result, method);
    return (*table)->method ? STATUS_OK : error_nomem(err);
}

enum status answer_figures(const struct answer *answer, const char *id,
                           const struct figure_table **figures, struct error *err)
{
    *figures = release_table_find(answer->release, id);
    if (!*figures)
        return error_set(err, STATUS_INTERNAL, id, "the gate released no table of this query");
    return STATUS_OK;
}

void answer_key_columns(const struct figure_table *figures, struct result_column *columns)
{
    for (size_t k = 0; k < figure_table_keys(figures); k++)
        columns[k] = (struct result_column){
            figure_key_id(figures, k), figure_key_title(figures, k),
            figure_key_is_month(figures, k) ? RESULT_MONTH : RESULT_STRING, ""};
}

enum status answer_put_keys(struct answer *answer, struct result_table *table,
                            const struct figure_table *figures, size_t row, struct error *err)
{
    for (size_t k = 0; k < figure_table_keys(figures); k++)
        TRY(result_put_text(answer->result, table, figure_key_value(figures, row, k), err));
    return STATUS_OK;
}

enum status answer_put_figure(struct answer *answer, struct result_table *table,
                              struct figure figure, struct error *err)
{
    if (figure.state == FIGURE_WITHHELD)
        return result_put_withheld(answer->result, table, err);
    TRY(result_put_count(answer->result, table, figure.value, err));
    return figure.state == FIGURE_NOISY ? result_bound_count(table, figure.low, figure.high, err)
                                        : STATUS_OK;
}

/* The tails of LAW, made if they are not among the last ones; their table is the result's. */
static enum status tails_of(struct answer *answer, const struct noise_law *law,
                            struct noise_tails *out, struct error *err)
{
    size_t known = answer->tail_count < ANSWER_TAILS ? answer->tail_count : ANSWER_TAILS;
    for (size_t i = 0; i < known; i++)
        if (answer->tails[i].law.kind == law->kind && answer->tails[i].law.scale == law->scale) {
            *out = answer->tails[i];
            return STATUS_OK;
        }
    TRY(noise_tails_init(out, *law, &answer->result->arena, err));
    answer->tails[answer->tail_count++ % ANSWER_TAILS] = *out;
    return STATUS_OK;
}

/* Figures of one column may be one and the same, with the same noise: then the quotients of their
 * ends are taken, each with half the chance to err. */
static enum status share_ends(struct answer *answer, const struct figure *part,
                              const struct figure *whole, double *low, double *high,
                              struct error *err)
{
    if (part->law && whole->law && part->law != whole->law) {
        struct noise_tails part_tails, whole_tails;
        struct noisy_share share = {part->told, whole->told, &part_tails, &whole_tails};
        TRY(tails_of(answer, part->law, &part_tails, err));
        TRY(tails_of(answer, whole->law, &whole_tails, err));
        return noisy_share_interval(&share, release_confidence(answer->release), low, high, err);
    }
    *low = whole->wide_high ? (double)part->wide_low / (double)whole->wide_high : 0;
    *high = whole->wide_low ? (double)part->wide_high / (double)whole->wide_low : 1;
    *high = *high < 1 ? *high : 1;
    *low = *low < *high ? *low : *high;
    return STATUS_OK;
}

enum status answer_put_share(struct answer *answer, struct result_table *table, struct figure part,
                             struct figure whole, struct error *err)
{
    if (part.state == FIGURE_WITHHELD || whole.state == FIGURE_WITHHELD)
        return result_put_withheld(answer->result, table, err);
    if (whole.value == 0)
        return result_put_null(answer->result, table, err);
    double share = (double)part.value / (double)whole.value;
    if (part.state != FIGURE_NOISY)
        return result_put_real(answer->result, table, share, err);
    double low, high;
    TRY(share_ends(answer, &part, &whole, &low, &high, err));
    TRY(result_put_real(answer->result, table, share < 1 ? share : 1, err));
    return result_bound_real(table, low, high, err);
}

enum status answer_note_withheld(struct answer *answer, struct result_table *table,
                                 const struct figure_table *figures, struct error *err)
{
    size_t withheld = figure_table_withheld(figures);
    if (figure_table_is_cut(figures))
        TRY(answer_note(
            answer, table,
            result_printf(answer->result,
                          "Not all rows are listed: beside those of which there is nothing, some "
                          "of fewer than %" PRIu32 " users, and all that would tell of them, are "
                          "left out. The rows listed need not add up to the whole.",
                          release_min_users(answer->release)),
            err));
    if (withheld == 0)
        return STATUS_OK;
    return answer_note(
        answer, table,
        result_printf(answer->result,
                      "%zu figure%s of this table %s withheld: small cells, of fewer "
                      "than %" PRIu32 " users, and as many others as keep a reader "
                      "from working them out.",
                      withheld, withheld == 1 ? "" : "s", withheld == 1 ? "is" : "are",
                      release_min_users(answer->release)),
        err);
}

enum status answer_summary(struct answer *answer, const char *id, const char *text,
                           struct error *err)
{
    static const char about[] = "about ";
    if (text && strncmp(text, about, strlen(about)) == 0)
        text = result_printf(answer->result, "A%s", text + 1);
    if (!text)
        return error_nomem(err);
    return result_pair_add(answer->result, &answer->result->summary, id, text, err);
}

enum status answer_note(struct answer *answer, struct result_table *table, const char *text,
                        struct error *err)
{
    if (!text)
        return error_nomem(err);
    return result_note(answer->result, table, text, err);
}

static const char *words_of(struct answer *answer, const char *text)
{
    answer->no_memory = answer->no_memory || !text;
    return text ? text : "?";
}

const char *answer_count_words(struct answer *answer, uint64_t count)
{
    char digits[24], text[32];
    size_t len = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, count), used = 0;
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            text[used++] = ',';
        text[used++] = digits[i];
    }
    text[used] = '\0';
    return words_of(answer, result_text(answer->result, text));
}

const char *answer_figure_words(struct answer *answer, struct figure figure)
{
    if (figure.state == FIGURE_WITHHELD)
        return release_is_noisy(answer->release) ? "(not told)" : "(withheld)";
    const char *words = answer_count_words(answer, figure.value);
    return figure.state == FIGURE_NOISY
               ? words_of(answer, result_printf(answer->result, "about %s [%s to %s]", words,
                                                answer_count_words(answer, figure.low),
                                                answer_count_words(answer, figure.high)))
               : words;
}

const char *answer_population_words(struct answer *answer)
{
    const char *words = answer_figure_words(answer, answer->n);
    return answer->n.state == FIGURE_EXACT
               ? words_of(answer, result_printf(answer->result, "the %s", words))
               : words;
}

const char *answer_share_words(struct answer *answer, double share, enum rounding rounding)
{
    char text[ROUNDING_TEXT_SIZE];
    rounding_percent_text(share, rounding, text);
    return words_of(answer, result_printf(answer->result, "%s", text));
}

const char *answer_part_words(struct answer *answer, struct figure part, struct figure whole)
{
    if (part.state == FIGURE_WITHHELD || whole.state == FIGURE_WITHHELD || whole.value == 0)
        return "";
    double share = fmin((double)part.value / (double)whole.value, 1), low, high;
    if (part.state != FIGURE_NOISY)
        return words_of(answer, result_printf(answer->result, " (%s)",
                                              answer_share_words(answer, share, ROUND_NEAREST)));
    if (share_ends(answer, &part, &whole, &low, &high, NULL) != STATUS_OK)
        return words_of(answer, NULL);
    return words_of(answer, result_printf(answer->result, " (%s to %s)",
                                          answer_share_words(answer, low, ROUND_DOWN),
                                          answer_share_words(answer, high, ROUND_UP)));
}

const char *answer_highest_words(struct answer *answer, const char *name, struct figure figure)
{
    if (figure.state == FIGURE_NOISY && figure.low == 0)
        return " No figure shown stands out from the noise.";
    return words_of(answer, result_printf(answer->result,
                                          " Of the figures shown, the highest is %s, with %s%s.",
                                          name, answer_figure_words(answer, figure),
                                          answer_part_words(answer, figure, answer->n)));
}
