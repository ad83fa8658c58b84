/*
 * The users of a set that a report without noise told the size of, as a ledger keeps them: a record
 * of one of two forms, both of keyed hashes of 48 bits (HASH), so that the ledger names nobody.
 *
 *     {"users": "HASH HASH ..."}
 *         a small set: 12 digits a user, ascending, no blanks between them
 *     {"count": 250000, "form": 2, "sums": "SUM SUM ..."}
 *         a larger one: its sums of powers, 16 digits each, no blanks; of one length whatever the
 *         set's size (see power_sums.h)
 *
 * The first is the only form that programs before the second knew; they refuse the second.
 */
#ifndef PROFFER_REMEMBERED_H
#define PROFFER_REMEMBERED_H

#include "base/buffer.h"
#include "base/error.h"
#include "release/power_sums.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sets of more users than this are kept as sums of powers. */
enum { REMEMBERED_LISTED_MAX = 200000 };

struct remembered {
    uint64_t count;         /* users */
    uint64_t *users;        /* [count] ascending, or NULL: of a larger set */
    struct power_sums sums; /* of a larger set; of a listed one once it met such a one */
};

void remembered_release(struct remembered *set);

/* Takes USERS[COUNT], each once, in any order, and puts them in order. Users that share their hash,
 * as two of 200,000 do in one of 14,000 ledgers, are counted each, as in a larger set. */
void remembered_init_listed(struct remembered *set, uint64_t *users, size_t count);
/* An empty larger set, to which users are added each once; release also on failure. */
PROFFER_MUST_USE enum status remembered_init_summed(struct remembered *set, uint32_t min_users,
                                                    struct error *err);
void remembered_add(struct remembered *set, uint64_t user);

/* Appends the record. */
PROFFER_MUST_USE enum status remembered_write(const struct remembered *set, struct buffer *text,
                                              struct error *err);
/* Reads a record. *VALID is false where it is none; release in any case. */
PROFFER_MUST_USE enum status remembered_read(struct remembered *set, const char *text, bool *valid,
                                             struct error *err);

/* Whether they have the same users, as far as can be told. */
bool remembered_same(const struct remembered *a, const struct remembered *b);

/*
 * *BETWEEN is by how many users one set is larger, where that is 1 to MIN_USERS - 1 and it holds
 * all users of the other; else 0. Where one is known by its sums alone and they do not reach so
 * far, it is taken to hold them. May sum up what is listed.
 */
PROFFER_MUST_USE enum status remembered_between(struct remembered *a, struct remembered *b,
                                                uint32_t min_users, uint32_t *between,
                                                struct error *err);

#endif
