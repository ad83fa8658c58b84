/*
 * The attacker's linear program: see attacker.h.
 *
 * Variables are the moves of at most NEAR withheld cells, nearest first along the relations, and of
 * some further ones that the dual solution asks for (column generation); all others stay at their
 * true values, which can only make the attacker weaker and so never proves protection falsely. The
 * simplex method finds a vertex; if it is not integral, a short branch and bound. Floating point is
 * not believed: the rounded point must hold in integers.
 *
 * GLPK 5.0 (A. Makhorin). It aborts the process when memory is exhausted or a call is wrong, and
 * its error hook could only longjmp out; so problems stay small (NEAR variables), every index is
 * in range by construction, and no hook is set.
 */
#include "release/attacker.h"

#include "base/memory.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What floating point may be off by. */
#define CLOSE 1e-7
/* Less than this would let nothing move further. */
#define GAIN 1e-6

enum {
    NEAR = 150, /* variables at first, at most */
    MORE = 100, /* that are added at a time, */
    TIMES = 4,  /* so often at most */
    MOST = NEAR + TIMES * MORE,
    NEAR_RELATIONS = ATTACKER_RELATIONS,
    CALLS = 600,
    PIVOTS = 20000,
    ENOUGH = 4,
    BRANCHES = 16 /* so many calls cost as much as the program itself */
};

/* Small programs have whole solutions sooner; where one has none, a larger one may. */
static const size_t sizes[] = {100, NEAR};
enum { SIZES = sizeof sizes / sizeof *sizes };

void attacker_init(struct attacker *attacker, size_t limit)
{
    attacker->work_left = limit < ATTACKER_WORK ? limit : ATTACKER_WORK;
}

void attacker_charge(struct attacker *attacker, size_t work)
{
    attacker->used += work;
    attacker->work_left = work < attacker->work_left ? attacker->work_left - work : 0;
}

/* The program of one question: which variables and relations are in it. */
struct program {
    uint32_t variables[MOST], relations[NEAR_RELATIONS];
    size_t near, most; /* variables that it begins with; that it may have */
    size_t variable_count, relation_count, term_count;
    int *column; /* [variable of moves]: 1.. or 0 */
    int *row;    /* [relation of moves]: 1.. or 0 */
    glp_prob *glp;
    int index[NEAR_RELATIONS + 1]; /* of one column */
    double value[NEAR_RELATIONS + 1];
    double *gain; /* [variable of moves] what one more of it would let the asked one move further */
};

/* One that cannot move leads nowhere. */
static void take_variable(struct program *program, const struct moves *moves, uint32_t variable)
{
    if (!program->column[variable] && program->variable_count < program->most &&
        (moves->least[variable] < 0 || moves->most[variable] > 0)) {
        program->variables[program->variable_count++] = variable;
        program->column[variable] = (int)program->variable_count;
    }
}

/*
 * Gathers the relations of the variables from FIRST on, and what else is near them. A variable
 * whose relations have no room any more is dropped (it stays at its true value); false if that is
 * the first of all.
 */
static bool gather(struct program *program, const struct moves *moves, size_t first)
{
    for (size_t next = first; next < program->variable_count; next++) {
        uint32_t v = program->variables[next];
        size_t from = moves->variable_first[v], to = moves->variable_first[v + 1], fresh = 0;
        for (size_t i = from; i < to; i++)
            fresh += !program->row[moves->variable_terms[i].other];
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
        for (size_t i = from; i < to; i++) {
            uint32_t r = moves->variable_terms[i].other;
            program->term_count++;
            if (program->row[r])
                continue;
            program->relations[program->relation_count++] = r;
            program->row[r] = (int)program->relation_count;
            for (size_t j = moves->first[r];
                 j < moves->first[r + 1] && program->variable_count < program->most; j++)
                take_variable(program, moves, moves->terms[j].other);
        }
    }
    return true;
}

static void load_column(struct program *program, const struct moves *moves, size_t i,
                        uint32_t variable, int64_t delta)
{
    glp_prob *glp = program->glp;
    /* Near the truth is enough, and keeps numbers and search trees small. */
    int64_t far = llabs(delta) * 64 + 1024;
    uint32_t v = program->variables[i];
    int column = (int)i + 1, length = 0;
    int64_t least = moves->least[v] > -far ? moves->least[v] : -far;
    int64_t most = moves->most[v] < far ? moves->most[v] : far;
    if (v == variable) {
        least = delta < 0 ? delta : 0;
        most = delta > 0 ? delta : 0;
        glp_set_obj_coef(glp, column, delta > 0 ? 1 : -1);
    } else if (moves->highest[v] < llabs(delta)) {
        /* Where it has not risen yet it may as well: one program then answers for several. */
        most = most < ENOUGH * llabs(delta) ? most : ENOUGH * llabs(delta);
    }
    glp_set_col_kind(glp, column, GLP_IV);
    glp_set_col_bnds(glp, column, least == most ? GLP_FX : GLP_DB, (double)least, (double)most);
    if (least != most)
        glp_set_col_stat(glp, column, most < -least ? GLP_NU : GLP_NL);
    for (size_t k = moves->variable_first[v]; k < moves->variable_first[v + 1]; k++) {
        program->index[++length] = program->row[moves->variable_terms[k].other];
        program->value[length] = moves->variable_terms[k].sign;
    }
    glp_set_mat_col(glp, column, length, program->index, program->value);
}

/* Loads what is not loaded yet. All relations of a variable are there, so its column is whole. */
static void load(struct program *program, const struct moves *moves, uint32_t variable,
                 int64_t delta)
{
    glp_prob *glp = program->glp;
    size_t columns = (size_t)glp_get_num_cols(glp), rows = (size_t)glp_get_num_rows(glp);
    glp_set_obj_dir(glp, GLP_MAX);
    if (program->relation_count > rows)
        glp_add_rows(glp, (int)(program->relation_count - rows));
    for (size_t i = rows; i < program->relation_count; i++) {
        uint32_t r = program->relations[i];
        glp_set_row_bnds(glp, (int)i + 1, moves->equality[r] ? GLP_FX : GLP_UP,
                         (double)moves->slack[r], (double)moves->slack[r]);
    }
    if (program->variable_count > columns)
        glp_add_cols(glp, (int)(program->variable_count - columns));
    for (size_t i = columns; i < program->variable_count; i++)
        load_column(program, moves, i, variable, delta);
}

/* Called a few times a node, for every reason; some nodes are never announced by one reason alone.
 * The first integer point ends it. */
static void count_call(glp_tree *tree, void *context)
{
    int *calls = context;
    if (--*calls < 0 || glp_ios_reason(tree) == GLP_IBINGO)
        glp_ios_terminate(tree);
}

static bool optimize(struct program *program)
{
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.it_lim = PIVOTS;
    return glp_simplex(program->glp, &how) == 0 && glp_get_status(program->glp) == GLP_OPT;
}

static void note_limit(const struct program *program, double furthest, struct attacker_limit *limit)
{
    limit->furthest = (int64_t)(furthest + CLOSE);
    for (size_t i = 0; i < program->relation_count; i++) {
        double weight = glp_get_row_dual(program->glp, (int)i + 1);
        if (fabs(weight) < CLOSE)
            continue;
        limit->relations[limit->count] = program->relations[i];
        limit->weights[limit->count++] = weight;
    }
}

/*
 * Moves the variable as far as it goes in fractions; where that is DELTA, holds it there and lets
 * those rise that have not yet. False if it is less, and then notes why.
 */
static bool solve_relaxed(struct program *program, const struct moves *moves, uint32_t variable,
                          int64_t delta, struct attacker_limit *limit)
{
    glp_prob *glp = program->glp;
    int asked = program->column[variable];
    limit->count = 0;
    if (!optimize(program))
        return false;
    double furthest = fabs(glp_get_col_prim(glp, asked));
    if (furthest < (double)llabs(delta) - CLOSE) {
        note_limit(program, furthest, limit);
        return false;
    }
    glp_set_col_bnds(glp, asked, GLP_FX, (double)delta, (double)delta);
    for (size_t i = 0; i < program->variable_count; i++) {
        uint32_t v = program->variables[i];
        bool rises = v != variable && moves->highest[v] < llabs(delta);
        glp_set_obj_coef(glp, (int)i + 1, rises ? 1 : 0);
    }
    return optimize(program);
}

/* A feasible point of the integer program; false if none was found. */
static bool solve_integer(struct program *program, int *calls)
{
    *calls = CALLS;
    glp_iocp how;
    glp_init_iocp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.bt_tech = GLP_BT_DFS;
    how.br_tech = GLP_BR_LFV; /* least fractional first: here it meets whole numbers soonest */
    how.cb_func = count_call;
    how.cb_info = calls;
    (void)glp_intopt(program->glp, &how);
    int status = glp_mip_status(program->glp);
    return status == GLP_OPT || status == GLP_FEAS;
}

/* Puts the point into Y, rounded; the caller checks it. */
static void read_point(const struct program *program, double (*value)(glp_prob *, int), int64_t *y)
{
    for (size_t i = 0; i < program->variable_count; i++)
        y[program->variables[i]] = llround(value(program->glp, (int)i + 1));
}

/* ---- what is further away ---- */

/* Sums up what relations' weights make of each variable. */
static void price(struct program *program, const struct moves *moves,
                  const struct attacker_limit *limit)
{
    for (size_t v = 0; v < moves->variable_count; v++)
        program->gain[v] = 0;
    for (size_t k = 0; k < limit->count; k++)
        for (size_t i = moves->first[limit->relations[k]];
             i < moves->first[limit->relations[k] + 1]; i++)
            program->gain[moves->terms[i].other] -= limit->weights[k] * moves->terms[i].sign;
}

/* Takes variables that would let the asked one move further (columns of negative reduced cost). */
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
    program->most = program->variable_count;
    return program->variable_count > first && gather(program, moves, first) &&
           program->variable_count > first;
}

/* The relaxed program, with more variables as long as these could change that it fails. */
static bool solve_widening(struct program *program, struct attacker *attacker,
                           const struct moves *moves, uint32_t variable, int64_t delta)
{
    for (;;) {
        attacker_charge(attacker, program->variable_count + program->term_count);
        load(program, moves, variable, delta);
        if (solve_relaxed(program, moves, variable, delta, &attacker->limit))
            return true;
        if (program->variable_count < program->near || !attacker->limit.count ||
            !attacker->work_left || !take_gainful(program, moves, &attacker->limit))
            return false;
    }
}

static enum attacker_answer solve(struct program *program, struct attacker *attacker,
                                  struct moves *moves, uint32_t variable, int64_t delta, int64_t *y)
{
    attacker->solved++;
    int was = glp_term_out(GLP_OFF);
    program->glp = glp_create_prob();
    bool found = false, relaxed = solve_widening(program, attacker, moves, variable, delta);
    size_t work = program->variable_count + program->term_count;
    if (relaxed) {
        read_point(program, glp_get_col_prim, y);
        found = y[variable] == delta && moves_accept(moves, y);
        if (!found) {
            int left;
            if (solve_integer(program, &left)) {
                read_point(program, glp_mip_col_val, y);
                found = y[variable] == delta && moves_accept(moves, y);
            }
            attacker_charge(attacker, work * (size_t)(CALLS - (left < 0 ? 0 : left)) / BRANCHES);
        }
    }
    glp_delete_prob(program->glp);
    glp_term_out(was);
    glp_free_env();
    if (found)
        return ATTACKER_REACHES;
    return relaxed ? ATTACKER_MISSES : ATTACKER_FAILS;
}

/* Asks a program of NEAR variables at first. */
static enum attacker_answer ask(struct program *program, struct attacker *attacker,
                                struct moves *moves, uint32_t variable, int64_t delta, size_t near,
                                int64_t *y)
{
    memset(program->column, 0, moves->variable_count * sizeof *program->column);
    memset(program->row, 0, moves->relation_count * sizeof *program->row);
    memset(y, 0, moves->variable_count * sizeof *y);
    program->variable_count = program->relation_count = program->term_count = 0;
    program->near = program->most = near;
    take_variable(program, moves, variable);
    if (!gather(program, moves, 0))
        return ATTACKER_FAILS;
    return solve(program, attacker, moves, variable, delta, y);
}

enum status attacker_reaches(struct attacker *attacker, struct moves *moves, uint32_t variable,
                             int64_t delta, enum attacker_answer *answer, struct error *err)
{
    *answer = ATTACKER_FAILS;
    attacker->limit.count = 0;
    if (!attacker->work_left)
        return STATUS_OK;
    struct program *program = mem_zalloc(1, sizeof *program);
    int *column = mem_zalloc(moves->variable_count, sizeof *column);
    int *row = mem_zalloc(moves->relation_count, sizeof *row);
    int64_t *y = mem_zalloc(moves->variable_count, sizeof *y);
    double *gain = mem_zalloc(moves->variable_count, sizeof *gain);
    enum status status = STATUS_OK;
    if (program && column && row && y && gain) {
        program->column = column;
        program->row = row;
        program->gain = gain;
        bool wider = true; /* than the last one could be */
        for (size_t i = 0; i < SIZES && wider && attacker->work_left; i++) {
            *answer = ask(program, attacker, moves, variable, delta, sizes[i], y);
            wider = *answer == ATTACKER_MISSES && program->variable_count >= sizes[i];
        }
    } else {
        status = error_nomem(err);
    }
    free(program);
    free(column);
    free(row);
    free(y);
    free(gain);
    return status;
}
