/* The chain of a ledger's entries in its file: see ledger_chain.h. */
#include "release/ledger_chain.h"

#include "base/civil.h"
#include "base/json_io.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- SQLite ---- */

enum status chain_refuse(const struct ledger *l, const char *what, struct error *err)
{
    int code = sqlite3_errcode(l->db);
    if (code == SQLITE_NOMEM)
        return error_nomem(err);
    error_set(err, STATUS_REFUSED, l->path, "cannot %s the ledger: %s", what,
              sqlite3_errmsg(l->db));
    return error_hint(err, "nothing is released without its ledger");
}

enum status chain_run(struct ledger *l, const char *sql, const char *what, struct error *err)
{
    return sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK
                                                                   : chain_refuse(l, what, err);
}

enum status chain_prepare(const struct ledger *l, const char *sql, sqlite3_stmt **out,
                          struct error *err)
{
    return sqlite3_prepare_v2(l->db, sql, -1, out, NULL) == SQLITE_OK
               ? STATUS_OK
               : chain_refuse(l, "read", err);
}

/* ---- entries ---- */

static enum status hash_of(const char *before, const struct chain_row *row, char hex[static HEX],
                           struct error *err)
{
    char number[24], at[24];
    struct sha256 value;
    enum status status = STATUS_OK;
    struct digest *digest = digest_new();
    if (!digest)
        return error_nomem(err);
    snprintf(number, sizeof number, "%" PRIu64, row->number);
    snprintf(at, sizeof at, "%" PRId64, row->time);
    const char *const parts[] = {before, number, at, row->kind, row->body};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        TRY_CLEANUP(digest_add_text(digest, parts[i], err));
    TRY_CLEANUP(digest_end(digest, &value, err));
    sha256_hex(&value, hex);
cleanup:
    digest_free(digest);
    return status;
}

static enum status broken(const struct ledger *l, uint64_t number, const char *what,
                          struct error *err)
{
    error_set(err, STATUS_REFUSED, l->path, "entry %" PRIu64 ": %s", number, what);
    return error_hint(err, "the ledger was changed or damaged: restore it from a copy whose head "
                           "is that of the last report, or account for what was released in a new "
                           "one (--new-ledger)");
}

enum status chain_body_read(const struct ledger *l, const struct chain_row *row, json_t **body,
                            struct error *err)
{
    TRY(json_text_read(row->body, strlen(row->body), body, NULL, err));
    if (!json_is_object(*body)) {
        json_decref(*body);
        *body = NULL;
        return broken(l, row->number, "its body is no JSON object", err);
    }
    return STATUS_OK;
}

const char *chain_text(const json_t *body, const char *key)
{
    const char *text = json_string_value(json_object_get(body, key));
    return text ? text : "";
}

uint64_t chain_number(const json_t *body, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(body, key));
    return value > 0 ? (uint64_t)value : 0;
}

static enum status take_terms(struct ledger *l, const json_t *body, struct error *err)
{
    const char *secret = chain_text(body, "secret"), *id = chain_text(body, "id");
    const char *delta = json_string_value(json_object_get(body, "delta"));
    if (strlen(secret) != (size_t)2 * SECRET || strlen(id) != LEDGER_ID - 1)
        return broken(l, 1, "it does not say whose ledger this is", err);
    for (size_t i = 0; i < SECRET; i++) {
        unsigned byte;
        if (sscanf(secret + 2 * i, "%2x", &byte) != 1)
            return broken(l, 1, "it does not say whose ledger this is", err);
        l->secret[i] = (unsigned char)byte;
    }
    memcpy(l->id, id, LEDGER_ID);
    l->budget = chain_number(body, "budget");
    l->matter = mem_strdup(chain_text(body, "matter"));
    l->delta = delta ? mem_strdup(delta) : NULL;
    return l->matter && (l->delta || !delta) ? STATUS_OK : error_nomem(err);
}

/* Takes in the next entry, which must follow from the last one. */
static enum status take(struct ledger *l, const struct chain_row *row, struct error *err)
{
    char hash[HEX];
    json_t *body = NULL;
    enum status status = STATUS_OK;
    if (row->number != l->entries + 1)
        return broken(l, row->number, "one before it is missing", err);
    TRY(hash_of(l->head, row, hash, err));
    if (strcmp(hash, row->hash) != 0)
        return broken(l, row->number, "its hash does not follow from the entries before it", err);
    if (row->number == 1 || strcmp(row->kind, "debit") == 0)
        TRY(chain_body_read(l, row, &body, err));
    if (row->number == 1)
        TRY_CLEANUP(take_terms(l, body, err));
    else if (body) {
        l->spent += chain_number(body, "rho");
        l->delta_spent += chain_number(body, "delta");
    }
    memcpy(l->head, hash, HEX);
    l->entries = row->number;
    l->last_time = row->time;
cleanup:
    json_decref(body);
    return status;
}

static const char *column_text(sqlite3_stmt *stmt, int column)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);
    return text ? (const char *)text : "";
}

struct chain_row chain_row_of(sqlite3_stmt *stmt)
{
    return (struct chain_row){(uint64_t)sqlite3_column_int64(stmt, 0),
                              sqlite3_column_int64(stmt, 1), column_text(stmt, 2),
                              column_text(stmt, 3), column_text(stmt, 4)};
}

/* Reads what other processes added since. */
enum status chain_catch_up(struct ledger *l, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum status status = STATUS_OK;
    int step;
    TRY(chain_prepare(l,
                      "SELECT number, time, kind, body, hash FROM entries WHERE number > ? "
                      "ORDER BY number",
                      &stmt, err));
    sqlite3_bind_int64(stmt, 1, (sqlite3_int64)l->entries);
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
        struct chain_row row = chain_row_of(stmt);
        TRY_CLEANUP(take(l, &row, err));
    }
    if (step != SQLITE_DONE)
        status = chain_refuse(l, "read", err);
cleanup:
    sqlite3_finalize(stmt);
    return status;
}

enum status chain_check_clock(const struct ledger *l, int64_t now, struct error *err)
{
    if (now >= l->last_time)
        return STATUS_OK;
    char clock[CIVIL_TIME_TEXT], last[CIVIL_TIME_TEXT];
    civil_time_text(now, clock);
    civil_time_text(l->last_time, last);
    error_set(err, STATUS_REFUSED, l->path,
              "the clock says %s, which is before the ledger's last entry, %s", clock, last);
    return error_hint(err, "set the machine's clock right");
}

/* Adds an entry; BODY, which is stolen, may be NULL for want of memory. In a transaction. */
enum status chain_append(struct ledger *l, const char *kind, json_t *body, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    char hash[HEX];
    enum status status = STATUS_OK;
    char *text = body ? json_text_make(body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(body);
    if (!text)
        return error_nomem(err);
    struct chain_row row = {l->entries + 1, l->now(), kind, text, hash};
    TRY_CLEANUP(chain_check_clock(l, row.time, err));
    TRY_CLEANUP(hash_of(l->head, &row, hash, err));
    TRY_CLEANUP(chain_prepare(l,
                              "INSERT INTO entries (number, time, kind, body, hash) "
                              "VALUES (?, ?, ?, ?, ?)",
                              &stmt, err));
    sqlite3_bind_int64(stmt, 1, (sqlite3_int64)row.number);
    sqlite3_bind_int64(stmt, 2, row.time);
    sqlite3_bind_text(stmt, 3, kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 4, text, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 5, hash, -1, SQLITE_STATIC);
    if (sqlite3_step(stmt) != SQLITE_DONE)
        status = chain_refuse(l, "write", err);
cleanup:
    sqlite3_finalize(stmt);
    free(text);
    return status;
}

/* ---- transactions ---- */

enum status chain_begin(struct ledger *l, struct error *err)
{
    TRY(chain_run(l, "BEGIN IMMEDIATE", "write", err));
    enum status status = chain_catch_up(l, err);
    if (status != STATUS_OK)
        sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

/* Commits what was appended with STATUS_OK, and takes it in; undoes all else. */
enum status chain_end(struct ledger *l, enum status status, struct error *err)
{
    if (status == STATUS_OK)
        status = chain_run(l, "COMMIT", "write", err);
    if (status == STATUS_OK)
        return chain_catch_up(l, err);
    sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}
