/* The plan's `release` and `report`: see plan_parts.h. */
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

static enum status check_noise(struct plan_reader *reader, const struct json_node *release)
{
    struct json_node noise;
    if (!json_node_member(release, "noise", &noise))
        return STATUS_OK;
    const char *text = json_node_text(&noise);
    if (text && strcmp(text, "none") == 0)
        return STATUS_OK;
    enum json_kind kind = json_node_kind(&noise);
    if (text)
        json_fault(&noise, reader->err, "noise \"%s\" is not supported in this version",
                   json_show(text).text);
    else if (kind == JSON_KIND_OBJECT)
        json_fault(&noise, reader->err, "noise is not supported in this version");
    else
        json_fault(&noise, reader->err, "must be \"none\", not %s", json_kind_words(kind));
    error_hint(reader->err, "only \"none\" is: counts leave exact, and the report says so");
    return STATUS_PLAN;
}

enum status plan_read_release(struct plan_reader *reader, const struct json_node *root)
{
    struct plan *plan = reader->plan;
    struct json_node release;
    if (json_get(root, "release", &release)) {
        /* Noise first: keys that only make sense with it would otherwise be blamed. */
        if (json_node_kind(&release) == JSON_KIND_OBJECT)
            TRY(check_noise(reader, &release));
        TRY(json_check(&release, &release_keys, reader->err));
    }
    plan->release.min_users = (uint32_t)json_get_integer(&release, &release_keys, "min_users");
    return plan_get_path(reader, &release, &release_keys, "ledger", &plan->release.ledger);
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
