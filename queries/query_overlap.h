/* What overlap was found for one query, over all parts of a catalogue. */
#ifndef PROFFER_QUERY_OVERLAP_H
#define PROFFER_QUERY_OVERLAP_H

#include "base/error.h"
#include "queries/catalogue/catalogue.h"
#include "queries/catalogue/overlap_rows.h"
#include "queries/plan.h"
#include "queries/scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct query_overlap {
    struct segment **segments; /* [parts] */
    struct overlap_rows *rows; /* [parts] */
    size_t parts;
    /* Of the works themselves, as the scan had them. */
    uint64_t works, words, empty, brief;
};

/* Of query NUMBER of the plan. Release also on failure. */
PROFFER_MUST_USE enum status query_overlap_open(struct query_overlap *overlap,
                                                const struct scan_state *state,
                                                const struct catalogue *catalogue, size_t number,
                                                struct error *err);
void query_overlap_release(struct query_overlap *overlap);

/* Goes through the exchanges with runs of a part in order, from a zeroed cursor on; false after the
 * last one. */
struct overlap_cursor {
    size_t at;    /* of the exchange in the columns */
    uint32_t row; /* its conversation within the part */
    bool begun;
};
bool query_overlap_next(const struct overlap_rows *rows, const struct catalogue_part *part,
                        struct overlap_cursor *cursor);

#endif
