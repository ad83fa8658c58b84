/* Writing a segment: see segment.h. */
#include "queries/catalogue/segment.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/json_io.h"
#include "base/memory.h"
#include "queries/catalogue/segment_form.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool segment_name_good(const char *name)
{
    size_t len = strlen(name);
    return len > 0 && len <= SEGMENT_NAME_MAX && name[0] != '.' && !strchr(name, '/') &&
           strcmp(name, "segment.json") != 0;
}

enum status segment_json_digest(const json_t *part, char hex[static 65], struct error *err)
{
    char *text = json_text_make(part, JSON_SORT_KEYS | JSON_COMPACT);
    if (!text)
        return error_nomem(err);
    struct sha256 value;
    enum status status = sha256_of(text, strlen(text), &value, err);
    if (status == STATUS_OK)
        sha256_hex(&value, hex);
    free(text);
    return status;
}

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

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t put = write(fd, bytes, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        bytes += put;
        len -= (size_t)put;
    }
    return true;
}

/* One or two runs of bytes as a file in the folder aside, which nobody else sees: it is synced with
 * all others at the end. */
static enum status write_aside(const char *path, const void *head, size_t head_len,
                               const void *body, size_t body_len, struct error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write_all(fd, head, head_len) && write_all(fd, body, body_len);
    int why = errno;
    if (fd >= 0 && close(fd) != 0 && good) {
        good = false;
        why = errno;
    }
    if (good)
        return STATUS_OK;
    return error_errno(err, STATUS_INPUT, why, NULL, "cannot write \"%s\"", path);
}

static enum status write_file(struct segment_out *out, const char *name, const void *head,
                              size_t head_len, const void *body, size_t body_len, struct error *err)
{
    assert(segment_name_good(name) && !json_object_get(out->files, name));
    enum status status = STATUS_OK;
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
    TRY_CLEANUP(write_aside(path, head, head_len, body, body_len, err));
    sha256_hex(&value, hex);
    json_t *entry =
        json_pack("{s:I, s:s}", "bytes", (json_int_t)(head_len + body_len), "sha256", hex);
    if (!entry || json_object_set_new(out->files, name, entry) != 0)
        status = error_nomem(err);
cleanup:
    free(path);
    digest_free(digest);
    return status;
}

/* Syncs all files: after the first one the file system has little left to do for the others. */
static enum status sync_files(const struct segment_out *out, struct error *err)
{
    const char *name;
    json_t *entry;
    json_object_foreach(out->files, name, entry)
    {
        char *path = path_join(out->aside, name);
        if (!path)
            return error_nomem(err);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        bool good = fd >= 0 && fsync(fd) == 0;
        int why = errno;
        if (fd >= 0)
            close(fd);
        enum status status =
            good ? STATUS_OK
                 : error_errno(err, STATUS_INPUT, why, NULL, "cannot write \"%s\"", path);
        free(path);
        TRY(status);
    }
    return STATUS_OK;
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

/* Where the file system cannot exchange two folders: a crash between the renames leaves none. */
static enum status replace_in_steps(const char *aside, const char *path, struct error *err)
{
    char *old = file_aside_name(path);
    if (!old)
        return error_nomem(err);
    enum status status = dir_rename(path, old, err);
    if (status == STATUS_OK)
        status = dir_rename(aside, path, err);
    if (status == STATUS_OK)
        (void)!dir_remove(old, NULL);
    free(old);
    return status;
}

/* Moves ASIDE to PATH. What stood there goes; failing to remove it harms nobody, since the next
 * writer removes what was left aside. */
static enum status put_in_place(const char *aside, const char *path, struct error *err)
{
    if (renameat2(AT_FDCWD, aside, AT_FDCWD, path, RENAME_EXCHANGE) != 0)
        return errno == ENOENT ? dir_rename(aside, path, err) : replace_in_steps(aside, path, err);
    char *parent = path_dir(path);
    enum status status = parent ? dir_sync(parent, err) : error_nomem(err);
    free(parent);
    (void)!dir_remove(aside, NULL);
    return status;
}

enum status segment_out_commit(struct segment_out *out, json_t *meta, struct error *err)
{
    assert(json_is_object(meta));
    enum status status = STATUS_OK;
    char *text = NULL, *path = NULL;
    char content[65], meta_sha256[65];
    json_t *root = NULL;
    TRY_CLEANUP(segment_json_digest(out->files, content, err));
    TRY_CLEANUP(segment_json_digest(meta, meta_sha256, err));
    root = json_pack("{s:i, s:s, s:O, s:O, s:s}", "proffer_segment", SEGMENT_VERSION, "content",
                     content, "files", out->files, "meta", meta, "meta_sha256", meta_sha256);
    text = root ? json_text_make(root, SEGMENT_JSON_FORM) : NULL;
    path = path_join(out->aside, "segment.json");
    if (!text || !path) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(sync_files(out, err));
    TRY_CLEANUP(file_write(path, text, strlen(text), 0600, err));
    TRY_CLEANUP(dir_sync(out->aside, err));
    TRY_CLEANUP(put_in_place(out->aside, out->path, err));
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
