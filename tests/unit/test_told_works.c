/*
 * A reader of several overlap reports that have works in common: linear programs over the numbers
 * of conversations that each combination of works, sides and lengths has, under all that any of
 * the reports shows. No number of few users lies closer than the rule allows where all runs are on
 * one side; else one in some hundreds that hangs on which work is on which side (overlap_unions.h).
 * Judged query by query, one in five would.
 */
#include "tests/support/query_series.h"
#include "tests/support/support.h"
#include "tests/support/work_queries.h"

#include "queries/overlap_relations.h"
#include "queries/works_shared.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdio.h>
#include <string.h>

enum { WORKS = 2, LEVELS = WORK_LEVELS };
enum { ATOMS = LEVELS * LEVELS * LEVELS * LEVELS, ARCHETYPES = 16 };

/* Queries as work_queries.h has them. */
static const struct query_series within[] = {
    {{{"ab13", "ab2"}}},  {{{"ab13", "ab23"}}}, {{{"ab123", "ab3"}}},
    {{{"ab13", "ab13"}}}, {{{"ab13", "a13"}}},  {{{"ab2", "a123"}}},
};

static const struct query_series under_a_ledger[] = {
    {{{"ab13"}, {"ab2"}}},
    {{{"ab13"}, {"a13"}, {"ab23"}}},
    {{{"ab123"}, {"b2", "a3"}}},
    {{{"a12"}, {"ab12"}, {"a12"}}},
};

/* ---- combinations: of each work the longest piece in prompts and in outputs ---- */

static unsigned piece(size_t atom, size_t work, size_t side)
{
    for (size_t i = 0; i < 2 * work + side; i++)
        atom /= LEVELS;
    return (unsigned)(atom % LEVELS);
}

static bool reaches(size_t atom, const char *query, size_t view, char level)
{
    return work_query_run(piece, atom, query, view) >= (unsigned)(level - '0');
}

/* ---- what a reader knows ---- */

/* The row of a work; the number of rows where it is not there. */
static size_t row_of(const struct figure_table *table, char work)
{
    const char name[] = {work, '\0'};
    size_t row = 0;
    while (row < figure_table_rows(table) && strcmp(figure_key_value(table, row, 0), name) != 0)
        row++;
    return row;
}

static void see_work(struct seen *seen, const struct made_atoms *truth, const char *query,
                     char work, const struct release *release, size_t number, const char *id)
{
    const struct figure_table *table = release_table_find(release, id);
    const char *levels = work_query_levels(query);
    size_t row = row_of(table, work), rows = figure_table_rows(table);
    char own[8];
    bool cut = false;
    snprintf(own, sizeof own, "%c%s", work, levels);
    for (size_t i = 0; i < rows; i++)
        cut = cut || gate_is_gone(release, number, i);
    for (size_t column = WORK_CONVERSATIONS; column < WORK_BINS + strlen(levels) - 1; column++) {
        if (column == WORK_EXCHANGES || column == WORK_USERS || column == WORK_SUPPLIED)
            continue;
        struct seen_sum *sum = seen_add(seen, truth);
        size_t view = column == WORK_PROMPT       ? VIEW_PROMPT
                      : column == WORK_ORIGINATED ? VIEW_ORIGINATED
                                                  : VIEW_ANYWHERE;
        for (size_t a = 0; a < ATOMS; a++)
            sum->has[a] = reaches(a, own, view,
                                  column < WORK_BINS ? *levels : levels[column - WORK_BINS + 1]);
        snprintf(sum->what, sizeof sum->what, "%s: work %c column %zu", query, work, column);
        seen_sum_count(sum, truth);
        if (row < rows)
            seen_sum_tell(sum, figure_at(table, row, column), gate_is_gone(release, number, row));
        else if (!cut)
            seen_sum_tell(sum, (struct figure){.value = 0, .state = FIGURE_EXACT}, false);
    }
}

/* What no table tells: what lies between runs of LESS's works and of MORE's, which are the same or
 * more, of which the former are of as many words as the next bin of the other, or more. */
static void see_between(struct seen *seen, const struct made_atoms *truth, const char *less,
                        const char *more, bool work)
{
    const char *of = work_query_levels(less), *from = work_query_levels(more);
    for (const char *t = of; *t; t++) {
        const char *next = NULL;
        for (const char *u = from; *u; u++)
            next = *u <= *t ? u : next;
        if (!next || (t > of && t[-1] >= *next))
            continue;
        /* Of a work each side is told of the shortest runs alone. */
        bool sides = !work || (t == of && next == from);
        for (size_t v = 0; v < (sides ? WORK_VIEWS : 1); v++) {
            struct seen_sum *sum = seen_add(seen, truth);
            for (size_t a = 0; a < ATOMS; a++)
                sum->has[a] =
                    reaches(a, more, work_views[v], *next) && !reaches(a, less, work_views[v], *t);
            snprintf(sum->what, sizeof sum->what, "%s %c without %s %c, view %zu", more, *next,
                     less, *t, work_views[v]);
            seen_sum_count(sum, truth);
        }
    }
}

static bool works_are_in(const char *less, const char *more)
{
    for (; *less >= 'a'; less++)
        if (!strchr(more, *less))
            return false;
    return true;
}

/* ---- logs ---- */

/* Which combination each row has: a few are frequent, others rare. */
static void truth_init(struct made_atoms *truth, const struct made *made, bool sides)
{
    size_t archetypes[ARCHETYPES] = {0};
    uint64_t random = made->wish.seed;
    made_atoms_init(truth, made, ATOMS);
    for (size_t i = 1; i < ARCHETYPES; i++)
        for (size_t k = 0; k < 2 * WORKS; k++) {
            size_t level = (made_random(&random) >> 40) % 7;
            if (level >= LEVELS || (!sides && k % 2 == 0))
                level = 0;
            archetypes[i] = LEVELS * archetypes[i] + level;
        }
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        double u = (double)(made_random(&random) >> 11) / (double)(1ull << 53);
        truth->of_row[row] = archetypes[(size_t)(u * u * u * ARCHETYPES)];
    }
}

/* DIR has the works. */
static void write_plan(char *text, size_t room, const char *dir, const char *const *queries)
{
    work_queries_write_works(dir, WORKS);
    size_t n = (size_t)snprintf(
        text, room, "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":[");
    for (size_t q = 0; queries[q]; q++)
        n += work_query_write(text + n, room - n, dir, q, queries[q]);
    snprintf(text + n, room - n, "],\"release\":{\"min_users\":5}}");
}

/* What the queries find is on several SIDES or on one alone. */
static void make_logs(struct made *made, struct made_atoms *truth, const char *const *queries,
                      const char *plan, unsigned seed, bool sides)
{
    const struct made_wish wish = {.seed = seed,
                                   .parts = 1,
                                   .rows = 60 + 40 * (seed % 7),
                                   .users = seed % 3 ? 150 : 60,
                                   .plan = plan};
    made_init(made, &wish);
    truth_init(truth, made, sides);
    work_queries_find(made, truth, piece, queries);
}

static void make(struct made *made, struct made_atoms *truth, const char *const *queries,
                 const char *plan, unsigned seed)
{
    make_logs(made, truth, queries, plan, seed, false);
}

static void make_on_sides(struct made *made, struct made_atoms *truth, const char *const *queries,
                          const char *plan, unsigned seed)
{
    make_logs(made, truth, queries, plan, seed, true);
}

/* ---- reports ---- */

static void see_report(struct seen *seen, const struct made_atoms *truth,
                       const struct query_report *told, const char *const *queries,
                       struct seen_totals *sums)
{
    size_t first = seen->count;
    for (size_t q = 0; queries[q]; q++) {
        struct works_report report;
        assert_true(works_report_find(&report, told->source, q, told->tally));
        work_query_see_runs(seen, truth, piece, queries[q], NULL, told->release, report.runs,
                            told->tally->tables[report.runs].id);
        for (const char *work = queries[q]; *work >= 'a'; work++)
            see_work(seen, truth, queries[q], *work, told->release, report.works,
                     told->tally->tables[report.works].id);
    }
    seen_count_cells(seen, first, sums);
}

/* Of all pairs of queries; and of works that both have. */
static void see_hidden(struct seen *seen, const struct made_atoms *truth,
                       const char *const *queries)
{
    for (size_t i = 0; queries[i]; i++)
        for (size_t k = 0; queries[k]; k++) {
            if (works_are_in(queries[i], queries[k]))
                see_between(seen, truth, queries[i], queries[k], false);
            for (const char *work = queries[i]; *work >= 'a'; work++) {
                char less[8], more[8];
                snprintf(less, sizeof less, "%c%s", *work, work_query_levels(queries[i]));
                snprintf(more, sizeof more, "%c%s", *work, work_query_levels(queries[k]));
                if (works_are_in(less, queries[k]))
                    see_between(seen, truth, less, more, true);
            }
        }
}

static const struct query_series_kind on_one_side = {.name = "queries",
                                                     .write_plan = write_plan,
                                                     .make = make,
                                                     .see_report = see_report,
                                                     .see_hidden = see_hidden,
                                                     .query_of = made_ties_table_query};

static void nothing_follows_within_a_report(void **state)
{
    (void)state;
    struct query_series_kind on_sides = on_one_side;
    struct seen_totals one[2] = {{.leaks = 0}}, both[2] = {{.leaks = 0}};
    size_t count = sizeof within / sizeof *within;
    unsigned runs = test_short() ? 12 : 24;
    on_sides.name = "queries on sides";
    on_sides.make = make_on_sides;
    query_series_within(&on_one_side, within, count, 7100, runs, one);
    query_series_within(&on_sides, within, count, 7100, runs, both);
    size_t small = one[0].small + both[0].small;
    assert_int_equal(one[0].leaks, 0);
    assert_true(200 * both[0].leaks <= small && 10 * (one[1].leaks + both[1].leaks) > small);
    assert_true(2 * (one[0].shown + both[0].shown) > one[0].cells + both[0].cells);
}

static void nothing_follows_over_reports(void **state)
{
    (void)state;
    struct seen_totals sums[2] = {{.leaks = 0}};
    unsigned runs = test_short() ? 8 : 20;
    query_series_told(&on_one_side, under_a_ledger, sizeof under_a_ledger / sizeof *under_a_ledger,
                      8100, runs, sums);
    assert_int_equal(sums[0].leaks, 0);
    assert_true(sums[1].leaks > runs / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_follows_within_a_report),
                                       cmocka_unit_test(nothing_follows_over_reports)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
