/*
 * Which conversations the logs had when a report was made, as the ledger remembers it, so that what
 * it told can be counted as it was then. No name or id is in it, but keyed hashes. As text,
 * hexadecimal digits, a blank, and more of them:
 *
 *     a part of the catalogue   a hash of the file's name and where the part begins (12), rows (8),
 *                               a hash of what they are (12): place, time, numbers of turns,
 *                               exchanges and words, id; which are duplicates
 *     a conversation of them    a hash of its time, these numbers and its id (12); none where there
 *                               are too many
 *
 * Logs grow by new files, and by more records at the end of one: then each part of theirs is still
 * there, and its first rows are what it was. Where they are written anew, conversations are found
 * by their ids, if there are few enough. Where one of them is no more, nothing is known.
 */
#ifndef PROFFER_TOLD_LOGS_H
#define PROFFER_TOLD_LOGS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/digest.h"
#include "base/error.h"
#include "queries/catalogue/catalogue.h"
#include "queries/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of logs of more parts nothing is remembered; of more conversations not each. */
enum {
    TOLD_LOGS_PARTS_MAX = 32768,
    TOLD_LOGS_LISTED_MAX = 200000,
    TOLD_LOGS_TEXT_MAX = TOLD_LOGS_PARTS_MAX * 32 + 1 + TOLD_LOGS_LISTED_MAX * 12
};

struct told_logs_part {
    uint64_t name, rows, head; /* name, head: keyed hashes */
};

struct told_logs {
    struct told_logs_part *parts; /* [count], in the order of the catalogue */
    size_t count;
    uint64_t *listed; /* [listed_count] of conversations that are no duplicates: keyed hashes */
    size_t listed_count;
};

/* Those of a catalogue, in ARENA; none where it has too many parts. */
PROFFER_MUST_USE enum status told_logs_of(struct told_logs *logs, const struct catalogue *catalogue,
                                          const struct sha256 *key, struct arena *arena,
                                          struct error *err);

PROFFER_MUST_USE enum status told_logs_write(const struct told_logs *logs, struct buffer *text,
                                             struct error *err);
/* Reads TEXT into ARENA. *VALID is false where it is none. */
PROFFER_MUST_USE enum status told_logs_read(struct told_logs *logs, const char *text,
                                            struct arena *arena, bool *valid, struct error *err);

/*
 * The filter on what was there THEN, of CATALOGUE, whose own are NOW; NAME is what such filters are
 * told apart by. *FILTER, in ARENA, is NULL where all that is now was there, or where not all that
 * was there is still so.
 */
PROFFER_MUST_USE enum status
told_logs_filter(const struct told_logs *then, const struct told_logs *now,
                 const struct catalogue *catalogue, const struct sha256 *key, const char *name,
                 struct arena *arena, struct plan_filter **filter, struct error *err);

#endif
