/*
 * Branch and bound for whole numbers: see whole.h.
 *
 * Of the variables that are not whole the one with the least room is rounded, to the nearer side
 * first; where that leaves no point, on the other side; then the one before it. If that ends
 * without a point, once more with the last of them in order, since which choices are good is a
 * matter of luck (C. P. Gomes and others, "Heavy-tailed phenomena in satisfiability and constraint
 * satisfaction problems", Journal of Automated Reasoning 24, 2000). Points are mended from where
 * the last one ended (tableau_repair), so that a branch is a few steps, back or forth.
 */
#include "release/whole.h"

#include <math.h>

#define WHOLE 1e-6

enum { DEPTH = 256, STEPS = 200, MENDING = 500 };

struct branch {
    uint32_t number;
    bool up, turned; /* on its second side */
    double floor, least, most;
};

struct branching {
    struct tableau *tableau;
    size_t nodes; /* that are left */
    size_t depth;
    struct branch branches[DEPTH];
};

/* The variable to be rounded next; false if all are whole. */
typedef bool chooser(const struct tableau *tableau, uint32_t *number);

static bool is_broken(const struct tableau *tableau, uint32_t number)
{
    return fabs(tableau->at[number] - nearbyint(tableau->at[number])) > WHOLE;
}

static bool choose_narrowest(const struct tableau *tableau, uint32_t *number)
{
    double least = TABLEAU_FAR;
    for (uint32_t n = (uint32_t)tableau->variable_count; n-- > 0;)
        if (is_broken(tableau, n) && tableau->most[n] - tableau->least[n] < least) {
            least = tableau->most[n] - tableau->least[n];
            *number = n;
        }
    return least < TABLEAU_FAR;
}

static bool choose_last(const struct tableau *tableau, uint32_t *number)
{
    for (uint32_t n = (uint32_t)tableau->variable_count; n-- > 0;)
        if (is_broken(tableau, n)) {
            *number = n;
            return true;
        }
    return false;
}

static chooser *const choosers[] = {choose_narrowest, choose_last};
enum { CHOOSERS = sizeof choosers / sizeof *choosers };

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

static void leave(struct branching *b)
{
    const struct branch *branch = &b->branches[--b->depth];
    b->tableau->least[branch->number] = branch->least;
    b->tableau->most[branch->number] = branch->most;
}

/* Goes on with the other side of the last branch that has one. False if none has. */
static bool turn(struct branching *b)
{
    while (b->depth > 0) {
        struct branch *branch = &b->branches[b->depth - 1];
        if (!branch->turned) {
            branch->turned = true;
            branch->up = !branch->up;
            bound(b->tableau, branch);
            return true;
        }
        leave(b);
    }
    return false;
}

/* Mends the point after a branch, on other sides if need be. */
static bool mend(struct branching *b)
{
    while (!tableau_repair(b->tableau, STEPS)) {
        if (!b->nodes || !turn(b))
            return false;
        b->nodes--;
    }
    return true;
}

static bool branch_out(struct branching *b, chooser *choose)
{
    struct tableau *tableau = b->tableau;
    for (uint32_t number; choose(tableau, &number);) {
        if (!b->nodes || b->depth == DEPTH)
            return false;
        double floor_of = floor(tableau->at[number]);
        struct branch *branch = &b->branches[b->depth++];
        *branch = (struct branch){.number = number,
                                  .up = tableau->at[number] - floor_of > 0.5,
                                  .floor = floor_of,
                                  .least = tableau->least[number],
                                  .most = tableau->most[number]};
        bound(tableau, branch);
        b->nodes--;
        if (!mend(b))
            return false;
        tableau->work += 2 * tableau->variable_count;
    }
    return true;
}

bool whole_find(struct tableau *tableau, size_t nodes)
{
    for (size_t i = 0; i < CHOOSERS && tableau_repair(tableau, MENDING); i++) {
        struct branching b = {.tableau = tableau, .nodes = nodes};
        bool found = branch_out(&b, choosers[i]);
        while (b.depth > 0)
            leave(&b);
        if (found)
            return true;
    }
    return false;
}
