/*
 * Small cells against an attacker who tries every integer table: nothing is taken from release/
 * but the pattern itself.
 */
#include "queries/tally.h"
#include "release/smallcell.h"
#include "tests/support/small_tables.h"
#include "tests/support/support.h"

#include <stdlib.h>
#include <string.h>

static struct error err;

/* ---- properties of any pattern ---- */

static size_t refusals, cases, suppressed, seen_primary;

static uint64_t users_of(const struct tally_table *table, size_t cell)
{
    return smallcell_users(table, cell / table->column_count, cell % table->column_count);
}

static void check(const struct tally_table *table, uint32_t min_users, unsigned char *flags)
{
    size_t cells = table->row_count * table->column_count;
    unsigned char again[TABLES_CELLS], fixed[TABLES_CELLS];
    assert_true(cells <= TABLES_CELLS);
    memcpy(fixed, flags, cells);
    memcpy(again, flags, cells);
    cases++;
    enum status status = smallcell_suppress(table, min_users, NULL, NULL, flags, NULL, &err);
    if (status == STATUS_REFUSED) {
        refusals++;
        assert_true(strlen(err.hint) > 0);
        return;
    }
    assert_ok(status, err);
    assert_ok(smallcell_suppress(table, min_users, NULL, NULL, again, NULL, &err), err);
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
            if (!brute_protected(&b, cell, min_users))
                fail_msg("cell %zu of %zu is not protected", cell, cells);
        }
}

/* ---- random tables ---- */

/* Conversations and users of one row, at most LARGEST of either. */
static void random_row(struct tally_table *table, size_t row, uint64_t largest)
{
    uint64_t conversations = tables_below(4) ? tables_below(largest + 1) : tables_below(4);
    uint64_t users = conversations ? 1 + tables_below(conversations) : 0;
    tables_set(table, row, 0, conversations, users);
    tables_set(table, row, 1, users, users);
}

static void one_way(void **state)
{
    (void)state;
    tables_stream = 11;
    refusals = 0;
    for (int i = 0; i < (test_short() ? 150 : 1500); i++) {
        uint32_t rows = 1 + (uint32_t)tables_below(5), min_users = 2 + (uint32_t)tables_below(4);
        struct tally_table *table = tables_make(tables_both, 2, rows + 1);
        uint64_t sum = 0, users = 0, most = 0;
        for (uint32_t row = 0; row < rows; row++) {
            random_row(table, row, 9);
            sum += tally_cell_at(table, row, 0)->value;
            uint64_t own = tally_cell_at(table, row, 1)->value;
            users += own;
            most = own > most ? own : most;
        }
        users = most + tables_below(users - most + 1);
        tables_set(table, rows, 0, sum, users);
        tables_set(table, rows, 1, users, users);
        table->row_flags[rows] = TALLY_KEEP;
        tables_sum(table, 0, 1, rows, rows, 0);
        if (tables_below(2))
            tables_users(table);
        if (tables_below(2))
            tables_union(table, rows, 1);
        for (uint32_t row = 0; row < rows; row++) {
            struct tally_term terms[2] = {{row, 1, 1}, {rows, 1, -1}};
            tables_relate(table, terms, 2, true);
        }
        unsigned char flags[TABLES_CELLS] = {0};
        check(table, min_users, flags);
    }
    assert_int_equal(refusals, 0); /* the total may always be withheld */
    assert_true(cases > 100);
}

static void two_way(void **state)
{
    (void)state;
    tables_stream = 12;
    for (int i = 0; i < (test_short() ? 100 : 800); i++) {
        uint32_t m = 2 + (uint32_t)tables_below(2), n = 2 + (uint32_t)tables_below(2);
        uint32_t min_users = 2 + (uint32_t)tables_below(3), total = m * n + m + n;
        struct tally_table *table = tables_make(tables_both, 1, total + 1);
        uint64_t sums[TABLES_CELLS] = {0};
        for (uint32_t r = 0; r < m; r++)
            for (uint32_t c = 0; c < n; c++) {
                uint64_t value = tables_below(3) ? tables_below(9) : tables_below(3);
                tables_set(table, r * n + c, 0, value, value);
                sums[m * n + r] += value;
                sums[m * n + m + c] += value;
                sums[total] += value;
            }
        for (uint32_t row = m * n; row <= total; row++)
            tables_set(table, row, 0, sums[row], sums[row]);
        table->row_flags[total] = TALLY_KEEP;
        for (uint32_t r = 0; r < m; r++)
            tables_sum(table, r * n, 1, n, m * n + r, 0);
        for (uint32_t c = 0; c < n; c++)
            tables_sum(table, c, n, m, m * n + m + c, 0);
        tables_sum(table, m * n, 1, m, total, 0);
        tables_sum(table, m * n + m, 1, n, total, 0);
        unsigned char flags[TABLES_CELLS] = {0};
        if (tables_below(4) == 0 && sums[total] >= min_users)
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
    tables_stream = 13;
    for (int i = 0; i < (test_short() ? 100 : 800); i++) {
        uint32_t rows = 2 + (uint32_t)tables_below(3), min_users = 2 + (uint32_t)tables_below(4);
        struct tally_table *table = tables_make(columns, 3, rows + 1);
        uint64_t all = 0;
        for (uint32_t row = 0; row < rows; row++) {
            uint64_t added = tables_below(9), hit = added + tables_below(all + 1),
                     unique = tables_below(added + 1);
            all += added;
            tables_set(table, row, 0, hit, hit ? 1 + tables_below(hit) : 0);
            uint64_t users = tally_cell_at(table, row, 0)->users;
            tables_set(table, row, 1, added,
                       added && users ? 1 + tables_below(users < added ? users : added) : 0);
            tables_set(table, row, 2, unique,
                       unique && users ? 1 + tables_below(users < unique ? users : unique) : 0);
        }
        tables_set(table, rows, 0, all, all);
        table->row_flags[rows] = tables_below(2) ? TALLY_KEEP : 0;
        struct tally_term sum[TABLES_CELLS];
        for (uint32_t row = 0; row < rows; row++) {
            sum[row] = (struct tally_term){row, 1, 1};
            struct tally_term pairs[3][2] = {{{row, 1, 1}, {row, 0, -1}},
                                             {{row, 2, 1}, {row, 1, -1}},
                                             {{row, 0, 1}, {rows, 0, -1}}};
            for (int k = 0; k < 3; k++)
                tables_relate(table, pairs[k], 2, true);
        }
        sum[rows] = (struct tally_term){rows, 0, -1};
        tables_relate(table, sum, rows + 1, false);
        unsigned char flags[TABLES_CELLS] = {0};
        check(table, min_users, flags);
    }
}

/* Any relations that happen to hold, among few cells. */
static void anything(void **state)
{
    (void)state;
    tables_stream = 14;
    refusals = 0;
    for (int i = 0; i < (test_short() ? 200 : 3000); i++) {
        uint32_t rows = 3 + (uint32_t)tables_below(5), min_users = 2 + (uint32_t)tables_below(4);
        struct tally_table *table = tables_make(tables_both + tables_below(2), 1, rows);
        for (uint32_t row = 0; row < rows; row++) {
            uint64_t value = tables_below(8);
            tables_set(table, row, 0, value, value ? 1 + tables_below(value) : 0);
            unsigned kinds[] = {0, 0, 0, TALLY_KEEP, TALLY_FREE};
            table->row_flags[row] = kinds[tables_below(5)];
        }
        for (uint64_t tries = 0, made = 0; tries < 200 && made < 4; tries++) {
            struct tally_term terms[8];
            uint32_t count = 0;
            int64_t sum = 0;
            for (uint32_t row = 0; row < rows; row++) {
                if (tables_below(2))
                    continue;
                int sign = tables_below(2) ? 1 : -1;
                terms[count++] = (struct tally_term){row, 0, sign};
                sum += sign * (int64_t)tally_cell_at(table, row, 0)->value;
            }
            if (count > 1 && (sum == 0 || (sum < 0 && tables_below(8) == 0))) {
                tables_relate(table, terms, count, sum != 0);
                made++;
            }
        }
        unsigned char flags[TABLES_CELLS] = {0};
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
    struct tally_table *table = tables_make(tables_both, 1, 9);
    for (size_t row = 0; row < 9; row++)
        tables_set(table, row, 0, values[row], values[row]);
    tables_sum(table, 0, 1, 2, 4, 0);
    tables_sum(table, 2, 1, 2, 5, 0);
    tables_sum(table, 0, 2, 2, 6, 0);
    tables_sum(table, 1, 2, 2, 7, 0);
    table->row_flags[4] = table->row_flags[5] = table->row_flags[6] = table->row_flags[7] =
        table->row_flags[8] = TALLY_KEEP;
    unsigned char naive[9] = {SMALLCELL_WITHHELD | SMALLCELL_PRIMARY};
    struct brute b;
    brute_init(&b, table, naive, 50);
    assert_false(brute_protected(&b, 0, 11));
    naive[1] = SMALLCELL_WITHHELD; /* its row is healed, its column is not */
    brute_init(&b, table, naive, 50);
    assert_false(brute_protected(&b, 0, 11));
    unsigned char flags[9] = {0};
    assert_ok(smallcell_suppress(table, 11, NULL, NULL, flags, NULL, &err), err);
    for (size_t cell = 0; cell < 9; cell++)
        assert_int_equal(!!(flags[cell] & SMALLCELL_WITHHELD), cell < 4);
    assert_int_equal(flags[0] & SMALLCELL_PRIMARY, SMALLCELL_PRIMARY);
}

/* Two small cells of a sum of 3 bound each other to 1..2: a third must go, the smallest enough. */
static void small_pair_needs_a_third(void **state)
{
    (void)state;
    static const uint64_t values[] = {1, 2, 500, 12, 25, 540};
    struct tally_table *table = tables_make(tables_both, 1, 6);
    for (size_t row = 0; row < 6; row++)
        tables_set(table, row, 0, values[row], values[row]);
    table->row_flags[5] = TALLY_KEEP;
    tables_sum(table, 0, 1, 5, 5, 0);
    unsigned char flags[6] = {0};
    assert_ok(smallcell_suppress(table, 11, NULL, NULL, flags, NULL, &err), err);
    const bool expected[] = {true, true, false, true, false, false};
    for (size_t cell = 0; cell < 6; cell++)
        assert_int_equal(!!(flags[cell] & SMALLCELL_WITHHELD), expected[cell]);
}

/* A total over one row: it goes too; if it is known elsewhere, the table is refused. */
static void lone_row_takes_the_total(void **state)
{
    (void)state;
    struct tally_table *table = tables_make(tables_both, 2, 3);
    tables_set(table, 0, 0, 9, 4);
    tables_set(table, 0, 1, 4, 4);
    tables_set(table, 1, 0, 0, 0);
    tables_set(table, 2, 0, 9, 40); /* others make it up to 40 users in no relation */
    tables_set(table, 2, 1, 40, 40);
    table->row_flags[2] = TALLY_KEEP;
    tables_sum(table, 0, 1, 2, 2, 0);
    /* 40 users in 9 conversations count as 9: small as well, so shown only when fixed. */
    unsigned char flags[6] = {0};
    assert_ok(smallcell_suppress(table, 5, NULL, NULL, flags, NULL, &err), err);
    assert_true(flags[0] & SMALLCELL_WITHHELD && flags[1] & SMALLCELL_WITHHELD);
    assert_false(flags[2] & SMALLCELL_WITHHELD); /* zero */
    assert_true(flags[4] & SMALLCELL_WITHHELD);
    assert_false(flags[4] & SMALLCELL_PRIMARY);
    assert_false(flags[5] & SMALLCELL_WITHHELD);
    memset(flags, 0, sizeof flags);
    flags[4] = SMALLCELL_FIXED;
    assert_int_equal(smallcell_suppress(table, 5, NULL, NULL, flags, NULL, &err), STATUS_REFUSED);
    assert_non_null(strstr(err.hint, "coarser"));
}

/* Cells about the same users go together; one about fewer users of its own is judged alone. */
static void row_mates_go_together(void **state)
{
    (void)state;
    struct tally_table *table = tables_make(tables_words, 3, 4);
    static const uint64_t rows[4][3] = {
        {8, 3, 900}, {30, 20, 4000}, {60, 50, 7000}, {98, 60, 11900}};
    for (size_t row = 0; row < 4; row++)
        for (size_t column = 0; column < 3; column++)
            tables_set(table, row, column, rows[row][column], rows[row][1]);
    table->row_flags[3] = TALLY_KEEP;
    tables_sum(table, 0, 1, 3, 3, 0);
    tables_sum(table, 0, 1, 3, 3, 2);
    tables_users(table);
    unsigned char flags[12] = {0};
    assert_ok(smallcell_suppress(table, 11, NULL, NULL, flags, NULL, &err), err);
    for (size_t cell = 0; cell < 12; cell++)
        assert_int_equal(!!(flags[cell] & SMALLCELL_WITHHELD), cell < 6);
}

/*
 * A search term report in small: one term finds nearly all, so that the others add and have alone
 * only a handful. What they add is protected by withholding what the large term adds, with that
 * term's count, which is the same number; union and null set stay.
 */
static void handfuls_beside_a_large_term(void **state)
{
    (void)state;
    enum { CONVERSATIONS, UNIQUE, ADDED, COLUMNS, TERMS = 5, ANY = TERMS, NONE, ALL, ROWS };
    static const struct tally_column columns[COLUMNS] = {
        {"c", "C", "c", 0}, {"u", "U", "c", 0}, {"a", "A", "c", 0}};
    static const uint64_t rows[ROWS][COLUMNS] = {
        {15937, 15363, 15937}, {485, 0, 1},       {181, 0, 1}, {396, 6, 6},
        {184, 1, 1},           {15946, 0, 15946}, {23, 0, 0},  {15969, 0, 0}};
    struct tally_table *table = tables_make(columns, COLUMNS, ROWS);
    for (uint32_t row = 0; row < ROWS; row++)
        for (uint32_t column = 0; column < COLUMNS; column++)
            tables_set(table, row, column, rows[row][column], rows[row][column]);
    table->row_flags[ALL] = TALLY_KEEP;
    struct tally_term sum[TERMS + 1];
    for (uint32_t row = 0; row < TERMS; row++) {
        const struct tally_term unique[] = {{row, UNIQUE, 1}, {row, ADDED, -1}};
        const struct tally_term added[] = {{row, ADDED, 1}, {row, CONVERSATIONS, -1}};
        const struct tally_term within[] = {{row, CONVERSATIONS, 1}, {ANY, CONVERSATIONS, -1}};
        tables_relate(table, unique, 2, true);
        tables_relate(table, added, 2, row > 0); /* the first term adds all that it finds */
        tables_relate(table, within, 2, true);
        sum[row] = (struct tally_term){row, ADDED, 1};
    }
    sum[TERMS] = (struct tally_term){ANY, CONVERSATIONS, -1};
    tables_relate(table, sum, TERMS + 1, false);
    const struct tally_term ends[] = {
        {ANY, CONVERSATIONS, 1}, {NONE, CONVERSATIONS, 1}, {ALL, CONVERSATIONS, -1}};
    tables_relate(table, ends, 3, false);
    const struct tally_term same[] = {{ANY, ADDED, 1}, {ANY, CONVERSATIONS, -1}};
    tables_relate(table, same, 2, false);
    unsigned char flags[ROWS * COLUMNS] = {0};
    assert_ok(smallcell_suppress(table, 11, NULL, NULL, flags, NULL, &err), err);
    size_t withheld = 0;
    for (size_t cell = 0; cell < ROWS * COLUMNS; cell++) {
        size_t row = cell / COLUMNS, column = cell % COLUMNS;
        bool is_withheld = flags[cell] & SMALLCELL_WITHHELD;
        withheld += is_withheld;
        if (rows[row][column] > 0 && rows[row][column] < 11)
            assert_true(is_withheld);
        if (row >= ANY)
            assert_false(is_withheld);
    }
    assert_in_range(withheld, 8, 12);
}

static void free_rows_and_zeros_are_shown(void **state)
{
    (void)state;
    struct tally_table *table = tables_make(tables_both, 1, 4);
    tables_set(table, 0, 0, 3, 0);
    tables_set(table, 1, 0, 0, 0);
    tables_set(table, 2, 0, 5, 5);
    tables_set(table, 3, 0, 5, 0); /* no users counted: taken for one */
    table->row_flags[0] = TALLY_FREE;
    unsigned char flags[4] = {0};
    assert_ok(smallcell_suppress(table, 11, NULL, NULL, flags, NULL, &err), err);
    assert_int_equal(flags[0], 0);
    assert_int_equal(flags[1], 0);
    assert_true(flags[2] & SMALLCELL_PRIMARY);
    assert_true(flags[3] & SMALLCELL_PRIMARY);
    for (uint32_t min_users = 0; min_users < 2; min_users++) {
        assert_ok(smallcell_suppress(table, min_users, NULL, NULL, flags, NULL, &err), err);
        for (size_t cell = 0; cell < 4; cell++)
            assert_int_equal(flags[cell], 0);
    }
}

/* Each unknown user counts in a column of users, but all of them together are one for the rule. */
static void unknown_users_are_one(void **state)
{
    (void)state;
    struct tally_table *table = tables_make(tables_both, 2, 4);
    static const uint64_t rows[4][3] = {{80, 70, 1}, {60, 50, 50}, {90, 40, 40}, {230, 150, 80}};
    for (size_t row = 0; row < 4; row++)
        for (size_t column = 0; column < 2; column++)
            tables_set(table, row, column, rows[row][column], rows[row][2]);
    table->row_flags[3] = TALLY_KEEP;
    tables_sum(table, 0, 1, 3, 3, 0);
    tables_users(table);
    unsigned char flags[8] = {0};
    assert_ok(smallcell_suppress(table, 11, NULL, NULL, flags, NULL, &err), err);
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
        struct tally_table *table = tables_make(tables_both, 1, 2);
        tables_set(table, 0, 0, 5, 5);
        tables_set(table, 1, 0, 4, 4);
        tables_relate(table, wrong[i], 2, i == 0);
        assert_int_equal(smallcell_suppress(table, 11, NULL, NULL, flags, NULL, &err),
                         STATUS_INTERNAL);
    }
}

static void totals(void **state)
{
    (void)state;
    print_message("%zu random tables: %zu small cells, %zu withheld in all\n", cases, seen_primary,
                  suppressed);
    assert_true(seen_primary > 1000);
    assert_true(suppressed > seen_primary);
    tally_release(&tables_tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_suppression_is_caught),
        cmocka_unit_test(small_pair_needs_a_third),
        cmocka_unit_test(lone_row_takes_the_total),
        cmocka_unit_test(row_mates_go_together),
        cmocka_unit_test(handfuls_beside_a_large_term),
        cmocka_unit_test(free_rows_and_zeros_are_shown),
        cmocka_unit_test(unknown_users_are_one),
        cmocka_unit_test(wrong_relations_are_mistakes),
        cmocka_unit_test(one_way),
        cmocka_unit_test(two_way),
        cmocka_unit_test(chains),
        cmocka_unit_test(anything),
        cmocka_unit_test(totals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
