/* Tables that earlier reports told: see told_tables.h. */
#include "queries/told_tables.h"

#include "base/memory.h"
#include "queries/field_relation.h"
#include "queries/tally_count.h"
#include "queries/tally_links.h"
#include "queries/tally_slice_joint.h"
#include "queries/tally_slices.h"
#include "queries/tally_ties.h"
#include "queries/tally_within.h"
#include "queries/told_population.h"

#include <stdlib.h>
#include <string.h>

struct adding {
    const struct tally_source *source;
    struct tally *tally;
    const struct sha256 *key;
    size_t first; /* number of the first table that is added */
    size_t rows, tried;
    const char *filters; /* the keyed digest of the plan's */
    struct told_population population;
};

/* The population of a told table, of the logs as they are; false where it is not known. */
static bool population_of(const struct adding *a, const struct told_table *told,
                          struct told_wish *wish)
{
    const struct plan *plan = a->source->plan;
    bool own = strcmp(told->filters, a->filters) == 0;
    *wish = (struct told_wish){told->from, told->to, plan->population.filters,
                               plan->population.filter_count};
    if (!own) {
        wish->filters = told->where.items;
        wish->filter_count = told->where.count;
    }
    return own || (told->where.there && !told->where.unknown);
}

static bool is_of(const struct tally_table *table, const struct told_wish *wish)
{
    return table->from == wish->from && table->to == wish->to &&
           plan_filters_same(table->filters, table->filter_count, wish->filters,
                             wish->filter_count);
}

/* The table that was added for the same rows, or NULL. */
static struct tally_table *find_same(const struct adding *a, const struct told_table *told,
                                     const struct told_wish *wish)
{
    for (size_t i = a->first; i < a->tally->table_count; i++) {
        struct tally_table *table = &a->tally->tables[i];
        if (is_of(table, wish) && fields_same(table->by, table->by_count, told->by, told->by_count))
            return table;
    }
    return NULL;
}

/* TOLD on the rows of a table as it is now. */
struct match {
    uint32_t *row_of;
    struct told_row *now;
    bool there;   /* all its rows are */
    bool changed; /* but some are not as they were shown */
};

static void match_release(struct match *match)
{
    free(match->row_of);
    free(match->now);
}

static enum status match_init(struct match *match, const struct adding *a,
                              const struct told_table *told, const struct tally_table *table,
                              struct error *err)
{
    *match = (struct match){.there = false};
    if (table->column_count != told->columns)
        return STATUS_OK;
    match->row_of = mem_zalloc(table->row_count, sizeof *match->row_of);
    match->now = mem_zalloc(table->row_count, sizeof *match->now);
    if (!match->row_of || !match->now)
        return error_nomem(err);
    TRY(told_rows_hash(table, a->key, TOLD_MARKS_NARROW, match->now, err));
    TRY(told_rows_find(told->rows, told->row_count, match->now, table, match->row_of, &match->there,
                       err));
    for (size_t row = 0; match->there && row < table->row_count; row++)
        if (match->row_of[row])
            match->now[row].marks = told->rows[match->row_of[row] - 1].marks;
    TRY(told_rows_hash(table, a->key, TOLD_MARKS_NARROW, match->now, err));
    for (size_t row = 0; match->there && row < table->row_count; row++)
        match->changed = match->changed || !match->row_of[row] ||
                         match->now[row].shown != told->rows[match->row_of[row] - 1].shown;
    return STATUS_OK;
}

/* What either report showed is known. */
static void merge(struct tally_table *table, const struct told_table *told,
                  const struct match *match)
{
    for (size_t row = 0; row < table->row_count; row++) {
        unsigned marks = match->now[row].marks;
        uint32_t at = match->row_of[row];
        for (size_t c = 0; c < table->column_count; c++)
            if (!(marks >> c & 1))
                table->told_before[row * table->column_count + c] = 1;
        if (!(marks & TOLD_ROW_GONE))
            table->row_flags[row] &= ~(unsigned)TALLY_GONE;
        if (!at || match->now[row].shown != told->rows[at - 1].shown)
            table->row_flags[row] |= TALLY_CHANGED;
    }
    if (told->min_users > table->highest_rule)
        table->highest_rule = told->min_users;
    if (!table->lowest_rule || told->min_users < table->lowest_rule)
        table->lowest_rule = told->min_users;
}

/* Leaves out the relations that name a row of which nothing was told. */
static void leave_out_gone(struct tally_table *table)
{
    size_t kept = 0;
    for (size_t r = 0; r < table->relation_count; r++) {
        const struct tally_relation *relation = &table->relations[r];
        bool gone = false;
        for (size_t i = 0; i < relation->count; i++)
            gone = gone || table->row_flags[relation->terms[i].row] & TALLY_GONE;
        if (!gone)
            table->relations[kept++] = *relation;
    }
    table->relation_count = kept;
}

/* Counts TOLD anew as the tally's last table. */
static enum status count_anew(struct adding *a, const struct told_table *told,
                              const struct tally_source *source, struct error *err)
{
    struct arena *arena = &a->tally->arena;
    const char *id = arena_printf(arena, "earlier %zu", a->tally->table_count - a->first);
    struct tally_key *keys = arena_zalloc(arena, told->by_count, sizeof *keys);
    if (!id || !keys)
        return error_nomem(err);
    for (size_t i = 0; i < told->by_count; i++)
        keys[i] = (struct tally_key){told->by[i].name, told->by[i].name, TALLY_KEY_STRING};
    return tally_cross(source, id, SIZE_MAX, told->by, told->by_count, keys, a->tally, err);
}

static bool is_full(const struct adding *a, const struct told_table *told)
{
    return a->tally->table_count - a->first >= TOLD_TABLES_MAX ||
           a->tried >= TOLD_TABLES_TRIED_MAX || a->rows + told->row_count > TOLD_TABLES_ROWS_MAX;
}

/* Counts TOLD anew, if there is room; *TABLE is NULL where it is left out, or cannot be counted. */
static enum status try_anew(struct adding *a, const struct told_table *told,
                            const struct told_wish *wish, struct tally_table **table,
                            bool *left_out, struct error *err)
{
    const struct tally_source *source;
    struct error why = ERROR_INIT;
    size_t before = a->tally->table_count;
    *table = NULL;
    *left_out = is_full(a, told);
    if (*left_out)
        return STATUS_OK;
    a->tried++;
    TRY(told_population_source(&a->population, wish, &source, err));
    enum status status = count_anew(a, told, source, &why);
    if (status == STATUS_PLAN) /* more combinations of values than a table may have */
        return STATUS_OK;
    if (status != STATUS_OK) {
        *err = why;
        return status;
    }
    *table = &a->tally->tables[before];
    (*table)->told_before =
        arena_zalloc(&a->tally->arena, (*table)->row_count, (*table)->column_count);
    if (!(*table)->told_before)
        return error_nomem(err);
    for (size_t row = 0; row < (*table)->row_count; row++)
        (*table)->row_flags[row] |= TALLY_GONE;
    return STATUS_OK;
}

/* Marks the table that is there, where all is as it was; *DONE is whether it is. */
static enum status add_to_same(struct adding *a, const struct told_table *told,
                               const struct told_wish *wish, bool *done, struct error *err)
{
    struct match match;
    struct tally_table *table = find_same(a, told, wish);
    *done = false;
    if (!table)
        return STATUS_OK;
    enum status status = match_init(&match, a, told, table, err);
    *done = status == STATUS_OK && match.there && !match.changed;
    if (*done)
        merge(table, told, &match);
    match_release(&match);
    return status;
}

/* What became of a told table. */
struct added {
    bool holds; /* else rows of it are no more, or one is otherwise though it is to be as it was */
    bool left_out;
    bool changed; /* a row is not as it was shown */
    size_t table; /* SIZE_MAX: none was added */
};

/* Adds one, or marks the one that is there. */
static enum status add_one(struct adding *a, const struct told_table *told,
                           const struct told_wish *wish, bool as_it_was, struct added *added,
                           struct error *err)
{
    struct match match = {.row_of = NULL};
    struct tally_table *table;
    enum status status = STATUS_OK;
    *added = (struct added){.table = SIZE_MAX};
    TRY(add_to_same(a, told, wish, &added->holds, err));
    if (added->holds)
        return STATUS_OK;
    TRY(try_anew(a, told, wish, &table, &added->left_out, err));
    if (!table)
        return STATUS_OK;
    TRY_CLEANUP(match_init(&match, a, told, table, err));
    added->changed = !match.there || match.changed;
    added->holds = match.there && ((told->by_count && !as_it_was) || !match.changed);
    if (added->holds) {
        added->table = a->tally->table_count - 1;
        merge(table, told, &match);
        a->rows += table->row_count;
    } else {
        a->tally->table_count--;
    }
cleanup:
    match_release(&match);
    return status;
}

static enum status add_own(struct adding *a, struct error *err)
{
    static const struct told_table population = {.by_count = 0};
    TRY(count_anew(a, &population, a->source, err));
    struct tally_table *table = &a->tally->tables[a->first];
    table->own_total = true;
    table->told_before = arena_zalloc(&a->tally->arena, table->row_count, table->column_count);
    if (!table->told_before)
        return error_nomem(err);
    memset(table->told_before, 1, table->row_count * table->column_count);
    return STATUS_OK;
}

/* The population of a told table when it was told. */
static enum status population_then(const struct adding *a, const struct told_table *told,
                                   struct told_wish *wish, struct error *err)
{
    size_t count = wish->filter_count;
    struct plan_filter *filters = arena_zalloc(&a->tally->arena, count + 1, sizeof *filters);
    if (!filters)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++)
        filters[i] = wish->filters[i];
    filters[count] = *told->then;
    wish->filters = filters;
    wish->filter_count = count + 1;
    return STATUS_OK;
}

/* Leaves of a table as it is now what it shows as it was then: the rest is told by the one of then.
 */
static void leave_shown(struct tally_table *table)
{
    table->relation_count = 0;
    for (size_t row = 0; row < table->row_count; row++) {
        const unsigned char *shown = table->told_before + row * table->column_count;
        if (!memchr(shown, 1, table->column_count))
            table->row_flags[row] |= TALLY_CHANGED;
    }
}

/* Adds one that was told of fewer logs, as it was. NOW is what became of it as it is now. */
static enum status add_then(struct adding *a, const struct told_table *told, struct told_wish wish,
                            const struct added *now, struct told_tables_count *counts,
                            struct error *err)
{
    struct added added;
    if (!told->then || (now->holds && !now->changed))
        return STATUS_OK;
    TRY(population_then(a, told, &wish, err));
    TRY(add_one(a, told, &wish, true, &added, err));
    if (added.holds && now->table != SIZE_MAX)
        leave_shown(&a->tally->tables[now->table]);
    counts->then += added.holds && told->by_count;
    counts->not_then += !added.holds && told->by_count;
    return STATUS_OK;
}

static enum status tie_slices(struct adding *a, struct error *err)
{
    struct population_groups groups;
    enum status status = STATUS_OK;
    if (!ties_matter(a->source->plan))
        return STATUS_OK;
    TRY_CLEANUP(population_groups_init(&groups, &a->population, a->tally, err));
    TRY_CLEANUP(tally_slices(&a->population, &groups, a->tally, a->first, err));
    status = tally_slice_joint(&a->population, &groups, a->tally, err);
cleanup:
    population_groups_release(&groups);
    return status;
}

enum status told_tables_add(const struct tally_source *source, const struct told_table *told,
                            size_t count, const char *filters, const struct sha256 *key,
                            struct tally *tally, struct told_tables_count *counts,
                            struct error *err)
{
    struct adding a = {.source = source,
                       .tally = tally,
                       .key = key,
                       .first = tally->table_count,
                       .filters = filters};
    enum status status = STATUS_OK;
    *counts = (struct told_tables_count){.together = 0};
    told_population_init(&a.population, source);
    TRY(add_own(&a, err));
    for (size_t i = count; i-- > 0;) {
        struct told_wish wish;
        struct added added = {.holds = false, .table = SIZE_MAX};
        size_t one = told[i].by_count > 0; /* populations are not counted */
        if (!population_of(&a, &told[i], &wish) || told[i].unknown) {
            counts->unlike += one;
            continue;
        }
        if (one || !told_wish_is_own(&a.population, &wish))
            TRY_CLEANUP(add_one(&a, &told[i], &wish, false, &added, err));
        counts->together += added.holds ? one : 0;
        counts->left_out += added.left_out ? one : 0;
        counts->changed += added.holds || added.left_out ? 0 : one;
        TRY_CLEANUP(add_then(&a, &told[i], wish, &added, counts, err));
    }
    for (size_t i = a.first; i < tally->table_count; i++)
        leave_out_gone(&tally->tables[i]);
    TRY_CLEANUP(tally_links(tally, a.first, err));
    TRY_CLEANUP(tie_slices(&a, err));
    status = tally_within(source, tally, a.first, err);
cleanup:
    told_population_release(&a.population);
    return status;
}
