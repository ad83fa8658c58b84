/*
 * Sets of intervals of word positions, and the joins of proximity over them.
 *
 * An interval is one number: first position in the upper half, last in the lower one, so that sets
 * sort by (first, last). Sets live in one stack of intervals and are used from its top down.
 */
#ifndef PROFFER_INTERVALS_H
#define PROFFER_INTERVALS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The positions of one turn: BASE is before its first word, BASE + WORDS + 1 after its last. */
struct turn {
    uint32_t base, words;
    uint32_t exchange; /* as the caller numbers them */
    uint32_t ordinal;  /* exchanges seen before this turn's */
    uint8_t place;     /* enum text_side, or PLACE_FIELDS and a field's number */
};

struct turns {
    struct turn *items;
    size_t count, capacity;
    uint32_t *hints; /* hints[b]: the turn that holds the position 64 b */
    size_t hints_capacity;
};

/* The turn that holds POSITION. */
static inline size_t turn_at(const struct turns *turns, uint32_t position)
{
    size_t at = turns->hints[position / 64];
    while (at + 1 < turns->count && turns->items[at + 1].base <= position)
        at++;
    return at;
}

static inline uint64_t interval_make(uint64_t first, uint64_t last)
{
    return first << 32 | last;
}

static inline uint32_t interval_first(uint64_t interval)
{
    return (uint32_t)(interval >> 32);
}

static inline uint32_t interval_last(uint64_t interval)
{
    return (uint32_t)interval;
}

/* A set in the stack. */
struct interval_set {
    size_t at, count;
};

struct intervals {
    uint64_t *items;
    size_t count, capacity;
    uint32_t *queue; /* scratch of the joins */
    size_t queue_capacity;
};

void intervals_release(struct intervals *stack);

PROFFER_MUST_USE enum status intervals_reserve(struct intervals *stack, size_t more,
                                               struct error *err);
static inline enum status intervals_push(struct intervals *stack, uint64_t interval,
                                         struct error *err)
{
    if (stack->count == stack->capacity)
        TRY(intervals_reserve(stack, 1, err));
    stack->items[stack->count++] = interval;
    return STATUS_OK;
}

/* Sorts what lies from AT to the top and drops doubles. */
struct interval_set intervals_sort(struct intervals *stack, size_t at);

/* Keeps of a sorted set at the top those that lie in no other; returns what is left. */
struct interval_set intervals_keep_maximal(struct intervals *stack, struct interval_set set);

/*
 * Which of the intervals of a join are wanted. Each is enough for what it serves; see intervals.c.
 */
enum join_detail {
    JOIN_MAXIMAL, /* all that lie in no other one: for counting */
    JOIN_EXTREME, /* and the longest for each first and each last position: for one more join */
    JOIN_ALL
};

/*
 * Pushes hulls of pairs (a, b) that do not overlap, lie in one turn and have at most DISTANCE
 * between their nearest ends; with ORDERED only those where a comes first. A and B must have the
 * detail below (JOIN_EXTREME for JOIN_MAXIMAL, else JOIN_ALL). The result is sorted.
 */
PROFFER_MUST_USE enum status intervals_join(struct intervals *stack, const struct turns *turns,
                                            struct interval_set a, struct interval_set b,
                                            uint32_t distance, bool ordered,
                                            enum join_detail detail, struct interval_set *out,
                                            struct error *err);

/* Pushes those of A (all intervals) that have none of B (the maximal ones, only) in their turn
 * that overlaps them or is at most DISTANCE away. */
PROFFER_MUST_USE enum status intervals_without(struct intervals *stack, const struct turns *turns,
                                               struct interval_set a, struct interval_set b,
                                               uint32_t distance, struct interval_set *out,
                                               struct error *err);

#endif
