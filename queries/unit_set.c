/*
 * Sets of units: see unit_set.h. Each part is first found in conversations or exchanges; a user's
 * conversations are joined at the end, over all parts.
 */
#include "queries/unit_set.h"

#include "base/memory.h"
#include "queries/query_hits.h"
#include "queries/query_overlap.h"
#include "queries/query_terms.h"

#include <stdlib.h>

enum status unit_set_init(struct unit_set *set, const struct catalogue *catalogue,
                          struct error *err)
{
    *set = (struct unit_set){.parts = catalogue->count};
    set->rows = mem_zalloc(catalogue->count, sizeof *set->rows);
    if (!set->rows)
        return error_nomem(err);
    for (size_t p = 0; p < set->parts; p++)
        if (!(set->rows[p] = bitmap_new()))
            return error_nomem(err);
    return STATUS_OK;
}

void unit_set_release(struct unit_set *set)
{
    for (size_t p = 0; set->rows && p < set->parts; p++)
        bitmap_free(set->rows[p]);
    free(set->rows);
    *set = (struct unit_set){.parts = 0};
}

/* ---- in conversations or exchanges ---- */

struct spread {
    const struct catalogue_part *part;
    struct bitmap *exchanges;
};

static bool add_exchanges(uint32_t row, void *context)
{
    struct spread *spread = context;
    if (row < spread->part->rows)
        bitmap_add_range(spread->exchanges, spread->part->first_exchange[row],
                         spread->part->first_exchange[row + 1ull]);
    return true;
}

/* The hits of slot SLOT (any: UNIT_SET_ANY_SLOT) in part P. LEFT are conversations that no earlier
 * topic took, where the first one wins. */
static enum status add_part_hits(struct unit_set *set, const struct units *units,
                                 const struct plan_query *query, const struct query_hits *hits,
                                 size_t p, long slot, struct bitmap *left, struct error *err)
{
    bool topics = query->kind == QUERY_TOPICS;
    bool first_wins = topics && !query->multi_label;
    for (size_t i = 0; i < query_term_slots(query); i++) {
        struct hits found;
        if (!first_wins && slot != UNIT_SET_ANY_SLOT && (size_t)slot != i)
            continue;
        TRY(query_hits_read(hits, p, i, &found, err));
        if (slot == UNIT_SET_ANY_SLOT || (size_t)slot == i) {
            bitmap_and(found.conversations, left);
            if (units->kind != UNIT_EXCHANGE) {
                bitmap_or(set->rows[p], found.conversations);
            } else if (topics) {
                struct spread spread = {&units->catalogue->parts[p], set->rows[p]};
                bitmap_each(found.conversations, add_exchanges, &spread);
            } else {
                bitmap_and(found.exchanges, units->rows[p]);
                bitmap_or(set->rows[p], found.exchanges);
            }
        }
        if (first_wins)
            bitmap_andnot(left, found.conversations);
        hits_release(&found);
    }
    return STATUS_OK;
}

static enum status add_hits(struct unit_set *set, const struct units *units,
                            const struct tally_source *source, size_t number, long slot,
                            struct error *err)
{
    const struct plan_query *query = &source->plan->queries[number];
    struct query_hits hits;
    enum status status = query_hits_open(&hits, source->state, query, number, err);
    for (size_t p = 0; status == STATUS_OK && p < set->parts; p++) {
        struct bitmap *left = bitmap_copy(units->population->rows[p]);
        status =
            left ? add_part_hits(set, units, query, &hits, p, slot, left, err) : error_nomem(err);
        bitmap_free(left);
    }
    query_hits_release(&hits);
    return status;
}

/* The conversations of each slot in part P; LEFT as above. */
static enum status add_part_slots(struct unit_set *sets, const struct plan_query *query,
                                  const struct query_hits *hits, size_t p, struct bitmap *left,
                                  struct error *err)
{
    bool first_wins = query->kind == QUERY_TOPICS && !query->multi_label;
    for (size_t i = 0; i < query_term_slots(query); i++) {
        struct hits found;
        TRY(query_hits_read(hits, p, i, &found, err));
        bitmap_and(found.conversations, left);
        bitmap_or(sets[i].rows[p], found.conversations);
        if (first_wins)
            bitmap_andnot(left, found.conversations);
        hits_release(&found);
    }
    return STATUS_OK;
}

enum status unit_set_add_slots(struct unit_set *sets, const struct units *units,
                               const struct tally_source *source, size_t number, struct error *err)
{
    const struct plan_query *query = &source->plan->queries[number];
    struct query_hits hits;
    enum status status = query_hits_open(&hits, source->state, query, number, err);
    for (size_t p = 0; status == STATUS_OK && p < source->catalogue->count; p++) {
        struct bitmap *left = bitmap_copy(units->population->rows[p]);
        status = left ? add_part_slots(sets, query, &hits, p, left, err) : error_nomem(err);
        bitmap_free(left);
    }
    query_hits_release(&hits);
    return status;
}

static enum status add_overlap(struct unit_set *set, const struct units *units,
                               const struct tally_source *source, size_t number, uint32_t words,
                               struct error *err)
{
    struct query_overlap overlap;
    number = plan_query_scanned(&source->plan->queries[number], number);
    enum status status =
        query_overlap_open(&overlap, source->state, source->catalogue, number, err);
    for (size_t p = 0; status == STATUS_OK && p < set->parts; p++) {
        const struct overlap_rows *rows = &overlap.rows[p];
        struct overlap_cursor cursor = {.at = 0};
        while (query_overlap_next(rows, &units->catalogue->parts[p], &cursor)) {
            bool long_enough = false;
            for (size_t side = 0; side < OVERLAP_ROWS_SIDES; side++)
                long_enough = long_enough || rows->longest[side][cursor.at] >= (words ? words : 1);
            if (long_enough && population_has(units->population, p, cursor.row))
                bitmap_add(set->rows[p],
                           units->kind == UNIT_EXCHANGE ? rows->exchange[cursor.at] : cursor.row);
        }
    }
    query_overlap_release(&overlap);
    return status;
}

/* ---- users ---- */

/* Conversations become their users' first ones. */
static enum status join_users(struct unit_set *set, const struct units *units, struct error *err)
{
    const struct population *population = units->population;
    const struct catalogue *catalogue = units->catalogue;
    struct unit_set users;
    enum status status = unit_set_init(&users, catalogue, err);
    for (uint32_t user = 0; status == STATUS_OK && user <= catalogue->users; user++) {
        uint64_t from = population->user_start[user], to = population->user_start[user + 1ull];
        bool known = user < catalogue->users;
        for (uint64_t i = from; i < to; i++) {
            uint32_t row, first;
            size_t p = (size_t)(population_part(catalogue, population->by_user[i], &row) -
                                catalogue->parts);
            if (!bitmap_contains(set->rows[p], row))
                continue;
            size_t q =
                (size_t)(population_part(catalogue, population->by_user[known ? from : i], &first) -
                         catalogue->parts);
            bitmap_add(users.rows[q], first);
            if (known)
                break;
        }
    }
    if (status == STATUS_OK) {
        struct unit_set conversations = *set;
        *set = users;
        users = conversations;
    }
    unit_set_release(&users);
    return status;
}

enum status unit_set_add(struct unit_set *set, const struct units *units,
                         const struct tally_source *source, size_t number, long slot,
                         uint32_t words, struct error *err)
{
    const struct plan_query *query = &source->plan->queries[number];
    struct unit_set found;
    enum status status = STATUS_OK;
    if (!query_reads_text(query))
        return error_set(err, STATUS_PLAN, query->id, "a query of kind \"%s\" finds no units",
                         query_types[query->kind].name);
    TRY_CLEANUP(unit_set_init(&found, units->catalogue, err));
    if (query->kind == QUERY_OVERLAP)
        TRY_CLEANUP(add_overlap(&found, units, source, number, words, err));
    else
        TRY_CLEANUP(add_hits(&found, units, source, number, slot, err));
    if (units->kind == UNIT_USER)
        TRY_CLEANUP(join_users(&found, units, err));
    for (size_t p = 0; p < set->parts; p++)
        bitmap_or(set->rows[p], found.rows[p]);
cleanup:
    unit_set_release(&found);
    return status;
}

enum status unit_set_spread(struct unit_set *set, const struct units *units,
                            struct bitmap *const *conversations, struct error *err)
{
    struct unit_set found;
    enum status status = unit_set_init(&found, units->catalogue, err);
    for (size_t p = 0; status == STATUS_OK && p < set->parts; p++) {
        struct spread spread = {&units->catalogue->parts[p], found.rows[p]};
        if (units->kind == UNIT_EXCHANGE)
            bitmap_each(conversations[p], add_exchanges, &spread);
        else
            bitmap_or(found.rows[p], conversations[p]);
    }
    if (status == STATUS_OK && units->kind == UNIT_USER)
        status = join_users(&found, units, err);
    for (size_t p = 0; status == STATUS_OK && p < set->parts; p++) {
        bitmap_and(found.rows[p], units->rows[p]);
        bitmap_or(set->rows[p], found.rows[p]);
    }
    unit_set_release(&found);
    return status;
}
