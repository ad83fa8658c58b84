/* The catalogue on disk and its parts: see catalogue.h. */
#include "queries/catalogue/catalogue.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

char *catalogue_part_dir(const char *catalogue, const char *file_name, uint64_t start)
{
    struct sha256 value;
    char hex[65], *dir = NULL;
    size_t len = strlen(file_name) + 1;
    char *key = mem_printf("%s%c%" PRIu64, file_name, 0, start);
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, start);
    if (key && sha256_of(key, len + strlen(digits), &value, NULL) == STATUS_OK) {
        sha256_hex(&value, hex);
        dir = mem_printf("%s/parts/%.16s", catalogue, hex);
    }
    free(key);
    return dir;
}

char *catalogue_segment_dir(const char *part_dir, const char *kind, const char *digest)
{
    return mem_printf("%s/%s-%.16s", part_dir, kind, digest);
}

/* Removes everything named "*.tmp-*" below PATH, DEPTH folders deep. */
static enum status remove_asides(const char *path, int depth, struct error *err)
{
    DIR *dir = opendir(path);
    if (!dir)
        return errno == ENOENT || errno == ENOTDIR
                   ? STATUS_OK
                   : error_errno(err, STATUS_INPUT, errno, NULL, "cannot read folder \"%s\"", path);
    enum status status = STATUS_OK;
    errno = 0;
    for (struct dirent *entry; status == STATUS_OK && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        char *inner = path_join(path, entry->d_name);
        if (!inner)
            status = error_nomem(err);
        else if (strstr(entry->d_name, ".tmp-"))
            status = dir_remove(inner, err);
        else if (depth > 1 && entry->d_type != DT_REG)
            status = remove_asides(inner, depth - 1, err);
        free(inner);
        errno = 0;
    }
    if (status == STATUS_OK && errno != 0)
        status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot read folder \"%s\"", path);
    closedir(dir);
    return status;
}

enum status catalogue_lock(const char *catalogue, int *lock, struct error *err)
{
    *lock = -1;
    char *parts = path_join(catalogue, "parts"), *file = path_join(catalogue, "lock");
    enum status status = STATUS_OK;
    int fd = -1;
    if (!parts || !file) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(dir_make(catalogue, 0700, err));
    TRY_CLEANUP(dir_make(parts, 0700, err));
    fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        status = error_errno(err, STATUS_INPUT, errno, NULL, "cannot open \"%s\"", file);
        goto cleanup;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        bool busy = errno == EWOULDBLOCK;
        status = busy ? error_set(err, STATUS_INPUT, NULL,
                                  "another scan is writing the catalogue \"%s\"", catalogue)
                      : error_errno(err, STATUS_INPUT, errno, NULL, "cannot lock \"%s\"", file);
        if (busy)
            error_hint(err, "try again when it is done; what it has scanned is kept");
        goto cleanup;
    }
    TRY_CLEANUP(remove_asides(catalogue, 3, err));
    *lock = fd;
    fd = -1;
cleanup:
    if (fd >= 0)
        close(fd);
    free(parts);
    free(file);
    return status;
}

void catalogue_unlock(int lock)
{
    if (lock >= 0)
        close(lock);
}

/* ---- reading ---- */

static enum status read_codes(struct segment *base, const char *name, uint32_t rows,
                              struct catalogue_field *out, struct error *err)
{
    char dictionary[128];
    const void *codes;
    snprintf(dictionary, sizeof dictionary, "%s.dictionary", name);
    TRY(segment_column(base, name, NPY_U32, rows, &codes, NULL, err));
    TRY(segment_strings(base, dictionary, &out->dictionary, err));
    out->codes = codes;
    for (uint32_t row = 0; row < rows; row++)
        if (out->codes[row] != PART_NO_CODE && out->codes[row] >= out->dictionary.count)
            return error_set(err, STATUS_INPUT, name, "a code outside its dictionary");
    return STATUS_OK;
}

static enum status sum_exchanges(struct catalogue_part *part, const char *path, struct error *err)
{
    uint64_t exchanges = 0;
    for (uint32_t row = 0; row < part->rows; row++) {
        exchanges += part->exchanges[row];
        if (exchanges > PART_ROWS_MAX)
            return error_set(err, STATUS_INPUT, path, "too many exchanges");
    }
    part->exchange_total = (uint32_t)exchanges;
    return STATUS_OK;
}

/* From the input's digest or name: where the ids of rows without one come from. */
static enum status make_id_prefix(struct catalogue_part *part, const char *digest,
                                  struct error *err)
{
    struct sha256 value;
    char hex[65];
    if (!digest) {
        TRY(sha256_of(part->input_name, strlen(part->input_name), &value, err));
        sha256_hex(&value, hex);
        digest = hex;
    }
    snprintf(part->id_prefix, sizeof part->id_prefix, "%.16s", digest);
    return STATUS_OK;
}

static enum status read_part(struct catalogue_part *part, const char *path,
                             const char *const *field_names, size_t field_count, struct error *err)
{
    const void *values;
    size_t rows;
    TRY(segment_open(&part->base, path, err));
    TRY(segment_column(part->base, "offset", NPY_U64, SIZE_MAX, &values, &rows, err));
    if (rows > PART_ROWS_MAX)
        return error_set(err, STATUS_INPUT, path, "too many rows");
    part->offset = values;
    part->rows = (uint32_t)rows;
    TRY(segment_column(part->base, "time", NPY_I64, rows, &values, NULL, err));
    part->time = values;
    TRY(segment_column(part->base, "turns", NPY_U32, rows, &values, NULL, err));
    part->turns = values;
    TRY(segment_column(part->base, "exchanges", NPY_U32, rows, &values, NULL, err));
    part->exchanges = values;
    TRY(segment_column(part->base, "words", NPY_U32, rows, &values, NULL, err));
    part->words = values;
    TRY(segment_strings(part->base, "id", &part->ids, err));
    if (part->ids.count != rows)
        return error_set(err, STATUS_INPUT, path, "ids and rows differ in number");
    TRY(sum_exchanges(part, path, err));
    TRY(read_codes(part->base, "user", part->rows, &part->user, err));
    part->fields = mem_zalloc(field_count, sizeof *part->fields);
    if (!part->fields)
        return error_nomem(err);
    for (size_t i = 0; i < field_count; i++)
        TRY(read_codes(part->base, field_names[i], part->rows, &part->fields[i], err));

    const json_t *input = json_object_get(segment_meta(part->base), "input");
    const char *name = json_string_value(json_object_get(input, "name"));
    const char *digest = json_string_value(json_object_get(input, "sha256"));
    if (!name)
        return error_set(err, STATUS_INPUT, path, "a segment without its input's name");
    part->input_name = mem_strdup(name);
    if (!part->input_name)
        return error_nomem(err);
    part->input_start = (uint64_t)json_integer_value(json_object_get(input, "start"));
    return make_id_prefix(part, digest, err);
}

enum status catalogue_open(struct catalogue *catalogue, char *const *paths, size_t count,
                           const char *const *field_names, size_t field_count, struct error *err)
{
    *catalogue = (struct catalogue){.field_count = field_count};
    catalogue->parts = mem_zalloc(count, sizeof *catalogue->parts);
    if (!catalogue->parts)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        struct catalogue_part *part = &catalogue->parts[catalogue->count++];
        enum status status = read_part(part, paths[i], field_names, field_count, err);
        if (status != STATUS_OK) {
            catalogue_close(catalogue);
            return status;
        }
        part->first_row = catalogue->rows;
        catalogue->rows += part->rows;
    }
    return STATUS_OK;
}

void catalogue_close(struct catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        struct catalogue_part *part = &catalogue->parts[i];
        segment_close(part->base);
        bitmap_free(part->duplicates);
        free(part->fields);
        free(part->input_name);
        for (size_t k = 0; k < 3; k++)
            free(part->clamped[k]);
    }
    free(catalogue->parts);
    segment_close(catalogue->settled);
    *catalogue = (struct catalogue){.parts = NULL};
}

static enum status clamp_column(const uint32_t **column, uint32_t rows, uint32_t most,
                                uint32_t **copy, struct error *err)
{
    if (!most)
        return STATUS_OK;
    uint32_t *made = mem_zalloc(rows, sizeof *made);
    if (!made)
        return error_nomem(err);
    for (uint32_t row = 0; row < rows; row++)
        made[row] = (*column)[row] < most ? (*column)[row] : most;
    free(*copy);
    *column = *copy = made;
    return STATUS_OK;
}

enum status catalogue_clamp(struct catalogue *catalogue, uint32_t exchanges, uint32_t turns,
                            uint32_t words, struct error *err)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        struct catalogue_part *part = &catalogue->parts[i];
        TRY(clamp_column(&part->exchanges, part->rows, exchanges, &part->clamped[0], err));
        TRY(clamp_column(&part->turns, part->rows, turns, &part->clamped[1], err));
        TRY(clamp_column(&part->words, part->rows, words, &part->clamped[2], err));
    }
    return STATUS_OK;
}

struct span catalogue_id(const struct catalogue_part *part, uint32_t row,
                         char scratch[static CATALOGUE_ID_MAX])
{
    uint64_t from = part->ids.offsets[row], to = part->ids.offsets[row + 1];
    if (to > from)
        return (struct span){part->ids.bytes + from, to - from};
    int len =
        snprintf(scratch, CATALOGUE_ID_MAX, "%s-%" PRIu64, part->id_prefix, part->offset[row]);
    return (struct span){scratch, (size_t)len};
}
