/*
 * Folding and its cuts.
 *
 * Folding is NFKC_Casefold as utf8proc does it (decompose with COMPAT, CASEFOLD and IGNORE, order
 * marks, compose), then curly quotes and U+2010-2015 made plain. To fold in pieces, each code
 * point c is classed by its own full decomposition D(c):
 *
 *     safe       D(c) is not empty, begins with a starter, and that starter is never the second of
 *                a canonical composition. Then nothing before c changes with c and what follows
 *                (UAX #15: a normalisation boundary lies before c).
 *     SEPARATOR  safe, and no part of D(c) belongs to a word
 *     SINGLE     safe, and D(c) is one character of a script whose characters are words, with marks
 *     JOIN       safe, and D(c) begins with a word character that is no mark
 *     MARKS      D(c) is empty or marks alone
 *     REST       all others: Hangul vowels and finals, ...
 *
 * A text may be cut before and after a SEPARATOR, before a SINGLE, and before a JOIN that follows a
 * SINGLE and its MARKS, and the words of the pieces are the words of the whole: marks that follow a
 * separator are in no word on either side of the cut. Between JOINs a text may be cut as far as
 * folding goes, but the word goes on.
 *
 * Limits: classes of the first two planes are in a table (128 KiB); the others are worked out.
 */
#include "queries/text/fold.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

enum {
    TABLE_POINTS = 0x20000,
    FOLD_OPTIONS =
        UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE,
    DECOMPOSED_MAX = 64 /* U+FDFA has 18 */
};

struct fold_table {
    unsigned flags;
    uint8_t classes[TABLE_POINTS]; /* enum fold_cut | enum fold_kind << 3 */
};

struct range {
    int32_t first, last;
};

/*
 * Code points whose letters and numbers are words by themselves (Unicode 15, Scripts.txt, with the
 * kana and Han marks of Common that Script_Extensions gives to them). Sorted.
 */
static const struct range single_ranges[] = {
    {0x0E01, 0x0EFF},   /* Thai, Lao */
    {0x1000, 0x109F},   /* Myanmar */
    {0x1780, 0x17FF},   /* Khmer */
    {0x3005, 0x3007},   /* Han iteration mark, closing mark, zero */
    {0x3021, 0x3029},   /* Hangzhou numerals */
    {0x3031, 0x3035},   /* kana repeat marks */
    {0x3038, 0x303C},   /* Hangzhou numerals, Han marks */
    {0x3041, 0x30FF},   /* Hiragana, Katakana */
    {0x31F0, 0x31FF},   /* Katakana phonetic extensions */
    {0x3400, 0x4DBF},   /* Han */
    {0x4E00, 0x9FFF},   /* Han */
    {0xA9E0, 0xA9FF},   /* Myanmar extended B */
    {0xAA60, 0xAA7F},   /* Myanmar extended A */
    {0xF900, 0xFAFF},   /* Han compatibility */
    {0xFF66, 0xFF9F},   /* half-width Katakana (folds to Katakana) */
    {0x16FE3, 0x16FE3}, /* old Chinese iteration mark */
    {0x1AFF0, 0x1B16F}, /* kana supplements */
    {0x20000, 0x323AF}, /* Han extensions */
};

static bool is_single_script(int32_t c)
{
    size_t low = 0, high = sizeof single_ranges / sizeof *single_ranges;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (c > single_ranges[mid].last)
            low = mid + 1;
        else
            high = mid;
    }
    return low < sizeof single_ranges / sizeof *single_ranges && c >= single_ranges[low].first;
}

enum fold_kind fold_kind(int32_t c, unsigned flags)
{
    if (c < 0x80) {
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '_' || (c == '-' && (flags & FOLD_HYPHEN)) ||
                    (c == '\'' && (flags & FOLD_APOSTROPHE));
        return word ? KIND_LETTER : KIND_SEPARATOR;
    }
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return is_single_script(c) ? KIND_SINGLE : KIND_LETTER;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return KIND_MARK;
    default:
        return KIND_SEPARATOR;
    }
}

int32_t fold_plain(int32_t c)
{
    if (c < 0x2010 || c > 0x201F)
        return c;
    if (c <= 0x2015)
        return '-';
    if (c >= 0x2018 && c <= 0x201B)
        return '\'';
    return c >= 0x201C ? '"' : c;
}

/* The full decomposition of C under the folding options; returns its length. */
static size_t decompose(int32_t c, int options, int32_t out[static DECOMPOSED_MAX])
{
    int last_class = 0;
    utf8proc_ssize_t n =
        utf8proc_decompose_char(c, out, DECOMPOSED_MAX, (utf8proc_option_t)options, &last_class);
    return n < 0 || n > DECOMPOSED_MAX ? 0 : (size_t)n;
}

/*
 * SECONDS has a bit per code point of the first two planes: it may be composed with what is before.
 * Canonical decompositions outside these planes have starters alone as their parts.
 */
static void find_seconds(uint8_t *seconds)
{
    int32_t parts[DECOMPOSED_MAX];
    for (int32_t c = 0x80; c < TABLE_POINTS; c++) {
        if (c >= 0xAC00 && c <= 0xD7FF) {
            c = 0xDFFF; /* Hangul syllables are done below; surrogates are no characters */
            continue;
        }
        const utf8proc_property_t *property = utf8proc_get_property(c);
        if (property->decomp_seqindex == UINT16_MAX || property->decomp_type)
            continue;
        size_t n = decompose(c, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE, parts);
        for (size_t i = 1; i < n; i++)
            if (parts[i] >= 0 && parts[i] < TABLE_POINTS)
                seconds[parts[i] / 8] |= (uint8_t)(1 << parts[i] % 8);
    }
    for (int32_t c = 0x1160; c <= 0x11FF; c++)
        seconds[c / 8] |= (uint8_t)(1 << c % 8);
}

static enum fold_cut cut_of(int32_t c, unsigned flags, const uint8_t *seconds)
{
    int32_t parts[DECOMPOSED_MAX];
    size_t n = decompose(c, FOLD_OPTIONS, parts);
    bool marks = true;
    for (size_t i = 0; i < n; i++)
        marks &= fold_kind(fold_plain(parts[i]), flags) == KIND_MARK;
    if (marks)
        return CUT_MARKS;
    int32_t first = parts[0];
    if (first < 0 || utf8proc_get_property(first)->combining_class != 0)
        return CUT_REST;
    if (seconds && first < TABLE_POINTS && (seconds[first / 8] >> first % 8 & 1))
        return CUT_REST;
    enum fold_kind kind = fold_kind(fold_plain(first), flags);
    if (kind == KIND_MARK)
        return CUT_REST;
    bool marks_only = true, separators_only = true;
    for (size_t i = 1; i < n; i++) {
        enum fold_kind part = fold_kind(fold_plain(parts[i]), flags);
        marks_only &= part == KIND_MARK;
        separators_only &= part == KIND_MARK || part == KIND_SEPARATOR;
    }
    if (kind == KIND_SEPARATOR)
        return separators_only ? CUT_SEPARATOR : CUT_REST;
    return kind == KIND_SINGLE && marks_only ? CUT_SINGLE : CUT_JOIN;
}

/* Large blocks of code points of one kind; a test looks at each of theirs. Sorted. */
static const struct range large_blocks[] = {
    {0x3400, 0x4DBF},          /* Han */
    {0x4E00, 0x9FFF},          /* Han */
    {0xAC00, 0xD7A3},          /* Hangul syllables */
    {0xD800, 0xDFFF},          /* surrogates, which no text has */
    {0xE000, 0xF8FF},          /* private use */
    {0x13460, 0x143FF},        /* nothing */
    {0x17000, 0x187F7},        /* Tangut */
    {TABLE_POINTS, INT32_MAX}, /* the end */
};

struct fold_table *fold_table_new(unsigned flags)
{
    struct fold_table *table = malloc(sizeof *table);
    uint8_t *seconds = mem_zalloc(TABLE_POINTS / 8, 1);
    if (!table || !seconds) {
        free(table);
        free(seconds);
        return NULL;
    }
    table->flags = flags;
    find_seconds(seconds);
    for (int32_t c = 0; c < TABLE_POINTS; c++) {
        const struct range *block = &large_blocks[0];
        while (block->last < c)
            block++;
        if (c > block->first) { /* as the block's first one */
            table->classes[c] = table->classes[block->first];
            continue;
        }
        enum fold_cut cut = cut_of(c, flags, seconds);
        table->classes[c] = (uint8_t)((unsigned)cut | (unsigned)fold_kind(c, flags) << 3);
    }
    free(seconds);
    return table;
}

void fold_table_free(struct fold_table *table)
{
    free(table);
}

unsigned fold_table_flags(const struct fold_table *table)
{
    return table->flags;
}

enum fold_cut fold_cut(const struct fold_table *table, int32_t c)
{
    return c < TABLE_POINTS ? (enum fold_cut)(table->classes[c] & 7)
                            : cut_of(c, table->flags, NULL);
}

enum fold_kind fold_table_kind(const struct fold_table *table, int32_t c)
{
    return c < TABLE_POINTS ? (enum fold_kind)(table->classes[c] >> 3) : fold_kind(c, table->flags);
}

void fold_buffer_release(struct fold_buffer *buffer)
{
    free(buffer->points);
    *buffer = (struct fold_buffer)FOLD_BUFFER_INIT;
}

int32_t fold_next(const char *text, size_t len, size_t *at)
{
    const unsigned char *s = (const unsigned char *)text + *at;
    size_t left = len - *at;
    unsigned c = s[0];
    *at += 1;
    if (c < 0x80)
        return (int32_t)c;
    unsigned extra = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
    if (c < 0xC2 || c > 0xF4 || left <= extra)
        return ' ';
    uint32_t value = c & (0x3Fu >> extra);
    for (unsigned i = 1; i <= extra; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return ' ';
        value = value << 6 | (s[i] & 0x3Fu);
    }
    static const uint32_t least[4] = {0, 0x80, 0x800, 0x10000};
    if (value < least[extra] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return ' ';
    *at += extra;
    return (int32_t)value;
}

size_t fold_put(int32_t c, char out[static 4])
{
    uint32_t u = (uint32_t)c;
    if (u < 0x80) {
        out[0] = (char)u;
        return 1;
    }
    if (u < 0x800) {
        out[0] = (char)(0xC0 | u >> 6);
        out[1] = (char)(0x80 | (u & 0x3F));
        return 2;
    }
    if (u < 0x10000) {
        out[0] = (char)(0xE0 | u >> 12);
        out[1] = (char)(0x80 | (u >> 6 & 0x3F));
        out[2] = (char)(0x80 | (u & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | u >> 18);
    out[1] = (char)(0x80 | (u >> 12 & 0x3F));
    out[2] = (char)(0x80 | (u >> 6 & 0x3F));
    out[3] = (char)(0x80 | (u & 0x3F));
    return 4;
}

/* Orders marks by combining class, stably, each run of them by itself. */
static void order_marks(int32_t *points, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        int32_t c = points[i];
        int class = utf8proc_get_property(c)->combining_class;
        size_t to = i;
        while (class && to > 0 && utf8proc_get_property(points[to - 1])->combining_class > class) {
            points[to] = points[to - 1];
            to--;
        }
        points[to] = c;
    }
}

enum status fold_text(const char *text, size_t len, struct fold_buffer *out, struct error *err)
{
    size_t n = 0;
    int last_class = 0;
    for (size_t at = 0; at < len;) {
        if (out->capacity - n < DECOMPOSED_MAX) {
            int32_t *grown =
                mem_grow(out->points, &out->capacity, n + DECOMPOSED_MAX, sizeof *grown);
            if (!grown)
                return error_nomem(err);
            out->points = grown;
        }
        utf8proc_ssize_t added =
            utf8proc_decompose_char(fold_next(text, len, &at), out->points + n, DECOMPOSED_MAX,
                                    (utf8proc_option_t)FOLD_OPTIONS, &last_class);
        n += added > 0 && added <= DECOMPOSED_MAX ? (size_t)added : 0;
    }
    order_marks(out->points, n);
    utf8proc_ssize_t composed =
        utf8proc_normalize_utf32(out->points, (utf8proc_ssize_t)n, (utf8proc_option_t)FOLD_OPTIONS);
    out->count = composed > 0 ? (size_t)composed : 0;
    for (size_t i = 0; i < out->count; i++)
        out->points[i] = fold_plain(out->points[i]);
    return STATUS_OK;
}
