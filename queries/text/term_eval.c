/*
 * Evaluation of one conversation.
 *
 *     occurrences -> positions by pattern -> terms with a trigger -> per term:
 *         positional parts -> sets of intervals -> spans that hold one -> Boolean over bit rows of
 *         spans -> satisfied spans -> maximal intervals in them -> text_hit
 *
 * The spans are turns, exchanges or the conversation. A hit in a record field stands in all spans;
 * it satisfies them but is no occurrence in a turn. Time is linear in positions and spans for each
 * term (times the logarithm where sets must be sorted).
 */
#include "queries/text/evaluator.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Sets the bits of NUMBERS. */
static void mark(uint64_t *bits, const struct numbers *numbers)
{
    for (size_t i = 0; i < numbers->count; i++)
        bits[numbers->items[i] / 64] |= (uint64_t)1 << numbers->items[i] % 64;
}

struct evaluator *evaluator_new(const struct term_set *set)
{
    struct evaluator *ev = mem_zalloc(1, sizeof *ev);
    if (!ev)
        return NULL;
    ev->set = set;
    ev->buckets = mem_zalloc(set->patterns.keys.count, sizeof *ev->buckets);
    ev->candidates = mem_zalloc(set->program_count / 64 + 1, sizeof *ev->candidates);
    ev->live = mem_zalloc(set->node_count / 64 + 1, sizeof *ev->live);
    if (!ev->buckets || !ev->candidates || !ev->live) {
        evaluator_free(ev);
        return NULL;
    }
    mark(ev->live, &set->wordless);
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
    free(ev->live);
    free(ev->marked.items);
    intervals_release(&ev->stack);
    free(ev->bits.items);
    free(ev->hits);
    free(ev->exchanges.items);
    free(ev);
}

/* ---- Boolean parts ---- */

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
    for (size_t i = 0; i < set.count; i++) {
        size_t turn = turn_at(ev->turns, interval_first(ev->stack.items[set.at + i]));
        if (turn < ev->field_turns) {
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
    TRY(evaluator_intervals(ev, number, JOIN_MAXIMAL, &set, err));
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
        if (node->kind == TERM_OR && i < node->words && !evaluator_possible(ev, items[i]))
            continue;
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

/* ---- hits ---- */

static enum status new_hit(struct evaluator *ev, uint32_t term, struct text_hit **out,
                           struct error *err)
{
    struct text_hit *grown =
        mem_grow(ev->hits, &ev->hit_capacity, ev->hit_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    ev->hits = grown;
    *out = &ev->hits[ev->hit_count++];
    **out = (struct text_hit){.number = term};
    return STATUS_OK;
}

/* What is counted of a term while its occurrences go by, in order. */
struct tally {
    struct text_hit *hit;
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
    size_t fields = 0;
    for (uint32_t i = 0; i < bucket->count; i++) {
        size_t turn = turn_at(ev->turns, positions[i]);
        if (turn < ev->field_turns) {
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
    if (set.count == 0)
        return set;
    uint64_t *items = ev->stack.items + set.at;
    size_t kept = 0;
    for (size_t i = 0; i < set.count; i++) {
        size_t turn = turn_at(ev->turns, interval_first(items[i]));
        if (turn < ev->field_turns)
            continue;
        size_t span = span_of(ev, turn);
        if (row[span / 64] >> span % 64 & 1)
            items[kept++] = items[i];
    }
    ev->stack.count = set.at + kept;
    return (struct interval_set){set.at, kept};
}

/* Lists the exchanges that are or hold a satisfied span. */
static enum status list_spans(struct evaluator *ev, struct text_hit *hit, const uint64_t *row,
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

/* Counts the occurrences ALL, which are in satisfied spans of turns. */
static enum status count_occurrences(struct evaluator *ev, struct tally *tally,
                                     struct interval_set all, struct error *err)
{
    for (size_t i = 0; i < all.count; i++) {
        size_t turn = turn_at(ev->turns, interval_first(ev->stack.items[all.at + i]));
        if (turn != tally->turn)
            TRY(count_turn(ev, tally, turn, err));
        tally->turn = turn;
    }
    tally->hit->occurrences = (uint32_t)all.count;
    finish_hit(tally);
    return STATUS_OK;
}

/* A term that is one positional part, where no record field is read: each hit satisfies its span.
 */
static enum status eval_positions(struct evaluator *ev, uint32_t term, uint32_t root,
                                  struct error *err)
{
    struct interval_set all;
    ev->stack.count = 0;
    TRY(evaluator_intervals(ev, root, JOIN_MAXIMAL, &all, err));
    all = intervals_keep_maximal(&ev->stack, all);
    if (all.count == 0)
        return STATUS_OK;
    struct tally tally = {.turn = SIZE_MAX, .list_exchanges = true};
    TRY(new_hit(ev, term, &tally.hit, err));
    return count_occurrences(ev, &tally, all, err);
}

static enum status eval_program(struct evaluator *ev, uint32_t term, struct error *err)
{
    const struct program *program = &ev->set->programs[term];
    const struct program_node *root = &ev->set->nodes[program->root];
    if (!evaluator_possible(ev, program->root))
        return STATUS_OK;
    uint32_t item = ev->set->items.items[root->items];
    if (root->kind == TERM_WORDS && root->count == 1 && item < ITEM_SPECIAL)
        return eval_single(ev, term, item, err);
    if (root->positional && ev->field_turns == 0)
        return eval_positions(ev, term, program->root, err);

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
    TRY(count_occurrences(ev, &tally, all, err));
    return tally.list_exchanges ? STATUS_OK : list_spans(ev, tally.hit, row, err);
}

enum status evaluator_run(struct evaluator *ev, const struct turns *turns, size_t field_turns,
                          const struct occurrence *occurrences, size_t count,
                          const struct pattern_sets *sets, const struct text_hit **hits,
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
    TRY(evaluator_sort(ev, occurrences, count, sets, err));
    mark(ev->candidates, &set->always);
    TRY(evaluator_mark(ev, err));
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
        ev->hits[i].exchanges = ev->hits[i].exchange_count ? ev->exchanges.items + at : NULL;
        at += ev->hits[i].exchange_count;
    }
    *hits = ev->hits;
    *hit_count = ev->hit_count;
    return STATUS_OK;
}
