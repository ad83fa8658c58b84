/* The ledger of a matter, and which catalogue was told of under it: see matter.h. */
#include "cli/matter.h"

#include "base/file.h"
#include "base/json_io.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the catalogue's file says; "" where there is none. */
static enum status read_binding(const struct matter *matter, char id[static LEDGER_ID],
                                char head[static 65], struct error *err)
{
    char *text;
    size_t len;
    json_t *root = NULL;
    id[0] = head[0] = '\0';
    if (!file_exists(matter->binding))
        return STATUS_OK;
    TRY(file_read(matter->binding, 4096, &text, &len, err));
    enum status status = json_text_read(text, len, &root, NULL, err);
    free(text);
    TRY(status);
    const char *own = json_string_value(json_object_get(root, "ledger"));
    const char *last = json_string_value(json_object_get(root, "head"));
    if (own && last && strlen(own) == LEDGER_ID - 1 && strlen(last) == 64) {
        memcpy(id, own, LEDGER_ID);
        memcpy(head, last, 65);
    } else {
        status = error_set(err, STATUS_REFUSED, matter->binding,
                           "it should name the ledger of these logs, and does not");
    }
    json_decref(root);
    return status;
}

static enum status check_binding(struct matter *matter, bool new_ledger, struct error *err)
{
    char id[LEDGER_ID], head[65];
    TRY(read_binding(matter, id, head, err));
    if (!*id)
        return STATUS_OK;
    if (strcmp(id, ledger_id(matter->ledger)) == 0)
        return ledger_expect(matter->ledger, head, err);
    if (new_ledger) {
        memcpy(matter->replaced, id, sizeof matter->replaced);
        return STATUS_OK;
    }
    error_set(err, STATUS_REFUSED, matter->binding,
              "these logs were told of under the ledger %s, and the plan's is %s", id,
              ledger_id(matter->ledger));
    return error_hint(err, "name that ledger in release.ledger; --new-ledger begins another "
                           "account, and the report says so");
}

/* SQLite does not say why it cannot make or write a file: this does, where the system knows. */
static enum status check_place(const char *path, struct error *err)
{
    if (file_exists(path))
        return access(path, R_OK | W_OK) == 0 ? STATUS_OK
                                              : error_errno(err, STATUS_INPUT, errno, NULL,
                                                            "cannot write the ledger \"%s\"", path);
    enum status status = STATUS_OK;
    char *dir = path_dir(path);
    if (!dir)
        return error_nomem(err);
    if (access(*dir ? dir : ".", W_OK | X_OK) != 0) {
        status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot make the ledger \"%s\"", path);
        error_hint(err, "release.ledger in the plan names it, from the plan's folder on");
    }
    free(dir);
    return status;
}

enum status matter_open(struct matter *matter, const struct plan *plan,
                        const struct ledger_terms *terms, const char *catalogue, bool new_ledger,
                        struct error *err)
{
    *matter = (struct matter){.ledger = NULL};
    if (!plan->matter || !*plan->matter) {
        error_set(err, STATUS_PLAN, plan->path,
                  "with a ledger the plan needs a \"matter\": it remembers what was told of it");
        return error_hint(err, "\"matter\": \"example-2026\"");
    }
    matter->binding = path_join(catalogue, "ledger.json");
    if (!matter->binding)
        return error_nomem(err);
    TRY(check_place(plan->release.ledger, err));
    TRY(ledger_open(plan->release.ledger, terms, &matter->ledger, err));
    return check_binding(matter, new_ledger, err);
}

void matter_close(struct matter *matter)
{
    ledger_close(matter->ledger);
    free(matter->binding);
    *matter = (struct matter){.ledger = NULL};
}

enum status matter_bind(const struct matter *matter, struct error *err)
{
    json_t *root = json_pack("{s:s, s:s}", "ledger", ledger_id(matter->ledger), "head",
                             ledger_head(matter->ledger));
    char *text = root ? json_text_make(root, JSON_SORT_KEYS | JSON_INDENT(1)) : NULL;
    json_decref(root);
    if (!text)
        return error_nomem(err);
    enum status status = file_write(matter->binding, text, strlen(text), 0600, err);
    free(text);
    return status;
}

enum status matter_salt(const struct matter *matter, char digest[static 65], struct error *err)
{
    char purpose[96];
    struct sha256 value;
    snprintf(purpose, sizeof purpose, "digest %s", digest);
    TRY(ledger_key(matter->ledger, purpose, &value, err));
    sha256_hex(&value, digest);
    return STATUS_OK;
}
