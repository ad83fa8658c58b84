/* Population filters in frames: see frame_filter.h. */
#include "queries/frame_filter.h"

#include "base/civil.h"
#include "base/digest.h"
#include "base/json_io.h"
#include "base/json_keys.h"
#include "base/memory.h"
#include "queries/field.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* ---- from a plan ---- */

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_identity(const struct plan_filter *filter)
{
    return filter->field.kind == PLAN_FIELD_STORED && filter->field.stored == SIZE_MAX;
}

static enum status values_digest(char *const *sorted, size_t count, char hex[static 65],
                                 struct error *err)
{
    struct sha256 value;
    struct digest *digest = digest_new();
    enum status status = digest ? STATUS_OK : error_nomem(err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        status = digest_add_text(digest, sorted[i], err);
    if (status == STATUS_OK)
        status = digest_end(digest, &value, err);
    if (status == STATUS_OK)
        sha256_hex(&value, hex);
    digest_free(digest);
    return status;
}

/* *OUT is a new object. */
static enum status filter_json(const struct plan_filter *filter, json_t **out, struct error *err)
{
    enum status status = STATUS_OK;
    json_t *list = NULL;
    char hex[65];
    *out = NULL;
    char **sorted = mem_zalloc(filter->value_count, sizeof *sorted);
    if (!sorted)
        return error_nomem(err);
    for (size_t i = 0; i < filter->value_count; i++)
        sorted[i] = filter->values[i];
    if (filter->value_count)
        qsort(sorted, filter->value_count, sizeof *sorted, compare_texts);
    if (is_identity(filter)) {
        TRY_CLEANUP(values_digest(sorted, filter->value_count, hex, err));
        *out =
            json_pack("{s:b, s:s, s:I, s:s}", "exclude", filter->exclude, "field",
                      filter->field.name, "count", (json_int_t)filter->value_count, "sha256", hex);
    } else {
        list = json_array();
        for (size_t i = 0; list && i < filter->value_count; i++)
            if (json_array_append_new(list, json_string(sorted[i])) != 0) {
                status =
                    error_set(err, STATUS_PLAN, "population",
                              "a value of the filter on \"%s\" is not UTF-8", filter->field.name);
                goto cleanup;
            }
        *out = json_pack("{s:b, s:s, s:O}", "exclude", filter->exclude, "field", filter->field.name,
                         "in", list);
    }
    status = *out ? STATUS_OK : error_nomem(err);
cleanup:
    json_decref(list);
    free(sorted);
    return status;
}

struct keyed {
    char *text;
    json_t *object;
};

static int compare_keyed(const void *a, const void *b)
{
    return strcmp(((const struct keyed *)a)->text, ((const struct keyed *)b)->text);
}

/* Sorts an array of objects by their text. */
static enum status sort_filters(json_t *filters, struct error *err)
{
    enum status status = STATUS_OK;
    size_t count = json_array_size(filters);
    struct keyed *items = mem_zalloc(count, sizeof *items);
    if (!items)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        items[i].object = json_incref(json_array_get(filters, i));
        items[i].text = json_text_make(items[i].object, JSON_COMPACT | JSON_SORT_KEYS);
        if (!items[i].text)
            status = error_nomem(err);
    }
    if (status == STATUS_OK && count)
        qsort(items, count, sizeof *items, compare_keyed);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (json_array_set(filters, i, items[i].object) != 0)
            status = error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        json_decref(items[i].object);
        free(items[i].text);
    }
    free(items);
    return status;
}

static json_t *date_json(int64_t days)
{
    if (days == INT64_MIN || days == INT64_MAX)
        return json_null();
    struct civil_date date = civil_from_days(days);
    return json_sprintf("%04d-%02d-%02d", date.year, date.month, date.day);
}

enum status frame_filter_text(const struct plan *plan, char **text, struct error *err)
{
    enum status status = STATUS_OK;
    json_t *object = NULL, *filters = json_array();
    *text = NULL;
    for (size_t i = 0; filters && i < plan->population.filter_count; i++) {
        json_t *one;
        TRY_CLEANUP(filter_json(&plan->population.filters[i], &one, err));
        if (json_array_append_new(filters, one) != 0) {
            status = error_nomem(err);
            goto cleanup;
        }
    }
    if (filters)
        TRY_CLEANUP(sort_filters(filters, err));
    object = json_pack("{s:o, s:o, s:O}", "from", date_json(plan->population.from), "to",
                       date_json(plan->population.to), "filters", filters);
    if (object)
        *text = json_text_make(object, JSON_COMPACT | JSON_SORT_KEYS);
    status = *text ? STATUS_OK : error_nomem(err);
cleanup:
    json_decref(filters);
    json_decref(object);
    return status;
}

/* ---- from a frame ---- */

static const struct json_key population_rows[] = {
    {"from", WANT_DATE, KEY_REQUIRED | KEY_NULLABLE, NULL, NULL, 0, 0},
    {"to", WANT_DATE, KEY_REQUIRED | KEY_NULLABLE, NULL, NULL, 0, 0},
    {"filters", WANT_LIST, KEY_REQUIRED, NULL, NULL, 0, 0},
};
static const struct json_table population_table =
    JSON_TABLE("population of a frame", population_rows);

static const struct json_key filter_rows[] = {
    {"exclude", WANT_ANY, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"field", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"in", WANT_FILLEDS, KEY_MAY_BE_EMPTY, NULL, NULL, 0, 0},
    {"count", WANT_INTEGER, 0, NULL, NULL, 0, INT64_MAX},
    {"sha256", WANT_FILLED, 0, NULL, NULL, 0, 0},
};
static const struct json_table filter_table = JSON_TABLE("filter of a frame", filter_rows);

enum status frame_filter_check(const struct json_node *node, char **text, struct error *err)
{
    struct json_node list, exclude, in, count, digest;
    *text = NULL;
    TRY(json_check(node, &population_table, err));
    (void)json_get(node, "filters", &list);
    for (size_t i = 0; i < json_node_length(&list); i++) {
        struct json_node item = json_node_element(&list, i);
        TRY(json_check(&item, &filter_table, err));
        (void)json_get(&item, "exclude", &exclude);
        if (json_node_kind(&exclude) != JSON_KIND_BOOLEAN)
            return json_fault(&exclude, err, "must be true or false");
        bool values = json_get(&item, "in", &in);
        bool counted = json_get(&item, "count", &count),
             hashed = json_get(&item, "sha256", &digest);
        if (values == counted || counted != hashed)
            return json_fault(&item, err, "needs either \"in\", or \"count\" and \"sha256\"");
    }
    json_t *copy = json_deep_copy(node->value);
    enum status status =
        copy ? sort_filters(json_object_get(copy, "filters"), err) : error_nomem(err);
    if (status == STATUS_OK) {
        *text = json_text_make(copy, JSON_COMPACT | JSON_SORT_KEYS);
        status = *text ? STATUS_OK : error_nomem(err);
    }
    json_decref(copy);
    return status;
}

/* The plan's own list of users or ids with that digest. */
static enum status find_list(const struct json_node *item, const struct plan *plan,
                             struct plan_filter *filter, struct error *err)
{
    struct json_node digest;
    const char *wanted = json_get(item, "sha256", &digest) ? json_node_text(&digest) : "";
    for (size_t i = 0; i < plan->population.filter_count; i++) {
        const struct plan_filter *own = &plan->population.filters[i];
        json_t *object;
        if (!is_identity(own) || own->exclude != filter->exclude ||
            strcmp(own->field.name, filter->field.name) != 0)
            continue;
        TRY(filter_json(own, &object, err));
        bool same = strcmp(json_string_value(json_object_get(object, "sha256")), wanted) == 0;
        json_decref(object);
        if (same) {
            filter->values = own->values;
            filter->value_count = own->value_count;
            return STATUS_OK;
        }
    }
    error_set(err, STATUS_PLAN, NULL,
              "the frame was made with a list of values of \"%s\" that the plan does not have",
              filter->field.name);
    return error_hint(err, "a frame keeps no names of users and no ids: leave that filter in the "
                           "plan, or fix a new frame");
}

static enum status read_filter(const struct json_node *item, const struct plan *plan,
                               struct arena *arena, struct plan_filter *filter, struct error *err)
{
    struct json_node exclude, field, in;
    (void)json_get(item, "exclude", &exclude);
    (void)json_get(item, "field", &field);
    filter->exclude = json_node_true(&exclude);
    switch (field_find(plan->logs.fields, plan->logs.field_count, json_node_text(&field),
                       &filter->field)) {
    case FIELD_ROLE_NONE:
    case FIELD_ROLE_TIME:
        return error_set(err, STATUS_PLAN, NULL,
                         "the frame was made with a filter on \"%s\", which the plan does not name",
                         json_show(json_node_text(&field)).text);
    case FIELD_ROLE_IDENTITY:
        return find_list(item, plan, filter, err);
    case FIELD_ROLE_CALENDAR:
    case FIELD_ROLE_STORED:
        break;
    }
    if (!json_get(item, "in", &in))
        return json_fault(item, err, "needs \"in\"");
    return json_get_texts(item, "in", arena, &filter->values, &filter->value_count, err);
}

enum status frame_filter_plan(const char *text, const struct plan *plan, struct plan *out,
                              struct error *err)
{
    *out = (struct plan){.arena = ARENA_INIT};
    struct json_doc doc;
    struct json_node root, list;
    enum status status = json_doc_parse(&doc, "frame", text, strlen(text), err);
    if (status != STATUS_OK)
        goto cleanup;
    root = json_doc_root(&doc);
    out->population.from = json_get_date(&root, "from", INT64_MIN);
    out->population.to = json_get_date(&root, "to", INT64_MAX);
    (void)json_get(&root, "filters", &list);
    size_t count = json_node_length(&list);
    out->population.filters = arena_zalloc(&out->arena, count, sizeof *out->population.filters);
    if (!out->population.filters) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t i = 0; i < count; i++) {
        struct json_node item = json_node_element(&list, i);
        TRY_CLEANUP(read_filter(&item, plan, &out->arena,
                                &out->population.filters[out->population.filter_count], err));
        out->population.filter_count++;
    }
cleanup:
    json_doc_release(&doc);
    return status;
}
