/* Users and duplicates over all parts: see settle.h. */
#include "queries/catalogue/settle.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/intern.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* What the settled segment depends on: the contents of all parts, and where ids come from. */
static enum status parts_digest(const struct catalogue *catalogue, char hex[static 65],
                                struct error *err)
{
    struct digest *digest = digest_new();
    struct sha256 value;
    enum status status = digest ? STATUS_OK : error_nomem(err);
    if (status == STATUS_OK)
        status = digest_add_text(digest, "settled 2", err); /* its form */
    for (size_t i = 0; status == STATUS_OK && i < catalogue->count; i++) {
        const struct catalogue_part *part = &catalogue->parts[i];
        status = digest_add_text(digest, segment_content(part->base), err);
        if (status == STATUS_OK)
            status = digest_add_text(digest, part->id_prefix, err);
    }
    if (status == STATUS_OK)
        status = digest_end(digest, &value, err);
    if (status == STATUS_OK)
        sha256_hex(&value, hex);
    digest_free(digest);
    return status;
}

/* Numbers the users of all parts, in order of first sight: MAPS[part][code]. */
static enum status settle_users(const struct catalogue *catalogue, uint32_t **maps, uint32_t *users,
                                struct error *err)
{
    struct intern all;
    intern_init(&all);
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < catalogue->count; i++) {
        const struct segment_strings *local = &catalogue->parts[i].user.dictionary;
        maps[i] = mem_zalloc(local->count, sizeof **maps);
        if (!maps[i])
            status = error_nomem(err);
        for (size_t u = 0; status == STATUS_OK && u < local->count; u++)
            status = intern_add(&all, local->bytes + local->offsets[u],
                                local->offsets[u + 1] - local->offsets[u], &maps[i][u], err);
    }
    *users = (uint32_t)all.count;
    intern_release(&all);
    return status;
}

/* The columns of part I that say of each row who its user is and where its exchanges begin. VALUES
 * is room for rows + 1. */
static enum status settle_rows(const struct catalogue_part *part, size_t i, const uint32_t *map,
                               uint32_t *values, struct segment_out *out, struct error *err)
{
    char name[40];
    uint32_t exchanges = 0;
    for (uint32_t row = 0; row < part->rows; row++) {
        uint32_t code = part->user.codes[row];
        values[row] = code == PART_NO_CODE ? PART_NO_CODE : map[code];
    }
    snprintf(name, sizeof name, "%06zu.user", i);
    TRY(segment_out_column(out, name, NPY_U32, values, part->rows, err));
    for (uint32_t row = 0; row < part->rows; row++) {
        values[row] = exchanges;
        exchanges += part->exchanges[row];
    }
    values[part->rows] = exchanges;
    snprintf(name, sizeof name, "%06zu.first_exchange", i);
    return segment_out_column(out, name, NPY_U32, values, part->rows + 1ull, err);
}

static enum status settle_all_rows(const struct catalogue *catalogue, uint32_t *const *maps,
                                   struct segment_out *out, struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < catalogue->count; i++) {
        const struct catalogue_part *part = &catalogue->parts[i];
        uint32_t *values = mem_zalloc(part->rows + 1ull, sizeof *values);
        status = values ? settle_rows(part, i, maps[i], values, out, err) : error_nomem(err);
        free(values);
    }
    return status;
}

struct slot {
    uint64_t hash; /* 0: free */
    uint32_t part, row;
};

struct finder {
    const struct catalogue *catalogue;
    uint32_t *const *maps;
    struct slot *slots;
    size_t mask;
    uint64_t seed;
};

static uint32_t mapped_user(const struct finder *finder, uint32_t part, uint32_t row)
{
    uint32_t code = finder->catalogue->parts[part].user.codes[row];
    return code == PART_NO_CODE ? PART_NO_CODE : finder->maps[part][code];
}

static uint64_t identity_hash(const struct finder *finder, uint32_t part, uint32_t row)
{
    char scratch[CATALOGUE_ID_MAX];
    struct span id = catalogue_id(&finder->catalogue->parts[part], row, scratch);
    uint64_t hash = XXH3_64bits_withSeed(id.data, id.len,
                                         finder->seed ^ (mapped_user(finder, part, row) + 1ull));
    return hash ? hash : 1;
}

static bool same_identity(const struct finder *finder, const struct slot *slot, uint32_t part,
                          uint32_t row)
{
    char a_scratch[CATALOGUE_ID_MAX], b_scratch[CATALOGUE_ID_MAX];
    if (mapped_user(finder, slot->part, slot->row) != mapped_user(finder, part, row))
        return false;
    struct span a = catalogue_id(&finder->catalogue->parts[slot->part], slot->row, a_scratch);
    struct span b = catalogue_id(&finder->catalogue->parts[part], row, b_scratch);
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* One pass over all rows whose hash falls to PASS of PASSES. */
static void find_duplicates(struct finder *finder, uint64_t pass, uint64_t passes)
{
    const struct catalogue *catalogue = finder->catalogue;
    memset(finder->slots, 0, (finder->mask + 1) * sizeof *finder->slots);
    for (uint32_t p = 0; p < catalogue->count; p++) {
        const struct catalogue_part *part = &catalogue->parts[p];
        for (uint32_t row = 0; row < part->rows; row++) {
            uint64_t hash = identity_hash(finder, p, row);
            if ((hash >> 40) % passes != pass)
                continue;
            size_t at = (size_t)hash & finder->mask;
            while (finder->slots[at].hash && (finder->slots[at].hash != hash ||
                                              !same_identity(finder, &finder->slots[at], p, row)))
                at = (at + 1) & finder->mask;
            if (finder->slots[at].hash)
                bitmap_add(part->duplicates, row);
            else
                finder->slots[at] = (struct slot){hash, p, row};
        }
    }
}

static enum status settle_duplicates(struct catalogue *catalogue, uint32_t *const *maps,
                                     struct segment_out *out, struct error *err)
{
    enum status status = STATUS_OK;
    uint64_t passes = catalogue->rows / SETTLE_TABLE_ROWS + 1;
    uint64_t rows = catalogue->rows / passes + catalogue->rows / 64 + 64;
    size_t size = 64;
    while (size < rows + rows / 2)
        size *= 2;
    struct finder finder = {.catalogue = catalogue, .maps = maps, .mask = size - 1};
    struct buffer bytes;
    buffer_init(&bytes, SIZE_MAX);
    finder.slots = mem_zalloc(size, sizeof *finder.slots);
    if (!finder.slots) {
        status = error_nomem(err);
        goto cleanup;
    }
    if (getrandom(&finder.seed, sizeof finder.seed, GRND_NONBLOCK) != (ssize_t)sizeof finder.seed)
        finder.seed = 0; /* only speed depends on it */
    for (size_t i = 0; i < catalogue->count; i++)
        if (!(catalogue->parts[i].duplicates = bitmap_new())) {
            status = error_nomem(err);
            goto cleanup;
        }
    for (uint64_t pass = 0; pass < passes; pass++)
        find_duplicates(&finder, pass, passes);
    for (size_t i = 0; i < catalogue->count; i++) {
        char name[40];
        snprintf(name, sizeof name, "%06zu.duplicates.roaring", i);
        buffer_reset(&bytes);
        TRY_CLEANUP(bitmap_write(catalogue->parts[i].duplicates, &bytes, err));
        TRY_CLEANUP(segment_out_file(out, name, bytes.data, bytes.len, err));
    }
cleanup:
    for (size_t i = 0; i < catalogue->count; i++) {
        bitmap_free(catalogue->parts[i].duplicates);
        catalogue->parts[i].duplicates = NULL;
    }
    buffer_release(&bytes);
    free(finder.slots);
    return status;
}

static enum status settle(struct catalogue *catalogue, const char *path, const char *digest,
                          struct error *err)
{
    enum status status = STATUS_OK;
    struct segment_out *out = NULL;
    json_t *meta = NULL;
    uint32_t users = 0;
    uint32_t **maps = mem_zalloc(catalogue->count, sizeof *maps);
    if (!maps)
        return error_nomem(err);
    TRY_CLEANUP(segment_out_open(&out, path, err));
    TRY_CLEANUP(settle_users(catalogue, maps, &users, err));
    TRY_CLEANUP(settle_all_rows(catalogue, maps, out, err));
    TRY_CLEANUP(settle_duplicates(catalogue, maps, out, err));
    meta = json_pack("{s:I, s:s}", "users", (json_int_t)users, "parts", digest);
    if (!meta) {
        status = error_nomem(err);
        goto cleanup;
    }
    struct segment_out *done = out;
    out = NULL;
    status = segment_out_commit(done, meta, err);
cleanup:
    json_decref(meta);
    segment_out_abandon(out);
    for (size_t i = 0; i < catalogue->count; i++)
        free(maps[i]);
    free(maps);
    return status;
}

static bool keep_last(uint32_t value, void *context)
{
    *(uint64_t *)context = value;
    return true;
}

/* Part I's users and first exchanges, mapped; both checked against what they were made from. */
static enum status read_rows(struct catalogue_part *part, struct segment *settled, size_t i,
                             uint32_t users, struct error *err)
{
    char name[40];
    const void *column;
    uint32_t exchanges = 0;
    snprintf(name, sizeof name, "%06zu.user", i);
    TRY(segment_column(settled, name, NPY_U32, part->rows, &column, NULL, err));
    part->user_of = column;
    for (uint32_t row = 0; row < part->rows; row++)
        if (part->user_of[row] >= users && part->user_of[row] != PART_NO_CODE)
            return error_set(err, STATUS_INPUT, name, "a user out of range");
    snprintf(name, sizeof name, "%06zu.first_exchange", i);
    TRY(segment_column(settled, name, NPY_U32, part->rows + 1ull, &column, NULL, err));
    part->first_exchange = column;
    for (uint32_t row = 0; row < part->rows; row++) {
        if (part->first_exchange[row] != exchanges)
            return error_set(err, STATUS_INPUT, name, "not the sum of exchanges");
        exchanges += part->exchanges[row];
    }
    return part->first_exchange[part->rows] == exchanges
               ? STATUS_OK
               : error_set(err, STATUS_INPUT, name, "not the sum of exchanges");
}

static enum status read_duplicates(struct catalogue_part *part, struct segment *settled,
                                   const char *name, struct error *err)
{
    const void *bytes;
    size_t len;
    uint64_t last = 0;
    TRY(segment_file(settled, name, &bytes, &len, err));
    bitmap_free(part->duplicates);
    part->duplicates = NULL;
    TRY(bitmap_read(bytes, len, &part->duplicates, err));
    bitmap_each(part->duplicates, keep_last, &last);
    if (bitmap_count(part->duplicates) && last >= part->rows)
        return error_set(err, STATUS_INPUT, name, "a row out of range");
    return STATUS_OK;
}

/* Gives each part its users and duplicates from the settled segment. */
static enum status read_settled(struct catalogue *catalogue, struct error *err)
{
    json_int_t users =
        json_integer_value(json_object_get(segment_meta(catalogue->settled), "users"));
    if (users < 0 || users >= PART_NO_CODE)
        return error_set(err, STATUS_INPUT, "settled", "not a number of users");
    catalogue->users = (uint32_t)users;
    for (size_t i = 0; i < catalogue->count; i++) {
        struct catalogue_part *part = &catalogue->parts[i];
        char name[40];
        TRY(read_rows(part, catalogue->settled, i, catalogue->users, err));
        snprintf(name, sizeof name, "%06zu.duplicates.roaring", i);
        TRY(read_duplicates(part, catalogue->settled, name, err));
    }
    return STATUS_OK;
}

/* Under the writer's lock, so that two runs do not remove each other's settlement. */
static enum status settle_locked(struct catalogue *catalogue, const char *folder, const char *dir,
                                 const char *path, const char *digest, struct error *err)
{
    int lock;
    TRY(catalogue_lock(folder, &lock, err));
    enum status status = segment_open(&catalogue->settled, path, NULL);
    if (status == STATUS_INPUT) {
        /* Only the newest settlement is of use. */
        TRY_CLEANUP(dir_remove(dir, err));
        TRY_CLEANUP(dir_make(dir, 0700, err));
        TRY_CLEANUP(settle(catalogue, path, digest, err));
        status = segment_open(&catalogue->settled, path, err);
    } else if (status != STATUS_OK) {
        status = error_nomem(err);
    }
cleanup:
    catalogue_unlock(lock);
    return status;
}

enum status settle_open(struct catalogue *catalogue, const char *folder, bool write,
                        struct error *err)
{
    char digest[65];
    TRY(parts_digest(catalogue, digest, err));
    enum status status = STATUS_OK;
    char *dir = path_join(folder, "settled");
    char *path = dir ? mem_printf("%s/%.16s", dir, digest) : NULL;
    if (!path) {
        status = error_nomem(err);
        goto cleanup;
    }
    status = segment_open(&catalogue->settled, path, err);
    if (status == STATUS_INPUT && write)
        status = settle_locked(catalogue, folder, dir, path, digest, err);
    if (status == STATUS_OK)
        status = read_settled(catalogue, err);
cleanup:
    free(dir);
    free(path);
    return status;
}
