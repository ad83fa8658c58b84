/*
 * How fast exact intervals are found and samples drawn: one thread, processor time, medians of
 * RUNS (5) passes.
 *
 *     bench_stats [RUNS]
 */
#include "queries/ticket.h"
#include "stats/interval.h"
#include "stats/stratified.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS_MAX = 100, TICKETS = 1000000, INTERVALS = 200, FEW = 10 };

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec + (double)at.tv_nsec * 1e-9;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

struct work {
    const char *name, *unit;
    double scale; /* seconds of a pass to the unit printed */
    struct sample_counts sample;
    const char *method; /* of find_intervals */
    uint64_t count;     /* of intervals in a pass */
    enum status (*pass)(const struct work *work, uint64_t *kept, struct error *err);
};

static enum status find_intervals(const struct work *work, uint64_t *kept, struct error *err)
{
    const struct interval_method *method = interval_method_find(work->method);
    for (uint64_t i = 0; i < work->count; i++) {
        struct sample_counts counts = work->sample;
        struct interval_result result;
        counts.population += i; /* nothing is the same twice */
        TRY(method->compute(&counts, 0.95, &result, err));
        *kept += result.count.high;
    }
    return STATUS_OK;
}

/* The sample is the first of five strata; the others are larger and poorer. */
static enum status find_stratified(const struct work *work, uint64_t *kept, struct error *err)
{
    for (uint64_t i = 0; i < work->count; i++) {
        struct sample_counts strata[5] = {work->sample,
                                          {900000 + i, 2000, 3, 1},
                                          {4000000, 9000, 1, 0},
                                          {5000000, 9000, 0, 0},
                                          {10000000, 9000, 0, 2}};
        struct interval out;
        TRY(stratified_fisher(strata, 5, 0.95, &out, NULL, NULL, err));
        *kept += out.high;
    }
    return STATUS_OK;
}

static enum status find_tickets(const struct work *work, uint64_t *kept, struct error *err)
{
    struct ticket_maker *maker;
    enum status status = STATUS_OK;
    TRY(ticket_maker_new(&maker, "61524316425133", err));
    for (uint32_t i = 0; i < work->count; i++) {
        char id[40];
        struct sha256 ticket;
        int len = snprintf(id, sizeof id, "5775264a-9a7e-4b09-a68e-%012" PRIx32, i);
        TRY_CLEANUP(ticket_of(maker, id, (size_t)len, &ticket, err));
        *kept += ticket.bytes[0];
    }
cleanup:
    ticket_maker_free(maker);
    return status;
}

static const struct work works[] = {
    {"interval, 3 of 1,000 from 6,000",
     "us each",
     1e6 / INTERVALS,
     {6000, 1000, 3, 0},
     "equal-tailed",
     INTERVALS,
     find_intervals},
    {"interval, 12 of 47,393 from 1,000,000",
     "us each",
     1e6 / INTERVALS,
     {1000000, 47393, 12, 0},
     "equal-tailed",
     INTERVALS,
     find_intervals},
    {"interval, 2 of 29,934 from 20,000,000",
     "us each",
     1e6 / INTERVALS,
     {20000000, 29934, 2, 0},
     "equal-tailed",
     INTERVALS,
     find_intervals},
    {"interval, 15,000 of 30,000 from 20,000,000",
     "us each",
     1e6 / INTERVALS,
     {20000000, 30000, 15000, 100},
     "equal-tailed",
     INTERVALS,
     find_intervals},
    {"interval, 2,000 of 200,000 from 20,000,000 (50 us asked)",
     "us each",
     1e6 / INTERVALS,
     {20000000, 200000, 2000, 0},
     "equal-tailed",
     INTERVALS,
     find_intervals},
    {"Blaker, the same (50 ms asked)",
     "ms each",
     1e3 / FEW,
     {20000000, 200000, 2000, 0},
     "blaker",
     FEW,
     find_intervals},
    {"Blaker, 200,000 of 2,000,000 from 20,000,000",
     "ms each",
     1e3 / FEW,
     {20000000, 2000000, 200000, 0},
     "blaker",
     FEW,
     find_intervals},
    {"at every look, 20 of 200,000 from 20,000,000",
     "us each",
     1e6 / INTERVALS,
     {20000000, 200000, 20, 0},
     "anytime",
     INTERVALS,
     find_intervals},
    {"union-intersection, five strata (50 ms asked)",
     "ms each",
     1e3 / FEW,
     {100000, 1000, 20, 0},
     NULL,
     FEW,
     find_stratified},
    {"tickets", "ns each", 1e9 / TICKETS, {0, 0, 0, 0}, NULL, TICKETS, find_tickets},
};

static enum status run(size_t runs, struct error *err)
{
    uint64_t kept = 0;
    for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
        double times[RUNS_MAX];
        for (size_t r = 0; r <= runs; r++) { /* the first is a warm-up */
            double begin = now();
            TRY(works[i].pass(&works[i], &kept, err));
            times[r ? r - 1 : 0] = now() - begin;
        }
        qsort(times, runs, sizeof *times, by_value);
        printf("%-58s %10.1f %s\n", works[i].name, times[runs / 2] * works[i].scale, works[i].unit);
    }
    return kept ? STATUS_OK : error_set(err, STATUS_INTERNAL, NULL, "nothing was found");
}

int main(int argc, char **argv)
{
    size_t runs = argc > 1 ? strtoul(argv[1], NULL, 10) : 5;
    struct error err = ERROR_INIT;
    if (argc > 2 || runs < 1 || runs > RUNS_MAX) {
        fprintf(stderr, "usage: bench_stats [RUNS]\n");
        return STATUS_USAGE;
    }
    enum status status = run(runs, &err);
    if (status != STATUS_OK)
        fprintf(stderr, "bench_stats: %s\n", err.text);
    return (int)status;
}
