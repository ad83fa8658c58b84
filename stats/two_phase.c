/*
 * Two-phase bounds: see two_phase.h.
 *
 * ln p1 rises and is concave in Y (the distribution function of a log-concave distribution is
 * log-concave), ln p2 falls and is concave in Y (see stratified.c), so the best Y is found by
 * bisecting on the sign of the difference. Both fall in K, so K is bisected too.
 */
#include "stats/two_phase.h"

#include "stats/exact_bound.h"
#include "stats/hypergeometric.h"
#include "stats/level.h"

#include <inttypes.h>
#include <math.h>

enum status label_check_check(const struct sample_counts *s, const struct label_check *c,
                              struct error *err)
{
    TRY(sample_counts_check(s, err));
    if (c->cleared > s->drawn - s->relevant - s->unreadable)
        return error_set(err, STATUS_PLAN, NULL,
                         "%" PRIu64 " cleared, %" PRIu64 " relevant and %" PRIu64
                         " unreadable are more than the %" PRIu64 " drawn",
                         c->cleared, s->relevant, s->unreadable, s->drawn);
    if (c->checked > c->cleared)
        return error_set(err, STATUS_PLAN, NULL,
                         "%" PRIu64 " checked are more than the %" PRIu64 " cleared", c->checked,
                         c->cleared);
    if (c->overturned > c->checked || c->unclear > c->checked - c->overturned)
        return error_set(err, STATUS_PLAN, NULL,
                         "%" PRIu64 " overturned and %" PRIu64 " unclear are more than the %" PRIu64
                         " checked",
                         c->overturned, c->unclear, c->checked);
    return STATUS_OK;
}

/* What is asked of either end; the low end is the high end of the irrelevant units. */
struct phases {
    bool all;
    uint64_t population, drawn; /* N, n */
    uint64_t seen;              /* x: relevant outside the cleared */
    uint64_t cleared, checked, overturned;
};

/* ln t with t (1 - ln t) = alpha: the product of two p-values that is rejected. */
static double combined_threshold(double alpha)
{
    double low = log(alpha) - 60, high = log(alpha);
    for (int i = 0; i < 200; i++) {
        double middle = (low + high) / 2;
        if (middle + log1p(-middle) > log(alpha))
            high = middle;
        else
            low = middle;
    }
    return low;
}

static double log_product(const struct phases *p, uint64_t relevant, uint64_t missed)
{
    struct hypergeometric first = {p->population, relevant, p->drawn};
    struct hypergeometric second = {p->cleared, missed, p->checked};
    return hypergeometric_log_tail_low(&first, p->seen + missed) +
           hypergeometric_log_tail_low(&second, p->overturned);
}

/* The greatest ln p1 p2 over all numbers of relevant units among the cleared. */
static double best_product(const struct phases *p, uint64_t relevant)
{
    /* At least as many must have been drawn, and at most so many were not checked. */
    uint64_t left = p->population - relevant;
    uint64_t must = p->drawn > left ? p->drawn - left : 0;
    uint64_t low = must > p->seen ? must - p->seen : 0;
    uint64_t high = p->cleared - p->checked + p->overturned;
    if (low < p->overturned)
        low = p->overturned;
    if (low > high)
        return -INFINITY;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (log_product(p, relevant, middle + 1) > log_product(p, relevant, middle))
            low = middle + 1;
        else
            high = middle;
    }
    return log_product(p, relevant, low);
}

/* The largest K that is not rejected at ALPHA. */
static uint64_t upper(const struct phases *p, double alpha)
{
    if (p->all)
        return exact_bound_upper(p->population, p->drawn, p->seen + p->overturned, alpha).value;
    if (p->drawn == p->population)
        return p->seen + exact_bound_upper(p->cleared, p->checked, p->overturned, alpha).value;
    double threshold = combined_threshold(alpha);
    /* One that is kept, for p1 = 1 and p2 = 1 where nothing more is relevant than was seen. */
    uint64_t kept = p->seen + p->overturned, rejected = p->population + 1;
    while (rejected - kept > 1) {
        uint64_t middle = kept + (rejected - kept) / 2;
        if (best_product(p, middle) > threshold)
            kept = middle;
        else
            rejected = middle;
    }
    return kept;
}

enum status two_phase_interval(const struct sample_counts *s, const struct label_check *c,
                               double confidence, struct interval *out, struct error *err)
{
    TRY(label_check_check(s, c, err));
    TRY(level_check(confidence, err));
    double alpha = level_alpha(confidence) / 2;
    uint64_t unclear = c->unclear + (c->all ? c->cleared - c->checked : 0);
    struct phases high = {.all = c->all,
                          .population = s->population,
                          .drawn = s->drawn,
                          .seen = s->relevant + s->unreadable,
                          .cleared = c->cleared,
                          .checked = c->all ? c->cleared : c->checked,
                          .overturned = c->overturned + unclear};
    /* Irrelevant units: those decided so outside the cleared, and among them all but the Y. */
    struct phases low = high;
    low.seen = s->drawn - c->cleared - s->relevant;
    low.overturned = high.checked - c->overturned;
    out->high = upper(&high, alpha);
    out->low = s->population - upper(&low, alpha);
    return STATUS_OK;
}
