/* What a ledger has of tables and search terms that were told: any text is read or refused; what is
 * read is sound, and is the same when it is written and read again. */
#include "base/buffer.h"
#include "queries/told_query.h"
#include "queries/told_table.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_rows(const struct told_row *rows, size_t count, size_t columns)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].marks & ~(unsigned)TOLD_ROW_GONE & ~((1u << columns) - 1))
            abort();
}

static void same_rows(const struct told_row *a, size_t count, const struct told_row *b,
                      size_t other)
{
    if (count != other)
        abort();
    for (size_t i = 0; i < count; i++)
        if (a[i].label != b[i].label || a[i].shown != b[i].shown || a[i].marks != b[i].marks)
            abort();
}

static void same_filters(const struct told_filters *a, const struct told_filters *b)
{
    if (a->there != b->there || !plan_filters_same(a->items, a->count, b->items, b->count))
        abort();
}

static void try_table(const char *text, const struct plan *plan, struct arena *arena)
{
    struct told_table told, again;
    struct error err = ERROR_INIT;
    struct buffer out;
    bool valid = false;
    if (told_table_read(&told, text, plan, arena, &valid, &err) != STATUS_OK || !valid)
        return;
    check_rows(told.rows, told.row_count, told.columns);
    if (told.unknown || told.where.unknown) /* of such fields nothing but their number is known */
        return;
    buffer_init(&out, TOLD_TABLE_TEXT_MAX);
    if (told_table_write(&told, &out, &err) == STATUS_OK) {
        if (told_table_read(&again, out.data, plan, arena, &valid, &err) != STATUS_OK || !valid ||
            again.by_count != told.by_count || again.from != told.from || again.to != told.to)
            abort();
        same_rows(told.rows, told.row_count, again.rows, again.row_count);
        same_filters(&told.where, &again.where);
    }
    buffer_release(&out);
}

static void try_query(const char *text, const struct plan *plan, struct arena *arena)
{
    struct told_query told, again;
    struct error err = ERROR_INIT;
    struct buffer out;
    bool valid = false;
    if (told_query_read(&told, text, plan, arena, &valid, &err) != STATUS_OK || !valid)
        return;
    for (size_t i = 0; i < TOLD_QUERY_TABLES; i++)
        check_rows(told.tables[i].rows, told.tables[i].row_count, told.tables[i].columns);
    if (told.unknown)
        return;
    buffer_init(&out, TOLD_QUERY_TEXT_MAX);
    if (told_query_write(&told, &out, &err) == STATUS_OK) {
        if (told_query_read(&again, out.data, plan, arena, &valid, &err) != STATUS_OK || !valid ||
            again.query.term_count != told.query.term_count ||
            again.query.within != told.query.within)
            abort();
        for (size_t i = 0; i < told.query.term_count; i++)
            if (strcmp(again.query.terms[i].source, told.query.terms[i].source) != 0)
                abort();
        for (size_t i = 0; i < TOLD_QUERY_TABLES; i++)
            same_rows(told.tables[i].rows, told.tables[i].row_count, again.tables[i].rows,
                      again.tables[i].row_count);
    }
    buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct plan plan;
    struct arena arena = ARENA_INIT;
    char *text = malloc(size + 1);
    if (!text)
        abort();
    memset(&plan, 0, sizeof plan);
    memcpy(text, data, size);
    text[size] = '\0';
    try_table(text, &plan, &arena);
    try_query(text, &plan, &arena);
    free(text);
    arena_release(&arena);
    return 0;
}
