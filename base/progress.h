/*
 * Progress of a long job, told to whoever wants to show it. Libraries call progress_add; only cli/
 * shows anything.
 */
#ifndef PROFFER_PROGRESS_H
#define PROFFER_PROGRESS_H

#include <stdint.h>

struct progress {
    void *context;
    /* May be called from any thread. DONE and TOTAL in bytes; ITEMS in records. */
    void (*show)(void *context, const char *stage, uint64_t done, uint64_t total, uint64_t items);
};

#endif
