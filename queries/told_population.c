/* What a tally of another population is made from: see told_population.h. */
#include "queries/told_population.h"

void told_population_init(struct told_population *p, const struct tally_source *own)
{
    *p = (struct told_population){.own = own};
}

void told_population_release(struct told_population *p)
{
    if (p->has_other)
        population_release(&p->population);
    p->has_other = false;
}

struct told_wish told_wish_of(const struct tally_table *table)
{
    return (struct told_wish){table->from, table->to, table->filters, table->filter_count};
}

struct told_wish told_wish_of_plan(const struct plan *plan)
{
    return (struct told_wish){plan->population.from, plan->population.to, plan->population.filters,
                              plan->population.filter_count};
}

bool told_wish_same(const struct told_wish *a, const struct told_wish *b)
{
    return a->from == b->from && a->to == b->to &&
           plan_filters_same(a->filters, a->filter_count, b->filters, b->filter_count);
}

static bool is_of(const struct plan *plan, const struct told_wish *wish)
{
    const struct told_wish its = told_wish_of_plan(plan);
    return told_wish_same(&its, wish);
}

bool told_wish_is_own(const struct told_population *p, const struct told_wish *wish)
{
    return is_of(p->own->plan, wish);
}

enum status told_population_source(struct told_population *p, const struct told_wish *wish,
                                   const struct tally_source **source, struct error *err)
{
    *source = p->own;
    if (told_wish_is_own(p, wish))
        return STATUS_OK;
    *source = &p->other;
    if (p->has_other && is_of(&p->plan, wish))
        return STATUS_OK;
    told_population_release(p);
    p->plan = *p->own->plan;
    p->plan.population.from = wish->from;
    p->plan.population.to = wish->to;
    p->plan.population.filters = (struct plan_filter *)(uintptr_t)wish->filters;
    p->plan.population.filter_count = wish->filter_count;
    p->has_other = true;
    TRY(population_init(&p->population, p->own->catalogue, &p->plan, err));
    p->other = *p->own;
    p->other.plan = &p->plan;
    p->other.population = &p->population;
    return STATUS_OK;
}
