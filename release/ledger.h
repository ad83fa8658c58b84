/*
 * The ledger of a matter: what was released about its logs, and what that cost. Internal: it holds
 * the secret by which digests are salted and figures as they were released.
 *
 * One SQLite file (write-ahead, every commit synced), append-only: entries are numbered from 1,
 * each with the SHA-256 of the one before it in its own, so that whoever has a later hash sees that
 * an entry was changed or cut off. The first entry fixes the matter, the budget and the secret.
 *
 *     open      matter, id, budget, delta, secret
 *     debit     question (a digest), title, rho          synced before a figure exists
 *     figures   question, the numbers as released        the same question again gets these
 *     record    question, what was released without noise, as text
 *     population  the same of all users of a report
 *     sums      the sets of figures that were released so, as sums over groups of users, as text
 *     pattern   which rows a report without noise withheld for another cell's sake, as text
 *     table     which cells of a table by fields it showed, and how to count it anew, as text
 *     logs      which conversations the logs had, as keyed hashes, as text
 *
 * A crash between a debit and its figures wastes that budget; none can be overspent. Several
 * processes may spend at once.
 *
 * All failures to read or write the file are STATUS_REFUSED: without a ledger nothing is released.
 */
#ifndef PROFFER_LEDGER_H
#define PROFFER_LEDGER_H

#include "base/digest.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LEDGER_ID = 33 }; /* 32 hexadecimal digits and a NUL */

struct ledger; /* of one thread */

struct ledger_terms {
    const char *matter;
    uint64_t budget;      /* rho, in units of 1e-12; 0: no budget, for releases without noise */
    const char *delta;    /* decimal text, or NULL: at which epsilon is told */
    int64_t (*now)(void); /* NULL: the machine's clock */
};

/*
 * Opens PATH, or makes it with mode 0600; ":memory:" for one that is not kept. The whole chain is
 * checked. STATUS_REFUSED: another matter, another budget or delta than at its making, a broken
 * chain, a file that cannot be read or written. Free with ledger_close.
 */
PROFFER_MUST_USE enum status ledger_open(const char *path, const struct ledger_terms *terms,
                                         struct ledger **out, struct error *err);
/* The same of a ledger that is there, to be read only: terms are not compared. */
PROFFER_MUST_USE enum status ledger_look(const char *path, struct ledger **out, struct error *err);
void ledger_close(struct ledger *ledger);

const char *ledger_id(const struct ledger *ledger); /* random, of its making */
const char *ledger_matter(const struct ledger *ledger);
const char *ledger_delta(const struct ledger *ledger); /* or NULL */
uint64_t ledger_budget(const struct ledger *ledger);
uint64_t ledger_delta_spent(const struct ledger *ledger); /* in 1e-18, on selecting groups */
uint64_t ledger_spent(const struct ledger *ledger);       /* as far as read */
uint64_t ledger_entries(const struct ledger *ledger);
/* The hash of the last entry read. */
const char *ledger_head(const struct ledger *ledger);

/* STATUS_REFUSED unless HEAD is the hash of one of its entries: it was cut off, rolled back, or is
 * another one. */
PROFFER_MUST_USE enum status ledger_expect(struct ledger *ledger, const char *head,
                                           struct error *err);

/* 32 bytes that depend on the secret and PURPOSE: salts, seeds of cap tickets. */
PROFFER_MUST_USE enum status ledger_key(const struct ledger *ledger, const char *purpose,
                                        struct sha256 *out, struct error *err);

/*
 * What is paid: RHO, and DELTA (in 1e-18) for selecting groups, of which at most half of the
 * ledger's may be spent so: the other half is that at which epsilon is told.
 */
struct ledger_price {
    uint64_t rho, delta;
};

/*
 * Pays for QUESTION (64 hexadecimal digits), named TITLE in listings. STATUS_REFUSED, with what
 * is left and what was asked, beyond the budget, and where the clock is before the last entry.
 */
PROFFER_MUST_USE enum status ledger_debit(struct ledger *ledger, const char *question,
                                          const char *title, struct ledger_price price,
                                          struct error *err);
/* STATUS_REFUSED as ledger_debit would be, and nothing is spent. */
PROFFER_MUST_USE enum status ledger_can_pay(struct ledger *ledger, struct ledger_price price,
                                            struct error *err);

/* The figures of a question. */
struct ledger_figures {
    int64_t *values; /* [count]; NULL where there are none */
    size_t count;
    char *groups; /* names of selected groups as a JSON text, or NULL */
};
void ledger_figures_release(struct ledger_figures *figures);

/* Keeps the figures of a question that was paid for. */
PROFFER_MUST_USE enum status ledger_store(struct ledger *ledger, const char *question,
                                          const struct ledger_figures *figures, struct error *err);
/* The figures of QUESTION, the first that were stored. Release them. */
PROFFER_MUST_USE enum status ledger_find(struct ledger *ledger, const char *question,
                                         struct ledger_figures *out, struct error *err);

/* Keeps TEXT as an entry of KIND ("record", "population", "sums", "pattern", "table", "terms" or
 * "logs") of QUESTION, unless the last one of these is the same. */
PROFFER_MUST_USE enum status ledger_record(struct ledger *ledger, const char *kind,
                                           const char *question, const char *text,
                                           struct error *err);

struct ledger_entry {
    uint64_t number;
    int64_t time;                        /* seconds since 1970 */
    const char *kind, *question, *title; /* "" where it has none */
    uint64_t rho;                        /* of a debit */
    const char *text;                    /* of a record, sums, pattern, table or terms, or "" */
    const char *hash;
};
/* Calls VISIT with each entry in order; texts are valid during the call. */
PROFFER_MUST_USE enum status ledger_visit(struct ledger *ledger,
                                          enum status (*visit)(void *context,
                                                               const struct ledger_entry *entry,
                                                               struct error *err),
                                          void *context, struct error *err);

#endif
