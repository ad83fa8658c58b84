/* Conversations by what several queries find in them: see terms_cells.h. */
#include "queries/terms_cells.h"

#include "base/memory.h"
#include "queries/query_hits.h"
#include "queries/tally_count.h"

#include <stdlib.h>
#include <string.h>

/* More numbers than this are too many cells for whoever asks. */
enum { FOLDS_MAX = 1 << 20 };

/* How a number is led to. */
struct fold {
    uint32_t before, event;
};

struct counting {
    struct terms_cells *cells;
    const struct cells_wish *wish;
    const struct tally_source *source;
    struct told_population population;
    struct intern folds; /* struct fold; number 0: in no period */
    uint32_t *fold_of;   /* [rows of the catalogue] */
    uint32_t first_event;
    bool too_many;
    struct error *err;
    enum status status;
    size_t part; /* whose rows are walked */
};

void terms_cells_release(struct terms_cells *cells)
{
    intern_release(&cells->keys);
    free(cells->values);
    free(cells->users);
    *cells = (struct terms_cells){.terms = 0};
}

/* ---- cells ---- */

enum status terms_cells_have(struct terms_cells *cells, const char *key, struct error *err)
{
    uint32_t number;
    size_t before = cells->keys.count;
    TRY(intern_add(&cells->keys, key, terms_cells_key_size(cells), &number, err));
    if (cells->keys.count == before)
        return STATUS_OK;
    uint64_t *values = mem_grow(cells->values, &cells->value_capacity, before + 1, sizeof *values);
    if (values)
        cells->values = values;
    uint32_t *users = mem_grow(cells->users, &cells->user_capacity, before + 1, sizeof *users);
    if (users)
        cells->users = users;
    if (!values || !users)
        return error_nomem(err);
    values[number] = users[number] = 0;
    return STATUS_OK;
}

bool terms_cells_has_term(const struct terms_cells *cells, uint32_t cell, size_t term)
{
    return cells->keys.items[cell].text[term];
}

bool terms_cells_in_period(const struct terms_cells *cells, uint32_t cell, size_t period)
{
    return cells->keys.items[cell].text[cells->terms + period];
}

uint32_t terms_cells_group(const struct terms_cells *cells, uint32_t cell, size_t groups)
{
    uint32_t row;
    memcpy(&row, cells->keys.items[cell].text + cells->terms + cells->periods + groups * sizeof row,
           sizeof row);
    return row - 1; /* 0 becomes UINT32_MAX */
}

/* ---- folding ---- */

static enum status lead_on(struct counting *c, uint64_t row, uint32_t event)
{
    const struct fold fold = {c->fold_of[row], event};
    if (c->too_many)
        return STATUS_OK;
    c->too_many = c->folds.count >= FOLDS_MAX;
    return intern_add(&c->folds, (const char *)&fold, sizeof fold, &c->fold_of[row], c->err);
}

static enum status find_source(struct counting *c, size_t period,
                               const struct tally_source **source)
{
    const struct cells_period *of = &c->wish->periods[period];
    const struct told_wish wish = {of->from, of->to, of->filters, of->filter_count};
    return told_population_source(&c->population, &wish, source, c->err);
}

static enum status fold_period(struct counting *c, size_t number)
{
    const struct tally_source *source;
    TRY(find_source(c, number, &source));
    for (size_t p = 0; p < source->catalogue->count; p++) {
        const struct catalogue_part *part = &source->catalogue->parts[p];
        for (uint32_t row = 0; row < part->rows; row++)
            if (population_has(source->population, p, row))
                TRY(lead_on(c, part->first_row + row, c->first_event));
    }
    c->first_event++;
    return STATUS_OK;
}

static bool fold_hit(uint32_t row, void *context)
{
    struct counting *c = context;
    const struct catalogue_part *part = &c->source->catalogue->parts[c->part];
    if (row < part->rows && c->fold_of[part->first_row + row])
        c->status = lead_on(c, part->first_row + row, c->first_event);
    return c->status == STATUS_OK;
}

static enum status fold_term(struct counting *c, const struct query_hits *hits, uint32_t slot)
{
    for (c->part = 0; c->part < c->source->catalogue->count; c->part++) {
        struct hits found;
        TRY(query_hits_read(hits, c->part, slot, &found, c->err));
        bitmap_each(found.conversations, fold_hit, c);
        hits_release(&found);
        TRY(c->status);
    }
    c->first_event++;
    return STATUS_OK;
}

static enum status fold_terms(struct counting *c)
{
    for (size_t i = 0; i < c->wish->term_count; i++) {
        const struct cells_term *term = &c->wish->terms[i];
        struct query_hits hits;
        enum status status = query_hits_open(
            &hits, c->source->state, &c->source->plan->queries[term->query], term->query, c->err);
        if (status == STATUS_OK)
            status = fold_term(c, &hits, term->slot);
        query_hits_release(&hits);
        TRY(status);
    }
    return STATUS_OK;
}

static enum status fold_row(void *context, uint32_t table_row, size_t part, uint32_t row,
                            struct error *err)
{
    struct counting *c = context;
    (void)err;
    return lead_on(c, c->source->catalogue->parts[part].first_row + row,
                   c->first_event + table_row);
}

static enum status fold_groups(struct counting *c, const struct cells_groups *groups)
{
    const struct tally_source *source;
    TRY(find_source(c, groups->period, &source));
    return tally_cross_each(source, groups->id, groups->by, groups->by_count, fold_row, c, c->err);
}

/* ---- counting ---- */

/* Groups of one table have events of their own from this one on. */
static uint32_t groups_event(const struct counting *c, size_t groups)
{
    return (uint32_t)(c->wish->period_count + c->wish->term_count + groups * CELLS_ROWS_MAX);
}

/* What number FOLD has, as a cell's key. */
static void write_key(const struct counting *c, uint32_t fold, char *key)
{
    const struct terms_cells *cells = c->cells;
    memset(key, 0, terms_cells_key_size(cells));
    while (fold) {
        struct fold from;
        memcpy(&from, c->folds.items[fold].text, sizeof from);
        if (from.event < cells->periods) {
            key[cells->terms + from.event] = 1;
        } else if (from.event < cells->periods + cells->terms) {
            key[from.event - cells->periods] = 1;
        } else {
            size_t groups = cells->groups - 1;
            while (groups > 0 && from.event < groups_event(c, groups))
                groups--;
            uint32_t row = from.event - groups_event(c, groups) + 1;
            memcpy(key + cells->terms + cells->periods + groups * sizeof row, &row, sizeof row);
        }
        fold = from.before;
    }
}

/* Rows that are in some period by their users: those of user u stand from start[u] to start[u + 1];
 * unknown ones last. */
struct by_user {
    uint64_t *start;
    uint32_t *rows;
};

static enum status sort_rows(const struct counting *c, struct by_user *by, struct error *err)
{
    const struct catalogue *catalogue = c->source->catalogue;
    by->start = mem_zalloc(catalogue->users + 3ull, sizeof *by->start);
    by->rows = mem_zalloc(catalogue->rows, sizeof *by->rows);
    if (!by->start || !by->rows)
        return error_nomem(err);
    for (unsigned pass = 0; pass < 2; pass++) {
        for (size_t p = 0; p < catalogue->count; p++) {
            const struct catalogue_part *part = &catalogue->parts[p];
            for (uint32_t row = 0; row < part->rows; row++) {
                uint32_t user =
                    part->user_of[row] == PART_NO_CODE ? catalogue->users : part->user_of[row];
                if (!c->fold_of[part->first_row + row])
                    continue;
                if (pass)
                    by->rows[by->start[user + 1ull]++] = (uint32_t)(part->first_row + row);
                else
                    by->start[user + 2ull]++;
            }
        }
        for (uint64_t u = 2; !pass && u < catalogue->users + 3ull; u++)
            by->start[u] += by->start[u - 1];
    }
    return STATUS_OK;
}

static enum status count_cells(struct counting *c, const struct by_user *by,
                               const uint32_t *cell_of, uint32_t *last_user)
{
    struct terms_cells *cells = c->cells;
    for (uint32_t user = 0; user <= c->source->catalogue->users; user++)
        for (uint64_t i = by->start[user]; i < by->start[user + 1ull]; i++) {
            uint32_t cell = cell_of[c->fold_of[by->rows[i]]];
            cells->values[cell]++;
            cells->users[cell] += last_user[cell] != user + 1;
            last_user[cell] = user + 1;
        }
    return STATUS_OK;
}

/* Makes cells of the numbers that rows have in the end. */
static enum status make_cells(struct counting *c, size_t most)
{
    struct by_user by = {NULL, NULL};
    enum status status = STATUS_OK;
    uint32_t *cell_of = mem_zalloc(c->folds.count, sizeof *cell_of), *last_user = NULL;
    char *key = mem_zalloc(terms_cells_key_size(c->cells) + 1, 1);
    bool *seen = mem_zalloc(c->folds.count, sizeof *seen);
    if (!cell_of || !key || !seen)
        TRY_CLEANUP(error_nomem(c->err));
    for (uint64_t row = 0; row < c->source->catalogue->rows; row++) {
        uint32_t fold = c->fold_of[row];
        if (!fold || seen[fold])
            continue;
        if (c->cells->keys.count >= most) {
            c->cells->too_many = true;
            goto cleanup;
        }
        seen[fold] = true;
        cell_of[fold] = (uint32_t)c->cells->keys.count;
        write_key(c, fold, key);
        TRY_CLEANUP(terms_cells_have(c->cells, key, c->err));
    }
    last_user = mem_zalloc(c->cells->keys.count + 1, sizeof *last_user);
    if (!last_user)
        TRY_CLEANUP(error_nomem(c->err));
    TRY_CLEANUP(sort_rows(c, &by, c->err));
    status = count_cells(c, &by, cell_of, last_user);
cleanup:
    free(by.start);
    free(by.rows);
    free(cell_of);
    free(last_user);
    free(seen);
    free(key);
    return status;
}

enum status terms_cells_count(struct terms_cells *cells, const struct cells_wish *wish,
                              const struct tally_source *source, size_t most, struct error *err)
{
    struct counting c = {.cells = cells, .wish = wish, .source = source, .err = err};
    static const struct fold none = {0, UINT32_MAX};
    enum status status = STATUS_OK;
    uint32_t number;
    *cells = (struct terms_cells){
        .terms = wish->term_count, .periods = wish->period_count, .groups = wish->group_count};
    intern_init(&cells->keys);
    intern_init(&c.folds);
    told_population_init(&c.population, source);
    c.fold_of = mem_zalloc(source->catalogue->rows, sizeof *c.fold_of);
    if (!c.fold_of)
        TRY_CLEANUP(error_nomem(err));
    TRY_CLEANUP(intern_add(&c.folds, (const char *)&none, sizeof none, &number, err));
    for (size_t i = 0; i < wish->period_count; i++)
        TRY_CLEANUP(fold_period(&c, i));
    TRY_CLEANUP(fold_terms(&c));
    for (size_t i = 0; i < wish->group_count; i++) {
        c.first_event = groups_event(&c, i);
        TRY_CLEANUP(fold_groups(&c, &wish->groups[i]));
    }
    cells->too_many = c.too_many;
    if (!c.too_many)
        status = make_cells(&c, most);
cleanup:
    told_population_release(&c.population);
    free(c.fold_of);
    intern_release(&c.folds);
    return status;
}
