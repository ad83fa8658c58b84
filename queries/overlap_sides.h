/*
 * On which sides together: conversations (exchanges, users) that share runs are told by side and on
 * any side. How many have them on just these sides is a hidden figure each; every figure told is a
 * sum of them.
 *
 *     prompts = P + PS + PO + PSO      (S: prompt-supplied, O: model-originated)
 *     anywhere = P + S + O + PS + PO + SO + PSO
 */
#ifndef PROFFER_OVERLAP_SIDES_H
#define PROFFER_OVERLAP_SIDES_H

#include "base/error.h"
#include "queries/overlap_relations.h"
#include "queries/tally.h"

#include <stddef.h>

/* A mask has bit 1 << (view - VIEW_PROMPT) of each side. */
enum { SIDE_MASKS = 1 << (OVERLAP_VIEWS - VIEW_PROMPT) };

/* Where it is told of each view: figures that add up to it. */
struct side_places {
    const struct tally_place *of[OVERLAP_VIEWS]; /* [count], each of sign 1 */
    size_t count;
};

/* CELLS[SIDE_MASKS] are those with just these sides; that of no side is not looked at. */
PROFFER_MUST_USE enum status overlap_tie_sides(struct tally *tally, const struct tally_cell *cells,
                                               const struct side_places *told, struct error *err);

#endif
