/*
 * The gate: the one door between exact tallies and everything that is told. Policy "none" passes
 * exact counts and withholds small cells with enough others that no withheld cell follows from its
 * table. With noise nothing exact passes: every figure is bought from the ledger, which is debited
 * before the figure exists and gives the same figure for the same question again.
 */
#ifndef PROFFER_GATE_H
#define PROFFER_GATE_H

#include "base/error.h"
#include "queries/tally.h"
#include "release/ledger.h"
#include "release/noise_item.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gate_again;
struct release; /* read through release/figure.h */

/* What a policy with noise needs beside its items: whence it draws, who pays, what it promised. */
struct gate_noise {
    const struct noise_policy *policy;
    struct ledger *ledger;
    struct random_bits *bits;
    const char *const *caps; /* in words, ends with NULL */
    const char *const *invariants;
    size_t invariant_count;
    const char *replaced; /* the id of the ledger that this one took the place of, or NULL */
};

struct gate_policy {
    uint32_t min_users;         /* cells of 1 to min_users-1 users are withheld; 0 or 1: none are */
    uint32_t min_conversations; /* so are counts of 1 to so many less one conversations */
    double dominance;           /* and what one user has more of than this share; 0: no such rule */
    const char *preset;         /* the name of these rules, or NULL */
    const struct gate_noise *noise; /* or NULL: exact counts */
    struct gate_again *last; /* what was found when the same tally was judged before; or NULL */
};

/* For a tally that is judged several times and changed in no way but that it demands more, and has
 * more ties and hidden figures. NULL without memory; LAST may be NULL. */
struct gate_again *gate_again_new(void);
void gate_again_free(struct gate_again *last);

/*
 * Before any data: what of the noise is not in the ledger yet and must be paid for.
 * STATUS_REFUSED where the ledger cannot pay.
 */
PROFFER_MUST_USE enum status gate_quote(const struct gate_noise *noise, struct ledger_price *price,
                                        struct error *err);

/*
 * Judges every cell of TALLY and makes the figures. TALLY is not needed afterwards. *OUT is freed
 * by release_free. STATUS_REFUSED where a table cannot be protected at all.
 */
PROFFER_MUST_USE enum status gate_release(const struct tally *tally,
                                          const struct gate_policy *policy, struct release **out,
                                          struct error *err);
/* The ledger that remembers what reports without noise told, and what of it was looked at. */
struct gate_memory {
    const char *ledger, *head;
    size_t sets;   /* that it has, those of this report among them */
    size_t tables; /* by fields, of earlier reports: judged together with this one's */
    size_t changed, unlike, left_out; /* not: rows are no more; filters or fields that are not
                                         there; too many */
    size_t then, not_then; /* tables that were told of fewer logs: also judged as they were; not */
    size_t slices;  /* pairs, or groups, of tables of other filters of which not all is tied */
    size_t queries; /* in the text, of earlier reports: judged together with this one's */
    size_t queries_then;
    size_t queries_unlike, queries_left_out; /* not: not to be counted as they were; too many */
    size_t too_large;                        /* tables of this report that it does not remember */
};
/* Adds to what RELEASE states, without noise. */
PROFFER_MUST_USE enum status gate_note_ledger(struct release *release,
                                              const struct gate_memory *memory, struct error *err);
/* How sets that were told were compared with each other (set_relations.h). */
struct gate_sets {
    bool possible;         /* false: MIN_USERS is too large for it */
    size_t open, compared; /* sets that could be withheld; of these looked at with all others */
    size_t large, coarse;  /* sets of earlier reports that were left out: see cli/told_sums.h */
};
/* Adds to what RELEASE states, without noise, what was compared and what was not. */
PROFFER_MUST_USE enum status gate_note_sets(struct release *release, const struct gate_sets *sets,
                                            struct error *err);
/* Whether row ROW of table TABLE (of the tally, which has them in the same order) is withheld for
 * other cells' sake alone; for the ledger, never to be told. */
bool gate_is_complement(const struct release *release, size_t table, size_t row);
/* Whether all of a row is withheld, zeros too, since its table could not be protected; and whether
 * a cell is withheld. */
bool gate_is_gone(const struct release *release, size_t table, size_t row);
bool gate_is_withheld(const struct release *release, size_t table, size_t row, size_t column);
void release_free(struct release *release);

#endif
