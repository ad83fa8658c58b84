/*
 * The workbook, through libxlsxwriter 1.1.4: front sheets, a sheet a table in the tree's order but
 * for assumptions and completeness, which come last, then back sheets.
 *
 * Limits of the library that shape this code: it opens its file by name (so it gets a name aside,
 * adopted when whole); it ignores failed writes to its temporary files (xlsx_check.c reads the
 * archive again); it prints warnings for what it refuses (so nothing is given to it unchecked).
 * Member times in the archive are fixed by the library, document dates by us: the same tree gives
 * the same bytes.
 */
#include "report/cover_line.h"
#include "report/text_width.h"
#include "report/writer.h"
#include "report/xlsx_book.h"

#include "base/civil.h"
#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct xlsx_limits xlsx_default_limits = {.sheet_rows = 1048000, .constant_memory = 200000};

enum { PAPER_LETTER = 1, DOCUMENT_DAYS = 10957 /* 2000-01-01, where the plan gives no date */ };

enum status xlsx_status(lxw_error code, struct error *err)
{
    if (code == LXW_NO_ERROR)
        return STATUS_OK;
    if (code == LXW_ERROR_MEMORY_MALLOC_FAILED)
        return error_nomem(err);
    return error_set(err, STATUS_INTERNAL, NULL, "cannot make the workbook: %s",
                     lxw_strerror(code));
}

enum status xlsx_write_text(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text,
                            size_t max, lxw_format *format, struct error *err)
{
    if (!text || !*text)
        return xlsx_status(worksheet_write_blank(sheet, row, column, format), err);
    char *clean = xlsx_cell_text(text, max);
    if (!clean)
        return error_nomem(err);
    lxw_error code = worksheet_write_string(sheet, row, column, clean, format);
    free(clean);
    return xlsx_status(code, err);
}

enum status xlsx_write_link(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text,
                            const char *name, lxw_format *format, struct error *err)
{
    char url[XLSX_NAME_MAX * 4 + 32];
    snprintf(url, sizeof url, "internal:'%s'!A1", name);
    TRY(xlsx_status(worksheet_write_url(sheet, row, column, url, format), err));
    return xlsx_write_text(sheet, row, column, text, XLSX_CELL_MAX, format, err);
}

unsigned xlsx_lines(const char *text, double width)
{
    enum { LINES_MAX = 100 };
    unsigned lines = 0;
    size_t left = strlen(text), room = (size_t)width;
    if (room < 4)
        room = 4;
    while (left > 0 && lines < LINES_MAX) {
        size_t next;
        text_width_line(text, left, room, &next);
        text += next;
        left -= next;
        lines++;
    }
    return lines ? lines : 1;
}

enum status xlsx_set_lines(lxw_worksheet *sheet, lxw_row_t row, unsigned lines, struct error *err)
{
    const double line = 15, loose = 3, most = 409; /* points; a row's height has this limit */
    if (lines <= 1)
        return STATUS_OK;
    double height = lines * line + loose < most ? lines * line + loose : most;
    return xlsx_status(worksheet_set_row(sheet, row, height, NULL), err);
}

/*
 * The footer of the sheet that was begun last: matter; pages and legend; sheet and stamp.
 *
 * A footer's page number cannot be padded, and whether it counts on over sheets is up to who prints
 * which. With a stamp each sheet has its own number and counts its pages from 1, so that a page
 * bears the same stamp whether the workbook is printed or that sheet alone.
 */
static enum status set_footer(struct xlsx_book *book, lxw_worksheet *sheet, struct error *err)
{
    char stamp[48], pages[64] = "Page &P of &N";
    cover_stamp(book->result, book->sheets - 1, stamp);
    if (*stamp) {
        worksheet_set_start_page(sheet, 1);
        snprintf(pages, sizeof pages, "Sheet %zu of %zu, page &P", book->sheets, book->sheet_total);
    }
    char *footer = mem_printf("%s%s&C%s%s%s&R&A%s%s%s", *book->foot_matter ? "&L" : "",
                              book->foot_matter, pages, *book->foot_legend ? "\n" : "",
                              book->foot_legend, *stamp ? "\n" : "", stamp, *stamp ? "-&P" : "");
    if (!footer)
        return error_nomem(err);
    lxw_error code = worksheet_set_footer(sheet, footer);
    free(footer);
    return xlsx_status(code, err);
}

enum status xlsx_add_sheet(struct xlsx_book *book, const char *name, lxw_worksheet **sheet,
                           struct error *err)
{
    TRY(xlsx_status(workbook_validate_sheet_name(book->workbook, name), err));
    lxw_worksheet *made = workbook_add_worksheet(book->workbook, name);
    if (!made)
        return error_nomem(err);
    worksheet_set_landscape(made);
    worksheet_set_paper(made, PAPER_LETTER);
    worksheet_set_margins(made, 0.5, 0.5, 0.8, 0.8);
    worksheet_fit_to_pages(made, 1, 0);
    if (*book->header)
        TRY(xlsx_status(worksheet_set_header(made, book->header), err));
    book->sheets++;
    TRY(set_footer(book, made, err));
    *sheet = made;
    return STATUS_OK;
}

static lxw_format *new_format(struct xlsx_book *book, bool *failed)
{
    lxw_format *format = workbook_add_format(book->workbook);
    if (!format) {
        *failed = true;
        return NULL;
    }
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    return format;
}

static lxw_format *new_number(struct xlsx_book *book, const char *picture, bool *failed)
{
    lxw_format *format = new_format(book, failed);
    if (!format)
        return NULL;
    format_set_num_format(format, picture);
    format_set_align(format, LXW_ALIGN_RIGHT);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    return format;
}

/* A space before texts, so that they stand clear of the numbers before them. */
static void set_text_looks(lxw_format *format)
{
    format_set_text_wrap(format);
    format_set_align(format, LXW_ALIGN_LEFT);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    format_set_indent(format, 1);
}

static enum status make_formats(struct xlsx_book *book, struct error *err)
{
    bool failed = false;
    lxw_format **const all[] = {&book->title,  &book->heading,       &book->legend, &book->label,
                                &book->plain,  &book->wrapped,       &book->note,   &book->link,
                                &book->column, &book->column_number, &book->text,   &book->again};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        *all[i] = new_format(book, &failed);
    book->count = new_number(book, "#,##0", &failed);
    book->withheld = new_number(book, "@", &failed);
    for (int decimals = 0; decimals <= NUMBER_DECIMALS_MAX; decimals++) {
        char picture[24];
        const char *dot = decimals ? "." : "";
        snprintf(picture, sizeof picture, "0%s%.*s %%", dot, decimals, "00000000");
        book->share[decimals] = new_number(book, picture, &failed);
        snprintf(picture, sizeof picture, "#,##0%s%.*s", dot, decimals, "00000000");
        book->number[decimals] = new_number(book, picture, &failed);
    }
    for (size_t i = 0; i < VERDICT_MARKS; i++) {
        char picture[16];
        book->verdicts[i] = new_format(book, &failed);
        snprintf(picture, sizeof picture, "\"%s \"@", verdict_marks[i].sign);
        if (book->verdicts[i])
            format_set_num_format(book->verdicts[i], picture);
    }
    if (failed)
        return error_nomem(err);
    set_text_looks(book->text);
    format_set_align(book->again, LXW_ALIGN_LEFT);
    format_set_align(book->again, LXW_ALIGN_VERTICAL_CENTER);
    format_set_indent(book->again, 1);
    format_set_shrink(book->again);
    for (size_t i = 0; i < VERDICT_MARKS; i++)
        set_text_looks(book->verdicts[i]);
    format_set_bold(book->title);
    format_set_font_size(book->title, 14);
    format_set_bold(book->heading);
    format_set_font_size(book->heading, 12);
    format_set_bold(book->legend);
    format_set_font_color(book->legend, 0x9C0006);
    format_set_text_wrap(book->legend);
    format_set_bold(book->label);
    format_set_text_wrap(book->label);
    format_set_text_wrap(book->wrapped);
    format_set_font_color(book->note, 0x404040);
    format_set_font_color(book->link, 0x0563C1);
    format_set_underline(book->link, LXW_UNDERLINE_SINGLE);
    format_set_text_wrap(book->link);
    format_set_align(book->column, LXW_ALIGN_LEFT);
    format_set_indent(book->column, 1);
    format_set_italic(book->withheld);
    format_set_font_color(book->withheld, 0x595959);
    lxw_format *const columns[] = {book->column, book->column_number};
    for (size_t i = 0; i < 2; i++) {
        format_set_bold(columns[i]);
        format_set_text_wrap(columns[i]);
        format_set_bg_color(columns[i], 0xD9E2EC);
        format_set_bottom(columns[i], LXW_BORDER_THIN);
        /* Titles of neighbours may stand close together. */
        format_set_left(columns[i], LXW_BORDER_THIN);
        format_set_left_color(columns[i], 0xFFFFFF);
        format_set_right(columns[i], LXW_BORDER_THIN);
        format_set_right_color(columns[i], 0xFFFFFF);
        format_set_align(columns[i], LXW_ALIGN_VERTICAL_BOTTOM);
    }
    format_set_align(book->column_number, LXW_ALIGN_RIGHT);
    return STATUS_OK;
}

/* Legend in the header of each page; it and the matter for the footer, which holds 255 characters.
 */
static enum status make_page_texts(struct xlsx_book *book, struct error *err)
{
    const struct result *result = book->result;
    enum { LEGEND = 200, FOOTER_LEGEND = 90, MATTER = 60 };
    const char *confidentiality = result->confidentiality ? result->confidentiality : "";
    char *legend = xlsx_header_text(confidentiality, LEGEND);
    if (legend)
        book->header = *legend ? mem_printf("&C&\"-,Bold\"%s", legend) : mem_strdup("");
    free(legend);
    book->foot_legend = xlsx_header_text(confidentiality, FOOTER_LEGEND);
    book->foot_matter = xlsx_header_text(result->matter ? result->matter : "", MATTER);
    return book->header && book->foot_legend && book->foot_matter ? STATUS_OK : error_nomem(err);
}

static size_t sheets_of(const struct result_table *table, const struct xlsx_limits *limits)
{
    return table->row_count ? (table->row_count - 1) / limits->sheet_rows + 1 : 1;
}

/* Where a table stands in the workbook: what was asked first, then what it rests on. */
enum place { PLACE_RESULTS, PLACE_ASSUMPTIONS, PLACE_COMPLETENESS };

static enum place place_of(const struct result *result, const struct result_table *table)
{
    if (table == result_table_find(result, "completeness"))
        return PLACE_COMPLETENESS;
    return strcmp(table->kind, "assumptions") == 0 ? PLACE_ASSUMPTIONS : PLACE_RESULTS;
}

/* TABLE cut into parts that fit a sheet. */
static enum status add_parts(struct xlsx_book *book, const struct result_table *table,
                             enum place place, const struct xlsx_limits *limits, struct error *err)
{
    size_t sheets = sheets_of(table, limits);
    for (size_t n = 0; n < sheets; n++) {
        struct xlsx_part *part = &book->parts[book->part_count];
        part->table = table;
        part->first = n * limits->sheet_rows;
        part->count = table->row_count - part->first;
        if (part->count > limits->sheet_rows)
            part->count = limits->sheet_rows;
        part->number = n + 1;
        part->parts = sheets;
        TRY(xlsx_names_add(&book->names, place == PLACE_COMPLETENESS ? "Completeness" : table->id,
                           &part->name, err));
        book->part_count++;
    }
    return STATUS_OK;
}

static enum status plan_parts(struct xlsx_book *book, const struct xlsx_limits *limits,
                              struct error *err)
{
    static const struct xlsx_sheet *const others[] = {xlsx_front_sheets, xlsx_back_sheets};
    const struct result *result = book->result;
    const char *name;
    size_t total = 0;
    for (size_t i = 0; i < 2; i++)
        for (const struct xlsx_sheet *other = others[i]; other->name; other++) {
            TRY(xlsx_names_add(&book->names, other->name, &name, err));
            book->sheet_total++;
        }
    for (size_t i = 0; i < result->table_count; i++)
        total += sheets_of(result->tables[i], limits);
    book->sheet_total += total;
    book->parts = mem_zalloc(total, sizeof *book->parts);
    if (!book->parts)
        return error_nomem(err);
    for (enum place place = PLACE_RESULTS; place <= PLACE_COMPLETENESS; place++)
        for (size_t i = 0; i < result->table_count; i++)
            if (place_of(result, result->tables[i]) == place)
                TRY(add_parts(book, result->tables[i], place, limits, err));
    return STATUS_OK;
}

static enum status set_properties(struct xlsx_book *book, struct error *err)
{
    const struct result *result = book->result;
    int64_t days = DOCUMENT_DAYS;
    if (result->date && !civil_parse_date(result->date, strlen(result->date), &days))
        days = DOCUMENT_DAYS;
    char *title = xlsx_cell_text(result->title ? result->title : "Report", 240);
    if (!title)
        return error_nomem(err);
    char program[] = "proffer";
    lxw_doc_properties properties = {
        .title = title, .author = program, .created = (time_t)(days * 86400)};
    lxw_error code = workbook_set_properties(book->workbook, &properties);
    free(title);
    return xlsx_status(code, err);
}

static enum status fill(struct xlsx_book *book, struct error *err)
{
    TRY(set_properties(book, err));
    TRY(make_formats(book, err));
    TRY(make_page_texts(book, err));
    for (const struct xlsx_sheet *sheet = xlsx_front_sheets; sheet->name; sheet++)
        TRY(sheet->write(book, sheet->name, err));
    for (size_t i = 0; i < book->part_count; i++)
        TRY(xlsx_write_part(book, &book->parts[i], err));
    for (const struct xlsx_sheet *sheet = xlsx_back_sheets; sheet->name; sheet++)
        TRY(sheet->write(book, sheet->name, err));
    return STATUS_OK;
}

/* Whether the folder of PATH takes files, asked first because the library only says "cannot". */
static enum status check_writable(const char *aside, const char *path, struct error *err)
{
    FILE *probe = fopen(aside, "wbx");
    if (!probe)
        return error_errno(err, STATUS_INPUT, errno, NULL, "cannot write \"%s\"", path);
    fclose(probe);
    return STATUS_OK;
}

enum status xlsx_report_write_limited(const struct result *result, const char *path,
                                      const struct xlsx_limits *limits, struct error *err)
{
    enum status status = STATUS_OK;
    struct xlsx_book book = {.result = result};
    char *aside = file_aside_name(path), *dir = path_dir(path);
    size_t rows = 0;
    bool probed = false;
    if (!aside || !dir) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(check_writable(aside, path, err));
    probed = true;
    TRY_CLEANUP(plan_parts(&book, limits, err));
    for (size_t i = 0; i < result->table_count; i++)
        rows += result->tables[i]->row_count;
    book.constant_memory = rows > limits->constant_memory;
    lxw_workbook_options options = {
        .constant_memory = book.constant_memory, .tmpdir = dir, .use_zip64 = rows > 5000000};
    book.workbook = workbook_new_opt(aside, &options);
    if (!book.workbook) {
        status = error_nomem(err);
        goto cleanup;
    }
    status = fill(&book, err);
    /* Closing writes the file and frees the workbook; there is no other way to free it. */
    lxw_error code = workbook_close(book.workbook);
    if (status == STATUS_OK && code != LXW_NO_ERROR)
        status =
            error_set(err, STATUS_INPUT, NULL, "cannot write \"%s\": %s", path, lxw_strerror(code));
    if (status == STATUS_OK)
        status = xlsx_check(aside, path, err);
    if (status == STATUS_OK)
        status = file_adopt(aside, path, 0644, err);
cleanup:
    /* The probe made it, so it is there whatever failed after. */
    if (status != STATUS_OK && probed)
        unlink(aside);
    xlsx_names_release(&book.names);
    free(book.parts);
    free(book.header);
    free(book.foot_legend);
    free(book.foot_matter);
    free(aside);
    free(dir);
    return status;
}

enum status xlsx_report_write(const struct result *result, const char *path, struct error *err)
{
    return xlsx_report_write_limited(result, path, &xlsx_default_limits, err);
}
