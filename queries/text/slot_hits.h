/*
 * Counting what was found in a conversation, turn by turn, into text_hits: for what is found in a
 * message by itself (identifiers, regular expressions).
 *
 *     slot_hits_begin, then slot_hits_add as things are found, turn after turn, then slot_hits_end
 */
#ifndef PROFFER_SLOT_HITS_H
#define PROFFER_SLOT_HITS_H

#include "base/error.h"
#include "queries/text/text_hit.h"

#include <stddef.h>
#include <stdint.h>

struct slot_hits;

/* For things numbered from 0 to SLOTS - 1. NULL without memory. */
struct slot_hits *slot_hits_new(size_t slots) __attribute__((warn_unused_result));
void slot_hits_free(struct slot_hits *hits);

void slot_hits_begin(struct slot_hits *hits);
/* SLOT was found COUNT times (at least once) more in turn TURN (not descending), which is on SIDE
 * and in exchange EXCHANGE (not descending). */
PROFFER_MUST_USE enum status slot_hits_add(struct slot_hits *hits, uint32_t slot, uint32_t turn,
                                           enum text_side side, uint32_t exchange, uint32_t count,
                                           struct error *err);
/* *OUT has what was found, by ascending slot; valid until the next slot_hits_begin. */
void slot_hits_end(struct slot_hits *hits, const struct text_hit **out, size_t *count);

#endif
