/* Where the record that was read last carried its fields: what `check --peek` tells. */
#ifndef PROFFER_RECORD_MAP_H
#define PROFFER_RECORD_MAP_H

#include "queries/logs/format.h"

struct record_map {
    struct dom_node root;
    const char *pointers[SLOT_COUNT]; /* the pointer that led to a value, or NULL */
};

/* Valid until the reader's next record. */
void record_map_of(const struct record_reader *reader, const struct format_type *format,
                   struct record_map *map);

#endif
