/*
 * The DOM of dom.h by simdjson (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019;
 * Debian's 3.0.1), the only file that sees that library. simdjson writes a tape of 64-bit words; a
 * node is the document and an index into its tape.
 *
 * No exception leaves or starts here: simdjson is used without them and allocates with nothrow new.
 */
#define SIMDJSON_EXCEPTIONS 0
/* The library's header is not written for these warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <simdjson.h>
#pragma GCC diagnostic pop

#include "queries/logs/dom.h"

#include <cstring>
#include <new>
#include <type_traits>

using simdjson::dom::document;
using simdjson::internal::tape_ref;
using simdjson::internal::tape_type;

static_assert(sizeof(struct dom_node) == 16, "a node is passed in two registers");
static_assert(std::is_trivially_copyable<struct dom_node>::value, "a node is a plain value");

struct dom_parser {
    explicit dom_parser(size_t max_bytes, size_t depth_limit)
        : parser(max_bytes < 64 ? 64 : max_bytes), max(max_bytes < 64 ? 64 : max_bytes),
          depth(depth_limit)
    {
    }
    simdjson::dom::parser parser;
    size_t max, depth;
};

/* Above this much, memory of a large document is given back once small ones follow it. */
static const size_t KEPT_BYTES = size_t{4} << 20;

static tape_ref tape_of(struct dom_node node)
{
    return tape_ref(static_cast<const document *>(node.document), node.at);
}

struct dom_parser *dom_parser_new(size_t max_bytes, size_t depth)
{
    return new (std::nothrow) dom_parser(max_bytes, depth);
}

void dom_parser_free(struct dom_parser *parser)
{
    delete parser;
}

enum dom_result dom_parse(struct dom_parser *parser, const char *text, size_t len,
                          struct dom_node *root)
{
    *root = {nullptr, 0};
    size_t capacity = parser->parser.capacity();
    if (capacity > KEPT_BYTES && len < capacity / 8) {
        parser->parser = simdjson::dom::parser(parser->max);
        capacity = 0;
    }
    if (capacity == 0) {
        size_t first = len < 65536 ? 65536 : len;
        if (first > parser->max)
            first = parser->max;
        simdjson::error_code failed = parser->parser.allocate(first, parser->depth);
        if (failed == simdjson::MEMALLOC)
            return DOM_NO_MEMORY;
        if (failed)
            return DOM_BAD_JSON;
    }
    simdjson::dom::element element;
    switch (parser->parser.parse(text, len, false).get(element)) {
    case simdjson::SUCCESS:
        *root = {&parser->parser.doc, 1};
        return DOM_OK;
    case simdjson::MEMALLOC:
        return DOM_NO_MEMORY;
    case simdjson::UTF8_ERROR:
        return DOM_BAD_UTF8;
    case simdjson::STRING_ERROR:
        return DOM_BAD_STRING;
    case simdjson::DEPTH_ERROR:
        return DOM_TOO_DEEP;
    default:
        return DOM_BAD_JSON;
    }
}

enum dom_type dom_type(struct dom_node node)
{
    if (!node.document)
        return DOM_ABSENT;
    switch (tape_of(node).tape_ref_type()) {
    case tape_type::NULL_VALUE:
        return DOM_NULL;
    case tape_type::TRUE_VALUE:
    case tape_type::FALSE_VALUE:
        return DOM_BOOL;
    case tape_type::INT64:
        return DOM_INT;
    case tape_type::UINT64:
        return DOM_UINT;
    case tape_type::DOUBLE:
        return DOM_DOUBLE;
    case tape_type::STRING:
        return DOM_STRING;
    case tape_type::START_ARRAY:
        return DOM_ARRAY;
    case tape_type::START_OBJECT:
        return DOM_OBJECT;
    default:
        return DOM_ABSENT;
    }
}

bool dom_string(struct dom_node node, struct span *out)
{
    if (dom_type(node) != DOM_STRING)
        return false;
    tape_ref tape = tape_of(node);
    *out = {tape.get_c_str(), tape.get_string_length()};
    return true;
}

bool dom_bool(struct dom_node node, bool *out)
{
    if (dom_type(node) != DOM_BOOL)
        return false;
    *out = tape_of(node).tape_ref_type() == tape_type::TRUE_VALUE;
    return true;
}

bool dom_int(struct dom_node node, int64_t *out)
{
    if (dom_type(node) != DOM_INT)
        return false;
    *out = tape_of(node).next_tape_value<int64_t>();
    return true;
}

bool dom_uint(struct dom_node node, uint64_t *out)
{
    if (dom_type(node) != DOM_UINT)
        return false;
    *out = tape_of(node).next_tape_value<uint64_t>();
    return true;
}

bool dom_number(struct dom_node node, double *out)
{
    switch (dom_type(node)) {
    case DOM_INT:
        *out = static_cast<double>(tape_of(node).next_tape_value<int64_t>());
        return true;
    case DOM_UINT:
        *out = static_cast<double>(tape_of(node).next_tape_value<uint64_t>());
        return true;
    case DOM_DOUBLE:
        *out = tape_of(node).next_tape_value<double>();
        return true;
    default:
        return false;
    }
}

struct dom_walk dom_walk_over(struct dom_node container)
{
    struct dom_walk walk = {container.document, 0, 0, false};
    enum dom_type type = dom_type(container);
    if (type != DOM_ARRAY && type != DOM_OBJECT)
        return walk;
    walk.at = container.at + 1;
    walk.end = tape_of(container).after_element() - 1; /* the closing word */
    walk.keyed = type == DOM_OBJECT;
    return walk;
}

bool dom_next(struct dom_walk *walk, struct span *key, struct dom_node *value)
{
    if (walk->at >= walk->end)
        return false;
    struct dom_node node = {walk->document, walk->at};
    if (walk->keyed) {
        if (key) {
            tape_ref tape = tape_of(node);
            *key = {tape.get_c_str(), tape.get_string_length()};
        }
        node.at++;
    }
    *value = node;
    walk->at = tape_of(node).after_element();
    return true;
}

struct dom_node dom_find(struct dom_node object, const char *key, size_t len)
{
    if (dom_type(object) != DOM_OBJECT)
        return {nullptr, 0};
    size_t end = tape_of(object).after_element() - 1;
    for (size_t at = object.at + 1; at < end;) {
        tape_ref name = tape_of({object.document, at});
        struct dom_node value = {object.document, at + 1};
        if (name.get_string_length() == len && std::memcmp(name.get_c_str(), key, len) == 0)
            return value;
        at = tape_of(value).after_element();
    }
    return {nullptr, 0};
}
