/*
 * What an overlap query finds in a unit (a conversation or an exchange), as one class: how long the
 * longest run is in each view, and of each work, by number, which columns of its row count the
 * unit. Units of one class are alike to all of the query's figures. A class is a text:
 *
 *     bin + 1 of each view (a byte each; 0: no run) | work, columns | work, columns | ...
 *
 * works ascending, and only as far as a wish tells them apart.
 */
#ifndef PROFFER_WORKS_CLASSES_H
#define PROFFER_WORKS_CLASSES_H

#include "base/error.h"
#include "base/intern.h"
#include "queries/catalogue/overlap_rows.h"
#include "queries/overlap_relations.h"
#include "queries/plan.h"
#include "queries/works_cells.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The name of a work with that id, of LEN bytes, or of common text (ID NULL): unlike any other. */
PROFFER_MUST_USE enum status works_name(char **name, const char *id, size_t len, struct error *err);

struct works_piece;

/* A unit while it is read. */
struct works_unit {
    const struct works_wish *wish;
    uint32_t longest[OVERLAP_VIEWS];
    struct works_piece *pieces;
    size_t count, capacity;
    char *text; /* room for a class */
    size_t text_capacity;
};

void works_unit_release(struct works_unit *unit);

/* Adds what stands in exchange number AT of ROWS; names of works go into WORKS (works_name). */
PROFFER_MUST_USE enum status works_unit_add(struct works_unit *unit,
                                            const struct overlap_rows *rows, uint64_t at,
                                            struct intern *works, struct error *err);

/* The number of its class among QUERY's; the unit is empty then. */
PROFFER_MUST_USE enum status works_unit_put(struct works_unit *unit, const struct plan_query *query,
                                            struct intern *classes, uint32_t *class,
                                            struct error *err);

/* Of a view's longest run the bin + 1, 0 for none; and the columns of a work's row, a bit each. */
unsigned works_class_bin(const struct intern_text *class, unsigned view);
uint32_t works_class_columns(const struct intern_text *class, uint32_t work);

/* The class of units in which nothing is found, as the first one. */
PROFFER_MUST_USE enum status works_class_nothing(struct intern *classes, struct error *err);

/* That of units that share with each of WORKS works, at most TALLY_SIDES_WORKS, on the sides
 * MASKS[work], and have runs that the user supplied, or not; it is not made where that cannot be.
 */
PROFFER_MUST_USE enum status works_class_of_sides(struct intern *classes, const unsigned *masks,
                                                  size_t works, bool supplied, uint32_t *class,
                                                  bool *possible, struct error *err);

#endif
