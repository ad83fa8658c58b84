/*
 * Identifiers by kind, and patterns, as the ledger remembers them (told_kind.h):
 *
 *     "examples": 0                        also what is set aside for examples
 *     "kinds": [["email"], ...]
 *
 *     "ignore_case": 0, "unicode_classes": 0
 *     "patterns": [["R1", "a+b"], ["R2", null], ...]    null: of one that could not be compiled
 */
#include "queries/plan_parts.h"
#include "queries/query_patterns.h"
#include "queries/query_terms.h"
#include "queries/tally_run.h"
#include "queries/text/identifier.h"
#include "queries/told_fields.h"
#include "queries/told_kind.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static bool set_flag(json_t *root, const char *key, bool flag)
{
    return json_object_set_new(root, key, json_integer(flag)) == 0;
}

static bool get_flag(const json_t *root, const char *key, bool *flag)
{
    uint64_t number;
    bool valid = told_number_read(root, key, 1, &number);
    *flag = number == 1;
    return valid;
}

static bool set_list(json_t *root, const char *key, json_t *list)
{
    bool good = list && json_object_set(root, key, list) == 0;
    json_decref(list);
    return good;
}

/* ---- identifiers ---- */

static const char *kind_of(const struct plan_query *query, size_t item, size_t part)
{
    (void)part;
    return query->terms[item].name;
}

static bool write_identifiers(json_t *root, const struct plan_query *query)
{
    return set_flag(root, "examples", query->examples) &&
           set_list(root, "kinds", told_texts_write(query, query->term_count, 1, kind_of));
}

static enum status read_identifiers(struct plan_query *query, struct told_reading *reading,
                                    bool *valid, struct error *err)
{
    *valid = get_flag(reading->root, "examples", &query->examples);
    if (*valid)
        TRY(told_terms_read(query, reading, "kinds", 1, valid, err));
    *valid = *valid && query->term_count <= IDENTIFIER_KINDS;
    for (size_t i = 0; *valid && i < query->term_count; i++)
        for (size_t k = 0; k < i; k++)
            *valid = *valid && strcmp(query->terms[i].name, query->terms[k].name) != 0;
    return STATUS_OK;
}

static const struct identifier_type *find_type(const char *name)
{
    for (size_t i = 0; i < IDENTIFIER_KINDS; i++)
        if (strcmp(identifier_types[i].name, name) == 0)
            return &identifier_types[i];
    return NULL;
}

static enum status parse_identifiers(struct plan *plan, const struct word_rules *rules,
                                     struct plan_query *query, struct error *err)
{
    (void)rules;
    query->identifiers = arena_zalloc(&plan->arena, query->term_count, sizeof *query->identifiers);
    if (!query->identifiers)
        return error_nomem(err);
    for (size_t i = 0; i < query->term_count; i++) {
        const struct identifier_type *type = find_type(query->terms[i].name);
        if (!type) { /* of a program that knows more kinds */
            query->scan_digest[0] = '\0';
            return STATUS_OK;
        }
        query->identifiers[i].kind = (uint32_t)(type - identifier_types);
        query->terms[i].source = query->terms[i].parsed =
            arena_strndup(&plan->arena, type->title, strlen(type->title));
        if (!query->terms[i].source)
            return error_nomem(err);
    }
    return plan_digest_query(plan, query, err);
}

const struct told_kind told_kind_identifiers = {.kind = QUERY_IDENTIFIERS,
                                                .suffixes = {""},
                                                .table_count = 1,
                                                .write = write_identifiers,
                                                .read = read_identifiers,
                                                .parse = parse_identifiers,
                                                .count = tally_found};

/* ---- patterns ---- */

static const char *pattern_of(const struct plan_query *query, size_t item, size_t part)
{
    const struct plan_term *term = &query->terms[item];
    return part == 0 ? term->name : term->problem ? NULL : term->source;
}

static bool write_patterns(json_t *root, const struct plan_query *query)
{
    return set_flag(root, "ignore_case", query->ignore_case) &&
           set_flag(root, "unicode_classes", query->unicode_classes) &&
           set_list(root, "patterns", told_texts_write(query, query->term_count, 2, pattern_of));
}

static enum status read_patterns(struct plan_query *query, struct told_reading *reading,
                                 bool *valid, struct error *err)
{
    static char problem[] = "it could not be compiled";
    *valid = get_flag(reading->root, "ignore_case", &query->ignore_case) &&
             get_flag(reading->root, "unicode_classes", &query->unicode_classes);
    if (*valid)
        TRY(told_terms_read(query, reading, "patterns", 2, valid, err));
    *valid = *valid && query->term_count <= REGEX_COUNT_MAX;
    for (size_t i = 0; *valid && i < query->term_count; i++)
        query->terms[i].problem = query->terms[i].source ? NULL : problem;
    return STATUS_OK;
}

static enum status parse_patterns(struct plan *plan, const struct word_rules *rules,
                                  struct plan_query *query, struct error *err)
{
    (void)rules;
    for (size_t i = 0; i < query->term_count; i++)
        query->terms[i].parsed = query->terms[i].source;
    return plan_digest_query(plan, query, err);
}

/* Whether they all compile still. */
static enum status ready_patterns(const struct plan_query *query, bool *ready, struct error *err)
{
    struct regex_set *set = NULL;
    struct regex_fault fault;
    struct error why = ERROR_INIT;
    uint32_t *slots = mem_zalloc(query->term_count, sizeof *slots);
    if (!slots)
        return error_nomem(err);
    enum status status = query_patterns_compile(query, &set, slots, &fault, &why);
    regex_set_free(set);
    free(slots);
    *ready = status == STATUS_OK;
    if (status == STATUS_OK || status == STATUS_PLAN)
        return STATUS_OK;
    *err = why;
    return status;
}

const struct told_kind told_kind_patterns = {.kind = QUERY_REGEX,
                                             .suffixes = {""},
                                             .table_count = 1,
                                             .write = write_patterns,
                                             .read = read_patterns,
                                             .parse = parse_patterns,
                                             .ready = ready_patterns,
                                             .count = tally_found};
