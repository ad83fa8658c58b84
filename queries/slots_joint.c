/* Queries judged as margins of one table: see slots_joint.h. */
#include "queries/slots_joint.h"

#include "base/memory.h"
#include "queries/slots_cells.h"
#include "queries/slots_count.h"
#include "queries/slots_rest.h"
#include "queries/tally_ties.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct joint {
    const struct tally_source *source;
    const struct slots_queries *queries;
    bool new_only;
    struct tally *tally;
    struct slots_cells cells;
    uint32_t *hidden; /* [cells.count] */
    struct places places;
    size_t made;      /* cells of all groups */
    size_t rests;     /* pairs judged by their other days */
    size_t *group_of; /* [queries.count] a query of its group, the same for all of it */
};

static const struct slots_query *member_at(const struct joint *j, size_t member)
{
    return &j->queries->items[j->cells.members[member]];
}

/* ---- what rows count ---- */

/* Rows of a query's own table, and what is hidden of it: conversations in which so many slots find,
 * the one at hand among them or not. */
enum counted { OF_SLOT, OF_ANY, OF_NONE, OF_ALL, OF_ALONE, OF_SHARED, OF_SEVERAL };

static const struct {
    size_t least, most;
    bool slot; /* the one at hand is one of them */
} counted[] = {[OF_SLOT] = {1, SIZE_MAX, true},    [OF_ANY] = {1, SIZE_MAX, false},
               [OF_NONE] = {0, 0, false},          [OF_ALL] = {0, SIZE_MAX, false},
               [OF_ALONE] = {1, 1, true},          [OF_SHARED] = {2, SIZE_MAX, true},
               [OF_SEVERAL] = {2, SIZE_MAX, false}};

static bool counts(const struct slots_query *query, const char *text, enum counted what,
                   size_t slot)
{
    size_t count = slots_class_count(query, text);
    return count >= counted[what].least && count <= counted[what].most &&
           (!counted[what].slot || slots_class_has(query, text, slot));
}

/* Ties PLACE, a figure of MEMBER, to the cells that it counts. */
static enum status tie_place(struct joint *j, size_t member, struct tally_place place,
                             enum counted what, size_t slot, struct error *err)
{
    TRY(places_add(&j->places, place, err));
    for (uint32_t cell = 0; cell < j->cells.cells.count; cell++) {
        const char *text = slots_cells_class(&j->cells, member, cell);
        if (text && counts(member_at(j, member), text, what, slot))
            TRY(places_add(&j->places, (struct tally_place){TALLY_HIDDEN, j->hidden[cell], 0, -1},
                           err));
    }
    return places_bind(&j->places, j->tally, false, err);
}

static enum status tie_row(struct joint *j, size_t member, size_t row, enum counted what,
                           struct error *err)
{
    return tie_place(
        j, member, (struct tally_place){(uint32_t)member_at(j, member)->table, (uint32_t)row, 0, 1},
        what, row, err);
}

static enum status tie_hidden(struct joint *j, size_t member, uint32_t number, enum counted what,
                              size_t slot, struct error *err)
{
    return tie_place(j, member, (struct tally_place){TALLY_HIDDEN, number, 0, 1}, what, slot, err);
}

/* The conversations are in the first column of all these tables. */
static enum status tie_rows(struct joint *j, size_t member, struct error *err)
{
    const struct slots_query *query = member_at(j, member);
    const struct tally_union *of = tally_union_find(j->tally, query->number);
    for (size_t slot = 0; slot < query->count; slot++)
        TRY(tie_row(j, member, slot, OF_SLOT, err));
    TRY(tie_row(j, member, query->count, query->query->kind == QUERY_TOPICS ? OF_NONE : OF_ANY,
                err));
    TRY(tie_row(j, member, query->count + 1, OF_ALL, err));
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
    struct intern patterns; /* classes */
    struct share {
        uint32_t pattern;
        struct tally_place place;
    } * shares;
    size_t count, capacity;
    char *text;
};

static enum status add_share(struct combining *c, uint32_t pattern, struct tally_place place,
                             struct error *err)
{
    struct share *grown = mem_grow(c->shares, &c->capacity, c->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    c->shares = grown;
    grown[c->count++] = (struct share){pattern, place};
    return STATUS_OK;
}

/* The class of LIST[COUNT], numbers of terms. */
static enum status put_pattern(struct combining *c, const unsigned char *list, size_t count,
                               uint32_t *pattern, struct error *err)
{
    const struct slots_query *query = c->query;
    for (size_t slot = 0; slot < query->count; slot++) {
        uint32_t key = query->keys[slot];
        bool judged = key != INTERN_NONE && c->j->cells.judged[key];
        c->text[slot] = key == INTERN_NONE ? SLOTS_NOT : judged ? SLOTS_NOT : SLOTS_UNASKED;
        for (size_t i = 0; judged && i < count; i++)
            if (query->keys[list[i]] == key)
                c->text[slot] = SLOTS_FOUND;
    }
    return intern_add(&c->patterns, c->text, query->count, pattern, err);
}

static enum status add_atoms(struct combining *c, const struct tally_atoms *atoms,
                             struct error *err)
{
    uint32_t pattern;
    for (uint32_t slot = 0; slot < atoms->alone_count && slot <= UCHAR_MAX; slot++) {
        const unsigned char list[] = {(unsigned char)slot};
        TRY(put_pattern(c, list, 1, &pattern, err));
        TRY(add_share(c, pattern,
                      (struct tally_place){atoms->alone_table, slot, atoms->alone_column, 1}, err));
    }
    for (size_t i = 0; i < atoms->count; i++) {
        if (!atoms->lists[i])
            continue;
        TRY(put_pattern(c, atoms->lists[i], atoms->lengths[i], &pattern, err));
        TRY(add_share(c, pattern,
                      (struct tally_place){TALLY_HIDDEN, atoms->first + (uint32_t)i, 0, 1}, err));
    }
    return STATUS_OK;
}

/* A pattern of no combination is told to be impossible, or does not occur: its cells are nothing.
 */
static enum status add_cells(struct combining *c, size_t member, struct error *err)
{
    uint32_t pattern;
    for (uint32_t cell = 0; cell < c->j->cells.cells.count; cell++) {
        const char *text = slots_cells_class(&c->j->cells, member, cell);
        if (!text)
            continue;
        TRY(intern_add(&c->patterns, text, c->query->count, &pattern, err));
        TRY(add_share(c, pattern, (struct tally_place){TALLY_HIDDEN, c->j->hidden[cell], 0, -1},
                      err));
    }
    return STATUS_OK;
}

static int compare_shares(const void *a, const void *b)
{
    const struct share *left = a, *right = b;
    if (left->pattern != right->pattern)
        return left->pattern < right->pattern ? -1 : 1;
    if (left->place.table != right->place.table)
        return left->place.table < right->place.table ? -1 : 1;
    return (left->place.row > right->place.row) - (left->place.row < right->place.row);
}

static bool finds_any(const struct combining *c, uint32_t pattern)
{
    return memchr(c->patterns.items[pattern].text, SLOTS_FOUND, c->query->count) != NULL;
}

static enum status tie_combinations(struct joint *j, size_t member, struct error *err)
{
    struct combining c = {.j = j, .query = member_at(j, member)};
    const struct tally_atoms *atoms = tally_atoms_find(j->tally, c.query->number);
    enum status status = STATUS_OK;
    if (!atoms)
        return STATUS_OK; /* its rows are tied as they are (slots_same.h) */
    intern_init(&c.patterns);
    c.text = mem_zalloc(c.query->count, 1);
    if (!c.text)
        TRY_CLEANUP(error_nomem(err));
    TRY_CLEANUP(add_atoms(&c, atoms, err));
    TRY_CLEANUP(add_cells(&c, member, err));
    if (c.count)
        qsort(c.shares, c.count, sizeof *c.shares, compare_shares);
    for (size_t i = 0; i < c.count; i++) {
        if (!finds_any(&c, c.shares[i].pattern)) /* what is found of others is no whole row */
            continue;
        TRY_CLEANUP(places_add(&j->places, c.shares[i].place, err));
        if (i + 1 == c.count || c.shares[i + 1].pattern != c.shares[i].pattern)
            TRY_CLEANUP(places_bind(&j->places, j->tally, false, err));
    }
cleanup:
    intern_release(&c.patterns);
    free(c.shares);
    free(c.text);
    return status;
}

/* ---- a group ---- */

static enum status hide_cells(struct joint *j, struct error *err)
{
    size_t count = j->cells.cells.count;
    struct tally_cell *figures = mem_zalloc(count + 1, sizeof *figures);
    j->hidden = mem_zalloc(count + 1, sizeof *j->hidden);
    enum status status =
        figures && j->hidden ? slots_count(j->source, &j->cells, figures, err) : error_nomem(err);
    for (size_t cell = 0; status == STATUS_OK && cell < count; cell++)
        status = tally_hide(j->tally, figures[cell], &j->hidden[cell], err);
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
    free(j->hidden);
    j->hidden = NULL;
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

/* Each two of MEMBERS with something in common; this report's queries come first. */
static enum status tie_pairs(struct joint *j, const size_t *members, size_t count,
                             struct error *err)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++) {
            const size_t pair[] = {members[i], members[k]};
            bool done = true;
            const struct slots_query *a = &j->queries->items[pair[0]];
            const struct slots_query *b = &j->queries->items[pair[1]];
            if (!is_wanted(j, pair, 2) || !have_common(a, b))
                continue;
            TRY(tie_members(j, pair, 2, &done, err));
            if (!done)
                TRY(slots_rest(j->source, j->queries, a, b, j->tally, &j->rests, &done, err));
            j->tally->slots_left_out += !done;
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
