/*
 * Compiling regular expressions within bounds of time and memory: in a process of its own, which
 * hands back the serialised automata through a pipe, and is ended when it passes its limits.
 *
 *     parent                          child (RLIMIT_CPU, RLIMIT_AS, no core file)
 *       fork ------------------------->  compile all together, or, where that fails,
 *       <-- step: expression, way ----   each by itself with a time of its own, then all
 *       <-- fault, or starts + automata
 *
 * The step says what the child was at when it had to be ended, and so which expression explodes.
 * An expression whose beginnings make its automaton too large is compiled without them.
 */
#ifndef PROFFER_REGEX_COMPILE_H
#define PROFFER_REGEX_COMPILE_H

#include "queries/text/regex_set.h"

/* The bounds: processor seconds for all of a set and for one expression, bytes beyond what the
 * program has when it begins. An elapsed time of REGEX_ELAPSED times as much ends it too: so long
 * that a busy machine does not refuse what it took on another day. */
enum {
    REGEX_SECONDS_MAX = 120,
    REGEX_SECONDS_EACH = 5,
    REGEX_ELAPSED = 60,
    REGEX_MEMORY_MAX = 1 << 30,
    REGEX_BYTES_MAX = 256 << 20 /* of the serialised automata */
};

/*
 * *BYTES (the caller frees them) are the serialised automata of COUNT expressions (at least one);
 * STARTS[i] is whether expression i reports beginnings. Errors as for regex_set_new.
 */
PROFFER_MUST_USE enum status regex_compile(const struct regex *regexes, size_t count, bool *starts,
                                           char **bytes, size_t *len, struct regex_fault *fault,
                                           struct error *err);

#endif
