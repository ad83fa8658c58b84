/* Tables beside a relevance estimate: reviewers' agreement, changed labels, and the quality of a
 * search. */
#ifndef PROFFER_ANSWER_JUDGEMENT_H
#define PROFFER_ANSWER_JUDGEMENT_H

#include "report/answers/answer_sample.h"

/* "ID.agreement", where units were labelled by several reviewers. */
PROFFER_MUST_USE enum status answer_agreement(struct answer *answer, size_t query,
                                              const struct answer_sample *sample,
                                              struct error *err);

/* "ID.changes", where the plan names the labels of an earlier report. */
PROFFER_MUST_USE enum status answer_changes(struct answer *answer, size_t query,
                                            const struct answer_sample *sample, struct error *err);

/* "ID.search": recall, precision, F1 and elusion of the search that the relevance query names. */
PROFFER_MUST_USE enum status answer_search_quality(struct answer *answer, size_t query,
                                                   const struct answer_sample *sample,
                                                   struct error *err);

/* What bounds of several ratios at once rest on, as a note on TABLE. */
PROFFER_MUST_USE enum status answer_note_joint(struct answer *answer, struct result_table *table,
                                               struct error *err);

#endif
