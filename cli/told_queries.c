/* Queries that reports told, in the ledger: see told_queries.h. */
#include "cli/told_queries.h"

#include "base/buffer.h"
#include "cli/keyed.h"
#include "release/figure.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum status read_entry(void *context, const struct ledger_entry *entry, struct error *err)
{
    struct told_queries *t = context;
    bool valid;
    if (strcmp(entry->kind, "terms") != 0)
        return STATUS_OK;
    TRY(told_plan_take(&t->plan, entry->number, entry->text, &valid, err));
    if (valid)
        return STATUS_OK;
    return error_set(err, STATUS_REFUSED, "ledger",
                     "entry %" PRIu64 ": it does not say which query was told", entry->number);
}

enum status told_queries_init(struct told_queries *t, struct ledger *ledger,
                              const struct plan *plan, struct error *err)
{
    char filters[65];
    *t = (struct told_queries){.ledger = ledger, .plan = {.plan = {.arena = ARENA_INIT}}};
    TRY(ledger_key(ledger, "tables", &t->key, err));
    TRY(keyed_hex(&t->key, "filters", plan->filters_digest, filters, err));
    TRY(told_plan_init(&t->plan, plan, filters, err));
    TRY(ledger_visit(ledger, read_entry, t, err));
    return told_plan_make(&t->plan, err);
}

void told_queries_release(struct told_queries *t)
{
    told_plan_release(&t->plan);
    *t = (struct told_queries){.plan = {.plan = {.arena = ARENA_INIT}}};
}

enum status told_queries_recall(struct told_queries *t, const struct withheld_before *rows,
                                struct logs_then *logs, const struct tally_source *source,
                                struct tally *tally, struct error *err)
{
    t->logs = logs;
    for (size_t i = t->plan.count; i-- > 0;) {
        const struct plan_filter *then;
        TRY(logs_then_filter(logs, t->plan.items[i].told.logs, &then, err));
        if (then)
            TRY(told_plan_then(&t->plan, i, then, err));
    }
    uint64_t last = rows->again ? rows->last : UINT64_MAX;
    return told_answers_add(source, &t->plan, last, rows->report, &t->key, tally, &t->counts, err);
}

/* ---- keeping ---- */

/* Marks what RELEASE withholds of table NUMBER; whether it shows anything but the last row. */
static bool mark(struct told_row *rows, size_t count, size_t columns, const struct release *release,
                 size_t number)
{
    bool shows = false;
    for (size_t row = 0; row < count; row++) {
        unsigned marks = 0, all = (1u << columns) - 1;
        for (size_t c = 0; c < columns; c++)
            marks |= gate_is_withheld(release, number, row, c) ? 1u << c : 0;
        if (gate_is_gone(release, number, row))
            marks = all | TOLD_ROW_GONE;
        rows[row].marks = (uint16_t)marks;
        shows = shows || (row + 1 < count && !(marks & TOLD_ROW_GONE));
    }
    return shows;
}

static enum status keep_query(struct told_queries *t, const struct withheld_before *rows,
                              size_t number, const struct tally *tally,
                              const struct release *release, struct buffer *text,
                              struct arena *arena, struct error *err)
{
    struct told_query told;
    size_t tables[TOLD_QUERY_TABLES_MAX];
    char question[65], place[88];
    bool any, shows = false;
    TRY(told_answers_of(&told, t->plan.own, number, tally, tables, arena, &t->too_large, &any,
                        err));
    if (!any)
        return STATUS_OK;
    memcpy(told.report, rows->report, sizeof told.report);
    memcpy(told.filters, t->plan.filters, sizeof told.filters);
    memcpy(told.logs, t->logs->now, sizeof told.logs);
    for (size_t i = 0; i < TOLD_QUERY_TABLES_MAX; i++) {
        if (!told.tables[i].columns)
            continue;
        shows |= mark(told.tables[i].rows, told.tables[i].row_count, told.tables[i].columns,
                      release, tables[i]);
        TRY(told_rows_hash(&tally->tables[tables[i]], &t->key, TOLD_MARKS_WIDE, told.tables[i].rows,
                           err));
    }
    if (!shows)
        return STATUS_OK;
    buffer_reset(text);
    enum status status = told_query_write(&told, text, err);
    if (status == STATUS_INPUT) { /* it has too much text */
        t->too_large++;
        return STATUS_OK;
    }
    TRY(status);
    snprintf(place, sizeof place, "%s %zu", rows->report, tables[0]);
    TRY(keyed_hex(&t->key, "terms", place, question, err));
    return ledger_record(t->ledger, "terms", question, text->data, err);
}

enum status told_queries_keep(struct told_queries *t, const struct withheld_before *rows,
                              const struct tally *tally, const struct release *release,
                              struct error *err)
{
    enum status status = STATUS_OK;
    struct buffer text;
    struct arena arena = ARENA_INIT;
    buffer_init(&text, TOLD_QUERY_TEXT_MAX);
    t->too_large = 0;
    for (size_t i = 0; status == STATUS_OK && i < t->plan.own->query_count; i++)
        status = keep_query(t, rows, i, tally, release, &text, &arena, err);
    buffer_release(&text);
    arena_release(&arena);
    return status;
}
