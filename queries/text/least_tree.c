/* Least values of stretches: see least_tree.h. */
#include "queries/text/least_tree.h"

#include "base/memory.h"

#include <stdlib.h>

enum { FAN = 64 };

enum status least_tree_init_take(struct least_tree *tree, uint32_t *values, size_t count,
                                 struct error *err)
{
    *tree = (struct least_tree){.levels = {values}, .counts = {count}};
    for (size_t level = 1; level < LEAST_LEVELS; level++) {
        const uint32_t *below = tree->levels[level - 1];
        size_t under = tree->counts[level - 1], here = (under + FAN - 1) / FAN;
        uint32_t *least = mem_zalloc(here, sizeof *least);
        if (!least)
            return error_nomem(err);
        for (size_t i = 0; i < here; i++) {
            least[i] = UINT32_MAX;
            for (size_t j = i * FAN; j < under && j < (i + 1) * FAN; j++)
                least[i] = below[j] < least[i] ? below[j] : least[i];
        }
        tree->levels[level] = least;
        tree->counts[level] = here;
    }
    return STATUS_OK;
}

void least_tree_release(struct least_tree *tree)
{
    for (size_t level = 0; level < LEAST_LEVELS; level++)
        free(tree->levels[level]);
    *tree = (struct least_tree){.counts = {0}};
}

size_t least_tree_next_under(const struct least_tree *tree, size_t from, uint32_t bound)
{
    size_t level = 0, at = from;
    for (;;) {
        if (at >= tree->counts[level])
            return tree->counts[0];
        if (tree->levels[level][at] < bound) {
            if (level == 0)
                return at;
            level--;
            at *= FAN;
        } else if (++at % FAN == 0 && level + 1 < LEAST_LEVELS) {
            level++;
            at /= FAN;
        }
    }
}

size_t least_tree_last_under(const struct least_tree *tree, size_t from, uint32_t bound)
{
    size_t level = 0, at = from;
    for (;;) {
        if (tree->levels[level][at] < bound) {
            if (level == 0)
                return at;
            level--;
            at = at * FAN + FAN - 1;
            if (at >= tree->counts[level])
                at = tree->counts[level] - 1;
        } else if (at % FAN == 0 && level + 1 < LEAST_LEVELS) {
            level++;
            at = at / FAN - 1;
        } else {
            at--;
        }
    }
}
