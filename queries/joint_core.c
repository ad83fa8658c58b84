/* Cyclic cores of tables by fields: see joint_core.h. */
#include "queries/joint_core.h"

#include "queries/field_relation.h"

#include <stdint.h>

enum { TIMES, WEEKDAYS, STORED };

size_t joint_family(const struct joint_edges *edges, const struct plan_field *field)
{
    if (field->kind == PLAN_FIELD_STORED)
        return STORED + 2 * field->stored + (field->bin_count > 0);
    return field->kind == PLAN_FIELD_WEEKDAY && !edges->by_day ? WEEKDAYS : TIMES;
}

static const struct plan_field *field_of(const struct joint_edge *edge, size_t i)
{
    return &edge->table->by[edge->fields[i]];
}

static bool has_family(const struct joint_edges *edges, const struct joint_edge *edge,
                       size_t family)
{
    for (size_t i = 0; i < edge->field_count; i++)
        if (joint_family(edges, field_of(edge, i)) == family)
            return true;
    return false;
}

/* ---- cutting down ---- */

/* Takes away the fields that no other edge has. True if there were any. */
static bool drop_own_fields(struct joint_edges *edges, struct joint_edge *edge)
{
    size_t kept = 0;
    for (size_t i = 0; i < edge->field_count; i++) {
        size_t family = joint_family(edges, field_of(edge, i));
        bool shared = false;
        for (size_t e = 0; e < edges->count && !shared; e++)
            shared = &edges->items[e] != edge && has_family(edges, &edges->items[e], family);
        if (shared)
            edge->fields[kept++] = edge->fields[i];
    }
    bool news = kept < edge->field_count;
    edge->field_count = kept;
    return news;
}

static bool tells_edge(const struct joint_edge *fine, const struct joint_edge *coarse)
{
    for (size_t i = 0; i < coarse->field_count; i++) {
        bool told = false;
        for (size_t k = 0; k < fine->field_count && !told; k++)
            told = field_tells(field_of(fine, k), field_of(coarse, i));
        if (!told)
            return false;
    }
    return true;
}

static bool drop_told_edge(struct joint_edges *edges, struct joint_edge *edge)
{
    for (size_t e = 0; edge->field_count && e < edges->count; e++)
        if (&edges->items[e] != edge && tells_edge(&edges->items[e], edge)) {
            edge->field_count = 0;
            return true;
        }
    return false;
}

static void cut_down(struct joint_edges *edges)
{
    for (bool news = true; news;) {
        news = false;
        for (size_t e = 0; e < edges->count; e++)
            news |= drop_own_fields(edges, &edges->items[e]);
        for (size_t e = 0; e < edges->count; e++)
            news |= drop_told_edge(edges, &edges->items[e]);
    }
}

/* ---- cores ---- */

static bool meet(const struct joint_edges *edges, const struct joint_edge *a,
                 const struct joint_edge *b)
{
    for (size_t i = 0; i < a->field_count; i++)
        if (has_family(edges, b, joint_family(edges, field_of(a, i))))
            return true;
    return false;
}

/* Gives EDGE and all that it meets, over others too, the number CORE. */
static void spread(struct joint_edges *edges, struct joint_edge *edge, size_t core)
{
    edge->core = core;
    for (bool news = true; news;) {
        news = false;
        for (size_t a = 0; a < edges->count; a++)
            for (size_t b = 0; b < edges->count; b++) {
                struct joint_edge *to = &edges->items[b];
                if (edges->items[a].core != core || to->core == core ||
                    !meet(edges, &edges->items[a], to))
                    continue;
                to->core = core;
                news = true;
            }
    }
}

static void number_cores(struct joint_edges *edges)
{
    for (size_t e = 0; e < edges->count; e++)
        if (edges->items[e].field_count && edges->items[e].core == SIZE_MAX)
            spread(edges, &edges->items[e], edges->cores++);
}

static void order_fields(const struct joint_edges *edges, struct joint_edge *edge)
{
    for (size_t i = 1; i < edge->field_count; i++)
        for (size_t k = i; k > 0 && joint_family(edges, field_of(edge, k)) <
                                        joint_family(edges, field_of(edge, k - 1));
             k--) {
            size_t field = edge->fields[k];
            edge->fields[k] = edge->fields[k - 1];
            edge->fields[k - 1] = field;
        }
}

enum status joint_edges_find(const struct tally *tally, struct arena *arena,
                             struct joint_edges *edges, struct error *err)
{
    *edges = (struct joint_edges){.items = NULL};
    edges->items = arena_zalloc(arena, tally->table_count, sizeof *edges->items);
    if (!edges->items)
        return error_nomem(err);
    for (size_t t = 0; t < tally->table_count; t++) {
        const struct tally_table *table = &tally->tables[t];
        if (!table->by_count || table->row_count < 2)
            continue;
        struct joint_edge *edge = &edges->items[edges->count++];
        *edge = (struct joint_edge){
            .number = t, .table = table, .field_count = table->by_count, .core = SIZE_MAX};
        edge->fields = arena_zalloc(arena, table->by_count, sizeof *edge->fields);
        if (!edge->fields)
            return error_nomem(err);
        for (size_t i = 0; i < table->by_count; i++) {
            edge->fields[i] = i;
            edges->by_day = edges->by_day || table->by[i].kind == PLAN_FIELD_DAY;
        }
    }
    cut_down(edges);
    for (size_t e = 0; e < edges->count; e++)
        order_fields(edges, &edges->items[e]);
    number_cores(edges);
    return STATUS_OK;
}
