/* JSON Pointer, RFC 6901, over the nodes of dom.h. */
#include "queries/logs/dom.h"

#include <string.h>

/* Does the token TEXT with its escapes ("~1" is '/', "~0" is '~') spell KEY? */
static bool token_is(const char *text, size_t len, struct span key)
{
    size_t k = 0;
    for (size_t i = 0; i < len; i++, k++) {
        char c = text[i];
        if (c == '~' && i + 1 < len && (text[i + 1] == '0' || text[i + 1] == '1'))
            c = text[++i] == '0' ? '~' : '/';
        if (k >= key.len || key.data[k] != c)
            return false;
    }
    return k == key.len;
}

/* An array index without leading zeros; false for anything else. */
static bool token_index(const char *text, size_t len, size_t *out)
{
    if (len == 0 || len > 9 || (len > 1 && text[0] == '0'))
        return false;
    size_t index = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        index = index * 10 + (size_t)(text[i] - '0');
    }
    *out = index;
    return true;
}

static struct dom_node step(struct dom_node node, const char *token, size_t len)
{
    enum dom_type type = dom_type(node);
    size_t index = 0;
    struct span key;
    struct dom_node value;
    if (type == DOM_OBJECT && !memchr(token, '~', len))
        return dom_find(node, token, len);
    if (type != DOM_OBJECT && (type != DOM_ARRAY || !token_index(token, len, &index)))
        return DOM_NONE;
    struct dom_walk walk = dom_walk_over(node);
    while (dom_next(&walk, &key, &value)) {
        if (type == DOM_OBJECT ? token_is(token, len, key) : index-- == 0)
            return value;
    }
    return DOM_NONE;
}

struct dom_node dom_pointer(struct dom_node root, const char *pointer)
{
    struct dom_node node = root;
    while (*pointer == '/' && node.document) {
        const char *token = pointer + 1;
        size_t len = strcspn(token, "/");
        node = step(node, token, len);
        pointer = token + len;
    }
    return *pointer ? DOM_NONE : node;
}
