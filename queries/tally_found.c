/*
 * Identifiers by kind, and regular expressions by pattern: in how many conversations, exchanges and
 * turns, of how many users and how often each is found; then what has any of them, and everything.
 *
 * A conversation with a hit has a hit exchange, a hit turn and an occurrence, so that the users of
 * all of a row's figures are the same.
 */
#include "base/memory.h"
#include "queries/query_hits.h"
#include "queries/tally_run.h"

#include <stdlib.h>

enum found_column { CONVERSATIONS, EXCHANGES, TURNS, USERS, OCCURRENCES, COLUMNS };

static const struct tally_column columns[COLUMNS] = {
    [CONVERSATIONS] = {"conversations", "Conversations", "conversations", 0},
    [EXCHANGES] = {"exchanges", "Exchanges", "exchanges", 0},
    [TURNS] = {"turns", "Turns", "turns", 0},
    [USERS] = {"users", "Users", "users", TALLY_USERS},
    [OCCURRENCES] = {"occurrences", "Occurrences", "occurrences", 0},
};

struct found {
    const struct tally_source *source;
    struct query_hits hits;
    struct bitmap **any, **any_exchanges; /* [parts] of some slot, in the population */
    struct user_counter users;
    uint64_t occurrences; /* of all slots */
};

/* ---- one slot ---- */

struct walk {
    struct found *found;
    const struct catalogue_part *part;
    const struct hits *hits;
    size_t at; /* in the hits' columns */
    size_t p;
    uint64_t values[COLUMNS];
    uint32_t most; /* occurrences of a conversation that count */
};

static bool see_row(uint32_t row, void *context)
{
    struct walk *walk = context;
    size_t at = walk->at++;
    if (row >= walk->part->rows || !population_has(walk->found->source->population, walk->p, row))
        return true;
    walk->values[CONVERSATIONS]++;
    walk->values[TURNS] += walk->hits->turns[at];
    uint32_t count = walk->hits->occurrences[at];
    walk->values[OCCURRENCES] += count < walk->most ? count : walk->most;
    user_counter_add(&walk->found->users, catalogue_user(walk->part, row));
    bitmap_add(walk->found->any[walk->p], row);
    return true;
}

static bool see_exchange(uint32_t exchange, void *context)
{
    struct walk *walk = context;
    if (exchange >= walk->part->exchange_total ||
        !population_has(walk->found->source->population, walk->p,
                        catalogue_row_of_exchange(walk->part, exchange)))
        return true;
    walk->values[EXCHANGES]++;
    bitmap_add(walk->found->any_exchanges[walk->p], exchange);
    return true;
}

static enum status count_slot(struct found *found, uint32_t slot, const struct tally_table *table,
                              struct error *err)
{
    uint32_t clamp = found->source->plan->release.noise.occurrences;
    struct walk walk = {.found = found, .most = clamp ? clamp : UINT32_MAX};
    user_counter_reset(&found->users);
    for (walk.p = 0; walk.p < found->source->catalogue->count; walk.p++) {
        struct hits hits;
        TRY(query_hits_read(&found->hits, walk.p, slot, &hits, err));
        walk.part = &found->source->catalogue->parts[walk.p];
        walk.hits = &hits;
        walk.at = 0;
        bitmap_each(hits.conversations, see_row, &walk);
        bitmap_each(hits.exchanges, see_exchange, &walk);
        hits_release(&hits);
    }
    found->occurrences += walk.values[OCCURRENCES];
    walk.values[USERS] = user_counter_value(&found->users);
    uint32_t users = user_counter_support(&found->users);
    for (size_t column = 0; column < COLUMNS; column++)
        *tally_cell_at(table, slot, column) = (struct tally_cell){walk.values[column], users, 0};
    tally_cell_at(table, slot, CONVERSATIONS)->largest = found->users.most;
    return STATUS_OK;
}

/* ---- any of them, and everything ---- */

static bool see_user(uint32_t row, void *context)
{
    struct walk *walk = context;
    user_counter_add(&walk->found->users, catalogue_user(walk->part, row));
    return true;
}

static void count_any(struct found *found, uint32_t row, const struct tally_table *table)
{
    struct walk walk = {.found = found};
    const struct population *population = found->source->population;
    user_counter_reset(&found->users);
    for (size_t p = 0; p < found->source->catalogue->count; p++) {
        walk.part = &found->source->catalogue->parts[p];
        walk.values[CONVERSATIONS] += bitmap_count(found->any[p]);
        walk.values[EXCHANGES] += bitmap_count(found->any_exchanges[p]);
        bitmap_each(found->any[p], see_user, &walk);
    }
    /* With noise a sum over all slots would need a clamp of its own: it is not told. */
    walk.values[OCCURRENCES] =
        found->source->plan->release.noise.mechanism ? 0 : found->occurrences;
    walk.values[USERS] = user_counter_value(&found->users);
    uint32_t users = user_counter_support(&found->users);
    const uint64_t all[COLUMNS] = {[CONVERSATIONS] = population->conversations,
                                   [EXCHANGES] = population->exchange_count,
                                   [USERS] = population->users};
    for (size_t column = 0; column < COLUMNS; column++)
        if (column != TURNS) {
            *tally_cell_at(table, row, column) = (struct tally_cell){walk.values[column], users, 0};
            if (column != OCCURRENCES)
                *tally_cell_at(table, row + 1, column) =
                    (struct tally_cell){all[column], population->users_support, 0};
        }
}

/* ---- what a reader knows of the figures ---- */

struct relating {
    struct tally *tally;
    struct tally_table *table;
};

static enum status at_most(const struct relating *r, uint32_t less_row, enum found_column less,
                           uint32_t more_row, enum found_column more, struct error *err)
{
    const struct tally_term terms[] = {{less_row, less, 1}, {more_row, more, -1}};
    return tally_relate(r->tally, r->table, terms, 2, true, err);
}

/* The slots' values of a column are together at least those of any, or just as many. */
static enum status relate_sum(const struct relating *r, uint32_t slots, enum found_column column,
                              bool equal, struct error *err)
{
    struct tally_term *sum = mem_zalloc(slots + 1ull, sizeof *sum);
    if (!sum)
        return error_nomem(err);
    for (uint32_t row = 0; row < slots; row++)
        sum[row] = (struct tally_term){row, column, -1};
    sum[slots] = (struct tally_term){slots, column, 1};
    enum status status = tally_relate(r->tally, r->table, sum, slots + 1ull, !equal, err);
    free(sum);
    return status;
}

static enum status relate(const struct relating *r, uint32_t slots, struct error *err)
{
    static const enum found_column both[] = {CONVERSATIONS, EXCHANGES, USERS};
    for (uint32_t row = 0; row <= slots + 1; row++) {
        TRY(at_most(r, row, USERS, row, CONVERSATIONS, err));
        TRY(at_most(r, row, CONVERSATIONS, row, EXCHANGES, err));
        if (row < slots) {
            TRY(at_most(r, row, EXCHANGES, row, TURNS, err));
            TRY(at_most(r, row, TURNS, row, OCCURRENCES, err));
        }
    }
    TRY(at_most(r, slots, EXCHANGES, slots, OCCURRENCES, err));
    for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
        for (uint32_t row = 0; row < slots; row++)
            TRY(at_most(r, row, both[i], slots, both[i], err));
        TRY(at_most(r, slots, both[i], slots + 1, both[i], err));
        TRY(relate_sum(r, slots, both[i], false, err));
    }
    return relate_sum(r, slots, OCCURRENCES, true, err);
}

/* ---- all of it ---- */

static enum status found_init(struct found *found, size_t number, struct error *err)
{
    const struct tally_source *source = found->source;
    size_t parts = source->catalogue->count;
    found->any = mem_zalloc(parts, sizeof *found->any);
    found->any_exchanges = mem_zalloc(parts, sizeof *found->any_exchanges);
    if (!found->any || !found->any_exchanges)
        return error_nomem(err);
    for (size_t p = 0; p < parts; p++)
        if (!(found->any[p] = bitmap_new()) || !(found->any_exchanges[p] = bitmap_new()))
            return error_nomem(err);
    TRY(user_counter_init(&found->users, source->catalogue->users, err));
    return query_hits_open(&found->hits, source->state, &source->plan->queries[number], number,
                           err);
}

static void found_release(struct found *found)
{
    for (size_t p = 0; p < found->source->catalogue->count; p++) {
        if (found->any)
            bitmap_free(found->any[p]);
        if (found->any_exchanges)
            bitmap_free(found->any_exchanges[p]);
    }
    free(found->any);
    free(found->any_exchanges);
    user_counter_release(&found->users);
    query_hits_release(&found->hits);
}

enum status tally_found(const struct tally_source *source, size_t number, struct tally *tally,
                        struct error *err)
{
    static const struct tally_key kind_keys[] = {{"kind", "Kind", TALLY_KEY_STRING}},
                                  pattern_keys[] = {{"pattern", "Pattern", TALLY_KEY_STRING}};
    const struct plan_query *query = &source->plan->queries[number];
    bool identifiers = query->kind == QUERY_IDENTIFIERS;
    uint32_t slots = (uint32_t)query->term_count;
    struct found found = {.source = source};
    struct tally_table *table;
    enum status status = STATUS_OK;
    TRY_CLEANUP(found_init(&found, number, err));
    TRY_CLEANUP(tally_add_table(tally, query->id, number, identifiers ? kind_keys : pattern_keys, 1,
                                columns, COLUMNS, slots + 2ull, &table, err));
    for (uint32_t slot = 0; slot < slots; slot++) {
        table->key_values[slot] = query->terms[slot].name;
        TRY_CLEANUP(count_slot(&found, slot, table, err));
    }
    table->key_values[slots] = identifiers ? "any identifier" : "any pattern";
    table->key_values[slots + 1] = "all conversations";
    table->row_flags[slots + 1] |= TALLY_KEEP;
    count_any(&found, slots, table);
    status = relate(&(struct relating){tally, table}, slots, err);
cleanup:
    found_release(&found);
    return status;
}
