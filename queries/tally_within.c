/* Terms by fields within counts by fields: see tally_within.h. */
#include "queries/tally_within.h"

#include "base/buffer.h"
#include "base/intern.h"
#include "base/memory.h"
#include "queries/field_relation.h"
#include "queries/tally_ties.h"
#include "queries/terms_by.h"

#include <stdlib.h>
#include <string.h>

/* Differences of so many times min_users are large. */
enum { LARGE = 8, CLASS_TEXT_MAX = 1 << 20 };

enum { TERMS, COUNT, SIDES };

struct common {
    size_t fields[SIDES];
    const struct plan_field *sides[SIDES];
    struct plan_field to;
};

struct within {
    struct tally *tally;
    uint64_t large;
    size_t numbers[SIDES];
    size_t slots, rows[SIDES]; /* groups of each term; rows without the total */
    const struct plan_query *query;
    struct arena arena;
    struct common *common; /* [common_count] */
    size_t common_count;
    struct intern classes;
    uint32_t *class_of[SIDES]; /* [rows] */
    uint32_t *start[SIDES];    /* [classes + 2] into by_class */
    uint32_t *by_class[SIDES]; /* [rows] class after class */
    bool *apart;               /* [class] with a row that no tie names */
    struct places places;
};

static const struct tally_table *table_of(const struct within *w, size_t side)
{
    return &w->tally->tables[w->numbers[side]];
}

static void within_release(struct within *w)
{
    for (size_t side = 0; side < SIDES; side++) {
        free(w->class_of[side]);
        free(w->start[side]);
        free(w->by_class[side]);
    }
    free(w->common);
    free(w->apart);
    intern_release(&w->classes);
    arena_release(&w->arena);
    places_release(&w->places);
}

static enum status find_common(struct within *w, struct error *err)
{
    const struct tally_table *count = table_of(w, COUNT);
    w->common = mem_zalloc(w->query->by_count * count->by_count, sizeof *w->common);
    if (!w->common)
        return error_nomem(err);
    for (size_t i = 0; i < w->query->by_count; i++)
        for (size_t j = 0; j < count->by_count; j++) {
            struct common *common = &w->common[w->common_count];
            bool any;
            TRY(field_in_common(&w->query->by[i], &count->by[j], &w->arena, &common->to, &any,
                                err));
            common->fields[TERMS] = i + 1; /* the first key is the term */
            common->fields[COUNT] = j;
            common->sides[TERMS] = &w->query->by[i];
            common->sides[COUNT] = &count->by[j];
            w->common_count += any;
        }
    return STATUS_OK;
}

static enum status classify(struct within *w, size_t side, struct error *err)
{
    const struct tally_table *table = table_of(w, side);
    struct buffer text;
    enum status status = STATUS_OK;
    buffer_init(&text, CLASS_TEXT_MAX);
    w->class_of[side] = mem_zalloc(w->rows[side], sizeof **w->class_of);
    if (!w->class_of[side])
        status = error_nomem(err);
    for (size_t row = 0; status == STATUS_OK && row < w->rows[side]; row++) {
        buffer_reset(&text);
        for (size_t i = 0; status == STATUS_OK && i < w->common_count; i++) {
            char scratch[FIELD_LABEL];
            const struct common *common = &w->common[i];
            const char *label = field_label_in(
                &common->to, common->sides[side], false,
                table->key_values[row * table->key_count + common->fields[side]], scratch);
            status = buffer_add(&text, label, strlen(label) + 1, err);
        }
        if (status == STATUS_OK)
            status = intern_add(&w->classes, text.data, text.len, &w->class_of[side][row], err);
    }
    buffer_release(&text);
    return status;
}

/* Lists the rows of each class (counting sort). */
static enum status sort_rows(struct within *w, size_t side, struct error *err)
{
    uint32_t *at = w->start[side] = mem_zalloc(w->classes.count + 2, sizeof *at);
    uint32_t *list = w->by_class[side] = mem_zalloc(w->rows[side], sizeof *list);
    if (!at || !list)
        return error_nomem(err);
    for (size_t row = 0; row < w->rows[side]; row++)
        at[w->class_of[side][row] + 2]++;
    for (size_t i = 1; i < w->classes.count + 2u; i++)
        at[i] += at[i - 1];
    for (size_t row = 0; row < w->rows[side]; row++)
        list[at[w->class_of[side][row] + 1]++] = (uint32_t)row;
    return STATUS_OK;
}

static enum status mark_apart(struct within *w, struct error *err)
{
    const struct tally_table *count = table_of(w, COUNT);
    w->apart = mem_zalloc(w->classes.count, sizeof *w->apart);
    if (!w->apart)
        return error_nomem(err);
    for (size_t row = 0; row < w->rows[COUNT]; row++)
        if (count->row_flags[row] & (TALLY_GONE | TALLY_CHANGED))
            w->apart[w->class_of[COUNT][row]] = true;
    return STATUS_OK;
}

/* Conversations of the rows of CLASS, from row OFFSET of the side's table on; with SIGN, as places.
 */
static enum status sum_up(struct within *w, size_t side, size_t offset, uint32_t class, int sign,
                          uint64_t *sum, struct error *err)
{
    *sum = 0;
    for (uint32_t i = w->start[side][class]; i < w->start[side][class + 1]; i++) {
        size_t row = offset + w->by_class[side][i];
        uint64_t value = tally_cell_at(table_of(w, side), row, 0)->value;
        *sum += value;
        if (sign && value)
            TRY(places_add(&w->places,
                           (struct tally_place){(uint32_t)w->numbers[side], (uint32_t)row, 0, sign},
                           err));
    }
    return STATUS_OK;
}

static enum status tie_class(struct within *w, uint32_t class, struct error *err)
{
    uint64_t all, part;
    TRY(sum_up(w, COUNT, 0, class, 0, &all, err));
    for (size_t slot = 0; slot < w->slots; slot++) {
        TRY(sum_up(w, TERMS, slot * w->rows[TERMS], class, 0, &part, err));
        if (!part || part > all || all - part >= w->large)
            continue;
        TRY(sum_up(w, TERMS, slot * w->rows[TERMS], class, 1, &part, err));
        TRY(sum_up(w, COUNT, 0, class, -1, &all, err));
        TRY(places_bind_held(&w->places, w->tally, true, err));
    }
    return STATUS_OK;
}

static enum status tie_tables(struct within *w, struct error *err)
{
    enum status status = STATUS_OK;
    TRY_CLEANUP(find_common(w, err));
    if (!w->common_count)
        goto cleanup;
    for (size_t side = 0; side < SIDES; side++)
        TRY_CLEANUP(classify(w, side, err));
    for (size_t side = 0; side < SIDES; side++)
        TRY_CLEANUP(sort_rows(w, side, err));
    TRY_CLEANUP(mark_apart(w, err));
    for (uint32_t class = 0; class < w->classes.count; class ++)
        if (!w->apart[class])
            TRY_CLEANUP(tie_class(w, class, err));
cleanup:
    within_release(w);
    return status;
}

/* A count of the same population. */
static bool is_count(const struct tally_table *table, const struct plan *plan)
{
    return table->by_count > 0 && table->row_count > 1 && table->from == plan->population.from &&
           table->to == plan->population.to &&
           plan_filters_same(table->filters, table->filter_count, plan->population.filters,
                             plan->population.filter_count);
}

static bool is_terms_by(const struct tally_table *table, const struct plan *plan)
{
    if (table->query == SIZE_MAX || table->told_before || table->by_count)
        return false;
    const struct plan_query *query = &plan->queries[table->query];
    return query->kind == QUERY_TERMS && query->by_count && query->term_count &&
           table->key_count == query->by_count + 1 && table->column_count == BY_COLUMNS &&
           table->row_count > 0;
}

enum status tally_within(const struct tally_source *source, struct tally *tally, size_t first,
                         struct error *err)
{
    const struct plan *plan = source->plan;
    if (plan->release.noise.mechanism || plan->release.min_users < 2)
        return STATUS_OK;
    for (size_t a = 0; a < tally->table_count; a++) {
        if (!is_terms_by(&tally->tables[a], plan))
            continue;
        const struct plan_query *query = &plan->queries[tally->tables[a].query];
        for (size_t b = first; b < tally->table_count; b++) {
            if (!is_count(&tally->tables[b], plan))
                continue;
            struct within w = {.tally = tally,
                               .large = (uint64_t)LARGE * plan->release.min_users,
                               .numbers = {a, b},
                               .slots = query->term_count,
                               .rows = {tally->tables[a].row_count / query->term_count,
                                        tally->tables[b].row_count - 1},
                               .query = query,
                               .arena = ARENA_INIT,
                               .places = {.items = NULL}};
            intern_init(&w.classes);
            TRY(tie_tables(&w, err));
        }
    }
    return STATUS_OK;
}
