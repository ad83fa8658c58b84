/* Words and JSON strings of the generator: see make_logs_text.h. */
#include "examples/make_logs_text.h"

enum letter { SEPARATES, CONTINUES, STANDS_ALONE };

/* One code point; the generator's texts are valid UTF-8. */
static uint32_t decode(const unsigned char **at)
{
    const unsigned char *p = *at;
    if (p[0] < 0x80) {
        *at += 1;
        return p[0];
    }
    if (p[0] < 0xe0) {
        *at += 2;
        return (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3f);
    }
    if (p[0] < 0xf0) {
        *at += 3;
        return (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
    }
    *at += 4;
    return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12 |
           (uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
}

struct range {
    uint32_t first, last;
    enum letter kind;
};

static const struct range ranges[] = {
    {'0', '9', CONTINUES},
    {'A', 'Z', CONTINUES},
    {'_', '_', CONTINUES},
    {'a', 'z', CONTINUES},
    {0xc0, 0xd6, CONTINUES}, /* Latin with accents, without the signs for times and divided by */
    {0xd8, 0xf6, CONTINUES},
    {0xf8, 0x24f, CONTINUES},
    {0x300, 0x36f, CONTINUES}, /* combining accents, always after a letter here */
    {0x400, 0x481, CONTINUES}, /* Cyrillic */
    {0x48a, 0x52f, CONTINUES},
    {0x620, 0x64a, CONTINUES}, /* Arabic */
    {0x660, 0x669, CONTINUES},
    {0x900, 0x963, CONTINUES}, /* Devanagari and its marks; the danda separates */
    {0x966, 0x96f, CONTINUES},
    {0x3041, 0x3096, STANDS_ALONE}, /* Hiragana */
    {0x30a1, 0x30fa, STANDS_ALONE}, /* Katakana, without the length mark */
    {0x3400, 0x4dbf, STANDS_ALONE}, /* Han */
    {0x4e00, 0x9fff, STANDS_ALONE},
    {0xac00, 0xd7a3, CONTINUES}, /* Hangul */
    {0xff10, 0xff19, CONTINUES}, /* full-width digits and letters */
    {0xff21, 0xff3a, CONTINUES},
    {0xff41, 0xff5a, CONTINUES},
};

static enum letter letter_of(uint32_t code)
{
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (code <= ranges[i].last)
            return code >= ranges[i].first ? ranges[i].kind : SEPARATES;
    return SEPARATES;
}

uint32_t text_words(const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    uint32_t words = 0;
    enum letter before = SEPARATES;
    while (at < end) {
        enum letter kind = letter_of(decode(&at));
        if (kind == STANDS_ALONE || (kind == CONTINUES && before != CONTINUES))
            words++;
        before = kind;
    }
    return words;
}

static void add_unit(struct sink *out, uint32_t unit)
{
    sink_add(out, "\\u", 2);
    sink_hex(out, unit, 4);
}

void text_escape(struct sink *out, const char *text, size_t len, enum text_style style)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    while (at < end) {
        const unsigned char *start = at;
        uint32_t code = decode(&at);
        if (code == '"')
            sink_add(out, "\\\"", 2);
        else if (code == '\\')
            sink_add(out, "\\\\", 2);
        else if (code == '\n')
            sink_add(out, "\\n", 2);
        else if (code == '\t')
            sink_add(out, "\\t", 2);
        else if (code == '/' && style == STYLE_ASCII)
            sink_add(out, "\\/", 2);
        else if (code < 0x20)
            add_unit(out, code);
        else if (code < 0x80 || style == STYLE_UTF8)
            sink_add(out, start, (size_t)(at - start));
        else if (code < 0x10000)
            add_unit(out, code);
        else {
            add_unit(out, 0xd7c0 + (code >> 10));
            add_unit(out, 0xdc00 + (code & 0x3ff));
        }
    }
}

enum status piece_init(struct piece *piece, struct arena *arena, const char *text, size_t len,
                       struct error *err)
{
    *piece = (struct piece){.words = text_words(text, len)};
    struct sink json = {NULL, 0, 0, false};
    enum status status = STATUS_OK;
    for (int style = 0; style < STYLE_COUNT; style++) {
        json.len = 0;
        text_escape(&json, text, len, (enum text_style)style);
        char *copy = json.failed ? NULL : arena_zalloc(arena, json.len + PIECE_SHORT, 1);
        if (!copy) {
            status = error_nomem(err);
            goto cleanup;
        }
        if (json.len)
            memcpy(copy, json.data, json.len);
        piece->json[style] = copy;
        piece->len[style] = (uint32_t)json.len;
    }
cleanup:
    sink_release(&json);
    return status;
}
