/*
 * Confidence sets for the number of relevant units in a population, from a simple random sample.
 *
 * Methods are rows of one table, each with its guarantee and its source, so that help texts, the
 * methods sheet and `bound` are generated from it.
 */
#ifndef PROFFER_INTERVAL_H
#define PROFFER_INTERVAL_H

#include "base/error.h"
#include "stats/anytime.h"
#include "stats/exact_bound.h"

#include <stddef.h>
#include <stdint.h>

/* What a simple random sample without replacement showed. */
struct sample_counts {
    uint64_t population; /* N: the units that it was drawn from */
    uint64_t drawn;      /* n <= N: all of them, the unreadable ones too */
    uint64_t relevant;   /* x: labelled relevant */
    uint64_t unreadable; /* u: label missing or unreadable; x + u <= n */
};

/* STATUS_PLAN with a text that names the impossible count. */
enum status sample_counts_check(const struct sample_counts *sample,
                                struct error *err) PROFFER_MUST_USE;

/* Numbers of relevant units, both ends included. */
struct interval {
    uint64_t low, high;
};

/*
 * What a method answers. Unreadable units are bounded both ways: `low` takes none of them as
 * relevant, `high` all of them. A certificate stands for each end that the method bounds by a
 * hypergeometric tail; the open end of a one-sided method is what is logically possible (at least x
 * relevant, at most N - (n - x - u)) and has no certificate.
 */
struct interval_result {
    struct interval count;
    double share_low, share_high; /* of N; count / N for the exact methods; both 0 where N is 0 */
    bool low_certified, high_certified;
    struct exact_bound low_certificate;  /* P(X >= x | low), P(X >= x | low - 1) */
    struct exact_bound high_certificate; /* P(X <= x + u | high), P(X <= x + u | high + 1) */
};

enum interval_guarantee {
    INTERVAL_EXACT,      /* covers at least its level whatever the number relevant is */
    INTERVAL_APPROXIMATE /* may cover less; the summary says where */
};

struct interval_method {
    const char *name;    /* as in plans and --json: "equal-tailed" */
    const char *title;   /* as in reports */
    const char *summary; /* one sentence: what is guaranteed, under which assumption */
    const char *source;  /* citation */
    const char *formula; /* the ends, for x relevant and u unreadable of n drawn; K is the number
                            relevant in the population */
    enum interval_guarantee guarantee;
    const char *low_test,
        *high_test; /* what the certificates' tails are; "" where there are none */
    /* STATUS_PLAN for an impossible sample or level; *OUT is then untouched. */
    enum status (*compute)(const struct sample_counts *sample, double confidence,
                           struct interval_result *out, struct error *err);
};

/* The table; *COUNT is its length. The first row is the default method. */
const struct interval_method *interval_method_list(size_t *count);

/*
 * The method of that name, or NULL. Names: "equal-tailed", "blaker", "upper", "lower", "anytime",
 * "clopper-pearson", "wilson", "agresti-coull", "jeffreys".
 */
const struct interval_method *interval_method_find(const char *name);

/*
 * The exact sets, as the table has them. CONFIDENCE in (0, 1); above 1/2 for Blaker's, whose
 * certificates hold acceptabilities (blaker.h). The approximate ones are in interval_approximate.h.
 */
enum status interval_equal_tailed(const struct sample_counts *sample, double confidence,
                                  struct interval_result *out, struct error *err) PROFFER_MUST_USE;
enum status interval_upper(const struct sample_counts *sample, double confidence,
                           struct interval_result *out, struct error *err) PROFFER_MUST_USE;
enum status interval_lower(const struct sample_counts *sample, double confidence,
                           struct interval_result *out, struct error *err) PROFFER_MUST_USE;

enum status interval_blaker(const struct sample_counts *sample, double confidence,
                            struct interval_result *out, struct error *err) PROFFER_MUST_USE;

/* Anytime-valid with the prior given (anytime.h); the table's row has the even one, Beta(1, 1). */
enum status interval_anytime(const struct sample_counts *sample, struct anytime_prior prior,
                             double confidence, struct interval_result *out,
                             struct error *err) PROFFER_MUST_USE;

#endif
