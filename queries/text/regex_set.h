/*
 * Regular expressions, many at a time, over text or single words: all of them in one pass, however
 * many there are, in time that does not explode on hostile text (Hyperscan: automata, no
 * backtracking). No other file includes Hyperscan's headers but regex_set.c and regex_compile.c.
 *
 * Compiling is bounded in time and memory (regex_compile.h): an expression whose automaton explodes
 * is an error that names it. A compiled set is shared by threads; each has a scratch of its own.
 *
 * The dialect is that of PCRE without back-references and look-around, UTF-8 always: `.` and a
 * class match one character. \w \d \s \b are ASCII unless REGEX_UNICODE is set, which lacks \b
 * (Hyperscan does) and makes far larger automata. Greed means nothing: what is reported is where
 * matches end, and not how long they might have been.
 *
 * Limits: expressions of at most REGEX_LENGTH_MAX bytes, REGEX_COUNT_MAX of them; text below 4 GiB.
 */
#ifndef PROFFER_REGEX_SET_H
#define PROFFER_REGEX_SET_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REGEX_LENGTH_MAX = 4096, REGEX_COUNT_MAX = 10000 };

enum regex_flags {
    REGEX_CASELESS = 1,
    REGEX_UNICODE = 2, /* \w \d \s by Unicode; no \b */
    /*
     * The expression matches the text as a whole, from its first byte to its last, and is reported
     * once: for single words, which are never empty. It may match the empty text.
     */
    REGEX_WHOLE = 4,
    /* Report where a match begins, if that can be found (regex_set_finds_starts). Not with
     * REGEX_WHOLE. */
    REGEX_STARTS = 8,
    /* Report one match of the expression in a text. Not with REGEX_STARTS. */
    REGEX_ONCE = 16
};

struct regex {
    const char *pattern; /* need not be NUL-terminated */
    size_t len;
    unsigned flags;
};

/* What compiling failed on. */
struct regex_fault {
    size_t number; /* of the expression; SIZE_MAX: all together, or none (no memory, ...) */
    size_t offset; /* of the byte in it; SIZE_MAX where that is not known */
};

struct regex_set;
struct regex_scratch;

/*
 * Compiles COUNT expressions. One that cannot be read, matches the empty text (without
 * REGEX_WHOLE), or is too large or too slow to compile is STATUS_PLAN, with a text that begins in
 * lower case and does not name the expression: FAULT does (may be NULL). Other errors: no memory,
 * no process to compile in, a processor that Hyperscan does not run on. At most REGEX_SECONDS_MAX
 * of processor time.
 */
PROFFER_MUST_USE enum status regex_set_new(struct regex_set **set, const struct regex *regexes,
                                           size_t count, struct regex_fault *fault,
                                           struct error *err);
void regex_set_free(struct regex_set *set);

size_t regex_set_count(const struct regex_set *set);

/* Whether matches of expression NUMBER come with their beginning: it was asked for, and its
 * automaton is small enough for that: the same in every run, since compiling that takes too long
 * is an error. */
bool regex_set_finds_starts(const struct regex_set *set, size_t number);

/* For one thread. NULL without memory. */
struct regex_scratch *regex_scratch_new(const struct regex_set *set)
    __attribute__((warn_unused_result));
void regex_scratch_free(struct regex_scratch *scratch);

/*
 * A match of expression NUMBER that ends before byte TO. FROM is the least place where a match
 * that ends there begins, or TO where beginnings are not known. Returns true to stop the scan.
 */
typedef bool regex_found(void *context, uint32_t number, size_t from, size_t to);

/*
 * Reports the matches in TEXT (valid UTF-8), each (number, end) once. Matches of different
 * expressions come in no particular order. Those of one come by ascending end where beginnings are
 * known; else an end may come just after the one that is a character further, in an expression
 * with \b, \B or $ (Hyperscan's "unordered matches").
 */
PROFFER_MUST_USE enum status regex_set_scan(const struct regex_set *set,
                                            struct regex_scratch *scratch, const char *text,
                                            size_t len, regex_found *found, void *context,
                                            struct error *err);

#endif
