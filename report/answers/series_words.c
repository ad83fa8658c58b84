/* What the overview of the series says in words: see series_parts.h. */
#include "report/answers/series_parts.h"

#include "base/buffer.h"
#include "base/utf8.h"

#include <string.h>

/* What turns or hides text around it, in a title that some other file brings. */
static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

const char *series_title(struct result *result, const struct result *report)
{
    enum { TITLE_MAX = 200 };
    const char *at = report->title && *report->title ? report->title : "without a title";
    const char *end = at + strlen(at);
    char text[TITLE_MAX + 8];
    size_t used = 0;
    while (at < end && used < TITLE_MAX) {
        const char *from = at;
        if (is_control(utf8_next(&at, end))) {
            text[used++] = '?';
            continue;
        }
        memcpy(text + used, from, (size_t)(at - from));
        used += (size_t)(at - from);
    }
    if (at < end) {
        memcpy(text + used, "...", 3);
        used += 3;
    }
    text[used] = '\0';
    return result_text(result, text);
}

const char *series_see_words(const struct series *series, const struct result_table *now,
                             bool other_terms)
{
    struct result *result = series->answer->result;
    struct buffer words;
    enum { WORDS_MAX = 1 << 16 };
    enum status status;
    buffer_init(&words, WORDS_MAX);
    status = buffer_addf(&words, NULL, "see %s.change", now->id);
    const char *lead = ": ";
    for (size_t i = 0; i < DIRECTIONS && status == STATUS_OK; i++) {
        if (!series->directions[i])
            continue;
        status = buffer_addf(&words, NULL, "%s%zu %s", lead, series->directions[i],
                             series_direction_names[i]);
        lead = ", ";
    }
    if (status == STATUS_OK && other_terms)
        status = buffer_addf(&words, NULL, " (terms of the same expression)");
    const char *text = status == STATUS_OK ? result_text(result, words.data) : NULL;
    buffer_release(&words);
    return text;
}

/* "16 more", "3 fewer", "no change" */
static const char *change_words(struct answer *answer, double change)
{
    if (change == 0)
        return "no change";
    const char *count = answer_count_words(answer, (uint64_t)(change < 0 ? -change : change));
    const char *words =
        result_printf(answer->result, "%s %s", count, change < 0 ? "fewer" : "more");
    answer->no_memory = answer->no_memory || !words;
    return words ? words : "?";
}

const char *series_population_words(const struct series *series)
{
    struct answer *answer = series->answer;
    static const char *const ids[] = {"previous",   "present",     "change",
                                      "change_low", "change_high", "level"};
    enum { PREVIOUS, PRESENT, CHANGE, LOW, HIGH, LEVEL, COUNT };
    const struct result_table *table = result_table_find(answer->result, "completeness.change");
    size_t reason = table ? series_column(table, "reason") : SIZE_MAX;
    for (size_t row = 0; reason != SIZE_MAX && row < table->row_count; row++) {
        const struct result_value *said[COUNT] = {NULL},
                                  *name = result_value_at(table, row, reason);
        if (name->kind != VALUE_TEXT || strcmp(name->text, "population") != 0)
            continue;
        for (size_t i = 0; i < COUNT; i++) {
            size_t column = series_column(table, ids[i]);
            said[i] = column == SIZE_MAX ? NULL : result_value_at(table, row, column);
        }
        if (!said[PREVIOUS] || said[PREVIOUS]->kind != VALUE_COUNT || !said[PRESENT] ||
            said[PRESENT]->kind != VALUE_COUNT || !said[CHANGE] || said[CHANGE]->kind != VALUE_REAL)
            return "";
        const char *then = answer_count_words(answer, said[PREVIOUS]->count);
        const char *now = answer_count_words(answer, said[PRESENT]->count);
        if (!said[LOW])
            return result_printf(answer->result,
                                 " Conversations of the population: %s then, %s now, %s.", then,
                                 now, change_words(answer, said[CHANGE]->real));
        return result_printf(answer->result,
                             " Conversations of the population: about %s then, about %s now; the "
                             "change is from %s to %s, with at least %s confidence.",
                             then, now, change_words(answer, said[LOW]->real),
                             change_words(answer, said[HIGH]->real),
                             answer_share_words(answer, said[LEVEL]->real, ROUND_DOWN));
    }
    return "";
}
