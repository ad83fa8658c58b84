/*
 * From the text of one JSON record to a conversation: simdjson's DOM behind a C shim, one parser a
 * thread, one file a format.
 */
#ifndef PROFFER_RECORD_H
#define PROFFER_RECORD_H

#include "base/error.h"
#include "queries/logs/conversation.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Why a record was not accepted. record_rejections[] has name and title of each. */
enum rejection {
    REJECT_NONE,
    REJECT_INVALID_JSON,
    REJECT_INVALID_UTF8,
    REJECT_TOO_LONG,    /* over max_record bytes */
    REJECT_TOO_DEEP,    /* nested over 1,024 deep */
    REJECT_NO_MESSAGES, /* valid JSON, but not a conversation in the expected format */
    REJECT_ID_TOO_LONG, /* id or user over 256 bytes */
    REJECT_TRUNCATED,   /* the input ends, or its compression breaks, inside this record */
    REJECT_COUNT
};

struct rejection_type {
    const char *name;  /* "invalid_json" */
    const char *title; /* "not valid JSON" */
};
extern const struct rejection_type record_rejections[REJECT_COUNT];

enum {
    RECORD_PADDING = 64, /* readable bytes that must follow a record's text */
    RECORD_DEPTH_MAX = 1024,
    RECORD_ID_MAX = 256 /* bytes of an id or a user */
};

/* The plan's `logs.fields`: where a log keeps a field, by JSON Pointer (RFC 6901). */
struct field_map {
    char *name;    /* "id", "user", "time", one of conversation_field_names, or a free name */
    char *pointer; /* "/meta/account_hash" */
};

struct field_maps {
    struct field_map *items;
    size_t count;
    /* Names of free fields, in the order in which conversations carry them after FIELD_COUNT. */
    char **free_names;
    size_t free_count;
};

struct format_type; /* see format.h: native, openai, lmsys, ... */

/* A format by its name, or NULL ("auto" is none). */
const struct format_type *format_find(const char *name);
const char *format_name(const struct format_type *format);
/* Names and one-line summaries of all formats, for help texts; ends with a NULL name. */
const char *format_nth(size_t i, const char **summary);

struct record_reader; /* a parser, an arena, options; used by one thread */

/* MAX_RECORD in bytes. MAPS may be NULL and must outlive the reader. NULL without memory. */
struct record_reader *record_reader_new(size_t max_record, const struct field_maps *maps)
    __attribute__((warn_unused_result));
void record_reader_free(struct record_reader *reader);

/*
 * Reads TEXT (LEN bytes, RECORD_PADDING readable ones after them; the text may be changed in
 * place) as FORMAT into *OUT, which is valid until the next call. *WHY is REJECT_NONE when it was
 * accepted; a bad record is not an error. Errors: no memory.
 */
PROFFER_MUST_USE enum status record_read(struct record_reader *reader,
                                         const struct format_type *format, char *text, size_t len,
                                         struct conversation *out, enum rejection *why,
                                         struct error *err);

/* The format of a record under `auto`, or NULL if it fits none (or is no JSON). */
PROFFER_MUST_USE enum status record_detect(struct record_reader *reader, char *text, size_t len,
                                           const struct format_type **format, struct error *err);

#endif
