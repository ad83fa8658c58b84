/* The words of works as numbers: see work_words.h. */
#include "queries/text/work_words.h"

#include "base/memory.h"

#include <stdlib.h>

enum { SLOTS_FIRST = 1 << 12, AHEAD = 64 };

enum status work_words_init(struct work_words *words, struct error *err)
{
    *words = (struct work_words){.slot_count = SLOTS_FIRST};
    words->slots = mem_zalloc(SLOTS_FIRST, sizeof *words->slots);
    words->words = mem_grow(NULL, &words->capacity, 1, sizeof *words->words);
    words->starts = mem_grow(NULL, &words->starts_capacity, 1, sizeof *words->starts);
    words->hashes = mem_grow(NULL, &words->hashes_capacity, 1, sizeof *words->hashes);
    if (!words->slots || !words->words || !words->starts || !words->hashes)
        return error_nomem(err);
    words->words[words->count++] = 0;
    words->starts[0] = 1;
    words->hashes[words->numbers++] = 0;
    return STATUS_OK;
}

void work_words_release(struct work_words *words)
{
    free(words->words);
    free(words->starts);
    free(words->hashes);
    free(words->slots);
    *words = (struct work_words){.count = 0};
}

/* The hashes are random numbers to whoever does not know their key, so they need no mixing. */
static size_t slot_of(const struct work_words *words, uint64_t hash)
{
    size_t mask = words->slot_count - 1, at = (size_t)hash & mask;
    while (words->slots[at] && words->hashes[words->slots[at]] != hash)
        at = (at + 1) & mask;
    return at;
}

/* Room for MORE numbers, and slots that are at most half full with them. */
static enum status reserve(struct work_words *words, size_t more, struct error *err)
{
    size_t numbers = words->numbers + more;
    uint64_t *hashes =
        mem_grow(words->hashes, &words->hashes_capacity, numbers, sizeof *words->hashes);
    if (!hashes)
        return error_nomem(err);
    words->hashes = hashes;
    if (numbers * 2 <= words->slot_count)
        return STATUS_OK;
    size_t wanted = words->slot_count;
    while (wanted < numbers * 2)
        wanted *= 2;
    uint32_t *slots = mem_zalloc_large(wanted, sizeof *slots);
    if (!slots)
        return error_nomem(err);
    free(words->slots);
    words->slots = slots;
    words->slot_count = wanted;
    for (size_t number = 1; number < words->numbers; number++)
        slots[slot_of(words, hashes[number])] = (uint32_t)number;
    return STATUS_OK;
}

static enum status add_words(struct work_words *words, const uint64_t *hashes, size_t count,
                             struct error *err)
{
    TRY(reserve(words, count, err));
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(&words->slots[(size_t)hashes[i] & (words->slot_count - 1)]);
    for (size_t i = 0; i < count; i++) {
        size_t slot = slot_of(words, hashes[i]);
        if (!words->slots[slot]) {
            words->hashes[words->numbers] = hashes[i];
            words->slots[slot] = (uint32_t)words->numbers++;
        }
        words->words[words->count++] = words->slots[slot];
    }
    return STATUS_OK;
}

enum status work_words_add(struct work_words *words, const uint64_t *hashes, size_t count,
                           struct error *err)
{
    if (count >= WORK_PLACES_MAX - words->count)
        return error_set(err, STATUS_INPUT, NULL, "the works have more than %zu words",
                         WORK_PLACES_MAX);
    uint32_t *row = mem_grow(words->words, &words->capacity, words->count + count + 1, sizeof *row);
    if (!row)
        return error_nomem(err);
    words->words = row;
    uint32_t *starts =
        mem_grow(words->starts, &words->starts_capacity, words->works + 2, sizeof *starts);
    if (!starts)
        return error_nomem(err);
    words->starts = starts;
    for (size_t i = 0; i < count; i += AHEAD)
        TRY(add_words(words, hashes + i, count - i < AHEAD ? count - i : AHEAD, err));
    row[words->count++] = 0;
    starts[++words->works] = (uint32_t)words->count;
    return STATUS_OK;
}

uint32_t work_words_number(const struct work_words *words, uint64_t hash)
{
    return words->slots[slot_of(words, hash)];
}

uint32_t work_words_work(const struct work_words *words, uint32_t place)
{
    size_t low = 0, high = words->works;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (words->starts[mid] <= place)
            low = mid;
        else
            high = mid;
    }
    return (uint32_t)low;
}
