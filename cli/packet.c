/* proffer packet: what reviewers read and fill in. Internal. */
#include "queries/packet.h"
#include "cli/options.h"
#include "cli/pipeline.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool same_file(const char *a, const char *b)
{
    struct stat left, right;
    if (strcmp(a, b) == 0)
        return true;
    return stat(a, &left) == 0 && stat(b, &right) == 0 && left.st_dev == right.st_dev &&
           left.st_ino == right.st_ino;
}

/* The relevance query of the sample at PATH; for checks the one whose labels are to be checked. */
static enum status find_query(const struct plan *plan, const char *path, bool checks,
                              size_t *number, struct error *err)
{
    size_t found = 0;
    for (size_t i = 0; i < plan->query_count; i++) {
        const struct plan_query *query = &plan->queries[i];
        if (!query->sample_path || !same_file(query->sample_path, path) ||
            (checks && !query->check_path && !query->usual_check_path))
            continue;
        if (found++ == 0)
            *number = i;
    }
    if (found == 1 || (found > 1 && !checks))
        return STATUS_OK;
    (void)error_set(err, STATUS_PLAN, plan->path,
                    found ? "several relevance queries check labels of the sample \"%s\""
                    : checks
                        ? "no relevance query whose labels can be checked names the sample \"%s\""
                        : "no query names the sample \"%s\"",
                    path);
    return error_hint(err, checks ? "labels are checked where the method is \"equal-tailed\"; with "
                                    "several such queries the one that is meant has "
                                    "\"adjudication\": { \"labels\": \"adjudicated.csv\" }"
                                  : "a packet is made of a sample that the plan names");
}

static char *default_dir(const char *sample, bool checks)
{
    size_t len = strlen(sample);
    if (len > 5 && strcmp(sample + len - 5, ".json") == 0)
        len -= 5;
    return mem_printf("%.*s.%s", (int)len, sample, checks ? "adjudication" : "packet");
}

static enum status all_units(const struct labelled_sample *labelled, uint32_t **numbers,
                             size_t *count, struct error *err)
{
    *count = labelled_sample_ids(labelled)->count;
    *numbers = mem_zalloc(*count, sizeof **numbers);
    if (!*numbers)
        return error_nomem(err);
    for (size_t i = 0; i < *count; i++)
        (*numbers)[i] = (uint32_t)i;
    return STATUS_OK;
}

/* Where the filled label sheet belongs: a file for each query that asks for labels of the sample.
 */
static void tell_labels(const struct plan *plan, const char *path, bool checks, const char *dir)
{
    for (size_t i = 0; i < plan->query_count; i++) {
        const struct plan_query *query = &plan->queries[i];
        const char *labels = !checks             ? query->labels_path
                             : query->check_path ? query->check_path
                                                 : query->usual_check_path;
        if (query->sample_path && labels && same_file(query->sample_path, path))
            printf("next: fill in %s/labels.csv and save it as %s (query %s)\n", dir, labels,
                   query->id);
    }
}

enum status command_packet(const struct arguments *arguments, struct error *err)
{
    struct pipeline pipeline;
    struct labelled_sample labelled = {.laid = {.strata = {.arena = ARENA_INIT}}};
    struct packet_summary summary;
    enum status status = STATUS_OK;
    const char *path = arguments->words[1], *dir = arguments->values[OPTION_OUTPUT];
    bool checks = arguments->values[OPTION_ADJUDICATE], there = false;
    uint64_t size;
    uint32_t *numbers = NULL;
    size_t number = 0, count = 0;
    char *own_dir = NULL;
    TRY(options_number(arguments, OPTION_ADJUDICATE, 0, UINT32_MAX, 0, &size, err));
    TRY_CLEANUP(pipeline_plan(&pipeline, arguments, err));
    TRY_CLEANUP(find_query(&pipeline.plan, path, checks, &number, err));
    if (!dir && !(dir = own_dir = default_dir(path, checks))) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(pipeline_scan(&pipeline, arguments, err));
    TRY_CLEANUP(pipeline_population(&pipeline, arguments, err));
    struct tally_source source = pipeline_source(&pipeline);
    TRY_CLEANUP(checks ? labelled_sample_open(&labelled, &source, number, &there, err)
                       : labelled_sample_find(&labelled, &source, number, &there, err));
    if (!there) {
        status = error_set(err, STATUS_PLAN, path, "there is no sample");
        error_hint(err, "proffer draw makes it");
        goto cleanup;
    }
    TRY_CLEANUP(checks ? packet_checks(&labelled, size, &numbers, &count, err)
                       : all_units(&labelled, &numbers, &count, err));
    TRY_CLEANUP(packet_write(&labelled, numbers, count, dir, &summary, err));
    if (!arguments->values[OPTION_QUIET]) {
        printf("%" PRIu64 " %s, read from %" PRIu64 " conversations\n"
               "packet: %s (internal: it holds their text)\n",
               summary.units,
               unit_plurals[labelled.clustered ? labelled.element_units.kind : labelled.units.kind],
               summary.conversations, dir);
        tell_labels(&pipeline.plan, path, checks, dir);
    }
cleanup:
    free(numbers);
    free(own_dir);
    labelled_sample_release(&labelled);
    pipeline_close(&pipeline);
    return status;
}
