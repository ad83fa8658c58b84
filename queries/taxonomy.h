/*
 * A taxonomy file: topics in order, each with a rule in the term language or none.
 *
 *     { "proffer_taxonomy": 1, "title": "...", "source": "...", "assign": "first",
 *       "within": "conversation",
 *       "groups": [ { "name": "Writing", "topics": [ { "name": "Translation", "term": "..." } ] } ]
 * }
 *
 * or "topics" directly instead of "groups". A topic whose term is null is named in tables and never
 * assigned. Names of topics are unique in the file. A rule that does not parse is always an error:
 * a table with one rule missing would mislead.
 */
#ifndef PROFFER_TAXONOMY_H
#define PROFFER_TAXONOMY_H

#include "queries/plan_parts.h"

/* Reads the file that NODE names into QUERY: topics, titles, multi_label, within. */
PROFFER_MUST_USE enum status taxonomy_read(struct plan_reader *reader, const struct json_node *node,
                                           struct plan_query *query);

#endif
