/* Queries that remembered queries ask for more of: see told_references.h. */
#include "queries/told_references.h"

#include "queries/query_terms.h"
#include "queries/told_fields.h"
#include "queries/told_plan.h"
#include "queries/told_query.h"

#include <string.h>

/* ---- what options name ---- */

/* The conditions of an option that name a query. */
enum { NAMING = 3 };
static const enum query_kind kinds_named[NAMING] = {QUERY_TERMS, QUERY_TOPICS, QUERY_OVERLAP};

static bool names(const struct plan_option *option, size_t condition)
{
    const bool of[NAMING] = {option->term_count > 0, option->topic_count > 0,
                             option->overlap_words > 0};
    return of[condition];
}

static size_t *named_by(struct plan_option *option, size_t condition)
{
    size_t *const of[NAMING] = {&option->terms_query, &option->topics_query,
                                &option->overlap_query};
    return of[condition];
}

/* ---- of a plan ---- */

static size_t add_reference(struct told_query *told, const struct plan_query *query)
{
    struct told_reference reference = {.kind = query->kind, .several = query->multi_label};
    memcpy(reference.scan, query->scan_digest, sizeof reference.scan);
    size_t i = 0;
    while (i < told->reference_count && (told->references[i].kind != reference.kind ||
                                         told->references[i].several != reference.several ||
                                         strcmp(told->references[i].scan, reference.scan) != 0))
        i++;
    if (i == told->reference_count)
        told->references[told->reference_count++] = reference;
    return i;
}

enum status told_references_of(struct told_query *told, const struct plan *plan,
                               struct arena *arena, struct error *err)
{
    size_t count = told->query.option_count;
    struct plan_option *options = arena_zalloc(arena, count + 1, sizeof *options);
    told->references = arena_zalloc(arena, NAMING * count + 1, sizeof *told->references);
    if (!options || !told->references)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        options[i] = told->query.options[i];
        for (size_t c = 0; c < NAMING; c++)
            if (names(&options[i], c))
                *named_by(&options[i], c) =
                    add_reference(told, &plan->queries[*named_by(&options[i], c)]);
    }
    told->query.options = options;
    return STATUS_OK;
}

/* ---- writing and reading ---- */

bool told_references_write(json_t *root, const struct told_query *told)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < told->reference_count; i++) {
        const struct told_reference *one = &told->references[i];
        json_array_append_new(list, json_pack("[s, s, i]", query_types[one->kind].name, one->scan,
                                              (int)one->several));
    }
    bool good = list && json_array_size(list) == told->reference_count &&
                json_object_set(root, "of", list) == 0;
    json_decref(list);
    return good;
}

static bool read_one(struct told_reference *one, const json_t *item)
{
    const char *kind = json_string_value(json_array_get(item, 0));
    const char *scan = json_string_value(json_array_get(item, 1));
    const json_t *several = json_array_get(item, 2);
    size_t k = 0;
    while (kind && k < NAMING && strcmp(query_types[kinds_named[k]].name, kind) != 0)
        k++;
    if (json_array_size(item) != 3 || !kind || k == NAMING || !scan || strlen(scan) != 64 ||
        strspn(scan, "0123456789abcdef") != 64 || !json_is_integer(several) ||
        (json_integer_value(several) | 1) != 1)
        return false;
    one->kind = kinds_named[k];
    memcpy(one->scan, scan, sizeof one->scan);
    one->several = json_integer_value(several) == 1;
    return true;
}

enum status told_references_read(struct told_query *told, const json_t *root, struct arena *arena,
                                 bool *valid, struct error *err)
{
    const json_t *list = json_object_get(root, "of");
    size_t count = json_array_size(list);
    *valid = json_is_array(list) && count <= TOLD_REFERENCES_MAX;
    if (!*valid)
        return STATUS_OK;
    told->references = arena_zalloc(arena, count + 1, sizeof *told->references);
    if (!told->references)
        return error_nomem(err);
    for (size_t i = 0; i < count && *valid; i++)
        *valid = read_one(&told->references[told->reference_count++], json_array_get(list, i));
    return STATUS_OK;
}

bool told_references_hold(const struct told_query *told)
{
    for (size_t i = 0; i < told->query.option_count; i++)
        for (size_t c = 0; c < NAMING; c++) {
            struct plan_option option = told->query.options[i];
            size_t named = *named_by(&option, c);
            if (names(&option, c) &&
                (named >= told->reference_count || told->references[named].kind != kinds_named[c]))
                return false;
        }
    return true;
}

/* ---- in a plan ---- */

static bool is_one(const struct plan_query *query, const struct told_reference *reference)
{
    return query->kind == reference->kind && query->multi_label == reference->several &&
           strcmp(query->scan_digest, reference->scan) == 0;
}

static size_t find(const struct told_plan *plan, const struct told_query *told,
                   const struct told_reference *reference)
{
    size_t any = SIZE_MAX;
    const struct told_days own = told_plan_days_of(plan, told);
    for (size_t i = 0; i < plan->plan.query_count; i++) {
        const struct told_days days = told_plan_days(plan, i);
        if (!is_one(&plan->plan.queries[i], reference))
            continue;
        if (told_days_same(&days, &own))
            return i;
        any = any == SIZE_MAX ? i : any;
    }
    return any;
}

/* Whether ITEMS[COUNT] are slots of QUERY, each once. */
static bool are_slots(const struct plan_query *query, const uint32_t *items, size_t count)
{
    bool seen[TOLD_QUERY_SLOTS_MAX] = {false};
    size_t slots = query_term_slots(query);
    for (size_t i = 0; i < count; i++) {
        if (items[i] >= slots || items[i] >= TOLD_QUERY_SLOTS_MAX || seen[items[i]])
            return false;
        seen[items[i]] = true;
    }
    return true;
}

/* Whether the terms, topics and words are ones of the queries that it names. */
static bool fits(const struct plan *plan, const struct plan_option *option)
{
    if (option->term_count &&
        !are_slots(&plan->queries[option->terms_query], option->terms, option->term_count))
        return false;
    if (option->topic_count &&
        !are_slots(&plan->queries[option->topics_query], option->topics, option->topic_count))
        return false;
    return !option->overlap_words ||
           option->overlap_words >= plan->queries[option->overlap_query].min_words;
}

bool told_references_resolve(struct told_query *told, const struct told_plan *plan)
{
    for (size_t i = 0; i < told->query.option_count; i++) {
        struct plan_option *option = &told->query.options[i];
        for (size_t c = 0; c < NAMING; c++) {
            size_t *named = named_by(option, c);
            if (!names(option, c))
                continue;
            *named = find(plan, told, &told->references[*named]);
            if (*named == SIZE_MAX)
                return false;
        }
        if (!fits(&plan->plan, option))
            return false;
    }
    return true;
}
