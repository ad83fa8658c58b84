/* The patterns of a regex query, compiled: see query_patterns.h. */
#include "queries/query_patterns.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum status query_patterns_compile(const struct plan_query *query, struct regex_set **set,
                                   uint32_t *slots, struct regex_fault *fault, struct error *err)
{
    unsigned flags = REGEX_STARTS | (query->ignore_case ? REGEX_CASELESS : 0u) |
                     (query->unicode_classes ? REGEX_UNICODE : 0u);
    struct regex *regexes = mem_zalloc(query->term_count, sizeof *regexes);
    size_t count = 0;
    *set = NULL;
    *fault = (struct regex_fault){SIZE_MAX, SIZE_MAX};
    if (!regexes)
        return error_nomem(err);
    for (uint32_t slot = 0; slot < query->term_count; slot++) {
        const struct plan_term *term = &query->terms[slot];
        if (term->problem)
            continue;
        slots[count] = slot;
        regexes[count++] = (struct regex){term->source, strlen(term->source), flags};
    }
    enum status status = regex_set_new(set, regexes, count, fault, err);
    if (status != STATUS_OK && fault->number != SIZE_MAX)
        fault->number = slots[fault->number];
    free(regexes);
    return status;
}
