/* Rows that were withheld for others' sake: see withheld_before.h. */
#include "cli/withheld_before.h"

#include "base/buffer.h"
#include "base/json_io.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_DIGITS = 12, HASH_BYTES = 6, FORM = 2 };

void withheld_before_release(struct withheld_before *w)
{
    free(w->rows);
    free(w->before);
    *w = (struct withheld_before){.ledger = NULL};
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

/* ---- what the report is made of ---- */

/* What a table's rows are rows of, whatever the query's own name is. */
static enum status add_table(struct digest *digest, const struct plan *plan,
                             const struct tally_table *table, struct error *err)
{
    const struct plan_query *query =
        table->query < plan->query_count ? &plan->queries[table->query] : NULL;
    size_t len = query ? strlen(query->id) : 0;
    bool own = len && strncmp(table->id, query->id, len) == 0;
    TRY(digest_add_text(digest, query ? query->asked_digest : "", err));
    return digest_add_text(digest, own ? table->id + len : table->id, err);
}

static enum status hash_row(struct digest *row, const struct digest *table,
                            const char *const *labels, size_t count, uint64_t *out,
                            struct error *err)
{
    struct sha256 value;
    TRY(digest_copy(row, table, err));
    for (size_t i = 0; i < count; i++)
        TRY(digest_add_text(row, labels[i] ? labels[i] : "", err));
    TRY(digest_end(row, &value, err));
    *out = sha256_head(&value, HASH_BYTES);
    return STATUS_OK;
}

static enum status add_cells(struct digest *content, const struct tally_table *table, size_t row,
                             uint64_t hash, struct error *err)
{
    TRY(digest_add(content, &hash, sizeof hash, err));
    for (size_t c = 0; c < table->column_count; c++) {
        const struct tally_cell *cell = &table->cells[row * table->column_count + c];
        const uint64_t numbers[] = {cell->value, cell->users, cell->largest};
        TRY(digest_add(content, numbers, sizeof numbers, err));
    }
    return STATUS_OK;
}

/* Hashes of a table's rows to AT; CONTENT takes them in with their cells. */
static enum status hash_table(const struct plan *plan, const struct tally_table *table,
                              const struct sha256 *key, uint64_t *at, struct digest *content,
                              struct error *err)
{
    enum status status = STATUS_OK;
    struct digest *head = digest_new(), *row = digest_new();
    if (!head || !row)
        TRY_CLEANUP(error_nomem(err));
    TRY_CLEANUP(digest_add(head, key->bytes, sizeof key->bytes, err));
    TRY_CLEANUP(add_table(head, plan, table, err));
    for (size_t i = 0; i < table->row_count; i++) {
        const char *const *labels = (const char *const *)table->key_values + i * table->key_count;
        TRY_CLEANUP(hash_row(row, head, labels, table->key_count, &at[i], err));
        TRY_CLEANUP(add_cells(content, table, i, at[i], err));
    }
cleanup:
    digest_free(head);
    digest_free(row);
    return status;
}

/* The rules by which cells are withheld: under others the same figures make another report. */
static enum status add_rules(struct withheld_before *w, const struct plan *plan,
                             const struct sha256 *key, struct error *err)
{
    char rules[80];
    struct sha256 value;
    enum status status = STATUS_OK;
    struct digest *digest = digest_new();
    if (!digest)
        return error_nomem(err);
    snprintf(rules, sizeof rules, "%" PRIu32 " %" PRIu32 " %.17g", plan->release.min_users,
             plan->release.min_conversations, plan->release.dominance);
    TRY_CLEANUP(digest_add(digest, key->bytes, sizeof key->bytes, err));
    TRY_CLEANUP(digest_add_text(digest, "report 2", err));
    TRY_CLEANUP(digest_add_text(digest, w->content, err));
    TRY_CLEANUP(digest_add_text(digest, rules, err));
    TRY_CLEANUP(digest_end(digest, &value, err));
    sha256_hex(&value, w->report);
cleanup:
    digest_free(digest);
    return status;
}

static enum status hash_tally(struct withheld_before *w, const struct plan *plan,
                              const struct tally *tally, struct error *err)
{
    struct sha256 key, value;
    enum status status = STATUS_OK;
    struct digest *content = NULL;
    size_t at = 0;
    w->table_count = tally->table_count;
    for (size_t i = 0; i < tally->table_count; i++)
        w->row_count += tally->tables[i].row_count;
    TRY(ledger_key(w->ledger, "rows", &key, err));
    w->rows = mem_zalloc(w->row_count + 1, sizeof *w->rows);
    content = digest_new();
    if (!w->rows || !content)
        TRY_CLEANUP(error_nomem(err));
    TRY_CLEANUP(digest_add(content, key.bytes, sizeof key.bytes, err));
    for (size_t i = 0; i < tally->table_count; i++) {
        TRY_CLEANUP(hash_table(plan, &tally->tables[i], &key, w->rows + at, content, err));
        at += tally->tables[i].row_count;
    }
    TRY_CLEANUP(digest_end(content, &value, err));
    sha256_hex(&value, w->content);
    status = add_rules(w, plan, &key, err);
cleanup:
    digest_free(content);
    return status;
}

/* ---- what the ledger has ---- */

/* Adds the hashes of TEXT; *VALID is false where they are none. */
static enum status add_rows(struct withheld_before *w, const char *text, bool *valid,
                            struct error *err)
{
    size_t count = strlen(text) / HASH_DIGITS;
    uint64_t *grown = mem_grow(w->before, &w->capacity, w->before_count + count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    w->before = grown;
    *valid = strlen(text) % HASH_DIGITS == 0 && strspn(text, "0123456789abcdef") == strlen(text);
    for (size_t i = 0; *valid && i < count; i++) {
        char digits[HASH_DIGITS + 1] = {0};
        memcpy(digits, text + i * HASH_DIGITS, HASH_DIGITS);
        grown[w->before_count++] = strtoull(digits, NULL, 16);
    }
    return STATUS_OK;
}

bool withheld_before_is_later(const struct withheld_before *w, const struct ledger_entry *entry)
{
    return w->again && entry->number > w->last;
}

static enum status read_pattern(void *context, const struct ledger_entry *entry, struct error *err)
{
    struct withheld_before *w = context;
    json_t *root;
    bool valid = false;
    if (strcmp(entry->kind, "pattern") != 0 || w->again)
        return STATUS_OK;
    w->same = strcmp(entry->question, w->report) == 0;
    w->again = w->same || strcmp(entry->question, w->content) == 0;
    if (w->again)
        return STATUS_OK;
    w->last = entry->number;
    TRY(json_text_read(entry->text, strlen(entry->text), &root, NULL, err));
    const char *rows = json_string_value(json_object_get(root, "rows"));
    enum status status = STATUS_OK;
    json_int_t form = json_integer_value(json_object_get(root, "form"));
    if (rows && form >= 1 && form <= FORM)
        status = add_rows(w, rows, &valid, err);
    json_decref(root);
    if (status != STATUS_OK || valid)
        return status;
    return error_set(err, STATUS_REFUSED, "ledger",
                     "entry %" PRIu64 ": it does not say which rows were withheld", entry->number);
}

static void mark(const struct withheld_before *w, struct tally *tally)
{
    size_t at = 0;
    for (size_t i = 0; i < tally->table_count; i++)
        for (size_t row = 0; row < tally->tables[i].row_count; row++, at++)
            if (w->before_count && bsearch(&w->rows[at], w->before, w->before_count,
                                           sizeof *w->before, compare_hashes))
                tally->tables[i].row_flags[row] |= TALLY_BEFORE;
}

enum status withheld_before_init(struct withheld_before *w, struct ledger *ledger,
                                 const struct plan *plan, struct tally *tally, struct error *err)
{
    *w = (struct withheld_before){.ledger = ledger};
    TRY(hash_tally(w, plan, tally, err));
    TRY(ledger_visit(ledger, read_pattern, w, err));
    if (w->before_count)
        qsort(w->before, w->before_count, sizeof *w->before, compare_hashes);
    mark(w, tally);
    return STATUS_OK;
}

/* ---- keeping ---- */

enum status withheld_before_keep(const struct withheld_before *w, const struct tally *tally,
                                 const struct release *release, struct error *err)
{
    if (w->again)
        return STATUS_OK;
    enum status status = STATUS_OK;
    struct buffer text;
    size_t at = 0, count = 0;
    uint64_t *kept = mem_zalloc(WITHHELD_ROWS_MAX, sizeof *kept);
    buffer_init(&text, (size_t)WITHHELD_ROWS_MAX * HASH_DIGITS + 64);
    if (!kept)
        TRY_CLEANUP(error_nomem(err));
    for (size_t i = 0; i < w->table_count; i++)
        for (size_t row = 0; row < tally->tables[i].row_count; row++, at++)
            if (count < WITHHELD_ROWS_MAX && gate_is_complement(release, i, row))
                kept[count++] = w->rows[at];
    if (count)
        qsort(kept, count, sizeof *kept, compare_hashes);
    TRY_CLEANUP(buffer_addf(&text, err, "{\"form\":%d,\"rows\":\"", FORM));
    for (size_t i = 0; i < count; i++)
        TRY_CLEANUP(buffer_addf(&text, err, "%012" PRIx64, kept[i]));
    TRY_CLEANUP(buffer_addf(&text, err, "\"}"));
    status = ledger_record(w->ledger, "pattern", w->report, text.data, err);
cleanup:
    free(kept);
    buffer_release(&text);
    return status;
}
