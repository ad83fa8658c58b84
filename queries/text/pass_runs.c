/*
 * Taking one run of a message: by what is known of short runs, by the memo, and else by working it
 * out, which the memo remembers. A longer run that is not all ASCII is cut into its words first,
 * where that is safe (fold.c).
 */
#include "queries/text/pass_parts.h"

#include <string.h>

static enum status add_hits(struct text_pass *pass, const struct memo_hit *hits, size_t count,
                            struct error *err)
{
    TRY(pass_reserve(pass, count, err));
    uint32_t next = (uint32_t)(pass->position + pass->words);
    for (size_t i = 0; i < count; i++) {
        pass->occurrences[pass->occurrence_count++] =
            (struct occurrence){next + hits[i].offset, hits[i].set};
        if (pass->listing && hits[i].seen != SEEN_NONE)
            pass->run.seen_counts[hits[i].seen]++;
    }
    return STATUS_OK;
}

static enum status add_found(struct text_pass *pass, struct memo_found found, struct error *err)
{
    size_t hits = found.value->hits & MEMO_HITS_MASK;
    /* The first hit's places are those of all, if it is the only one. */
    if (hits > 1 || (hits && found.value->places >> pass->place & 1))
        TRY(add_hits(pass, pass->memo.hits + found.value->first, hits, err));
    return pass_add_words(pass, found.value->words, found.hashes, err);
}

/* The places where any term asks for the patterns of a set of an occurrence in RUN: a bit for each
 * side, and bit PLACE_FIELDS for all record fields together. None for a companion that is looked up
 * around anchors. Where words are listed they are counted wherever they stand. */
static uint32_t places_of(const struct text_pass *pass, uint32_t set, const char *run, size_t len)
{
    if (pass->listing)
        return ((uint32_t)1 << TERM_PLACES) - 1;
    size_t count;
    const uint32_t *patterns = pass_patterns(pass, &set, &count);
    if (count == 1 && pass->look_around && pass->set->companions.passed[patterns[0]] &&
        run_is_ascii(run, len))
        return 0;
    uint64_t places = 0;
    for (size_t i = 0; i < count; i++)
        places |= pass->set->pattern_places[patterns[i]];
    return (uint32_t)((places & PLACES_TURNS) | (uint64_t)(places >> PLACE_FIELDS != 0)
                                                    << PLACE_FIELDS);
}

/* Works RUN out, and adds it. */
static enum status add_unknown(struct text_pass *pass, const char *run, size_t len,
                               struct memo_words *words, struct error *err)
{
    struct run_words *found = &pass->run;
    TRY(run_words_find(found, run, len, err));
    *words = (struct memo_words){
        found->words, found->hits, found->hit_count,
        found->hit_count ? places_of(pass, found->hits[0].set, run, len) : 0, found->hashes};
    if (words->hit_count > 1 || (words->hit_count && words->places >> pass->place & 1))
        TRY(add_hits(pass, words->hits, words->hit_count, err));
    return pass_add_words(pass, words->words, words->hashes, err);
}

/* Has RUN, of which FOUND is known, settled without the memo from now on if it is one word that
 * matches nothing, or but one thing to look at. */
static void make_known(struct text_pass *pass, struct raw_run run, size_t len,
                       struct memo_found found)
{
    struct known_runs *known = pass->known[pass->place];
    if (found.value->words != 1)
        return;
    if (!(found.value->places >> pass->place & 1))
        known_runs_add_plain(known, run);
    else if (len < RUN_BYTES && found.value->hits == 1 && !pass->listing)
        known_runs_add_hit(known, run, found.value->set);
    else
        return; /* the slot holds another run, and that run's hash */
    if (known->hashes)
        known->hashes[known_runs_slot(run)] = found.hashes[0];
}

/* A run of at most RUN_BYTES bytes at TEXT, as key RUN. */
static inline enum status add_short(struct text_pass *pass, const char *text, size_t len,
                                    struct raw_run run, struct error *err)
{
    const struct known_runs *known = pass->known[pass->place];
    size_t slot = known_runs_slot(run);
    enum known is = known_runs_find(known, run, slot);
    if (is != KNOWN_NOT) {
        TRY(pass_reserve(pass, 1, err));
        pass->occurrences[pass->occurrence_count] =
            (struct occurrence){(uint32_t)(pass->position + pass->words), known->sets[slot]};
        pass->occurrence_count += is == KNOWN_HIT;
        return pass_add_words(pass, 1, pass->sifted ? known->hashes + slot : NULL, err);
    }
    struct memo_found found = word_memo_find(&pass->memo, run);
    if (found.value) {
        make_known(pass, run, len, found);
        return add_found(pass, found, err);
    }
    struct memo_words words;
    TRY(add_unknown(pass, text, len, &words, err));
    word_memo_put(&pass->memo, run, &words);
    return STATUS_OK;
}

/* A run of any length that needs no more cutting. READABLE are the bytes that can be read. */
static enum status add_whole(struct text_pass *pass, const char *run, size_t len, size_t readable,
                             struct error *err)
{
    struct memo_words words;
    if (len == 0)
        return STATUS_OK;
    if (len <= RUN_BYTES) {
        char padded[RUN_BYTES] = {0};
        if (readable < RUN_BYTES)
            memcpy(padded, run, len);
        return add_short(pass, run, len, raw_run_of(readable < RUN_BYTES ? padded : run, len), err);
    }
    if (len > MEMO_LONG)
        return add_unknown(pass, run, len, &words, err);
    struct memo_found found = word_memo_find_long(&pass->memo, run, len);
    if (found.value)
        return add_found(pass, found, err);
    TRY(add_unknown(pass, run, len, &words, err));
    word_memo_put_long(&pass->memo, run, len, &words);
    return STATUS_OK;
}

/* A part of a longer run. There companions are recorded wherever they stand. */
static enum status add_part(struct text_pass *pass, const char *part, size_t len, size_t readable,
                            struct error *err)
{
    size_t before = pass->occurrence_count;
    uint32_t position = (uint32_t)(pass->position + pass->words);
    TRY(add_whole(pass, part, len, readable, err));
    if (!pass->look_around || pass->occurrence_count != before || !run_is_ascii(part, len))
        return STATUS_OK;
    uint32_t pattern = companions_look_up(&pass->set->companions, part, len);
    if (pattern == UINT32_MAX)
        return STATUS_OK;
    TRY(pass_reserve(pass, 1, err));
    pass->occurrences[pass->occurrence_count++] = (struct occurrence){position, pattern};
    return STATUS_OK;
}

/* The hash of a word of three bytes that folding leaves as it is. */
static uint64_t hash_of_three(const struct text_pass *pass, const char *bytes)
{
    char padded[RUN_BYTES] = {0};
    memcpy(padded, bytes, 3);
    struct raw_run run = raw_run_of(padded, RUN_BYTES);
    return word_hash_short(&pass->key, run.low, run.high);
}

/* Adds one SINGLE after another from the beginning of RUN while they are known to be plain, save
 * for the last one, which marks may follow. Returns how many bytes that were. */
static inline enum status add_points(struct text_pass *pass, const char *run, size_t len,
                                     size_t *done, struct error *err)
{
    size_t count = plain_points_count(&pass->known[pass->place]->points, run, len);
    *done = 0;
    if (count < 2)
        return STATUS_OK;
    count--;
    if (pass->sifted) {
        TRY(pass_reserve_hashes(pass, count, err));
        for (size_t i = 0; i < count; i++)
            pass->hashes[pass->words + i] = hash_of_three(pass, run + 3 * i);
    }
    pass->words += count;
    *done = 3 * count;
    return STATUS_OK;
}

/* Adds a SINGLE with its marks. */
static enum status add_single(struct text_pass *pass, const char *part, size_t len, size_t readable,
                              struct error *err)
{
    size_t before = pass->occurrence_count;
    uint64_t words = pass->words;
    TRY(add_part(pass, part, len, readable, err));
    uint32_t point = len == 3 ? plain_point_of(part) : 0;
    bool plain = point && pass->words == words + 1 && pass->occurrence_count == before;
    if (plain && (!pass->sifted || pass->hashes[words] == hash_of_three(pass, part)))
        plain_points_add(&pass->known[pass->place]->points, point);
    return STATUS_OK;
}

/* A raw run of more than RUN_BYTES bytes. */
static enum status add_long(struct text_pass *pass, const char *run, size_t len, struct error *err)
{
    if (run_is_ascii(run, len))
        return add_whole(pass, run, len, len, err);
    if (len <= MEMO_LONG) {
        struct memo_found found = word_memo_find_long(&pass->memo, run, len);
        if (found.value)
            return add_found(pass, found, err);
    }
    size_t begin = 0;
    bool single = false; /* the part from BEGIN is a SINGLE with its MARKS */
    for (size_t at = 0; at < len;) {
        size_t here = at;
        enum fold_cut cut = fold_cut(pass->table, fold_next(run, len, &at));
        if (cut == CUT_MARKS || cut == CUT_REST || (cut == CUT_JOIN && !single)) {
            single &= cut == CUT_MARKS;
            continue;
        }
        if (single && here > begin)
            TRY(add_single(pass, run + begin, here - begin, len - begin, err));
        else
            TRY(add_part(pass, run + begin, here - begin, len - begin, err));
        begin = cut == CUT_SEPARATOR ? at : here;
        single = cut == CUT_SINGLE;
        if (single) {
            size_t done;
            TRY(add_points(pass, run + begin, len - begin, &done, err));
            begin += done;
            at += done;
        }
    }
    return add_part(pass, run + begin, len - begin, len - begin, err);
}

enum status pass_take_run(struct text_pass *pass, const char *run, size_t len, struct error *err)
{
    return len <= RUN_BYTES ? add_short(pass, run, len, raw_run_of(run, len), err)
                            : add_long(pass, run, len, err);
}
