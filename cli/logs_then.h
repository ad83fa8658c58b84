/*
 * What the logs had when earlier reports were made, in the ledger, in an entry of kind "logs" a
 * state of theirs: what was told of tables and queries of then can be counted as it was.
 *
 *     question   keyed SHA-256 of the text, by which tables and queries name it
 *     text       queries/told_logs.h
 */
#ifndef PROFFER_LOGS_THEN_H
#define PROFFER_LOGS_THEN_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"
#include "queries/told_logs.h"
#include "release/ledger.h"

#include <stddef.h>

/* Of more states of the logs the older ones are left out. */
enum { LOGS_THEN_MAX = 12 };

struct logs_then {
    struct ledger *ledger;
    const struct catalogue *catalogue;
    struct arena arena;
    struct sha256 key;
    struct told_logs own;
    char *text;   /* of OWN; the buffer's */
    char now[65]; /* its question, or "" where nothing is remembered of it */
    struct logs_then_state {
        char question[65];
        struct plan_filter *filter; /* NULL: all that is now was there, or not known */
    } states[LOGS_THEN_MAX];
    size_t count;
};

/* CATALOGUE must live as long. Release also on failure. STATUS_REFUSED where an entry is none. */
PROFFER_MUST_USE enum status logs_then_init(struct logs_then *logs, struct ledger *ledger,
                                            const struct catalogue *catalogue, struct error *err);
void logs_then_release(struct logs_then *logs);

/* The filter on what the logs had by entry QUESTION ("" for none); NULL where they had all, or
 * where it is not known. To be asked of the latest first. */
PROFFER_MUST_USE enum status logs_then_filter(struct logs_then *logs, const char *question,
                                              const struct plan_filter **filter, struct error *err);

/* Writes down what they have. */
PROFFER_MUST_USE enum status logs_then_keep(const struct logs_then *logs, struct error *err);

#endif
