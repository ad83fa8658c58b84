/*
 * Joins in linear time. The join of A and B can have |A||B| intervals, but a count of maximal
 * intervals needs few of them: for each interval that ends a hull, the hull that begins first. A
 * sliding window over the other set, sorted by last position, with a queue of rising minima gives
 * these in one pass. The operands of that join need to tell, for each last position, the first one
 * that goes farthest back, and for each first position the last one that goes farthest: again two
 * passes with windows. Only a join inside of a join inside of a join needs all pairs; there the
 * number of intervals is bounded by PAIRS_MAX and more is an error.
 */
#include "queries/text/intervals.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { PAIRS_MAX = 1 << 25 };

void intervals_release(struct intervals *stack)
{
    free(stack->items);
    free(stack->queue);
    *stack = (struct intervals){0};
}

enum status intervals_reserve(struct intervals *stack, size_t more, struct error *err)
{
    uint64_t *grown = mem_grow(stack->items, &stack->capacity, stack->count + more, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    stack->items = grown;
    return STATUS_OK;
}

static int by_value(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

static int by_last(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    left = left << 32 | left >> 32;
    right = right << 32 | right >> 32;
    return (left > right) - (left < right);
}

struct interval_set intervals_sort(struct intervals *stack, size_t at)
{
    size_t count = stack->count - at, kept = 0;
    if (count == 0)
        return (struct interval_set){at, 0};
    uint64_t *items = stack->items + at;
    bool sorted = true;
    for (size_t i = 1; i < count && sorted; i++)
        sorted = items[i - 1] <= items[i];
    if (!sorted)
        qsort(items, count, sizeof *items, by_value);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || items[i] != items[kept - 1])
            items[kept++] = items[i];
    stack->count = at + kept;
    return (struct interval_set){at, kept};
}

struct interval_set intervals_keep_maximal(struct intervals *stack, struct interval_set set)
{
    if (set.count == 0)
        return set;
    uint64_t *items = stack->items + set.at;
    size_t kept = 0;
    uint32_t reach = 0;
    for (size_t i = 0; i < set.count; i++) {
        bool longest =
            i + 1 == set.count || interval_first(items[i]) != interval_first(items[i + 1]);
        if (!longest || (kept && interval_last(items[i]) <= reach))
            continue;
        reach = interval_last(items[i]);
        items[kept++] = items[i];
    }
    stack->count = set.at + kept;
    return (struct interval_set){set.at, kept};
}

/* A copy of SET at the top, sorted by last position; SET itself where it is so already. */
static enum status sorted_by_last(struct intervals *stack, struct interval_set set,
                                  struct interval_set *out, struct error *err)
{
    *out = set;
    bool sorted = true;
    for (size_t i = 1; i < set.count && sorted; i++)
        sorted =
            interval_last(stack->items[set.at + i - 1]) <= interval_last(stack->items[set.at + i]);
    if (sorted)
        return STATUS_OK;
    TRY(intervals_reserve(stack, set.count, err));
    out->at = stack->count;
    memcpy(stack->items + out->at, stack->items + set.at, set.count * sizeof *stack->items);
    stack->count += set.count;
    qsort(stack->items + out->at, set.count, sizeof *stack->items, by_last);
    return STATUS_OK;
}

static enum status reserve_queue(struct intervals *stack, size_t count, struct error *err)
{
    uint32_t *grown = mem_grow(stack->queue, &stack->queue_capacity, count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    stack->queue = grown;
    return STATUS_OK;
}

/* Pushes, for each of RIGHT, its hull with the one of LEFT before it that begins first. */
static enum status join_from_first(struct intervals *stack, const struct turns *turns,
                                   struct interval_set left, struct interval_set right,
                                   uint32_t distance, struct error *err)
{
    TRY(sorted_by_last(stack, left, &left, err));
    TRY(reserve_queue(stack, left.count, err));
    TRY(intervals_reserve(stack, right.count, err));
    const uint64_t *lefts = stack->items + left.at, *rights = stack->items + right.at;
    uint32_t *queue = stack->queue;
    size_t head = 0, tail = 0, next = 0;
    for (size_t i = 0; i < right.count; i++) {
        uint32_t first = interval_first(rights[i]);
        uint32_t low = turns->items[turn_at(turns, first)].base;
        if (first > distance && first - distance > low)
            low = first - distance;
        for (; next < left.count && interval_last(lefts[next]) < first; next++) {
            while (tail > head &&
                   interval_first(lefts[queue[tail - 1]]) >= interval_first(lefts[next]))
                tail--;
            queue[tail++] = (uint32_t)next;
        }
        while (head < tail && interval_last(lefts[queue[head]]) < low)
            head++;
        if (head < tail)
            stack->items[stack->count++] =
                interval_make(interval_first(lefts[queue[head]]), interval_last(rights[i]));
    }
    return STATUS_OK;
}

/* Pushes, for each of LEFT, its hull with the one of RIGHT after it that ends last. */
static enum status join_to_last(struct intervals *stack, const struct turns *turns,
                                struct interval_set left, struct interval_set right,
                                uint32_t distance, struct error *err)
{
    TRY(sorted_by_last(stack, left, &left, err));
    TRY(reserve_queue(stack, right.count, err));
    TRY(intervals_reserve(stack, left.count, err));
    const uint64_t *lefts = stack->items + left.at, *rights = stack->items + right.at;
    uint32_t *queue = stack->queue;
    size_t head = 0, tail = 0, next = 0;
    for (size_t i = 0; i < left.count; i++) {
        uint32_t last = interval_last(lefts[i]);
        const struct turn *in = &turns->items[turn_at(turns, last)];
        uint64_t high = (uint64_t)in->base + in->words + 1;
        if ((uint64_t)last + distance < high)
            high = (uint64_t)last + distance;
        for (; next < right.count && interval_first(rights[next]) <= high; next++) {
            while (tail > head &&
                   interval_last(rights[queue[tail - 1]]) <= interval_last(rights[next]))
                tail--;
            queue[tail++] = (uint32_t)next;
        }
        while (head < tail && interval_first(rights[queue[head]]) <= last)
            head++;
        if (head < tail)
            stack->items[stack->count++] =
                interval_make(interval_first(lefts[i]), interval_last(rights[queue[head]]));
    }
    return STATUS_OK;
}

/* Pushes all hulls of a LEFT with a RIGHT after it. */
static enum status join_all(struct intervals *stack, const struct turns *turns,
                            struct interval_set left, struct interval_set right, uint32_t distance,
                            struct error *err)
{
    TRY(sorted_by_last(stack, left, &left, err));
    size_t from = 0, base = stack->count;
    for (size_t i = 0; i < left.count; i++) {
        uint64_t interval = stack->items[left.at + i];
        uint32_t last = interval_last(interval);
        const struct turn *in = &turns->items[turn_at(turns, last)];
        uint64_t high = (uint64_t)in->base + in->words + 1;
        if ((uint64_t)last + distance < high)
            high = (uint64_t)last + distance;
        while (from < right.count && interval_first(stack->items[right.at + from]) <= last)
            from++;
        for (size_t j = from; j < right.count; j++) {
            uint64_t other = stack->items[right.at + j];
            if (interval_first(other) > high)
                break;
            if (stack->count - base >= PAIRS_MAX)
                return error_set(err, STATUS_INPUT, NULL,
                                 "a term with three proximities inside each other has more than "
                                 "%d hits in one conversation",
                                 (int)PAIRS_MAX);
            TRY(intervals_push(stack, interval_make(interval_first(interval), interval_last(other)),
                               err));
        }
    }
    return STATUS_OK;
}

enum status intervals_join(struct intervals *stack, const struct turns *turns,
                           struct interval_set a, struct interval_set b, uint32_t distance,
                           bool ordered, enum join_detail detail, struct interval_set *out,
                           struct error *err)
{
    *out = (struct interval_set){stack->count, 0};
    if (a.count == 0 || b.count == 0)
        return STATUS_OK;
    /* Sorted copies pile up below the results, so results are moved down at the end. */
    size_t bottom = stack->count;
    struct interval_set copies[2];
    TRY(sorted_by_last(stack, a, &copies[0], err));
    TRY(sorted_by_last(stack, b, &copies[1], err));
    size_t at = stack->count;
    for (int side = 0; side < (ordered ? 1 : 2); side++) {
        struct interval_set left = copies[side], right = side ? a : b;
        if (detail == JOIN_ALL) {
            TRY(join_all(stack, turns, left, right, distance, err));
            continue;
        }
        TRY(join_from_first(stack, turns, left, right, distance, err));
        if (detail == JOIN_EXTREME)
            TRY(join_to_last(stack, turns, left, right, distance, err));
    }
    if (at != bottom) {
        memmove(stack->items + bottom, stack->items + at,
                (stack->count - at) * sizeof *stack->items);
        stack->count -= at - bottom;
    }
    *out = intervals_sort(stack, bottom);
    if (detail == JOIN_MAXIMAL)
        *out = intervals_keep_maximal(stack, *out);
    return STATUS_OK;
}

enum status intervals_without(struct intervals *stack, const struct turns *turns,
                              struct interval_set a, struct interval_set b, uint32_t distance,
                              struct interval_set *out, struct error *err)
{
    TRY(intervals_reserve(stack, a.count, err));
    size_t at = stack->count, next = 0;
    const uint64_t *as = stack->items + a.at, *bs = stack->items + b.at;
    for (size_t i = 0; i < a.count; i++) {
        uint32_t first = interval_first(as[i]), last = interval_last(as[i]);
        const struct turn *in = &turns->items[turn_at(turns, first)];
        uint32_t low = in->base;
        uint64_t high = (uint64_t)in->base + in->words + 1;
        if (first > distance && first - distance > low)
            low = first - distance;
        if ((uint64_t)last + distance < high)
            high = (uint64_t)last + distance;
        while (next < b.count && interval_last(bs[next]) < low)
            next++;
        if (next == b.count || interval_first(bs[next]) > high)
            stack->items[stack->count++] = as[i];
    }
    *out = (struct interval_set){at, stack->count - at};
    return STATUS_OK;
}
