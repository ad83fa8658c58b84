/*
 * What identifiers and regular expressions are found in a conversation, counted turn by turn for
 * the queries of a question set.
 *
 * An identifier counts once where it stands. Of a regular expression the occurrences in a turn are
 * counted by its matches in the order of their ends: a match that begins before the one before it
 * ended belongs to the same occurrence. Where beginnings are not known (regex_set_finds_starts), an
 * end that is one character after the one before belongs to the same occurrence.
 */
#ifndef PROFFER_FOUND_COUNTER_H
#define PROFFER_FOUND_COUNTER_H

#include "base/error.h"
#include "base/span.h"
#include "queries/question_set.h"
#include "queries/text/text_hit.h"

#include <stddef.h>
#include <stdint.h>

struct found_counter;

/* For one thread; SET outlives it. NULL without memory. */
struct found_counter *found_counter_new(const struct question_set *set)
    __attribute__((warn_unused_result));
void found_counter_free(struct found_counter *counter);

void found_counter_begin(struct found_counter *counter);
/* The next turn; TEXT is valid UTF-8. */
PROFFER_MUST_USE enum status found_counter_turn(struct found_counter *counter, enum text_side side,
                                                uint32_t exchange, struct span text,
                                                struct error *err);
/* The hits, numbered as the set's identifier_refs and pattern_refs; valid until the next begin. */
void found_counter_identifiers(struct found_counter *counter, const struct text_hit **hits,
                               size_t *count);
void found_counter_patterns(struct found_counter *counter, const struct text_hit **hits,
                            size_t *count);

#endif
