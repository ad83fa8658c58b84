/*
 * Search terms, as the ledger remembers them (told_kind.h):
 *
 *     "within": 2                          enum plan_within
 *     "terms": [["T1", "lawsuit OR suit"], ...]
 *     "by": [...]                          told_fields.h
 */
#include "base/memory.h"
#include "queries/query_terms.h"
#include "queries/tally_run.h"
#include "queries/terms_combined.h"
#include "queries/terms_shared.h"
#include "queries/told_fields.h"
#include "queries/told_kind.h"
#include "queries/told_plan.h"

#include <stdlib.h>

static const char *text_of(const struct plan_query *query, size_t item, size_t part)
{
    return part ? query->terms[item].source : query->terms[item].name;
}

static bool write(json_t *root, const struct plan_query *query)
{
    json_t *terms = told_texts_write(query, query->term_count, 2, text_of);
    json_t *by = told_fields_write(query->by, query->by_count);
    bool good = terms && by && json_object_set(root, "terms", terms) == 0 &&
                json_object_set(root, "by", by) == 0 &&
                json_object_set_new(root, "within", json_integer((int)query->within)) == 0;
    json_decref(terms);
    json_decref(by);
    return good;
}

static enum status read(struct plan_query *query, struct told_reading *reading, bool *valid,
                        struct error *err)
{
    uint64_t within;
    struct told_fields by;
    *valid = told_number_read(reading->root, "within", PLAN_CONVERSATION, &within);
    if (!*valid)
        return STATUS_OK;
    query->within = (enum plan_within)within;
    TRY(told_terms_read(query, reading, "terms", 2, valid, err));
    for (size_t i = 0; *valid && i < query->term_count; i++)
        *valid = query->terms[i].source != NULL;
    if (*valid)
        TRY(told_fields_read(&by, json_object_get(reading->root, "by"), reading->plan,
                             reading->arena, valid, err));
    if (!*valid)
        return STATUS_OK;
    query->by = by.items;
    query->by_count = by.count;
    reading->unknown = by.unknown;
    return STATUS_OK;
}

const struct told_kind told_kind_terms = {.kind = QUERY_TERMS,
                                          .suffixes = {"", ".pairs", ".by"},
                                          .table_count = 3,
                                          .write = write,
                                          .read = read,
                                          .parse = query_terms_parse,
                                          .count = tally_terms};

/* ---- ties ---- */

static bool is_there(const struct told_tying *tying, size_t number)
{
    return tying->asked[number] || tying->others[number];
}

static bool find_report(const struct told_tying *tying, size_t number, struct terms_report *report)
{
    if (!is_there(tying, number) ||
        !terms_report_find(report, &tying->told->plan, number, tying->tally))
        return false;
    struct told_days days = told_plan_days(tying->told, number);
    report->from = days.from;
    report->to = days.to;
    report->filters = days.filters;
    report->filter_count = days.filter_count;
    return true;
}

/* The terms in common of each query that was counted anew and of those before it. */
enum status told_tie_terms(const struct told_tying *tying, struct error *err)
{
    struct terms_report now, before;
    const struct plan *plan = &tying->told->plan;
    for (size_t number = tying->told->own->query_count; number < plan->query_count; number++) {
        if (!find_report(tying, number, &now))
            continue;
        for (size_t i = 0; i < number; i++)
            if (find_report(tying, i, &before))
                TRY(terms_share(&before, &now, tying->tally, err));
    }
    return STATUS_OK;
}

/* Whether earlier reports told of counts by fields. */
static bool any_counts(const struct tally *tally)
{
    for (size_t i = 0; i < tally->table_count; i++)
        if (tally->tables[i].told_before && tally->tables[i].by_count)
            return true;
    return false;
}

/* What is made of the same words, of all queries that find something in the text, where some were
 * counted anew, or counts by fields were. */
enum status told_tie_combinations(const struct told_tying *tying, struct error *err)
{
    const struct plan *plan = &tying->told->plan;
    size_t own = tying->told->own->query_count;
    struct terms_wish wished = {.reports = NULL};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < plan->query_count; i++) {
        const struct told_days days = told_plan_days(tying->told, i);
        const struct told_wish population = {days.from, days.to, days.filters, days.filter_count};
        if (is_there(tying, i))
            status = terms_wish_add(&wished, plan, i, &population, i < own, tying->tally, err);
    }
    terms_wish_note(&wished, tying->tally);
    if (status == STATUS_OK && (wished.count > wished.own || any_counts(tying->tally)))
        status = terms_combine(tying->source, &wished, tying->tally, err);
    terms_wish_release(&wished);
    return status;
}
