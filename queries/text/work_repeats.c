/* Text that repeats within the works: see work_repeats.h. */
#include "queries/text/work_repeats.h"

#include "base/memory.h"
#include "queries/text/suffix_sort.h"

#include <stdlib.h>
#include <string.h>

static enum status add_stretch(struct work_repeats *repeats, const struct work_words *words,
                               size_t from, size_t to, struct error *err)
{
    size_t len = to - from;
    if (len >= SUFFIX_MAX - repeats->count)
        return error_set(err, STATUS_INPUT, NULL, "the works repeat too much text");
    uint32_t *text =
        mem_grow(repeats->text, &repeats->capacity, repeats->count + len + 1, sizeof *text);
    if (!text)
        return error_nomem(err);
    repeats->text = text;
    struct repeat_stretch *stretches = mem_grow(repeats->stretches, &repeats->stretch_capacity,
                                                repeats->stretch_count + 1, sizeof *stretches);
    if (!stretches)
        return error_nomem(err);
    repeats->stretches = stretches;
    stretches[repeats->stretch_count++] =
        (struct repeat_stretch){(uint32_t)from, (uint32_t)repeats->count};
    memcpy(text + repeats->count, words->words + from, len * sizeof *text);
    repeats->count += len;
    text[repeats->count++] = 0;
    return STATUS_OK;
}

/* The first place from AT on where a repeated window begins; COUNT if there is none. */
static size_t next_repeated(const struct work_windows *windows, size_t at, size_t count)
{
    if (at >= count)
        return count;
    size_t group = at / 64, groups = count / 64 + 1;
    uint64_t bits = windows->repeated[group] & UINT64_MAX << at % 64;
    while (!bits && ++group < groups)
        bits = windows->repeated[group];
    return bits ? group * 64 + (size_t)__builtin_ctzll(bits) : count;
}

/* Stretches of windows that overlap, or nearly, are one stretch, so that no word is copied twice.
 */
static enum status copy_stretches(struct work_repeats *repeats, const struct work_windows *windows,
                                  struct error *err)
{
    const struct work_words *words = windows->words;
    size_t count = words->count;
    for (size_t from = next_repeated(windows, 0, count); from < count;) {
        size_t to = from; /* a word more than the last window so far, or its work's end */
        size_t next = from;
        do {
            to = next + windows->window;
            to += words->words[to] != 0;
            next = next_repeated(windows, next + 1, count);
        } while (next < to);
        TRY(add_stretch(repeats, words, from, to, err));
        from = next;
    }
    return STATUS_OK;
}

/* Marks the windows of which more than WORK_COMMON_PLACES stand side by side. */
static void mark_common(struct work_repeats *repeats, uint32_t window)
{
    const struct suffix_index *index = &repeats->index;
    const uint32_t *shared = index->shared.levels[0];
    for (size_t from = 0, to; from < index->count; from = to) {
        for (to = from + 1; to < index->count && shared[to] >= window;)
            to++;
        if (to - from <= WORK_COMMON_PLACES)
            continue;
        for (size_t i = from; i < to; i++) {
            size_t place = work_repeats_place(repeats, index->order[i]);
            repeats->common[place / 64] |= (uint64_t)1 << place % 64;
        }
    }
}

enum status work_repeats_init(struct work_repeats *repeats, const struct work_windows *windows,
                              struct error *err)
{
    const struct work_words *words = windows->words;
    *repeats = (struct work_repeats){.text = NULL};
    repeats->common = mem_zalloc(words->count / 64 + 1, sizeof *repeats->common);
    if (!repeats->common)
        return error_nomem(err);
    TRY(copy_stretches(repeats, windows, err));
    TRY(suffix_index_init(&repeats->index, repeats->text, repeats->count, words->numbers, err));
    mark_common(repeats, windows->window);
    return STATUS_OK;
}

void work_repeats_release(struct work_repeats *repeats)
{
    suffix_index_release(&repeats->index);
    free(repeats->text);
    free(repeats->stretches);
    free(repeats->common);
    *repeats = (struct work_repeats){.text = NULL};
}

struct suffix_range work_repeats_around(const struct work_repeats *repeats, uint32_t place,
                                        uint32_t depth)
{
    size_t low = 0, high = repeats->stretch_count;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (repeats->stretches[mid].place <= place)
            low = mid;
        else
            high = mid;
    }
    const struct repeat_stretch *stretch = &repeats->stretches[low];
    uint32_t suffix = stretch->at + (place - stretch->place);
    return suffix_index_around(&repeats->index, repeats->index.rank[suffix], depth);
}

uint32_t work_repeats_place(const struct work_repeats *repeats, uint32_t suffix)
{
    size_t low = 0, high = repeats->stretch_count;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (repeats->stretches[mid].at <= suffix)
            low = mid;
        else
            high = mid;
    }
    return repeats->stretches[low].place + (suffix - repeats->stretches[low].at);
}
