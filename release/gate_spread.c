/*
 * How samples are spread over months or strata.
 *
 * The population's number of a month is the figure that its table by months has, withheld or not.
 * How many of them were drawn is decided by tickets alone, so that beside the population's number,
 * which is told, it says nothing of anybody. Beside a withheld one it would: at least so many are
 * there. So it is withheld just there; the drawn ones of all withheld months together follow from
 * the size of the sample, as their conversations do from N.
 *
 * Of strata the rule of the gate for samples holds: if one is of too few users, none is told.
 */
#include "release/figure_make.h"

#include <string.h>

static const char *copy_text(struct release *release, const char *text, bool *failed)
{
    const char *copy = text ? arena_strndup(&release->arena, text, strlen(text)) : NULL;
    *failed = *failed || (text && !copy);
    return copy;
}

static bool strata_small(const struct tally_spread *from, uint32_t min_users)
{
    for (size_t i = 0; from->by_design && i < from->count; i++) {
        uint64_t users = from->rows[i].users;
        if (from->rows[i].population && (users ? users : 1) < min_users)
            return true;
    }
    return false;
}

static struct figure told(uint64_t value, bool withheld)
{
    return withheld ? (struct figure){.state = FIGURE_WITHHELD}
                    : (struct figure){.value = value, .state = FIGURE_EXACT};
}

static enum status release_one(struct release *release, const struct tally_spread *from,
                               struct figure_spread *to, struct error *err)
{
    bool failed = false, hidden = strata_small(from, release->min_users);
    struct figure_spread_row *rows = arena_zalloc(&release->arena, from->count, sizeof *rows);
    uint64_t *sizes = arena_zalloc(&release->arena, from->size_count, sizeof *sizes);
    if (!rows || !sizes)
        return error_nomem(err);
    for (size_t i = 0; i < from->count; i++) {
        rows[i].name = copy_text(release, from->rows[i].name, &failed);
        rows[i].population = from->by_design
                                 ? told(from->rows[i].population, hidden)
                                 : figure_at(&release->tables[from->table], i, from->column);
        bool withheld = rows[i].population.state == FIGURE_WITHHELD;
        rows[i].drawn = told(from->rows[i].drawn, withheld);
        release->withheld += withheld ? 2 : 0;
    }
    for (size_t h = 0; h < from->size_count; h++)
        sizes[h] = from->sizes[h];
    *to = (struct figure_spread){.query = from->query,
                                 .unit = copy_text(release, from->unit, &failed),
                                 .units = copy_text(release, from->units, &failed),
                                 .by_design = from->by_design,
                                 .rows = rows,
                                 .count = from->count,
                                 .population = told(from->population, false),
                                 .drawn = told(from->drawn, false),
                                 .frame = told(from->frame, false),
                                 .frame_drawn = told(from->frame_drawn, false),
                                 .draw = told(from->draw, false),
                                 .by = copy_text(release, from->by, &failed),
                                 .sizes = hidden ? NULL : sizes,
                                 .size_count = from->size_count,
                                 .seed_source = copy_text(release, from->seed_source, &failed),
                                 .seed_time = copy_text(release, from->seed_time, &failed),
                                 .frame_digest = copy_text(release, from->frame_digest, &failed),
                                 .sample_digest = copy_text(release, from->sample_digest, &failed)};
    return failed ? error_nomem(err) : STATUS_OK;
}

enum status release_spreads(struct release *release, const struct tally *tally, struct error *err)
{
    release->spreads = arena_zalloc(&release->arena, tally->spread_count, sizeof *release->spreads);
    if (!release->spreads)
        return error_nomem(err);
    for (size_t i = 0; i < tally->spread_count; i++)
        TRY(release_one(release, &tally->spreads[i], &release->spreads[release->spread_count++],
                        err));
    return STATUS_OK;
}
