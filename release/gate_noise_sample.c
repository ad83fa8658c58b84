/*
 * Labelled samples with noise: what was drawn, what of it is relevant and unreadable; and the same
 * of what a search found and of what it left behind, with the sizes of the two parts.
 */
#include "release/noise_buying.h"

#include <string.h>

/* The measures of a sample's item, in this order; that of a search has all of them. */
static const char *const measures[] = {"drawn", "relevant", "unreadable", "population"};
enum { MEASURES = 3, SEARCH_MEASURES = 4, PARTS = 2 };

static enum status find_item(const struct noise_policy *policy, const struct tally_sample *from,
                             const struct noise_item **out, struct error *err)
{
    bool search = from->search != TALLY_NO_SEARCH;
    size_t count = search ? SEARCH_MEASURES : MEASURES;
    *out = NULL;
    for (size_t i = 0; i < policy->item_count; i++)
        if (policy->items[i].sample && policy->items[i].query == from->query &&
            policy->items[i].second == search)
            *out = &policy->items[i];
    bool parted = from->stratum_count != (search ? PARTS : 0);
    if (parted || from->drawn_units)
        return error_set(err, STATUS_REFUSED, *out ? (*out)->id : NULL,
                         "its sample has strata or clusters, on which this version puts no noise");
    if (!*out || from->checked || (*out)->measure_count != count)
        return error_set(err, STATUS_INTERNAL, NULL, "no noise is known for such a sample");
    for (size_t m = 0; m < count; m++)
        if (strcmp((*out)->measures[m].column, measures[m]) != 0)
            return error_set(err, STATUS_INTERNAL, (*out)->id, "other measures than a sample has");
    return STATUS_OK;
}

static enum status release_whole(struct release *release, const struct tally_sample *from,
                                 const struct noise_item *item, const struct noise_law *laws,
                                 const int64_t *values, struct error *err)
{
    const struct noise_measure *m = item->measures;
    struct figure_noisy_sample *to = &release->noisy_samples[release->noisy_sample_count];
    *to = (struct figure_noisy_sample){
        .query = from->query,
        .tally = {release->noisy_population, values[0], values[1], values[2],
                  release->population_law, laws[0]},
        .drawn = noise_figure(values[0], &m[0], &laws[0]),
        .relevant = noise_figure(values[1], &m[1], &laws[1]),
        .unreadable = noise_figure(values[2], &m[2], &laws[2]),
        .cut_off = arena_printf(&release->arena, "%s", from->cut_off),
        .seed_source = arena_printf(&release->arena, "%s", from->seed_source),
        .seed_time = from->seed_time ? arena_printf(&release->arena, "%s", from->seed_time) : NULL};
    if (!to->cut_off || !to->seed_source || (from->seed_time && !to->seed_time))
        return error_nomem(err);
    release->noisy_sample_count++;
    return STATUS_OK;
}

/* Row 0 is what was found, row 1 what was left. */
static void release_search(struct release *release, const struct tally_sample *from,
                           const struct noise_item *item, const struct noise_law *laws,
                           const int64_t *values)
{
    const struct noise_measure *m = item->measures;
    struct figure_noisy_search *to = &release->noisy_searches[release->noisy_search_count++];
    to->query = from->query;
    for (size_t part = 0; part < PARTS; part++) {
        const int64_t *at = values + part;
        to->parts[part] = (struct figure_noisy_part){
            .tally = {at[3 * PARTS], at[0], at[PARTS], at[2 * PARTS], laws[3], laws[0]},
            .population = noise_figure(at[3 * PARTS], &m[3], &laws[3]),
            .drawn = noise_figure(at[0], &m[0], &laws[0]),
            .relevant = noise_figure(at[PARTS], &m[1], &laws[1])};
    }
}

static enum status release_one(struct release *release, const struct tally_sample *from,
                               const struct gate_noise *noise, struct error *err)
{
    const struct noise_item *item;
    const struct noise_law *laws;
    struct ledger_figures figures;
    TRY(find_item(noise->policy, from, &item, err));
    bool search = from->search != TALLY_NO_SEARCH;
    const struct tally_stratum *parts[PARTS] = {&from->whole, NULL};
    for (size_t i = 0; search && i < PARTS; i++)
        parts[from->strata[i].found ? 0 : 1] = &from->strata[i];
    if (search && (!parts[1] || parts[0] == &from->whole))
        return error_set(err, STATUS_INTERNAL, item->id, "no two parts of a search");
    struct noise_cells cells = {.parts = parts, .rows = search ? PARTS : 1};
    TRY(noise_copy_laws(release, item, &laws, err));
    enum status status = noise_buy(noise, item, &cells, &figures, err);
    if (status == STATUS_OK && search)
        release_search(release, from, item, laws, figures.values);
    else if (status == STATUS_OK)
        status = release_whole(release, from, item, laws, figures.values, err);
    ledger_figures_release(&figures);
    return status;
}

enum status noise_release_samples(struct release *release, const struct tally *tally,
                                  const struct gate_noise *noise, struct error *err)
{
    size_t count = tally->sample_count;
    release->noisy_samples = arena_zalloc(&release->arena, count, sizeof *release->noisy_samples);
    release->noisy_searches = arena_zalloc(&release->arena, count, sizeof *release->noisy_searches);
    if (!release->noisy_samples || !release->noisy_searches)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++)
        TRY(release_one(release, &tally->samples[i], noise, err));
    return STATUS_OK;
}
