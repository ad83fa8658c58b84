/*
 * Tickets: a public order of units that nobody can choose. The ticket of a unit is
 *
 *     SHA-256( lower-case hex of SHA-256(seed) , the unit's id )      32 bytes, compared bytewise
 *
 * and the n units with the smallest tickets are the sample of size n. Whoever has the seed and the
 * ids can draw it again; a larger sample of the same seed begins with the smaller one; and whether
 * a unit is drawn depends on no other unit but through the cut-off (consistent sampling).
 *
 * Source: R. L. Rivest, "Consistent Sampling with Replacement" (2018), arXiv:1808.10016. His
 * program reads a digest as a decimal fraction with its digits reversed; here the raw digests are
 * compared, which gives another, equally random order of the same tickets.
 */
#ifndef PROFFER_TICKET_H
#define PROFFER_TICKET_H

#include "base/digest.h"
#include "base/error.h"

#include <stddef.h>

struct ticket_maker; /* of one seed; for one thread */

/* SEED is any non-empty text. *MAKER is freed by ticket_maker_free. */
PROFFER_MUST_USE enum status ticket_maker_new(struct ticket_maker **maker, const char *seed,
                                              struct error *err);
void ticket_maker_free(struct ticket_maker *maker);

/* The ticket of the unit with that id. */
PROFFER_MUST_USE enum status ticket_of(struct ticket_maker *maker, const char *id, size_t len,
                                       struct sha256 *ticket, struct error *err);

/* The largest ticket of the SHARE of all tickets that are smallest: a cut-off that is known before
 * there are units. SHARE is above 2^-64 and at most 1. */
struct sha256 ticket_of_share(double share);

/* Below 0, 0 or above 0 as A comes before, with or after B. */
int ticket_compare(const struct sha256 *a, const struct sha256 *b);

#endif
