/*
 * The matcher: one pass over each message.
 *
 * A message is taken in blocks. First the edges of its raw runs are found (word_edges.c), then each
 * run of at most 16 bytes is looked up in the memo as two numbers. Most runs are one word that
 * matches nothing, and that is all that is done for them. What the memo does not know is worked out
 * by run_words.c and remembered. A longer run that is not all ASCII is cut into its words first
 * where that is safe (fold.c).
 */
#include "queries/text/matcher.h"

#include "base/memory.h"
#include "queries/text/run_words.h"
#include "queries/text/term_word.h"
#include "queries/text/word_edges.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1 << 13 };
#define POSITION_MAX 0xFFFFFF00u

struct matcher {
    const struct term_set *set; /* NULL: counting only */
    struct fold_table *own_table;
    const struct fold_table *table;
    struct word_edges edge_rules;
    struct word_memo memo;
    struct run_words run;
    struct evaluator *evaluator;
    uint32_t *edges; /* BLOCK + 64 and one carried over */
    struct turns turns;
    size_t field_turns;
    struct occurrence *occurrences;
    size_t occurrence_count, occurrence_capacity;
    struct word_key key;
    uint64_t *hashes; /* of the words of the turn at hand, where they are kept */
    size_t hash_capacity;
    uint8_t place;     /* of the turn at hand */
    bool listing;      /* counts the words that leaves match */
    uint64_t words;    /* of the turn at hand */
    uint64_t position; /* its base */
};

static struct matcher *new_matcher(const struct term_set *set, unsigned flags)
{
    struct matcher *matcher = mem_zalloc(1, sizeof *matcher);
    if (!matcher)
        return NULL;
    matcher->set = set;
    matcher->table = set ? set->table : NULL;
    if (!matcher->table)
        matcher->table = matcher->own_table = fold_table_new(flags);
    word_edges_init(&matcher->edge_rules, flags, false);
    matcher->edges = malloc((BLOCK + 65) * sizeof *matcher->edges);
    if (set)
        matcher->evaluator = evaluator_new(set);
    if (!matcher->table || !matcher->edges || (set && !matcher->evaluator) ||
        !word_memo_init(&matcher->memo) ||
        run_words_init(&matcher->run, set, matcher->table, NULL) != STATUS_OK) {
        matcher_free(matcher);
        return NULL;
    }
    return matcher;
}

struct matcher *matcher_new(const struct term_set *set)
{
    return new_matcher(set, set ? set->flags : 0);
}

struct matcher *matcher_new_counting(const struct word_rules *rules)
{
    return new_matcher(NULL, word_rules_flags(rules));
}

void matcher_free(struct matcher *matcher)
{
    if (!matcher)
        return;
    evaluator_free(matcher->evaluator);
    run_words_release(&matcher->run);
    word_memo_release(&matcher->memo);
    fold_table_free(matcher->own_table);
    free(matcher->edges);
    free(matcher->turns.items);
    free(matcher->turns.hints);
    free(matcher->occurrences);
    free(matcher->hashes);
    free(matcher);
}

/* ---- words ---- */

/* Room for MORE occurrences. */
static enum status reserve_occurrences(struct matcher *matcher, size_t more, struct error *err)
{
    if (matcher->occurrence_capacity - matcher->occurrence_count >= more)
        return STATUS_OK;
    struct occurrence *grown = mem_grow(matcher->occurrences, &matcher->occurrence_capacity,
                                        matcher->occurrence_count + more, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    matcher->occurrences = grown;
    return STATUS_OK;
}

static enum status add_hits(struct matcher *matcher, const struct memo_hit *hits, size_t count,
                            struct error *err)
{
    TRY(reserve_occurrences(matcher, count, err));
    uint32_t next = (uint32_t)(matcher->position + 1 + matcher->words);
    for (size_t i = 0; i < count; i++) {
        matcher->occurrences[matcher->occurrence_count++] =
            (struct occurrence){next + hits[i].offset, hits[i].set};
        if (matcher->listing && hits[i].seen != SEEN_NONE)
            matcher->run.seen_counts[hits[i].seen]++;
    }
    return STATUS_OK;
}

static enum status add_value(struct matcher *matcher, const struct memo_value *value,
                             struct error *err)
{
    size_t hits = value->hits & MEMO_HITS_MASK;
    if (hits)
        TRY(add_hits(matcher, matcher->memo.hits + value->first, hits, err));
    matcher->words += value->words;
    return STATUS_OK;
}

static enum status add_hashes(struct matcher *matcher, struct error *err)
{
    size_t words = (size_t)(matcher->words + matcher->run.words);
    uint64_t *hashes = mem_grow(matcher->hashes, &matcher->hash_capacity, words, sizeof *hashes);
    if (!hashes)
        return error_nomem(err);
    matcher->hashes = hashes;
    if (matcher->run.words)
        memcpy(hashes + matcher->words, matcher->run.hashes,
               (size_t)matcher->run.words * sizeof *hashes);
    return STATUS_OK;
}

/* Works RUN out. */
static enum status add_unknown(struct matcher *matcher, const char *run, size_t len,
                               struct error *err)
{
    TRY(run_words_find(&matcher->run, run, len, err));
    if (matcher->run.hit_count)
        TRY(add_hits(matcher, matcher->run.hits, matcher->run.hit_count, err));
    if (matcher->run.key)
        TRY(add_hashes(matcher, err));
    matcher->words += matcher->run.words;
    return STATUS_OK;
}

/* The places where any term asks for the patterns of a set of an occurrence: a bit for each side,
 * and bit PLACE_FIELDS for all record fields together. */
static uint32_t places_of(const struct matcher *matcher, uint32_t set)
{
    uint32_t patterns = (uint32_t)matcher->set->patterns.keys.count;
    uint64_t places = 0;
    if (set < patterns) {
        places = matcher->set->pattern_places[set];
    } else {
        const struct pattern_sets *sets = &matcher->run.sets;
        for (uint32_t i = sets->starts.items[set - patterns];
             i < sets->starts.items[set - patterns + 1]; i++)
            places |= matcher->set->pattern_places[sets->items.items[i]];
    }
    return (uint32_t)((places & PLACES_TURNS) | (uint64_t)(places >> PLACE_FIELDS != 0)
                                                    << PLACE_FIELDS);
}

/* Works out a short run that the memo does not have, and puts it in. */
static enum status add_missed(struct matcher *matcher, const char *run, size_t len, uint64_t low,
                              uint64_t high, struct error *err)
{
    TRY(add_unknown(matcher, run, len, err));
    word_memo_put(&matcher->memo, low, high, matcher->run.words, matcher->run.hits,
                  matcher->run.hit_count,
                  matcher->run.hit_count ? places_of(matcher, matcher->run.hits[0].set) : 0);
    return STATUS_OK;
}

static enum status add_short(struct matcher *matcher, const char *run, size_t len,
                             struct error *err)
{
    char padded[MEMO_SHORT] = {0};
    uint64_t low, high;
    memcpy(padded, run, len);
    memcpy(&low, padded, 8);
    memcpy(&high, padded + 8, 8);
    const struct memo_value *value = memo_find(&matcher->memo, low, high);
    return value ? add_value(matcher, value, err) : add_missed(matcher, run, len, low, high, err);
}

/* A run of any length that needs no more cutting. */
static enum status add_whole(struct matcher *matcher, const char *run, size_t len,
                             struct error *err)
{
    if (len == 0)
        return STATUS_OK;
    if (len <= MEMO_SHORT)
        return add_short(matcher, run, len, err);
    if (len > MEMO_LONG)
        return add_unknown(matcher, run, len, err);
    const struct memo_value *value = word_memo_find_long(&matcher->memo, run, len);
    if (value)
        return add_value(matcher, value, err);
    TRY(add_unknown(matcher, run, len, err));
    word_memo_put_long(&matcher->memo, run, len, matcher->run.words, matcher->run.hits,
                       matcher->run.hit_count);
    return STATUS_OK;
}

/* A raw run of more than MEMO_SHORT bytes. */
static enum status add_long(struct matcher *matcher, const char *run, size_t len, struct error *err)
{
    bool ascii = true;
    for (size_t i = 0; i < len && ascii; i++)
        ascii = (unsigned char)run[i] < 0x80;
    if (ascii)
        return add_whole(matcher, run, len, err);
    const struct memo_value *value =
        len <= MEMO_LONG ? word_memo_find_long(&matcher->memo, run, len) : NULL;
    if (value)
        return add_value(matcher, value, err);
    size_t begin = 0;
    bool single = false; /* the part from BEGIN is a SINGLE with its MARKS */
    for (size_t at = 0; at < len;) {
        size_t here = at;
        enum fold_cut cut = fold_cut(matcher->table, fold_next(run, len, &at));
        if (cut == CUT_MARKS || cut == CUT_REST || (cut == CUT_JOIN && !single)) {
            single &= cut == CUT_MARKS;
            continue;
        }
        TRY(add_whole(matcher, run + begin, here - begin, err));
        begin = cut == CUT_SEPARATOR ? at : here;
        single = cut == CUT_SINGLE;
    }
    return add_whole(matcher, run + begin, len - begin, err);
}

/* What of the two halves of 16 bytes a run of 0 to 16 bytes keeps. Bytes stand in memory order. */
#define ONES(n) (0xFFFFFFFFFFFFFFFF >> (64 - 8 * (n)))
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define FIRST(n) ONES(n)
#else
#define FIRST(n) (ONES(n) << (64 - 8 * (n)))
#endif
static const uint64_t kept[MEMO_SHORT + 1][2] = {
    {0, 0},
    {FIRST(1), 0},
    {FIRST(2), 0},
    {FIRST(3), 0},
    {FIRST(4), 0},
    {FIRST(5), 0},
    {FIRST(6), 0},
    {FIRST(7), 0},
    {FIRST(8), 0},
    {FIRST(8), FIRST(1)},
    {FIRST(8), FIRST(2)},
    {FIRST(8), FIRST(3)},
    {FIRST(8), FIRST(4)},
    {FIRST(8), FIRST(5)},
    {FIRST(8), FIRST(6)},
    {FIRST(8), FIRST(7)},
    {FIRST(8), FIRST(8)},
};

/* The end of a message with zeros after it, where MEMO_SHORT bytes cannot be read from the text. */
struct tail {
    char bytes[3 * MEMO_SHORT];
    size_t from; /* the place in the text of bytes[0] */
};

static void tail_init(struct tail *tail, struct span text)
{
    size_t len = text.len < 2 * MEMO_SHORT ? text.len : 2 * MEMO_SHORT;
    memset(tail->bytes, 0, sizeof tail->bytes);
    tail->from = text.len - len;
    if (len)
        memcpy(tail->bytes, text.data + tail->from, len);
}

/* Runs whose places in the memo are asked for together, so that the waits for memory overlap. */
enum { AHEAD = 32 };
struct ahead {
    uint64_t low[AHEAD], high[AHEAD];
    const struct memo_entry *pairs[AHEAD]; /* NULL: too long for the memo's short runs */
};

static void look_ahead(const struct word_memo *memo, struct span text, const struct tail *tail,
                       const uint32_t *edges, size_t count, struct ahead *out)
{
    for (size_t i = 0; i < count; i++) {
        size_t from = edges[2 * i], len = edges[2 * i + 1] - from;
        const char *run =
            from + MEMO_SHORT <= text.len ? text.data + from : tail->bytes + (from - tail->from);
        out->pairs[i] = NULL;
        if (__builtin_expect(len > MEMO_SHORT, 0))
            continue;
        uint64_t low, high;
        memcpy(&low, run, 8);
        memcpy(&high, run + 8, 8);
        out->low[i] = low &= kept[len][0];
        out->high[i] = high &= kept[len][1];
        out->pairs[i] = memo_pair(memo, low, high);
        __builtin_prefetch(out->pairs[i]);
    }
}

/* A run that is not just one word of at most one pattern, or that the memo does not have. */
static enum status add_other(struct matcher *matcher, const char *run, size_t len,
                             const struct ahead *ahead, size_t j, struct error *err)
{
    if (!ahead->pairs[j])
        return add_long(matcher, run, len, err);
    const struct memo_value *value = memo_find_in(ahead->pairs[j], ahead->low[j], ahead->high[j]);
    return value ? add_value(matcher, value, err)
                 : add_missed(matcher, run, len, ahead->low[j], ahead->high[j], err);
}

/*
 * Adds the words of COUNT runs, whose edges are in EDGES. Whether a word matches something cannot
 * be foretold, so an occurrence is written in any case and only counted if it is one.
 */
static enum status add_runs(struct matcher *matcher, struct span text, const struct tail *tail,
                            const uint32_t *edges, size_t count, struct error *err)
{
    struct ahead ahead;
    const uint16_t plain = matcher->listing ? 0 : 1;
    const unsigned place = matcher->place < PLACE_FIELDS ? matcher->place : PLACE_FIELDS;
    const uint32_t base = (uint32_t)matcher->position + 1;
    if (matcher->run.key) {
        for (size_t i = 0; i < count; i++)
            TRY(add_unknown(matcher, text.data + edges[2 * i], edges[2 * i + 1] - edges[2 * i],
                            err));
        return STATUS_OK;
    }
    for (size_t i = 0; i < count; i += AHEAD) {
        size_t some = count - i < AHEAD ? count - i : AHEAD;
        look_ahead(&matcher->memo, text, tail, edges + 2 * i, some, &ahead);
        for (size_t j = 0; j < some;) {
            TRY(reserve_occurrences(matcher, AHEAD, err));
            struct occurrence *out = matcher->occurrences + matcher->occurrence_count;
            uint64_t words = matcher->words;
            for (; j < some && ahead.pairs[j]; j++) {
                const struct memo_value *value =
                    memo_find_in(ahead.pairs[j], ahead.low[j], ahead.high[j]);
                if (__builtin_expect(!value || value->hits > plain, 0))
                    break;
                *out = (struct occurrence){base + (uint32_t)words, value->set};
                out += value->places >> place & 1;
                words += value->words;
            }
            matcher->occurrence_count = (size_t)(out - matcher->occurrences);
            matcher->words = words;
            if (j == some)
                break;
            size_t from = edges[2 * (i + j)], len = edges[2 * (i + j) + 1] - from;
            TRY(add_other(matcher, text.data + from, len, &ahead, j++, err));
        }
    }
    return STATUS_OK;
}

static enum status add_text(struct matcher *matcher, struct span text, struct error *err)
{
    if (text.len > POSITION_MAX)
        return error_set(err, STATUS_INPUT, NULL, "a message has more than 4 GiB");
    uint32_t *edges = matcher->edges;
    struct tail tail;
    bool inside = false;
    tail_init(&tail, text);
    size_t pending = 0; /* 1 if a run is open, whose beginning is edges[0] */
    for (size_t from = 0; from < text.len;) {
        size_t to = text.len - from > BLOCK ? from + BLOCK : text.len;
        size_t count = pending + matcher->edge_rules.find(&matcher->edge_rules, text.data, from, to,
                                                          &inside, edges + pending);
        if (to == text.len && inside)
            edges[count++] = (uint32_t)text.len;
        TRY(add_runs(matcher, text, &tail, edges, count / 2, err));
        pending = count % 2;
        if (pending)
            edges[0] = edges[count - 1];
        from = to;
    }
    return STATUS_OK;
}

/* ---- conversations ---- */

static enum status add_turn(struct matcher *matcher, uint8_t place, uint32_t exchange,
                            struct span text, struct error *err)
{
    struct turns *turns = &matcher->turns;
    struct turn *grown = mem_grow(turns->items, &turns->capacity, turns->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    turns->items = grown;
    matcher->words = 0;
    matcher->place = place;
    if (matcher->position + text.len >= POSITION_MAX)
        return error_set(err, STATUS_INPUT, NULL, "a conversation has more than 4 GiB of text");
    TRY(add_text(matcher, text, err));
    uint32_t ordinal = 0;
    if (turns->count > matcher->field_turns) {
        const struct turn *last = &grown[turns->count - 1];
        ordinal = last->ordinal + (last->exchange != exchange);
    }
    uint64_t end = matcher->position + matcher->words + 2;
    if (end >= POSITION_MAX)
        return error_set(err, STATUS_INPUT, NULL, "a conversation has more than 4 billion words");
    uint32_t *hints =
        mem_grow(turns->hints, &turns->hints_capacity, (size_t)(end / 64 + 1), sizeof *hints);
    if (!hints)
        return error_nomem(err);
    turns->hints = hints;
    for (uint64_t block = (matcher->position + 63) / 64; block * 64 < end; block++)
        hints[block] = (uint32_t)turns->count;
    grown[turns->count++] = (struct turn){(uint32_t)matcher->position, (uint32_t)matcher->words,
                                          exchange, ordinal, place};
    matcher->position = end;
    return STATUS_OK;
}

/* What a large conversation needed is given back. */
enum { KEEP_OCCURRENCES = 1 << 20 };

enum status matcher_begin(struct matcher *matcher, const struct span *fields, struct error *err)
{
    if (run_words_trim(&matcher->run))
        word_memo_forget(&matcher->memo);
    if (matcher->occurrence_capacity > KEEP_OCCURRENCES) {
        free(matcher->occurrences);
        matcher->occurrences = NULL;
        matcher->occurrence_capacity = 0;
    }
    matcher->occurrence_count = 0;
    matcher->turns.count = 0;
    matcher->field_turns = 0;
    matcher->position = 0;
    if (!matcher->set || !fields)
        return STATUS_OK;
    for (size_t i = 0; i < matcher->set->field_count && i < TERM_FIELDS_MAX; i++) {
        uint8_t place = (uint8_t)(PLACE_FIELDS + i);
        if (!fields[i].data || !(matcher->set->places >> place & 1))
            continue;
        matcher->field_turns = matcher->turns.count + 1;
        TRY(add_turn(matcher, place, 0, fields[i], err));
    }
    return STATUS_OK;
}

enum status matcher_turn(struct matcher *matcher, enum text_side side, uint32_t exchange,
                         struct span text, uint64_t *words, struct error *err)
{
    TRY(add_turn(matcher, (uint8_t)side, exchange, text, err));
    *words += matcher->words;
    return STATUS_OK;
}

enum status matcher_end(struct matcher *matcher, const struct text_hit **hits, size_t *count,
                        struct error *err)
{
    *hits = NULL;
    *count = 0;
    if (!matcher->set)
        return STATUS_OK;
    return evaluator_run(matcher->evaluator, &matcher->turns, matcher->field_turns,
                         matcher->occurrences, matcher->occurrence_count, &matcher->run.sets, hits,
                         count, err);
}

void matcher_keep_hashes(struct matcher *matcher, const struct word_key *key)
{
    matcher->key = *key;
    matcher->run.key = &matcher->key;
}

const uint64_t *matcher_hashes(const struct matcher *matcher, size_t *count)
{
    *count = (size_t)matcher->words;
    return matcher->hashes;
}

/* ---- words seen ---- */

void matcher_list_words(struct matcher *matcher)
{
    matcher->listing = true;
    run_words_forget_counts(&matcher->run);
}

/* Where a pattern is a leaf. */
struct leaf_place {
    uint32_t pattern, term, leaf;
};

struct leaf_visit {
    const struct leaf_place *places;
    size_t count;
    void (*visit)(void *context, uint32_t term, size_t leaf, struct span word, uint64_t count);
    void *context;
};

static int by_pattern(const void *a, const void *b)
{
    const struct leaf_place *left = a, *right = b;
    if (left->pattern != right->pattern)
        return left->pattern < right->pattern ? -1 : 1;
    if (left->term != right->term)
        return left->term < right->term ? -1 : 1;
    return (left->leaf > right->leaf) - (left->leaf < right->leaf);
}

static void visit_places(void *context, uint32_t pattern, struct span word, uint64_t count)
{
    const struct leaf_visit *to = context;
    size_t low = 0, high = to->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (to->places[mid].pattern < pattern)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < to->count && to->places[low].pattern == pattern; low++)
        to->visit(to->context, to->places[low].term, to->places[low].leaf, word, count);
}

enum status matcher_leaf_words(const struct matcher *matcher,
                               void (*visit)(void *context, uint32_t term, size_t leaf,
                                             struct span word, uint64_t count),
                               void *context, struct error *err)
{
    const struct term_set *set = matcher->set;
    if (!set)
        return STATUS_OK;
    struct leaf_place *places = mem_zalloc(set->leaf_patterns.count, sizeof *places);
    if (!places)
        return error_nomem(err);
    size_t count = 0;
    for (size_t t = 0; t < set->program_count; t++) {
        const struct program *program = &set->programs[t];
        for (size_t leaf = 0; leaf < program->term->leaf_count; leaf++)
            places[count++] = (struct leaf_place){set->leaf_patterns.items[program->leaves + leaf],
                                                  (uint32_t)t, (uint32_t)leaf};
    }
    if (count)
        qsort(places, count, sizeof *places, by_pattern);
    struct leaf_visit to = {places, count, visit, context};
    enum status status = run_words_seen(&matcher->run, visit_places, &to, err);
    free(places);
    return status;
}
