/*
 * The words of a plan's logs that the leaves of a term match, as the catalogue lists them: they are
 * words of messages, for whoever drafts terms inside the log holder's premises.
 */
#ifndef PROFFER_EXPLAIN_LOGS_H
#define PROFFER_EXPLAIN_LOGS_H

#include "base/error.h"
#include "queries/leaf_words.h"
#include "queries/plan.h"
#include "queries/text/term.h"

#include <jansson.h>
#include <stdbool.h>

struct explain_logs {
    struct scan_state state;
    struct leaf_finder *finder; /* NULL: the logs cannot be looked at, and PROBLEM says why */
    struct error problem;
    bool has_state;
};

/* CATALOGUE may be NULL: the plan's. Logs that are not there are no failure. Release also on
 * failure. */
PROFFER_MUST_USE enum status explain_logs_open(struct explain_logs *logs, const struct plan *plan,
                                               const char *catalogue, struct error *err);
void explain_logs_release(struct explain_logs *logs);

/* Prints the words of each leaf of TERM, at most LIMIT of each. */
PROFFER_MUST_USE enum status explain_logs_show(const struct explain_logs *logs,
                                               const struct term *term, size_t limit,
                                               struct error *err);

/* What is known of leaf LEAF of TERM: null where it is no word or nothing was listed. */
PROFFER_MUST_USE enum status explain_logs_json(const struct explain_logs *logs,
                                               const struct term *term, size_t leaf, json_t **out,
                                               struct error *err);

#endif
