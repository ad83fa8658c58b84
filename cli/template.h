/*
 * The starting points that `proffer new` copies from: the files of templates/, held in the program,
 * so that they are there wherever it runs and are of its own version.
 */
#ifndef PROFFER_TEMPLATE_H
#define PROFFER_TEMPLATE_H

#include <stddef.h>

enum { TEMPLATE_FILES_MAX = 6 };

struct template_file {
    const char *name;        /* in the folder that is made; ends with a NULL name */
    const char *begin, *end; /* its bytes */
};

struct template_type {
    const char *name;                               /* "narrower-discovery" */
    const char *summary;                            /* one line: for whom and what */
    struct template_file files[TEMPLATE_FILES_MAX]; /* the plan first */
    const char *next;                               /* what its user does next, some lines */
};

extern const struct template_type template_types[]; /* ends with a NULL name */

#endif
