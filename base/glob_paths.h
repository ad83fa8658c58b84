/* The files that a pattern matches, as plans name them. */
#ifndef PROFFER_GLOB_PATHS_H
#define PROFFER_GLOB_PATHS_H

#include "base/error.h"

/*
 * Calls VISIT for each file or folder that PATTERN (of glob(7), relative to BASE_DIR unless it is
 * absolute) matches, in no certain order, until it fails: with the path to open, and with the name
 * as the pattern would write it. A pattern without *, ? and [, and one that is the name of a file,
 * stands for itself and is visited whether it is there or not. STATUS_INPUT if nothing matches.
 */
PROFFER_MUST_USE enum status glob_paths(const char *base_dir, const char *pattern,
                                        enum status (*visit)(void *context, const char *path,
                                                             const char *name, struct error *err),
                                        void *context, struct error *err);

#endif
