/*
 * Prints how often the bounds of each method hold the true number, exactly, by summing over all
 * outcomes: the worst of every number relevant and every sample of every population up to a size,
 * and rare numbers in a population of 20 million. The suite asserts what is printed here.
 */
#include "stats/stats_setup.h"
#include "tests/support/coverage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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

int main(void)
{
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
    return 0;
}
