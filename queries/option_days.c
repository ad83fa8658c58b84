/* Stretches of days: see option_days.h. */
#include "queries/option_days.h"

#include "base/civil.h"
#include "base/memory.h"

#include <stdlib.h>

struct days_figure {
    const struct option_part *filters;
    enum option_measure measure;
    struct span_of_days stretch;
    uint32_t number;
};

void option_days_release(struct option_days *days)
{
    free(days->items);
    *days = (struct option_days){.items = NULL};
}

struct span_of_days option_days_first(const struct option_days *days, struct span_of_days span)
{
    for (size_t i = 0; i < days->parts->count; i++) {
        const struct option_part *part = &days->parts->items[i];
        if (part->kind != PART_PERIOD)
            continue;
        if (part->option.from > span.first && part->option.from <= span.last)
            span.last = part->option.from - 1;
        if (part->option.to >= span.first && part->option.to < span.last)
            span.last = part->option.to;
    }
    return span;
}

/* ---- figures ---- */

struct summing {
    const struct catalogue_part *part;
    enum option_measure measure;
    uint64_t sum;
};

static bool sum_row(uint32_t row, void *context)
{
    struct summing *s = context;
    s->sum += s->measure == MEASURE_EXCHANGES ? s->part->exchanges[row] : s->part->words[row];
    return true;
}

enum status option_set_hide(struct told_sets *sets, struct tally *tally, const struct unit_set *set,
                            enum option_measure measure, uint32_t *number, struct error *err)
{
    struct tally_cell cell = {.value = 0};
    struct summing summing = {.measure = measure};
    cell.users = told_sets_difference(sets, set, NULL, &cell.value);
    if (measure == MEASURE_CONVERSATIONS)
        return tally_hide(tally, cell, number, err);
    for (size_t p = 0; p < set->parts; p++) {
        summing.part = &sets->source->catalogue->parts[p];
        bitmap_each(set->rows[p], sum_row, &summing);
    }
    cell.value = summing.sum;
    return tally_hide(tally, cell, number, err);
}

struct filling {
    const struct catalogue_part *part;
    struct bitmap *to;
    struct span_of_days in;
};

static bool fill(uint32_t row, void *context)
{
    const struct filling *f = context;
    int64_t time = f->part->time[row], day = time == CIVIL_NONE ? 0 : civil_day_of(time);
    if (time != CIVIL_NONE && day >= f->in.first && day <= f->in.last)
        bitmap_add(f->to, row);
    return true;
}

static enum status hide_stretch(struct told_sets *sets, struct tally *tally, struct days_figure *of,
                                struct error *err)
{
    struct unit_set days;
    enum status status = unit_set_init(&days, sets->source->catalogue, err);
    for (size_t p = 0; status == STATUS_OK && p < days.parts; p++) {
        struct filling f = {&sets->source->catalogue->parts[p], days.rows[p], of->stretch};
        bitmap_each(of->filters ? of->filters->set.rows[p] : sets->units.rows[p], fill, &f);
    }
    if (status == STATUS_OK)
        status = option_set_hide(sets, tally, &days, of->measure, &of->number, err);
    unit_set_release(&days);
    return status;
}

enum status option_days_hide(struct option_days *days, struct told_sets *sets, struct tally *tally,
                             const struct option_part *filters, enum option_measure measure,
                             struct span_of_days stretch, uint32_t *number, struct error *err)
{
    size_t i = 0;
    while (i < days->count &&
           (days->items[i].filters != filters || days->items[i].measure != measure ||
            days->items[i].stretch.first != stretch.first ||
            days->items[i].stretch.last != stretch.last))
        i++;
    if (i == days->count) {
        struct days_figure *grown =
            mem_grow(days->items, &days->capacity, days->count + 1, sizeof *grown);
        if (!grown)
            return error_nomem(err);
        days->items = grown;
        grown[i] = (struct days_figure){filters, measure, stretch, 0};
        TRY(hide_stretch(sets, tally, &grown[i], err));
        days->count++;
    }
    *number = days->items[i].number;
    return STATUS_OK;
}
