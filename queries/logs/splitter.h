/*
 * Cutting a stream of bytes into records: lines, the elements of JSON arrays, or JSON values one
 * after another. The splitter looks at a window of the stream that its caller moves on:
 *
 *     | records already cut | record at hand, seen in part | not seen yet |
 *                           ^ keep                         ^ at           ^ len
 *
 * It is aware of strings and depth, not of grammar: a record is whatever stands between two
 * separators, and the parser judges it. A record that is over the limit of bytes or depth is
 * skipped without being kept, so a window never needs more than the limit.
 *
 * What is broken ends in counted rejections: an empty element (",,") and what follows the array's
 * end are INVALID_JSON, what the end of input cuts off is TRUNCATED. Another array may follow the
 * first one. An element whose brackets or quotes do not balance takes in what follows it until they
 * do, or until the input ends. A byte order mark at the file's start is skipped.
 *
 * The length of a record is that up to its separator, blanks before that included, so that where
 * windows end never matters.
 */
#ifndef PROFFER_SPLITTER_H
#define PROFFER_SPLITTER_H

#include "queries/logs/log_set.h"
#include "queries/logs/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum split_state {
    SPLIT_BETWEEN, /* before a line or value, before the array, or after it */
    SPLIT_FIRST,   /* after '[': an element or ']' */
    SPLIT_NEXT,    /* after ',': an element */
    SPLIT_RECORD,  /* in a record */
    SPLIT_STRING,  /* in a string in a record */
    SPLIT_REST     /* after what is no array: skips to the end */
};

struct splitter {
    enum framing framing;
    size_t max_record;
    enum split_state state;
    size_t at;          /* next byte of the window to look at */
    size_t start;       /* of the record at hand; meaningless while it is skipped */
    size_t depth;       /* open brackets of the record at hand */
    uint64_t base;      /* offset of the window's first byte in the file */
    uint64_t offset;    /* of the record at hand */
    enum rejection why; /* not REJECT_NONE: the record at hand is skipped */
    bool ended;         /* the end of input was told */
};

struct split_record {
    size_t at, len; /* within the window; len is 0 for a rejected one */
    uint64_t offset;
    enum rejection why;
};

/* BASE is the offset of the stream's first byte in the file. */
void splitter_init(struct splitter *splitter, enum framing framing, size_t max_record,
                   uint64_t base);

/*
 * The next record in the window DATA of LEN bytes. FINAL says that no more will come: then
 * everything left is cut, and a record that is not whole is TRUNCATED if CUT (the stream broke) or
 * if the framing shows it. False when there is none (yet).
 */
bool splitter_next(struct splitter *splitter, const char *data, size_t len, bool final, bool cut,
                   struct split_record *record);

/* Bytes before it need not be kept when more are read; the caller then moves the rest to the
 * window's start and calls splitter_moved with the same number. */
size_t splitter_keep(const struct splitter *splitter);
void splitter_moved(struct splitter *splitter, size_t bytes);

#endif
