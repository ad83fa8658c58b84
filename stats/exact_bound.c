/*
 * Exact one-sided bounds on the number relevant by inverting a hypergeometric tail.
 *
 * P(X <= x | K) falls in K from 1 at K = x to 0 at K = N - (n - x) + 1, which brackets the answer.
 * The start is the Clopper-Pearson bound by Paulson's (1942) normal approximation of the F
 * quantile, carried to the finite population by Wise (Biometrika 41, 1954): a hypergeometric with K
 * relevant is close to a binomial with success probability (K - x/2) / (N - (n-1)/2). From there
 * Newton's method on ln P, whose slope in K is exact and costs nothing more; then both neighbours
 * are evaluated. Approximations only choose where to look: the answer rests on the two tails that
 * are returned with it. Steps are kept inside the bracket and at least 1, 2, 4, ... long, and too
 * many of them give way to bisection, so the search always ends.
 */
#include "stats/exact_bound.h"

#include "stats/hypergeometric.h"
#include "stats/level.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

#define NEWTON_STEPS 20

/* A guess at the largest K; may be anything, NaN too. */
static double guess_upper(uint64_t population, uint64_t drawn, uint64_t seen, double alpha)
{
    double n = (double)drawn, x = (double)seen, z = gsl_cdf_ugaussian_Qinv(alpha);
    double a = 1 / (9 * (n - x)), b = 1 / (9 * (x + 1));
    double inner = (1 - a) * (1 - a) * b + (1 - b) * (1 - b) * a - a * b * z * z;
    double cube = ((1 - a) * (1 - b) + z * sqrt(inner)) / ((1 - a) * (1 - a) - a * z * z);
    double odds = (x + 1) / (n - x) * cube * cube * cube;
    return x / 2 + odds / (1 + odds) * ((double)population - (n - 1) / 2);
}

struct exact_bound exact_bound_upper(uint64_t population, uint64_t drawn, uint64_t seen,
                                     double alpha)
{
    assert(seen <= drawn && drawn <= population && alpha > 0 && alpha < 1);
    if (seen == drawn) /* X cannot be larger: nothing is rejected */
        return (struct exact_bound){population, alpha, 1, 0};

    /* Invariant: KEPT is not rejected, with TAIL; OUT is, with BEYOND. */
    uint64_t kept = seen, out = population - (drawn - seen) + 1;
    double tail = 1, beyond = 0, log_alpha = log(alpha);
    double next = guess_upper(population, drawn, seen, alpha);
    double reach = 1; /* the shortest step: doubles whenever Newton's is shorter */
    for (int step = 0; out - kept > 1; step++) {
        uint64_t k = kept + (out - kept) / 2;
        if (step < NEWTON_STEPS && isfinite(next))
            k = next < (double)(kept + 1) ? kept + 1
                : next < (double)out      ? (uint64_t)next
                                          : out - 1;
        struct hypergeometric_low at =
            hypergeometric_low(&(struct hypergeometric){population, k, drawn}, seen);
        /* The tangent's root; not finite where the tail is 1, which bisection leaves. */
        double move = (log_alpha - at.log_tail) / log1p(-at.drop);
        bool rejected = level_rejects(at.tail, alpha);
        if (fabs(move) < reach) {
            move = rejected ? -reach : reach;
            reach *= 2;
        }
        next = (double)k + move;
        if (rejected) {
            out = k;
            beyond = at.tail;
        } else {
            kept = k;
            tail = at.tail;
        }
    }
    return (struct exact_bound){kept, alpha, tail, beyond};
}

struct exact_bound exact_bound_lower(uint64_t population, uint64_t drawn, uint64_t seen,
                                     double alpha)
{
    /* At least x relevant drawn is at most n - x irrelevant drawn, and K = N - irrelevant. */
    struct exact_bound bound = exact_bound_upper(population, drawn, drawn - seen, alpha);
    bound.value = population - bound.value;
    return bound;
}
