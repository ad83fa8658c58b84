/* The plan's `release` and `report`: see plan_parts.h. */
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

enum status plan_read_release(struct plan_reader *reader, const struct json_node *root)
{
    struct plan *plan = reader->plan;
    struct json_node release;
    if (json_get(root, "release", &release)) {
        TRY(json_check(&release, &release_keys, reader->err));
    }
    plan->release.min_users = (uint32_t)json_get_integer(&release, &release_keys, "min_users");
    TRY(plan_get_path(reader, &release, &release_keys, "ledger", &plan->release.ledger));
    return plan_read_noise(reader, &release);
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

enum status plan_read_report(struct plan_reader *reader, const struct json_node *root)
{
    struct plan *plan = reader->plan;
    struct json_node report;
    if (json_get(root, "report", &report))
        TRY(json_check(&report, &report_keys, reader->err));
    TRY(plan_get_path(reader, &report, &report_keys, "dir", &plan->report.dir));
    TRY(report_file(reader, &report, "xlsx", &plan->report.xlsx));
    TRY(report_file(reader, &report, "json", &plan->report.json));
    if (!plan->report.xlsx && !plan->report.json)
        return json_fault(&report, reader->err,
                          "\"xlsx\" and \"json\" are both null: nothing would "
                          "be written");
    if (plan->report.xlsx && plan->report.json && strcmp(plan->report.xlsx, plan->report.json) == 0)
        return json_fault(&report, reader->err, "\"xlsx\" and \"json\" name the same file");
    TRY(json_get_text(&report, &report_keys, "confidentiality", &plan->arena,
                      &plan->report.confidentiality, reader->err));
    return json_get_text(&report, &report_keys, "date", &plan->arena, &plan->report.date,
                         reader->err);
}
