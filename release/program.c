/* The attacker's program: see program.h. */
#include "release/program.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define SLIGHT 1e-8

enum { ENOUGH = 4 };

struct program *program_new(void)
{
    struct program *program = mem_zalloc(1, sizeof *program);
    if (program)
        reduction_init(&program->reduction);
    return program;
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

void program_free(struct program *program)
{
    if (!program)
        return;
    forget_room(program);
    tableau_release(&program->tableau);
    reduction_release(&program->reduction);
    free(program->terms);
    free(program);
}

enum status program_make_room(struct program *program, const struct moves *moves, struct error *err)
{
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

void program_take(struct program *program, const struct moves *moves, uint32_t variable)
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
        program_take(program, moves, from->terms[i].other);
}

bool program_gather(struct program *program, const struct moves *moves, size_t first)
{
    struct reduced_term own;
    for (size_t next = first; next < program->variable_count; next++) {
        uint32_t v = program->variables[next];
        size_t count, fresh = 0;
        const struct reduced_term *terms = terms_of(&program->reduction, v, &own, &count);
        for (size_t i = 0; i < count; i++)
            fresh += !program->row[terms[i].other];
        if (program->relation_count + fresh > (size_t)TABLEAU_RELATIONS) {
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

/* All relations of a variable are there. */
enum status program_load(struct program *program, const struct moves *moves, int64_t delta,
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

bool program_begin(struct program *program, const struct moves *moves, uint32_t variable,
                   size_t near)
{
    memset(program->column, 0, moves->variable_count * sizeof *program->column);
    memset(program->row, 0, moves->relation_count * sizeof *program->row);
    memset(program->y, 0, moves->variable_count * sizeof *program->y);
    program->variable_count = program->relation_count = program->term_count = program->loaded = 0;
    program->near = program->most = near;
    program->stands = false;
    program->tableau.work = 2 * moves->variable_count + moves->relation_count;
    program_take(program, moves, variable);
    return program_gather(program, moves, 0);
}

bool program_number_of(const struct program *program, uint32_t variable, uint32_t *number,
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

void program_hold(struct program *program, uint32_t number, double target)
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
