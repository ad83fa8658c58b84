/* What is looked for in common: see terms_wish.h. */
#include "queries/terms_wish.h"

#include "base/memory.h"
#include "queries/option_alike.h"
#include "queries/told_kind.h"

#include <stdlib.h>

void terms_wish_release(struct terms_wish *w)
{
    free(w->reports);
    free(w->options);
    *w = (struct terms_wish){.reports = NULL};
}

static enum status add_report(struct terms_wish *w, const struct terms_report *report, bool own,
                              struct error *err)
{
    struct terms_report *grown = mem_grow(w->reports, &w->capacity, w->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    w->reports = grown;
    grown[w->count++] = *report;
    w->own += own;
    return STATUS_OK;
}

static enum status add_options(struct terms_wish *w, const struct plan_query *query, size_t table,
                               const struct told_wish *of, struct error *err)
{
    for (uint32_t i = 0; i < query->option_count; i++) {
        const struct option_asked asked = option_asked_of(&query->options[i], of->from, of->to);
        if (asked.from > asked.to)
            continue;
        struct terms_option *grown =
            mem_grow(w->options, &w->option_capacity, w->option_count + 1, sizeof *grown);
        if (!grown)
            return error_nomem(err);
        w->options = grown;
        grown[w->option_count++] =
            (struct terms_option){.option = asked.option,
                                  .table = table,
                                  .row = i,
                                  .from = asked.from,
                                  .to = asked.to,
                                  .part = asked.from != of->from || asked.to != of->to,
                                  .filters = of->filters,
                                  .filter_count = of->filter_count};
    }
    return STATUS_OK;
}

enum status terms_wish_add(struct terms_wish *w, const struct plan *plan, size_t number,
                           const struct told_wish *population, bool own, const struct tally *tally,
                           struct error *err)
{
    const struct plan_query *query = &plan->queries[number];
    const struct told_kind *kind = told_kind_find(query->kind);
    size_t tables[TOLD_QUERY_TABLES_MAX];
    struct terms_report report;
    if (!kind || !told_kind_tables(kind, plan, number, tally, tables))
        return STATUS_OK;
    if (query->kind == QUERY_PROPOSALS)
        return add_options(w, query, tables[0], population, err);
    if (!slots_query_is_one(query))
        return STATUS_OK;
    if (!terms_report_find(&report, plan, number, tally))
        report = (struct terms_report){
            .query = query, .number = number, .own = tables[0], .pairs = SIZE_MAX, .by = SIZE_MAX};
    report.way = slots_way_of(query);
    report.from = population->from;
    report.to = population->to;
    report.filters = population->filters;
    report.filter_count = population->filter_count;
    return add_report(w, &report, own, err);
}

void terms_wish_note(struct terms_wish *w, const struct tally *tally)
{
    for (size_t i = 0; i < tally->table_count; i++) {
        const struct tally_table *table = &tally->tables[i];
        w->own_counts =
            w->own_counts || (table->by_count && !table->told_before && table->query != SIZE_MAX);
    }
}
