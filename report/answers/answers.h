/*
 * Answers: released figures in, result tree out; one file a query kind, joined by a table of
 * descriptors. Estimation happens here, after the gate.
 */
#ifndef PROFFER_ANSWERS_H
#define PROFFER_ANSWERS_H

#include "base/error.h"
#include "queries/plan.h"
#include "release/figure.h"
#include "report/answers/result.h"

/* What the run knows about itself; strings are put into the report as they are. */
struct answers_run {
    const char *program_version, *term_language_version;
    const char *plan_digest, *catalogue_digest, *logs_digest; /* hex; logs "none" if not computed */
    uint64_t files, bytes;
    bool hidden;                   /* with noise: digests are salted, and no size is told */
    const struct result *previous; /* an earlier report that passed series_check, or NULL */
    const char *previous_digest;   /* SHA-256 of its file, hex */
};

/*
 * Fills RESULT (initialised by the caller): completeness first, then a table or two a query, then
 * what changed since the previous report (series.h).
 */
PROFFER_MUST_USE enum status answers_make(const struct plan *plan, const struct release *release,
                                          const struct answers_run *run, struct result *result,
                                          struct error *err);

#endif
