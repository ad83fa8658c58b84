/*
 * Suffix sorting by induction: the SA-IS algorithm (G. Nong, S. Zhang, W. H. Chan, "Linear Suffix
 * Array Construction by Almost Pure Induced-Sorting", DCC 2009).
 *
 * A suffix is small if it is less than the one a place later, else large; the end of the text is
 * less than anything. A small one after a large one is a turn. From the turns in order all large
 * suffixes follow by one walk up the array, and from those all small ones by one walk down. The
 * turns are put in order the same way: once by the first number alone, which sorts the pieces of
 * text from turn to turn; then the pieces are numbered, and the text of those numbers, at most half
 * as long, is sorted by the same means.
 *
 * The shorter text and its order lie in the array of the longer one:
 *
 *     order of the turns | ... | numbers of their pieces in the order of the text
 */
#include "queries/text/suffix_sort.h"

#include "base/memory.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define EMPTY UINT32_MAX

struct level {
    const uint32_t *text;
    size_t count, alphabet;
    uint64_t *small;   /* a bit for each suffix */
    uint32_t *buckets; /* [alphabet] where the next suffix of that first number goes */
};

static bool is_small(const struct level *level, size_t at)
{
    return level->small[at / 64] >> at % 64 & 1;
}

static bool is_turn(const struct level *level, size_t at)
{
    return at > 0 && is_small(level, at) && !is_small(level, at - 1);
}

static void mark_small(struct level *level)
{
    bool small = false; /* the last one is large: the end is less */
    for (size_t at = level->count - 1; at-- > 0;) {
        uint32_t here = level->text[at], next = level->text[at + 1];
        small = here < next || (here == next && small);
        level->small[at / 64] |= (uint64_t)small << at % 64;
    }
}

/* Where each number's suffixes begin (or, ENDS, end). */
static void find_buckets(struct level *level, bool ends)
{
    memset(level->buckets, 0, level->alphabet * sizeof *level->buckets);
    for (size_t at = 0; at < level->count; at++)
        level->buckets[level->text[at]]++;
    uint32_t sum = 0;
    for (size_t number = 0; number < level->alphabet; number++) {
        uint32_t begin = sum;
        sum += level->buckets[number];
        level->buckets[number] = ends ? sum : begin;
    }
}

/* All suffixes from the turns, which stand at the ends of their buckets. */
static void induce(struct level *level, uint32_t *order)
{
    const uint32_t *text = level->text;
    find_buckets(level, false);
    order[level->buckets[text[level->count - 1]]++] = (uint32_t)level->count - 1;
    for (size_t i = 0; i < level->count; i++) {
        uint32_t at = order[i];
        if (at != EMPTY && at > 0 && !is_small(level, at - 1))
            order[level->buckets[text[at - 1]]++] = at - 1;
    }
    find_buckets(level, true);
    for (size_t i = level->count; i-- > 0;) {
        uint32_t at = order[i];
        if (at != EMPTY && at > 0 && is_small(level, at - 1))
            order[--level->buckets[text[at - 1]]] = at - 1;
    }
}

/* Sorts the pieces of text from turn to turn; ORDER begins with their turns. Returns how many. */
static size_t sort_pieces(struct level *level, uint32_t *order)
{
    for (size_t i = 0; i < level->count; i++)
        order[i] = EMPTY;
    find_buckets(level, true);
    for (size_t at = 1; at < level->count; at++)
        if (is_turn(level, at))
            order[--level->buckets[level->text[at]]] = (uint32_t)at;
    induce(level, order);
    size_t turns = 0;
    for (size_t i = 0; i < level->count; i++)
        if (is_turn(level, order[i]))
            order[turns++] = order[i];
    return turns;
}

static bool same_piece(const struct level *level, size_t a, size_t b)
{
    for (size_t i = 0;; i++) {
        if (a + i == level->count || b + i == level->count ||
            level->text[a + i] != level->text[b + i] ||
            is_small(level, a + i) != is_small(level, b + i))
            return false;
        if (i > 0 && (is_turn(level, a + i) || is_turn(level, b + i)))
            return is_turn(level, a + i) && is_turn(level, b + i);
    }
}

/* Numbers the sorted pieces, equal ones alike, and moves the numbers to the end of ORDER in the
 * order of the text. Returns how many different ones there are. */
static size_t number_pieces(const struct level *level, size_t turns, uint32_t *order)
{
    for (size_t i = turns; i < level->count; i++)
        order[i] = EMPTY;
    size_t numbers = 0;
    for (size_t i = 0; i < turns; i++) {
        numbers += i == 0 || !same_piece(level, order[i - 1], order[i]);
        /* No two turns are neighbours, so half their place is a slot of its own. */
        order[turns + order[i] / 2] = (uint32_t)numbers - 1;
    }
    size_t to = level->count;
    for (size_t i = level->count; i-- > turns;)
        if (order[i] != EMPTY)
            order[--to] = order[i];
    return numbers;
}

/* The turns, given the order of their pieces' text in ORDER[turns], to the ends of their buckets.
 */
static void place_turns(struct level *level, size_t turns, uint32_t *order)
{
    uint32_t *places = order + level->count - turns;
    size_t found = 0;
    for (size_t at = 1; at < level->count; at++)
        if (is_turn(level, at))
            places[found++] = (uint32_t)at;
    for (size_t i = 0; i < turns; i++)
        order[i] = places[order[i]];
    for (size_t i = turns; i < level->count; i++)
        order[i] = EMPTY;
    find_buckets(level, true);
    for (size_t i = turns; i-- > 0;) {
        uint32_t at = order[i];
        order[i] = EMPTY;
        order[--level->buckets[level->text[at]]] = at;
    }
}

enum status suffix_sort(const uint32_t *text, size_t count, size_t alphabet, uint32_t *order,
                        struct error *err)
{
    assert(count <= SUFFIX_MAX);
    if (count < 2) {
        if (count)
            order[0] = 0;
        return STATUS_OK;
    }
    enum status status = STATUS_OK;
    struct level level = {.text = text, .count = count, .alphabet = alphabet};
    level.small = mem_zalloc(count / 64 + 1, sizeof *level.small);
    level.buckets = mem_zalloc(alphabet, sizeof *level.buckets);
    if (!level.small || !level.buckets) {
        status = error_nomem(err);
        goto cleanup;
    }
    mark_small(&level);
    size_t turns = sort_pieces(&level, order);
    size_t numbers = number_pieces(&level, turns, order);
    uint32_t *shorter = order + count - turns;
    if (numbers < turns)
        TRY_CLEANUP(suffix_sort(shorter, turns, numbers, order, err));
    else
        for (size_t i = 0; i < turns; i++)
            order[shorter[i]] = (uint32_t)i;
    place_turns(&level, turns, order);
    induce(&level, order);
cleanup:
    free(level.small);
    free(level.buckets);
    return status;
}
