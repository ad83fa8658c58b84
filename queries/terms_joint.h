/*
 * A search term report as the gate judges it: the table of terms and that of pairs as one, with the
 * figures that a reader could work out of them, told or not. Of a term's conversations:
 *
 *     shared   with another term:       conversations - unique
 *     earlier  with a term above it:    conversations - added
 *     mixed    in prompt and output:    conversations - prompt only - output only
 *
 * All these and the pairs are sums of combinations of terms, which are hidden figures, too: those
 * that occur and (term_combinations.h) others that could. Where
 * there are too many of them, this holds: what two terms share is within what each shares, and what
 * a term shares is at most what its pairs add up to (Boole's inequality). Where there is a table of
 * terms by fields, the groups of a term add up to it.
 */
#ifndef PROFFER_TERMS_JOINT_H
#define PROFFER_TERMS_JOINT_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/term_combinations.h"

#include <stddef.h>
#include <stdint.h>

enum terms_hidden { HIDDEN_SHARED, HIDDEN_EARLIER, HIDDEN_MIXED, HIDDEN_COUNT };

/*
 * Adds the hidden figures and ties of table NUMBER, of SLOTS terms, of the table of pairs after it,
 * whose COMBINATIONS these are (NULL if there is none), and, if BY, of the table by fields after
 * these. HIDDEN[slot][HIDDEN_COUNT] are the figures above; small ones have fewer users than
 * MIN_USERS.
 */
PROFFER_MUST_USE enum status terms_join(struct tally *tally, size_t number,
                                        struct term_combinations *combinations, bool by,
                                        uint32_t slots, uint32_t min_users,
                                        const struct tally_cell (*hidden)[HIDDEN_COUNT],
                                        struct error *err);

#endif
