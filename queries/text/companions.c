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
    companions->literals = mem_zalloc(count, sizeof *companions->literals);
    companions->reach = mem_zalloc(count, sizeof *companions->reach);
    if (!companions->is || !companions->literals || !companions->reach)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++)
        companions->reach[i].words = NO_WORD;
    for (size_t i = 0; i < set->patterns.literals.count; i++) {
        const struct intern_text *word = &set->patterns.literals.items[i];
        bool ascii = word->len > 0 && word->len <= RUN_BYTES;
        for (size_t c = 0; c < word->len; c++)
            ascii &= (unsigned char)word->text[c] < 0x80;
        uint32_t pattern = set->patterns.literal_patterns[i];
        companions->is[pattern] = ascii;
        companions->literals[pattern] = (struct span){word->text, word->len};
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

/* Tells an anchor's REACH that ITEM must stand next to it; if that is found by itself, anything
 * may.
 */
static enum status add_next(struct term_set *set, struct reach *reach, uint32_t item, bool after,
                            struct error *err)
{
    struct companions *companions = &set->companions;
    uint32_t *letters = after ? &reach->first_after : &reach->last_before;
    if (!is_companion(set, item)) {
        *letters = UINT32_MAX;
        return STATUS_OK;
    }
    struct span word = companions->literals[item];
    *letters |= (uint32_t)1 << ((unsigned char)word.data[after ? 0 : word.len - 1] & 31);
    struct next_word *grown = mem_grow(companions->next_words, &companions->next_capacity,
                                       companions->next_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    companions->next_words = grown;
    grown[companions->next_count] =
        (struct next_word){word.data, (uint32_t)word.len, after, reach->words};
    reach->words = (uint32_t)companions->next_count++;
    return STATUS_OK;
}

enum status companions_attach(struct term_set *set, const struct phrase *phrase, struct error *err)
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
        TRY(add_next(set, reach, items[anchor - 1], false, err));
    if (after)
        TRY(add_next(set, reach, items[anchor + 1], true, err));
    reach->alone |= before == 0 && after == 0;
    reach->before = before > reach->before ? before : reach->before;
    reach->after = after > reach->after ? after : reach->after;
    return STATUS_OK;
}

/* True if WORD may begin (AFTER) or end what stands at the byte AT of TEXT, the first or last one
 * of a run. A byte that is not ASCII leaves it open: folding may drop it. */
static bool may_stand(const struct next_word *word, const struct word_edges *rules,
                      struct span text, size_t at)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    for (size_t i = 0; i <= word->len; i++) {
        size_t place = word->after ? at + i : at - i;
        bool outside = word->after ? place >= text.len : i > at;
        if (i == word->len)
            return outside || !rules->members[bytes[place]] || bytes[place] >= 0x80;
        unsigned char expected = (unsigned char)word->word[word->after ? i : word->len - 1 - i];
        if (outside)
            return false;
        if ((bytes[place] | 0x20) != (expected | 0x20))
            return bytes[place] >= 0x80;
    }
    return true;
}

/* True if at the byte AT of TEXT, next to an anchor, a word may stand that REACH wants there. */
static bool may_be_next(const struct companions *companions, const struct reach *reach, bool after,
                        const struct word_edges *rules, struct span text, size_t at)
{
    unsigned char byte = (unsigned char)text.data[at];
    uint32_t letters = after ? reach->first_after : reach->last_before;
    if (byte >= 0x80 || letters == UINT32_MAX)
        return true;
    if (!(letters >> (byte & 31) & 1))
        return false;
    for (uint32_t w = reach->words; w != NO_WORD; w = companions->next_words[w].next)
        if (companions->next_words[w].after == after &&
            may_stand(&companions->next_words[w], rules, text, at))
            return true;
    return false;
}

struct reach companions_near(const struct companions *companions, const uint32_t *patterns,
                             size_t count, const struct word_edges *rules, struct span text,
                             size_t from, size_t to)
{
    /* Most words have one byte between them. */
    const unsigned char *bytes = (const unsigned char *)text.data;
    struct reach near = {0};
    size_t before = from < 2 ? 0 : from - 2, after = to + 1;
    while (before > 0 && !rules->members[bytes[before]])
        before--;
    while (after < text.len && !rules->members[bytes[after]])
        after++;
    bool has_before = from >= 2 && rules->members[bytes[before]], has_after = after < text.len;
    for (size_t i = 0; i < count; i++) {
        const struct reach *reach = &companions->reach[patterns[i]];
        near.alone |= reach->alone;
        if (has_before && reach->before > near.before &&
            may_be_next(companions, reach, false, rules, text, before))
            near.before = reach->before;
        if (has_after && reach->after > near.after &&
            may_be_next(companions, reach, true, rules, text, after))
            near.after = reach->after;
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
    free(companions->literals);
    free(companions->next_words);
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
