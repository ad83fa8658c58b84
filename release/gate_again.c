/* What the last judging of a tally found: see gate_again.h. */
#include "release/gate_again.h"

#include "base/memory.h"
#include "release/smallcell.h"

#include <stdlib.h>
#include <string.h>

struct gate_again *gate_again_new(void)
{
    struct gate_again *last = mem_zalloc(1, sizeof *last);
    if (!last)
        return NULL;
    last->arena = (struct arena)ARENA_INIT;
    known_moves_init(&last->moves);
    return last;
}

void gate_again_free(struct gate_again *last)
{
    if (!last)
        return;
    known_moves_release(&last->moves);
    arena_release(&last->arena);
    free(last);
}

static bool knows(const struct gate_again *last, size_t table)
{
    return last && table < last->table_count;
}

bool again_was_withheld(const struct gate_again *last, size_t table, size_t cell)
{
    return knows(last, table) && last->flags[table][cell] & SMALLCELL_WITHHELD &&
           !(last->flags[table][cell] & SMALLCELL_GONE);
}

bool again_was_gone(const struct gate_again *last, size_t table, size_t row)
{
    if (!knows(last, table))
        return false;
    const unsigned char *flags = last->flags[table] + row * last->columns[table];
    for (size_t c = 0; c < last->columns[table]; c++)
        if (flags[c] & SMALLCELL_GONE)
            return true;
    return false;
}

bool again_was_without(const struct gate_again *last, size_t table)
{
    return knows(last, table) && last->without[table];
}

struct known_moves *again_moves(struct gate_again *last)
{
    return last ? &last->moves : NULL;
}

enum status again_note(struct gate_again *last, const struct tally *tally,
                       const unsigned char *const *flags, const bool *without, struct error *err)
{
    size_t count = tally->table_count;
    arena_reset(&last->arena, SIZE_MAX);
    last->table_count = 0;
    size_t *columns = arena_zalloc(&last->arena, count + 1, sizeof *columns);
    last->flags = arena_zalloc(&last->arena, count + 1, sizeof *last->flags);
    last->without = arena_zalloc(&last->arena, count + 1, sizeof *last->without);
    if (!columns || !last->flags || !last->without)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        size_t cells = tally->tables[i].row_count * tally->tables[i].column_count;
        columns[i] = tally->tables[i].column_count;
        last->without[i] = without[i];
        last->flags[i] = arena_zalloc(&last->arena, cells + 1, 1);
        if (!last->flags[i])
            return error_nomem(err);
        memcpy(last->flags[i], flags[i], cells);
    }
    last->columns = columns;
    last->table_count = count;
    return STATUS_OK;
}
