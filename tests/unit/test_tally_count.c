/* Cross tables and the completeness table against naive recounts. */
#include "tests/support/catalogue_make.h"
#include "tests/support/support.h"

#include "base/civil.h"
#include "base/memory.h"
#include "queries/field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD                                                                                       \
    "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"],"                                       \
    "\"expected\":[\"logs/0000.jsonl\",\"logs/gone.jsonl\"],"                                      \
    "\"fields\":{\"tier\":{\"pointer\":\"/tier\",\"values\":[\"plus\",\"free\",\"gold\"]}}},"
#define TAIL                                                                                       \
    "\"queries\":[{\"id\":\"total\",\"kind\":\"count\",\"by\":[]},"                                \
    "{\"id\":\"one\",\"kind\":\"count\",\"by\":[\"month\"]},"                                      \
    "{\"id\":\"tiers\",\"kind\":\"count\",\"by\":[\"tier\"]},"                                     \
    "{\"id\":\"two\",\"kind\":\"count\",\"by\":[\"quarter\",\"model\"]},"                          \
    "{\"id\":\"three\",\"kind\":\"count\",\"by\":[\"weekday\",\"tier\",\"language\"]},"            \
    "{\"id\":\"fields\",\"kind\":\"topics\",\"by\":\"language\"}],"                                \
    "\"release\":{\"unit\":\"user\",\"min_users\":0}}"

static const char open_plan[] = HEAD TAIL;
static const char filter_plan[] =
    HEAD "\"population\":{\"from\":\"2023-02-01\",\"to\":\"2024-05-31\","
         "\"exclude\":[{\"field\":\"model\",\"in\":[\"gpt-4\"]},"
         "{\"field\":\"user\",\"in\":[\"user 1\",\"user 2\"]}]}," TAIL;
static const char empty_plan[] =
    HEAD "\"population\":{\"include\":[{\"field\":\"model\",\"in\":[\"none\"]}]}," TAIL;

static const struct made_wish wishes[] = {
    {.seed = 41,
     .parts = 3,
     .rows = 1200,
     .users = 80,
     .gap_percent = 6,
     .again_percent = 10,
     .plan = open_plan},
    {.seed = 42,
     .parts = 2,
     .rows = 900,
     .users = 300,
     .gap_percent = 25,
     .again_percent = 10,
     .plan = filter_plan},
    {.seed = 43, .parts = 2, .rows = 60, .users = 5, .gap_percent = 5, .plan = empty_plan},
    {.seed = 44, .parts = 1, .rows = 1, .users = 1, .plan = open_plan},
};
enum { WISHES = sizeof wishes / sizeof *wishes };

static const char *shown(const struct made_row *row, const struct plan_field *field,
                         char text[static 32])
{
    if (field->kind != PLAN_FIELD_STORED) {
        if (row->time == CIVIL_NONE)
            return "no time";
        field_day_text(field->kind, civil_day_of(row->time), text);
        return text;
    }
    if (strcmp(field->name, "model") == 0)
        return row->model < 0 ? "unknown" : row->model < 4 ? made_models[row->model] : "other";
    if (strcmp(field->name, "language") == 0)
        return row->language < 0 ? "unknown" : made_languages[row->language];
    return row->tier < 0 ? "unknown" : row->tier < 2 ? made_tiers[row->tier] : "other";
}

static uint64_t value(const struct tally_table *table, size_t row, size_t column)
{
    return tally_cell_at(table, row, column)->value;
}

/* Recounts one row of a table: those of the population for which IN holds. */
static void check_row(const struct made *made, const struct tally_table *table, size_t row,
                      const bool *in)
{
    uint64_t sums[4] = {0, 0, 0, 0};
    for (uint32_t i = 0; i < made->wish.rows; i++)
        if (in[i]) {
            sums[0]++;
            sums[1] += made->rows[i].exchanges;
            sums[2] += made->rows[i].turns;
            sums[3] += made->rows[i].words;
        }
    struct made_users users = made_count_users(made, in);
    assert_int_equal(value(table, row, 0), sums[0]);
    assert_int_equal(value(table, row, 1), sums[1]);
    assert_int_equal(value(table, row, 2), sums[2]);
    assert_int_equal(value(table, row, 3), users.counted);
    assert_int_equal(value(table, row, 4), sums[3]);
    for (size_t column = 0; column < 5; column++)
        assert_int_equal(tally_cell_at(table, row, column)->users, users.support);
}

/* What the user with the most has of each column, where users are told apart. */
static void check_largest(const struct made *made, const struct tally_table *table, size_t row,
                          const bool *in)
{
    static const size_t columns[] = {0, 1, 2, 4};
    uint32_t *values = mem_zalloc(made->wish.rows, sizeof *values);
    assert_non_null(values);
    for (size_t c = 0; c < 4; c++) {
        for (uint32_t i = 0; i < made->wish.rows; i++)
            values[i] = c == 0   ? 1
                        : c == 1 ? made->rows[i].exchanges
                        : c == 2 ? made->rows[i].turns
                                 : made->rows[i].words;
        uint64_t largest = tally_cell_at(table, row, columns[c])->largest;
        /* The rows of a field's topics count conversations alone. */
        if (made->plan.queries[table->query].kind == QUERY_COUNT || c == 0)
            assert_int_equal(largest, made_largest(made, in, values));
    }
    free(values);
}

static void check_table(const struct made *made, const struct tally_table *table)
{
    const struct plan_query *query = &made->plan.queries[table->query];
    static const char *const ids[] = {"conversations", "exchanges", "turns", "users", "words"};
    uint32_t rows = made->wish.rows;
    bool *in = mem_zalloc(rows, sizeof *in), *all = mem_zalloc(rows, sizeof *all);
    uint64_t counted = 0;
    assert_true(in && all);
    assert_int_equal(table->key_count, query->by_count);
    assert_int_equal(table->column_count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(table->columns[i].id, ids[i]);
    for (uint32_t i = 0; i < rows; i++)
        all[i] = population_has(&made->population, made->rows[i].part, made->rows[i].local);
    for (size_t row = 0; row + 1 < table->row_count; row++) {
        for (uint32_t i = 0; i < rows; i++) {
            in[i] = all[i];
            for (size_t k = 0; k < table->key_count; k++) {
                char text[32];
                in[i] &= strcmp(shown(&made->rows[i], &query->by[k], text),
                                table->key_values[row * table->key_count + k]) == 0;
            }
            counted += in[i];
        }
        check_row(made, table, row, in);
        check_largest(made, table, row, in);
        assert_int_equal(table->row_flags[row], 0);
        for (size_t other = 0; other < row; other++) {
            bool same = true;
            for (size_t k = 0; k < table->key_count; k++)
                same &= strcmp(table->key_values[other * table->key_count + k],
                               table->key_values[row * table->key_count + k]) == 0;
            assert_false(same);
        }
    }
    /* The rows are all of the population, and the last one is their total. */
    if (table->key_count)
        assert_int_equal(counted, made->population.conversations);
    check_row(made, table, table->row_count - 1, all);
    assert_int_equal(table->row_flags[table->row_count - 1], TALLY_KEEP);
    for (size_t k = 0; k < table->key_count; k++)
        assert_string_equal(table->key_values[(table->row_count - 1) * table->key_count + k],
                            "total");
    free(in);
    free(all);
}

static void test_cross(void **state)
{
    (void)state;
    for (size_t i = 0; i < WISHES; i++) {
        struct error err = ERROR_INIT;
        struct made made;
        struct tally tally;
        made_init(&made, &wishes[i]);
        made_open(&made);
        made_population(&made);
        const struct tally_source source = made_source(&made);
        tally_init(&tally);
        for (size_t q = 0; q < made.plan.query_count; q++) {
            assert_ok((made.plan.queries[q].kind == QUERY_COUNT ? tally_count : tally_topics)(
                          &source, q, &tally, &err),
                      err);
            assert_int_equal(tally.tables[q].query, q);
            check_table(&made, &tally.tables[q]);
        }
        made_check_relations(&tally);
        tally_release(&tally);
        made_release(&made);
    }
}

/* Periods of the plan and listed values have a row, zero or not. */
static void test_rows_shown(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct made made;
    struct tally tally;
    made_init(&made, &wishes[1]);
    made_open(&made);
    made_population(&made);
    const struct tally_source source = made_source(&made);
    tally_init(&tally);
    assert_ok(tally_count(&source, 1, &tally, &err), err);
    assert_int_equal(tally.tables[0].row_count, 16 + 1); /* all have a time */
    assert_string_equal(tally.tables[0].key_values[0], "2023-02");
    assert_string_equal(tally.tables[0].key_values[15], "2024-05");
    assert_int_equal(tally.tables[0].keys[0].type, TALLY_KEY_MONTH);
    assert_ok(tally_count(&source, 2, &tally, &err), err);
    assert_int_equal(tally.tables[1].row_count, 5 + 1);
    assert_string_equal(tally.tables[1].key_values[2], "gold");
    assert_int_equal(value(&tally.tables[1], 2, 0), 0);
    tally_release(&tally);
    made_release(&made);
}

/* ---- completeness ---- */

static size_t find_row(const struct tally_table *table, const char *reason)
{
    size_t found = SIZE_MAX;
    for (size_t row = 0; row < table->row_count; row++)
        if (strcmp(table->key_values[row], reason) == 0) {
            assert_int_equal(found, SIZE_MAX);
            found = row;
        }
    if (found == SIZE_MAX)
        fail_msg("no row \"%s\"", reason);
    return found;
}

static uint64_t records(const struct tally_table *table, const char *reason)
{
    return value(table, find_row(table, reason), 0);
}

static void check_oddities(const struct made *made, const struct tally_table *table)
{
    bool *in = mem_zalloc(made->wish.rows, sizeof *in);
    assert_non_null(in);
    for (size_t odd = 0; odd < ODDITY_COUNT; odd++) {
        char title[128];
        uint64_t count = 0, items = 0;
        snprintf(title, sizeof title, "with %s", conversation_oddities[odd].title);
        for (uint32_t i = 0; i < made->wish.rows; i++) {
            const struct made_row *row = &made->rows[i];
            in[i] = row->odd[odd] && population_has(&made->population, row->part, row->local);
            count += in[i];
            items += in[i] ? row->odd[odd] : 0;
        }
        size_t at = find_row(table, title);
        assert_int_equal(value(table, at, 0), count);
        assert_int_equal(value(table, at, 1), items);
        assert_int_equal(tally_cell_at(table, at, 0)->users, made_count_users(made, in).support);
    }
    free(in);
}

static void check_gaps(const struct made *made, const struct tally_table *table)
{
    uint64_t users = 0, times = 0, empty = 0;
    const struct population *population = &made->population;
    int64_t first = made->plan.population.from, last = made->plan.population.to;
    first = first == INT64_MIN ? population->first_day : first;
    last = last == INT64_MAX ? population->last_day : last;
    for (uint32_t i = 0; i < made->wish.rows; i++) {
        const struct made_row *row = &made->rows[i];
        bool in = population_has(population, row->part, row->local);
        users += in && row->user < 0;
        times += in && row->time == CIVIL_NONE;
    }
    for (int64_t day = first; day <= last; day++) {
        bool found = false;
        for (uint32_t i = 0; i < made->wish.rows && !found; i++) {
            const struct made_row *row = &made->rows[i];
            found = population_has(population, row->part, row->local) && row->time != CIVIL_NONE &&
                    civil_day_of(row->time) == day;
        }
        empty += !found;
    }
    assert_int_equal(records(table, "without a user"), users);
    assert_int_equal(records(table, "without a time"), times);
    if (first <= last)
        assert_int_equal(value(table, find_row(table, "days without records"), 1), empty);
}

static void test_completeness(void **state)
{
    (void)state;
    for (size_t w = 0; w < WISHES; w++) {
        struct error err = ERROR_INIT;
        struct made made;
        struct tally tally;
        made_init(&made, &wishes[w]);
        made_open(&made);
        made_population(&made);
        const struct tally_source source = made_source(&made);
        tally_init(&tally);
        assert_ok(tally_completeness(&source, &tally, &err), err);
        const struct tally_table *table = &tally.tables[0];
        assert_string_equal(table->id, "completeness");
        uint64_t rejected = 0, excluded = 0;
        for (size_t why = 1; why < REJECT_COUNT; why++) {
            char title[128];
            snprintf(title, sizeof title, "rejected: %s", record_rejections[why].title);
            assert_int_equal(records(table, title), made.rejected * made.wish.parts);
            assert_int_equal(table->row_flags[find_row(table, title)], TALLY_FREE);
            rejected += records(table, title);
        }
        for (size_t row = 0; row < table->row_count; row++)
            if (strncmp(table->key_values[row], "excluded: ", 10) == 0 ||
                strcmp(table->key_values[row], "duplicates") == 0)
                excluded += value(table, row, 0);
        assert_int_equal(records(table, "accepted"), made.wish.rows);
        assert_int_equal(records(table, "read"), made.wish.rows + rejected);
        assert_int_equal(records(table, "population"), made.population.conversations);
        assert_int_equal(records(table, "population") + excluded, made.wish.rows);
        assert_int_equal(table->row_flags[find_row(table, "population")], TALLY_KEEP);
        bool *in = mem_zalloc(made.wish.rows, sizeof *in);
        assert_non_null(in);
        memset(in, 1, made.wish.rows);
        assert_int_equal(tally_cell_at(table, find_row(table, "accepted"), 0)->users,
                         made_count_users(&made, in).support);
        free(in);
        check_oddities(&made, table);
        check_gaps(&made, table);
        assert_int_equal(value(table, find_row(table, "files read"), 1), made.wish.parts);
        assert_int_equal(value(table, find_row(table, "files expected"), 1), 2);
        assert_int_equal(value(table, find_row(table, "files missing"), 1), 1);
        made_check_relations(&tally);
        tally_release(&tally);
        made_release(&made);
    }
}

/* What a filter on identities lists is not told; what one on other fields lists is. */
static void test_titles(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    static const char plan[] =
        HEAD "\"population\":{\"from\":\"2023-02-01\","
             "\"exclude\":[{\"field\":\"model\",\"in\":[\"gpt-4\"]},"
             "{\"field\":\"user\",\"in\":[\"user 1\"]},{\"field\":\"id\",\"in\":[\"c1\",\"c2\"]}],"
             "\"include\":[{\"field\":\"year\",\"in\":[\"2023\"]}]}," TAIL;
    const struct made_wish wish = {.seed = 45, .parts = 1, .rows = 50, .users = 5, .plan = plan};
    struct made made;
    struct tally tally;
    made_ready(&made, &wish);
    const struct tally_source source = made_source(&made);
    tally_init(&tally);
    assert_ok(tally_completeness(&source, &tally, &err), err);
    const struct tally_table *table = &tally.tables[0];
    (void)find_row(table, "excluded: before 2023-02-01");
    (void)find_row(table, "excluded: model is gpt-4");
    (void)find_row(table, "excluded: user is the one listed");
    (void)find_row(table, "excluded: id is one of the listed values");
    (void)find_row(table, "excluded: year is not 2023");
    tally_release(&tally);
    made_release(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cross),
        cmocka_unit_test(test_rows_shown),
        cmocka_unit_test(test_completeness),
        cmocka_unit_test(test_titles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
