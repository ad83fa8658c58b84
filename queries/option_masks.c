/* Which parts of options conversations have together: see option_masks.h. */
#include "queries/option_masks.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Masks that are possible are among them, too, where there are no more of them. */
enum { POSSIBLE_MOST = 256 };

struct finding {
    struct option_masks *masks;
    const struct option_parts *parts;
    const struct tally_source *source;
};

void option_masks_init(struct option_masks *masks)
{
    *masks = (struct option_masks){.few = NULL};
    term_combinations_init(&masks->found);
}

void option_masks_release(struct option_masks *masks)
{
    term_combinations_release(&masks->found);
    for (enum option_measure m = 0; m < OPTION_MEASURES; m++)
        free(masks->sums[m]);
    free(masks->few);
}

uint64_t option_mask_at(const struct option_masks *masks, size_t i)
{
    uint64_t mask;
    memcpy(&mask, masks->found.lists.items[i].text, sizeof mask);
    return mask;
}

/* The bits of the parts that are filters. */
static uint64_t filter_bits(const struct option_parts *parts)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < parts->count && i < OPTION_PARTS_MAX; i++)
        bits |= (uint64_t)(parts->items[i].kind == PART_FILTERS) << i;
    return bits;
}

struct marking {
    uint64_t *mask; /* [row of a catalogue part] */
    uint64_t bit;
};

static bool mark(uint32_t row, void *context)
{
    const struct marking *marking = context;
    marking->mask[row] |= marking->bit;
    return true;
}

/* MASK, which is possible, with the filters of any that occurs, each once. */
static enum status have_filtered(struct finding *f, uint64_t mask, size_t occur, struct error *err)
{
    uint64_t bits = filter_bits(f->parts);
    for (size_t i = 0; i < occur && !f->masks->found.too_many; i++) {
        uint64_t of;
        memcpy(&of, f->masks->found.lists.items[i].text, sizeof of);
        of = (of & bits) | mask;
        TRY(term_combinations_have(&f->masks->found, (const uint8_t *)&of, sizeof of, err));
    }
    return STATUS_OK;
}

static enum status count_masks(struct finding *f, const uint64_t *mask_of, struct error *err)
{
    const struct tally_source *source = f->source;
    const struct population *population = source->population;
    for (uint32_t user = 0; user <= source->catalogue->users; user++)
        for (uint64_t i = population->user_start[user]; i < population->user_start[user + 1ull];
             i++) {
            uint64_t mask = mask_of[population->by_user[i]];
            TRY(term_combinations_add(&f->masks->found, (const uint8_t *)&mask, sizeof mask, user,
                                      err));
        }
    return STATUS_OK;
}

/* Exchanges and words of each mask. */
static enum status sum_masks(struct finding *f, const uint64_t *mask_of, struct error *err)
{
    const struct tally_source *source = f->source;
    const struct population *population = source->population;
    for (enum option_measure m = MEASURE_EXCHANGES; m < OPTION_MEASURES; m++) {
        f->masks->sums[m] = mem_zalloc(f->masks->found.lists.count + 1, sizeof **f->masks->sums);
        if (!f->masks->sums[m])
            return error_nomem(err);
    }
    for (uint64_t i = 0; i < population->user_start[source->catalogue->users + 1ull]; i++) {
        uint32_t row;
        const struct catalogue_part *part =
            population_part(source->catalogue, population->by_user[i], &row);
        const uint64_t *mask = &mask_of[population->by_user[i]];
        uint32_t at = intern_find(&f->masks->found.lists, (const char *)mask, sizeof *mask);
        f->masks->sums[MEASURE_EXCHANGES][at] += part->exchanges[row];
        f->masks->sums[MEASURE_WORDS][at] += part->words[row];
    }
    return STATUS_OK;
}

/* Lists the users of masks of few. */
static enum status list_few(struct finding *f, const uint64_t *mask_of, struct error *err)
{
    const struct population *population = f->source->population;
    size_t count = f->masks->found.lists.count, most = f->source->plan->release.min_users - 1;
    uint32_t *filled = mem_zalloc(count + 1, sizeof *filled);
    f->masks->few = mem_zalloc(count * most + 1, sizeof *f->masks->few);
    for (uint32_t user = 0; filled && f->masks->few && user <= f->source->catalogue->users; user++)
        for (uint64_t i = population->user_start[user]; i < population->user_start[user + 1ull];
             i++) {
            const uint64_t *mask = &mask_of[population->by_user[i]];
            uint32_t at = intern_find(&f->masks->found.lists, (const char *)mask, sizeof *mask);
            if (at == INTERN_NONE || f->masks->found.items[at].users > most)
                continue;
            uint32_t *list = f->masks->few + at * most;
            if (!filled[at] || list[filled[at] - 1] != user)
                list[filled[at]++] = user;
        }
    enum status status = filled && f->masks->few ? STATUS_OK : error_nomem(err);
    free(filled);
    return status;
}

enum status option_masks_find(struct option_masks *masks, const struct option_parts *parts,
                              const struct tally_source *source, struct error *err)
{
    struct finding finding = {masks, parts, source}, *f = &finding;
    const struct catalogue *catalogue = source->catalogue;
    uint64_t *mask_of = mem_zalloc(catalogue->rows, sizeof *mask_of), *possible = NULL;
    size_t count = 0;
    bool bits = filter_bits(f->parts) != 0;
    enum status status = mask_of ? STATUS_OK : error_nomem(err);
    for (size_t i = 0; status == STATUS_OK && i < f->parts->count; i++)
        for (size_t p = 0; p < catalogue->count; p++) {
            struct marking marking = {mask_of + catalogue->parts[p].first_row, (uint64_t)1 << i};
            bitmap_each(f->parts->items[i].set.rows[p], mark, &marking);
        }
    if (status == STATUS_OK)
        status = count_masks(f, mask_of, err);
    if (status == STATUS_OK)
        status = option_parts_masks(f->parts, POSSIBLE_MOST, &possible, &count, err);
    size_t occur = f->masks->found.lists.count;
    for (size_t i = 0; status == STATUS_OK && i < count && !f->masks->found.too_many; i++)
        status = bits ? have_filtered(f, possible[i], occur, err)
                      : term_combinations_have(&f->masks->found, (const uint8_t *)&possible[i],
                                               sizeof *possible, err);
    if (status == STATUS_OK && !f->masks->found.too_many)
        status = sum_masks(f, mask_of, err);
    if (status == STATUS_OK && !f->masks->found.too_many && bits)
        status = list_few(f, mask_of, err);
    free(mask_of);
    free(possible);
    return status;
}
