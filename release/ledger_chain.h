/*
 * What ledger.c is put together from: SQLite, and entries of which each follows from the one before
 * it. Nobody else includes this.
 */
#ifndef PROFFER_LEDGER_CHAIN_H
#define PROFFER_LEDGER_CHAIN_H

#include "release/ledger.h"

#include <jansson.h>
#include <sqlite3.h>

enum { HEX = 65, SECRET = 32 };

struct ledger {
    sqlite3 *db;
    char *path, *matter, *delta;
    char id[LEDGER_ID], head[HEX];
    unsigned char secret[SECRET];
    uint64_t budget, spent, delta_spent, entries;
    int64_t last_time;
    int64_t (*now)(void);
    bool kept; /* in a file */
};

struct chain_row {
    uint64_t number;
    int64_t time;
    const char *kind, *body, *hash;
};

/* STATUS_REFUSED with what SQLite says: cannot WHAT ("read") the ledger. */
enum status chain_refuse(const struct ledger *l, const char *what, struct error *err);
PROFFER_MUST_USE enum status chain_run(struct ledger *l, const char *sql, const char *what,
                                       struct error *err);
/* The caller finalizes *OUT. */
PROFFER_MUST_USE enum status chain_prepare(const struct ledger *l, const char *sql,
                                           sqlite3_stmt **out, struct error *err);

/* The row at which STMT stands, of number, time, kind, body and hash; valid until it moves on. */
struct chain_row chain_row_of(sqlite3_stmt *stmt);
/* A row's body; the caller releases it. STATUS_REFUSED where it is no object. */
PROFFER_MUST_USE enum status chain_body_read(const struct ledger *l, const struct chain_row *row,
                                             json_t **body, struct error *err);
/* Members of a body: "" and 0 where they are not there. */
const char *chain_text(const json_t *body, const char *key);
uint64_t chain_number(const json_t *body, const char *key);

/* Reads and checks what other processes added since. */
PROFFER_MUST_USE enum status chain_catch_up(struct ledger *l, struct error *err);
/* STATUS_REFUSED where NOW is before the last entry. */
PROFFER_MUST_USE enum status chain_check_clock(const struct ledger *l, int64_t now,
                                               struct error *err);

/* A transaction of one writer, all entries read. */
PROFFER_MUST_USE enum status chain_begin(struct ledger *l, struct error *err);
/* Adds an entry; BODY, which is stolen, may be NULL for want of memory. In a transaction. */
PROFFER_MUST_USE enum status chain_append(struct ledger *l, const char *kind, json_t *body,
                                          struct error *err);
/* Commits what was appended with STATUS_OK, and takes it in; undoes all else. */
PROFFER_MUST_USE enum status chain_end(struct ledger *l, enum status status, struct error *err);

#endif
