/* The finders of a question set, turn by turn: see text_reader.h. */
#include "queries/text_reader.h"

#include "base/memory.h"
#include "queries/found_counter.h"
#include "queries/text/matcher.h"

#include <stdlib.h>

struct text_reader {
    const struct question_set *set;
    struct matcher *matcher;     /* always there: it counts words */
    struct found_counter *found; /* NULL: the set asks for no identifier or regular expression */
};

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
    if (!reader->matcher || (wanted && !reader->found)) {
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
    found_counter_free(reader->found);
    free(reader);
}

enum status text_reader_begin(struct text_reader *reader, const struct span *fields,
                              struct error *err)
{
    if (reader->found)
        found_counter_begin(reader->found);
    return matcher_begin(reader->matcher, fields, err);
}

enum status text_reader_turn(struct text_reader *reader, enum text_side side, uint32_t exchange,
                             struct span text, uint64_t *words, struct error *err)
{
    if (reader->found)
        TRY(found_counter_turn(reader->found, side, exchange, text, err));
    return matcher_turn(reader->matcher, side, exchange, text, words, err);
}

enum status text_reader_end(struct text_reader *reader, struct hit_list lists[static FINDER_COUNT],
                            struct error *err)
{
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
