/*
 * Which of several terms a conversation can have together: "a" and "a OR b" never so that the first
 * one hits alone.
 *
 * Terms are functions of parts (term_parts.h). Every set of texts side by side is a conversation
 * that somebody could have, and has the parts that any of them has, so that the patterns of terms
 * which such sets have are possible. Where AND and NOT are decided over a turn or an exchange, each
 * of these has such a pattern, and a conversation that of all its spans joined.
 *
 * A pattern that is listed is possible; one that is not may be. For a gate that is the safe side: a
 * reader is thought to know more than he does.
 *
 * Before sets are formed, parts that stand in one place only become one: of (a OR b) AND c with no
 * other a or b, the first two. Beyond LOGIC_SETS sets of what is left nothing is listed.
 */
#ifndef PROFFER_TERM_LOGIC_H
#define PROFFER_TERM_LOGIC_H

#include "base/error.h"
#include "base/intern.h"
#include "queries/text/term.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOGIC_TERMS = 256, LOGIC_PARTS = 64, LOGIC_SETS = 1 << 14 };

/* The patterns of some terms. */
struct term_patterns {
    bool complete; /* else none are listed */
    size_t terms;
    struct intern bits; /* [terms] bytes, 0 or 1 */
    uint64_t *parts;    /* [bits.count] one set of what is left of parts that has the pattern */
    size_t capacity;
};

/* Of COUNT terms in normal form (NULL: finds nothing), each with its span; at most MOST patterns,
 * else none. Release also on failure. */
PROFFER_MUST_USE enum status term_patterns_init(struct term_patterns *patterns,
                                                const char *const *forms,
                                                const enum term_within *within, size_t count,
                                                const struct word_rules *rules, size_t most,
                                                struct error *err);
void term_patterns_release(struct term_patterns *patterns);

/*
 * Numbers of what terms are made of: GROUPS[COUNT] lists of SIZES[COUNT] numbers each, ascending;
 * terms with one in common depend on each other. The caller frees *NUMBERS, where the lists stand.
 */
struct term_group_list {
    const uint32_t *groups;
    size_t count;
};
PROFFER_MUST_USE enum status term_groups_find(const char *const *forms, size_t count,
                                              const struct word_rules *rules,
                                              struct term_group_list *lists, uint32_t **numbers,
                                              struct error *err);

#endif
