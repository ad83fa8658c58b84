/*
 * Which atom each row of a made catalogue has, an atom being all that tests tell rows apart by: a
 * combination of terms, say, in a period. Every figure is the number of conversations of some.
 */
#ifndef PROFFER_TEST_MADE_ATOMS_H
#define PROFFER_TEST_MADE_ATOMS_H

#include "tests/support/catalogue_make.h"

struct made_atoms {
    const struct made *made;
    size_t count;   /* of atoms */
    size_t *of_row; /* [rows] below COUNT; COUNT: none, as outside the population */
    bool *in;       /* [rows] room for made_atoms_count */
};

/* All rows have none; the caller sets of_row. */
void made_atoms_init(struct made_atoms *atoms, const struct made *made, size_t count);
void made_atoms_release(struct made_atoms *atoms);

/* Rows in the population have the atom of which bit S is set where slot S of QUERY, one of SLOTS
 * which it has, finds something. */
void made_atoms_by_slots(struct made_atoms *atoms, size_t query, size_t slots);

/* The conversations of the atoms for which HAS [count] holds, and how many users support them. */
uint64_t made_atoms_count(const struct made_atoms *atoms, const bool *has, uint32_t *users);

#endif
