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

/* ---- which patterns are companions ---- */

enum status companions_begin(struct term_set *set, struct error *err)
{
    struct companions *companions = &set->companions;
    size_t count = set->patterns.keys.count;
    companions->is = mem_zalloc(count, sizeof *companions->is);
    companions->ends = mem_zalloc(count, sizeof *companions->ends);
    companions->reach = mem_zalloc(count, sizeof *companions->reach);
    if (!companions->is || !companions->ends || !companions->reach)
        return error_nomem(err);
    for (size_t i = 0; i < set->patterns.literals.count; i++) {
        const struct intern_text *word = &set->patterns.literals.items[i];
        bool ascii = word->len > 0 && word->len <= RUN_BYTES;
        for (size_t c = 0; c < word->len; c++)
            ascii &= (unsigned char)word->text[c] < 0x80;
        uint32_t pattern = set->patterns.literal_patterns[i];
        companions->is[pattern] = ascii;
        companions->ends[pattern][0] = ascii ? word->text[0] : 0;
        companions->ends[pattern][1] = ascii ? word->text[word->len - 1] : 0;
    }
    return STATUS_OK;
}

void companions_exclude(struct term_set *set, const struct phrase *phrase)
{
    for (uint32_t i = 0; i < phrase->count; i++) {
        uint32_t distance = i > phrase->anchor ? i - phrase->anchor : phrase->anchor - i;
        if (phrase->items[i] < ITEM_SPECIAL && (distance == 0 || distance > REACH_MAX))
            set->companions.is[phrase->items[i]] = false;
    }
}

static bool is_companion(const struct term_set *set, uint32_t item)
{
    return item < ITEM_SPECIAL && set->companions.is[item];
}

/* The bit of the first (0) or last letter of a word that must stand next to an anchor; all bits if
 * it is found by itself. */
static uint32_t letter_bit(const struct term_set *set, uint32_t item, int end)
{
    if (!is_companion(set, item))
        return UINT32_MAX;
    return (uint32_t)1 << ((unsigned char)set->companions.ends[item][end] & 31);
}

void companions_attach(struct term_set *set, const struct phrase *phrase)
{
    const uint32_t *items = phrase->items;
    uint32_t anchor = phrase->anchor;
    struct reach *reach = &set->companions.reach[items[anchor]];
    uint8_t before = 0, after = 0;
    for (uint32_t i = 0; i < phrase->count; i++) {
        if (i != anchor && items[i] < ITEM_SPECIAL && !is_companion(set, items[i]))
            set->companions.reach[items[i]].alone = true;
        if (!is_companion(set, items[i]))
            continue;
        if (i > anchor)
            after = (uint8_t)(i - anchor);
        else if (before == 0)
            before = (uint8_t)(anchor - i);
    }
    if (before)
        reach->last_before |= letter_bit(set, items[anchor - 1], 1);
    if (after)
        reach->first_after |= letter_bit(set, items[anchor + 1], 0);
    reach->alone |= before == 0 && after == 0;
    reach->before = before > reach->before ? before : reach->before;
    reach->after = after > reach->after ? after : reach->after;
}

struct reach companions_near(struct reach reach, const struct word_edges *rules, struct span text,
                             size_t from, size_t to)
{
    /* Most words have one byte between them. */
    const unsigned char *bytes = (const unsigned char *)text.data;
    if (reach.before) {
        size_t at = from < 2 ? 0 : from - 2;
        while (at > 0 && !rules->members[bytes[at]])
            at--;
        unsigned char last = bytes[at];
        if (from < 2 || !rules->members[last] ||
            (last < 0x80 && !(reach.last_before >> (last & 31) & 1)))
            reach.before = 0;
    }
    if (reach.after) {
        size_t at = to + 1;
        while (at < text.len && !rules->members[bytes[at]])
            at++;
        if (at >= text.len || (bytes[at] < 0x80 && !(reach.first_after >> (bytes[at] & 31) & 1)))
            reach.after = 0;
    }
    return reach;
}

static size_t slot_of(const struct companions *companions, struct raw_run word)
{
    return (raw_run_hash(word) >> 32) & (companions->slots - 1);
}

static bool is_free(struct raw_run word)
{
    return (word.low | word.high) == 0;
}

enum status companions_finish(struct term_set *set, struct error *err)
{
    struct companions *companions = &set->companions;
    for (size_t i = 0; i < set->patterns.keys.count; i++)
        companions->count += companions->is[i];
    companions->slots = 1;
    while (companions->slots < 2 * companions->count + 2)
        companions->slots *= 2;
    companions->words = mem_zalloc(companions->slots, sizeof *companions->words);
    companions->patterns = mem_zalloc(companions->slots, sizeof *companions->patterns);
    if (!companions->words || !companions->patterns)
        return error_nomem(err);
    for (size_t i = 0; i < set->patterns.literals.count; i++) {
        uint32_t pattern = set->patterns.literal_patterns[i];
        if (!companions->is[pattern])
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
    free(companions->is);
    free(companions->ends);
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
