/*
 * What each option of a proposals query finds: conversations that meet all its conditions, with
 * their exchanges, users and words; and what the labelled sample of a relevance query shows of it.
 */
#ifndef PROFFER_TALLY_PROPOSALS_H
#define PROFFER_TALLY_PROPOSALS_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/tally_source.h"
#include "queries/unit_set.h"

#include <stddef.h>

/* Adds the conversations of OPTION to SET, which is empty; UNITS are conversations. */
PROFFER_MUST_USE enum status proposals_select(struct unit_set *set, const struct units *units,
                                              const struct tally_source *source,
                                              const struct plan_option *option, struct error *err);

PROFFER_MUST_USE enum status tally_proposals(const struct tally_source *source, size_t query,
                                             struct tally *tally, struct error *err);

#endif
