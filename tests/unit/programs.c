/* Many unit tests in one file: runs the one whose name it is called by (see unit_program.h). */
#include "tests/support/unit_program.h"

#include <stdio.h>
#include <string.h>

/* The linker's names for the section's ends. */
extern const struct unit_program *const __start_unit_programs[];
extern const struct unit_program *const __stop_unit_programs[];

int main(int argc, char **argv)
{
    const char *slash = argc ? strrchr(argv[0], '/') : NULL;
    const char *name = slash ? slash + 1 : argc ? argv[0] : "";
    for (const struct unit_program *const *p = __start_unit_programs; p < __stop_unit_programs; p++)
        if (strcmp((*p)->name, name) == 0)
            return (*p)->run();
    fprintf(stderr, "%s: not the name of a test; they are links to this file\n", name);
    return 2;
}
