/*
 * Sifting runs: see known_runs.h. Whether a run is plain cannot be foretold, so its number is
 * written in any case and only counted if it is not; there is no branch in the loop.
 */
#include "queries/text/known_runs.h"

#include "base/memory.h"

#include <stdlib.h>

#define ONES(n) (0xFFFFFFFFFFFFFFFF >> (64 - 8 * (n)))
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define FIRST(n) ONES(n)
#else
#define FIRST(n) (ONES(n) << (64 - 8 * (n)))
#endif
const uint64_t raw_run_kept[RUN_BYTES + 2][2] = {
    {0, 0},
    {FIRST(1), 0},
    {FIRST(2), 0},
    {FIRST(3), 0},
    {FIRST(4), 0},
    {FIRST(5), 0},
    {FIRST(6), 0},
    {FIRST(7), 0},
    {FIRST(8), 0},
    {FIRST(8), FIRST(1)},
    {FIRST(8), FIRST(2)},
    {FIRST(8), FIRST(3)},
    {FIRST(8), FIRST(4)},
    {FIRST(8), FIRST(5)},
    {FIRST(8), FIRST(6)},
    {FIRST(8), FIRST(7)},
    {FIRST(8), FIRST(8)},
    {0, 0},
};

bool known_runs_init(struct known_runs *known)
{
    const size_t line = 64;
    known->sets = mem_zalloc(KNOWN_SLOTS, sizeof *known->sets);
    known->block = malloc(KNOWN_SLOTS * sizeof *known->runs + line);
    if (!known->sets || !known->block)
        return false;
    known->runs = (void *)(((uintptr_t)known->block + line - 1) & ~(uintptr_t)(line - 1));
    known_runs_forget(known);
    return true;
}

bool known_runs_keep_hashes(struct known_runs *known)
{
    known_runs_forget(known);
    if (!known->hashes)
        known->hashes = mem_zalloc(KNOWN_SLOTS, sizeof *known->hashes);
    return known->hashes != NULL;
}

void known_runs_release(struct known_runs *known)
{
    free(known->sets);
    free(known->hashes);
    free(known->block);
    *known = (struct known_runs){0};
}

void known_runs_forget(struct known_runs *known)
{
    for (size_t i = 0; i < KNOWN_SLOTS; i++)
        known->runs[i] = (struct raw_run){0, KNOWN_NONE};
    known->points = (struct plain_points){{0}};
}

/* Not 0 unless RUN is plain. */
static inline uint64_t differs(const struct raw_run *runs, struct raw_run run)
{
    const struct raw_run *known = &runs[known_runs_slot(run)];
    return (known->low ^ run.low) | (known->high ^ run.high);
}

size_t known_runs_sift(const struct known_runs *known, const char *text, const uint32_t *edges,
                       size_t count, uint16_t *others)
{
    const struct raw_run *runs = known->runs;
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        others[n] = (uint16_t)i;
        n += differs(runs, raw_run_between(text, edges + 2 * i)) != 0;
    }
    return n;
}

static size_t sift_again(const struct raw_run *runs, const char *text, const uint32_t *edges,
                         uint16_t *others, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        uint16_t other = others[i];
        others[n] = other;
        n += differs(runs, raw_run_between(text, edges + 2 * (size_t)other)) != 0;
    }
    return n;
}

size_t known_runs_sift_again(const struct known_runs *known, const char *text,
                             const uint32_t *edges, uint16_t *others, size_t count,
                             uint64_t *hashes)
{
    if (!hashes)
        return sift_again(known->runs, text, edges, others, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        uint16_t other = others[i];
        struct raw_run run = raw_run_between(text, edges + 2 * (size_t)other);
        uint64_t remembered = known->hashes[known_runs_slot(run)];
        hashes[other] = raw_run_high(run) ? remembered : hashes[other];
        others[n] = other;
        n += differs(known->runs, run) != 0;
    }
    return n;
}

void raw_runs_hash(const char *text, const uint32_t *edges, size_t count,
                   const struct word_key *key, uint64_t *hashes)
{
    const uint64_t small = 0x2020202020202020u;
    for (size_t i = 0; i < count; i++) {
        struct raw_run run = raw_run_between(text, edges + 2 * i);
        size_t len = edges[2 * i + 1] - edges[2 * i];
        const uint64_t *kept = raw_run_kept[len > RUN_BYTES ? RUN_BYTES + 1 : len];
        hashes[i] = word_hash_short(key, run.low | (small & kept[0]), run.high | (small & kept[1]));
    }
}
