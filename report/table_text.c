/* Tables as aligned text: see table_text.h. */
#include "report/table_text.h"

#include "report/number_text.h"
#include "report/text_width.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 2, TEXT_MIN = 16, TEXT_WANTED_MAX = 60, TEXT_IN_BLOCKS_MAX = 24 };

struct layout {
    size_t width;
    bool right;
    struct number_look look;
};

/* At most WIDTH columns of TEXT, safe for a terminal, padded on the left if RIGHT. */
static void put_cell(FILE *out, const char *text, size_t width, bool right, bool pad)
{
    size_t len = strlen(text), whole = text_width(text, len), used = whole;
    bool cut = whole > width;
    if (cut)
        len = text_width_fit(text, len, width > 0 ? width - 1 : 0, &used);
    size_t blank = width - used - (cut ? 1 : 0);
    if (right)
        fprintf(out, "%*s", (int)blank, "");
    const char *at = text, *end = text + len;
    while (at < end) {
        uint32_t code = utf8_next(&at, end);
        char bytes[4];
        if (code == '\n' || code == '\t')
            code = ' ';
        else if (code == UTF8_INVALID || text_code_steers(code))
            code = text_width_code(code) == 1 || code == UTF8_INVALID ? UTF8_REPLACEMENT : 0x200B;
        fwrite(bytes, 1, utf8_put(code, bytes), out);
    }
    if (cut)
        fputs("…", out);
    if (!right && pad)
        fprintf(out, "%*s", (int)blank, "");
}

/* TEXT in lines of WIDTH (0: one line), each after INDENT blanks. */
enum status table_text_paragraph(FILE *out, const char *text, size_t indent, size_t width,
                                 struct error *err)
{
    size_t room = width > indent + TEXT_MIN ? width - indent : width ? TEXT_MIN : SIZE_MAX - 2;
    for (size_t left = strlen(text); left > 0;) {
        size_t next, len = text_width_line(text, left, room, &next);
        char *line = mem_strndup(text, len);
        if (!line)
            return error_nomem(err);
        fprintf(out, "%*s", (int)indent, "");
        put_cell(out, line, text_width(line, len), false, false);
        fputc('\n', out);
        free(line);
        text += next;
        left -= next;
    }
    return STATUS_OK;
}

static bool is_text(enum result_type type)
{
    return type == RESULT_STRING || type == RESULT_MONTH || type == RESULT_VERDICT;
}

/* Columns that numbers of EXTENT need: sign, digits with commas, decimals; "-1.23e+300", "-1e-05".
 */
static size_t number_width(const struct number_extent *extent, int decimals)
{
    enum { EXPONENT = 11 };
    if (extent->largest >= 1e15)
        return EXPONENT + 13; /* up to 1e18 by its digits */
    size_t width = number_digits(extent->largest) + 1 + extent->negative;
    width += decimals > 0 ? (size_t)decimals + 1 : 0;
    bool tiny = extent->smallest > 0 && extent->smallest < pow(10, -decimals);
    return tiny && width < EXPONENT ? EXPONENT : width;
}

static struct layout column_layout(const struct result_table *table, size_t c)
{
    const struct result_column *column = &table->columns[c];
    struct number_extent e = number_extent_of(table, c);
    struct layout layout = {e.text ? e.text : 1, !is_text(column->type),
                            number_look_of(column, &e)};
    size_t number = 0;
    if (column->type == RESULT_COUNT)
        number = number_digits((double)e.count) + 1; /* log10 may be one short near 10^n */
    else if (column->type == RESULT_SHARE)
        number = number_digits(e.largest * 100 + 0.5) + 1 + (size_t)layout.look.decimals + 2;
    else if (column->type == RESULT_NUMBER)
        number = number_width(&e, layout.look.decimals);
    if (number > layout.width)
        layout.width = number;
    if (is_text(column->type) && layout.width > TEXT_WANTED_MAX)
        layout.width = TEXT_WANTED_MAX;
    size_t title = text_width(column->id, strlen(column->id));
    if (title > layout.width)
        layout.width = title;
    return layout;
}

/* Columns FIRST to END - 1 beside each other. */
static size_t total_of(const struct layout *layouts, size_t first, size_t end)
{
    size_t total = 0;
    for (size_t c = first; c < end; c++)
        total += layouts[c].width + (c > first ? GAP : 0);
    return total;
}

/* Takes a column at a time from the widest text until the table fits WIDTH; false if none helps. */
static bool shrink(const struct result_table *table, struct layout *layouts, size_t width)
{
    while (total_of(layouts, 0, table->column_count) > width) {
        size_t widest = SIZE_MAX;
        for (size_t c = 0; c < table->column_count; c++)
            if (!layouts[c].right && layouts[c].width > TEXT_MIN &&
                (widest == SIZE_MAX || layouts[c].width > layouts[widest].width))
                widest = c;
        if (widest == SIZE_MAX)
            return false;
        layouts[widest].width--;
    }
    return true;
}

/* Some columns of a table: the first NAMES, which say what a row is of, then FROM to END - 1. */
struct block {
    size_t names, from, end;
};

static bool next_in(const struct block *block, size_t *c)
{
    *c = *c + 1 == block->names ? block->from : *c + 1;
    return *c < block->end;
}

static void put_rows(const struct result_table *table, const struct layout *layouts,
                     const struct block *block, FILE *out)
{
    size_t start = block->names ? 0 : block->from, last = block->end - 1, c = start;
    do {
        fprintf(out, "%*s", c > start ? GAP : 0, "");
        put_cell(out, table->columns[c].id, layouts[c].width, layouts[c].right, c < last);
    } while (next_in(block, &c));
    fputc('\n', out);
    c = start;
    do {
        fprintf(out, "%*s", c > start ? GAP : 0, "");
        for (size_t i = 0; i < layouts[c].width; i++)
            fputc('-', out);
    } while (next_in(block, &c));
    fputc('\n', out);
    for (size_t row = 0; row < table->row_count; row++) {
        c = start;
        do {
            const struct result_value *value = result_value_at(table, row, c);
            char number[NUMBER_TEXT_SIZE];
            const char *text = value->text;
            if (value->kind != VALUE_TEXT) {
                number_value_text(value, &layouts[c].look, number);
                text = number;
            }
            fprintf(out, "%*s", c > start ? GAP : 0, "");
            put_cell(out, text, layouts[c].width, layouts[c].right, c < last);
        } while (next_in(block, &c));
        fputc('\n', out);
    }
}

/* A table that WIDTH cannot hold: as many of its columns as fit, then the next ones below, each
 * time after those of its first two texts that leave them half of the width. */
static void put_blocks(const struct result_table *table, struct layout *layouts, size_t width,
                       FILE *out)
{
    size_t names = 0;
    for (size_t c = 0; c < table->column_count; c++)
        if (!layouts[c].right && layouts[c].width > TEXT_IN_BLOCKS_MAX)
            layouts[c].width = TEXT_IN_BLOCKS_MAX;
    while (names < 2 && names + 1 < table->column_count && !layouts[names].right &&
           total_of(layouts, 0, names + 1) <= width / 2)
        names++;
    struct block block = {.names = names};
    for (size_t from = names; from < table->column_count; from = block.end) {
        size_t used = total_of(layouts, 0, names) + (names ? GAP : 0);
        block.from = from;
        for (block.end = from; block.end < table->column_count; block.end++) {
            size_t own = layouts[block.end].width;
            if (block.end > from && used + own > width)
                break;
            used += own + GAP;
        }
        if (from > names)
            fputc('\n', out);
        put_rows(table, layouts, &block, out);
    }
}

static enum status put_table(const struct result_table *table, size_t width, FILE *out,
                             struct error *err)
{
    struct layout *layouts = mem_zalloc(2 * table->column_count, sizeof *layouts);
    if (!layouts)
        return error_nomem(err);
    struct layout *narrow = layouts + table->column_count;
    struct block all = {.end = table->column_count};
    for (size_t c = 0; c < table->column_count; c++)
        narrow[c] = layouts[c] = column_layout(table, c);
    if (width && !shrink(table, narrow, width))
        put_blocks(table, layouts, width, out);
    else
        put_rows(table, narrow, &all, out);
    free(layouts);
    return STATUS_OK;
}

static enum status check(FILE *out, struct error *err)
{
    if (ferror(out))
        return error_errno(err, STATUS_INPUT, errno ? errno : EIO, NULL, "cannot write");
    return STATUS_OK;
}

enum status table_text_print(const struct result_table *table, size_t width, FILE *out,
                             struct error *err)
{
    TRY(table_text_paragraph(out, table->title, 0, width, err));
    fputc('\n', out);
    TRY(put_table(table, width, out, err));
    if (*table->population || table->note_count)
        fputc('\n', out);
    TRY(table_text_paragraph(out, table->population, 0, width, err));
    for (size_t i = 0; i < table->note_count; i++)
        TRY(table_text_paragraph(out, table->notes[i], 0, width, err));
    return check(out, err);
}

enum status table_text_summary(const struct result *result, size_t width, FILE *out,
                               struct error *err)
{
    for (size_t i = 0; i < result->summary.count; i++) {
        TRY(table_text_paragraph(out, result->summary.items[i].name, 0, width, err));
        TRY(table_text_paragraph(out, result->summary.items[i].value, 2, width, err));
    }
    return check(out, err);
}

enum status table_text_list(const struct result *result, size_t width, FILE *out, struct error *err)
{
    size_t id_width = 5;
    for (size_t i = 0; i < result->table_count; i++) {
        size_t len = text_width(result->tables[i]->id, strlen(result->tables[i]->id));
        id_width = len > id_width ? len : id_width;
    }
    id_width = id_width > 40 ? 40 : id_width;
    size_t title_width = width > id_width + 24 ? width - id_width - 14 : 60;
    put_cell(out, "table", id_width, false, true);
    fprintf(out, "  %10s  title\n", "rows");
    for (size_t i = 0; i < result->table_count; i++) {
        const struct result_table *table = result->tables[i];
        char rows[NUMBER_TEXT_SIZE];
        number_count_text(table->row_count, rows);
        put_cell(out, table->id, id_width, false, true);
        fprintf(out, "  %10s  ", rows);
        put_cell(out, table->title, title_width, false, false);
        fputc('\n', out);
    }
    if (result->summary.count)
        fputc('\n', out);
    return table_text_summary(result, width, out, err);
}
