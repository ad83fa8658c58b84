/*
 * The report as one HTML page, to read on a screen and to print.
 *
 *     header    title, legend of confidentiality, matter, date
 *     nav       parts and tables
 *     main      summary, tables with their charts, methods, definitions, release, provenance
 *     footer    the legend again; not in print, which has it on each sheet
 *
 * The page needs nothing but itself: no script, no picture or font from elsewhere; its own content
 * security policy forbids them all. It says what the workbook says, with the same numbers; of very
 * long tables only the beginning, and then it says so. Ids are numbers in order, so that no text of
 * a plan or a log is ever one. Nothing depends on the clock or the locale: the same tree gives the
 * same bytes.
 */
#include "report/cover_line.h"
#include "report/page_parts.h"
#include "report/pair_label.h"
#include "report/verdict_mark.h"
#include "report/writer.h"

#include "base/file.h"

#include <string.h>

enum { ROWS_MAX = 5000 };

static void put_element(FILE *out, const char *open, const char *text, const char *close)
{
    fputs(open, out);
    page_put_text(out, text);
    fputs(close, out);
}

static const char *title_of(const struct result *result)
{
    return result->title && *result->title ? result->title : "Report";
}

static bool has_legend(const struct result *result)
{
    return result->confidentiality && *result->confidentiality;
}

static void put_head(FILE *out, const struct result *result)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
          out);
    put_element(out, "<title>", title_of(result), "</title>\n<style>\n");
    fputs(page_style, out);
    for (size_t i = 0; i < VERDICT_MARKS; i++)
        fprintf(out, ".v%zu::before{content:\"\\%s  \"}\n", i, verdict_marks[i].css);
    /* In print each sheet bears the legend and its number. */
    fputs("@page{size:landscape;margin:14mm 12mm;@bottom-right{content:counter(page) \" / \" "
          "counter(pages);"
          "font:8pt sans-serif}",
          out);
    if (has_legend(result)) {
        fputs("@bottom-left{content:", out);
        page_put_css_string(out, result->confidentiality);
        fputs(";font:8pt sans-serif}", out);
    }
    char stamp[48];
    cover_stamp(result, 0, stamp);
    if (*stamp) {
        fputs("@bottom-center{content:", out);
        page_put_css_string(out, stamp);
        fputs("\"-H\" counter(page);font:bold 8pt sans-serif}", out);
    }
    fputs("}\n</style>\n</head>\n", out);
}

static void put_header(FILE *out, const struct result *result)
{
    struct cover_line line;
    fputs("<header>\n", out);
    for (size_t i = 0; cover_caption(result, i, &line); i++)
        put_element(out,
                    line.blank ? "<p class=\"caption blank\">"
                               : "<p class=\"caption\" "
                                 "dir=\"auto\">",
                    line.text, "</p>\n");
    if (has_legend(result))
        put_element(out, "<p class=\"legend\" dir=\"auto\">", result->confidentiality, "</p>\n");
    put_element(out, "<h1 dir=\"auto\">", title_of(result), "</h1>\n");
    fputs("<dl>\n", out);
    for (size_t i = 0; cover_fact(result, i, &line); i++) {
        put_element(out, "<dt>", line.label, "</dt>\n");
        put_element(out, line.blank ? "<dd class=\"blank\">" : "<dd dir=\"auto\">", line.text,
                    "</dd>\n");
    }
    fputs("</dl>\n</header>\n", out);
}

static void put_nav(FILE *out, const struct result *result)
{
    fputs("<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">Contents</h2>\n<ul>\n"
          "<li><a href=\"#summary\">Summary</a></li>\n",
          out);
    for (size_t i = 0; i < result->table_count; i++) {
        const struct result_table *table = result->tables[i];
        fprintf(out, "<li><a href=\"#table-%zu\" dir=\"auto\">", i + 1);
        put_element(out, "", *table->title ? table->title : table->id, "</a></li>\n");
    }
    fputs("<li><a href=\"#methods\">Methods</a></li>\n"
          "<li><a href=\"#definitions\">Definitions</a></li>\n"
          "<li><a href=\"#release\">Release</a></li>\n"
          "<li><a href=\"#provenance\">Provenance</a></li>\n</ul>\n</nav>\n",
          out);
}

/* Number of the table with that id, from 1; 0 if there is none. */
static size_t table_number(const struct result *result, const char *id)
{
    for (size_t i = 0; i < result->table_count; i++)
        if (strcmp(result->tables[i]->id, id) == 0)
            return i + 1;
    return 0;
}

static void put_summary(FILE *out, const struct result *result)
{
    fputs("<h2 id=\"summary\">Summary</h2>\n", out);
    if (result->summary.count == 0) {
        fputs("<p>The plan asks nothing that has a line here.</p>\n", out);
        return;
    }
    fputs("<dl>\n", out);
    for (size_t i = 0; i < result->summary.count; i++) {
        const struct result_pair *pair = &result->summary.items[i];
        size_t number = table_number(result, pair->name);
        fputs("<dt dir=\"auto\">", out);
        if (number)
            fprintf(out, "<a href=\"#table-%zu\">", number);
        page_put_text(out, number && *result->tables[number - 1]->title
                               ? result->tables[number - 1]->title
                               : pair->name);
        fputs(number ? "</a></dt>\n" : "</dt>\n", out);
        put_element(out, "<dd dir=\"auto\">", pair->value, "</dd>\n");
    }
    fputs("</dl>\n", out);
}

/* A heading with a list under it; names are keys, shown by their labels, if KEYS. */
static void put_pairs(FILE *out, const char *id, const char *heading,
                      const struct result_pairs *pairs, bool keys)
{
    fprintf(out, "<h2 id=\"%s\">%s</h2>\n", id, heading);
    if (pairs->count == 0) {
        fputs("<p>None.</p>\n", out);
        return;
    }
    fputs("<dl>\n", out);
    for (size_t i = 0; i < pairs->count; i++) {
        char label[200];
        if (keys)
            pair_label(pairs->items[i].name, label, sizeof label);
        put_element(out, "<dt dir=\"auto\">", keys ? label : pairs->items[i].name, "</dt>\n");
        put_element(out, "<dd dir=\"auto\">", pairs->items[i].value, "</dd>\n");
    }
    fputs("</dl>\n", out);
}

static enum status put_page(FILE *out, const struct result *result, size_t rows_max,
                            struct error *err)
{
    put_head(out, result);
    fputs("<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n", out);
    put_header(out, result);
    put_nav(out, result);
    fputs("<main id=\"main\">\n", out);
    put_summary(out, result);
    fputs("<h2 id=\"tables\">Tables</h2>\n", out);
    for (size_t i = 0; i < result->table_count; i++)
        TRY(page_put_table(out, result->tables[i], i + 1, rows_max, err));
    put_pairs(out, "methods", "Methods", &result->methods, false);
    put_pairs(out, "definitions", "Definitions", &result->definitions, false);
    put_pairs(out, "release", "Release", &result->release, true);
    put_pairs(out, "provenance", "Provenance", &result->run, true);
    fputs("</main>\n", out);
    if (has_legend(result))
        put_element(out, "<footer>\n<p class=\"legend\" dir=\"auto\">", result->confidentiality,
                    "</p>\n</footer>\n");
    fputs("</body>\n</html>\n", out);
    return STATUS_OK;
}

enum status page_report_write_limited(const struct result *result, const char *path,
                                      size_t rows_max, struct error *err)
{
    struct file_out out;
    TRY(file_out_open(&out, path, 0644, err));
    enum status status = put_page(out.stream, result, rows_max, err);
    if (status != STATUS_OK) {
        file_out_abandon(&out);
        return status;
    }
    return file_out_commit(&out, err);
}

enum status page_report_write(const struct result *result, const char *path, struct error *err)
{
    return page_report_write_limited(result, path, ROWS_MAX, err);
}
