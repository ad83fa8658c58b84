/* Queries that find some of the same in the text: see slots_shared.h. */
#include "queries/slots_shared.h"

#include "queries/slots_joint.h"
#include "queries/slots_query.h"
#include "queries/slots_same.h"
#include "queries/tally_unions.h"
#include "queries/told_kind.h"
#include "queries/told_plan.h"
#include "queries/told_population.h"

/* The own table of query NUMBER; SIZE_MAX where it is no such query, or has none. */
static size_t table_of(const struct plan *plan, size_t number, const struct tally *tally)
{
    const struct plan_query *query = &plan->queries[number];
    size_t numbers[TOLD_QUERY_TABLES_MAX];
    return slots_query_is_one(query) &&
                   told_kind_tables(told_kind_find(query->kind), plan, number, tally, numbers)
               ? numbers[0]
               : SIZE_MAX;
}

static enum status tie_all(const struct tally_source *source, struct slots_queries *queries,
                           bool new_only, struct tally *tally, struct error *err)
{
    if (queries->count < 2)
        return STATUS_OK;
    TRY(slots_queries_place(queries, source, err));
    TRY(slots_same(queries, new_only, tally, err));
    return slots_joint(source, queries, new_only, tally, err);
}

enum status slots_share(const struct tally_source *source, struct tally *tally, struct error *err)
{
    const struct plan *plan = source->plan;
    const struct told_wish population = told_wish_of_plan(plan);
    struct slots_queries queries;
    enum status status = STATUS_OK;
    slots_queries_init(&queries);
    for (size_t i = 0; i < plan->query_count; i++) {
        size_t table = table_of(plan, i, tally);
        if (table != SIZE_MAX)
            TRY_CLEANUP(
                slots_queries_add(&queries, &plan->queries[i], i, table, &population, false, err));
    }
    status = tie_all(source, &queries, false, tally, err);
cleanup:
    slots_queries_release(&queries);
    return status;
}

/* ---- with earlier reports ---- */

static struct told_wish population_of(const struct told_tying *tying, size_t number)
{
    const struct told_days days = told_plan_days(tying->told, number);
    return (struct told_wish){days.from, days.to, days.filters, days.filter_count};
}

/* Queries of all populations are tied. */
static bool is_there(const struct told_tying *tying, size_t number)
{
    return tying->asked[number] || tying->others[number];
}

/* What is hidden of each query that was counted anew. */
static enum status unite_anew(const struct told_tying *tying, struct error *err)
{
    const struct plan *plan = &tying->told->plan;
    struct told_population population;
    enum status status = STATUS_OK;
    told_population_init(&population, tying->source);
    for (size_t i = tying->told->own->query_count; i < plan->query_count; i++) {
        const struct told_wish wish = population_of(tying, i);
        const struct tally_source *source;
        if (!is_there(tying, i) || !slots_query_is_one(&plan->queries[i]))
            continue;
        TRY_CLEANUP(told_population_source(&population, &wish, &source, err));
        TRY_CLEANUP(tally_union_of(source, tying->tally, i, err));
    }
cleanup:
    told_population_release(&population);
    return status;
}

enum status told_tie_slots(const struct told_tying *tying, struct error *err)
{
    const struct plan *plan = &tying->told->plan;
    struct slots_queries queries;
    enum status status = STATUS_OK;
    slots_queries_init(&queries);
    TRY_CLEANUP(unite_anew(tying, err));
    for (size_t i = 0; i < plan->query_count; i++) {
        const struct told_wish population = population_of(tying, i);
        size_t table = is_there(tying, i) ? table_of(plan, i, tying->tally) : SIZE_MAX;
        if (table != SIZE_MAX)
            TRY_CLEANUP(slots_queries_add(&queries, &plan->queries[i], i, table, &population,
                                          i >= tying->told->own->query_count, err));
    }
    status = tie_all(tying->source, &queries, true, tying->tally, err);
cleanup:
    slots_queries_release(&queries);
    return status;
}
