/* The stages joined: see pipeline.h. */
#include "cli/pipeline.h"

#include "base/memory.h"
#include "cli/inputs_warn.h"
#include "cli/meter.h"
#include "cli/options.h"
#include "queries/catalogue/settle.h"
#include "queries/tally_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WARNINGS_SHOWN = 10 };

/* "2/4": the second of four. */
static enum status parse_shard(const char *text, struct scan_options *options, struct error *err)
{
    char *end;
    unsigned long i = strtoul(text, &end, 10);
    unsigned long n = *end == '/' && end > text ? strtoul(end + 1, &end, 10) : 0;
    if (*end || text[0] < '0' || text[0] > '9' || i < 1 || n < i || n > 1000000) {
        enum status status =
            error_set(err, STATUS_USAGE, "--shard", "\"%s\" is no shard I/N", text);
        error_hint(err, "1/4 is the first of four");
        return status;
    }
    options->shard = (uint32_t)(i - 1);
    options->shards = (uint32_t)n;
    return STATUS_OK;
}

static enum status parse_options(const struct arguments *arguments, struct scan_options *options,
                                 struct error *err)
{
    uint64_t threads;
    *options = (struct scan_options){.catalogue = arguments->values[OPTION_CATALOGUE],
                                     .rehash = arguments->values[OPTION_REHASH] != NULL,
                                     .need_words = arguments->values[OPTION_WORDS] != NULL};
    TRY(options_number(arguments, OPTION_THREADS, 1, 1024, 0, &threads, err));
    options->threads = (unsigned)threads;
    if (arguments->values[OPTION_SHARD])
        TRY(parse_shard(arguments->values[OPTION_SHARD], options, err));
    return STATUS_OK;
}

enum status pipeline_plan(struct pipeline *pipeline, const struct arguments *arguments,
                          struct error *err)
{
    memset(pipeline, 0, sizeof *pipeline);
    TRY(parse_options(arguments, &pipeline->options, err));
    pipeline->has_plan = true;
    pipeline->scanned_plan = &pipeline->plan;
    enum status status = plan_read(&pipeline->plan, arguments->words[0],
                                   arguments->values[OPTION_STRICT] != NULL, err);
    if (status == STATUS_INPUT && !err->hint[0])
        error_hint(err, "a plan is a JSON file; proffer new writes one to begin with");
    return status;
}

void pipeline_warn(const struct pipeline *pipeline, const struct arguments *arguments)
{
    const struct plan *plan = &pipeline->plan;
    if (arguments->values[OPTION_QUIET])
        return;
    for (size_t i = 0; i < plan->warning_count && i < WARNINGS_SHOWN; i++)
        fprintf(stderr, "warning: %s\n", plan->warnings[i]);
    if (plan->warning_count > WARNINGS_SHOWN)
        fprintf(stderr, "warning: and %zu more, which proffer check %s shows\n",
                plan->warning_count - WARNINGS_SHOWN, plan->path);
}

enum status pipeline_look(struct pipeline *pipeline, struct error *err)
{
    if (pipeline->has_state)
        return STATUS_OK;
    pipeline->has_state = true;
    return scan_state_init(&pipeline->state, pipeline->scanned_plan, &pipeline->options, err);
}

enum status pipeline_extend(struct pipeline *pipeline, const struct plan *plan, struct error *err)
{
    if (pipeline->has_state)
        scan_state_release(&pipeline->state);
    pipeline->has_state = false;
    pipeline->scanned_plan = plan;
    return pipeline_look(pipeline, err);
}

enum status pipeline_scan(struct pipeline *pipeline, const struct arguments *arguments,
                          struct error *err)
{
    struct scan_options options = pipeline->options;
    struct meter meter;
    TRY(pipeline_look(pipeline, err));
    if (!pipeline->state.stale)
        return manifest_write(&pipeline->state, &pipeline->plan, err);
    meter_init(&meter, arguments->values[OPTION_QUIET] != NULL);
    if (meter.on)
        options.progress = &meter.progress;
    enum status status =
        scan_run(&pipeline->state, pipeline->scanned_plan, &options, &pipeline->scanned, err);
    meter_end(&meter);
    TRY(status);
    return manifest_write(&pipeline->state, &pipeline->plan, err);
}

/* What an empty report would leave one to guess. */
static void warn_if_empty(const struct pipeline *pipeline)
{
    if (pipeline->catalogue.rows == 0)
        fprintf(stderr, "warning: the logs have no record that could be read as a conversation: "
                        "proffer check --peek shows how they are mapped\n");
    else if (pipeline->population.conversations == 0)
        fprintf(stderr, "warning: no conversation is in the population: the completeness table "
                        "says why\n");
}

enum status pipeline_population_rows(struct pipeline *pipeline, const struct arguments *arguments,
                                     struct error *err)
{
    struct scan_state *state = &pipeline->state;
    char **paths = mem_zalloc(state->logs.part_count, sizeof *paths);
    if (!paths)
        return error_nomem(err);
    for (size_t i = 0; i < state->logs.part_count; i++)
        paths[i] = state->parts[i].base_dir;
    enum status status = catalogue_open(&pipeline->catalogue, paths, state->logs.part_count,
                                        state->setup.field_names, state->setup.field_count, err);
    free(paths);
    TRY(status);
    pipeline->has_catalogue = true;
    TRY(settle_open(&pipeline->catalogue, state->catalogue, true, err));
    TRY(manifest_digest(state, &pipeline->plan, &pipeline->digests, err));
    pipeline->has_population = true;
    TRY(population_init_rows(&pipeline->population, &pipeline->catalogue, &pipeline->plan, err));
    if (!arguments->values[OPTION_QUIET]) {
        inputs_warn(&pipeline->catalogue, stderr);
        warn_if_empty(pipeline);
    }
    return STATUS_OK;
}

enum status pipeline_population(struct pipeline *pipeline, const struct arguments *arguments,
                                struct error *err)
{
    TRY(pipeline_population_rows(pipeline, arguments, err));
    return population_group_users(&pipeline->population, err);
}

enum status pipeline_open(struct pipeline *pipeline, const struct arguments *arguments,
                          struct error *err)
{
    TRY(pipeline_plan(pipeline, arguments, err));
    TRY(pipeline_scan(pipeline, arguments, err));
    return pipeline_population(pipeline, arguments, err);
}

struct tally_source pipeline_source(const struct pipeline *pipeline)
{
    return (struct tally_source){&pipeline->plan, &pipeline->state, &pipeline->catalogue,
                                 &pipeline->population};
}

enum status pipeline_tally(const struct pipeline *pipeline, struct tally *tally, struct error *err)
{
    struct tally_source source = pipeline_source(pipeline);
    return tally_run(&source, tally, err);
}

void pipeline_close(struct pipeline *pipeline)
{
    if (pipeline->has_population)
        population_release(&pipeline->population);
    if (pipeline->has_catalogue)
        catalogue_close(&pipeline->catalogue);
    if (pipeline->has_state)
        scan_state_release(&pipeline->state);
    if (pipeline->has_plan)
        plan_release(&pipeline->plan);
    memset(pipeline, 0, sizeof *pipeline);
}
