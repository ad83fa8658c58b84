/* proffer run: the main job, from logs to reports. */
#include "base/file.h"
#include "base/json_read.h"
#include "base/suggest.h"
#include "cli/draft.h"
#include "cli/judge.h"
#include "cli/noise_run.h"
#include "cli/pipeline.h"
#include "cli/previous.h"
#include "cli/remember.h"
#include "cli/run_json.h"
#include "cli/told_ledger.h"
#include "cli/told_queries.h"
#include "cli/withheld_before.h"
#include "queries/plan_report.h"
#include "queries/text/term.h"
#include "release/figure.h"
#include "release/gate.h"
#include "report/answers/answers.h"
#include "report/csv_report.h"
#include "report/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/*
 * Has a claim the verdict that the user wants to fail on? Its first row is the claim over the
 * population; the rows after it are what it would be if rejected records were relevant.
 */
static enum status look_for_verdict(const struct result *result, const char *verdict,
                                    struct error *err)
{
    for (size_t t = 0; t < result->table_count; t++) {
        const struct result_table *table = result->tables[t];
        for (size_t column = 0; column < table->column_count; column++) {
            if (table->columns[column].type != RESULT_VERDICT || table->row_count == 0)
                continue;
            const struct result_value *value = result_value_at(table, 0, column);
            if (value->kind == VALUE_TEXT && strcmp(value->text, verdict) == 0)
                return error_set(err, STATUS_FINDING, table->id,
                                 "the verdict over the population is \"%s\" (--fail-on)", verdict);
        }
    }
    return STATUS_OK;
}

static bool same_file(const char *path, const struct stat *other)
{
    struct stat info;
    return path && stat(path, &info) == 0 && info.st_dev == other->st_dev &&
           info.st_ino == other->st_ino;
}

/* Would writing FILE, at PATH, overwrite INPUT, which may be NULL? In a folder any CSV file may be.
 */
static enum status would_overwrite(const struct plan_report_file *file, const char *path,
                                   const char *input, bool *would, struct error *err)
{
    struct stat info;
    *would = false;
    if (!input)
        return STATUS_OK;
    if (!file->folder) {
        *would = stat(path, &info) == 0 && same_file(input, &info);
        return STATUS_OK;
    }
    const char *name = path_base(input);
    size_t len = strlen(name);
    if (len < strlen(".csv") || strcasecmp(name + len - strlen(".csv"), ".csv") != 0)
        return STATUS_OK;
    char *inside = path_join(path, name);
    if (!inside)
        return error_nomem(err);
    *would = stat(inside, &info) == 0 && same_file(input, &info);
    free(inside);
    return STATUS_OK;
}

static enum status spare(const struct plan *plan, const struct plan_report_file *file,
                         const char *input, struct error *err)
{
    bool would;
    const char *path = plan_report_path(plan, file);
    TRY(would_overwrite(file, path, input, &would, err));
    if (!would)
        return STATUS_OK;
    (void)error_set(err, STATUS_PLAN, plan->path, "the report \"%s\" would overwrite \"%s\"", path,
                    input);
    return error_hint(err, "name another file or folder in \"report\"");
}

/* A slip in a path must not cost anyone the logs. */
static enum status spare_inputs(const struct pipeline *pipeline, struct error *err)
{
    const struct plan *plan = &pipeline->plan;
    const struct log_set *logs = &pipeline->state.logs;
    for (const struct plan_report_file *file = plan_report_files; file->key; file++) {
        if (!plan_report_path(plan, file))
            continue;
        TRY(spare(plan, file, plan->path, err));
        TRY(spare(plan, file, plan->report.draft_form, err));
        TRY(spare(plan, file, plan->report.previous, err));
        for (size_t i = 0; i < logs->file_count; i++)
            TRY(spare(plan, file, logs->files[i].path, err));
        for (size_t i = 0; i < plan->query_count; i++) {
            const struct plan_query *query = &plan->queries[i];
            TRY(spare(plan, file, query->sample_path, err));
            TRY(spare(plan, file, query->labels_path, err));
            TRY(spare(plan, file, query->previous_path, err));
            TRY(spare(plan, file, query->check_path, err));
            for (size_t w = 0; w < query->work_file_count; w++)
                TRY(spare(plan, file, query->work_files[w].path, err));
        }
    }
    return STATUS_OK;
}

/* The writer of that name, which must be one. */
static const struct writer_type *writer_named(const char *name)
{
    const struct writer_type *writer = writer_types;
    while (strcmp(writer->name, name) != 0)
        writer++;
    return writer;
}

/* CSV files of an earlier report stay where they are: only the reader knows what they are for. */
static enum status warn_of_strays(const char *folder, const struct result *result,
                                  struct error *err)
{
    size_t count;
    char *first;
    TRY(csv_strays(result, folder, &count, &first, err));
    if (count)
        fprintf(stderr,
                "warning: %s: %zu CSV file%s there belong%s to no table of this report: \"%s\"%s; "
                "index.csv lists those that do\n",
                folder, count, count == 1 ? "" : "s", count == 1 ? "s" : "", json_show(first).text,
                count == 1 ? "" : " is the first");
    free(first);
    return STATUS_OK;
}

static enum status write_reports(const struct plan *plan, const struct result *result, bool quiet,
                                 bool json, struct error *err)
{
    const struct plan_report_file *file;
    TRY(dir_make(plan->report.dir, 0755, err));
    for (file = plan_report_files; file->key; file++)
        if (plan_report_path(plan, file))
            TRY(writer_named(file->key)->write(result, plan_report_path(plan, file), err));
    if (plan->report.csv && !quiet)
        TRY(warn_of_strays(plan->report.csv, result, err));
    if (json) {
        struct run_json told = {.result = result};
        for (file = plan_report_files; file->key; file++)
            if (plan_report_path(plan, file))
                TRY(run_json_file(&told, file->key, plan_report_path(plan, file), err));
        return run_json_end(&told, err);
    }
    for (file = plan_report_files; !quiet && file->key; file++) {
        const char *path = plan_report_path(plan, file);
        if (path && file->folder)
            printf("wrote %s: %zu tables\n", path, result->table_count);
        else if (path)
            printf("wrote %s\n", path);
    }
    return STATUS_OK;
}

/* Answers the released figures. From here on nothing sees a tally. */
static enum status answer(const struct pipeline *pipeline, const struct noise *noise,
                          const struct release *release, const struct draft_form *form,
                          const struct previous *previous, const struct arguments *arguments,
                          struct error *err)
{
    const struct plan *plan = &pipeline->plan;
    bool quiet = arguments->values[OPTION_QUIET] != NULL;
    bool json = arguments->values[OPTION_JSON] != NULL;
    struct manifest_digests digests = pipeline->digests;
    if (pipeline->plan.release.noise.mechanism) {
        TRY(matter_salt(&noise->matter, digests.catalogue, err));
        TRY(matter_salt(&noise->matter, digests.logs, err));
    }
    struct answers_run run = {.program_version = PROFFER_VERSION,
                              .hidden = pipeline->plan.release.noise.mechanism != NULL,
                              .term_language_version = TERM_LANGUAGE_VERSION,
                              .plan_digest = plan->sha256,
                              .catalogue_digest = digests.catalogue,
                              .logs_digest = digests.logs,
                              .files = pipeline->state.logs.file_count,
                              .bytes = pipeline->state.logs.bytes,
                              .previous = previous->report,
                              .previous_digest = previous->sha256};
    enum status status = STATUS_OK;
    struct result result;
    result_init(&result);
    TRY_CLEANUP(answers_make(plan, release, &run, &result, err));
    result.draft_form = form;
    for (size_t i = 0; !quiet && !json && i < result.summary.count; i++)
        printf("%s: %s\n", result.summary.items[i].name, result.summary.items[i].value);
    TRY_CLEANUP(write_reports(plan, &result, quiet, json, err));
    if (arguments->values[OPTION_FAIL_ON])
        status = look_for_verdict(&result, arguments->values[OPTION_FAIL_ON], err);
cleanup:
    result_release(&result);
    return status;
}

static enum status check_verdict(const char *verdict, struct error *err)
{
    static const char *const verdicts[] = {"contradicted", "undetermined", "supported"};
    struct suggest suggest;
    if (!verdict)
        return STATUS_OK;
    suggest_init(&suggest, verdict);
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        if (strcmp(verdict, verdicts[i]) == 0)
            return STATUS_OK;
        suggest_offer(&suggest, verdicts[i]);
    }
    (void)error_set(err, STATUS_USAGE, "--fail-on",
                    "\"%s\" is none of contradicted, undetermined, supported", verdict);
    suggest_hint(&suggest, err);
    return STATUS_USAGE;
}

/* A wrong file name must not pass for labels that are still to come. */
static void warn_of_labels(const struct plan *plan)
{
    for (size_t i = 0; i < plan->query_count; i++) {
        const struct plan_query *query = &plan->queries[i];
        if (query->kind != QUERY_RELEVANCE || !query->sample_path)
            continue;
        if (!file_exists(query->sample_path))
            fprintf(stderr, "warning: %s: there is no sample \"%s\" yet\n", query->id,
                    query->sample_path);
        else if (query->labels_path && !file_exists(query->labels_path))
            fprintf(stderr,
                    "warning: %s: there are no labels \"%s\" yet: every drawn unit counts as "
                    "one without a label\n",
                    query->id, query->labels_path);
    }
}

/* Before any log is read: the ledger, and whether it can pay where all must be paid for. */
static enum status open_ledger(struct noise *noise, struct pipeline *pipeline,
                               const struct arguments *arguments, struct error *err)
{
    TRY(noise_init(noise, &pipeline->plan, err));
    TRY(pipeline_look(pipeline, err));
    TRY(noise_open(noise, &pipeline->plan, pipeline->state.catalogue,
                   arguments->values[OPTION_NEW_LEDGER] != NULL, err));
    return pipeline->state.stale ? noise_can_pay_all(noise, err) : STATUS_OK;
}

/* What earlier reports without noise told. */
struct before {
    struct memory sets;
    struct withheld_before rows;
    struct told_ledger tables;
    struct told_queries queries;
};

static void before_release(struct before *before)
{
    told_queries_release(&before->queries);
    memory_release(&before->sets);
    withheld_before_release(&before->rows);
    told_ledger_release(&before->tables);
}

/* Without noise, before any log is read: the ledger, and what must be scanned for since earlier
 * reports told it. */
static enum status open_memory(struct before *before, struct matter *matter,
                               struct pipeline *pipeline, const struct arguments *arguments,
                               struct error *err)
{
    struct ledger_terms terms = {.matter = pipeline->plan.matter};
    TRY(pipeline_look(pipeline, err));
    TRY(matter_open(matter, &pipeline->plan, &terms, pipeline->state.catalogue,
                    arguments->values[OPTION_NEW_LEDGER] != NULL, err));
    TRY(told_queries_init(&before->queries, matter->ledger, &pipeline->plan, err));
    const struct plan *all = &before->queries.plan.plan;
    return all->query_count > pipeline->plan.query_count ? pipeline_extend(pipeline, all, err)
                                                         : STATUS_OK;
}

/* What earlier reports told under the plan's ledger. */
static enum status recall(struct before *before, const struct matter *matter,
                          const struct pipeline *pipeline, struct tally *tally, struct error *err)
{
    struct tally_source source = pipeline_source(pipeline);
    TRY(withheld_before_init(&before->rows, matter->ledger, &pipeline->plan, tally, err));
    TRY(memory_init(&before->sets, matter, &source, &before->rows, tally, err));
    TRY(told_ledger_init(&before->tables, &before->rows, &source, tally, err));
    return told_queries_recall(&before->queries, &before->rows, &before->tables.logs, &source,
                               tally, err);
}

static enum status keep(struct before *before, const struct tally *tally, struct release *release,
                        struct error *err)
{
    struct ledger *ledger = before->sets.matter->ledger;
    struct gate_memory memory = {.ledger = ledger_id(ledger)};
    TRY(memory_keep(&before->sets, release, &memory.sets, err));
    TRY(told_ledger_keep(&before->tables, tally, release, err));
    TRY(told_queries_keep(&before->queries, &before->rows, tally, release, err));
    TRY(withheld_before_keep(&before->rows, tally, release, err));
    memory.head = ledger_head(ledger);
    memory.tables = before->tables.counts.together;
    memory.changed = before->tables.counts.changed;
    memory.unlike = before->tables.counts.unlike;
    memory.left_out = before->tables.counts.left_out;
    memory.then = before->tables.counts.then;
    memory.not_then = before->tables.counts.not_then;
    memory.slices = tally->slices_left_out;
    memory.too_large = before->tables.too_large + before->queries.too_large;
    memory.queries = before->queries.counts.together;
    memory.queries_then = before->queries.counts.then;
    memory.queries_unlike = before->queries.counts.unlike;
    memory.queries_left_out = before->queries.counts.left_out;
    return gate_note_ledger(release, &memory, err);
}

enum status command_run(const struct arguments *arguments, struct error *err)
{
    struct pipeline pipeline;
    struct tally tally;
    struct release *release = NULL;
    struct draft_form *form = NULL;
    enum status status = STATUS_OK;
    TRY(check_verdict(arguments->values[OPTION_FAIL_ON], err));
    struct noise noise = {.arena = ARENA_INIT};
    struct before before = {.sets = {.matter = NULL},
                            .tables = {.arena = ARENA_INIT},
                            .queries = {.plan = {.plan = {.arena = ARENA_INIT}}}};
    struct judge judge = {.has_own = false};
    struct previous previous;
    tally_init(&tally);
    result_init(&previous.result);
    TRY_CLEANUP(pipeline_plan(&pipeline, arguments, err));
    TRY_CLEANUP(draft_open(&pipeline.plan, &form, err));
    TRY_CLEANUP(previous_init(&previous, &pipeline.plan, err));
    bool noisy = pipeline.plan.release.noise.mechanism != NULL;
    bool remembers = !noisy && pipeline.plan.release.ledger && pipeline.plan.release.min_users > 1;
    pipeline_warn(&pipeline, arguments);
    if (!arguments->values[OPTION_QUIET])
        warn_of_labels(&pipeline.plan);
    if (noisy)
        TRY_CLEANUP(open_ledger(&noise, &pipeline, arguments, err));
    if (remembers)
        TRY_CLEANUP(open_memory(&before, &noise.matter, &pipeline, arguments, err));
    TRY_CLEANUP(pipeline_scan(&pipeline, arguments, err));
    TRY_CLEANUP(spare_inputs(&pipeline, err));
    TRY_CLEANUP(pipeline_population(&pipeline, arguments, err));
    if (noisy)
        TRY_CLEANUP(noise_apply(&noise, &pipeline, err));
    TRY_CLEANUP(pipeline_tally(&pipeline, &tally, err));
    if (remembers)
        TRY_CLEANUP(recall(&before, &noise.matter, &pipeline, &tally, err));
    struct gate_policy policy = {.min_users = pipeline.plan.release.min_users,
                                 .min_conversations = pipeline.plan.release.min_conversations,
                                 .dominance = pipeline.plan.release.dominance,
                                 .preset = pipeline.plan.release.preset,
                                 .noise = noisy ? &noise.gate : NULL};
    if (noisy || pipeline.plan.release.min_users < 2) {
        TRY_CLEANUP(gate_release(&tally, &policy, &release, err));
    } else {
        struct tally_source source = pipeline_source(&pipeline);
        TRY_CLEANUP(judge_init(&judge, &source, &tally, remembers ? &before.sets : NULL, err));
        TRY_CLEANUP(judge_tally(&judge, &tally, &policy, &release, err));
    }
    if (remembers) {
        TRY_CLEANUP(told_sums_keep(&judge.sums, noise.matter.ledger, release, err));
        TRY_CLEANUP(keep(&before, &tally, release, err));
    }
    if (noisy || remembers)
        TRY_CLEANUP(matter_bind(&noise.matter, err));
    status = answer(&pipeline, &noise, release, form, &previous, arguments, err);
cleanup:
    previous_release(&previous);
    judge_release(&judge);
    noise_release(&noise);
    release_free(release);
    draft_form_free(form);
    tally_release(&tally);
    pipeline_close(&pipeline);
    before_release(&before);
    return status;
}
