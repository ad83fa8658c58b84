/*
 * Sets of 32-bit numbers over CRoaring 0.2.66: see bitmap.h.
 *
 * The portable format (https://github.com/RoaringBitmap/RoaringFormatSpec), little-endian:
 *
 *     no runs:  12346 u32 | containers u32
 *     runs:     12347 u16 | containers-1 u16 | one bit a container: is it a run container
 *     then:     (key u16, cardinality-1 u16) a container
 *               position u32 a container (always without runs; with runs from 4 containers on)
 *               the containers: array  value u16 ...           up to 4096 values
 *                               bitset 8192 bytes              more than 4096 values
 *                               run    count u16, (start u16, length-1 u16) ...
 *
 * CRoaring 0.2.66 reads within the buffer but believes what it reads: unsorted keys or arrays and
 * false cardinalities make later calls write out of bounds. So bitmap_read walks all bytes first
 * and accepts only what CRoaring itself would have written: ascending keys, values and runs, true
 * cardinalities, true positions, nothing left over.
 *
 * Limits: CRoaring does not report exhausted memory while it adds to a set; it is for the caller to
 * bound its sets (a set of n values takes at most 8 KiB for each 65,536 numbers of its range).
 */
#include "queries/catalogue/bitmap.h"

#include "base/memory.h"

#include <roaring/roaring.h>
#include <stdlib.h>
#include <string.h>

enum {
    COOKIE_PLAIN = 12346,
    COOKIE_RUNS = 12347,
    OFFSETS_FROM = 4, /* containers, from which on a form with runs has positions too */
    ARRAY_MAX = 4096,
    BITSET_BYTES = 8192
};

struct bitmap {
    roaring_bitmap_t *roaring;
};

/* Takes ROARING over; NULL in, NULL out. */
static struct bitmap *wrap(roaring_bitmap_t *roaring)
{
    if (!roaring)
        return NULL;
    struct bitmap *set = mem_zalloc(1, sizeof *set);
    if (!set) {
        roaring_bitmap_free(roaring);
        return NULL;
    }
    set->roaring = roaring;
    return set;
}

struct bitmap *bitmap_new(void)
{
    return wrap(roaring_bitmap_create());
}

void bitmap_free(struct bitmap *set)
{
    if (!set)
        return;
    roaring_bitmap_free(set->roaring);
    free(set);
}

struct bitmap *bitmap_copy(const struct bitmap *set)
{
    return wrap(roaring_bitmap_copy(set->roaring));
}

void bitmap_add(struct bitmap *set, uint32_t value)
{
    roaring_bitmap_add(set->roaring, value);
}

void bitmap_add_many(struct bitmap *set, const uint32_t *values, size_t count)
{
    roaring_bitmap_add_many(set->roaring, count, values);
}

void bitmap_add_range(struct bitmap *set, uint64_t from, uint64_t to)
{
    if (to > (uint64_t)UINT32_MAX + 1)
        to = (uint64_t)UINT32_MAX + 1;
    if (from < to)
        roaring_bitmap_add_range_closed(set->roaring, (uint32_t)from, (uint32_t)(to - 1));
}

void bitmap_remove_range(struct bitmap *set, uint64_t from, uint64_t to)
{
    if (to > (uint64_t)UINT32_MAX + 1)
        to = (uint64_t)UINT32_MAX + 1;
    if (from < to)
        roaring_bitmap_remove_range_closed(set->roaring, (uint32_t)from, (uint32_t)(to - 1));
}

bool bitmap_contains(const struct bitmap *set, uint32_t value)
{
    return roaring_bitmap_contains(set->roaring, value);
}

uint64_t bitmap_count(const struct bitmap *set)
{
    return roaring_bitmap_get_cardinality(set->roaring);
}

uint64_t bitmap_and_count(const struct bitmap *a, const struct bitmap *b)
{
    return roaring_bitmap_and_cardinality(a->roaring, b->roaring);
}

bool bitmap_equal(const struct bitmap *a, const struct bitmap *b)
{
    return roaring_bitmap_equals(a->roaring, b->roaring);
}

void bitmap_and(struct bitmap *a, const struct bitmap *b)
{
    if (a != b)
        roaring_bitmap_and_inplace(a->roaring, b->roaring);
}

void bitmap_or(struct bitmap *a, const struct bitmap *b)
{
    if (a != b)
        roaring_bitmap_or_inplace(a->roaring, b->roaring);
}

void bitmap_andnot(struct bitmap *a, const struct bitmap *b)
{
    if (a != b)
        roaring_bitmap_andnot_inplace(a->roaring, b->roaring);
    else
        roaring_bitmap_clear(a->roaring);
}

void bitmap_each(const struct bitmap *set, bool (*visit)(uint32_t value, void *context),
                 void *context)
{
    (void)roaring_iterate(set->roaring, visit, context);
}

void bitmap_values(const struct bitmap *set, uint32_t *values)
{
    roaring_bitmap_to_uint32_array(set->roaring, values);
}

enum status bitmap_write(struct bitmap *set, struct buffer *out, struct error *err)
{
    (void)roaring_bitmap_run_optimize(set->roaring);
    size_t len = roaring_bitmap_portable_size_in_bytes(set->roaring);
    if (len > SIZE_MAX - out->len)
        return error_nomem(err);
    TRY(buffer_reserve(out, out->len + len, err));
    if (roaring_bitmap_portable_serialize(set->roaring, out->data + out->len) != len)
        return error_set(err, STATUS_INTERNAL, NULL, "a bitmap was not written whole");
    out->len += len;
    out->data[out->len] = '\0';
    return STATUS_OK;
}

/* ---- the walk over hostile bytes ---- */

struct walk {
    const unsigned char *bytes;
    size_t len, at;
};

static bool walk_has(const struct walk *walk, size_t len)
{
    return len <= walk->len - walk->at;
}

static uint32_t u16_at(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u32_at(const unsigned char *p)
{
    return u16_at(p) | u16_at(p + 2) << 16;
}

/* N values, ascending. */
static bool array_holds(const unsigned char *p, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++)
        if (u16_at(p + 2 * i) <= u16_at(p + 2 * (i - 1)))
            return false;
    return true;
}

static bool bitset_holds(const unsigned char *p, uint32_t cardinality)
{
    uint32_t count = 0;
    for (size_t i = 0; i < BITSET_BYTES; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, sizeof word);
        count += (uint32_t)__builtin_popcountll(word);
    }
    return count == cardinality;
}

/* Runs ascend, with a gap between any two, and hold CARDINALITY values. */
static bool runs_hold(const unsigned char *p, uint32_t n, uint32_t cardinality)
{
    uint32_t count = 0, least = 0; /* least: where the next run may start */
    for (uint32_t i = 0; i < n; i++, p += 4) {
        uint32_t start = u16_at(p), last = start + u16_at(p + 2);
        if (start < least || last > UINT16_MAX)
            return false;
        count += last - start + 1;
        least = last + 2;
    }
    return count == cardinality;
}

/* Walks one container of CARDINALITY values; false if it is broken. */
static bool walk_container(struct walk *walk, bool run, uint32_t cardinality)
{
    const unsigned char *p = walk->bytes + walk->at;
    size_t size;
    if (run) {
        if (!walk_has(walk, 2))
            return false;
        uint32_t n = u16_at(p);
        size = 2 + 4 * (size_t)n;
        if (!n || !walk_has(walk, size) || !runs_hold(p + 2, n, cardinality))
            return false;
    } else if (cardinality > ARRAY_MAX) {
        size = BITSET_BYTES;
        if (!walk_has(walk, size) || !bitset_holds(p, cardinality))
            return false;
    } else {
        size = 2 * (size_t)cardinality;
        if (!walk_has(walk, size) || !array_holds(p, cardinality))
            return false;
    }
    walk->at += size;
    return true;
}

/* NULL if BYTES are a portable form of exactly LEN bytes, else what is wrong. */
static const char *portable_fault(const unsigned char *bytes, size_t len)
{
    struct walk walk = {bytes, len, 0};
    if (!walk_has(&walk, 4))
        return "it ends in its header";
    uint32_t cookie = u32_at(bytes), containers;
    const unsigned char *run_flags = NULL;
    walk.at = 4;
    if ((cookie & UINT16_MAX) == COOKIE_RUNS) {
        containers = (cookie >> 16) + 1;
        size_t flags = (containers + 7) / 8;
        if (!walk_has(&walk, flags))
            return "it ends in its header";
        run_flags = bytes + walk.at;
        if (containers % 8 && run_flags[flags - 1] >> containers % 8)
            return "it marks containers that it has not";
        walk.at += flags;
    } else if (cookie == COOKIE_PLAIN) {
        if (!walk_has(&walk, 4))
            return "it ends in its header";
        containers = u32_at(bytes + 4);
        walk.at += 4;
    } else {
        return "it does not begin as one";
    }
    if (containers > UINT16_MAX + 1u)
        return "it has too many containers";
    bool offsets = !run_flags || containers >= OFFSETS_FROM;
    size_t header = (size_t)containers * (offsets ? 8 : 4);
    if (!walk_has(&walk, header))
        return "it ends in its header";
    const unsigned char *keys = bytes + walk.at, *positions = keys + (size_t)containers * 4;
    walk.at += header;
    for (uint32_t i = 0; i < containers; i++) {
        if (i && u16_at(keys + 4 * (size_t)i) <= u16_at(keys + 4 * (size_t)(i - 1)))
            return "its containers are not in order";
        if (offsets && u32_at(positions + 4 * (size_t)i) != walk.at)
            return "a container is not where it says";
        bool run = run_flags && run_flags[i / 8] >> i % 8 & 1;
        if (!walk_container(&walk, run, u16_at(keys + 4 * (size_t)i + 2) + 1))
            return "a container is broken";
    }
    return walk.at == len ? NULL : "something follows it";
}

enum status bitmap_read(const void *bytes, size_t len, struct bitmap **set, struct error *err)
{
    *set = NULL;
    const char *fault = portable_fault(bytes, len);
    if (fault)
        return error_set(err, STATUS_INPUT, NULL, "a bitmap is broken: %s", fault);
    roaring_bitmap_t *roaring = roaring_bitmap_portable_deserialize_safe(bytes, len);
    if (!roaring)
        return error_nomem(err);
    if (roaring_bitmap_portable_size_in_bytes(roaring) != len) {
        roaring_bitmap_free(roaring);
        return error_set(err, STATUS_INPUT, NULL, "a bitmap is broken: its size is not its own");
    }
    *set = wrap(roaring);
    return *set ? STATUS_OK : error_nomem(err);
}
