/* What is bought with a privacy budget: see noise_item.h. */
#include "release/noise_item.h"

#include "release/accountant.h"

#include <string.h>

__extension__ typedef unsigned __int128 wide;

static enum status fill_measure(const struct noise_policy *policy, struct noise_measure *measure,
                                uint64_t share, struct error *err)
{
    const struct mechanism *m = policy->mechanism;
    measure->share = share;
    TRY(m->scale(measure->sensitivity.l1, measure->sensitivity.l2_squared, share, &measure->scale,
                 err));
    measure->law = mechanism_law(m, measure->scale);
    measure->half_width = noise_law_half_width(&measure->law, policy->confidence);
    measure->wide = noise_law_half_width(&measure->law, (1 + policy->confidence) / 2);
    return STATUS_OK;
}

enum status noise_policy_divide(struct noise_policy *policy, struct error *err)
{
    uint64_t weights = 0;
    for (size_t i = 0; i < policy->item_count; i++)
        weights += policy->items[i].measure_count ? policy->items[i].weight : 0;
    for (size_t i = 0; i < policy->item_count; i++) {
        struct noise_item *item = &policy->items[i];
        if (item->measure_count == 0)
            continue;
        wide own = (wide)policy->amount * item->weight / weights;
        uint64_t share = (uint64_t)(own / item->measure_count);
        if (share == 0)
            return error_set(err, STATUS_PLAN, item->id,
                             "too little of the noise budget is left for each of its columns");
        for (size_t m = 0; m < item->measure_count; m++) {
            enum status status = fill_measure(policy, &item->measures[m], share, err);
            if (status != STATUS_OK) {
                error_within(err, item->id);
                return status;
            }
            item->cost += policy->mechanism->cost(share);
        }
    }
    return STATUS_OK;
}

void noise_item_select(struct noise_item *item, uint64_t groups, uint64_t epsilon, double delta)
{
    /* A coin is thrown with a chance of 53 bits, rounded down. */
    static const double rounding = 0x1p-52;
    uint64_t own = epsilon / groups;
    item->selected = true;
    item->groups = groups;
    item->select_epsilon = (double)own / (double)RHO_ONE;
    item->select_delta = delta / (double)groups;
    item->cost += groups * rho_of_epsilon(own);
    item->delta_cost = delta_up(delta + (double)groups * rounding);
}

const struct noise_item *noise_item_find(const struct noise_policy *policy, const char *id)
{
    for (size_t i = 0; i < policy->item_count; i++)
        if (strcmp(policy->items[i].id, id) == 0 && policy->items[i].measure_count)
            return &policy->items[i];
    return NULL;
}

const struct noise_measure *noise_measure_find(const struct noise_item *item, const char *column)
{
    for (size_t i = 0; i < item->measure_count; i++)
        if (strcmp(item->measures[i].column, column) == 0)
            return &item->measures[i];
    return NULL;
}
