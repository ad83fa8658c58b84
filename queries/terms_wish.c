/* What cells of connected search term reports tell apart: see terms_wish.h. */
#include "queries/terms_wish.h"

#include "base/memory.h"
#include "queries/field_relation.h"

#include <stdlib.h>

/* Its number; that of none where there is none. */
static size_t find_period(const struct terms_wish *w, const struct cells_period *period)
{
    size_t i = 0;
    while (i < w->cells.period_count &&
           (w->periods[i].from != period->from || w->periods[i].to != period->to ||
            !plan_filters_same(w->periods[i].filters, w->periods[i].filter_count, period->filters,
                               period->filter_count)))
        i++;
    return i;
}

static size_t report_period(struct terms_wish *w, const struct terms_report *report)
{
    const struct cells_period period = {report->from, report->to, report->filters,
                                        report->filter_count};
    size_t number = find_period(w, &period);
    if (number == w->cells.period_count)
        w->periods[w->cells.period_count++] = period;
    return number;
}

/* The number of the groups by these fields; where there are none yet, ADD makes some, if there is
 * room. SIZE_MAX: there are none. */
static size_t find_groups(struct terms_wish *w, const struct cells_groups *of, bool add)
{
    size_t i = 0;
    while (i < w->cells.group_count &&
           (w->groups[i].period != of->period ||
            !fields_same(w->groups[i].by, w->groups[i].by_count, of->by, of->by_count)))
        i++;
    if (i == w->cells.group_count && (!add || i == CELLS_GROUPS_MAX))
        return SIZE_MAX;
    if (i == w->cells.group_count)
        w->groups[w->cells.group_count++] = *of;
    return i;
}

static size_t report_groups(struct terms_wish *w, const struct terms_report *report, size_t period)
{
    const struct cells_groups of = {report->query->by, report->query->by_count, period,
                                    report->query->id};
    return report->by == SIZE_MAX ? SIZE_MAX : find_groups(w, &of, true);
}

static size_t count_groups(struct terms_wish *w, const struct tally *tally, size_t number, bool add)
{
    const struct tally_table *table = &tally->tables[number];
    const struct cells_period period = {table->from, table->to, table->filters,
                                        table->filter_count};
    const struct cells_groups of = {table->by, table->by_count, find_period(w, &period), table->id};
    return !table->by_count || table->untold || of.period == w->cells.period_count
               ? SIZE_MAX
               : find_groups(w, &of, add);
}

size_t terms_wish_groups(struct terms_wish *w, const struct tally *tally, size_t number)
{
    return count_groups(w, tally, number, false);
}

/* Those of this report, or those of earlier ones. */
static void add_counts(struct terms_wish *w, const struct tally *tally, bool earlier)
{
    for (size_t i = 0; w->own_groups && i < tally->table_count; i++)
        if (!tally->tables[i].told_before == !earlier)
            (void)count_groups(w, tally, i, true);
}

enum status terms_wish_init(struct terms_wish *w, const struct connected_reports *of,
                            const struct tally *tally, struct error *err)
{
    size_t reports = of->report_count;
    *w = (struct terms_wish){.reports = reports};
    w->terms = mem_zalloc(of->term_count, sizeof *w->terms);
    w->periods = mem_zalloc(reports, sizeof *w->periods);
    w->period_of = mem_zalloc(reports, sizeof *w->period_of);
    w->groups = mem_zalloc(CELLS_GROUPS_MAX, sizeof *w->groups);
    w->groups_of = mem_zalloc(reports, sizeof *w->groups_of);
    if (!w->terms || !w->periods || !w->period_of || !w->groups || !w->groups_of)
        return error_nomem(err);
    for (size_t i = 0; i < of->term_count; i++)
        w->terms[i] =
            (struct cells_term){of->reports[of->terms[i].report]->number, of->terms[i].slot};
    for (size_t i = 0; i < reports; i++) {
        w->period_of[i] = report_period(w, of->reports[i]);
        w->groups_of[i] = report_groups(w, of->reports[i], w->period_of[i]);
    }
    w->own_groups = w->cells.group_count;
    add_counts(w, tally, false);
    w->now_groups = w->cells.group_count;
    add_counts(w, tally, true);
    w->cells.terms = w->terms;
    w->cells.term_count = of->term_count;
    w->cells.periods = w->periods;
    w->cells.groups = w->groups;
    return STATUS_OK;
}

void terms_wish_release(struct terms_wish *w)
{
    free(w->terms);
    free(w->periods);
    free(w->period_of);
    free(w->groups);
    free(w->groups_of);
}

void terms_wish_keep_groups(struct terms_wish *w, size_t count)
{
    w->cells.group_count = count;
    for (size_t i = 0; i < w->reports && !count; i++)
        w->groups_of[i] = SIZE_MAX;
}
