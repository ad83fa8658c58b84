/*
 * Two reports, the second of which knows the first, and short ways to ask what it says of both. For
 * test programs of series.
 */
#ifndef PROFFER_TEST_SERIES_REPORTS_H
#define PROFFER_TEST_SERIES_REPORTS_H

#include "tests/support/support.h"
#include "tests/unit/example_release.h"

#include "report/answers/series.h"
#include "report/report_read.h"
#include "report/writer.h"

#include <math.h>
#include <stdlib.h>

#define W FAKE_WITHHELD

static struct result then_tree, now_tree;

/* ---- two reports ---- */

/* The example a quarter on: months from 2023-03, other figures, a term renamed, one rewritten. */
static const char *const later_volume_keys[] = {"2024-01", "2024-02", "2024-03", "total"};
static const uint64_t later_volume_values[] = {1700, 4252, 460,   850456, 8504,    W,    W,
                                               W,    W,    W,     1900,   4600,    480,  920000,
                                               9200, 5500, 13000, 700,    2600000, 26000};
static const char *const later_terms_keys[] = {"T1",   "T5",       "T3",      "T4",
                                               "PAY1", "any term", "no term", "all conversations"};
static const uint64_t later_terms_values[] = {
    1000, 1200,  1500, 300, 2500, 700, 1000, 500, 300, /* T1 */
    600,  700,   800,  250, 1400, 150, 250,  350, 150, /* T5, which was T2 */
    0,    0,     0,    0,   0,    0,   0,    0,   0,   /* T3: does not parse */
    7,    9,     11,   12,  13,   1,   1,    1,   1,   /* T4, rewritten */
    40,   50,    60,   30,  70,   4,   5,    6,   7,   /* PAY1, withheld before */
    1520, 1800,  2500, 520, 4550, 0,   0,    0,   0,   /* any */
    3980, 11200, 0,    600, 0,    0,   0,    0,   0,   /* none */
    5500, 13000, 0,    700, 0,    0,   0,    0,   0};
static const char *const later_topics_keys[] = {
    "Writing", "Edit or Critique Provided Text", "Writing", "Poetry", "total", "total"};
static const uint64_t later_topics_values[] = {2000, 500, 300, 90, 5500, 700};
static const uint64_t later_completeness[] = {5600, 0,    9, 0, 0, 0, 5591, 0,  W, 0, 20, 0, 60,
                                              0,    5500, 0, 3, 0, 6, 0,    70, 5, 0, 1,  0, 3};
static const uint64_t later_all[] = {5500, 13000, 700, 2600000, 26000};

static struct figure_table later_tables[6];
static struct plan_term later_terms[5];
static struct plan_query later_queries[16];
static struct figure_sample later_samples[2];

static inline void set_later(void)
{
    memcpy(later_tables, example_tables, sizeof later_tables);
    later_tables[0].values = later_completeness;
    later_tables[1].row_count = 4;
    later_tables[1].key_values = later_volume_keys;
    later_tables[1].values = later_volume_values;
    later_tables[2].key_values = later_terms_keys;
    later_tables[2].values = later_terms_values;
    later_tables[4].row_count = 3;
    later_tables[4].key_values = later_topics_keys;
    later_tables[4].values = later_topics_values;
    later_tables[5].values = later_all;
    memcpy(later_terms, example_terms, sizeof later_terms);
    later_terms[1].name = (char *)"T5";
    later_terms[3].source = later_terms[3].parsed = (char *)"another";
    memcpy(later_queries, example_queries, sizeof example_queries);
    later_queries[1].terms = later_terms;
    memcpy(later_samples, example_samples, sizeof later_samples);
    later_samples[0].whole.relevant.value = 300;
}

static const struct plan_assumption stated[] = {
    {(char *)"requests", (char *)"Requests", (char *)"requests", (char *)"register", (char *)"Q1",
     10, 10},
    {(char *)"pace", (char *)"Pace", (char *)"an hour", (char *)"study", (char *)"2024", 20, 60},
    {(char *)"rate", (char *)"Rate", (char *)"dollars", (char *)"study", (char *)"2024", 40, 40},
};
static const struct plan_assumption stated_later[] = {
    {(char *)"requests", (char *)"Requests", (char *)"requests", (char *)"register", (char *)"Q2",
     4, 4},
    {(char *)"pace", (char *)"Pace", (char *)"an hour", (char *)"study", (char *)"2024", 30, 70},
    {(char *)"rate", (char *)"Rate", (char *)"euros", (char *)"study", (char *)"2024", 40, 40},
};

static inline void make(struct result *tree, bool later, const struct result *previous)
{
    struct error err = ERROR_INIT;
    struct plan plan = example_plan;
    struct release release = example_release;
    struct answers_run run = example_run;
    run.previous = previous;
    run.previous_digest = "d1d1";
    plan.assumptions = (struct plan_assumption *)(later ? stated_later : stated);
    plan.assumption_count = 3;
    if (later) {
        set_later();
        plan.queries = later_queries;
        release.tables = later_tables;
        release.samples = later_samples;
        release.population[0] = 5500;
    }
    result_init(tree);
    assert_ok(answers_make(&plan, &release, &run, tree, &err), err);
}

static inline int make_trees(void **state)
{
    (void)state;
    make(&then_tree, false, NULL);
    make(&now_tree, true, &then_tree);
    return 0;
}

static inline int make_noisy_trees(void **state)
{
    fake_noisy = true;
    return make_trees(state);
}

static inline int drop_trees(void **state)
{
    (void)state;
    fake_noisy = false;
    result_release(&then_tree);
    result_release(&now_tree);
    return 0;
}

/* ---- looking ---- */

static inline const struct result_table *table_of(const char *id)
{
    const struct result_table *table = result_table_find(&now_tree, id);
    if (!table)
        fail_msg("no table %s", id);
    return table;
}

static inline const struct result_value *cell(const struct result_table *table, size_t row,
                                              const char *column)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (strcmp(table->columns[c].id, column) == 0)
            return result_value_at(table, row, c);
    fail_msg("no column %s in %s", column, table->id);
    return NULL;
}

/* The row of FIGURE (may be NULL) whose column KEY is NAME; fails if there is not just one. */
static inline size_t row_of(const char *id, const char *figure, const char *key, const char *name)
{
    const struct result_table *table = table_of(id);
    size_t found = SIZE_MAX;
    for (size_t row = 0; row < table->row_count; row++) {
        const struct result_value *value = cell(table, row, key);
        if (value->kind != VALUE_TEXT || strcmp(value->text, name) != 0 ||
            (figure && strcmp(cell(table, row, "figure")->text, figure) != 0))
            continue;
        assert_int_equal(found, SIZE_MAX);
        found = row;
    }
    if (found == SIZE_MAX)
        fail_msg("no row %s of %s in %s", name, figure ? figure : "", id);
    return found;
}

static inline void assert_text(const char *id, size_t row, const char *column, const char *wanted)
{
    const struct result_value *value = cell(table_of(id), row, column);
    if (!wanted) {
        assert_int_equal(value->kind, VALUE_NULL);
        return;
    }
    assert_int_equal(value->kind, VALUE_TEXT);
    assert_string_equal(value->text, wanted);
}

static inline void assert_number(const char *id, size_t row, const char *column, double wanted)
{
    const struct result_value *value = cell(table_of(id), row, column);
    double got = value->kind == VALUE_COUNT ? (double)value->count : value->real;
    assert_true(value->kind == VALUE_COUNT || value->kind == VALUE_REAL);
    if (!(fabs(got - wanted) <= 1e-12 * fmax(1, fabs(wanted))))
        fail_msg("%s, row %zu, %s: %.17g, not %.17g", id, row, column, got, wanted);
}

static inline void assert_kind(const char *id, size_t row, const char *column,
                               enum result_value_kind kind)
{
    assert_int_equal(cell(table_of(id), row, column)->kind, kind);
}

static inline void assert_noted(const char *id, const char *words)
{
    const struct result_table *table = table_of(id);
    for (size_t i = 0; i < table->note_count; i++)
        if (strstr(table->notes[i], words))
            return;
    fail_msg("no note of %s says \"%s\"", id, words);
}

#endif
