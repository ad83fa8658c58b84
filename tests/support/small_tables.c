/* Small tables and the attacker who tries everything: see small_tables.h. */
#include "tests/support/small_tables.h"

#include "release/smallcell.h"
#include "tests/support/support.h"

#include <stdlib.h>

/* A fixed stream (splitmix64). */
uint64_t tables_stream;

uint64_t tables_draw(void)
{
    uint64_t z = (tables_stream += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

uint64_t tables_below(uint64_t n)
{
    return tables_draw() % n;
}

/* ---- making tables ---- */

struct tally tables_tally;
static struct error err;

const struct tally_column tables_both[2] = {
    {.id = "conversations", .title = "Conversations", .unit = "conversations"},
    {.id = "users", .title = "Users", .unit = "users", .flags = TALLY_USERS}};
const struct tally_column tables_words[3] = {
    {.id = "conversations", .title = "Conversations", .unit = "conversations"},
    {.id = "users", .title = "Users", .unit = "users", .flags = TALLY_USERS},
    {.id = "words", .title = "Words", .unit = "words"}};

struct tally_table *tables_make(const struct tally_column *columns, size_t count, size_t rows)
{
    struct tally_table *table;
    tally_release(&tables_tally);
    assert_ok(tally_add_table(&tables_tally, "t", 0, NULL, 0, columns, count, rows, &table, &err),
              err);
    return table;
}

void tables_set(struct tally_table *table, size_t row, size_t column, uint64_t value,
                uint64_t users)
{
    *tally_cell_at(table, row, column) =
        (struct tally_cell){.value = value, .users = (uint32_t)users};
}

void tables_relate(struct tally_table *table, const struct tally_term *terms, size_t count,
                   bool at_most)
{
    assert_ok(tally_relate(&tables_tally, table, terms, count, at_most, &err), err);
}

/* users <= conversations in each row. */
void tables_users(struct tally_table *table)
{
    for (uint32_t row = 0; row < table->row_count; row++) {
        struct tally_term terms[2] = {{row, 1, 1}, {row, 0, -1}};
        tables_relate(table, terms, 2, true);
    }
}

/* The sum of the rows FROM, FROM+STEP, ... (COUNT of them) is row TOTAL, in COLUMN. */
void tables_sum(struct tally_table *table, uint32_t from, uint32_t step, uint32_t count,
                uint32_t total, uint32_t column)
{
    struct tally_term *terms = calloc(count + 1, sizeof *terms);
    assert_non_null(terms);
    for (uint32_t i = 0; i < count; i++)
        terms[i] = (struct tally_term){from + i * step, column, 1};
    terms[count] = (struct tally_term){total, column, -1};
    tables_relate(table, terms, count + 1, false);
    free(terms);
}

/* The users of TOTAL are at most those of the rows before it together (COLUMN of users). */
void tables_union(struct tally_table *table, uint32_t total, uint32_t column)
{
    struct tally_term *terms = calloc(total + 1, sizeof *terms);
    assert_non_null(terms);
    for (uint32_t row = 0; row <= total; row++)
        terms[row] = (struct tally_term){row, column, row == total ? 1 : -1};
    tables_relate(table, terms, total + 1, true);
    free(terms);
}

/* ---- the attacker who tries everything ---- */

/* Can RELATION still hold with the cells that are not set between 1 and MOST? */
static bool can_hold(const struct brute *b, const struct tally_relation *relation)
{
    int64_t least = 0, most = 0;
    for (size_t i = 0; i < relation->count; i++) {
        struct tally_term t = relation->terms[i];
        size_t cell = t.row * b->table->column_count + t.column;
        int64_t low = b->set[cell] ? b->x[cell] : 1, high = b->set[cell] ? b->x[cell] : b->most;
        least += t.sign > 0 ? low : -high;
        most += t.sign > 0 ? high : -low;
    }
    return least <= 0 && (relation->at_most || most >= 0);
}

static bool holds_so_far(const struct brute *b)
{
    for (size_t r = 0; r < b->table->relation_count; r++)
        if (!can_hold(b, &b->table->relations[r]))
            return false;
    return true;
}

static bool complete(struct brute *b, size_t next)
{
    b->nodes++;
    if (!holds_so_far(b))
        return false;
    while (next < b->count && b->set[b->order[next]])
        next++;
    if (next == b->count)
        return true;
    size_t cell = b->order[next];
    bool found = false;
    b->set[cell] = true;
    for (b->x[cell] = 1; !found && b->x[cell] <= b->most; b->x[cell]++)
        found = complete(b, next + 1);
    b->set[cell] = false;
    return found;
}

void brute_init(struct brute *b, const struct tally_table *table, const unsigned char *flags,
                int64_t most)
{
    *b = (struct brute){.table = table, .flags = flags, .most = most};
    for (size_t cell = 0; cell < table->row_count * table->column_count; cell++) {
        b->x[cell] = (int64_t)table->cells[cell].value;
        b->set[cell] = !(flags[cell] & SMALLCELL_WITHHELD);
        if (!b->set[cell])
            b->order[b->count++] = cell;
    }
}

static bool possible(struct brute *b, size_t cell, int64_t value)
{
    b->set[cell] = true;
    b->x[cell] = value;
    bool found = complete(b, 0);
    b->set[cell] = false;
    return found;
}

/* The attacker's verdict on one small cell: is it protected as smallcell.h says? */
bool brute_protected(struct brute *b, size_t cell, uint32_t min_users)
{
    int64_t top = min_users - 1 > 2 ? min_users - 1 : 2, low = 0, high = 0;
    if (b->table->columns[cell % b->table->column_count].flags & TALLY_USERS &&
        b->table->cells[cell].value == b->table->cells[cell].users) {
        for (int64_t v = 1; v <= top; v++)
            if (!possible(b, cell, v))
                return false;
        return true;
    }
    for (int64_t v = 1; v <= b->most && (!low || v <= top + low); v++)
        if (possible(b, cell, v)) {
            low = low ? low : v;
            high = v;
        }
    int64_t width = min_users > 3 ? min_users - 2 : 1;
    return high >= top && high - low >= width;
}
