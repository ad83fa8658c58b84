/* The plan's `release` and `report`: see plan_parts.h. */
#include "queries/plan_keys.h"
#include "queries/plan_parts.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

/* Rules that go by a name; their order is that of the choices in plan_keys.c. */
static const struct preset {
    const char *name;
    uint32_t min_users, min_conversations;
} presets[] = {
    {"cms11", 11, 0},    /* CMS cell size suppression policy: no cell of 1 to 10 */
    {"clio", 5, 15},     /* 15 conversations and 5 users */
    {"nber100", 100, 0}, /* at least 100 users */
};

static enum status read_rules(struct plan_reader *reader, const struct json_node *release)
{
    static const struct preset own = {NULL, 11, 0};
    static const char *const numbers[] = {"min_users", "min_conversations"};
    struct plan *plan = reader->plan;
    struct json_node member, null;
    const struct preset *preset = &own;
    char *dominance;
    if (json_get(release, "preset", &member))
        preset = &presets[json_get_choice(release, &release_keys, "preset")];
    for (size_t i = 0; i < 2; i++)
        if (preset->name && json_get(release, numbers[i], &member)) {
            json_fault(&member, reader->err, "\"%s\" says it already", preset->name);
            return error_hint(reader->err, "leave \"preset\" out for rules of your own");
        }
    plan->release.preset = preset->name;
    plan->release.min_users = preset->min_users;
    plan->release.min_conversations = preset->min_conversations;
    if (json_get(release, "min_users", &member))
        plan->release.min_users = (uint32_t)json_node_integer(&member);
    if (json_get(release, "min_conversations", &member))
        plan->release.min_conversations = (uint32_t)json_node_integer(&member);
    TRY(json_get_share(release, "dominance", &plan->arena, &dominance, reader->err));
    plan->release.dominance = dominance ? strtod(dominance, NULL) : 0.5;
    if (json_node_member(release, "dominance", &null) && json_node_kind(&null) == JSON_KIND_NULL)
        plan->release.dominance = 0;
    return STATUS_OK;
}

enum status plan_read_release(struct plan_reader *reader, const struct json_node *root)
{
    struct plan *plan = reader->plan;
    struct json_node release;
    if (json_get(root, "release", &release)) {
        TRY(json_check(&release, &release_keys, reader->err));
    }
    TRY(read_rules(reader, &release));
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
    const struct {
        const char *key;
        char **path;
    } files[] = {{"xlsx", &plan->report.xlsx},
                 {"json", &plan->report.json},
                 {"csv", &plan->report.csv},
                 {"page", &plan->report.page}};
    enum { FILES = sizeof files / sizeof *files };
    bool any = false;
    for (size_t i = 0; i < FILES; i++) {
        TRY(report_file(reader, &report, files[i].key, files[i].path));
        any = any || *files[i].path;
    }
    if (!any)
        return json_fault(&report, reader->err,
                          "\"xlsx\" and \"json\" are both null: nothing would "
                          "be written");
    for (size_t i = 0; i < FILES; i++)
        for (size_t j = i + 1; j < FILES; j++)
            if (*files[i].path && *files[j].path && strcmp(*files[i].path, *files[j].path) == 0)
                return json_fault(&report, reader->err, "\"%s\" and \"%s\" name the same file",
                                  files[i].key, files[j].key);
    TRY(json_get_text(&report, &report_keys, "confidentiality", &plan->arena,
                      &plan->report.confidentiality, reader->err));
    TRY(json_get_text(&report, &report_keys, "date", &plan->arena, &plan->report.date,
                      reader->err));
    return read_previous(reader, &report);
}
