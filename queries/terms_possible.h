/*
 * Which of several terms a conversation can have together (text/term_logic.h), where some stand for
 * what is found otherwise than by words, such as a kind of identifiers: beside what else a
 * conversation has it can have any of these or none.
 */
#ifndef PROFFER_TERMS_POSSIBLE_H
#define PROFFER_TERMS_POSSIBLE_H

#include "base/error.h"
#include "queries/terms_core.h"
#include "queries/text/term_logic.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* With more that are found otherwise nothing is known to be possible. */
enum { POSSIBLE_OTHERS = 12 };

struct terms_possible {
    struct term_patterns words; /* of others it has 0 */
    uint32_t others[POSSIBLE_OTHERS];
    size_t other_count, terms;
    bool complete; /* else nothing is known */
};

/* Of TERMS[COUNT], if at most MOST patterns are possible. Release also on failure. */
PROFFER_MUST_USE enum status terms_possible_init(struct terms_possible *possible,
                                                 const struct core_term *terms, size_t count,
                                                 const struct word_rules *rules, size_t most,
                                                 struct error *err);
void terms_possible_release(struct terms_possible *possible);

/* How many patterns are known to be possible; and number I as a byte a term, 0 or 1, into KEY. */
size_t terms_possible_count(const struct terms_possible *possible);
void terms_possible_key(const struct terms_possible *possible, size_t i, char *key);

/*
 * What pattern KEY has: parts of words, and the others, as bits. *KNOWN is false where the pattern
 * is not known to be possible. Where nothing is known: the first terms as parts.
 */
struct possible_sets {
    uint64_t parts, others;
    bool known;
};
struct possible_sets terms_possible_sets(const struct terms_possible *possible, const char *key);

#endif
