/* Populations of made logs that leave out some models: see made_filters.h. */
#include "tests/support/made_filters.h"

#include <stdio.h>
#include <string.h>

size_t made_group(const struct made_row *row)
{
    return row->model >= 0 && row->model < MADE_GROUPS - 1 ? (size_t)row->model : MADE_GROUPS - 1;
}

bool made_group_is_in(size_t group, const char *left_out)
{
    return !strchr(left_out, (int)('0' + group));
}

size_t made_filters_write(char *text, size_t room, const char *left_out)
{
    size_t n = 0;
    if (!*left_out)
        return 0;
    n += (size_t)snprintf(text, room, "\"population\":{\"exclude\":[{\"field\":\"model\",\"in\":[");
    for (size_t i = 0; left_out[i]; i++)
        n += (size_t)snprintf(text + n, room - n, "%s\"%s\"", i ? "," : "",
                              made_models[left_out[i] - '0']);
    return n + (size_t)snprintf(text + n, room - n, "]}]},");
}
