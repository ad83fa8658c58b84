/* The kinds of an identifiers query: those that the plan lists, or all. See plan_parts.h. */
#include "base/suggest.h"
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"
#include "queries/text/identifier.h"

#include <string.h>

static enum status add_kind(struct plan_reader *reader, enum identifier_kind kind,
                            struct plan_query *query)
{
    const struct identifier_type *type = &identifier_types[kind];
    struct arena *arena = &reader->plan->arena;
    struct plan_term *term = &query->terms[query->term_count];
    term->name = arena_strndup(arena, type->name, strlen(type->name));
    term->source = arena_strndup(arena, type->title, strlen(type->title));
    term->parsed = term->source;
    if (!term->name || !term->source)
        return error_nomem(reader->err);
    query->identifiers[query->term_count++] = (struct plan_identifier){
        kind, type->proof == PROOF_SHAPE, type->title, type->checked, type->source};
    return STATUS_OK;
}

/* The kind of that name, none that is listed already. */
static enum status find_kind(struct plan_reader *reader, const struct json_node *node,
                             const struct plan_query *query, enum identifier_kind *kind)
{
    const char *text = json_node_text(node);
    struct suggest suggest;
    suggest_init(&suggest, text);
    for (size_t i = 0; i < query->term_count; i++)
        if (strcmp(query->terms[i].name, text) == 0)
            return json_fault(node, reader->err, "\"%s\" is there twice", text);
    for (size_t i = 0; i < IDENTIFIER_KINDS; i++) {
        if (strcmp(identifier_types[i].name, text) == 0) {
            *kind = (enum identifier_kind)i;
            return STATUS_OK;
        }
        suggest_offer(&suggest, identifier_types[i].name);
    }
    json_fault(node, reader->err, "unknown kind of identifier \"%s\"", json_show(text).text);
    suggest_hint(&suggest, reader->err);
    return STATUS_PLAN;
}

enum status plan_read_identifiers(struct plan_reader *reader, const struct json_node *node,
                                  struct plan_query *query)
{
    struct arena *arena = &reader->plan->arena;
    struct json_node list;
    query->examples = json_get_choice(node, &query_keys[QUERY_IDENTIFIERS], "examples") == 1;
    query->terms = arena_zalloc(arena, IDENTIFIER_KINDS, sizeof *query->terms);
    query->identifiers = arena_zalloc(arena, IDENTIFIER_KINDS, sizeof *query->identifiers);
    if (!query->terms || !query->identifiers)
        return error_nomem(reader->err);
    if (!json_get(node, "kinds", &list)) {
        for (size_t i = 0; i < IDENTIFIER_KINDS; i++)
            TRY(add_kind(reader, (enum identifier_kind)i, query));
        return STATUS_OK;
    }
    for (size_t i = 0; i < json_node_length(&list); i++) {
        struct json_node item = json_node_element(&list, i);
        enum identifier_kind kind = IDENTIFIER_EMAIL;
        TRY(find_kind(reader, &item, query, &kind));
        TRY(add_kind(reader, kind, query));
    }
    return STATUS_OK;
}
