/* Units and their ids: see unit.h. */
#include "queries/unit.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "queries/strata.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const unit_kinds[] = {"conversation", "exchange", "user", NULL};
const char *const unit_plurals[] = {"conversations", "exchanges", "users", NULL};
const char *const unit_namings[] = {"id", "user/id", NULL};

/* ---- which there are ---- */

/* The first conversation of each known user who has any in INNER, and all of unknown ones there. */
static enum status mark_users(struct units *units, const struct population *inner,
                              struct error *err)
{
    const struct population *population = units->population;
    const struct catalogue *catalogue = units->catalogue;
    assert(population->by_user); /* population_group_users */
    units->own = mem_zalloc(catalogue->count, sizeof *units->own);
    if (!units->own)
        return error_nomem(err);
    for (size_t p = 0; p < catalogue->count; p++)
        if (!(units->own[p] = bitmap_new()))
            return error_nomem(err);
    units->rows = units->own;
    for (uint32_t user = 0; user <= catalogue->users; user++) {
        uint64_t from = inner->user_start[user], to = inner->user_start[user + 1ull];
        const uint32_t *rows = inner->by_user + from;
        if (user < catalogue->users && to > from) {
            rows = population->by_user + population->user_start[user];
            to = from + 1;
        }
        for (uint64_t i = 0; i < to - from; i++) {
            uint32_t row;
            const struct catalogue_part *part = population_part(catalogue, rows[i], &row);
            bitmap_add(units->own[part - catalogue->parts], row);
        }
        units->count += to - from;
    }
    return STATUS_OK;
}

enum status units_init(struct units *units, const struct population *population,
                       enum unit_kind kind, enum unit_naming naming, struct error *err)
{
    *units = (struct units){.kind = kind,
                            .naming = naming,
                            .population = population,
                            .catalogue = population->catalogue,
                            .rows = population->rows,
                            .count = population->conversations};
    if (kind == UNIT_EXCHANGE) {
        units->rows = population->exchanges;
        units->count = population->exchange_count;
    } else if (kind == UNIT_USER) {
        units->count = 0;
        return mark_users(units, population, err);
    }
    return STATUS_OK;
}

enum status units_init_users(struct units *units, const struct population *population,
                             const struct population *inner, enum unit_naming naming,
                             struct error *err)
{
    *units = (struct units){.kind = UNIT_USER,
                            .naming = naming,
                            .population = population,
                            .catalogue = population->catalogue};
    return mark_users(units, inner, err);
}

void units_release(struct units *units)
{
    for (size_t p = 0; units->own && p < units->catalogue->count; p++)
        bitmap_free(units->own[p]);
    free(units->own);
    *units = (struct units){.rows = NULL};
}

uint32_t unit_conversation(const struct units *units, size_t p, uint32_t row)
{
    if (units->kind != UNIT_EXCHANGE)
        return row;
    return catalogue_row_of_exchange(&units->catalogue->parts[p], row);
}

/* ---- ids ---- */

struct id_text {
    char *data; /* [UNIT_ID_MAX] */
    size_t len;
};

static void put(struct id_text *out, const char *bytes, size_t len)
{
    size_t room = UNIT_ID_MAX - out->len;
    len = len < room ? len : room;
    memcpy(out->data + out->len, bytes, len);
    out->len += len;
}

static void put_user(struct id_text *out, const char *user, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (user[i] == '/')
            put(out, "%2F", 3);
        else if (user[i] == '%')
            put(out, "%25", 3);
        else if (user[i] == '\0')
            put(out, "\xEF\xBF\xBD", 3);
        else
            put(out, user + i, 1);
    }
    if (len == 0)
        put(out, "%", 1);
}

/* TEXT with every NUL replaced. */
static void put_clean(struct id_text *out, struct span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\0')
            put(out, "\xEF\xBF\xBD", 3);
        else
            put(out, text.data + i, 1);
    }
}

/* The user of a conversation as ids have it; nothing, and false, for an unknown one. */
static bool put_owner(struct id_text *out, const struct catalogue_part *part, uint32_t row)
{
    uint32_t code = part->user.codes[row];
    const struct segment_strings *users = &part->user.dictionary;
    if (code == PART_NO_CODE)
        return false;
    put_user(out, users->bytes + users->offsets[code],
             users->offsets[code + 1] - users->offsets[code]);
    return true;
}

struct span unit_id(const struct units *units, size_t p, uint32_t row,
                    char scratch[static UNIT_ID_MAX])
{
    const struct catalogue_part *part = &units->catalogue->parts[p];
    uint32_t conversation = unit_conversation(units, p, row);
    char made[CATALOGUE_ID_MAX], number[16];
    struct id_text out = {scratch, 0};
    if (units->kind == UNIT_USER && put_owner(&out, part, conversation))
        return (struct span){out.data, out.len};
    struct span id = catalogue_id(part, conversation, made);
    if (units->kind == UNIT_CONVERSATION && units->naming == UNIT_BY_ID && id.data != made &&
        !memchr(id.data, '\0', id.len))
        return id;
    if (units->kind != UNIT_USER && units->naming == UNIT_BY_USER_AND_ID)
        (void)put_owner(&out, part, conversation);
    if (units->kind == UNIT_USER || units->naming == UNIT_BY_USER_AND_ID)
        put(&out, "/", 1);
    put_clean(&out, id);
    if (units->kind == UNIT_EXCHANGE) {
        int len = snprintf(number, sizeof number, "#%u",
                           (unsigned)(row - part->first_exchange[conversation] + 1));
        put(&out, number, (size_t)len);
    }
    return (struct span){out.data, out.len};
}

/* ---- all units, in blocks that threads take one after another ---- */

enum { BLOCK_ROWS = 1 << 16 };

struct walk {
    const struct units *units;
    unit_visit *visit;
    void *context;
    atomic_size_t next; /* block, counted over all parts */
    atomic_bool failed;
};

static uint32_t part_rows(const struct units *units, size_t p)
{
    const struct catalogue_part *part = &units->catalogue->parts[p];
    return units->kind == UNIT_EXCHANGE ? part->exchange_total : part->rows;
}

static size_t part_blocks(const struct units *units, size_t p)
{
    return ((size_t)part_rows(units, p) + BLOCK_ROWS - 1) / BLOCK_ROWS;
}

static enum status visit_block(struct walk *walk, unsigned worker, size_t p, size_t block,
                               struct error *err)
{
    const struct units *units = walk->units;
    char scratch[UNIT_ID_MAX];
    uint64_t from = (uint64_t)block * BLOCK_ROWS, to = from + BLOCK_ROWS;
    uint32_t rows = part_rows(units, p);
    for (uint64_t row = from; row < to && row < rows; row++) {
        if (!bitmap_contains(units->rows[p], (uint32_t)row))
            continue;
        struct span id = unit_id(units, p, (uint32_t)row, scratch);
        TRY(walk->visit(walk->context, worker, p, (uint32_t)row, id, err));
    }
    return STATUS_OK;
}

static enum status walk_worker(void *context, unsigned worker, struct error *err)
{
    struct walk *walk = context;
    const struct catalogue *catalogue = walk->units->catalogue;
    size_t p = 0, first = 0; /* block FIRST is the first of part P */
    while (!atomic_load(&walk->failed)) {
        size_t block = atomic_fetch_add(&walk->next, 1);
        while (p < catalogue->count && block - first >= part_blocks(walk->units, p))
            first += part_blocks(walk->units, p++);
        if (p == catalogue->count)
            break;
        enum status status = visit_block(walk, worker, p, block - first, err);
        if (status != STATUS_OK) {
            atomic_store(&walk->failed, true);
            return status;
        }
    }
    return STATUS_OK;
}

enum status units_each(const struct units *units, unsigned workers, unit_visit *visit,
                       void *context, struct error *err)
{
    struct walk walk = {.units = units, .visit = visit, .context = context};
    return parallel_run(workers, walk_worker, &walk, err);
}

void units_by_user(const struct units *units, unit_of_user *visit, void *context)
{
    const struct population *population = units->population;
    const struct catalogue *catalogue = units->catalogue;
    assert(population->by_user);
    for (uint32_t user = 0;; user++) {
        for (uint64_t i = population->user_start[user]; i < population->user_start[user + 1ull];
             i++) {
            uint32_t row;
            const struct catalogue_part *part =
                population_part(catalogue, population->by_user[i], &row);
            size_t p = (size_t)(part - catalogue->parts);
            if (units->kind != UNIT_EXCHANGE) {
                if (bitmap_contains(units->rows[p], row))
                    visit(context, user, p, row);
                continue;
            }
            for (uint32_t e = part->first_exchange[row]; e < part->first_exchange[row + 1ull]; e++)
                visit(context, user, p, e);
        }
        if (user == catalogue->users)
            return;
    }
}

/* ---- digest ---- */

struct digesting {
    struct digest *digest;
    char *chunk;
    size_t len;
    const struct strata *strata; /* or NULL */
};

enum { DIGEST_CHUNK = 1 << 16 };

static enum status digest_text(struct digesting *d, const char *text, size_t len, struct error *err)
{
    if (d->len + len + 1 > DIGEST_CHUNK) {
        TRY(digest_add(d->digest, d->chunk, d->len, err));
        d->len = 0;
    }
    if (len + 1 > DIGEST_CHUNK) { /* only a catalogue that no scan made has such ids */
        TRY(digest_add(d->digest, text, len, err));
        return digest_add(d->digest, "", 1, err);
    }
    memcpy(d->chunk + d->len, text, len);
    d->chunk[d->len + len] = '\0';
    d->len += len + 1;
    return STATUS_OK;
}

static enum status digest_id(void *context, unsigned worker, size_t part, uint32_t row,
                             struct span id, struct error *err)
{
    (void)worker;
    struct digesting *d = context;
    TRY(digest_text(d, id.data, id.len, err));
    if (!d->strata)
        return STATUS_OK;
    char number[16];
    int len = snprintf(number, sizeof number, "%u", strata_of(d->strata, part, row));
    return digest_text(d, number, (size_t)len, err);
}

enum status units_digest(const struct units *units, const struct strata *strata,
                         char hex[static 65], struct error *err)
{
    enum status status = STATUS_OK;
    struct sha256 value;
    struct digesting d = {digest_new(), malloc(DIGEST_CHUNK), 0, strata};
    if (!d.digest || !d.chunk) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(digest_add_text(d.digest, "proffer frame 1", err));
    TRY_CLEANUP(digest_add_text(d.digest, unit_kinds[units->kind], err));
    TRY_CLEANUP(digest_add_text(d.digest, unit_namings[units->naming], err));
    for (size_t i = 0; strata && i < strata->count; i++)
        TRY_CLEANUP(digest_add_text(d.digest, strata->items[i].name, err));
    TRY_CLEANUP(units_each(units, 1, digest_id, &d, err));
    TRY_CLEANUP(digest_add(d.digest, d.chunk, d.len, err));
    TRY_CLEANUP(digest_end(d.digest, &value, err));
    sha256_hex(&value, hex);
cleanup:
    digest_free(d.digest);
    free(d.chunk);
    return status;
}
