/* Reading a plan: the file as a whole and what its parts share. See plan.h and plan_parts.h. */
#include "base/file.h"
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status plan_path(struct plan_reader *reader, const char *text, char **out)
{
    const char *dir = reader->plan->dir;
    /* "./terms.txt" says no more than "terms.txt". */
    char *joined = path_join(strcmp(dir, ".") == 0 ? NULL : dir, text);
    if (!joined)
        return error_nomem(reader->err);
    *out = arena_strndup(&reader->plan->arena, joined, strlen(joined));
    free(joined);
    return *out ? STATUS_OK : error_nomem(reader->err);
}

enum status plan_get_path(struct plan_reader *reader, const struct json_node *node,
                          const struct json_table *table, const char *key, char **out)
{
    char *text;
    *out = NULL;
    TRY(json_get_text(node, table, key, &reader->plan->arena, &text, reader->err));
    return text ? plan_path(reader, text, out) : STATUS_OK;
}

enum status plan_warn(struct plan_reader *reader, const char *format, ...)
{
    struct plan *plan = reader->plan;
    if (plan->warning_count == reader->warning_capacity) {
        size_t wanted = reader->warning_capacity ? reader->warning_capacity * 2 : 16;
        char **grown = arena_zalloc(&plan->arena, wanted, sizeof *grown);
        if (!grown)
            return error_nomem(reader->err);
        if (plan->warning_count)
            memcpy(grown, plan->warnings, plan->warning_count * sizeof *grown);
        plan->warnings = grown;
        reader->warning_capacity = wanted;
    }
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    char *copy = arena_strndup(&plan->arena, text, strlen(text));
    if (!copy)
        return error_nomem(reader->err);
    plan->warnings[plan->warning_count++] = copy;
    return STATUS_OK;
}

enum status plan_file_fault(const struct json_node *node, enum status status, struct error *err)
{
    if (!err || status == STATUS_INTERNAL)
        return status;
    char where[sizeof err->where];
    json_node_place(node, where, sizeof where);
    error_within(err, where);
    return err->code = STATUS_PLAN;
}

/* "matters/example.json" -> "example" */
static enum status title_of_file(struct plan *plan, struct error *err)
{
    const char *base = path_base(plan->path);
    size_t len = strlen(base);
    if (len > 5 && strcmp(base + len - 5, ".json") == 0)
        len -= 5;
    plan->title = arena_strndup(&plan->arena, base, len);
    return plan->title ? STATUS_OK : error_nomem(err);
}

static enum status read_root(struct plan_reader *reader, const struct json_node *root)
{
    struct plan *plan = reader->plan;
    struct json_node child;
    if (!json_node_member(root, "proffer", &child)) {
        json_fault(root, reader->err, "the key \"proffer\" is missing");
        error_hint(reader->err, "a plan begins with { \"proffer\": 1, ...");
        return STATUS_PLAN;
    }
    if (json_node_kind(&child) == JSON_KIND_INTEGER && json_node_integer(&child) != 1)
        return json_fault(&child, reader->err, "this version reads plans of format 1, not %lld",
                          json_node_integer(&child));
    TRY(json_check(root, &plan_keys, reader->err));
    TRY(json_get_text(root, &plan_keys, "title", &plan->arena, &plan->title, reader->err));
    if (!plan->title)
        TRY(title_of_file(plan, reader->err));
    TRY(json_get_text(root, &plan_keys, "matter", &plan->arena, &plan->matter, reader->err));
    TRY(plan_get_path(reader, root, &plan_keys, "catalogue", &plan->catalogue));
    (void)json_get(root, "logs", &child);
    TRY(plan_read_logs(reader, &child));
    TRY(plan_read_words(reader, root));
    TRY(plan_read_population(reader, root));
    TRY(plan_read_assumptions(reader, root));
    TRY(plan_read_risks(reader, root));
    (void)json_get(root, "queries", &child);
    TRY(plan_read_queries(reader, &child));
    TRY(plan_read_release(reader, root));
    TRY(plan_read_report(reader, root));
    TRY(plan_check_noise(reader, root));
    TRY(plan_digest(reader));
    return plan_question_digests(reader);
}

static enum status copy_paths(struct plan *plan, const char *path, struct error *err)
{
    char *dir = path_dir(path);
    if (!dir)
        return error_nomem(err);
    plan->path = arena_strndup(&plan->arena, path, strlen(path));
    plan->dir = arena_strndup(&plan->arena, dir, strlen(dir));
    free(dir);
    return plan->path && plan->dir ? STATUS_OK : error_nomem(err);
}

enum status plan_read(struct plan *plan, const char *path, bool strict, struct error *err)
{
    *plan = (struct plan){.arena = ARENA_INIT};
    struct json_doc doc = {NULL, NULL, ""};
    struct plan_reader reader = {.plan = plan, .strict = strict, .err = err};
    enum status status = copy_paths(plan, path, err);
    if (status == STATUS_OK)
        status = json_doc_read(&doc, path, NULL, PLAN_FILE_MAX, err);
    if (status == STATUS_OK) {
        struct json_node root = json_doc_root(&doc);
        memcpy(plan->sha256, doc.sha256, sizeof plan->sha256);
        status = read_root(&reader, &root);
    }
    json_doc_release(&doc);
    return status;
}
