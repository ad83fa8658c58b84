/*
 * One part being scanned: a stream that hands out batches, and a builder that takes the fragments
 * back in order.
 */
#ifndef PROFFER_SCAN_JOB_H
#define PROFFER_SCAN_JOB_H

#include "base/error.h"
#include "queries/fragment.h"
#include "queries/question_set.h"
#include "queries/reader_pool.h"
#include "queries/scan.h"

#include <stdbool.h>
#include <stddef.h>

struct scan_job;

/* What a job needs of the scan; all of it outlives the job. */
struct scan_context {
    const struct plan *plan;
    struct scan_state *state;
    bool stop_on_error;
    bool list_words; /* that terms match */
};

/* Opens part PART for QUESTIONS (their hits are written), whose READERS outlive the job, and its
 * base columns if BASE. */
PROFFER_MUST_USE enum status scan_job_open(struct scan_job **job,
                                           const struct scan_context *context, size_t part,
                                           bool base, const struct question_set *questions,
                                           struct reader_pool *readers, struct error *err);
void scan_job_free(struct scan_job *job);

/* Takes the next batch, from any thread. *END: there is none left. */
PROFFER_MUST_USE enum status scan_job_next(struct scan_job *job, struct log_batch *batch, bool *end,
                                           struct error *err);

const struct format_type *scan_job_format(const struct scan_job *job);

/* A reader for one batch, from any thread; it goes back before the batch's fragment does, for what
 * it lists is this part's alone. */
PROFFER_MUST_USE enum status scan_job_borrow(struct scan_job *job, struct text_reader **reader,
                                             struct error *err);
void scan_job_return(struct scan_job *job, struct text_reader *reader);

/*
 * Gives a finished fragment back (and takes ownership). *LAST becomes true for the caller that
 * completed the part; it must call scan_job_finish.
 */
PROFFER_MUST_USE enum status scan_job_take(struct scan_job *job, struct fragment *fragment,
                                           bool *last, struct error *err);

/* Says that no batch is left to take. True for the caller that must call scan_job_finish: all of
 * them may be back by then. */
bool scan_job_ended(struct scan_job *job);

/* Writes the segments. */
PROFFER_MUST_USE enum status scan_job_finish(struct scan_job *job, struct error *err);

#endif
