/*
 * Relevance where every number of the labelled sample was told with noise: one set for the number
 * relevant of the whole, and of each stratum where there are several, all of which hold together
 * (stats/noisy_design.h).
 */
#include "report/answers/answer_sample.h"
#include "stats/level.h"

#include <string.h>

static const struct result_column columns[] = {
    {"definition", "Definition of relevant", RESULT_STRING, ""},
    {"unit", "Unit", RESULT_STRING, ""},
    {"stratum", "Stratum", RESULT_STRING, ""},
    {"N", "Population (N)", RESULT_COUNT, "conversations"},
    {"n", "Drawn (n)", RESULT_COUNT, "conversations"},
    {"relevant", "Relevant", RESULT_COUNT, "conversations"},
    {"unreadable", "Unreadable", RESULT_COUNT, "conversations"},
    {"prevalence_low", "Prevalence, low", RESULT_SHARE, ""},
    {"prevalence_high", "Prevalence, high", RESULT_SHARE, ""},
    {"count_low", "Number, low", RESULT_COUNT, "conversations"},
    {"count_high", "Number, high", RESULT_COUNT, "conversations"},
    {"method", "Method", RESULT_STRING, ""},
    {"confidence", "Confidence", RESULT_SHARE, ""},
};
enum { COLUMNS = sizeof columns / sizeof *columns, TOLD = 3, ESTIMATES = 4 };

/* What a bound is, by design. */
enum method { BY_SIZE, BY_SHARE, BY_STRATA, BY_CHECKS, BY_CLUSTERS };
static const struct {
    const char *title, *summary;
} methods[] = {
    [BY_SIZE] =
        {"Exact, with noise",
         "Exact, with noise: a number relevant is kept unless the chance of a told number as "
         "high, or as low, drawn and with noise, is too small; the exact convolution of the "
         "hypergeometric law with that of the noise. An eighth of the chance to err goes to "
         "each of N, n and the unreadable, which are told with noise too. Covers at least its "
         "level, whatever the numbers are."},
    [BY_SHARE] =
        {"Exact by shares, with noise",
         "Exact by shares, with noise: each unit was drawn with a chance that was fixed "
         "beforehand, so the number relevant among the drawn is binomial whatever N and n are. "
         "A number relevant is kept unless the chance of a told number as high, or as low, "
         "drawn and with noise, is too small; the exact convolution of the binomial law with "
         "that of the noise. An eighth of the chance to err goes to N and an eighth to the "
         "unreadable, which are told with noise too. Covers at least its level, whatever the "
         "numbers are."},
    [BY_STRATA] =
        {"Union-intersection of strata, with noise",
         "Union-intersection of strata, with noise: a number relevant of the "
         "whole is rejected only if every allocation of it to the strata is, by Fisher's "
         "combination of the chances of told numbers as high, or as low. Each is the exact "
         "convolution of a binomial law, since units were drawn with chances that were "
         "fixed beforehand, with that of the noise. An eighth of the chance to err goes to N "
         "and an eighth to the unreadable. A stratum's own bounds are made in the same way of "
         "it alone. Covers at least its level, each row by itself, whatever the numbers are."},
    [BY_CHECKS] =
        {"Union-intersection of checks, with noise",
         "Union-intersection of checks, with noise: the relevant "
         "ones are those that reviewers would not call irrelevant, seen where they were drawn, "
         "and those that they would, seen where they were drawn and checked; both chances were "
         "fixed beforehand, so what is seen of either is binomial. A number relevant is "
         "rejected only if every division of it among the two, and among the strata, is, by "
         "Fisher's combination of the chances of told numbers as high, or as low; each is the "
         "exact convolution of the binomial law with that of the noise. An eighth of the chance "
         "to err goes to N and an eighth to the unreadable and unclear. How labels err is "
         "nobody's assumption. Covers at least its level, each row by itself, whatever the "
         "numbers are."},
    [BY_CLUSTERS] =
        {"By users drawn, with noise",
         "By users drawn, with noise: each user was drawn with a chance that was fixed "
         "beforehand, and all conversations of a drawn user that the cap leaves were labelled. A "
         "number relevant is kept unless the chance of a told number as high, or as low, drawn "
         "and with noise, is too small whatever users these conversations are of: it is bounded "
         "by the most uneven case, users with as many relevant ones as the cap allows and the "
         "others with none (Marshall, Olkin and Arnold; the least bound by convex functions). An "
         "eighth of the chance to err goes to N and an eighth to the unreadable. Covers at least "
         "its level, whatever the numbers are; a sample of conversations tells more for as many "
         "labels."},
};

struct telling {
    struct answer *answer;
    const struct plan_query *query;
    struct answer_noisy_units units;
    const struct figure_noisy_sample *f; /* NULL: none yet */
    enum method method;
};

static double share_of(uint64_t part, uint64_t whole)
{
    double share = whole ? (double)part / (double)whole : 1;
    return share < 1 ? share : 1;
}

static double low_share(const struct noisy_bounds *b)
{
    return share_of(b->relevant.low, b->population.high);
}

static double high_share(const struct noisy_bounds *b)
{
    return share_of(b->relevant.high, b->population.low);
}

/* The method of a row: a stratum's bounds are those of one. */
static enum method method_of(const struct telling *t, const struct figure_noisy_stratum *figures)
{
    return t->method == BY_STRATA && figures ? BY_SHARE : t->method;
}

/* FIGURES: of a stratum, or of the only one; NULL where there are several, or no sample. */
static enum status put_row(const struct telling *t, struct result_table *table, const char *stratum,
                           struct figure population, const struct figure_noisy_stratum *figures,
                           const struct noisy_bounds *bounds, struct error *err)
{
    struct answer *answer = t->answer;
    struct result *result = answer->result;
    TRY(result_put_text(result, table, t->query->definition, err));
    TRY(result_put_text(result, table, t->units.one, err));
    TRY(result_put_text(result, table, stratum, err));
    TRY(answer_put_figure(answer, table, population, err));
    if (figures) {
        TRY(answer_put_figure(answer, table, figures->drawn, err));
        TRY(answer_put_figure(answer, table, figures->relevant, err));
        TRY(answer_put_figure(answer, table, figures->unreadable, err));
    }
    for (int i = 0; !figures && i < TOLD; i++)
        TRY(result_put_null(result, table, err));
    if (bounds) {
        TRY(result_put_real(result, table, low_share(bounds), err));
        TRY(result_put_real(result, table, high_share(bounds), err));
        TRY(result_put_count(result, table, bounds->relevant.low, err));
        TRY(result_put_count(result, table, bounds->relevant.high, err));
    }
    for (int i = 0; !bounds && i < ESTIMATES; i++)
        TRY(result_put_null(result, table, err));
    TRY(result_put_text(result, table, methods[method_of(t, figures)].title, err));
    return result_put_real(result, table, t->query->confidence, err);
}

static enum status tell_in_words(const struct telling *t, const struct noisy_bounds *whole,
                                 struct error *err)
{
    struct answer *answer = t->answer;
    struct result *result = answer->result;
    const char *strata = "";
    if (t->f->design.count > 1)
        strata = result_printf(result, " from samples in %zu strata,", t->f->design.count);
    if (!strata)
        return error_nomem(err);
    return answer_summary(
        answer, t->query->id,
        result_printf(result,
                      "With %s confidence,%s between %s and %s of the capped population's %s are "
                      "relevant (between %s and %s); every number is told with noise.",
                      answer_share_words(answer, t->query->confidence, ROUND_NEAREST), strata,
                      answer_share_words(answer, low_share(whole), ROUND_DOWN),
                      answer_share_words(answer, high_share(whole), ROUND_UP), t->units.many,
                      answer_count_words(answer, whole->relevant.low),
                      answer_count_words(answer, whole->relevant.high)),
        err);
}

static enum status put_sets(const struct telling *t, struct result_table *table, struct error *err)
{
    const struct figure_noisy_sample *f = t->f;
    size_t count = f->design.count;
    double alpha = level_alpha(t->query->confidence);
    struct noisy_bounds whole, own;
    TRY(noisy_design_bounds(&f->design, alpha, NOISY_TWO_SIDED, &whole, err));
    for (size_t h = 0; count > 1 && h < count; h++) {
        TRY(noisy_stratum_bounds(&f->design, h, alpha, NOISY_TWO_SIDED, &own, err));
        TRY(put_row(t, table, f->strata[h].name, f->strata[h].population, &f->strata[h], &own,
                    err));
    }
    TRY(put_row(t, table, "all", t->units.population, count > 1 ? NULL : &f->strata[0], &whole,
                err));
    return tell_in_words(t, &whole, err);
}

/* ---- notes ---- */

/* "0.01 of each stratum", or of each by name. */
static const char *share_words(const struct telling *t)
{
    struct result *result = t->answer->result;
    const struct figure_noisy_sample *f = t->f;
    const char *text = "";
    bool same = true;
    for (size_t h = 1; h < f->design.count; h++)
        same = same && f->strata[h].share == f->strata[0].share;
    if (same)
        return result_printf(result, "%.15g%s", f->strata[0].share,
                             f->design.count > 1 ? " of each stratum" : "");
    for (size_t h = 0; text && h < f->design.count; h++)
        text = result_printf(result, "%s%s%.15g of \"%s\"", text, h ? ", " : "", f->strata[h].share,
                             f->strata[h].name);
    return text;
}

static enum status note_cut_offs(const struct telling *t, struct result_table *table,
                                 struct error *err)
{
    struct result *result = t->answer->result;
    const struct figure_noisy_sample *f = t->f;
    const char *last = "Digests of frame and sample would tell of the logs and are left out.";
    const char *text;
    if (f->strata[0].share == 0) {
        text = result_printf(
            result, "The sample is every %s whose ticket is at or under %s. Seed from: %s. %s",
            t->units.one, f->cut_off, f->seed_source, last);
    } else {
        const char *shares = share_words(t);
        if (!shares)
            return error_nomem(err);
        text =
            result_printf(result,
                          "The sample is every %s whose ticket is among the smallest of all "
                          "possible tickets, in this share of them: %s. The cut-offs do not depend "
                          "on the logs. Seed from: %s. %s",
                          f->drawn_units ? "conversation of every user" : t->units.one, shares,
                          f->seed_source, last);
    }
    return answer_note(t->answer, table, text, err);
}

static enum status add_notes(const struct telling *t, struct result_table *table, struct error *err)
{
    struct answer *answer = t->answer;
    struct result *result = answer->result;
    const struct figure_noisy_sample *f = t->f;
    if (f->design.count > 1)
        TRY(answer_note(
            answer, table,
            result_printf(
                result,
                "The strata are those that the query \"%s\" makes by the plan alone; one "
                "without any of them is a row all the same. What was drawn of the "
                "whole, and what of it is relevant, is the sum of the strata's and not told "
                "again.",
                f->by ? f->by : ""),
            err));
    else
        TRY(result_note(result, table,
                        "How the sample is spread over months is not told: each month would need "
                        "noise of its own.",
                        err));
    if (strcmp(t->units.one, "user") == 0)
        TRY(result_note(result, table,
                        "A user's label is of all conversations of the user's in the population, "
                        "those that the cap leaves out of other tables too: a user counts once.",
                        err));
    if (f->design.check_share > 0)
        TRY(result_note(
            result, table,
            "Relevant and unreadable are of those that reviewers did not call irrelevant, as the "
            "checker decided them; what was found among the others is in the "
            "table of checks, and counted in.",
            err));
    if (f->check_all)
        TRY(result_note(
            result, table,
            "All labels were checked: relevant and unreadable are as the checker decided.", err));
    if (f->seed_time)
        TRY(answer_note(answer, table,
                        result_printf(result, "The seed is stated to be of %s.", f->seed_time),
                        err));
    return note_cut_offs(t, table, err);
}

/* ---- checks ---- */

static const struct result_column check_columns[] = {
    {"stratum", "Stratum", RESULT_STRING, ""},
    {"cleared", "Labelled irrelevant", RESULT_COUNT, "conversations"},
    {"checked", "Of these checked", RESULT_COUNT, "conversations"},
    {"overturned", "Relevant after all", RESULT_COUNT, "conversations"},
    {"unclear", "Undecided after all", RESULT_COUNT, "conversations"},
};
enum { CHECK_COLUMNS = sizeof check_columns / sizeof *check_columns };

/* The table "ID.checks". */
static enum status add_checks(const struct telling *t, struct error *err)
{
    struct answer *answer = t->answer;
    struct result *result = answer->result;
    const struct figure_noisy_sample *f = t->f;
    struct result_table *table;
    struct result_column *own;
    const char *id = result_printf(result, "%s.checks", t->query->id);
    const char *title = result_printf(result, "%s: labels checked", t->query->title);
    if (!id || !title)
        return error_nomem(err);
    TRY(answer_unit_columns(answer, t->units.many, check_columns, CHECK_COLUMNS, &own, err));
    TRY(answer_table(
        answer, id, "checks", title, t->units.many,
        "Of the drawn units those that reviewers called irrelevant, those of them that were "
        "decided again, and what came of it. Told with noise.",
        own, CHECK_COLUMNS, &table, err));
    for (size_t h = 0; h < f->design.count; h++) {
        const struct figure_noisy_stratum *s = &f->strata[h];
        TRY(result_put_text(result, table, s->name, err));
        TRY(answer_put_figure(answer, table, s->cleared, err));
        TRY(answer_put_figure(answer, table, s->checked, err));
        TRY(answer_put_figure(answer, table, s->overturned, err));
        TRY(answer_put_figure(answer, table, s->unclear, err));
    }
    return answer_note(
        answer, table,
        result_printf(
            result,
            "Checked is every one of them whose ticket of the checks' own seed is among the "
            "smallest of all possible tickets, in this share of them: %.15g; one that should "
            "have been and was not counts as undecided. The checker's decisions count as the "
            "truth. Reviewers must not have known which labels would be checked.",
            f->design.check_share),
        err);
}

static enum status add_table(struct answer *answer, size_t query_index, struct error *err)
{
    const struct plan_query *query = &answer->plan->queries[query_index];
    struct telling t = {.answer = answer,
                        .query = query,
                        .units = answer_noisy_units(answer, query_index),
                        .f = release_noisy_sample_find(answer->release, query_index)};
    struct result_table *table;
    struct result_column *own;
    if (t.f && t.f->strata[0].share > 0)
        t.method = t.f->design.cluster_cap > 0   ? BY_CLUSTERS
                   : t.f->design.check_share > 0 ? BY_CHECKS
                   : t.f->design.count > 1       ? BY_STRATA
                                                 : BY_SHARE;
    TRY(answer_unit_columns(answer, t.units.many, columns, COLUMNS, &own, err));
    TRY(answer_table(answer, query->id, "relevance", query->title, t.units.many,
                     methods[t.method].summary, own, COLUMNS, &table, err));
    if (t.f) {
        TRY(put_sets(&t, table, err));
        TRY(add_notes(&t, table, err));
        return t.f->design.check_share > 0 ? add_checks(&t, err) : STATUS_OK;
    }
    TRY(put_row(&t, table, "all", t.units.population, NULL, NULL, err));
    return answer_summary(answer, query->id, "No labelled sample yet: nothing can be said.", err);
}

enum status answer_noisy_relevance(struct answer *answer, size_t query_index, struct error *err)
{
    TRY(add_table(answer, query_index, err));
    return answer->plan->queries[query_index].has_search
               ? answer_noisy_search(answer, query_index, err)
               : STATUS_OK;
}
