/*
 * Names of `run` and `release`, which are keys of JSON, as people read them.
 */
#ifndef PROFFER_PAIR_LABEL_H
#define PROFFER_PAIR_LABEL_H

#include <stddef.h>

/* "files_read" as "Files read", into LABEL of SIZE bytes; some have a label of their own, and a
 * numbered statement has none (""). */
void pair_label(const char *name, char *label, size_t size);

#endif
