/* Rows that a report told, as the ledger remembers them: see told_rows.h. */
#include "queries/told_rows.h"

#include "base/intern.h"
#include "base/memory.h"
#include "queries/told_fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_BYTES = 5, HASH_DIGITS = 10 };

static size_t row_digits(enum told_marks marks)
{
    return 2 * HASH_DIGITS + (size_t)marks;
}

/* Marks as so many digits have them. */
static unsigned pack_marks(uint16_t marks, enum told_marks digits)
{
    unsigned gone = marks & TOLD_ROW_GONE ? 1u << (4 * digits - 1) : 0;
    return (marks & ~(unsigned)TOLD_ROW_GONE) | gone;
}

/* ---- hashing ---- */

static enum status end_hash(struct digest *digest, uint64_t *out, struct error *err)
{
    struct sha256 value;
    TRY(digest_end(digest, &value, err));
    *out = sha256_head(&value, HASH_BYTES);
    return STATUS_OK;
}

static enum status add_labels(struct digest *digest, const struct tally_table *table, size_t row,
                              const char *purpose, struct error *err)
{
    TRY(digest_add_text(digest, purpose, err));
    /* A value may be called "total", too. */
    TRY(digest_add_text(digest, row + 1 == table->row_count ? "total" : "row", err));
    for (size_t i = 0; i < table->key_count; i++) {
        const char *label = table->key_values[row * table->key_count + i];
        TRY(digest_add_text(digest, label ? label : "", err));
    }
    return STATUS_OK;
}

static enum status hash_row(struct digest *digest, const struct digest *head,
                            const struct tally_table *table, size_t row, enum told_marks digits,
                            struct told_row *told, struct error *err)
{
    unsigned packed = pack_marks(told->marks, digits);
    const unsigned char bytes[] = {(unsigned char)packed, (unsigned char)(packed >> 8)};
    TRY(digest_copy(digest, head, err));
    TRY(add_labels(digest, table, row, "label", err));
    TRY(end_hash(digest, &told->label, err));
    TRY(digest_copy(digest, head, err));
    TRY(add_labels(digest, table, row, "shown", err));
    TRY(digest_add(digest, bytes, (size_t)digits / 2, err));
    for (size_t c = 0; c < table->column_count; c++)
        if (!(told->marks >> c & 1))
            TRY(digest_add(digest, &table->cells[row * table->column_count + c].value,
                           sizeof table->cells->value, err));
    return end_hash(digest, &told->shown, err);
}

enum status told_rows_hash(const struct tally_table *table, const struct sha256 *key,
                           enum told_marks marks, struct told_row *rows, struct error *err)
{
    enum status status = STATUS_OK;
    struct digest *head = digest_new(), *digest = digest_new();
    if (!head || !digest)
        TRY_CLEANUP(error_nomem(err));
    TRY_CLEANUP(digest_add(head, key->bytes, sizeof key->bytes, err));
    for (size_t row = 0; row < table->row_count; row++)
        TRY_CLEANUP(hash_row(digest, head, table, row, marks, &rows[row], err));
cleanup:
    digest_free(head);
    digest_free(digest);
    return status;
}

/* ---- as text ---- */

json_t *told_rows_write(const struct told_row *rows, size_t count, enum told_marks marks)
{
    size_t digits = row_digits(marks);
    char *text = mem_zalloc(count * digits + 1, 1);
    if (!text)
        return NULL;
    for (size_t i = 0; i < count; i++)
        snprintf(text + i * digits, digits + 1, "%010" PRIx64 "%0*x%010" PRIx64, rows[i].label,
                 (int)marks, pack_marks(rows[i].marks, marks), rows[i].shown);
    json_t *made = json_string(text);
    free(text);
    return made;
}

static bool read_row(struct told_row *row, const char *text, enum told_marks digits, size_t columns)
{
    uint64_t all = (UINT64_C(1) << columns) - 1, last = UINT64_C(1) << (4 * digits - 1);
    uint64_t marks = told_hex_number(text + HASH_DIGITS, digits);
    bool gone = marks & last;
    marks &= ~last;
    *row = (struct told_row){.label = told_hex_number(text, HASH_DIGITS),
                             .marks = (uint16_t)(marks | (gone ? TOLD_ROW_GONE : 0)),
                             .shown = told_hex_number(text + HASH_DIGITS + digits, HASH_DIGITS)};
    return !(marks & ~all) && (!gone || marks == all);
}

enum status told_rows_read(const char *text, enum told_marks marks, size_t columns,
                           struct arena *arena, struct told_row **rows, size_t *count, bool *valid,
                           struct error *err)
{
    size_t len = text ? strlen(text) : 0, digits = row_digits(marks);
    *count = len / digits;
    *valid = text && len % digits == 0 && *count <= TOLD_TABLE_ROWS_MAX &&
             strspn(text, "0123456789abcdef") == len;
    if (!*valid)
        return STATUS_OK;
    *rows = arena_zalloc(arena, *count + 1, sizeof **rows);
    if (!*rows)
        return error_nomem(err);
    for (size_t i = 0; i < *count && *valid; i++)
        *valid = read_row(&(*rows)[i], text + i * digits, marks, columns);
    return STATUS_OK;
}

/* ---- finding ---- */

enum status told_rows_find(const struct told_row *rows, size_t count, const struct told_row *now,
                           const struct tally_table *table, uint32_t *row_of, bool *all,
                           struct error *err)
{
    struct intern labels;
    uint32_t number;
    size_t found = 0;
    enum status status = STATUS_OK;
    intern_init(&labels);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        status =
            intern_add(&labels, (const char *)&rows[i].label, sizeof rows[i].label, &number, err);
    *all = labels.count == count; /* none twice */
    for (size_t row = 0; status == STATUS_OK && *all && row < table->row_count; row++) {
        number = intern_find(&labels, (const char *)&now[row].label, sizeof now[row].label);
        row_of[row] = number == INTERN_NONE ? 0 : number + 1;
        found += number != INTERN_NONE;
    }
    *all = *all && found == count;
    intern_release(&labels);
    return status;
}
