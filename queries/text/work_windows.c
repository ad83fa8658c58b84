/*
 * Windows of works by hash: see work_windows.h.
 *
 * Two passes over the works count the windows of each table and put them there (hash and place, 8
 * bytes); then each table is made by itself, windows in the order of their places. Windows whose
 * hashes agree are compared word by word, so that nothing rests on their hashes but speed.
 */
#include "queries/text/work_windows.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "queries/text/word_grams.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_WINDOWS = 8192, TABLE_BITS_MOST = 12, THREADS_MOST = 64 };

struct slice {
    size_t from, to; /* works */
    size_t *counts;  /* [table_count] windows, then where the next one goes */
    size_t marks;    /* how many members the filter will have of it */
    uint64_t windows;
};

/* A table being made. */
struct draft {
    uint32_t *places, *tags;
    size_t size, used, capacity; /* size: a power of two */
};

struct making {
    struct work_windows *out;
    unsigned shift; /* from a hash to its table; 64: there is one */
    size_t slice_count;
    struct slice slices[THREADS_MOST];
    uint64_t *entries; /* tag << 32 | place, table after table */
    size_t *starts;    /* [table_count + 1] */
    atomic_size_t next_slice, next_table;
    enum { COUNTING, PLACING } pass;
};

static size_t table_of(unsigned shift, uint64_t hash)
{
    return shift < 64 ? (size_t)(hash >> shift) : 0;
}

/* ---- passes over the works ---- */

struct reading {
    uint64_t *hashes;  /* [GRAM_STRETCH + window] */
    uint64_t *windows; /* [GRAM_STRETCH] */
    struct word_grams grams;
};

static void add_mark(struct work_filter *filter, uint32_t mark)
{
    uint64_t mixed = work_filter_mix(mark);
    __atomic_fetch_or(work_filter_word(filter, mixed), work_filter_bits(mixed), __ATOMIC_RELAXED);
}

static void read_stretch(struct making *making, struct slice *slice, struct reading *reading,
                         uint32_t place, size_t count)
{
    struct work_windows *out = making->out;
    const struct work_words *words = out->words;
    for (size_t i = 0; i < count + out->window - 1; i++)
        reading->hashes[i] = words->hashes[words->words[place + i]];
    size_t changes = word_grams_find(&reading->grams, reading->hashes, count);
    word_window_hashes(reading->hashes, count, out->window, reading->windows);
    if (making->pass == COUNTING) {
        slice->marks += changes;
        slice->windows += count;
        for (size_t i = 0; i < count; i++)
            slice->counts[table_of(making->shift, reading->windows[i])]++;
        return;
    }
    for (size_t i = 0; i < changes; i++)
        add_mark(&out->filter, reading->grams.marks[reading->grams.changes[i]]);
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = reading->windows[i];
        making->entries[slice->counts[table_of(making->shift, hash)]++] = hash << 32 | (place + i);
    }
}

static void read_slice(struct making *making, struct slice *slice, struct reading *reading)
{
    const struct work_words *words = making->out->words;
    uint32_t window = making->out->window;
    for (size_t work = slice->from; work < slice->to; work++) {
        size_t place = words->starts[work], end = (size_t)words->starts[work + 1] - 1;
        while (end - place >= window) {
            size_t count = end - place - window + 1;
            count = count < GRAM_STRETCH ? count : GRAM_STRETCH;
            read_stretch(making, slice, reading, (uint32_t)place, count);
            place += count;
        }
    }
}

static enum status read_slices(void *context, unsigned worker, struct error *err)
{
    struct making *making = context;
    struct reading reading = {.hashes = NULL};
    enum status status = STATUS_OK;
    (void)worker; /* slices are handed out */
    reading.hashes = mem_zalloc((size_t)GRAM_STRETCH + making->out->window, sizeof(uint64_t));
    reading.windows = mem_zalloc(GRAM_STRETCH, sizeof(uint64_t));
    if (!reading.hashes || !reading.windows) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(word_grams_init(&reading.grams, making->out->window, false, err));
    for (size_t i; (i = atomic_fetch_add(&making->next_slice, 1)) < making->slice_count;)
        read_slice(making, &making->slices[i], &reading);
cleanup:
    word_grams_release(&reading.grams);
    free(reading.hashes);
    free(reading.windows);
    return status;
}

/* ---- tables ---- */

static enum status draft_resize(struct draft *draft, size_t size, struct error *err)
{
    uint32_t *places = mem_zalloc(size, sizeof *places), *tags = mem_zalloc(size, sizeof *tags);
    if (!places || !tags) {
        free(places);
        free(tags);
        return error_nomem(err);
    }
    for (size_t i = 0; i < draft->size; i++) {
        if (!draft->places[i])
            continue;
        size_t at = draft->tags[i] & (size - 1);
        while (places[at])
            at = (at + 1) & (size - 1);
        places[at] = draft->places[i];
        tags[at] = draft->tags[i];
    }
    free(draft->places);
    free(draft->tags);
    draft->places = places;
    draft->tags = tags;
    draft->size = draft->capacity = size;
    return STATUS_OK;
}

static void mark_repeated(struct work_windows *out, uint32_t place)
{
    __atomic_fetch_or(&out->repeated[place / 64], (uint64_t)1 << place % 64, __ATOMIC_RELAXED);
}

static enum status draft_add(struct draft *draft, struct work_windows *out, uint64_t entry,
                             struct error *err)
{
    const uint32_t *words = out->words->words;
    uint32_t tag = (uint32_t)(entry >> 32), place = (uint32_t)entry;
    size_t at = tag & (draft->size - 1);
    for (; draft->places[at]; at = (at + 1) & (draft->size - 1)) {
        uint32_t first = draft->places[at];
        if (draft->tags[at] == tag &&
            memcmp(words + first, words + place, out->window * sizeof *words) == 0) {
            mark_repeated(out, first);
            mark_repeated(out, place);
            return STATUS_OK;
        }
    }
    draft->places[at] = place;
    draft->tags[at] = tag;
    return ++draft->used * 2 > draft->size ? draft_resize(draft, draft->size * 2, err) : STATUS_OK;
}

static size_t slot_of(const struct window_table *table, uint32_t tag)
{
    return (size_t)((uint64_t)tag * table->count >> 32);
}

/* The bits of the hash in a slot are the lowest, where the slot's number takes the highest. */
static uint32_t slot_tag(const struct work_windows *windows, uint32_t tag)
{
    return (uint32_t)((uint64_t)tag << windows->place_bits);
}

/* Two slots in use become three. */
static enum status draft_finish(const struct draft *draft, const struct work_windows *windows,
                                struct window_table *table, struct error *err)
{
    if (!draft->used)
        return STATUS_OK;
    if (draft->used > UINT32_MAX / 2)
        return error_set(err, STATUS_INPUT, NULL, "the works have too many words");
    table->count = (uint32_t)(draft->used + draft->used / 2 + 1);
    table->slots = mem_zalloc(table->count, sizeof *table->slots);
    if (!table->slots)
        return error_nomem(err);
    for (size_t i = 0; i < draft->size; i++) {
        if (!draft->places[i])
            continue;
        size_t at = slot_of(table, draft->tags[i]);
        while (table->slots[at])
            at = at + 1 < table->count ? at + 1 : 0;
        table->slots[at] = draft->places[i] | slot_tag(windows, draft->tags[i]);
    }
    return STATUS_OK;
}

static enum status make_tables(void *context, unsigned worker, struct error *err)
{
    struct making *making = context;
    struct work_windows *out = making->out;
    struct draft draft = {.places = NULL};
    enum status status = STATUS_OK;
    (void)worker;
    for (size_t t; (t = atomic_fetch_add(&making->next_table, 1)) < out->table_count;) {
        draft.used = 0;
        draft.size = 0; /* what it holds is forgotten */
        if (draft.capacity > 4 * TABLE_WINDOWS || !draft.capacity) {
            TRY_CLEANUP(draft_resize(&draft, 2 * TABLE_WINDOWS, err));
        } else {
            draft.size = draft.capacity;
            memset(draft.places, 0, draft.size * sizeof *draft.places);
        }
        for (size_t i = making->starts[t]; i < making->starts[t + 1]; i++)
            TRY_CLEANUP(draft_add(&draft, out, making->entries[i], err));
        TRY_CLEANUP(draft_finish(&draft, out, &out->tables[t], err));
    }
cleanup:
    free(draft.places);
    free(draft.tags);
    return status;
}

/* ---- all of it ---- */

/* Shares the works out so that each slice has about as many words. */
static enum status make_slices(struct making *making, unsigned threads, struct error *err)
{
    const struct work_words *words = making->out->words;
    size_t work = 0;
    making->slice_count = threads < 1 ? 1 : threads < THREADS_MOST ? threads : THREADS_MOST;
    for (size_t i = 0; i < making->slice_count; i++) {
        struct slice *slice = &making->slices[i];
        uint64_t end = (uint64_t)words->count * (i + 1) / making->slice_count;
        slice->from = work;
        while (work < words->works && (words->starts[work] < end || i + 1 == making->slice_count))
            work++;
        slice->to = work;
        slice->counts = mem_zalloc(making->out->table_count, sizeof *slice->counts);
        if (!slice->counts)
            return error_nomem(err);
    }
    return STATUS_OK;
}

/* From how many windows each slice has for each table to where it puts them. */
static enum status place_slices(struct making *making, struct error *err)
{
    struct work_windows *out = making->out;
    size_t sum = 0, marks = 0;
    making->starts = mem_zalloc(out->table_count + 1, sizeof *making->starts);
    if (!making->starts)
        return error_nomem(err);
    for (size_t t = 0; t < out->table_count; t++) {
        making->starts[t] = sum;
        for (size_t i = 0; i < making->slice_count; i++) {
            size_t count = making->slices[i].counts[t];
            making->slices[i].counts[t] = sum;
            sum += count;
        }
    }
    making->starts[out->table_count] = sum;
    for (size_t i = 0; i < making->slice_count; i++)
        marks += making->slices[i].marks;
    out->windows = sum;
    making->entries = mem_zalloc_large(sum, sizeof *making->entries);
    if (!making->entries)
        return error_nomem(err);
    return work_filter_init(&out->filter, marks, err);
}

enum status work_windows_init(struct work_windows *out, const struct work_words *words,
                              uint32_t window, unsigned threads, struct error *err)
{
    enum status status = STATUS_OK;
    *out = (struct work_windows){.words = words, .window = window, .table_count = 1};
    struct making making = {.out = out, .shift = 64};
    for (unsigned bits = 1; bits <= TABLE_BITS_MOST && words->count >> bits >= TABLE_WINDOWS;
         bits++) {
        out->table_count = (size_t)1 << bits;
        making.shift = 64 - bits;
    }
    out->place_bits = 64 - (unsigned)__builtin_clzll(words->count);
    out->tag_mask = out->place_bits < 32 ? UINT32_MAX << out->place_bits : 0;
    out->tables = mem_zalloc(out->table_count, sizeof *out->tables);
    out->repeated = mem_zalloc(words->count / 64 + 1, sizeof *out->repeated);
    if (!out->tables || !out->repeated) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(make_slices(&making, threads, err));
    TRY_CLEANUP(parallel_run((unsigned)making.slice_count, read_slices, &making, err));
    TRY_CLEANUP(place_slices(&making, err));
    making.pass = PLACING;
    atomic_store(&making.next_slice, 0);
    TRY_CLEANUP(parallel_run((unsigned)making.slice_count, read_slices, &making, err));
    status = parallel_run((unsigned)making.slice_count, make_tables, &making, err);
cleanup:
    for (size_t i = 0; i < making.slice_count; i++)
        free(making.slices[i].counts);
    free(making.entries);
    free(making.starts);
    return status;
}

void work_windows_release(struct work_windows *windows)
{
    for (size_t t = 0; windows->tables && t < windows->table_count; t++)
        free(windows->tables[t].slots);
    free(windows->tables);
    free(windows->repeated);
    work_filter_release(&windows->filter);
    *windows = (struct work_windows){.words = NULL};
}

static bool stands_at(const struct work_windows *windows, uint32_t place, const uint64_t *hashes)
{
    const struct work_words *words = windows->words;
    for (uint32_t i = 0; i < windows->window; i++)
        if (words->hashes[words->words[place + i]] != hashes[i])
            return false;
    return true;
}

static const struct window_table *find_table(const struct work_windows *windows, uint64_t hash)
{
    return &windows->tables[table_of(64 - (unsigned)__builtin_ctzll(windows->table_count), hash)];
}

uint32_t work_windows_find(const struct work_windows *windows, const uint64_t *hashes)
{
    uint64_t hash = word_window_hash(hashes, windows->window);
    const struct window_table *table = find_table(windows, hash);
    if (!table->count)
        return 0;
    uint32_t tag = slot_tag(windows, (uint32_t)hash), mask = windows->tag_mask;
    size_t at = slot_of(table, (uint32_t)hash);
    for (uint32_t slot; (slot = table->slots[at]) != 0; at = at + 1 < table->count ? at + 1 : 0)
        if ((slot & mask) == tag && stands_at(windows, slot & ~mask, hashes))
            return slot & ~mask;
    return 0;
}

static bool has_tag(const struct work_windows *windows, const struct window_table *table,
                    uint64_t hash)
{
    uint32_t tag = slot_tag(windows, (uint32_t)hash), mask = windows->tag_mask;
    size_t at = slot_of(table, (uint32_t)hash);
    for (uint32_t slot; (slot = table->slots[at]) != 0; at = at + 1 < table->count ? at + 1 : 0)
        if ((slot & mask) == tag)
            return true;
    return false;
}

size_t work_windows_maybe(const struct work_windows *windows, const uint64_t *window_hashes,
                          size_t count, uint32_t *found)
{
    enum { AHEAD = 16 };
    size_t passed = 0;
    for (size_t i = 0; i < count; i += AHEAD) {
        size_t some = count - i < AHEAD ? count - i : AHEAD;
        const struct window_table *tables[AHEAD];
        for (size_t j = 0; j < some; j++) {
            tables[j] = find_table(windows, window_hashes[i + j]);
            if (tables[j]->count)
                __builtin_prefetch(
                    &tables[j]->slots[slot_of(tables[j], (uint32_t)window_hashes[i + j])]);
        }
        for (size_t j = 0; j < some; j++) {
            found[passed] = (uint32_t)(i + j);
            passed += tables[j]->count && has_tag(windows, tables[j], window_hashes[i + j]);
        }
    }
    return passed;
}
