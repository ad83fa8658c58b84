/* The finders of a question set, turn by turn: see text_reader.h. */
#include "queries/text_reader.h"

#include "base/memory.h"
#include "queries/text/matcher.h"

#include <stdlib.h>

struct text_reader {
    const struct question_set *set;
    struct matcher *matcher; /* always there: it counts words */
};

struct text_reader *text_reader_new(const struct question_set *set)
{
    struct text_reader *reader = mem_zalloc(1, sizeof *reader);
    if (!reader)
        return NULL;
    reader->set = set;
    reader->matcher = matcher_new(set->terms);
    if (!reader->matcher) {
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
    free(reader);
}

enum status text_reader_begin(struct text_reader *reader, const struct span *fields,
                              struct error *err)
{
    return matcher_begin(reader->matcher, fields, err);
}

enum status text_reader_turn(struct text_reader *reader, enum text_side side, uint32_t exchange,
                             struct span text, uint64_t *words, struct error *err)
{
    return matcher_turn(reader->matcher, side, exchange, text, words, err);
}

enum status text_reader_end(struct text_reader *reader, struct hit_list lists[static FINDER_COUNT],
                            struct error *err)
{
    struct hit_list *terms = &lists[FINDER_TERMS];
    terms->refs = reader->set->refs;
    return matcher_end(reader->matcher, &terms->hits, &terms->count, err);
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
