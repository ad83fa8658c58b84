/* Atoms of a made catalogue's rows: see made_atoms.h. */
#include "tests/support/made_atoms.h"

#include "base/memory.h"
#include "tests/support/support.h"

#include <stdlib.h>

void made_atoms_init(struct made_atoms *atoms, const struct made *made, size_t count)
{
    *atoms = (struct made_atoms){made, count, mem_zalloc(made->wish.rows, sizeof *atoms->of_row),
                                 mem_zalloc(made->wish.rows, sizeof *atoms->in)};
    assert_true(atoms->of_row && atoms->in);
    for (uint32_t row = 0; row < made->wish.rows; row++)
        atoms->of_row[row] = count;
}

void made_atoms_release(struct made_atoms *atoms)
{
    free(atoms->of_row);
    free(atoms->in);
}

void made_atoms_by_slots(struct made_atoms *atoms, size_t query, size_t slots)
{
    const struct made *made = atoms->made;
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        if (!population_has(&made->population, made->rows[row].part, made->rows[row].local))
            continue;
        struct made_hit hit;
        atoms->of_row[row] = 0;
        for (size_t slot = 0; slot < slots; slot++)
            atoms->of_row[row] |= (size_t)made_hit(made, query, slot, row, &hit) << slot;
    }
}

uint64_t made_atoms_count(const struct made_atoms *atoms, const bool *has, uint32_t *users)
{
    uint64_t value = 0;
    for (uint32_t row = 0; row < atoms->made->wish.rows; row++) {
        size_t atom = atoms->of_row[row];
        atoms->in[row] = atom < atoms->count && has[atom];
        value += atoms->in[row];
    }
    *users = made_count_users(atoms->made, atoms->in).support;
    return value;
}
