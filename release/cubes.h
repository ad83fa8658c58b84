/*
 * Moves among hidden figures that are combinations of sets: of the sets A, B, C, ... the number of
 * members that are in just these and in no other.
 *
 * Let A be a combination and I, J, K blocks of sets, no set in two of them. The eight combinations
 * that A becomes where the sets of some of the blocks are flipped, put in where they were out and
 * taken out where they were in, alternately more and less by one, leave the size of every set, and
 * of what any two of them share, as it was: two sets lie in two blocks at most, and over the third
 * one the signs cancel (moves of a 0/1 table with given margins of two dimensions; P. Diaconis,
 * B. Sturmfels, "Algebraic algorithms for sampling from conditional distributions", Annals of
 * Statistics 26, 1998). What is in a set and in none before it stays where a set of A that is in no
 * block is before all of one block: its flips change no combination's first set, and cancel.
 *
 * So such moves are found without any search along relations that name half of all combinations
 * each. They are only proposed here: moves_complete decides, and mends what else they break.
 */
#ifndef PROFFER_CUBES_H
#define PROFFER_CUBES_H

#include "base/error.h"
#include "base/intern.h"
#include "release/moves.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The combination that a cell of a table's row is. */
struct cube_set {
    const unsigned char *members; /* [count] numbers of sets, ascending; NULL: it is none */
    uint32_t count;
    uint32_t group; /* numbers mean the same in one group */
    uint32_t column;
};

enum { CUBE_SETS = 256, CUBE_WORDS = CUBE_SETS / 64, CUBE_STEPS = 128 };

struct cube_bits {
    uint64_t words[CUBE_WORDS];
};

struct cubes {
    struct cube_bits *bits; /* [rows] of combinations, all 0 for other rows */
    uint32_t *groups;       /* [rows] */
    uint32_t *columns;      /* [rows] */
    size_t stride;          /* columns of the table */
    uint32_t *rows;         /* [combinations.count] */
    struct intern combinations;
    struct moves_step steps[CUBE_STEPS];
    size_t step_count;
};

/* Of SETS[ROWS] of a table of STRIDE columns. Release also on failure. */
PROFFER_MUST_USE enum status cubes_init(struct cubes *cubes, const struct cube_set *sets,
                                        size_t rows, size_t stride, struct error *err);
void cubes_release(struct cubes *cubes);

/*
 * Does a sum of such moves carry CELL (row * stride + column) by DELTA? VARIABLE_OF[cell] is the
 * variable + 1 of a cell, 0 where it does not move. True: found and proved. False says nothing.
 */
bool cubes_reach(struct cubes *cubes, struct moves *moves, const uint32_t *variable_of, size_t cell,
                 int64_t delta);

#endif
