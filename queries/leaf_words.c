/* Words of leaves, gathered and summed: see leaf_words.h. */
#include "queries/leaf_words.h"

#include "base/intern.h"
#include "base/memory.h"
#include "queries/query_terms.h"

#include <stdlib.h>
#include <string.h>

/* ---- gathering ---- */

#define NO_LIST UINT32_MAX

struct gathering {
    const struct question_set *set;
    struct leaf_lists *const *lists;
    size_t *starts;     /* [terms + 1] where a term's leaves begin in OWN */
    uint32_t *own;      /* the list that a leaf fills; NO_LIST: an equal leaf fills it */
    enum status status; /* of the visits so far */
    struct error *err;
};

static enum status number_leaves(struct gathering *to)
{
    const struct question_set *set = to->set;
    size_t total = 0;
    to->starts = mem_zalloc(set->parsed_count + 1, sizeof *to->starts);
    if (!to->starts)
        return error_nomem(to->err);
    for (size_t t = 0; t < set->parsed_count; t++) {
        total += term_leaf_count(set->parsed[t]);
        to->starts[t + 1] = total;
    }
    to->own = mem_zalloc(total, sizeof *to->own);
    if (!to->own)
        return error_nomem(to->err);
    for (size_t t = 0; t < set->parsed_count; t++)
        for (size_t i = 0; i < term_leaf_count(set->parsed[t]); i++) {
            const char *leaf = term_leaf_text(set->parsed[t], i);
            uint32_t *own = &to->own[to->starts[t] + i];
            bool fresh = false;
            if (!term_leaf_is_virtual(set->parsed[t], i))
                TRY(leaf_lists_leaf(to->lists[set->refs[t].query], leaf, strlen(leaf), own, &fresh,
                                    to->err));
            if (!fresh)
                *own = NO_LIST;
        }
    return STATUS_OK;
}

static void add_word(void *context, uint32_t term, size_t leaf, struct span word, uint64_t count)
{
    struct gathering *to = context;
    uint32_t own = to->own[to->starts[term] + leaf];
    if (own != NO_LIST && to->status == STATUS_OK)
        to->status =
            leaf_lists_add(to->lists[to->set->refs[term].query], own, word, count, to->err);
}

enum status leaf_words_gather(const struct question_set *set, struct text_reader *const *readers,
                              size_t count, struct leaf_lists *const *lists, struct error *err)
{
    struct gathering to = {.set = set, .lists = lists, .err = err};
    enum status status = number_leaves(&to);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = text_reader_words(readers[i], add_word, &to, err);
        if (status == STATUS_OK)
            status = to.status;
    }
    free(to.starts);
    free(to.own);
    return status;
}

/* ---- finding ---- */

static int by_count(const void *a, const void *b)
{
    const struct leaf_word *left = a, *right = b;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    size_t shorter = left->word.len < right->word.len ? left->word.len : right->word.len;
    int order = memcmp(left->word.data, right->word.data, shorter);
    return order ? order : (left->word.len > right->word.len) - (left->word.len < right->word.len);
}

struct leaf_finder {
    const struct scan_state *state;
    struct intern leaves;
    uint32_t *queries; /* [leaves] of those that have the leaf the one with the most fresh lists */
    size_t capacity;
};

/* In how many parts the words of a query's leaves are listed. */
static size_t listed_parts(const struct scan_state *state, size_t query)
{
    size_t count = 0;
    for (size_t p = 0; p < state->logs.part_count; p++)
        count += state->parts[p].hits_ready[query] && state->parts[p].words_ready[query];
    return count;
}

static enum status note_leaf(struct leaf_finder *finder, const char *leaf, uint32_t query,
                             const size_t *listed, struct error *err)
{
    uint32_t number;
    size_t before = finder->leaves.count;
    TRY(intern_add(&finder->leaves, leaf, strlen(leaf), &number, err));
    uint32_t *grown =
        mem_grow(finder->queries, &finder->capacity, (size_t)number + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    finder->queries = grown;
    if (number == before || listed[query] > listed[grown[number]])
        grown[number] = query;
    return STATUS_OK;
}

static enum status note_term(struct leaf_finder *finder, const struct plan_term *from,
                             uint32_t query, const size_t *listed, struct error *err)
{
    struct term *term = NULL;
    if (!from->source || from->problem)
        return STATUS_OK;
    TRY(term_parse(from->source, strlen(from->source), &finder->state->setup.words, &term, NULL,
                   err));
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < term_leaf_count(term); i++)
        if (!term_leaf_is_virtual(term, i))
            status = note_leaf(finder, term_leaf_text(term, i), query, listed, err);
    term_free(term);
    return status;
}

enum status leaf_finder_new(const struct scan_state *state, const struct plan *plan,
                            struct leaf_finder **finder, struct error *err)
{
    enum status status = STATUS_OK;
    struct leaf_finder *made = mem_zalloc(1, sizeof *made);
    size_t *listed = mem_zalloc(plan->query_count, sizeof *listed);
    *finder = NULL;
    if (!made || !listed) {
        free(made);
        free(listed);
        return error_nomem(err);
    }
    made->state = state;
    intern_init(&made->leaves);
    for (size_t q = 0; q < plan->query_count; q++)
        listed[q] = listed_parts(state, q);
    for (uint32_t q = 0; q < plan->query_count; q++)
        for (size_t slot = 0; slot < query_term_slots(&plan->queries[q]); slot++)
            TRY_CLEANUP(note_term(made, query_term(&plan->queries[q], slot), q, listed, err));
    *finder = made;
    made = NULL;
cleanup:
    leaf_finder_free(made);
    free(listed);
    return status;
}

void leaf_finder_free(struct leaf_finder *finder)
{
    if (!finder)
        return;
    intern_release(&finder->leaves);
    free(finder->queries);
    free(finder);
}

/* Adds up one query's lists of the leaf over the parts that have fresh ones. */
static enum status sum_parts(const struct scan_state *state, size_t query, const char *leaf,
                             struct leaf_words *out, struct error *err)
{
    uint32_t number;
    TRY(leaf_lists_leaf(out->lists, leaf, strlen(leaf), &number, NULL, err));
    for (size_t p = 0; p < state->logs.part_count; p++) {
        const struct scan_part *part = &state->parts[p];
        struct segment *segment = NULL;
        bool found = false;
        out->scanned += part->hits_ready[query];
        if (!part->hits_ready[query] || !part->words_ready[query])
            continue;
        enum status status = segment_open(&segment, part->words_dirs[query], err);
        if (status == STATUS_OK)
            status = leaf_lists_read(segment, leaf, strlen(leaf), out->lists, number, &found, err);
        segment_close(segment);
        TRY(status);
        out->listed += found;
    }
    return leaf_lists_get(out->lists, number, &out->words, &out->count, err);
}

enum status leaf_finder_find(const struct leaf_finder *finder, const char *leaf,
                             struct leaf_words *out, struct error *err)
{
    *out = (struct leaf_words){.parts = finder->state->logs.part_count};
    uint32_t number = intern_find(&finder->leaves, leaf, strlen(leaf));
    out->asked = number != INTERN_NONE;
    if (!out->asked)
        return STATUS_OK;
    out->lists = leaf_lists_new();
    if (!out->lists)
        return error_nomem(err);
    TRY(sum_parts(finder->state, finder->queries[number], leaf, out, err));
    if (out->count)
        qsort(out->words, out->count, sizeof *out->words, by_count);
    return STATUS_OK;
}

void leaf_words_release(struct leaf_words *words)
{
    free(words->words);
    leaf_lists_free(words->lists);
    *words = (struct leaf_words){.words = NULL};
}
