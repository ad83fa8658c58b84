/* The term slots of a query: its terms, or the rules of its topics, in plan order. */
#ifndef PROFFER_QUERY_TERMS_H
#define PROFFER_QUERY_TERMS_H

#include "base/error.h"
#include "queries/plan.h"

#include <stdbool.h>
#include <stddef.h>

/* How many term slots a query has in its hits; 0 for kinds that need no text. */
size_t query_term_slots(const struct plan_query *query);
/* Does the scan look for something of it in the text? Then it has a segment in each part. */
bool query_reads_text(const struct plan_query *query);
/* The term in a slot. */
const struct plan_term *query_term(const struct plan_query *query, size_t slot);

/* Its name: the term's, or the topic's. */
const char *query_slot_name(const struct plan_query *query, size_t slot);

struct word_rules;
/* Parses the terms of a search term QUERY of PLAN, or the rules of its topics, of which there are
 * just names and sources, and fills its scan_digest; what is made is in the plan's arena. */
PROFFER_MUST_USE enum status query_terms_parse(struct plan *plan, const struct word_rules *rules,
                                               struct plan_query *query, struct error *err);

#endif
