/* Speed of exact noise: a million draws of each law at several scales. */
#include "release/noise.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DRAWS = 1000000 };

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(void)
{
    static const struct {
        const char *name;
        enum status (*draw)(struct noise_scale, struct random_bits *, int64_t *, size_t,
                            struct error *);
        struct noise_scale scale;
    } rows[] = {{"discrete Gaussian, sigma^2 = 5", noise_gaussian, {5, 1}},
                {"discrete Gaussian, sigma^2 = 1000", noise_gaussian, {1000, 1}},
                {"discrete Gaussian, sigma^2 = 10^9", noise_gaussian, {1000000000, 1}},
                {"discrete Gaussian, sigma^2 = 500.3 in 2^-20",
                 noise_gaussian,
                 {UINT64_C(524602573), UINT64_C(1) << 20}},
                {"discrete Laplace, t = 10", noise_laplace, {10, 1}},
                {"discrete Laplace, t = 1000.5", noise_laplace, {2001, 2}}};
    struct random_bits bits;
    int64_t *out = malloc(DRAWS * sizeof *out);
    if (!out)
        return 1;
    random_bits_init(&bits);
    puts("A million draws of exact noise, one thread, the system's random bits");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error err = ERROR_INIT;
        double best = 1e9;
        for (int run = 0; run < 3; run++) {
            double start = seconds();
            if (rows[i].draw(rows[i].scale, &bits, out, DRAWS, &err) != STATUS_OK)
                return 1;
            double took = seconds() - start;
            best = took < best ? took : best;
        }
        printf("  %-46s %6.2f s\n", rows[i].name, best);
    }
    free(out);
    return 0;
}
