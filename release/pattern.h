/*
 * A suppression pattern in the making: which cells of a grid are withheld, and what follows from
 * the pattern itself.
 */
#ifndef PROFFER_PATTERN_H
#define PROFFER_PATTERN_H

#include "release/grid.h"

struct moves;
struct refutation;
struct smallcell_demand;

struct pattern_node {
    uint32_t cell;
    bool up, needed;
};

struct pattern {
    struct grid grid;
    const unsigned *row_flags; /* enum tally_row_flags */
    uint64_t min_users;
    uint64_t lowest_rule, highest_rule; /* min_users of this report and those before */
    unsigned char *flags;               /* [cell] enum smallcell_flags */
    size_t *withheld_in;                /* [relation] withheld cells */
    size_t withheld, primary;
    const struct moves *moves; /* of this round, for the choice of complementary cells */
    const uint32_t *variable;  /* [cell] its variable + 1, 0 for none */
    /* Of that choice; stamps tell one search from the next. */
    uint32_t *seen;             /* [2 * cell + (up)] */
    uint32_t *relation_seen;    /* [relation] */
    struct pattern_node *queue; /* [2 * cell_count] */
    size_t queue_count;         /* of pattern_withhold_component */
    double *weight;             /* [cell] all zero between two choices */
    uint32_t stamp;
    size_t looked; /* terms that were looked at to choose */
};

/* Takes FLAGS over (only SMALLCELL_FIXED, _HIDDEN, _BEFORE and _AGAIN may be set) and withholds the
 * small cells, the hidden ones, those withheld before and when this was judged last, and those of
 * DEMANDS (smallcell.h), which may be NULL. */
PROFFER_MUST_USE enum status pattern_init(struct pattern *pattern, struct arena *arena,
                                          const struct tally_table *table, uint32_t min_users,
                                          const struct smallcell_demand *demands,
                                          unsigned char *flags, struct error *err);

/* The min_users by which CELL is small: of what was withheld before, the lowest one, since a figure
 * that was shown since or then by a lower one cannot be taken back. */
uint64_t pattern_rule(const struct pattern *pattern, size_t cell);

/* May CELL be withheld for another's sake (KEEP: also in a row that is kept)? */
bool pattern_may_withhold(const struct pattern *pattern, size_t cell, bool keep);

/*
 * Withholds CELL with the cells of its row that have equally many users: they are about the same
 * users, and one that is shown would tell that the others are not small.
 */
void pattern_withhold(struct pattern *pattern, size_t cell);

/* The least value that a reader can give to a withheld cell from the rule and its row alone. */
int64_t pattern_floor(const struct pattern *pattern, size_t cell);

/*
 * Chooses a cell to withhold so that the small CELL may move by DELTA: along the relations that
 * hold it back, nearest first; there, one of enough value, in a row that was withheld before
 * (TALLY_BEFORE), that leaves no new relation with a single withheld cell, of the smallest value;
 * kept rows last. *RELATION is the one that it
 * loosens. False if nothing can help.
 */
bool pattern_choose(struct pattern *pattern, size_t cell, int64_t delta, size_t *chosen,
                    size_t *relation);

/* The same from what holds the cell back (refutation.h): the best of all cells that it does not
 * hold back themselves. */
bool pattern_choose_against(struct pattern *pattern, const struct refutation *refutation,
                            int64_t delta, size_t *chosen, size_t *relation);

/* Withholds all that is tied to CELL through relations. True if that is news. queue[queue_count]
 * has what was withheld of it then. */
bool pattern_withhold_component(struct pattern *pattern, size_t cell, bool keep);

#endif
