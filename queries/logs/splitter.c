/* Cutting a stream into records: see splitter.h. Strings are skipped 16 bytes at a time. */
#include "queries/logs/splitter.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* The first quote or backslash in [AT, LEN), or LEN. */
static size_t string_stop(const char *data, size_t at, size_t len)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
    for (; at + 16 <= len; at += 16) {
        __m128i block = _mm_loadu_si128((const __m128i *)(const void *)(data + at));
        int mask = _mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, slash)));
        if (mask)
            return at + (size_t)__builtin_ctz((unsigned)mask);
    }
#endif
    while (at < len && data[at] != '"' && data[at] != '\\')
        at++;
    return at;
}

void splitter_init(struct splitter *splitter, enum framing framing, size_t max_record,
                   uint64_t base)
{
    *splitter = (struct splitter){.framing = framing, .max_record = max_record, .base = base};
}

size_t splitter_keep(const struct splitter *splitter)
{
    bool inside = splitter->state == SPLIT_RECORD || splitter->state == SPLIT_STRING;
    return inside && splitter->why == REJECT_NONE ? splitter->start : splitter->at;
}

void splitter_moved(struct splitter *splitter, size_t bytes)
{
    splitter->at -= bytes;
    splitter->start -= splitter->start < bytes ? splitter->start : bytes;
    splitter->base += bytes;
}

static void begin(struct splitter *splitter)
{
    splitter->state = SPLIT_RECORD;
    splitter->start = splitter->at;
    splitter->offset = splitter->base + splitter->at;
    splitter->depth = 0;
    splitter->why = REJECT_NONE;
}

/* Bytes of the record at hand up to window position TO. */
static void check_length(struct splitter *splitter, size_t to)
{
    if (splitter->base + to - splitter->offset > splitter->max_record &&
        splitter->why == REJECT_NONE)
        splitter->why = REJECT_TOO_LONG;
}

/* The record at hand ends before window position TO. */
static bool finish(struct splitter *splitter, const char *data, size_t to, enum split_state next,
                   struct split_record *record)
{
    size_t end = to;
    splitter->state = next;
    check_length(splitter, to);
    while (splitter->why == REJECT_NONE && end > splitter->start && is_blank(data[end - 1]))
        end--;
    *record = (struct split_record){splitter->start, end - splitter->start, splitter->offset,
                                    splitter->why};
    if (splitter->why != REJECT_NONE)
        record->at = record->len = 0;
    return true;
}

static bool reject(const struct splitter *splitter, enum rejection why, struct split_record *record)
{
    *record = (struct split_record){0, 0, splitter->base + splitter->at, why};
    return true;
}

static size_t skip_blanks(const char *data, size_t at, size_t len)
{
    while (at < len && is_blank(data[at]))
        at++;
    return at;
}

/* A record of lines: up to the newline. */
static bool next_line(struct splitter *splitter, const char *data, size_t len,
                      struct split_record *record)
{
    if (splitter->state == SPLIT_BETWEEN) {
        splitter->at = skip_blanks(data, splitter->at, len);
        if (splitter->at == len)
            return false;
        begin(splitter);
    }
    const char *newline = memchr(data + splitter->at, '\n', len - splitter->at);
    if (!newline) {
        splitter->at = len;
        check_length(splitter, len);
        return false;
    }
    splitter->at = (size_t)(newline - data) + 1;
    return finish(splitter, data, splitter->at - 1, SPLIT_BETWEEN, record);
}

/*
 * Goes on in a record of an array or of values to its end: the separator after it for an array, the
 * byte after its closing bracket or before the next blank for values. False if the window ends
 * first.
 */
static bool scan_record(struct splitter *splitter, const char *data, size_t len)
{
    bool array = splitter->framing == FRAMING_ARRAY;
    size_t at = splitter->at, depth = splitter->depth;
    bool string = splitter->state == SPLIT_STRING, found = false;
    while (at < len) {
        if (string) {
            at = string_stop(data, at, len);
            if (at == len)
                break;
            if (data[at] == '"') {
                at++;
                string = false;
            } else if (at + 1 < len) {
                at += 2;
            } else {
                break; /* the escaped byte is not here yet */
            }
            continue;
        }
        char c = data[at];
        if (c == '"') {
            string = true;
        } else if (c == '{' || c == '[') {
            if (!array && depth == 0 && (at > splitter->start || splitter->why != REJECT_NONE)) {
                found = true; /* a value right after a scalar */
                break;
            }
            if (++depth > RECORD_DEPTH_MAX) {
                check_length(splitter, at + 1);
                if (splitter->why == REJECT_NONE)
                    splitter->why = REJECT_TOO_DEEP;
            }
        } else if (c == '}' || c == ']') {
            if (depth == 0 && c == ']' && array) {
                found = true;
                break;
            }
            depth -= depth > 0;
            if (depth == 0 && !array) {
                at++;
                found = true;
                break;
            }
        } else if (depth == 0 && (array ? c == ',' : is_blank(c))) {
            found = true;
            break;
        }
        at++;
    }
    splitter->at = at;
    splitter->depth = depth;
    splitter->state = string ? SPLIT_STRING : SPLIT_RECORD;
    return found;
}

static bool continue_record(struct splitter *splitter, const char *data, size_t len,
                            struct split_record *record)
{
    bool found = scan_record(splitter, data, len);
    if (!found) {
        check_length(splitter, splitter->at);
        return false;
    }
    size_t end = splitter->at;
    if (splitter->framing == FRAMING_VALUES)
        return finish(splitter, data, end, SPLIT_BETWEEN, record);
    splitter->at = end + 1;
    return finish(splitter, data, end, data[end] == ',' ? SPLIT_NEXT : SPLIT_BETWEEN, record);
}

static bool next_value(struct splitter *splitter, const char *data, size_t len,
                       struct split_record *record)
{
    if (splitter->state == SPLIT_BETWEEN) {
        splitter->at = skip_blanks(data, splitter->at, len);
        if (splitter->at == len)
            return false;
        begin(splitter);
    }
    return continue_record(splitter, data, len, record);
}

static bool next_element(struct splitter *splitter, const char *data, size_t len,
                         struct split_record *record)
{
    for (;;) {
        if (splitter->state == SPLIT_RECORD || splitter->state == SPLIT_STRING)
            return continue_record(splitter, data, len, record);
        splitter->at = splitter->state == SPLIT_REST ? len : skip_blanks(data, splitter->at, len);
        if (splitter->at == len)
            return false;
        char c = data[splitter->at];
        if (splitter->state == SPLIT_BETWEEN) {
            if (c != '[') {
                splitter->state = SPLIT_REST;
                return reject(splitter, REJECT_INVALID_JSON, record);
            }
            splitter->state = SPLIT_FIRST;
            splitter->at++;
        } else if (c == ',' || c == ']') {
            /* No element: fine between brackets alone. */
            bool bad = c == ',' || splitter->state == SPLIT_NEXT;
            if (bad)
                reject(splitter, REJECT_INVALID_JSON, record);
            splitter->state = c == ',' ? SPLIT_NEXT : SPLIT_BETWEEN;
            splitter->at++;
            if (bad)
                return true;
        } else {
            begin(splitter);
        }
    }
}

/* What is left when the input has ended. */
static bool last_record(struct splitter *splitter, const char *data, size_t len, bool cut,
                        struct split_record *record)
{
    if (splitter->ended)
        return false;
    splitter->ended = true;
    bool array = splitter->framing == FRAMING_ARRAY;
    bool inside = splitter->state == SPLIT_RECORD || splitter->state == SPLIT_STRING;
    splitter->at = len;
    if (!inside) {
        bool open = array && (splitter->state == SPLIT_FIRST || splitter->state == SPLIT_NEXT);
        return (cut || open) && reject(splitter, REJECT_TRUNCATED, record);
    }
    check_length(splitter, len);
    bool open = array || splitter->depth > 0 || splitter->state == SPLIT_STRING;
    if (cut || (open && splitter->why == REJECT_NONE))
        splitter->why = REJECT_TRUNCATED;
    return finish(splitter, data, len, SPLIT_BETWEEN, record);
}

bool splitter_next(struct splitter *splitter, const char *data, size_t len, bool final, bool cut,
                   struct split_record *record)
{
    if (splitter->base + splitter->at == 0 && splitter->state == SPLIT_BETWEEN) {
        if (len < 3 && !final)
            return false;
        if (len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0)
            splitter->at = 3;
    }
    if (splitter->at < len &&
        (splitter->framing == FRAMING_LINES   ? next_line(splitter, data, len, record)
         : splitter->framing == FRAMING_ARRAY ? next_element(splitter, data, len, record)
                                              : next_value(splitter, data, len, record)))
        return true;
    return final && last_record(splitter, data, len, cut, record);
}
