/* Queries judged as margins of one table: see slots_joint.h. */
#include "queries/slots_joint.h"

#include "base/memory.h"
#include "queries/combination_sums.h"
#include "queries/slots_cells.h"
#include "queries/slots_count.h"
#include "queries/slots_counted.h"
#include "queries/slots_parts.h"
#include "queries/tally_ties.h"

#include <stdlib.h>
#include <string.h>

struct joint {
    const struct tally_source *source;
    const struct slots_queries *queries;
    bool new_only;
    struct tally *tally;
    struct slots_cells cells;
    struct tally_place *at; /* [cells.count] the figure that each is */
    struct places places;
    size_t made;      /* cells of all groups */
    size_t *group_of; /* [queries.count] a query of its group, the same for all of it */
};

static const struct slots_query *member_at(const struct joint *j, size_t member)
{
    return &j->queries->items[j->cells.members[member]];
}

/* ---- what rows count ---- */

static bool counts(const struct slots_query *query, const char *text, enum slots_counted what,
                   size_t slot)
{
    return slots_counts(what, slots_class_count(query, text), slots_class_has(query, text, slot));
}

static struct tally_place cell_at(const struct joint *j, uint32_t cell)
{
    struct tally_place place = j->at[cell];
    place.sign = -1;
    return place;
}

/* Ties PLACE, a figure of MEMBER, to the cells that it counts. */
static enum status tie_place(struct joint *j, size_t member, struct tally_place place,
                             enum slots_counted what, size_t slot, struct error *err)
{
    TRY(places_add(&j->places, place, err));
    for (uint32_t cell = 0; cell < j->cells.cells.count; cell++) {
        const char *text = slots_cells_class(&j->cells, member, cell);
        if (text && counts(member_at(j, member), text, what, slot))
            TRY(places_add(&j->places, cell_at(j, cell), err));
    }
    return places_bind(&j->places, j->tally, false, err);
}

static struct tally_place row_at(const struct joint *j, size_t member, size_t row)
{
    return (struct tally_place){(uint32_t)member_at(j, member)->table, (uint32_t)row, 0, 1};
}

/* The cell that is all that a row counts; INTERN_NONE where it counts several, or none. */
static uint32_t only_cell(const struct joint *j, size_t member, size_t row)
{
    const struct slots_query *query = member_at(j, member);
    uint32_t only = INTERN_NONE;
    for (uint32_t cell = 0; cell < j->cells.cells.count; cell++) {
        const char *text = slots_cells_class(&j->cells, member, cell);
        if (!text || !counts(query, text, slots_row_counts(query->query, query->count, row), row))
            continue;
        if (only != INTERN_NONE)
            return INTERN_NONE;
        only = cell;
    }
    return only;
}

static bool is_same(struct tally_place a, struct tally_place b)
{
    return a.table == b.table && a.row == b.row && a.column == b.column;
}

static enum status tie_hidden(struct joint *j, size_t member, uint32_t number,
                              enum slots_counted what, size_t slot, struct error *err)
{
    return tie_place(j, member, (struct tally_place){TALLY_HIDDEN, number, 0, 1}, what, slot, err);
}

static enum status tie_rows(struct joint *j, size_t member, struct error *err)
{
    const struct slots_query *query = member_at(j, member);
    const struct tally_union *of = tally_union_find(j->tally, query->number);
    for (size_t row = 0; row < query->count + 2; row++) {
        uint32_t only = only_cell(j, member, row);
        if (only == INTERN_NONE || !is_same(j->at[only], row_at(j, member, row)))
            TRY(tie_place(j, member, row_at(j, member, row),
                          slots_row_counts(query->query, query->count, row), row, err));
    }
    if (!of || of->count != query->count)
        return STATUS_OK;
    for (uint32_t slot = 0; slot < of->count; slot++) {
        TRY(tie_hidden(j, member, of->first_alone + slot, OF_ALONE, slot, err));
        TRY(tie_hidden(j, member, of->first_shared + slot, OF_SHARED, slot, err));
    }
    return tie_hidden(j, member, of->several, OF_SEVERAL, 0, err);
}

/* ---- combinations of terms ---- */

/* The combinations of a search term query by which of their keys are judged. */
struct combining {
    struct joint *j;
    const struct slots_query *query;
    struct combination_sums sums; /* by class */
    char *text;
};

static enum status add_class(struct combining *c, const char *text, struct tally_place place,
                             struct error *err)
{
    /* What is found of others is no whole row. */
    return memchr(text, SLOTS_FOUND, c->query->count)
               ? combination_sums_add(&c->sums, text, c->query->count, place, err)
               : STATUS_OK;
}

static enum status add_combination(void *context, const unsigned char *list, size_t count,
                                   struct tally_place place, struct error *err)
{
    struct combining *c = context;
    const struct slots_query *query = c->query;
    for (size_t slot = 0; slot < query->count; slot++) {
        uint32_t key = query->keys[slot];
        bool judged = key != INTERN_NONE && c->j->cells.judged[key];
        c->text[slot] = key == INTERN_NONE || judged ? SLOTS_NOT : SLOTS_UNASKED;
        for (size_t i = 0; judged && i < count; i++)
            if (query->keys[list[i]] == key)
                c->text[slot] = SLOTS_FOUND;
    }
    return add_class(c, c->text, place, err);
}

/* A pattern of no combination is told to be impossible, or does not occur: its cells are nothing.
 */
static enum status add_cells(struct combining *c, size_t member, struct error *err)
{
    for (uint32_t cell = 0; cell < c->j->cells.cells.count; cell++) {
        const char *text = slots_cells_class(&c->j->cells, member, cell);
        if (text)
            TRY(add_class(c, text, cell_at(c->j, cell), err));
    }
    return STATUS_OK;
}

static enum status tie_combinations(struct joint *j, size_t member, struct error *err)
{
    struct combining c = {.j = j, .query = member_at(j, member)};
    const struct tally_atoms *atoms = tally_atoms_find(j->tally, c.query->number);
    enum status status = STATUS_OK;
    if (!atoms)
        return STATUS_OK; /* its rows are tied as they are (slots_same.h) */
    combination_sums_init(&c.sums);
    c.text = mem_zalloc(c.query->count, 1);
    if (!c.text)
        TRY_CLEANUP(error_nomem(err));
    TRY_CLEANUP(combination_each(atoms, add_combination, &c, err));
    TRY_CLEANUP(add_cells(&c, member, err));
    status = combination_sums_bind(&c.sums, &j->places, j->tally, err);
cleanup:
    combination_sums_release(&c.sums);
    free(c.text);
    return status;
}

/* ---- a group ---- */

/* A cell that is all that some row counts is that row's figure; others are hidden ones. */
static enum status place_cells(struct joint *j, const struct tally_cell *figures, struct error *err)
{
    size_t count = j->cells.cells.count;
    for (size_t cell = 0; cell < count; cell++)
        j->at[cell].column = UINT32_MAX;
    for (size_t i = 0; i < j->cells.member_count; i++) {
        const struct slots_query *query = member_at(j, i);
        for (size_t row = 0; query->way != SLOTS_TERMS && row < query->count + 2; row++) {
            uint32_t only = only_cell(j, i, row);
            if (only != INTERN_NONE && j->at[only].column == UINT32_MAX)
                j->at[only] = row_at(j, i, row);
        }
    }
    for (size_t cell = 0; cell < count; cell++) {
        if (j->at[cell].column != UINT32_MAX)
            continue;
        j->at[cell] = (struct tally_place){TALLY_HIDDEN, 0, 0, 1};
        TRY(tally_hide(j->tally, figures[cell], &j->at[cell].row, err));
    }
    return STATUS_OK;
}

static enum status hide_cells(struct joint *j, struct error *err)
{
    size_t count = j->cells.cells.count;
    struct tally_cell *figures = mem_zalloc(count + 1, sizeof *figures);
    j->at = mem_zalloc(count + 1, sizeof *j->at);
    enum status status =
        figures && j->at ? slots_count(j->source, &j->cells, figures, err) : error_nomem(err);
    if (status == STATUS_OK)
        status = place_cells(j, figures, err);
    free(figures);
    return status;
}

/* Ties MEMBERS as one, if they have few enough cells; *DONE says so. */
static enum status tie_members(struct joint *j, const size_t *members, size_t count, bool *done,
                               struct error *err)
{
    size_t room =
        SLOTS_ALL_MAX - j->made < TALLY_SLOT_CELLS ? SLOTS_ALL_MAX - j->made : TALLY_SLOT_CELLS;
    enum status status = STATUS_OK;
    TRY_CLEANUP(slots_cells_init(&j->cells, j->queries, members, count, room, err));
    *done = !j->cells.too_many;
    if (!*done)
        goto cleanup;
    j->made += j->cells.cells.count;
    TRY_CLEANUP(hide_cells(j, err));
    for (size_t i = 0; i < count; i++)
        TRY_CLEANUP(member_at(j, i)->way == SLOTS_TERMS ? tie_combinations(j, i, err)
                                                        : tie_rows(j, i, err));
cleanup:
    slots_cells_release(&j->cells);
    free(j->at);
    j->at = NULL;
    return status;
}

/* ---- groups ---- */

static bool have_common(const struct slots_query *a, const struct slots_query *b)
{
    if (a->way == SLOTS_TERMS && b->way == SLOTS_TERMS)
        return false; /* see terms_shared.h */
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; a->keys[i] != INTERN_NONE && k < b->count; k++)
            if (a->keys[i] == b->keys[k])
                return true;
    return false;
}

static size_t group(const struct joint *j, size_t query)
{
    while (j->group_of[query] != query)
        query = j->group_of[query];
    return query;
}

static void find_groups(struct joint *j)
{
    const struct slots_queries *queries = j->queries;
    for (size_t i = 0; i < queries->count; i++)
        j->group_of[i] = i;
    for (size_t i = 0; i < queries->count; i++)
        for (size_t k = 0; k < i; k++)
            if (have_common(&queries->items[i], &queries->items[k]))
                j->group_of[group(j, i)] = group(j, k);
}

static bool is_wanted(const struct joint *j, const size_t *members, size_t count)
{
    bool wanted = !j->new_only;
    for (size_t i = 0; i < count; i++)
        wanted = wanted || j->queries->items[members[i]].anew;
    return count > 1 && wanted;
}

/* Those of MEMBERS of which the first match counts as one: they have few cells. */
static enum status tie_first(struct joint *j, const size_t *members, size_t count, bool *done,
                             struct error *err)
{
    size_t first_count = 0;
    size_t *first = mem_zalloc(count, sizeof *first);
    if (!first)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++)
        if (j->queries->items[members[i]].way == SLOTS_FIRST)
            first[first_count++] = members[i];
    *done = first_count > 2 && first_count < count && is_wanted(j, first, first_count);
    enum status status = *done ? tie_members(j, first, first_count, done, err) : STATUS_OK;
    free(first);
    return status;
}

/* Each two of MEMBERS with something in common; this report's queries come first. */
static enum status tie_pairs(struct joint *j, const size_t *members, size_t count,
                             struct error *err)
{
    bool first;
    TRY(tie_first(j, members, count, &first, err));
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++) {
            const size_t pair[] = {members[i], members[k]};
            bool done = true;
            const struct slots_query *a = &j->queries->items[pair[0]];
            const struct slots_query *b = &j->queries->items[pair[1]];
            if (!is_wanted(j, pair, 2) || !have_common(a, b) ||
                (first && a->way == SLOTS_FIRST && b->way == SLOTS_FIRST))
                continue;
            TRY(tie_members(j, pair, 2, &done, err));
            j->tally->slots_left_out += !done && !slots_same_keys(a, b);
        }
    return STATUS_OK;
}

static enum status tie_group(struct joint *j, size_t first, struct error *err)
{
    size_t count = 0;
    bool done = true;
    size_t *members = mem_zalloc(j->queries->count, sizeof *members);
    if (!members)
        return error_nomem(err);
    for (size_t i = 0; i < j->queries->count; i++)
        if (group(j, i) == first)
            members[count++] = i;
    enum status status = STATUS_OK;
    if (is_wanted(j, members, count))
        status = tie_members(j, members, count, &done, err);
    if (status == STATUS_OK && !done)
        status = tie_pairs(j, members, count, err);
    if (status == STATUS_OK && is_wanted(j, members, count))
        status = slots_parts(j->source, j->queries, members, count, done, j->tally, err);
    free(members);
    return status;
}

enum status slots_joint(const struct tally_source *source, const struct slots_queries *queries,
                        bool new_only, struct tally *tally, struct error *err)
{
    struct joint j = {.source = source, .queries = queries, .new_only = new_only, .tally = tally};
    enum status status = STATUS_OK;
    if (queries->count < 2)
        return STATUS_OK;
    j.group_of = mem_zalloc(queries->count, sizeof *j.group_of);
    if (!j.group_of)
        return error_nomem(err);
    find_groups(&j);
    for (size_t i = 0; status == STATUS_OK && i < queries->count; i++)
        if (group(&j, i) == i)
            status = tie_group(&j, i, err);
    places_release(&j.places);
    free(j.group_of);
    return status;
}
