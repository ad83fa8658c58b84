/*
 * A reader of several overlap reports of the same works, of populations that leave out different
 * models: linear programs over the numbers of conversations of each model and length of the runs in
 * prompts and outputs, under all that any of the reports shows. No number of few users lies closer
 * than the rule allows, not even one of just some of the populations, of which no report tells.
 * Judged report by report, some would.
 */
#include "tests/support/made_filters.h"
#include "tests/support/support.h"
#include "tests/support/told_series.h"
#include "tests/support/work_queries.h"

#include "queries/overlap_relations.h"
#include "queries/works_shared.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdio.h>
#include <string.h>

enum { RUNS = WORK_LEVELS * WORK_LEVELS, ATOMS = RUNS * MADE_GROUPS, ARCHETYPES = 5 };

/* A report: which groups of models it leaves out; and its query, as work_queries.h has them, of one
 * work. */
struct asked {
    const char *left_out, *query;
};

static const struct asked all_series[][TOLD_SERIES_REPORTS] = {
    {{"01", "a13"}, {"12", "a13"}, {"02", "a13"}, {"", "a13"}},
    {{"0", "a1"}, {"1", "a1"}, {"", "a1"}},
    {{"01", "a12"}, {"12", "a2"}, {"02", "a13"}},
    {{"", "a12"}, {"0", "a23"}, {"01", "a1"}, {"2", "a2"}},
};
enum { SERIES = sizeof all_series / sizeof *all_series };

static size_t reports(size_t series)
{
    size_t count = 0;
    while (count < TOLD_SERIES_REPORTS && all_series[series][count].query)
        count++;
    return count;
}

/* ---- combinations: a group, a level in prompts, one in outputs ---- */

static unsigned level(size_t atom, size_t work, size_t side)
{
    assert_int_equal(work, 0);
    return (unsigned)((side ? atom / WORK_LEVELS : atom) % WORK_LEVELS);
}

static bool is_in(size_t atom, const struct asked *asked)
{
    return made_group_is_in(atom / RUNS, asked->left_out);
}

/* ---- what a reader knows ---- */

static void see_all(struct seen *seen, const struct made_atoms *truth, const bool *in,
                    const char *query, const struct release *release, const char *id)
{
    size_t row = overlap_row(OVERLAP_VIEWS, 0, (uint32_t)strlen(work_query_levels(query)));
    struct seen_sum *all = seen_add(seen, truth);
    memcpy(all->has, in, ATOMS * sizeof *in);
    seen_sum_count(all, truth);
    seen_sum_tell(all, figure_at(release_table_find(release, id), row, RUN_CONVERSATIONS), false);
}

/* The one row of a work, if there is any. */
static void see_work(struct seen *seen, const struct made_atoms *truth, const struct asked *asked,
                     const struct release *release, size_t number, const char *id)
{
    static const size_t columns[WORK_VIEWS] = {WORK_CONVERSATIONS, WORK_PROMPT, WORK_ORIGINATED};
    const struct figure_table *table = release_table_find(release, id);
    for (size_t v = 0; figure_table_rows(table) && v < WORK_VIEWS; v++) {
        struct seen_sum *sum = seen_add(seen, truth);
        for (size_t a = 0; a < ATOMS; a++)
            sum->has[a] = is_in(a, asked) && work_query_run(level, a, asked->query, work_views[v]);
        snprintf(sum->what, sizeof sum->what, "-%s: the work, view %u", asked->left_out,
                 (unsigned)work_views[v]);
        seen_sum_count(sum, truth);
        seen_sum_tell(sum, figure_at(table, 0, columns[v]), gate_is_gone(release, number, 0));
    }
}

static void see_report(struct seen *seen, const struct made_atoms *truth,
                       const struct made_report *report, size_t series, size_t number)
{
    const struct asked *asked = &all_series[series][number];
    const struct tally *tally = &report->tally;
    struct works_report works;
    bool in[ATOMS];
    assert_int_equal(tally->works_left_out, 0);
    assert_true(works_report_find(&works, &report->source, 0, tally));
    for (size_t a = 0; a < ATOMS; a++)
        in[a] = is_in(a, asked);
    work_query_see_runs(seen, truth, level, asked->query, in, report->release, works.runs,
                        tally->tables[works.runs].id);
    see_all(seen, truth, in, asked->query, report->release, tally->tables[works.runs].id);
    see_work(seen, truth, asked, report->release, works.works, tally->tables[works.works].id);
}

/* What no table tells: what each row of each report counts in each group of models by itself. */
static void see_hidden(struct seen *seen, const struct made_atoms *truth, size_t series)
{
    for (size_t r = 0; r < reports(series); r++) {
        const char *query = all_series[series][r].query;
        size_t bins = strlen(work_query_levels(query));
        for (size_t group = 0; group < MADE_GROUPS; group++)
            for (size_t v = 0; v < WORK_VIEWS; v++)
                for (size_t bin = 0; bin < bins + 1; bin++) {
                    struct seen_sum *sum = seen_add(seen, truth);
                    for (size_t a = 0; a < ATOMS; a++)
                        sum->has[a] = a / RUNS == group &&
                                      work_query_is_of_bin(level, a, query, work_views[v], bin);
                    snprintf(sum->what, sizeof sum->what, "%u: %s view %u bin %u", (unsigned)group,
                             query, (unsigned)work_views[v], (unsigned)bin);
                    seen_sum_count(sum, truth);
                }
    }
}

/* ---- logs ---- */

/* Which combination each row has: a few are frequent, others rare. */
static void truth_init(struct made_atoms *truth, const struct made *made)
{
    size_t archetypes[ARCHETYPES] = {0};
    uint64_t random = made->wish.seed;
    made_atoms_init(truth, made, ATOMS);
    for (size_t i = 1; i < ARCHETYPES; i++)
        archetypes[i] = (made_random(&random) >> 40) % RUNS;
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        double u = (double)(made_random(&random) >> 11) / (double)(1ull << 53);
        truth->of_row[row] =
            archetypes[(size_t)(u * u * ARCHETYPES)] + RUNS * made_group(&made->rows[row]);
    }
}

/* A plan of COUNT queries of a population. */
static void write_queries(char *text, size_t room, const char *dir, const char *left_out,
                          const char *const *queries, size_t count)
{
    work_queries_write_works(dir, 1);
    size_t n =
        (size_t)snprintf(text, room, "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},");
    n += made_filters_write(text + n, room - n, left_out);
    n += (size_t)snprintf(text + n, room - n, "\"queries\":[");
    for (size_t q = 0; q < count; q++)
        n += work_query_write(text + n, room - n, dir, q, queries[q]);
    snprintf(text + n, room - n, "],\"release\":{\"min_users\":5}}");
}

static void write_plan(char *text, size_t room, const char *dir, size_t series, size_t number)
{
    const struct asked *asked = &all_series[series][number];
    write_queries(text, room, dir, asked->left_out, &asked->query, 1);
}

static void make(struct made *made, struct made_atoms *truth, const char *dir, size_t series,
                 unsigned seed)
{
    const char *queries[TOLD_SERIES_REPORTS] = {NULL};
    char text[4096];
    const struct made_wish wish = {.seed = seed,
                                   .parts = 1,
                                   .rows = 80 + 60 * (seed % 5),
                                   .users = seed % 3 ? 150 : 60,
                                   .plan = text};
    for (size_t r = 0; r < reports(series); r++)
        queries[r] = all_series[series][r].query;
    write_queries(text, sizeof text, dir, "", queries, reports(series));
    made_init(made, &wish);
    truth_init(truth, made);
    work_queries_find(made, truth, level, queries);
}

static const struct told_series_kind kind = {.reports = reports,
                                             .write_plan = write_plan,
                                             .make = make,
                                             .see_report = see_report,
                                             .see_hidden = see_hidden};

static void nothing_follows_over_populations(void **state)
{
    (void)state;
    told_series_hold(&kind, SERIES, 5200, test_short() ? 6 : 20, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_follows_over_populations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
