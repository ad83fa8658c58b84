/* Elements of drawn clusters: see labelled_sample.h. */
#include "base/memory.h"
#include "queries/labelled_parts.h"

#include <string.h>

static enum status add_element(struct labelled_sample *l, size_t *capacity, size_t part,
                               uint32_t row, struct error *err)
{
    char scratch[UNIT_ID_MAX];
    uint32_t number;
    struct span id = unit_id(&l->element_units, part, row, scratch);
    TRY(intern_add(&l->elements, id.data, id.len, &number, err));
    if (number + 1 != l->elements.count)
        return error_set(err, STATUS_INPUT, NULL, "two elements of drawn units have the same id");
    struct unit_place *grown =
        mem_grow(l->element_places, capacity, l->elements.count, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    l->element_places = grown;
    grown[number] = (struct unit_place){(uint32_t)part, row};
    return STATUS_OK;
}

static enum status add_conversation(struct labelled_sample *l, size_t *capacity, size_t part,
                                    uint32_t row, struct error *err)
{
    const struct catalogue_part *of = &l->source->catalogue->parts[part];
    if (l->element_units.kind == UNIT_CONVERSATION)
        return add_element(l, capacity, part, row, err);
    for (uint32_t e = of->first_exchange[row]; e < of->first_exchange[row + 1ull]; e++)
        TRY(add_element(l, capacity, part, e, err));
    return STATUS_OK;
}

static enum status add_cluster(struct labelled_sample *l, size_t *capacity, struct unit_place place,
                               struct error *err)
{
    const struct catalogue *catalogue = l->source->catalogue;
    const struct population *population = l->laid.units.population;
    uint32_t user = catalogue_user(&catalogue->parts[place.part], place.row);
    if (l->laid.units.kind != UNIT_USER || user == PART_NO_CODE)
        return add_conversation(l, capacity, place.part, place.row, err);
    for (uint64_t i = population->user_start[user]; i < population->user_start[user + 1ull]; i++) {
        uint32_t row;
        const struct catalogue_part *part =
            population_part(catalogue, population->by_user[i], &row);
        TRY(add_conversation(l, capacity, (size_t)(part - catalogue->parts), row, err));
    }
    return STATUS_OK;
}

enum status labelled_list_elements(struct labelled_sample *l, struct error *err)
{
    size_t capacity = 0, count = l->sample.ids.count;
    enum unit_kind kind =
        strcmp(l->query->unit, "exchange") == 0 ? UNIT_EXCHANGE : UNIT_CONVERSATION;
    TRY(units_init(&l->element_units, l->laid.units.population, kind, l->sample.basis.naming, err));
    l->starts = mem_zalloc(count + 1, sizeof *l->starts);
    if (!l->starts)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        TRY(add_cluster(l, &capacity, l->places[i], err));
        l->starts[i + 1] = (uint32_t)l->elements.count;
    }
    return STATUS_OK;
}
