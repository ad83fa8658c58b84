/* Series of reports whose queries find some of the same: see query_series.h. */
#include "tests/support/query_series.h"

#include "tests/support/support.h"
#include "tests/support/told_history.h"

enum { QUERIES_MAX = QUERY_SERIES_REPORTS * QUERY_SERIES_QUERIES };

/* Logs for a series, and the queries that are in their plan. */
struct run {
    const struct query_series_kind *kind;
    const char *queries[QUERIES_MAX + 1], *asked[QUERIES_MAX + 2];
    struct made made;
    struct made_atoms truth;
};

/* The queries of REPORT in LIST, with NULL after them; how many. */
static size_t list(const char *const report[QUERY_SERIES_QUERIES], const char **list)
{
    size_t count = 0;
    for (; count < QUERY_SERIES_QUERIES && report[count]; count++)
        list[count] = report[count];
    list[count] = NULL;
    return count;
}

static void run_init(struct run *run, const struct query_series_kind *kind,
                     const struct query_series *series, size_t reports, const char *dir,
                     unsigned seed)
{
    char plan[8192];
    size_t count = 0;
    run->kind = kind;
    for (size_t r = 0; r < reports; r++)
        count += list(series->reports[r], run->queries + count);
    memcpy(run->asked, run->queries, (count + 1) * sizeof *run->asked);
    if (kind->all_of) {
        run->asked[count] = kind->all_of(run->queries[0]);
        run->asked[count + 1] = NULL;
    }
    kind->write_plan(plan, sizeof plan, dir, run->asked);
    kind->make(&run->made, &run->truth, run->asked, plan, seed);
}

static void run_release(struct run *run)
{
    made_atoms_release(&run->truth);
    made_release(&run->made);
}

/* ---- one report ---- */

static void judge(struct run *run, const struct plan *own, bool tied, struct seen_totals *sums)
{
    const struct gate_policy policy = {.min_users = QUERY_SERIES_MIN_USERS};
    struct tally_source source = made_source(&run->made);
    struct tally tally;
    struct release *release;
    struct seen seen = {.items = NULL};
    struct error err = ERROR_INIT;
    source.plan = own;
    tally_init(&tally);
    assert_ok(tally_run(&source, &tally, &err), err);
    made_check_relations(&tally);
    assert_int_equal(tally.slots_left_out, 0);
    if (!tied)
        made_ties_leave_out(&tally, run->kind->query_of);
    assert_ok(gate_release(&tally, &policy, &release, &err), err);
    const struct query_report report = {&source, &tally, release};
    run->kind->see_report(&seen, &run->truth, &report, run->queries, sums);
    run->kind->see_hidden(&seen, &run->truth, run->queries);
    seen_count_leaks(&seen, QUERY_SERIES_MIN_USERS, sums);
    seen_release(&seen);
    release_free(release);
    tally_release(&tally);
}

static void run_within(const struct query_series_kind *kind, const struct query_series *series,
                       const char *dir, unsigned seed, struct seen_totals sums[2])
{
    struct run run;
    run_init(&run, kind, series, 1, dir, seed);
    struct plan own = run.made.plan;
    own.query_count -= kind->all_of ? 1 : 0;
    judge(&run, &own, true, &sums[0]);
    if (kind->query_of && run.queries[1])
        judge(&run, &own, false, &sums[1]);
    run_release(&run);
}

void query_series_within(const struct query_series_kind *kind, const struct query_series *all,
                         size_t count, unsigned seed, unsigned runs, struct seen_totals sums[2])
{
    const char *dir = test_dir();
    for (size_t s = 0; s < count; s++) {
        struct seen_totals own[2] = {{.leaks = 0}};
        for (unsigned i = 0; i < runs; i++)
            run_within(kind, &all[s], dir, seed + i, own);
        print_message("%s %zu: %zu small figures, of which %zu follow (untied %zu); %zu of %zu "
                      "figures shown (%zu)\n",
                      kind->name, s, own[0].small, own[0].leaks, own[1].leaks, own[0].shown,
                      own[0].cells, own[1].shown);
        for (size_t i = 0; i < 2; i++)
            seen_totals_add(&sums[i], &own[i]);
    }
}

/* ---- under a ledger ---- */

struct asked {
    const struct run *run;
    const char *queries[QUERY_SERIES_QUERIES + 1];
};

static void see(struct told_history *h, const struct made_report *made, const void *context)
{
    const struct asked *asked = context;
    const struct query_report report = {&made->source, &made->tally, made->release};
    assert_int_equal(made->tally.slots_left_out, 0);
    asked->run->kind->see_report(&h->seen, &asked->run->truth, &report, asked->queries, &h->sums);
}

static void run_told(const struct query_series_kind *kind, const struct query_series *series,
                     const char *dir, unsigned seed, struct told_history histories[2])
{
    struct run run;
    run_init(&run, kind, series, QUERY_SERIES_REPORTS, dir, seed);
    struct plan own = run.made.plan;
    for (size_t r = 0; r < QUERY_SERIES_REPORTS && series->reports[r][0]; r++) {
        struct asked asked = {.run = &run};
        own.query_count = list(series->reports[r], asked.queries);
        own.population = run.made.plan.population;
        if (kind->narrow)
            kind->narrow(&own, asked.queries);
        for (size_t i = 0; i < 2; i++)
            told_history_report(&histories[i], &run.made, &own, see, &asked);
        own.queries += own.query_count;
    }
    for (size_t i = 0; i < 2; i++) {
        kind->see_hidden(&histories[i].seen, &run.truth, run.queries);
        told_history_end(&histories[i]);
    }
    run_release(&run);
}

void query_series_told(const struct query_series_kind *kind, const struct query_series *all,
                       size_t count, unsigned seed, unsigned runs, struct seen_totals sums[2])
{
    const char *dir = test_dir();
    for (size_t s = 0; s < count; s++) {
        struct told_history histories[2];
        for (size_t i = 0; i < 2; i++)
            told_history_init(&histories[i], i == 0, QUERY_SERIES_MIN_USERS);
        for (unsigned i = 0; i < runs; i++)
            run_told(kind, &all[s], dir, seed + i, histories);
        told_history_print(&histories[0], &histories[1], s);
        for (size_t i = 0; i < 2; i++)
            seen_totals_add(&sums[i], &histories[i].sums);
    }
}

/* ---- logs ---- */

void query_series_make_words(struct made *made, const char *plan, unsigned seed,
                             unsigned gap_percent)
{
    const struct made_wish wish = {.seed = seed,
                                   .parts = 1,
                                   .rows = 300 + 100 * (seed % 7),
                                   .users = seed % 3 ? 150 : 60,
                                   .hit_permille = 60 + 37 * (seed % 9),
                                   .by_text = true,
                                   .gap_percent = gap_percent,
                                   .again_percent = gap_percent ? 5 : 0,
                                   .plan = plan};
    made_ready(made, &wish);
}
