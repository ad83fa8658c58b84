/*
 * The word memo. Two tables: one of pairs of entries for runs of up to 16 bytes, a pair a cache
 * line, where the newer entry pushes the older one out; and one of single entries for longer ones.
 * Hits of all entries stand in one pool; when it is full everything is forgotten.
 */
#include "queries/text/word_memo.h"

#include <stdlib.h>

enum { CACHE_LINE = 64 };

static void *new_aligned(size_t size, void **block)
{
    *block = calloc(size + CACHE_LINE, 1);
    if (!*block)
        return NULL;
    uintptr_t at = ((uintptr_t)*block + CACHE_LINE - 1) & ~(uintptr_t)(CACHE_LINE - 1);
    return (void *)at;
}

bool word_memo_init(struct word_memo *memo)
{
    *memo = (struct word_memo){0};
    memo->entries = new_aligned(2 * MEMO_SETS * sizeof *memo->entries, &memo->blocks[0]);
    memo->longs = new_aligned(MEMO_LONG_SLOTS * sizeof *memo->longs, &memo->blocks[1]);
    memo->hits = malloc(MEMO_HITS * sizeof *memo->hits);
    if (memo->entries && memo->longs && memo->hits)
        return true;
    word_memo_release(memo);
    return false;
}

void word_memo_release(struct word_memo *memo)
{
    free(memo->blocks[0]);
    free(memo->blocks[1]);
    free(memo->hits);
    free(memo->hashes);
    free(memo->first_hash);
    *memo = (struct word_memo){0};
}

void word_memo_forget(struct word_memo *memo)
{
    memset(memo->entries, 0, 2 * MEMO_SETS * sizeof *memo->entries);
    for (size_t i = 0; i < MEMO_LONG_SLOTS; i++)
        memo->longs[i].len = 0;
    memo->hit_count = memo->hash_count = 0;
}

bool word_memo_keep_hashes(struct word_memo *memo)
{
    word_memo_forget(memo);
    if (!memo->hashes)
        memo->hashes = malloc(MEMO_HASHES * sizeof *memo->hashes);
    if (!memo->first_hash)
        memo->first_hash = malloc((2 * MEMO_SETS + MEMO_LONG_SLOTS) * sizeof *memo->first_hash);
    return memo->hashes && memo->first_hash;
}

/* Puts what a value points to into the pools. */
static bool put_value(struct word_memo *memo, const struct memo_words *words,
                      struct memo_value *value)
{
    if (words->words > UINT16_MAX || words->hit_count > MEMO_HITS_MASK)
        return false;
    if (words->hit_count > MEMO_HITS - memo->hit_count ||
        (memo->hashes && words->words > MEMO_HASHES - memo->hash_count))
        word_memo_forget(memo);
    bool spread = false;
    for (size_t i = 0; i < words->hit_count; i++)
        spread |= words->hits[i].offset != 0;
    *value = (struct memo_value){.first = (uint32_t)memo->hit_count,
                                 .words = (uint16_t)words->words,
                                 .hits = (uint16_t)(words->hit_count | (spread ? MEMO_SPREAD : 0)),
                                 .set = words->hit_count ? words->hits[0].set : 0,
                                 .places = words->hit_count ? words->places : 0};
    if (words->hit_count)
        memcpy(memo->hits + memo->hit_count, words->hits, words->hit_count * sizeof *words->hits);
    memo->hit_count += words->hit_count;
    return true;
}

/* Puts the hashes of entry NUMBER into their pool, which has room. */
static void put_hashes(struct word_memo *memo, size_t number, const struct memo_words *words)
{
    if (!memo->hashes)
        return;
    memo->first_hash[number] = (uint32_t)memo->hash_count;
    if (words->words)
        memcpy(memo->hashes + memo->hash_count, words->hashes,
               (size_t)words->words * sizeof *memo->hashes);
    memo->hash_count += (size_t)words->words;
}

static const uint64_t *hashes_of(const struct word_memo *memo, size_t number)
{
    return memo->hashes ? memo->hashes + memo->first_hash[number] : NULL;
}

static size_t pair_of(struct raw_run run)
{
    return (size_t)(raw_run_hash(run) >> (64 - MEMO_BITS)) * 2;
}

static bool same(struct raw_run a, struct raw_run b)
{
    return ((a.low ^ b.low) | (a.high ^ b.high)) == 0;
}

struct memo_found word_memo_find(const struct word_memo *memo, struct raw_run run)
{
    size_t at = pair_of(run);
    at += !same(memo->entries[at].run, run);
    if (!same(memo->entries[at].run, run))
        return (struct memo_found){NULL, NULL};
    return (struct memo_found){&memo->entries[at].value, hashes_of(memo, at)};
}

void word_memo_put(struct word_memo *memo, struct raw_run run, const struct memo_words *words)
{
    struct memo_value value;
    if (!put_value(memo, words, &value))
        return;
    size_t at = pair_of(run);
    struct memo_entry *pair = memo->entries + at;
    if (pair[0].run.low) {
        pair[1] = pair[0];
        if (memo->hashes)
            memo->first_hash[at + 1] = memo->first_hash[at];
    }
    pair[0] = (struct memo_entry){run, value};
    put_hashes(memo, at, words);
}

static size_t long_slot(const char *run, size_t len)
{
    uint64_t hash = len;
    char padded[MEMO_LONG] = {0};
    memcpy(padded, run, len);
    for (size_t i = 0; i < MEMO_LONG; i += 8) {
        uint64_t part;
        memcpy(&part, padded + i, 8);
        hash = (hash ^ part) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
    }
    return (size_t)(hash % MEMO_LONG_SLOTS);
}

struct memo_found word_memo_find_long(const struct word_memo *memo, const char *run, size_t len)
{
    size_t at = long_slot(run, len);
    const struct memo_long *entry = &memo->longs[at];
    if (entry->len != len || memcmp(entry->run, run, len) != 0)
        return (struct memo_found){NULL, NULL};
    return (struct memo_found){&entry->value, hashes_of(memo, 2 * MEMO_SETS + at)};
}

void word_memo_put_long(struct word_memo *memo, const char *run, size_t len,
                        const struct memo_words *words)
{
    struct memo_value value;
    if (!put_value(memo, words, &value))
        return;
    size_t at = long_slot(run, len);
    struct memo_long *entry = &memo->longs[at];
    memcpy(entry->run, run, len);
    entry->len = (uint32_t)len;
    entry->value = value;
    put_hashes(memo, 2 * MEMO_SETS + at, words);
}
