/*
 * What the writing and the reading of a segment agree on; used by segment.c and segment_out.c
 * alone.
 *
 *     segment.json  { "content": SHA-256 of the compact JSON of `files`,
 *                     "files": { NAME: { "bytes", "sha256" }, ... },
 *                     "meta": { ... }, "meta_sha256": SHA-256 of its compact JSON,
 *                     "proffer_segment": 1 }
 *
 * keys sorted, indented by one space.
 */
#ifndef PROFFER_SEGMENT_FORM_H
#define PROFFER_SEGMENT_FORM_H

#include "base/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { SEGMENT_VERSION = 1, SEGMENT_JSON_MAX = 64 << 20, SEGMENT_NAME_MAX = 200 };
#define SEGMENT_JSON_FORM ((size_t)(JSON_SORT_KEYS | JSON_INDENT(1)))

/* A name that stays within the segment's folder. */
bool segment_name_good(const char *name);

/* SHA-256 over the compact JSON of an object of segment.json, keys sorted. */
PROFFER_MUST_USE enum status segment_json_digest(const json_t *part, char hex[static 65],
                                                 struct error *err);

#endif
