/*
 * Branch and bound for whole numbers: see whole.h.
 *
 * The last variable in order that is not whole is rounded, to the nearer side first. Where that
 * leaves no point, it is tried on the other side, then the one before it. Points are mended from
 * where the last one ended (tableau_repair), so that a branch is a few steps, back or forth.
 */
#include "release/whole.h"

#include <math.h>

#define WHOLE 1e-6

enum { DEPTH = 256, STEPS = 200 };

struct branch {
    uint32_t number;
    bool up, turned; /* on its second side */
    double floor, least, most;
};

static void bound(struct tableau *tableau, const struct branch *branch)
{
    uint32_t n = branch->number;
    tableau->least[n] = branch->up ? branch->floor + 1 : branch->least;
    tableau->most[n] = branch->up ? branch->most : branch->floor;
    if (tableau->is_basic[n])
        return;
    if (tableau->at[n] < tableau->least[n])
        tableau_put(tableau, n, tableau->least[n]);
    else if (tableau->at[n] > tableau->most[n])
        tableau_put(tableau, n, tableau->most[n]);
}

static bool find_broken(const struct tableau *tableau, uint32_t *number)
{
    for (uint32_t n = (uint32_t)tableau->variable_count; n-- > 0;)
        if (fabs(tableau->at[n] - nearbyint(tableau->at[n])) > WHOLE) {
            *number = n;
            return true;
        }
    return false;
}

/* Goes on with the other side of the last branch that has one. False if none has. */
static bool turn(struct tableau *tableau, struct branch *branches, size_t *depth)
{
    while (*depth > 0) {
        struct branch *branch = &branches[*depth - 1];
        if (!branch->turned) {
            branch->turned = true;
            branch->up = !branch->up;
            bound(tableau, branch);
            return true;
        }
        tableau->least[branch->number] = branch->least;
        tableau->most[branch->number] = branch->most;
        --*depth;
    }
    return false;
}

bool whole_find(struct tableau *tableau, size_t nodes)
{
    struct branch branches[DEPTH];
    size_t depth = 0;
    for (uint32_t number; find_broken(tableau, &number); nodes--) {
        if (!nodes || depth == DEPTH)
            return false;
        double floor_of = floor(tableau->at[number]);
        struct branch *branch = &branches[depth++];
        *branch = (struct branch){.number = number,
                                  .up = tableau->at[number] - floor_of > 0.5,
                                  .floor = floor_of,
                                  .least = tableau->least[number],
                                  .most = tableau->most[number]};
        bound(tableau, branch);
        while (!tableau_repair(tableau, STEPS)) {
            if (!nodes || !turn(tableau, branches, &depth))
                return false;
            nodes--;
        }
        tableau->work += tableau->variable_count;
    }
    return true;
}
