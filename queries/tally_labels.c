/* Labelled units as figures of tables: see tally_labels.h. */
#include "queries/tally_labels.h"

#include "base/memory.h"
#include "queries/tally_ties.h"

#include <stdlib.h>

enum { ROWS_MAX = 2000 };

static const struct tally_stratum *stratum_at(const struct tally_sample *sample, size_t number)
{
    return number < sample->stratum_count ? &sample->strata[number] : &sample->whole;
}

static uint64_t count_relevant(const struct tally_stratum *stratum)
{
    return stratum->relevant + stratum->overturned;
}

/* Whether the numbers of what labels say of it are cells. */
static bool is_cell(const struct tally_stratum *stratum)
{
    return stratum->drawn > stratum->population / 10 && count_relevant(stratum);
}

/* Whether stratum NUMBER is a cell; of a sample without strata, as number 0, all of it. */
static bool is_cell_at(const struct tally_sample *sample, size_t number)
{
    return is_cell(stratum_at(sample, number));
}

static bool has_cell(const struct tally_sample *sample)
{
    bool any = !sample->stratum_count && is_cell_at(sample, 0);
    for (size_t h = 0; h < sample->stratum_count; h++)
        any = any || is_cell_at(sample, h);
    return any;
}

static struct tally_cell *cell_of(const struct tally_table *table, size_t number, bool irrelevant)
{
    return tally_cell_at(table, tally_labels_row(number, irrelevant), 0);
}

static void put(struct tally_table *table, size_t number, const struct tally_stratum *stratum)
{
    *cell_of(table, number, false) =
        (struct tally_cell){stratum->drawn - stratum->irrelevant, stratum->relevant_users, 0};
    *cell_of(table, number, true) =
        (struct tally_cell){stratum->irrelevant, stratum->irrelevant_users, 0};
}

/* The last rows have the users of all strata: if those of cells are few, so are each cell's own. */
static void fill(struct tally_table *table, const struct tally_sample *sample)
{
    size_t count = sample->stratum_count;
    put(table, count, &sample->whole);
    for (size_t h = 0; h < count; h++) {
        put(table, h, &sample->strata[h]);
        for (int irrelevant = 0; !is_cell_at(sample, h) && irrelevant < 2; irrelevant++) {
            table->row_flags[tally_labels_row(h, irrelevant)] = TALLY_TOLD;
            cell_of(table, count, irrelevant)->value -= cell_of(table, h, irrelevant)->value;
        }
    }
}

/* ---- one user's part ---- */

static int compare_units(const void *a, const void *b)
{
    const struct tally_labelled_unit *left = a, *right = b;
    if (left->user != right->user)
        return left->user < right->user ? -1 : 1;
    return (left->stratum > right->stratum) - (left->stratum < right->stratum);
}

/* Raises the largest part of ROW to COUNT of one user. */
static void raise(struct tally_table *table, size_t row, uint64_t count)
{
    struct tally_cell *cell = tally_cell_at(table, row, 0);
    if (count > cell->largest)
        cell->largest = count;
}

/* Of units sorted by user and stratum; those of unknown users are no one's. */
static void find_largest(struct tally_table *table, const struct tally_sample *sample,
                         const struct tally_labelled_unit *units)
{
    uint64_t own[2] = {0, 0}, all[2] = {0, 0};
    for (size_t i = 0; i < sample->labelled_count; i++) {
        const struct tally_labelled_unit *unit = &units[i], *next = unit + 1;
        if (!unit->known)
            continue;
        bool last = i + 1 == sample->labelled_count || next->user != unit->user;
        own[unit->irrelevant]++;
        all[unit->irrelevant] += is_cell_at(sample, unit->stratum);
        for (size_t r = 0; r < 2; r++) {
            if (last || next->stratum != unit->stratum) {
                raise(table, tally_labels_row(unit->stratum, r), own[r]);
                own[r] = 0;
            }
            if (last) {
                raise(table, tally_labels_row(sample->stratum_count, r), all[r]);
                all[r] = 0;
            }
        }
    }
}

static enum status note_largest(struct tally_table *table, const struct tally_sample *sample,
                                struct error *err)
{
    struct tally_labelled_unit *units = mem_zalloc(sample->labelled_count + 1, sizeof *units);
    if (!units)
        return error_nomem(err);
    for (size_t i = 0; i < sample->labelled_count; i++)
        units[i] = sample->labelled[i];
    if (sample->labelled_count)
        qsort(units, sample->labelled_count, sizeof *units, compare_units);
    find_largest(table, sample, units);
    free(units);
    return STATUS_OK;
}

/* ---- what adds up ---- */

static enum status relate_strata(struct tally *tally, struct tally_table *table,
                                 const struct tally_sample *sample, bool irrelevant,
                                 struct error *err)
{
    size_t strata = sample->stratum_count, count = 0;
    if (strata == 0)
        return STATUS_OK;
    struct tally_term *terms = mem_zalloc(strata + 1, sizeof *terms);
    if (!terms)
        return error_nomem(err);
    for (size_t h = 0; h < strata; h++)
        if (is_cell_at(sample, h))
            terms[count++] = (struct tally_term){(uint32_t)tally_labels_row(h, irrelevant), 0, 1};
    terms[count++] = (struct tally_term){(uint32_t)tally_labels_row(strata, irrelevant), 0, -1};
    enum status status = tally_relate(tally, table, terms, count, false, err);
    free(terms);
    return status;
}

/* All of a sample: its cells together, and what is told of the other strata. */
static enum status add_all(struct places *places, const struct tally_sample *sample,
                           bool irrelevant, int sign, struct error *err)
{
    for (size_t h = 0; h <= sample->stratum_count; h++) {
        const struct tally_place place = {(uint32_t)sample->labels_table,
                                          (uint32_t)tally_labels_row(h, irrelevant), 0, sign};
        if (h == sample->stratum_count || !is_cell_at(sample, h))
            TRY(places_add(places, place, err));
    }
    return STATUS_OK;
}

/* What a search found and left of a sample is all of it. */
static enum status tie_search(struct tally *tally, const struct tally_sample *search,
                              const struct tally_sample *sample, struct error *err)
{
    struct places places = {.items = NULL};
    enum status status = STATUS_OK;
    for (int irrelevant = 0; irrelevant < 2; irrelevant++) {
        TRY_CLEANUP(add_all(&places, search, irrelevant, 1, err));
        TRY_CLEANUP(add_all(&places, sample, irrelevant, -1, err));
        TRY_CLEANUP(places_bind(&places, tally, false, err));
    }
cleanup:
    places_release(&places);
    return status;
}

static enum status tie_searches(struct tally *tally, struct error *err)
{
    for (size_t i = 0; i < tally->sample_count; i++)
        for (size_t k = 0; k < tally->sample_count; k++) {
            const struct tally_sample *search = &tally->samples[i], *sample = &tally->samples[k];
            if (search->labels && search->found_units && sample->labels &&
                sample->search == TALLY_NO_SEARCH && sample->query == search->labels_of)
                TRY(tie_search(tally, search, sample, err));
        }
    return STATUS_OK;
}

/* ---- all samples ---- */

static enum status add_table(struct tally *tally, size_t number, struct error *err)
{
    struct tally_sample *sample = &tally->samples[number];
    size_t rows = 2 * (sample->stratum_count + 1);
    struct tally_table *table;
    if (!sample->labelled || !has_cell(sample) || rows > ROWS_MAX)
        return STATUS_OK;
    const struct tally_column column = {sample->units, sample->units, sample->units, 0};
    const char *id = arena_printf(&tally->arena, "labels %zu", number + 1);
    if (!id)
        return error_nomem(err);
    TRY(tally_add_table(tally, id, SIZE_MAX, NULL, 0, &column, 1, rows, &table, err));
    table->untold = true;
    fill(table, sample);
    TRY(note_largest(table, sample, err));
    TRY(relate_strata(tally, table, sample, true, err));
    TRY(relate_strata(tally, table, sample, false, err));
    sample->labels = true;
    sample->labels_table = tally->table_count - 1;
    return STATUS_OK;
}

enum status tally_labels(struct tally *tally, struct error *err)
{
    for (size_t i = 0; i < tally->sample_count; i++)
        TRY(add_table(tally, i, err));
    return tie_searches(tally, err);
}
