/*
 * The memo from a raw run of bytes to what is in it: how many words, and which of them match
 * patterns. It has a fixed size and forgets; what it answers never changes.
 */
#ifndef PROFFER_WORD_MEMO_H
#define PROFFER_WORD_MEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    MEMO_SHORT = 16, /* bytes of a run in the main table */
    MEMO_LONG = 40,  /* and in the other one */
    MEMO_BITS = 15,
    MEMO_SETS = 1 << MEMO_BITS, /* pairs of entries: 2 MiB */
    MEMO_LONG_SLOTS = 1 << 11,
    MEMO_HITS = 1 << 16
};

/* A word of a run that matches something. */
struct memo_hit {
    uint32_t offset; /* words of the run before it */
    uint32_t set;    /* as in struct occurrence */
    uint32_t seen;   /* its number among words seen, or UINT32_MAX */
};

/* What the memo says of a run. HITS is their number, with MEMO_SPREAD if any is not at offset 0, so
 * that HITS <= 1 is the common case: at most one hit, whose set is SET. */
struct memo_value {
    uint32_t first; /* in memo->hits */
    uint16_t words, hits;
    uint32_t set;    /* of the first hit; 0 if there is none */
    uint32_t places; /* bits of places where some term asks for it; 0 if there is no hit */
};

enum { MEMO_SPREAD = 0x8000, MEMO_HITS_MASK = 0x7FFF };

struct memo_entry {
    uint64_t low, high;      /* the run, zeros after it; 0 is a free place */
    struct memo_value value; /* two entries fill a cache line */
};

struct memo_long {
    char run[MEMO_LONG];
    struct memo_value value;
    uint32_t len; /* 0 is a free place */
    uint32_t unused;
};

struct word_memo {
    struct memo_entry *entries; /* MEMO_SETS pairs, aligned; the newer one of a pair first */
    struct memo_long *longs;
    struct memo_hit *hits;
    size_t hit_count;
    void *blocks[2]; /* what was allocated */
};

bool word_memo_init(struct word_memo *memo); /* false without memory */
void word_memo_release(struct word_memo *memo);
void word_memo_forget(struct word_memo *memo);

static inline size_t memo_set(uint64_t low, uint64_t high)
{
    uint64_t hash = (low ^ high * 0xC2B2AE3D27D4EB4Fu) * 0x9E3779B97F4A7C15u;
    return (size_t)(hash >> (64 - MEMO_BITS)) * 2;
}

/* The two places where a run of at most MEMO_SHORT bytes may stand. */
static inline const struct memo_entry *memo_pair(const struct word_memo *memo, uint64_t low,
                                                 uint64_t high)
{
    return memo->entries + memo_set(low, high);
}

/* The value of a run that may stand in PAIR, or NULL. */
static inline const struct memo_value *memo_find_in(const struct memo_entry *pair, uint64_t low,
                                                    uint64_t high)
{
    /* Which of the two it is cannot be foretold: the empty asm keeps compilers from a branch. */
    size_t way = ((pair[0].low ^ low) | (pair[0].high ^ high)) != 0;
    __asm__("" : "+r"(way));
    const struct memo_entry *entry = pair + way;
    uint64_t differs = (entry->low ^ low) | (entry->high ^ high);
    return __builtin_expect(differs != 0, 0) ? NULL : &entry->value;
}

/* The value of a run of at most MEMO_SHORT bytes, or NULL. */
static inline const struct memo_value *memo_find(const struct word_memo *memo, uint64_t low,
                                                 uint64_t high)
{
    return memo_find_in(memo_pair(memo, low, high), low, high);
}

/* Puts a run in whose hits are HITS; forgets the older one of its pair, or all when hits are full.
 * A run of more words or hits than fit is not kept. PLACES are those of the first hit. */
void word_memo_put(struct word_memo *memo, uint64_t low, uint64_t high, uint64_t words,
                   const struct memo_hit *hits, size_t hit_count, uint32_t places);

/* The same for a run of more than MEMO_SHORT and at most MEMO_LONG bytes. */
const struct memo_value *word_memo_find_long(const struct word_memo *memo, const char *run,
                                             size_t len);
void word_memo_put_long(struct word_memo *memo, const char *run, size_t len, uint64_t words,
                        const struct memo_hit *hits, size_t hit_count);

#endif
