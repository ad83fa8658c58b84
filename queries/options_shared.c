/* Options that tell of the same: see options_shared.h. */
#include "queries/options_shared.h"

#include "queries/option_alike.h"
#include "queries/overlap_relations.h"
#include "queries/period_label.h"
#include "queries/tally_ties.h"

#include <string.h>

enum { COLUMNS = 4, USERS = 2 }; /* of a table of options (tally_proposals.c) */

/* The table of that id, or the tally's count. */
static size_t find_table(const struct tally *tally, size_t number, const char *id)
{
    size_t table = 0;
    while (table < tally->table_count &&
           (tally->tables[table].query != number || strcmp(tally->tables[table].id, id) != 0))
        table++;
    return table;
}

bool options_report_find(struct options_report *report, const struct plan *plan, size_t number,
                         const struct tally *tally)
{
    const struct plan_query *query = &plan->queries[number];
    *report = (struct options_report){.query = query,
                                      .table = find_table(tally, number, query->id),
                                      .from = plan->population.from,
                                      .to = plan->population.to,
                                      .filters = plan->population.filters,
                                      .filter_count = plan->population.filter_count};
    return query->kind == QUERY_PROPOSALS && report->table < tally->table_count;
}

/* ---- two options ---- */

struct sharing {
    const struct plan *plan;
    struct tally *tally;
    struct places places;
};

static enum status tie(struct sharing *s, struct tally_place less, struct tally_place more,
                       bool at_most, struct error *err)
{
    less.sign = 1;
    more.sign = -1;
    TRY(places_add(&s->places, less, err));
    TRY(places_add(&s->places, more, err));
    return places_bind(&s->places, s->tally, at_most, err);
}

static struct option_asked asked_of(const struct options_report *report, size_t option)
{
    return option_asked_of(&report->query->options[option], report->from, report->to);
}

static bool filters_within(const struct options_report *a, const struct options_report *b)
{
    return plan_filters_within(a->filters, a->filter_count, b->filters, b->filter_count);
}

/* Option I of A and K of B. What lies between two of one population is for their combinations, but
 * for the users. */
static enum status share_two(struct sharing *s, const struct options_report *a, size_t i,
                             const struct options_report *b, size_t k, struct error *err)
{
    const struct option_asked x = asked_of(a, i), y = asked_of(b, k);
    bool filters[2] = {filters_within(a, b), filters_within(b, a)};
    bool within[2] = {filters[0] && option_lies_in(s->plan, &x, &y),
                      filters[1] && option_lies_in(s->plan, &y, &x)};
    bool same = within[0] && within[1];
    bool apart = a->from != b->from || a->to != b->to || !filters[0] || !filters[1];
    if (!within[0] && !within[1])
        return STATUS_OK;
    for (uint32_t column = 0; column < COLUMNS; column++) {
        const struct tally_place of[] = {{(uint32_t)a->table, (uint32_t)i, column, 1},
                                         {(uint32_t)b->table, (uint32_t)k, column, 1}};
        if (same || apart || column == USERS)
            TRY(tie(s, of[!within[0]], of[within[0]], !same, err));
    }
    return STATUS_OK;
}

enum status options_share(const struct plan *plan, const struct options_report *a,
                          const struct options_report *b, struct tally *tally, struct error *err)
{
    struct sharing s = {.plan = plan, .tally = tally};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < a->query->option_count; i++)
        for (size_t k = a->table == b->table ? i + 1 : 0;
             status == STATUS_OK && k < b->query->option_count; k++)
            status = share_two(&s, a, i, b, k, err);
    places_release(&s.places);
    return status;
}

/* ---- users ---- */

static bool has_period(const struct options_report *report, const struct plan_option *option)
{
    return option->from > report->from || option->to < report->to;
}

/* The row of QUERY's first table that counts the users of OPTION, which asks for nothing else;
 * UINT32_MAX: there is none. */
static uint32_t row_of(const struct plan *plan, const struct plan_option *option, size_t *query)
{
    if (option->term_count) {
        *query = option->terms_query;
        if (option->term_count == 1)
            return option->terms[0];
        bool all = option->term_count == plan->queries[*query].term_count;
        return all ? (uint32_t)option->term_count : UINT32_MAX;
    }
    if (option->topic_count) {
        *query = option->topics_query;
        return option->topic_count == 1 ? option->topics[0] : UINT32_MAX;
    }
    *query = option->overlap_query;
    const struct plan_query *works = &plan->queries[*query];
    uint32_t bins = (uint32_t)works->bin_count;
    if (option->overlap_words == works->bins[0])
        return overlap_row(VIEW_ANYWHERE, bins, bins);
    return option->overlap_words == works->bins[bins - 1]
               ? overlap_row(VIEW_ANYWHERE, bins - 1, bins)
               : UINT32_MAX;
}

static uint32_t users_column(const struct tally_table *table)
{
    uint32_t column = 0;
    while (column < table->column_count && strcmp(table->columns[column].id, "users") != 0)
        column++;
    return column;
}

static enum status share_row(struct sharing *s, struct tally_place users,
                             const struct plan_option *option, const bool *used, struct error *err)
{
    size_t query;
    uint32_t row = row_of(s->plan, option, &query);
    if (row == UINT32_MAX || (used && !used[query]))
        return STATUS_OK;
    size_t number = find_table(s->tally, query, s->plan->queries[query].id);
    if (number == s->tally->table_count || row >= s->tally->tables[number].row_count)
        return STATUS_OK;
    uint32_t column = users_column(&s->tally->tables[number]);
    if (column == s->tally->tables[number].column_count)
        return STATUS_OK;
    return tie(s, users, (struct tally_place){(uint32_t)number, row, column, 1}, false, err);
}

/* Who has a conversation of a row whose days lie in the option's period has one of the option's;
 * of just these days, by that field alone, the other way round, too. */
static enum status share_times(struct sharing *s, struct tally_place users,
                               const struct options_report *report,
                               const struct option_asked *asked, uint32_t number, struct error *err)
{
    const struct tally_table *table = &s->tally->tables[number];
    uint32_t column = users_column(table);
    bool filters = plan_filters_same(table->filters, table->filter_count, report->filters,
                                     report->filter_count);
    if (!plan_filters_within(table->filters, table->filter_count, report->filters,
                             report->filter_count))
        return STATUS_OK;
    size_t field = 0;
    while (field < table->by_count && (table->by[field].kind == PLAN_FIELD_STORED ||
                                       table->by[field].kind == PLAN_FIELD_WEEKDAY))
        field++;
    if (field == table->by_count || column == table->column_count)
        return STATUS_OK;
    for (uint32_t row = 0; row + 1 < table->row_count; row++) {
        int64_t first, last;
        if (table->row_flags[row] & (TALLY_GONE | TALLY_CHANGED) ||
            !period_days(table->by[field].kind, table->key_values[row * table->key_count + field],
                         &first, &last))
            continue;
        first = first > table->from ? first : table->from;
        last = last < table->to ? last : table->to;
        if (first < asked->from || last > asked->to)
            continue;
        bool same = filters && first == asked->from && last == asked->to && table->by_count == 1;
        TRY(tie(s, (struct tally_place){number, row, column, 1}, users, !same, err));
    }
    return STATUS_OK;
}

/* By all tables by times. */
static enum status share_period(struct sharing *s, struct tally_place users,
                                const struct options_report *report,
                                const struct option_asked *asked, struct error *err)
{
    for (uint32_t i = 0; i < s->tally->table_count; i++) {
        const struct tally_table *table = &s->tally->tables[i];
        if ((table->query != SIZE_MAX || table->told_before) && table->row_count > 1)
            TRY(share_times(s, users, report, asked, i, err));
    }
    return STATUS_OK;
}

enum status options_share_users(const struct plan *plan, const struct options_report *report,
                                const bool *used, struct tally *tally, struct error *err)
{
    struct sharing s = {.plan = plan, .tally = tally};
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < report->query->option_count; i++) {
        const struct plan_option *option = &report->query->options[i];
        const struct tally_place users = {(uint32_t)report->table, i, USERS, 1};
        const struct option_asked asked = option_asked_of(option, report->from, report->to);
        int others =
            (option->term_count > 0) + (option->topic_count > 0) + (option->overlap_words > 0);
        if (!others)
            status = share_period(&s, users, report, &asked, err);
        else if (others == 1 && !has_period(report, option))
            status = share_row(&s, users, option, used, err);
    }
    places_release(&s.places);
    return status;
}

enum status options_share_all(const struct plan *plan, struct tally *tally, struct error *err)
{
    struct options_report a, b;
    for (size_t i = 0; i < plan->query_count; i++) {
        if (!options_report_find(&a, plan, i, tally))
            continue;
        TRY(options_share_users(plan, &a, NULL, tally, err));
        for (size_t k = i; k < plan->query_count; k++)
            if (options_report_find(&b, plan, k, tally))
                TRY(options_share(plan, &a, &b, tally, err));
    }
    return STATUS_OK;
}
