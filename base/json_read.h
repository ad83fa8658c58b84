/*
 * Strict reading of JSON files that people write: plans, taxonomies, samples. By Jansson, whole in
 * memory, of bounded size. Comments, doubled keys, NULs and bad UTF-8 are errors; a UTF-8 byte
 * order mark is skipped.
 *
 * Broken JSON is told with line and column, and the hint holds two lines, the source and a mark:
 *
 *     where  plan.json:3:14
 *     text   a comma or "]" is missing before this
 *     hint     "by": ["month" "model"] }
 *                            ^
 *
 * Columns count characters from 1. The source line has control characters replaced and is cut
 * around the mark, so that it is safe to print. A hint that holds a line feed is such an excerpt.
 *
 * Values are reached through nodes, which know their place: `plan.json: queries[3].by[0]`.
 */
#ifndef PROFFER_JSON_READ_H
#define PROFFER_JSON_READ_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct json_t; /* Jansson's */

struct json_doc {
    struct json_t *root;
    char *name; /* as errors show it */
    char sha256[65];
};

/*
 * Reads the file PATH; NAME is what errors call it (NULL: PATH). A file that cannot be read or is
 * over MAX bytes is STATUS_INPUT, one that is no JSON object STATUS_PLAN. *DOC must be released
 * also on failure.
 */
PROFFER_MUST_USE enum status json_doc_read(struct json_doc *doc, const char *path, const char *name,
                                           size_t max, struct error *err);

/* The same for LEN bytes of TEXT, which is not kept. */
PROFFER_MUST_USE enum status json_doc_parse(struct json_doc *doc, const char *name,
                                            const char *text, size_t len, struct error *err);
void json_doc_release(struct json_doc *doc);

/* A value and its place. Lives on the stack; its parent must outlive it. */
struct json_node {
    const struct json_t *value;
    const struct json_node *parent; /* NULL at the root */
    const char *name;               /* the file at the root, else the key; NULL: an element */
    size_t index;                   /* of an element */
};

struct json_node json_doc_root(const struct json_doc *doc);

enum json_kind {
    JSON_KIND_ABSENT,
    JSON_KIND_NULL,
    JSON_KIND_BOOLEAN,
    JSON_KIND_INTEGER,
    JSON_KIND_REAL,
    JSON_KIND_TEXT,
    JSON_KIND_LIST,
    JSON_KIND_OBJECT
};
enum json_kind json_node_kind(const struct json_node *node);

/* The kind in words for errors: "a text", "a whole number", "a list", "null", ... */
const char *json_kind_words(enum json_kind kind);

/* The member KEY into *CHILD; false (and a node without value) if OBJECT has none. */
bool json_node_member(const struct json_node *object, const char *key, struct json_node *child);

/*
 * Goes through members in the order of the file: *ITER is NULL before the first call. The key (NULL
 * after the last) lives as long as the document.
 */
const char *json_node_next_key(const struct json_node *object, void **iter);

/* Elements of a list, members of an object; 0 of anything else. */
size_t json_node_length(const struct json_node *node);
struct json_node json_node_element(const struct json_node *list, size_t i);

/* The text of a text node, never with a NUL inside; NULL of another. Lives as long as the document.
 */
const char *json_node_text(const struct json_node *node);
long long json_node_integer(const struct json_node *node); /* 0 of another kind */
double json_node_number(const struct json_node *node);     /* of integer and real; else 0 */
bool json_node_true(const struct json_node *node);

/* The place into WHERE: `plan.json: queries[3].by[0]`; keys are cut and made printable. */
void json_node_place(const struct json_node *node, char *where, size_t size);

/* STATUS_PLAN at the node's place. */
enum status json_fault(const struct json_node *node, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * TEXT made fit to be quoted in an error: control characters become "?", and what is longer than
 * JSON_SHOWN bytes is cut and ends in "...".
 */
enum { JSON_SHOWN = 80 };
struct json_shown {
    char text[JSON_SHOWN + 4];
};
struct json_shown json_show(const char *text);

#endif
