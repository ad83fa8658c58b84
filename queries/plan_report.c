/* The plan's `report`: see plan_report.h and plan_parts.h. */
#include "queries/plan_report.h"

#include "queries/plan_keys.h"
#include "queries/plan_parts.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct plan_report_file plan_report_files[] = {
    {"xlsx", offsetof(struct plan, report.xlsx), false},
    {"json", offsetof(struct plan, report.json), false},
    {"csv", offsetof(struct plan, report.csv), true},
    {"page", offsetof(struct plan, report.page), false},
    {"draft", offsetof(struct plan, report.draft), false},
    {NULL, 0, false},
};

static char **path_of(struct plan *plan, const struct plan_report_file *file)
{
    return (char **)(void *)((char *)plan + file->offset);
}

const char *plan_report_path(const struct plan *plan, const struct plan_report_file *file)
{
    return *(char *const *)(const void *)((const char *)plan + file->offset);
}

/* A file inside the report's folder. */
static enum status report_file(struct plan_reader *reader, const struct json_node *report,
                               const char *key, char **out)
{
    struct plan *plan = reader->plan;
    char *name;
    *out = NULL;
    TRY(json_get_text(report, &report_keys, key, &plan->arena, &name, reader->err));
    if (!name)
        return STATUS_OK;
    char *joined = path_join(plan->report.dir, name);
    if (!joined)
        return error_nomem(reader->err);
    *out = arena_strndup(&plan->arena, joined, strlen(joined));
    free(joined);
    return *out ? STATUS_OK : error_nomem(reader->err);
}

/* Something is written, and no two files are one. */
static enum status check_files(struct plan_reader *reader, const struct json_node *report)
{
    const struct plan *plan = reader->plan;
    const struct plan_report_file *file, *other;
    bool any = false;
    char keys[128];
    size_t used = 0;
    for (file = plan_report_files; file->key; file++) {
        const char *path = plan_report_path(plan, file);
        any = any || path;
        used += (size_t)snprintf(keys + used, sizeof keys - used, "%s\"%s\"", used ? ", " : "",
                                 file->key);
        for (other = plan_report_files; path && other < file; other++) {
            const char *before = plan_report_path(plan, other);
            if (before && strcmp(before, path) == 0)
                return json_fault(report, reader->err, "\"%s\" and \"%s\" name the same file",
                                  other->key, file->key);
        }
    }
    if (any)
        return STATUS_OK;
    json_fault(report, reader->err, "nothing would be written");
    return error_hint(reader->err, "name a file in one of %s", keys);
}

/* Two exact reports of small cells together can tell what neither does alone. */
static enum status read_previous(struct plan_reader *reader, const struct json_node *report)
{
    const struct plan *plan = reader->plan;
    TRY(plan_get_path(reader, report, &report_keys, "previous", &reader->plan->report.previous));
    if (!plan->report.previous || plan->release.noise.mechanism || plan->release.ledger ||
        plan->release.min_users <= 1)
        return STATUS_OK;
    return plan_warn(reader, "report.previous without release.ledger: nothing checks that the two "
                             "reports together keep small cells");
}

enum status plan_read_report(struct plan_reader *reader, const struct json_node *root)
{
    struct plan *plan = reader->plan;
    struct json_node report;
    if (json_get(root, "report", &report))
        TRY(json_check(&report, &report_keys, reader->err));
    TRY(plan_get_path(reader, &report, &report_keys, "dir", &plan->report.dir));
    for (const struct plan_report_file *file = plan_report_files; file->key; file++)
        TRY(report_file(reader, &report, file->key, path_of(plan, file)));
    TRY(check_files(reader, &report));
    TRY(plan_get_path(reader, &report, &report_keys, "draft_form", &plan->report.draft_form));
    if (plan->report.draft && !plan->report.draft_form) {
        json_fault(&report, reader->err, "\"draft\" wants a form to fill");
        return error_hint(reader->err, "\"draft_form\": \"declaration.form.md\"; proffer new makes "
                                       "plans that have one");
    }
    if (plan->report.draft_form && !plan->report.draft) {
        json_fault(&report, reader->err, "\"draft_form\" is given, and no \"draft\" to write");
        return error_hint(reader->err, "\"draft\": \"declaration.md\"");
    }
    TRY(json_get_text(&report, &report_keys, "confidentiality", &plan->arena,
                      &plan->report.confidentiality, reader->err));
    TRY(json_get_text(&report, &report_keys, "date", &plan->arena, &plan->report.date,
                      reader->err));
    TRY(read_previous(reader, &report));
    return plan_read_cover(reader, &report);
}
