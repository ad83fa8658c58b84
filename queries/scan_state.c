/*
 * What the catalogue has of a log set: which segments are there, whole and fresh. Stale means that
 * an input's size or time or a scan digest changed (or, with rehash, its SHA-256).
 */
#include "base/digest.h"
#include "base/memory.h"
#include "queries/catalogue/catalogue.h"
#include "queries/question_set.h"
#include "queries/scan.h"

#include <stdlib.h>
#include <string.h>

/* Does META (a base segment's) describe this part of this file as it is now? */
static enum status is_fresh(const json_t *meta, const struct log_file *file,
                            const struct log_part *part, const struct plan *plan, bool rehash,
                            bool *fresh, struct error *err)
{
    *fresh = false;
    const json_t *input = json_object_get(meta, "input");
    const char *name = json_string_value(json_object_get(input, "name"));
    const char *digest = json_string_value(json_object_get(input, "sha256"));
    if (!name || strcmp(name, file->name) != 0 ||
        (uint64_t)json_integer_value(json_object_get(input, "start")) != part->start ||
        (uint64_t)json_integer_value(json_object_get(input, "end")) != part->end ||
        (uint64_t)json_integer_value(json_object_get(input, "size")) != file->size)
        return STATUS_OK;
    if (plan->logs.digest && !digest)
        return STATUS_OK;
    if (!rehash || !digest) {
        *fresh = json_integer_value(json_object_get(input, "mtime_ns")) == file->mtime_ns;
        return STATUS_OK;
    }
    struct sha256 value;
    char hex[65];
    uint64_t start = (uint64_t)json_integer_value(json_object_get(input, "digest_start"));
    uint64_t bytes = (uint64_t)json_integer_value(json_object_get(input, "digest_bytes"));
    TRY(sha256_of_file(file->path, start, bytes, &value, err));
    sha256_hex(&value, hex);
    *fresh = strcmp(hex, digest) == 0;
    return STATUS_OK;
}

/* Opens a segment that may be missing or damaged: then *SEGMENT is NULL. */
static enum status open_if_whole(struct segment **segment, const char *dir, struct error *err)
{
    enum status status = segment_open(segment, dir, err);
    return status == STATUS_INPUT ? STATUS_OK : status;
}

/* Is there a segment of hits or of words that belongs to this base? */
static enum status hits_fit(const char *dir, const char *base_content, bool *fit, struct error *err)
{
    struct segment *segment = NULL;
    TRY(open_if_whole(&segment, dir, err));
    const char *base =
        segment ? json_string_value(json_object_get(segment_meta(segment), "base")) : NULL;
    *fit = base && strcmp(base, base_content) == 0;
    segment_close(segment);
    return STATUS_OK;
}

static enum status find_part(struct scan_state *state, size_t i, const struct plan *plan,
                             const struct scan_options *options, struct error *err)
{
    struct scan_part *part = &state->parts[i];
    const struct log_part *range = &state->logs.parts[i];
    const struct log_file *file = &state->logs.files[range->file];
    char *dir = catalogue_part_dir(state->catalogue, file->name, range->start);
    if (!dir)
        return error_nomem(err);
    enum status status = STATUS_OK;
    struct segment *base = NULL;
    bool stale = false;
    part->base_dir = catalogue_segment_dir(dir, "base", plan->scan_digest);
    part->hits_dirs = mem_zalloc(plan->query_count, sizeof *part->hits_dirs);
    part->hits_ready = mem_zalloc(plan->query_count, sizeof *part->hits_ready);
    part->words_dirs = mem_zalloc(plan->query_count, sizeof *part->words_dirs);
    part->words_ready = mem_zalloc(plan->query_count, sizeof *part->words_ready);
    if (!part->base_dir || !part->hits_dirs || !part->hits_ready || !part->words_dirs ||
        !part->words_ready) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(open_if_whole(&base, part->base_dir, err));
    if (base)
        TRY_CLEANUP(is_fresh(segment_meta(base), file, range, plan, options->rehash,
                             &part->base_ready, err));
    stale = !part->base_ready;
    for (size_t q = 0; q < plan->query_count; q++) {
        const struct plan_query *query = &plan->queries[q];
        if (!query_reads_text(query))
            continue;
        part->hits_dirs[q] = catalogue_segment_dir(dir, "hits", query->scan_digest);
        part->words_dirs[q] = catalogue_segment_dir(dir, "words", query->scan_digest);
        if (!part->hits_dirs[q] || !part->words_dirs[q]) {
            status = error_nomem(err);
            goto cleanup;
        }
        if (part->base_ready) {
            TRY_CLEANUP(
                hits_fit(part->hits_dirs[q], segment_content(base), &part->hits_ready[q], err));
            TRY_CLEANUP(
                hits_fit(part->words_dirs[q], segment_content(base), &part->words_ready[q], err));
        }
        part->hits_ready[q] &= part->words_ready[q] || !options->need_words;
        stale |= !part->hits_ready[q];
    }
    state->stale += stale;
cleanup:
    segment_close(base);
    free(dir);
    return status;
}

enum status scan_state_init(struct scan_state *state, const struct plan *plan,
                            const struct scan_options *options, struct error *err)
{
    *state = (struct scan_state){.query_count = plan->query_count};
    state->catalogue = mem_strdup(options->catalogue ? options->catalogue : plan->catalogue);
    if (!state->catalogue)
        return error_nomem(err);
    TRY(scan_setup_init(&state->setup, plan, err));
    state->setup.logs.part_bytes = options->part_bytes;
    TRY(log_set_open(&state->logs, &state->setup.logs, err));
    state->parts = mem_zalloc(state->logs.part_count, sizeof *state->parts);
    if (!state->parts)
        return error_nomem(err);
    for (size_t i = 0; i < state->logs.part_count; i++)
        TRY(find_part(state, i, plan, options, err));
    return STATUS_OK;
}

void scan_state_release(struct scan_state *state)
{
    for (size_t i = 0; state->parts && i < state->logs.part_count; i++) {
        struct scan_part *part = &state->parts[i];
        for (size_t q = 0; part->hits_dirs && q < state->query_count; q++)
            free(part->hits_dirs[q]);
        for (size_t q = 0; part->words_dirs && q < state->query_count; q++)
            free(part->words_dirs[q]);
        free(part->hits_dirs);
        free(part->words_dirs);
        free(part->words_ready);
        free(part->hits_ready);
        free(part->base_dir);
    }
    free(state->parts);
    log_set_release(&state->logs);
    scan_setup_release(&state->setup);
    free(state->catalogue);
    *state = (struct scan_state){.query_count = 0};
}
