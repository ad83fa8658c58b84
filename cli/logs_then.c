/* What the logs had when earlier reports were made: see logs_then.h. */
#include "cli/logs_then.h"

#include "cli/keyed.h"

#include <inttypes.h>
#include <string.h>

void logs_then_release(struct logs_then *l)
{
    arena_release(&l->arena);
    *l = (struct logs_then){.arena = ARENA_INIT};
}

enum status logs_then_init(struct logs_then *l, struct ledger *ledger,
                           const struct catalogue *catalogue, struct error *err)
{
    struct buffer text;
    *l = (struct logs_then){.ledger = ledger, .catalogue = catalogue, .arena = ARENA_INIT};
    TRY(ledger_key(ledger, "logs", &l->key, err));
    TRY(told_logs_of(&l->own, catalogue, &l->key, &l->arena, err));
    if (!l->own.count)
        return STATUS_OK;
    buffer_init(&text, TOLD_LOGS_TEXT_MAX + 1);
    enum status status = told_logs_write(&l->own, &text, err);
    if (status == STATUS_OK) {
        l->text = arena_strndup(&l->arena, text.data, text.len);
        status = l->text ? keyed_hex(&l->key, "logs", l->text, l->now, err) : error_nomem(err);
    }
    buffer_release(&text);
    return status;
}

/* ---- one of then ---- */

struct looking {
    struct logs_then *logs;
    struct logs_then_state *state;
    struct arena arena; /* of what is read */
};

/* Each must be within the ones after it, as logs that grow have it. */
static bool fits(const struct logs_then *l, const struct plan_filter *filter)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->states[i].filter && !plan_extent_within(filter->extent, l->states[i].filter->extent))
            return false;
    return true;
}

static enum status read_entry(void *context, const struct ledger_entry *entry, struct error *err)
{
    struct looking *looking = context;
    struct logs_then *l = looking->logs;
    struct told_logs then;
    bool valid;
    if (strcmp(entry->kind, "logs") != 0 || strcmp(entry->question, looking->state->question) != 0)
        return STATUS_OK;
    TRY(told_logs_read(&then, entry->text, &looking->arena, &valid, err));
    if (!valid)
        return error_set(err, STATUS_REFUSED, "ledger",
                         "entry %" PRIu64 ": it does not say what the logs had", entry->number);
    TRY(told_logs_filter(&then, &l->own, l->catalogue, &l->key, entry->question, &l->arena,
                         &looking->state->filter, err));
    if (looking->state->filter && !fits(l, looking->state->filter))
        looking->state->filter = NULL;
    return STATUS_OK;
}

enum status logs_then_filter(struct logs_then *l, const char *question,
                             const struct plan_filter **filter, struct error *err)
{
    *filter = NULL;
    if (!*question || !*l->now || strcmp(question, l->now) == 0)
        return STATUS_OK;
    size_t i = 0;
    while (i < l->count && strcmp(l->states[i].question, question) != 0)
        i++;
    if (i == LOGS_THEN_MAX)
        return STATUS_OK;
    if (i == l->count) {
        struct looking looking = {l, &l->states[i], ARENA_INIT};
        memcpy(l->states[i].question, question, sizeof l->states[i].question);
        enum status status = ledger_visit(l->ledger, read_entry, &looking, err);
        arena_release(&looking.arena);
        TRY(status);
        l->count++;
    }
    *filter = l->states[i].filter;
    return STATUS_OK;
}

enum status logs_then_keep(const struct logs_then *l, struct error *err)
{
    return *l->now ? ledger_record(l->ledger, "logs", l->now, l->text, err) : STATUS_OK;
}
