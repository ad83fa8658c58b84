/* The population and the values of fields against naive evaluation. */
#include "tests/support/catalogue_make.h"
#include "tests/support/support.h"

#include "base/civil.h"
#include "base/memory.h"
#include "queries/field.h"
#include "queries/field_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD                                                                                       \
    "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"],"                                       \
    "\"fields\":{\"tier\":{\"pointer\":\"/tier\",\"values\":[\"plus\",\"free\",\"gold\"]}}},"
#define TAIL                                                                                       \
    "\"queries\":[{\"id\":\"n\",\"kind\":\"count\",\"by\":[\"month\",\"model\",\"tier\"]}],"       \
    "\"release\":{\"unit\":\"user\",\"min_users\":0}}"

static const char open_plan[] = HEAD TAIL;
static const char period_plan[] =
    HEAD "\"population\":{\"from\":\"2023-03-15\",\"to\":\"2024-02-29\"}," TAIL;
static const char from_plan[] = HEAD "\"population\":{\"from\":\"2024-11-30\"}," TAIL;
static const char filter_plan[] =
    HEAD "\"population\":{\"to\":\"2024-06-30\","
         "\"exclude\":[{\"field\":\"model\",\"in\":[\"gpt-4\",\"absent\"]},"
         "{\"field\":\"user\",\"in\":[\"user 3\",\"user 0\"]},"
         "{\"field\":\"id\",\"in\":[\"c0000007\",\"c0000011\"]}],"
         "\"include\":[{\"field\":\"quarter\",\"in\":[\"2023-Q1\",\"2023-Q4\",\"2024-Q1\"]},"
         "{\"field\":\"tier\",\"in\":[\"free\",\"unknown\"]}]}," TAIL;
static const char none_plan[] =
    HEAD "\"population\":{\"include\":[{\"field\":\"weekday\",\"in\":[\"Monday\"]},"
         "{\"field\":\"model\",\"in\":[\"nobody has it\"]}]}," TAIL;

static struct made_wish wish_of(const char *plan, uint64_t seed)
{
    return (struct made_wish){.seed = seed,
                              .parts = 3,
                              .rows = 700,
                              .users = 60,
                              .gap_percent = 8,
                              .again_percent = 20,
                              .plan = plan};
}

/* The value of a filter's field in a row as a text, or NULL. */
static const char *value_of(const struct made_row *row, const struct plan_field *field,
                            char text[static 32])
{
    if (field->kind != PLAN_FIELD_STORED) {
        if (row->time == CIVIL_NONE)
            return NULL;
        field_day_text(field->kind, civil_day_of(row->time), text);
        return text;
    }
    if (strcmp(field->name, "id") == 0)
        return row->id;
    if (strcmp(field->name, "user") == 0) {
        snprintf(text, 32, "user %d", (int)row->user);
        return row->user < 0 ? NULL : text;
    }
    if (strcmp(field->name, "model") == 0)
        return row->model < 0 ? NULL : made_models[row->model];
    return row->tier < 0 ? NULL : made_tiers[row->tier];
}

static size_t naive_reason(const struct made *made, uint32_t number)
{
    const struct made_row *row = &made->rows[number];
    const struct plan *plan = &made->plan;
    if (made_duplicate(made, number))
        return EXCLUDED_DUPLICATE;
    bool from = plan->population.from != INT64_MIN, to = plan->population.to != INT64_MAX;
    if ((from || to) && row->time == CIVIL_NONE)
        return EXCLUDED_NO_TIME;
    if (from && row->time < plan->population.from * 86400)
        return EXCLUDED_BEFORE;
    if (to && row->time >= (plan->population.to + 1) * 86400)
        return EXCLUDED_AFTER;
    for (size_t f = 0; f < plan->population.filter_count; f++) {
        const struct plan_filter *filter = &plan->population.filters[f];
        char text[32];
        const char *value = value_of(row, &filter->field, text);
        bool listed = false;
        for (size_t i = 0; value && i < filter->value_count; i++)
            listed |= strcmp(value, filter->values[i]) == 0;
        if (listed == filter->exclude)
            return EXCLUDED_FILTER + f;
    }
    return IN_POPULATION;
}

static void check_by_user(const struct made *made, const size_t *reasons)
{
    const struct population *population = &made->population;
    const struct catalogue *catalogue = &made->catalogue;
    bool *seen = mem_zalloc(made->wish.rows, sizeof *seen);
    assert_non_null(seen);
    assert_int_equal(population->user_start[0], 0);
    assert_int_equal(population->user_start[catalogue->users + 1ull], population->conversations);
    for (uint32_t user = 0; user <= catalogue->users; user++)
        for (uint64_t i = population->user_start[user]; i < population->user_start[user + 1ull];
             i++) {
            uint32_t row = population->by_user[i], local;
            const struct catalogue_part *part = population_part(catalogue, row, &local);
            uint32_t of = catalogue_user(part, local);
            assert_int_equal(of == PART_NO_CODE ? catalogue->users : of, user);
            assert_false(seen[row]);
            seen[row] = true;
            assert_int_equal(reasons[row], IN_POPULATION);
            assert_true(i == population->user_start[user] || population->by_user[i - 1] < row);
        }
    free(seen);
}

static void check_population(const struct made *made)
{
    const struct population *population = &made->population;
    uint32_t rows = made->wish.rows;
    size_t *reasons = mem_zalloc(rows, sizeof *reasons);
    bool *in = mem_zalloc(rows, sizeof *in);
    uint64_t exchanges = 0, turns = 0, words = 0, accepted = 0;
    int64_t first = INT64_MAX, last = INT64_MIN;
    assert_true(reasons && in);
    for (uint32_t i = 0; i < rows; i++) {
        const struct made_row *row = &made->rows[i];
        reasons[i] = naive_reason(made, i);
        bool inside = reasons[i] == IN_POPULATION;
        assert_int_equal(population->reason_of[row->part][row->local], reasons[i]);
        assert_int_equal(population_has(population, row->part, row->local), inside);
        assert_int_equal(bitmap_contains(population->rows[row->part], row->local), inside);
        for (uint32_t e = 0; e < row->exchanges; e++)
            assert_int_equal(
                bitmap_contains(population->exchanges[row->part], row->first_exchange + e), inside);
        if (!inside)
            continue;
        exchanges += row->exchanges;
        turns += row->turns;
        words += row->words;
        if (row->time != CIVIL_NONE) {
            first = civil_day_of(row->time) < first ? civil_day_of(row->time) : first;
            last = civil_day_of(row->time) > last ? civil_day_of(row->time) : last;
        }
    }
    for (size_t why = 0; why < population->reason_count; why++) {
        uint64_t count = 0;
        for (uint32_t i = 0; i < rows; i++) {
            in[i] = reasons[i] == why;
            count += in[i];
        }
        struct made_users users = made_count_users(made, in);
        assert_int_equal(population->reasons[why].conversations, count);
        assert_int_equal(population->reasons[why].users, users.support);
        accepted += count;
        if (why == IN_POPULATION) {
            assert_int_equal(population->conversations, count);
            assert_int_equal(population->users, users.counted);
            assert_int_equal(population->users_support, users.support);
        }
    }
    assert_int_equal(accepted, rows);
    assert_int_equal(population->exchange_count, exchanges);
    assert_int_equal(population->turns, turns);
    assert_int_equal(population->words, words);
    assert_int_equal(population->first_day, first);
    assert_int_equal(population->last_day, last);
    check_by_user(made, reasons);
    free(reasons);
    free(in);
}

static void test_populations(void **state)
{
    (void)state;
    const char *const plans[] = {open_plan, period_plan, from_plan, filter_plan, none_plan};
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        struct made made;
        const struct made_wish wish = wish_of(plans[i], 10 + i);
        made_ready(&made, &wish);
        check_population(&made);
        made_release(&made);
    }
}

static void test_all_unknown(void **state)
{
    (void)state;
    struct made made;
    struct made_wish wish = wish_of(open_plan, 20);
    wish.gap_percent = 100;
    made_ready(&made, &wish);
    check_population(&made);
    assert_int_equal(made.population.users_support, 1);
    assert_int_equal(made.population.users, made.population.conversations);
    made_release(&made);
}

/* ---- fields ---- */

static struct plan_field field_named(const struct made *made, const char *name)
{
    struct plan_field field;
    assert_int_not_equal(
        field_find(made->plan.logs.fields, made->plan.logs.field_count, name, &field),
        FIELD_ROLE_NONE);
    return field;
}

static const char *label_of(const struct field_index *index, size_t code)
{
    assert_true(code < index->count);
    return index->labels.items[code].text;
}

/* Each row has the label that the calendar gives its day; labels follow each other without gap. */
static void test_periods(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct made made;
    const struct made_wish wish = wish_of(open_plan, 30);
    static const struct {
        const char *name, *first, *last;
        size_t count;
    } expected[] = {{"day", "2022-12-01", "2024-11-30", 731},
                    {"month", "2022-12", "2024-11", 24},
                    {"quarter", "2022-Q4", "2024-Q4", 9},
                    {"year", "2022", "2024", 3},
                    {"weekday", "Monday", "Sunday", 7}};
    int64_t from, to;
    assert_true(civil_parse_date("2022-12-01", 10, &from));
    assert_true(civil_parse_date("2024-11-30", 10, &to));
    made_init(&made, &wish);
    made_open(&made);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        struct field_index index;
        struct plan_field field = field_named(&made, expected[i].name);
        assert_ok(field_index_init(&index, &made.catalogue, &field, from, to, &err), err);
        assert_int_equal(index.count, expected[i].count + 1);
        assert_true(index.ordered);
        assert_string_equal(label_of(&index, 0), expected[i].first);
        assert_string_equal(label_of(&index, index.count - 2), expected[i].last);
        assert_int_equal(index.unknown, index.count - 1);
        assert_string_equal(label_of(&index, index.unknown), "no time");
        for (uint32_t row = 0; row < wish.rows; row++) {
            char text[32];
            const struct made_row *made_row = &made.rows[row];
            const char *value = value_of(made_row, &field, text);
            uint32_t code = field_index_code(&index, made_row->part, made_row->local);
            assert_string_equal(label_of(&index, code), value ? value : "no time");
        }
        field_index_release(&index);

        /* A shorter span: days outside have no code. No span: no period at all. */
        assert_ok(field_index_init(&index, &made.catalogue, &field, from + 40, from + 40, &err),
                  err);
        for (uint32_t row = 0; row < wish.rows; row++) {
            int64_t time = made.rows[row].time;
            uint32_t code = field_index_code(&index, made.rows[row].part, made.rows[row].local);
            if (time != CIVIL_NONE)
                assert_int_equal(code == FIELD_INDEX_NONE, civil_day_of(time) != from + 40);
        }
        field_index_release(&index);
        assert_ok(field_index_init(&index, &made.catalogue, &field, 1, 0, &err), err);
        assert_int_equal(index.count, strcmp(expected[i].name, "weekday") == 0 ? 8 : 1);
        field_index_release(&index);
    }
    made_release(&made);
}

static void check_labels(const struct field_index *index, const char *const *labels, size_t count)
{
    assert_int_equal(index->count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(label_of(index, i), labels[i]);
}

static void test_values(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct made made;
    struct field_index index;
    const struct made_wish wish = wish_of(open_plan, 31);
    made_init(&made, &wish);
    made_open(&made);

    /* Sorted; what must not be shown is `other`. */
    static const char *const models[] = {"claude-2", "gpt-3.5", "gpt-4", "o1", "other", "unknown"};
    struct plan_field field = field_named(&made, "model");
    assert_ok(field_index_init(&index, &made.catalogue, &field, 1, 0, &err), err);
    check_labels(&index, models, 6);
    assert_false(index.ordered);
    for (uint32_t row = 0; row < wish.rows; row++) {
        int model = made.rows[row].model;
        uint32_t code = field_index_code(&index, made.rows[row].part, made.rows[row].local);
        assert_string_equal(label_of(&index, code), model < 0   ? "unknown"
                                                    : model < 4 ? made_models[model]
                                                                : "other");
    }
    field_index_release(&index);

    /* Listed values in the plan's order, used or not; a value "unknown" joins the absent ones. */
    static const char *const tiers[] = {"plus", "free", "gold", "other", "unknown"};
    const struct plan_field *listed = &made.plan.queries[0].by[2];
    assert_string_equal(listed->name, "tier");
    assert_ok(field_index_init(&index, &made.catalogue, listed, 1, 0, &err), err);
    check_labels(&index, tiers, 5);
    assert_true(index.ordered);
    for (uint32_t row = 0; row < wish.rows; row++) {
        int tier = made.rows[row].tier;
        uint32_t code = field_index_code(&index, made.rows[row].part, made.rows[row].local);
        assert_string_equal(label_of(&index, code), tier < 0   ? "unknown"
                                                    : tier < 2 ? made_tiers[tier]
                                                               : "other");
    }
    field_index_release(&index);

    /* Raw: the logs' own values, absent ones without a code. */
    assert_ok(field_index_init_raw(&index, &made.catalogue, &field, &err), err);
    assert_int_equal(index.count, MADE_MODELS);
    for (uint32_t row = 0; row < wish.rows; row++) {
        int model = made.rows[row].model;
        uint32_t code = field_index_code(&index, made.rows[row].part, made.rows[row].local);
        if (model < 0)
            assert_int_equal(code, FIELD_INDEX_NONE);
        else
            assert_string_equal(label_of(&index, code), made_models[model]);
    }
    field_index_release(&index);
    made_release(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_populations),
        cmocka_unit_test(test_all_unknown),
        cmocka_unit_test(test_periods),
        cmocka_unit_test(test_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
