/*
 * High-low lines that every viewer draws.
 *
 * Excel draws the high-low lines of a line chart; LibreOffice (7.4 was tried) drops them and shows
 * the markers alone. Of a stock chart, which is the same series and the same lines under another
 * name, both draw the lines. libxlsxwriter 1.1.4 writes no stock charts, so what it writes of a
 * line chart is caught and renamed: the element itself, without its grouping and marker, which a
 * stock chart does not have (ECMA-376 part 1, 21.2.2.198). Series are in the order high, low,
 * close.
 *
 * The library's symbol "long_dash" is none of the format's, and error bars with cells as their ends
 * are missing from it.
 */
#include "report/xlsx_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The library's own writer of line charts, the same of all of them. */
static void (*write_line_chart)(lxw_chart *chart);

static void put_renamed(FILE *out, const char *text)
{
    static const struct {
        const char *from, *to;
    } names[] = {{"<c:lineChart>", "<c:stockChart>"},
                 {"</c:lineChart>", "</c:stockChart>"},
                 {"<c:grouping val=\"standard\"/>", ""},
                 {"<c:marker val=\"1\"/>", ""}};
    while (*text) {
        size_t plain = strcspn(text + 1, "<") + 1, taken = 0;
        for (size_t i = 0; i < sizeof names / sizeof *names && !taken; i++)
            if (strncmp(text, names[i].from, strlen(names[i].from)) == 0) {
                fputs(names[i].to, out);
                taken = strlen(names[i].from);
            }
        if (!taken)
            fwrite(text, 1, plain, out);
        text += taken ? taken : plain;
    }
}

/* Without memory the chart stays a line chart. */
static void write_stock_chart(lxw_chart *chart)
{
    FILE *out = chart->file;
    char *text = NULL;
    size_t len;
    FILE *caught = open_memstream(&text, &len);
    if (caught) {
        chart->file = caught;
        write_line_chart(chart);
        chart->file = out;
    }
    if (caught && fclose(caught) == 0 && text)
        put_renamed(out, text);
    else
        write_line_chart(chart);
    free(text);
}

void xlsx_make_stock(lxw_chart *chart)
{
    write_line_chart = chart->write_chart_type;
    chart->write_chart_type = write_stock_chart;
}
