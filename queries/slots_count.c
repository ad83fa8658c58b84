/* Counting the cells of several queries' slots: see slots_count.h. */
#include "queries/slots_count.h"

#include "base/memory.h"
#include "queries/query_hits.h"

#include <stdlib.h>
#include <string.h>

struct counting {
    const struct tally_source *source;
    const struct slots_cells *cells;
    uint32_t *cell_of;           /* [rows of the catalogue] cell + 1, or 0 */
    struct query_hits *hits;     /* [member_count] of those that are read */
    bool *is_open;               /* [member_count] */
    size_t *of_member, *of_slot; /* [keys] where a key is read; SIZE_MAX: nowhere */
    struct bitmap **found;       /* [keys] in the part at hand */
    bool *has;                   /* [keys] of the row at hand */
    char *text;
};

static size_t keys_of(const struct counting *c)
{
    return c->cells->queries->keys.count;
}

static const struct slots_query *member_at(const struct counting *c, size_t member)
{
    return &c->cells->queries->items[c->cells->members[member]];
}

/* ---- which cells rows are in ---- */

/* Each key that is judged is read from one member. */
static void place_keys(struct counting *c)
{
    for (size_t key = 0; key < keys_of(c); key++)
        c->of_member[key] = SIZE_MAX;
    for (size_t i = 0; i < c->cells->member_count; i++) {
        const struct slots_query *query = member_at(c, i);
        for (size_t slot = 0; slot < query->count; slot++) {
            uint32_t key = query->keys[slot];
            if (key == INTERN_NONE || !c->cells->judged[key] || c->of_member[key] != SIZE_MAX)
                continue;
            c->of_member[key] = i;
            c->of_slot[key] = slot;
        }
    }
}

static enum status open_hits(struct counting *c, struct error *err)
{
    for (size_t key = 0; key < keys_of(c); key++) {
        size_t i = c->of_member[key];
        if (i == SIZE_MAX || c->is_open[i])
            continue;
        const struct slots_query *query = member_at(c, i);
        c->is_open[i] = true;
        TRY(query_hits_open(&c->hits[i], c->source->state, query->query, query->number, err));
    }
    return STATUS_OK;
}

static void forget_found(struct counting *c)
{
    for (size_t key = 0; c->found && key < keys_of(c); key++) {
        if (c->found[key])
            bitmap_free(c->found[key]);
        c->found[key] = NULL;
    }
}

static enum status read_part(struct counting *c, size_t part, struct error *err)
{
    forget_found(c);
    for (size_t key = 0; key < keys_of(c); key++) {
        struct hits hits;
        if (c->of_member[key] == SIZE_MAX)
            continue;
        TRY(query_hits_read(&c->hits[c->of_member[key]], part, c->of_slot[key], &hits, err));
        c->found[key] = bitmap_copy(hits.conversations);
        hits_release(&hits);
        if (!c->found[key])
            return error_nomem(err);
    }
    return STATUS_OK;
}

static enum status place_row(struct counting *c, size_t part, uint32_t row, struct error *err)
{
    uint64_t at = c->source->catalogue->parts[part].first_row + row;
    uint32_t mask = c->cells->queries->places.of_row[at];
    if (!(mask & c->cells->asked))
        return STATUS_OK;
    for (size_t key = 0; key < keys_of(c); key++)
        c->has[key] = c->found[key] && bitmap_contains(c->found[key], row);
    uint32_t cell = slots_cells_find(c->cells, mask, c->has, c->text);
    if (cell == INTERN_NONE)
        return error_set(err, STATUS_INTERNAL, member_at(c, 0)->query->id,
                         "a conversation is in none of the cells of which the rows are made");
    c->cell_of[at] = cell + 1;
    return STATUS_OK;
}

/* ---- counting ---- */

/* By user, so that a user's rows are seen one after another; unknown ones are one. */
static enum status count(const struct counting *c, struct tally_cell *figures, struct error *err)
{
    const struct catalogue *catalogue = c->source->catalogue;
    size_t users = catalogue->users + (size_t)1, cells = c->cells->cells.count;
    uint64_t *start = mem_zalloc(users + 2, sizeof *start);
    uint32_t *by_user = mem_zalloc((size_t)catalogue->rows + 1, sizeof *by_user);
    uint64_t *seen = mem_zalloc(cells + 1, sizeof *seen);
    enum status status = start && by_user && seen ? STATUS_OK : error_nomem(err);
    for (int pass = 0; status == STATUS_OK && pass < 2; pass++) {
        for (size_t p = 0; p < catalogue->count; p++)
            for (uint32_t row = 0; row < catalogue->parts[p].rows; row++) {
                uint32_t user = catalogue_user(&catalogue->parts[p], row);
                uint32_t cell = c->cell_of[catalogue->parts[p].first_row + row];
                user = user == PART_NO_CODE ? catalogue->users : user;
                if (cell && pass)
                    by_user[start[user + 1ull]++] = cell - 1;
                else if (cell)
                    start[user + 2ull]++;
            }
        for (size_t user = 2; !pass && user < users + 2; user++)
            start[user] += start[user - 1];
    }
    for (size_t user = 0; status == STATUS_OK && user < users; user++)
        for (uint64_t i = start[user]; i < start[user + 1]; i++) {
            figures[by_user[i]].value++;
            figures[by_user[i]].users += seen[by_user[i]] != user + 1;
            seen[by_user[i]] = user + 1;
        }
    free(start);
    free(by_user);
    free(seen);
    return status;
}

static enum status counting_init(struct counting *c, struct error *err)
{
    size_t keys = keys_of(c) + 1, members = c->cells->member_count;
    size_t rows = (size_t)c->source->catalogue->rows + 1;
    c->cell_of = mem_zalloc(rows, sizeof *c->cell_of);
    c->hits = mem_zalloc(members, sizeof *c->hits);
    c->is_open = mem_zalloc(members, sizeof *c->is_open);
    c->of_member = mem_zalloc(keys, sizeof *c->of_member);
    c->of_slot = mem_zalloc(keys, sizeof *c->of_slot);
    c->found = mem_zalloc(keys, sizeof *c->found);
    c->has = mem_zalloc(keys, sizeof *c->has);
    c->text = mem_zalloc(c->cells->width, 1);
    return c->cell_of && c->hits && c->is_open && c->of_member && c->of_slot && c->found &&
                   c->has && c->text
               ? STATUS_OK
               : error_nomem(err);
}

static void counting_release(struct counting *c)
{
    forget_found(c);
    for (size_t i = 0; c->hits && c->is_open && i < c->cells->member_count; i++)
        if (c->is_open[i])
            query_hits_release(&c->hits[i]);
    free(c->cell_of);
    free(c->hits);
    free(c->is_open);
    free(c->of_member);
    free(c->of_slot);
    free(c->found);
    free(c->has);
    free(c->text);
}

enum status slots_count(const struct tally_source *source, const struct slots_cells *cells,
                        struct tally_cell *figures, struct error *err)
{
    struct counting c = {.source = source, .cells = cells};
    enum status status = STATUS_OK;
    TRY_CLEANUP(counting_init(&c, err));
    place_keys(&c);
    TRY_CLEANUP(open_hits(&c, err));
    for (size_t p = 0; p < source->catalogue->count; p++) {
        TRY_CLEANUP(read_part(&c, p, err));
        for (uint32_t row = 0; row < source->catalogue->parts[p].rows; row++)
            TRY_CLEANUP(place_row(&c, p, row, err));
    }
    status = count(&c, figures, err);
cleanup:
    counting_release(&c);
    return status;
}
