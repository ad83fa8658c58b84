/*
 * Files that commands read and write, for their manual pages.
 */
#ifndef PROFFER_COMMAND_FILES_H
#define PROFFER_COMMAND_FILES_H

struct command_file {
    const char *command; /* its name; NULL: of the program's own page */
    const char *name;    /* as a rule is called, "out/report.xlsx" */
    const char *meaning;
};

extern const struct command_file command_files[]; /* ends with a NULL name */

#endif
