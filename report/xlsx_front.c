/*
 * The sheets around the tables, of two columns each, a label and a text that wraps. Before them:
 * Cover, Read me, Summary, Definitions, Methods. After them: Release, Audit.
 */
#include "report/cover_line.h"
#include "report/pair_label.h"
#include "report/xlsx_book.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LABEL_WIDTH = 26,
    TEXT_WIDTH = 104,
    FRONT_TEXT_MAX = 4000,
    FRONT_TITLE_MAX = 1000,
    ONE_PAGE_ROWS = 60
};

/* Long lines of running text hold more letters than the digits that widths are counted in. */
static const double loose = 1.08;

static enum status set_height(lxw_worksheet *sheet, lxw_row_t row, const char *label,
                              const char *text, struct error *err)
{
    unsigned left = xlsx_lines(label, LABEL_WIDTH), right = xlsx_lines(text, TEXT_WIDTH * loose);
    return xlsx_set_lines(sheet, row, left > right ? left : right, err);
}

static enum status put_pair(struct xlsx_book *book, lxw_worksheet *sheet, lxw_row_t *row,
                            const char *label, const char *text, struct error *err)
{
    TRY(set_height(sheet, *row, label, text, err));
    TRY(xlsx_write_text(sheet, *row, 0, label, FRONT_TITLE_MAX, book->label, err));
    TRY(xlsx_write_text(sheet, *row, 1, text, FRONT_TEXT_MAX, book->wrapped, err));
    *row += 1;
    return STATUS_OK;
}

static enum status put_heading(struct xlsx_book *book, lxw_worksheet *sheet, lxw_row_t *row,
                               const char *text, struct error *err)
{
    *row += 1;
    TRY(xlsx_write_text(sheet, *row, 0, text, FRONT_TITLE_MAX, book->heading, err));
    *row += 1;
    return STATUS_OK;
}

static enum status put_one(struct xlsx_book *book, lxw_worksheet *sheet, lxw_row_t *row,
                           const struct result_pair *pair, struct error *err)
{
    char label[200];
    pair_label(pair->name, label, sizeof label);
    return put_pair(book, sheet, row, label, pair->value, err);
}

static enum status new_front_sheet(struct xlsx_book *book, const char *name, lxw_worksheet **sheet,
                                   struct error *err)
{
    TRY(xlsx_add_sheet(book, name, sheet, err));
    TRY(xlsx_status(worksheet_set_column(*sheet, 0, 0, LABEL_WIDTH, NULL), err));
    return xlsx_status(worksheet_set_column(*sheet, 1, 1, TEXT_WIDTH, NULL), err);
}

static const char *population_of(const struct result *result)
{
    for (size_t i = 0; i < result->table_count; i++)
        if (strcmp(result->tables[i]->id, "completeness") != 0 && *result->tables[i]->population)
            return result->tables[i]->population;
    return NULL;
}

static enum status put_content(struct xlsx_book *book, lxw_worksheet *sheet, lxw_row_t *row,
                               const struct xlsx_sheet *other, struct error *err)
{
    TRY(xlsx_write_link(sheet, *row, 0, other->name, other->name, book->link, err));
    TRY(xlsx_write_text(sheet, *row, 1, other->summary, FRONT_TEXT_MAX, book->wrapped, err));
    *row += 1;
    return STATUS_OK;
}

/* Sheet names with the titles of their tables. */
static enum status put_contents(struct xlsx_book *book, lxw_worksheet *sheet, lxw_row_t *row,
                                struct error *err)
{
    TRY(put_heading(book, sheet, row, "Contents", err));
    for (const struct xlsx_sheet *other = xlsx_front_sheets + 1; other->name; other++)
        TRY(put_content(book, sheet, row, other, err));
    for (size_t i = 0; i < book->part_count; i++) {
        const struct xlsx_part *part = &book->parts[i];
        TRY(set_height(sheet, *row, part->name, part->table->title, err));
        TRY(xlsx_write_link(sheet, *row, 0, part->name, part->name, book->link, err));
        TRY(xlsx_write_text(sheet, *row, 1, part->table->title, 400, book->wrapped, err));
        *row += 1;
    }
    for (const struct xlsx_sheet *other = xlsx_back_sheets; other->name; other++)
        TRY(put_content(book, sheet, row, other, err));
    return STATUS_OK;
}

static enum status put_line(struct xlsx_book *book, lxw_worksheet *sheet, lxw_row_t *row,
                            const struct cover_line *line, struct error *err)
{
    TRY(set_height(sheet, *row, line->label, line->text, err));
    TRY(xlsx_write_text(sheet, *row, 0, line->label, FRONT_TITLE_MAX, book->label, err));
    TRY(xlsx_write_text(sheet, *row, 1, line->text, FRONT_TEXT_MAX,
                        line->blank ? book->legend : book->wrapped, err));
    *row += 1;
    return STATUS_OK;
}

/* The title in large letters, unless it is long. */
static enum status put_title(struct xlsx_book *book, lxw_worksheet *sheet, lxw_row_t *row,
                             struct error *err)
{
    const double line = 22; /* points, at size 16 */
    const char *title = book->result->title;
    title = title && *title ? title : "Report";
    lxw_format *format = book->wrapped;
    if (strlen(title) <= 300) {
        double height = line * xlsx_lines(title, TEXT_WIDTH * 0.65);
        TRY(xlsx_status(worksheet_set_row(sheet, *row, height, NULL), err));
        format = workbook_add_format(book->workbook);
        if (!format)
            return error_nomem(err);
        format_set_bold(format);
        format_set_font_size(format, 16);
        format_set_text_wrap(format);
        format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    } else {
        TRY(xlsx_set_lines(sheet, *row, xlsx_lines(title, TEXT_WIDTH), err));
    }
    TRY(xlsx_write_text(sheet, *row, 0, "Report", FRONT_TITLE_MAX, book->title, err));
    TRY(xlsx_write_text(sheet, *row, 1, title, FRONT_TITLE_MAX, format, err));
    *row += 1;
    return STATUS_OK;
}

static enum status write_cover(struct xlsx_book *book, const char *name, struct error *err)
{
    const struct result *result = book->result;
    lxw_worksheet *sheet;
    lxw_row_t row = 0;
    struct cover_line line;
    TRY(new_front_sheet(book, name, &sheet, err));
    for (size_t i = 0; cover_caption(result, i, &line); i++)
        TRY(put_line(book, sheet, &row, &line, err));
    row += row > 0;
    TRY(put_title(book, sheet, &row, err));
    if (result->confidentiality && *result->confidentiality) {
        TRY(xlsx_write_text(sheet, row, 1, result->confidentiality, FRONT_TITLE_MAX, book->legend,
                            err));
        row += 1;
    }
    row += 1;
    for (size_t i = 0; cover_fact(result, i, &line); i++)
        TRY(put_line(book, sheet, &row, &line, err));
    const char *population = population_of(result);
    if (population)
        TRY(put_pair(book, sheet, &row, "Population", population, err));
    if (result->release.count)
        TRY(put_pair(book, sheet, &row, "Policy", result->release.items[0].value, err));
    for (size_t i = 0; i < result->run.count; i++)
        if (strstr(result->run.items[i].name, "_sha256"))
            TRY(put_one(book, sheet, &row, &result->run.items[i], err));
    TRY(put_contents(book, sheet, &row, err));
    if (row <= ONE_PAGE_ROWS)
        worksheet_fit_to_pages(sheet, 1, 1);
    return STATUS_OK;
}

/* The sheet of the table whose id is NAME, if there is one. */
static const struct xlsx_part *part_of(const struct xlsx_book *book, const char *name)
{
    for (size_t i = 0; i < book->part_count; i++)
        if (strcmp(book->parts[i].table->id, name) == 0)
            return &book->parts[i];
    return NULL;
}

enum list_flags {
    LIST_LINKS = 1, /* to the tables of those names */
    LIST_LABELS = 2 /* names are keys, to be told as labels */
};

/* A sheet of a list: two columns under a frozen header row that is repeated in print. */
static enum status write_list(struct xlsx_book *book, const char *name, const char *first,
                              const char *second, const struct result_pairs *pairs, unsigned flags,
                              struct error *err)
{
    lxw_worksheet *sheet;
    TRY(new_front_sheet(book, name, &sheet, err));
    TRY(xlsx_write_text(sheet, 0, 0, first, FRONT_TITLE_MAX, book->column, err));
    TRY(xlsx_write_text(sheet, 0, 1, second, FRONT_TITLE_MAX, book->column, err));
    worksheet_freeze_panes(sheet, 1, 0);
    TRY(xlsx_status(worksheet_repeat_rows(sheet, 0, 0), err));
    lxw_row_t row = 1;
    for (size_t i = 0; i < pairs->count; i++, row++) {
        const struct result_pair *pair = &pairs->items[i];
        const struct xlsx_part *part = flags & LIST_LINKS ? part_of(book, pair->name) : NULL;
        if (flags & LIST_LABELS) {
            lxw_row_t at = row;
            TRY(put_one(book, sheet, &at, pair, err));
            continue;
        }
        const char *label = part && *part->table->title ? part->table->title : pair->name;
        TRY(set_height(sheet, row, label, pair->value, err));
        /* LibreOffice sets a link in one line and cuts it; the cover has all of them, too. */
        if (part && xlsx_lines(label, LABEL_WIDTH) == 1)
            TRY(xlsx_write_link(sheet, row, 0, label, part->name, book->link, err));
        else
            TRY(xlsx_write_text(sheet, row, 0, label, FRONT_TITLE_MAX, book->label, err));
        TRY(xlsx_write_text(sheet, row, 1, pair->value, FRONT_TEXT_MAX, book->wrapped, err));
    }
    return STATUS_OK;
}

/* How to read the stamp on each printed page, if there is one. */
static enum status put_stamp(struct xlsx_book *book, lxw_worksheet *sheet, lxw_row_t *row,
                             struct error *err)
{
    char first[48], last[48], text[600];
    cover_stamp(book->result, 0, first);
    cover_stamp(book->result, book->sheet_total - 1, last);
    if (!*first)
        return STATUS_OK;
    snprintf(text, sizeof text,
             "Each printed page bears the number of its sheet, from %s for the cover to %s for the "
             "last one in the order of the contents, and behind a hyphen the page of that sheet: "
             "%s-1 is the cover's first page. The HTML page, if there is one, has %s-H1, %s-H2 and "
             "so on.",
             first, last, first, first, first);
    return put_pair(book, sheet, row, "Stamp", text, err);
}

/* How to read a report, for whom it is the first one. */
static enum status write_read_me(struct xlsx_book *book, const char *name, struct error *err)
{
    static const char *const lines[][2] = {
        {"What this is", "Numbers about a set of chat logs, made on the log holder's premises over "
                         "the whole set. No "
                         "message, title, user or record is in it."},
        {"Tables",
         "Each is a named table of the spreadsheet (its name begins with T and its number), with a "
         "filter; in a workbook of over 200,000 rows a plain range with a filter."},
        {"Where to begin",
         "Summary has one line an answer. Each answer's table is on a sheet of its own; "
         "Definitions "
         "says what its words mean, Methods how its numbers were made and where that is from."},
        {"Bounds",
         "An estimate stands between its low and its high end, in columns beside it, in sentences "
         "in brackets behind it. The ends hold "
         "at the stated confidence; the estimate alone claims nothing. Cells hold each number in "
         "full and show it rounded to the nearest digit; sentences, the page and the draft round "
         "ends outward."},
        {"Withheld",
         "A cell that says \"withheld\" is a number that would tell of few people, or one from "
         "which such a number could be derived. An empty cell is a number that there is not."},
        {"What was left out",
         "Completeness counts each record that was read and why it was left out, where the policy "
         "lets that be told. Release says under which policy numbers left, and what that "
         "guarantees."},
        {"How to check it",
         "Audit has the digests of plan, catalogue and logs, and the program's version. The same "
         "logs, plan, samples and labels give the same bytes again; noise, where there is any, is "
         "kept in the ledger. A sample can be drawn again from its seed by anyone who has the "
         "ids."},
    };
    lxw_worksheet *sheet;
    lxw_row_t row = 0;
    TRY(new_front_sheet(book, name, &sheet, err));
    TRY(xlsx_write_text(sheet, row++, 0, "Read me", FRONT_TITLE_MAX, book->title, err));
    row++;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        TRY(put_pair(book, sheet, &row, lines[i][0], lines[i][1], err));
    return put_stamp(book, sheet, &row, err);
}

static enum status write_summary(struct xlsx_book *book, const char *name, struct error *err)
{
    return write_list(book, name, "Query", "Answer", &book->result->summary, LIST_LINKS, err);
}

static enum status write_definitions(struct xlsx_book *book, const char *name, struct error *err)
{
    return write_list(book, name, "Word", "Meaning", &book->result->definitions, 0, err);
}

/* The methods of the tree, and what this workbook does differently where it is large. */
static enum status write_methods(struct xlsx_book *book, const char *name, struct error *err)
{
    static const struct result_pair large = {
        "Large workbook",
        "The tables have over 200,000 rows in all, so that they are plain ranges with a filter "
        "instead of named tables of the spreadsheet."};
    const struct result_pairs *methods = &book->result->methods;
    if (!book->constant_memory)
        return write_list(book, name, "Method", "What it is and where it is from", methods, 0, err);
    struct result_pair *items = mem_zalloc(methods->count + 1, sizeof *items);
    if (!items)
        return error_nomem(err);
    if (methods->count)
        memcpy(items, methods->items, methods->count * sizeof *items);
    items[methods->count] = large;
    struct result_pairs all = {items, methods->count + 1, methods->count + 1};
    enum status status =
        write_list(book, name, "Method", "What it is and where it is from", &all, 0, err);
    free(items);
    return status;
}

static enum status write_release(struct xlsx_book *book, const char *name, struct error *err)
{
    return write_list(book, name, "Release", "What it says", &book->result->release, LIST_LABELS,
                      err);
}

static enum status write_audit(struct xlsx_book *book, const char *name, struct error *err)
{
    return write_list(book, name, "Of this run", "What it was", &book->result->run, LIST_LABELS,
                      err);
}

const struct xlsx_sheet xlsx_front_sheets[] = {
    {"Cover", "", write_cover},
    {"Read me", "How to read this report", write_read_me},
    {"Summary", "One line an answer", write_summary},
    {"Definitions", "What the words mean", write_definitions},
    {"Methods", "How each number was made, and its source", write_methods},
    {NULL, NULL, NULL},
};

const struct xlsx_sheet xlsx_back_sheets[] = {
    {"Release", "What may leave, under which policy and with which guarantee", write_release},
    {"Audit", "Versions and digests: what this report was made from", write_audit},
    {NULL, NULL, NULL},
};
