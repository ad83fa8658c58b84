/* Files and folders: see file.h. */
#include "base/file.h"

#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum status file_read(const char *path, size_t max, char **data, size_t *len, struct error *err)
{
    *data = NULL;
    *len = 0;
    enum status status = STATUS_OK;
    char *text = NULL;
    size_t capacity = 0, used = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(err, STATUS_INPUT, errno, NULL, "cannot open \"%s\"", path);
    for (;;) {
        char *grown = mem_grow(text, &capacity, used + 65536 + 1, 1);
        if (!grown) {
            status = error_nomem(err);
            goto cleanup;
        }
        text = grown;
        ssize_t got = read(fd, text + used, capacity - used - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot read \"%s\"", path);
            goto cleanup;
        }
        if (got == 0)
            break;
        used += (size_t)got;
        if (used > max) {
            status = error_set(err, STATUS_INPUT, NULL, "\"%s\" is over %zu bytes", path, max);
            goto cleanup;
        }
    }
    text[used] = '\0';
    *data = text;
    *len = used;
    text = NULL;
cleanup:
    free(text);
    close(fd);
    return status;
}

bool file_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

char *file_aside_name(const char *path)
{
    static atomic_uint serial;
    return mem_printf("%s.tmp-%ld-%u", path, (long)getpid(), atomic_fetch_add(&serial, 1));
}

enum status file_out_open(struct file_out *out, const char *path, unsigned mode, struct error *err)
{
    *out = (struct file_out){NULL, mem_strdup(path), file_aside_name(path)};
    if (!out->path || !out->aside) {
        file_out_abandon(out);
        return error_nomem(err);
    }
    int fd = open(out->aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
    if (fd >= 0)
        out->stream = fdopen(fd, "w");
    if (!out->stream) {
        int why = errno;
        if (fd >= 0)
            close(fd);
        enum status status = error_errno(err, STATUS_INPUT, why, NULL, "cannot write \"%s\"", path);
        file_out_abandon(out);
        return status;
    }
    setvbuf(out->stream, NULL, _IOFBF, 1 << 18);
    return STATUS_OK;
}

static enum status sync_parent(const char *path, struct error *err)
{
    char *dir = path_dir(path);
    if (!dir)
        return error_nomem(err);
    enum status status = dir_sync(dir, err);
    free(dir);
    return status;
}

enum status file_out_commit(struct file_out *out, struct error *err)
{
    enum status status = STATUS_OK;
    FILE *stream = out->stream;
    out->stream = NULL;
    bool bad = ferror(stream) || fflush(stream) != 0 || fsync(fileno(stream)) != 0;
    int why = errno;
    if (fclose(stream) != 0 && !bad) {
        bad = true;
        why = errno;
    }
    if (!bad && rename(out->aside, out->path) != 0) {
        bad = true;
        why = errno;
    }
    if (bad)
        status =
            error_errno(err, STATUS_INPUT, why ? why : EIO, NULL, "cannot write \"%s\"", out->path);
    else
        status = sync_parent(out->path, err);
    if (!bad) {
        free(out->aside);
        out->aside = NULL;
    }
    file_out_abandon(out);
    return status;
}

void file_out_abandon(struct file_out *out)
{
    if (out->stream)
        fclose(out->stream);
    if (out->aside)
        unlink(out->aside);
    free(out->aside);
    free(out->path);
    *out = (struct file_out){NULL, NULL, NULL};
}

enum status file_adopt(const char *aside, const char *path, unsigned mode, struct error *err)
{
    int fd = open(aside, O_RDONLY | O_CLOEXEC);
    bool bad = fd < 0 || fsync(fd) != 0 || fchmod(fd, (mode_t)mode) != 0;
    int why = errno;
    if (fd >= 0 && close(fd) != 0 && !bad) {
        bad = true;
        why = errno;
    }
    if (!bad && rename(aside, path) != 0) {
        bad = true;
        why = errno;
    }
    if (bad) {
        unlink(aside);
        return error_errno(err, STATUS_INPUT, why, NULL, "cannot write \"%s\"", path);
    }
    return sync_parent(path, err);
}

enum status file_write(const char *path, const void *data, size_t len, unsigned mode,
                       struct error *err)
{
    struct file_out out;
    TRY(file_out_open(&out, path, mode, err));
    if (len)
        fwrite(data, 1, len, out.stream); /* checked by ferror at commit */
    return file_out_commit(&out, err);
}

enum status dir_make(const char *path, unsigned mode, struct error *err)
{
    char *partial = mem_strdup(path);
    if (!partial)
        return error_nomem(err);
    enum status status = STATUS_OK;
    for (char *at = partial + 1; status == STATUS_OK; at++) {
        if (*at != '/' && *at != '\0')
            continue;
        char end = *at;
        *at = '\0';
        struct stat info;
        if (*partial && mkdir(partial, (mode_t)mode) != 0) {
            int why = errno;
            if (stat(partial, &info) != 0 || !S_ISDIR(info.st_mode))
                status =
                    error_errno(err, STATUS_INPUT, why, NULL, "cannot make folder \"%s\"", partial);
        }
        *at = end;
        if (end == '\0')
            break;
    }
    free(partial);
    return status;
}

static enum status remove_at(int parent, const char *name, const char *shown, struct error *err)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        if (errno == ENOENT)
            return STATUS_OK;
        if ((errno == ENOTDIR || errno == ELOOP) && unlinkat(parent, name, 0) == 0)
            return STATUS_OK;
        return error_errno(err, STATUS_INPUT, errno, NULL, "cannot remove \"%s\"", shown);
    }
    DIR *dir = fdopendir(fd);
    if (!dir) {
        close(fd);
        return error_errno(err, STATUS_INPUT, errno, NULL, "cannot remove \"%s\"", shown);
    }
    enum status status = STATUS_OK;
    struct dirent *entry;
    while (status == STATUS_OK && (errno = 0, entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            status = remove_at(fd, entry->d_name, shown, err);
    if (status == STATUS_OK && errno)
        status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot remove \"%s\"", shown);
    closedir(dir);
    if (status == STATUS_OK && unlinkat(parent, name, AT_REMOVEDIR) != 0)
        status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot remove \"%s\"", shown);
    return status;
}

enum status dir_remove(const char *path, struct error *err)
{
    return remove_at(AT_FDCWD, path, path, err);
}

enum status dir_sync(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool bad = fd < 0 || fsync(fd) != 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    /* Some file systems cannot sync a folder and say so with EINVAL. */
    if (bad && why != EINVAL)
        return error_errno(err, STATUS_INPUT, why, NULL, "cannot sync folder \"%s\"", path);
    return STATUS_OK;
}

enum status dir_rename(const char *from, const char *to, struct error *err)
{
    if (rename(from, to) != 0)
        return error_errno(err, STATUS_INPUT, errno, NULL, "cannot rename \"%s\" to \"%s\"", from,
                           to);
    return sync_parent(to, err);
}

char *path_join(const char *dir, const char *name)
{
    if (!dir || !*dir || name[0] == '/')
        return mem_strdup(name);
    size_t len = strlen(dir);
    return mem_printf("%s%s%s", dir, dir[len - 1] == '/' ? "" : "/", name);
}

char *path_dir(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return mem_strdup(".");
    return mem_strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}
