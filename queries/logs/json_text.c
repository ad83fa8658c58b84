/* A JSON value as text: see json_text.h. Two passes over an explicit stack, the first to measure.
 */
#include "queries/logs/json_text.h"

#include "queries/logs/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sink {
    char *data; /* NULL while measuring */
    size_t len;
};

static void put(struct sink *sink, const char *text, size_t len)
{
    if (sink->data)
        memcpy(sink->data + sink->len, text, len);
    sink->len += len;
}

static void put_quoted(struct sink *sink, struct span text)
{
    put(sink, "\"", 1);
    put(sink, text.data, text.len);
    put(sink, "\"", 1);
}

static void put_scalar(struct sink *sink, struct dom_node node)
{
    char text[40] = "null";
    struct span string;
    bool flag = false;
    int64_t number = 0;
    uint64_t large = 0;
    double real = 0;
    if (dom_string(node, &string)) {
        put_quoted(sink, string);
        return;
    }
    if (dom_bool(node, &flag)) {
        snprintf(text, sizeof text, "%s", flag ? "true" : "false");
    } else if (dom_int(node, &number)) {
        snprintf(text, sizeof text, "%" PRId64, number);
    } else if (dom_uint(node, &large)) {
        snprintf(text, sizeof text, "%" PRIu64, large);
    } else if (dom_number(node, &real)) {
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(text, sizeof text, "%.*g", digits, real);
            if (strtod(text, NULL) == real)
                break;
        }
    }
    put(sink, text, strlen(text));
}

/* DEPTH of the walks is bounded by the parser's own limit. */
static void put_value(struct sink *sink, struct dom_node root, struct dom_walk *stack)
{
    size_t depth = 0;
    struct dom_node node = root;
    bool first = true;
    for (;;) {
        enum dom_type type = dom_type(node);
        if (type == DOM_OBJECT || type == DOM_ARRAY) {
            stack[depth++] = dom_walk_over(node);
            put(sink, type == DOM_OBJECT ? "{" : "[", 1);
            first = true;
        } else {
            put_scalar(sink, node);
            first = false;
        }
        struct span key = SPAN_NONE;
        while (depth > 0 && !dom_next(&stack[depth - 1], &key, &node)) {
            put(sink, stack[--depth].keyed ? "}" : "]", 1);
            first = false;
        }
        if (depth == 0)
            return;
        if (!first)
            put(sink, ", ", 2);
        if (stack[depth - 1].keyed) {
            put_quoted(sink, key);
            put(sink, ": ", 2);
        }
    }
}

/* Apart from json_text, so that scalars do not pay for the stack. */
static void put_nested(struct sink *sink, struct dom_node node)
{
    struct dom_walk stack[RECORD_DEPTH_MAX];
    put_value(sink, node, stack);
}

bool json_text(struct arena *arena, struct dom_node node, struct span *out)
{
    enum dom_type type = dom_type(node);
    void (*write)(struct sink *, struct dom_node) =
        type == DOM_ARRAY || type == DOM_OBJECT ? put_nested : put_scalar;
    struct sink sink = {NULL, 0};
    write(&sink, node);
    sink.data = arena_alloc(arena, sink.len);
    if (!sink.data)
        return false;
    sink.len = 0;
    write(&sink, node);
    *out = (struct span){sink.data, sink.len};
    return true;
}
