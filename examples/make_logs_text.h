/*
 * Text of the generator: what a word is, how text is written into JSON, and pieces, which are runs
 * of text that were counted and written into JSON once and are then only copied.
 *
 * The word rule is that of the term language, for the characters that the generator uses and no
 * others; it is written here a second time on purpose, so that the truth does not rest on the
 * engine that it is compared with.
 */
#ifndef MAKE_LOGS_TEXT_H
#define MAKE_LOGS_TEXT_H

#include "base/arena.h"
#include "base/error.h"
#include "examples/make_logs_sink.h"

#include <stddef.h>
#include <stdint.h>

/* How a record is written: plain UTF-8, or ASCII with \u escapes as many libraries do. */
enum text_style { STYLE_UTF8, STYLE_ASCII };
enum { STYLE_COUNT = 2 };

/* Short pieces are copied as PIECE_SHORT bytes whatever their length: no call, no branch. */
enum { PIECE_SHORT = 32 };

struct piece {
    const char *json[STYLE_COUNT]; /* the inside of a JSON string; PIECE_SHORT readable bytes */
    uint32_t len[STYLE_COUNT];
    uint32_t words;
};

/* The words of LEN bytes of UTF-8. */
uint32_t text_words(const char *text, size_t len);

/* Adds TEXT to OUT as the inside of a JSON string. */
void text_escape(struct sink *out, const char *text, size_t len, enum text_style style);

PROFFER_MUST_USE enum status piece_init(struct piece *piece, struct arena *arena, const char *text,
                                        size_t len, struct error *err);

static inline uint32_t piece_add(const struct piece *piece, enum text_style style, struct sink *out)
{
    uint32_t len = piece->len[style];
    if (!sink_room(out, (size_t)len + PIECE_SHORT))
        return 0;
    if (len <= PIECE_SHORT)
        memcpy(out->data + out->len, piece->json[style], PIECE_SHORT);
    else
        memcpy(out->data + out->len, piece->json[style], len);
    out->len += len;
    return piece->words;
}

#endif
