/*
 * Prints how often the bounds of each method hold the true number, exactly, by summing over all
 * outcomes: the worst of every number relevant and every sample of every population up to a size,
 * and rare numbers in a population of 20 million; then by simulation what is too large for that,
 * and how wide the bounds are. The suite asserts what is printed here.
 */
#include "stats/interval_approximate.h"
#include "stats/stats_setup.h"
#include "tests/support/coverage.h"
#include "tests/support/simulation.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double confidence = 0.95;

enum { NAME_WIDTH = 16, SMALL = 60 };

static const char *guarantee(const struct interval_method *method)
{
    return method->guarantee == INTERVAL_EXACT ? "exact" : "approximate";
}

static int print_small(const struct interval_method *method)
{
    double least = 2;
    uint64_t at[3] = {0, 0, 0};
    for (uint64_t total = 1; total <= SMALL; total++)
        for (uint64_t n = 1; n <= total; n++) {
            struct coverage c;
            uint64_t k = 0;
            if (coverage_init(&c, method, total, n, confidence, n)) {
                coverage_release(&c);
                return -1;
            }
            double here = coverage_least(&c, 0, total, &k);
            coverage_release(&c);
            if (here < least) {
                least = here;
                at[0] = total;
                at[1] = n;
                at[2] = k;
            }
        }
    printf("  %-*s %-11s  %8.4f %%  N=%" PRIu64 ", n=%" PRIu64 ", K=%" PRIu64 "\n", NAME_WIDTH,
           method->name, guarantee(method), 100 * least, at[0], at[1], at[2]);
    return 0;
}

static int print_large(const struct interval_method *method, uint64_t drawn)
{
    static const uint64_t relevant[] = {10, 200, 2000, 20000};
    const uint64_t total = 20000000, sweep = 4000;
    struct coverage c;
    uint64_t where = 0;
    if (coverage_init(&c, method, total, drawn, confidence, 40 + drawn / 400)) {
        coverage_release(&c);
        return -1;
    }
    printf("  %-*s %9" PRIu64, NAME_WIDTH, method->name, drawn);
    for (size_t i = 0; i < sizeof relevant / sizeof *relevant; i++)
        printf("  %8.4f %%", 100 * coverage_at(&c, relevant[i]));
    double least = coverage_least(&c, 1, sweep, &where);
    printf("  %8.4f %%  K=%" PRIu64 "\n", 100 * least, where);
    coverage_release(&c);
    return 0;
}

static int print_widths(const struct interval_method *methods, size_t count)
{
    static const struct sample_counts cases[] = {
        {20000000, 3000, 3, 0}, {20000000, 200000, 20, 0}, {92000, 1534, 5, 0}, {700, 300, 40, 0}};
    enum { CASES = sizeof cases / sizeof *cases };
    printf("\nWidths of the bounds, in shares of the population\n  %-*s", NAME_WIDTH, "method");
    for (size_t c = 0; c < CASES; c++)
        printf("  %" PRIu64 " of %" PRIu64 " from %" PRIu64, cases[c].relevant, cases[c].drawn,
               cases[c].population);
    puts("");
    for (size_t i = 0; i < count; i++) {
        printf("  %-*s", NAME_WIDTH, methods[i].name);
        for (size_t c = 0; c < CASES; c++) {
            struct error err = ERROR_INIT;
            struct interval_result r;
            if (methods[i].compute(&cases[c], confidence, &r, &err) != STATUS_OK)
                return -1;
            printf("  %.9f", r.share_high - r.share_low);
        }
        puts("");
    }
    /* What R's survey gives by svyciprop(method = "beta"): no interval where none or all are seen.
     */
    printf("  %-*s", NAME_WIDTH, "survey's beta");
    for (size_t c = 0; c < CASES; c++) {
        struct error err = ERROR_INIT;
        double n = (double)cases[c].drawn, p = (double)cases[c].relevant / n, low, high;
        double se = sqrt((1 - n / (double)cases[c].population) * p * (1 - p) / (n - 1));
        if (interval_korn_graubard(p, se, cases[c].drawn, n - 1, confidence, &low, &high, NULL,
                                   &err) != STATUS_OK)
            return -1;
        printf("  %.9f", high - low);
    }
    /* What R's samplingbook 1.2.4 gives by Sprop(m, n, N)$ci (exact; cp where N is above 100,000),
     * computed with R 4.2.2. Its exact set reaches one unit further at both ends. */
    static const double samplingbook[CASES] = {0.002713344928, 0.000093354052, 0.006489130435,
                                               0.062857142857};
    printf("\n  %-*s", NAME_WIDTH, "samplingbook");
    for (size_t c = 0; c < CASES; c++)
        printf("  %.9f", samplingbook[c]);
    puts("");
    return 0;
}

static int print_simulations(void)
{
    enum { DRAWS = 20000 };
    printf("\nBy simulation, %d draws each\n", DRAWS);
    for (const struct simulation *s = simulations; s->name; s++) {
        uint64_t misses = s->misses(20240131, DRAWS);
        if (misses > DRAWS)
            return -1;
        printf("  %-40s %8.3f %%\n", s->name, 100 * (1 - (double)misses / DRAWS));
    }
    return 0;
}

static int print_collections(const char *folder)
{
    enum { DRAWS = 2000 };
    struct collection *list;
    uint64_t count;
    if (collections_read(folder, &list, &count) != 0)
        return -1;
    printf("\nReal screening collections, %d draws of a tenth of each; a search that finds about "
           "four fifths\n  %-28s %6s %8s  %11s %9s %9s\n",
           DRAWS, "collection", "N", "relevant", "prevalence", "recall", "elusion");
    int failed = 0;
    for (uint64_t i = 0; !failed && i < count; i++) {
        struct collection_misses m;
        failed = collection_simulate(&list[i], list[i].count / 10, 7 + i, DRAWS, &m);
        printf("  %-28s %6" PRIu64 " %7.3f %%  %9.2f %% %7.2f %% %7.2f %%\n", list[i].name,
               list[i].count, 100 * (double)list[i].total / (double)list[i].count,
               100 * (1 - (double)m.prevalence / DRAWS), 100 * (1 - (double)m.recall / DRAWS),
               100 * (1 - (double)m.elusion / DRAWS));
    }
    collections_free(list, count);
    return failed;
}

int main(void)
{
    const char *real = getenv("PROFFER_SHARED_DATA");
    static const uint64_t drawn[] = {3000, 20000, 200000};
    size_t count;
    const struct interval_method *methods = interval_method_list(&count);
    stats_setup();
    printf("Coverage at a stated confidence of %g %%\n\nThe worst over all K and n of all N up to "
           "%d\n",
           100 * confidence, SMALL);
    for (size_t i = 0; i < count; i++)
        if (print_small(&methods[i]))
            return 1;
    printf("\nN = 20,000,000, by the number relevant; then the worst of K = 1 to 4,000\n"
           "  %-*s %9s  %10s  %10s  %10s  %10s  %10s\n",
           NAME_WIDTH, "method", "n", "10", "200", "2,000", "20,000", "worst");
    for (size_t i = 0; i < count; i++)
        for (size_t d = 0; d < sizeof drawn / sizeof *drawn; d++)
            if (print_large(&methods[i], drawn[d]))
                return 1;
    if (print_widths(methods, count) || print_simulations())
        return 1;
    if (!real && access("../shared/data/labels", R_OK) == 0)
        real = "../shared/data";
    return real && print_collections(real) ? 1 : 0;
}
