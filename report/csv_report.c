/*
 * Tables as CSV (RFC 4180), one file a table, for spreadsheets and statistics programs.
 *
 *     month,conversations,share      ids of the columns
 *     2023-01,1234,0.333333333333333
 *     2023-02,withheld,withheld
 *     "a ""quoted"" text",7,         null: an empty field
 *
 * UTF-8 without a byte order mark; every record ends in CR LF. Counts are plain digits, other
 * numbers have 15 significant digits, as in report.json. A withheld value is the text `withheld`;
 * in a column of texts, which is never withheld, the word is a text. An empty text is `""`, null is
 * nothing.
 *
 * Spreadsheets take a field that begins with = + - @ TAB or CR for a formula or a command, quoted
 * or not. Such a text gets a leading apostrophe, here and in the header; numbers, which only this
 * program makes, do not. Programs that want the text itself read report.json. Controls but TAB, CR
 * and LF, bidirectional overrides and the like are U+FFFD.
 *
 * A file holds the table alone: title, population, method and notes are in the other reports. Each
 * file is written whole or not at all. Last comes the index, which says what belongs to the report:
 *
 *     file,table,title,rows,sha256
 *     volume.csv,volume,Volume by month,24,9f86d081...
 *
 * Files that belong to no table are left alone, since they may be anyone's; they are not in the
 * index, and a file that was changed since has another digest.
 */
#include "report/csv_report.h"

#include "report/text_width.h"
#include "report/writer.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAX_BYTES = 100 };

void csv_names_release(struct csv_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
    *names = (struct csv_names){NULL, 0, 0};
}

/* Is STEM, up to its first dot, a device under Windows? */
static bool is_device(const char *stem)
{
    static const char *const devices[] = {"con", "prn", "aux", "nul", "conin$", "conout$", NULL};
    size_t len = strcspn(stem, ".");
    for (const char *const *device = devices; *device; device++)
        if (len == strlen(*device) && strncasecmp(stem, *device, len) == 0)
            return true;
    return len == 4 && (strncasecmp(stem, "com", 3) == 0 || strncasecmp(stem, "lpt", 3) == 0) &&
           stem[3] >= '0' && stem[3] <= '9';
}

/* WANTED in safe letters into STEM, one for each code point. */
static void safe_stem(const char *wanted, char stem[static NAME_MAX_BYTES + 1])
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const char *at = wanted, *end = wanted + strlen(wanted);
    size_t len = 0;
    while (at < end && len < NAME_MAX_BYTES) {
        uint32_t code = utf8_next(&at, end);
        stem[len++] = code > 0 && code < 0x80 && strchr(safe, (int)code) ? (char)code : '_';
    }
    stem[len] = '\0';
    if (*stem == '.' || *stem == '-')
        *stem = '_';
}

static bool is_taken(const struct csv_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcasecmp(names->items[i], name) == 0)
            return true;
    return false;
}

enum status csv_names_add(struct csv_names *names, const char *wanted, const char **name,
                          struct error *err)
{
    char stem[NAME_MAX_BYTES + 1];
    safe_stem(wanted, stem);
    const char *before = is_device(stem) ? "table-" : "";
    char **grown = mem_grow(names->items, &names->capacity, names->count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    names->items = grown;
    char *made = mem_printf("%s%s.csv", before, *stem ? stem : "table");
    for (size_t n = 2; made && is_taken(names, made); n++) {
        free(made);
        made = mem_printf("%s%s-%zu.csv", before, *stem ? stem : "table", n);
    }
    if (!made)
        return error_nomem(err);
    *name = names->items[names->count++] = made;
    return STATUS_OK;
}

static bool is_formula(char first)
{
    return first == '=' || first == '+' || first == '-' || first == '@' || first == '\t' ||
           first == '\r';
}

/* A field; quoted where it must be, and where it is empty, which tells it from null. */
static void put_text(FILE *out, const char *text)
{
    const char *at = text, *end = text + strlen(text);
    bool quoted = at == end || strpbrk(text, ",\"\r\n") != NULL;
    if (quoted)
        fputc('"', out);
    if (is_formula(*text))
        fputc('\'', out);
    while (at < end) {
        uint32_t code = utf8_next(&at, end);
        char bytes[4];
        bool kept = code == '\t' || code == '\r' || code == '\n';
        if (code == UTF8_INVALID || (!kept && text_code_steers(code)))
            code = UTF8_REPLACEMENT;
        if (code == '"')
            fputc('"', out);
        fwrite(bytes, 1, utf8_put(code, bytes), out);
    }
    if (quoted)
        fputc('"', out);
}

static void put_value(FILE *out, const struct result_value *value)
{
    switch (value->kind) {
    case VALUE_TEXT:
        put_text(out, value->text);
        break;
    case VALUE_COUNT:
        fprintf(out, "%" PRIu64, value->count);
        break;
    case VALUE_REAL:
        fprintf(out, "%.15g", value->real);
        break;
    case VALUE_WITHHELD:
        fputs("withheld", out);
        break;
    case VALUE_NULL:
        break;
    }
}

static void put_table(FILE *out, const struct result_table *table)
{
    for (size_t c = 0; c < table->column_count; c++) {
        if (c)
            fputc(',', out);
        put_text(out, table->columns[c].id);
    }
    fputs("\r\n", out);
    for (size_t row = 0; row < table->row_count && !ferror(out); row++) {
        /* A record of one null would be an empty line, which readers skip. */
        bool blank = table->column_count == 1 && result_value_at(table, row, 0)->kind == VALUE_NULL;
        for (size_t c = 0; c < table->column_count; c++) {
            if (c)
                fputc(',', out);
            put_value(out, result_value_at(table, row, c));
        }
        fputs(blank ? "\"\"\r\n" : "\r\n", out);
    }
}

static enum status write_table(const struct result_table *table, const char *folder,
                               const char *name, struct error *err)
{
    struct file_out out;
    char *path = path_join(folder, name);
    if (!path)
        return error_nomem(err);
    enum status status = file_out_open(&out, path, 0644, err);
    free(path);
    if (status != STATUS_OK)
        return status;
    put_table(out.stream, table);
    return file_out_commit(&out, err);
}

enum status csv_names_fill(struct csv_names *names, const struct result *result, struct error *err)
{
    const char *name;
    TRY(csv_names_add(names, "index", &name, err));
    for (size_t i = 0; i < result->table_count; i++)
        TRY(csv_names_add(names, result->tables[i]->id, &name, err));
    return STATUS_OK;
}

static enum status put_index_row(FILE *out, const struct result_table *table, const char *folder,
                                 const char *name, struct error *err)
{
    struct sha256 value;
    char hex[65], *path = path_join(folder, name);
    if (!path)
        return error_nomem(err);
    enum status status = sha256_of_file(path, 0, UINT64_MAX, &value, err);
    free(path);
    TRY(status);
    sha256_hex(&value, hex);
    put_text(out, name);
    fputc(',', out);
    put_text(out, table->id);
    fputc(',', out);
    put_text(out, table->title);
    fprintf(out, ",%zu,%s\r\n", table->row_count, hex);
    return STATUS_OK;
}

static enum status write_index(const struct result *result, const char *folder,
                               const struct csv_names *names, struct error *err)
{
    struct file_out out;
    enum status status = STATUS_OK;
    char *path = path_join(folder, names->items[0]);
    if (!path)
        return error_nomem(err);
    status = file_out_open(&out, path, 0644, err);
    free(path);
    TRY(status);
    fputs("file,table,title,rows,sha256\r\n", out.stream);
    for (size_t i = 0; i < result->table_count; i++)
        TRY_CLEANUP(put_index_row(out.stream, result->tables[i], folder, names->items[i + 1], err));
    return file_out_commit(&out, err);
cleanup:
    file_out_abandon(&out);
    return status;
}

enum status csv_report_write(const struct result *result, const char *path, struct error *err)
{
    struct csv_names names = {NULL, 0, 0};
    enum status status = STATUS_OK;
    TRY(dir_make(path, 0755, err));
    TRY_CLEANUP(csv_names_fill(&names, result, err));
    for (size_t i = 0; i < result->table_count; i++)
        TRY_CLEANUP(write_table(result->tables[i], path, names.items[i + 1], err));
    status = write_index(result, path, &names, err);
cleanup:
    csv_names_release(&names);
    return status;
}
