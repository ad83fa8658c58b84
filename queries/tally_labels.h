/*
 * How many drawn units labels call irrelevant, and how many they leave, as figures that the gate
 * judges like those of tables: of each stratum of which more than a tenth was drawn and labels call
 * any relevant, and of all these together. (Of less nobody knows which units were drawn;
 * where none is relevant the rest is what chance drew.) An untold table of each sample has them:
 *
 *     row           of
 *     2 h           stratum h: relevant, overturned by a check, or not decided
 *     2 h + 1       stratum h: irrelevant, as they are taken in the end
 *     the last two  all strata that are so, together
 *
 * What is not decided tells of reviewers, not of users, and so is left with what is relevant, whose
 * users count.
 *
 * The gate shows a sample's numbers where it shows these (tally_sample.labels). Strata add up, and
 * what a search found and left adds up to the sample itself.
 *
 * Of conversations and users as units; exchanges are left out.
 */
#ifndef PROFFER_TALLY_LABELS_H
#define PROFFER_TALLY_LABELS_H

#include "base/error.h"
#include "queries/tally.h"

#include <stdbool.h>
#include <stddef.h>

/* After all samples are there. */
PROFFER_MUST_USE enum status tally_labels(struct tally *tally, struct error *err);

#endif
