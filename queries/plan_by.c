/* Which fields a query counts by: see plan_parts.h. */
#include "queries/field.h"
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"

#include <math.h>
#include <string.h>

/* What a table calls all values that are not listed. */
static const char other[] = "other";

enum status plan_unknown_field(struct plan_reader *reader, const struct json_node *node,
                               const char *name, bool identity)
{
    struct plan *plan = reader->plan;
    struct suggest suggest;
    suggest_init(&suggest, name);
    field_offer(plan->logs.fields, plan->logs.field_count, identity, &suggest);
    json_fault(node, reader->err, "unknown field \"%s\"", json_show(name).text);
    if (suggest.best)
        suggest_hint(&suggest, reader->err);
    else
        error_hint(reader->err, "a field of the log's own is named in logs.fields first");
    return STATUS_PLAN;
}

static enum status read_listed(struct plan_reader *reader, const struct json_node *list,
                               struct plan_field *field)
{
    if (field->kind != PLAN_FIELD_STORED) {
        json_fault(list, reader->err, "values cannot be listed for \"%s\"", field->name);
        error_hint(reader->err, "limit the days with population.from and population.to");
        return STATUS_PLAN;
    }
    TRY(plan_read_values(reader, list, &field->values, &field->value_count));
    for (size_t i = 0; i < field->value_count; i++) {
        struct json_node item = json_node_element(list, i);
        if (strcmp(field->values[i], other) == 0) {
            json_fault(&item, reader->err, "\"other\" is the name of the row for all other values");
            error_hint(reader->err, "leave it out: it is counted there");
            return STATUS_PLAN;
        }
    }
    return STATUS_OK;
}

/* Bounds of a field of numbers, such as a score. */
static enum status read_bins(struct plan_reader *reader, const struct json_node *list,
                             struct plan_field *field)
{
    enum { BINS_MAX = 100 };
    static const struct json_key number = {.want = WANT_NUMBER};
    size_t count = json_node_length(list);
    if (field->kind != PLAN_FIELD_STORED)
        return json_fault(list, reader->err, "\"%s\" is no field of numbers", field->name);
    if (field->values)
        return json_fault(list, reader->err, "either values are listed or bins, not both");
    if (count == 0 || count > BINS_MAX)
        return json_fault(list, reader->err, "there must be 1 to %d bounds", BINS_MAX);
    field->bins = arena_zalloc(&reader->plan->arena, count, sizeof *field->bins);
    if (!field->bins)
        return error_nomem(reader->err);
    for (; field->bin_count < count; field->bin_count++) {
        struct json_node item = json_node_element(list, field->bin_count);
        TRY(json_check_value(&item, &number, reader->err));
        double bound = json_node_number(&item);
        if (!isfinite(bound) || (field->bin_count && bound <= field->bins[field->bin_count - 1]))
            return json_fault(&item, reader->err, "the bounds of bins must ascend");
        field->bins[field->bin_count] = bound;
    }
    return STATUS_OK;
}

/* A free field has its values listed here or in logs.fields, since what a log supplies is text. */
static enum status need_values(struct plan_reader *reader, const struct json_node *node,
                               struct plan_field *field)
{
    const struct plan *plan = reader->plan;
    if (field->values || field->bins || field->kind != PLAN_FIELD_STORED ||
        field_name_fixed(field->name))
        return STATUS_OK;
    for (size_t i = 0; i < plan->logs.field_count; i++)
        if (strcmp(plan->logs.fields[i].name, field->name) == 0) {
            field->values = plan->logs.fields[i].values;
            field->value_count = plan->logs.fields[i].value_count;
        }
    if (field->values)
        return STATUS_OK;
    json_fault(node, reader->err, "the values of \"%s\" must be listed", field->name);
    error_hint(
        reader->err,
        "write { \"field\": \"%s\", \"values\": [...] }; all others are counted as \"other\"",
        field->name);
    return STATUS_PLAN;
}

static enum status read_entry(struct plan_reader *reader, const struct json_node *node,
                              struct plan_field *field)
{
    static const struct json_key name_key = {.want = WANT_FILLED};
    const struct plan *plan = reader->plan;
    struct json_node name = *node, list;
    bool object = json_node_kind(node) == JSON_KIND_OBJECT;
    if (object) {
        TRY(json_check(node, &by_keys, reader->err));
        (void)json_get(node, "field", &name);
    } else {
        TRY(json_check_value(node, &name_key, reader->err));
    }
    const char *text = json_node_text(&name);
    switch (field_find(plan->logs.fields, plan->logs.field_count, text, field)) {
    case FIELD_ROLE_NONE:
        return plan_unknown_field(reader, &name, text, false);
    case FIELD_ROLE_IDENTITY:
        return json_fault(&name, reader->err,
                          "\"%s\" cannot be counted by: it would tell who the users are", text);
    case FIELD_ROLE_TIME:
        json_fault(&name, reader->err, "\"time\" cannot be counted by");
        error_hint(reader->err, "use day, month, quarter, year or weekday");
        return STATUS_PLAN;
    case FIELD_ROLE_CALENDAR:
    case FIELD_ROLE_STORED:
        break;
    }
    if (object && json_get(node, "values", &list))
        TRY(read_listed(reader, &list, field));
    if (object && json_get(node, "bins", &list))
        TRY(read_bins(reader, &list, field));
    return need_values(reader, node, field);
}

static enum status read_one(struct plan_reader *reader, const struct json_node *node,
                            struct plan_query *query)
{
    query->by = arena_zalloc(&reader->plan->arena, 1, sizeof *query->by);
    if (!query->by)
        return error_nomem(reader->err);
    TRY(read_entry(reader, node, &query->by[0]));
    query->by_count = 1;
    if (query->by[0].kind == PLAN_FIELD_STORED)
        return STATUS_OK;
    json_fault(node, reader->err, "\"%s\" is no field that the log carries", query->by[0].name);
    error_hint(reader->err, "a query of kind \"count\" can count by it");
    return STATUS_PLAN;
}

static enum status read_list(struct plan_reader *reader, const struct json_node *list,
                             struct plan_query *query)
{
    size_t length = json_node_length(list);
    if (length > PLAN_BY_MAX)
        return json_fault(list, reader->err, "at most %d fields can be crossed", PLAN_BY_MAX);
    query->by = arena_zalloc(&reader->plan->arena, length, sizeof *query->by);
    if (!query->by)
        return error_nomem(reader->err);
    for (; query->by_count < length; query->by_count++) {
        struct json_node item = json_node_element(list, query->by_count);
        struct plan_field *field = &query->by[query->by_count];
        TRY(read_entry(reader, &item, field));
        for (size_t i = 0; i < query->by_count; i++)
            if (strcmp(query->by[i].name, field->name) == 0)
                return json_fault(&item, reader->err, "\"%s\" stands twice", field->name);
    }
    return STATUS_OK;
}

enum status plan_read_by(struct plan_reader *reader, const struct json_node *node, bool one,
                         struct plan_query *query)
{
    if (!one)
        return read_list(reader, node, query);
    if (json_node_kind(node) != JSON_KIND_LIST)
        return read_one(reader, node, query);
    if (json_node_length(node) != 1)
        return json_fault(node, reader->err, "topics are counted by exactly one field");
    struct json_node item = json_node_element(node, 0);
    return read_one(reader, &item, query);
}
