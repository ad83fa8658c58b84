/*
 * A parsed JSON document as small value-type nodes: a C face for simdjson's DOM, so that one C++
 * file knows that library. The whole text is validated, also in fields that nobody reads.
 *
 * Where an object holds a key twice, the first one counts. A number that fits neither 64 bits nor
 * a double (1e999, or an integer of 21 digits) makes the text invalid: RFC 8259, 9, lets a reader
 * limit the range of numbers, and a number read as another one would be worse than a counted
 * rejection.
 */
#ifndef PROFFER_DOM_H
#define PROFFER_DOM_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum dom_type {
    DOM_ABSENT, /* no such node: what a failed look-up leaves */
    DOM_NULL,
    DOM_BOOL,
    DOM_INT,
    DOM_UINT, /* over INT64_MAX */
    DOM_DOUBLE,
    DOM_STRING,
    DOM_ARRAY,
    DOM_OBJECT
};

/* A value inside a parsed document; valid until the parser's next document. */
struct dom_node {
    const void *document; /* NULL is DOM_ABSENT */
    size_t at;
};

#define DOM_NONE ((struct dom_node){NULL, 0})

enum dom_result {
    DOM_OK,
    DOM_NO_MEMORY,
    DOM_BAD_JSON,
    DOM_BAD_STRING, /* an escape in a string is wrong, possibly a lone surrogate */
    DOM_BAD_UTF8,
    DOM_TOO_DEEP
};

struct dom_parser; /* used by one thread */

/* DEPTH: how many arrays and objects may stand within each other. NULL without memory. */
struct dom_parser *dom_parser_new(size_t max_bytes, size_t depth);
void dom_parser_free(struct dom_parser *parser);

/*
 * Parses LEN bytes, which 32 readable ones must follow. The strings of the document lie in the
 * parser's memory and are valid UTF-8, save that the caller has to have replaced the escapes of
 * lone surrogates.
 */
enum dom_result dom_parse(struct dom_parser *parser, const char *text, size_t len,
                          struct dom_node *root);

enum dom_type dom_type(struct dom_node node);

/* False, and *OUT untouched, when the node is of another type. */
bool dom_string(struct dom_node node, struct span *out);
bool dom_bool(struct dom_node node, bool *out);
bool dom_int(struct dom_node node, int64_t *out);
bool dom_uint(struct dom_node node, uint64_t *out); /* DOM_UINT alone */
bool dom_number(struct dom_node node, double *out); /* of any of the three number types */

/* A walk over the elements of an array or the members of an object; over nothing otherwise. */
struct dom_walk {
    const void *document;
    size_t at, end;
    bool keyed;
};

struct dom_walk dom_walk_over(struct dom_node container);
/* The next value, and its key in an object (KEY may be NULL). False at the end. */
bool dom_next(struct dom_walk *walk, struct span *key, struct dom_node *value);

/* The member named KEY; DOM_ABSENT if there is none or the node is no object. */
struct dom_node dom_find(struct dom_node object, const char *key, size_t len);

/* dom_find for a literal. */
#define DOM_GET(object, literal) dom_find((object), (literal), sizeof(literal) - 1)

/* What a JSON Pointer (RFC 6901) leads to, or DOM_ABSENT. */
struct dom_node dom_pointer(struct dom_node root, const char *pointer);

#ifdef __cplusplus
}
#endif

#endif
