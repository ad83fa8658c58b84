/* Cells of which the tables of several queries are margins: see slots_cells.h. */
#include "queries/slots_cells.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void slots_cells_release(struct slots_cells *c)
{
    free(c->at);
    free(c->judged);
    free(c->masks);
    intern_release(&c->cells);
    c->at = NULL;
    c->judged = NULL;
    c->masks = NULL;
}

static const struct slots_query *member_at(const struct slots_cells *c, size_t member)
{
    return &c->queries->items[c->members[member]];
}

static size_t class_width(const struct slots_query *query)
{
    return query->way == SLOTS_FIRST ? 2 : query->count;
}

/* ---- populations ---- */

enum { MASKS_MAX = 255 }; /* a cell's text has a byte for them */

static enum status find_masks(struct slots_cells *c, struct error *err)
{
    const struct slots_places *places = &c->queries->places;
    for (size_t i = 0; i < c->member_count; i++)
        c->asked |= UINT32_C(1) << member_at(c, i)->population;
    c->masks = mem_zalloc(MASKS_MAX, sizeof *c->masks);
    if (!c->masks)
        return error_nomem(err);
    for (size_t i = 0; i < places->mask_count && !c->too_many; i++) {
        uint32_t mask = places->masks[i] & c->asked;
        size_t number = 0;
        while (number < c->mask_count && c->masks[number] != mask)
            number++;
        if (!mask || number < c->mask_count)
            continue;
        c->too_many = c->mask_count == MASKS_MAX;
        if (!c->too_many)
            c->masks[c->mask_count++] = mask;
    }
    return STATUS_OK;
}

/* ---- enumerating ---- */

struct listing {
    struct slots_cells *cells;
    signed char *found; /* [keys] 1 found, 0 not, -1 still open */
    char *text;
    uint32_t mask;
    struct error *err;
};

static enum status list_from(struct listing *l, size_t member, size_t slot);

static bool is_active(const struct listing *l, size_t member)
{
    return l->mask >> member_at(l->cells, member)->population & 1;
}

/* The class is complete: on to the next member. */
static enum status list_next(struct listing *l, size_t member)
{
    struct slots_cells *c = l->cells;
    uint32_t number;
    while (++member < c->member_count && !is_active(l, member))
        ;
    if (member < c->member_count)
        return list_from(l, member, 0);
    TRY(intern_add(&c->cells, l->text, c->width, &number, l->err));
    c->too_many = c->cells.count > c->most;
    return STATUS_OK;
}

/* Goes on with KEY found or not, if that can be. */
static enum status list_with(struct listing *l, uint32_t key, signed char found, size_t member,
                             size_t slot)
{
    signed char before = l->found[key];
    if (before >= 0 && before != found)
        return STATUS_OK;
    l->found[key] = found;
    enum status status = slot == SIZE_MAX ? list_next(l, member) : list_from(l, member, slot);
    l->found[key] = before;
    return status;
}

static void put_first(char *text, size_t slot)
{
    text[0] = (char)(slot & 0xFF);
    text[1] = (char)(slot >> 8);
}

static enum status list_first(struct listing *l, size_t member, size_t slot)
{
    const struct slots_query *query = member_at(l->cells, member);
    while (slot < query->count && query->keys[slot] == INTERN_NONE)
        slot++;
    put_first(l->text + l->cells->at[member], slot);
    if (slot == query->count)
        return list_next(l, member);
    TRY(list_with(l, query->keys[slot], 1, member, SIZE_MAX));
    return list_with(l, query->keys[slot], 0, member, slot + 1);
}

static enum status list_each(struct listing *l, size_t member, size_t slot)
{
    const struct slots_query *query = member_at(l->cells, member);
    char *text = l->text + l->cells->at[member];
    for (; slot < query->count; slot++) {
        uint32_t key = query->keys[slot];
        if (key != INTERN_NONE && l->cells->judged[key])
            break;
        text[slot] = key == INTERN_NONE ? SLOTS_NOT : SLOTS_UNASKED;
    }
    if (slot == query->count)
        return list_next(l, member);
    for (signed char found = 0; found < 2; found++) {
        text[slot] = found;
        TRY(list_with(l, query->keys[slot], found, member, slot + 1));
    }
    return STATUS_OK;
}

static enum status list_from(struct listing *l, size_t member, size_t slot)
{
    if (l->cells->too_many)
        return STATUS_OK;
    return member_at(l->cells, member)->way == SLOTS_FIRST ? list_first(l, member, slot)
                                                           : list_each(l, member, slot);
}

static enum status list_mask(struct slots_cells *c, size_t mask, struct error *err)
{
    struct listing l = {.cells = c, .mask = c->masks[mask], .err = err};
    size_t keys = c->queries->keys.count, first = 0;
    enum status status = STATUS_OK;
    l.found = mem_zalloc(keys + 1, sizeof *l.found);
    l.text = mem_zalloc(c->width, 1);
    if (!l.found || !l.text)
        TRY_CLEANUP(error_nomem(err));
    memset(l.found, -1, keys);
    memset(l.text, SLOTS_OUT, c->width);
    l.text[0] = (char)mask;
    while (first < c->member_count && !is_active(&l, first))
        first++;
    status = list_from(&l, first, 0);
cleanup:
    free(l.found);
    free(l.text);
    return status;
}

/* Whether a query alone has more cells than that: then nothing need be tried, nor a call a slot be
 * made. */
static bool is_large(const struct slots_cells *c)
{
    for (size_t i = 0; i < c->member_count; i++) {
        const struct slots_query *query = member_at(c, i);
        if (query->way == SLOTS_FIRST && query->count >= c->most)
            return true;
    }
    return c->queries->places.too_many;
}

static void find_judged(struct slots_cells *c)
{
    for (size_t i = 0; i < c->member_count; i++) {
        const struct slots_query *query = member_at(c, i);
        for (size_t slot = 0; query->way != SLOTS_TERMS && slot < query->count; slot++)
            if (query->keys[slot] != INTERN_NONE)
                c->judged[query->keys[slot]] = true;
    }
}

enum status slots_cells_init(struct slots_cells *c, const struct slots_queries *queries,
                             const size_t *members, size_t member_count, size_t most,
                             struct error *err)
{
    *c = (struct slots_cells){.queries = queries,
                              .members = members,
                              .member_count = member_count,
                              .width = 1,
                              .most = most};
    intern_init(&c->cells);
    c->at = mem_zalloc(member_count, sizeof *c->at);
    c->judged = mem_zalloc(queries->keys.count + 1, sizeof *c->judged);
    if (!c->at || !c->judged)
        return error_nomem(err);
    for (size_t i = 0; i < member_count; i++) {
        c->at[i] = c->width;
        c->width += class_width(member_at(c, i));
    }
    find_judged(c);
    c->too_many = is_large(c);
    if (c->too_many)
        return STATUS_OK;
    TRY(find_masks(c, err));
    for (size_t mask = 0; mask < c->mask_count && !c->too_many; mask++)
        TRY(list_mask(c, mask, err));
    return STATUS_OK;
}

/* ---- finding ---- */

static void put_class(const struct slots_cells *c, size_t member, const bool *found, char *text)
{
    const struct slots_query *query = member_at(c, member);
    size_t first = query->count;
    for (size_t slot = query->count; slot-- > 0;) {
        uint32_t key = query->keys[slot];
        bool has = key != INTERN_NONE && found[key];
        first = has ? slot : first;
        if (query->way != SLOTS_FIRST)
            text[slot] = key == INTERN_NONE ? SLOTS_NOT : !c->judged[key] ? SLOTS_UNASKED : has;
    }
    if (query->way == SLOTS_FIRST)
        put_first(text, first);
}

uint32_t slots_cells_find(const struct slots_cells *c, uint32_t mask, const bool *found, char *text)
{
    size_t number = 0;
    mask &= c->asked;
    while (number < c->mask_count && c->masks[number] != mask)
        number++;
    memset(text, SLOTS_OUT, c->width);
    text[0] = (char)number;
    for (size_t i = 0; i < c->member_count; i++)
        if (mask >> member_at(c, i)->population & 1)
            put_class(c, i, found, text + c->at[i]);
    return intern_find(&c->cells, text, c->width);
}

const char *slots_cells_class(const struct slots_cells *c, size_t member, uint32_t cell)
{
    const char *text = c->cells.items[cell].text;
    uint32_t mask = c->masks[(unsigned char)text[0]];
    return mask >> member_at(c, member)->population & 1 ? text + c->at[member] : NULL;
}

static size_t first_of(const char *text)
{
    return (size_t)(unsigned char)text[0] | (size_t)(unsigned char)text[1] << 8;
}

size_t slots_class_count(const struct slots_query *query, const char *text)
{
    size_t count = 0;
    if (query->way == SLOTS_FIRST)
        return first_of(text) < query->count;
    for (size_t slot = 0; slot < query->count; slot++)
        count += text[slot] == SLOTS_FOUND;
    return count;
}

bool slots_class_has(const struct slots_query *query, const char *text, size_t slot)
{
    return query->way == SLOTS_FIRST ? first_of(text) == slot : text[slot] == SLOTS_FOUND;
}
