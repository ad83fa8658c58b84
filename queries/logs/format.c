/* The table of formats. The order is that of detection: marks that are more special come first. */
#include "queries/logs/format.h"

#include <string.h>

static const struct format_type *const formats[] = {
    &format_chatgpt, &format_claude, &format_sharegpt, &format_wildchat,
    &format_lmsys,   &format_native, &format_openai,
};
enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

const struct format_type *format_find(const char *name)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}

const char *format_name(const struct format_type *format)
{
    return format->name;
}

const char *format_nth(size_t i, const char **summary)
{
    if (i >= FORMAT_COUNT)
        return NULL;
    if (summary)
        *summary = formats[i]->summary;
    return formats[i]->name;
}

const struct format_type *format_detect(struct dom_node root)
{
    if (dom_type(root) != DOM_OBJECT)
        return NULL;
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (formats[i]->detect(root))
            return formats[i];
    return NULL;
}
