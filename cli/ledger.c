/* proffer ledger: what was spent on a matter. */
#include "release/ledger.h"
#include "base/civil.h"
#include "base/file.h"
#include "base/json_io.h"
#include "cli/pipeline.h"
#include "release/accountant.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct listing {
    json_t *entries; /* for --json, else NULL */
    bool any;
};

/* A number of decimals for what is told; never fewer than the value has. */
static double plain(uint64_t rho)
{
    return (double)rho / (double)RHO_ONE;
}

static enum status list_entry(void *context, const struct ledger_entry *entry, struct error *err)
{
    struct listing *listing = context;
    char time[CIVIL_TIME_TEXT], rho[RHO_TEXT];
    civil_time_text(entry->time, time);
    rho_text(entry->rho, rho);
    if (listing->entries) {
        json_t *item =
            json_pack("{s:I, s:s, s:s, s:s, s:s}", "number", (json_int_t)entry->number, "time",
                      time, "kind", entry->kind, "title", entry->title, "hash", entry->hash);
        if (item && strcmp(entry->kind, "debit") == 0 &&
            json_object_set_new(item, "rho", json_string(rho))) {
            json_decref(item);
            item = NULL;
        }
        return item && json_array_append_new(listing->entries, item) == 0 ? STATUS_OK
                                                                          : error_nomem(err);
    }
    if (strcmp(entry->kind, "debit") != 0)
        return STATUS_OK;
    if (!listing->any)
        printf("%6s  %-20s  %-14s  %s\n", "entry", "time", "rho", "for");
    listing->any = true;
    printf("%6" PRIu64 "  %-20s  %-14s  %s\n", entry->number, time, rho, entry->title);
    return STATUS_OK;
}

static void print_sums(const struct ledger *ledger)
{
    uint64_t budget = ledger_budget(ledger), spent = ledger_spent(ledger);
    const char *delta = ledger_delta(ledger);
    char text[RHO_TEXT];
    printf("matter: %s\nledger: %s, %" PRIu64 " entries\n", ledger_matter(ledger),
           ledger_id(ledger), ledger_entries(ledger));
    if (budget == 0) {
        printf("budget: none, for reports without noise\nhead:   %s\n", ledger_head(ledger));
        return;
    }
    rho_text(budget, text);
    printf("budget: rho %s", text);
    if (delta)
        printf(", epsilon %.4f at delta %s",
               accountant_epsilon(plain(budget), strtod(delta, NULL)) + 5e-5, delta);
    rho_text(spent, text);
    printf("\nspent:  rho %s", text);
    if (delta)
        printf(", epsilon %.4f at delta %s",
               spent ? accountant_epsilon(plain(spent), strtod(delta, NULL)) + 5e-5 : 0, delta);
    rho_text(budget > spent ? budget - spent : 0, text);
    printf("\nleft:   rho %s\nhead:   %s\n", text, ledger_head(ledger));
}

static enum status print_json(const struct ledger *ledger, json_t *entries, struct error *err)
{
    char budget[RHO_TEXT], spent[RHO_TEXT];
    rho_text(ledger_budget(ledger), budget);
    rho_text(ledger_spent(ledger), spent);
    json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:s, s:O}", "matter", ledger_matter(ledger),
                             "ledger", ledger_id(ledger), "budget_rho", budget, "spent_rho", spent,
                             "head", ledger_head(ledger), "entries", entries);
    char *text = root ? json_text_make(root, JSON_INDENT(1) | JSON_SORT_KEYS) : NULL;
    json_decref(root);
    if (!text)
        return error_nomem(err);
    puts(text);
    free(text);
    return STATUS_OK;
}

enum status command_ledger(const struct arguments *arguments, struct error *err)
{
    struct pipeline pipeline;
    struct ledger *ledger = NULL;
    struct listing listing = {.entries = NULL};
    enum status status = STATUS_OK;
    TRY_CLEANUP(pipeline_plan(&pipeline, arguments, err));
    if (!pipeline.plan.release.ledger) {
        status = error_set(err, STATUS_PLAN, pipeline.plan.path, "it names no ledger");
        error_hint(err, "\"release\": {\"ledger\": \"ledger.db\"}");
        goto cleanup;
    }
    if (!file_exists(pipeline.plan.release.ledger)) {
        status = error_set(err, STATUS_INPUT, pipeline.plan.release.ledger,
                           "there is no such ledger yet");
        error_hint(err, "proffer run makes it when it first tells something under the plan");
        goto cleanup;
    }
    TRY_CLEANUP(ledger_look(pipeline.plan.release.ledger, &ledger, err));
    if (arguments->values[OPTION_HEAD])
        TRY_CLEANUP(ledger_expect(ledger, arguments->values[OPTION_HEAD], err));
    if (arguments->values[OPTION_JSON] && !(listing.entries = json_array())) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(ledger_visit(ledger, list_entry, &listing, err));
    if (listing.entries)
        status = print_json(ledger, listing.entries, err);
    else
        print_sums(ledger);
cleanup:
    json_decref(listing.entries);
    ledger_close(ledger);
    pipeline_close(&pipeline);
    return status;
}
