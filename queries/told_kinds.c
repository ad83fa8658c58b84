/* Kinds of queries that are counted anew: see told_kind.h. */
#include "queries/told_kind.h"

#include "queries/query_tables.h"

#include <string.h>

static const struct told_kind *const kinds[] = {&told_kind_terms,    &told_kind_identifiers,
                                                &told_kind_patterns, &told_kind_topics,
                                                &told_kind_works,    &told_kind_options};
enum { KINDS = sizeof kinds / sizeof *kinds };

told_tie *const told_ties[] = {told_tie_terms, told_tie_slots,   told_tie_combinations,
                               told_tie_works, told_tie_options, NULL};

const struct told_kind *told_kind_find(enum query_kind kind)
{
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i]->kind == kind)
            return kinds[i];
    return NULL;
}

const struct told_kind *told_kind_named(const char *name)
{
    for (size_t i = 0; name && i < KINDS; i++)
        if (strcmp(query_types[kinds[i]->kind].name, name) == 0)
            return kinds[i];
    return NULL;
}

bool told_kind_takes(const struct plan_query *query)
{
    return told_kind_find(query->kind) && (query->kind != QUERY_TOPICS || query->topic_count);
}

/* ---- tables ---- */

bool told_kind_tables(const struct told_kind *kind, const struct plan *plan, size_t number,
                      const struct tally *tally, size_t numbers[static TOLD_QUERY_TABLES_MAX])
{
    for (size_t i = 0; i < TOLD_QUERY_TABLES_MAX; i++)
        numbers[i] =
            i < kind->table_count
                ? query_tables_find(tally, number, plan->queries[number].id, kind->suffixes[i])
                : SIZE_MAX;
    return numbers[0] != SIZE_MAX;
}

/* ---- lists of texts ---- */

json_t *told_texts_write(const struct plan_query *query, size_t count, size_t width,
                         const char *(*text_of)(const struct plan_query *query, size_t item,
                                                size_t part))
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < count; i++) {
        json_t *item = json_array();
        for (size_t part = 0; item && part < width; part++) {
            const char *text = text_of(query, i, part);
            json_array_append_new(item, text ? json_string(text) : json_null());
        }
        if (item && json_array_size(item) == width)
            json_array_append(list, item);
        json_decref(item);
    }
    if (list && json_array_size(list) == count)
        return list;
    json_decref(list);
    return NULL;
}

static enum status read_item(const json_t *item, size_t width, struct arena *arena, char **texts,
                             bool *valid, struct error *err)
{
    *valid = json_array_size(item) == width && !json_is_null(json_array_get(item, 0));
    for (size_t part = 0; part < width && *valid; part++) {
        const json_t *member = json_array_get(item, part);
        const char *text = json_string_value(member);
        *valid = text || json_is_null(member);
        if (text && !(texts[part] = arena_strndup(arena, text, strlen(text))))
            return error_nomem(err);
    }
    return STATUS_OK;
}

enum status told_texts_read(const json_t *list, size_t width, struct arena *arena, char ***texts,
                            size_t *count, bool *valid, struct error *err)
{
    *count = json_array_size(list);
    *valid = *count > 0 && *count <= TOLD_QUERY_SLOTS_MAX;
    if (!*valid)
        return STATUS_OK;
    *texts = arena_zalloc(arena, *count * width, sizeof **texts);
    if (!*texts)
        return error_nomem(err);
    for (size_t i = 0; i < *count && *valid; i++)
        TRY(read_item(json_array_get(list, i), width, arena, *texts + i * width, valid, err));
    return STATUS_OK;
}

enum status told_terms_read(struct plan_query *query, const struct told_reading *reading,
                            const char *key, size_t width, bool *valid, struct error *err)
{
    char **texts = NULL;
    TRY(told_texts_read(json_object_get(reading->root, key), width, reading->arena, &texts,
                        &query->term_count, valid, err));
    if (!*valid)
        return STATUS_OK;
    query->terms = arena_zalloc(reading->arena, query->term_count, sizeof *query->terms);
    if (!query->terms)
        return error_nomem(err);
    for (size_t i = 0; i < query->term_count; i++) {
        query->terms[i].name = texts[width * i];
        query->terms[i].source = width > 1 ? texts[width * i + 1] : NULL;
    }
    return STATUS_OK;
}
