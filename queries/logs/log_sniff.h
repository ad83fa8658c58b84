/*
 * What a file is, told from its first bytes: compression by magic number, framing by the first
 * lines, format by the first record that fits one.
 */
#ifndef PROFFER_LOG_SNIFF_H
#define PROFFER_LOG_SNIFF_H

#include "queries/logs/log_set.h"

/* By magic bytes; a file of none is plain. LEN bytes of the file's start. */
enum compression sniff_compression(const unsigned char *bytes, size_t len);

/*
 * Framing of decompressed text, of which LEN bytes are at hand; WHOLE if that is all of it. First
 * byte '[': an array. A first line that is a complete value, or whose next line that is not blank
 * begins with '{' (then the first record is broken), or no line end in sight: lines. Else values.
 */
enum framing sniff_framing(const char *text, size_t len, bool whole);

/* Fills compression, framing and format of FILE, whose path and size are set. A format named by the
 * options is taken as it is. */
PROFFER_MUST_USE enum status log_sniff(struct log_file *file, const struct log_options *options,
                                       struct record_reader *reader, struct error *err);

/* Shows VISIT the first records of FILE that framing did not reject, until it sets *FOUND; gives up
 * after 1,000 records or 64 MiB. The text may be changed in place. */
typedef enum status log_record_visit(void *context, char *text, size_t len, bool *found,
                                     struct error *err);
PROFFER_MUST_USE enum status log_first_record(const struct log_file *file,
                                              const struct log_options *options,
                                              log_record_visit *visit, void *context,
                                              struct error *err);

#endif
