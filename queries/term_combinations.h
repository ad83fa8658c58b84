/*
 * Which terms hit a conversation together: each combination of two terms or more that occurs, up to
 * TALLY_COMBINATIONS of them, with its conversations and users. The least that all figures of a
 * search term report are sums of.
 */
#ifndef PROFFER_TERM_COMBINATIONS_H
#define PROFFER_TERM_COMBINATIONS_H

#include "base/error.h"
#include "base/intern.h"
#include "queries/plan.h"
#include "queries/text/term.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct term_combination {
    uint64_t conversations;
    uint32_t users;     /* unknown ones together one */
    uint32_t last_user; /* number + 1 of the user counted last */
};

struct term_combinations {
    struct intern lists; /* the numbers of the terms, a byte each, ascending */
    struct term_combination *items;
    size_t capacity;
    bool too_many;
};

void term_combinations_init(struct term_combinations *combinations);
void term_combinations_release(struct term_combinations *combinations);

/* Counts a conversation of USER with the COUNT terms in LIST; users must come one after another. */
PROFFER_MUST_USE enum status term_combinations_add(struct term_combinations *combinations,
                                                   const uint8_t *list, size_t count, uint32_t user,
                                                   struct error *err);

/* Has the combination LIST, too, if only with 0 conversations. */
PROFFER_MUST_USE enum status term_combinations_have(struct term_combinations *combinations,
                                                    const uint8_t *list, size_t count,
                                                    struct error *err);

/*
 * Has combinations of the terms of QUERY that do not occur, too, with 0 conversations: those of
 * which it is known that a conversation could have them (text/term_logic.h). RULES are of the words
 * of its terms.
 */
PROFFER_MUST_USE enum status term_combinations_complete(struct term_combinations *combinations,
                                                        const struct plan_query *query,
                                                        const struct word_rules *rules,
                                                        struct error *err);

#endif
