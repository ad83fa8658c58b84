/*
 * The memo from a raw run of bytes to what is in it: how many words, and which of them match
 * patterns. It has a fixed size and forgets; what it answers never changes.
 */
#ifndef PROFFER_WORD_MEMO_H
#define PROFFER_WORD_MEMO_H

#include "queries/text/known_runs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MEMO_SHORT = RUN_BYTES, /* bytes of a run in the main table */
    MEMO_LONG = 40,         /* and in the other one */
    MEMO_BITS = 15,
    MEMO_SETS = 1 << MEMO_BITS, /* pairs of entries: 2 MiB */
    MEMO_LONG_SLOTS = 1 << 11,
    MEMO_HITS = 1 << 16,
    MEMO_HASHES = 1 << 17
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
    struct raw_run run;      /* all zeros is a free place */
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
    /* Hashes of the words of runs, where they are kept. */
    uint64_t *hashes;
    size_t hash_count;
    uint32_t *first_hash; /* by number of an entry, then of a long one */
    void *blocks[2];      /* what was allocated */
};

bool word_memo_init(struct word_memo *memo);        /* false without memory */
bool word_memo_keep_hashes(struct word_memo *memo); /* from now on; false without memory */
void word_memo_release(struct word_memo *memo);
void word_memo_forget(struct word_memo *memo);

/* What is known of a run. */
struct memo_found {
    const struct memo_value *value; /* NULL: nothing */
    const uint64_t *hashes;         /* of its words, where they are kept */
};

/* What is to be remembered of a run. */
struct memo_words {
    uint64_t words;
    const struct memo_hit *hits;
    size_t hit_count;
    uint32_t places;        /* of the first hit */
    const uint64_t *hashes; /* [words], where they are kept */
};

/* Of a run of at most MEMO_SHORT bytes. Putting one in forgets the older one of its pair, or all
 * when a pool is full; a run of more words or hits than fit is not kept. */
struct memo_found word_memo_find(const struct word_memo *memo, struct raw_run run);
void word_memo_put(struct word_memo *memo, struct raw_run run, const struct memo_words *words);

/* The same for a run of more than MEMO_SHORT and at most MEMO_LONG bytes. */
struct memo_found word_memo_find_long(const struct word_memo *memo, const char *run, size_t len);
void word_memo_put_long(struct word_memo *memo, const char *run, size_t len,
                        const struct memo_words *words);

#endif
