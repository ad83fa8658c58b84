/*
 * Small cells against an attacker who tries every integer table: nothing is taken from release/
 * but the pattern itself.
 */
#include "queries/tally.h"
#include "release/smallcell.h"
#include "tests/support/support.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A fixed stream (splitmix64). */
static uint64_t stream;

static uint64_t draw(void)
{
    uint64_t z = (stream += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t below(uint64_t n)
{
    return draw() % n;
}

/* ---- making tables ---- */

static struct tally tally;
static struct error err;

static const struct tally_column both[] = {
    {.id = "conversations", .title = "Conversations", .unit = "conversations"},
    {.id = "users", .title = "Users", .unit = "users", .flags = TALLY_USERS}};
static const struct tally_column words[] = {
    {.id = "conversations", .title = "Conversations", .unit = "conversations"},
    {.id = "users", .title = "Users", .unit = "users", .flags = TALLY_USERS},
    {.id = "words", .title = "Words", .unit = "words"}};

static struct tally_table *make(const struct tally_column *columns, size_t count, size_t rows)
{
    struct tally_table *table;
    tally_release(&tally);
    assert_ok(tally_add_table(&tally, "t", 0, NULL, 0, columns, count, rows, &table, &err), err);
    return table;
}

static void set(struct tally_table *table, size_t row, size_t column, uint64_t value,
                uint64_t users)
{
    *tally_cell_at(table, row, column) =
        (struct tally_cell){.value = value, .users = (uint32_t)users};
}

static void relate(struct tally_table *table, const struct tally_term *terms, size_t count,
                   bool at_most)
{
    assert_ok(tally_relate(&tally, table, terms, count, at_most, &err), err);
}

/* users <= conversations in each row. */
static void relate_users(struct tally_table *table)
{
    for (uint32_t row = 0; row < table->row_count; row++) {
        struct tally_term terms[2] = {{row, 1, 1}, {row, 0, -1}};
        relate(table, terms, 2, true);
    }
}

/* The sum of the rows FROM, FROM+STEP, ... (COUNT of them) is row TOTAL, in COLUMN. */
static void relate_sum(struct tally_table *table, uint32_t from, uint32_t step, uint32_t count,
                       uint32_t total, uint32_t column)
{
    struct tally_term *terms = calloc(count + 1, sizeof *terms);
    assert_non_null(terms);
    for (uint32_t i = 0; i < count; i++)
        terms[i] = (struct tally_term){from + i * step, column, 1};
    terms[count] = (struct tally_term){total, column, -1};
    relate(table, terms, count + 1, false);
    free(terms);
}

/* The users of TOTAL are at most those of the rows before it together (COLUMN of users). */
static void relate_union(struct tally_table *table, uint32_t total, uint32_t column)
{
    struct tally_term *terms = calloc(total + 1, sizeof *terms);
    assert_non_null(terms);
    for (uint32_t row = 0; row <= total; row++)
        terms[row] = (struct tally_term){row, column, row == total ? 1 : -1};
    relate(table, terms, total + 1, true);
    free(terms);
}

/* ---- the attacker who tries everything ---- */

enum { CELLS = 64 };

struct brute {
    const struct tally_table *table;
    const unsigned char *flags;
    size_t order[CELLS], count; /* withheld cells */
    int64_t x[CELLS];           /* [cell]; the shown ones hold their values */
    bool set[CELLS];
    int64_t most;
    uint64_t nodes;
};

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

static void brute_init(struct brute *b, const struct tally_table *table, const unsigned char *flags,
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
static bool is_protected(struct brute *b, size_t cell, uint32_t min_users)
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

/* ---- properties of any pattern ---- */

static size_t refusals, cases, suppressed, seen_primary;

static uint64_t users_of(const struct tally_table *table, size_t cell)
{
    return smallcell_users(table, cell / table->column_count, cell % table->column_count);
}

static void check(const struct tally_table *table, uint32_t min_users, unsigned char *flags)
{
    size_t cells = table->row_count * table->column_count;
    unsigned char again[CELLS], fixed[CELLS];
    assert_true(cells <= CELLS);
    memcpy(fixed, flags, cells);
    memcpy(again, flags, cells);
    cases++;
    enum status status = smallcell_suppress(table, min_users, flags, NULL, &err);
    if (status == STATUS_REFUSED) {
        refusals++;
        assert_true(strlen(err.hint) > 0);
        return;
    }
    assert_ok(status, err);
    assert_ok(smallcell_suppress(table, min_users, again, NULL, &err), err);
    assert_memory_equal(flags, again, cells);
    for (size_t cell = 0; cell < cells; cell++) {
        bool free_row = table->row_flags[cell / table->column_count] & TALLY_FREE;
        bool small = users_of(table, cell) && users_of(table, cell) < min_users;
        bool withheld = flags[cell] & SMALLCELL_WITHHELD;
        if (free_row || fixed[cell] || !table->cells[cell].value)
            assert_false(withheld);
        else if (small)
            assert_true(withheld);
        suppressed += withheld;
    }
    struct brute b;
    int64_t most = 2 * (int64_t)min_users;
    for (size_t cell = 0; cell < cells; cell++)
        if (flags[cell] & SMALLCELL_WITHHELD && (int64_t)table->cells[cell].value > most)
            most = (int64_t)table->cells[cell].value;
    most += min_users;
    brute_init(&b, table, flags, most);
    for (size_t cell = 0; cell < cells; cell++)
        if (flags[cell] & SMALLCELL_PRIMARY) {
            seen_primary++;
            if (!is_protected(&b, cell, min_users))
                fail_msg("cell %zu of %zu is not protected", cell, cells);
        }
}

/* ---- random tables ---- */

/* Conversations and users of one row, at most LARGEST of either. */
static void random_row(struct tally_table *table, size_t row, uint64_t largest)
{
    uint64_t conversations = below(4) ? below(largest + 1) : below(4);
    uint64_t users = conversations ? 1 + below(conversations) : 0;
    set(table, row, 0, conversations, users);
    set(table, row, 1, users, users);
}

static void one_way(void **state)
{
    (void)state;
    stream = 11;
    refusals = cases = 0;
    for (int i = 0; i < (test_short() ? 150 : 1500); i++) {
        uint32_t rows = 1 + (uint32_t)below(5), min_users = 2 + (uint32_t)below(4);
        struct tally_table *table = make(both, 2, rows + 1);
        uint64_t sum = 0, users = 0, most = 0;
        for (uint32_t row = 0; row < rows; row++) {
            random_row(table, row, 9);
            sum += tally_cell_at(table, row, 0)->value;
            uint64_t own = tally_cell_at(table, row, 1)->value;
            users += own;
            most = own > most ? own : most;
        }
        users = most + below(users - most + 1);
        set(table, rows, 0, sum, users);
        set(table, rows, 1, users, users);
        table->row_flags[rows] = TALLY_KEEP;
        relate_sum(table, 0, 1, rows, rows, 0);
        if (below(2))
            relate_users(table);
        if (below(2))
            relate_union(table, rows, 1);
        for (uint32_t row = 0; row < rows; row++) {
            struct tally_term terms[2] = {{row, 1, 1}, {rows, 1, -1}};
            relate(table, terms, 2, true);
        }
        unsigned char flags[CELLS] = {0};
        check(table, min_users, flags);
    }
    assert_int_equal(refusals, 0); /* the total may always be withheld */
    assert_true(cases > 100);
}

static void two_way(void **state)
{
    (void)state;
    stream = 12;
    for (int i = 0; i < (test_short() ? 100 : 800); i++) {
        uint32_t m = 2 + (uint32_t)below(2), n = 2 + (uint32_t)below(2);
        uint32_t min_users = 2 + (uint32_t)below(3), total = m * n + m + n;
        struct tally_table *table = make(both, 1, total + 1);
        uint64_t sums[CELLS] = {0};
        for (uint32_t r = 0; r < m; r++)
            for (uint32_t c = 0; c < n; c++) {
                uint64_t value = below(3) ? below(9) : below(3);
                set(table, r * n + c, 0, value, value);
                sums[m * n + r] += value;
                sums[m * n + m + c] += value;
                sums[total] += value;
            }
        for (uint32_t row = m * n; row <= total; row++)
            set(table, row, 0, sums[row], sums[row]);
        table->row_flags[total] = TALLY_KEEP;
        for (uint32_t r = 0; r < m; r++)
            relate_sum(table, r * n, 1, n, m * n + r, 0);
        for (uint32_t c = 0; c < n; c++)
            relate_sum(table, c, n, m, m * n + m + c, 0);
        relate_sum(table, m * n, 1, m, total, 0);
        relate_sum(table, m * n + m, 1, n, total, 0);
        unsigned char flags[CELLS] = {0};
        if (below(4) == 0 && sums[total] >= min_users)
            flags[total] = SMALLCELL_FIXED;
        check(table, min_users, flags);
    }
}

/* As in a terms table: added_conversations add up to the union; unique <= conversations <= union.
 */
static void chains(void **state)
{
    (void)state;
    static const struct tally_column columns[] = {{.id = "conversations", .unit = "conversations"},
                                                  {.id = "added", .unit = "conversations"},
                                                  {.id = "unique", .unit = "conversations"}};
    stream = 13;
    for (int i = 0; i < (test_short() ? 100 : 800); i++) {
        uint32_t rows = 2 + (uint32_t)below(3), min_users = 2 + (uint32_t)below(4);
        struct tally_table *table = make(columns, 3, rows + 1);
        uint64_t all = 0;
        for (uint32_t row = 0; row < rows; row++) {
            uint64_t added = below(9), hit = added + below(all + 1), unique = below(added + 1);
            all += added;
            set(table, row, 0, hit, hit ? 1 + below(hit) : 0);
            uint64_t users = tally_cell_at(table, row, 0)->users;
            set(table, row, 1, added,
                added && users ? 1 + below(users < added ? users : added) : 0);
            set(table, row, 2, unique,
                unique && users ? 1 + below(users < unique ? users : unique) : 0);
        }
        set(table, rows, 0, all, all);
        table->row_flags[rows] = below(2) ? TALLY_KEEP : 0;
        struct tally_term sum[CELLS];
        for (uint32_t row = 0; row < rows; row++) {
            sum[row] = (struct tally_term){row, 1, 1};
            struct tally_term pairs[3][2] = {{{row, 1, 1}, {row, 0, -1}},
                                             {{row, 2, 1}, {row, 1, -1}},
                                             {{row, 0, 1}, {rows, 0, -1}}};
            for (int k = 0; k < 3; k++)
                relate(table, pairs[k], 2, true);
        }
        sum[rows] = (struct tally_term){rows, 0, -1};
        relate(table, sum, rows + 1, false);
        unsigned char flags[CELLS] = {0};
        check(table, min_users, flags);
    }
}

/* Any relations that happen to hold, among few cells. */
static void anything(void **state)
{
    (void)state;
    stream = 14;
    refusals = cases = 0;
    for (int i = 0; i < (test_short() ? 200 : 3000); i++) {
        uint32_t rows = 3 + (uint32_t)below(5), min_users = 2 + (uint32_t)below(4);
        struct tally_table *table = make(both + below(2), 1, rows);
        for (uint32_t row = 0; row < rows; row++) {
            uint64_t value = below(8);
            set(table, row, 0, value, value ? 1 + below(value) : 0);
            unsigned kinds[] = {0, 0, 0, TALLY_KEEP, TALLY_FREE};
            table->row_flags[row] = kinds[below(5)];
        }
        for (uint64_t tries = 0, made = 0; tries < 200 && made < 4; tries++) {
            struct tally_term terms[8];
            uint32_t count = 0;
            int64_t sum = 0;
            for (uint32_t row = 0; row < rows; row++) {
                if (below(2))
                    continue;
                int sign = below(2) ? 1 : -1;
                terms[count++] = (struct tally_term){row, 0, sign};
                sum += sign * (int64_t)tally_cell_at(table, row, 0)->value;
            }
            if (count > 1 && (sum == 0 || (sum < 0 && below(8) == 0))) {
                relate(table, terms, count, sum != 0);
                made++;
            }
        }
        unsigned char flags[CELLS] = {0};
        check(table, min_users, flags);
    }
    assert_true(refusals < cases / 2);
}

/* ---- planted cases ---- */

/* 2 x 2 with margins: one small cell alone is derivable; the attacker sees it, the pattern heals.
 */
static void single_suppression_is_caught(void **state)
{
    (void)state;
    static const uint64_t values[] = {3, 20, 30, 40, 23, 70, 33, 60, 93};
    struct tally_table *table = make(both, 1, 9);
    for (size_t row = 0; row < 9; row++)
        set(table, row, 0, values[row], values[row]);
    relate_sum(table, 0, 1, 2, 4, 0);
    relate_sum(table, 2, 1, 2, 5, 0);
    relate_sum(table, 0, 2, 2, 6, 0);
    relate_sum(table, 1, 2, 2, 7, 0);
    table->row_flags[4] = table->row_flags[5] = table->row_flags[6] = table->row_flags[7] =
        table->row_flags[8] = TALLY_KEEP;
    unsigned char naive[9] = {SMALLCELL_WITHHELD | SMALLCELL_PRIMARY};
    struct brute b;
    brute_init(&b, table, naive, 50);
    assert_false(is_protected(&b, 0, 11));
    naive[1] = SMALLCELL_WITHHELD; /* its row is healed, its column is not */
    brute_init(&b, table, naive, 50);
    assert_false(is_protected(&b, 0, 11));
    unsigned char flags[9] = {0};
    assert_ok(smallcell_suppress(table, 11, flags, NULL, &err), err);
    for (size_t cell = 0; cell < 9; cell++)
        assert_int_equal(!!(flags[cell] & SMALLCELL_WITHHELD), cell < 4);
    assert_int_equal(flags[0] & SMALLCELL_PRIMARY, SMALLCELL_PRIMARY);
}

/* Two small cells of a sum of 3 bound each other to 1..2: a third must go, the smallest enough. */
static void small_pair_needs_a_third(void **state)
{
    (void)state;
    static const uint64_t values[] = {1, 2, 500, 12, 25, 540};
    struct tally_table *table = make(both, 1, 6);
    for (size_t row = 0; row < 6; row++)
        set(table, row, 0, values[row], values[row]);
    table->row_flags[5] = TALLY_KEEP;
    relate_sum(table, 0, 1, 5, 5, 0);
    unsigned char flags[6] = {0};
    assert_ok(smallcell_suppress(table, 11, flags, NULL, &err), err);
    const bool expected[] = {true, true, false, true, false, false};
    for (size_t cell = 0; cell < 6; cell++)
        assert_int_equal(!!(flags[cell] & SMALLCELL_WITHHELD), expected[cell]);
}

/* A total over one row: it goes too; if it is known elsewhere, the table is refused. */
static void lone_row_takes_the_total(void **state)
{
    (void)state;
    struct tally_table *table = make(both, 2, 3);
    set(table, 0, 0, 9, 4);
    set(table, 0, 1, 4, 4);
    set(table, 1, 0, 0, 0);
    set(table, 2, 0, 9, 40); /* others make it up to 40 users in no relation */
    set(table, 2, 1, 40, 40);
    table->row_flags[2] = TALLY_KEEP;
    relate_sum(table, 0, 1, 2, 2, 0);
    /* 40 users in 9 conversations count as 9: small as well, so shown only when fixed. */
    unsigned char flags[6] = {0};
    assert_ok(smallcell_suppress(table, 5, flags, NULL, &err), err);
    assert_true(flags[0] & SMALLCELL_WITHHELD && flags[1] & SMALLCELL_WITHHELD);
    assert_false(flags[2] & SMALLCELL_WITHHELD); /* zero */
    assert_true(flags[4] & SMALLCELL_WITHHELD);
    assert_false(flags[4] & SMALLCELL_PRIMARY);
    assert_false(flags[5] & SMALLCELL_WITHHELD);
    memset(flags, 0, sizeof flags);
    flags[4] = SMALLCELL_FIXED;
    assert_int_equal(smallcell_suppress(table, 5, flags, NULL, &err), STATUS_REFUSED);
    assert_non_null(strstr(err.hint, "coarser"));
}

/* Cells about the same users go together; one about fewer users of its own is judged alone. */
static void row_mates_go_together(void **state)
{
    (void)state;
    struct tally_table *table = make(words, 3, 4);
    static const uint64_t rows[4][3] = {
        {8, 3, 900}, {30, 20, 4000}, {60, 50, 7000}, {98, 60, 11900}};
    for (size_t row = 0; row < 4; row++)
        for (size_t column = 0; column < 3; column++)
            set(table, row, column, rows[row][column], rows[row][1]);
    table->row_flags[3] = TALLY_KEEP;
    relate_sum(table, 0, 1, 3, 3, 0);
    relate_sum(table, 0, 1, 3, 3, 2);
    relate_users(table);
    unsigned char flags[12] = {0};
    assert_ok(smallcell_suppress(table, 11, flags, NULL, &err), err);
    for (size_t cell = 0; cell < 12; cell++)
        assert_int_equal(!!(flags[cell] & SMALLCELL_WITHHELD), cell < 6);
}

static void free_rows_and_zeros_are_shown(void **state)
{
    (void)state;
    struct tally_table *table = make(both, 1, 4);
    set(table, 0, 0, 3, 0);
    set(table, 1, 0, 0, 0);
    set(table, 2, 0, 5, 5);
    set(table, 3, 0, 5, 0); /* no users counted: taken for one */
    table->row_flags[0] = TALLY_FREE;
    unsigned char flags[4] = {0};
    assert_ok(smallcell_suppress(table, 11, flags, NULL, &err), err);
    assert_int_equal(flags[0], 0);
    assert_int_equal(flags[1], 0);
    assert_true(flags[2] & SMALLCELL_PRIMARY);
    assert_true(flags[3] & SMALLCELL_PRIMARY);
    for (uint32_t min_users = 0; min_users < 2; min_users++) {
        assert_ok(smallcell_suppress(table, min_users, flags, NULL, &err), err);
        for (size_t cell = 0; cell < 4; cell++)
            assert_int_equal(flags[cell], 0);
    }
}

/* Each unknown user counts in a column of users, but all of them together are one for the rule. */
static void unknown_users_are_one(void **state)
{
    (void)state;
    struct tally_table *table = make(both, 2, 4);
    static const uint64_t rows[4][3] = {{80, 70, 1}, {60, 50, 50}, {90, 40, 40}, {230, 150, 80}};
    for (size_t row = 0; row < 4; row++)
        for (size_t column = 0; column < 2; column++)
            set(table, row, column, rows[row][column], rows[row][2]);
    table->row_flags[3] = TALLY_KEEP;
    relate_sum(table, 0, 1, 3, 3, 0);
    relate_users(table);
    unsigned char flags[8] = {0};
    assert_ok(smallcell_suppress(table, 11, flags, NULL, &err), err);
    for (size_t cell = 0; cell < 8; cell++)
        assert_int_equal(!!(flags[cell] & SMALLCELL_WITHHELD), cell < 4);
}

static void wrong_relations_are_mistakes(void **state)
{
    (void)state;
    unsigned char flags[2] = {0};
    static const struct tally_term wrong[][2] = {{{0, 0, 1}, {1, 0, -1}},
                                                 {{0, 0, 1}, {0, 0, -1}},
                                                 {{0, 0, 2}, {1, 0, -1}},
                                                 {{0, 0, 1}, {2, 0, -1}},
                                                 {{0, 0, 1}, {1, 1, -1}}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct tally_table *table = make(both, 1, 2);
        set(table, 0, 0, 5, 5);
        set(table, 1, 0, 4, 4);
        relate(table, wrong[i], 2, i == 0);
        assert_int_equal(smallcell_suppress(table, 11, flags, NULL, &err), STATUS_INTERNAL);
    }
}

/* ---- size ---- */

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* ROWS rows and a total, three or more columns, one small row in ODDS. */
static void flat(uint32_t rows, uint64_t odds, uint32_t extra)
{
    struct tally_column columns[12] = {words[0], words[1]};
    for (uint32_t i = 0; i < extra; i++)
        columns[2 + i] = words[2];
    struct tally_table *table = make(columns, 2 + extra, rows + 1);
    uint64_t sums[12] = {0};
    for (uint32_t row = 0; row < rows; row++) {
        uint64_t users = below(odds) ? 11 + below(500) : 1 + below(10);
        uint64_t conversations = users + below(3 * users);
        set(table, row, 0, conversations, users);
        set(table, row, 1, users, users);
        sums[0] += conversations;
        sums[1] += users;
        for (uint32_t i = 0; i < extra; i++) {
            uint64_t count = conversations + below(100 * conversations);
            set(table, row, 2 + i, count, users);
            sums[2 + i] += count;
            struct tally_term terms[2] = {{row, 0, 1}, {row, 2 + i, -1}};
            relate(table, terms, 2, true);
        }
        struct tally_term terms[2] = {{row, 1, 1}, {rows, 1, -1}};
        relate(table, terms, 2, true);
    }
    sums[1] = sums[1] * 3 / 4 > 520 ? sums[1] * 3 / 4 : sums[1];
    for (uint32_t column = 0; column < 2 + extra; column++)
        set(table, rows, column, sums[column], sums[1]);
    table->row_flags[rows] = TALLY_KEEP;
    for (uint32_t column = 0; column < 2 + extra; column++)
        if (column != 1)
            relate_sum(table, 0, 1, rows, rows, column);
    relate_users(table);
    relate_union(table, rows, 1);
    unsigned char *flags = calloc((size_t)(rows + 1) * (2 + extra), 1);
    assert_non_null(flags);
    struct smallcell_work work;
    struct timespec start;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    assert_ok(smallcell_suppress(table, 11, flags, &work, &err), err);
    print_message(
        "%u x %u: %zu small, %zu withheld, %zu rounds, %zu programs, %.3f s of processor\n", rows,
        2 + extra, work.primary, work.withheld, work.rounds, work.programs, seconds_since(&start));
    assert_true(work.withheld >= work.primary);
    assert_true(work.withheld <= work.primary + 4 * (2 + extra));
    free(flags);
}

static void large_tables(void **state)
{
    (void)state;
    stream = 15;
    flat(1000, 300, 8);
    flat(1000, 3, 8);
    if (test_short())
        return;
    flat(40000, 12, 2);
    flat(40000, 10000, 2);
}

/* M x N with margins and a grand total. */
static void margins(uint32_t m, uint32_t n, uint64_t odds)
{
    uint32_t total = m * n + m + n;
    struct tally_table *table = make(both, 1, total + 1);
    for (uint32_t r = 0; r < m; r++)
        for (uint32_t c = 0; c < n; c++) {
            uint64_t value = below(odds) ? 11 + below(300) : below(11);
            uint32_t into[] = {r * n + c, m * n + r, m * n + m + c, total};
            for (size_t i = 0; i < 4; i++) {
                uint64_t sum = tally_cell_at(table, into[i], 0)->value + value;
                set(table, into[i], 0, sum, sum);
            }
        }
    for (uint32_t row = m * n; row <= total; row++)
        table->row_flags[row] = TALLY_KEEP;
    for (uint32_t r = 0; r < m; r++)
        relate_sum(table, r * n, 1, n, m * n + r, 0);
    for (uint32_t c = 0; c < n; c++)
        relate_sum(table, c, n, m, m * n + m + c, 0);
    relate_sum(table, m * n, 1, m, total, 0);
    relate_sum(table, m * n + m, 1, n, total, 0);
    unsigned char *flags = calloc(total + 1, 1);
    assert_non_null(flags);
    struct smallcell_work work;
    struct timespec start;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    assert_ok(smallcell_suppress(table, 11, flags, &work, &err), err);
    size_t kept = 0;
    for (uint32_t row = m * n; row <= total; row++)
        kept += flags[row] & SMALLCELL_WITHHELD && !(flags[row] & SMALLCELL_PRIMARY);
    print_message("%u x %u with margins: %zu small, %zu withheld (%zu margins), %zu rounds, "
                  "%zu programs, %.3f s of processor\n",
                  m, n, work.primary, work.withheld, kept, work.rounds, work.programs,
                  seconds_since(&start));
    assert_int_equal(kept, 0);
    free(flags);
}

static void large_margins(void **state)
{
    (void)state;
    stream = 16;
    margins(24, 30, 100);
    margins(24, 30, 4);
    margins(60, 100, 100);
    if (!test_short())
        margins(200, 200, 20);
}

static void totals(void **state)
{
    (void)state;
    print_message("%zu random tables: %zu small cells, %zu withheld in all\n", cases, seen_primary,
                  suppressed);
    assert_true(seen_primary > 1000);
    assert_true(suppressed > seen_primary);
    tally_release(&tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_suppression_is_caught),
        cmocka_unit_test(small_pair_needs_a_third),
        cmocka_unit_test(lone_row_takes_the_total),
        cmocka_unit_test(row_mates_go_together),
        cmocka_unit_test(free_rows_and_zeros_are_shown),
        cmocka_unit_test(unknown_users_are_one),
        cmocka_unit_test(wrong_relations_are_mistakes),
        cmocka_unit_test(one_way),
        cmocka_unit_test(two_way),
        cmocka_unit_test(chains),
        cmocka_unit_test(anything),
        cmocka_unit_test(large_tables),
        cmocka_unit_test(large_margins),
        cmocka_unit_test(totals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
