/* Finding a command: see command_find.h. */
#include "cli/command_find.h"

#include "base/suggest.h"

#include <string.h>

const struct command *command_find(const char *name)
{
    for (const struct command *at = commands; at->name; at++)
        if (strcmp(at->name, name) == 0)
            return at;
    return NULL;
}

enum status command_unknown(const char *name, struct error *err)
{
    struct suggest suggest;
    suggest_init(&suggest, name);
    for (const struct command *at = commands; at->name; at++)
        suggest_offer(&suggest, at->name);
    enum status status = error_set(err, STATUS_USAGE, NULL, "unknown command \"%s\"", name);
    error_hint(err, "proffer --help lists the commands");
    suggest_hint(&suggest, err);
    return status;
}
