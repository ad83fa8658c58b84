/* JSON text and Jansson's tree: see json_io.h. */
#include "base/json_io.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum status json_text_read(const char *text, size_t len, json_t **root, json_error_t *why,
                           struct error *err)
{
    json_error_t said[2];
    memset(said, 0, sizeof said);
    *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &said[0]);
    json_t *again = json_loadb(text, len, JSON_REJECT_DUPLICATES, &said[1]);
    bool good = *root && again && json_equal(*root, again);
    bool broken = !*root && !again && said[0].text[0] && said[0].position == said[1].position &&
                  strcmp(said[0].text, said[1].text) == 0;
    json_decref(again);
    if (broken && why)
        *why = said[0];
    if (good || broken)
        return STATUS_OK;
    json_decref(*root);
    *root = NULL;
    return error_nomem(err);
}

char *json_text_make(const json_t *root, size_t flags)
{
    size_t len = root ? json_dumpb(root, NULL, 0, flags) : 0;
    char *text = len ? malloc(len + 1) : NULL;
    if (text && json_dumpb(root, text, len, flags) != len) {
        free(text);
        text = NULL;
    }
    if (text)
        text[len] = '\0';
    return text;
}
