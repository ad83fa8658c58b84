/*
 * The stages joined: plan -> scan -> catalogue -> population -> tally -> gate -> answers.
 */
#ifndef PROFFER_PIPELINE_H
#define PROFFER_PIPELINE_H

#include "base/error.h"
#include "cli/command.h"
#include "queries/catalogue/catalogue.h"
#include "queries/manifest.h"
#include "queries/plan.h"
#include "queries/population.h"
#include "queries/scan.h"
#include "queries/tally.h"
#include "queries/tally_source.h"

#include <stdbool.h>

struct pipeline {
    struct plan plan;
    const struct plan *scanned_plan; /* the plan, or one with more queries after its own */
    struct scan_options options;
    struct scan_state state;
    struct scan_summary scanned;
    struct manifest_digests digests;
    struct catalogue catalogue;
    struct population population;
    bool has_plan, has_state, has_catalogue, has_population;
};

/* Checks the options that all scanning commands have, then reads the plan. Close it also on
 * failure. */
PROFFER_MUST_USE enum status pipeline_plan(struct pipeline *pipeline,
                                           const struct arguments *arguments, struct error *err);

/* Tells the plan's first warnings on stderr, unless quiet. */
void pipeline_warn(const struct pipeline *pipeline, const struct arguments *arguments);

/* Looks what the catalogue has and what is stale; touches no log's text. */
PROFFER_MUST_USE enum status pipeline_look(struct pipeline *pipeline, struct error *err);

/* The same for PLAN, which is the pipeline's with more queries after its own, and must live as
 * long: the scan looks for them, too. Nothing else sees them. */
PROFFER_MUST_USE enum status pipeline_extend(struct pipeline *pipeline, const struct plan *plan,
                                             struct error *err);

/* Scans what is missing, or the shard asked for, and writes the manifest. */
PROFFER_MUST_USE enum status pipeline_scan(struct pipeline *pipeline,
                                           const struct arguments *arguments, struct error *err);

/* After a whole scan: opens the catalogue, settles it, finds the population. Warns on stderr,
 * unless quiet, where nothing is in it and of files of which records are lost. */
PROFFER_MUST_USE enum status pipeline_population(struct pipeline *pipeline,
                                                 const struct arguments *arguments,
                                                 struct error *err);

/* The same without the rows by user (population_init_rows): for frames and draws that need none. */
PROFFER_MUST_USE enum status pipeline_population_rows(struct pipeline *pipeline,
                                                      const struct arguments *arguments,
                                                      struct error *err);

/* Plan, scan and population, one after another. */
PROFFER_MUST_USE enum status pipeline_open(struct pipeline *pipeline,
                                           const struct arguments *arguments, struct error *err);

/* What tallies, frames and samples are made from, after pipeline_population. */
struct tally_source pipeline_source(const struct pipeline *pipeline);

PROFFER_MUST_USE enum status pipeline_tally(const struct pipeline *pipeline, struct tally *tally,
                                            struct error *err);

void pipeline_close(struct pipeline *pipeline);

#endif
