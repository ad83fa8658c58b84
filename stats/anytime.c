/*
 * The prior-posterior ratio without replacement (Waudby-Smith and Ramdas, NeurIPS 2020,
 * section 2.3).
 *
 * With a beta-binomial prior on K, prior(K) / posterior(K) is a martingale under the true K with
 * expectation 1, so by Ville's inequality it ever reaches 1 / alpha with a chance of at most alpha:
 * the set { K : ratio < 1 / alpha } covers K at all times together. All that depends on K but the
 * hypergeometric mass cancels:
 *     1 / ratio = P(X = x | K) / m(x),   m(x) = C(n, x) B(a + x, b + n - x) / B(a, b),
 * m being the prior's mass of x. The mass is log-concave in K, so the set is an interval around the
 * K that is most likely, and its ends are found by bisection.
 */
#include "stats/anytime.h"

#include "stats/hypergeometric.h"
#include "stats/level.h"

#include <assert.h>
#include <math.h>

enum status anytime_prior_check(struct anytime_prior prior, struct error *err)
{
    const double values[2] = {prior.a, prior.b};
    for (int i = 0; i < 2; i++)
        if (!(values[i] >= 0.001 && values[i] <= 1e9))
            return error_set(err, STATUS_PLAN, NULL,
                             "a parameter of the prior must lie between 0.001 and 1000000000, not "
                             "%.15g",
                             values[i]);
    return STATUS_OK;
}

/*
 * ln m(x) from log gammas in long double. Their cancellation costs about 1e-10 absolute at n =
 * 10^8, and so 1e-10 of the ratio.
 */
static long double log_prior_mass(double a, double b, uint64_t n, uint64_t x)
{
    int s;
    long double la = a, lb = b, ln = (long double)n, lx = (long double)x;
    return lgammal_r(ln + 1, &s) - lgammal_r(lx + 1, &s) - lgammal_r(ln - lx + 1, &s) +
           lgammal_r(la + lx, &s) + lgammal_r(lb + ln - lx, &s) - lgammal_r(la + lb + ln, &s) +
           lgammal_r(la + lb, &s) - lgammal_r(la, &s) - lgammal_r(lb, &s);
}

static double inverse_ratio(uint64_t population, uint64_t relevant, uint64_t drawn, uint64_t seen,
                            long double log_mass)
{
    long double log =
        hypergeometric_log_pmf(&(struct hypergeometric){population, relevant, drawn}, seen);
    return (double)expl(log - log_mass);
}

/* The most likely K: it is never rejected, being where the ratio is least. */
static uint64_t most_likely(uint64_t population, uint64_t drawn, uint64_t seen)
{
    __extension__ typedef unsigned __int128 wide;
    uint64_t last = population - (drawn - seen);
    uint64_t k = drawn ? (uint64_t)((wide)seen * ((wide)population + 1) / drawn) : last;
    return k < seen ? seen : k > last ? last : k;
}

struct exact_bound anytime_upper(uint64_t population, uint64_t drawn, uint64_t seen,
                                 struct anytime_prior prior, double alpha)
{
    assert(seen <= drawn && drawn <= population && alpha > 0 && alpha < 1);
    assert(prior.a > 0 && prior.b > 0);
    uint64_t last = population - (drawn - seen), kept = most_likely(population, drawn, seen);
    long double mass = log_prior_mass(prior.a, prior.b, drawn, seen);
    uint64_t out = last + 1;
    while (out - kept > 1) {
        uint64_t middle = kept + (out - kept) / 2;
        if (level_rejects(inverse_ratio(population, middle, drawn, seen, mass), alpha))
            out = middle;
        else
            kept = middle;
    }
    return (struct exact_bound){kept, alpha, inverse_ratio(population, kept, drawn, seen, mass),
                                out <= last ? inverse_ratio(population, out, drawn, seen, mass)
                                            : 0};
}

struct exact_bound anytime_lower(uint64_t population, uint64_t drawn, uint64_t seen,
                                 struct anytime_prior prior, double alpha)
{
    struct anytime_prior mirror = {prior.b, prior.a};
    struct exact_bound bound = anytime_upper(population, drawn, drawn - seen, mirror, alpha);
    bound.value = population - bound.value;
    return bound;
}

double anytime_p_at_least(uint64_t population, uint64_t drawn, uint64_t seen,
                          struct anytime_prior prior, uint64_t least)
{
    assert(seen <= drawn && drawn <= population && prior.a > 0 && prior.b > 0);
    if (least > population)
        return 0;
    uint64_t best = most_likely(population, drawn, seen);
    double p = inverse_ratio(population, best > least ? best : least, drawn, seen,
                             log_prior_mass(prior.a, prior.b, drawn, seen));
    return p < 1 ? p : 1;
}

double anytime_p_at_most(uint64_t population, uint64_t drawn, uint64_t seen,
                         struct anytime_prior prior, uint64_t most)
{
    struct anytime_prior mirror = {prior.b, prior.a};
    if (most >= population)
        return 1;
    return anytime_p_at_least(population, drawn, drawn - seen, mirror, population - most);
}
