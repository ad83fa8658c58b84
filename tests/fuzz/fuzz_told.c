/* What a ledger has of tables and queries that were told: any text is read or refused; what is
 * read is sound, and is the same when it is written and read again. */
#include "base/buffer.h"
#include "queries/told_query.h"
#include "queries/told_table.h"

#include <stdbool.h>
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

static void try_table(const char *text, const struct plan *plan, struct arena *arena)
{
    struct told_table told, again;
    struct error err = ERROR_INIT;
    struct buffer out;
    bool valid = false;
    if (told_table_read(&told, text, plan, arena, &valid, &err) != STATUS_OK || !valid)
        return;
    check_rows(told.rows, told.row_count, told.columns);
    if (told.unknown) /* of such fields nothing but their number is known */
        return;
    buffer_init(&out, TOLD_TABLE_TEXT_MAX);
    if (told_table_write(&told, &out, &err) == STATUS_OK) {
        if (told_table_read(&again, out.data, plan, arena, &valid, &err) != STATUS_OK || !valid ||
            again.by_count != told.by_count || again.from != told.from || again.to != told.to)
            abort();
        same_rows(told.rows, told.row_count, again.rows, again.row_count);
    }
    buffer_release(&out);
}

static bool same_texts(const char *a, const char *b)
{
    return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

/* Works and bins; options, whose conditions name what is there. */
static void same_works(const struct plan_query *a, const struct plan_query *b)
{
    bool same = a->bin_count == b->bin_count && a->work_file_count == b->work_file_count &&
                (!a->bin_count || a->min_words == a->bins[0]);
    for (size_t i = 0; same && i < a->bin_count; i++)
        same = a->bins[i] == b->bins[i] && (i == 0 || a->bins[i] > a->bins[i - 1]);
    for (size_t i = 0; same && i < a->work_file_count; i++)
        same = same_texts(a->work_files[i].name, b->work_files[i].name) &&
               strlen(a->work_files[i].sha256) == 64 &&
               same_texts(a->work_files[i].sha256, b->work_files[i].sha256);
    if (!same)
        abort();
}

static void same_options(const struct told_query *a, const struct told_query *b)
{
    bool same =
        a->query.option_count == b->query.option_count && a->reference_count == b->reference_count;
    for (size_t i = 0; same && i < a->query.option_count; i++) {
        const struct plan_option *x = &a->query.options[i], *y = &b->query.options[i];
        same = same_texts(x->id, y->id) && x->from == y->from && x->to == y->to &&
               x->term_count == y->term_count && x->topic_count == y->topic_count &&
               x->overlap_words == y->overlap_words &&
               (!x->term_count || x->terms_query < a->reference_count) &&
               (!x->topic_count || x->topics_query < a->reference_count) &&
               (!x->overlap_words || x->overlap_query < a->reference_count);
        for (size_t k = 0; same && k < x->term_count; k++)
            same = x->terms[k] == y->terms[k];
    }
    if (!same)
        abort();
}

static void try_query(const char *text, const struct plan *plan, struct arena *arena)
{
    struct told_query told, again;
    struct error err = ERROR_INIT;
    struct buffer out;
    bool valid = false;
    if (told_query_read(&told, text, plan, arena, &valid, &err) != STATUS_OK || !valid)
        return;
    for (size_t i = 0; i < TOLD_QUERY_TABLES_MAX; i++)
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
            if (!same_texts(again.query.terms[i].source, told.query.terms[i].source))
                abort();
        same_works(&told.query, &again.query);
        same_options(&told, &again);
        for (size_t i = 0; i < TOLD_QUERY_TABLES_MAX; i++)
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
