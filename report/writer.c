/* The writers: see writer.h. */
#include "report/writer.h"

const struct writer_type writer_types[] = {
    {"json", "the result tree as JSON, for programs", json_report_write},
    {"xlsx", "a workbook: cover, summary, methods, definitions, one table a sheet",
     xlsx_report_write},
    {NULL, NULL, NULL},
};
