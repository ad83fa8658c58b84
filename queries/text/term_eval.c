/*
 * Evaluation of one conversation.
 *
 *     occurrences -> positions by pattern -> terms with a trigger -> per term:
 *         positional parts -> sets of intervals -> spans that hold one -> Boolean over bit rows of
 *         spans -> satisfied spans -> maximal intervals in them -> term_hit
 *
 * The spans are turns, exchanges or the conversation. A hit in a record field stands in all spans;
 * it satisfies them but is no occurrence in a turn. Time is linear in positions and spans for each
 * term (times the logarithm where sets must be sorted).
 */
#include "queries/text/term_eval.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct bucket {
    uint64_t stamp; /* of the conversation in which it was last touched */
    uint32_t start, count;
};

/* Rows of bits, used as a stack. */
struct bits {
    uint64_t *items;
    size_t count, capacity;
};

struct evaluator {
    const struct term_set *set;
    uint64_t stamp;
    struct bucket *buckets; /* by pattern */
    struct numbers touched;
    uint32_t *positions;
    size_t positions_capacity;
    uint64_t *candidates;   /* a bit per term */
    struct intervals stack; /* after evaluation: of all positional parts not under NOT */
    struct bits bits;
    struct term_hit *hits;
    size_t hit_count, hit_capacity;
    struct numbers exchanges; /* of all hits */
    /* Of the conversation at hand. */
    const struct turns *turns;
    size_t field_turns;
    uint32_t exchange_count;
    /* Of the term at hand. */
    enum term_within within;
    size_t span_count, row; /* words of a row of bits */
};

struct evaluator *evaluator_new(const struct term_set *set)
{
    struct evaluator *ev = mem_zalloc(1, sizeof *ev);
    if (!ev)
        return NULL;
    ev->set = set;
    ev->buckets = mem_zalloc(set->patterns.keys.count, sizeof *ev->buckets);
    ev->candidates = mem_zalloc(set->program_count / 64 + 1, sizeof *ev->candidates);
    if (!ev->buckets || !ev->candidates) {
        evaluator_free(ev);
        return NULL;
    }
    return ev;
}

void evaluator_free(struct evaluator *ev)
{
    if (!ev)
        return;
    free(ev->buckets);
    free(ev->touched.items);
    free(ev->positions);
    free(ev->candidates);
    intervals_release(&ev->stack);
    free(ev->bits.items);
    free(ev->hits);
    free(ev->exchanges.items);
    free(ev);
}

/* ---- positions by pattern -----------------------------------------------------------------------
 */

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
    if (bucket->stamp != ev->stamp) {
        bucket->stamp = ev->stamp;
        bucket->count = 0;
        TRY(numbers_push(&ev->touched, pattern, err));
    }
    bucket->count++;
    return STATUS_OK;
}

static enum status sort_positions(struct evaluator *ev, const struct occurrence *occurrences,
                                  size_t count, const struct pattern_sets *sets, struct error *err)
{
    ev->stamp++;
    ev->touched.count = 0;
    for (size_t i = 0; i < count; i++) {
        size_t n;
        const uint32_t *patterns = patterns_of(ev, sets, &occurrences[i].set, &n);
        for (size_t p = 0; p < n; p++)
            TRY(touch(ev, patterns[p], err));
    }
    uint64_t total = 0;
    for (size_t i = 0; i < ev->touched.count; i++) {
        struct bucket *bucket = &ev->buckets[ev->touched.items[i]];
        bucket->start = (uint32_t)total;
        total += bucket->count;
        bucket->count = 0;
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
        size_t n;
        const uint32_t *patterns = patterns_of(ev, sets, &occurrences[i].set, &n);
        for (size_t p = 0; p < n; p++) {
            struct bucket *bucket = &ev->buckets[patterns[p]];
            ev->positions[bucket->start + bucket->count++] = occurrences[i].position;
        }
    }
    return STATUS_OK;
}

/* How often ITEM occurs; virtual words stand in each turn. */
static size_t item_count(const struct evaluator *ev, uint32_t item)
{
    if (item >= ITEM_SPECIAL)
        return ev->turns->count;
    return ev->buckets[item].stamp == ev->stamp ? ev->buckets[item].count : 0;
}

/* False if the node cannot hold in this conversation, by what occurs in it. */
static bool is_possible(const struct evaluator *ev, const struct program_node *node)
{
    const uint32_t *items = ev->set->items.items + node->items;
    switch ((enum term_kind)node->kind) {
    case TERM_WORDS:
        for (uint32_t i = 0; i < node->count; i++)
            if (item_count(ev, items[i]) == 0)
                return false;
        return true;
    case TERM_NOT:
        return true;
    case TERM_OR:
        for (uint32_t i = 0; i < node->count; i++)
            if (is_possible(ev, &ev->set->nodes[items[i]]))
                return true;
        return false;
    case TERM_NOT_NEAR:
    case TERM_CONTAINS:
        return is_possible(ev, &ev->set->nodes[items[0]]);
    default:
        for (uint32_t i = 0; i < node->count; i++)
            if (!is_possible(ev, &ev->set->nodes[items[i]]))
                return false;
        return true;
    }
}

/* ---- positional parts ---------------------------------------------------------------------------
 */

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
    size_t count = ev->stack.count - at, kept = 0, next = 0, turn = 0;
    const struct bucket *bucket = item < ITEM_SPECIAL ? &ev->buckets[item] : NULL;
    for (size_t i = 0; i < count; i++) {
        uint32_t target = interval_first(starts[i]) + offset;
        bool found;
        if (bucket) {
            const uint32_t *positions = ev->positions + bucket->start;
            next = seek_position(positions, bucket->count, next, target);
            found = next < bucket->count && positions[next] == target;
        } else {
            const struct turn *in = &ev->turns->items[turn_seek(ev->turns, target, &turn)];
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

static enum status eval_words(struct evaluator *ev, const struct program_node *node,
                              uint64_t places, struct interval_set *out, struct error *err)
{
    const uint32_t *items = ev->set->items.items + node->items;
    size_t at = ev->stack.count;
    *out = (struct interval_set){at, 0};
    if (!is_possible(ev, node))
        return STATUS_OK;
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
    size_t count = ev->stack.count - at, kept = 0, turn = 0;
    bool everywhere = is_everywhere(ev, places) && !has_virtual;
    for (size_t i = 0; i < count; i++) {
        uint32_t first = interval_first(found[i]);
        uint64_t last = (uint64_t)first + node->count - 1;
        if (!everywhere) {
            const struct turn *in = &ev->turns->items[turn_seek(ev->turns, first, &turn)];
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
                                   struct error *err)
{
    const struct program_node *node = &ev->set->nodes[number];
    const uint32_t *items = ev->set->items.items + node->items;
    size_t at = ev->stack.count;
    struct interval_set a, b;
    switch ((enum term_kind)node->kind) {
    case TERM_WORDS:
        return eval_words(ev, node, places, out, err);
    case TERM_CONTAINS:
        return eval_positional(ev, items[0], places & (uint64_t)1 << node->number, detail, out,
                               err);
    case TERM_OR:
        for (uint32_t i = 0; i < node->count; i++)
            TRY(eval_positional(ev, items[i], places, detail, &a, err));
        *out = intervals_sort(&ev->stack, at);
        return STATUS_OK;
    case TERM_NOT_NEAR:
        TRY(eval_positional(ev, items[0], places, JOIN_ALL, &a, err));
        TRY(eval_positional(ev, items[1], places, JOIN_MAXIMAL, &b, err));
        b = intervals_keep_maximal(&ev->stack, b);
        TRY(intervals_without(&ev->stack, ev->turns, a, b, node->number, out, err));
        break;
    default: {
        enum join_detail below = detail == JOIN_MAXIMAL ? JOIN_EXTREME : JOIN_ALL;
        *out = (struct interval_set){at, 0};
        if (!is_possible(ev, node))
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

/* ---- Boolean parts ------------------------------------------------------------------------------
 */

/* Pushes a row of zeros; *AT is its place. */
static enum status push_row(struct evaluator *ev, size_t *at, struct error *err)
{
    uint64_t *grown =
        mem_grow(ev->bits.items, &ev->bits.capacity, ev->bits.count + ev->row, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    ev->bits.items = grown;
    *at = ev->bits.count;
    memset(grown + *at, 0, ev->row * sizeof *grown);
    ev->bits.count += ev->row;
    return STATUS_OK;
}

/* Makes all spans of a row true. */
static void fill_row(const struct evaluator *ev, uint64_t *row)
{
    memset(row, 0xFF, ev->row * sizeof *row);
    if (ev->span_count % 64)
        row[ev->row - 1] = ((uint64_t)1 << ev->span_count % 64) - 1;
    else if (ev->span_count == 0)
        row[0] = 0;
}

static size_t span_of(const struct evaluator *ev, size_t turn)
{
    switch (ev->within) {
    case WITHIN_TURN:
        return turn - ev->field_turns;
    case WITHIN_EXCHANGE:
        return ev->turns->items[turn].ordinal;
    case WITHIN_CONVERSATION:
        break;
    }
    return 0;
}

/* Marks the spans that hold an interval of SET. */
static void mark_spans(const struct evaluator *ev, struct interval_set set, uint64_t *row)
{
    size_t turn = 0;
    for (size_t i = 0; i < set.count; i++) {
        uint32_t first = interval_first(ev->stack.items[set.at + i]);
        if (turn_seek(ev->turns, first, &turn) < ev->field_turns) {
            fill_row(ev, row);
            return;
        }
        size_t span = span_of(ev, turn);
        row[span / 64] |= (uint64_t)1 << span % 64;
        if (ev->within == WITHIN_CONVERSATION)
            return;
    }
}

static enum status eval_part(struct evaluator *ev, uint32_t number, bool negated, size_t row,
                             struct error *err)
{
    struct interval_set set;
    size_t top = ev->stack.count;
    TRY(eval_positional(ev, number, PLACES_ANY, JOIN_MAXIMAL, &set, err));
    mark_spans(ev, set, ev->bits.items + row);
    if (negated)
        ev->stack.count = top;
    return STATUS_OK;
}

/* Pushes the row of spans in which the node NUMBER holds. */
static enum status eval_boolean(struct evaluator *ev, uint32_t number, bool negated, size_t *out,
                                struct error *err)
{
    const struct program_node *node = &ev->set->nodes[number];
    const uint32_t *items = ev->set->items.items + node->items;
    TRY(push_row(ev, out, err));
    if (node->kind != TERM_AND && node->kind != TERM_OR && node->kind != TERM_NOT)
        return eval_part(ev, number, negated, *out, err);
    if (node->kind != TERM_OR)
        fill_row(ev, ev->bits.items + *out);
    for (uint32_t i = 0; i < node->count; i++) {
        size_t child;
        TRY(eval_boolean(ev, items[i], negated || node->kind == TERM_NOT, &child, err));
        uint64_t *row = ev->bits.items + *out;
        const uint64_t *other = ev->bits.items + child;
        for (size_t w = 0; w < ev->row; w++)
            row[w] = node->kind == TERM_AND  ? row[w] & other[w]
                     : node->kind == TERM_OR ? row[w] | other[w]
                                             : row[w] & ~other[w];
        ev->bits.count = child;
    }
    return STATUS_OK;
}

/* ---- hits ---------------------------------------------------------------------------------------
 */

static enum status new_hit(struct evaluator *ev, uint32_t term, struct term_hit **out,
                           struct error *err)
{
    struct term_hit *grown =
        mem_grow(ev->hits, &ev->hit_capacity, ev->hit_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    ev->hits = grown;
    *out = &ev->hits[ev->hit_count++];
    **out = (struct term_hit){.term = term};
    return STATUS_OK;
}

/* What is counted of a term while its occurrences go by, in order. */
struct tally {
    struct term_hit *hit;
    size_t turn; /* of the last occurrence */
    bool prompts, outputs, others;
    bool list_exchanges; /* those of occurrences */
};

static enum status count_turn(struct evaluator *ev, struct tally *tally, size_t turn,
                              struct error *err)
{
    const struct turn *in = &ev->turns->items[turn];
    tally->hit->turns++;
    tally->prompts |= in->place == SIDE_PROMPT;
    tally->outputs |= in->place == SIDE_OUTPUT;
    tally->others |= in->place != SIDE_PROMPT && in->place != SIDE_OUTPUT;
    if (!tally->list_exchanges || (tally->hit->exchange_count &&
                                   ev->exchanges.items[ev->exchanges.count - 1] == in->exchange))
        return STATUS_OK;
    tally->hit->exchange_count++;
    return numbers_push(&ev->exchanges, in->exchange, err);
}

static void finish_hit(struct tally *tally)
{
    bool any = tally->hit->occurrences > 0;
    tally->hit->prompt_only = any && !tally->outputs && !tally->others;
    tally->hit->output_only = any && !tally->prompts && !tally->others;
}

/* A term of one word: no sets are needed. */
static enum status eval_single(struct evaluator *ev, uint32_t term, uint32_t pattern,
                               struct error *err)
{
    const struct bucket *bucket = &ev->buckets[pattern];
    const uint32_t *positions = ev->positions + bucket->start;
    struct tally tally = {.turn = SIZE_MAX, .list_exchanges = true};
    TRY(new_hit(ev, term, &tally.hit, err));
    size_t turn = 0, fields = 0;
    for (uint32_t i = 0; i < bucket->count; i++) {
        if (turn_seek(ev->turns, positions[i], &turn) < ev->field_turns) {
            fields++;
            continue;
        }
        if (turn != tally.turn)
            TRY(count_turn(ev, &tally, turn, err));
        tally.turn = turn;
    }
    tally.hit->occurrences = bucket->count - (uint32_t)fields;
    if (tally.hit->occurrences == 0)
        ev->hit_count--; /* it stands in record fields only */
    finish_hit(&tally);
    return STATUS_OK;
}

/* Drops intervals of record fields and of spans that are not satisfied. */
static struct interval_set keep_satisfied(struct evaluator *ev, struct interval_set set,
                                          const uint64_t *row)
{
    uint64_t *items = ev->stack.items + set.at;
    size_t kept = 0, turn = 0;
    for (size_t i = 0; i < set.count; i++) {
        if (turn_seek(ev->turns, interval_first(items[i]), &turn) < ev->field_turns)
            continue;
        size_t span = span_of(ev, turn);
        if (row[span / 64] >> span % 64 & 1)
            items[kept++] = items[i];
    }
    ev->stack.count = set.at + kept;
    return (struct interval_set){set.at, kept};
}

/* Lists the exchanges that are or hold a satisfied span. */
static enum status list_spans(struct evaluator *ev, struct term_hit *hit, const uint64_t *row,
                              struct error *err)
{
    for (size_t t = ev->field_turns; t < ev->turns->count; t++) {
        size_t span = span_of(ev, t);
        uint32_t exchange = ev->turns->items[t].exchange;
        if (!(row[span / 64] >> span % 64 & 1) ||
            (hit->exchange_count && ev->exchanges.items[ev->exchanges.count - 1] == exchange))
            continue;
        hit->exchange_count++;
        TRY(numbers_push(&ev->exchanges, exchange, err));
    }
    return STATUS_OK;
}

static enum status eval_program(struct evaluator *ev, uint32_t term, struct error *err)
{
    const struct program *program = &ev->set->programs[term];
    const struct program_node *root = &ev->set->nodes[program->root];
    if (!is_possible(ev, root))
        return STATUS_OK;
    uint32_t item = ev->set->items.items[root->items];
    if (root->kind == TERM_WORDS && root->count == 1 && item < ITEM_SPECIAL)
        return eval_single(ev, term, item, err);

    ev->within = program->within;
    ev->span_count = ev->within == WITHIN_TURN       ? ev->turns->count - ev->field_turns
                     : ev->within == WITHIN_EXCHANGE ? ev->exchange_count
                                                     : 1;
    ev->row = ev->span_count / 64 + (ev->span_count % 64 != 0 || ev->span_count == 0);
    ev->bits.count = ev->stack.count = 0;
    size_t at;
    TRY(eval_boolean(ev, program->root, false, &at, err));
    const uint64_t *row = ev->bits.items + at;
    bool satisfied = false;
    for (size_t w = 0; w < ev->row; w++)
        satisfied |= row[w] != 0;
    if (!satisfied)
        return STATUS_OK;

    struct tally tally = {.turn = SIZE_MAX, .list_exchanges = ev->within == WITHIN_CONVERSATION};
    TRY(new_hit(ev, term, &tally.hit, err));
    struct interval_set all = intervals_sort(&ev->stack, 0);
    all = intervals_keep_maximal(&ev->stack, keep_satisfied(ev, all, row));
    size_t turn = 0;
    for (size_t i = 0; i < all.count; i++) {
        turn_seek(ev->turns, interval_first(ev->stack.items[i]), &turn);
        if (turn != tally.turn)
            TRY(count_turn(ev, &tally, turn, err));
        tally.turn = turn;
    }
    tally.hit->occurrences = (uint32_t)all.count;
    finish_hit(&tally);
    return tally.list_exchanges ? STATUS_OK : list_spans(ev, tally.hit, row, err);
}

enum status evaluator_run(struct evaluator *ev, const struct turns *turns, size_t field_turns,
                          const struct occurrence *occurrences, size_t count,
                          const struct pattern_sets *sets, const struct term_hit **hits,
                          size_t *hit_count, struct error *err)
{
    const struct term_set *set = ev->set;
    ev->turns = turns;
    ev->field_turns = field_turns;
    ev->exchange_count =
        turns->count > field_turns ? turns->items[turns->count - 1].ordinal + 1 : 0;
    ev->hit_count = ev->exchanges.count = 0;
    *hits = ev->hits;
    *hit_count = 0;
    TRY(sort_positions(ev, occurrences, count, sets, err));
    for (size_t i = 0; i < set->always.count; i++)
        ev->candidates[set->always.items[i] / 64] |= (uint64_t)1 << set->always.items[i] % 64;
    for (size_t i = 0; i < ev->touched.count; i++) {
        uint32_t pattern = ev->touched.items[i];
        for (uint32_t t = set->starts[pattern]; t < set->starts[pattern + 1]; t++)
            ev->candidates[set->terms[t] / 64] |= (uint64_t)1 << set->terms[t] % 64;
    }
    enum status status = STATUS_OK;
    for (size_t w = 0; w <= set->program_count / 64; w++) {
        uint64_t bits = ev->candidates[w];
        ev->candidates[w] = 0;
        for (; bits && status == STATUS_OK; bits &= bits - 1)
            status = eval_program(ev, (uint32_t)(w * 64 + (unsigned)__builtin_ctzll(bits)), err);
    }
    TRY(status);
    uint32_t at = 0;
    for (size_t i = 0; i < ev->hit_count; i++) {
        ev->hits[i].exchanges = ev->exchanges.items + at;
        at += ev->hits[i].exchange_count;
    }
    *hits = ev->hits;
    *hit_count = ev->hit_count;
    return STATUS_OK;
}
