/* What a ledger has of tables and queries that were told, and of what the logs had: any text is
 * read or refused; what is read is sound, and is the same when it is written and read again. */
#include "base/buffer.h"
#include "queries/query_terms.h"
#include "queries/scan_setup.h"
#include "queries/told_logs.h"
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

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Works and bins; options, whose conditions name what is there. */
static void same_works(const struct plan_query *a, const struct plan_query *b)
{
    bool same = a->bin_count == b->bin_count && a->work_file_count == b->work_file_count &&
                (!a->bin_count || a->min_words == a->bins[0]);
    for (size_t i = 0; same && i < a->bin_count; i++)
        same = a->bins[i] == b->bins[i] && (i == 0 || a->bins[i] > a->bins[i - 1]);
    for (size_t i = 0; same && i < a->work_file_count; i++)
        same = same_text(a->work_files[i].name, b->work_files[i].name) &&
               strlen(a->work_files[i].sha256) == 64 &&
               same_text(a->work_files[i].sha256, b->work_files[i].sha256);
    if (!same)
        abort();
}

static void same_options(const struct told_query *a, const struct told_query *b)
{
    bool same =
        a->query.option_count == b->query.option_count && a->reference_count == b->reference_count;
    for (size_t i = 0; same && i < a->query.option_count; i++) {
        const struct plan_option *x = &a->query.options[i], *y = &b->query.options[i];
        same = same_text(x->id, y->id) && x->from == y->from && x->to == y->to &&
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

static void same_slots(const struct plan_query *a, const struct plan_query *b)
{
    if (query_term_slots(a) != query_term_slots(b))
        abort();
    for (size_t i = 0; i < query_term_slots(a); i++)
        if (!same_text(query_slot_name(a, i), query_slot_name(b, i)) ||
            !same_text(query_term(a, i)->source, query_term(b, i)->source) ||
            !query_term(a, i)->problem != !query_term(b, i)->problem)
            abort();
}

/* Made a query that can be scanned for, or not; but nothing else. */
static void try_parse(struct told_query *told, const struct plan *plan)
{
    struct plan made = *plan;
    struct scan_setup setup;
    struct error err = ERROR_INIT;
    made.arena = (struct arena)ARENA_INIT;
    if (scan_setup_init(&setup, plan, &err) == STATUS_OK)
        (void)!told->kind->parse(&made, &setup.words, &told->query, &err);
    scan_setup_release(&setup);
    arena_release(&made.arena);
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
            again.kind != told.kind || again.query.within != told.query.within ||
            again.query.multi_label != told.query.multi_label ||
            again.query.examples != told.query.examples ||
            again.query.ignore_case != told.query.ignore_case ||
            again.query.unicode_classes != told.query.unicode_classes)
            abort();
        same_works(&told.query, &again.query);
        same_options(&told, &again);
        same_slots(&told.query, &again.query);
        for (size_t i = 0; i < TOLD_QUERY_TABLES_MAX; i++)
            same_rows(told.tables[i].rows, told.tables[i].row_count, again.tables[i].rows,
                      again.tables[i].row_count);
    }
    buffer_release(&out);
    if (told.kind->parse)
        try_parse(&told, plan);
}

/* What the logs had: what is read is written as the same text. */
static void try_logs(const char *text, struct arena *arena)
{
    struct told_logs logs;
    struct error err = ERROR_INIT;
    struct buffer out;
    bool valid = false;
    if (told_logs_read(&logs, text, arena, &valid, &err) != STATUS_OK || !valid)
        return;
    buffer_init(&out, TOLD_LOGS_TEXT_MAX + 1);
    if (told_logs_write(&logs, &out, &err) == STATUS_OK &&
        (out.len != strlen(text) || memcmp(out.data, text, out.len) != 0))
        abort();
    buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char none[] = "";
    struct plan plan;
    struct arena arena = ARENA_INIT;
    char *text = malloc(size + 1);
    if (!text)
        abort();
    memset(&plan, 0, sizeof plan);
    plan.words.alphabet = plan.logs.format = plan.dir = none;
    memcpy(text, data, size);
    text[size] = '\0';
    try_table(text, &plan, &arena);
    try_query(text, &plan, &arena);
    try_logs(text, &arena);
    free(text);
    arena_release(&arena);
    return 0;
}
