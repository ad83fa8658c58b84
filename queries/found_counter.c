/* Counting identifiers and regular expressions: see found_counter.h. */
#include "queries/found_counter.h"

#include "base/memory.h"
#include "queries/text/identifier_finder.h"
#include "queries/text/slot_hits.h"

#include <stdlib.h>

/* The occurrences of one pattern or kind in the turn at hand. */
struct tally_in_turn {
    uint32_t count;
    /* Of a pattern: where the last match ends and, without beginnings, the one before it, and
     * whether the last one began an occurrence. Ends may come late by one character. */
    size_t last, before;
    bool began;
};

/* One family: numbers with what the turn holds of each, and the conversation's hits. */
struct family {
    struct tally_in_turn *in_turn; /* [numbers] */
    uint32_t *touched;             /* numbers with a count */
    size_t touched_count;
    struct slot_hits *hits;
};

struct found_counter {
    const struct question_set *set;
    uint32_t turn;
    struct identifier_finder finder;
    struct family identifiers, patterns;
    struct regex_scratch **scratches; /* [pattern_count] */
};

static bool family_init(struct family *family, uint32_t numbers)
{
    family->in_turn = mem_zalloc(numbers, sizeof *family->in_turn);
    family->touched = mem_zalloc(numbers, sizeof *family->touched);
    family->hits = slot_hits_new(numbers);
    return family->in_turn && family->touched && family->hits;
}

static void family_release(struct family *family)
{
    free(family->in_turn);
    free(family->touched);
    slot_hits_free(family->hits);
}

static void count_one(struct family *family, uint32_t number)
{
    struct tally_in_turn *in_turn = &family->in_turn[number];
    if (in_turn->count == 0)
        family->touched[family->touched_count++] = number;
    if (in_turn->count < UINT32_MAX)
        in_turn->count++;
}

static enum status family_end_turn(struct family *family, uint32_t turn, enum text_side side,
                                   uint32_t exchange, struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < family->touched_count; i++) {
        uint32_t number = family->touched[i];
        if (status == STATUS_OK)
            status = slot_hits_add(family->hits, number, turn, side, exchange,
                                   family->in_turn[number].count, err);
        family->in_turn[number] = (struct tally_in_turn){0};
    }
    family->touched_count = 0;
    return status;
}

struct found_counter *found_counter_new(const struct question_set *set)
{
    struct found_counter *counter = mem_zalloc(1, sizeof *counter);
    if (!counter)
        return NULL;
    counter->set = set;
    counter->scratches = mem_zalloc(set->pattern_count, sizeof *counter->scratches);
    bool made = counter->scratches != NULL &&
                family_init(&counter->identifiers, set->identifier_numbers) &&
                family_init(&counter->patterns, set->pattern_numbers);
    bool examples = false;
    for (size_t i = 0; i < set->identifier_count; i++)
        examples |= set->identifiers[i].examples;
    identifier_finder_init(&counter->finder, examples, false);
    for (size_t i = 0; made && i < set->pattern_count; i++)
        made = (counter->scratches[i] = regex_scratch_new(set->patterns[i].set)) != NULL;
    if (!made) {
        found_counter_free(counter);
        return NULL;
    }
    return counter;
}

void found_counter_free(struct found_counter *counter)
{
    if (!counter)
        return;
    for (size_t i = 0; counter->scratches && i < counter->set->pattern_count; i++)
        regex_scratch_free(counter->scratches[i]);
    free(counter->scratches);
    family_release(&counter->identifiers);
    family_release(&counter->patterns);
    free(counter);
}

void found_counter_begin(struct found_counter *counter)
{
    counter->turn = 0;
    slot_hits_begin(counter->identifiers.hits);
    slot_hits_begin(counter->patterns.hits);
}

/* ---- identifiers ---- */

static void see_identifier(void *context, enum identifier_kind kind, struct identifier_place place)
{
    struct found_counter *counter = context;
    for (size_t i = 0; i < counter->set->identifier_count; i++) {
        const struct identifier_question *question = &counter->set->identifiers[i];
        if (question->numbers[kind] != UINT32_MAX && (question->examples || !place.example))
            count_one(&counter->identifiers, question->numbers[kind]);
    }
}

/* ---- regular expressions ---- */

struct pattern_scan {
    struct found_counter *counter;
    const struct pattern_question *question;
    struct span text;
};

/* Is TO the end of the character that begins at FROM? */
static bool one_character(struct span text, size_t from, size_t to)
{
    size_t at = from + 1;
    while (at < text.len && ((unsigned char)text.data[at] & 0xC0) == 0x80)
        at++;
    return at == to;
}

static void see_end(struct family *family, uint32_t number, struct span text, size_t to)
{
    struct tally_in_turn *in_turn = &family->in_turn[number];
    if (in_turn->count == 0) {
        count_one(family, number);
        *in_turn = (struct tally_in_turn){.count = in_turn->count, .last = to, .began = true};
    } else if (to > in_turn->last) {
        bool apart = !one_character(text, in_turn->last, to);
        if (apart)
            count_one(family, number);
        in_turn->before = in_turn->last;
        in_turn->last = to;
        in_turn->began = apart;
    } else if (in_turn->began && in_turn->before && to < in_turn->last &&
               one_character(text, in_turn->before, to) && one_character(text, to, in_turn->last)) {
        /* It fills the gap between two that seemed apart. */
        in_turn->count--;
        in_turn->began = false;
    }
}

static bool see_match(void *context, uint32_t number, size_t from, size_t to)
{
    const struct pattern_scan *scan = context;
    struct family *family = &scan->counter->patterns;
    uint32_t index = scan->question->first + number;
    struct tally_in_turn *in_turn = &family->in_turn[index];
    if (!regex_set_finds_starts(scan->question->set, number)) {
        see_end(family, index, scan->text, to);
        return false;
    }
    if (in_turn->count == 0 || from >= in_turn->last)
        count_one(family, index);
    in_turn->last = to;
    return false;
}

/* ---- turns ---- */

enum status found_counter_turn(struct found_counter *counter, enum text_side side,
                               uint32_t exchange, struct span text, struct error *err)
{
    const struct question_set *set = counter->set;
    uint32_t turn = counter->turn++;
    if (set->identifier_count && text.len) {
        (void)identifier_finder_text(&counter->finder, text, see_identifier, counter);
        TRY(family_end_turn(&counter->identifiers, turn, side, exchange, err));
    }
    for (size_t i = 0; i < set->pattern_count; i++) {
        struct pattern_scan scan = {counter, &set->patterns[i], text};
        TRY(regex_set_scan(set->patterns[i].set, counter->scratches[i], text.data, text.len,
                           see_match, &scan, err));
    }
    return family_end_turn(&counter->patterns, turn, side, exchange, err);
}

void found_counter_identifiers(struct found_counter *counter, const struct text_hit **hits,
                               size_t *count)
{
    slot_hits_end(counter->identifiers.hits, hits, count);
}

void found_counter_patterns(struct found_counter *counter, const struct text_hit **hits,
                            size_t *count)
{
    slot_hits_end(counter->patterns.hits, hits, count);
}
