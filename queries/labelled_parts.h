/* What labelled_sample.c is put together from; nobody else includes this but packet.c, which lists
 * the labels to be checked. */
#ifndef PROFFER_LABELLED_PARTS_H
#define PROFFER_LABELLED_PARTS_H

#include "base/digest.h"
#include "base/error.h"
#include "queries/labelled_sample.h"
#include "queries/ticket.h"

#include <stddef.h>
#include <stdint.h>

/* labelled_elements.c: fills elements, their places and starts of a clustered sample. */
PROFFER_MUST_USE enum status labelled_list_elements(struct labelled_sample *labelled,
                                                    struct error *err);

/* labelled_checks.c */
struct ticketed_unit {
    struct sha256 ticket;
    uint32_t number; /* of the id */
};

/* Its units that reviewers call irrelevant, in the order in which they are to be checked, into
 * OUT[stratum->size]. MAKER is of labelled_sample_check_seed. */
PROFFER_MUST_USE enum status labelled_cleared(const struct labelled_sample *labelled,
                                              struct ticket_maker *maker,
                                              const struct sample_stratum *stratum,
                                              struct ticketed_unit *out, size_t *count,
                                              struct error *err);

/*
 * Where the plan says a share: the checked ones of the cleared are those whose tickets are in it.
 * One that should have been and was not counts as undecided; STATUS_INPUT for one that should not.
 */
PROFFER_MUST_USE enum status labelled_check_share(struct labelled_sample *labelled,
                                                  struct error *err);

/* The checked ones of each stratum's cleared units are those with the smallest tickets. */
PROFFER_MUST_USE enum status labelled_check_order(struct labelled_sample *labelled,
                                                  struct error *err);

#endif
