/*
 * Blaker's test (Canadian Journal of Statistics 28 (2000) 783-798) inverted over hypergeometrics.
 *
 * The acceptability of K, when the upper tail is the smaller one, is
 *     f(K) = P(X >= x | K) + P(X <= j | K),   j the largest with P(X <= j | K) <= P(X >= x | K).
 * K is in the set where f(K) > alpha. The set lies inside the equal-tailed one, and where P(X >= x)
 * alone passes alpha K is accepted, so the least accepted K is between the one-sided bounds at
 * alpha / 2 and at alpha. There j can only rise with K, since P(X >= x) rises and P(X <= j) falls:
 * the range is cut into pieces of constant j, a few dozen of them. On a piece, the first term rises
 * by P(X = x-1 | K) (..) and the second falls by P(X = j | K) (..), whose ratio is monotone in K
 * (monotone likelihood ratio), so that f falls first and rises then. Hence a piece's least accepted
 * K is its first one, or else is found by bisection up to its last one, or there is none.
 * So the answer is the least accepted K although the set may have gaps.
 */
#include "stats/blaker.h"

#include "stats/hypergeometric.h"
#include "stats/level.h"

#include <assert.h>
#include <stdbool.h>

/* What is fixed while K varies. */
struct outcome {
    uint64_t population, drawn, seen;
};

static double upper_tail(const struct outcome *o, uint64_t relevant, uint64_t seen)
{
    return hypergeometric_tail_high(&(struct hypergeometric){o->population, relevant, o->drawn},
                                    seen);
}

static double lower_tail(const struct outcome *o, uint64_t relevant, uint64_t seen)
{
    return hypergeometric_tail_low(&(struct hypergeometric){o->population, relevant, o->drawn},
                                   seen);
}

/* Whether P(X < ABOVE | K) <= P(X >= x | K); equal but for roundings counts as equal. */
static bool fits(const struct outcome *o, uint64_t relevant, uint64_t above)
{
    return above == 0 ||
           lower_tail(o, relevant, above - 1) <= upper_tail(o, relevant, o->seen) * (1 + 1e-14);
}

/* The largest ABOVE <= LIMIT that fits: the opposite tail is P(X < ABOVE). */
static uint64_t opposite(const struct outcome *o, uint64_t relevant, uint64_t limit)
{
    uint64_t low = 0, high = limit;
    while (low < high) {
        uint64_t middle = low + (high - low + 1) / 2;
        if (fits(o, relevant, middle))
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

static double with_opposite(const struct outcome *o, uint64_t relevant, uint64_t above)
{
    double sum = upper_tail(o, relevant, o->seen);
    if (above > 0)
        sum += lower_tail(o, relevant, above - 1);
    return sum < 1 ? sum : 1;
}

double blaker_acceptability(uint64_t population, uint64_t relevant, uint64_t drawn, uint64_t seen)
{
    assert(seen <= drawn && drawn <= population && relevant <= population);
    struct outcome o = {population, drawn, seen};
    if (upper_tail(&o, relevant, seen) > lower_tail(&o, relevant, seen)) {
        o.seen = drawn - seen;
        relevant = population - relevant;
    }
    return with_opposite(&o, relevant, opposite(&o, relevant, o.seen));
}

/* The last K in [FIRST, LAST] at which the opposite tail is still P(X < ABOVE). */
static uint64_t piece_end(const struct outcome *o, uint64_t first, uint64_t last, uint64_t above)
{
    while (first < last) {
        uint64_t middle = first + (last - first + 1) / 2;
        if (above < o->seen && fits(o, middle, above + 1))
            last = middle - 1;
        else
            first = middle;
    }
    return first;
}

static bool accepted(const struct outcome *o, uint64_t relevant, uint64_t above, double alpha)
{
    return !level_rejects(with_opposite(o, relevant, above), alpha);
}

static uint64_t first_accepted(const struct outcome *o, uint64_t low, uint64_t high, double alpha)
{
    while (low < high) {
        uint64_t above = opposite(o, low, o->seen), last = piece_end(o, low, high, above);
        if (accepted(o, low, above, alpha))
            return low;
        if (accepted(o, last, above, alpha)) {
            uint64_t rejected = low, kept = last;
            while (kept - rejected > 1) {
                uint64_t middle = rejected + (kept - rejected) / 2;
                if (accepted(o, middle, above, alpha))
                    kept = middle;
                else
                    rejected = middle;
            }
            return kept;
        }
        low = last + 1;
    }
    return high;
}

struct exact_bound blaker_lower(uint64_t population, uint64_t drawn, uint64_t seen, double alpha)
{
    assert(seen <= drawn && drawn <= population && alpha > 0 && alpha < 0.5);
    struct outcome o = {population, drawn, seen};
    struct exact_bound bound = {seen, alpha, 1, 0};
    if (seen > 0) {
        uint64_t low = exact_bound_lower(population, drawn, seen, alpha / 2).value;
        uint64_t high = exact_bound_lower(population, drawn, seen, alpha).value;
        bound.value = first_accepted(&o, low, high, alpha);
    } else {
        bound.value = 0;
    }
    bound.tail = blaker_acceptability(population, bound.value, drawn, seen);
    bound.beyond =
        bound.value > 0 ? blaker_acceptability(population, bound.value - 1, drawn, seen) : 0;
    return bound;
}

struct exact_bound blaker_upper(uint64_t population, uint64_t drawn, uint64_t seen, double alpha)
{
    struct exact_bound bound = blaker_lower(population, drawn, drawn - seen, alpha);
    bound.value = population - bound.value;
    return bound;
}
