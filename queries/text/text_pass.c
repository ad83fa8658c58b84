/*
 * The pass over a message. It is taken in blocks: first the edges of raw runs are found
 * (word_edges.c), then runs that cannot match are sifted out by how they begin (word_filter.c) or
 * by what is known of them (known_runs.c), which settles most. The others are taken one by one
 * (pass_runs.c).
 *
 * A word that terms ask for in prompts alone is plain in an output, so there is a table of known
 * runs for each place, shared by places where the same is asked.
 */
#include "queries/text/text_pass.h"

#include "queries/text/pass_parts.h"
#include "queries/text/term_tree.h"

#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = PASS_BLOCK,
    CHUNK = 1 << 9 /* runs that are sifted together */
};

/* ---- the pass itself ---- */

/* True if exactly the same patterns are asked for in both places. */
static bool same_asked(const struct term_set *set, unsigned a, unsigned b)
{
    for (uint32_t i = 0; i < set->patterns.keys.count; i++)
        if (term_set_asks(set, i, a) != term_set_asks(set, i, b))
            return false;
    return true;
}

/* A table of known runs for each place. */
static bool need_known(struct text_pass *pass)
{
    for (unsigned place = 0; place < TERM_PLACES; place++) {
        for (unsigned other = 0; other < place && !pass->known[place]; other++)
            if (!pass->set || same_asked(pass->set, other, place))
                pass->known[place] = pass->known[other];
        if (pass->known[place])
            continue;
        pass->known[place] = &pass->tables[place];
        if (!known_runs_init(&pass->tables[place]))
            return false;
    }
    return true;
}

enum status text_pass_init(struct text_pass *pass, const struct term_set *set,
                           const struct fold_table *table, bool portable, struct error *err)
{
    *pass = (struct text_pass){.set = set, .table = table};
    word_edges_init(&pass->edge_rules, fold_table_flags(table), portable);
    TRY(run_words_init(&pass->run, set, table, err));
    pass->edges = malloc((BLOCK + 128) * sizeof *pass->edges);
    pass->others = malloc((CHUNK + 16) * sizeof *pass->others);
    pass->filtering = !portable && word_filter_usable();
    if (!pass->edges || !pass->others || !word_memo_init(&pass->memo) || !need_known(pass))
        return error_nomem(err);
    return STATUS_OK;
}

void text_pass_release(struct text_pass *pass)
{
    run_words_release(&pass->run);
    word_memo_release(&pass->memo);
    for (unsigned place = 0; place < TERM_PLACES; place++)
        known_runs_release(&pass->tables[place]);
    anchors_release(&pass->anchors);
    free(pass->edges);
    free(pass->others);
    free(pass->sifted);
    free(pass->occurrences);
    free(pass->hashes);
    *pass = (struct text_pass){.words = 0};
}

enum status text_pass_keep_hashes(struct text_pass *pass, const struct word_key *key,
                                  struct error *err)
{
    pass->key = *key;
    pass->run.key = &pass->key;
    if (!pass->sifted)
        pass->sifted = malloc(CHUNK * sizeof *pass->sifted);
    bool done = pass->sifted && word_memo_keep_hashes(&pass->memo);
    for (unsigned place = 0; done && place < TERM_PLACES; place++)
        done = !pass->tables[place].block || known_runs_keep_hashes(&pass->tables[place]);
    if (!done)
        return error_nomem(err);
    return STATUS_OK;
}

/* Forgets what is known of runs. */
static void forget(struct text_pass *pass)
{
    word_memo_forget(&pass->memo);
    for (unsigned place = 0; place < TERM_PLACES; place++)
        if (pass->tables[place].block)
            known_runs_forget(&pass->tables[place]);
}

void text_pass_list_words(struct text_pass *pass)
{
    if (!pass->listing)
        forget(pass); /* companions were passed over */
    pass->listing = true;
    run_words_forget_counts(&pass->run);
}

/* What a large conversation needed is given back. */
enum { KEEP_OCCURRENCES = 1 << 20, KEEP_HASHES = 1 << 20 };

void text_pass_begin(struct text_pass *pass)
{
    if (run_words_trim(&pass->run))
        forget(pass);
    if (pass->occurrence_capacity > KEEP_OCCURRENCES) {
        free(pass->occurrences);
        pass->occurrences = NULL;
        pass->occurrence_capacity = 0;
    }
    if (pass->hash_capacity > KEEP_HASHES) {
        free(pass->hashes);
        pass->hashes = NULL;
        pass->hash_capacity = 0;
    }
    pass->occurrence_count = 0;
    pass->pattern_count = pass->set ? (uint32_t)pass->set->patterns.keys.count : 0;
    pass->look_around = pass->set && pass->set->companions.count && !pass->listing;
}

/* ---- runs of a text ---- */

/* Adds the plain runs FROM to TO of a chunk. */
static enum status add_plain(struct text_pass *pass, size_t from, size_t to, struct error *err)
{
    return pass_add_words(pass, to - from, pass->sifted ? pass->sifted + from : NULL, err);
}

/* Fills pass->others with what of a chunk needs a closer look. */
static size_t sift(struct text_pass *pass, const char *text, const uint32_t *edges, size_t count)
{
    static const struct word_filter nothing = {.all = false};
    const struct known_runs *known = pass->known[pass->place];
    const struct word_filter *filter = pass->set ? &pass->set->filters[pass->place] : &nothing;
    /* Edges that were moved with a copy have no room after them. */
    bool filtering = pass->filtering && !pass->listing && !filter->all && text == pass->text.data;
    if (!filtering && !pass->sifted)
        return known_runs_sift(known, text, edges, count, pass->others);
    const struct high_bytes high = {pass->high, pass->block};
    size_t passed = count;
    if (filtering)
        passed =
            word_filter_sift(filter, &high, text, edges, count, pass->sifted != NULL, pass->others);
    else
        for (size_t i = 0; i < count; i++)
            pass->others[i] = (uint16_t)i;
    if (pass->sifted)
        raw_runs_hash(text, edges, count, &pass->key, pass->sifted);
    return known_runs_sift_again(known, text, edges, pass->others, passed, pass->sifted);
}

/* A run of a chunk, from FROM to TO of the message, whose bytes are at TEXT, 16 of them readable.
 */
static enum status add_other(struct text_pass *pass, const char *text, size_t from, size_t to,
                             struct error *err)
{
    size_t first = pass->occurrence_count;
    uint64_t word = pass->words;
    TRY(pass_take_run(pass, text, to - from, err));
    if (!pass->look_around || pass->occurrence_count == first)
        return STATUS_OK;
    return pass_settle_anchor(pass, from, to, first, word, err);
}

/* Adds run AT of the chunk, RUN, if it is known to be one word, and at most one pattern matches it,
 * which needs nothing around it or cannot have it. There is room for it. */
static inline bool add_simple(struct text_pass *pass, size_t at, struct raw_run run, size_t from,
                              size_t to)
{
    const struct known_runs *known = pass->known[pass->place];
    size_t slot = known_runs_slot(run);
    enum known is = known_runs_find(known, run, slot);
    uint32_t set = known->sets[slot];
    bool wanted = is == KNOWN_HIT;
    if (is == KNOWN_NOT || (wanted && set >= pass->pattern_count))
        return false;
    if (wanted && pass->look_around) {
        const struct reach *reach = &pass->set->companions.reach[set];
        if (reach->before || reach->after) {
            struct reach near = companions_near(&pass->set->companions, &set, 1, &pass->edge_rules,
                                                pass->text, from, to);
            if (near.before || near.after)
                return false;
            /* Around other anchors only runs of ASCII are looked up. */
            wanted = reach->alone || raw_run_high(run);
        }
    }
    pass->occurrences[pass->occurrence_count] =
        (struct occurrence){(uint32_t)(pass->position + pass->words), set};
    pass->occurrence_count += wanted;
    if (pass->sifted)
        pass->hashes[pass->words] = raw_run_high(run) ? known->hashes[slot] : pass->sifted[at];
    pass->words++;
    return true;
}

/* Adds COUNT runs, at most CHUNK, with 16 readable bytes from the beginning of each. TEXT is SHIFT
 * bytes into the message. */
static enum status add_chunk(struct text_pass *pass, const char *text, size_t shift,
                             const uint32_t *edges, size_t count, struct error *err)
{
    size_t others = sift(pass, text, edges, count);
    size_t done = 0;
    for (size_t i = 0; i < others; i++) {
        size_t at = pass->others[i], from = edges[2 * at], to = edges[2 * at + 1];
        TRY(add_plain(pass, done, at, err));
        done = at + 1;
        TRY(pass_reserve(pass, 1, err));
        if (pass->sifted)
            TRY(pass_reserve_hashes(pass, 1, err));
        struct raw_run run = raw_run_between(text, edges + 2 * at);
        if (!add_simple(pass, at, run, shift + from, shift + to))
            TRY(add_other(pass, text + from, shift + from, shift + to, err));
    }
    return add_plain(pass, done, count, err);
}

/* Adds the words of COUNT runs. The last ones, from where 16 bytes cannot be read, are read from a
 * copy with zeros after it. */
static enum status add_runs(struct text_pass *pass, struct span text, const uint32_t *edges,
                            size_t count, struct error *err)
{
    size_t inside = count;
    while (inside && edges[2 * inside - 2] + (size_t)RUN_BYTES > text.len)
        inside--;
    for (size_t i = 0; i < inside; i += CHUNK)
        TRY(add_chunk(pass, text.data, 0, edges + 2 * i, inside - i < CHUNK ? inside - i : CHUNK,
                      err));
    if (inside == count)
        return STATUS_OK;
    char tail[2 * RUN_BYTES] = {0};
    uint32_t moved[RUN_BYTES + 1];
    uint32_t from = edges[2 * inside];
    memcpy(tail, text.data + from, text.len - from);
    for (size_t i = 2 * inside; i < 2 * count; i++)
        moved[i - 2 * inside] = edges[i] - from;
    return add_chunk(pass, tail, from, moved, count - inside, err);
}

enum status text_pass_run(struct text_pass *pass, struct span text, unsigned place,
                          uint64_t position, struct error *err)
{
    uint32_t *edges = pass->edges;
    bool inside = false;
    size_t first = pass->occurrence_count;
    pass->anchors.count = 0;
    pass->text = text;
    pass->words = 0;
    pass->place = place < PLACE_FIELDS ? place : PLACE_FIELDS;
    pass->position = position;
    size_t pending = 0; /* 1 if a run is open, whose beginning is edges[0] */
    for (size_t from = 0; from < text.len;) {
        size_t to = text.len - from > BLOCK ? from + BLOCK : text.len;
        size_t count = pending + pass->edge_rules.find(&pass->edge_rules, text.data, from, to,
                                                       &inside, edges + pending, pass->high);
        pass->block = from;
        if (to == text.len && inside)
            edges[count++] = (uint32_t)text.len;
        TRY(add_runs(pass, text, edges, count / 2, err));
        pending = count % 2;
        if (pending)
            edges[0] = edges[count - 1];
        from = to;
    }
    return pass->anchors.count ? pass_add_companions(pass, first, err) : STATUS_OK;
}
