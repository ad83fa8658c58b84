/* Series of reports with plans of their own: see told_series.h. */
#include "tests/support/told_series.h"

#include "tests/support/support.h"

/* One series, its plans, and logs for it. */
struct run {
    const struct told_series_kind *kind;
    const char *dir;
    size_t series, reports;
    struct plan plans[TOLD_SERIES_REPORTS];
    struct made_atoms truth; /* of the logs at hand */
};

struct report {
    const struct run *run;
    size_t number;
};

static void run_init(struct run *run, const struct told_series_kind *kind, size_t series)
{
    struct error err = ERROR_INIT;
    *run = (struct run){
        .kind = kind, .dir = test_dir(), .series = series, .reports = kind->reports(series)};
    for (size_t r = 0; r < run->reports; r++) {
        char text[4096];
        const char *path = test_path(run->dir, "plan.json");
        kind->write_plan(text, sizeof text, run->dir, series, r);
        test_write_text(path, text);
        assert_ok(plan_read(&run->plans[r], path, true, &err), err);
    }
}

static void run_release(struct run *run)
{
    while (run->reports)
        plan_release(&run->plans[--run->reports]);
}

static void see(struct told_history *h, const struct made_report *made, const void *context)
{
    const struct report *report = context;
    const struct run *run = report->run;
    size_t first = h->seen.count;
    run->kind->see_report(&h->seen, &run->truth, made, run->series, report->number);
    seen_count_cells(&h->seen, first, &h->sums);
}

static void run_over_logs(struct run *run, unsigned seed, struct told_history histories[2])
{
    struct made made;
    run->kind->make(&made, &run->truth, run->dir, run->series, seed);
    for (size_t r = 0; r < run->reports; r++) {
        const struct report report = {run, r};
        for (size_t i = 0; i < 2; i++)
            told_history_report(&histories[i], &made, &run->plans[r], see, &report);
    }
    for (size_t i = 0; i < 2; i++) {
        run->kind->see_hidden(&histories[i].seen, &run->truth, run->series);
        told_history_end(&histories[i]);
    }
    made_atoms_release(&run->truth);
    made_release(&made);
}

void told_series_hold(const struct told_series_kind *kind, size_t count, unsigned seed,
                      unsigned runs, size_t small)
{
    struct seen_totals sums[2] = {{.leaks = 0}};
    for (size_t s = 0; s < count; s++) {
        struct told_history histories[2];
        struct run run;
        run_init(&run, kind, s);
        for (size_t i = 0; i < 2; i++) {
            told_history_init(&histories[i], i == 0, TOLD_SERIES_MIN_USERS);
            histories[i].ledger.by_fields = kind->by_fields && i == 0;
        }
        for (unsigned i = 0; i < runs; i++)
            run_over_logs(&run, seed + i, histories);
        run_release(&run);
        told_history_print(&histories[0], &histories[1], s);
        for (size_t i = 0; i < 2; i++)
            seen_totals_add(&sums[i], &histories[i].sums);
    }
    assert_int_equal(sums[0].leaks, 0);
    assert_true(sums[0].small > small && 20 * sums[1].leaks > sums[0].small);
    assert_true(2 * sums[0].shown > sums[0].cells);
}

void told_series_make(struct made *made, const char *plan, unsigned seed, unsigned first)
{
    const struct made_wish wish = {.seed = first + seed,
                                   .parts = 1,
                                   .rows = 100 + 50 * (seed % 7),
                                   .users = seed % 3 ? 150 : 60,
                                   .hit_permille = 40 + 37 * (seed % 9),
                                   .by_text = true,
                                   .plan = plan};
    made_ready(made, &wish);
}
