/* Lists of field values, in the plan or in a file: see plan_parts.h. */
#include "base/file.h"
#include "base/intern.h"
#include "base/lines.h"
#include "queries/field.h"
#include "queries/plan_parts.h"

#include <stdlib.h>
#include <string.h>

enum status plan_read_values(struct plan_reader *reader, const struct json_node *list,
                             char ***values, size_t *count)
{
    size_t length = json_node_length(list);
    enum status status = STATUS_OK;
    struct intern seen;
    intern_init(&seen);
    *count = 0;
    *values = arena_zalloc(&reader->plan->arena, length, sizeof **values);
    if (!*values) {
        status = error_nomem(reader->err);
        goto cleanup;
    }
    for (size_t i = 0; i < length; i++) {
        struct json_node item = json_node_element(list, i);
        const char *text = json_node_text(&item);
        uint32_t number;
        TRY_CLEANUP(intern_add(&seen, text, strlen(text), &number, reader->err));
        if (number < i) {
            status = json_fault(&item, reader->err, "\"%s\" is listed twice", json_show(text).text);
            goto cleanup;
        }
        (*values)[i] = arena_strndup(&reader->plan->arena, text, strlen(text));
        if (!(*values)[i]) {
            status = error_nomem(reader->err);
            goto cleanup;
        }
        ++*count;
    }
cleanup:
    intern_release(&seen);
    return status;
}

/* Puts the lines of TEXT into SEEN. */
static enum status add_lines(const char *name, const char *text, size_t len, struct intern *seen,
                             struct error *err)
{
    struct lines lines;
    struct span line;
    lines_init(&lines, text, len);
    while (lines_next(&lines, &line)) {
        uint32_t number;
        if (!utf8_text(line.data, line.len))
            return error_set(err, STATUS_PLAN, NULL, "\"%s\", line %zu: not UTF-8 text", name,
                             lines.number);
        TRY(intern_add(seen, line.data, line.len, &number, err));
    }
    if (seen->count == 0)
        return error_set(err, STATUS_PLAN, NULL, "\"%s\" lists no values", name);
    return STATUS_OK;
}

enum status plan_read_values_file(struct plan_reader *reader, const struct json_node *file,
                                  char ***values, size_t *count)
{
    struct arena *arena = &reader->plan->arena;
    char *path, *text = NULL;
    size_t len = 0;
    struct intern seen;
    *count = 0;
    TRY(plan_path(reader, json_node_text(file), &path));
    intern_init(&seen);
    enum status status = file_read(path, PLAN_VALUES_FILE_MAX, &text, &len, reader->err);
    if (status == STATUS_OK)
        status = add_lines(path, text, len, &seen, reader->err);
    if (status != STATUS_OK) {
        status = plan_file_fault(file, status, reader->err);
        goto cleanup;
    }
    *values = arena_zalloc(arena, seen.count, sizeof **values);
    for (size_t i = 0; *values && i < seen.count; i++) {
        (*values)[i] = arena_strndup(arena, seen.items[i].text, seen.items[i].len);
        if (!(*values)[i])
            break;
        ++*count;
    }
    if (*count < seen.count)
        status = error_nomem(reader->err);
cleanup:
    intern_release(&seen);
    free(text);
    return status;
}

enum status plan_check_values(struct plan_reader *reader, const struct json_node *place,
                              const struct plan_field *field, char *const *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (field_value_good(field->kind, values[i]))
            continue;
        json_fault(place, reader->err, "\"%s\" is no value of \"%s\"", json_show(values[i]).text,
                   field->name);
        error_hint(reader->err, "its values are written like \"%s\"",
                   field_value_example(field->kind));
        return STATUS_PLAN;
    }
    return STATUS_OK;
}
