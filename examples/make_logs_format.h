/* The formats that logs are written in, as their makers' exports look. */
#ifndef MAKE_LOGS_FORMAT_H
#define MAKE_LOGS_FORMAT_H

#include "examples/make_logs_conversation.h"

#include <stdbool.h>
#include <stdint.h>

struct record_writer; /* where a format's function writes to */

struct make_format {
    const char *name, *summary;
    unsigned carries;
    bool lines;          /* a record a line; else one array a file */
    uint32_t mean_bytes; /* of a conversation, about */
    void (*write)(struct record_writer *record);
};

extern const struct make_format make_formats[];
extern const unsigned make_format_count;

/* The format of that name, or NULL. */
const struct make_format *make_format_find(const char *name);

/*
 * Writes a laid-out conversation as one record without a newline, counting PLAN's words. LONG_ID
 * and DEEP spoil it as their names say.
 */
void make_format_write(const struct make_format *format, const struct maker *maker,
                       struct conversation_plan *plan, struct random *random, bool long_id,
                       bool deep, struct sink *out);

/* The id as the record has it: 36 characters, not NUL-terminated. */
void make_format_id(const struct meta *meta, struct sink *out);

#endif
