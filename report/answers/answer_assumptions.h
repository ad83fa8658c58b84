/*
 * Assumptions of the plan, and what of the burden follows from them. Internal to report/answers.
 */
#ifndef PROFFER_ANSWER_ASSUMPTIONS_H
#define PROFFER_ANSWER_ASSUMPTIONS_H

#include "report/answers/answer.h"

/* The table of the plan's assumptions, if it has any. */
PROFFER_MUST_USE enum status answer_assumptions(struct answer *answer, struct error *err);

/*
 * Hours and money of reviewing what each option of the proposals query finds, and the whole
 * population: a table ID.burden. FIGURES are the query's; it has a pace and a rate, pace above 0.
 */
PROFFER_MUST_USE enum status answer_burden(struct answer *answer, size_t query,
                                           const struct figure_table *figures, struct error *err);

#endif
