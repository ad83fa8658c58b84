/* The stages joined: see pipeline.h. */
#include "cli/pipeline.h"

#include "base/memory.h"
#include "cli/meter.h"
#include "cli/options.h"
#include "queries/catalogue/settle.h"
#include "queries/tally_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status pipeline_plan(struct pipeline *pipeline, const struct arguments *arguments,
                          struct error *err)
{
    memset(pipeline, 0, sizeof *pipeline);
    pipeline->has_plan = true;
    TRY(plan_read(&pipeline->plan, arguments->words[0], arguments->values[OPTION_STRICT] != NULL,
                  err));
    if (!arguments->values[OPTION_QUIET])
        for (size_t i = 0; i < pipeline->plan.warning_count; i++)
            fprintf(stderr, "warning: %s\n", pipeline->plan.warnings[i]);
    return STATUS_OK;
}

/* "2/4": the second of four. */
static enum status parse_shard(const char *text, struct scan_options *options, struct error *err)
{
    char *end;
    unsigned long i = strtoul(text, &end, 10);
    unsigned long n = *end == '/' && end > text ? strtoul(end + 1, &end, 10) : 0;
    if (*end || text[0] < '0' || text[0] > '9' || i < 1 || n < i || n > 1000000)
        return error_set(err, STATUS_USAGE, "--shard", "\"%s\" is not I/N with 1 <= I <= N", text);
    options->shard = (uint32_t)(i - 1);
    options->shards = (uint32_t)n;
    return STATUS_OK;
}

enum status pipeline_scan(struct pipeline *pipeline, const struct arguments *arguments,
                          struct error *err)
{
    struct scan_options options = {.catalogue = arguments->values[OPTION_CATALOGUE],
                                   .rehash = arguments->values[OPTION_REHASH] != NULL};
    struct meter meter;
    uint64_t threads;
    TRY(options_number(arguments, OPTION_THREADS, 1, 1024, 0, &threads, err));
    options.threads = (unsigned)threads;
    if (arguments->values[OPTION_SHARD])
        TRY(parse_shard(arguments->values[OPTION_SHARD], &options, err));
    pipeline->has_state = true;
    TRY(scan_state_init(&pipeline->state, &pipeline->plan, &options, err));
    if (!pipeline->state.stale)
        return manifest_write(&pipeline->state, &pipeline->plan, err);
    meter_init(&meter, arguments->values[OPTION_QUIET] != NULL);
    if (meter.on)
        options.progress = &meter.progress;
    enum status status =
        scan_run(&pipeline->state, &pipeline->plan, &options, &pipeline->scanned, err);
    meter_end(&meter);
    TRY(status);
    return manifest_write(&pipeline->state, &pipeline->plan, err);
}

enum status pipeline_population(struct pipeline *pipeline, struct error *err)
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
    return population_init(&pipeline->population, &pipeline->catalogue, &pipeline->plan, err);
}

enum status pipeline_open(struct pipeline *pipeline, const struct arguments *arguments,
                          struct error *err)
{
    TRY(pipeline_plan(pipeline, arguments, err));
    TRY(pipeline_scan(pipeline, arguments, err));
    return pipeline_population(pipeline, err);
}

enum status pipeline_tally(const struct pipeline *pipeline, struct tally *tally, struct error *err)
{
    struct tally_source source = {&pipeline->plan, &pipeline->state, &pipeline->catalogue,
                                  &pipeline->population};
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
