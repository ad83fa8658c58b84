/*
 * A released sample as relevance and claim read it.
 */
#ifndef PROFFER_ANSWER_SAMPLE_H
#define PROFFER_ANSWER_SAMPLE_H

#include "report/answers/answer.h"
#include "stats/interval.h"

enum answer_sample_state {
    SAMPLE_NONE,     /* not drawn or not labelled */
    SAMPLE_WITHHELD, /* a number that the estimate needs is withheld */
    SAMPLE_THERE
};

struct answer_sample {
    enum answer_sample_state state;
    const struct figure_sample *figures; /* NULL for SAMPLE_NONE */
    struct sample_counts counts;         /* for SAMPLE_THERE */
};

/* The sample of the relevance query at index QUERY of the plan. */
struct answer_sample answer_sample_of(const struct answer *answer, size_t query);

/* Notes on TABLE: what to do where there is no sample; else where it is from. */
PROFFER_MUST_USE enum status answer_sample_notes(struct answer *answer, struct result_table *table,
                                                 const struct answer_sample *sample,
                                                 struct error *err);

/* null for SAMPLE_NONE, withheld for SAMPLE_WITHHELD; not to be called for SAMPLE_THERE. */
PROFFER_MUST_USE enum status answer_put_absent(struct answer *answer, struct result_table *table,
                                               const struct answer_sample *sample,
                                               struct error *err);

/* The interval method that the relevance query, or a claim's, asks for; the default without one. */
const struct interval_method *answer_interval_method(const struct plan_query *query);

/* Whether that method is the one that holds at every look. */
bool answer_is_anytime(const struct plan_query *query);

/* The bounds of COUNTS by that method at the query's confidence. */
PROFFER_MUST_USE enum status answer_interval(const struct plan_query *query,
                                             const struct sample_counts *counts,
                                             struct interval_result *out, struct error *err);

#endif
