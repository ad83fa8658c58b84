/*
 * Words of a raw run, exactly.
 *
 * A run of ASCII characters is one word in lower case. Another run is folded in pieces of at most
 * some hundred bytes, cut where fold.c says that folding may be cut, and its code points are put
 * together to words.
 *
 * Limits: more than REST_MAX code points in a row without a normalisation boundary (marks heaped on
 * one letter) are folded in pieces of that many, so that ordering marks stays linear. Words over
 * SEEN_LENGTH_MAX bytes are matched, but not listed as seen.
 */
#include "queries/text/run_words.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE_BYTES = 512, REST_MAX = 128, SETS_MAX = 1 << 16, SEEN_MIN = 1 << 16 };

enum status run_words_init(struct run_words *run, const struct term_set *set,
                           const struct fold_table *table, struct error *err)
{
    *run = (struct run_words){
        .set = set, .table = table, .flags = fold_table_flags(table), .seen_limit = SEEN_MIN};
    intern_init(&run->set_keys);
    intern_init(&run->seen);
    if (!set)
        return STATUS_OK;
    run->walk = pattern_walk_new(&set->patterns);
    if (!run->walk || numbers_push(&run->sets.starts, 0, err) != STATUS_OK) {
        run_words_release(run);
        return error_nomem(err);
    }
    return STATUS_OK;
}

void run_words_release(struct run_words *run)
{
    pattern_walk_free(run->walk);
    fold_buffer_release(&run->fold);
    free(run->hits);
    free(run->hashes);
    free(run->sets.items.items);
    free(run->sets.starts.items);
    free(run->word);
    intern_release(&run->set_keys);
    intern_release(&run->seen);
    free(run->seen_sets);
    free(run->seen_counts);
    *run = (struct run_words){0};
}

/* The number of a set of patterns, as in struct occurrence. */
static enum status number_set(struct run_words *run, const uint32_t *patterns, size_t count,
                              uint32_t *number, struct error *err)
{
    if (count == 1) {
        *number = patterns[0];
        return STATUS_OK;
    }
    size_t before = run->set_keys.count;
    TRY(intern_add(&run->set_keys, (const char *)patterns, count * sizeof *patterns, number, err));
    if (run->set_keys.count != before) {
        for (size_t i = 0; i < count; i++)
            TRY(numbers_push(&run->sets.items, patterns[i], err));
        TRY(numbers_push(&run->sets.starts, (uint32_t)run->sets.items.count, err));
    }
    *number += (uint32_t)run->set->patterns.keys.count;
    return STATUS_OK;
}

static enum status note_seen(struct run_words *run, const char *word, size_t len, uint32_t set,
                             uint32_t *seen, struct error *err)
{
    *seen = SEEN_NONE;
    if (len > SEEN_LENGTH_MAX)
        return STATUS_OK;
    TRY(intern_add(&run->seen, word, len, seen, err));
    uint32_t *sets =
        mem_grow(run->seen_sets, &run->seen_sets_capacity, (size_t)*seen + 1, sizeof *sets);
    if (!sets)
        return error_nomem(err);
    run->seen_sets = sets;
    size_t capacity = run->seen_counts_capacity;
    uint64_t *counts =
        mem_grow(run->seen_counts, &run->seen_counts_capacity, (size_t)*seen + 1, sizeof *counts);
    if (!counts)
        return error_nomem(err);
    run->seen_counts = counts;
    if (run->seen_counts_capacity != capacity)
        memset(counts + capacity, 0, (run->seen_counts_capacity - capacity) * sizeof *counts);
    sets[*seen] = set;
    return STATUS_OK;
}

static enum status end_word(struct run_words *run, struct error *err)
{
    if (!run->open)
        return STATUS_OK;
    run->open = run->single = false;
    uint64_t offset = run->words++;
    if (run->key) {
        uint64_t *hashes = mem_grow(run->hashes, &run->hash_capacity, offset + 1, sizeof *hashes);
        if (!hashes)
            return error_nomem(err);
        run->hashes = hashes;
        hashes[offset] = word_hash(run->key, run->word, run->word_len);
    }
    if (!run->set)
        return STATUS_OK;
    const uint32_t *patterns;
    size_t count;
    TRY(pattern_walk_find(run->walk, run->word, run->word_len, &patterns, &count, err));
    if (count == 0)
        return STATUS_OK;
    struct memo_hit *grown =
        mem_grow(run->hits, &run->hit_capacity, run->hit_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    run->hits = grown;
    struct memo_hit *hit = &run->hits[run->hit_count];
    hit->offset = (uint32_t)offset;
    TRY(number_set(run, patterns, count, &hit->set, err));
    TRY(note_seen(run, run->word, run->word_len, hit->set, &hit->seen, err));
    run->hit_count++;
    return STATUS_OK;
}

static enum status reserve_word(struct run_words *run, size_t len, struct error *err)
{
    char *grown = mem_grow(run->word, &run->word_capacity, len, 1);
    if (!grown)
        return error_nomem(err);
    run->word = grown;
    return STATUS_OK;
}

static enum status add_point(struct run_words *run, int32_t point, struct error *err)
{
    enum fold_kind kind = fold_table_kind(run->table, point);
    if (kind == KIND_SEPARATOR || (kind == KIND_MARK && !run->open))
        return end_word(run, err);
    if (kind == KIND_SINGLE || (kind == KIND_LETTER && run->single))
        TRY(end_word(run, err));
    if (!run->open)
        run->word_len = 0;
    run->open = true;
    run->single |= kind == KIND_SINGLE;
    TRY(reserve_word(run, run->word_len + 4, err));
    run->word_len += fold_put(point, run->word + run->word_len);
    return STATUS_OK;
}

static enum status add_piece(struct run_words *run, const char *bytes, size_t len,
                             struct error *err)
{
    TRY(fold_text(bytes, len, &run->fold, err));
    for (size_t i = 0; i < run->fold.count; i++)
        TRY(add_point(run, run->fold.points[i], err));
    return STATUS_OK;
}

enum status run_words_find(struct run_words *run, const char *bytes, size_t len, struct error *err)
{
    run->words = 0;
    run->hit_count = 0;
    run->open = run->single = false;
    bool ascii = true;
    for (size_t i = 0; i < len; i++)
        ascii &= (unsigned char)bytes[i] < 0x80;
    if (ascii) {
        TRY(reserve_word(run, len + 1, err));
        for (size_t i = 0; i < len; i++) {
            char c = bytes[i];
            run->word[i] = (char)(c | (c >= 'A' && c <= 'Z' ? 0x20 : 0));
        }
        run->word_len = len;
        run->open = len > 0;
        return end_word(run, err);
    }
    size_t begin = 0, rests = 0;
    for (size_t at = 0; at < len;) {
        size_t here = at;
        enum fold_cut cut = fold_cut(run->table, fold_next(bytes, len, &at));
        bool rest = cut == CUT_MARKS || cut == CUT_REST;
        rests = rest ? rests + 1 : 0;
        if ((!rest && here - begin >= PIECE_BYTES) || rests > REST_MAX) {
            TRY(add_piece(run, bytes + begin, here - begin, err));
            begin = here;
            rests = 0;
        }
    }
    TRY(add_piece(run, bytes + begin, len - begin, err));
    return end_word(run, err);
}

/* ---- words seen ---- */

static const uint32_t *set_patterns(const struct run_words *run, const uint32_t *set, size_t *count)
{
    uint32_t patterns = (uint32_t)run->set->patterns.keys.count;
    if (*set < patterns) {
        *count = 1;
        return set;
    }
    uint32_t from = run->sets.starts.items[*set - patterns];
    *count = run->sets.starts.items[*set - patterns + 1] - from;
    return run->sets.items.items + from;
}

void run_words_forget_counts(struct run_words *run)
{
    if (run->seen.count)
        memset(run->seen_counts, 0, run->seen.count * sizeof *run->seen_counts);
}

/* Visits counted words in order of bytes, each with the patterns for which it is among the first
 * ones. */
static enum status visit_kept(const struct run_words *run,
                              void (*visit)(void *context, uint32_t pattern, uint32_t word),
                              void *context, struct error *err)
{
    uint32_t *order = mem_zalloc(run->seen.count, sizeof *order);
    uint32_t *kept = mem_zalloc(run->set->patterns.keys.count, sizeof *kept);
    if (!order || !kept) {
        free(order);
        free(kept);
        return error_nomem(err);
    }
    intern_sorted(&run->seen, order);
    for (size_t i = 0; i < run->seen.count; i++) {
        size_t count;
        if (!run->seen_counts[order[i]])
            continue;
        const uint32_t *patterns = set_patterns(run, &run->seen_sets[order[i]], &count);
        for (size_t p = 0; p < count; p++)
            if (kept[patterns[p]]++ < SEEN_PER_PATTERN)
                visit(context, patterns[p], order[i]);
    }
    free(order);
    free(kept);
    return STATUS_OK;
}

struct seen_visit {
    const struct run_words *run;
    void (*visit)(void *context, uint32_t pattern, struct span word, uint64_t count);
    void *context;
};

static void visit_seen(void *context, uint32_t pattern, uint32_t word)
{
    const struct seen_visit *to = context;
    const struct intern_text *text = &to->run->seen.items[word];
    to->visit(to->context, pattern, (struct span){text->text, text->len},
              to->run->seen_counts[word]);
}

enum status run_words_seen(const struct run_words *run,
                           void (*visit)(void *context, uint32_t pattern, struct span word,
                                         uint64_t count),
                           void *context, struct error *err)
{
    struct seen_visit to = {run, visit, context};
    return run->set && run->seen.count ? visit_kept(run, visit_seen, &to, err) : STATUS_OK;
}

static void mark_kept(void *context, uint32_t pattern, uint32_t word)
{
    (void)pattern;
    ((uint8_t *)context)[word] = 1;
}

/*
 * Drops the words that are not among the first ones of any pattern. A dropped word can never become
 * one of them, since words are only added; so what is listed at the end does not depend on when
 * this is done. Sets keep their numbers. Without memory nothing is dropped.
 */
static bool trim_seen(struct run_words *run)
{
    uint8_t *kept = mem_zalloc(run->seen.count, 1);
    struct intern seen;
    intern_init(&seen);
    bool done = kept && visit_kept(run, mark_kept, kept, NULL) == STATUS_OK;
    for (size_t i = 0; done && i < run->seen.count; i++) {
        uint32_t number;
        if (!kept[i])
            continue;
        done = intern_add(&seen, run->seen.items[i].text, run->seen.items[i].len, &number, NULL) ==
               STATUS_OK;
        kept[i] = 2;
    }
    if (done) {
        size_t n = 0;
        for (size_t i = 0; i < run->seen.count; i++) {
            if (!kept[i])
                continue;
            run->seen_sets[n] = run->seen_sets[i];
            run->seen_counts[n++] = run->seen_counts[i];
        }
        memset(run->seen_counts + n, 0, (run->seen.count - n) * sizeof *run->seen_counts);
        intern_release(&run->seen);
        run->seen = seen;
    } else {
        intern_release(&seen);
    }
    free(kept);
    run->seen_limit = run->seen.count * 2 > SEEN_MIN ? run->seen.count * 2 : SEEN_MIN;
    return done;
}

/* Numbers the sets anew: only those of words seen are kept. Without memory nothing happens. */
static bool trim_sets(struct run_words *run)
{
    struct pattern_sets old = run->sets;
    struct intern old_keys = run->set_keys;
    uint32_t *renamed = mem_zalloc(run->seen.count, sizeof *renamed);
    bool done = renamed != NULL;
    run->sets = (struct pattern_sets){0};
    intern_init(&run->set_keys);
    done = done && numbers_push(&run->sets.starts, 0, NULL) == STATUS_OK;
    uint32_t patterns = (uint32_t)run->set->patterns.keys.count;
    for (size_t i = 0; done && i < run->seen.count; i++) {
        uint32_t set = run->seen_sets[i];
        renamed[i] = set;
        if (set < patterns)
            continue;
        uint32_t from = old.starts.items[set - patterns];
        uint32_t count = old.starts.items[set - patterns + 1] - from;
        done = number_set(run, old.items.items + from, count, &renamed[i], NULL) == STATUS_OK;
    }
    if (done) {
        memcpy(run->seen_sets, renamed, run->seen.count * sizeof *renamed);
    } else {
        struct pattern_sets half = run->sets;
        struct intern half_keys = run->set_keys;
        run->sets = old;
        run->set_keys = old_keys;
        old = half;
        old_keys = half_keys;
    }
    free(renamed);
    free(old.items.items);
    free(old.starts.items);
    intern_release(&old_keys);
    return done;
}

bool run_words_trim(struct run_words *run)
{
    if (!run->set)
        return false;
    bool changed = false;
    if (run->seen.count > run->seen_limit)
        changed |= trim_seen(run);
    if (run->set_keys.count > SETS_MAX)
        changed |= trim_sets(run);
    return changed;
}
