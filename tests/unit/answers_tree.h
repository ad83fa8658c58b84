/*
 * The result tree of the example's plan and figures, and short ways to ask what stands in it. For
 * test programs of answers: `tree` is made before the first test and released after the last.
 */
#ifndef PROFFER_TEST_ANSWERS_TREE_H
#define PROFFER_TEST_ANSWERS_TREE_H

#include "tests/support/support.h"
#include "tests/unit/example_release.h"

#include "report/answers/answer.h"

#include <math.h>
#include <string.h>

static struct result tree;

static inline int make_tree(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    result_init(&tree);
    assert_ok(answers_make(&example_plan, &example_release, &example_run, &tree, &err), err);
    return 0;
}

static inline int drop_tree(void **state)
{
    (void)state;
    result_release(&tree);
    return 0;
}

static inline const struct result_table *table_of(const char *id)
{
    const struct result_table *table = result_table_find(&tree, id);
    if (!table)
        fail_msg("no table %s", id);
    return table;
}

static inline const struct result_value *cell(const char *id, size_t row, const char *column)
{
    const struct result_table *table = table_of(id);
    for (size_t c = 0; c < table->column_count; c++)
        if (strcmp(table->columns[c].id, column) == 0)
            return result_value_at(table, row, c);
    fail_msg("no column %s in %s", column, id);
    return NULL;
}

static inline uint64_t count_at(const char *id, size_t row, const char *column)
{
    const struct result_value *value = cell(id, row, column);
    assert_int_equal(value->kind, VALUE_COUNT);
    return value->count;
}

static inline double real_at(const char *id, size_t row, const char *column)
{
    const struct result_value *value = cell(id, row, column);
    assert_int_equal(value->kind, VALUE_REAL);
    return value->real;
}

static inline const char *text_at(const char *id, size_t row, const char *column)
{
    const struct result_value *value = cell(id, row, column);
    assert_int_equal(value->kind, VALUE_TEXT);
    return value->text;
}

/* Equal but for a last bit: cmocka compares as float. */
static inline void assert_near(double got, double wanted)
{
    if (!(fabs(got - wanted) <= 4e-16 * fabs(wanted)))
        fail_msg("%.17g, not %.17g", got, wanted);
}

static inline void assert_kind(const char *id, size_t row, const char *column,
                               enum result_value_kind kind)
{
    assert_int_equal(cell(id, row, column)->kind, kind);
}

static inline const char *summary_of(const char *id)
{
    for (size_t i = 0; i < tree.summary.count; i++)
        if (strcmp(tree.summary.items[i].name, id) == 0)
            return tree.summary.items[i].value;
    fail_msg("no summary of %s", id);
    return NULL;
}

static inline void assert_says(const char *id, const char *words)
{
    if (!strstr(summary_of(id), words))
        fail_msg("summary of %s lacks \"%s\": %s", id, words, summary_of(id));
}

static inline void assert_noted(const char *id, const char *words)
{
    const struct result_table *table = table_of(id);
    for (size_t i = 0; i < table->note_count; i++)
        if (strstr(table->notes[i], words))
            return;
    fail_msg("no note of %s says \"%s\"", id, words);
}

static inline void assert_columns(const char *id, const char *const *wanted, size_t count)
{
    const struct result_table *table = table_of(id);
    assert_true(table->column_count >= count);
    for (size_t c = 0; c < count; c++)
        assert_string_equal(table->columns[c].id, wanted[c]);
}

#define ASSERT_COLUMNS(id, ...)                                                                    \
    do {                                                                                           \
        static const char *const wanted_[] = {__VA_ARGS__};                                        \
        assert_columns(id, wanted_, sizeof wanted_ / sizeof *wanted_);                             \
    } while (0)

#endif
