/*
 * Shares estimated with the help of what is known of every unit: a rule's prediction (a topic, what
 * a search found), known for all N units and set against the labels of the drawn ones. Approximate,
 * where the exact bounds beside them are not; narrower where the rule predicts well.
 */
#ifndef PROFFER_ANSWER_ASSISTED_H
#define PROFFER_ANSWER_ASSISTED_H

#include "report/answers/answer_sample.h"

enum assisted_estimator {
    ASSISTED_DIFFERENCE,     /* the predicted number, and the sample's mean of label - prediction */
    ASSISTED_POST_STRATIFIED /* the labels' mean in each predicted group, weighted by its size */
};

/*
 * The share of units with the label that the search sample F (its parts released) counts as
 * relevant. Undecided units are taken as irrelevant for the low end and as relevant for the high
 * one. OUT is not defined where nothing is predicted, labels are checked, the design has no
 * standard error, or the sample shows no variation to estimate it from.
 */
PROFFER_MUST_USE enum status answer_assisted_share(const struct figure_sample *f,
                                                   enum assisted_estimator estimator,
                                                   double confidence, struct ratio_bounds *out,
                                                   struct error *err);

/* What these estimates are, as a note on TABLE. */
PROFFER_MUST_USE enum status answer_note_assisted(struct answer *answer, struct result_table *table,
                                                  struct error *err);

#endif
