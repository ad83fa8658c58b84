/*
 * The attacker's linear program: see attacker.h.
 *
 * Variables are the moves of at most NEAR withheld cells, nearest first along the relations, and of
 * some further ones that the dual solution asks for (column generation); all others stay at their
 * true values, which can only make the attacker weaker and so never proves protection falsely. The
 * simplex method finds a vertex (tableau.h); if it is not integral, a short branch and bound
 * (whole.h). Floating point is not believed: the rounded point must hold in integers.
 */
#include "release/attacker.h"

#include "base/memory.h"
#include "release/reduction.h"
#include "release/tableau.h"
#include "release/whole.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What floating point may be off by. */
#define CLOSE 1e-7
/* Less than this would let nothing move further. */
#define GAIN   1e-6
#define SLIGHT 1e-8

enum {
    NEAR = 150, /* variables at first, at most */
    MORE = 100, /* that are added at a time */
    MOST = TABLEAU_VARIABLES,
    NEAR_RELATIONS = ATTACKER_RELATIONS,
    NODES = 300,
    FEW_NODES = 20, /* where another program may follow */
    FEW_STEPS = 200,
    STEPS = 5000,
    ENOUGH = 4,
    TERM = 8 /* work of a term of the reduction */
};
_Static_assert((int)MOST <= (int)TABLEAU_VARIABLES && (int)NEAR_RELATIONS <= (int)TABLEAU_RELATIONS,
               "a program has room");

/* Small programs have whole solutions sooner; where one has none, a larger one may. */
static const size_t sizes[] = {100, NEAR};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* The program of one question: which variables and relations are in it. */
struct program {
    uint32_t variables[MOST], relations[NEAR_RELATIONS];
    size_t near, most; /* variables that it begins with; that it may have */
    size_t variable_count, relation_count, term_count;
    struct tableau tableau;
    size_t loaded; /* variables that the tableau has had */
    bool stands;   /* at a point that holds: it can be asked of more variables */
    uint32_t held; /* the number that is held where it should be, and its bounds otherwise */
    double held_least, held_most;
    struct tableau_term *terms;
    size_t term_capacity;
    /* For as many variables and relations of moves as there were so far. */
    size_t variable_room, relation_room;
    int *column; /* [variable of moves]: 1.. or 0 */
    int *row;    /* [relation of moves]: 1.. or 0 */
    int64_t *y;
    double *gain; /* [variable of moves] what one more of it would let the asked one move further */
    double *weight;             /* [relation of moves] all zero between two questions */
    struct reduction reduction; /* what is left of the moves: all here is of that */
};

void attacker_init(struct attacker *attacker, size_t limit)
{
    *attacker = (struct attacker){.work_left = limit < ATTACKER_WORK ? limit : ATTACKER_WORK};
}

static void forget_room(struct program *program)
{
    free(program->column);
    free(program->row);
    free(program->y);
    free(program->gain);
    free(program->weight);
    program->column = program->row = NULL;
    program->y = NULL;
    program->gain = program->weight = NULL;
}

void attacker_release(struct attacker *attacker)
{
    if (!attacker->program)
        return;
    forget_room(attacker->program);
    tableau_release(&attacker->program->tableau);
    reduction_release(&attacker->program->reduction);
    free(attacker->program->terms);
    free(attacker->program);
    attacker->program = NULL;
}

static enum status make_room(struct attacker *attacker, const struct moves *moves,
                             struct error *err)
{
    if (!attacker->program) {
        attacker->program = mem_zalloc(1, sizeof *attacker->program);
        if (!attacker->program)
            return error_nomem(err);
        reduction_init(&attacker->program->reduction);
    }
    struct program *program = attacker->program;
    if (program->column && program->variable_room >= moves->variable_count &&
        program->relation_room >= moves->relation_count)
        return STATUS_OK;
    forget_room(program);
    program->variable_room = moves->variable_count;
    program->relation_room = moves->relation_count;
    program->column = mem_zalloc(moves->variable_count, sizeof *program->column);
    program->row = mem_zalloc(moves->relation_count, sizeof *program->row);
    program->y = mem_zalloc(moves->variable_count, sizeof *program->y);
    program->gain = mem_zalloc(moves->variable_count, sizeof *program->gain);
    program->weight = mem_zalloc(moves->relation_count, sizeof *program->weight);
    if (program->column && program->row && program->y && program->gain && program->weight)
        return STATUS_OK;
    forget_room(program);
    return error_nomem(err);
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

/* One that cannot move leads nowhere. */
static void take_variable(struct program *program, const struct moves *moves, uint32_t variable)
{
    if (!program->column[variable] && program->variable_count < program->most &&
        (moves->least[variable] < 0 || moves->most[variable] > 0)) {
        program->variables[program->variable_count++] = variable;
        program->column[variable] = (int)program->variable_count;
    }
}

/* The relations of a variable: if it was taken out, the one that says what it is. */
static const struct reduced_term *terms_of(const struct reduction *reduction, uint32_t variable,
                                           struct reduced_term *own, size_t *count)
{
    uint32_t relation = reduction->relation_of[variable];
    *count = relation ? 1 : reduction->first[variable + 1ull] - reduction->first[variable];
    if (!relation)
        return reduction->columns + reduction->first[variable];
    *own = (struct reduced_term){relation - 1, reduction->relations[relation - 1].own};
    return own;
}

static void take_relation(struct program *program, const struct moves *moves, uint32_t relation)
{
    const struct reduced_relation *from = &program->reduction.relations[relation];
    program->relations[program->relation_count++] = relation;
    program->row[relation] = (int)program->relation_count;
    for (size_t i = 0; i < from->count && program->variable_count < program->most; i++)
        take_variable(program, moves, from->terms[i].other);
}

/*
 * Gathers the relations of the variables from FIRST on, and what else is near them. A variable
 * whose relations have no room any more is dropped (it stays at its true value); false if that is
 * the first of all.
 */
static bool gather(struct program *program, const struct moves *moves, size_t first)
{
    struct reduced_term own;
    for (size_t next = first; next < program->variable_count; next++) {
        uint32_t v = program->variables[next];
        size_t count, fresh = 0;
        const struct reduced_term *terms = terms_of(&program->reduction, v, &own, &count);
        for (size_t i = 0; i < count; i++)
            fresh += !program->row[terms[i].other];
        if (program->relation_count + fresh > NEAR_RELATIONS) {
            if (next == 0)
                return false;
            /* The last variable takes its place, so that columns stay without a gap. */
            uint32_t last = program->variables[--program->variable_count];
            program->column[v] = 0;
            if (last != v) {
                program->variables[next] = last;
                program->column[last] = (int)next + 1;
            }
            next--;
            continue;
        }
        for (size_t i = 0; i < count; i++)
            if (!program->row[terms[i].other])
                take_relation(program, moves, terms[i].other);
        program->term_count += count;
    }
    return true;
}

/* Bounds of a variable that was not there before. */
static void bound_variable(struct program *program, const struct moves *moves, size_t i,
                           int64_t delta)
{
    struct tableau *tableau = &program->tableau;
    /* Near the truth is enough, and keeps numbers and search trees small. */
    int64_t far = llabs(delta) * 64 + 1024;
    uint32_t v = program->variables[i];
    int64_t least = moves->least[v] > -far ? moves->least[v] : -far;
    int64_t most = moves->most[v] < far ? moves->most[v] : far;
    if (i == 0) {
        program->held = 0;
        program->held_least = (double)least;
        program->held_most = (double)most;
        least = delta < 0 ? delta : 0;
        most = delta > 0 ? delta : 0;
    } else if (moves->highest[v] < llabs(delta)) {
        /* Where it has not risen yet it may as well: one program then answers for several. */
        most = most < ENOUGH * llabs(delta) ? most : ENOUGH * llabs(delta);
    }
    tableau->least[i] = (double)least;
    tableau->most[i] = (double)most;
    tableau->at[i] = 0;
    tableau->is_basic[i] = false;
}

/* The relation that says what the asked variable is, where that was taken out; or NULL. */
static const struct reduced_relation *own_relation(const struct program *program)
{
    uint32_t relation = program->reduction.relation_of[program->variables[0]];
    return relation ? &program->reduction.relations[relation - 1] : NULL;
}

static void bound_relations(struct program *program)
{
    struct tableau *tableau = &program->tableau;
    const struct reduced_relation *own = own_relation(program);
    for (size_t i = 0; i < program->relation_count; i++) {
        const struct reduced_relation *relation =
            &program->reduction.relations[program->relations[i]];
        bool is_own = relation == own;
        double least = is_own ? 0 : relation->least, most = is_own ? 0 : relation->most;
        tableau->least[TABLEAU_SUMS + i] = least > -TABLEAU_FAR ? least : -TABLEAU_FAR;
        tableau->most[TABLEAU_SUMS + i] = most < TABLEAU_FAR ? most : TABLEAU_FAR;
    }
}

/* All terms of the program's variables. */
static size_t list_terms(const struct program *program, struct tableau_term *terms)
{
    const struct reduced_relation *relation = own_relation(program);
    struct reduced_term own;
    size_t count = 0, of_one;
    for (size_t i = 0; i < program->variable_count; i++) {
        const struct reduced_term *list =
            terms_of(&program->reduction, program->variables[i], &own, &of_one);
        for (size_t k = 0; k < of_one; k++)
            terms[count++] = (struct tableau_term){
                (uint32_t)i, (uint32_t)program->row[list[k].other] - 1, list[k].factor};
    }
    /* In the lists of the others there is none of a relation that says nothing else. */
    for (size_t k = 0; relation && relation->idle && k < relation->count; k++) {
        int column = program->column[relation->terms[k].other];
        if (column)
            terms[count++] =
                (struct tableau_term){(uint32_t)column - 1, 0, relation->terms[k].factor};
    }
    return count;
}

/* Makes the tableau, from the point where the last one of this program ended. All relations of a
 * variable are there. */
static enum status load(struct program *program, const struct moves *moves, int64_t delta,
                        struct error *err)
{
    struct tableau *tableau = &program->tableau;
    const struct reduced_relation *own = own_relation(program);
    size_t most = program->term_count + (own ? own->count : 0);
    struct tableau_term *terms =
        mem_grow(program->terms, &program->term_capacity, most + 1, sizeof *terms);
    if (!terms)
        return error_nomem(err);
    program->terms = terms;
    for (; program->loaded < program->variable_count; program->loaded++)
        bound_variable(program, moves, program->loaded, delta);
    bound_relations(program);
    tableau->variable_count = program->variable_count;
    tableau->relation_count = program->relation_count;
    return tableau_make(tableau, terms, list_terms(program, terms), err);
}

/* How far the asked variable went, and what held it back. */
static void note_limit(struct program *program, int64_t delta, struct attacker_limit *limit)
{
    double weights[NEAR_RELATIONS];
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
    double factors[MOST] = {delta > 0 ? 1 : -1};
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
    program->most = first + MORE < MOST ? first + MORE : MOST;
    for (uint32_t v = 0; v < moves->variable_count; v++)
        if ((program->gain[v] > GAIN && moves->most[v] > 0) ||
            (program->gain[v] < -GAIN && moves->least[v] < 0))
            take_variable(program, moves, v);
    return program->variable_count > first && gather(program, moves, first) &&
           program->variable_count > first;
}

/* The relaxed program, with more variables as long as these could change that it fails. */
static enum status solve_widening(struct program *program, const struct moves *moves, int64_t delta,
                                  struct attacker_limit *limit, bool *holds, struct error *err)
{
    for (;;) {
        TRY(load(program, moves, delta, err));
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
    memset(program->column, 0, moves->variable_count * sizeof *program->column);
    memset(program->row, 0, moves->relation_count * sizeof *program->row);
    memset(program->y, 0, moves->variable_count * sizeof *program->y);
    program->variable_count = program->relation_count = program->term_count = program->loaded = 0;
    program->near = program->most = near;
    program->stands = false;
    program->tableau.work = 2 * moves->variable_count + moves->relation_count;
    program->tableau.work_end = attacker->work_left;
    take_variable(program, moves, variable);
    *answer = ATTACKER_FAILS;
    attacker->limit.count = 0;
    enum status status = STATUS_OK;
    if (gather(program, moves, 0))
        status = solve(program, attacker, moves, delta, answer, err);
    attacker_charge(attacker, program->tableau.work);
    charge_reduction(attacker);
    return status;
}

/* The number of the program's that says what the variable is, and FACTOR times which; false where
 * it has none. */
static bool number_of(const struct program *program, uint32_t variable, uint32_t *number,
                      double *factor)
{
    uint32_t relation = program->reduction.relation_of[variable];
    *factor = 1;
    if (program->column[variable]) {
        *number = (uint32_t)program->column[variable] - 1;
        return true;
    }
    if (!relation || !program->row[relation - 1] ||
        &program->reduction.relations[relation - 1] == own_relation(program))
        return false;
    *number = TABLEAU_SUMS + (uint32_t)program->row[relation - 1] - 1;
    *factor = -program->reduction.relations[relation - 1].own;
    return true;
}

/* Holds the number at TARGET, and lets go of what was held before. */
static void hold(struct program *program, uint32_t number, double target)
{
    struct tableau *tableau = &program->tableau;
    tableau->least[program->held] = program->held_least;
    tableau->most[program->held] = program->held_most;
    program->held = number;
    program->held_least = tableau->least[number];
    program->held_most = tableau->most[number];
    tableau->least[number] = target;
    tableau->most[number] = target + SLIGHT; /* else a sum that is free would be dropped */
    if (!tableau->is_basic[number])
        tableau_put(tableau, number, target);
}

bool attacker_goes_on(struct attacker *attacker, struct moves *moves, uint32_t variable,
                      int64_t delta)
{
    struct program *program = attacker->program;
    uint32_t number;
    double factor;
    if (!program || !program->stands || !attacker->work_left ||
        !number_of(program, variable, &number, &factor))
        return false;
    struct tableau *tableau = &program->tableau;
    tableau->work = 0;
    tableau->work_end = attacker->work_left;
    hold(program, number, factor * (double)delta);
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
    TRY(make_room(attacker, moves, err));
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
