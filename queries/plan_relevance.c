/* Relevance queries of a plan. See plan_parts.h. */
#include "base/file.h"
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"
#include "queries/query_terms.h"
#include "stats/anytime.h"

#include <string.h>

/* Leaves *CONFIDENCE alone where the query states none. */
enum status plan_read_confidence(struct plan_reader *reader, const struct json_node *node,
                                 size_t index, double *confidence)
{
    struct json_node number;
    if (!json_get(node, "confidence", &number))
        return STATUS_OK;
    *confidence = json_node_number(&number);
    if (!(*confidence > 0 && *confidence < 1)) {
        json_fault(&number, reader->err, "must be more than 0 and less than 1");
        if (*confidence > 1 && *confidence < 100)
            error_hint(reader->err, "write 0.95 for 95 %%");
        return STATUS_PLAN;
    }
    if (*confidence < 0.5)
        return plan_warn(reader,
                         "queries[%zu].confidence: %g is less than an even chance; 0.95 is "
                         "usual",
                         index, *confidence);
    return STATUS_OK;
}

/* "method", and "prior" beside the only one that has one. */
static enum status read_method(struct plan_reader *reader, const struct json_node *node,
                               struct plan_query *query)
{
    static const struct json_table *const table = &query_keys[QUERY_RELEVANCE];
    static const struct json_key number = {.want = WANT_NUMBER};
    struct json_node list;
    TRY(json_get_text(node, table, "method", &reader->plan->arena, &query->method, reader->err));
    query->prior[0] = query->prior[1] = 1;
    if (!json_get(node, "prior", &list))
        return STATUS_OK;
    if (strcmp(query->method, "anytime") != 0) {
        json_fault(&list, reader->err, "only the method \"anytime\" has a prior");
        return error_hint(reader->err, "add \"method\": \"anytime\", or leave the prior out");
    }
    if (json_node_length(&list) != 2)
        return json_fault(&list, reader->err, "must be two numbers, the a and b of Beta(a, b)");
    for (size_t i = 0; i < 2; i++) {
        struct json_node item = json_node_element(&list, i);
        TRY(json_check_value(&item, &number, reader->err));
        query->prior[i] = json_node_number(&item);
    }
    struct error why = ERROR_INIT;
    if (anytime_prior_check((struct anytime_prior){query->prior[0], query->prior[1]}, &why))
        return json_fault(&list, reader->err, "%s", why.text);
    return STATUS_OK;
}

/*
 * Decisions that stand beside the labels are taken without being named: of "labels.csv" those of
 * "labels-checked.csv".
 */
static enum status find_usual_checks(struct plan_reader *reader, struct plan_query *query)
{
    const char *name = path_base(query->labels_path), *dot = strrchr(name, '.');
    if (strcmp(query->method, "equal-tailed") != 0)
        return STATUS_OK;
    int stem = (int)((dot ? dot : name + strlen(name)) - query->labels_path);
    query->usual_check_path = arena_printf(&reader->plan->arena, "%.*s-checked%s", stem,
                                           query->labels_path, dot ? dot : "");
    if (!query->usual_check_path)
        return error_nomem(reader->err);
    if (file_exists(query->usual_check_path))
        query->check_path = query->usual_check_path;
    return STATUS_OK;
}

/* The cut-off of checks, fixed without a look at the labels. */
static enum status read_check_share(struct plan_reader *reader, const struct json_node *node,
                                    struct plan_query *query)
{
    struct json_node share;
    if (!json_get(node, "share", &share))
        return STATUS_OK;
    query->check_share = json_node_number(&share);
    if (!(query->check_share >= 1e-6 && query->check_share <= 1))
        return json_fault(&share, reader->err, "must be at least 0.000001 and at most 1");
    if (query->check_all)
        return json_fault(&share, reader->err, "all of the irrelevant labels are checked");
    return STATUS_OK;
}

static enum status read_adjudication(struct plan_reader *reader, const struct json_node *node,
                                     struct plan_query *query)
{
    struct json_node member;
    if (!json_get(node, "adjudication", &member))
        return find_usual_checks(reader, query);
    TRY(json_check(&member, &adjudication_keys, reader->err));
    if (strcmp(query->method, "equal-tailed") != 0) {
        json_fault(&member, reader->err, "does not go with the method \"%s\"", query->method);
        return error_hint(reader->err, "checked labels have a bound of their own, exact and "
                                       "equal-tailed at a fixed size");
    }
    TRY(plan_get_path(reader, &member, &adjudication_keys, "labels", &query->check_path));
    TRY(json_get_text(&member, &adjudication_keys, "seed", &reader->plan->arena, &query->check_seed,
                      reader->err));
    query->check_all = json_get_choice(&member, &adjudication_keys, "of_irrelevant") == 1;
    return read_check_share(reader, &member, query);
}

enum status plan_read_relevance(struct plan_reader *reader, const struct json_node *node,
                                struct plan_query *query)
{
    static const struct json_table *const table = &query_keys[QUERY_RELEVANCE];
    struct arena *arena = &reader->plan->arena;
    TRY(json_get_text(node, table, "definition", arena, &query->definition, reader->err));
    TRY(plan_get_path(reader, node, table, "sample", &query->sample_path));
    TRY(plan_get_path(reader, node, table, "labels", &query->labels_path));
    TRY(plan_get_path(reader, node, table, "previous_labels", &query->previous_path));
    query->confidence = 0.95;
    TRY(plan_read_confidence(reader, node, node->index, &query->confidence));
    TRY(read_method(reader, node, query));
    TRY(json_get_text(node, table, "unit", arena, &query->unit, reader->err));
    query->combine = (unsigned)json_get_choice(node, table, "combine");
    TRY(read_adjudication(reader, node, query));
    return plan_set_title(reader, query, arena_printf(arena, "Relevance: %s", query->definition));
}

enum status plan_join_relevance(struct plan_reader *reader, const struct json_node *node,
                                struct plan_query *query)
{
    enum {
        SEARCHES = 1 << QUERY_TERMS | 1 << QUERY_OVERLAP | 1 << QUERY_IDENTIFIERS |
                   1 << QUERY_REGEX | 1 << QUERY_TOPICS
    };
    struct json_node search;
    query->has_search = json_get(node, "search", &search);
    if (!query->has_search)
        return STATUS_OK;
    TRY(plan_find_query(reader, &search, SEARCHES, "search",
                        "a search is one of kind terms, topics, overlap, identifiers or regex",
                        &query->search));
    if (!query_reads_text(&reader->plan->queries[query->search]))
        return json_fault(&search, reader->err, "topics by a field of the log are no search");
    return STATUS_OK;
}
