/* Programs around a point that holds, against GLPK: how far a variable goes, in fractions and where
 * all is whole; and that the weights of relations prove it (duality).
 */
#include "release/tableau.h"
#include "release/whole.h"
#include "tests/support/small_tables.h"
#include "tests/support/support.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>

enum { MOST_VARIABLES = 14, MOST_RELATIONS = 9, PROBLEMS = 3000 };

static struct error err;

struct problem {
    size_t variables, relations, terms;
    struct tableau_term term[MOST_VARIABLES * MOST_RELATIONS];
    double least[MOST_VARIABLES], most[MOST_VARIABLES];
    bool equality[MOST_RELATIONS];
    double slack[MOST_RELATIONS];
};

static void draw(struct problem *p)
{
    *p = (struct problem){.variables = 2 + tables_below(MOST_VARIABLES - 1),
                          .relations = 1 + tables_below(MOST_RELATIONS)};
    for (size_t v = 0; v < p->variables; v++) {
        p->least[v] = -(double)tables_below(5);
        p->most[v] = (double)tables_below(7);
    }
    p->most[0] = 30;
    for (uint32_t r = 0; r < p->relations; r++) {
        p->equality[r] = tables_below(3) > 0;
        p->slack[r] = p->equality[r] ? 0 : (double)tables_below(6);
        for (uint32_t v = 0; v < p->variables; v++)
            if (tables_below(3) == 0)
                p->term[p->terms++] = (struct tableau_term){v, r, tables_below(2) ? 1 : -1};
    }
}

static glp_prob *make_peer(const struct problem *p)
{
    int rows[MOST_VARIABLES * MOST_RELATIONS + 1], columns[MOST_VARIABLES * MOST_RELATIONS + 1];
    double values[MOST_VARIABLES * MOST_RELATIONS + 1];
    glp_prob *glp = glp_create_prob();
    glp_set_obj_dir(glp, GLP_MAX);
    glp_add_rows(glp, (int)p->relations);
    glp_add_cols(glp, (int)p->variables);
    for (size_t r = 0; r < p->relations; r++)
        glp_set_row_bnds(glp, (int)r + 1, p->equality[r] ? GLP_FX : GLP_UP, p->slack[r],
                         p->slack[r]);
    for (size_t v = 0; v < p->variables; v++) {
        glp_set_col_bnds(glp, (int)v + 1, p->least[v] < p->most[v] ? GLP_DB : GLP_FX, p->least[v],
                         p->most[v]);
        glp_set_col_kind(glp, (int)v + 1, GLP_IV);
    }
    for (size_t i = 0; i < p->terms; i++) {
        rows[i + 1] = (int)p->term[i].relation + 1;
        columns[i + 1] = (int)p->term[i].variable + 1;
        values[i + 1] = p->term[i].factor;
    }
    glp_load_matrix(glp, (int)p->terms, rows, columns, values);
    glp_set_obj_coef(glp, 1, 1);
    return glp;
}

static double furthest(glp_prob *glp)
{
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    assert_int_equal(glp_simplex(glp, &how), 0);
    assert_int_equal(glp_get_status(glp), GLP_OPT);
    return glp_get_obj_val(glp);
}

/* Can the first variable be WHERE while all are whole? */
static bool is_possible(glp_prob *glp, double where)
{
    glp_iocp how;
    glp_set_col_bnds(glp, 1, GLP_FX, where, where);
    glp_set_obj_coef(glp, 1, 0);
    glp_smcp first;
    glp_init_smcp(&first);
    first.msg_lev = GLP_MSG_OFF;
    assert_int_equal(glp_simplex(glp, &first), 0);
    if (glp_get_status(glp) != GLP_OPT)
        return false;
    glp_init_iocp(&how);
    how.msg_lev = GLP_MSG_OFF;
    assert_int_equal(glp_intopt(glp, &how), 0);
    return glp_mip_status(glp) == GLP_OPT;
}

static void make(struct tableau *tableau, const struct problem *p)
{
    tableau->variable_count = p->variables;
    tableau->relation_count = p->relations;
    tableau->work_end = SIZE_MAX;
    for (size_t v = 0; v < p->variables; v++) {
        tableau->least[v] = p->least[v];
        tableau->most[v] = p->most[v];
        tableau->at[v] = 0;
        tableau->is_basic[v] = false;
    }
    for (size_t r = 0; r < p->relations; r++) {
        tableau->least[TABLEAU_SUMS + r] = p->equality[r] ? 0 : -TABLEAU_FAR;
        tableau->most[TABLEAU_SUMS + r] = p->slack[r];
    }
    assert_ok(tableau_make(tableau, p->term, p->terms, &err), err);
}

static void assert_holds(const struct problem *p, const double *at)
{
    double sums[MOST_RELATIONS] = {0};
    for (size_t v = 0; v < p->variables; v++)
        assert_true(at[v] > p->least[v] - 1e-6 && at[v] < p->most[v] + 1e-6);
    for (size_t i = 0; i < p->terms; i++)
        sums[p->term[i].relation] += p->term[i].factor * at[p->term[i].variable];
    for (size_t r = 0; r < p->relations; r++)
        assert_true(sums[r] < p->slack[r] + 1e-6 && (!p->equality[r] || sums[r] > -1e-6));
}

/* What nothing can exceed, by the weights alone. */
static double bound_of(const struct problem *p, const double *weights)
{
    double rest[MOST_VARIABLES] = {1}, bound = 0;
    for (size_t i = 0; i < p->terms; i++)
        rest[p->term[i].variable] -= weights[p->term[i].relation] * p->term[i].factor;
    for (size_t v = 0; v < p->variables; v++)
        bound += rest[v] > 0 ? rest[v] * p->most[v] : rest[v] * p->least[v];
    for (size_t r = 0; r < p->relations; r++) {
        assert_true(p->equality[r] || weights[r] > -1e-7);
        bound += weights[r] * p->slack[r];
    }
    return bound;
}

static void as_far_as_glpk(void **state)
{
    (void)state;
    struct tableau *tableau = calloc(1, sizeof *tableau);
    const double aim[MOST_VARIABLES] = {1};
    size_t fractions = 0, whole = 0, none = 0;
    assert_non_null(tableau);
    tables_stream = 31;
    for (size_t i = 0; i < PROBLEMS; i++) {
        struct problem p;
        double weights[MOST_RELATIONS];
        draw(&p);
        glp_prob *peer = make_peer(&p);
        double best = furthest(peer);
        make(tableau, &p);
        tableau_aim(tableau, aim);
        assert_true(tableau_climb(tableau, 1000));
        assert_holds(&p, tableau->at);
        assert_float_equal(tableau->at[0], best, 1e-6);
        tableau_weigh(tableau, weights);
        if (tableau->is_basic[0]) /* else it is at its own bound, and nothing else holds it */
            assert_float_equal(bound_of(&p, weights), best, 1e-6);
        double where = floor(best + 1e-6);
        tableau->forgets = true;
        tableau->least[0] = tableau->most[0] = p.least[0] = p.most[0] = where;
        if (!tableau->is_basic[0])
            tableau_put(tableau, 0, where);
        bool found = whole_find(tableau, 100000);
        assert_int_equal(found, is_possible(peer, where));
        if (found) {
            assert_holds(&p, tableau->at);
            for (size_t v = 0; v < p.variables; v++)
                assert_float_equal(tableau->at[v], nearbyint(tableau->at[v]), 1e-5);
        }
        fractions += where < best - 1e-6;
        whole += found;
        none += !found;
        glp_delete_prob(peer);
    }
    print_message("%d programs: %zu go as far as a fraction; whole points in %zu, none in %zu\n",
                  PROBLEMS, fractions, whole, none);
    assert_true(fractions > 20 && whole > 1000 && none > 5);
    tableau_release(tableau);
    free(tableau);
    glp_free_env();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_far_as_glpk)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
