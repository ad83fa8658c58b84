/*
 * Conversations by what overlap queries find in them: see works_cells.h. Parts of the catalogue are
 * gone through one by one: first which class each unit has for each query, then all units.
 */
#include "queries/works_cells.h"

#include "base/memory.h"
#include "queries/overlap_relations.h"
#include "queries/query_overlap.h"
#include "queries/tally.h"
#include "queries/works_classes.h"

#include <stdlib.h>
#include <string.h>

struct counting {
    struct works_cells *cells;
    const struct works_wish *wish;
    const struct tally_source *source;
    size_t most;
    uint32_t *populations_of;    /* [rows of the catalogue] a bit each */
    struct query_overlap *found; /* [queries] */
    struct works_unit unit;
    uint32_t *class_of;           /* [units of the part * queries] */
    uint32_t *key;                /* [1 + queries] */
    uint32_t last_key, last_cell; /* populations of the last cell with nothing; it + 1 */
    struct error *err;
};

void works_cells_release(struct works_cells *cells)
{
    for (size_t i = 0; cells->classes && i < cells->queries; i++)
        intern_release(&cells->classes[i]);
    for (size_t i = 0; cells->users && i < cells->keys.count; i++)
        bitmap_free(cells->users[i]);
    intern_release(&cells->works);
    intern_release(&cells->keys);
    free(cells->classes);
    free(cells->values);
    free(cells->users);
    *cells = (struct works_cells){.queries = 0};
}

/* ---- cells ---- */

static uint32_t word_of(const struct works_cells *cells, uint32_t cell, size_t at)
{
    uint32_t value;
    memcpy(&value, cells->keys.items[cell].text + at * sizeof value, sizeof value);
    return value;
}

static const struct intern_text *class_at(const struct works_cells *cells, uint32_t cell,
                                          size_t query)
{
    return &cells->classes[query].items[word_of(cells, cell, 1 + query)];
}

uint32_t works_cells_populations(const struct works_cells *cells, uint32_t cell)
{
    return word_of(cells, cell, 0);
}

unsigned works_cells_bin(const struct works_cells *cells, uint32_t cell, size_t query,
                         unsigned view)
{
    return works_class_bin(class_at(cells, cell, query), view);
}

uint32_t works_cells_columns(const struct works_cells *cells, uint32_t cell, size_t query,
                             uint32_t work)
{
    return works_class_columns(class_at(cells, cell, query), work);
}

/* The cell of KEY; makes one if it is new. */
static enum status put_key(struct works_cells *cells, const uint32_t *key, uint32_t *cell,
                           struct error *err)
{
    size_t size = (1 + cells->queries) * sizeof *key, before = cells->keys.count;
    *cell = intern_find(&cells->keys, (const char *)key, size);
    if (*cell != INTERN_NONE)
        return STATUS_OK;
    uint64_t *values = mem_grow(cells->values, &cells->value_capacity, before + 1, sizeof *values);
    if (values)
        cells->values = values;
    struct bitmap **users =
        mem_grow(cells->users, &cells->user_capacity, before + 1, sizeof *users);
    if (users)
        cells->users = users;
    struct bitmap *own = values && users ? bitmap_new() : NULL;
    if (!own)
        return error_nomem(err);
    values[before] = 0;
    enum status status = intern_add(&cells->keys, (const char *)key, size, cell, err);
    if (status == STATUS_OK)
        users[before] = own;
    else
        bitmap_free(own);
    return status;
}

/* That of the key at hand. INTERN_NONE: there are too many. */
static enum status put_cell(struct counting *c, uint32_t *cell)
{
    struct works_cells *cells = c->cells;
    size_t size = (1 + cells->queries) * sizeof *c->key;
    *cell = intern_find(&cells->keys, (const char *)c->key, size);
    cells->too_many = cells->too_many || (*cell == INTERN_NONE && cells->keys.count >= c->most);
    return *cell != INTERN_NONE || cells->too_many ? STATUS_OK
                                                   : put_key(cells, c->key, cell, c->err);
}

static enum status count_units(struct counting *c, uint32_t user, uint64_t value)
{
    uint32_t cell;
    bool nothing = true;
    for (size_t i = 0; i < c->cells->queries; i++)
        nothing = nothing && !c->key[1 + i];
    if (nothing && c->last_cell && c->last_key == c->key[0]) {
        cell = c->last_cell - 1;
    } else {
        TRY(put_cell(c, &cell));
        if (cell == INTERN_NONE)
            return STATUS_OK;
    }
    if (nothing) {
        c->last_key = c->key[0];
        c->last_cell = cell + 1;
    }
    c->cells->values[cell] += value;
    bitmap_add(c->cells->users[cell], user);
    return STATUS_OK;
}

/* ---- a part ---- */

/* The class of the unit at hand, which then is empty. */
static enum status put_class(struct counting *c, size_t number, uint32_t *class)
{
    struct intern *classes = &c->cells->classes[number];
    c->cells->too_many = c->cells->too_many || classes->count > c->most;
    return works_unit_put(&c->unit, &c->source->plan->queries[c->wish->queries[number]], classes,
                          class, c->err);
}

static enum status find_classes(struct counting *c, size_t p, size_t number)
{
    const struct catalogue_part *part = &c->source->catalogue->parts[p];
    const struct overlap_rows *rows = &c->found[number].rows[p];
    struct overlap_cursor cursor = {.at = 0};
    size_t queries = c->cells->queries;
    bool more = query_overlap_next(rows, part, &cursor);
    while (more && !c->cells->too_many) {
        uint32_t row = cursor.row, exchange = rows->exchange[cursor.at];
        bool wanted = c->populations_of[part->first_row + row];
        if (wanted)
            TRY(works_unit_add(&c->unit, rows, cursor.at, &c->cells->works, c->err));
        more = query_overlap_next(rows, part, &cursor);
        if (wanted && (c->wish->exchanges || !more || cursor.row != row))
            TRY(put_class(c, number,
                          &c->class_of[queries * (c->wish->exchanges ? exchange : row) + number]));
    }
    return STATUS_OK;
}

static void set_key(struct counting *c, uint32_t populations, size_t unit)
{
    size_t queries = c->cells->queries;
    c->key[0] = populations;
    memcpy(c->key + 1, c->class_of + queries * unit, queries * sizeof *c->key);
}

static enum status count_part(struct counting *c, size_t p)
{
    const struct catalogue_part *part = &c->source->catalogue->parts[p];
    for (uint32_t row = 0; row < part->rows && !c->cells->too_many; row++) {
        uint32_t populations = c->populations_of[part->first_row + row];
        uint32_t user = catalogue_user(part, row);
        user = user == PART_NO_CODE ? c->source->catalogue->users : user;
        if (!populations)
            continue;
        uint32_t from = c->wish->exchanges ? part->first_exchange[row] : row;
        uint32_t to = c->wish->exchanges ? part->first_exchange[row + 1ull] : row + 1;
        for (uint32_t unit = from; unit < to; unit++) {
            set_key(c, populations, unit);
            TRY(count_units(c, user, 1));
        }
    }
    return STATUS_OK;
}

static enum status do_part(struct counting *c, size_t p)
{
    const struct catalogue_part *part = &c->source->catalogue->parts[p];
    size_t units = c->wish->exchanges ? part->exchange_total : part->rows;
    enum status status = STATUS_OK;
    c->class_of = mem_zalloc(units * c->cells->queries + 1, sizeof *c->class_of);
    if (!c->class_of)
        return error_nomem(c->err);
    for (size_t i = 0; status == STATUS_OK && i < c->cells->queries; i++)
        status = find_classes(c, p, i);
    if (status == STATUS_OK)
        status = count_part(c, p);
    free(c->class_of);
    c->class_of = NULL;
    return status;
}

/* ---- what could occur ---- */

enum { SIDES_MASKS = 1 << OVERLAP_ROWS_SIDES };

/* The cell of units that share on sides MASKS [works] with each work, and have runs that the user
 * supplied, or not; none where that cannot be. */
static enum status have_cell(struct works_cells *cells, const unsigned *masks, bool supplied,
                             struct error *err)
{
    uint32_t key[] = {1, 0}, cell;
    bool possible;
    TRY(works_class_of_sides(&cells->classes[0], masks, cells->works.count, supplied, &key[1],
                             &possible, err));
    if (!possible)
        return STATUS_OK;
    return put_key(cells, key, &cell, err);
}

enum status works_cells_complete(struct works_cells *cells, bool *all, struct error *err)
{
    size_t works = cells->works.count, combinations = 1;
    *all = works <= TALLY_SIDES_WORKS;
    for (size_t i = 0; i < works && *all; i++)
        combinations *= SIDES_MASKS;
    for (size_t i = 0; i < combinations && *all; i++) {
        unsigned masks[TALLY_SIDES_WORKS] = {0};
        for (size_t work = 0, left = i; work < works; work++, left /= SIDES_MASKS)
            masks[work] = (unsigned)(left % SIDES_MASKS);
        TRY(have_cell(cells, masks, false, err));
        TRY(have_cell(cells, masks, true, err));
    }
    return STATUS_OK;
}

/* ---- all of it ---- */

static enum status find_populations(struct counting *c)
{
    const struct catalogue *catalogue = c->source->catalogue;
    struct told_population population;
    enum status status = STATUS_OK;
    told_population_init(&population, c->source);
    for (size_t i = 0; i < c->wish->population_count; i++) {
        const struct tally_source *of;
        TRY_CLEANUP(told_population_source(&population, &c->wish->populations[i], &of, c->err));
        for (size_t p = 0; p < catalogue->count; p++)
            for (uint32_t row = 0; row < catalogue->parts[p].rows; row++)
                c->populations_of[catalogue->parts[p].first_row + row] |=
                    (uint32_t)population_has(of->population, p, row) << i;
    }
cleanup:
    told_population_release(&population);
    return status;
}

static enum status open_queries(struct counting *c)
{
    const struct plan *plan = c->source->plan;
    for (size_t i = 0; i < c->cells->queries; i++) {
        size_t query = plan_query_scanned(&plan->queries[c->wish->queries[i]], c->wish->queries[i]);
        TRY(query_overlap_open(&c->found[i], c->source->state, c->source->catalogue, query,
                               c->err));
        TRY(works_class_nothing(&c->cells->classes[i], c->err));
    }
    return STATUS_OK;
}

enum status works_cells_count(struct works_cells *cells, const struct works_wish *wish,
                              const struct tally_source *source, size_t most, struct error *err)
{
    struct counting c = {.cells = cells,
                         .wish = wish,
                         .source = source,
                         .most = most,
                         .unit = {.wish = wish},
                         .err = err};
    enum status status = STATUS_OK;
    *cells = (struct works_cells){.queries = wish->query_count};
    intern_init(&cells->works);
    intern_init(&cells->keys);
    cells->classes = mem_zalloc(wish->query_count, sizeof *cells->classes);
    for (size_t i = 0; cells->classes && i < wish->query_count; i++)
        intern_init(&cells->classes[i]);
    c.found = mem_zalloc(wish->query_count, sizeof *c.found);
    c.key = mem_zalloc(1 + wish->query_count, sizeof *c.key);
    c.populations_of = mem_zalloc(source->catalogue->rows + 1, sizeof *c.populations_of);
    if (!cells->classes || !c.found || !c.key || !c.populations_of)
        TRY_CLEANUP(error_nomem(err));
    TRY_CLEANUP(find_populations(&c));
    TRY_CLEANUP(open_queries(&c));
    for (size_t p = 0; p < source->catalogue->count && !cells->too_many; p++)
        TRY_CLEANUP(do_part(&c, p));
cleanup:
    for (size_t i = 0; c.found && i < wish->query_count; i++)
        query_overlap_release(&c.found[i]);
    free(c.found);
    free(c.key);
    free(c.populations_of);
    works_unit_release(&c.unit);
    return status;
}
