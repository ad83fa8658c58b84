/*
 * All tables of a tally with what ties them to each other, cut into components: rows of tables and
 * hidden figures that a reader could reckon with together. What is known to every reader (numbers
 * of the population, zeros) ties nothing. Each component is judged as a table of its own.
 */
#ifndef PROFFER_WEB_H
#define PROFFER_WEB_H

#include "base/arena.h"
#include "base/error.h"
#include "queries/tally.h"
#include "release/cubes.h"
#include "release/smallcell.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A row of a component's table. */
struct web_row {
    uint32_t table;   /* or TALLY_HIDDEN */
    uint32_t row;     /* of the table; or the number of the hidden figure */
    bool known;       /* of another component: here for a figure that is known anyway */
    uint32_t *column; /* [columns of its table] which columns of the component's table they are */
};

struct web_part {
    struct tally_table table; /* without keys, and with the relations that bear on it */
    struct web_row *rows;     /* [table.row_count] */
    struct cube_set *sets;    /* [table.row_count] cells that are combinations of terms; or NULL */
};

struct web {
    const struct tally *tally;
    struct arena arena;
    const bool *without; /* [table] left out, with the hidden figures that go with it */
    const unsigned char *const *flags; /* [table][cell] SMALLCELL_FIXED where it is known */
    size_t *first; /* [table_count + 1] node of a table's first row; of hidden */
    size_t node_count;
    uint32_t *parent;    /* [node] */
    uint32_t *component; /* [node] */
    size_t count;        /* of components */
    size_t *node_start;  /* [count + 1] into nodes */
    uint32_t *nodes;     /* ascending in each component */
    size_t *link_start;  /* [count + 1] into links */
    struct web_link {
        uint32_t table, number; /* of a relation of a table; or TALLY_HIDDEN and a tie */
    } * links;
    uint32_t *place; /* [node] its row + 1 in the part being made; zero between two parts */
};

/* FLAGS[table] has SMALLCELL_FIXED where a cell is known to every reader; of a table that is
 * WITHOUT[table] nothing is told. Release also on failure.
 */
PROFFER_MUST_USE enum status web_init(struct web *web, const struct tally *tally,
                                      const unsigned char *const *flags, const bool *without,
                                      struct error *err);
void web_release(struct web *web);

/*
 * Makes component NUMBER in ARENA. Relations that bear on a row of a table that is DROPPED[table]
 * are left out, and the cells of such rows are 0.
 */
PROFFER_MUST_USE enum status web_part_make(struct web *web, size_t number, const bool *dropped,
                                           struct arena *arena, struct web_part *part,
                                           struct error *err);

/* Whether the component has anything that no earlier report told or withheld, or is tied to this
 * report's population. */
bool web_is_new(const struct web *web, size_t number);

/* Whether the component has a figure of 1 to MIN_USERS - 1 users or one with a demand
 * (DEMANDS[table][cell]). */
bool web_is_asked(const struct web *web, size_t number, uint32_t min_users,
                  struct smallcell_demand *const *demands);

#endif
