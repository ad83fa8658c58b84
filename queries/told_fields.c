/* What a told table is by: see told_fields.h. */
#include "queries/told_fields.h"

#include "queries/field.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 64, VALUES_MAX = 100000 };

/* ---- writing ---- */

static json_t *write_field(const struct plan_field *field)
{
    json_t *made = json_pack("{s:s}", "field", field->name), *list = json_array();
    for (size_t i = 0; list && i < field->value_count; i++)
        json_array_append_new(list, json_string(field->values[i]));
    for (size_t i = 0; list && i < field->bin_count; i++)
        json_array_append_new(list, json_real(field->bins[i]));
    size_t count = field->value_count + field->bin_count;
    bool good = made && list && json_array_size(list) == count;
    if (good && (field->values || field->bins))
        good = json_object_set(made, field->bins ? "bins" : "values", list) == 0;
    json_decref(list);
    if (good)
        return made;
    json_decref(made);
    return NULL;
}

json_t *told_fields_write(const struct plan_field *fields, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < count; i++)
        json_array_append_new(list, write_field(&fields[i]));
    if (list && json_array_size(list) == count)
        return list;
    json_decref(list);
    return NULL;
}

enum status told_text_write(json_t *root, struct buffer *text, struct error *err)
{
    char *line = root ? json_text_make(root, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    enum status status = line ? buffer_add(text, line, strlen(line) + 1, err) : error_nomem(err);
    free(line);
    json_decref(root);
    return status;
}

bool told_days_write(json_t *root, int64_t from, int64_t to)
{
    return (from == INT64_MIN || json_object_set_new(root, "from", json_integer(from)) == 0) &&
           (to == INT64_MAX || json_object_set_new(root, "to", json_integer(to)) == 0);
}

/* ---- reading ---- */

bool told_hex_read(const json_t *root, const char *key, char hex[static 65])
{
    const char *text = json_string_value(json_object_get(root, key));
    if (!text || strlen(text) != 64 || strspn(text, "0123456789abcdef") != 64)
        return false;
    memcpy(hex, text, 65);
    return true;
}

bool told_number_read(const json_t *root, const char *key, json_int_t most, uint64_t *out)
{
    const json_t *number = json_object_get(root, key);
    json_int_t value = json_integer_value(number);
    *out = (uint64_t)value;
    return json_is_integer(number) && value >= 0 && value <= most;
}

uint64_t told_hex_number(const char *text, size_t len)
{
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++)
        value = value << 4 | (uint64_t)(text[i] <= '9' ? text[i] - '0' : text[i] - 'a' + 10);
    return value;
}

/* A day, or none. */
static bool read_day(const json_t *root, const char *key, int64_t *out)
{
    const json_t *number = json_object_get(root, key);
    if (!number)
        return true;
    *out = json_integer_value(number);
    return json_is_integer(number) && *out > -4000000 && *out < 4000000;
}

bool told_days_read(const json_t *root, int64_t *from, int64_t *to)
{
    *from = INT64_MIN;
    *to = INT64_MAX;
    return read_day(root, "from", from) && read_day(root, "to", to);
}

bool told_head_read(const json_t *root, int form, char report[static 65], char filters[static 65],
                    int64_t *from, int64_t *to, uint32_t *min_users)
{
    uint64_t number;
    *from = INT64_MIN;
    *to = INT64_MAX;
    if (json_integer_value(json_object_get(root, "form")) != form ||
        !told_hex_read(root, "report", report) || !told_hex_read(root, "filters", filters) ||
        !read_day(root, "from", from) || !read_day(root, "to", to) ||
        !told_number_read(root, "min_users", UINT32_MAX, &number))
        return false;
    *min_users = (uint32_t)number;
    return true;
}

static enum status read_values(struct plan_field *field, const json_t *list, struct arena *arena,
                               bool *valid, struct error *err)
{
    size_t count = json_array_size(list);
    *valid = json_is_array(list) && count <= VALUES_MAX;
    if (!*valid)
        return STATUS_OK;
    field->values = arena_zalloc(arena, count + 1, sizeof *field->values);
    if (!field->values)
        return error_nomem(err);
    for (size_t i = 0; i < count && *valid; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        *valid = text != NULL;
        if (text &&
            !(field->values[field->value_count++] = arena_strndup(arena, text, strlen(text))))
            return error_nomem(err);
    }
    return STATUS_OK;
}

static enum status read_bins(struct plan_field *field, const json_t *list, struct arena *arena,
                             bool *valid, struct error *err)
{
    size_t count = json_array_size(list);
    *valid = count > 0 && count <= VALUES_MAX;
    if (!*valid)
        return STATUS_OK;
    field->bins = arena_zalloc(arena, count, sizeof *field->bins);
    if (!field->bins)
        return error_nomem(err);
    for (size_t i = 0; i < count && *valid; i++) {
        const json_t *number = json_array_get(list, i);
        field->bins[i] = json_number_value(number);
        *valid = json_is_number(number) && isfinite(field->bins[i]) &&
                 (i == 0 || field->bins[i] > field->bins[i - 1]);
        field->bin_count++;
    }
    return STATUS_OK;
}

static enum status read_field(struct told_fields *fields, const json_t *item,
                              const struct plan *plan, struct arena *arena, bool *valid,
                              struct error *err)
{
    const char *name = json_string_value(json_object_get(item, "field"));
    const json_t *values = json_object_get(item, "values"), *bins = json_object_get(item, "bins");
    struct plan_field *field = &fields->items[fields->count++];
    *valid = name && !(values && bins);
    if (!*valid)
        return STATUS_OK;
    enum field_role role = field_find(plan->logs.fields, plan->logs.field_count, name, field);
    if (role != FIELD_ROLE_CALENDAR && role != FIELD_ROLE_STORED) {
        fields->unknown = true;
        return STATUS_OK;
    }
    if (values)
        return read_values(field, values, arena, valid, err);
    return bins ? read_bins(field, bins, arena, valid, err) : STATUS_OK;
}

enum status told_fields_read(struct told_fields *fields, const json_t *list,
                             const struct plan *plan, struct arena *arena, bool *valid,
                             struct error *err)
{
    size_t count = json_array_size(list);
    *fields = (struct told_fields){.count = 0};
    *valid = json_is_array(list) && count <= FIELDS_MAX;
    if (!*valid)
        return STATUS_OK;
    fields->items = arena_zalloc(arena, count + 1, sizeof *fields->items);
    if (!fields->items)
        return error_nomem(err);
    for (size_t i = 0; i < count && *valid; i++)
        TRY(read_field(fields, json_array_get(list, i), plan, arena, valid, err));
    return STATUS_OK;
}
