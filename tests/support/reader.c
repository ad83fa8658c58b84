/* Linear programs by GLPK: see reader.h. */
#include "tests/support/reader.h"

#include "base/memory.h"
#include "tests/support/support.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>

struct reader {
    glp_prob *program;
    size_t numbers;
    int *index;   /* [numbers + 1] as GLPK wants a row, from 1 */
    double *ones; /* [numbers + 1] */
    bool onward;  /* see reader_reckon_on */
};

struct reader *reader_new(size_t numbers)
{
    struct reader *reader = mem_zalloc(1, sizeof *reader);
    assert_non_null(reader);
    reader->numbers = numbers;
    reader->index = mem_zalloc(numbers + 1, sizeof *reader->index);
    reader->ones = mem_zalloc(numbers + 1, sizeof *reader->ones);
    assert_true(reader->index && reader->ones);
    glp_term_out(GLP_OFF);
    reader->program = glp_create_prob();
    glp_add_cols(reader->program, (int)numbers);
    for (size_t i = 0; i < numbers; i++) {
        reader->ones[i + 1] = 1;
        reader_know_none(reader, i, false);
    }
    return reader;
}

void reader_free(struct reader *reader)
{
    if (!reader)
        return;
    glp_delete_prob(reader->program);
    free(reader->index);
    free(reader->ones);
    free(reader);
}

static void know(struct reader *reader, const bool *in, int kind, double value)
{
    int count = 0, row = glp_add_rows(reader->program, 1);
    for (size_t i = 0; i < reader->numbers; i++)
        if (in[i])
            reader->index[++count] = (int)i + 1;
    glp_set_mat_row(reader->program, row, count, reader->index, reader->ones);
    glp_set_row_bnds(reader->program, row, kind, value, value);
}

void reader_know_value(struct reader *reader, const bool *in, double value)
{
    know(reader, in, GLP_FX, value);
}

void reader_know_least(struct reader *reader, const bool *in, double least)
{
    know(reader, in, GLP_LO, least);
}

void reader_know_relation(struct reader *reader, const double *factors, bool at_most)
{
    int row = glp_add_rows(reader->program, 1);
    glp_set_row_bnds(reader->program, row, at_most ? GLP_UP : GLP_FX, 0, 0);
    double *list = mem_zalloc(reader->numbers + 1, sizeof *list);
    assert_non_null(list);
    int count = 0;
    for (size_t i = 0; i < reader->numbers; i++)
        if (factors[i] != 0) {
            reader->index[++count] = (int)i + 1;
            list[count] = factors[i];
        }
    glp_set_mat_row(reader->program, row, count, reader->index, list);
    free(list);
}

void reader_know_none(struct reader *reader, size_t number, bool none)
{
    glp_set_col_bnds(reader->program, (int)number + 1, none ? GLP_FX : GLP_LO, 0, 0);
}

void reader_reckon_on(struct reader *reader)
{
    glp_std_basis(reader->program);
    reader->onward = true;
}

static double bound(struct reader *reader, int direction)
{
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    glp_set_obj_dir(reader->program, direction);
    if (!reader->onward)
        glp_std_basis(reader->program);
    assert_int_equal(glp_simplex(reader->program, &how), 0);
    if (glp_get_status(reader->program) == GLP_UNBND && direction == GLP_MAX)
        return INFINITY;
    assert_int_equal(glp_get_status(reader->program), GLP_OPT);
    return glp_get_obj_val(reader->program);
}

struct reader_range reader_range(struct reader *reader, const bool *in)
{
    for (size_t i = 0; i < reader->numbers; i++)
        glp_set_obj_coef(reader->program, (int)i + 1, in[i]);
    double most = bound(reader, GLP_MAX);
    return (struct reader_range){bound(reader, GLP_MIN), most};
}

bool reader_range_tells(struct reader_range range, uint32_t min_users)
{
    double most = (double)min_users - 1, room = (double)min_users - 2, rounding = 1e-6;
    return range.most < most - rounding || range.most - range.least < room - rounding;
}
