/*
 * Terms by fields, the table "ID.by" of a search term report: for each term the groups of its
 * query's fields (months), each row with the term's conversations of that group and their users.
 * Every term has every group, with zeros, in the order in which a count by the same fields has
 * them; where figures are withheld, groups in which no term hits anything are left out of the
 * report, but for those that a count lists even if they are empty. There are no rows of any term or
 * of all conversations: with these, what terms share in one month would follow.
 */
#ifndef PROFFER_TERMS_BY_H
#define PROFFER_TERMS_BY_H

#include "base/error.h"
#include "queries/query_hits.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

#include <stddef.h>
#include <stdint.h>

/* With more rows than JUDGED the gate would search for hours where most of them are small. */
enum { TERMS_BY_ROWS_MAX = 1000000, TERMS_BY_JUDGED_MAX = 50000 };

enum terms_by_column { BY_CONVERSATIONS, BY_USERS, BY_COLUMNS };

/*
 * Adds the table of query NUMBER, whose HITS are open. Where figures are WITHHELD, also the
 * differences that a reader could form within a group: of two terms of which one hits all that the
 * other does, and of a term and all conversations of the group. STATUS_PLAN where there are more
 * than TERMS_BY_ROWS_MAX rows, or TERMS_BY_JUDGED_MAX to be judged.
 */
PROFFER_MUST_USE enum status terms_by(const struct tally_source *source, size_t number,
                                      const struct query_hits *hits, bool withheld,
                                      struct tally *tally, struct error *err);

/* Ties table BY, by fields, to table OWN of the same SLOTS terms: the groups of a term add up to
 * it; its users are at most their sum, and none of them has more. */
PROFFER_MUST_USE enum status terms_by_tie(struct tally *tally, size_t own, size_t by,
                                          uint32_t slots, struct error *err);

#endif
