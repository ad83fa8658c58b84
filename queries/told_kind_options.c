/*
 * Options of proposals, as the ledger remembers them (told_kind.h):
 *
 *     "of": [...]                          told_references.h
 *     "options": [{"id": "A", "terms": [0, 2, 5], "topics": [1, 0], "overlap": [2, 25],
 *                  "from": 19358, "to": 19400}, ...]
 *                                          each condition: which of "of", then numbers of terms
 *                                          or topics, or words; days since 1970
 *
 * What a labelled sample says of options is no part of it.
 */
#include "queries/option_alike.h"
#include "queries/options_shared.h"
#include "queries/tally_options.h"
#include "queries/tally_proposals.h"
#include "queries/told_fields.h"
#include "queries/told_kind.h"
#include "queries/told_plan.h"
#include "queries/told_population.h"
#include "queries/told_sets.h"

#include <string.h>

enum { OPTIONS_MAX = 100, WORDS_MAX = 1000000000 };

/* ---- writing ---- */

/* OF and ITEMS[COUNT] as a list; nothing where there is no item. */
static bool set_list(json_t *root, const char *key, size_t of, const uint32_t *items, size_t count)
{
    json_t *list = json_array();
    if (list && count)
        json_array_append_new(list, json_integer((json_int_t)of));
    for (size_t i = 0; list && i < count; i++)
        json_array_append_new(list, json_integer(items[i]));
    bool good =
        list &&
        (!count || (json_array_size(list) == count + 1 && json_object_set(root, key, list) == 0));
    json_decref(list);
    return good;
}

static bool write_option(json_t *root, const struct plan_option *option)
{
    return json_object_set_new(root, "id", json_string(option->id)) == 0 &&
           set_list(root, "terms", option->terms_query, option->terms, option->term_count) &&
           set_list(root, "topics", option->topics_query, option->topics, option->topic_count) &&
           set_list(root, "overlap", option->overlap_query, &option->overlap_words,
                    option->overlap_words > 0) &&
           told_days_write(root, option->from, option->to);
}

static bool write(json_t *root, const struct plan_query *query)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < query->option_count; i++) {
        json_t *one = json_object();
        if (one && write_option(one, &query->options[i]))
            json_array_append(list, one);
        json_decref(one);
    }
    bool good = list && json_array_size(list) == query->option_count &&
                json_object_set(root, "options", list) == 0;
    json_decref(list);
    return good;
}

/* ---- reading ---- */

static enum status read_list(const json_t *root, const char *key, size_t *of, uint32_t **items,
                             size_t *count, struct arena *arena, bool *valid, struct error *err)
{
    const json_t *list = json_object_get(root, key);
    size_t size = json_array_size(list);
    *valid = !list || (size > 1 && size <= TOLD_QUERY_SLOTS_MAX);
    if (!*valid || !list)
        return STATUS_OK;
    *items = arena_zalloc(arena, size, sizeof **items);
    if (!*items)
        return error_nomem(err);
    for (size_t i = 0; i < size && *valid; i++) {
        const json_t *item = json_array_get(list, i);
        json_int_t number = json_integer_value(item);
        *valid = json_is_integer(item) && number >= 0 && number <= WORDS_MAX;
        if (i)
            (*items)[(*count)++] = (uint32_t)number;
        else
            *of = (size_t)number;
    }
    return STATUS_OK;
}

static enum status read_option(struct plan_option *option, const json_t *root, struct arena *arena,
                               bool *valid, struct error *err)
{
    const char *id = json_string_value(json_object_get(root, "id"));
    uint32_t *words = NULL;
    size_t count = 0;
    *valid = json_is_object(root) && id && told_days_read(root, &option->from, &option->to);
    if (!*valid)
        return STATUS_OK;
    option->id = option->title = arena_strndup(arena, id, strlen(id));
    if (!option->id)
        return error_nomem(err);
    TRY(read_list(root, "terms", &option->terms_query, &option->terms, &option->term_count, arena,
                  valid, err));
    if (*valid)
        TRY(read_list(root, "topics", &option->topics_query, &option->topics, &option->topic_count,
                      arena, valid, err));
    if (*valid)
        TRY(read_list(root, "overlap", &option->overlap_query, &words, &count, arena, valid, err));
    *valid = *valid && count <= 1 && (!count || words[0] > 0) &&
             (option->term_count || option->topic_count || count || option->from != INT64_MIN ||
              option->to != INT64_MAX);
    option->overlap_words = *valid && count ? words[0] : 0;
    return STATUS_OK;
}

static enum status read(struct plan_query *query, struct told_reading *reading, bool *valid,
                        struct error *err)
{
    const json_t *list = json_object_get(reading->root, "options");
    size_t count = json_array_size(list);
    *valid = count > 0 && count <= OPTIONS_MAX;
    if (!*valid)
        return STATUS_OK;
    query->options = arena_zalloc(reading->arena, count, sizeof *query->options);
    if (!query->options)
        return error_nomem(err);
    for (size_t i = 0; i < count && *valid; i++)
        TRY(read_option(&query->options[query->option_count++], json_array_get(list, i),
                        reading->arena, valid, err));
    return STATUS_OK;
}

/* ---- in a plan ---- */

static bool same_list(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count)
{
    return a_count == b_count && (!a_count || memcmp(a, b, a_count * sizeof *a) == 0);
}

static bool same_option(const struct plan_option *a, const struct plan_option *b)
{
    return strcmp(a->id, b->id) == 0 && a->from == b->from && a->to == b->to &&
           same_list(a->terms, a->term_count, b->terms, b->term_count) &&
           same_list(a->topics, a->topic_count, b->topics, b->topic_count) &&
           a->overlap_words == b->overlap_words &&
           (!a->term_count || a->terms_query == b->terms_query) &&
           (!a->topic_count || a->topics_query == b->topics_query) &&
           (!a->overlap_words || a->overlap_query == b->overlap_query);
}

static bool same(const struct plan_query *a, const struct plan_query *b)
{
    if (a->option_count != b->option_count)
        return false;
    for (size_t i = 0; i < a->option_count; i++)
        if (!same_option(&a->options[i], &b->options[i]))
            return false;
    return true;
}

const struct told_kind told_kind_options = {.kind = QUERY_PROPOSALS,
                                            .suffixes = {""},
                                            .table_count = 1,
                                            .refers = true,
                                            .write = write,
                                            .read = read,
                                            .same = same,
                                            .count = tally_proposals};

/* ---- ties ---- */

static bool is_asked(const struct told_tying *tying, size_t number)
{
    return tying->asked[number] || tying->others[number];
}

static bool find_report(const struct told_tying *tying, size_t number,
                        struct options_report *report)
{
    const struct told_days days = told_plan_days(tying->told, number);
    bool there = is_asked(tying, number) &&
                 options_report_find(report, &tying->told->plan, number, tying->tally);
    report->from = days.from;
    report->to = days.to;
    report->filters = days.filters;
    report->filter_count = days.filter_count;
    return there;
}

/* All options that are judged together, as one plan of the days that any of them is of; and of its
 * own filters, or, where queries of others are asked, of none. */
struct together {
    struct plan plan; /* shares all but its population, its queries and their options */
    bool others;      /* populations with other filters take part */
    struct option_source *of;
    bool *used;
    struct arena arena;
    bool any, more; /* options; something that tells more of them than this report's own tables */
};

/* The options of a report, each with the days that it tells of: none where these are all days. */
static enum status take_options(struct together *t, const struct options_report *report,
                                struct plan_query *query, struct error *err)
{
    struct plan_option *options = arena_zalloc(&t->arena, query->option_count + 1, sizeof *options);
    if (!options)
        return error_nomem(err);
    for (size_t i = 0; i < query->option_count; i++) {
        const struct option_asked asked =
            option_asked_of(&query->options[i], report->from, report->to);
        bool all = asked.from <= t->plan.population.from && asked.to >= t->plan.population.to;
        options[i] = query->options[i];
        options[i].from = all ? INT64_MIN : asked.from;
        options[i].to = all ? INT64_MAX : asked.to;
    }
    query->options = options;
    return STATUS_OK;
}

/* The population that any report with options is of. */
static void find_population(struct together *t, const struct told_tying *tying)
{
    struct options_report report;
    size_t own = tying->told->own->query_count;
    if (t->others) {
        t->plan.population.filters = NULL;
        t->plan.population.filter_count = 0;
    }
    for (size_t i = 0; i < t->plan.query_count; i++) {
        if ((tying->others[i] && !t->others) || !find_report(tying, i, &report))
            continue;
        if (!t->any || report.from < t->plan.population.from)
            t->plan.population.from = report.from;
        if (!t->any || report.to > t->plan.population.to)
            t->plan.population.to = report.to;
        t->any = true;
        t->more = t->more || i >= own;
    }
    for (size_t i = 0; i < tying->tally->table_count; i++)
        t->more =
            t->more || (tying->tally->tables[i].told_before && tying->tally->tables[i].by_count);
}

static enum status take_all(struct together *t, const struct told_tying *tying, struct error *err)
{
    size_t count = t->plan.query_count;
    struct plan_query *queries = arena_zalloc(&t->arena, count + 1, sizeof *queries);
    t->of = arena_zalloc(&t->arena, count + 1, sizeof *t->of);
    t->used = arena_zalloc(&t->arena, count + 1, sizeof *t->used);
    if (!queries || !t->of || !t->used)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        struct told_days days = told_plan_days(tying->told, i);
        struct options_report report;
        queries[i] = t->plan.queries[i];
        bool asked = tying->asked[i] || (t->others && tying->others[i]);
        t->of[i] = (struct option_source){asked && days.from >= t->plan.population.from &&
                                              days.to <= t->plan.population.to,
                                          days.from, days.to, days.filters, days.filter_count};
        if (find_report(tying, i, &report))
            TRY(take_options(t, &report, &queries[i], err));
    }
    t->plan.queries = queries;
    return STATUS_OK;
}

/* What all options have in common, and other tables tell; those of earlier reports by fields among
 * them. */
static enum status tie_together(struct together *t, const struct told_tying *tying, bool *too_many,
                                struct error *err)
{
    struct told_sets sets = {.items = NULL};
    struct told_population population;
    const struct tally_source *source;
    enum status status = STATUS_OK;
    const struct told_wish wish = {t->plan.population.from, t->plan.population.to,
                                   t->plan.population.filters, t->plan.population.filter_count};
    told_population_init(&population, tying->source);
    TRY_CLEANUP(told_population_source(&population, &wish, &source, err));
    const struct tally_source all = {&t->plan, source->state, source->catalogue,
                                     source->population};
    TRY_CLEANUP(told_sets_init(&sets, &all, tying->tally, err));
    status = tally_options(&sets, tying->tally, t->of, too_many, err);
cleanup:
    told_sets_release(&sets);
    told_population_release(&population);
    return status;
}

/* Users of options beside rows of the queries of their own population. */
static enum status tie_users(struct together *t, const struct told_tying *tying, struct error *err)
{
    struct options_report report;
    for (size_t number = 0; number < t->plan.query_count; number++) {
        if (!find_report(tying, number, &report))
            continue;
        for (size_t i = 0; i < t->plan.query_count; i++)
            t->used[i] = is_asked(tying, i) && t->of[i].from == report.from &&
                         t->of[i].to == report.to &&
                         plan_filters_same(t->of[i].filters, t->of[i].filter_count, report.filters,
                                           report.filter_count);
        TRY(options_share_users(&tying->told->plan, &report, t->used, tying->tally, err));
    }
    return STATUS_OK;
}

static enum status tie_pairs(const struct told_tying *tying, struct error *err)
{
    const struct plan *plan = &tying->told->plan;
    struct options_report now, before;
    for (size_t number = tying->told->own->query_count; number < plan->query_count; number++) {
        if (!find_report(tying, number, &now))
            continue;
        for (size_t i = 0; i <= number; i++)
            if (find_report(tying, i, &before))
                TRY(options_share(plan, &before, &now, tying->tally, err));
    }
    return STATUS_OK;
}

/* With OTHERS those of other filters, too. *TOO_MANY: then nothing is done. */
static enum status tie_all(const struct told_tying *tying, bool others, bool *too_many,
                           struct error *err)
{
    struct together t = {.plan = tying->told->plan, .others = others, .arena = ARENA_INIT};
    enum status status = STATUS_OK;
    find_population(&t, tying);
    *too_many = false;
    if (!t.any || !t.more)
        return STATUS_OK;
    status = take_all(&t, tying, err);
    if (status == STATUS_OK)
        status = tie_together(&t, tying, too_many, err);
    *too_many = *too_many && others;
    if (status == STATUS_OK && !*too_many)
        status = tie_users(&t, tying, err);
    if (status == STATUS_OK && !*too_many)
        status = tie_pairs(tying, err);
    arena_release(&t.arena);
    return status;
}

enum status told_tie_options(const struct told_tying *tying, struct error *err)
{
    bool others = false, too_many;
    const struct plan *own = tying->told->own;
    for (size_t i = 0; i < tying->told->plan.query_count; i++)
        others = others || tying->others[i];
    for (size_t i = 0; i < tying->tally->table_count; i++) {
        const struct tally_table *table = &tying->tally->tables[i];
        others =
            others || (table->told_before && table->by_count &&
                       !plan_filters_same(table->filters, table->filter_count,
                                          own->population.filters, own->population.filter_count));
    }
    TRY(tie_all(tying, others, &too_many, err));
    if (!too_many)
        return STATUS_OK;
    tying->tally->options_left_out++;
    return tie_all(tying, false, &too_many, err);
}
