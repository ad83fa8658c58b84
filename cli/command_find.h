/* Finding a command by its name. */
#ifndef PROFFER_COMMAND_FIND_H
#define PROFFER_COMMAND_FIND_H

#include "cli/command.h"

/* NULL where there is none of that name. */
const struct command *command_find(const char *name);

/* STATUS_USAGE that names NAME, with the nearest command as a hint. */
PROFFER_MUST_USE enum status command_unknown(const char *name, struct error *err);

#endif
