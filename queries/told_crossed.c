/* Sets of the rows of tables by fields: see told_crossed.h. */
#include "queries/told_crossed.h"

#include "base/memory.h"
#include "queries/tally_count.h"

#include <stdlib.h>
#include <string.h>

/* ---- counts by fields ---- */

struct filling {
    struct told_set *sets; /* of the table's rows */
};

static enum status put_row(void *context, uint32_t table_row, size_t part, uint32_t row,
                           struct error *err)
{
    const struct filling *filling = context;
    (void)err;
    bitmap_add(filling->sets[table_row].set.rows[part], row);
    return STATUS_OK;
}

enum status told_crossed_add_count(struct told_sets *d, size_t number, struct error *err)
{
    const struct tally_table *table = &d->tally->tables[number];
    size_t first = d->count;
    if (table->row_count < 2 || table->row_count > TOLD_ROWS_MAX)
        return STATUS_OK;
    for (uint32_t row = 0; row + 1 < table->row_count; row++) {
        struct told_set *told = NULL;
        TRY(told_sets_add(d, number, table->query, row, &told, err));
    }
    struct filling filling = {d->items + first};
    return tally_cross_each(d->source, table->id, table->by, table->by_count, put_row, &filling,
                            err);
}

/* ---- terms by fields ---- */

/* Sets of terms and of groups by their rows. */
struct crossing {
    size_t *terms;           /* [slots] which item is the term's own */
    struct unit_set *groups; /* [group_count] */
    size_t slots, group_count;
};

static enum status put_group(void *context, uint32_t table_row, size_t part, uint32_t row,
                             struct error *err)
{
    const struct crossing *crossing = context;
    (void)err;
    bitmap_add(crossing->groups[table_row].rows[part], row);
    return STATUS_OK;
}

static void find_terms(const struct told_sets *d, size_t number, struct crossing *crossing)
{
    size_t own = told_sets_table_named(d, d->source->plan->queries[number].id);
    for (size_t i = 0; i < d->count; i++)
        if (d->items[i].table == own && d->items[i].row < crossing->slots &&
            told_sets_is_whole(d, &d->items[i]))
            crossing->terms[d->items[i].row] = i;
}

static enum status add_crossed(struct told_sets *d, size_t number, size_t table,
                               const struct crossing *crossing, struct error *err)
{
    for (size_t row = 0; row < crossing->slots * crossing->group_count; row++) {
        struct told_set *told = NULL;
        TRY(told_sets_add(d, table, number, (uint32_t)row, &told, err));
        const struct unit_set *term = &d->items[crossing->terms[row / crossing->group_count]].set;
        const struct unit_set *group = &crossing->groups[row % crossing->group_count];
        for (size_t p = 0; p < told->set.parts; p++) {
            bitmap_or(told->set.rows[p], term->rows[p]);
            bitmap_and(told->set.rows[p], group->rows[p]);
        }
    }
    return STATUS_OK;
}

enum status told_crossed_add_terms(struct told_sets *d, size_t number, struct error *err)
{
    const struct plan_query *query = &d->source->plan->queries[number];
    char *id = mem_zalloc(strlen(query->id) + sizeof ".by", 1);
    if (!id)
        return error_nomem(err);
    memcpy(id, query->id, strlen(query->id));
    memcpy(id + strlen(query->id), ".by", sizeof ".by");
    size_t table = told_sets_table_named(d, id);
    free(id);
    size_t rows = table < d->tally->table_count ? d->tally->tables[table].row_count : 0;
    if (rows == 0 || rows > TOLD_ROWS_MAX)
        return STATUS_OK;
    enum status status = STATUS_OK;
    struct crossing crossing = {.slots = query->term_count,
                                .group_count = rows / query->term_count};
    crossing.terms = mem_zalloc(crossing.slots, sizeof *crossing.terms);
    crossing.groups = mem_zalloc(crossing.group_count, sizeof *crossing.groups);
    if (!crossing.terms || !crossing.groups) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t i = 0; i < crossing.group_count; i++)
        TRY_CLEANUP(unit_set_init(&crossing.groups[i], d->source->catalogue, err));
    TRY_CLEANUP(tally_cross_each(d->source, query->id, query->by, query->by_count, put_group,
                                 &crossing, err));
    find_terms(d, number, &crossing);
    status = add_crossed(d, number, table, &crossing, err);
cleanup:
    for (size_t i = 0; crossing.groups && i < crossing.group_count; i++)
        unit_set_release(&crossing.groups[i]);
    free(crossing.groups);
    free(crossing.terms);
    return status;
}
