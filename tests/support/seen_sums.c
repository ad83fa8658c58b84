/* Sums of atoms that a reader sees: see seen_sums.h. */
#include "tests/support/seen_sums.h"

#include "base/memory.h"
#include "tests/support/reader.h"
#include "tests/support/support.h"

#include <math.h>
#include <stdlib.h>

void seen_totals_add(struct seen_totals *to, const struct seen_totals *more)
{
    to->leaks += more->leaks;
    to->small += more->small;
    to->shown += more->shown;
    to->cells += more->cells;
    to->unbounded += more->unbounded;
}

struct seen_sum *seen_add(struct seen *seen, const struct made_atoms *atoms)
{
    seen->items = mem_grow(seen->items, &seen->capacity, seen->count + 1, sizeof *seen->items);
    assert_non_null(seen->items);
    assert_true(!seen->count || seen->atoms == atoms->count);
    seen->atoms = atoms->count;
    struct seen_sum *sum = &seen->items[seen->count++];
    *sum = (struct seen_sum){.has = mem_zalloc(atoms->count, sizeof *sum->has)};
    assert_non_null(sum->has);
    return sum;
}

void seen_release(struct seen *seen)
{
    while (seen->count)
        free(seen->items[--seen->count].has);
    free(seen->items);
    *seen = (struct seen){.items = NULL};
}

void seen_sum_count(struct seen_sum *sum, const struct made_atoms *atoms)
{
    sum->value = made_atoms_count(atoms, sum->has, &sum->users);
}

void seen_sum_tell(struct seen_sum *sum, struct figure figure, bool gone)
{
    sum->shown = figure.state == FIGURE_EXACT;
    sum->known = !sum->shown && !gone;
    if (sum->shown)
        assert_int_equal(figure.value, sum->value);
}

void seen_count_cells(const struct seen *seen, size_t first, struct seen_totals *totals)
{
    for (size_t i = first; i < seen->count; i++, totals->cells++)
        totals->shown += seen->items[i].shown;
}

static struct reader *reader_of(const struct seen *seen)
{
    struct reader *reader = reader_new(seen->atoms);
    for (size_t i = 0; i < seen->count; i++) {
        const struct seen_sum *sum = &seen->items[i];
        if (sum->shown)
            reader_know_value(reader, sum->has, (double)sum->value);
        else if (sum->known)
            reader_know_least(reader, sum->has, 1);
    }
    return reader;
}

void seen_count_leaks(const struct seen *seen, uint32_t min_users, struct seen_totals *totals)
{
    struct reader *reader = reader_of(seen);
    for (size_t i = 0; i < seen->count; i++) {
        const struct seen_sum *sum = &seen->items[i];
        if (!sum->users || sum->users >= min_users)
            continue;
        struct reader_range range = reader_range(reader, sum->has);
        bool leak = reader_range_tells(range, min_users);
        if (leak && getenv("LEAKS"))
            print_message("%s: %u users, %g to %g\n", sum->what, (unsigned)sum->users, range.least,
                          range.most);
        totals->small++;
        totals->unbounded += isinf(range.most) ? 1 : 0;
        totals->leaks += leak;
    }
    reader_free(reader);
}
