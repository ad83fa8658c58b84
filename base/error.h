/*
 * What went wrong: every function that can fail returns an enum status and fills a struct error.
 *
 * Text is lower case, says what failed first and quotes the subject; `hint` is a line of advice
 * where one helps. Libraries fill errors; only cli/ prints them.
 */
#ifndef PROFFER_ERROR_H
#define PROFFER_ERROR_H

#include <stdbool.h>
#include <stddef.h>

/* The values 2 to 5 and 70 are the program's exit statuses. */
enum status {
    STATUS_OK = 0,
    STATUS_FINDING = 1,  /* the job was done and found something (a claim contradicted, ...) */
    STATUS_USAGE = 2,    /* the command line is wrong */
    STATUS_PLAN = 3,     /* the plan, a term or a file that the plan names as a question is wrong */
    STATUS_INPUT = 4,    /* a file cannot be read or written, or holds what it must not */
    STATUS_REFUSED = 5,  /* the release gate refused */
    STATUS_INTERNAL = 70 /* memory exhausted, or a mistake in this program */
};

#define PROFFER_MUST_USE __attribute__((warn_unused_result))

struct error {
    enum status code;
    char where[512]; /* "plan.json: queries[3].by[0]", "logs/a.jsonl:17"; empty if nowhere */
    char text[1024];
    char hint[512]; /* empty if none */
};

/* An empty error. */
#define ERROR_INIT                                                                                 \
    {                                                                                              \
        STATUS_OK, "", "", ""                                                                      \
    }

/*
 * Fills ERR (which may be NULL) and returns CODE, so that `return error_set(err, ...)` reads well.
 * WHERE may be NULL. Too long a text is cut at a UTF-8 boundary and ends in "...".
 */
enum status error_set(struct error *err, enum status code, const char *where, const char *format,
                      ...) __attribute__((format(printf, 4, 5)));

/* error_set with the text of ERRNUM after it: `cannot open "x": no such file or directory`. */
enum status error_errno(struct error *err, enum status code, int errnum, const char *where,
                        const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Adds a hint to an error that was set. Returns the error's code. */
enum status error_hint(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Puts WHERE before the error's place ("plan.json" + "queries[0]" -> "plan.json: queries[0]"). */
enum status error_within(struct error *err, const char *where);

/* The one error for exhausted memory. */
enum status error_nomem(struct error *err);

/* Forwards a failure; needs no cleanup label. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum status try_status_ = (call);                                                          \
        if (try_status_ != STATUS_OK)                                                              \
            return try_status_;                                                                    \
    } while (0)

/* Forwards a failure through `cleanup:`, with `enum status status` in scope. */
#define TRY_CLEANUP(call)                                                                          \
    do {                                                                                           \
        status = (call);                                                                           \
        if (status != STATUS_OK)                                                                   \
            goto cleanup;                                                                          \
    } while (0)

#endif
