/*
 * A population filter written into a frame, so that the frame's rows can be found again later:
 *
 *     { "from": "2022-12-01", "to": null,
 *       "filters": [ { "exclude": true, "field": "account", "in": ["business"] },
 *                    { "exclude": true, "field": "user", "count": 2, "sha256": "..." } ] }
 *
 * Canonical: filters in bytewise order of their text, values sorted. Names of users and ids of
 * records stay out: such a list is there as its digest, and holds again where the plan has the same
 * list.
 */
#ifndef PROFFER_FRAME_FILTER_H
#define PROFFER_FRAME_FILTER_H

#include "base/error.h"
#include "base/json_read.h"
#include "queries/plan.h"

/* The canonical text of PLAN's filter, compact JSON; the caller frees it. */
PROFFER_MUST_USE enum status frame_filter_text(const struct plan *plan, char **text,
                                               struct error *err);

/* Checks a filter as it stands in a frame and makes its canonical text; the caller frees it. */
PROFFER_MUST_USE enum status frame_filter_check(const struct json_node *node, char **text,
                                                struct error *err);

/*
 * Fills only `arena` and `population` of *OUT from a canonical TEXT, with the fields of PLAN's
 * logs; lists of users and ids are PLAN's own. STATUS_PLAN where PLAN lacks a field or such a list.
 * PLAN must outlive *OUT; release its arena, also on failure.
 */
PROFFER_MUST_USE enum status frame_filter_plan(const char *text, const struct plan *plan,
                                               struct plan *out, struct error *err);

#endif
