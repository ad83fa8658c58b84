/*
 * Text readers of one question set, kept between parts: what a reader remembers of words is worth
 * keeping, and a part must have its readers for itself while the words that match in it are listed.
 */
#ifndef PROFFER_READER_POOL_H
#define PROFFER_READER_POOL_H

#include "base/error.h"
#include "queries/text_reader.h"

struct reader_pool;

/* NULL without memory. SET outlives the pool. */
struct reader_pool *reader_pool_new(const struct question_set *set)
    __attribute__((warn_unused_result));
void reader_pool_free(struct reader_pool *pool); /* with the readers that are back */

/* From any thread: a reader that is idle, or a new one. */
PROFFER_MUST_USE enum status reader_pool_take(struct reader_pool *pool, struct text_reader **reader,
                                              struct error *err);
void reader_pool_give(struct reader_pool *pool, struct text_reader *reader);

#endif
