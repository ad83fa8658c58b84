/* What a ledger keeps of a series of reports: see made_ledger.h. */
#include "tests/support/made_ledger.h"

#include "queries/told_answers.h"
#include "tests/support/support.h"

#include <stdlib.h>
#include <string.h>

const struct sha256 made_ledger_key = {{7}};

static void set_marks(struct told_row *rows, size_t count, size_t columns,
                      const struct release *release, size_t number)
{
    for (size_t row = 0; row < count; row++) {
        unsigned marks = 0;
        for (size_t c = 0; c < columns; c++)
            marks |= gate_is_withheld(release, number, row, c) ? 1u << c : 0;
        if (gate_is_gone(release, number, row))
            marks = TOLD_ROW_GONE | ((1u << columns) - 1);
        rows[row].marks = (uint16_t)marks;
    }
}

static void keep(char **texts, size_t *count, struct buffer *text)
{
    assert_in_range(*count, 0, MADE_LEDGER_TEXTS - 1);
    texts[(*count)++] = buffer_take(text, NULL);
}

bool made_ledger_keep_query(struct made_ledger *ledger, const struct plan *plan, size_t number,
                            const struct tally *tally, const struct release *release)
{
    struct told_query told;
    struct arena arena = ARENA_INIT;
    struct buffer text;
    struct error err = ERROR_INIT;
    size_t tables[TOLD_QUERY_TABLES_MAX], too_large = 0;
    bool any;
    assert_ok(told_answers_of(&told, plan, number, tally, tables, &arena, &too_large, &any, &err),
              err);
    assert_int_equal(too_large, 0);
    if (!any) {
        arena_release(&arena);
        return false;
    }
    memset(told.report, 'a', 64);
    memcpy(told.filters, plan->filters_digest, sizeof told.filters);
    for (size_t i = 0; i < TOLD_QUERY_TABLES_MAX; i++) {
        const struct tally_table *table = &tally->tables[tables[i]];
        if (!told.tables[i].columns)
            continue;
        set_marks(told.tables[i].rows, told.tables[i].row_count, told.tables[i].columns, release,
                  tables[i]);
        assert_ok(told_rows_hash(table, &made_ledger_key, TOLD_MARKS_WIDE, told.tables[i].rows,
                                 &err),
                  err);
    }
    buffer_init(&text, TOLD_QUERY_TEXT_MAX);
    assert_ok(told_query_write(&told, &text, &err), err);
    keep(ledger->queries, &ledger->query_count, &text);
    arena_release(&arena);
    return true;
}

void made_ledger_keep_table(struct made_ledger *ledger, const char *filters,
                            const struct tally_table *table, const struct release *release,
                            size_t number)
{
    struct told_table told;
    struct arena arena = ARENA_INIT;
    struct buffer text;
    struct error err = ERROR_INIT;
    assert_ok(told_table_of(&told, table, ledger->min_users, &arena, &err), err);
    memset(told.report, 'a', 64);
    memcpy(told.filters, filters, sizeof told.filters);
    if (release)
        set_marks(told.rows, told.row_count, told.columns, release, number);
    assert_ok(told_rows_hash(table, &made_ledger_key, TOLD_MARKS_NARROW, told.rows, &err), err);
    buffer_init(&text, TOLD_TABLE_TEXT_MAX);
    assert_ok(told_table_write(&told, &text, &err), err);
    keep(ledger->tables, &ledger->table_count, &text);
    arena_release(&arena);
}

void made_ledger_recall_queries(const struct made_ledger *ledger, struct told_plan *told)
{
    struct error err = ERROR_INIT;
    for (size_t i = 0; ledger->remember && i < ledger->query_count; i++) {
        bool valid;
        assert_ok(told_plan_take(told, i + 1, ledger->queries[i], &valid, &err), err);
        assert_true(valid);
    }
    assert_ok(told_plan_make(told, &err), err);
}

void made_ledger_recall_tables(const struct made_ledger *ledger, const struct tally_source *source,
                               struct tally *tally, struct told_tables_count *counts)
{
    struct told_table told[MADE_LEDGER_TEXTS];
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < ledger->table_count; i++) {
        bool valid;
        assert_ok(told_table_read(&told[i], ledger->tables[i], source->plan, &tally->arena, &valid,
                                  &err),
                  err);
        assert_true(valid);
    }
    assert_ok(told_tables_add(source, told, ledger->table_count, source->plan->filters_digest,
                              &made_ledger_key, tally, counts, &err),
              err);
}

void made_ledger_clear(struct made_ledger *ledger)
{
    while (ledger->query_count)
        free(ledger->queries[--ledger->query_count]);
    while (ledger->table_count)
        free(ledger->tables[--ledger->table_count]);
}
