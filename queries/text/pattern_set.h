/*
 * The distinct leaves of a term set, and finding which of them a word matches in one pass over the
 * word however many there are.
 */
#ifndef PROFFER_PATTERN_SET_H
#define PROFFER_PATTERN_SET_H

#include "base/error.h"
#include "base/intern.h"
#include "queries/text/pattern_nfa.h"
#include "queries/text/regex_set.h"

#include <stddef.h>
#include <stdint.h>

struct pattern_range {
    uint64_t low, high;
    uint32_t pattern;
};

struct pattern_set {
    struct intern keys; /* kind and text of each leaf; its number is the pattern's */
    struct intern literals, stems;
    uint32_t *literal_patterns, *stem_patterns; /* by number in the above */
    size_t literal_capacity, stem_capacity;
    struct pattern_range *ranges; /* by low end, once finished */
    size_t range_count, range_capacity;
    struct nfa nfa;
    struct regex *regexes;
    uint32_t *regex_patterns; /* by number in the above */
    size_t regex_count, regex_capacity, regex_patterns_capacity;
    struct regex_set *regex_set; /* once finished; NULL if there are none */
};

/* How the regular expressions of terms are read. */
enum { TERM_REGEX_FLAGS = REGEX_WHOLE | REGEX_CASELESS | REGEX_UNICODE };

void pattern_set_init(struct pattern_set *set);
void pattern_set_release(struct pattern_set *set);
/* The number of a leaf that is not virtual, equal for equal leaves. LEAF must outlive the set. */
PROFFER_MUST_USE enum status pattern_set_add(struct pattern_set *set, const struct term_leaf *leaf,
                                             uint32_t *number, struct error *err);
PROFFER_MUST_USE enum status pattern_set_finish(struct pattern_set *set, struct error *err);

/* One thread's look-ups, with what they cache. */
struct pattern_walk;
struct pattern_walk *pattern_walk_new(const struct pattern_set *set)
    __attribute__((warn_unused_result));
void pattern_walk_free(struct pattern_walk *walk);

/* The patterns that the folded WORD matches, ascending, valid until the next call. */
PROFFER_MUST_USE enum status pattern_walk_find(struct pattern_walk *walk, const char *word,
                                               size_t len, const uint32_t **found, size_t *count,
                                               struct error *err);

#endif
