/* Overlap reports that have works in common: see works_shared.h. */
#include "queries/works_shared.h"

#include "base/memory.h"
#include "queries/query_tables.h"
#include "queries/works_sharing.h"

#include <stdlib.h>
#include <string.h>

/* ---- the tables of a query ---- */

bool works_report_find(struct works_report *report, const struct tally_source *source,
                       size_t number, const struct tally *tally)
{
    const struct plan *plan = source->plan;
    const struct plan_query *query = &plan->queries[number];
    *report = (struct works_report){.source = source,
                                    .query = query,
                                    .number = number,
                                    .runs = query_tables_find(tally, number, query->id, ""),
                                    .words = query_tables_find(tally, number, query->id, ".words"),
                                    .works = query_tables_find(tally, number, query->id, ".works"),
                                    .from = plan->population.from,
                                    .to = plan->population.to,
                                    .filters = plan->population.filters,
                                    .filter_count = plan->population.filter_count};
    return query->kind == QUERY_OVERLAP && report->runs != SIZE_MAX;
}

/* ---- works in common ---- */

/* A query's files of works by their contents. */
static int by_digest(const void *a, const void *b)
{
    const struct plan_work_file *const *x = a, *const *y = b;
    return strcmp((*x)->sha256, (*y)->sha256);
}

static enum status sort_files(const struct plan_query *query, const struct plan_work_file ***out,
                              struct error *err)
{
    const struct plan_work_file **files = mem_zalloc(query->work_file_count, sizeof *files);
    *out = files;
    if (!files)
        return error_nomem(err);
    for (size_t i = 0; i < query->work_file_count; i++)
        files[i] = &query->work_files[i];
    if (query->work_file_count > 1)
        qsort(files, query->work_file_count, sizeof *files, by_digest);
    return STATUS_OK;
}

/* Does a file of OF[count] have the contents of FILE? */
static bool is_among(const struct plan_work_file *file, const struct plan_work_file *const *of,
                     size_t count)
{
    return count && bsearch(&file, of, count, sizeof *of, by_digest);
}

static enum status compare_works(struct works_sharing *s, struct error *err)
{
    const struct plan_work_file **files[2] = {NULL, NULL};
    enum status status = STATUS_OK;
    for (size_t side = 0; status == STATUS_OK && side < 2; side++)
        status = sort_files(s->sides[side]->query, &files[side], err);
    for (size_t side = 0; status == STATUS_OK && side < 2; side++) {
        const struct plan_query *query = s->sides[side]->query;
        s->within[side] = true;
        for (size_t i = 0; i < query->work_file_count; i++) {
            bool in =
                is_among(files[side][i], files[!side], s->sides[!side]->query->work_file_count);
            s->within[side] = s->within[side] && in;
            s->any_common = s->any_common || in;
        }
    }
    free(files[0]);
    free(files[1]);
    return status;
}

static enum status compare(struct works_sharing *s, struct error *err)
{
    TRY(compare_works(s, err));
    s->same_works = s->within[0] && s->within[1];
    for (size_t side = 0; side < 2; side++) {
        const struct works_report *a = s->sides[side], *b = s->sides[!side];
        s->inside[side] =
            a->from >= b->from && a->to <= b->to &&
            plan_filters_within(a->filters, a->filter_count, b->filters, b->filter_count);
        s->within[side] = s->within[side] && s->inside[side];
    }
    s->same_population = s->inside[0] && s->inside[1];
    return STATUS_OK;
}

/* ---- ties ---- */

static enum status add_all(struct works_sharing *s, const struct works_pair *pair, size_t side,
                           int sign, struct error *err)
{
    for (size_t i = 0; i < pair->counts[side]; i++) {
        struct tally_place place = pair->places[side][i];
        place.sign = sign;
        TRY(places_add(&s->places, place, err));
    }
    return STATUS_OK;
}

enum status works_tie_pair(struct works_sharing *s, const struct works_pair *pair,
                           const struct works_apart *apart, struct error *err)
{
    bool nothing[2] = {apart->only[0].value == 0, apart->only[1].value == 0};
    uint64_t value = 0;
    if (!nothing[0] && !nothing[1])
        return STATUS_OK;
    size_t less = nothing[0] ? 0 : 1;
    struct tally_cell rest = overlap_cell(&apart->only[!less]);
    for (size_t i = 0; i < pair->counts[less]; i++)
        value += tally_place_cell(s->tally, pair->places[less][i])->value;
    if (!value && rest.value)
        return STATUS_OK; /* what lies between is the other */
    TRY(add_all(s, pair, less, 1, err));
    TRY(add_all(s, pair, !less, -1, err));
    if (rest.value && rest.users < s->sides[0]->source->plan->release.min_users) {
        uint32_t number;
        TRY(tally_hide(s->tally, rest, &number, err));
        TRY(places_add(&s->places, (struct tally_place){TALLY_HIDDEN, number, 0, 1}, err));
        return places_bind(&s->places, s->tally, false, err);
    }
    return places_bind(&s->places, s->tally, rest.value != 0, err);
}

enum status works_tie_figures(struct works_sharing *s, struct tally_place first,
                              struct tally_place second, int order, struct error *err)
{
    first.sign = order > 0 ? -1 : 1;
    second.sign = -first.sign;
    TRY(places_add(&s->places, first, err));
    TRY(places_add(&s->places, second, err));
    return places_bind_held(&s->places, s->tally, order != 0, err);
}

/* ---- words ---- */

/* Both have the same texts; and where the one's runs are among the other's, so are their words,
 * among them those that the model carried on or found. */
static enum status share_words(struct works_sharing *s, struct error *err)
{
    bool same_runs = s->same_works && s->hits[0].query->min_words == s->hits[1].query->min_words;
    if (s->sides[0]->words == SIZE_MAX || s->sides[1]->words == SIZE_MAX)
        return STATUS_OK;
    for (uint32_t row = 0; row < WORDS_ROWS; row++)
        for (uint32_t column = 0; column < WORDS_COLUMNS; column++) {
            struct tally_place of[2];
            bool less[2], all = column == WORDS_ALL;
            for (size_t side = 0; side < 2; side++) {
                of[side] = (struct tally_place){(uint32_t)s->sides[side]->words, row, column, 1};
                less[side] = s->inside[side];
                if (!all)
                    less[side] =
                        s->within[side] && (same_runs || (column != WORDS_SUPPLIED &&
                                                          s->hits[side].query->min_words >=
                                                              s->hits[!side].query->min_words));
            }
            if (less[0] || less[1])
                TRY(works_tie_figures(s, of[0], of[1],
                                      less[0] && less[1] ? 0
                                      : less[0]          ? -1
                                                         : 1,
                                      err));
        }
    return STATUS_OK;
}

/* ---- two queries ---- */

enum status works_share(const struct works_report *a, const struct works_report *b,
                        struct tally *tally, struct error *err)
{
    struct works_sharing s = {.sides = {a, b}, .tally = tally};
    enum status status = STATUS_OK;
    TRY_CLEANUP(compare(&s, err));
    for (size_t side = 0; side < 2; side++)
        TRY_CLEANUP(
            overlap_hits_init(&s.hits[side], s.sides[side]->source, s.sides[side]->number, err));
    TRY_CLEANUP(share_words(&s, err));
    if (s.within[0] || s.within[1])
        TRY_CLEANUP(works_share_runs(&s, err));
    if (s.any_common && a->works != SIZE_MAX && b->works != SIZE_MAX)
        TRY_CLEANUP(works_share_rows(&s, err));
    for (size_t side = 0; side < 2 && a->works != SIZE_MAX && b->works != SIZE_MAX; side++)
        TRY_CLEANUP(works_share_single(&s, side, err));
cleanup:
    overlap_hits_release(&s.hits[0]);
    overlap_hits_release(&s.hits[1]);
    places_release(&s.places);
    return status;
}

enum status works_share_all(const struct tally_source *source, struct tally *tally,
                            struct error *err)
{
    struct works_report a, b;
    for (size_t i = 0; i < source->plan->query_count; i++) {
        if (!works_report_find(&a, source, i, tally))
            continue;
        for (size_t k = i + 1; k < source->plan->query_count; k++)
            if (works_report_find(&b, source, k, tally))
                TRY(works_share(&a, &b, tally, err));
    }
    return STATUS_OK;
}
