/*
 * What users have pasted: see supplied_text.h. Mostly a stretch lies in a run at the very same
 * place, which the last few runs are looked through for; else their suffixes are sorted, and the
 * stretch is looked up among them by halving.
 */
#include "queries/text/supplied_text.h"

#include "base/memory.h"
#include "queries/text/suffix_sort.h"

#include <stdlib.h>

enum { LOOK_BACK = 16, KEEP_TEXT = 1 << 16 };

void supplied_text_init(struct supplied_text *supplied, const struct work_words *words)
{
    *supplied = (struct supplied_text){.words = words};
}

static void drop_index(struct supplied_text *supplied)
{
    suffix_index_release(&supplied->index);
    /* least_tree_release frees what it took over. */
    least_tree_release(&supplied->first);
    supplied->indexed = 0;
}

void supplied_text_release(struct supplied_text *supplied)
{
    drop_index(supplied);
    free(supplied->runs);
    free(supplied->text);
    free(supplied->numbers);
    supplied_text_init(supplied, supplied->words);
}

void supplied_text_reset(struct supplied_text *supplied)
{
    if (supplied->text_capacity > KEEP_TEXT || supplied->capacity > KEEP_TEXT) {
        supplied_text_release(supplied);
        return;
    }
    drop_index(supplied);
    supplied->count = 0;
    supplied->longest = 0;
}

enum status supplied_text_add(struct supplied_text *supplied, uint32_t place, uint32_t words,
                              struct error *err)
{
    struct supplied_run *runs =
        mem_grow(supplied->runs, &supplied->capacity, supplied->count + 1, sizeof *runs);
    if (!runs)
        return error_nomem(err);
    supplied->runs = runs;
    runs[supplied->count++] = (struct supplied_run){.place = place, .words = words};
    supplied->longest = words > supplied->longest ? words : supplied->longest;
    return STATUS_OK;
}

/* ---- the index ---- */

static int by_number(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* The own number of number NUMBER of the works; 0 if it has none. */
static uint32_t own_number(const struct supplied_text *supplied, uint32_t number)
{
    size_t low = 0, high = supplied->number_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (supplied->numbers[mid] < number)
            low = mid + 1;
        else
            high = mid;
    }
    return low < supplied->number_count && supplied->numbers[low] == number ? (uint32_t)low + 1 : 0;
}

static enum status copy_runs(struct supplied_text *supplied, size_t total, struct error *err)
{
    const uint32_t *words = supplied->words->words;
    uint32_t *text = mem_grow(supplied->text, &supplied->text_capacity, total, sizeof *text);
    if (!text)
        return error_nomem(err);
    supplied->text = text;
    uint32_t *numbers =
        mem_grow(supplied->numbers, &supplied->numbers_capacity, total, sizeof *numbers);
    if (!numbers)
        return error_nomem(err);
    supplied->numbers = numbers;
    size_t count = 0, distinct = 0;
    for (size_t r = 0; r < supplied->count; r++)
        for (uint32_t i = 0; i < supplied->runs[r].words; i++)
            numbers[count++] = words[supplied->runs[r].place + i];
    qsort(numbers, count, sizeof *numbers, by_number);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || numbers[i] != numbers[distinct - 1])
            numbers[distinct++] = numbers[i];
    supplied->number_count = distinct;
    size_t at = 0;
    for (size_t r = 0; r < supplied->count; r++) {
        struct supplied_run *run = &supplied->runs[r];
        run->at = (uint32_t)at;
        for (uint32_t i = 0; i < run->words; i++)
            text[at++] = own_number(supplied, words[run->place + i]);
        text[at++] = 0;
    }
    return STATUS_OK;
}

static enum status make_index(struct supplied_text *supplied, struct error *err)
{
    uint64_t total = 0;
    drop_index(supplied);
    for (size_t r = 0; r < supplied->count; r++)
        total += supplied->runs[r].words + 1ull;
    if (total > SUFFIX_MAX)
        return error_set(err, STATUS_INPUT, NULL, "a conversation holds too much text of works");
    TRY(copy_runs(supplied, (size_t)total, err));
    TRY(suffix_index_init(&supplied->index, supplied->text, (size_t)total,
                          supplied->number_count + 1, err));
    uint32_t *order = mem_zalloc((size_t)total, sizeof *order);
    if (!order)
        return error_nomem(err);
    for (size_t i = 0; i < total; i++)
        order[i] = supplied->index.order[i];
    TRY(least_tree_init_take(&supplied->first, order, (size_t)total, err));
    supplied->indexed = supplied->count;
    return STATUS_OK;
}

/* How the WORDS words at PLACE compare with a suffix: less, the same so far, more. */
static int compare(const struct supplied_text *supplied, uint32_t place, uint32_t words,
                   uint32_t suffix)
{
    const uint32_t *text = supplied->text + suffix, *wanted = supplied->words->words + place;
    for (uint32_t i = 0; i < words; i++) {
        uint32_t here = text[i], number = here ? supplied->numbers[here - 1] : 0;
        if (number != wanted[i])
            return wanted[i] < number ? -1 : 1;
    }
    return 0;
}

static bool find(const struct supplied_text *supplied, uint32_t place, uint32_t words, size_t runs)
{
    const struct suffix_index *index = &supplied->index;
    size_t low = 0, high = index->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = compare(supplied, place, words, index->order[mid]);
        if (order == 0) {
            struct suffix_range range = suffix_index_around(index, (uint32_t)mid, words);
            /* Runs added later begin at END; one that begins before it ends before it. */
            size_t end = runs < supplied->indexed ? supplied->runs[runs].at : index->count;
            return least_tree_next_under(&supplied->first, range.from, (uint32_t)end) < range.to;
        }
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return false;
}

enum status supplied_text_has(struct supplied_text *supplied, uint32_t place, uint32_t words,
                              size_t runs, bool *has, struct error *err)
{
    *has = false;
    if (words > supplied->longest || runs == 0)
        return STATUS_OK;
    for (size_t r = runs; r > 0 && runs - r < LOOK_BACK && !*has; r--) {
        const struct supplied_run *run = &supplied->runs[r - 1];
        *has =
            run->place <= place && run->words >= words && place - run->place <= run->words - words;
    }
    if (*has)
        return STATUS_OK;
    if (supplied->indexed < runs)
        TRY(make_index(supplied, err));
    *has = find(supplied, place, words, runs);
    return STATUS_OK;
}
