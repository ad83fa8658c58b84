/*
 * Regular expressions: the first line is one, the rest is text. It is compiled within bounds or an
 * error says why not; its matches lie in the text, each end once and, with beginnings, in order.
 */
#include "base/utf8.h"
#include "queries/text/regex_set.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    size_t len, last, count;
    bool starts;
};

static bool see(void *context, uint32_t number, size_t from, size_t to)
{
    struct seen *seen = context;
    if (number != 0 || from > to || to > seen->len ||
        (seen->starts && (from == to || (seen->count && to <= seen->last))))
        abort();
    seen->last = to;
    return ++seen->count > 10000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data, *end = text + size;
    const char *newline = size ? memchr(text, '\n', size) : NULL;
    if (!newline || newline == text || newline - text > 60)
        return 0;
    for (const char *at = newline + 1; at < end;)
        if (utf8_next(&at, end) == UTF8_INVALID)
            return 0;
    struct error err = ERROR_INIT;
    struct regex_set *set;
    struct regex_fault fault;
    const struct regex regex = {text, (size_t)(newline - text), REGEX_STARTS};
    enum status status = regex_set_new(&set, &regex, 1, &fault, &err);
    if (status != STATUS_OK) {
        if (set || !err.text[0] || (status == STATUS_PLAN && fault.number != 0))
            abort();
        return 0;
    }
    struct seen seen = {.len = (size_t)(end - newline - 1),
                        .starts = regex_set_finds_starts(set, 0)};
    struct regex_scratch *scratch = regex_scratch_new(set);
    if (!scratch ||
        regex_set_scan(set, scratch, newline + 1, seen.len, see, &seen, &err) != STATUS_OK)
        abort();
    regex_scratch_free(scratch);
    regex_set_free(set);
    return 0;
}
