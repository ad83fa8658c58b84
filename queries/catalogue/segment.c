/* Segments: see segment.h. */
#include "queries/catalogue/segment.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEGMENT_VERSION = 1 };

struct segment_out {
    char *path, *aside;
    json_t *files; /* name -> {bytes, sha256} */
};

enum status segment_out_open(struct segment_out **out, const char *path, struct error *err)
{
    struct segment_out *made = mem_zalloc(1, sizeof *made);
    *out = NULL;
    if (!made)
        return error_nomem(err);
    made->path = mem_strdup(path);
    made->aside = file_aside_name(path);
    made->files = json_object();
    if (!made->path || !made->aside || !made->files) {
        segment_out_abandon(made);
        return error_nomem(err);
    }
    enum status status = dir_remove(made->aside, err);
    if (status == STATUS_OK)
        status = dir_make(made->aside, 0700, err);
    if (status != STATUS_OK) {
        segment_out_abandon(made);
        return status;
    }
    *out = made;
    return STATUS_OK;
}

/* One or two runs of bytes as a whole, synced file. */
static enum status write_file(struct segment_out *out, const char *name, const void *head,
                              size_t head_len, const void *body, size_t body_len, struct error *err)
{
    enum status status = STATUS_OK;
    struct file_out file = {NULL, NULL, NULL};
    struct digest *digest = digest_new();
    char *path = path_join(out->aside, name);
    struct sha256 value;
    char hex[65];
    if (!digest || !path) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(digest_add(digest, head, head_len, err));
    TRY_CLEANUP(digest_add(digest, body, body_len, err));
    TRY_CLEANUP(digest_end(digest, &value, err));
    TRY_CLEANUP(file_out_open(&file, path, 0600, err));
    if (head_len)
        fwrite(head, 1, head_len, file.stream); /* checked at commit */
    if (body_len)
        fwrite(body, 1, body_len, file.stream);
    TRY_CLEANUP(file_out_commit(&file, err));
    sha256_hex(&value, hex);
    json_t *entry =
        json_pack("{s:I, s:s}", "bytes", (json_int_t)(head_len + body_len), "sha256", hex);
    if (!entry || json_object_set_new(out->files, name, entry) != 0)
        status = error_nomem(err);
cleanup:
    file_out_abandon(&file);
    free(path);
    digest_free(digest);
    return status;
}

enum status segment_out_file(struct segment_out *out, const char *name, const void *bytes,
                             size_t len, struct error *err)
{
    return write_file(out, name, "", 0, bytes, len, err);
}

enum status segment_out_column(struct segment_out *out, const char *name, enum npy_type type,
                               const void *values, size_t count, struct error *err)
{
    char header[NPY_HEADER_MAX];
    size_t head = npy_header(type, count, header);
    char *file = mem_printf("%s.npy", name);
    if (!file)
        return error_nomem(err);
    enum status status = write_file(out, file, header, head, values, count * npy_size(type), err);
    free(file);
    return status;
}

enum status segment_out_strings(struct segment_out *out, const char *name, const uint64_t *offsets,
                                size_t count, const char *bytes, struct error *err)
{
    char *offsets_name = mem_printf("%s.offsets", name);
    char *bytes_name = mem_printf("%s.bytes", name);
    enum status status = STATUS_OK;
    if (!offsets_name || !bytes_name) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(segment_out_column(out, offsets_name, NPY_U64, offsets, count + 1, err));
    TRY_CLEANUP(
        segment_out_column(out, bytes_name, NPY_U8, bytes ? bytes : "", offsets[count], err));
cleanup:
    free(offsets_name);
    free(bytes_name);
    return status;
}

/* SHA-256 over the compact JSON of the file table with sorted keys. */
static enum status content_digest(const json_t *files, char hex[static 65], struct error *err)
{
    /* Jansson iterates in order of insertion; sorting through its own dump is the shortest way. */
    char *text = json_dumps(files, JSON_SORT_KEYS | JSON_COMPACT);
    if (!text)
        return error_nomem(err);
    struct sha256 value;
    enum status status = sha256_of(text, strlen(text), &value, err);
    if (status == STATUS_OK)
        sha256_hex(&value, hex);
    free(text);
    return status;
}

enum status segment_out_commit(struct segment_out *out, json_t *meta, struct error *err)
{
    enum status status = STATUS_OK;
    char *text = NULL, *path = NULL;
    char hex[65];
    json_t *root = NULL;
    TRY_CLEANUP(content_digest(out->files, hex, err));
    root = json_pack("{s:i, s:s, s:O, s:O}", "proffer_segment", SEGMENT_VERSION, "content", hex,
                     "files", out->files, "meta", meta);
    text = root ? json_dumps(root, JSON_SORT_KEYS | JSON_INDENT(1)) : NULL;
    path = path_join(out->aside, "segment.json");
    if (!text || !path) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(file_write(path, text, strlen(text), 0600, err));
    TRY_CLEANUP(dir_sync(out->aside, err));
    TRY_CLEANUP(dir_remove(out->path, err));
    TRY_CLEANUP(dir_rename(out->aside, out->path, err));
    free(out->aside);
    out->aside = NULL;
cleanup:
    json_decref(root);
    free(text);
    free(path);
    segment_out_abandon(out);
    return status;
}

void segment_out_abandon(struct segment_out *out)
{
    if (!out)
        return;
    if (out->aside)
        (void)!dir_remove(out->aside, NULL);
    json_decref(out->files);
    free(out->aside);
    free(out->path);
    free(out);
}

/* ---- reading ---- */

struct mapped {
    char *name;
    void *bytes;
    size_t len;
    struct mapped *next;
};

struct segment {
    char *path;
    json_t *root, *files, *meta;
    const char *content;
    struct mapped *mapped;
};

static enum status damaged(struct error *err, const char *path, const char *what)
{
    enum status status =
        error_set(err, STATUS_INPUT, NULL, "catalogue segment \"%s\" is damaged: %s", path, what);
    error_hint(err, "remove that folder and scan again");
    return status;
}

enum status segment_open(struct segment **segment, const char *path, struct error *err)
{
    enum { JSON_MAX = 64 << 20 };
    *segment = NULL;
    enum status status = STATUS_OK;
    char *text = NULL, *file = path_join(path, "segment.json");
    size_t len = 0;
    char hex[65];
    struct segment *made = mem_zalloc(1, sizeof *made);
    if (!made || !file || !(made->path = mem_strdup(path))) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(file_read(file, JSON_MAX, &text, &len, err));
    made->root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    int version = 0;
    if (!made->root ||
        json_unpack(made->root, "{s:i, s:s, s:o, s:o}", "proffer_segment", &version, "content",
                    &made->content, "files", &made->files, "meta", &made->meta) != 0) {
        status = damaged(err, path, "segment.json cannot be read");
        goto cleanup;
    }
    if (version != SEGMENT_VERSION) {
        status = damaged(err, path, "another version of this program wrote it");
        goto cleanup;
    }
    TRY_CLEANUP(content_digest(made->files, hex, err));
    if (strcmp(hex, made->content) != 0) {
        status = damaged(err, path, "segment.json does not match its digest");
        goto cleanup;
    }
    *segment = made;
    made = NULL;
cleanup:
    segment_close(made);
    free(text);
    free(file);
    return status;
}

void segment_close(struct segment *segment)
{
    if (!segment)
        return;
    for (struct mapped *at = segment->mapped; at;) {
        struct mapped *next = at->next;
        if (at->len)
            munmap(at->bytes, at->len);
        free(at->name);
        free(at);
        at = next;
    }
    json_decref(segment->root);
    free(segment->path);
    free(segment);
}

const json_t *segment_meta(const struct segment *segment)
{
    return segment->meta;
}

const char *segment_content(const struct segment *segment)
{
    return segment->content;
}

bool segment_has(const struct segment *segment, const char *file)
{
    return json_object_get(segment->files, file) != NULL;
}

const char *segment_first_file(const struct segment *segment)
{
    return json_object_iter_key(json_object_iter(segment->files));
}

const char *segment_next_file(const struct segment *segment, const char *file)
{
    return json_object_iter_key(
        json_object_iter_next(segment->files, json_object_iter_at(segment->files, file)));
}

/* Maps PATH whole; *LEN must be its size. */
static enum status map_file(const char *path, size_t wanted, void **bytes, struct error *err)
{
    *bytes = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(err, STATUS_INPUT, errno, NULL, "cannot open \"%s\"", path);
    enum status status = STATUS_OK;
    struct stat info;
    if (fstat(fd, &info) != 0 || info.st_size < 0 || (uint64_t)info.st_size != wanted) {
        status = damaged(err, path, "its size has changed");
    } else if (wanted) {
        void *map = mmap(NULL, wanted, PROT_READ, MAP_PRIVATE, fd, 0);
        if (map == MAP_FAILED)
            status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot map \"%s\"", path);
        else
            *bytes = map;
    }
    close(fd);
    return status;
}

enum status segment_file(struct segment *segment, const char *file, const void **bytes, size_t *len,
                         struct error *err)
{
    *bytes = "";
    *len = 0;
    for (struct mapped *at = segment->mapped; at; at = at->next)
        if (strcmp(at->name, file) == 0) {
            if (at->len)
                *bytes = at->bytes;
            *len = at->len;
            return STATUS_OK;
        }
    json_int_t size = 0;
    const char *expected = NULL;
    const json_t *entry = json_object_get(segment->files, file);
    if (!entry ||
        json_unpack((json_t *)entry, "{s:I, s:s}", "bytes", &size, "sha256", &expected) != 0 ||
        size < 0)
        return damaged(err, segment->path, file);

    enum status status = STATUS_OK;
    struct sha256 value;
    char hex[65];
    char *path = path_join(segment->path, file);
    struct mapped *made = mem_zalloc(1, sizeof *made);
    if (!path || !made || !(made->name = mem_strdup(file))) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(map_file(path, (size_t)size, &made->bytes, err));
    made->len = (size_t)size;
    made->next = segment->mapped;
    segment->mapped = made;
    struct mapped *kept = made;
    made = NULL;
    TRY_CLEANUP(sha256_of(kept->len ? kept->bytes : "", kept->len, &value, err));
    sha256_hex(&value, hex);
    if (strcmp(hex, expected) != 0) {
        status = damaged(err, path, "its SHA-256 does not match");
        goto cleanup;
    }
    if (kept->len)
        *bytes = kept->bytes;
    *len = kept->len;
cleanup:
    if (made)
        free(made->name);
    free(made);
    free(path);
    return status;
}

enum status segment_column(struct segment *segment, const char *name, enum npy_type type,
                           size_t count, const void **values, size_t *got, struct error *err)
{
    char *file = mem_printf("%s.npy", name);
    if (!file)
        return error_nomem(err);
    const void *bytes;
    size_t len, found = 0;
    enum status status = segment_file(segment, file, &bytes, &len, err);
    if (status == STATUS_OK)
        status = npy_read(bytes, len, type, file, values, &found, err);
    if (status == STATUS_OK && count != SIZE_MAX && found != count)
        status = damaged(err, segment->path, file);
    if (got)
        *got = found;
    free(file);
    return status;
}

enum status segment_strings(struct segment *segment, const char *name, struct segment_strings *out,
                            struct error *err)
{
    char *offsets_name = mem_printf("%s.offsets", name);
    char *bytes_name = mem_printf("%s.bytes", name);
    enum status status = STATUS_OK;
    const void *offsets = NULL, *bytes = NULL;
    size_t offset_count = 0, byte_count = 0;
    if (!offsets_name || !bytes_name) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(
        segment_column(segment, offsets_name, NPY_U64, SIZE_MAX, &offsets, &offset_count, err));
    TRY_CLEANUP(segment_column(segment, bytes_name, NPY_U8, SIZE_MAX, &bytes, &byte_count, err));
    *out = (struct segment_strings){offsets, bytes, offset_count ? offset_count - 1 : 0};
    bool ordered =
        offset_count > 0 && out->offsets[0] == 0 && out->offsets[out->count] == byte_count;
    for (size_t i = 0; ordered && i < out->count; i++)
        ordered = out->offsets[i] <= out->offsets[i + 1];
    if (!ordered)
        status = damaged(err, segment->path, name);
cleanup:
    free(offsets_name);
    free(bytes_name);
    return status;
}
