/*
 * Settling: what can only be known over all parts together. Users get one number each over the
 * whole catalogue; a conversation whose (user, id) stands in an earlier row is a duplicate (the
 * lowest file and offset counts).
 *
 * Duplicates are found with a hash table over the rows, in as many passes as keep it under
 * SETTLE_TABLE_ROWS rows, so that memory is bounded; equal hashes are settled by comparing the
 * strings themselves.
 */
#ifndef PROFFER_SETTLE_H
#define PROFFER_SETTLE_H

#include "base/error.h"
#include "queries/catalogue/catalogue.h"

enum { SETTLE_TABLE_ROWS = 8 << 20 };

/*
 * Opens the settled segment that belongs to the catalogue's parts under FOLDER, making it first if
 * it is not there (WRITE true; takes the writer's lock meanwhile) or failing with STATUS_INPUT.
 * Fills the parts' user_of, first_exchange and duplicates.
 */
PROFFER_MUST_USE enum status settle_open(struct catalogue *catalogue, const char *folder,
                                         bool write, struct error *err);

#endif
