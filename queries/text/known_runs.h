/*
 * Which runs of a text need a closer look. Most runs are one word that nobody asks for; those that
 * are known to be so stand in a table of known runs, and one comparison settles them. So do runs
 * that are one word that is asked for, with what it matches; the sift takes them out, and one look
 * at the same place of the table settles them too.
 *
 * A table is a cache: direct-mapped, of fixed size, it forgets. What it says is exact: it holds the
 * whole run, up to 16 bytes with zeros after it. A longer run is never known.
 */
#ifndef PROFFER_KNOWN_RUNS_H
#define PROFFER_KNOWN_RUNS_H

#include "queries/text/plain_points.h"
#include "queries/text/word_hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RUN_BYTES = 16, KNOWN_BITS = 14, KNOWN_SLOTS = 1 << KNOWN_BITS };

struct raw_run {
    uint64_t low, high; /* never all zeros */
};

/* What of two numbers of 8 bytes a run keeps, by its length; nothing where it is longer. */
extern const uint64_t raw_run_kept[RUN_BYTES + 2][2];

/* The first 8 and the next 8 bytes of the LEN bytes at RUN (16 of them readable),
 * zeros after them. */
static inline struct raw_run raw_run_of(const char *run, size_t len)
{
    struct raw_run key;
    memcpy(&key.low, run, 8);
    memcpy(&key.high, run + 8, 8);
    key.low &= raw_run_kept[len][0];
    key.high &= raw_run_kept[len][1];
    return key;
}

/* The run from EDGES[0] to EDGES[1] of TEXT; all zeros if it is longer than 16 bytes. */
static inline struct raw_run raw_run_between(const char *text, const uint32_t *edges)
{
    size_t from = edges[0], len = edges[1] - from;
    return raw_run_of(text + from, len > RUN_BYTES ? RUN_BYTES + 1 : len);
}

static inline uint64_t raw_run_hash(struct raw_run run)
{
    return (run.low ^ run.high * 0xC2B2AE3D27D4EB4Fu) * 0x9E3779B97F4A7C15u;
}

struct known_runs {
    struct raw_run *runs; /* [KNOWN_SLOTS] aligned; asked ones with KNOWN_ASKED */
    uint32_t *sets;       /* [KNOWN_SLOTS] of asked ones: as in struct occurrence */
    uint64_t *hashes;     /* [KNOWN_SLOTS] of the words, where they are kept */
    void *block;
    struct plain_points points;
};

bool known_runs_init(struct known_runs *known); /* false without memory; release in any case */
bool known_runs_keep_hashes(struct known_runs *known); /* from now on; false without memory */
void known_runs_release(struct known_runs *known);
void known_runs_forget(struct known_runs *known);

static inline size_t known_runs_slot(struct raw_run run)
{
    return raw_run_hash(run) >> (64 - KNOWN_BITS);
}

/* BYTE as the 16th byte of a run. */
static inline uint64_t raw_run_last(uint64_t byte)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return byte << 56;
#else
    return byte;
#endif
}

/* Marks in the 16th byte, where no run has such a byte: asked for; free. */
#define KNOWN_ASKED raw_run_last(1)
#define KNOWN_NONE  raw_run_last(2)

/* What is known of a run: it is one word. */
enum known { KNOWN_NOT, KNOWN_PLAIN, KNOWN_HIT };

static inline enum known known_runs_find(const struct known_runs *known, struct raw_run run,
                                         size_t slot)
{
    uint64_t low = known->runs[slot].low ^ run.low, high = known->runs[slot].high ^ run.high;
    return (low | high) == 0                   ? KNOWN_PLAIN
           : (low | (high ^ KNOWN_ASKED)) == 0 ? KNOWN_HIT
                                               : KNOWN_NOT;
}

/* RUN is one word that nobody asks for. */
static inline void known_runs_add_plain(struct known_runs *known, struct raw_run run)
{
    known->runs[known_runs_slot(run)] = run;
}

/* RUN, of at most 15 bytes, is one word that matches SET. */
static inline void known_runs_add_hit(struct known_runs *known, struct raw_run run, uint32_t set)
{
    size_t slot = known_runs_slot(run);
    known->runs[slot] = (struct raw_run){run.low, run.high | KNOWN_ASKED};
    known->sets[slot] = set;
}

/*
 * Fills OTHERS with the numbers, ascending, of those of COUNT runs that are not known to be plain,
 * and returns how many. Run i is from EDGES[2 i] to EDGES[2 i + 1] of TEXT, where 16 bytes from its
 * beginning must be readable. OTHERS has room for COUNT + 1.
 */
size_t known_runs_sift(const struct known_runs *known, const char *text, const uint32_t *edges,
                       size_t count, uint16_t *others);
/* Keeps of the COUNT numbers in OTHERS those of runs that are not known to be plain, and returns
 * how many. HASHES may be NULL; else those of plain runs that are not ASCII are put right. */
size_t known_runs_sift_again(const struct known_runs *known, const char *text,
                             const uint32_t *edges, uint16_t *others, size_t count,
                             uint64_t *hashes);

/* True if a byte of RUN is not ASCII. */
static inline bool raw_run_high(struct raw_run run)
{
    return ((run.low | run.high) & 0x8080808080808080u) != 0;
}

/* Fills HASHES with the hash of the word that each run of ASCII of at most 16 bytes is; of other
 * runs with anything. */
void raw_runs_hash(const char *text, const uint32_t *edges, size_t count,
                   const struct word_key *key, uint64_t *hashes);

#endif
