/* The tables of an overlap report, and what a reader knows to hold among their figures. */
#ifndef PROFFER_OVERLAP_RELATIONS_H
#define PROFFER_OVERLAP_RELATIONS_H

#include "base/error.h"
#include "queries/tally.h"

#include <stdint.h>

/*
 * The first table has for each side a row a bin of the longest run, then any run, then none; its
 * last row is everything. The first side is that of the longest run on any of the others.
 */
enum overlap_view { VIEW_ANYWHERE, VIEW_PROMPT, VIEW_SUPPLIED, VIEW_ORIGINATED, OVERLAP_VIEWS };

enum overlap_column { RUN_CONVERSATIONS, RUN_EXCHANGES, RUN_USERS, RUN_COLUMNS };

/* The row of bin BIN, of BINS, on a side; bin BINS is any run, BINS + 1 none. */
static inline uint32_t overlap_row(uint32_t view, uint32_t bin, uint32_t bins)
{
    return view * (bins + 2) + bin;
}

/* Words of prompts and of outputs, and how many of them runs hold. */
enum overlap_words { WORDS_ALL, WORDS_COVERED, WORDS_SUPPLIED, WORDS_ORIGINATED, WORDS_COLUMNS };
enum { WORDS_OF_PROMPTS, WORDS_OF_OUTPUTS, WORDS_ROWS };

/* Each work: conversations on any side and on each; then those with a run of each further bin. */
enum overlap_works_column {
    WORK_CONVERSATIONS,
    WORK_EXCHANGES,
    WORK_USERS,
    WORK_PROMPT,
    WORK_SUPPLIED,
    WORK_ORIGINATED,
    WORK_BINS /* the first of bins - 1 columns */
};

/* Each states relations that hold on the table's own numbers. */
PROFFER_MUST_USE enum status overlap_relate_runs(struct tally *tally, struct tally_table *table,
                                                 uint32_t bins, struct error *err);
PROFFER_MUST_USE enum status overlap_relate_words(struct tally *tally, struct tally_table *table,
                                                  struct error *err);
PROFFER_MUST_USE enum status overlap_relate_works(struct tally *tally, struct tally_table *table,
                                                  uint32_t bins, struct error *err);

#endif
