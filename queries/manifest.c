/* manifest.json and the joining of catalogues: see manifest.h. */
#include "queries/manifest.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/json_io.h"
#include "base/memory.h"
#include "queries/catalogue/catalogue.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANIFEST_VERSION = 1 };

/* Adds the content of the segment at DIR; of a base segment also its input's line to LOGS, where
 * *KNOWN turns false if no SHA-256 was computed. LOGS is NULL for others. */
static enum status add_segment(struct digest *catalogue, struct digest *logs, const char *dir,
                               bool *known, struct error *err)
{
    struct segment *segment = NULL;
    TRY(segment_open(&segment, dir, err));
    enum status status = digest_add_text(catalogue, segment_content(segment), err);
    const json_t *input = json_object_get(segment_meta(segment), "input");
    const char *sha256 = json_string_value(json_object_get(input, "sha256"));
    if (status == STATUS_OK && logs && sha256) {
        char line[160];
        snprintf(line, sizeof line, "%.64s  %" PRId64 "  %" PRId64 "\n", sha256,
                 (int64_t)json_integer_value(json_object_get(input, "digest_start")),
                 (int64_t)json_integer_value(json_object_get(input, "digest_bytes")));
        status = digest_add(logs, line, strlen(line), err);
    } else if (logs) {
        *known = *known && sha256;
    }
    segment_close(segment);
    return status;
}

static enum status end_hex(struct digest *digest, char hex[static 65], struct error *err)
{
    struct sha256 value;
    TRY(digest_end(digest, &value, err));
    sha256_hex(&value, hex);
    return STATUS_OK;
}

enum status manifest_digest(const struct scan_state *state, const struct plan *plan,
                            struct manifest_digests *out, struct error *err)
{
    enum status status = STATUS_OK;
    bool known = true;
    struct digest *catalogue = digest_new(), *logs = digest_new();
    if (!catalogue || !logs) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t i = 0; i < state->logs.part_count; i++) {
        const struct scan_part *part = &state->parts[i];
        TRY_CLEANUP(add_segment(catalogue, logs, part->base_dir, &known, err));
        for (size_t q = 0; q < plan->query_count; q++)
            if (part->hits_dirs[q])
                TRY_CLEANUP(add_segment(catalogue, NULL, part->hits_dirs[q], &known, err));
    }
    TRY_CLEANUP(end_hex(catalogue, out->catalogue, err));
    TRY_CLEANUP(end_hex(logs, out->logs, err));
    if (!known || !plan->logs.digest)
        memcpy(out->logs, "none", 5);
cleanup:
    digest_free(catalogue);
    digest_free(logs);
    return status;
}

/* One part as the manifest shows it: its input and counts, or just its name where it is missing. */
static enum status add_part(const struct scan_state *state, size_t i, json_t *parts,
                            struct error *err)
{
    const struct scan_part *part = &state->parts[i];
    const struct log_part *range = &state->logs.parts[i];
    struct segment *base = NULL;
    json_t *entry;
    bool bad = false;
    if (part->base_ready) {
        TRY(segment_open(&base, part->base_dir, err));
        const char *key = strrchr(part->base_dir, '/') - 16;
        entry = json_pack("{s:I, s:s%, s:s, s:s}", "ordinal", (json_int_t)i, "key", key, (size_t)16,
                          "base", path_base(part->base_dir), "content", segment_content(base));
        bad = json_object_update(entry, (json_t *)(uintptr_t)segment_meta(base)) != 0;
        segment_close(base);
    } else {
        entry = json_pack("{s:I, s:s, s:I, s:b}", "ordinal", (json_int_t)i, "name",
                          state->logs.files[range->file].name, "start", (json_int_t)range->start,
                          "missing", 1);
    }
    bad = bad || json_array_append(parts, entry) != 0;
    json_decref(entry);
    return bad ? error_nomem(err) : STATUS_OK;
}

/* A catalogue that is up to date may be read-only. */
static bool holds_already(const char *path, const char *text)
{
    char *there = NULL;
    size_t len = 0;
    bool same = file_read(path, (size_t)1 << 30, &there, &len, NULL) == STATUS_OK &&
                len == strlen(text) && memcmp(there, text, len) == 0;
    free(there);
    return same;
}

/* As a writer of the catalogue, which also clears what a killed one left aside. */
static enum status write_locked(const char *catalogue, const char *path, const char *text,
                                struct error *err)
{
    int lock = -1;
    TRY(catalogue_lock(catalogue, &lock, err));
    enum status status = file_write(path, text, strlen(text), 0600, err);
    catalogue_unlock(lock);
    return status;
}

enum status manifest_write(const struct scan_state *state, const struct plan *plan,
                           struct error *err)
{
    enum status status = STATUS_OK;
    char *text = NULL, *path = path_join(state->catalogue, "manifest.json");
    json_t *parts = json_array(), *queries = json_array();
    json_t *root =
        json_pack("{s:i, s:s, s:s, s:O?, s:O?}", "proffer_catalogue", MANIFEST_VERSION, "program",
                  PROFFER_VERSION, "scan", plan->scan_digest, "parts", parts, "queries", queries);
    bool bad = !path || !parts || !queries || !root;
    for (size_t i = 0; !bad && i < state->logs.part_count; i++)
        TRY_CLEANUP(add_part(state, i, parts, err));
    for (size_t q = 0; !bad && q < plan->query_count; q++)
        if (plan->queries[q].scan_digest[0])
            bad = json_array_append_new(queries, json_pack("{s:s, s:s}", "id", plan->queries[q].id,
                                                           "scan", plan->queries[q].scan_digest)) !=
                  0;
    text = bad ? NULL : json_text_make(root, JSON_SORT_KEYS | JSON_INDENT(1));
    if (!text)
        status = error_nomem(err);
    else if (!holds_already(path, text))
        status = write_locked(state->catalogue, path, text, err);
cleanup:
    json_decref(root);
    json_decref(parts);
    json_decref(queries);
    free(text);
    free(path);
    return status;
}

/* ---- merge ---- */

static enum status copy_segment(const char *from, const char *to, struct error *err)
{
    enum status status = STATUS_OK;
    struct segment *segment = NULL;
    struct segment_out *out = NULL;
    TRY_CLEANUP(segment_open(&segment, from, err));
    TRY_CLEANUP(segment_out_open(&out, to, err));
    for (const char *file = segment_first_file(segment); file;
         file = segment_next_file(segment, file)) {
        const void *bytes;
        size_t len;
        TRY_CLEANUP(segment_file(segment, file, &bytes, &len, err));
        TRY_CLEANUP(segment_out_file(out, file, bytes, len, err));
    }
    struct segment_out *done = out;
    out = NULL;
    status = segment_out_commit(done, (json_t *)(uintptr_t)segment_meta(segment), err);
cleanup:
    segment_out_abandon(out);
    segment_close(segment);
    return status;
}

/* Calls EACH(from, to) for every folder in FROM, with its namesake in TO. */
static enum status each_dir(const char *from, const char *to,
                            enum status (*each)(const char *from, const char *to, size_t *copied,
                                                struct error *err),
                            size_t *copied, struct error *err)
{
    DIR *dir = opendir(from);
    if (!dir)
        return error_errno(err, STATUS_INPUT, errno, NULL, "cannot read folder \"%s\"", from);
    enum status status = STATUS_OK;
    struct dirent *entry;
    while (status == STATUS_OK && (errno = 0, entry = readdir(dir))) {
        if (entry->d_name[0] == '.' || strstr(entry->d_name, ".tmp-"))
            continue;
        char *inner = path_join(from, entry->d_name), *outer = path_join(to, entry->d_name);
        status = inner && outer ? each(inner, outer, copied, err) : error_nomem(err);
        free(inner);
        free(outer);
    }
    if (status == STATUS_OK && errno)
        status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot read folder \"%s\"", from);
    closedir(dir);
    return status;
}

static enum status merge_segment(const char *from, const char *to, size_t *copied,
                                 struct error *err)
{
    struct segment *there = NULL, *here = NULL;
    bool same = segment_open(&there, to, NULL) == STATUS_OK &&
                segment_open(&here, from, NULL) == STATUS_OK &&
                strcmp(segment_content(there), segment_content(here)) == 0;
    segment_close(there);
    segment_close(here);
    if (same)
        return STATUS_OK;
    TRY(copy_segment(from, to, err));
    ++*copied;
    return STATUS_OK;
}

static enum status merge_part(const char *from, const char *to, size_t *copied, struct error *err)
{
    TRY(dir_make(to, 0700, err));
    return each_dir(from, to, merge_segment, copied, err);
}

enum status manifest_merge(const char *into, char *const *from, size_t count, size_t *copied,
                           struct error *err)
{
    int lock = -1;
    *copied = 0;
    char *to = path_join(into, "parts");
    if (!to)
        return error_nomem(err);
    enum status status = catalogue_lock(into, &lock, err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        char *parts = path_join(from[i], "parts");
        status = parts ? each_dir(parts, to, merge_part, copied, err) : error_nomem(err);
        free(parts);
    }
    catalogue_unlock(lock);
    free(to);
    return status;
}
