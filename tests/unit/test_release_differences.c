/* Figures from which few users would follow: which columns of the row are withheld for one. */
#include "release/figure.h"
#include "release/gate.h"
#include "tests/support/support.h"

#include <string.h>

enum { RECORDS, ITEMS, CONVERSATIONS, EXCHANGES, USERS, UNIQUE, COLUMNS };
enum { MIN_USERS = 11, ROWS = 2 };

static const struct tally_column columns[COLUMNS] = {
    {"records", "Records", "records", 0},
    {"items", "Items", "items", 0},
    {"conversations", "Conversations", "conversations", 0},
    {"exchanges", "Exchanges", "exchanges", 0},
    {"users", "Users", "users", TALLY_USERS},
    {"unique_conversations", "Unique conversations", "conversations", TALLY_DETAIL}};

/* Of a table without relations what is withheld for one difference, of the first row. */
static void check(uint32_t column, const bool withheld[static COLUMNS])
{
    static const struct tally_key keys[] = {{"term", "Term", TALLY_KEY_STRING}};
    /* No two of as many users, since such figures of a row are withheld together. */
    static const struct tally_cell cells[COLUMNS] = {{70, 50, 0},  {80, 49, 0}, {90, 48, 0},
                                                     {200, 47, 0}, {46, 46, 0}, {60, 45, 0}};
    struct tally tally;
    struct tally_table *table;
    struct release *release;
    struct error err = ERROR_INIT;
    tally_init(&tally);
    assert_ok(tally_add_table(&tally, "t", 0, keys, 1, columns, COLUMNS, ROWS, &table, &err), err);
    for (size_t row = 0; row < ROWS; row++) {
        table->key_values[row] = row ? "b" : "a";
        for (size_t c = 0; c < COLUMNS; c++)
            *tally_cell_at(table, row, c) = cells[c];
    }
    for (size_t i = 0; i < 4; i++)
        tally.population[i] = (struct tally_cell){10000, 5000, 0};
    const struct tally_difference difference = {0, 0, column, 3, 3};
    assert_ok(tally_add_difference(&tally, &difference, &err), err);
    const struct gate_policy policy = {.min_users = MIN_USERS};
    assert_ok(gate_release(&tally, &policy, &release, &err), err);
    const struct figure_table *figures = release_table_find(release, "t");
    for (size_t row = 0; row < ROWS; row++)
        for (size_t c = 0; c < COLUMNS; c++)
            if ((figure_at(figures, row, c).state == FIGURE_WITHHELD) != (!row && withheld[c]))
                fail_msg("a difference of %s: row %d, %s", columns[column].id, (int)row,
                         columns[c].id);
    release_free(release);
    tally_release(&tally);
}

static void one_column(void **state)
{
    (void)state;
    check(UNIQUE, (const bool[COLUMNS]){[UNIQUE] = true});
    check(USERS, (const bool[COLUMNS]){[USERS] = true});
    check(EXCHANGES, (const bool[COLUMNS]){[EXCHANGES] = true});
}

/* What a row's conversations have is added up in other columns, too. */
static void whole_rows(void **state)
{
    static const bool sums[COLUMNS] = {
        [RECORDS] = true, [ITEMS] = true, [CONVERSATIONS] = true, [EXCHANGES] = true};
    (void)state;
    check(CONVERSATIONS, sums);
    check(RECORDS, sums);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_column), cmocka_unit_test(whole_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
