/* The writers: see writer.h. */
#include "report/writer.h"

const struct writer_type writer_types[] = {
    {"json", "the result tree as JSON, for programs", json_report_write},
    {"xlsx", "a workbook: cover, summary, definitions, methods, one table a sheet, release, audit",
     xlsx_report_write},
    {NULL, NULL, NULL},
};
