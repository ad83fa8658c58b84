/*
 * Named tables of a spreadsheet: a range with a name and unique headers, for those who compute on
 * it. The library needs all rows in memory for it, so large workbooks have a filter instead.
 */
#include "report/xlsx_book.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HEADER_UNITS = 255, NAME_SIZE = 96, NAMED_COLUMNS_MAX = 500 };

/* Headers as the cells have them; false if they cannot be those of a named table. */
static bool headers_serve(char *const *headers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!*headers[i])
            return false;
        for (const char *at = headers[i]; *at; at++)
            if ((unsigned char)*at < 0x20)
                return false;
        for (size_t other = 0; other < i; other++)
            if (strcasecmp(headers[i], headers[other]) == 0)
                return false;
    }
    return true;
}

/* "T3_terms_overlap": the number keeps names apart, and the underscore from reading as a cell. */
static void name_of(const struct xlsx_book *book, const struct xlsx_part *part,
                    char name[static NAME_SIZE])
{
    int used = snprintf(name, NAME_SIZE, "T%zu_", (size_t)(part - book->parts) + 1);
    snprintf(name + used, (size_t)(NAME_SIZE - used), "%s", part->table->id);
    for (char *at = name + used; *at; at++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", *at))
            *at = '_';
}

static enum status add(const struct xlsx_book *book, lxw_worksheet *sheet,
                       const struct xlsx_part *part, char **headers, lxw_table_column *columns,
                       lxw_table_column **pointers, struct error *err)
{
    const struct result_table *table = part->table;
    char name[NAME_SIZE];
    for (size_t i = 0; i < table->column_count; i++) {
        columns[i].header = headers[i];
        pointers[i] = &columns[i];
    }
    name_of(book, part, name);
    lxw_table_options options = {.name = name,
                                 .columns = pointers,
                                 .style_type = LXW_TABLE_STYLE_TYPE_LIGHT,
                                 .style_type_number = 0,
                                 .no_banded_rows = LXW_TRUE};
    return xlsx_status(worksheet_add_table(sheet, XLSX_FIRST_ROW - 1, 0,
                                           (lxw_row_t)(XLSX_FIRST_ROW + part->count - 1),
                                           (lxw_col_t)(table->column_count - 1), &options),
                       err);
}

enum status xlsx_name_table(const struct xlsx_book *book, lxw_worksheet *sheet,
                            const struct xlsx_part *part, bool *named, struct error *err)
{
    size_t count = part->table->column_count;
    *named = false;
    if (book->constant_memory || part->count == 0 || count > NAMED_COLUMNS_MAX)
        return STATUS_OK;
    enum status status = STATUS_OK;
    char **headers = mem_zalloc(count, sizeof *headers);
    lxw_table_column *columns = mem_zalloc(count, sizeof *columns);
    lxw_table_column **pointers = mem_zalloc(count + 1, sizeof(lxw_table_column *));
    bool whole = headers && columns && pointers;
    for (size_t i = 0; whole && i < count; i++)
        whole = (headers[i] = xlsx_cell_text(part->table->columns[i].title, HEADER_UNITS)) != NULL;
    if (!whole)
        status = error_nomem(err);
    else if ((*named = headers_serve(headers, count)))
        status = add(book, sheet, part, headers, columns, pointers, err);
    for (size_t i = 0; headers && i < count; i++)
        free(headers[i]);
    free(headers);
    free(columns);
    free(pointers);
    return status;
}
