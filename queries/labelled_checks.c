/* Checked labels: which ones must be: see labelled_sample.h. */
#include "base/memory.h"
#include "queries/labelled_parts.h"

#include <stdlib.h>

char *labelled_sample_check_seed(const struct plan_query *query, const struct sample *sample)
{
    if (query->check_seed)
        return mem_strdup(query->check_seed);
    return mem_printf("%s/adjudication", sample->seed);
}

static int compare_tickets(const void *a, const void *b)
{
    const struct ticketed_unit *left = a, *right = b;
    return ticket_compare(&left->ticket, &right->ticket);
}

enum status labelled_cleared(const struct labelled_sample *l, struct ticket_maker *maker,
                             const struct sample_stratum *stratum, struct ticketed_unit *out,
                             size_t *count, struct error *err)
{
    *count = 0;
    for (size_t i = stratum->first; i < stratum->first + stratum->size; i++) {
        if (l->labels.units[i] != LABEL_IRRELEVANT)
            continue;
        const struct intern_text *id = &l->sample.ids.items[i];
        out[*count].number = (uint32_t)i;
        TRY(ticket_of(maker, id->text, id->len, &out[(*count)++].ticket, err));
    }
    if (*count)
        qsort(out, *count, sizeof *out, compare_tickets);
    return STATUS_OK;
}

static enum status check_prefix(struct labelled_sample *l, const struct ticketed_unit *cleared,
                                size_t count, struct error *err)
{
    const struct ticketed_unit *left_out = NULL;
    for (size_t i = 0; i < count; i++) {
        bool checked = l->checks.units[cleared[i].number] != LABEL_MISSING;
        if (checked && left_out) {
            error_set(err, STATUS_INPUT, l->query->check_path,
                      "\"%s\" was checked, but not \"%s\", whose ticket comes before it",
                      l->sample.ids.items[cleared[i].number].text,
                      l->sample.ids.items[left_out->number].text);
            return error_hint(err, "of the units labelled irrelevant those with the smallest "
                                   "tickets are checked, so that nobody chooses them: proffer "
                                   "packet PLAN SAMPLE --adjudicate N lists them");
        }
        if (!checked)
            left_out = &cleared[i];
    }
    return STATUS_OK;
}

static enum status check_cut_off(struct labelled_sample *l, const struct ticketed_unit *cleared,
                                 size_t count, struct error *err)
{
    struct sha256 cut_off = ticket_of_share(l->query->check_share);
    for (size_t i = 0; i < count; i++) {
        uint32_t unit = cleared[i].number;
        bool wanted = ticket_compare(&cleared[i].ticket, &cut_off) <= 0;
        if (!wanted && l->checks.units[unit] != LABEL_MISSING) {
            error_set(err, STATUS_INPUT, l->query->check_path,
                      "\"%s\" was checked, and its ticket is not in the share of tickets that the "
                      "plan says",
                      l->sample.ids.items[unit].text);
            return error_hint(err,
                              "proffer packet PLAN SAMPLE --adjudicate 0 lists those that are");
        }
        if (wanted && l->checks.units[unit] == LABEL_MISSING)
            l->checks.units[unit] = LABEL_UNREADABLE;
    }
    return STATUS_OK;
}

/* CHECK of each stratum's units that reviewers call irrelevant, by ticket. */
static enum status check_strata(struct labelled_sample *l,
                                enum status (*check)(struct labelled_sample *l,
                                                     const struct ticketed_unit *cleared,
                                                     size_t count, struct error *err),
                                struct error *err)
{
    struct ticket_maker *maker = NULL;
    enum status status = STATUS_OK;
    char *seed = labelled_sample_check_seed(l->query, &l->sample);
    struct ticketed_unit *cleared = mem_zalloc(l->sample.ids.count, sizeof *cleared);
    if (!seed || !cleared) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(ticket_maker_new(&maker, seed, err));
    for (size_t h = 0; h < l->sample.stratum_count; h++) {
        size_t count;
        TRY_CLEANUP(labelled_cleared(l, maker, &l->sample.strata[h], cleared, &count, err));
        TRY_CLEANUP(check(l, cleared, count, err));
    }
cleanup:
    ticket_maker_free(maker);
    free(cleared);
    free(seed);
    return status;
}

enum status labelled_check_share(struct labelled_sample *l, struct error *err)
{
    return check_strata(l, check_cut_off, err);
}

enum status labelled_check_order(struct labelled_sample *l, struct error *err)
{
    return check_strata(l, check_prefix, err);
}
