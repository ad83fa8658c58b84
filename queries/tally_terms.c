/*
 * The search term report: each term's conversations, exchanges, turns, users and occurrences; what
 * only it finds, what it adds to the terms above it; union and null set; pairwise overlap.
 *
 * Terms are walked in order, and each row of the population keeps how many of them hit it so far
 * and the first of them: a term adds the rows that no earlier one hit, and at the end the rows that
 * one term hit are that term's unique ones.
 */
#include "base/memory.h"
#include "queries/query_hits.h"
#include "queries/tally_pairs.h"
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

struct terms {
    const struct tally_source *source;
    struct query_hits hits;
    uint8_t **times;               /* [parts][rows] how many terms hit, at most UINT8_MAX */
    uint32_t *first;               /* [row over all parts] the first term that did */
    struct bitmap **any_exchanges; /* [parts] union of the terms, within the population */
    struct user_counter users, added, prompts, outputs, exchangers;
};

static const struct catalogue_part *part_at(const struct terms *terms, size_t p)
{
    return &terms->source->catalogue->parts[p];
}

static void put(const struct tally_table *table, size_t row, enum column column, uint64_t value,
                uint32_t users)
{
    *tally_cell_at(table, row, column) = (struct tally_cell){value, users};
}

/* ---- one term ---- */

struct walk {
    struct terms *terms;
    const struct catalogue_part *part;
    const uint8_t *reason_of;
    uint8_t *times;
    uint32_t *first, slot;
    const struct hits *hits;
    uint64_t position; /* among the hits */
    uint64_t values[COLUMNS];
};

static bool inside(const struct walk *walk, uint32_t row)
{
    return row < walk->part->rows && walk->reason_of[row] == IN_POPULATION;
}

static bool walk_hit(uint32_t row, void *context)
{
    struct walk *walk = context;
    uint64_t at = walk->position++;
    if (!inside(walk, row))
        return true;
    uint32_t user = catalogue_user(walk->part, row);
    walk->values[CONVERSATIONS]++;
    walk->values[TURNS] += walk->hits->turns[at];
    walk->values[OCCURRENCES] += walk->hits->occurrences[at];
    user_counter_add(&walk->terms->users, user);
    if (!walk->times[row]) {
        walk->first[row] = walk->slot;
        walk->values[ADDED]++;
        user_counter_add(&walk->terms->added, user);
    }
    if (walk->times[row] < UINT8_MAX)
        walk->times[row]++;
    return true;
}

/* Rows whose occurrences are all on one side. */
struct sided {
    const struct walk *walk;
    struct user_counter *users;
    uint64_t count;
};

static bool walk_sided(uint32_t row, void *context)
{
    struct sided *sided = context;
    if (!inside(sided->walk, row))
        return true;
    sided->count++;
    user_counter_add(sided->users, catalogue_user(sided->walk->part, row));
    return true;
}

/* The users of exchanges: of the conversations that hold them. */
struct exchange_walk {
    struct user_counter *users;
    const struct catalogue_part *part;
    uint32_t row;
    uint64_t end; /* of the row's exchanges */
};

/* The row of an exchange at or after that one, found by steps that double. */
static uint32_t row_of(const struct catalogue_part *part, uint32_t from, uint32_t exchange)
{
    uint32_t low = from, step = 1;
    while (step < part->rows - low && part->first_exchange[low + step] <= exchange) {
        low += step;
        step *= 2;
    }
    uint32_t high = step < part->rows - low ? low + step : part->rows;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (part->first_exchange[middle] <= exchange)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static bool walk_exchange(uint32_t exchange, void *context)
{
    struct exchange_walk *walk = context;
    if (exchange < walk->end)
        return true;
    walk->row = row_of(walk->part, walk->row, exchange);
    walk->end = walk->part->first_exchange[walk->row + 1ull];
    user_counter_add(walk->users, catalogue_user(walk->part, walk->row));
    return true;
}

/* EXCHANGES are all within the population, so that there is a row for each. */
static uint64_t count_exchanges(struct terms *terms, size_t p, const struct bitmap *exchanges)
{
    struct exchange_walk walk = {&terms->exchangers, part_at(terms, p), 0, 0};
    bitmap_each(exchanges, walk_exchange, &walk);
    return bitmap_count(exchanges);
}

static enum status count_term(struct terms *terms, uint32_t slot, const struct tally_table *table,
                              struct error *err)
{
    const struct population *population = terms->source->population;
    struct user_counter *counters[] = {&terms->users, &terms->added, &terms->prompts,
                                       &terms->outputs, &terms->exchangers};
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
        user_counter_reset(counters[i]);
    struct walk walk = {.terms = terms, .slot = slot};
    struct sided prompts = {&walk, &terms->prompts, 0}, outputs = {&walk, &terms->outputs, 0};
    uint64_t exchanges = 0;
    for (size_t p = 0; p < terms->source->catalogue->count; p++) {
        struct hits hits;
        TRY(query_hits_read(&terms->hits, p, slot, &hits, err));
        walk.part = part_at(terms, p);
        walk.reason_of = population->reason_of[p];
        walk.times = terms->times[p];
        walk.first = terms->first + walk.part->first_row;
        walk.hits = &hits;
        walk.position = 0;
        bitmap_each(hits.conversations, walk_hit, &walk);
        bitmap_each(hits.prompt_only, walk_sided, &prompts);
        bitmap_each(hits.output_only, walk_sided, &outputs);
        bitmap_and(hits.exchanges, population->exchanges[p]);
        bitmap_or(terms->any_exchanges[p], hits.exchanges);
        exchanges += count_exchanges(terms, p, hits.exchanges);
        hits_release(&hits);
    }
    uint32_t users = user_counter_support(&terms->users);
    put(table, slot, CONVERSATIONS, walk.values[CONVERSATIONS], users);
    put(table, slot, TURNS, walk.values[TURNS], users);
    put(table, slot, OCCURRENCES, walk.values[OCCURRENCES], users);
    put(table, slot, USERS, user_counter_value(&terms->users), users);
    put(table, slot, ADDED, walk.values[ADDED], user_counter_support(&terms->added));
    put(table, slot, PROMPT_ONLY, prompts.count, user_counter_support(&terms->prompts));
    put(table, slot, OUTPUT_ONLY, outputs.count, user_counter_support(&terms->outputs));
    put(table, slot, EXCHANGES, exchanges, user_counter_support(&terms->exchangers));
    return STATUS_OK;
}

/* ---- all terms ---- */

/* Conversations that just one term hits, and their users, user by user. */
static enum status count_unique(struct terms *terms, size_t slots, const struct tally_table *table,
                                struct error *err)
{
    const struct population *population = terms->source->population;
    const struct catalogue *catalogue = terms->source->catalogue;
    uint32_t *last_user = mem_zalloc(slots, sizeof *last_user);
    if (!last_user)
        return error_nomem(err);
    for (uint32_t user = 0; user <= catalogue->users; user++)
        for (uint64_t i = population->user_start[user]; i < population->user_start[user + 1ull];
             i++) {
            uint32_t slot = terms->first[population->by_user[i]];
            if (slot >= slots)
                continue;
            struct tally_cell *cell = tally_cell_at(table, slot, UNIQUE);
            cell->value++;
            cell->users += last_user[slot] != user + 1;
            last_user[slot] = user + 1;
        }
    free(last_user);
    return STATUS_OK;
}

/* After this `first` is set just for rows that one term hits. */
static void keep_unique(struct terms *terms)
{
    for (size_t p = 0; p < terms->source->catalogue->count; p++) {
        const struct catalogue_part *part = part_at(terms, p);
        for (uint32_t row = 0; row < part->rows; row++)
            if (terms->times[p][row] != 1)
                terms->first[part->first_row + row] = UINT32_MAX;
    }
}

/* A row of the rows that some term hits, or of those that none does. */
static void count_hit_rows(struct terms *terms, bool hit, const struct tally_table *table,
                           size_t row_number)
{
    const struct population *population = terms->source->population;
    uint64_t count = 0;
    user_counter_reset(&terms->users);
    for (size_t p = 0; p < terms->source->catalogue->count; p++)
        for (uint32_t row = 0; row < part_at(terms, p)->rows; row++)
            if (population_has(population, p, row) && (terms->times[p][row] > 0) == hit) {
                count++;
                user_counter_add(&terms->users, catalogue_user(part_at(terms, p), row));
            }
    uint32_t users = user_counter_support(&terms->users);
    put(table, row_number, CONVERSATIONS, count, users);
    put(table, row_number, USERS, user_counter_value(&terms->users), users);
}

static enum status count_rest_exchanges(struct terms *terms, size_t p, uint64_t *count,
                                        struct error *err)
{
    struct bitmap *rest = bitmap_copy(terms->source->population->exchanges[p]);
    if (!rest)
        return error_nomem(err);
    bitmap_andnot(rest, terms->any_exchanges[p]);
    *count += count_exchanges(terms, p, rest);
    bitmap_free(rest);
    return STATUS_OK;
}

/* The rows after the terms: any term, no term, all conversations. */
static enum status count_ends(struct terms *terms, const struct tally_table *table, size_t any,
                              struct error *err)
{
    const struct population *population = terms->source->population;
    size_t parts = terms->source->catalogue->count;
    count_hit_rows(terms, true, table, any);
    *tally_cell_at(table, any, ADDED) = *tally_cell_at(table, any, CONVERSATIONS);
    count_hit_rows(terms, false, table, any + 1);
    put(table, any + 2, CONVERSATIONS, population->conversations, population->users_support);
    put(table, any + 2, USERS, population->users, population->users_support);

    uint64_t hit = 0, rest = 0;
    user_counter_reset(&terms->exchangers);
    for (size_t p = 0; p < parts; p++)
        hit += count_exchanges(terms, p, terms->any_exchanges[p]);
    put(table, any, EXCHANGES, hit, user_counter_support(&terms->exchangers));
    user_counter_reset(&terms->exchangers);
    for (size_t p = 0; p < parts; p++)
        TRY(count_rest_exchanges(terms, p, &rest, err));
    put(table, any + 1, EXCHANGES, rest, user_counter_support(&terms->exchangers));
    /* Every conversation has an exchange, so that all users have one. */
    put(table, any + 2, EXCHANGES, population->exchange_count, population->users_support);
    return STATUS_OK;
}

/* ---- what a reader knows to hold among the figures of the table ---- */

struct relating {
    struct tally *tally;
    struct tally_table *table;
    uint32_t any, none, all; /* rows; those before `any` are the terms */
};

/* LESS is at most MORE. A term that holds by NOT alone has no occurrences, so that some of these
 * are not true of it: such a one is left out. */
static enum status at_most(const struct relating *r, uint32_t less_row, enum column less,
                           uint32_t more_row, enum column more, struct error *err)
{
    if (tally_cell_at(r->table, less_row, less)->value >
        tally_cell_at(r->table, more_row, more)->value)
        return STATUS_OK;
    const struct tally_term terms[] = {{less_row, less, 1}, {more_row, more, -1}};
    return tally_relate(r->tally, r->table, terms, 2, true, err);
}

static enum status equal(const struct relating *r, uint32_t row, enum column column,
                         uint32_t other_row, enum column other, struct error *err)
{
    const struct tally_term terms[] = {{row, column, 1}, {other_row, other, -1}};
    return tally_relate(r->tally, r->table, terms, 2, false, err);
}

static enum status relate_term(const struct relating *r, uint32_t row, struct error *err)
{
    static const struct {
        enum column less, more;
    } chains[] = {{USERS, CONVERSATIONS}, {ADDED, CONVERSATIONS}, {UNIQUE, ADDED},
                  {EXCHANGES, TURNS},     {TURNS, OCCURRENCES},   {CONVERSATIONS, EXCHANGES}};
    static const enum column within[] = {CONVERSATIONS, EXCHANGES, USERS};
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++)
        TRY(at_most(r, row, chains[i].less, row, chains[i].more, err));
    for (size_t i = 0; i < sizeof within / sizeof *within; i++)
        TRY(at_most(r, row, within[i], r->any, within[i], err));
    const struct tally_term sides[] = {
        {row, PROMPT_ONLY, 1}, {row, OUTPUT_ONLY, 1}, {row, CONVERSATIONS, -1}};
    return tally_relate(r->tally, r->table, sides, 3, true, err);
}

/* COLUMN over all terms against the conversations of the union. */
static enum status relate_sum(const struct relating *r, enum column column, bool less,
                              struct error *err)
{
    struct tally_term *sum = mem_zalloc(r->any + 1ull, sizeof *sum);
    if (!sum)
        return error_nomem(err);
    for (uint32_t row = 0; row < r->any; row++)
        sum[row] = (struct tally_term){row, column, 1};
    sum[r->any] = (struct tally_term){r->any, CONVERSATIONS, -1};
    enum status status = tally_relate(r->tally, r->table, sum, r->any + 1ull, less, err);
    free(sum);
    return status;
}

/* The union and the null set are everything; a user may be in both. */
static enum status relate_ends(const struct relating *r, struct error *err)
{
    static const enum column split[] = {CONVERSATIONS, EXCHANGES, USERS};
    TRY(equal(r, r->any, ADDED, r->any, CONVERSATIONS, err));
    for (size_t i = 0; i < sizeof split / sizeof *split; i++) {
        bool users = split[i] == USERS;
        const struct tally_term whole[] = {
            {r->all, split[i], 1}, {r->any, split[i], -1}, {r->none, split[i], -1}};
        TRY(tally_relate(r->tally, r->table, whole, 3, users, err));
    }
    for (uint32_t row = r->any; row <= r->all; row++) {
        TRY(at_most(r, row, USERS, row, CONVERSATIONS, err));
        TRY(at_most(r, row, CONVERSATIONS, row, EXCHANGES, err));
        if (row != r->all)
            TRY(at_most(r, row, USERS, r->all, USERS, err));
    }
    return STATUS_OK;
}

static enum status relate(struct tally *tally, struct tally_table *table, uint32_t slots,
                          struct error *err)
{
    const struct relating r = {tally, table, slots, slots + 1, slots + 2};
    for (uint32_t row = 0; row < slots; row++)
        TRY(relate_term(&r, row, err));
    TRY(relate_ends(&r, err));
    if (!slots)
        return STATUS_OK;
    /* Added hits add up to the union, unique ones to no more than it. */
    TRY(relate_sum(&r, ADDED, false, err));
    TRY(relate_sum(&r, UNIQUE, true, err));
    /* The first term adds all it has, the last one has alone all that it adds. */
    TRY(equal(&r, 0, ADDED, 0, CONVERSATIONS, err));
    TRY(equal(&r, slots - 1, ADDED, slots - 1, UNIQUE, err));
    if (slots != 2)
        return STATUS_OK;
    /* Of two terms, what one has alone is what the other leaves of the union. */
    const struct tally_term two[] = {
        {0, UNIQUE, 1}, {1, CONVERSATIONS, 1}, {r.any, CONVERSATIONS, -1}};
    return tally_relate(tally, table, two, 3, false, err);
}

/* ---- all of it ---- */

static enum status terms_init(struct terms *terms, const struct tally_source *source, size_t number,
                              struct error *err)
{
    size_t parts = source->catalogue->count;
    uint32_t users = source->catalogue->users;
    *terms = (struct terms){.source = source};
    terms->any_exchanges = mem_zalloc(parts, sizeof *terms->any_exchanges);
    terms->times = mem_zalloc(parts, sizeof *terms->times);
    terms->first = mem_zalloc(source->catalogue->rows, sizeof *terms->first);
    if (!terms->any_exchanges || !terms->times || !terms->first)
        return error_nomem(err);
    for (size_t p = 0; p < parts; p++) {
        terms->any_exchanges[p] = bitmap_new();
        terms->times[p] = mem_zalloc(source->catalogue->parts[p].rows, 1);
        if (!terms->any_exchanges[p] || !terms->times[p])
            return error_nomem(err);
    }
    TRY(user_counter_init(&terms->users, users, err));
    TRY(user_counter_init(&terms->added, users, err));
    TRY(user_counter_init(&terms->prompts, users, err));
    TRY(user_counter_init(&terms->outputs, users, err));
    TRY(user_counter_init(&terms->exchangers, users, err));
    return query_hits_open(&terms->hits, source->state, &source->plan->queries[number], number,
                           err);
}

static void terms_release(struct terms *terms)
{
    for (size_t p = 0; p < terms->source->catalogue->count; p++) {
        if (terms->any_exchanges)
            bitmap_free(terms->any_exchanges[p]);
        if (terms->times)
            free(terms->times[p]);
    }
    free(terms->any_exchanges);
    free(terms->times);
    free(terms->first);
    user_counter_release(&terms->users);
    user_counter_release(&terms->added);
    user_counter_release(&terms->prompts);
    user_counter_release(&terms->outputs);
    user_counter_release(&terms->exchangers);
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
    for (uint32_t slot = 0; slot < slots; slot++) {
        table->key_values[slot] = query->terms[slot].name;
        TRY_CLEANUP(count_term(&terms, slot, table, err));
    }
    keep_unique(&terms);
    TRY_CLEANUP(count_unique(&terms, slots, table, err));
    table->key_values[slots] = "any term";
    table->key_values[slots + 1] = "no term";
    table->key_values[slots + 2] = "all conversations";
    table->row_flags[slots + 2] |= TALLY_KEEP;
    TRY_CLEANUP(count_ends(&terms, table, slots, err));
    TRY_CLEANUP(relate(tally, table, (uint32_t)slots, err));
    if (slots > 1 && slots <= PAIR_TERMS_MAX)
        status = tally_pairs(source, number, &terms.hits, terms.times, tally, err);
cleanup:
    terms_release(&terms);
    return status;
}
