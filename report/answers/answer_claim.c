/*
 * Claims of the form "at least the share q is irrelevant": an exact test either way on the sample
 * of a relevance query (stats/claim.h), one-sided at a fixed size, or at every look where the
 * relevance query's method is anytime.
 *
 * Told twice: over the population; and over the population with the R rejected records of the log
 * set, each taken as relevant, since nobody knows what they are. With K relevant in the population
 * the second claim holds while K + R <= floor((N + R)(1 - q)): the same test with R fewer allowed.
 */
#include "report/answers/answer_claim_notes.h"
#include "stats/claim.h"
#include "stats/multiple_tests.h"
#include "stats/sample_size.h"

#include <string.h>

static const struct result_column columns[] = {
    {"claim", "Claim", RESULT_STRING, ""},
    {"bound", "Share relevant, at most", RESULT_SHARE, ""},
    {"confidence", "Confidence", RESULT_SHARE, ""},
    {"p_value", "p-value", RESULT_NUMBER, ""},
    {"verdict", "Verdict", RESULT_VERDICT, ""},
    {"labels_needed", "Labels needed", RESULT_COUNT, "conversations"},
    {"set", "Over", RESULT_STRING, ""},
    {"N", "Units (N)", RESULT_COUNT, "conversations"},
    {"allowed", "Relevant units allowed", RESULT_COUNT, "conversations"},
    {"relevant_low", "Relevant units, at least", RESULT_COUNT, "conversations"},
    {"relevant_high", "Relevant units, at most", RESULT_COUNT, "conversations"},
    {"would_change", "What would change the answer", RESULT_STRING, ""},
    /* Only where the plan has several claims. */
    {"p_value_together", "p-value, all claims together (Holm)", RESULT_NUMBER, ""},
};
enum { ALL_COLUMNS = sizeof columns / sizeof *columns, COLUMNS = ALL_COLUMNS - 1, BOUNDS = 4 };

struct claim {
    struct answer *answer;
    const struct plan_query *query;
    struct answer_sample sample;
    const char *text; /* "at least 99.99 % irrelevant" */
    bool several;     /* claims are in the plan */
    const char *units;
};

/* One telling: REJECTED records are added, each taken as relevant. */
struct telling {
    uint64_t rejected, units, allowed;
    bool impossible; /* the rejected records alone are more than allowed */
    struct claim_result test;
};

/* "0.9999" as "99.99 %", digit by digit: no number that the plan did not write. */
static const char *percent_of(struct result *result, const char *share)
{
    char digits[80];
    size_t used = 0, point = SIZE_MAX;
    for (const char *at = share; *at; at++) {
        if (*at == '.' && point == SIZE_MAX)
            point = used;
        else if (*at >= '0' && *at <= '9' && used + 4 < sizeof digits)
            digits[used++] = *at;
        else
            return result_printf(result, "the share %s", share);
    }
    if (point == SIZE_MAX)
        point = used;
    while (used < point + 2)
        digits[used++] = '0';
    digits[used] = '\0';
    point += 2;
    while (used > point && digits[used - 1] == '0')
        digits[--used] = '\0';
    const char *whole = digits;
    size_t whole_len = point;
    while (whole_len > 1 && *whole == '0') {
        whole++;
        whole_len--;
    }
    return result_printf(result, "%.*s%s%s %%", (int)whole_len, whole, used > point ? "." : "",
                         digits + point);
}

static enum status tell(const struct claim *c, uint64_t rejected, struct telling *out,
                        struct error *err)
{
    *out = (struct telling){.rejected = rejected, .units = c->sample.counts.population + rejected};
    TRY(claim_allowed(c->query->at_least, out->units, &out->allowed, err));
    out->impossible = rejected > out->allowed;
    /* The bounds are wanted where it is impossible too. */
    uint64_t allowed = out->impossible ? 0 : out->allowed - rejected;
    const struct plan_query *query = c->query;
    if (!answer_is_simple(&c->sample))
        return design_claim(&c->sample.design, allowed, query->confidence, &out->test, err);
    if (answer_is_anytime(query))
        return claim_test_anytime(&c->sample.counts, allowed,
                                  (struct anytime_prior){query->prior[0], query->prior[1]},
                                  query->confidence, &out->test, err);
    return claim_test_allowed(&c->sample.counts, allowed, query->confidence, &out->test, err);
}

static struct telling untold(void)
{
    return (struct telling){.test = {.p_value = 1}};
}

/* The p-value of a telling; 1 where no sample can show anything. */
static double p_of(const struct telling *telling)
{
    return telling->impossible ? 1 : telling->test.p_value;
}

/*
 * Holm's adjusted p-value of claim C among all claims of the plan, each told with its rejected
 * records or without. A claim without a sample, or with a withheld one, counts with a p-value of 1:
 * it was planned, and so it belongs to the family.
 */
static enum status p_together(const struct claim *c, bool with_rejected, double *p,
                              struct error *err)
{
    const struct plan *plan = c->answer->plan;
    double *all = arena_zalloc(&c->answer->result->arena, plan->query_count, sizeof *all);
    if (!all)
        return error_nomem(err);
    size_t count = 0, own = 0;
    for (size_t i = 0; i < plan->query_count; i++) {
        const struct plan_query *query = &plan->queries[i];
        if (query->kind != QUERY_CLAIM)
            continue;
        struct claim other = {.answer = c->answer, .query = query, .several = true};
        TRY(answer_sample_of(c->answer, query->of, &other.sample, err));
        struct telling telling = untold();
        const struct figure_sample *f = other.sample.figures;
        bool known = f && f->rejected.state == FIGURE_EXACT;
        if (other.sample.state == SAMPLE_THERE && (known || !with_rejected))
            TRY(tell(&other, with_rejected ? f->rejected.value : 0, &telling, err));
        if (query == c->query)
            own = count;
        all[count++] = p_of(&telling);
    }
    TRY(holm_adjust(all, count, all, err));
    *p = all[own];
    return STATUS_OK;
}

static const char *verdict_of(const struct telling *telling)
{
    return telling->impossible ? claim_verdict_name(CLAIM_CONTRADICTED)
                               : claim_verdict_name(telling->test.verdict);
}

static enum status put_telling(const struct claim *c, struct result_table *table,
                               const struct telling *telling, const char *text, const char *set,
                               struct error *err)
{
    struct result *result = c->answer->result;
    uint64_t high = telling->test.upper.value + telling->rejected;
    TRY(result_put_text(result, table, text, err));
    TRY(result_put_real(result, table, (double)high / (double)telling->units, err));
    TRY(result_put_real(result, table, c->query->confidence, err));
    TRY(result_put_real(result, table, p_of(telling), err));
    TRY(result_put_text(result, table, verdict_of(telling), err));
    if (telling->impossible || telling->test.labels_needed == SAMPLE_SIZE_NONE)
        TRY(result_put_null(result, table, err));
    else
        TRY(result_put_count(result, table, telling->test.labels_needed, err));
    TRY(result_put_text(result, table, set, err));
    TRY(result_put_count(result, table, telling->units, err));
    TRY(result_put_count(result, table, telling->allowed, err));
    TRY(result_put_count(result, table, telling->test.lower.value + telling->rejected, err));
    TRY(result_put_count(result, table, high, err));
    TRY(result_put_text(result, table,
                        telling->impossible
                            ? "only fewer rejected records"
                            : claim_change_words(c->answer, &c->sample, &telling->test),
                        err));
    if (!c->several)
        return STATUS_OK;
    double p;
    TRY(p_together(c, telling->rejected > 0, &p, err));
    return result_put_real(result, table, p, err);
}

/* A row without a sample to test on. */
static enum status put_absent(const struct claim *c, struct result_table *table, struct error *err)
{
    struct answer *answer = c->answer;
    TRY(result_put_text(answer->result, table, c->text, err));
    TRY(answer_put_absent(answer, table, &c->sample, err));
    TRY(result_put_real(answer->result, table, c->query->confidence, err));
    for (int i = 0; i < 3; i++)
        TRY(answer_put_absent(answer, table, &c->sample, err));
    TRY(result_put_text(answer->result, table, "population", err));
    if (c->sample.figures)
        TRY(answer_put_figure(answer, table, c->sample.figures->whole.population, err));
    else
        TRY(result_put_null(answer->result, table, err));
    for (int i = 0; i < BOUNDS + c->several; i++)
        TRY(answer_put_absent(answer, table, &c->sample, err));
    return STATUS_OK;
}

/* What the verdict says, and why. */
static const char *verdict_words(const struct claim *c, const struct telling *t)
{
    struct answer *answer = c->answer;
    struct result *result = answer->result;
    const char *level = answer_share_words(answer, c->query->confidence, ROUND_NEAREST);
    const char *units = answer_count_words(answer, t->units);
    const char *allowed = answer_count_words(answer, t->allowed);
    const char *high = answer_count_words(answer, t->test.upper.value + t->rejected);
    const char *low = answer_count_words(answer, t->test.lower.value + t->rejected);
    if (t->impossible)
        return result_printf(result,
                             "contradicted: the %s %s alone more than the %s that it allows to be "
                             "relevant",
                             answer_count_words(answer, t->rejected),
                             t->rejected == 1 ? "record is" : "records are", allowed);
    switch (t->test.verdict) {
    case CLAIM_SUPPORTED:
        return result_printf(result,
                             "supported with %s confidence: at most %s of %s are relevant, and it "
                             "allows %s",
                             level, high, units, allowed);
    case CLAIM_CONTRADICTED:
        return result_printf(result,
                             "contradicted with %s confidence: at least %s of %s are relevant, and "
                             "it allows %s",
                             level, low, units, allowed);
    case CLAIM_UNDETERMINED:
        break;
    }
    if (t->test.labels_needed == SAMPLE_SIZE_NONE)
        return result_printf(result,
                             "undetermined; the sample is too small to say: between %s and %s of "
                             "%s are relevant (each bound with %s confidence), and it allows %s",
                             low, high, units, level, allowed);
    return result_printf(result,
                         "undetermined; the sample is too small to say: between %s and %s of %s "
                         "are relevant (each bound with %s confidence), and it allows %s; a %s %s "
                         "with as few hits would support it",
                         low, high, units, level, allowed,
                         t->test.labels_needed == c->sample.counts.population ? "reading of all"
                                                                              : "fresh sample of",
                         answer_count_words(answer, t->test.labels_needed));
}

static enum status put_rows(const struct claim *c, struct result_table *table, struct error *err)
{
    struct answer *answer = c->answer;
    struct result *result = answer->result;
    struct telling first, second;
    struct figure rejected = c->sample.figures->rejected;
    TRY(tell(c, 0, &first, err));
    TRY(put_telling(c, table, &first, c->text, "population", err));
    const char *words = verdict_words(c, &first);
    if (!words)
        return error_nomem(err);
    const char *also = "";
    /* Nobody knows how many exchanges or users a rejected record is. */
    bool conversations = strcmp(c->units, "conversations") == 0;
    if (rejected.state == FIGURE_EXACT && conversations) {
        TRY(tell(c, rejected.value, &second, err));
        TRY(put_telling(c, table, &second, c->text,
                        "population and rejected records, each of them taken as relevant", err));
        if (rejected.value > 0) {
            const char *other = verdict_words(c, &second);
            also = other ? result_printf(
                               result,
                               " With the %s rejected record%s added and taken as relevant: %s.",
                               answer_count_words(answer, rejected.value),
                               rejected.value == 1 ? "" : "s", other)
                         : NULL;
        }
    }
    if (!also)
        return error_nomem(err);
    TRY(claim_note_turning(answer, table, &c->sample, &first.test, err));
    TRY(claim_note_errors(answer, table, &c->sample, &first.test, err));
    return answer_summary(answer, c->query->id,
                          result_printf(result, "The claim \"%s\" is %s.%s", c->text, words, also),
                          err);
}

enum status answer_claim(struct answer *answer, size_t query_index, struct error *err)
{
    const struct plan_query *query = &answer->plan->queries[query_index];
    struct result *result = answer->result;
    struct result_table *table;
    const char *percent = percent_of(result, query->at_least);
    struct claim c = {.answer = answer, .query = query};
    struct result_column *own;
    size_t claims = 0;
    c.text = percent ? result_printf(result, "at least %s irrelevant", percent) : NULL;
    if (!c.text)
        return error_nomem(err);
    if (release_is_noisy(answer->release))
        return answer_noisy_claim(answer, query_index, c.text, err);
    TRY(answer_sample_of(answer, query->of, &c.sample, err));
    bool clustered = ANSWER_CLUSTERED(&c.sample);
    if (clustered)
        c.sample = (struct answer_sample){.state = SAMPLE_NONE};
    c.units = answer_units(&c.sample, "conversations");
    TRY(answer_unit_columns(answer, c.units, columns, ALL_COLUMNS, &own, err));
    bool simple = c.sample.state != SAMPLE_THERE || answer_is_simple(&c.sample);
    for (size_t i = 0; i < answer->plan->query_count; i++)
        claims += answer->plan->queries[i].kind == QUERY_CLAIM;
    c.several = claims > 1;
    TRY(answer_table(
        answer, query->id, "claim", query->title, c.units,
        !simple
            ? "Two tests by the sample's own bound on the number relevant, each at 1 - confidence: "
              "the claim is supported if the bound's upper end, one-sided, is within what it "
              "allows, contradicted if the lower end is beyond it, else undetermined. The p-value "
              "is the least level at which the bound excludes \"violated\"."
        : answer_is_anytime(query)
            ? "Two tests that hold at every look, each at 1 - confidence: the claim is supported "
              "if the prior-posterior ratio rejects that it is violated, contradicted if it "
              "rejects "
              "that it holds, else undetermined. The p-value is that of \"violated\"."
            : "Two exact one-sided hypergeometric tests, each at 1 - confidence: the claim "
              "is supported if the sample rejects that it is violated, contradicted if it "
              "rejects that it holds, else undetermined. The p-value is that of \"violated\".",
        own, c.several ? ALL_COLUMNS : COLUMNS, &table, err));
    if (c.several)
        TRY(answer_note(
            answer, table,
            result_printf(result,
                          "The plan makes %zu claims. Each verdict is at the stated confidence "
                          "by itself; the claims whose p-value of all claims together "
                          "(Holm) is at most 1 - confidence are supported together with "
                          "that confidence.",
                          claims),
            err));
    if (c.sample.state == SAMPLE_THERE) {
        TRY(put_rows(&c, table, err));
        bool pooled = c.sample.design.combination == DESIGN_POOLED && !c.sample.design.checked &&
                      !c.sample.design.prior;
        if (simple || pooled)
            TRY(answer_note(
                answer, table,
                result_printf(
                    result,
                    "Labels needed: the least sample, drawn afresh%s and of a size fixed before "
                    "its labels are read, that supports the claim with as many hits as now and "
                    "no more.",
                    simple ? "" : ", each stratum in proportion,"),
                err));
        TRY(result_note(result, table,
                        answer_is_anytime(query)
                            ? "Bounds on relevant units hold at every look, both ends together at "
                              "the confidence of their row."
                            : "Bounds on relevant units are one-sided, each at the confidence of "
                              "its row.",
                        err));
    } else {
        TRY(put_absent(&c, table, err));
        TRY(answer_summary(
            answer, query->id,
            clustered
                ? "A claim is tested on a sample of the unit itself; here others were drawn, and "
                  "the bound on it is approximate."
            : c.sample.state == SAMPLE_NONE
                ? "No labelled sample yet: nothing can be said."
                : "Withheld: more than a tenth of the population or of a stratum was drawn, so the "
                  "number of "
                  "relevant units is a cell like any other, and too few users are behind it.",
            err));
    }
    return answer_sample_notes(answer, table, &c.sample, err);
}
