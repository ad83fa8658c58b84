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
    *memo = (struct word_memo){0};
}

void word_memo_forget(struct word_memo *memo)
{
    memset(memo->entries, 0, 2 * MEMO_SETS * sizeof *memo->entries);
    for (size_t i = 0; i < MEMO_LONG_SLOTS; i++)
        memo->longs[i].len = 0;
    memo->hit_count = 0;
}

static bool put_value(struct word_memo *memo, uint64_t words, const struct memo_hit *hits,
                      size_t hit_count, struct memo_value *value)
{
    if (words > UINT16_MAX || hit_count > MEMO_HITS_MASK)
        return false;
    if (hit_count > MEMO_HITS - memo->hit_count)
        word_memo_forget(memo);
    bool spread = false;
    for (size_t i = 0; i < hit_count; i++)
        spread |= hits[i].offset != 0;
    *value = (struct memo_value){.first = (uint32_t)memo->hit_count,
                                 .words = (uint16_t)words,
                                 .hits = (uint16_t)(hit_count | (spread ? MEMO_SPREAD : 0)),
                                 .set = hit_count ? hits[0].set : 0};
    if (hit_count)
        memcpy(memo->hits + memo->hit_count, hits, hit_count * sizeof *hits);
    memo->hit_count += hit_count;
    return true;
}

void word_memo_put(struct word_memo *memo, uint64_t low, uint64_t high, uint64_t words,
                   const struct memo_hit *hits, size_t hit_count, uint32_t places)
{
    struct memo_value value;
    if (!put_value(memo, words, hits, hit_count, &value))
        return;
    value.places = hit_count ? places : 0;
    struct memo_entry *pair = memo->entries + memo_set(low, high);
    if (pair[0].low)
        pair[1] = pair[0];
    pair[0] = (struct memo_entry){low, high, value};
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

const struct memo_value *word_memo_find_long(const struct word_memo *memo, const char *run,
                                             size_t len)
{
    const struct memo_long *entry = &memo->longs[long_slot(run, len)];
    return entry->len == len && memcmp(entry->run, run, len) == 0 ? &entry->value : NULL;
}

void word_memo_put_long(struct word_memo *memo, const char *run, size_t len, uint64_t words,
                        const struct memo_hit *hits, size_t hit_count)
{
    struct memo_value value;
    if (!put_value(memo, words, hits, hit_count, &value))
        return;
    struct memo_long *entry = &memo->longs[long_slot(run, len)];
    memcpy(entry->run, run, len);
    entry->len = (uint32_t)len;
    entry->value = value;
}
