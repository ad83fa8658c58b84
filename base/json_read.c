/* Strict JSON for configuration: see json_read.h. */
#include "base/json_read.h"

#include "base/utf8.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/json_excerpt.h"
#include "base/json_io.h"
#include "base/memory.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status parse(struct json_doc *doc, const char *text, size_t len, struct error *err)
{
    json_error_t why;
    TRY(json_text_read(text, len, &doc->root, &why, err));
    return doc->root ? STATUS_OK : json_broken(doc->name, text, len, &why, err);
}

enum status json_doc_parse(struct json_doc *doc, const char *name, const char *text, size_t len,
                           struct error *err)
{
    *doc = (struct json_doc){.name = mem_strdup(name)};
    if (!doc->name)
        return error_nomem(err);
    struct sha256 digest;
    TRY(sha256_of(text, len, &digest, err));
    sha256_hex(&digest, doc->sha256);
    if (len >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0)) {
        error_set(err, STATUS_PLAN, name, "the file is UTF-16 text");
        return error_hint(err, "save it as UTF-8"), STATUS_PLAN;
    }
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        len -= 3;
    }
    const char *nul = len ? memchr(text, '\0', len) : NULL;
    if (nul)
        return json_broken_at(name, text, len, (size_t)(nul - text), err,
                              "a NUL byte: this is no text file, or it is not UTF-8");
    TRY(parse(doc, text, len, err));
    if (!json_is_object(doc->root))
        return error_set(err, STATUS_PLAN, name, "must be an object in braces, not a list");
    return STATUS_OK;
}

enum status json_doc_read(struct json_doc *doc, const char *path, const char *name, size_t max,
                          struct error *err)
{
    *doc = (struct json_doc){NULL, NULL, ""};
    char *text = NULL;
    size_t len = 0;
    TRY(file_read(path, max, &text, &len, err));
    enum status status = json_doc_parse(doc, name ? name : path, text, len, err);
    free(text);
    return status;
}

void json_doc_release(struct json_doc *doc)
{
    json_decref(doc->root);
    free(doc->name);
    *doc = (struct json_doc){NULL, NULL, ""};
}

struct json_node json_doc_root(const struct json_doc *doc)
{
    return (struct json_node){.value = doc->root, .name = doc->name};
}

enum json_kind json_node_kind(const struct json_node *node)
{
    if (!node->value)
        return JSON_KIND_ABSENT;
    switch (json_typeof(node->value)) {
    case JSON_OBJECT:
        return JSON_KIND_OBJECT;
    case JSON_ARRAY:
        return JSON_KIND_LIST;
    case JSON_STRING:
        return JSON_KIND_TEXT;
    case JSON_INTEGER:
        return JSON_KIND_INTEGER;
    case JSON_REAL:
        return JSON_KIND_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return JSON_KIND_BOOLEAN;
    case JSON_NULL:
        return JSON_KIND_NULL;
    }
    return JSON_KIND_ABSENT;
}

const char *json_kind_words(enum json_kind kind)
{
    static const char *const words[] = {
        [JSON_KIND_ABSENT] = "nothing",        [JSON_KIND_NULL] = "null",
        [JSON_KIND_BOOLEAN] = "true or false", [JSON_KIND_INTEGER] = "a whole number",
        [JSON_KIND_REAL] = "a decimal number", [JSON_KIND_TEXT] = "a text",
        [JSON_KIND_LIST] = "a list",           [JSON_KIND_OBJECT] = "an object in braces",
    };
    return words[kind];
}

bool json_node_member(const struct json_node *object, const char *key, struct json_node *child)
{
    const json_t *value = json_object_get(object->value, key);
    *child = (struct json_node){.value = value, .parent = object, .name = key};
    return value != NULL;
}

const char *json_node_next_key(const struct json_node *object, void **iter)
{
    /* Jansson's iterator takes a pointer to a value that it does not change. */
    json_t *value = (json_t *)(uintptr_t)object->value;
    *iter = *iter ? json_object_iter_next(value, *iter) : json_object_iter(value);
    return *iter ? json_object_iter_key(*iter) : NULL;
}

size_t json_node_length(const struct json_node *node)
{
    return json_is_array(node->value) ? json_array_size(node->value)
                                      : json_object_size(node->value);
}

struct json_node json_node_element(const struct json_node *list, size_t i)
{
    return (struct json_node){.value = json_array_get(list->value, i), .parent = list, .index = i};
}

const char *json_node_text(const struct json_node *node)
{
    return json_string_value(node->value);
}

long long json_node_integer(const struct json_node *node)
{
    return json_integer_value(node->value);
}

double json_node_number(const struct json_node *node)
{
    return json_number_value(node->value);
}

bool json_node_true(const struct json_node *node)
{
    return json_is_true(node->value);
}

struct json_shown json_show(const char *text)
{
    struct json_shown shown;
    const char *at = text, *end = text + strlen(text);
    size_t used = 0;
    while (at < end) {
        const char *from = at;
        uint32_t code = utf8_next(&at, end);
        size_t len = (size_t)(at - from);
        bool steers = code == UTF8_INVALID || utf8_steers(code);
        if (used + (steers ? 1 : len) > JSON_SHOWN) {
            memcpy(shown.text + used, "...", 3);
            used += 3;
            break;
        }
        if (steers)
            shown.text[used++] = '?';
        else
            memcpy(shown.text + used, from, len);
        used += steers ? 0 : len;
    }
    shown.text[used] = '\0';
    return shown;
}

/* Writes the path of NODE below the root and returns its length. */
static size_t put_path(const struct json_node *node, char *path, size_t size)
{
    if (!node->parent)
        return 0;
    size_t used = put_path(node->parent, path, size);
    if (used >= size)
        return used;
    int more;
    if (node->name)
        more =
            snprintf(path + used, size - used, "%s%s", used ? "." : "", json_show(node->name).text);
    else
        more = snprintf(path + used, size - used, "[%zu]", node->index);
    return used + (more > 0 ? (size_t)more : 0);
}

void json_node_place(const struct json_node *node, char *where, size_t size)
{
    char path[512] = "";
    put_path(node, path, sizeof path);
    const struct json_node *root = node;
    while (root->parent)
        root = root->parent;
    snprintf(where, size, "%s%s%s", root->name ? root->name : "", path[0] ? ": " : "", path);
}

enum status json_fault(const struct json_node *node, struct error *err, const char *format, ...)
{
    if (!err)
        return STATUS_PLAN;
    char where[sizeof err->where], said[sizeof err->text];
    json_node_place(node, where, sizeof where);
    va_list args;
    va_start(args, format);
    vsnprintf(said, sizeof said, format, args);
    va_end(args);
    return error_set(err, STATUS_PLAN, where, "%s", said);
}
