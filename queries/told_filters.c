/* Filters of a population, in a ledger: see told_filters.h. */
#include "queries/told_filters.h"

#include "queries/field.h"

#include <string.h>

bool told_filters_are_plain(const struct plan_filter *filters, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        const struct plan_field *field = &filters[i].field;
        if (field->kind == PLAN_FIELD_STORED && field->stored == SIZE_MAX)
            return false;
        for (size_t v = 0; v < filters[i].value_count; v++)
            bytes += strlen(filters[i].values[v]) + 1;
    }
    return count <= TOLD_FILTERS_MAX && bytes <= TOLD_FILTERS_BYTES;
}

/* ---- writing ---- */

static json_t *write_filter(const struct plan_filter *filter)
{
    json_t *made = json_pack("{s:s}", "field", filter->field.name), *list = json_array();
    for (size_t i = 0; list && i < filter->value_count; i++)
        json_array_append_new(list, json_string(filter->values[i]));
    bool good = made && list && json_array_size(list) == filter->value_count &&
                json_object_set(made, filter->exclude ? "not_in" : "in", list) == 0;
    json_decref(list);
    if (good)
        return made;
    json_decref(made);
    return NULL;
}

json_t *told_filters_write(const struct plan_filter *filters, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < count; i++)
        json_array_append_new(list, write_filter(&filters[i]));
    if (list && json_array_size(list) == count)
        return list;
    json_decref(list);
    return NULL;
}

/* ---- reading ---- */

static enum status read_values(struct plan_filter *filter, const json_t *list, struct arena *arena,
                               bool *valid, struct error *err)
{
    size_t count = json_array_size(list);
    *valid = json_is_array(list) && count <= TOLD_FILTERS_BYTES;
    if (!*valid)
        return STATUS_OK;
    filter->values = arena_zalloc(arena, count + 1, sizeof *filter->values);
    if (!filter->values)
        return error_nomem(err);
    for (size_t i = 0; i < count && *valid; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        *valid = text && strlen(text) == json_string_length(json_array_get(list, i));
        if (!*valid)
            return STATUS_OK;
        filter->values[i] = arena_strndup(arena, text, strlen(text));
        if (!filter->values[i])
            return error_nomem(err);
        filter->value_count++;
    }
    return STATUS_OK;
}

static enum status read_filter(struct told_filters *filters, const json_t *item,
                               const struct plan *plan, struct arena *arena, bool *valid,
                               struct error *err)
{
    const char *name = json_string_value(json_object_get(item, "field"));
    const json_t *in = json_object_get(item, "in"), *not_in = json_object_get(item, "not_in");
    struct plan_filter *filter = &filters->items[filters->count++];
    *valid = name && !in != !not_in;
    if (!*valid)
        return STATUS_OK;
    filter->exclude = not_in != NULL;
    enum field_role role =
        field_find(plan->logs.fields, plan->logs.field_count, name, &filter->field);
    if (role != FIELD_ROLE_CALENDAR && role != FIELD_ROLE_STORED)
        filters->unknown = true;
    return read_values(filter, in ? in : not_in, arena, valid, err);
}

enum status told_filters_read(struct told_filters *filters, const json_t *list,
                              const struct plan *plan, struct arena *arena, bool *valid,
                              struct error *err)
{
    size_t count = json_array_size(list);
    *filters = (struct told_filters){.there = list != NULL};
    *valid = !list || (json_is_array(list) && count <= TOLD_FILTERS_MAX);
    if (!*valid || !list)
        return STATUS_OK;
    filters->items = arena_zalloc(arena, count + 1, sizeof *filters->items);
    if (!filters->items)
        return error_nomem(err);
    for (size_t i = 0; i < count && *valid; i++)
        TRY(read_filter(filters, json_array_get(list, i), plan, arena, valid, err));
    return STATUS_OK;
}
