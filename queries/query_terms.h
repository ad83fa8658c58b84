/* The term slots of a query: its terms, or the rules of its topics, in plan order. */
#ifndef PROFFER_QUERY_TERMS_H
#define PROFFER_QUERY_TERMS_H

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

#endif
