/*
 * A workbook being written: what its sheets share. Only report/xlsx_*.c include this header, the
 * one place that sees libxlsxwriter.
 *
 * In constant-memory mode the library keeps one row a sheet: cells are written row by row, and no
 * row is touched again.
 */
#ifndef PROFFER_XLSX_BOOK_H
#define PROFFER_XLSX_BOOK_H

#include "base/error.h"
#include "report/answers/result.h"
#include "report/number_text.h"
#include "report/verdict_mark.h"
#include "report/xlsx_text.h"

#include <stdint.h>
#include <xlsxwriter.h>

struct xlsx_limits {
    size_t sheet_rows;      /* of data on one sheet; the format's own limit is 1,048,576 in all */
    size_t constant_memory; /* over so many rows in all, constant-memory mode */
};

extern const struct xlsx_limits xlsx_default_limits;

enum { XLSX_FIRST_ROW = 3 }; /* of a table's data, counted from 0 */

/* One sheet of a table: rows FIRST to FIRST + COUNT - 1. */
struct xlsx_part {
    const struct result_table *table;
    const char *name;
    size_t first, count;
    size_t number, parts; /* "part NUMBER of PARTS" */
};

struct xlsx_book {
    const struct result *result;
    lxw_workbook *workbook;
    bool constant_memory;
    struct xlsx_names names;
    struct xlsx_part *parts;
    size_t part_count;
    char *header;                    /* of each page, the same on each sheet */
    char *foot_matter, *foot_legend; /* in each page's footer */
    size_t sheets, sheet_total;      /* begun so far; in all */
    lxw_format *title, *heading, *legend, *label, *plain, *wrapped, *note, *link;
    lxw_format *again;                  /* a text that stands in the row above: in one line */
    lxw_format *column, *column_number; /* the header row */
    lxw_format *text, *count, *withheld;
    lxw_format *share[NUMBER_DECIMALS_MAX + 1];  /* by decimals of the percentage */
    lxw_format *number[NUMBER_DECIMALS_MAX + 1]; /* by decimals */
    lxw_format *verdicts[VERDICT_MARKS];         /* texts that show their sign before them */
};

/* A library's error as ours. */
PROFFER_MUST_USE enum status xlsx_status(lxw_error code, struct error *err);

/* TEXT by write_string, made safe first and cut to MAX units; NULL and "" leave a blank cell. */
PROFFER_MUST_USE enum status xlsx_write_text(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                                             const char *text, size_t max, lxw_format *format,
                                             struct error *err);

/* TEXT with a link to the sheet NAME. */
PROFFER_MUST_USE enum status xlsx_write_link(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                                             const char *text, const char *name, lxw_format *format,
                                             struct error *err);

/*
 * Lines that TEXT takes in a cell that wraps at WIDTH characters, at least 1. Viewers measure with
 * fonts of their own, so this errs towards one line too many.
 */
unsigned xlsx_lines(const char *text, double width);

/* The height of LINES lines of text for a row that is still to be written. Not every viewer finds
 * the heights of wrapped rows by itself. */
PROFFER_MUST_USE enum status xlsx_set_lines(lxw_worksheet *sheet, lxw_row_t row, unsigned lines,
                                            struct error *err);

/* A new sheet with the print set-up that all share: landscape letter, one page wide. */
PROFFER_MUST_USE enum status xlsx_add_sheet(struct xlsx_book *book, const char *name,
                                            lxw_worksheet **sheet, struct error *err);

/* A sheet that is no table's. */
struct xlsx_sheet {
    const char *name, *summary;
    enum status (*write)(struct xlsx_book *book, const char *name, struct error *err);
};

extern const struct xlsx_sheet xlsx_front_sheets[], xlsx_back_sheets[]; /* end with a NULL name */

/*
 * Makes PART's rows and headers a named table of the spreadsheet, before its cells are written.
 * *NAMED is false, and nothing is done, in constant-memory mode, for no rows, and where headers are
 * not unique without regard to case.
 */
PROFFER_MUST_USE enum status xlsx_name_table(const struct xlsx_book *book, lxw_worksheet *sheet,
                                             const struct xlsx_part *part, bool *named,
                                             struct error *err);

/* One sheet of a table, with its chart on the first. */
PROFFER_MUST_USE enum status xlsx_write_part(struct xlsx_book *book, const struct xlsx_part *part,
                                             struct error *err);

/* Whether a chart has room in print beside a table that is TOTAL characters wide, or one below
 * the LINES of its sheet on their page. */
bool xlsx_chart_beside(double total);
bool xlsx_chart_fits(const struct xlsx_part *part, double total, size_t lines);

/*
 * The chart, if any, of PART's table with its upper left corner at ROW and COLUMN: beside the table
 * or, in column 0, below it. TOTAL is the width of the table in characters, for what a printed page
 * holds.
 */
PROFFER_MUST_USE enum status xlsx_put_chart(struct xlsx_book *book, lxw_worksheet *sheet,
                                            const struct xlsx_part *part, lxw_row_t row,
                                            lxw_col_t column, double total, struct error *err);

/* A line chart of three series, high, low and value, whose high-low lines every viewer draws. */
void xlsx_make_stock(lxw_chart *chart);

/* As xlsx_report_write (writer.h), with other limits. */
PROFFER_MUST_USE enum status xlsx_report_write_limited(const struct result *result,
                                                       const char *path,
                                                       const struct xlsx_limits *limits,
                                                       struct error *err);

/*
 * Reads the workbook at PATH as a zip archive: every member must inflate to the size that the
 * archive says and end in the closing tag of its root element. The library ignores failed writes to
 * its temporary files; this finds what they leave. SHOWN names the file in errors.
 */
PROFFER_MUST_USE enum status xlsx_check(const char *path, const char *shown, struct error *err);

#endif
