/* Tables that reports told, in the ledger: see told_ledger.h. */
#include "cli/told_ledger.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "cli/keyed.h"
#include "release/figure.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void told_ledger_release(struct told_ledger *t)
{
    free(t->told);
    logs_then_release(&t->logs);
    arena_release(&t->arena);
    *t = (struct told_ledger){.arena = ARENA_INIT};
}

/* ---- what the ledger has ---- */

static enum status read_table(void *context, const struct ledger_entry *entry, struct error *err)
{
    struct told_ledger *t = context;
    bool valid;
    if (withheld_before_is_later(t->rows, entry) || strcmp(entry->kind, "table") != 0)
        return STATUS_OK;
    struct told_table *grown = mem_grow(t->told, &t->capacity, t->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    t->told = grown;
    TRY(told_table_read(&grown[t->count], entry->text, t->plan, &t->arena, &valid, err));
    if (!valid)
        return error_set(err, STATUS_REFUSED, "ledger",
                         "entry %" PRIu64 ": it does not say which table was told", entry->number);
    /* One that this report wrote down before it was cut off is its own. */
    t->count += strcmp(grown[t->count].report, t->rows->report) != 0;
    return STATUS_OK;
}

enum status told_ledger_init(struct told_ledger *t, const struct withheld_before *rows,
                             const struct tally_source *source, struct tally *tally,
                             struct error *err)
{
    *t = (struct told_ledger){.rows = rows, .plan = source->plan, .arena = ARENA_INIT};
    TRY(ledger_key(rows->ledger, "tables", &t->key, err));
    TRY(keyed_hex(&t->key, "filters", source->plan->filters_digest, t->filters, err));
    TRY(ledger_visit(rows->ledger, read_table, t, err));
    TRY(logs_then_init(&t->logs, rows->ledger, source->catalogue, err));
    for (size_t i = t->count; i-- > 0;)
        TRY(logs_then_filter(&t->logs, t->told[i].logs, &t->told[i].then, err));
    return told_tables_add(source, t->told, t->count, t->filters, &t->key, tally, &t->counts, err);
}

/* ---- keeping ---- */

/* Marks what RELEASE withholds of table NUMBER; *SHOWS is whether it shows more than its total. */
static void mark(struct told_table *told, const struct release *release, size_t number, bool *shows)
{
    *shows = false;
    if (number >= release_table_count(release)) /* the population, of which nothing is withheld */
        return;
    for (size_t row = 0; row < told->row_count; row++) {
        uint16_t *marks = &told->rows[row].marks;
        for (size_t c = 0; c < told->columns; c++)
            if (gate_is_withheld(release, number, row, c))
                *marks |= (uint16_t)(1u << c);
        if (gate_is_gone(release, number, row))
            *marks |= (uint16_t)(((1u << told->columns) - 1) | TOLD_ROW_GONE);
        *shows = *shows || (row + 1 < told->row_count && !(*marks & TOLD_ROW_GONE));
    }
}

static enum status keep_table(struct told_ledger *t, const struct tally_table *table, size_t number,
                              const struct release *release, struct buffer *text, struct error *err)
{
    struct told_table told;
    char question[65], place[88];
    bool shows;
    TRY(told_table_of(&told, table, t->plan->release.min_users, &t->arena, err));
    memcpy(told.report, t->rows->report, sizeof told.report);
    memcpy(told.filters, t->filters, sizeof told.filters);
    memcpy(told.logs, t->logs.now, sizeof told.logs);
    mark(&told, release, number, &shows);
    if (!shows && !table->own_total)
        return STATUS_OK;
    TRY(told_rows_hash(table, &t->key, TOLD_MARKS_NARROW, told.rows, err));
    buffer_reset(text);
    enum status status = told_table_write(&told, text, err);
    if (status == STATUS_INPUT) { /* its fields list too many values */
        t->too_large++;
        return STATUS_OK;
    }
    TRY(status);
    snprintf(place, sizeof place, "%s %zu", t->rows->report, number);
    TRY(keyed_hex(&t->key, "table", place, question, err));
    return ledger_record(t->rows->ledger, "table", question, text->data, err);
}

enum status told_ledger_keep(struct told_ledger *t, const struct tally *tally,
                             const struct release *release, struct error *err)
{
    enum status status = STATUS_OK;
    struct buffer text;
    buffer_init(&text, TOLD_TABLE_TEXT_MAX);
    t->too_large = 0;
    status = logs_then_keep(&t->logs, err);
    for (size_t i = 0; status == STATUS_OK && i < tally->table_count; i++) {
        const struct tally_table *table = &tally->tables[i];
        if (!told_table_is_one(table) || (table->told_before && !table->own_total))
            continue;
        if (told_table_is_large(table))
            t->too_large++;
        else
            status = keep_table(t, table, i, release, &text, err);
    }
    buffer_release(&text);
    return status;
}
