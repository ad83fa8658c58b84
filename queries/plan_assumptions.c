/*
 * The plan's `assumptions`: figures that no log holds, stated by whoever files the report, each
 * with its source and period. See plan_parts.h.
 */
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum { ASSUMPTIONS_MAX = 1000 };

static enum status get_number(struct plan_reader *reader, const struct json_node *node,
                              const char *key, bool *given, double *number)
{
    struct json_node value;
    *given = json_get(node, key, &value);
    if (!*given)
        return STATUS_OK;
    *number = json_node_number(&value);
    if (!isfinite(*number) || *number < 0 || *number > 1e15)
        return json_fault(&value, reader->err, "it must be from 0 to 1e15");
    return STATUS_OK;
}

/* A value, or a range of which both ends are given. */
static enum status read_range(struct plan_reader *reader, const struct json_node *node,
                              struct plan_assumption *assumption)
{
    bool value, low, high;
    TRY(get_number(reader, node, "value", &value, &assumption->low));
    if (value)
        assumption->high = assumption->low;
    TRY(get_number(reader, node, "low", &low, &assumption->low));
    TRY(get_number(reader, node, "high", &high, &assumption->high));
    if (value ? low || high : !low || !high)
        return json_fault(node, reader->err, "it wants \"value\", or both \"low\" and \"high\"");
    if (assumption->low > assumption->high)
        return json_fault(node, reader->err, "\"low\" is above \"high\"");
    return STATUS_OK;
}

static enum status read_one(struct plan_reader *reader, const struct json_node *node,
                            struct plan_assumption *assumption)
{
    struct plan *plan = reader->plan;
    TRY(json_check(node, &assumption_keys, reader->err));
    const struct {
        const char *key;
        char **text;
    } texts[] = {{"id", &assumption->id},
                 {"title", &assumption->title},
                 {"unit", &assumption->unit},
                 {"source", &assumption->source},
                 {"period", &assumption->period}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        TRY(json_get_text(node, &assumption_keys, texts[i].key, &plan->arena, texts[i].text,
                          reader->err));
    for (size_t i = 0; i < plan->assumption_count; i++)
        if (strcasecmp(plan->assumptions[i].id, assumption->id) == 0)
            return json_fault(node, reader->err, "an assumption before it has the id \"%s\"",
                              plan->assumptions[i].id);
    return read_range(reader, node, assumption);
}

enum status plan_read_assumptions(struct plan_reader *reader, const struct json_node *root)
{
    struct plan *plan = reader->plan;
    struct json_node list;
    if (!json_get(root, "assumptions", &list))
        return STATUS_OK;
    size_t count = json_node_length(&list);
    if (count > ASSUMPTIONS_MAX)
        return json_fault(&list, reader->err, "there must be at most %d", ASSUMPTIONS_MAX);
    if (count == 0)
        return STATUS_OK;
    plan->assumptions = arena_zalloc(&plan->arena, count, sizeof *plan->assumptions);
    if (!plan->assumptions)
        return error_nomem(reader->err);
    for (; plan->assumption_count < count; plan->assumption_count++) {
        struct json_node item = json_node_element(&list, plan->assumption_count);
        TRY(read_one(reader, &item, &plan->assumptions[plan->assumption_count]));
    }
    return STATUS_OK;
}
