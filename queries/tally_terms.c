/*
 * The search term report: each term's conversations, exchanges, turns, users and occurrences; what
 * only it finds, what it adds to the terms above it; union and null set; pairwise overlap.
 *
 * Unique hits need to know, for every conversation, whether exactly one term hit it: a first walk
 * over all terms counts hits per conversation (saturating at two), a second one collects.
 */
#include "base/memory.h"
#include "queries/query_hits.h"
#include "queries/tally_run.h"

#include <stdlib.h>
#include <string.h>

enum column {
    CONVERSATIONS,
    EXCHANGES,
    TURNS,
    USERS,
    OCCURRENCES,
    UNIQUE,
    ADDED,
    PROMPT_ONLY,
    OUTPUT_ONLY,
    COLUMNS
};

static const struct tally_column columns[COLUMNS] = {
    [CONVERSATIONS] = {"conversations", "Conversations", "conversations", 0},
    [EXCHANGES] = {"exchanges", "Exchanges", "exchanges", 0},
    [TURNS] = {"turns", "Turns", "turns", 0},
    [USERS] = {"users", "Users", "users", TALLY_USERS},
    [OCCURRENCES] = {"occurrences", "Occurrences", "occurrences", 0},
    [UNIQUE] = {"unique_conversations", "Unique conversations", "conversations", 0},
    [ADDED] = {"added_conversations", "Added conversations", "conversations", 0},
    [PROMPT_ONLY] = {"prompt_only", "Prompt only", "conversations", 0},
    [OUTPUT_ONLY] = {"output_only", "Output only", "conversations", 0},
};

/* Tables of pairs beyond this many terms would be read by nobody. */
enum { PAIR_TERMS_MAX = 200 };

struct terms {
    const struct tally_source *source;
    struct query_hits hits;
    struct bitmap **any; /* [parts] union of the terms so far, within the population */
    struct bitmap **any_exchanges;
    uint8_t **times; /* [parts][rows] how many terms hit, at most 2 */
    struct user_counter users;
};

static const struct catalogue_part *part_at(const struct terms *terms, size_t p)
{
    return &terms->source->catalogue->parts[p];
}

/* ---- walking rows ---- */

struct walk {
    struct user_counter *users;
    const struct catalogue_part *part;
    uint64_t count;
    const uint8_t *times; /* if set, only rows with times 1 count */
    uint8_t *mark;        /* if set, counted up to 2 */
};

static bool walk_row(uint32_t row, void *context)
{
    struct walk *walk = context;
    if (walk->times && walk->times[row] != 1)
        return true;
    if (walk->mark && walk->mark[row] < 2)
        walk->mark[row]++;
    walk->count++;
    user_counter_add(walk->users, catalogue_user(walk->part, row));
    return true;
}

/* Turns and occurrences of the hits that are in the population; their users. */
struct sums {
    struct walk walk;
    const struct hits *hits;
    const struct bitmap *population;
    uint64_t position, turns, occurrences;
};

static bool sum_row(uint32_t row, void *context)
{
    struct sums *sums = context;
    uint64_t at = sums->position++;
    if (!bitmap_contains(sums->population, row))
        return true;
    sums->turns += sums->hits->turns[at];
    sums->occurrences += sums->hits->occurrences[at];
    return walk_row(row, &sums->walk);
}

/* The users of exchanges: the conversations that hold them. Both ascend, so one walk does. */
struct exchange_walk {
    struct user_counter *users;
    const struct catalogue_part *part;
    uint32_t row;
    uint64_t end; /* of row's exchanges */
};

static bool walk_exchange(uint32_t exchange, void *context)
{
    struct exchange_walk *walk = context;
    while (exchange >= walk->end && walk->row + 1 < walk->part->rows)
        walk->end += walk->part->exchanges[++walk->row];
    user_counter_add(walk->users, catalogue_user(walk->part, walk->row));
    return true;
}

static void add_exchange_users(struct terms *terms, size_t p, const struct bitmap *exchanges)
{
    const struct catalogue_part *part = part_at(terms, p);
    if (!part->rows)
        return;
    struct exchange_walk walk = {&terms->users, part, 0, part->exchanges[0]};
    bitmap_each(exchanges, walk_exchange, &walk);
}

/* ---- the table ---- */

static void put(const struct tally_table *table, size_t row, enum column column, uint64_t value,
                const struct user_counter *users)
{
    *tally_cell_at(table, row, column) = (struct tally_cell){value, user_counter_support(users)};
}

/* Sets of one term that are counted alone, with their own users. */
static enum status count_set(struct terms *terms, size_t slot, size_t which,
                             const struct tally_table *table, enum column column, struct error *err)
{
    uint64_t count = 0;
    user_counter_reset(&terms->users);
    for (size_t p = 0; p < terms->source->catalogue->count; p++) {
        struct hits hits;
        TRY(query_hits_read(&terms->hits, p, slot, &hits, err));
        struct bitmap *sets[] = {hits.conversations, hits.prompt_only, hits.output_only,
                                 hits.exchanges};
        struct walk walk = {.users = &terms->users, .part = part_at(terms, p)};
        if (column == EXCHANGES) {
            bitmap_and(hits.exchanges, terms->source->population->exchanges[p]);
            bitmap_or(terms->any_exchanges[p], hits.exchanges);
            walk.count = bitmap_count(hits.exchanges);
            add_exchange_users(terms, p, hits.exchanges);
        } else {
            bitmap_and(sets[which], terms->source->population->rows[p]);
            if (column == ADDED) {
                bitmap_andnot(sets[which], terms->any[p]);
                bitmap_or(terms->any[p], sets[which]);
            }
            if (column == UNIQUE)
                walk.times = terms->times[p];
            bitmap_each(sets[which], walk_row, &walk);
        }
        count += walk.count;
        hits_release(&hits);
    }
    put(table, slot, column, count, &terms->users);
    return STATUS_OK;
}

static enum status count_term(struct terms *terms, size_t slot, const struct tally_table *table,
                              struct error *err)
{
    uint64_t conversations = 0, turns = 0, occurrences = 0;
    user_counter_reset(&terms->users);
    for (size_t p = 0; p < terms->source->catalogue->count; p++) {
        struct hits hits;
        TRY(query_hits_read(&terms->hits, p, slot, &hits, err));
        struct sums sums = {
            .walk = {.users = &terms->users, .part = part_at(terms, p), .mark = terms->times[p]},
            .hits = &hits,
            .population = terms->source->population->rows[p]};
        bitmap_each(hits.conversations, sum_row, &sums);
        conversations += sums.walk.count;
        turns += sums.turns;
        occurrences += sums.occurrences;
        hits_release(&hits);
    }
    put(table, slot, CONVERSATIONS, conversations, &terms->users);
    put(table, slot, TURNS, turns, &terms->users);
    put(table, slot, OCCURRENCES, occurrences, &terms->users);
    put(table, slot, USERS, user_counter_value(&terms->users), &terms->users);
    TRY(count_set(terms, slot, 3, table, EXCHANGES, err));
    TRY(count_set(terms, slot, 1, table, PROMPT_ONLY, err));
    TRY(count_set(terms, slot, 2, table, OUTPUT_ONLY, err));
    return count_set(terms, slot, 0, table, ADDED, err);
}

/* One row for sets of conversations and exchanges; users of each are its own. */
static void count_sets(struct terms *terms, const struct tally_table *table, size_t row,
                       struct bitmap *const *rows, struct bitmap *const *exchanges)
{
    uint64_t count = 0, exchange_count = 0;
    user_counter_reset(&terms->users);
    for (size_t p = 0; p < terms->source->catalogue->count; p++) {
        struct walk walk = {.users = &terms->users, .part = part_at(terms, p)};
        bitmap_each(rows[p], walk_row, &walk);
        count += walk.count;
    }
    put(table, row, CONVERSATIONS, count, &terms->users);
    put(table, row, USERS, user_counter_value(&terms->users), &terms->users);
    user_counter_reset(&terms->users);
    for (size_t p = 0; p < terms->source->catalogue->count; p++) {
        exchange_count += bitmap_count(exchanges[p]);
        add_exchange_users(terms, p, exchanges[p]);
    }
    put(table, row, EXCHANGES, exchange_count, &terms->users);
}

/* The rows after the terms: any term, no term, all conversations. */
static enum status count_ends(struct terms *terms, const struct tally_table *table, size_t any,
                              struct error *err)
{
    const struct population *population = terms->source->population;
    size_t parts = terms->source->catalogue->count;
    enum status status = STATUS_OK;
    count_sets(terms, table, any, terms->any, terms->any_exchanges);
    *tally_cell_at(table, any, ADDED) = *tally_cell_at(table, any, CONVERSATIONS);
    struct bitmap **rest = mem_zalloc(parts * 2, sizeof *rest);
    if (!rest)
        return error_nomem(err);
    for (size_t p = 0; status == STATUS_OK && p < parts; p++) {
        rest[p] = bitmap_copy(population->rows[p]);
        rest[parts + p] = bitmap_copy(population->exchanges[p]);
        if (rest[p] && rest[parts + p]) {
            bitmap_andnot(rest[p], terms->any[p]);
            bitmap_andnot(rest[parts + p], terms->any_exchanges[p]);
        } else {
            status = error_nomem(err);
        }
    }
    if (status == STATUS_OK) {
        count_sets(terms, table, any + 1, rest, rest + parts);
        count_sets(terms, table, any + 2, population->rows, population->exchanges);
    }
    for (size_t p = 0; p < 2 * parts; p++)
        bitmap_free(rest[p]);
    free(rest);
    return status;
}

/* What a reader knows to hold among the figures of the table. */
static enum status relate(struct tally *tally, struct tally_table *table, size_t slots,
                          struct error *err)
{
    uint32_t any = (uint32_t)slots, none = any + 1, all = any + 2;
    for (uint32_t row = 0; row < slots; row++) {
        static const struct {
            enum column less, more;
        } at_most[] = {{USERS, CONVERSATIONS},
                       {ADDED, CONVERSATIONS},
                       {UNIQUE, ADDED},
                       {EXCHANGES, TURNS},
                       {TURNS, OCCURRENCES}};
        for (size_t i = 0; i < sizeof at_most / sizeof *at_most; i++) {
            /* A term that holds by NOT alone has exchanges without any occurrence. */
            if (at_most[i].less == EXCHANGES && tally_cell_at(table, row, EXCHANGES)->value >
                                                    tally_cell_at(table, row, TURNS)->value)
                continue;
            const struct tally_term terms[] = {{row, at_most[i].less, 1},
                                               {row, at_most[i].more, -1}};
            TRY(tally_relate(tally, table, terms, 2, true, err));
        }
        const struct tally_term sides[] = {
            {row, PROMPT_ONLY, 1}, {row, OUTPUT_ONLY, 1}, {row, CONVERSATIONS, -1}};
        TRY(tally_relate(tally, table, sides, 3, true, err));
        const struct tally_term within[] = {{row, CONVERSATIONS, 1}, {any, CONVERSATIONS, -1}};
        TRY(tally_relate(tally, table, within, 2, true, err));
    }
    /* Added hits add up to the union; the union and the null set to everything. */
    struct tally_term *added = mem_zalloc(slots + 1, sizeof *added);
    if (!added)
        return error_nomem(err);
    for (uint32_t row = 0; row < slots; row++)
        added[row] = (struct tally_term){row, ADDED, 1};
    added[slots] = (struct tally_term){any, CONVERSATIONS, -1};
    enum status status = tally_relate(tally, table, added, slots + 1, false, err);
    free(added);
    TRY(status);
    const struct tally_term same[] = {{any, ADDED, 1}, {any, CONVERSATIONS, -1}};
    TRY(tally_relate(tally, table, same, 2, false, err));
    static const enum column split[] = {CONVERSATIONS, EXCHANGES};
    for (size_t i = 0; i < 2; i++) {
        const struct tally_term whole[] = {
            {any, split[i], 1}, {none, split[i], 1}, {all, split[i], -1}};
        TRY(tally_relate(tally, table, whole, 3, false, err));
    }
    /* The first term adds all it has, the last one has alone all that it adds. */
    const struct tally_term first[] = {{0, ADDED, 1}, {0, CONVERSATIONS, -1}};
    TRY(tally_relate(tally, table, first, 2, false, err));
    const struct tally_term last[] = {{any - 1, ADDED, 1}, {any - 1, UNIQUE, -1}};
    TRY(tally_relate(tally, table, last, 2, false, err));
    if (slots != 2)
        return STATUS_OK;
    /* Of two terms, what one has alone is what the other leaves of the union. */
    const struct tally_term two[] = {
        {0, UNIQUE, 1}, {1, CONVERSATIONS, 1}, {any, CONVERSATIONS, -1}};
    return tally_relate(tally, table, two, 3, false, err);
}

/* ---- pairs ---- */

struct pair {
    uint32_t a, b;
    struct tally_cell both;
};

/* All pairs that share a conversation. HELD is [slots * parts]. */
static enum status find_pairs(struct terms *terms, size_t slots, struct bitmap **held,
                              struct pair **pairs, size_t *count, struct error *err)
{
    size_t parts = terms->source->catalogue->count, capacity = 0;
    for (size_t slot = 0; slot < slots; slot++)
        for (size_t p = 0; p < parts; p++) {
            struct hits hits;
            TRY(query_hits_read(&terms->hits, p, slot, &hits, err));
            held[slot * parts + p] = hits.conversations;
            hits.conversations = NULL;
            hits_release(&hits);
            bitmap_and(held[slot * parts + p], terms->source->population->rows[p]);
        }
    for (uint32_t a = 0; a < slots; a++)
        for (uint32_t b = a + 1; b < slots; b++) {
            struct walk walk = {.users = &terms->users};
            user_counter_reset(&terms->users);
            for (size_t p = 0; p < parts; p++) {
                struct bitmap *other = held[b * parts + p];
                if (!bitmap_and_count(held[a * parts + p], other))
                    continue;
                struct bitmap *both = bitmap_copy(held[a * parts + p]);
                if (!both)
                    return error_nomem(err);
                bitmap_and(both, other);
                walk.part = part_at(terms, p);
                bitmap_each(both, walk_row, &walk);
                bitmap_free(both);
            }
            if (!walk.count)
                continue;
            struct pair *grown = mem_grow(*pairs, &capacity, *count + 1, sizeof *grown);
            if (!grown)
                return error_nomem(err);
            *pairs = grown;
            grown[(*count)++] =
                (struct pair){a, b, {walk.count, user_counter_support(&terms->users)}};
        }
    return STATUS_OK;
}

static enum status tally_pairs(struct terms *terms, size_t number, struct tally *tally,
                               struct error *err)
{
    static const struct tally_key keys[] = {{"term", "Term", TALLY_KEY_STRING},
                                            {"other", "Other term", TALLY_KEY_STRING}};
    static const struct tally_column both[] = {
        {"conversations", "Conversations", "conversations", 0}};
    const struct plan_query *query = &terms->source->plan->queries[number];
    size_t slots = query->term_count, parts = terms->source->catalogue->count, count = 0;
    struct pair *pairs = NULL;
    struct tally_table *table;
    enum status status = STATUS_OK;
    struct bitmap **held = mem_zalloc(slots * parts, sizeof *held);
    const char *id = arena_printf(&tally->arena, "%s.pairs", query->id);
    if (!held || !id) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(find_pairs(terms, slots, held, &pairs, &count, err));
    TRY_CLEANUP(tally_add_table(tally, id, number, keys, 2, both, 1, count, &table, err));
    for (size_t i = 0; i < count; i++) {
        table->key_values[2 * i] = query->terms[pairs[i].a].name;
        table->key_values[2 * i + 1] = query->terms[pairs[i].b].name;
        *tally_cell_at(table, i, 0) = pairs[i].both;
    }
cleanup:
    for (size_t i = 0; held && i < slots * parts; i++)
        bitmap_free(held[i]);
    free(held);
    free(pairs);
    return status;
}

/* ---- all of it ---- */

static enum status terms_init(struct terms *terms, const struct tally_source *source, size_t number,
                              struct error *err)
{
    size_t parts = source->catalogue->count;
    *terms = (struct terms){.source = source};
    terms->any = mem_zalloc(parts, sizeof *terms->any);
    terms->any_exchanges = mem_zalloc(parts, sizeof *terms->any_exchanges);
    terms->times = mem_zalloc(parts, sizeof *terms->times);
    if (!terms->any || !terms->any_exchanges || !terms->times)
        return error_nomem(err);
    for (size_t p = 0; p < parts; p++) {
        terms->any[p] = bitmap_new();
        terms->any_exchanges[p] = bitmap_new();
        terms->times[p] = mem_zalloc(source->catalogue->parts[p].rows, 1);
        if (!terms->any[p] || !terms->any_exchanges[p] || !terms->times[p])
            return error_nomem(err);
    }
    TRY(user_counter_init(&terms->users, source->catalogue->users, err));
    return query_hits_open(&terms->hits, source->state, &source->plan->queries[number], number,
                           err);
}

static void terms_release(struct terms *terms)
{
    for (size_t p = 0; p < terms->source->catalogue->count; p++) {
        if (terms->any)
            bitmap_free(terms->any[p]);
        if (terms->any_exchanges)
            bitmap_free(terms->any_exchanges[p]);
        if (terms->times)
            free(terms->times[p]);
    }
    free(terms->any);
    free(terms->any_exchanges);
    free(terms->times);
    user_counter_release(&terms->users);
    query_hits_release(&terms->hits);
}

enum status tally_terms(const struct tally_source *source, size_t number, struct tally *tally,
                        struct error *err)
{
    static const struct tally_key keys[] = {{"term", "Term", TALLY_KEY_STRING}};
    const struct plan_query *query = &source->plan->queries[number];
    size_t slots = query->term_count;
    struct terms terms;
    struct tally_table *table;
    enum status status = STATUS_OK;
    TRY_CLEANUP(terms_init(&terms, source, number, err));
    TRY_CLEANUP(tally_add_table(tally, query->id, number, keys, 1, columns, COLUMNS, slots + 3,
                                &table, err));
    for (size_t slot = 0; slot < slots; slot++) {
        table->key_values[slot] = query->terms[slot].name;
        TRY_CLEANUP(count_term(&terms, slot, table, err));
    }
    for (size_t slot = 0; slot < slots; slot++)
        TRY_CLEANUP(count_set(&terms, slot, 0, table, UNIQUE, err));
    table->key_values[slots] = "any term";
    table->key_values[slots + 1] = "no term";
    table->key_values[slots + 2] = "all conversations";
    table->row_flags[slots + 2] |= TALLY_KEEP;
    TRY_CLEANUP(count_ends(&terms, table, slots, err));
    TRY_CLEANUP(relate(tally, table, slots, err));
    if (slots > 1 && slots <= PAIR_TERMS_MAX)
        status = tally_pairs(&terms, number, tally, err);
cleanup:
    terms_release(&terms);
    return status;
}
