/*
 * What labelled samples tell the size of: the conversations, or users, that labels call irrelevant,
 * and all others that were drawn, of each stratum and of all of them, as far as these numbers are
 * cells (tally_labels.h).
 */
#ifndef PROFFER_TOLD_LABELS_H
#define PROFFER_TOLD_LABELS_H

#include "base/error.h"
#include "queries/told_sets.h"

PROFFER_MUST_USE enum status told_labels_add(struct told_sets *sets, struct error *err);

#endif
