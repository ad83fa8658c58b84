/* Search term reports that have terms in common: see terms_shared.h. */
#include "queries/terms_shared.h"

#include "base/intern.h"
#include "base/memory.h"
#include "queries/combination_sums.h"
#include "queries/query_tables.h"
#include "queries/tally_links.h"
#include "queries/tally_ties.h"
#include "queries/terms_relations.h"
#include "queries/terms_slice.h"

#include <stdlib.h>
#include <string.h>

bool terms_report_find(struct terms_report *report, const struct plan *plan, size_t number,
                       const struct tally *tally)
{
    const struct plan_query *query = &plan->queries[number];
    *report = (struct terms_report){.query = query,
                                    .way = SLOTS_TERMS,
                                    .number = number,
                                    .own = query_tables_find(tally, number, query->id, ""),
                                    .pairs = query_tables_find(tally, number, query->id, ".pairs"),
                                    .by = query_tables_find(tally, number, query->id, ".by"),
                                    .from = plan->population.from,
                                    .to = plan->population.to,
                                    .filters = plan->population.filters,
                                    .filter_count = plan->population.filter_count};
    return query->kind == QUERY_TERMS && report->own != SIZE_MAX;
}

static bool same_filters(const struct terms_report *a, const struct terms_report *b)
{
    return plan_filters_same(a->filters, a->filter_count, b->filters, b->filter_count);
}

bool terms_report_same_population(const struct terms_report *a, const struct terms_report *b)
{
    return a->from == b->from && a->to == b->to && same_filters(a, b);
}

/* ---- terms in common ---- */

/* Of what does not depend on other terms a term has the same in every query. */
static const enum terms_column own_columns[] = {CONVERSATIONS, EXCHANGES,   TURNS,      USERS,
                                                OCCURRENCES,   PROMPT_ONLY, OUTPUT_ONLY};
enum { OWN_COLUMNS = sizeof own_columns / sizeof *own_columns };

struct sharing {
    const struct terms_report *sides[2];
    struct tally *tally;
    struct intern forms; /* of the terms in common; of more than 255 the others are left out */
    uint32_t *common[2]; /* [terms of a side] number of its form, or INTERN_NONE */
    uint32_t *first[2];  /* [forms.count] its first term on a side */
    struct places places;
};

enum { FORMS_MAX = 255 };

static enum status add_form(struct sharing *s, const struct plan_term *term, uint32_t *number,
                            struct error *err)
{
    *number = INTERN_NONE;
    if (!term->parsed || s->forms.count >= FORMS_MAX)
        return STATUS_OK;
    for (size_t i = 0; i < s->sides[1]->query->term_count; i++) {
        const struct plan_term *other = &s->sides[1]->query->terms[i];
        if (other->parsed && strcmp(other->parsed, term->parsed) == 0)
            return intern_add(&s->forms, term->parsed, strlen(term->parsed), number, err);
    }
    return STATUS_OK;
}

static enum status find_common(struct sharing *s, struct error *err)
{
    for (size_t side = 0; side < 2; side++) {
        s->common[side] = mem_zalloc(s->sides[side]->query->term_count, sizeof **s->common);
        s->first[side] = mem_zalloc(FORMS_MAX, sizeof **s->first);
        if (!s->common[side] || !s->first[side])
            return error_nomem(err);
    }
    const struct plan_query *a = s->sides[0]->query, *b = s->sides[1]->query;
    for (size_t i = 0; i < a->term_count; i++)
        TRY(add_form(s, &a->terms[i], &s->common[0][i], err));
    for (size_t i = 0; i < b->term_count; i++) {
        const char *form = b->terms[i].parsed;
        s->common[1][i] = form ? intern_find(&s->forms, form, strlen(form)) : INTERN_NONE;
    }
    for (size_t side = 0; side < 2; side++)
        for (size_t i = s->sides[side]->query->term_count; i-- > 0;)
            if (s->common[side][i] != INTERN_NONE)
                s->first[side][s->common[side][i]] = (uint32_t)i;
    return STATUS_OK;
}

/* ---- figures that are the same ---- */

static enum status tie_same(struct sharing *s, struct tally_place a, struct tally_place b,
                            struct error *err)
{
    a.sign = 1;
    b.sign = -1;
    TRY(places_add(&s->places, a, err));
    TRY(places_add(&s->places, b, err));
    return places_bind(&s->places, s->tally, false, err);
}

static struct tally_place place_at(size_t table, size_t row, uint32_t column)
{
    return (struct tally_place){(uint32_t)table, (uint32_t)row, column, 1};
}

/* Terms that read alike within one query are the same, too. */
static enum status tie_terms(struct sharing *s, struct error *err)
{
    for (size_t side = 0; side < 2; side++)
        for (uint32_t i = 0; i < s->sides[side]->query->term_count; i++) {
            uint32_t form = s->common[side][i];
            if (form == INTERN_NONE || (side == 0 && i == s->first[0][form]))
                continue;
            for (size_t c = 0; c < OWN_COLUMNS; c++)
                TRY(tie_same(s, place_at(s->sides[0]->own, s->first[0][form], own_columns[c]),
                             place_at(s->sides[side]->own, i, own_columns[c]), err));
        }
    return STATUS_OK;
}

/* The terms of a row of pairs as forms in common, the smaller number first. */
static bool pair_forms(const struct sharing *s, size_t side, size_t row, uint32_t forms[2])
{
    const struct plan_query *query = s->sides[side]->query;
    const struct tally_table *pairs = &s->tally->tables[s->sides[side]->pairs];
    for (size_t k = 0; k < 2; k++) {
        size_t slot = 0;
        while (slot < query->term_count &&
               strcmp(query->terms[slot].name, pairs->key_values[2 * row + k]) != 0)
            slot++;
        forms[k] = slot < query->term_count ? s->common[side][slot] : INTERN_NONE;
        if (forms[k] == INTERN_NONE)
            return false;
    }
    if (forms[0] > forms[1]) {
        uint32_t other = forms[0];
        forms[0] = forms[1];
        forms[1] = other;
    }
    return true;
}

static enum status tie_pairs(struct sharing *s, struct error *err)
{
    size_t count = s->forms.count;
    uint32_t forms[2];
    if (s->sides[0]->pairs == SIZE_MAX || s->sides[1]->pairs == SIZE_MAX)
        return STATUS_OK;
    uint32_t *row_of = mem_zalloc(count * count, sizeof *row_of); /* + 1 */
    if (!row_of)
        return error_nomem(err);
    for (size_t row = 0; row < s->tally->tables[s->sides[0]->pairs].row_count; row++)
        if (pair_forms(s, 0, row, forms))
            row_of[forms[0] * count + forms[1]] = (uint32_t)row + 1;
    enum status status = STATUS_OK;
    for (size_t row = 0;
         status == STATUS_OK && row < s->tally->tables[s->sides[1]->pairs].row_count; row++) {
        uint32_t other = pair_forms(s, 1, row, forms) ? row_of[forms[0] * count + forms[1]] : 0;
        if (other)
            status = tie_same(s, place_at(s->sides[0]->pairs, other - 1, 0),
                              place_at(s->sides[1]->pairs, row, 0), err);
    }
    free(row_of);
    return status;
}

/* The groups of each term in common, and its total where periods differ. */
static enum status tie_groups(struct sharing *s, bool same_period, struct error *err)
{
    struct arena arena = ARENA_INIT;
    enum status status = STATUS_OK;
    if (same_period && (s->sides[0]->by == SIZE_MAX || s->sides[1]->by == SIZE_MAX))
        return STATUS_OK; /* the total is tied, and groups are tied to that */
    for (size_t form = 0; status == STATUS_OK && form < s->forms.count; form++) {
        struct terms_slice slices[2];
        arena_reset(&arena, SIZE_MAX);
        for (size_t side = 0; status == STATUS_OK && side < 2; side++)
            status = terms_slice_make(&slices[side], s->sides[side], s->first[side][form], s->tally,
                                      &arena, err);
        if (status == STATUS_OK)
            status = tally_link_rows(s->tally, &slices[0].rows, &slices[1].rows, false, err);
    }
    arena_release(&arena);
    return status;
}

/* ---- other populations ---- */

/* Figures of a part of a period are at most those of all of it. */
static enum status tie_within(struct sharing *s, size_t part, struct error *err)
{
    for (size_t form = 0; form < s->forms.count; form++)
        for (size_t c = 0; c < OWN_COLUMNS; c++) {
            struct tally_place less =
                place_at(s->sides[part]->own, s->first[part][form], own_columns[c]);
            struct tally_place more =
                place_at(s->sides[!part]->own, s->first[!part][form], own_columns[c]);
            more.sign = -1;
            TRY(places_add(&s->places, less, err));
            TRY(places_add(&s->places, more, err));
            TRY(places_bind(&s->places, s->tally, true, err));
        }
    return STATUS_OK;
}

static enum status tie_populations(struct sharing *s, struct error *err)
{
    bool same = same_filters(s->sides[0], s->sides[1]);
    for (size_t side = 0; same && side < 2; side++)
        if (s->sides[side]->from >= s->sides[!side]->from &&
            s->sides[side]->to <= s->sides[!side]->to)
            TRY(tie_within(s, side, err));
    return tie_groups(s, false, err);
}

/* ---- sums of combinations ---- */

/* Adding numbers of conversations of one side by which of the terms in common they have. */
struct adding {
    struct sharing *s;
    size_t side;
    struct combination_sums *sums;
};

static enum status add_combination(void *context, const unsigned char *list, size_t count,
                                   struct tally_place place, struct error *err)
{
    const struct adding *adding = context;
    const struct sharing *s = adding->s;
    const uint32_t *common = s->common[adding->side];
    bool in[FORMS_MAX] = {false};
    char pattern[FORMS_MAX]; /* numbers of forms, a byte each, ascending */
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        if (common[list[i]] != INTERN_NONE)
            in[common[list[i]]] = true;
    for (size_t form = 0; form < s->forms.count; form++)
        if (in[form])
            pattern[len++] = (char)form;
    place.sign = adding->side ? -1 : 1;
    return len ? combination_sums_add(adding->sums, pattern, len, place, err) : STATUS_OK;
}

static enum status tie_combinations(struct sharing *s, struct error *err)
{
    const struct tally_atoms *atoms[2];
    struct combination_sums sums;
    enum status status = STATUS_OK;
    for (size_t side = 0; side < 2; side++) {
        atoms[side] = tally_atoms_find(s->tally, s->sides[side]->number);
        if (!atoms[side])
            return STATUS_OK;
    }
    combination_sums_init(&sums);
    for (size_t side = 0; side < 2; side++) {
        struct adding adding = {s, side, &sums};
        TRY_CLEANUP(combination_each(atoms[side], add_combination, &adding, err));
    }
    status = combination_sums_bind(&sums, &s->places, s->tally, err);
cleanup:
    combination_sums_release(&sums);
    return status;
}

/* ---- two queries ---- */

enum status terms_share(const struct terms_report *a, const struct terms_report *b,
                        struct tally *tally, struct error *err)
{
    struct sharing s = {.sides = {a, b}, .tally = tally};
    enum status status = STATUS_OK;
    if (a->query->within != b->query->within)
        return STATUS_OK;
    intern_init(&s.forms);
    TRY_CLEANUP(find_common(&s, err));
    if (s.forms.count == 0)
        goto cleanup;
    if (!terms_report_same_population(a, b)) {
        status = tie_populations(&s, err);
        goto cleanup;
    }
    TRY_CLEANUP(tie_terms(&s, err));
    TRY_CLEANUP(tie_pairs(&s, err));
    TRY_CLEANUP(tie_groups(&s, true, err));
    status = tie_combinations(&s, err);
cleanup:
    for (size_t side = 0; side < 2; side++) {
        free(s.common[side]);
        free(s.first[side]);
    }
    places_release(&s.places);
    intern_release(&s.forms);
    return status;
}

enum status terms_share_all(const struct plan *plan, struct tally *tally, struct error *err)
{
    size_t count = 0;
    struct terms_report *reports = mem_zalloc(plan->query_count, sizeof *reports);
    enum status status = reports ? STATUS_OK : error_nomem(err);
    for (size_t i = 0; status == STATUS_OK && i < plan->query_count; i++)
        count += terms_report_find(&reports[count], plan, i, tally);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; status == STATUS_OK && k < count; k++)
            status = terms_share(&reports[i], &reports[k], tally, err);
    free(reports);
    return status;
}
