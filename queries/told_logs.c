/* What the logs had when a report was made: see told_logs.h. */
#include "queries/told_logs.h"

#include "base/intern.h"
#include "queries/told_fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { HASH_BYTES = 6, PART_DIGITS = 32, HASH_DIGITS = 12, ROWS_DIGITS = 8, WORD = 64 };

/* ---- hashing ---- */

static enum status end_hash(struct digest *digest, uint64_t *out, struct error *err)
{
    struct sha256 value;
    TRY(digest_end(digest, &value, err));
    *out = sha256_head(&value, HASH_BYTES);
    return STATUS_OK;
}

static enum status hash_name(const struct catalogue_part *part, const struct sha256 *key,
                             uint64_t *out, struct error *err)
{
    enum status status = STATUS_OK;
    struct digest *digest = digest_new();
    if (!digest)
        return error_nomem(err);
    TRY_CLEANUP(digest_add(digest, key->bytes, sizeof key->bytes, err));
    TRY_CLEANUP(digest_add_text(digest, "part", err));
    TRY_CLEANUP(digest_add_text(digest, part->input_name, err));
    TRY_CLEANUP(digest_add(digest, &part->input_start, sizeof part->input_start, err));
    status = end_hash(digest, out, err);
cleanup:
    digest_free(digest);
    return status;
}

/* Which of the first ROWS of a part are duplicates: a copy that comes to be before them makes more
 * of them so, and then counts in their place. Adds nothing where none is. */
static enum status add_duplicates(struct digest *digest, const struct catalogue_part *part,
                                  uint32_t rows, struct error *err)
{
    for (uint32_t row = 0; bitmap_count(part->duplicates) && row < rows; row++)
        if (bitmap_contains(part->duplicates, row))
            TRY(digest_add(digest, &row, sizeof row, err));
    return STATUS_OK;
}

/* Of the first ROWS of a part. */
static enum status hash_rows(const struct catalogue_part *part, uint32_t rows,
                             const struct sha256 *key, uint64_t *out, struct error *err)
{
    enum status status = STATUS_OK;
    const uint64_t *ids = part->ids.offsets;
    struct digest *digest = digest_new();
    if (!digest)
        return error_nomem(err);
    TRY_CLEANUP(digest_add(digest, key->bytes, sizeof key->bytes, err));
    TRY_CLEANUP(digest_add_text(digest, "rows", err));
    if (rows) {
        TRY_CLEANUP(digest_add(digest, part->offset, rows * sizeof *part->offset, err));
        TRY_CLEANUP(digest_add(digest, part->time, rows * sizeof *part->time, err));
        TRY_CLEANUP(digest_add(digest, part->turns, rows * sizeof *part->turns, err));
        TRY_CLEANUP(digest_add(digest, part->exchanges, rows * sizeof *part->exchanges, err));
        TRY_CLEANUP(digest_add(digest, part->words, rows * sizeof *part->words, err));
        TRY_CLEANUP(digest_add(digest, ids, (rows + 1ull) * sizeof *ids, err));
        TRY_CLEANUP(
            digest_add(digest, part->ids.bytes + ids[0], (size_t)(ids[rows] - ids[0]), err));
        TRY_CLEANUP(add_duplicates(digest, part, rows, err));
    }
    status = end_hash(digest, out, err);
cleanup:
    digest_free(digest);
    return status;
}

/* Of one conversation. */
static enum status hash_row(struct digest *digest, const struct digest *head,
                            const struct catalogue_part *part, uint32_t row, uint64_t *out,
                            struct error *err)
{
    char scratch[CATALOGUE_ID_MAX];
    struct span id = catalogue_id(part, row, scratch);
    TRY(digest_copy(digest, head, err));
    TRY(digest_add(digest, &part->time[row], sizeof part->time[row], err));
    TRY(digest_add(digest, &part->turns[row], sizeof part->turns[row], err));
    TRY(digest_add(digest, &part->exchanges[row], sizeof part->exchanges[row], err));
    TRY(digest_add(digest, &part->words[row], sizeof part->words[row], err));
    TRY(digest_add(digest, id.data, id.len, err));
    return end_hash(digest, out, err);
}

/* Calls SEE with each that is no duplicate, its number in the catalogue and its hash. */
typedef enum status see_hash(void *context, uint64_t number, uint64_t hash, struct error *err);

static enum status hash_each(const struct catalogue *catalogue, const struct sha256 *key,
                             see_hash *see, void *context, struct error *err)
{
    enum status status = STATUS_OK;
    struct digest *head = digest_new(), *digest = digest_new();
    if (!head || !digest)
        TRY_CLEANUP(error_nomem(err));
    TRY_CLEANUP(digest_add(head, key->bytes, sizeof key->bytes, err));
    TRY_CLEANUP(digest_add_text(head, "row", err));
    for (size_t p = 0; p < catalogue->count; p++) {
        const struct catalogue_part *part = &catalogue->parts[p];
        for (uint32_t row = 0; row < part->rows; row++) {
            uint64_t hash;
            if (bitmap_contains(part->duplicates, row))
                continue;
            TRY_CLEANUP(hash_row(digest, head, part, row, &hash, err));
            TRY_CLEANUP(see(context, part->first_row + row, hash, err));
        }
    }
cleanup:
    digest_free(head);
    digest_free(digest);
    return status;
}

static enum status list_hash(void *context, uint64_t number, uint64_t hash, struct error *err)
{
    struct told_logs *logs = context;
    (void)number;
    (void)err;
    logs->listed[logs->listed_count++] = hash;
    return STATUS_OK;
}

enum status told_logs_of(struct told_logs *logs, const struct catalogue *catalogue,
                         const struct sha256 *key, struct arena *arena, struct error *err)
{
    *logs = (struct told_logs){.count = 0};
    if (catalogue->count > TOLD_LOGS_PARTS_MAX)
        return STATUS_OK;
    logs->parts = arena_zalloc(arena, catalogue->count + 1, sizeof *logs->parts);
    if (!logs->parts)
        return error_nomem(err);
    for (; logs->count < catalogue->count; logs->count++) {
        const struct catalogue_part *part = &catalogue->parts[logs->count];
        struct told_logs_part *own = &logs->parts[logs->count];
        own->rows = part->rows;
        TRY(hash_name(part, key, &own->name, err));
        TRY(hash_rows(part, part->rows, key, &own->head, err));
    }
    if (catalogue->rows > TOLD_LOGS_LISTED_MAX)
        return STATUS_OK;
    logs->listed = arena_zalloc(arena, (size_t)catalogue->rows + 1, sizeof *logs->listed);
    return logs->listed ? hash_each(catalogue, key, list_hash, logs, err) : error_nomem(err);
}

/* ---- as text ---- */

enum status told_logs_write(const struct told_logs *logs, struct buffer *text, struct error *err)
{
    char digits[PART_DIGITS + 1];
    for (size_t i = 0; i < logs->count; i++) {
        const struct told_logs_part *part = &logs->parts[i];
        snprintf(digits, sizeof digits, "%012" PRIx64 "%08" PRIx64 "%012" PRIx64, part->name,
                 part->rows, part->head);
        TRY(buffer_add(text, digits, PART_DIGITS, err));
    }
    TRY(buffer_add(text, " ", 1, err));
    for (size_t i = 0; i < logs->listed_count; i++) {
        snprintf(digits, sizeof digits, "%012" PRIx64, logs->listed[i]);
        TRY(buffer_add(text, digits, HASH_DIGITS, err));
    }
    return STATUS_OK;
}

enum status told_logs_read(struct told_logs *logs, const char *text, struct arena *arena,
                           bool *valid, struct error *err)
{
    static const char digits[] = "0123456789abcdef";
    size_t len = strspn(text, digits);
    const char *list = text[len] == ' ' ? text + len + 1 : "";
    size_t list_len = strspn(list, digits);
    *logs = (struct told_logs){.count = len / PART_DIGITS, .listed_count = list_len / HASH_DIGITS};
    *valid = text[len] == ' ' && !list[list_len] && len % PART_DIGITS == 0 &&
             list_len % HASH_DIGITS == 0 && logs->count <= TOLD_LOGS_PARTS_MAX &&
             logs->listed_count <= TOLD_LOGS_LISTED_MAX;
    if (!*valid)
        return STATUS_OK;
    logs->parts = arena_zalloc(arena, logs->count + 1, sizeof *logs->parts);
    logs->listed = arena_zalloc(arena, logs->listed_count + 1, sizeof *logs->listed);
    if (!logs->parts || !logs->listed)
        return error_nomem(err);
    for (size_t i = 0; i < logs->count; i++) {
        const char *at = text + i * PART_DIGITS;
        logs->parts[i] = (struct told_logs_part){
            told_hex_number(at, HASH_DIGITS), told_hex_number(at + HASH_DIGITS, ROWS_DIGITS),
            told_hex_number(at + HASH_DIGITS + ROWS_DIGITS, HASH_DIGITS)};
    }
    for (size_t i = 0; i < logs->listed_count; i++)
        logs->listed[i] = told_hex_number(list + i * HASH_DIGITS, HASH_DIGITS);
    return STATUS_OK;
}

/* ---- finding ---- */

struct finding {
    const struct catalogue *catalogue;
    const struct sha256 *key;
    uint64_t *bits; /* of the catalogue's rows */
    size_t words;
    struct intern hashes; /* of conversations that were there */
    size_t found;
};

static void mark(struct finding *f, uint64_t number)
{
    f->bits[number / WORD] |= UINT64_C(1) << number % WORD;
}

static enum status add_hash(struct intern *hashes, uint64_t hash, struct error *err)
{
    uint32_t number;
    return intern_add(hashes, (const char *)&hash, sizeof hash, &number, err);
}

/* By parts that are there with as many rows or more; *THERE is false where they are not as they
 * were. */
static enum status find_parts(struct finding *f, const struct told_logs *then,
                              const struct told_logs *now, bool *there, struct error *err)
{
    struct intern names;
    enum status status = STATUS_OK;
    intern_init(&names);
    for (size_t i = 0; i < now->count; i++)
        TRY_CLEANUP(add_hash(&names, now->parts[i].name, err));
    *there = names.count == now->count; /* none twice */
    for (size_t i = 0; *there && i < then->count; i++) {
        const struct told_logs_part *part = &then->parts[i];
        uint32_t at = intern_find(&names, (const char *)&part->name, sizeof part->name);
        *there = at != INTERN_NONE && part->rows <= now->parts[at].rows;
        if (!*there)
            break;
        const struct catalogue_part *own = &f->catalogue->parts[at];
        uint64_t head = now->parts[at].head;
        if (part->rows < own->rows)
            TRY_CLEANUP(hash_rows(own, (uint32_t)part->rows, f->key, &head, err));
        *there = head == part->head;
        for (uint32_t row = 0; *there && row < part->rows; row++)
            if (!bitmap_contains(own->duplicates, row))
                mark(f, own->first_row + row);
    }
cleanup:
    intern_release(&names);
    return status;
}

static enum status find_hash(void *context, uint64_t number, uint64_t hash, struct error *err)
{
    struct finding *f = context;
    (void)err;
    if (intern_find(&f->hashes, (const char *)&hash, sizeof hash) == INTERN_NONE)
        return STATUS_OK;
    f->found++;
    mark(f, number);
    return STATUS_OK;
}

/* By conversations, each of which is still there once. */
static enum status find_listed(struct finding *f, const struct told_logs *then, bool *there,
                               struct error *err)
{
    memset(f->bits, 0, f->words * sizeof *f->bits);
    for (size_t i = 0; i < then->listed_count; i++)
        TRY(add_hash(&f->hashes, then->listed[i], err));
    TRY(hash_each(f->catalogue, f->key, find_hash, f, err));
    *there = f->hashes.count == then->listed_count && f->found == then->listed_count;
    return STATUS_OK;
}

/* Whether there are others than those: duplicates of them tell of nothing. */
static bool has_grown(const struct finding *f)
{
    for (size_t p = 0; p < f->catalogue->count; p++) {
        const struct catalogue_part *part = &f->catalogue->parts[p];
        for (uint32_t row = 0; row < part->rows; row++) {
            uint64_t number = part->first_row + row;
            if (!(f->bits[number / WORD] >> number % WORD & 1) &&
                !bitmap_contains(part->duplicates, row))
                return true;
        }
    }
    return false;
}

static enum status make_filter(const struct finding *f, const char *name, struct arena *arena,
                               struct plan_filter **filter, struct error *err)
{
    static char field[] = "logs";
    struct plan_extent *extent = arena_zalloc(arena, 1, sizeof *extent);
    struct plan_filter *made = arena_zalloc(arena, 1, sizeof *made);
    char **values = arena_zalloc(arena, 1, sizeof *values);
    if (!extent || !made || !values)
        return error_nomem(err);
    values[0] = arena_strndup(arena, name, strlen(name));
    if (!values[0])
        return error_nomem(err);
    *extent = (struct plan_extent){f->bits, f->words};
    *made = (struct plan_filter){
        .field = {.name = field, .kind = PLAN_FIELD_STORED, .stored = SIZE_MAX},
        .values = values,
        .value_count = 1,
        .extent = extent};
    *filter = made;
    return STATUS_OK;
}

enum status told_logs_filter(const struct told_logs *then, const struct told_logs *now,
                             const struct catalogue *catalogue, const struct sha256 *key,
                             const char *name, struct arena *arena, struct plan_filter **filter,
                             struct error *err)
{
    struct finding f = {
        .catalogue = catalogue, .key = key, .words = (size_t)(catalogue->rows / WORD) + 1};
    enum status status = STATUS_OK;
    bool there;
    *filter = NULL;
    intern_init(&f.hashes);
    if (!then->count || now->count != catalogue->count)
        goto cleanup;
    f.bits = arena_zalloc(arena, f.words, sizeof *f.bits);
    if (!f.bits)
        TRY_CLEANUP(error_nomem(err));
    TRY_CLEANUP(find_parts(&f, then, now, &there, err));
    if (!there && then->listed_count)
        TRY_CLEANUP(find_listed(&f, then, &there, err));
    if (there && has_grown(&f))
        status = make_filter(&f, name, arena, filter, err);
cleanup:
    intern_release(&f.hashes);
    return status;
}
