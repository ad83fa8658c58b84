/*
 * Searches and options that are judged by the same labels: where more than a tenth is drawn of what
 * one found, its number of relevant units is a cell (release/gate.c), and beside that of another
 * one whose relevant units it found, too, it tells how many relevant and irrelevant units lie
 * between. If these are of few users, the other one's numbers are withheld.
 */
#ifndef PROFFER_TALLY_SEARCHES_H
#define PROFFER_TALLY_SEARCHES_H

#include "base/error.h"
#include "queries/tally.h"

#include <stdint.h>

/* After all samples: sets tally_sample.differs. */
PROFFER_MUST_USE enum status tally_searches(struct tally *tally, uint32_t min_users,
                                            struct error *err);

#endif
