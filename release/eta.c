/* The steps of an elimination: see eta.h. */
#include "release/eta.h"

#include "base/memory.h"

#include <stdlib.h>

void eta_release(struct eta_file *file)
{
    free(file->steps);
    free(file->factors);
    *file = (struct eta_file){.steps = NULL};
}

void eta_begin(struct eta_file *file)
{
    file->step_count = file->factor_count = 0;
    file->failed = false;
}

void eta_solve(struct eta_file *file, uint32_t row, double by)
{
    struct eta_step *grown =
        mem_grow(file->steps, &file->step_capacity, file->step_count + 1, sizeof *grown);
    if (!grown) {
        file->failed = true;
        return;
    }
    file->steps = grown;
    grown[file->step_count++] = (struct eta_step){{row, -1 / by}, file->factor_count, 0};
}

void eta_add(struct eta_file *file, uint32_t row, double factor)
{
    struct eta_factor *grown =
        mem_grow(file->factors, &file->factor_capacity, file->factor_count + 1, sizeof *grown);
    if (!grown)
        file->failed = true;
    else
        file->factors = grown;
    if (file->failed)
        return;
    struct eta_step *step = &file->steps[file->step_count - 1];
    grown[file->factor_count++] = (struct eta_factor){row, factor * step->own.value};
    step->count++;
}

void eta_take_back(const struct eta_file *file, double *weights)
{
    for (size_t i = file->step_count; i-- > 0;) {
        const struct eta_step *step = &file->steps[i];
        double sum = step->own.value * weights[step->own.row];
        for (size_t k = step->first; k < step->first + step->count; k++)
            sum += file->factors[k].value * weights[file->factors[k].row];
        weights[step->own.row] = sum;
    }
}
