/* What a tally of another period is made from: see told_period.h. */
#include "queries/told_period.h"

void told_period_init(struct told_period *p, const struct tally_source *own)
{
    *p = (struct told_period){.own = own};
}

void told_period_release(struct told_period *p)
{
    if (p->has_other)
        population_release(&p->population);
    p->has_other = false;
}

enum status told_period_source(struct told_period *p, int64_t from, int64_t to,
                               const struct tally_source **source, struct error *err)
{
    const struct plan *plan = p->own->plan;
    *source = p->own;
    if (from == plan->population.from && to == plan->population.to)
        return STATUS_OK;
    *source = &p->other;
    if (p->has_other && from == p->plan.population.from && to == p->plan.population.to)
        return STATUS_OK;
    told_period_release(p);
    p->plan = *plan;
    p->plan.population.from = from;
    p->plan.population.to = to;
    p->has_other = true;
    TRY(population_init(&p->population, p->own->catalogue, &p->plan, err));
    p->other = *p->own;
    p->other.plan = &p->plan;
    p->other.population = &p->population;
    return STATUS_OK;
}
