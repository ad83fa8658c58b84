/*
 * What further columns of a search term report tell the size of: conversations that one term alone
 * hits, that it adds to the terms above it, and that it hits in prompts or in outputs alone.
 */
#ifndef PROFFER_TOLD_TERM_COLUMNS_H
#define PROFFER_TOLD_TERM_COLUMNS_H

#include "base/error.h"
#include "queries/told_sets.h"

#include <stddef.h>

/* Adds those of query NUMBER, which is one of up to TOLD_ROWS_MAX terms; what each of them hits is
 * there. */
PROFFER_MUST_USE enum status told_term_columns_add(struct told_sets *sets, size_t number,
                                                   struct error *err);

#endif
