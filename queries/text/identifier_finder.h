/*
 * Finding identifiers in a text: marks (identifier_marks.h) say where one may be, and the kinds'
 * own checks (identifier.h) whether one is. Of two that overlap the first one found counts,
 * whatever kinds are asked for, so that the number of one kind does not depend on which others are
 * asked.
 *
 * The steps at a mark are bounded, so that the time is linear in the text whatever it holds.
 */
#ifndef PROFFER_IDENTIFIER_FINDER_H
#define PROFFER_IDENTIFIER_FINDER_H

#include "base/span.h"
#include "queries/text/identifier.h"
#include "queries/text/identifier_marks.h"

#include <stdbool.h>
#include <stdint.h>

struct identifier_finder {
    identifier_mark *mark;
    bool examples; /* also those that are set aside for examples */
};

/* PORTABLE asks for the path that every processor has. */
void identifier_finder_init(struct identifier_finder *finder, bool examples, bool portable);

/* Told of each identifier in the order of the text. */
typedef void identifier_found(void *context, enum identifier_kind kind,
                              struct identifier_place place);

/* TEXT is UTF-8. Returns the number of checks that marks led to: at most five a byte. */
uint64_t identifier_finder_text(const struct identifier_finder *finder, struct span text,
                                identifier_found *found, void *context);

#endif
