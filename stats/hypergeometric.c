/*
 * The hypergeometric distribution in log space.
 *
 * Mass function. Write each factorial as n! = n^n e^-n e^S(n), S(n) = ln(2 pi n)/2 + stirling
 * error. The powers combine, over the 2x2 table of relevant or not by drawn or not, into deviances
 * of the four cells from their expectations (row total times column total over N): ln P = S(K) +
 * S(N-K) + S(n) + S(N-n) - S(N) - sum of S(cell) - sum of deviance(cell, expected) All deviances
 * are >= 0 and all four differences from expectation are +-(xN - Kn)/N, which is computed in
 * 128-bit integers. So nothing large cancels: the error of ln P is a few long double roundings of
 * ln P itself, or of 1. Loader (2000) builds the same from three binomials.
 *
 * Tails. Terms outward from x fall faster than a geometric series, since the ratio of neighbours
 *     P(k+1)/P(k) = (K-k)(n-k) / ((k+1)(N-K-n+k+1))
 * falls with k. The tail on the far side of the mode is summed until a geometric bound on the rest
 * is below the rounding; the other tail is its complement. Summing is by blocks without division:
 * with ratios a_i/b_i, the block's sum N/D has D = b_1 b_2 ..., N <- N b_i + a_1 ... a_i.
 */
#include "stats/hypergeometric.h"

#include "stats/saddle_point.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

__extension__ typedef __int128 wide; /* xN - Kn needs twice the bits of N */

#define TWO_PI 6.283185307179586476925286766559005768L

/* 32 factors below 2^80 each (N^2) stay below the 2^16384 of a long double. */
#define BLOCK 32

uint64_t hypergeometric_least(const struct hypergeometric *h)
{
    uint64_t irrelevant = h->population - h->relevant;
    return h->drawn > irrelevant ? h->drawn - irrelevant : 0;
}

uint64_t hypergeometric_most(const struct hypergeometric *h)
{
    return h->drawn < h->relevant ? h->drawn : h->relevant;
}

static void assert_valid(const struct hypergeometric *h)
{
    assert(h->population <= HYPERGEOMETRIC_POPULATION_MAX);
    assert(h->relevant <= h->population);
    assert(h->drawn <= h->population);
    (void)h;
}

/* ln P(X = x) for x in the support. */
static long double log_pmf(const struct hypergeometric *h, uint64_t x)
{
    if (hypergeometric_least(h) == hypergeometric_most(h))
        return 0;
    uint64_t total = h->population;
    uint64_t row[2] = {h->relevant, total - h->relevant};
    uint64_t column[2] = {h->drawn, total - h->drawn};
    uint64_t cell[2][2] = {{x, row[0] - x}, {column[0] - x, row[1] - (column[0] - x)}};

    /* Every row and column is at least 1 here, else the support were one point. */
    long double n = (long double)total;
    long double difference = (long double)((wide)x * total - (wide)row[0] * column[0]) / n;
    long double sum = stirling_error(row[0]) + stirling_error(row[1]) + stirling_error(column[0]) +
                      stirling_error(column[1]) - stirling_error(total);
    long double variance = (long double)row[0] / n * (long double)row[1];
    variance *= (long double)column[0] * (long double)column[1] * TWO_PI * TWO_PI * TWO_PI;
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
            long double count = (long double)cell[i][j];
            long double expected = (long double)row[i] * (long double)column[j] / n;
            sum -= stirling_error(cell[i][j]);
            sum -= deviance(count, expected, i == j ? difference : -difference);
            if (cell[i][j] > 0)
                variance /= TWO_PI * count;
        }
    }
    return sum + logl(variance) / 2;
}

/*
 * Adds up P(k)/P(x) over k = x, x+1, ... (UP) or x, x-1, ... (down) to the end of the support. X
 * lies beyond the mode in that direction or on it.
 */
static long double outward_sum(const struct hypergeometric *h, uint64_t x, bool up)
{
    long double relevant_left = (long double)(h->relevant - x);
    long double drawn_left = (long double)(h->drawn - x);
    long double seen = (long double)x;
    long double rest = (long double)(h->population - h->relevant - (h->drawn - x));
    long double steps = up ? fminl(relevant_left, drawn_left) : fminl(seen, rest);

    long double sum = 1, term = 1;
    while (steps > 0) {
        long double numerator = 1, denominator = 1, part = 0, a = 0, b = 1;
        int count = steps < BLOCK ? (int)steps : BLOCK;
        for (int i = 0; i < count; i++) {
            if (up) {
                a = relevant_left * drawn_left;
                relevant_left -= 1;
                drawn_left -= 1;
                seen += 1;
                rest += 1;
                b = seen * rest;
            } else {
                a = seen * rest;
                seen -= 1;
                rest -= 1;
                relevant_left += 1;
                drawn_left += 1;
                b = relevant_left * drawn_left;
            }
            numerator *= a;
            denominator *= b;
            part = part * b + numerator;
        }
        steps -= count;
        sum += term * (part / denominator);
        term *= numerator / denominator;
        /* All later ratios are below a/b: the rest is below term * r / (1 - r), r = a/b. */
        if (a < b && term * a <= 0x1p-64L * sum * (b - a))
            break;
    }
    return sum;
}

/* A tail as the logarithm of the smaller side. */
struct tail {
    long double log;   /* of the tail, or of its complement */
    bool complement;   /* log is that of the complement */
    long double share; /* P(X = x) over the probability in log */
};

static long double tail_log(struct tail t)
{
    return t.complement ? log1pl(-expl(t.log)) : t.log;
}

static long double tail_value(struct tail t)
{
    return t.complement ? -expm1l(t.log) : expl(t.log);
}

static const struct tail nothing = {-INFINITY, false, 0};
static const struct tail everything = {-INFINITY, true, 0};

/* The most likely value: floor((n+1)(K+1)/(N+2)). */
static uint64_t mode(const struct hypergeometric *h)
{
    return (uint64_t)(((wide)h->drawn + 1) * ((wide)h->relevant + 1) / ((wide)h->population + 2));
}

static struct tail summed(const struct hypergeometric *h, uint64_t x, bool up, bool complement)
{
    long double sum = outward_sum(h, x, up);
    return (struct tail){log_pmf(h, x) + logl(sum), complement, 1 / sum};
}

static struct tail tail_low(const struct hypergeometric *h, uint64_t x)
{
    assert_valid(h);
    if (x < hypergeometric_least(h))
        return nothing;
    if (x >= hypergeometric_most(h))
        return everything;
    return x < mode(h) ? summed(h, x, false, false) : summed(h, x + 1, true, true);
}

static struct tail tail_high(const struct hypergeometric *h, uint64_t x)
{
    assert_valid(h);
    if (x <= hypergeometric_least(h))
        return everything;
    if (x > hypergeometric_most(h))
        return nothing;
    return x > mode(h) ? summed(h, x, true, false) : summed(h, x - 1, false, true);
}

double hypergeometric_log_pmf(const struct hypergeometric *h, uint64_t seen)
{
    assert_valid(h);
    if (seen < hypergeometric_least(h) || seen > hypergeometric_most(h))
        return -INFINITY;
    return (double)log_pmf(h, seen);
}

double hypergeometric_pmf(const struct hypergeometric *h, uint64_t seen)
{
    assert_valid(h);
    if (seen < hypergeometric_least(h) || seen > hypergeometric_most(h))
        return 0;
    return (double)expl(log_pmf(h, seen));
}

double hypergeometric_tail_low(const struct hypergeometric *h, uint64_t seen)
{
    return (double)tail_value(tail_low(h, seen));
}

double hypergeometric_log_tail_low(const struct hypergeometric *h, uint64_t seen)
{
    return (double)tail_log(tail_low(h, seen));
}

double hypergeometric_tail_high(const struct hypergeometric *h, uint64_t seen)
{
    return (double)tail_value(tail_high(h, seen));
}

double hypergeometric_log_tail_high(const struct hypergeometric *h, uint64_t seen)
{
    return (double)tail_log(tail_high(h, seen));
}

struct hypergeometric_low hypergeometric_low(const struct hypergeometric *h, uint64_t seen)
{
    struct tail t = tail_low(h, seen);
    struct hypergeometric_low low = {(double)tail_value(t), (double)tail_log(t), 0};
    assert(h->relevant < h->population);
    if (seen < hypergeometric_least(h) || seen >= h->drawn)
        return low;
    long double share; /* P(X = seen) / P(X <= seen) */
    if (!t.complement)
        share = t.share;
    else if (t.share == 0) /* seen is the largest possible value or above: P(X <= seen) is 1 */
        share = seen > hypergeometric_most(h) ? 0 : expl(log_pmf(h, seen));
    else {
        /* t.share belongs to seen + 1, one step up: P(x) = P(x+1) b/a. */
        long double a = (long double)(h->relevant - seen) * (long double)(h->drawn - seen);
        long double rest =
            (long double)(h->population - h->relevant - (h->drawn - seen)); /* undrawn irrelevant */
        long double b = ((long double)seen + 1) * (rest + 1);
        share = t.share * expl(t.log) * (b / a) / tail_value(t);
    }
    low.drop = (double)(share * (long double)(h->drawn - seen) /
                        (long double)(h->population - h->relevant));
    return low;
}

uint64_t hypergeometric_quantile(const struct hypergeometric *h, double probability)
{
    assert(probability > 0 && probability < 1);
    uint64_t left = h->population - h->relevant;
    uint64_t low = h->drawn > left ? h->drawn - left : 0;
    uint64_t high = h->drawn < h->relevant ? h->drawn : h->relevant;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (hypergeometric_tail_low(h, middle) >= probability)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
