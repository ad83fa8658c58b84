/* Tables that earlier reports told: see told_tables.h. */
#include "queries/told_tables.h"

#include "queries/tally_count.h"
#include "queries/tally_links.h"

#include <string.h>

struct adding {
    const struct tally_source *source;
    struct tally *tally;
    const struct sha256 *key;
    size_t first; /* number of the first table that is added */
    size_t rows, tried;
    /* Of a period that is not the plan's: the last one. */
    struct plan plan;
    struct population population;
    struct tally_source other;
    bool has_other;
};

static void release_other(struct adding *a)
{
    if (a->has_other)
        population_release(&a->population);
    a->has_other = false;
}

/* What a table of these days is counted from. */
static enum status source_of(struct adding *a, int64_t from, int64_t to,
                             const struct tally_source **out, struct error *err)
{
    const struct plan *plan = a->source->plan;
    *out = a->source;
    if (from == plan->population.from && to == plan->population.to)
        return STATUS_OK;
    *out = &a->other;
    if (a->has_other && from == a->plan.population.from && to == a->plan.population.to)
        return STATUS_OK;
    release_other(a);
    a->plan = *plan;
    a->plan.population.from = from;
    a->plan.population.to = to;
    a->has_other = true;
    TRY(population_init(&a->population, a->source->catalogue, &a->plan, err));
    a->other = *a->source;
    a->other.plan = &a->plan;
    a->other.population = &a->population;
    return STATUS_OK;
}

static bool same_field(const struct plan_field *a, const struct plan_field *b)
{
    if (a->kind != b->kind || a->stored != b->stored || !a->values != !b->values ||
        a->value_count != b->value_count || a->bin_count != b->bin_count)
        return false;
    for (size_t i = 0; i < a->value_count; i++)
        if (strcmp(a->values[i], b->values[i]) != 0)
            return false;
    return a->bin_count == 0 || memcmp(a->bins, b->bins, a->bin_count * sizeof *a->bins) == 0;
}

/* The table that was added for the same rows, or NULL. */
static struct tally_table *find_same(const struct adding *a, const struct told_table *told)
{
    for (size_t i = a->first; i < a->tally->table_count; i++) {
        struct tally_table *table = &a->tally->tables[i];
        bool same =
            table->by_count == told->by_count && table->from == told->from && table->to == told->to;
        for (size_t f = 0; same && f < told->by_count; f++)
            same = same_field(&table->by[f], &told->by[f]);
        if (same)
            return table;
    }
    return NULL;
}

/* What either report showed is known. */
static void merge(struct tally_table *table, const struct told_table *told)
{
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t c = 0; c < table->column_count; c++)
            table->told_before[row * table->column_count + c] |= !(told->marks[row] >> c & 1);
        if (!(told->marks[row] & TOLD_ROW_GONE))
            table->row_flags[row] &= ~(unsigned)TALLY_GONE;
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

/* Whether TABLE still has what TOLD says it showed. */
static enum status still_holds(const struct adding *a, const struct told_table *told,
                               const struct tally_table *table, bool *holds, struct error *err)
{
    char shown[65];
    *holds = table->row_count == told->rows && table->column_count == told->columns;
    if (!*holds)
        return STATUS_OK;
    TRY(told_table_shown(told, table, a->key, shown, err));
    *holds = strcmp(shown, told->shown) == 0;
    return STATUS_OK;
}

static bool is_full(const struct adding *a, const struct told_table *told)
{
    return a->tally->table_count - a->first >= TOLD_TABLES_MAX ||
           a->tried >= TOLD_TABLES_TRIED_MAX || a->rows + told->rows > TOLD_TABLES_ROWS_MAX;
}

/* Adds one, or marks the one that is there; *HOLDS is false where the logs have changed since. */
static enum status add_one(struct adding *a, const struct told_table *told, bool *holds,
                           bool *left_out, struct error *err)
{
    const struct tally_source *source;
    *holds = *left_out = false;
    TRY(source_of(a, told->from, told->to, &source, err));
    if (source->population->conversations != told->conversations)
        return STATUS_OK;
    struct tally_table *table = find_same(a, told);
    if (table) {
        TRY(still_holds(a, told, table, holds, err));
        if (*holds)
            merge(table, told);
        return STATUS_OK;
    }
    if (is_full(a, told)) {
        *left_out = true;
        return STATUS_OK;
    }
    a->tried++;
    size_t before = a->tally->table_count;
    struct error why = ERROR_INIT;
    enum status status = count_anew(a, told, source, &why);
    if (status ==
        STATUS_PLAN) /* more combinations of values than a table may have: not as it was */
        return STATUS_OK;
    if (status != STATUS_OK) {
        *err = why;
        return status;
    }
    table = &a->tally->tables[before];
    TRY(still_holds(a, told, table, holds, err));
    if (!*holds) {
        a->tally->table_count = before;
        return STATUS_OK;
    }
    table->told_before = arena_zalloc(&a->tally->arena, table->row_count, table->column_count);
    if (!table->told_before)
        return error_nomem(err);
    for (size_t row = 0; row < table->row_count; row++)
        table->row_flags[row] |= TALLY_GONE;
    merge(table, told);
    a->rows += table->row_count;
    return STATUS_OK;
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

enum status told_tables_add(const struct tally_source *source, const struct told_table *told,
                            size_t count, const char *filters, const struct sha256 *key,
                            struct tally *tally, struct told_tables_count *counts,
                            struct error *err)
{
    struct adding a = {.source = source, .tally = tally, .key = key, .first = tally->table_count};
    enum status status = STATUS_OK;
    *counts = (struct told_tables_count){.together = 0};
    TRY(add_own(&a, err));
    for (size_t i = count; i-- > 0;) {
        bool holds, left_out;
        size_t one = told[i].by_count > 0; /* populations are not counted */
        if (told[i].unknown || strcmp(told[i].filters, filters) != 0) {
            counts->unlike += one;
            continue;
        }
        TRY_CLEANUP(add_one(&a, &told[i], &holds, &left_out, err));
        counts->together += holds ? one : 0;
        counts->left_out += left_out ? one : 0;
        counts->changed += holds || left_out ? 0 : one;
    }
    for (size_t i = a.first; i < tally->table_count; i++)
        leave_out_gone(&tally->tables[i]);
    status = tally_links(tally, a.first, err);
cleanup:
    release_other(&a);
    return status;
}
