/*
 * What a run says at its end to programs: one JSON object on standard output.
 *
 *     { "answers": [{"id", "text"}], "files": {"csv": "out/tables", ...}, "proffer": 1,
 *       "run_id": "0123456789abcdef", "verdicts": [{"id", "verdict"}] }
 */
#ifndef PROFFER_RUN_JSON_H
#define PROFFER_RUN_JSON_H

#include "base/error.h"
#include "report/answers/result.h"

#include <jansson.h>

struct run_json {
    const struct result *result;
    json_t *files; /* NULL before the first; run_json_end frees it */
};

/* A file, or of CSV the folder, that was written. On failure frees what there was. */
PROFFER_MUST_USE enum status run_json_file(struct run_json *told, const char *format,
                                           const char *path, struct error *err);

/* Prints the object and a newline; whether they were written shows when stdout is closed. */
PROFFER_MUST_USE enum status run_json_end(struct run_json *told, struct error *err);

#endif
