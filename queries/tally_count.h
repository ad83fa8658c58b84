/* Cross-tabulation by fields, shared by the kinds count and topics-by-field. */
#ifndef PROFFER_TALLY_COUNT_H
#define PROFFER_TALLY_COUNT_H

#include "base/error.h"
#include "queries/tally_run.h"

/*
 * Tells SEE of each row of the population in which row of the table it is that tally_cross makes BY
 * these fields; SEE's own failure ends it. ID is the table's, for errors.
 */
PROFFER_MUST_USE enum status tally_cross_each(const struct tally_source *source, const char *id,
                                              const struct plan_field *by, size_t by_count,
                                              enum status (*see)(void *context, uint32_t table_row,
                                                                 size_t part, uint32_t row,
                                                                 struct error *err),
                                              void *context, struct error *err);

/*
 * The table of that ID, of query QUERY or of none (SIZE_MAX). Id and title of the key columns come
 * from KEYS, one each of BY, which must live as long as the tally.
 */
PROFFER_MUST_USE enum status tally_cross(const struct tally_source *source, const char *id,
                                         size_t query, const struct plan_field *by, size_t by_count,
                                         const struct tally_key *keys, struct tally *tally,
                                         struct error *err);

#endif
