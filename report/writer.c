/* The writers: see writer.h. */
#include "report/writer.h"

const struct writer_type writer_types[] = {
    {"json", "the result tree as JSON, for programs", json_report_write},
    {"xlsx", "a workbook: cover, summary, definitions, methods, one table a sheet, release, audit",
     xlsx_report_write},
    {"csv", "a folder of CSV files, one a table, and an index of them", csv_report_write},
    {"page", "one HTML page that needs nothing else: what the workbook says, to read and print",
     page_report_write},
    {"draft", "a form in Markdown, filled: what a person reads, completes and signs",
     draft_report_write},
    {NULL, NULL, NULL},
};
