/*
 * The attacker's linear program: see attacker.h.
 *
 * Variables are the moves of at most NEAR withheld cells, of those that reduction.h leaves, nearest
 * first along the relations, and of some further ones that the dual solution asks for (column
 * generation), with what is near these; all others stay at their true values, which can only make
 * the attacker weaker and so never proves protection falsely. The simplex method finds a vertex
 * (tableau.h); if it is not integral, a short branch and bound (whole.h). Where that ends other
 * cells are asked of, one after the other, before another program is made. Floating point is not
 * believed: the rounded point, completed, must hold in integers.
 */
#include "release/attacker.h"

#include "release/program.h"
#include "release/whole.h"

#include <math.h>
#include <stdlib.h>

/* What floating point may be off by. */
#define CLOSE 1e-7
/* Less than this would let nothing move further. */
#define GAIN 1e-6

enum {
    NEAR = 150, /* variables at first, at most */
    MORE = 100, /* that are added at a time */
    NODES = 300,
    FEW_NODES = 20, /* where another program may follow */
    FEW_STEPS = 200,
    STEPS = 5000,
    TERM = 8 /* work of a term of the reduction */
};
_Static_assert((int)ATTACKER_RELATIONS == (int)TABLEAU_RELATIONS, "a limit has room");

/* Small programs have whole solutions sooner; where one has none, a larger one may. */
static const size_t sizes[] = {100, NEAR};
enum { SIZES = sizeof sizes / sizeof *sizes };

void attacker_init(struct attacker *attacker, size_t limit)
{
    *attacker = (struct attacker){.work_left = limit < ATTACKER_WORK ? limit : ATTACKER_WORK};
}

void attacker_release(struct attacker *attacker)
{
    program_free(attacker->program);
    attacker->program = NULL;
}

void attacker_begin(struct attacker *attacker, const bool *kept)
{
    attacker->kept = kept;
    if (!attacker->program)
        return;
    attacker->program->stands = false;
    attacker->program->reduction.made = false;
}

void attacker_charge(struct attacker *attacker, size_t work)
{
    attacker->used += work;
    attacker->work_left = work < attacker->work_left ? attacker->work_left - work : 0;
}

/* How far the asked variable went, and what held it back. */
static void note_limit(struct program *program, int64_t delta, struct attacker_limit *limit)
{
    double weights[TABLEAU_RELATIONS];
    limit->furthest = (int64_t)(fabs(program->tableau.at[0]) + CLOSE);
    tableau_weigh(&program->tableau, weights);
    for (size_t i = 0; i < program->relation_count; i++) {
        if (fabs(weights[i]) < CLOSE)
            continue;
        limit->relations[limit->count] = program->relations[i];
        limit->weights[limit->count++] = delta > 0 ? weights[i] : -weights[i];
    }
}

/*
 * Moves the variable as far as it goes in fractions; where that is DELTA, holds it there and lets
 * those rise that have not yet. False if it is less, and then notes why.
 */
static bool solve_relaxed(struct program *program, const struct moves *moves, int64_t delta,
                          struct attacker_limit *limit)
{
    struct tableau *tableau = &program->tableau;
    double factors[TABLEAU_VARIABLES] = {delta > 0 ? 1 : -1};
    limit->count = 0;
    tableau_aim(tableau, factors);
    bool climbed = tableau_climb(tableau, STEPS);
    if (fabs(tableau->at[0]) < (double)llabs(delta) - CLOSE) {
        if (climbed)
            note_limit(program, delta, limit);
        return false;
    }
    tableau->least[0] = tableau->most[0] = (double)delta;
    tableau->forgets = true;
    for (size_t i = 0; i < program->variable_count; i++)
        factors[i] = i > 0 && moves->highest[program->variables[i]] < llabs(delta) ? 1 : 0;
    tableau_aim(tableau, factors);
    (void)tableau_climb(tableau, STEPS);
    return true;
}

/* Puts the point into Y, rounded, and checks it. */
static bool accept(struct program *program, struct moves *moves, uint32_t variable, int64_t delta)
{
    int64_t *y = program->y;
    for (size_t i = 0; i < program->variable_count; i++)
        y[program->variables[i]] = llround(program->tableau.at[i]);
    reduction_complete(&program->reduction, y);
    return y[variable] == delta && moves_accept(moves, y);
}

/* ---- what is further away ---- */

/* Sums up what relations' weights make of each variable. */
static void price(struct program *program, const struct moves *moves,
                  const struct attacker_limit *limit)
{
    for (size_t v = 0; v < moves->variable_count; v++)
        program->gain[v] = 0;
    for (size_t k = 0; k < limit->count; k++) {
        const struct reduced_relation *relation =
            &program->reduction.relations[limit->relations[k]];
        for (size_t i = 0; i < relation->count; i++)
            program->gain[relation->terms[i].other] -=
                limit->weights[k] * relation->terms[i].factor;
        program->tableau.work += relation->count;
    }
    program->tableau.work += 2 * moves->variable_count;
}

/* Takes variables that would let the asked one move further (columns of negative reduced cost), and
 * what is near them. */
static bool take_gainful(struct program *program, const struct moves *moves,
                         const struct attacker_limit *limit)
{
    size_t first = program->variable_count;
    price(program, moves, limit);
    program->most = first + MORE < TABLEAU_VARIABLES ? first + MORE : TABLEAU_VARIABLES;
    for (uint32_t v = 0; v < moves->variable_count; v++)
        if ((program->gain[v] > GAIN && moves->most[v] > 0) ||
            (program->gain[v] < -GAIN && moves->least[v] < 0))
            program_take(program, moves, v);
    return program->variable_count > first && program_gather(program, moves, first) &&
           program->variable_count > first;
}

/* The relaxed program, with more variables as long as these could change that it fails. */
static enum status solve_widening(struct program *program, const struct moves *moves, int64_t delta,
                                  struct attacker_limit *limit, bool *holds, struct error *err)
{
    for (;;) {
        TRY(program_load(program, moves, delta, err));
        *holds = solve_relaxed(program, moves, delta, limit);
        if (program->tableau.etas.failed)
            return error_nomem(err);
        if (*holds || program->variable_count < program->near || !limit->count ||
            program->tableau.work >= program->tableau.work_end ||
            !take_gainful(program, moves, limit))
            return STATUS_OK;
    }
}

/* What held the variable back, by the relations of the moves. */
static void take_limit_back(struct program *program, const struct moves *moves,
                            struct attacker_limit *limit)
{
    double *weight = program->weight;
    for (size_t k = 0; k < limit->count; k++)
        weight[limit->relations[k]] = limit->weights[k];
    reduction_take_back(&program->reduction, weight);
    limit->count = 0;
    bool has_room = true;
    for (uint32_t r = 0; r < moves->relation_count; r++) {
        if (fabs(weight[r]) >= CLOSE && limit->count < ATTACKER_RELATIONS) {
            limit->relations[limit->count] = r;
            limit->weights[limit->count++] = weight[r];
        } else {
            has_room = has_room && fabs(weight[r]) < CLOSE;
        }
        weight[r] = 0;
    }
    limit->count = has_room ? limit->count : 0;
}

static enum status solve(struct program *program, struct attacker *attacker, struct moves *moves,
                         int64_t delta, enum attacker_answer *answer, struct error *err)
{
    bool relaxed, found = false;
    attacker->solved++;
    TRY(solve_widening(program, moves, delta, &attacker->limit, &relaxed, err));
    if (relaxed)
        found = accept(program, moves, program->variables[0], delta) ||
                (whole_find(&program->tableau, NODES) &&
                 accept(program, moves, program->variables[0], delta));
    else if (attacker->limit.count)
        take_limit_back(program, moves, &attacker->limit);
    program->stands = relaxed;
    *answer = found ? ATTACKER_REACHES : relaxed ? ATTACKER_MISSES : ATTACKER_FAILS;
    return STATUS_OK;
}

/* Terms that were looked at, wherever they lie. */
static void charge_reduction(struct attacker *attacker)
{
    attacker_charge(attacker, TERM * attacker->program->reduction.work);
    attacker->program->reduction.work = 0;
}

/* Asks a program of NEAR variables at first. */
static enum status ask(struct attacker *attacker, struct moves *moves, uint32_t variable,
                       int64_t delta, size_t near, enum attacker_answer *answer, struct error *err)
{
    struct program *program = attacker->program;
    *answer = ATTACKER_FAILS;
    attacker->limit.count = 0;
    enum status status = STATUS_OK;
    bool has_room = program_begin(program, moves, variable, near);
    program->tableau.work_end = attacker->work_left;
    if (has_room)
        status = solve(program, attacker, moves, delta, answer, err);
    attacker_charge(attacker, program->tableau.work);
    charge_reduction(attacker);
    return status;
}

bool attacker_goes_on(struct attacker *attacker, struct moves *moves, uint32_t variable,
                      int64_t delta)
{
    struct program *program = attacker->program;
    uint32_t number;
    double factor;
    if (!program || !program->stands || !attacker->work_left ||
        !program_number_of(program, variable, &number, &factor))
        return false;
    struct tableau *tableau = &program->tableau;
    tableau->work = 0;
    tableau->work_end = attacker->work_left;
    program_hold(program, number, factor * (double)delta);
    bool found = tableau_repair(tableau, FEW_STEPS) &&
                 (accept(program, moves, variable, delta) ||
                  (whole_find(tableau, FEW_NODES) && accept(program, moves, variable, delta)));
    attacker_charge(attacker, tableau->work);
    charge_reduction(attacker);
    return found;
}

enum status attacker_reaches(struct attacker *attacker, struct moves *moves, uint32_t variable,
                             int64_t delta, enum attacker_answer *answer, struct error *err)
{
    *answer = ATTACKER_FAILS;
    attacker->limit.count = 0;
    if (!attacker->work_left)
        return STATUS_OK;
    if (!attacker->program)
        attacker->program = program_new();
    if (!attacker->program)
        return error_nomem(err);
    TRY(program_make_room(attacker->program, moves, err));
    struct reduction *reduction = &attacker->program->reduction;
    if (!reduction->made)
        TRY(reduction_make(reduction, moves, attacker->kept, UINT32_MAX, err));
    if (!reduction_has(reduction, variable))
        TRY(reduction_make(reduction, moves, attacker->kept, variable, err));
    charge_reduction(attacker);
    bool wider = true; /* than the last one could be */
    for (size_t i = 0; i < SIZES && wider && attacker->work_left; i++) {
        TRY(ask(attacker, moves, variable, delta, sizes[i], answer, err));
        wider = *answer == ATTACKER_MISSES && attacker->program->variable_count >= sizes[i];
    }
    return STATUS_OK;
}
