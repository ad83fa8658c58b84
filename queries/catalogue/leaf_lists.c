/* Words of leaves: see leaf_lists.h. */
#include "queries/catalogue/leaf_lists.h"

#include "base/buffer.h"
#include "base/intern.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    uint32_t leaf, word; /* numbers in the intern tables; while settling, ranks */
    uint64_t count;
};

struct leaf_lists {
    struct intern leaves, words;
    struct entry *entries;
    size_t count, capacity;
};

struct leaf_lists *leaf_lists_new(void)
{
    struct leaf_lists *lists = mem_zalloc(1, sizeof *lists);
    if (!lists)
        return NULL;
    intern_init(&lists->leaves);
    intern_init(&lists->words);
    return lists;
}

void leaf_lists_free(struct leaf_lists *lists)
{
    if (!lists)
        return;
    intern_release(&lists->leaves);
    intern_release(&lists->words);
    free(lists->entries);
    free(lists);
}

enum status leaf_lists_leaf(struct leaf_lists *lists, const char *leaf, size_t len,
                            uint32_t *number, bool *fresh, struct error *err)
{
    size_t before = lists->leaves.count;
    TRY(intern_add(&lists->leaves, leaf, len, number, err));
    if (fresh)
        *fresh = lists->leaves.count != before;
    return STATUS_OK;
}

enum status leaf_lists_add(struct leaf_lists *lists, uint32_t leaf, struct span word,
                           uint64_t count, struct error *err)
{
    struct entry entry = {.leaf = leaf, .count = count};
    TRY(intern_add(&lists->words, word.data, word.len, &entry.word, err));
    struct entry *grown =
        mem_grow(lists->entries, &lists->capacity, lists->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    lists->entries = grown;
    grown[lists->count++] = entry;
    return STATUS_OK;
}

/* ---- settling ---- */

/* The strings of an intern table in order of bytes. */
struct ranking {
    uint32_t *order; /* number by rank */
    uint32_t *ranks; /* rank by number */
};

static void ranking_release(struct ranking *ranking)
{
    free(ranking->order);
    free(ranking->ranks);
}

static enum status rank(const struct intern *texts, struct ranking *out, struct error *err)
{
    out->order = mem_zalloc(texts->count, sizeof *out->order);
    out->ranks = mem_zalloc(texts->count, sizeof *out->ranks);
    if (!out->order || !out->ranks)
        return error_nomem(err);
    intern_sorted(texts, out->order);
    for (size_t i = 0; i < texts->count; i++)
        out->ranks[out->order[i]] = (uint32_t)i;
    return STATUS_OK;
}

static int by_rank(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    if (left->leaf != right->leaf)
        return left->leaf < right->leaf ? -1 : 1;
    return (left->word > right->word) - (left->word < right->word);
}

/* Gives the entries ranks, sorts them, adds equal ones up and cuts each leaf's list. */
static void settle(struct leaf_lists *lists, const struct ranking *leaves,
                   const struct ranking *words)
{
    struct entry *entries = lists->entries;
    for (size_t i = 0; i < lists->count; i++) {
        entries[i].leaf = leaves->ranks[entries[i].leaf];
        entries[i].word = words->ranks[entries[i].word];
    }
    if (lists->count)
        qsort(entries, lists->count, sizeof *entries, by_rank);
    size_t n = 0, of_leaf = 0;
    for (size_t i = 0; i < lists->count; i++) {
        struct entry *last = n ? &entries[n - 1] : NULL;
        if (last && last->leaf == entries[i].leaf && last->word == entries[i].word) {
            last->count += entries[i].count;
            continue;
        }
        if (!last || last->leaf != entries[i].leaf)
            of_leaf = 0;
        if (of_leaf == LEAF_WORDS_MAX)
            continue;
        of_leaf++;
        entries[n++] = entries[i];
    }
    lists->count = n;
}

/* Back from ranks to numbers, so that more can be added. */
static void unsettle(struct leaf_lists *lists, const struct ranking *leaves,
                     const struct ranking *words)
{
    for (size_t i = 0; i < lists->count; i++) {
        lists->entries[i].leaf = leaves->order[lists->entries[i].leaf];
        lists->entries[i].word = words->order[lists->entries[i].word];
    }
}

/* Settles, calls ACT, and takes it back. */
static enum status
while_settled(struct leaf_lists *lists,
              enum status (*act)(struct leaf_lists *lists, const struct ranking *leaves,
                                 const struct ranking *words, void *context, struct error *err),
              void *context, struct error *err)
{
    enum status status = STATUS_OK;
    struct ranking leaves = {NULL, NULL}, words = {NULL, NULL};
    TRY_CLEANUP(rank(&lists->leaves, &leaves, err));
    TRY_CLEANUP(rank(&lists->words, &words, err));
    settle(lists, &leaves, &words);
    status = act(lists, &leaves, &words, context, err);
    unsettle(lists, &leaves, &words);
cleanup:
    ranking_release(&leaves);
    ranking_release(&words);
    return status;
}

/* ---- writing ---- */

/* The strings of TEXTS in ORDER that KEEP (NULL: all) names, as a column of strings. */
static enum status write_strings(struct segment_out *out, const char *name,
                                 const struct intern *texts, const uint32_t *order,
                                 const uint32_t *keep, struct error *err)
{
    enum status status = STATUS_OK;
    struct buffer bytes;
    size_t n = 0;
    buffer_init(&bytes, SIZE_MAX);
    uint64_t *offsets = mem_zalloc(texts->count + 1, sizeof *offsets);
    if (!offsets)
        status = error_nomem(err);
    for (size_t i = 0; status == STATUS_OK && i < texts->count; i++) {
        if (keep && !keep[i])
            continue;
        const struct intern_text *text = &texts->items[order[i]];
        status = buffer_add(&bytes, text->text, text->len, err);
        offsets[++n] = bytes.len;
    }
    if (status == STATUS_OK)
        status = segment_out_strings(out, name, offsets, n, bytes.data, err);
    free(offsets);
    buffer_release(&bytes);
    return status;
}

static enum status write_settled(struct leaf_lists *lists, const struct ranking *leaves,
                                 const struct ranking *words, void *context, struct error *err)
{
    struct segment_out *out = context;
    enum status status = STATUS_OK;
    uint64_t *starts = mem_zalloc(lists->leaves.count + 1, sizeof *starts);
    uint64_t *counts = mem_zalloc(lists->count, sizeof *counts);
    uint32_t *numbers = mem_zalloc(lists->count, sizeof *numbers);
    uint32_t *kept = mem_zalloc(lists->words.count, sizeof *kept); /* by rank: number + 1 */
    if (!starts || !counts || !numbers || !kept) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t i = 0; i < lists->count; i++) {
        kept[lists->entries[i].word] = 1;
        starts[lists->entries[i].leaf + 1]++;
    }
    for (size_t i = 0; i < lists->leaves.count; i++)
        starts[i + 1] += starts[i];
    uint32_t n = 0;
    for (size_t i = 0; i < lists->words.count; i++)
        kept[i] = kept[i] ? ++n : 0;
    for (size_t i = 0; i < lists->count; i++) {
        numbers[i] = kept[lists->entries[i].word] - 1;
        counts[i] = lists->entries[i].count;
    }
    TRY_CLEANUP(write_strings(out, "leaves", &lists->leaves, leaves->order, NULL, err));
    TRY_CLEANUP(write_strings(out, "words", &lists->words, words->order, kept, err));
    TRY_CLEANUP(segment_out_column(out, "starts", NPY_U64, starts, lists->leaves.count + 1, err));
    TRY_CLEANUP(segment_out_column(out, "word", NPY_U32, numbers, lists->count, err));
    status = segment_out_column(out, "count", NPY_U64, counts, lists->count, err);
cleanup:
    free(starts);
    free(counts);
    free(numbers);
    free(kept);
    return status;
}

enum status leaf_lists_write(struct leaf_lists *lists, struct segment_out *out, struct error *err)
{
    return while_settled(lists, write_settled, out, err);
}

struct getting {
    uint32_t leaf;
    struct leaf_word *words;
    size_t count;
};

static enum status get_settled(struct leaf_lists *lists, const struct ranking *leaves,
                               const struct ranking *words, void *context, struct error *err)
{
    struct getting *getting = context;
    uint32_t rank_of = leaves->ranks[getting->leaf];
    getting->words = mem_zalloc(LEAF_WORDS_MAX, sizeof *getting->words);
    if (!getting->words)
        return error_nomem(err);
    for (size_t i = 0; i < lists->count; i++) {
        if (lists->entries[i].leaf != rank_of)
            continue;
        const struct intern_text *text = &lists->words.items[words->order[lists->entries[i].word]];
        getting->words[getting->count++] =
            (struct leaf_word){{text->text, text->len}, lists->entries[i].count};
    }
    return STATUS_OK;
}

enum status leaf_lists_get(struct leaf_lists *lists, uint32_t leaf, struct leaf_word **words,
                           size_t *count, struct error *err)
{
    struct getting getting = {.leaf = leaf};
    *words = NULL;
    *count = 0;
    TRY(while_settled(lists, get_settled, &getting, err));
    *words = getting.words;
    *count = getting.count;
    return STATUS_OK;
}

/* ---- reading ---- */

static struct span string_at(const struct segment_strings *strings, size_t i)
{
    return (struct span){strings->bytes + strings->offsets[i],
                         (size_t)(strings->offsets[i + 1] - strings->offsets[i])};
}

/* The place of TEXT among STRINGS, or their count. */
static size_t find_string(const struct segment_strings *strings, const char *text, size_t len)
{
    size_t low = 0, high = strings->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        struct span at = string_at(strings, mid);
        size_t shorter = at.len < len ? at.len : len;
        int order = shorter ? memcmp(at.data, text, shorter) : 0;
        if (order < 0 || (order == 0 && at.len < len))
            low = mid + 1;
        else
            high = mid;
    }
    if (low == strings->count)
        return low;
    struct span at = string_at(strings, low);
    return at.len == len && (len == 0 || memcmp(at.data, text, len) == 0) ? low : strings->count;
}

enum status leaf_lists_read(struct segment *segment, const char *leaf, size_t len,
                            struct leaf_lists *lists, uint32_t number, bool *found,
                            struct error *err)
{
    struct segment_strings leaves, words;
    const void *starts_there, *numbers_there, *counts_there;
    size_t total;
    TRY(segment_strings(segment, "leaves", &leaves, err));
    size_t at = find_string(&leaves, leaf, len);
    *found = at < leaves.count;
    if (!*found)
        return STATUS_OK;
    TRY(segment_strings(segment, "words", &words, err));
    TRY(segment_column(segment, "starts", NPY_U64, leaves.count + 1, &starts_there, NULL, err));
    TRY(segment_column(segment, "word", NPY_U32, SIZE_MAX, &numbers_there, &total, err));
    TRY(segment_column(segment, "count", NPY_U64, total, &counts_there, NULL, err));
    const uint64_t *starts = starts_there, *counts = counts_there;
    const uint32_t *numbers = numbers_there;
    if (starts[at] > starts[at + 1] || starts[at + 1] > total)
        return error_set(err, STATUS_INPUT, "starts.npy", "it does not fit the words");
    for (uint64_t i = starts[at]; i < starts[at + 1]; i++) {
        if (numbers[i] >= words.count)
            return error_set(err, STATUS_INPUT, "word.npy", "there is no such word");
        TRY(leaf_lists_add(lists, number, string_at(&words, numbers[i]), counts[i], err));
    }
    return STATUS_OK;
}
