/*
 * Reading a report.json back into the result tree.
 */
#ifndef PROFFER_REPORT_READ_H
#define PROFFER_REPORT_READ_H

#include "base/digest.h"
#include "base/error.h"
#include "report/answers/result.h"

/*
 * Fills RESULT (initialised by the caller, who releases it also on failure) from the file at PATH.
 * Writing it again gives the same bytes. Charts are not in the file. A row that lacks a column
 * reads as null there; other members of a row are ignored. STATUS_INPUT for a file that cannot be
 * read, is over 1 GiB, is no JSON or no report.
 */
PROFFER_MUST_USE enum status report_read(struct result *result, const char *path,
                                         struct error *err);

/* The same of a file of at most MAX bytes, whose SHA-256 is put into *DIGEST. */
PROFFER_MUST_USE enum status report_read_digest(struct result *result, const char *path, size_t max,
                                                struct sha256 *digest, struct error *err);

/* The same of LEN bytes of TEXT, which errors call NAME. */
PROFFER_MUST_USE enum status report_parse(struct result *result, const char *name, const char *text,
                                          size_t len, struct error *err);

#endif
