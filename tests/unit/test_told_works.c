/*
 * A reader of several overlap reports that have works in common: linear programs over the numbers
 * of conversations that each combination of works, sides and lengths has, under all that any of
 * the reports shows. No number of few users lies closer than the rule allows where all runs are on
 * one side; else one in some hundreds that hangs on which work is on which side (overlap_unions.h).
 * Judged query by query, one in five would.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/made_report.h"
#include "tests/support/made_ties.h"
#include "tests/support/seen_sums.h"
#include "tests/support/support.h"

#include "queries/catalogue/overlap_rows.h"
#include "queries/overlap_relations.h"
#include "queries/works_shared.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_USERS = 5, REPORTS = 3, QUERIES = 2, WORKS = 2, LEVELS = 4 };
enum { ATOMS = LEVELS * LEVELS * LEVELS * LEVELS, ARCHETYPES = 16 };

/* Words from which on a run is of a level, and those of the runs that are made. */
static const unsigned bin_of[LEVELS] = {0, 12, 20, 25}, words_of[LEVELS] = {0, 15, 22, 30};

/* Series of reports; of each the queries: works, a letter each, and levels, from the shortest. */
struct series {
    const char *reports[REPORTS][QUERIES];
};

static const struct series within[] = {
    {{{"ab13", "ab2"}}},  {{{"ab13", "ab23"}}}, {{{"ab123", "ab3"}}},
    {{{"ab13", "ab13"}}}, {{{"ab13", "a13"}}},  {{{"ab2", "a123"}}},
};

static const struct series under_a_ledger[] = {
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

/* Logs with what the queries of a plan, which are QUERIES, find in them; on several SIDES or in
 * prompts alone. */
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

/* ---- reports ---- */

static void see_report(struct seen *seen, const struct made_atoms *truth,
                       const struct tally_source *source, const char *const queries[QUERIES],
                       const struct tally *tally, const struct release *release,
                       struct seen_totals *sums)
{
    size_t first = seen->count;
    for (size_t q = 0; q < QUERIES && queries[q]; q++) {
        struct works_report report;
        assert_true(works_report_find(&report, source, q, tally));
        see_runs(seen, truth, queries[q], release, report.runs, tally->tables[report.runs].id);
        for (const char *work = queries[q]; *work >= 'a'; work++)
            see_work(seen, truth, queries[q], *work, release, report.works,
                     tally->tables[report.works].id);
    }
    seen_count_cells(seen, first, sums);
}

/* Of all pairs of queries; and of works that both have. */
static void see_hidden(struct seen *seen, const struct made_atoms *truth,
                       const char *const *queries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
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

/* One report, judged with what ties its queries and without. */
static void run_within(const char *dir, const char *const queries[QUERIES], unsigned seed,
                       bool sides, struct seen_totals sums[2])
{
    const char *asked[QUERIES + 1] = {queries[0], queries[1]};
    char plan[2048];
    struct made made;
    struct made_atoms truth;
    struct gate_policy policy = {.min_users = MIN_USERS};
    struct error err = ERROR_INIT;
    write_plan(plan, sizeof plan, dir, asked);
    make_logs(&made, &truth, asked, plan, 7100 + seed, sides);
    const struct tally_source source = made_source(&made);
    for (size_t i = 0; i < 2; i++) {
        struct tally tally;
        struct release *release;
        struct seen seen = {.items = NULL};
        tally_init(&tally);
        assert_ok(tally_run(&source, &tally, &err), err);
        made_check_relations(&tally);
        if (i)
            made_ties_leave_out(&tally, made_ties_table_query);
        assert_ok(gate_release(&tally, &policy, &release, &err), err);
        see_report(&seen, &truth, &source, queries, &tally, release, &sums[i]);
        see_hidden(&seen, &truth, queries, QUERIES);
        seen_count_leaks(&seen, MIN_USERS, &sums[i]);
        seen_release(&seen);
        release_free(release);
        tally_release(&tally);
    }
    made_atoms_release(&truth);
    made_release(&made);
}

static void nothing_follows_within_a_report(void **state)
{
    (void)state;
    size_t untied = 0, small = 0, shown = 0, cells = 0, leaks[2] = {0, 0};
    unsigned runs = test_short() ? 12 : 24;
    const char *dir = test_dir();
    for (size_t s = 0; s < 2 * sizeof within / sizeof *within; s++) {
        struct seen_totals sums[2] = {{.leaks = 0}};
        bool sides = s % 2;
        for (unsigned i = 0; i < runs; i++)
            run_within(dir, within[s / 2].reports[0], i, sides, sums);
        print_message("queries %zu%s: %zu small figures, of which %zu follow (untied %zu); %zu of "
                      "%zu figures shown (%zu)\n",
                      s / 2, sides ? " on sides" : "", sums[0].small, sums[0].leaks, sums[1].leaks,
                      sums[0].shown, sums[0].cells, sums[1].shown);
        leaks[sides] += sums[0].leaks;
        small += sums[0].small;
        untied += sums[1].leaks;
        shown += sums[0].shown;
        cells += sums[0].cells;
    }
    assert_int_equal(leaks[false], 0);
    assert_true(200 * leaks[true] <= small && 10 * untied > small && 2 * shown > cells);
}

/* ---- under a ledger ---- */

/* Reports with a ledger or without. */
struct history {
    struct made_ledger ledger;
    struct seen seen;
    struct seen_totals sums;
};

static void report(struct history *h, const struct made *made, const struct made_atoms *truth,
                   const struct plan *own, const char *const queries[QUERIES])
{
    struct made_report report;
    made_report_init(&report, &h->ledger, made, own, &made->population);
    if (report.release) {
        see_report(&h->seen, truth, &report.source, queries, &report.tally, report.release,
                   &h->sums);
        assert_int_equal(made_report_keep_queries(&report, &h->ledger), own->query_count);
    }
    made_report_release(&report);
}

/* One series over one set of logs, with a ledger and without. */
static void run_series(const char *dir, const struct series *series, unsigned seed,
                       struct history histories[2])
{
    const char *all[REPORTS * QUERIES + 1] = {NULL};
    char text[4096];
    size_t count = 0;
    struct made made;
    struct made_atoms truth;
    for (size_t r = 0; r < REPORTS; r++)
        for (size_t q = 0; q < QUERIES && series->reports[r][q]; q++)
            all[count++] = series->reports[r][q];
    write_plan(text, sizeof text, dir, all);
    make_logs(&made, &truth, all, text, 8100 + seed, false);
    struct plan own = made.plan;
    for (size_t r = 0; r < REPORTS && series->reports[r][0]; r++, own.queries += own.query_count) {
        own.query_count = 0;
        while (own.query_count < QUERIES && series->reports[r][own.query_count])
            own.query_count++;
        for (size_t i = 0; i < 2; i++)
            report(&histories[i], &made, &truth, &own, series->reports[r]);
    }
    for (size_t i = 0; i < 2; i++) {
        struct history *h = &histories[i];
        see_hidden(&h->seen, &truth, all, count);
        seen_count_leaks(&h->seen, MIN_USERS, &h->sums);
        seen_release(&h->seen);
        made_ledger_clear(&h->ledger);
    }
    made_atoms_release(&truth);
    made_release(&made);
}

static void nothing_follows_over_reports(void **state)
{
    (void)state;
    size_t without = 0;
    unsigned runs = test_short() ? 8 : 20;
    const char *dir = test_dir();
    for (size_t s = 0; s < sizeof under_a_ledger / sizeof *under_a_ledger; s++) {
        struct history h[2] = {{.ledger = {.remember = true, .min_users = MIN_USERS}},
                               {.ledger = {.min_users = MIN_USERS}}};
        for (unsigned i = 0; i < runs; i++)
            run_series(dir, &under_a_ledger[s], i, h);
        print_message("series %zu: %zu small figures, of which %zu follow (without a ledger %zu); "
                      "%zu of %zu figures shown (%zu); %zu queries judged again, %zu reports "
                      "refused\n",
                      s, h[0].sums.small, h[0].sums.leaks, h[1].sums.leaks, h[0].sums.shown,
                      h[0].sums.cells, h[1].sums.shown, h[0].ledger.together, h[0].ledger.refused);
        assert_int_equal(h[0].sums.leaks, 0);
        without += h[1].sums.leaks;
    }
    assert_true(without > runs / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_follows_within_a_report),
                                       cmocka_unit_test(nothing_follows_over_reports)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
