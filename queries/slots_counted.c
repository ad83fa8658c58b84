/* What rows count: see slots_counted.h. */
#include "queries/slots_counted.h"

#include <stdint.h>

static const struct {
    size_t least, most;
    bool slot; /* the one at hand is one of them */
} counted[] = {[OF_SLOT] = {1, SIZE_MAX, true},    [OF_ANY] = {1, SIZE_MAX, false},
               [OF_NONE] = {0, 0, false},          [OF_ALL] = {0, SIZE_MAX, false},
               [OF_ALONE] = {1, 1, true},          [OF_SHARED] = {2, SIZE_MAX, true},
               [OF_SEVERAL] = {2, SIZE_MAX, false}};

bool slots_counts(enum slots_counted what, size_t found, bool own)
{
    return found >= counted[what].least && found <= counted[what].most &&
           (own || !counted[what].slot);
}

enum slots_counted slots_row_counts(const struct plan_query *query, size_t slots, size_t row)
{
    if (row < slots)
        return OF_SLOT;
    if (row > slots)
        return OF_ALL;
    return query->kind == QUERY_TOPICS ? OF_NONE : OF_ANY;
}
