/* A term cut into tokens. */
#ifndef PROFFER_TERM_LEX_H
#define PROFFER_TERM_LEX_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum token_kind {
    TOKEN_END,
    TOKEN_BARE,   /* text without quotes */
    TOKEN_QUOTED, /* the inside of quotes */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_CONTAINS, /* with its opening parenthesis, field and comma */
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_NOT,
    TOKEN_NEAR,    /* w/N */
    TOKEN_PRE,     /* pre/N */
    TOKEN_NOT_NEAR /* not w/N */
};

struct token {
    enum token_kind kind;
    size_t at, len;           /* the token in the source, quotes and all */
    size_t text_at, text_len; /* TOKEN_BARE, TOKEN_QUOTED; TOKEN_CONTAINS: the field */
    uint32_t distance;
};

struct tokens {
    struct token *items; /* the last one is TOKEN_END */
    size_t count, capacity;
};

/* What the lexer says of the source: as in struct term_words. */
struct lex_notes {
    void *context;
    enum status (*fail)(void *context, size_t at, size_t len, const char *hint, const char *text);
    void (*warn)(void *context, size_t at, size_t len, const char *text);
};

/* The caller frees out->items, on failure too. */
PROFFER_MUST_USE enum status term_lex(const char *source, size_t len, const struct lex_notes *notes,
                                      struct tokens *out, struct error *err);

#endif
