/*
 * Runs shared with works: see overlap_walk.h.
 *
 * Text that shares nothing is left after its marks were looked up. Elsewhere the text is walked
 * from window to window. At the first one that stands in a work the longest run from there on is
 * found: at a window's only place by comparing word after word; at a repeated window by going down
 * the sorted suffixes, from all places of the window to those that agree with ever more of the
 * text. A later run has to hold the word at which this one ends. So if the window that ends with
 * that word stands nowhere, the walk goes on behind it. Else the beginnings in between are tried in
 * order, each of them at the place after that of the one before; where the window there has no
 * other place it need not be tried.
 *
 * Each word is thus compared a few times whatever the works are, and each window searched for among
 * the suffixes at most once, in as many steps as their number has bits (the idea of matching
 * statistics: W. I. Chang, E. L. Lawler, "Sublinear Approximate String Matching and Biological
 * Applications", Algorithmica 12, 1994). Pieces cost WORK_COMMON_PLACES comparisons a window at
 * most, and one for each word of each.
 */
#include "queries/text/overlap_walk.h"

#include "base/memory.h"

#include <stdlib.h>

enum status overlap_walk_init(struct overlap_walk *walk, const struct works_index *index,
                              bool portable, struct error *err)
{
    *walk = (struct overlap_walk){.index = index};
    walk->passed = mem_zalloc(GRAM_STRETCH + 1, sizeof *walk->passed);
    walk->numbers = mem_zalloc(GRAM_STRETCH, sizeof *walk->numbers);
    walk->hashes = mem_zalloc(GRAM_STRETCH, sizeof *walk->hashes);
    if (!walk->passed || !walk->numbers || !walk->hashes)
        return error_nomem(err);
    return word_grams_init(&walk->grams, index->window, portable, err);
}

void overlap_walk_release(struct overlap_walk *walk)
{
    word_grams_release(&walk->grams);
    free(walk->passed);
    free(walk->numbers);
    free(walk->hashes);
    free(walk->candidates);
    *walk = (struct overlap_walk){.index = NULL};
}

/* ---- which windows are worth a look ---- */

/* The windows from HASHES on whose marks works have, and their hashes. Returns how many. */
static size_t marked_windows(struct overlap_walk *walk, const uint64_t *hashes, size_t count)
{
    const struct word_grams *grams = &walk->grams;
    size_t changes = word_grams_find(&walk->grams, hashes, count), found = 0;
    size_t passed = work_filter_pass(&walk->index->windows.filter, grams->marks, grams->changes,
                                     changes, walk->passed);
    for (size_t i = 0; i < passed; i++) {
        size_t change = walk->passed[i], from = grams->changes[change];
        size_t to = change + 1 < changes ? grams->changes[change + 1] : count;
        word_window_hashes(hashes + from, to - from, grams->window, walk->hashes + found);
        while (from < to)
            walk->numbers[found++] = (uint32_t)from++;
    }
    return found;
}

static enum status find_candidates(struct overlap_walk *walk, const uint64_t *hashes,
                                   size_t windows, struct error *err)
{
    walk->candidate_count = 0;
    for (size_t from = 0; from < windows; from += GRAM_STRETCH) {
        size_t count = windows - from < GRAM_STRETCH ? windows - from : GRAM_STRETCH;
        size_t marked = marked_windows(walk, hashes + from, count);
        if (!marked)
            continue;
        size_t found =
            work_windows_maybe(&walk->index->windows, walk->hashes, marked, walk->passed);
        size_t *grown = mem_grow(walk->candidates, &walk->candidate_capacity,
                                 walk->candidate_count + found, sizeof *grown);
        if (!grown)
            return error_nomem(err);
        walk->candidates = grown;
        for (size_t i = 0; i < found; i++)
            grown[walk->candidate_count++] = from + walk->numbers[walk->passed[i]];
    }
    return STATUS_OK;
}

/* ---- the text at hand ---- */

/* A stretch of the text and where it stands. */
struct match {
    size_t at, end;
    uint32_t place;
};

struct text_walk {
    struct overlap_walk *walk;
    const struct works_index *index;
    const uint64_t *hashes;
    size_t count, windows;
    size_t candidate; /* the first one that is not before the walk */
    size_t credited;  /* windows before it have had their pieces begun */
    size_t common;    /* number + 1 of the last window so far that is common text */
    const struct overlap_sink *sink;
};

/* Word AT of the text is the one at PLACE of the works. */
static bool same_word(const struct text_walk *t, size_t at, size_t place)
{
    const struct work_words *words = &t->index->words;
    t->walk->steps++;
    return words->hashes[words->words[place]] == t->hashes[at];
}

/* The place of window AT of the text, or 0; AT never descends. */
static uint32_t find_window(struct text_walk *t, size_t at)
{
    const struct overlap_walk *walk = t->walk;
    while (t->candidate < walk->candidate_count && walk->candidates[t->candidate] < at)
        t->candidate++;
    if (t->candidate == walk->candidate_count || walk->candidates[t->candidate] != at)
        return 0;
    t->walk->steps += t->index->window;
    return work_windows_find(&t->index->windows, t->hashes + at);
}

/* Compares on from MATCH's end. A work's end is no word, so that a run stays in its work. */
static void extend(const struct text_walk *t, struct match *match)
{
    size_t place = match->place + (match->end - match->at);
    while (match->end < t->count && same_word(t, match->end, place)) {
        match->end++;
        place++;
    }
}

/* Makes MATCH, which stands at all of RANGE, as long as it can be. */
static void deepen(const struct text_walk *t, struct suffix_range range, struct match *match)
{
    const struct work_repeats *repeats = &t->index->repeats;
    for (;;) {
        match->place = work_repeats_place(repeats, repeats->index.order[range.from]);
        size_t before = match->end;
        extend(t, match);
        if (match->end == t->count || range.to - range.from == 1)
            return;
        uint32_t depth = (uint32_t)(match->end - match->at);
        if (match->end > before)
            range = suffix_index_around(&repeats->index, range.from, depth);
        uint32_t number = work_words_number(&t->index->words, t->hashes[match->end]);
        if (range.to - range.from == 1 || !number ||
            !suffix_index_child(&repeats->index, range, depth, number, &range, &t->walk->steps))
            return;
        match->end++;
    }
}

/* The longest run from window AT on, which stands at PLACE. */
static struct match longest_at(const struct text_walk *t, size_t at, uint32_t place)
{
    struct match match = {at, at + t->index->window, place};
    if (work_windows_repeated(&t->index->windows, place))
        deepen(t, work_repeats_around(&t->index->repeats, place, t->index->window), &match);
    else
        extend(t, &match);
    return match;
}

/*
 * The first run that begins after MATCH, begins before window LAST and goes on beyond it, into
 * *MATCH. False if there is none.
 */
static bool next_inside(const struct text_walk *t, size_t last, struct match *match)
{
    const struct work_repeats *repeats = &t->index->repeats;
    uint32_t number = work_words_number(&t->index->words, t->hashes[match->end]);
    for (size_t at = match->at + 1; number && at < last; at++) {
        uint32_t place = match->place + (uint32_t)(at - match->at);
        uint32_t depth = (uint32_t)(match->end - at);
        struct suffix_range child;
        t->walk->steps++;
        if (!work_windows_repeated(&t->index->windows, place))
            continue;
        struct suffix_range range = work_repeats_around(repeats, place, depth);
        if (range.to - range.from == 1 ||
            !suffix_index_child(&repeats->index, range, depth, number, &child, &t->walk->steps))
            continue;
        *match = (struct match){.at = at, .end = match->end + 1};
        deepen(t, child, match);
        return true;
    }
    return false;
}

/* ---- pieces ---- */

static bool is_common(const struct text_walk *t, size_t place)
{
    return work_repeats_common(&t->index->repeats, place);
}

/* The piece that begins with window AT at PLACE, if it does not go on from the window before. */
static enum status begin_piece(const struct text_walk *t, size_t at, uint32_t place,
                               struct error *err)
{
    if (at > 0 && same_word(t, at - 1, place - 1) && !is_common(t, place - 1))
        return STATUS_OK;
    size_t len = t->index->window;
    while (at + len < t->count && same_word(t, at + len, place + len) &&
           !is_common(t, place + len + 1 - t->index->window))
        len++;
    return t->sink->piece(t->sink->context, work_words_work(&t->index->words, place), (uint32_t)len,
                          place, err);
}

static enum status begin_pieces(const struct text_walk *t, size_t at, uint32_t place,
                                struct error *err)
{
    if (!work_windows_repeated(&t->index->windows, place))
        return begin_piece(t, at, place, err);
    const struct work_repeats *repeats = &t->index->repeats;
    struct suffix_range range = work_repeats_around(repeats, place, t->index->window);
    for (uint32_t i = range.from; i < range.to; i++)
        TRY(begin_piece(t, at, work_repeats_place(repeats, repeats->index.order[i]), err));
    return STATUS_OK;
}

/* Each window has its pieces begun once, however many runs hold it. Whether it is common text does
 * not depend on the run either, so that the last common one tells whether a run has any. */
static enum status tell_run(struct text_walk *t, const struct match *match, struct error *err)
{
    const struct overlap_sink *sink = t->sink;
    uint32_t words = (uint32_t)(match->end - match->at);
    size_t last = match->end - t->index->window;
    bool alone = false; /* the window before stands at one place, which goes on here */
    TRY(sink->run(sink->context, (uint32_t)match->at, words, match->place, err));
    for (size_t at = match->at > t->credited ? match->at : t->credited; at <= last; at++) {
        uint32_t place = match->place + (uint32_t)(at - match->at);
        bool repeated = work_windows_repeated(&t->index->windows, place);
        t->walk->steps++;
        if (is_common(t, place))
            t->common = at + 1;
        else if (repeated || !alone)
            TRY(begin_pieces(t, at, place, err));
        alone = !repeated;
    }
    t->credited = last + 1;
    if (t->common > match->at)
        return sink->piece(sink->context, OVERLAP_COMMON, words, match->place, err);
    return STATUS_OK;
}

/* ---- the walk ---- */

/* The runs from MATCH on as long as each holds the word at which the one before ends; *NEXT becomes
 * the window to go on from. */
static enum status walk_runs(struct text_walk *t, struct match match, size_t *next,
                             struct error *err)
{
    for (;;) {
        TRY(tell_run(t, &match, err));
        *next = t->windows;
        if (match.end == t->count)
            return STATUS_OK;
        size_t last =
            match.end + 1 - t->index->window; /* the window that ends with the next word */
        uint32_t place = find_window(t, last);
        *next = last + 1;
        if (!place)
            return STATUS_OK;
        if (!next_inside(t, last, &match))
            match = longest_at(t, last, place);
    }
}

enum status overlap_walk_text(struct overlap_walk *walk, const uint64_t *hashes, size_t count,
                              const struct overlap_sink *sink, struct error *err)
{
    const struct works_index *index = walk->index;
    if (count < index->window)
        return STATUS_OK;
    struct text_walk t = {.walk = walk,
                          .index = index,
                          .hashes = hashes,
                          .count = count,
                          .windows = count - index->window + 1,
                          .sink = sink};
    TRY(find_candidates(walk, hashes, t.windows, err));
    while (t.candidate < walk->candidate_count) {
        size_t at = walk->candidates[t.candidate];
        uint32_t place = find_window(&t, at);
        size_t next = at + 1;
        if (place)
            TRY(walk_runs(&t, longest_at(&t, at, place), &next, err));
        while (t.candidate < walk->candidate_count && walk->candidates[t.candidate] < next)
            t.candidate++;
    }
    return STATUS_OK;
}
