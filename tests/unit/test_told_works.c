/*
 * A reader of several overlap reports that have works in common: linear programs over the numbers
 * of conversations that each combination of works, sides and lengths has, under all that any of
 * the reports shows. No number of few users lies closer than the rule allows where all runs are on
 * one side; else one in some hundreds that hangs on which work is on which side (overlap_unions.h).
 * Judged query by query, one in five would.
 */
#include "tests/support/query_series.h"
#include "tests/support/support.h"

#include "queries/catalogue/overlap_rows.h"
#include "queries/overlap_relations.h"
#include "queries/works_shared.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORKS = 2, LEVELS = 4 };
enum { ATOMS = LEVELS * LEVELS * LEVELS * LEVELS, ARCHETYPES = 16 };

/* Words from which on a run is of a level, and those of the runs that are made. */
static const unsigned bin_of[LEVELS] = {0, 12, 20, 25}, words_of[LEVELS] = {0, 15, 22, 30};

/* Of each query its works, a letter each, and levels, from the shortest. */
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

/* The longest run of QUERY's works in a view; 0 where it is too short for it. */
static unsigned run_of(size_t atom, const char *query, size_t view)
{
    unsigned longest = 0;
    const char *levels = query;
    for (; *levels >= 'a'; levels++)
        for (size_t side = 0; side < 2; side++) {
            size_t own = side ? VIEW_ORIGINATED : VIEW_PROMPT;
            unsigned here = piece(atom, (size_t)(*levels - 'a'), side);
            if ((view == VIEW_ANYWHERE || view == own) && here > longest)
                longest = here;
        }
    return longest < (unsigned)(*levels - '0') ? 0 : longest;
}

static const char *levels_of(const char *query)
{
    while (*query >= 'a')
        query++;
    return query;
}

static bool reaches(size_t atom, const char *query, size_t view, char level)
{
    return run_of(atom, query, view) >= (unsigned)(level - '0');
}

/* ---- what a reader knows ---- */

static const size_t views[] = {VIEW_ANYWHERE, VIEW_PROMPT, VIEW_ORIGINATED};
enum { VIEWS = sizeof views / sizeof *views };

static void see_runs(struct seen *seen, const struct made_atoms *truth, const char *query,
                     const struct release *release, size_t number, const char *id)
{
    const struct figure_table *table = release_table_find(release, id);
    const char *levels = levels_of(query);
    size_t bins = strlen(levels);
    for (size_t v = 0; v < VIEWS; v++)
        for (size_t bin = 0; bin < bins + 2; bin++) {
            size_t row = overlap_row((uint32_t)views[v], (uint32_t)bin, (uint32_t)bins);
            struct seen_sum *sum = seen_add(seen, truth);
            for (size_t a = 0; a < ATOMS; a++) {
                bool any = reaches(a, query, views[v], levels[0]);
                sum->has[a] =
                    bin == bins ? any
                    : bin == bins + 1
                        ? !any
                        : reaches(a, query, views[v], levels[bin]) &&
                              (bin + 1 == bins || !reaches(a, query, views[v], levels[bin + 1]));
            }
            snprintf(sum->what, sizeof sum->what, "%s: view %zu bin %zu", query, views[v], bin);
            seen_sum_count(sum, truth);
            seen_sum_tell(sum, figure_at(table, row, RUN_CONVERSATIONS),
                          gate_is_gone(release, number, row));
        }
}

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
    const char *levels = levels_of(query);
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
    const char *of = levels_of(less), *from = levels_of(more);
    for (const char *t = of; *t; t++) {
        const char *next = NULL;
        for (const char *u = from; *u; u++)
            next = *u <= *t ? u : next;
        if (!next || (t > of && t[-1] >= *next))
            continue;
        /* Of a work each side is told of the shortest runs alone. */
        bool sides = !work || (t == of && next == from);
        for (size_t v = 0; v < (sides ? VIEWS : 1); v++) {
            struct seen_sum *sum = seen_add(seen, truth);
            for (size_t a = 0; a < ATOMS; a++)
                sum->has[a] = reaches(a, more, views[v], *next) && !reaches(a, less, views[v], *t);
            snprintf(sum->what, sizeof sum->what, "%s %c without %s %c, view %zu", more, *next,
                     less, *t, views[v]);
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

static struct span work_id(const void *context, uint32_t work)
{
    (void)context;
    return (struct span){work ? "b" : "a", 1};
}

/* What a scan would have found for QUERY, at DIR. */
static void write_hits(const struct made *made, const struct made_atoms *truth, const char *query,
                       const char *dir)
{
    struct error err = ERROR_INIT;
    struct overlap_builder *builder = overlap_builder_new();
    struct segment_out *out;
    assert_non_null(builder);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        size_t atom = truth->of_row[row];
        struct overlap_row_exchange exchange = {.exchange = made->rows[row].first_exchange};
        assert_ok(overlap_builder_row(builder, 100, 100, &err), err);
        if (!run_of(atom, query, VIEW_ANYWHERE))
            continue;
        exchange.longest[0] = exchange.covered[0] = words_of[run_of(atom, query, VIEW_PROMPT)];
        exchange.longest[2] = exchange.covered[2] = words_of[run_of(atom, query, VIEW_ORIGINATED)];
        assert_ok(overlap_builder_exchange(builder, &exchange, &err), err);
        for (const char *work = query; *work >= 'a'; work++) {
            char own[] = {*work, *levels_of(query), '\0'};
            const uint32_t longest[] = {words_of[run_of(atom, own, VIEW_PROMPT)], 0,
                                        words_of[run_of(atom, own, VIEW_ORIGINATED)]};
            if (longest[0] || longest[2])
                assert_ok(overlap_builder_work(builder, (uint32_t)(*work - 'a'), longest, &err),
                          err);
        }
    }
    assert_ok(segment_out_open(&out, dir, &err), err);
    assert_ok(overlap_builder_write(builder, work_id, NULL, out, &err), err);
    json_t *meta = json_pack("{s:{s:i}}", "works", "works", (int)(levels_of(query) - query));
    assert_ok(segment_out_commit(out, meta, &err), err);
    json_decref(meta);
    overlap_builder_free(builder);
}

/* DIR has the works. */
static void write_plan(char *text, size_t room, const char *dir, const char *const *queries)
{
    test_write_text(test_path(dir, "a.txt"), "one two three");
    test_write_text(test_path(dir, "b.txt"), "four five six");
    size_t n = (size_t)snprintf(
        text, room, "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":[");
    for (size_t q = 0; queries[q]; q++) {
        const char *levels = levels_of(queries[q]);
        n += (size_t)snprintf(text + n, room - n, "%s{\"id\":\"q%zu\",\"kind\":\"overlap\"",
                              q ? "," : "", q);
        for (const char *work = queries[q]; work < levels; work++)
            n += (size_t)snprintf(text + n, room - n, "%s\"%s/%c.txt\"",
                                  work == queries[q] ? ",\"works\":[" : ",", dir, *work);
        n += (size_t)snprintf(text + n, room - n, "],\"min_words\":%u,\"bins\":[",
                              bin_of[*levels - '0']);
        for (const char *level = levels + 1; *level; level++)
            n += (size_t)snprintf(text + n, room - n, "%s%u", level > levels + 1 ? "," : "",
                                  bin_of[*level - '0']);
        n += (size_t)snprintf(text + n, room - n, "]}");
    }
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
    char *dir = catalogue_part_dir(made->state.catalogue, made->state.logs.files[0].name, 0);
    assert_non_null(dir);
    for (size_t q = 0; q < made->plan.query_count; q++) {
        const char *digest = made->plan.queries[q].scan_digest;
        bool there = false;
        for (size_t i = 0; i < q; i++)
            there = there || strcmp(made->plan.queries[i].scan_digest, digest) == 0;
        made->state.parts[0].hits_dirs[q] = catalogue_segment_dir(dir, "hits", digest);
        made->state.parts[0].hits_ready[q] = true;
        if (!there)
            write_hits(made, truth, queries[q], made->state.parts[0].hits_dirs[q]);
    }
    free(dir);
    made_open(made);
    made_population(made);
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
        see_runs(seen, truth, queries[q], told->release, report.runs,
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
                snprintf(less, sizeof less, "%c%s", *work, levels_of(queries[i]));
                snprintf(more, sizeof more, "%c%s", *work, levels_of(queries[k]));
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
