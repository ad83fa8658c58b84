/* Queries that earlier reports told, counted anew: see told_answers.h. */
#include "queries/told_answers.h"

#include "base/memory.h"
#include "queries/query_terms.h"
#include "queries/told_population.h"

#include <stdlib.h>
#include <string.h>

struct adding {
    const struct tally_source *source;
    const struct told_plan *told;
    const struct sha256 *key;
    struct tally *tally;
    uint64_t last;
    const char *report;
    struct tally_source all; /* of all that is told */
    struct told_population population;
};

/* ---- the tables of a query ---- */

enum status told_answers_of(struct told_query *told, const struct plan *plan, size_t number,
                            const struct tally *tally, size_t tables[static TOLD_QUERY_TABLES_MAX],
                            struct arena *arena, size_t *too_large, bool *any, struct error *err)
{
    const struct plan_query *query = &plan->queries[number];
    const struct told_kind *kind = told_kind_find(query->kind);
    *any = told_kind_takes(query) && told_kind_tables(kind, plan, number, tally, tables) &&
           query_term_slots(query) <= TOLD_QUERY_SLOTS_MAX;
    if (!*any)
        return STATUS_OK;
    *told = (struct told_query){.kind = kind,
                                .from = plan->population.from,
                                .to = plan->population.to,
                                .min_users = plan->release.min_users,
                                .query = *query};
    told->where.items = plan->population.filters;
    told->where.count = plan->population.filter_count;
    told->where.there =
        told_filters_are_plain(plan->population.filters, plan->population.filter_count);
    if (kind->refers)
        TRY(told_references_of(told, plan, arena, err));
    for (size_t i = 0; i < kind->table_count; i++) {
        if (tables[i] == SIZE_MAX)
            continue;
        const struct tally_table *table = &tally->tables[tables[i]];
        if (table->row_count > TOLD_TABLE_ROWS_MAX || table->column_count > TOLD_WIDE_COLUMNS_MAX) {
            tables[i] = SIZE_MAX;
            ++*too_large;
            continue;
        }
        told->tables[i].columns = table->column_count;
        told->tables[i].row_count = table->row_count;
        told->tables[i].rows = arena_zalloc(arena, table->row_count + 1, sizeof(struct told_row));
        if (!told->tables[i].rows)
            return error_nomem(err);
    }
    return STATUS_OK;
}

/* ---- what is as it was ---- */

/* Marks in SHOWN[row * column_count + column] what TOLD showed of TABLE and is still so; and what
 * it says of rows that are so, in SAME[row]. */
static enum status find_shown(const struct adding *a, const struct told_query *told, size_t which,
                              const struct tally_table *table, unsigned char *shown, bool *same,
                              struct error *err)
{
    const struct told_row *rows = told->tables[which].rows;
    bool all;
    enum status status = STATUS_OK;
    if (told->tables[which].columns != table->column_count)
        return STATUS_OK;
    uint32_t *row_of = mem_zalloc(table->row_count + 1, sizeof *row_of);
    struct told_row *now = mem_zalloc(table->row_count + 1, sizeof *now);
    if (!row_of || !now)
        TRY_CLEANUP(error_nomem(err));
    TRY_CLEANUP(told_rows_hash(table, a->key, TOLD_MARKS_WIDE, now, err));
    TRY_CLEANUP(told_rows_find(rows, told->tables[which].row_count, now, table, row_of, &all, err));
    for (size_t row = 0; row < table->row_count; row++)
        if (row_of[row])
            now[row].marks = rows[row_of[row] - 1].marks;
    TRY_CLEANUP(told_rows_hash(table, a->key, TOLD_MARKS_WIDE, now, err));
    for (size_t row = 0; row < table->row_count; row++) {
        if (!row_of[row] || now[row].shown != rows[row_of[row] - 1].shown ||
            now[row].marks & TOLD_ROW_GONE)
            continue;
        same[row] = true;
        for (size_t c = 0; c < table->column_count; c++)
            if (!(now[row].marks >> c & 1))
                shown[row * table->column_count + c] = 1;
    }
cleanup:
    free(row_of);
    free(now);
    return status;
}

static void widen_rules(struct tally_table *table, uint32_t min_users)
{
    if (min_users > table->highest_rule)
        table->highest_rule = min_users;
    if (!table->lowest_rule || min_users < table->lowest_rule)
        table->lowest_rule = min_users;
}

/* Marks what TOLD showed of query NUMBER's tables: of its own, or of those counted anew. */
static enum status mark_query(struct adding *a, const struct told_query *told, size_t number,
                              struct error *err)
{
    size_t numbers[TOLD_QUERY_TABLES_MAX];
    enum status status = STATUS_OK;
    if (!told_kind_tables(told->kind, &a->told->plan, number, a->tally, numbers))
        return STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < told->kind->table_count; i++) {
        if (numbers[i] == SIZE_MAX || !told->tables[i].columns)
            continue;
        struct tally_table *table = &a->tally->tables[numbers[i]];
        bool own = number < a->told->own->query_count;
        unsigned char **shown = own ? &table->known_before : &table->told_before;
        bool *same = mem_zalloc(table->row_count + 1, sizeof *same);
        if (!*shown)
            *shown = arena_zalloc(&a->tally->arena, table->row_count + 1, table->column_count);
        status =
            *shown && same ? find_shown(a, told, i, table, *shown, same, err) : error_nomem(err);
        for (size_t row = 0; status == STATUS_OK && row < table->row_count && !own; row++)
            if (same[row])
                table->row_flags[row] &= ~(unsigned)TALLY_UNKNOWN;
        if (!own)
            widen_rules(table, told->min_users);
        free(same);
    }
    return status;
}

/* ---- counting anew ---- */

/* Whether an item counts: it stood there before this report was made first, and is not its own. */
static bool is_told(const struct adding *a, const struct told_plan_query *item)
{
    return item->entry <= a->last && strcmp(item->told.report, a->report) != 0;
}

static bool is_asked(const struct adding *a, size_t number)
{
    for (size_t i = 0; i < a->told->count; i++)
        if (a->told->items[i].number == number && is_told(a, &a->told->items[i]))
            return true;
    return false;
}

static enum status count_anew(struct adding *a, size_t number, struct error *err)
{
    const struct tally_source *source;
    const struct told_days days = told_plan_days(a->told, number);
    const struct told_kind *kind = told_kind_find(a->told->plan.queries[number].kind);
    size_t first = a->tally->table_count;
    const struct told_wish wish = {days.from, days.to, days.filters, days.filter_count};
    TRY(told_population_source(&a->population, &wish, &source, err));
    TRY(kind->count(source, number, a->tally, err));
    for (size_t i = first; i < a->tally->table_count; i++) {
        struct tally_table *table = &a->tally->tables[i];
        table->told_before =
            arena_zalloc(&a->tally->arena, table->row_count + 1, table->column_count);
        if (!table->told_before)
            return error_nomem(err);
        for (size_t row = 0; row < table->row_count; row++)
            table->row_flags[row] |= TALLY_UNKNOWN;
    }
    return STATUS_OK;
}

/* Ties what was counted anew, as its kind is. */
static enum status tie_all(struct adding *a, struct error *err)
{
    struct told_tying tying = {.source = &a->all, .told = a->told, .tally = a->tally};
    size_t own = a->told->own->query_count, count = a->told->plan.query_count;
    bool *asked = mem_zalloc(2 * count + 1, sizeof *asked), *others = asked + count;
    if (!asked)
        return error_nomem(err);
    for (size_t number = 0; number < count; number++) {
        bool there = number < own || is_asked(a, number);
        asked[number] = there && !told_plan_days(a->told, number).other;
        others[number] = there && !asked[number];
    }
    tying.asked = asked;
    tying.others = others;
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && told_ties[i]; i++)
        status = told_ties[i](&tying, err);
    free(asked);
    return status;
}

enum status told_answers_add(const struct tally_source *source, const struct told_plan *told,
                             uint64_t last, const char *report, const struct sha256 *key,
                             struct tally *tally, struct told_answers_count *counts,
                             struct error *err)
{
    struct adding a = {.source = source,
                       .told = told,
                       .key = key,
                       .tally = tally,
                       .last = last,
                       .report = report,
                       .all = *source};
    enum status status = STATUS_OK;
    a.all.plan = &told->plan;
    told_population_init(&a.population, &a.all);
    *counts = (struct told_answers_count){.together = 0};
    for (size_t number = told->own->query_count; number < told->plan.query_count; number++)
        if (is_asked(&a, number))
            TRY_CLEANUP(count_anew(&a, number, err));
    for (size_t i = 0; i < told->count; i++) {
        const struct told_plan_query *item = &told->items[i];
        if (!is_told(&a, item))
            continue;
        counts->unlike += item->unlike;
        counts->left_out += !item->unlike && item->number == SIZE_MAX;
        counts->together += item->number != SIZE_MAX && !item->then;
        counts->then += item->then;
        if (item->number != SIZE_MAX)
            TRY_CLEANUP(mark_query(&a, &item->told, item->number, err));
    }
    status = tie_all(&a, err);
cleanup:
    told_population_release(&a.population);
    return status;
}
