/* What would turn the verdict on a claim: more labels, wrong ones, unreadable units. */
#ifndef PROFFER_ANSWER_CLAIM_NOTES_H
#define PROFFER_ANSWER_CLAIM_NOTES_H

#include "report/answers/answer_sample.h"
#include "stats/claim.h"

/* Notes on TABLE, of the test over the population. */
PROFFER_MUST_USE enum status claim_note_turning(struct answer *answer, struct result_table *table,
                                                const struct answer_sample *sample,
                                                const struct claim_result *test, struct error *err);
PROFFER_MUST_USE enum status claim_note_errors(struct answer *answer, struct result_table *table,
                                               const struct answer_sample *sample,
                                               const struct claim_result *test, struct error *err);

/* The same in a few words, with the labels that are needed; NULL without memory. */
const char *claim_change_words(struct answer *answer, const struct answer_sample *sample,
                               const struct claim_result *test);

#endif
