/*
 * Populations of other days and filters over random catalogues: where a table's rows are said to
 * lie in them, against every conversation; how many users lie between, counted again; and that what
 * is tied of several such tables holds, by cells that are counted again, too.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/support.h"

#include "base/civil.h"
#include "base/memory.h"
#include "queries/row_standing.h"
#include "queries/slice_cells.h"
#include "queries/slice_users.h"
#include "queries/tally_count.h"
#include "queries/told_population.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLAN                                                                                       \
    "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"],\"fields\":{\"tier\":\"/tier\"}},"      \
    "\"queries\":[{\"id\":\"a\",\"kind\":\"count\",\"by\":[\"month\"]}],"                          \
    "\"release\":{\"min_users\":5}}"

enum { DAY_2023 = 19358, DAY_2024 = 19723 };
enum { MODEL, LANGUAGE = 2, TIER = 4 };

#define STORED(what, number)                                                                       \
    {                                                                                              \
        .kind = PLAN_FIELD_STORED, .name = what, .stored = number                                  \
    }
#define TIME(what, which)                                                                          \
    {                                                                                              \
        .kind = which, .name = what, .stored = SIZE_MAX                                            \
    }
#define VALUES(...)                                                                                \
    (char *[])                                                                                     \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define FILTER(without, of, ...)                                                                   \
    {                                                                                              \
        .exclude = without, .field = of, .values = VALUES(__VA_ARGS__),                            \
        .value_count = sizeof VALUES(__VA_ARGS__) / sizeof(char *)                                 \
    }

static struct plan_filter gpt4[] = {FILTER(false, STORED("model", MODEL), "gpt-4")};
static struct plan_filter no_o1[] = {FILTER(true, STORED("model", MODEL), "o1", "never")};
static struct plan_filter two[] = {FILTER(false, STORED("model", MODEL), "gpt-4", "o1"),
                                   FILTER(true, STORED("language", LANGUAGE), "de")};
static struct plan_filter months[] = {
    FILTER(false, TIME("month", PLAN_FIELD_MONTH), "2023-02", "2023-03", "2024-01")};
static struct plan_filter no_quarter[] = {
    FILTER(true, TIME("quarter", PLAN_FIELD_QUARTER), "2023-Q1"),
    FILTER(true, TIME("weekday", PLAN_FIELD_WEEKDAY), "Sunday")};
static struct plan_filter users[] = {
    FILTER(true, STORED("user", SIZE_MAX), "user 1", "user 20", "user 3")};
static struct plan_filter unknown[] = {
    FILTER(false, STORED("language", LANGUAGE), "unknown", "en", "other")};

#define OF(filters) filters, sizeof filters / sizeof *filters
static const struct told_wish wishes[] = {
    {INT64_MIN, INT64_MAX, NULL, 0},          {DAY_2023, DAY_2024 - 1, NULL, 0},
    {DAY_2023 + 10, DAY_2024 + 40, OF(gpt4)}, {INT64_MIN, INT64_MAX, OF(gpt4)},
    {INT64_MIN, INT64_MAX, OF(no_o1)},        {DAY_2023, INT64_MAX, OF(two)},
    {INT64_MIN, INT64_MAX, OF(months)},       {DAY_2023, DAY_2024 + 99, OF(no_quarter)},
    {INT64_MIN, INT64_MAX, OF(users)},        {DAY_2023, DAY_2024 + 99, OF(unknown)},
    {DAY_2023, DAY_2024 + 99, OF(months)},    {DAY_2023, INT64_MAX, NULL, 0},
};
enum { WISHES = sizeof wishes / sizeof *wishes };

static double bounds[] = {3, 8};
static const struct plan_field by[][3] = {
    {TIME("month", PLAN_FIELD_MONTH), STORED("model", MODEL)},
    {TIME("quarter", PLAN_FIELD_QUARTER), TIME("weekday", PLAN_FIELD_WEEKDAY)},
    {{.kind = PLAN_FIELD_STORED,
      .name = "model",
      .stored = MODEL,
      .values = VALUES("gpt-4", "gpt-3.5"),
      .value_count = 2},
     STORED("language", LANGUAGE)},
    {{.kind = PLAN_FIELD_STORED, .name = "tier", .stored = TIER, .bins = bounds, .bin_count = 2},
     TIME("year", PLAN_FIELD_YEAR)},
    {STORED("language", LANGUAGE), STORED("tier", TIER)},
};
enum { TABLES = sizeof by / sizeof *by, BY = 2 };

struct logs {
    struct made made;
    struct tally_source source;
    struct told_population population;
    struct tally tally;
};

static void logs_init(struct logs *logs, uint64_t seed)
{
    const struct made_wish wish = {.seed = seed,
                                   .parts = 2,
                                   .rows = 1500,
                                   .users = 150,
                                   .gap_percent = 4,
                                   .tier_numbers = 12,
                                   .plan = PLAN};
    made_init(&logs->made, &wish);
    made_open(&logs->made);
    made_population(&logs->made);
    logs->source = made_source(&logs->made);
    told_population_init(&logs->population, &logs->source);
    tally_init(&logs->tally);
}

static void logs_release(struct logs *logs)
{
    tally_release(&logs->tally);
    told_population_release(&logs->population);
    made_release(&logs->made);
}

static const struct tally_source *source_of(struct logs *logs, size_t wish)
{
    const struct tally_source *source;
    struct error err = ERROR_INIT;
    assert_ok(told_population_source(&logs->population, &wishes[wish], &source, &err), err);
    return source;
}

/* Counts table NUMBER of population WISH. */
static size_t count(struct logs *logs, size_t wish, size_t number)
{
    static const struct tally_key keys[BY] = {{"a", "A", TALLY_KEY_STRING},
                                              {"b", "B", TALLY_KEY_STRING}};
    struct error err = ERROR_INIT;
    assert_ok(
        tally_cross(source_of(logs, wish), "t", SIZE_MAX, by[number], BY, keys, &logs->tally, &err),
        err);
    return logs->tally.table_count - 1;
}

/* ---- members ---- */

/* Which conversations a population has, by the row of the whole catalogue. */
static bool *members_of(struct logs *logs, size_t wish)
{
    const struct tally_source *source = source_of(logs, wish);
    const struct catalogue *catalogue = source->catalogue;
    bool *members = mem_zalloc(catalogue->rows, 1);
    assert_non_null(members);
    for (size_t p = 0; p < catalogue->count; p++)
        for (uint32_t row = 0; row < catalogue->parts[p].rows; row++)
            members[catalogue->parts[p].first_row + row] =
                population_has(source->population, p, row);
    return members;
}

/* The row of a table that each conversation is in, + 1; 0 for none. */
struct rows_of {
    const struct catalogue *catalogue;
    uint32_t *row_of;
};

static enum status note_row(void *context, uint32_t table_row, size_t part, uint32_t row,
                            struct error *err)
{
    struct rows_of *rows = context;
    (void)err;
    rows->row_of[rows->catalogue->parts[part].first_row + row] = table_row + 1;
    return STATUS_OK;
}

static uint32_t *rows_of(struct logs *logs, size_t wish, size_t number)
{
    const struct tally_source *source = source_of(logs, wish);
    struct rows_of rows = {source->catalogue,
                           mem_zalloc(source->catalogue->rows, sizeof(uint32_t))};
    struct error err = ERROR_INIT;
    assert_non_null(rows.row_of);
    assert_ok(tally_cross_each(source, "t", by[number], BY, note_row, &rows, &err), err);
    return rows.row_of;
}

/* ---- where rows lie ---- */

struct sums {
    size_t inside, outside, astride, mixed;
};

static void check_row(enum standing standing, bool in, bool out, struct sums *sums)
{
    if (standing == STANDS_INSIDE)
        assert_false(out);
    else if (standing == STANDS_OUTSIDE)
        assert_false(in);
    if (!in && !out)
        return;
    sums->inside += standing == STANDS_INSIDE;
    sums->outside += standing == STANDS_OUTSIDE;
    sums->astride += standing == STANDS_ASTRIDE;
    sums->mixed += standing == STANDS_ASTRIDE && in && out;
}

static void check_pair(struct logs *logs, size_t wish, size_t number, size_t other,
                       struct sums *sums)
{
    struct error err = ERROR_INIT;
    uint32_t *row_of = rows_of(logs, wish, number);
    size_t a = count(logs, wish, number), b = count(logs, other, 0);
    const struct tally_table *table = &logs->tally.tables[a];
    size_t rows = table->row_count;
    bool *members = members_of(logs, other);
    bool *in = mem_zalloc(rows, 1), *out = mem_zalloc(rows, 1);
    enum standing *standing = mem_zalloc(rows, sizeof *standing);
    assert_true(in && out && standing);
    assert_ok(row_standings(table, &logs->tally.tables[b], standing, &err), err);
    for (uint64_t i = 0; i < logs->source.catalogue->rows; i++)
        if (row_of[i]) {
            *(members[i] ? &in[row_of[i] - 1] : &out[row_of[i] - 1]) = true;
            *(members[i] ? &in[rows - 1] : &out[rows - 1]) = true;
        }
    for (size_t row = 0; row < rows; row++)
        check_row(standing[row], in[row], out[row], sums);
    free(in);
    free(out);
    free(standing);
    free(members);
    free(row_of);
}

static void rows_lie_where_they_are_said_to(void **state)
{
    (void)state;
    struct sums sums = {0};
    for (uint64_t seed = 1; seed <= 2; seed++) {
        struct logs logs;
        logs_init(&logs, seed);
        for (size_t wish = 0; wish < WISHES; wish++)
            for (size_t other = 0; other < WISHES; other++)
                for (size_t number = 0; number < TABLES; number++)
                    check_pair(&logs, wish, number, other, &sums);
        logs_release(&logs);
    }
    print_message("%zu rows inside, %zu outside, %zu astride, of which %zu are both\n", sums.inside,
                  sums.outside, sums.astride, sums.mixed);
    assert_true(sums.inside > 2000 && sums.outside > 2000);
    /* Where nothing is said there is mostly nothing to say. */
    assert_true(2 * sums.mixed > sums.astride);
}

/* ---- users between ---- */

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Distinct users of the conversations that are in row ROW + 1 of A and not in B. */
static uint32_t users_of(const struct made *made, const uint32_t *a, const bool *b, uint32_t row)
{
    uint32_t *list = mem_zalloc(made->wish.rows, sizeof *list), count_of = 0, distinct = 0;
    assert_non_null(list);
    for (uint32_t i = 0; i < made->wish.rows; i++)
        if (a[i] == row + 1 && !b[i])
            list[count_of++] = (uint32_t)(made->rows[i].user + 1);
    qsort(list, count_of, sizeof *list, by_value);
    for (uint32_t i = 0; i < count_of; i++)
        distinct += i == 0 || list[i] != list[i - 1];
    free(list);
    return distinct;
}

static void users_between_are_counted(void **state)
{
    (void)state;
    struct logs logs;
    struct error err = ERROR_INIT;
    size_t some = 0;
    logs_init(&logs, 7);
    for (size_t other = 1; other < WISHES; other++) {
        size_t whole = count(&logs, 0, 2), part = count(&logs, other, 2);
        const struct tally_table *outer = &logs.tally.tables[whole];
        const struct tally_table *inner = &logs.tally.tables[part];
        const struct slice_rows rows[] = {{outer, false}, {inner, false}};
        size_t groups = outer->row_count - 1;
        uint32_t *slack_of = mem_zalloc(outer->row_count, sizeof *slack_of);
        uint32_t *counted = mem_zalloc(groups, sizeof *counted);
        bool *within = mem_zalloc(inner->row_count, 1);
        uint32_t *row_of = rows_of(&logs, 0, 2);
        bool *members = members_of(&logs, other);
        assert_true(slack_of && counted && within);
        for (size_t i = 0; i < groups; i++)
            slack_of[i] = (uint32_t)i + 1;
        memset(within, true, inner->row_count);
        assert_ok(slice_users(&logs.population, &rows[0], slack_of, &rows[1], within, groups,
                              counted, &err),
                  err);
        for (uint32_t i = 0; i < groups; i++) {
            assert_int_equal(counted[i], users_of(&logs.made, row_of, members, i));
            some += counted[i] > 0;
        }
        free(slack_of);
        free(counted);
        free(within);
        free(row_of);
        free(members);
    }
    assert_true(some > 50);
    logs_release(&logs);
}

/* ---- cells ---- */

/* Every conversation is in a cell by all tables that count it: none is thought impossible. */
static void every_conversation_has_a_cell(void **state)
{
    (void)state;
    static const size_t which[][3][2] = {
        {{0, 0}, {4, 2}, {6, 0}}, {{0, 0}, {3, 4}, {5, 2}},  {{1, 2}, {2, 1}, {9, 4}},
        {{0, 3}, {8, 2}, {7, 0}}, {{10, 2}, {5, 0}, {4, 3}},
    };
    struct logs logs;
    size_t made_of = 0;
    logs_init(&logs, 11);
    for (size_t i = 0; i < sizeof which / sizeof *which; i++) {
        struct slice_cells cells;
        struct error err = ERROR_INIT;
        size_t numbers[3];
        uint32_t *row_of[3];
        for (size_t t = 0; t < 3; t++) {
            numbers[t] = count(&logs, which[i][t][0], which[i][t][1]);
            row_of[t] = rows_of(&logs, which[i][t][0], which[i][t][1]);
        }
        assert_ok(
            slice_cells_init(&cells, &logs.tally, numbers, 3, DAY_2023 - 40, DAY_2024 + 340, &err),
            err);
        assert_int_equal(cells.side_count, 3);
        for (uint32_t row = 0; row < logs.made.wish.rows; row++) {
            uint32_t classes[3];
            bool any = false;
            for (size_t t = 0; t < 3; t++) {
                uint32_t at = row_of[t][row];
                bool has_fields = cells.sides[t].field_count;
                size_t total = cells.sides[t].table->row_count - 1;
                assert_int_equal(cells.sides[t].number, numbers[t]);
                classes[t] = at ? cells.sides[t].class_of[has_fields ? at - 1 : total] : SLICE_OUT;
                any = any || at;
            }
            if (any && !cells.left_out)
                assert_int_not_equal(
                    intern_find(&cells.cells, (const char *)classes, sizeof classes), INTERN_NONE);
        }
        made_of += !cells.left_out;
        slice_cells_release(&cells);
        for (size_t t = 0; t < 3; t++)
            free(row_of[t]);
    }
    assert_in_range(made_of, 3, 5);
    logs_release(&logs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_lie_where_they_are_said_to),
                                       cmocka_unit_test(users_between_are_counted),
                                       cmocka_unit_test(every_conversation_has_a_cell)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
