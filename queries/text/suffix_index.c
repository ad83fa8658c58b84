/*
 * Suffixes in order with shared lengths: see suffix_index.h. The lengths are found in linear time
 * by T. Kasai, G. Lee, H. Arimura, S. Arikawa, K. Park, "Linear-Time Longest-Common-Prefix
 * Computation in Suffix Arrays and Its Applications", CPM 2001: the suffix one place later shares
 * at most one number less with its own neighbour. That holds as well where sharing ends at a 0.
 */
#include "queries/text/suffix_index.h"

#include "base/memory.h"
#include "queries/text/suffix_sort.h"

#include <stdlib.h>

static void find_shared(const struct suffix_index *index, uint32_t *shared)
{
    const uint32_t *text = index->text;
    size_t depth = 0;
    for (size_t at = 0; at < index->count; at++) {
        uint32_t rank = index->rank[at];
        if (rank == 0) {
            depth = 0;
            continue;
        }
        /* The text ends in 0, so that neither runs past the end. */
        size_t other = index->order[rank - 1];
        while (text[at + depth] && text[at + depth] == text[other + depth])
            depth++;
        shared[rank] = (uint32_t)depth;
        depth -= depth > 0;
    }
}

enum status suffix_index_init(struct suffix_index *index, const uint32_t *text, size_t count,
                              size_t alphabet, struct error *err)
{
    *index = (struct suffix_index){.text = text, .count = count};
    index->order = mem_zalloc_large(count, sizeof *index->order);
    if (!index->order)
        return error_nomem(err);
    TRY(suffix_sort(text, count, alphabet, index->order, err));
    index->rank = mem_zalloc_large(count, sizeof *index->rank);
    uint32_t *shared = mem_zalloc_large(count, sizeof *shared);
    if (!index->rank || !shared) {
        free(shared);
        return error_nomem(err);
    }
    for (size_t i = 0; i < count; i++)
        index->rank[index->order[i]] = (uint32_t)i;
    find_shared(index, shared);
    return least_tree_init_take(&index->shared, shared, count, err);
}

void suffix_index_release(struct suffix_index *index)
{
    free(index->order);
    free(index->rank);
    least_tree_release(&index->shared);
    *index = (struct suffix_index){.count = 0};
}

struct suffix_range suffix_index_around(const struct suffix_index *index, uint32_t at,
                                        uint32_t depth)
{
    return (struct suffix_range){
        (uint32_t)least_tree_last_under(&index->shared, at, depth),
        (uint32_t)least_tree_next_under(&index->shared, at + (size_t)1, depth)};
}

bool suffix_index_child(const struct suffix_index *index, struct suffix_range range, uint32_t depth,
                        uint32_t number, struct suffix_range *child, uint64_t *steps)
{
    uint32_t low = range.from, high = range.to;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        ++*steps;
        if (index->text[(size_t)index->order[mid] + depth] < number)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == range.to || index->text[(size_t)index->order[low] + depth] != number)
        return false;
    *child = suffix_index_around(index, low, depth + 1);
    return true;
}
