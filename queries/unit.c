/* Units and their ids: see unit.h. */
#include "queries/unit.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/parallel.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

const char *const unit_namings[] = {"id", "user/id", NULL};

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

struct span unit_id(const struct units *units, size_t p, uint32_t row,
                    char scratch[static UNIT_ID_MAX])
{
    const struct catalogue_part *part = &units->catalogue->parts[p];
    char made[CATALOGUE_ID_MAX];
    struct span id = catalogue_id(part, row, made);
    if (units->naming == UNIT_BY_ID && id.data != made && !memchr(id.data, '\0', id.len))
        return id;
    struct id_text out = {scratch, 0};
    if (units->naming == UNIT_BY_USER_AND_ID) {
        uint32_t code = part->user.codes[row];
        const struct segment_strings *users = &part->user.dictionary;
        if (code != PART_NO_CODE)
            put_user(&out, users->bytes + users->offsets[code],
                     users->offsets[code + 1] - users->offsets[code]);
        put(&out, "/", 1);
    }
    for (size_t i = 0; i < id.len; i++) {
        if (id.data[i] == '\0')
            put(&out, "\xEF\xBF\xBD", 3);
        else
            put(&out, id.data + i, 1);
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

static size_t part_blocks(const struct catalogue_part *part)
{
    return ((size_t)part->rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
}

static enum status visit_block(struct walk *walk, unsigned worker, size_t p, size_t block,
                               struct error *err)
{
    const struct units *units = walk->units;
    char scratch[UNIT_ID_MAX];
    uint64_t from = (uint64_t)block * BLOCK_ROWS, to = from + BLOCK_ROWS;
    uint32_t rows = units->catalogue->parts[p].rows;
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
        while (p < catalogue->count && block - first >= part_blocks(&catalogue->parts[p]))
            first += part_blocks(&catalogue->parts[p++]);
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

/* ---- digest ---- */

struct digesting {
    struct digest *digest;
    char *chunk;
    size_t len;
};

enum { DIGEST_CHUNK = 1 << 16 };

static enum status digest_id(void *context, unsigned worker, size_t part, uint32_t row,
                             struct span id, struct error *err)
{
    (void)worker, (void)part, (void)row;
    struct digesting *d = context;
    if (d->len + id.len + 1 > DIGEST_CHUNK) {
        TRY(digest_add(d->digest, d->chunk, d->len, err));
        d->len = 0;
    }
    if (id.len + 1 > DIGEST_CHUNK) { /* only a catalogue that no scan made has such ids */
        TRY(digest_add(d->digest, id.data, id.len, err));
        return digest_add(d->digest, "", 1, err);
    }
    memcpy(d->chunk + d->len, id.data, id.len);
    d->chunk[d->len + id.len] = '\0';
    d->len += id.len + 1;
    return STATUS_OK;
}

enum status units_digest(const struct units *units, char hex[static 65], struct error *err)
{
    enum status status = STATUS_OK;
    struct sha256 value;
    struct digesting d = {digest_new(), malloc(DIGEST_CHUNK), 0};
    if (!d.digest || !d.chunk) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(digest_add_text(d.digest, "proffer frame 1", err));
    TRY_CLEANUP(digest_add_text(d.digest, "conversation", err));
    TRY_CLEANUP(digest_add_text(d.digest, unit_namings[units->naming], err));
    TRY_CLEANUP(units_each(units, 1, digest_id, &d, err));
    TRY_CLEANUP(digest_add(d.digest, d.chunk, d.len, err));
    TRY_CLEANUP(digest_end(d.digest, &value, err));
    sha256_hex(&value, hex);
cleanup:
    digest_free(d.digest);
    free(d.chunk);
    return status;
}

/* ---- uniqueness ---- */

struct suspect {
    uint64_t hash;
    uint32_t part, row;
};

struct uniqueness {
    uint64_t *seen, *twice; /* a bit for each value of the hash's low bits */
    uint64_t mask, seed;
    uint64_t collisions; /* units whose bit was set already */
    size_t passes, pass; /* suspects are compared in passes by the hash's high bits */
    struct suspect *suspects;
    size_t count, capacity;
};

static enum status mark_id(void *context, unsigned worker, size_t part, uint32_t row,
                           struct span id, struct error *err)
{
    (void)worker, (void)part, (void)row, (void)err;
    struct uniqueness *u = context;
    uint64_t bit = XXH3_64bits_withSeed(id.data, id.len, u->seed) & u->mask;
    uint64_t flag = UINT64_C(1) << (bit & 63);
    if (u->seen[bit >> 6] & flag) {
        u->twice[bit >> 6] |= flag;
        u->collisions++;
    }
    u->seen[bit >> 6] |= flag;
    return STATUS_OK;
}

static enum status collect_suspect(void *context, unsigned worker, size_t part, uint32_t row,
                                   struct span id, struct error *err)
{
    (void)worker;
    struct uniqueness *u = context;
    uint64_t hash = XXH3_64bits_withSeed(id.data, id.len, u->seed);
    uint64_t bit = hash & u->mask;
    if (!(u->twice[bit >> 6] >> (bit & 63) & 1) || (hash >> 40) % u->passes != u->pass)
        return STATUS_OK;
    struct suspect *grown = mem_grow(u->suspects, &u->capacity, u->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    u->suspects = grown;
    u->suspects[u->count++] = (struct suspect){hash, (uint32_t)part, row};
    return STATUS_OK;
}

static int compare_suspects(const void *a, const void *b)
{
    const struct suspect *left = a, *right = b;
    return (left->hash > right->hash) - (left->hash < right->hash);
}

/* Equal hashes of different ids are as good as never seen, so the first pair mostly decides. */
static bool suspects_differ(const struct units *units, const struct uniqueness *u)
{
    char scratch_a[UNIT_ID_MAX], scratch_b[UNIT_ID_MAX];
    for (size_t i = 0; i < u->count; i++)
        for (size_t j = i + 1; j < u->count && u->suspects[j].hash == u->suspects[i].hash; j++) {
            struct span a = unit_id(units, u->suspects[i].part, u->suspects[i].row, scratch_a);
            struct span b = unit_id(units, u->suspects[j].part, u->suspects[j].row, scratch_b);
            if (a.len == b.len && memcmp(a.data, b.data, a.len) == 0)
                return false;
        }
    return true;
}

enum status units_unique(const struct units *units, bool *unique, struct error *err)
{
    enum { PASS_SUSPECTS = 1 << 21 };
    enum status status = STATUS_OK;
    uint64_t bits = 1024;
    while (bits / 4 < units->count)
        bits *= 2;
    struct uniqueness u = {.mask = bits - 1};
    *unique = true;
    u.seen = mem_zalloc(bits / 64, sizeof *u.seen);
    u.twice = mem_zalloc(bits / 64, sizeof *u.twice);
    if (!u.seen || !u.twice) {
        status = error_nomem(err);
        goto cleanup;
    }
    if (getrandom(&u.seed, sizeof u.seed, 0) != sizeof u.seed)
        u.seed = 0; /* only speed against chosen ids depends on it */
    TRY_CLEANUP(units_each(units, 1, mark_id, &u, err));
    u.passes = 1 + (size_t)(2 * u.collisions / PASS_SUSPECTS);
    for (u.pass = 0; *unique && u.collisions && u.pass < u.passes; u.pass++) {
        u.count = 0;
        TRY_CLEANUP(units_each(units, 1, collect_suspect, &u, err));
        if (u.count)
            qsort(u.suspects, u.count, sizeof *u.suspects, compare_suspects);
        *unique = suspects_differ(units, &u);
    }
cleanup:
    free(u.seen);
    free(u.twice);
    free(u.suspects);
    return status;
}
