/* The writers: see writer.h. */
#include "report/writer.h"

const struct writer_type writer_types[] = {
    {"json", "the result tree as JSON, for programs", false, json_report_write},
    {"xlsx", "a workbook: cover, summary, definitions, methods, one table a sheet, release, audit",
     false, xlsx_report_write},
    {"csv", "a folder of CSV files, one a table, and an index of them", true, csv_report_write},
    {"page", "one HTML page that needs nothing else: what the workbook says, to read and print",
     false, page_report_write},
    {NULL, NULL, false, NULL},
};
