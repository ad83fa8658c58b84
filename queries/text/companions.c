/*
 * Companions: see companions.h. Around an anchor raw runs are found byte by byte, as far as the
 * anchor's phrases reach. A run is passed over by the anchors within reach of it, at most REACH_MAX
 * on each side, so that time stays linear whatever the text.
 */
#include "queries/text/companions.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* A word further than this from its anchor is no companion. */
enum { REACH_MAX = 8 };
/* What stands around an anchor is told by so many bytes of a run. */
enum { LOOK_BYTES = 4 * RUN_BYTES };

/* ---- which patterns are companions ---- */

enum status companions_begin(struct term_set *set, struct error *err)
{
    struct companions *companions = &set->companions;
    size_t count = set->patterns.keys.count;
    companions->spelled = mem_zalloc(count, sizeof *companions->spelled);
    companions->passed = mem_zalloc(count, sizeof *companions->passed);
    companions->literals = mem_zalloc(count, sizeof *companions->literals);
    companions->reach = mem_zalloc(count, sizeof *companions->reach);
    if (!companions->spelled || !companions->passed || !companions->literals || !companions->reach)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++)
        companions->reach[i].phrases = NO_PHRASE;
    for (size_t i = 0; i < set->patterns.literals.count; i++) {
        const struct intern_text *word = &set->patterns.literals.items[i];
        bool ascii = word->len > 0 && word->len <= RUN_BYTES;
        for (size_t c = 0; c < word->len; c++)
            ascii &= (unsigned char)word->text[c] < 0x80;
        uint32_t pattern = set->patterns.literal_patterns[i];
        companions->spelled[pattern] = companions->passed[pattern] = ascii;
        companions->literals[pattern] = (struct span){word->text, word->len};
    }
    return STATUS_OK;
}

void companions_exclude(struct term_set *set, const struct phrase *phrase)
{
    for (uint32_t i = 0; i < phrase->count; i++) {
        uint32_t distance = i > phrase->anchor ? i - phrase->anchor : phrase->anchor - i;
        if (phrase->items[i] >= ITEM_SPECIAL)
            continue;
        if (distance > REACH_MAX)
            set->companions.spelled[phrase->items[i]] = false;
        if (distance == 0 || distance > REACH_MAX)
            set->companions.passed[phrase->items[i]] = false;
    }
}

static bool is_spelled(const struct term_set *set, uint32_t item)
{
    return item < ITEM_SPECIAL && set->companions.spelled[item];
}

/* The first or last letter, small, of ITEM; 0 if it is not spelled. */
static uint8_t letter_of(const struct term_set *set, uint32_t item, bool first)
{
    if (!is_spelled(set, item))
        return 0;
    struct span word = set->companions.literals[item];
    return (uint8_t)((unsigned char)word.data[first ? 0 : word.len - 1] | 0x20);
}

static enum status add_phrase(struct term_set *set, const struct phrase *phrase, uint8_t before,
                              uint8_t after, struct error *err)
{
    struct companions *companions = &set->companions;
    const uint32_t *items = phrase->items;
    uint32_t anchor = phrase->anchor;
    struct reach *reach = &companions->reach[items[anchor]];
    struct anchor_phrase *grown = mem_grow(companions->phrases, &companions->phrase_capacity,
                                           companions->phrase_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    companions->phrases = grown;
    grown[companions->phrase_count] = (struct anchor_phrase){
        .items = items,
        .anchor = anchor,
        .count = phrase->count,
        .before = before,
        .after = after,
        .last_before = anchor ? letter_of(set, items[anchor - 1], false) : 0,
        .first_after = anchor + 1 < phrase->count ? letter_of(set, items[anchor + 1], true) : 0,
        .next = reach->phrases};
    reach->phrases = (uint32_t)companions->phrase_count++;
    reach->before = before > reach->before ? before : reach->before;
    reach->after = after > reach->after ? after : reach->after;
    return STATUS_OK;
}

enum status companions_attach(struct term_set *set, const struct phrase *phrase, struct error *err)
{
    const uint32_t *items = phrase->items;
    uint32_t anchor = phrase->anchor;
    uint8_t before = 0, after = 0;
    for (uint32_t i = 0; i < phrase->count; i++) {
        if (i == anchor)
            continue;
        if (!is_spelled(set, items[i])) {
            if (items[i] < ITEM_SPECIAL)
                set->companions.reach[items[i]].alone = true;
            continue;
        }
        if (i > anchor)
            after = (uint8_t)(i - anchor);
        else if (before == 0)
            before = (uint8_t)(anchor - i);
    }
    if (before == 0 && after == 0) {
        set->companions.reach[items[anchor]].alone = true;
        return STATUS_OK;
    }
    return add_phrase(set, phrase, before, after, err);
}

/* ---- what may stand around an anchor ---- */

/* What one side of a text tells of a phrase. */
enum side { SIDE_NO, SIDE_YES, SIDE_OPEN /* folding may change a run, or it is long */ };

/* Is the next run after or before the byte *AT the word ITEM? Moves *AT past it.
 * A run that is all ASCII is one word. */
static enum side is_next(const struct companions *companions, uint32_t item, bool after,
                         const struct word_edges *rules, struct span text, size_t *at)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    size_t from = *at, to = *at; /* the run's bytes */
    if (item >= ITEM_SPECIAL && item != ITEM_ANY)
        return SIDE_OPEN; /* the beginning or end of the turn */
    if (after) {
        while (from < text.len && !rules->members[bytes[from]])
            from++;
        for (to = from; to < text.len && rules->members[bytes[to]]; to++)
            if (bytes[to] >= 0x80 || to - from == LOOK_BYTES)
                return SIDE_OPEN;
        *at = to;
    } else {
        while (to > 0 && !rules->members[bytes[to - 1]])
            to--;
        for (from = to; from > 0 && rules->members[bytes[from - 1]]; from--)
            if (bytes[from - 1] >= 0x80 || to - from == LOOK_BYTES)
                return SIDE_OPEN;
        *at = from;
    }
    if (from == to)
        return SIDE_NO;
    if (item >= ITEM_SPECIAL || !companions->spelled[item])
        return SIDE_YES;
    struct span word = companions->literals[item];
    if (word.len != to - from)
        return SIDE_NO;
    for (size_t i = 0; i < word.len; i++)
        if ((bytes[from + i] | 0x20) != ((unsigned char)word.data[i] | 0x20))
            return SIDE_NO;
    return SIDE_YES;
}

/* May PHRASE stand around the anchor from FROM to TO of TEXT? */
static bool may_stand(const struct companions *companions, const struct anchor_phrase *phrase,
                      const struct word_edges *rules, struct span text, size_t from, size_t to)
{
    enum side side = SIDE_YES;
    for (uint32_t i = phrase->anchor + 1; i < phrase->count && side == SIDE_YES; i++)
        side = is_next(companions, phrase->items[i], true, rules, text, &to);
    if (side == SIDE_NO)
        return false;
    side = SIDE_YES;
    for (uint32_t i = phrase->anchor; i > 0 && side == SIDE_YES; i--)
        side = is_next(companions, phrase->items[i - 1], false, rules, text, &from);
    return side != SIDE_NO;
}

/* The byte of the next run before FROM or after TO; 0x80 if there is none, or it is not ASCII. */
static unsigned char byte_before(const struct word_edges *rules, struct span text, size_t from)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    while (from > 0 && !rules->members[bytes[from - 1]])
        from--;
    return from > 0 ? bytes[from - 1] : 0x80;
}

static unsigned char byte_after(const struct word_edges *rules, struct span text, size_t to)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    while (to < text.len && !rules->members[bytes[to]])
        to++;
    return to < text.len ? bytes[to] : 0x80;
}

static inline bool may_be(unsigned char byte, uint8_t letter)
{
    return letter == 0 || byte >= 0x80 || (byte | 0x20) == letter;
}

struct reach companions_near(const struct companions *companions, const uint32_t *patterns,
                             size_t count, const struct word_edges *rules, struct span text,
                             size_t from, size_t to)
{
    struct reach near = {0};
    unsigned char before = byte_before(rules, text, from), after = byte_after(rules, text, to);
    for (size_t i = 0; i < count; i++) {
        const struct reach *reach = &companions->reach[patterns[i]];
        near.alone |= reach->alone;
        for (uint32_t p = reach->phrases; p != NO_PHRASE; p = companions->phrases[p].next) {
            const struct anchor_phrase *phrase = &companions->phrases[p];
            if (!may_be(before, phrase->last_before) || !may_be(after, phrase->first_after) ||
                !may_stand(companions, phrase, rules, text, from, to))
                continue;
            near.before = phrase->before > near.before ? phrase->before : near.before;
            near.after = phrase->after > near.after ? phrase->after : near.after;
        }
    }
    return near;
}

static size_t slot_of(const struct companions *companions, struct raw_run word)
{
    return (raw_run_hash(word) >> 32) & (companions->slots - 1);
}

static bool is_free(struct raw_run word)
{
    return (word.low | word.high) == 0;
}

/* What is wanted alone is recorded wherever it stands. */
static bool is_looked_up(const struct companions *companions, size_t pattern)
{
    return companions->spelled[pattern] && !companions->reach[pattern].alone;
}

enum status companions_finish(struct term_set *set, struct error *err)
{
    struct companions *companions = &set->companions;
    for (size_t i = 0; i < set->patterns.keys.count; i++)
        companions->count += is_looked_up(companions, i);
    companions->slots = 1;
    while (companions->slots < 2 * companions->count + 2)
        companions->slots *= 2;
    companions->words = mem_zalloc(companions->slots, sizeof *companions->words);
    companions->patterns = mem_zalloc(companions->slots, sizeof *companions->patterns);
    if (!companions->words || !companions->patterns)
        return error_nomem(err);
    for (size_t i = 0; i < set->patterns.literals.count; i++) {
        uint32_t pattern = set->patterns.literal_patterns[i];
        if (!is_looked_up(companions, pattern))
            continue;
        char padded[RUN_BYTES] = {0};
        memcpy(padded, set->patterns.literals.items[i].text, set->patterns.literals.items[i].len);
        struct raw_run word = raw_run_of(padded, RUN_BYTES);
        size_t slot = slot_of(companions, word);
        while (!is_free(companions->words[slot]))
            slot = (slot + 1) & (companions->slots - 1);
        companions->words[slot] = word;
        companions->patterns[slot] = pattern;
    }
    return STATUS_OK;
}

void companions_release(struct companions *companions)
{
    free(companions->spelled);
    free(companions->passed);
    free(companions->literals);
    free(companions->phrases);
    free(companions->reach);
    free(companions->words);
    free(companions->patterns);
    *companions = (struct companions){0};
}

uint32_t companions_look_up(const struct companions *companions, const char *run, size_t len)
{
    if (len > RUN_BYTES)
        return UINT32_MAX;
    char small[RUN_BYTES] = {0};
    for (size_t i = 0; i < len; i++)
        small[i] = (char)(run[i] | 0x20); /* of word characters, capitals alone change */
    struct raw_run word = raw_run_of(small, RUN_BYTES);
    size_t slot = slot_of(companions, word);
    while (!is_free(companions->words[slot])) {
        if (companions->words[slot].low == word.low && companions->words[slot].high == word.high)
            return companions->patterns[slot];
        slot = (slot + 1) & (companions->slots - 1);
    }
    return UINT32_MAX;
}

/* ---- finding them around anchors ---- */

void anchors_release(struct anchors *anchors)
{
    free(anchors->items);
    free(anchors->found);
    *anchors = (struct anchors){0};
}

enum status anchors_add(struct anchors *anchors, const struct anchor_run *anchor, struct error *err)
{
    struct anchor_run *grown =
        mem_grow(anchors->items, &anchors->capacity, anchors->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    anchors->items = grown;
    grown[anchors->count++] = *anchor;
    return STATUS_OK;
}

/* The bytes of a run and what they are. */
struct neighbour {
    const char *run;
    size_t len;
    bool ascii;
};

/* Adds the run at POSITION if it is a companion. */
static enum status look_at(struct anchors *anchors, const struct companions *companions,
                           const struct neighbour *at, uint32_t position, struct error *err)
{
    uint32_t pattern = at->ascii ? companions_look_up(companions, at->run, at->len) : UINT32_MAX;
    if (pattern == UINT32_MAX)
        return STATUS_OK;
    struct occurrence *grown =
        mem_grow(anchors->found, &anchors->found_capacity, anchors->found_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    anchors->found = grown;
    grown[anchors->found_count++] = (struct occurrence){position, pattern};
    return STATUS_OK;
}

static enum status count_words(const struct neighbour *at, const struct run_counter *counter,
                               uint64_t *words, struct error *err)
{
    *words = 1;
    return at->ascii ? STATUS_OK : counter->count(counter->context, at->run, at->len, words, err);
}

/* The companions after ANCHOR. */
static enum status look_right(struct anchors *anchors, const struct anchor_run *anchor,
                              const struct companions *companions, const struct word_edges *rules,
                              struct span text, const struct run_counter *counter,
                              struct error *err)
{
    uint64_t done = 0;
    for (size_t i = anchor->to; done < anchor->reach.after;) {
        while (i < text.len && !rules->members[(unsigned char)text.data[i]])
            i++;
        if (i == text.len)
            break;
        struct neighbour at = {text.data + i, 0, true};
        for (; i < text.len && rules->members[(unsigned char)text.data[i]]; i++, at.len++)
            at.ascii &= (unsigned char)text.data[i] < 0x80;
        uint64_t words;
        TRY(count_words(&at, counter, &words, err));
        TRY(look_at(anchors, companions, &at, (uint32_t)(anchor->position + anchor->words + done),
                    err));
        done += words;
    }
    return STATUS_OK;
}

/* The companions before ANCHOR. */
static enum status look_left(struct anchors *anchors, const struct anchor_run *anchor,
                             const struct companions *companions, const struct word_edges *rules,
                             struct span text, const struct run_counter *counter, struct error *err)
{
    uint64_t done = 0;
    for (size_t i = anchor->from; done < anchor->reach.before;) {
        while (i > 0 && !rules->members[(unsigned char)text.data[i - 1]])
            i--;
        if (i == 0)
            break;
        struct neighbour at = {NULL, 0, true};
        for (; i > 0 && rules->members[(unsigned char)text.data[i - 1]]; i--, at.len++)
            at.ascii &= (unsigned char)text.data[i - 1] < 0x80;
        at.run = text.data + i;
        uint64_t words;
        TRY(count_words(&at, counter, &words, err));
        done += words;
        TRY(look_at(anchors, companions, &at, (uint32_t)(anchor->position - done), err));
    }
    return STATUS_OK;
}

static int by_position(const void *a, const void *b)
{
    const struct occurrence *left = a, *right = b;
    return (left->position > right->position) - (left->position < right->position);
}

enum status anchors_find(struct anchors *anchors, const struct companions *companions,
                         const struct word_edges *rules, struct span text,
                         const struct run_counter *counter, struct error *err)
{
    anchors->found_count = 0;
    for (size_t i = 0; i < anchors->count; i++) {
        const struct anchor_run *anchor = &anchors->items[i];
        TRY(look_left(anchors, anchor, companions, rules, text, counter, err));
        TRY(look_right(anchors, anchor, companions, rules, text, counter, err));
    }
    struct occurrence *found = anchors->found;
    bool sorted = true;
    for (size_t i = 1; i < anchors->found_count && sorted; i++)
        sorted = found[i - 1].position <= found[i].position;
    if (!sorted)
        qsort(found, anchors->found_count, sizeof *found, by_position);
    size_t kept = 0;
    for (size_t i = 0; i < anchors->found_count; i++)
        if (kept == 0 || found[kept - 1].position != found[i].position)
            found[kept++] = found[i];
    anchors->found_count = kept;
    return STATUS_OK;
}
