/* The tables of one query: see query_tables.h. */
#include "queries/query_tables.h"

#include <stdint.h>
#include <string.h>

size_t query_tables_find(const struct tally *tally, size_t number, const char *name,
                         const char *suffix)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < tally->table_count; i++)
        if (tally->tables[i].query == number && strncmp(tally->tables[i].id, name, len) == 0 &&
            strcmp(tally->tables[i].id + len, suffix) == 0)
            return i;
    return SIZE_MAX;
}
