/* Sets of what nothing is found in: see told_none.h. */
#include "queries/told_none.h"

#include "queries/query_terms.h"

/* The row of conversations without a term, or without a topic; UINT32_MAX: there is none. */
static uint32_t none_row(const struct plan_query *query)
{
    uint32_t slots = (uint32_t)query_term_slots(query);
    if (query->kind == QUERY_TERMS)
        return slots + 1; /* after that of any term */
    return query->kind == QUERY_TOPICS && query->topic_count ? slots : UINT32_MAX;
}

enum status told_none_add(struct told_sets *d, size_t number, struct error *err)
{
    const struct plan_query *query = &d->source->plan->queries[number];
    size_t table = told_sets_table(d, number), found = d->count;
    uint32_t row = none_row(query), slots = (uint32_t)query_term_slots(query);
    struct told_set *told = NULL;
    if (table == d->tally->table_count || row >= d->tally->tables[table].row_count)
        return STATUS_OK;
    TRY(told_sets_add(d, table, number, row, &told, err));
    for (size_t p = 0; p < told->set.parts; p++)
        bitmap_or(told->set.rows[p], d->units.rows[p]);
    for (size_t i = 0; i < found; i++)
        for (size_t p = 0; d->items[i].table == table && d->items[i].query == number &&
                           d->items[i].row < slots && p < told->set.parts;
             p++)
            bitmap_andnot(told->set.rows[p], d->items[i].set.rows[p]);
    return STATUS_OK;
}

enum status told_none_add_any_topic(struct told_sets *d, size_t number, struct error *err)
{
    const struct plan_query *query = &d->source->plan->queries[number];
    size_t table = told_sets_table(d, number);
    uint32_t row = none_row(query);
    struct told_set *told = NULL;
    if (query->kind != QUERY_TOPICS || !query->multi_label || row == UINT32_MAX ||
        table == d->tally->table_count)
        return STATUS_OK;
    TRY(told_sets_add(d, table, number, row, &told, err));
    told->rest = true;
    told->column[TOLD_USERS] = TOLD_NOWHERE;
    for (size_t i = 0; i + 1 < d->count; i++)
        for (size_t p = 0; d->items[i].table == table && d->items[i].query == number &&
                           d->items[i].row < row && p < told->set.parts;
             p++)
            bitmap_or(told->set.rows[p], d->items[i].set.rows[p]);
    return STATUS_OK;
}
