/*
 * Small tables from bytes: the pattern withholds every small cell, shows zeros and free rows, and
 * comes out the same twice.
 *
 *     min_users | rows | columns of users | (value, users, flags) a cell | (cell, sign) a term ...
 */
#include "queries/tally.h"
#include "release/smallcell.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COLUMNS = 2, ROWS = 12 };

struct input {
    const uint8_t *data;
    size_t size;
};

static unsigned take(struct input *in)
{
    if (!in->size)
        return 0;
    in->size--;
    return *in->data++;
}

static void add_relations(struct input *in, struct tally *tally, struct tally_table *table)
{
    while (in->size && table->relation_count < 30) {
        struct tally_term terms[10];
        unsigned count = 2 + take(in) % 9;
        int64_t sum = 0;
        for (unsigned i = 0; i < count; i++) {
            unsigned byte = take(in);
            terms[i] = (struct tally_term){byte / 2 % ROWS % (uint32_t)table->row_count,
                                           byte / 2 / ROWS % COLUMNS, byte % 2 ? 1 : -1};
            sum +=
                terms[i].sign * (int64_t)tally_cell_at(table, terms[i].row, terms[i].column)->value;
        }
        if (sum > 0) /* make it hold, so that more than the check is reached */
            for (unsigned i = 0; i < count; i++)
                terms[i].sign = -terms[i].sign;
        if (tally_relate(tally, table, terms, count, sum != 0, NULL) != STATUS_OK)
            abort();
    }
}

static void check(const struct tally_table *table, uint32_t min_users)
{
    unsigned char flags[ROWS * COLUMNS] = {0}, again[ROWS * COLUMNS] = {0};
    enum status status = smallcell_suppress(table, min_users, NULL, NULL, flags, NULL, NULL);
    if (smallcell_suppress(table, min_users, NULL, NULL, again, NULL, NULL) != status ||
        memcmp(flags, again, sizeof flags) != 0)
        abort();
    if (status != STATUS_OK)
        return;
    for (size_t cell = 0; cell < table->row_count * COLUMNS; cell++) {
        uint64_t users = smallcell_users(table, cell / COLUMNS, cell % COLUMNS);
        bool free_row = table->row_flags[cell / COLUMNS] & TALLY_FREE;
        bool withheld = flags[cell] & SMALLCELL_WITHHELD;
        if ((!free_row && users && users < min_users && !withheld) ||
            ((free_row || !table->cells[cell].value || min_users < 2) && withheld))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    static const struct tally_column columns[COLUMNS] = {
        {"conversations", "Conversations", "conversations", 0},
        {"users", "Users", "users", TALLY_USERS}};
    struct tally tally;
    struct tally_table *table;
    tally_init(&tally);
    uint32_t min_users = take(&in) % 13;
    size_t rows = 1 + take(&in) % ROWS;
    if (tally_add_table(&tally, "fuzz", 0, NULL, 0, columns, COLUMNS, rows, &table, NULL) !=
        STATUS_OK)
        abort();
    for (size_t row = 0; row < rows; row++) {
        unsigned kinds[] = {0, 0, TALLY_KEEP, TALLY_FREE};
        table->row_flags[row] = kinds[take(&in) % 4];
        for (size_t column = 0; column < COLUMNS; column++)
            *tally_cell_at(table, row, column) = (struct tally_cell){take(&in), take(&in), 0};
    }
    add_relations(&in, &tally, table);
    check(table, min_users);
    tally_release(&tally);
    return 0;
}
