/* The program: finds the command, runs it, prints its error, exits with its status. */
#include "cli/command.h"
#include "cli/command_find.h"
#include "cli/options.h"

#include "stats/stats_setup.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static int fail(enum status status, const struct error *err)
{
    fprintf(stderr, "proffer: %s%s%s\n", err->where, err->where[0] ? ": " : "",
            err->text[0] ? err->text : "unknown error");
    /* A hint of several lines is an excerpt of the source with a mark under the place. */
    if (err->hint[0])
        fprintf(stderr, "%s%s\n", strchr(err->hint, '\n') ? "" : "hint: ", err->hint);
    return (int)status;
}

/* Output that could not be written is an error even if the work was done. */
static int finish(int code)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "proffer: cannot write to standard output\n");
        return code ? code : STATUS_INPUT;
    }
    return code;
}

int main(int argc, char **argv)
{
    struct error err = ERROR_INIT;
    struct arguments arguments = {.words = NULL};
    stats_setup();
    signal(SIGXFSZ, SIG_IGN); /* so is a file that may not grow */
    signal(SIGPIPE, SIG_DFL); /* a reader that went away ends the program, whoever started it */
    if (argc < 2) {
        options_help(NULL, stderr);
        return STATUS_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        const struct command *about = argc > 2 ? command_find(argv[2]) : NULL;
        if (argc > 2 && !about)
            return fail(command_unknown(argv[2], &err), &err);
        options_help(about, stdout);
        return finish(STATUS_OK);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("proffer %s\n", PROFFER_VERSION);
        return finish(STATUS_OK);
    }
    const struct command *command = command_find(argv[1]);
    if (!command)
        return fail(command_unknown(argv[1], &err), &err);
    enum status status = options_parse(command, argc - 2, argv + 2, &arguments, &err);
    if (status == STATUS_OK && arguments.values[OPTION_HELP])
        options_help(command, stdout);
    else if (status == STATUS_OK)
        status = command->run(&arguments, &err);
    options_release(&arguments);
    return finish(status == STATUS_OK ? 0 : fail(status, &err));
}
