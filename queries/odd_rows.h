/* Conversations of a part that have something odd in them, as the scan noted. */
#ifndef PROFFER_ODD_ROWS_H
#define PROFFER_ODD_ROWS_H

#include "base/error.h"
#include "queries/catalogue/catalogue.h"
#include "queries/logs/conversation.h"

#include <stdint.h>

/* *ROWS of PART that have ODDITY, to be freed, or NULL if none was noted; *COUNTS is how often each
 * has it, in their order. */
PROFFER_MUST_USE enum status odd_rows_read(const struct catalogue_part *part, enum oddity oddity,
                                           struct bitmap **rows, const uint32_t **counts,
                                           struct error *err);

#endif
