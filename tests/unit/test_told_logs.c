/*
 * What the logs had when a report was made: found again where they have grown, at the end of a part
 * or by whole parts, and where they were written anew; and not where something is no more.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/support.h"

#include "base/memory.h"
#include "queries/population.h"
#include "queries/told_logs.h"

#include <stdlib.h>
#include <string.h>

enum { PARTS = 3, ROWS = 400 };
#define PLAN "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":[]}"

static const struct sha256 key = {{1, 2, 3}};

struct logs {
    struct made made;
    struct catalogue less; /* of fewer rows, or fewer parts */
    struct told_logs then, now;
    struct arena arena;
};

/* The catalogue as it is, and as it was with so many rows of its second part (of PARTS). */
static void logs_init(struct logs *logs, size_t parts, uint32_t rows)
{
    const struct made_wish wish = {.seed = 7,
                                   .parts = PARTS,
                                   .rows = ROWS,
                                   .users = 60,
                                   .gap_percent = 3,
                                   .again_percent = 4,
                                   .plan = PLAN};
    struct error err = ERROR_INIT;
    *logs = (struct logs){.arena = ARENA_INIT};
    made_init(&logs->made, &wish);
    made_open(&logs->made);
    logs->less = logs->made.catalogue;
    logs->less.parts = mem_zalloc(PARTS, sizeof *logs->less.parts);
    assert_non_null(logs->less.parts);
    memcpy(logs->less.parts, logs->made.catalogue.parts, PARTS * sizeof *logs->less.parts);
    logs->less.count = parts;
    assert_true(rows <= logs->less.parts[1].rows);
    logs->less.parts[1].rows = rows;
    assert_ok(told_logs_of(&logs->then, &logs->less, &key, &logs->arena, &err), err);
    assert_ok(told_logs_of(&logs->now, &logs->made.catalogue, &key, &logs->arena, &err), err);
}

static void logs_release(struct logs *logs)
{
    free(logs->less.parts);
    arena_release(&logs->arena);
    made_release(&logs->made);
}

static struct plan_filter *filter_of(struct logs *logs)
{
    struct error err = ERROR_INIT;
    struct plan_filter *filter;
    assert_ok(told_logs_filter(&logs->then, &logs->now, &logs->made.catalogue, &key, "then",
                               &logs->arena, &filter, &err),
              err);
    return filter;
}

/* Whether FILTER has each row that was there and is no duplicate, and no other. */
static void check_rows(const struct logs *logs, const struct plan_filter *filter)
{
    const struct catalogue *catalogue = &logs->made.catalogue;
    for (size_t p = 0; p < catalogue->count; p++)
        for (uint32_t row = 0; row < catalogue->parts[p].rows; row++) {
            uint64_t number = catalogue->parts[p].first_row + row;
            bool was = p < logs->less.count && row < logs->less.parts[p].rows;
            bool has = filter->extent->bits[number / 64] >> number % 64 & 1;
            assert_int_equal(has, was && !bitmap_contains(catalogue->parts[p].duplicates, row));
        }
}

static void grown(void **state)
{
    (void)state;
    static const struct {
        size_t parts;
        uint32_t rows;
    } was[] = {{PARTS, 50}, {2, 60}, {PARTS, 0}, {PARTS, 1}};
    for (size_t i = 0; i < sizeof was / sizeof *was; i++) {
        struct logs logs;
        logs_init(&logs, was[i].parts, was[i].rows);
        const struct plan_filter *filter = filter_of(&logs);
        assert_non_null(filter);
        assert_string_equal(filter->values[0], "then");
        check_rows(&logs, filter);
        logs_release(&logs);
    }
}

/* Parts are others: conversations are found by their ids. */
static void written_anew(void **state)
{
    (void)state;
    struct logs logs;
    logs_init(&logs, PARTS, 50);
    logs.then.parts[0].head ^= 1;
    const struct plan_filter *filter = filter_of(&logs);
    assert_non_null(filter);
    check_rows(&logs, filter);
    logs.then.listed[3] ^= 1; /* one is no more */
    assert_null(filter_of(&logs));
    logs.then.listed[3] = logs.then.listed[4]; /* or was there twice */
    assert_null(filter_of(&logs));
    logs_release(&logs);
}

static void nothing_known(void **state)
{
    (void)state;
    struct logs logs;
    logs_init(&logs, PARTS, 50);
    logs.then.listed_count = 0;
    assert_non_null(filter_of(&logs));
    logs.then.parts[2].name ^= 1;
    assert_null(filter_of(&logs));
    logs.then.parts[2].name ^= 1;
    logs.then.parts[1].rows = ROWS + 1;
    assert_null(filter_of(&logs));
    logs.then = logs.now; /* all that is now was there */
    assert_null(filter_of(&logs));
    logs.then.count = 0;
    assert_null(filter_of(&logs));
    logs_release(&logs);
}

/* A copy that came to be before a conversation counts in its place: it is not where it was. */
static void copied(void **state)
{
    (void)state;
    struct logs logs;
    struct error err = ERROR_INIT;
    logs_init(&logs, 2, 60);
    struct bitmap *duplicates = logs.made.catalogue.parts[0].duplicates;
    uint32_t row = 0;
    while (bitmap_contains(duplicates, row))
        row++;
    assert_non_null(filter_of(&logs));
    bitmap_add(duplicates, row);
    assert_ok(told_logs_of(&logs.now, &logs.made.catalogue, &key, &logs.arena, &err), err);
    assert_null(filter_of(&logs));
    logs.then.listed_count = 0;
    assert_null(filter_of(&logs));
    logs_release(&logs);
}

/* What had more passes what had less, not the other way round. */
static void within(void **state)
{
    (void)state;
    struct logs a, b;
    logs_init(&a, PARTS, 50);
    logs_init(&b, PARTS, 60);
    const struct plan_filter *less = filter_of(&a), *more = filter_of(&b);
    assert_true(plan_extent_within(less->extent, more->extent));
    assert_false(plan_extent_within(more->extent, less->extent));
    assert_false(plan_extent_within(NULL, less->extent));
    assert_false(plan_extent_within(less->extent, NULL));
    logs_release(&a);
    logs_release(&b);
}

/* A population with that filter has what was there alone. */
static void population(void **state)
{
    (void)state;
    struct logs logs;
    struct error err = ERROR_INIT;
    struct population now, then;
    logs_init(&logs, 2, 50);
    assert_ok(population_init(&now, &logs.made.catalogue, &logs.made.plan, &err), err);
    struct plan plan = logs.made.plan;
    plan.population.filters = filter_of(&logs);
    plan.population.filter_count = 1;
    assert_ok(population_init(&then, &logs.made.catalogue, &plan, &err), err);
    uint64_t count = 0;
    for (size_t p = 0; p < PARTS; p++)
        for (uint32_t row = 0; row < logs.made.catalogue.parts[p].rows; row++) {
            bool was = p < logs.less.count && row < logs.less.parts[p].rows;
            assert_int_equal(population_has(&then, p, row), was && population_has(&now, p, row));
            count += was && population_has(&now, p, row);
        }
    assert_int_equal(then.conversations, count);
    assert_true(count > 100 && count < now.conversations);
    population_release(&now);
    population_release(&then);
    logs_release(&logs);
}

static void as_text(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "0",
                                      "00000000000000000000000000000000",
                                      "0000000000000000000000000000000 ",
                                      " 00000000000",
                                      " 0000000000000",
                                      " 00000000000g",
                                      "  ",
                                      " 000000000000 "};
    struct logs logs;
    struct error err = ERROR_INIT;
    struct buffer text;
    struct told_logs read;
    bool valid;
    logs_init(&logs, PARTS, 50);
    buffer_init(&text, TOLD_LOGS_TEXT_MAX);
    assert_ok(told_logs_write(&logs.then, &text, &err), err);
    assert_ok(buffer_add(&text, "", 1, &err), err);
    assert_ok(told_logs_read(&read, text.data, &logs.arena, &valid, &err), err);
    assert_true(valid);
    assert_int_equal(read.count, logs.then.count);
    assert_int_equal(read.listed_count, logs.then.listed_count);
    assert_true(read.listed_count > 100);
    assert_memory_equal(read.parts, logs.then.parts, read.count * sizeof *read.parts);
    assert_memory_equal(read.listed, logs.then.listed, read.listed_count * sizeof *read.listed);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_ok(told_logs_read(&read, bad[i], &logs.arena, &valid, &err), err);
        assert_false(valid);
    }
    buffer_release(&text);
    logs_release(&logs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grown),  cmocka_unit_test(written_anew), cmocka_unit_test(nothing_known),
        cmocka_unit_test(within), cmocka_unit_test(population),   cmocka_unit_test(as_text),
        cmocka_unit_test(copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
