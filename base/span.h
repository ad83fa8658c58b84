/* A run of bytes that someone else owns. */
#ifndef PROFFER_SPAN_H
#define PROFFER_SPAN_H

#include <stddef.h>

struct span {
    const char *data; /* not NUL-terminated; NULL means absent */
    size_t len;
};

#define SPAN_NONE ((struct span){NULL, 0})

#endif
