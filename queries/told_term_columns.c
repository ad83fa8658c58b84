/* What further columns of terms tell the size of: see told_term_columns.h. */
#include "queries/told_term_columns.h"

#include "base/memory.h"
#include "queries/query_hits.h"
#include "queries/terms_relations.h"

#include <stdlib.h>

struct columns {
    struct told_sets *sets;
    struct query_hits hits;
    size_t number, table, slots, parts;
    size_t *whole;                  /* [slots] which set is all that a term hits */
    struct unit_set earlier, twice; /* what terms so far hit; what several of all terms do */
};

static const struct unit_set *whole_of(const struct columns *c, size_t slot)
{
    return &c->sets->items[c->whole[slot]].set;
}

static enum status find_wholes(struct columns *c, struct error *err)
{
    for (uint32_t slot = 0; slot < c->slots; slot++) {
        const struct told_set *set = told_sets_find(c->sets, c->number, slot);
        if (!set)
            return error_set(err, STATUS_INTERNAL, c->sets->source->plan->queries[c->number].id,
                             "the set of a term is missing");
        c->whole[slot] = (size_t)(set - c->sets->items);
    }
    return STATUS_OK;
}

/* Afterwards EARLIER is what any term hits. */
static enum status find_twice(struct columns *c, struct error *err)
{
    for (size_t slot = 0; slot < c->slots; slot++)
        for (size_t p = 0; p < c->parts; p++) {
            struct bitmap *both = bitmap_copy(c->earlier.rows[p]);
            if (!both)
                return error_nomem(err);
            bitmap_and(both, whole_of(c, slot)->rows[p]);
            bitmap_or(c->twice.rows[p], both);
            bitmap_or(c->earlier.rows[p], whole_of(c, slot)->rows[p]);
            bitmap_free(both);
        }
    return STATUS_OK;
}

static enum status take(struct columns *c, uint32_t slot, enum terms_column column,
                        struct unit_set *set, struct error *err)
{
    const struct told_place place = {c->table, c->number, slot, {column, TOLD_NOWHERE}};
    return told_sets_take(c->sets, &place, set, err);
}

/* What a term hits and those of WITHOUT do not. */
static enum status add_rest(struct columns *c, uint32_t slot, enum terms_column column,
                            const struct unit_set *without, struct error *err)
{
    struct unit_set set;
    enum status status = unit_set_init(&set, c->sets->source->catalogue, err);
    for (size_t p = 0; status == STATUS_OK && p < c->parts; p++) {
        bitmap_or(set.rows[p], whole_of(c, slot)->rows[p]);
        bitmap_andnot(set.rows[p], without->rows[p]);
    }
    if (status == STATUS_OK)
        status = take(c, slot, column, &set, err);
    unit_set_release(&set);
    return status;
}

static enum status add_sides(struct columns *c, uint32_t slot, struct error *err)
{
    struct unit_set prompt, output = {.rows = NULL};
    enum status status = unit_set_init(&prompt, c->sets->source->catalogue, err);
    if (status == STATUS_OK)
        status = unit_set_init(&output, c->sets->source->catalogue, err);
    for (size_t p = 0; status == STATUS_OK && p < c->parts; p++) {
        struct hits hits;
        status = query_hits_read(&c->hits, p, slot, &hits, err);
        if (status != STATUS_OK)
            break;
        bitmap_or(prompt.rows[p], hits.prompt_only);
        bitmap_or(output.rows[p], hits.output_only);
        bitmap_and(prompt.rows[p], whole_of(c, slot)->rows[p]);
        bitmap_and(output.rows[p], whole_of(c, slot)->rows[p]);
        hits_release(&hits);
    }
    if (status == STATUS_OK)
        status = take(c, slot, PROMPT_ONLY, &prompt, err);
    if (status == STATUS_OK)
        status = take(c, slot, OUTPUT_ONLY, &output, err);
    unit_set_release(&prompt);
    unit_set_release(&output);
    return status;
}

static enum status add_columns(struct columns *c, struct error *err)
{
    TRY(find_wholes(c, err));
    TRY(find_twice(c, err));
    for (size_t p = 0; p < c->parts; p++)
        bitmap_remove_range(c->earlier.rows[p], 0, UINT64_C(1) << 32);
    for (uint32_t slot = 0; slot < c->slots; slot++) {
        TRY(add_rest(c, slot, UNIQUE, &c->twice, err));
        TRY(add_rest(c, slot, ADDED, &c->earlier, err));
        TRY(add_sides(c, slot, err));
        for (size_t p = 0; p < c->parts; p++)
            bitmap_or(c->earlier.rows[p], whole_of(c, slot)->rows[p]);
    }
    return STATUS_OK;
}

enum status told_term_columns_add(struct told_sets *sets, size_t number, struct error *err)
{
    const struct tally_source *source = sets->source;
    const struct plan_query *query = &source->plan->queries[number];
    struct columns c = {.sets = sets,
                        .number = number,
                        .table = told_sets_table(sets, number),
                        .slots = query->term_count,
                        .parts = source->catalogue->count};
    if (c.table == sets->tally->table_count || c.slots > TOLD_ROWS_MAX)
        return STATUS_OK;
    enum status status = query_hits_open(&c.hits, source->state, query, number, err);
    if (status != STATUS_OK)
        goto cleanup;
    TRY_CLEANUP(unit_set_init(&c.earlier, source->catalogue, err));
    TRY_CLEANUP(unit_set_init(&c.twice, source->catalogue, err));
    c.whole = mem_zalloc(c.slots, sizeof *c.whole);
    status = c.whole ? add_columns(&c, err) : error_nomem(err);
cleanup:
    unit_set_release(&c.earlier);
    unit_set_release(&c.twice);
    free(c.whole);
    query_hits_release(&c.hits);
    return status;
}
