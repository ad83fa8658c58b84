/*
 * What the last judging of a tally found, for the next one: the tally may demand more, and have
 * more ties and hidden figures at the end; its tables are the same. Then what was withheld is where
 * the next pattern begins, tables that could not be protected are not tried again, and moves that
 * were found are made anew (known_moves.h). Nothing of it is trusted.
 */
#ifndef PROFFER_GATE_AGAIN_H
#define PROFFER_GATE_AGAIN_H

#include "base/arena.h"
#include "base/error.h"
#include "queries/tally.h"
#include "release/gate.h"
#include "release/known_moves.h"

#include <stdbool.h>
#include <stddef.h>

struct gate_again {
    struct arena arena;
    struct known_moves moves;
    size_t table_count;
    const size_t *columns; /* [table_count] */
    unsigned char **flags; /* [table_count][cell] as they were judged; NULL before the first time */
    bool *without;         /* [table_count] of which nothing was told */
};

/* LAST may be NULL in all of these. */
bool again_was_withheld(const struct gate_again *last, size_t table, size_t cell);
bool again_was_gone(const struct gate_again *last, size_t table, size_t row);
bool again_was_without(const struct gate_again *last, size_t table);
struct known_moves *again_moves(struct gate_again *last);

/* Notes what was judged, FLAGS[table][cell] and WITHOUT[table]. */
PROFFER_MUST_USE enum status again_note(struct gate_again *last, const struct tally *tally,
                                        const unsigned char *const *flags, const bool *without,
                                        struct error *err);

#endif
