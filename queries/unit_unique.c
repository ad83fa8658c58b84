/* Whether units can be told apart by their ids: see unit.h. */
#include "base/memory.h"
#include "queries/unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

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
