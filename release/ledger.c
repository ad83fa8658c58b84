/* The ledger: see ledger.h. */
#include "release/ledger_chain.h"

#include "base/civil.h"
#include "base/file.h"
#include "base/json_io.h"
#include "base/memory.h"
#include "release/accountant.h"
#include "release/random_bits.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUSY_MS = 60000 };

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
    TRY(chain_begin(l, err));
    if (l->entries == 0)
        status = chain_append(l, "open", first_body(terms, &bits, err), err);
    random_bits_wipe(&bits);
    return chain_end(l, status, err);
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

/* NAME: the file, as SQLite is told it. */
static enum status connect_as(struct ledger *l, const char *path, const char *name, int flags,
                              struct error *err)
{
    l->path = mem_strdup(path);
    if (!l->path)
        return error_nomem(err);
    if (sqlite3_open_v2(name, &l->db, flags, NULL) != SQLITE_OK)
        return l->db ? chain_refuse(l, "open", err) : error_nomem(err);
    sqlite3_busy_timeout(l->db, BUSY_MS);
    return STATUS_OK;
}

static enum status connect(struct ledger *l, const char *path, int flags, struct error *err)
{
    return connect_as(l, path, path, flags, err);
}

/* Whether the folder of PATH takes no files, as that of a copy on a medium that cannot be written.
 */
static bool is_fixed(const char *path, bool *fixed)
{
    char *folder = path_dir(path);
    *fixed = folder && access(folder, W_OK) != 0 && errno != ENOENT;
    free(folder);
    return folder;
}

/* In such a folder SQLite can lay nothing beside the file: it is read as it stands there, which
 * nobody changes, if nothing is beside it that belongs to it. */
static enum status connect_fixed(struct ledger *l, const char *path, struct error *err)
{
    static const char safe[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/";
    size_t len = strlen(path), used = 0;
    char *name = mem_zalloc(3 * len + 32, 1);
    struct stat beside;
    if (!name)
        return error_nomem(err);
    snprintf(name, 3 * len + 32, "%s-wal", path);
    if (stat(name, &beside) == 0 && beside.st_size > 0) {
        free(name);
        error_set(err, STATUS_REFUSED, path,
                  "its last entries stand in the file beside it that ends in -wal");
        return error_hint(err, "copy both to a folder that can be written, and look there");
    }
    used = (size_t)snprintf(name, 3 * len + 32, "file:");
    for (const char *at = path; *at; at++)
        used += (size_t)snprintf(name + used, 4, strchr(safe, *at) ? "%c" : "%%%02X",
                                 (unsigned char)*at);
    snprintf(name + used, 3 * len + 32 - used, "?immutable=1");
    enum status status = connect_as(l, path, name, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
    free(name);
    return status;
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
    l->now = terms->now ? terms->now : civil_now;
    l->kept = strcmp(path, ":memory:") != 0;
    mode_t mask = umask(077);
    status = connect(l, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
    if (status == STATUS_OK)
        status = chain_run(l, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", "open", err);
    if (status == STATUS_OK)
        status = chain_run(l, schema, "open", err);
    umask(mask);
    TRY_CLEANUP(status);
    TRY_CLEANUP(chain_catch_up(l, err));
    if (l->entries == 0)
        TRY_CLEANUP(make(l, terms, err));
    TRY_CLEANUP(check_terms(l, terms, err));
    TRY_CLEANUP(chain_check_clock(l, l->now(), err));
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
    l->now = civil_now;
    bool fixed;
    if (!is_fixed(path, &fixed))
        TRY_CLEANUP(error_nomem(err));
    /* A connection that may write takes what SQLite lays beside the file away when it closes. */
    TRY_CLEANUP(fixed ? connect_fixed(l, path, err) : connect(l, path, SQLITE_OPEN_READWRITE, err));
    TRY_CLEANUP(chain_run(l, "PRAGMA query_only = 1", "open", err));
    TRY_CLEANUP(chain_catch_up(l, err));
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
    TRY(chain_prepare(l, "SELECT 1 FROM entries WHERE hash = ? AND number <= ?", &stmt, err));
    sqlite3_bind_text(stmt, 1, head, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, (sqlite3_int64)l->entries);
    int step = sqlite3_step(stmt);
    sqlite3_finalize(stmt);
    if (step == SQLITE_ROW)
        return STATUS_OK;
    if (step != SQLITE_DONE)
        return chain_refuse(l, "read", err);
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
    TRY(chain_prepare(l,
                      "SELECT number, time, kind, body, hash FROM entries WHERE number <= ? "
                      "ORDER BY number",
                      &stmt, err));
    sqlite3_bind_int64(stmt, 1, (sqlite3_int64)l->entries);
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
        struct chain_row row = chain_row_of(stmt);
        TRY_CLEANUP(chain_body_read(l, &row, &body, err));
        struct ledger_entry entry = {.number = row.number,
                                     .time = row.time,
                                     .kind = row.kind,
                                     .question = chain_text(body, "question"),
                                     .title = chain_text(body, "title"),
                                     .rho = chain_number(body, "rho"),
                                     .text = chain_text(body, "text"),
                                     .hash = row.hash};
        TRY_CLEANUP(visit(context, &entry, err));
        json_decref(body);
        body = NULL;
    }
    if (step != SQLITE_DONE)
        status = chain_refuse(l, "read", err);
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
    TRY(chain_begin(l, err));
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
        status = chain_append(l, "debit", body, err);
    }
    return chain_end(l, status, err);
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
    TRY(chain_begin(l, err));
    return chain_end(l, chain_append(l, "figures", figures_body(question, figures), err), err);
}

/* Entries of KIND and QUESTION, the first or the LAST one; *BODY is NULL where there is none. */
static enum status find(struct ledger *l, const char *kind, const char *question, bool last,
                        json_t **body, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum status status = STATUS_OK;
    *body = NULL;
    TRY(chain_catch_up(l, err));
    TRY(chain_prepare(l,
                      last
                          ? "SELECT number, time, kind, body, hash FROM entries WHERE kind = ? AND "
                            "json_extract(body, '$.question') = ? ORDER BY number DESC LIMIT 1"
                          : "SELECT number, time, kind, body, hash FROM entries WHERE kind = ? AND "
                            "json_extract(body, '$.question') = ? ORDER BY number LIMIT 1",
                      &stmt, err));
    sqlite3_bind_text(stmt, 1, kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, question, -1, SQLITE_STATIC);
    int step = sqlite3_step(stmt);
    if (step == SQLITE_ROW) {
        struct chain_row row = chain_row_of(stmt);
        status = chain_body_read(l, &row, body, err);
    } else if (step != SQLITE_DONE) {
        status = chain_refuse(l, "read", err);
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

enum status ledger_record(struct ledger *l, const char *kind, const char *question,
                          const char *text, struct error *err)
{
    json_t *before;
    TRY(find(l, kind, question, true, &before, err));
    bool same = before && strcmp(chain_text(before, "text"), text) == 0;
    json_decref(before);
    if (same)
        return STATUS_OK;
    TRY(chain_begin(l, err));
    return chain_end(
        l, chain_append(l, kind, json_pack("{s:s, s:s}", "question", question, "text", text), err),
        err);
}
