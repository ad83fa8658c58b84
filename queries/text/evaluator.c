/* Positions and intervals of one conversation: see evaluator.h. */
#include "queries/text/evaluator.h"

#include "base/memory.h"

#include <string.h>

/* ---- positions by pattern ---- */

static const uint32_t *patterns_of(const struct evaluator *ev, const struct pattern_sets *sets,
                                   const uint32_t *set, size_t *count)
{
    uint32_t patterns = (uint32_t)ev->set->patterns.keys.count;
    if (*set < patterns) {
        *count = 1;
        return set;
    }
    uint32_t from = sets->starts.items[*set - patterns];
    *count = sets->starts.items[*set - patterns + 1] - from;
    return sets->items.items + from;
}

static enum status touch(struct evaluator *ev, uint32_t pattern, struct error *err)
{
    struct bucket *bucket = &ev->buckets[pattern];
    return bucket->count++ ? STATUS_OK : numbers_push(&ev->touched, pattern, err);
}

static void place(struct evaluator *ev, uint32_t pattern, uint32_t position)
{
    ev->positions[ev->buckets[pattern].end++] = position;
}

/* Most words match one pattern alone, whose number the set then is. */
enum status evaluator_sort(struct evaluator *ev, const struct occurrence *occurrences, size_t count,
                           const struct pattern_sets *sets, struct error *err)
{
    const uint32_t alone = (uint32_t)ev->set->patterns.keys.count;
    for (size_t i = 0; i < ev->touched.count; i++)
        ev->buckets[ev->touched.items[i]].count = 0;
    ev->touched.count = 0;
    for (size_t i = 0; i < count; i++) {
        if (occurrences[i].set < alone) {
            TRY(touch(ev, occurrences[i].set, err));
            continue;
        }
        size_t n;
        const uint32_t *patterns = patterns_of(ev, sets, &occurrences[i].set, &n);
        for (size_t p = 0; p < n; p++)
            TRY(touch(ev, patterns[p], err));
    }
    uint64_t total = 0;
    for (size_t i = 0; i < ev->touched.count; i++) {
        struct bucket *bucket = &ev->buckets[ev->touched.items[i]];
        bucket->start = bucket->end = (uint32_t)total;
        total += bucket->count;
    }
    if (total > UINT32_MAX)
        return error_set(err, STATUS_INPUT, NULL, "a conversation has too many hits of words");
    if (total > ev->positions_capacity || !ev->positions) {
        uint32_t *grown =
            mem_grow(ev->positions, &ev->positions_capacity, (size_t)total + 1, sizeof *grown);
        if (!grown)
            return error_nomem(err);
        ev->positions = grown;
    }
    for (size_t i = 0; i < count; i++) {
        if (occurrences[i].set < alone) {
            place(ev, occurrences[i].set, occurrences[i].position);
            continue;
        }
        size_t n;
        const uint32_t *patterns = patterns_of(ev, sets, &occurrences[i].set, &n);
        for (size_t p = 0; p < n; p++)
            place(ev, patterns[p], occurrences[i].position);
    }
    return STATUS_OK;
}

/* How often ITEM occurs; virtual words stand in each turn. */
static size_t item_count(const struct evaluator *ev, uint32_t item)
{
    if (item >= ITEM_SPECIAL)
        return ev->turns->count;
    return ev->buckets[item].count;
}

/* ---- what can hold ---- */

/* True if each of the words NODE names occurs. */
static bool all_occur(const struct evaluator *ev, const struct program_node *node)
{
    const uint32_t *items = ev->set->items.items + node->items;
    for (uint32_t i = 0; i < node->count; i++)
        if (item_count(ev, items[i]) == 0)
            return false;
    return true;
}

enum status evaluator_mark(struct evaluator *ev, struct error *err)
{
    const struct term_set *set = ev->set;
    for (size_t i = 0; i < ev->marked.count; i++)
        ev->live[ev->marked.items[i] / 64] &= ~((uint64_t)1 << ev->marked.items[i] % 64);
    ev->marked.count = 0;
    for (size_t i = 0; i < ev->touched.count; i++) {
        uint32_t pattern = ev->touched.items[i];
        for (uint32_t w = set->words.starts[pattern]; w < set->words.starts[pattern + 1]; w++) {
            uint32_t number = set->words.items[w], term = set->nodes[number].triggers;
            if (set->nodes[number].count > 1 && !all_occur(ev, &set->nodes[number]))
                continue;
            TRY(numbers_push(&ev->marked, number, err));
            ev->live[number / 64] |= (uint64_t)1 << number % 64;
            if (term != NO_TERM)
                ev->candidates[term / 64] |= (uint64_t)1 << term % 64;
        }
    }
    return STATUS_OK;
}

uint32_t evaluator_next_live(const struct evaluator *ev, uint32_t number, uint32_t end)
{
    while (number < end) {
        uint64_t bits = ev->live[number / 64] >> number % 64;
        if (bits) {
            number += (uint32_t)__builtin_ctzll(bits);
            break;
        }
        number = (number | 63) + 1;
    }
    return number < end ? number : end;
}

static bool any_possible(const struct evaluator *ev, const struct program_node *node)
{
    const uint32_t *items = ev->set->items.items + node->items;
    if (node->words) {
        uint32_t end = items[0] + node->words;
        if (evaluator_next_live(ev, items[0], end) < end)
            return true;
    }
    for (uint32_t i = node->words; i < node->count; i++)
        if (evaluator_possible(ev, items[i]))
            return true;
    return false;
}

bool evaluator_possible(const struct evaluator *ev, uint32_t number)
{
    const struct program_node *node = &ev->set->nodes[number];
    const uint32_t *items = ev->set->items.items + node->items;
    switch ((enum term_kind)node->kind) {
    case TERM_WORDS:
        return ev->live[number / 64] >> number % 64 & 1;
    case TERM_NOT:
        return true;
    case TERM_OR:
        return any_possible(ev, node);
    case TERM_NOT_NEAR:
    case TERM_CONTAINS:
        return evaluator_possible(ev, items[0]);
    default:
        for (uint32_t i = 0; i < node->count; i++)
            if (!evaluator_possible(ev, items[i]))
                return false;
        return true;
    }
}

/* ---- positional parts ---- */

/* No contains() around: turns, and no fields. */
#define PLACES_ANY UINT64_MAX

static bool in_place(const struct evaluator *ev, size_t turn, uint64_t places)
{
    uint64_t allowed = places == PLACES_ANY ? PLACES_TURNS : places;
    return allowed >> ev->turns->items[turn].place & 1;
}

/* True if PLACES shuts nothing out, so that nobody need look. */
static bool is_everywhere(const struct evaluator *ev, uint64_t places)
{
    return places == PLACES_ANY && ev->field_turns == 0;
}

/* Pushes the positions of ITEM less OFFSET; those that would begin before 0 are left out. */
static enum status push_item(struct evaluator *ev, uint32_t item, uint32_t offset,
                             struct error *err)
{
    size_t count = item_count(ev, item);
    TRY(intervals_reserve(&ev->stack, count + 1, err));
    uint64_t *out = ev->stack.items + ev->stack.count;
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        const struct turn *turn = &ev->turns->items[item >= ITEM_SPECIAL ? i : 0];
        uint32_t position = item == ITEM_FIRST  ? turn->base
                            : item == ITEM_LAST ? turn->base + turn->words + 1
                                                : ev->positions[ev->buckets[item].start + i];
        out[n] = interval_make(position - offset, position - offset);
        n += position >= offset;
    }
    ev->stack.count += n;
    return STATUS_OK;
}

/* First of ITEM's positions from AT on that is TARGET or more, by galloping. */
static size_t seek_position(const uint32_t *positions, size_t count, size_t at, uint32_t target)
{
    size_t step = 1;
    while (at + step < count && positions[at + step] < target) {
        at += step;
        step *= 2;
    }
    for (; step; step /= 2)
        while (at + step < count && positions[at + step] < target)
            at += step;
    return at < count && positions[at] < target ? at + 1 : at;
}

/* Keeps of the starts from AT those with ITEM at OFFSET after them. */
static void filter_starts(struct evaluator *ev, size_t at, uint32_t item, uint32_t offset)
{
    uint64_t *starts = ev->stack.items + at;
    size_t count = ev->stack.count - at, kept = 0, next = 0;
    const struct bucket *bucket = item < ITEM_SPECIAL ? &ev->buckets[item] : NULL;
    for (size_t i = 0; i < count; i++) {
        uint32_t target = interval_first(starts[i]) + offset;
        bool found;
        if (bucket) {
            const uint32_t *positions = ev->positions + bucket->start;
            next = seek_position(positions, bucket->count, next, target);
            found = next < bucket->count && positions[next] == target;
        } else {
            const struct turn *in = &ev->turns->items[turn_at(ev->turns, target)];
            uint32_t last = in->base + in->words + 1;
            found = item == ITEM_ANY     ? target > in->base && target < last
                    : item == ITEM_FIRST ? target == in->base
                                         : target == last;
        }
        if (found)
            starts[kept++] = starts[i];
    }
    ev->stack.count = at + kept;
}

/* Pushes all positions of words, for a phrase of noise words alone. */
static enum status push_all_words(struct evaluator *ev, struct error *err)
{
    for (size_t t = 0; t < ev->turns->count; t++) {
        const struct turn *turn = &ev->turns->items[t];
        for (uint32_t w = 1; w <= turn->words; w++)
            TRY(intervals_push(&ev->stack, interval_make(turn->base + w, turn->base + w), err));
    }
    return STATUS_OK;
}

/* One word that is no virtual one. */
static enum status eval_word(struct evaluator *ev, uint32_t pattern, uint64_t places,
                             struct interval_set *out, struct error *err)
{
    const struct bucket *bucket = &ev->buckets[pattern];
    TRY(intervals_reserve(&ev->stack, bucket->count, err));
    const uint32_t *positions = ev->positions + bucket->start;
    uint64_t *items = ev->stack.items + ev->stack.count;
    bool everywhere = is_everywhere(ev, places);
    size_t n = 0;
    for (size_t i = 0; i < bucket->count; i++) {
        items[n] = interval_make(positions[i], positions[i]);
        n += everywhere || in_place(ev, turn_at(ev->turns, positions[i]), places);
    }
    *out = (struct interval_set){ev->stack.count, n};
    ev->stack.count += n;
    return STATUS_OK;
}

static enum status eval_words(struct evaluator *ev, uint32_t number, uint64_t places,
                              struct interval_set *out, struct error *err)
{
    const struct program_node *node = &ev->set->nodes[number];
    const uint32_t *items = ev->set->items.items + node->items;
    size_t at = ev->stack.count;
    *out = (struct interval_set){at, 0};
    if (!evaluator_possible(ev, number))
        return STATUS_OK;
    if (node->count == 1 && items[0] < ITEM_SPECIAL)
        return eval_word(ev, items[0], places, out, err);
    uint32_t rarest = 0;
    bool has_virtual = items[0] >= ITEM_SPECIAL;
    for (uint32_t i = 1; i < node->count; i++) {
        has_virtual |= items[i] >= ITEM_SPECIAL;
        if (items[rarest] == ITEM_ANY ||
            (items[i] != ITEM_ANY && item_count(ev, items[i]) < item_count(ev, items[rarest])))
            rarest = i;
    }
    if (items[rarest] == ITEM_ANY) {
        rarest = 0;
        TRY(push_all_words(ev, err));
    } else {
        TRY(push_item(ev, items[rarest], rarest, err));
    }
    for (uint32_t i = 0; i < node->count; i++)
        if (i != rarest)
            filter_starts(ev, at, items[i], i);
    /* The last word of a turn and the first of the next one stand side by side, but apart. */
    uint64_t *found = ev->stack.items + at;
    size_t count = ev->stack.count - at, kept = 0;
    bool everywhere = is_everywhere(ev, places) && !has_virtual;
    for (size_t i = 0; i < count; i++) {
        uint32_t first = interval_first(found[i]);
        uint64_t last = (uint64_t)first + node->count - 1;
        if (!everywhere) {
            size_t turn = turn_at(ev->turns, first);
            const struct turn *in = &ev->turns->items[turn];
            if (last > (uint64_t)in->base + in->words + 1 || !in_place(ev, turn, places))
                continue;
        }
        found[kept++] = interval_make(first, last);
    }
    ev->stack.count = at + kept;
    *out = (struct interval_set){at, kept};
    return STATUS_OK;
}

/* Moves what was pushed last, the set OUT, down to AT. */
static void move_down(struct evaluator *ev, size_t at, struct interval_set *out)
{
    if (out->count)
        memmove(ev->stack.items + at, ev->stack.items + out->at,
                out->count * sizeof *ev->stack.items);
    ev->stack.count = at + out->count;
    out->at = at;
}

static enum status eval_positional(struct evaluator *ev, uint32_t number, uint64_t places,
                                   enum join_detail detail, struct interval_set *out,
                                   struct error *err);

/* OR: of its words only those are looked at that are live. */
static enum status eval_any(struct evaluator *ev, const struct program_node *node, uint64_t places,
                            enum join_detail detail, struct interval_set *out, struct error *err)
{
    const uint32_t *items = ev->set->items.items + node->items;
    size_t at = ev->stack.count;
    struct interval_set one;
    uint32_t end = node->words ? items[0] + node->words : 0;
    for (uint32_t n = node->words ? items[0] : 0; (n = evaluator_next_live(ev, n, end)) < end; n++)
        TRY(eval_words(ev, n, places, &one, err));
    for (uint32_t i = node->words; i < node->count; i++)
        TRY(eval_positional(ev, items[i], places, detail, &one, err));
    *out = intervals_sort(&ev->stack, at);
    return STATUS_OK;
}

static enum status eval_positional(struct evaluator *ev, uint32_t number, uint64_t places,
                                   enum join_detail detail, struct interval_set *out,
                                   struct error *err)
{
    const struct program_node *node = &ev->set->nodes[number];
    const uint32_t *items = ev->set->items.items + node->items;
    size_t at = ev->stack.count;
    struct interval_set a, b;
    switch ((enum term_kind)node->kind) {
    case TERM_WORDS:
        return eval_words(ev, number, places, out, err);
    case TERM_CONTAINS:
        return eval_positional(ev, items[0], places & (uint64_t)1 << node->number, detail, out,
                               err);
    case TERM_OR:
        return eval_any(ev, node, places, detail, out, err);
    case TERM_NOT_NEAR:
        TRY(eval_positional(ev, items[0], places, JOIN_ALL, &a, err));
        TRY(eval_positional(ev, items[1], places, JOIN_MAXIMAL, &b, err));
        b = intervals_keep_maximal(&ev->stack, b);
        TRY(intervals_without(&ev->stack, ev->turns, a, b, node->number, out, err));
        break;
    default: {
        enum join_detail below = detail == JOIN_MAXIMAL ? JOIN_EXTREME : JOIN_ALL;
        *out = (struct interval_set){at, 0};
        if (!evaluator_possible(ev, number))
            return STATUS_OK;
        TRY(eval_positional(ev, items[0], places, below, &a, err));
        TRY(eval_positional(ev, items[1], places, below, &b, err));
        TRY(intervals_join(&ev->stack, ev->turns, a, b, node->number, node->kind == TERM_PRE,
                           detail, out, err));
        break;
    }
    }
    move_down(ev, at, out);
    return STATUS_OK;
}

enum status evaluator_intervals(struct evaluator *ev, uint32_t number, enum join_detail detail,
                                struct interval_set *out, struct error *err)
{
    return eval_positional(ev, number, PLACES_ANY, detail, out, err);
}
