/* The finders of a question set, turn by turn: see text_reader.h. */
#include "queries/text_reader.h"

#include "base/memory.h"
#include "queries/found_counter.h"
#include "queries/text/matcher.h"

#include <stdlib.h>

struct text_reader {
    const struct question_set *set;
    struct matcher *matcher;         /* always there: it counts words */
    struct found_counter *found;     /* NULL: no identifier or regular expression is asked for */
    struct overlap_finder **finders; /* [overlap_count] */
    struct overlap_result *overlaps;
    size_t overlap_count;
};

static bool add_finders(struct text_reader *reader)
{
    const struct question_set *set = reader->set;
    reader->finders = mem_zalloc(set->query_count, sizeof *reader->finders);
    reader->overlaps = mem_zalloc(set->query_count, sizeof *reader->overlaps);
    if (!reader->finders || !reader->overlaps)
        return false;
    for (uint32_t q = 0; q < set->query_count; q++) {
        if (!set->works[q])
            continue;
        reader->overlaps[reader->overlap_count].query = q;
        reader->finders[reader->overlap_count] = overlap_finder_new(set->works[q]->index);
        if (!reader->finders[reader->overlap_count++])
            return false;
    }
    return reader->overlap_count == 0 ||
           matcher_keep_hashes(reader->matcher, &set->key, NULL) == STATUS_OK;
}

struct text_reader *text_reader_new(const struct question_set *set)
{
    struct text_reader *reader = mem_zalloc(1, sizeof *reader);
    if (!reader)
        return NULL;
    reader->set = set;
    reader->matcher = matcher_new(set->terms);
    bool wanted = set->identifier_count || set->pattern_count;
    if (wanted)
        reader->found = found_counter_new(set);
    if (!reader->matcher || (wanted && !reader->found) || !add_finders(reader)) {
        text_reader_free(reader);
        return NULL;
    }
    return reader;
}

void text_reader_free(struct text_reader *reader)
{
    if (!reader)
        return;
    matcher_free(reader->matcher);
    for (size_t i = 0; i < reader->overlap_count; i++)
        overlap_finder_free(reader->finders[i]);
    free(reader->finders);
    free(reader->overlaps);
    found_counter_free(reader->found);
    free(reader);
}

enum status text_reader_begin(struct text_reader *reader, const struct span *fields,
                              struct error *err)
{
    for (size_t i = 0; i < reader->overlap_count; i++)
        overlap_finder_begin(reader->finders[i]);
    if (reader->found)
        found_counter_begin(reader->found);
    return matcher_begin(reader->matcher, fields, err);
}

enum status text_reader_turn(struct text_reader *reader, enum text_side side, uint32_t exchange,
                             struct span text, uint64_t *words, struct error *err)
{
    if (reader->found)
        TRY(found_counter_turn(reader->found, side, exchange, text, err));
    TRY(matcher_turn(reader->matcher, side, exchange, text, words, err));
    for (size_t i = 0; i < reader->overlap_count; i++) {
        size_t count;
        const uint64_t *hashes = matcher_hashes(reader->matcher, &count);
        TRY(overlap_finder_turn(reader->finders[i], side, exchange, hashes, count, err));
    }
    return STATUS_OK;
}

enum status text_reader_end(struct text_reader *reader, struct hit_list lists[static FINDER_COUNT],
                            struct error *err)
{
    for (size_t i = 0; i < reader->overlap_count; i++)
        TRY(overlap_finder_end(reader->finders[i], &reader->overlaps[i].found, err));
    struct hit_list *identifiers = &lists[FINDER_IDENTIFIERS], *patterns = &lists[FINDER_PATTERNS];
    *identifiers = (struct hit_list){.refs = reader->set->identifier_refs};
    *patterns = (struct hit_list){.refs = reader->set->pattern_refs};
    if (reader->found) {
        found_counter_identifiers(reader->found, &identifiers->hits, &identifiers->count);
        found_counter_patterns(reader->found, &patterns->hits, &patterns->count);
    }
    struct hit_list *terms = &lists[FINDER_TERMS];
    terms->refs = reader->set->refs;
    return matcher_end(reader->matcher, &terms->hits, &terms->count, err);
}

const struct overlap_result *text_reader_overlaps(const struct text_reader *reader, size_t *count)
{
    *count = reader->overlap_count;
    return reader->overlaps;
}

void text_reader_list_words(struct text_reader *reader)
{
    matcher_list_words(reader->matcher);
}

enum status text_reader_words(const struct text_reader *reader,
                              void (*visit)(void *context, uint32_t term, size_t leaf,
                                            struct span word, uint64_t count),
                              void *context, struct error *err)
{
    return matcher_leaf_words(reader->matcher, visit, context, err);
}

enum status text_reader_add_pattern_counts(const struct text_reader *reader, uint64_t *counts,
                                           struct error *err)
{
    return matcher_add_pattern_counts(reader->matcher, counts, err);
}
