/*
 * A JSON value as one line of text for matching, not for parsing: as JSON without spaces save one
 * after each ':' and ',', but strings stand as decoded, so that a search sees the words that a
 * reader would and not "\n" or "\u00e9".
 */
#ifndef PROFFER_JSON_TEXT_H
#define PROFFER_JSON_TEXT_H

#include "base/arena.h"
#include "base/span.h"
#include "queries/logs/dom.h"

#include <stdbool.h>

/* Into ARENA; false without memory. A number is its shortest text that reads back as the same. */
bool json_text(struct arena *arena, struct dom_node node, struct span *out);

#endif
