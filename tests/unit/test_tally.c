/* Tallies: growth, shallow copies, cells and relations. */
#include "queries/tally.h"
#include "tests/support/support.h"

#include <stdio.h>

static void tables_and_relations(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct tally tally;
    tally_init(&tally);
    static const struct tally_key keys[] = {{"month", "Month", TALLY_KEY_MONTH}};
    static const struct tally_column columns[] = {{"a", "A", "conversations", 0},
                                                  {"b", "B", "users", TALLY_USERS}};
    static const char *const ids[] = {"q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8"};
    for (size_t i = 0; i < 9; i++) {
        struct tally_table *table;
        assert_ok(tally_add_table(&tally, ids[i], i, keys, 1, columns, 2, 3 + i, &table, &err),
                  err);
        for (uint32_t r = 0; r < 3 + i; r++) {
            assert_string_equal(table->key_values[r], "");
            assert_int_equal(tally_cell_at(table, r, 1)->value, 0);
            assert_int_equal(table->row_flags[r], 0);
            tally_cell_at(table, r, 1)->value = 10 * i + r;
            struct tally_term terms[2] = {{r, 0, 1}, {r, 1, -1}};
            assert_ok(tally_relate(&tally, table, terms, 2, r % 2, &err), err);
            terms[0].row = 99; /* the tally has its own copy */
        }
    }
    assert_int_equal(tally.table_count, 9);
    for (size_t i = 0; i < 9; i++) {
        const struct tally_table *table = &tally.tables[i];
        assert_string_equal(table->id, ids[i]);
        assert_int_equal(table->query, i);
        assert_string_equal(table->columns[1].unit, "users");
        assert_int_equal(table->keys[0].type, TALLY_KEY_MONTH);
        assert_int_equal(table->relation_count, 3 + i);
        for (uint32_t r = 0; r < 3 + i; r++) {
            assert_int_equal(table->cells[r * 2 + 1].value, 10 * i + r);
            assert_int_equal(table->relations[r].terms[0].row, r);
            assert_int_equal(table->relations[r].terms[1].sign, -1);
            assert_int_equal(table->relations[r].at_most, r % 2);
        }
    }
    tally_release(&tally);
    assert_int_equal(tally.table_count, 0);
    tally_release(&tally);
}

static void samples_and_nothing(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct tally tally;
    tally_init(&tally);
    for (size_t i = 0; i < 20; i++) {
        struct tally_sample sample = {
            .query = i, .whole = {.relevant = i * i}, .seed_source = "a lottery"};
        snprintf(sample.frame_digest, sizeof sample.frame_digest, "%064zu", i);
        assert_ok(tally_add_sample(&tally, &sample, &err), err);
    }
    assert_int_equal(tally.sample_count, 20);
    assert_int_equal(tally.samples[19].whole.relevant, 361);
    assert_string_equal(tally.samples[3].frame_digest + 60, "0003");
    struct tally_table *table;
    assert_ok(tally_add_table(&tally, "empty", SIZE_MAX, NULL, 0, NULL, 0, 0, &table, &err), err);
    assert_int_equal(table->row_count, 0);
    assert_int_equal(tally_add_table(&tally, "x", 0, NULL, 0, NULL, SIZE_MAX / 2, 3, &table, &err),
                     STATUS_INTERNAL);
    assert_null(table);
    assert_int_equal(tally.table_count, 1);
    tally_release(&tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tables_and_relations),
                                       cmocka_unit_test(samples_and_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
