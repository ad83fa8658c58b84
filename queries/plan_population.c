/* The plan's `population`: days and filters. See plan_parts.h. */
#include "base/civil.h"
#include "queries/field.h"
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"

#include <stdint.h>
#include <string.h>

static enum status read_filter(struct plan_reader *reader, const struct json_node *node,
                               struct plan_filter *filter)
{
    struct plan *plan = reader->plan;
    struct json_node name, list, file;
    TRY(json_check(node, &filter_keys, reader->err));
    (void)json_get(node, "field", &name);
    switch (field_find(plan->logs.fields, plan->logs.field_count, json_node_text(&name),
                       &filter->field)) {
    case FIELD_ROLE_NONE:
        return plan_unknown_field(reader, &name, json_node_text(&name), true);
    case FIELD_ROLE_TIME:
        json_fault(&name, reader->err, "\"time\" cannot be filtered on");
        error_hint(reader->err, "use population.from and population.to, or a field such as month");
        return STATUS_PLAN;
    case FIELD_ROLE_IDENTITY:
    case FIELD_ROLE_CALENDAR:
    case FIELD_ROLE_STORED:
        break;
    }
    bool listed = json_get(node, "in", &list), filed = json_get(node, "in_file", &file);
    if (listed == filed) {
        json_fault(node, reader->err,
                   listed ? "\"in\" and \"in_file\" cannot both be given"
                          : "the values are missing");
        error_hint(reader->err, "list them in \"in\", or name a file of one a line in \"in_file\"");
        return STATUS_PLAN;
    }
    if (listed)
        TRY(plan_read_values(reader, &list, &filter->values, &filter->value_count));
    else
        TRY(plan_read_values_file(reader, &file, &filter->values, &filter->value_count));
    return plan_check_values(reader, listed ? &list : &file, &filter->field, filter->values,
                             filter->value_count);
}

static enum status read_filters(struct plan_reader *reader, const struct json_node *population,
                                const char *key, bool exclude)
{
    struct plan *plan = reader->plan;
    struct json_node list;
    if (!json_get(population, key, &list))
        return STATUS_OK;
    for (size_t i = 0; i < json_node_length(&list); i++) {
        struct json_node item = json_node_element(&list, i);
        struct plan_filter *filter = &plan->population.filters[plan->population.filter_count];
        TRY(read_filter(reader, &item, filter));
        filter->exclude = exclude;
        plan->population.filter_count++;
    }
    return STATUS_OK;
}

enum status plan_read_population(struct plan_reader *reader, const struct json_node *root)
{
    struct plan *plan = reader->plan;
    struct json_node population, from, to, include, exclude;
    plan->population.from = INT64_MIN;
    plan->population.to = INT64_MAX;
    if (!json_get(root, "population", &population))
        return STATUS_OK;
    TRY(json_check(&population, &population_keys, reader->err));
    plan->population.from = json_get_date(&population, "from", INT64_MIN);
    plan->population.to = json_get_date(&population, "to", INT64_MAX);
    if (plan->population.from > plan->population.to) {
        (void)json_get(&population, "from", &from);
        (void)json_get(&population, "to", &to);
        return json_fault(&population, reader->err, "\"from\" (%s) is after \"to\" (%s)",
                          json_node_text(&from), json_node_text(&to));
    }
    size_t count = 0;
    if (json_get(&population, "include", &include))
        count += json_node_length(&include);
    if (json_get(&population, "exclude", &exclude))
        count += json_node_length(&exclude);
    plan->population.filters = arena_zalloc(&plan->arena, count, sizeof *plan->population.filters);
    if (!plan->population.filters)
        return error_nomem(reader->err);
    TRY(read_filters(reader, &population, "include", false));
    return read_filters(reader, &population, "exclude", true);
}
