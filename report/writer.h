/*
 * Writers of the result tree, by a table of descriptors. Each writes whole files or none.
 */
#ifndef PROFFER_WRITER_H
#define PROFFER_WRITER_H

#include "base/error.h"
#include "report/answers/result.h"

struct writer_type {
    const char *name;    /* "json" */
    const char *summary; /* one line */
    enum status (*write)(const struct result *result, const char *path, struct error *err);
};

extern const struct writer_type writer_types[]; /* ends with a NULL name */

PROFFER_MUST_USE enum status json_report_write(const struct result *result, const char *path,
                                               struct error *err);
PROFFER_MUST_USE enum status xlsx_report_write(const struct result *result, const char *path,
                                               struct error *err);
/* PATH is a folder, which is made. */
PROFFER_MUST_USE enum status csv_report_write(const struct result *result, const char *path,
                                              struct error *err);
PROFFER_MUST_USE enum status page_report_write(const struct result *result, const char *path,
                                               struct error *err);
/* Fills RESULT->draft_form, which must not be NULL. */
PROFFER_MUST_USE enum status draft_report_write(const struct result *result, const char *path,
                                                struct error *err);

#endif
