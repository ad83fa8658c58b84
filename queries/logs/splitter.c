/*
 * Cutting a stream into records: see splitter.h.
 *
 * The inside of a record is scanned 64 bytes at a time as bit masks, after the first stage of
 * simdjson (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019, section 3.1): which
 * bytes are escaped, which lie in strings, and so which brackets count. Bytes at depth 0, the end
 * of a window and machines without SSE2 go byte by byte, with the same result: an escaped byte is
 * never a quote or bracket, in a string or (which is broken) outside.
 */
#include "queries/logs/splitter.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
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

/* Where scanning stands inside a record. */
struct scan {
    size_t at, depth;
    bool string;
};

#ifdef __SSE2__
/* Bytes of the block that equal C, one bit each, after OR with FOLD. */
static uint64_t equal_mask(const __m128i block[4], char fold, char c)
{
    uint64_t mask = 0;
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        __m128i folded = _mm_or_si128(block[i], _mm_set1_epi8(fold));
        int bits = _mm_movemask_epi8(_mm_cmpeq_epi8(folded, _mm_set1_epi8(c)));
        mask |= (uint64_t)(unsigned)bits << (16 * i);
    }
    return mask;
}

/* Bits that a backslash escapes, and in *ENDS whether one escapes the byte after the block. The
 * block's first byte is not escaped. Runs of backslashes are told apart by subtraction. */
static uint64_t escaped_mask(uint64_t slashes, bool *ends)
{
    const uint64_t odd = UINT64_C(0xAAAAAAAAAAAAAAAA);
    uint64_t codes = (((slashes << 1) | odd) - slashes) ^ odd;
    *ends = (codes & slashes) >> 63;
    return codes ^ slashes;
}

/* Bit i is the parity of bits 0 to i. */
static uint64_t parity_mask(uint64_t bits)
{
    for (int shift = 1; shift < 64; shift *= 2)
        bits ^= bits << shift;
    return bits;
}

/*
 * Whole blocks of 64 bytes while depth stays between 1 and MOST. Stops before a bracket that would
 * leave that range.
 */
static void scan_blocks(struct scan *scan, const char *data, size_t len, size_t most)
{
    while (scan->depth > 0 && len - scan->at >= 64) {
        const char *from = data + scan->at;
        __m128i block[4];
        for (size_t i = 0; i < 4; i++)
            block[i] = _mm_loadu_si128((const __m128i *)(const void *)(from + 16 * i));
        uint64_t slashes = equal_mask(block, 0, '\\'), escaped = 0;
        bool ends = false;
        if (slashes)
            escaped = escaped_mask(slashes, &ends);
        uint64_t inside = parity_mask(equal_mask(block, 0, '"') & ~escaped);
        if (scan->string)
            inside = ~inside;
        /* '[' and '{', ']' and '}' differ by 0x20 alone. */
        uint64_t opens = equal_mask(block, 0x20, '{') & ~inside & ~escaped;
        uint64_t closes = equal_mask(block, 0x20, '}') & ~inside & ~escaped;
        for (uint64_t bits = opens | closes; bits; bits &= bits - 1) {
            bool open = opens & bits & (~bits + 1);
            if (open ? scan->depth >= most : scan->depth == 1) {
                scan->at += (size_t)__builtin_ctzll(bits);
                scan->string = false;
                return;
            }
            scan->depth = open ? scan->depth + 1 : scan->depth - 1;
        }
        scan->string = inside >> 63;
        scan->at += ends ? 63 : 64; /* an escape goes with the next block */
    }
}
#else
static void scan_blocks(struct scan *scan, const char *data, size_t len, size_t most)
{
    (void)scan, (void)data, (void)len, (void)most;
}
#endif

/* One byte, or two with an escape, outside the separators that scan_record knows. */
static void scan_byte(struct splitter *splitter, struct scan *scan, char c)
{
    if (c == '"') {
        scan->string = !scan->string;
    } else if (!scan->string && (c == '{' || c == '[')) {
        if (++scan->depth > RECORD_DEPTH_MAX) {
            check_length(splitter, scan->at + 1);
            if (splitter->why == REJECT_NONE)
                splitter->why = REJECT_TOO_DEEP;
        }
    } else if (!scan->string && (c == '}' || c == ']')) {
        scan->depth -= scan->depth > 0;
    }
    scan->at += c == '\\' ? 2 : 1;
}

/* Does the record end before the byte C at depth 0? */
static bool ends_before(const struct splitter *splitter, const struct scan *scan, char c)
{
    if (splitter->framing == FRAMING_ARRAY)
        return c == ',' || c == ']';
    /* A value right after a scalar. */
    bool more = splitter->why != REJECT_NONE || scan->at > splitter->start;
    return is_blank(c) || ((c == '{' || c == '[') && more);
}

/*
 * Goes on in a record of an array or of values to its end: the separator after it for an array, the
 * byte after its closing bracket or the next blank for values. False if the window ends first.
 */
static bool scan_record(struct splitter *splitter, const char *data, size_t len)
{
    struct scan scan = {splitter->at, splitter->depth, splitter->state == SPLIT_STRING};
    bool found = false;
    while (!found && scan.at < len) {
        if (scan.depth > 0)
            scan_blocks(&scan, data, len,
                        splitter->why == REJECT_NONE ? RECORD_DEPTH_MAX : SIZE_MAX);
        if (scan.at == len)
            break;
        char c = data[scan.at];
        if (c == '\\' && scan.at + 1 == len)
            break; /* the escaped byte is not here yet */
        bool outside = !scan.string && scan.depth == 0;
        if (outside && ends_before(splitter, &scan, c)) {
            found = true;
        } else {
            scan_byte(splitter, &scan, c);
            found = splitter->framing == FRAMING_VALUES && !scan.string && scan.depth == 0 &&
                    (c == '}' || c == ']');
        }
    }
    splitter->at = scan.at;
    splitter->depth = scan.depth;
    splitter->state = scan.string ? SPLIT_STRING : SPLIT_RECORD;
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
