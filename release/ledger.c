/* The ledger: see ledger.h. */
#include "release/ledger.h"

#include "base/civil.h"
#include "base/file.h"
#include "base/json_io.h"
#include "base/memory.h"
#include "release/accountant.h"
#include "release/random_bits.h"

#include <inttypes.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { HEX = 65, SECRET = 32, BUSY_MS = 60000 };

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

static int64_t machine_clock(void)
{
    return (int64_t)time(NULL);
}

/* ---- SQLite ---- */

static enum status refuse(const struct ledger *l, const char *what, struct error *err)
{
    int code = sqlite3_errcode(l->db);
    if (code == SQLITE_NOMEM)
        return error_nomem(err);
    error_set(err, STATUS_REFUSED, l->path, "cannot %s the ledger: %s", what,
              sqlite3_errmsg(l->db));
    return error_hint(err, "nothing is released without its ledger");
}

static enum status run(struct ledger *l, const char *sql, const char *what, struct error *err)
{
    return sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK
                                                                   : refuse(l, what, err);
}

static enum status prepare(const struct ledger *l, const char *sql, sqlite3_stmt **out,
                           struct error *err)
{
    return sqlite3_prepare_v2(l->db, sql, -1, out, NULL) == SQLITE_OK ? STATUS_OK
                                                                      : refuse(l, "read", err);
}

/* ---- entries ---- */

struct row {
    uint64_t number;
    int64_t time;
    const char *kind, *body, *hash;
};

static enum status hash_of(const char *before, const struct row *row, char hex[static HEX],
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

static enum status body_read(const struct ledger *l, const struct row *row, json_t **body,
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

static const char *text_of(const json_t *body, const char *key)
{
    const char *text = json_string_value(json_object_get(body, key));
    return text ? text : "";
}

static uint64_t rho_of(const json_t *body, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(body, key));
    return value > 0 ? (uint64_t)value : 0;
}

static enum status take_terms(struct ledger *l, const json_t *body, struct error *err)
{
    const char *secret = text_of(body, "secret"), *id = text_of(body, "id");
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
    l->budget = rho_of(body, "budget");
    l->matter = mem_strdup(text_of(body, "matter"));
    l->delta = delta ? mem_strdup(delta) : NULL;
    return l->matter && (l->delta || !delta) ? STATUS_OK : error_nomem(err);
}

/* Takes in the next entry, which must follow from the last one. */
static enum status take(struct ledger *l, const struct row *row, struct error *err)
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
        TRY(body_read(l, row, &body, err));
    if (row->number == 1)
        TRY_CLEANUP(take_terms(l, body, err));
    else if (body) {
        l->spent += rho_of(body, "rho");
        l->delta_spent += rho_of(body, "delta");
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

static struct row row_of(sqlite3_stmt *stmt)
{
    return (struct row){(uint64_t)sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
                        column_text(stmt, 2), column_text(stmt, 3), column_text(stmt, 4)};
}

/* Reads what other processes added since. */
static enum status catch_up(struct ledger *l, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum status status = STATUS_OK;
    int step;
    TRY(prepare(l,
                "SELECT number, time, kind, body, hash FROM entries WHERE number > ? "
                "ORDER BY number",
                &stmt, err));
    sqlite3_bind_int64(stmt, 1, (sqlite3_int64)l->entries);
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
        struct row row = row_of(stmt);
        TRY_CLEANUP(take(l, &row, err));
    }
    if (step != SQLITE_DONE)
        status = refuse(l, "read", err);
cleanup:
    sqlite3_finalize(stmt);
    return status;
}

static enum status check_clock(const struct ledger *l, int64_t now, struct error *err)
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
static enum status append(struct ledger *l, const char *kind, json_t *body, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    char hash[HEX];
    enum status status = STATUS_OK;
    char *text = body ? json_text_make(body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(body);
    if (!text)
        return error_nomem(err);
    struct row row = {l->entries + 1, l->now(), kind, text, hash};
    TRY_CLEANUP(check_clock(l, row.time, err));
    TRY_CLEANUP(hash_of(l->head, &row, hash, err));
    TRY_CLEANUP(prepare(l,
                        "INSERT INTO entries (number, time, kind, body, hash) "
                        "VALUES (?, ?, ?, ?, ?)",
                        &stmt, err));
    sqlite3_bind_int64(stmt, 1, (sqlite3_int64)row.number);
    sqlite3_bind_int64(stmt, 2, row.time);
    sqlite3_bind_text(stmt, 3, kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 4, text, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 5, hash, -1, SQLITE_STATIC);
    if (sqlite3_step(stmt) != SQLITE_DONE)
        status = refuse(l, "write", err);
cleanup:
    sqlite3_finalize(stmt);
    free(text);
    return status;
}

/* ---- transactions ---- */

static enum status begin(struct ledger *l, struct error *err)
{
    TRY(run(l, "BEGIN IMMEDIATE", "write", err));
    enum status status = catch_up(l, err);
    if (status != STATUS_OK)
        sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

/* Commits what was appended with STATUS_OK, and takes it in; undoes all else. */
static enum status end(struct ledger *l, enum status status, struct error *err)
{
    if (status == STATUS_OK)
        status = run(l, "COMMIT", "write", err);
    if (status == STATUS_OK)
        return catch_up(l, err);
    sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

/* ---- opening ---- */

static json_t *first_body(const struct ledger_terms *terms, struct random_bits *bits,
                          struct error *err)
{
    unsigned char raw[SECRET + LEDGER_ID / 2];
    char hex[2 * sizeof raw + 1];
    if (random_bytes(bits, raw, sizeof raw, err) != STATUS_OK)
        return NULL;
    for (size_t i = 0; i < sizeof raw; i++)
        snprintf(hex + 2 * i, 3, "%02x", raw[i]);
    json_t *body = json_pack("{s:s, s:s%, s:s%, s:I}", "matter", terms->matter, "secret", hex,
                             (size_t)2 * SECRET, "id", hex + 2 * SECRET, (size_t)LEDGER_ID - 1,
                             "budget", (json_int_t)terms->budget);
    if (body && terms->delta && json_object_set_new(body, "delta", json_string(terms->delta))) {
        json_decref(body);
        body = NULL;
    }
    explicit_bzero(raw, sizeof raw);
    explicit_bzero(hex, sizeof hex);
    return body;
}

static enum status make(struct ledger *l, const struct ledger_terms *terms, struct error *err)
{
    struct random_bits bits;
    enum status status = STATUS_OK;
    random_bits_init(&bits);
    TRY(begin(l, err));
    if (l->entries == 0)
        status = append(l, "open", first_body(terms, &bits, err), err);
    random_bits_wipe(&bits);
    return end(l, status, err);
}

static enum status check_terms(const struct ledger *l, const struct ledger_terms *terms,
                               struct error *err)
{
    char is[RHO_TEXT], asked[RHO_TEXT];
    if (strcmp(l->matter, terms->matter) != 0) {
        error_set(err, STATUS_REFUSED, l->path, "it is the ledger of the matter \"%s\", not \"%s\"",
                  l->matter, terms->matter);
        return error_hint(err, "each matter has a ledger of its own: name it in release.ledger");
    }
    if (l->budget != terms->budget && terms->budget) {
        rho_text(l->budget, is);
        rho_text(terms->budget, asked);
        error_set(err, STATUS_REFUSED, l->path,
                  "its budget was fixed at rho %s when it was made; the plan says %s", is, asked);
        return error_hint(err, "a budget that could be raised would be none");
    }
    if (terms->delta && l->delta && strcmp(terms->delta, l->delta) != 0)
        return error_set(err, STATUS_REFUSED, l->path,
                         "its delta was fixed at %s when it was made; the plan says %s", l->delta,
                         terms->delta);
    return STATUS_OK;
}

static enum status connect(struct ledger *l, const char *path, int flags, struct error *err)
{
    l->path = mem_strdup(path);
    if (!l->path)
        return error_nomem(err);
    if (sqlite3_open_v2(path, &l->db, flags, NULL) != SQLITE_OK)
        return l->db ? refuse(l, "open", err) : error_nomem(err);
    sqlite3_busy_timeout(l->db, BUSY_MS);
    return STATUS_OK;
}

enum status ledger_open(const char *path, const struct ledger_terms *terms, struct ledger **out,
                        struct error *err)
{
    static const char schema[] =
        "CREATE TABLE IF NOT EXISTS entries (number INTEGER PRIMARY KEY, time INTEGER NOT NULL, "
        "kind TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL);"
        "CREATE INDEX IF NOT EXISTS questions ON entries (kind, json_extract(body, '$.question'))";
    enum status status = STATUS_OK;
    struct ledger *l = mem_zalloc(1, sizeof *l);
    *out = NULL;
    if (!l)
        return error_nomem(err);
    l->now = terms->now ? terms->now : machine_clock;
    l->kept = strcmp(path, ":memory:") != 0;
    mode_t mask = umask(077);
    status = connect(l, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
    if (status == STATUS_OK)
        status = run(l, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", "open", err);
    if (status == STATUS_OK)
        status = run(l, schema, "open", err);
    umask(mask);
    TRY_CLEANUP(status);
    TRY_CLEANUP(catch_up(l, err));
    if (l->entries == 0)
        TRY_CLEANUP(make(l, terms, err));
    TRY_CLEANUP(check_terms(l, terms, err));
    TRY_CLEANUP(check_clock(l, l->now(), err));
    *out = l;
    return STATUS_OK;
cleanup:
    ledger_close(l);
    return status;
}

enum status ledger_look(const char *path, struct ledger **out, struct error *err)
{
    enum status status = STATUS_OK;
    struct ledger *l = mem_zalloc(1, sizeof *l);
    *out = NULL;
    if (!l)
        return error_nomem(err);
    l->now = machine_clock;
    TRY_CLEANUP(connect(l, path, SQLITE_OPEN_READONLY, err));
    TRY_CLEANUP(catch_up(l, err));
    if (l->entries == 0)
        TRY_CLEANUP(error_set(err, STATUS_REFUSED, path, "it is an empty ledger"));
    *out = l;
    return STATUS_OK;
cleanup:
    ledger_close(l);
    return status;
}

void ledger_close(struct ledger *l)
{
    if (!l)
        return;
    sqlite3_close(l->db);
    free(l->path);
    free(l->matter);
    free(l->delta);
    explicit_bzero(l->secret, sizeof l->secret);
    free(l);
}

/* ---- reading ---- */

const char *ledger_id(const struct ledger *l)
{
    return l->id;
}

const char *ledger_matter(const struct ledger *l)
{
    return l->matter;
}

const char *ledger_delta(const struct ledger *l)
{
    return l->delta;
}

uint64_t ledger_budget(const struct ledger *l)
{
    return l->budget;
}

uint64_t ledger_delta_spent(const struct ledger *l)
{
    return l->delta_spent;
}

uint64_t ledger_spent(const struct ledger *l)
{
    return l->spent;
}

uint64_t ledger_entries(const struct ledger *l)
{
    return l->entries;
}

const char *ledger_head(const struct ledger *l)
{
    return l->head;
}

enum status ledger_expect(struct ledger *l, const char *head, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    TRY(prepare(l, "SELECT 1 FROM entries WHERE hash = ? AND number <= ?", &stmt, err));
    sqlite3_bind_text(stmt, 1, head, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, (sqlite3_int64)l->entries);
    int step = sqlite3_step(stmt);
    sqlite3_finalize(stmt);
    if (step == SQLITE_ROW)
        return STATUS_OK;
    if (step != SQLITE_DONE)
        return refuse(l, "read", err);
    error_set(err, STATUS_REFUSED, l->path,
              "it does not hold the entry %.16s... that an earlier report ends with: it was cut "
              "off, rolled back, or is another ledger",
              head);
    return error_hint(err, "restore the ledger that the report was made with; what was spent "
                           "cannot be forgotten");
}

enum status ledger_key(const struct ledger *l, const char *purpose, struct sha256 *out,
                       struct error *err)
{
    enum status status = STATUS_OK;
    struct digest *digest = digest_new();
    if (!digest)
        return error_nomem(err);
    TRY_CLEANUP(digest_add(digest, l->secret, sizeof l->secret, err));
    TRY_CLEANUP(digest_add_text(digest, purpose, err));
    TRY_CLEANUP(digest_end(digest, out, err));
cleanup:
    digest_free(digest);
    return status;
}

enum status ledger_visit(struct ledger *l,
                         enum status (*visit)(void *context, const struct ledger_entry *entry,
                                              struct error *err),
                         void *context, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum status status = STATUS_OK;
    json_t *body = NULL;
    int step;
    TRY(prepare(l,
                "SELECT number, time, kind, body, hash FROM entries WHERE number <= ? "
                "ORDER BY number",
                &stmt, err));
    sqlite3_bind_int64(stmt, 1, (sqlite3_int64)l->entries);
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
        struct row row = row_of(stmt);
        TRY_CLEANUP(body_read(l, &row, &body, err));
        struct ledger_entry entry = {.number = row.number,
                                     .time = row.time,
                                     .kind = row.kind,
                                     .question = text_of(body, "question"),
                                     .title = text_of(body, "title"),
                                     .rho = rho_of(body, "rho"),
                                     .text = text_of(body, "text"),
                                     .hash = row.hash};
        TRY_CLEANUP(visit(context, &entry, err));
        json_decref(body);
        body = NULL;
    }
    if (step != SQLITE_DONE)
        status = refuse(l, "read", err);
cleanup:
    json_decref(body);
    sqlite3_finalize(stmt);
    return status;
}

/* ---- spending ---- */

/* Half of the ledger's delta, in 1e-18, for selecting groups. */
static uint64_t delta_limit(const struct ledger *l)
{
    return l->delta ? (uint64_t)(strtod(l->delta, NULL) * (double)DELTA_ONE / 2) : 0;
}

enum status ledger_can_pay(struct ledger *l, struct ledger_price price, struct error *err)
{
    char asked[RHO_TEXT], left[RHO_TEXT], budget[RHO_TEXT];
    uint64_t limit = delta_limit(l);
    if (l->spent > l->budget || price.rho > l->budget - l->spent) {
        rho_text(price.rho, asked);
        rho_text(l->spent < l->budget ? l->budget - l->spent : 0, left);
        rho_text(l->budget, budget);
        error_set(err, STATUS_REFUSED, l->path,
                  "the plan asks for rho %s, and %s of the matter's budget of %s is left", asked,
                  left, budget);
        return error_hint(err, "ask for less (release.noise), or for less often: proffer ledger "
                               "PLAN shows what was spent on what");
    }
    if (price.delta && (l->delta_spent > limit || price.delta > limit - l->delta_spent)) {
        error_set(
            err, STATUS_REFUSED, l->path,
            "selecting groups asks for delta %.3g, and %.3g of the half of the matter's %s that "
            "may go to it is left",
            (double)price.delta / (double)DELTA_ONE,
            (double)(l->delta_spent < limit ? limit - l->delta_spent : 0) / (double)DELTA_ONE,
            l->delta ? l->delta : "0");
        return error_hint(err, "lower release.noise.select.delta, or list the groups in the plan");
    }
    return STATUS_OK;
}

enum status ledger_debit(struct ledger *l, const char *question, const char *title,
                         struct ledger_price price, struct error *err)
{
    TRY(begin(l, err));
    enum status status = ledger_can_pay(l, price, err);
    json_t *body = NULL;
    if (status == STATUS_OK) {
        body = json_pack("{s:s, s:s, s:I}", "question", question, "title", title, "rho",
                         (json_int_t)price.rho);
        if (body && price.delta &&
            json_object_set_new(body, "delta", json_integer((json_int_t)price.delta))) {
            json_decref(body);
            body = NULL;
        }
        status = append(l, "debit", body, err);
    }
    return end(l, status, err);
}

void ledger_figures_release(struct ledger_figures *figures)
{
    free(figures->values);
    free(figures->groups);
    *figures = (struct ledger_figures){.values = NULL};
}

static json_t *figures_body(const char *question, const struct ledger_figures *figures)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < figures->count; i++)
        if (json_array_append_new(list, json_integer(figures->values[i]))) {
            json_decref(list);
            return NULL;
        }
    json_t *body = list ? json_pack("{s:s, s:o}", "question", question, "values", list) : NULL;
    if (body && figures->groups &&
        json_object_set_new(body, "groups", json_string(figures->groups))) {
        json_decref(body);
        return NULL;
    }
    return body;
}

enum status ledger_store(struct ledger *l, const char *question,
                         const struct ledger_figures *figures, struct error *err)
{
    TRY(begin(l, err));
    return end(l, append(l, "figures", figures_body(question, figures), err), err);
}

/* Entries of KIND and QUESTION, the first or the LAST one; *BODY is NULL where there is none. */
static enum status find(struct ledger *l, const char *kind, const char *question, bool last,
                        json_t **body, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum status status = STATUS_OK;
    *body = NULL;
    TRY(catch_up(l, err));
    TRY(prepare(l,
                last ? "SELECT number, time, kind, body, hash FROM entries WHERE kind = ? AND "
                       "json_extract(body, '$.question') = ? ORDER BY number DESC LIMIT 1"
                     : "SELECT number, time, kind, body, hash FROM entries WHERE kind = ? AND "
                       "json_extract(body, '$.question') = ? ORDER BY number LIMIT 1",
                &stmt, err));
    sqlite3_bind_text(stmt, 1, kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, question, -1, SQLITE_STATIC);
    int step = sqlite3_step(stmt);
    if (step == SQLITE_ROW) {
        struct row row = row_of(stmt);
        status = body_read(l, &row, body, err);
    } else if (step != SQLITE_DONE) {
        status = refuse(l, "read", err);
    }
    sqlite3_finalize(stmt);
    return status;
}

enum status ledger_find(struct ledger *l, const char *question, struct ledger_figures *out,
                        struct error *err)
{
    json_t *body;
    *out = (struct ledger_figures){.values = NULL};
    TRY(find(l, "figures", question, false, &body, err));
    if (!body)
        return STATUS_OK;
    const json_t *list = json_object_get(body, "values");
    const char *groups = json_string_value(json_object_get(body, "groups"));
    out->count = json_array_size(list);
    out->values = mem_zalloc(out->count + 1, sizeof *out->values);
    out->groups = groups ? mem_strdup(groups) : NULL;
    for (size_t i = 0; out->values && i < out->count; i++)
        out->values[i] = json_integer_value(json_array_get(list, i));
    json_decref(body);
    if (out->values && (out->groups || !groups))
        return STATUS_OK;
    ledger_figures_release(out);
    return error_nomem(err);
}

enum status ledger_record(struct ledger *l, const char *question, const char *text,
                          struct error *err)
{
    json_t *before;
    TRY(find(l, "record", question, true, &before, err));
    bool same = before && strcmp(text_of(before, "text"), text) == 0;
    json_decref(before);
    if (same)
        return STATUS_OK;
    TRY(begin(l, err));
    return end(
        l, append(l, "record", json_pack("{s:s, s:s}", "question", question, "text", text), err),
        err);
}
