/*
 * The binomial distribution: the mass function after Loader (2000), see saddle_point.h; the tails
 * as those of a beta distribution, P(X >= x) = I_p(x, n - x + 1).
 */
#include "stats/binomial.h"

#include "stats/beta_distribution.h"
#include "stats/saddle_point.h"

#include <assert.h>
#include <math.h>

#define TWO_PI 6.283185307179586476925286766559005768L

static long double log_pmf(const struct binomial *b, uint64_t seen)
{
    assert(b->share >= 0 && b->share <= 1);
    if (seen > b->drawn)
        return -INFINITY;
    long double n = (long double)b->drawn, x = (long double)seen, p = b->share, q = 1 - p;
    if (seen == 0)
        return seen == b->drawn ? 0 : n * log1pl(-p);
    if (seen == b->drawn)
        return n * logl(p);
    if (p <= 0 || q <= 0)
        return -INFINITY;
    long double rest = n - x, over = x * q - rest * p; /* x - n p */
    long double sum = stirling_error(b->drawn) - stirling_error(seen) -
                      stirling_error(b->drawn - seen) - deviance(x, n * p, over) -
                      deviance(rest, n * q, -over);
    return sum + logl(n / (TWO_PI * x) / rest) / 2;
}

double binomial_log_pmf(const struct binomial *b, uint64_t seen)
{
    return (double)log_pmf(b, seen);
}

double binomial_pmf(const struct binomial *b, uint64_t seen)
{
    return (double)expl(log_pmf(b, seen));
}

/* The beta distribution with P(X >= seen) = P(beta <= p), for 1 <= seen <= n. */
static struct beta_distribution beta_of(const struct binomial *b, uint64_t seen)
{
    return (struct beta_distribution){(double)seen, (double)(b->drawn - seen + 1)};
}

static struct unit_point share_of(const struct binomial *b)
{
    assert(b->share >= 0 && b->share <= 1);
    return (struct unit_point){b->share, (double)(1 - (long double)b->share)};
}

double binomial_tail_low(const struct binomial *b, uint64_t seen)
{
    return seen >= b->drawn ? 1 : beta_tail_high(beta_of(b, seen + 1), share_of(b));
}

double binomial_log_tail_low(const struct binomial *b, uint64_t seen)
{
    return seen >= b->drawn ? 0 : beta_log_tail_high(beta_of(b, seen + 1), share_of(b));
}

double binomial_tail_high(const struct binomial *b, uint64_t seen)
{
    if (seen == 0 || seen > b->drawn)
        return seen == 0;
    return beta_tail_low(beta_of(b, seen), share_of(b));
}

double binomial_log_tail_high(const struct binomial *b, uint64_t seen)
{
    if (seen == 0 || seen > b->drawn)
        return seen == 0 ? 0 : -INFINITY;
    return beta_log_tail_low(beta_of(b, seen), share_of(b));
}

uint64_t binomial_quantile(const struct binomial *b, double probability)
{
    assert(probability > 0 && probability < 1);
    uint64_t low = 0, high = b->drawn;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (binomial_tail_low(b, middle) >= probability)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
