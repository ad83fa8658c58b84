/* The term slots of a query: see query_terms.h. */
#include "queries/query_terms.h"

size_t query_term_slots(const struct plan_query *query)
{
    return query->kind == QUERY_TOPICS ? query->topic_count : query->term_count;
}

bool query_reads_text(const struct plan_query *query)
{
    return query_term_slots(query) > 0 || query->kind == QUERY_OVERLAP;
}

const struct plan_term *query_term(const struct plan_query *query, size_t slot)
{
    return query->kind == QUERY_TOPICS ? &query->topics[slot].term : &query->terms[slot];
}

const char *query_slot_name(const struct plan_query *query, size_t slot)
{
    return query->kind == QUERY_TOPICS ? query->topics[slot].name : query->terms[slot].name;
}
