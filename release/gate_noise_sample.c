/*
 * Labelled samples with noise: of each stratum what was drawn, what of it is relevant and
 * unreadable, how large the stratum is where there are several, and what came of labels that were
 * checked; and the same of what a search found and of what it left behind.
 */
#include "release/noise_buying.h"

#include <string.h>

static const char *const names[NOISE_SAMPLE_COLUMNS] = {
    [NOISE_DRAWN] = "drawn",           [NOISE_RELEVANT] = "relevant",
    [NOISE_UNREADABLE] = "unreadable", [NOISE_POPULATION] = "population",
    [NOISE_CLEARED] = "cleared",       [NOISE_CHECKED] = "checked",
    [NOISE_OVERTURNED] = "overturned", [NOISE_UNCLEAR] = "unclear"};
enum { PARTS = 2 };

/* Where all of the cleared are checked, they count as what they were decided to be. */
uint64_t noise_sample_value(const struct tally_stratum *part, bool check_all, size_t column)
{
    uint64_t unchecked = part->cleared - part->checked;
    const uint64_t values[NOISE_SAMPLE_COLUMNS] = {
        [NOISE_DRAWN] = part->drawn,
        [NOISE_RELEVANT] = part->relevant + (check_all ? part->overturned : 0),
        [NOISE_UNREADABLE] = part->unreadable + (check_all ? part->unclear + unchecked : 0),
        [NOISE_POPULATION] = part->population,
        [NOISE_CLEARED] = part->cleared,
        [NOISE_CHECKED] = part->checked,
        [NOISE_OVERTURNED] = part->overturned,
        [NOISE_UNCLEAR] = part->unclear};
    return values[column];
}

/* ---- what is bought ---- */

static bool needs(const struct tally_sample *from, size_t column)
{
    bool search = from->search != TALLY_NO_SEARCH;
    if (column == NOISE_POPULATION)
        return search || from->stratum_count > 1;
    return column < NOISE_POPULATION || (from->checked && !from->check_all);
}

/* The item of FROM, with just the columns that such a sample needs; *CELLS get them. */
static enum status find_item(const struct noise_policy *policy, const struct tally_sample *from,
                             const struct noise_item **out, struct noise_cells *cells,
                             struct error *err)
{
    bool search = from->search != TALLY_NO_SEARCH, there[NOISE_SAMPLE_COLUMNS] = {false};
    const struct noise_item *item = NULL;
    for (size_t i = 0; i < policy->item_count; i++)
        if (policy->items[i].sample && policy->items[i].query == from->query &&
            policy->items[i].second == search)
            item = &policy->items[i];
    if (!item)
        return error_set(err, STATUS_INTERNAL, NULL, "no noise is known for such a sample");
    for (size_t m = 0; m < item->measure_count; m++)
        for (size_t c = 0; c < NOISE_SAMPLE_COLUMNS; c++)
            if (strcmp(item->measures[m].column, names[c]) == 0) {
                cells->columns[m] = c;
                there[c] = true;
            }
    for (size_t c = 0; c < NOISE_SAMPLE_COLUMNS; c++)
        if (there[c] != needs(from, c))
            return error_set(err, STATUS_INTERNAL, item->id, "other measures than a sample has");
    *out = item;
    return STATUS_OK;
}

/* Rows of a search: what was found of each stratum, then what was left of each. */
static enum status list_parts(struct release *release, const struct tally_sample *from,
                              const struct noise_item *item, struct noise_cells *cells,
                              struct error *err)
{
    bool search = from->search != TALLY_NO_SEARCH;
    size_t count = from->stratum_count ? from->stratum_count : 1;
    const struct tally_stratum **parts = arena_zalloc(&release->arena, count, sizeof *parts);
    if (!parts)
        return error_nomem(err);
    if (count != item->rows || (search && (from->parts != PARTS || count % PARTS)))
        return error_set(err, STATUS_INTERNAL, item->id, "%zu strata or parts instead of %zu",
                         count, (size_t)item->rows);
    for (size_t i = 0; i < count; i++) {
        const struct tally_stratum *part = from->stratum_count ? &from->strata[i] : &from->whole;
        size_t at = search ? (part->found ? 0 : count / PARTS) + i / PARTS : i;
        parts[at] = part;
    }
    for (size_t i = 0; i < count; i++)
        if (!parts[i])
            return error_set(err, STATUS_INTERNAL, item->id, "no two parts of a search");
    cells->parts = parts;
    cells->rows = count;
    cells->check_all = from->checked && from->check_all;
    return STATUS_OK;
}

/* ---- what is told ---- */

/* What was bought, row by row. */
struct bought {
    const struct noise_item *item;
    const struct noise_law *laws;
    const struct noise_cells *cells;
    const int64_t *values;
};

static void put_number(const struct bought *b, size_t row, size_t measure,
                       struct figure_noisy_stratum *figures, struct noisy_stratum *told)
{
    const struct {
        struct figure *figure;
        int64_t *number;
    } places[NOISE_SAMPLE_COLUMNS] = {
        [NOISE_DRAWN] = {&figures->drawn, &told->tally.drawn},
        [NOISE_RELEVANT] = {&figures->relevant, &told->tally.relevant},
        [NOISE_UNREADABLE] = {&figures->unreadable, &told->tally.unreadable},
        [NOISE_POPULATION] = {&figures->population, &told->tally.population},
        [NOISE_CLEARED] = {&figures->cleared, &told->check.cleared},
        [NOISE_CHECKED] = {&figures->checked, &told->check.checked},
        [NOISE_OVERTURNED] = {&figures->overturned, &told->check.overturned},
        [NOISE_UNCLEAR] = {&figures->unclear, &told->check.unclear}};
    int64_t value = b->values[measure * b->cells->rows + row];
    size_t column = b->cells->columns[measure];
    *places[column].figure = noise_figure(value, &b->item->measures[measure], &b->laws[measure]);
    *places[column].number = value;
    if (column == NOISE_POPULATION)
        told->tally.population_law = b->laws[measure];
    if (column == NOISE_DRAWN)
        told->tally.law = b->laws[measure];
}

static size_t population_of(const struct tally_sample *from)
{
    return strcmp(from->unit, "user") == 0 ? TALLY_USERS_COLUMN : TALLY_CONVERSATIONS;
}

/* COUNT rows from FIRST on. All measures have one law but for nothing: one sensitivity, one share.
 * A drawn user has as many units at most as one adds to a column. */
static enum status make_design(struct release *release, const struct tally_sample *from,
                               const struct bought *b, size_t first, size_t count,
                               const struct figure_noisy_stratum **strata,
                               struct noisy_design *design, struct error *err)
{
    struct arena *arena = &release->arena;
    const struct noisy_number *population = &release->noisy_population[population_of(from)];
    struct figure_noisy_stratum *figures = arena_zalloc(arena, count, sizeof *figures);
    struct noisy_stratum *told = arena_zalloc(arena, count, sizeof *told);
    struct noise_tails *tails = arena_zalloc(arena, 1, sizeof *tails);
    if (!figures || !told || !tails)
        return error_nomem(err);
    for (size_t m = 1; m < b->item->measure_count; m++)
        if (b->laws[m].kind != b->laws[0].kind || b->laws[m].scale != b->laws[0].scale)
            return error_set(err, STATUS_INTERNAL, b->item->id, "its columns have several noises");
    TRY(noise_tails_init(tails, b->laws[0], arena, err));
    for (size_t h = 0; h < count; h++) {
        const char *name = b->cells->parts[first + h]->name;
        figures[h].name = arena_printf(arena, "%s", name ? name : "all");
        figures[h].share = told[h].share = from->shares ? from->shares[h] : 0;
        told[h].tally.population = population->told;
        told[h].tally.population_law = population->law;
        figures[h].population = release->population[population_of(from)];
        if (!figures[h].name)
            return error_nomem(err);
        for (size_t m = 0; m < b->item->measure_count; m++)
            put_number(b, first + h, m, &figures[h], &told[h]);
    }
    *strata = figures;
    *design = (struct noisy_design){
        .strata = told,
        .count = count,
        .check_share = from->checked ? from->check_share : 0,
        .whole_told = from->search == TALLY_NO_SEARCH,
        .population = population->told,
        .population_law = population->law,
        .tails = tails,
        .cluster_cap = from->drawn_units ? b->item->measures[0].sensitivity.l1 : 0};
    return STATUS_OK;
}

static enum status copy_text(struct release *release, const char *text, const char **out,
                             struct error *err)
{
    *out = text ? arena_printf(&release->arena, "%s", text) : NULL;
    return *out || !text ? STATUS_OK : error_nomem(err);
}

static enum status release_whole(struct release *release, const struct tally_sample *from,
                                 const struct bought *b, struct error *err)
{
    struct figure_noisy_sample *to = &release->noisy_samples[release->noisy_sample_count];
    *to = (struct figure_noisy_sample){.query = from->query, .check_all = b->cells->check_all};
    TRY(make_design(release, from, b, 0, b->cells->rows, &to->strata, &to->design, err));
    TRY(copy_text(release, from->drawn_units, &to->drawn_units, err));
    TRY(copy_text(release, from->by, &to->by, err));
    TRY(copy_text(release, from->cut_off, &to->cut_off, err));
    TRY(copy_text(release, from->seed_source, &to->seed_source, err));
    TRY(copy_text(release, from->seed_time, &to->seed_time, err));
    release->noisy_sample_count++;
    return STATUS_OK;
}

static enum status release_search(struct release *release, const struct tally_sample *from,
                                  const struct bought *b, struct error *err)
{
    struct figure_noisy_search *to = &release->noisy_searches[release->noisy_search_count];
    size_t count = b->cells->rows / PARTS;
    to->query = from->query;
    for (size_t part = 0; part < PARTS; part++)
        TRY(make_design(release, from, b, part * count, count, &to->parts[part].strata,
                        &to->parts[part].design, err));
    release->noisy_search_count++;
    return STATUS_OK;
}

static enum status release_one(struct release *release, const struct tally_sample *from,
                               const struct gate_noise *noise, struct error *err)
{
    struct ledger_figures figures;
    struct noise_cells cells = {.rows = 0};
    struct bought bought = {.cells = &cells};
    TRY(find_item(noise->policy, from, &bought.item, &cells, err));
    TRY(list_parts(release, from, bought.item, &cells, err));
    TRY(noise_copy_laws(release, bought.item, &bought.laws, err));
    enum status status = noise_buy(noise, bought.item, &cells, &figures, err);
    bought.values = figures.values;
    if (status == STATUS_OK)
        status = (from->search != TALLY_NO_SEARCH ? release_search : release_whole)(release, from,
                                                                                    &bought, err);
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
