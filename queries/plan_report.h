/*
 * The files that a report is written to, as one table: reading the plan, sparing its inputs and
 * writing all go by it.
 */
#ifndef PROFFER_PLAN_REPORT_H
#define PROFFER_PLAN_REPORT_H

#include "queries/plan.h"

#include <stdbool.h>
#include <stddef.h>

struct plan_report_file {
    const char *key; /* in the plan's `report`, and the name of the writer: "xlsx" */
    size_t offset;   /* of its path, a char *, in struct plan */
    bool folder;     /* the writer makes a folder, with files of its own naming */
};

extern const struct plan_report_file plan_report_files[]; /* ends with a NULL key */

/* The path of FILE in PLAN; NULL if it is not to be written. */
const char *plan_report_path(const struct plan *plan, const struct plan_report_file *file);

#endif
