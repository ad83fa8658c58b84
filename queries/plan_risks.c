/*
 * The plan's `risks`: what could happen, how likely and how grave whoever files the report holds it
 * to be, what is done against it, and where that is written down. See plan_parts.h.
 */
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"

#include <string.h>
#include <strings.h>

enum { RISKS_MAX = 1000 };

static enum status read_one(struct plan_reader *reader, const struct json_node *node,
                            struct plan_risk *risk)
{
    struct plan *plan = reader->plan;
    TRY(json_check(node, &risk_keys, reader->err));
    const struct {
        const char *key;
        char **text;
    } texts[] = {{"id", &risk->id},
                 {"title", &risk->title},
                 {"measure", &risk->measure},
                 {"source", &risk->source}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        TRY(json_get_text(node, &risk_keys, texts[i].key, &plan->arena, texts[i].text,
                          reader->err));
    risk->likelihood = plan_risk_levels[json_get_choice(node, &risk_keys, "likelihood")];
    risk->severity = plan_risk_levels[json_get_choice(node, &risk_keys, "severity")];
    for (size_t i = 0; i < plan->risk_count; i++)
        if (strcasecmp(plan->risks[i].id, risk->id) == 0)
            return json_fault(node, reader->err, "a risk before it has the id \"%s\"",
                              plan->risks[i].id);
    return STATUS_OK;
}

enum status plan_read_risks(struct plan_reader *reader, const struct json_node *root)
{
    struct plan *plan = reader->plan;
    struct json_node list;
    if (!json_get(root, "risks", &list))
        return STATUS_OK;
    size_t count = json_node_length(&list);
    if (count > RISKS_MAX)
        return json_fault(&list, reader->err, "there must be at most %d", RISKS_MAX);
    if (count == 0)
        return STATUS_OK;
    plan->risks = arena_zalloc(&plan->arena, count, sizeof *plan->risks);
    if (!plan->risks)
        return error_nomem(reader->err);
    for (; plan->risk_count < count; plan->risk_count++) {
        struct json_node item = json_node_element(&list, plan->risk_count);
        TRY(read_one(reader, &item, &plan->risks[plan->risk_count]));
    }
    return STATUS_OK;
}
