/* Cross-tabulation by fields, shared by the kinds count and topics-by-field. */
#ifndef PROFFER_TALLY_COUNT_H
#define PROFFER_TALLY_COUNT_H

#include "base/error.h"
#include "queries/tally_run.h"

/*
 * Tells SEE of each row of the population in which row of the table it is that tally_cross makes of
 * query NUMBER, a count or topics by a field; SEE's own failure ends it.
 */
PROFFER_MUST_USE enum status tally_cross_each(const struct tally_source *source, size_t number,
                                              enum status (*see)(void *context, uint32_t table_row,
                                                                 size_t part, uint32_t row,
                                                                 struct error *err),
                                              void *context, struct error *err);

/* ID and TITLE of the key columns come from KEYS, one each of BY. */
PROFFER_MUST_USE enum status tally_cross(const struct tally_source *source, size_t query,
                                         const struct plan_field *by, size_t by_count,
                                         const struct tally_key *keys, struct tally *tally,
                                         struct error *err);

#endif
