/*
 * A reader of several overlap reports of the same works, of populations that leave out different
 * models: linear programs over the numbers of conversations of each model and length of the runs in
 * prompts and outputs, under all that any of the reports shows. No number of few users lies closer
 * than the rule allows, not even one of just some of the populations, of which no report tells.
 * Judged report by report, some would.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/made_filters.h"
#include "tests/support/made_report.h"
#include "tests/support/seen_sums.h"
#include "tests/support/support.h"
#include "tests/support/told_history.h"

#include "queries/catalogue/overlap_rows.h"
#include "queries/overlap_relations.h"
#include "queries/works_shared.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_USERS = 5, REPORTS = 4, LEVELS = 4 };
enum { RUNS = LEVELS * LEVELS, ATOMS = RUNS * MADE_GROUPS, ARCHETYPES = 5 };

/* Words from which on a run is of a level, and those of the runs that are made. */
static const unsigned bin_of[LEVELS] = {0, 12, 20, 25}, words_of[LEVELS] = {0, 15, 22, 30};

/* A report: which groups of models it leaves out, and levels of its bins; all are of one work. */
struct asked {
    const char *left_out, *levels;
};

static const struct asked all_series[][REPORTS] = {
    {{"01", "13"}, {"12", "13"}, {"02", "13"}, {"", "13"}},
    {{"0", "1"}, {"1", "1"}, {"", "1"}},
    {{"01", "12"}, {"12", "2"}, {"02", "13"}},
    {{"", "12"}, {"0", "23"}, {"01", "1"}, {"2", "2"}},
};
enum { SERIES = sizeof all_series / sizeof *all_series };

static const size_t views[] = {VIEW_ANYWHERE, VIEW_PROMPT, VIEW_ORIGINATED};
enum { VIEWS = sizeof views / sizeof *views };

/* ---- combinations: a group, a level in prompts, one in outputs ---- */

static unsigned level_of(size_t atom, size_t view)
{
    unsigned prompt = (unsigned)(atom % LEVELS), output = (unsigned)(atom / LEVELS % LEVELS);
    return view == VIEW_PROMPT                          ? prompt
           : view == VIEW_ORIGINATED || output > prompt ? output
                                                        : prompt;
}

static bool is_in(size_t atom, const struct asked *asked)
{
    return made_group_is_in(atom / RUNS, asked->left_out);
}

static unsigned first_level(const struct asked *asked)
{
    return (unsigned)(asked->levels[0] - '0');
}

/* Where it is of bin BIN of LEVELS; one more is any run, and another one none. */
static bool is_of_bin(size_t atom, size_t view, const char *levels, size_t bin)
{
    size_t bins = strlen(levels);
    unsigned level = level_of(atom, view), from = (unsigned)(levels[bin < bins ? bin : 0] - '0');
    if (bin >= bins)
        return (level >= from) == (bin == bins);
    return level >= from && (bin + 1 == bins || level < (unsigned)(levels[bin + 1] - '0'));
}

/* ---- what a reader knows ---- */

static void see_runs(struct seen *seen, const struct made_atoms *truth, const struct asked *asked,
                     const struct release *release, size_t number, const char *id)
{
    const struct figure_table *table = release_table_find(release, id);
    size_t bins = strlen(asked->levels);
    for (size_t v = 0; v < VIEWS; v++)
        for (size_t bin = 0; bin < bins + 2; bin++) {
            size_t row = overlap_row((uint32_t)views[v], (uint32_t)bin, (uint32_t)bins);
            struct seen_sum *sum = seen_add(seen, truth);
            for (size_t a = 0; a < ATOMS; a++)
                sum->has[a] = is_in(a, asked) && is_of_bin(a, views[v], asked->levels, bin);
            snprintf(sum->what, sizeof sum->what, "-%s: view %u bin %u", asked->left_out,
                     (unsigned)views[v], (unsigned)bin);
            seen_sum_count(sum, truth);
            seen_sum_tell(sum, figure_at(table, row, RUN_CONVERSATIONS),
                          gate_is_gone(release, number, row));
        }
    struct seen_sum *all = seen_add(seen, truth);
    for (size_t a = 0; a < ATOMS; a++)
        all->has[a] = is_in(a, asked);
    seen_sum_count(all, truth);
    seen_sum_tell(
        all, figure_at(table, overlap_row(OVERLAP_VIEWS, 0, (uint32_t)bins), RUN_CONVERSATIONS),
        false);
}

/* The one row of a work, if there is any. */
static void see_work(struct seen *seen, const struct made_atoms *truth, const struct asked *asked,
                     const struct release *release, size_t number, const char *id)
{
    static const size_t columns[VIEWS] = {WORK_CONVERSATIONS, WORK_PROMPT, WORK_ORIGINATED};
    const struct figure_table *table = release_table_find(release, id);
    for (size_t v = 0; figure_table_rows(table) && v < VIEWS; v++) {
        struct seen_sum *sum = seen_add(seen, truth);
        for (size_t a = 0; a < ATOMS; a++)
            sum->has[a] = is_in(a, asked) && level_of(a, views[v]) >= first_level(asked);
        snprintf(sum->what, sizeof sum->what, "-%s: the work, view %u", asked->left_out,
                 (unsigned)views[v]);
        seen_sum_count(sum, truth);
        seen_sum_tell(sum, figure_at(table, 0, columns[v]), gate_is_gone(release, number, 0));
    }
}

/* What no table tells: what each row of each report counts in each group of models by itself. */
static void see_hidden(struct seen *seen, const struct made_atoms *truth, const struct asked *asked)
{
    for (size_t r = 0; r < REPORTS && asked[r].levels; r++)
        for (size_t group = 0; group < MADE_GROUPS; group++)
            for (size_t v = 0; v < VIEWS; v++)
                for (size_t bin = 0; bin < strlen(asked[r].levels) + 1; bin++) {
                    struct seen_sum *sum = seen_add(seen, truth);
                    for (size_t a = 0; a < ATOMS; a++)
                        sum->has[a] =
                            a / RUNS == group && is_of_bin(a, views[v], asked[r].levels, bin);
                    snprintf(sum->what, sizeof sum->what, "%u: %s view %u bin %u", (unsigned)group,
                             asked[r].levels, (unsigned)views[v], (unsigned)bin);
                    seen_sum_count(sum, truth);
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

static struct span work_id(const void *context, uint32_t work)
{
    (void)context;
    (void)work;
    return (struct span){"a", 1};
}

/* What a scan for runs of level FIRST or more would have found, at DIR. */
static void write_hits(const struct made *made, const struct made_atoms *truth, unsigned first,
                       const char *dir)
{
    struct error err = ERROR_INIT;
    struct overlap_builder *builder = overlap_builder_new();
    struct segment_out *out;
    assert_non_null(builder);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        struct overlap_row_exchange exchange = {.exchange = made->rows[row].first_exchange};
        assert_ok(overlap_builder_row(builder, 100, 100, &err), err);
        if (level_of(truth->of_row[row], VIEW_ANYWHERE) < first)
            continue;
        for (size_t side = 0; side < OVERLAP_ROWS_SIDES; side += 2) {
            unsigned level = level_of(truth->of_row[row], side ? VIEW_ORIGINATED : VIEW_PROMPT);
            exchange.longest[side] = exchange.covered[side] = level < first ? 0 : words_of[level];
        }
        assert_ok(overlap_builder_exchange(builder, &exchange, &err), err);
        assert_ok(overlap_builder_work(builder, 0, exchange.longest, &err), err);
    }
    assert_ok(segment_out_open(&out, dir, &err), err);
    assert_ok(overlap_builder_write(builder, work_id, NULL, out, &err), err);
    json_t *meta = json_pack("{s:{s:i}}", "works", "works", 1);
    assert_ok(segment_out_commit(out, meta, &err), err);
    json_decref(meta);
    overlap_builder_free(builder);
}

/* The plan of COUNT queries; of the first one's population. */
static void write_plan(char *text, size_t room, const char *dir, const struct asked *asked,
                       size_t count)
{
    test_write_text(test_path(dir, "a.txt"), "one two three");
    size_t n =
        (size_t)snprintf(text, room, "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},");
    n += made_filters_write(text + n, room - n, count > 1 ? "" : asked->left_out);
    n += (size_t)snprintf(text + n, room - n, "\"queries\":[");
    for (size_t q = 0; q < count; q++) {
        const char *levels = asked[q].levels;
        n += (size_t)snprintf(text + n, room - n,
                              "%s{\"id\":\"q%zu\",\"kind\":\"overlap\",\"works\":[\"%s/a.txt\"],"
                              "\"min_words\":%u,\"bins\":[",
                              q ? "," : "", q, dir, bin_of[*levels - '0']);
        for (const char *level = levels + 1; *level; level++)
            n += (size_t)snprintf(text + n, room - n, "%s%u", level > levels + 1 ? "," : "",
                                  bin_of[*level - '0']);
        n += (size_t)snprintf(text + n, room - n, "]}");
    }
    snprintf(text + n, room - n, "],\"release\":{\"min_users\":5}}");
}

/* Logs with what the COUNT reports of a series find in them. */
static void make_logs(struct made *made, struct made_atoms *truth, const struct asked *asked,
                      size_t count, const char *plan, unsigned seed)
{
    const struct made_wish wish = {.seed = seed,
                                   .parts = 1,
                                   .rows = 80 + 60 * (seed % 5),
                                   .users = seed % 3 ? 150 : 60,
                                   .plan = plan};
    made_init(made, &wish);
    truth_init(truth, made);
    char *dir = catalogue_part_dir(made->state.catalogue, made->state.logs.files[0].name, 0);
    assert_non_null(dir);
    for (size_t q = 0; q < count; q++) {
        const char *digest = made->plan.queries[q].scan_digest;
        bool there = false;
        for (size_t i = 0; i < q; i++)
            there = there || strcmp(made->plan.queries[i].scan_digest, digest) == 0;
        made->state.parts[0].hits_dirs[q] = catalogue_segment_dir(dir, "hits", digest);
        made->state.parts[0].hits_ready[q] = true;
        if (!there)
            write_hits(made, truth, first_level(&asked[q]), made->state.parts[0].hits_dirs[q]);
    }
    free(dir);
    made_open(made);
    made_population(made);
}

/* ---- reports ---- */

static void report(struct told_history *h, const struct made *made, const struct made_atoms *truth,
                   const struct plan *own, const struct asked *asked)
{
    struct made_report report;
    struct works_report works;
    struct population population;
    struct error err = ERROR_INIT;
    assert_ok(population_init(&population, &made->catalogue, own, &err), err);
    made_report_init(&report, &h->ledger, made, own, &population);
    assert_int_equal(report.tally.works_left_out, 0);
    if (report.release) {
        size_t first = h->seen.count;
        const struct tally *tally = &report.tally;
        assert_true(works_report_find(&works, &report.source, 0, tally));
        see_runs(&h->seen, truth, asked, report.release, works.runs, tally->tables[works.runs].id);
        see_work(&h->seen, truth, asked, report.release, works.works,
                 tally->tables[works.works].id);
        seen_count_cells(&h->seen, first, &h->sums);
        assert_int_equal(made_report_keep_queries(&report, &h->ledger), 1);
    }
    made_report_release(&report);
    population_release(&population);
}

/* One series over one set of logs, with a ledger and without. */
static void run_series(const struct asked *series, const char *dir, const struct plan *plans,
                       size_t count, unsigned seed, struct told_history histories[2])
{
    char text[4096];
    struct made made;
    struct made_atoms truth;
    write_plan(text, sizeof text, dir, series, count);
    make_logs(&made, &truth, series, count, text, 5200 + seed);
    for (size_t r = 0; r < count; r++)
        for (size_t i = 0; i < 2; i++)
            report(&histories[i], &made, &truth, &plans[r], &series[r]);
    for (size_t i = 0; i < 2; i++) {
        struct told_history *h = &histories[i];
        see_hidden(&h->seen, &truth, series);
        told_history_end(h);
    }
    made_atoms_release(&truth);
    made_release(&made);
}

static void nothing_follows_over_populations(void **state)
{
    (void)state;
    size_t without = 0, shown = 0, cells = 0, small = 0;
    unsigned runs = test_short() ? 6 : 20;
    const char *dir = test_dir();
    for (size_t s = 0; s < SERIES; s++) {
        struct told_history h[2];
        struct plan plans[REPORTS];
        struct error err = ERROR_INIT;
        size_t reports = 0;
        told_history_init(&h[0], true, MIN_USERS);
        told_history_init(&h[1], false, MIN_USERS);
        for (; reports < REPORTS && all_series[s][reports].levels; reports++) {
            char text[4096];
            write_plan(text, sizeof text, dir, &all_series[s][reports], 1);
            test_write_text(test_path(dir, "plan.json"), text);
            assert_ok(plan_read(&plans[reports], test_path(dir, "plan.json"), true, &err), err);
        }
        for (unsigned i = 0; i < runs; i++)
            run_series(all_series[s], dir, plans, reports, i, h);
        while (reports)
            plan_release(&plans[--reports]);
        told_history_print(&h[0], &h[1], s);
        assert_int_equal(h[0].sums.leaks, 0);
        without += h[1].sums.leaks;
        shown += h[0].sums.shown;
        cells += h[0].sums.cells;
        small += h[0].sums.small;
    }
    assert_true(small > 50 && 20 * without > small && 2 * shown > cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_follows_over_populations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
