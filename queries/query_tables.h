/* The tables of a tally that are of one query. */
#ifndef PROFFER_QUERY_TABLES_H
#define PROFFER_QUERY_TABLES_H

#include "queries/tally.h"

#include <stddef.h>

/* The number of the table of query NUMBER that is called NAME and SUFFIX, or SIZE_MAX. */
size_t query_tables_find(const struct tally *tally, size_t number, const char *name,
                         const char *suffix);

#endif
