/*
 * What the cells of connected search term reports (terms_cells.h) tell apart: the terms by which
 * they are connected, the periods that they are of, and groups by fields: their own, and those of
 * counts beside them, of this report's and of earlier ones, as far as there is room.
 */
#ifndef PROFFER_TERMS_WISH_H
#define PROFFER_TERMS_WISH_H

#include "base/error.h"
#include "queries/tally.h"
#include "queries/terms_cells.h"
#include "queries/terms_core.h"

#include <stddef.h>

struct terms_wish {
    struct cells_wish cells;
    size_t reports;
    struct cells_term *terms;     /* [terms of the reports] */
    struct cells_period *periods; /* distinct ones */
    size_t *period_of;            /* [reports] */
    struct cells_groups *groups;  /* distinct ones */
    size_t *groups_of;            /* [reports] SIZE_MAX for none */
    size_t own_groups;            /* so many are of reports, the others of counts beside them */
    size_t now_groups;            /* and so many not of what earlier reports counted */
};

/* Of the reports and of the tables of TALLY, all of which must live as long. Release also on
 * failure. */
PROFFER_MUST_USE enum status terms_wish_init(struct terms_wish *wish,
                                             const struct connected_reports *of,
                                             const struct tally *tally, struct error *err);
void terms_wish_release(struct terms_wish *wish);

/* Leaves groups out from number COUNT on: own_groups, now_groups, or 0. */
void terms_wish_keep_groups(struct terms_wish *wish, size_t count);

/* The groups of table NUMBER, a count by fields, made of conversations that cells count; SIZE_MAX:
 * it is none, or there was no room for it. */
size_t terms_wish_groups(struct terms_wish *wish, const struct tally *tally, size_t number);

#endif
