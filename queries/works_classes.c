/* What overlap queries find in a unit, as classes: see works_classes.h. */
#include "queries/works_classes.h"

#include "base/memory.h"
#include "queries/overlap_relations.h"

#include <stdlib.h>
#include <string.h>

/* A query's class: a bin + 1 of each view, then what is shared with works, ascending. */
struct class_head {
    unsigned char bins[OVERLAP_VIEWS];
};

struct class_work {
    uint32_t work, columns;
};

/* What one unit has, of one query; numbers of works as cells have them. */
struct works_piece {
    uint32_t work, longest[OVERLAP_ROWS_SIDES];
};

void works_unit_release(struct works_unit *unit)
{
    free(unit->pieces);
    free(unit->text);
}

enum status works_name(char **name, const char *id, size_t len, struct error *err)
{
    *name = mem_zalloc(len + 2, 1);
    if (!*name)
        return error_nomem(err);
    (*name)[0] = id ? 'w' : 'c';
    if (id)
        memcpy(*name + 1, id, len);
    return STATUS_OK;
}

static enum status add_piece(struct works_unit *unit, const struct overlap_rows *rows, uint64_t at,
                             struct intern *works, struct error *err)
{
    const char *work = unit->wish->work;
    bool common = rows->work[at] == OVERLAP_ROWS_COMMON;
    const uint64_t *offsets = rows->ids.offsets;
    uint32_t id = common ? 0 : rows->work[at], number;
    char *name;
    TRY(works_name(&name, common ? NULL : rows->ids.bytes + offsets[id],
                   common ? 0 : (size_t)(offsets[id + 1ull] - offsets[id]), err));
    size_t len = common ? 1 : 1 + (size_t)(offsets[id + 1ull] - offsets[id]);
    if (work && (strlen(work) != len || memcmp(name, work, len) != 0)) {
        free(name);
        return STATUS_OK;
    }
    enum status status = intern_add(works, name, len, &number, err);
    free(name);
    TRY(status);
    struct works_piece *grown =
        mem_grow(unit->pieces, &unit->capacity, unit->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    unit->pieces = grown;
    grown[unit->count].work = number;
    for (size_t side = 0; side < OVERLAP_ROWS_SIDES; side++)
        grown[unit->count].longest[side] = rows->piece[side][at];
    unit->count++;
    return STATUS_OK;
}

enum status works_unit_add(struct works_unit *unit, const struct overlap_rows *rows, uint64_t at,
                           struct intern *works, struct error *err)
{
    for (unsigned view = VIEW_PROMPT; view < OVERLAP_VIEWS; view++) {
        uint32_t words = rows->longest[view - VIEW_PROMPT][at];
        uint32_t *own = &unit->longest[view], *any = &unit->longest[VIEW_ANYWHERE];
        *own = words > *own ? words : *own;
        *any = words > *any ? words : *any;
    }
    for (uint64_t i = rows->starts[at]; unit->wish->works && i < rows->starts[at + 1]; i++)
        TRY(add_piece(unit, rows, i, works, err));
    return STATUS_OK;
}

static unsigned bin_of(const struct plan_query *query, uint32_t words)
{
    unsigned bin = (unsigned)query->bin_count;
    while (bin > 0 && words < query->bins[bin - 1])
        bin--;
    return bin;
}

/* Which columns of a work's row count a unit whose pieces of it are so long: as tally_works.c. */
static uint32_t columns_of(const struct plan_query *query, bool any,
                           const struct works_piece *piece)
{
    uint32_t columns = 1u << WORK_CONVERSATIONS | 1u << WORK_EXCHANGES, best = 0;
    for (size_t side = 0; side < OVERLAP_ROWS_SIDES; side++) {
        columns |= (uint32_t)(piece->longest[side] > 0) << (WORK_PROMPT + side);
        best = piece->longest[side] > best ? piece->longest[side] : best;
    }
    for (size_t bin = 1; bin < query->bin_count && !any; bin++)
        columns |= (uint32_t)(best >= query->bins[bin]) << (WORK_BINS + bin - 1);
    return columns;
}

static int by_work(const void *a, const void *b)
{
    const struct works_piece *x = a, *y = b;
    return (x->work > y->work) - (x->work < y->work);
}

/* The pieces of one work become one. */
static void merge_pieces(struct works_unit *unit)
{
    size_t kept = 0;
    if (unit->count > 1)
        qsort(unit->pieces, unit->count, sizeof *unit->pieces, by_work);
    for (size_t i = 0; i < unit->count; i++) {
        const struct works_piece *one = &unit->pieces[i];
        if (!kept || unit->pieces[kept - 1].work != one->work) {
            unit->pieces[kept++] = *one;
            continue;
        }
        for (size_t side = 0; side < OVERLAP_ROWS_SIDES; side++)
            if (unit->pieces[kept - 1].longest[side] < one->longest[side])
                unit->pieces[kept - 1].longest[side] = one->longest[side];
    }
    unit->count = kept;
}

enum status works_unit_put(struct works_unit *unit, const struct plan_query *query,
                           struct intern *classes, uint32_t *class, struct error *err)
{
    const struct works_wish *wish = unit->wish;
    struct class_head head = {{0}};
    merge_pieces(unit);
    size_t size = sizeof head + unit->count * sizeof(struct class_work);
    char *text = mem_grow(unit->text, &unit->text_capacity, size, 1);
    if (!text)
        return error_nomem(err);
    unit->text = text;
    for (unsigned view = 0; view < OVERLAP_VIEWS; view++)
        if (wish->views >> view & 1)
            head.bins[view] = (unsigned char)bin_of(query, unit->longest[view]);
    for (unsigned view = 0; view < OVERLAP_VIEWS && wish->any; view++)
        head.bins[view] = head.bins[view] > 0;
    memcpy(text, &head, sizeof head);
    for (size_t i = 0; i < unit->count; i++) {
        uint32_t columns = columns_of(query, wish->any, &unit->pieces[i]);
        const struct class_work item = {unit->pieces[i].work,
                                        wish->exchanges ? 1u << WORK_EXCHANGES : columns};
        memcpy(text + sizeof head + i * sizeof item, &item, sizeof item);
    }
    memset(unit->longest, 0, sizeof unit->longest);
    unit->count = 0;
    return intern_add(classes, text, size, class, err);
}

/* ---- classes ---- */

unsigned works_class_bin(const struct intern_text *class, unsigned view)
{
    return (unsigned char)class->text[view];
}

uint32_t works_class_columns(const struct intern_text *class, uint32_t work)
{
    struct class_work item;
    for (size_t at = sizeof(struct class_head); at < class->len; at += sizeof item) {
        memcpy(&item, class->text + at, sizeof item);
        if (item.work == work)
            return item.columns;
    }
    return 0;
}

enum status works_class_nothing(struct intern *classes, struct error *err)
{
    static const struct class_head nothing = {{0}};
    uint32_t number;
    return intern_add(classes, (const char *)&nothing, sizeof nothing, &number, err);
}

enum status works_class_of_sides(struct intern *classes, const unsigned *masks, size_t works,
                                 bool supplied, uint32_t *class, bool *possible, struct error *err)
{
    char text[sizeof(struct class_head) + TALLY_SIDES_WORKS * sizeof(struct class_work)];
    struct class_head head = {{0}};
    size_t size = sizeof head;
    unsigned sides = 0;
    for (uint32_t work = 0; work < works; work++) {
        const struct class_work item = {work, 1u << WORK_CONVERSATIONS | 1u << WORK_EXCHANGES |
                                                  masks[work] << WORK_PROMPT};
        sides |= masks[work];
        if (!masks[work])
            continue;
        memcpy(text + size, &item, sizeof item);
        size += sizeof item;
    }
    head.bins[VIEW_PROMPT] = sides & 1;
    head.bins[VIEW_SUPPLIED] = supplied;
    head.bins[VIEW_ORIGINATED] = sides >> (VIEW_ORIGINATED - VIEW_PROMPT) & 1;
    head.bins[VIEW_ANYWHERE] = head.bins[VIEW_PROMPT] || supplied || head.bins[VIEW_ORIGINATED];
    memcpy(text, &head, sizeof head);
    /* A run that was supplied is a piece that was; and where there is a piece, there is a run. */
    *possible = (!supplied || sides >> (VIEW_SUPPLIED - VIEW_PROMPT) & 1) &&
                (!sides || head.bins[VIEW_ANYWHERE]);
    return *possible ? intern_add(classes, text, size, class, err) : STATUS_OK;
}
