/*
 * The search term report: each term's conversations, exchanges, turns, users and occurrences; what
 * only it finds, what it adds to the terms above it; union and null set; pairwise overlap; terms by
 * fields.
 *
 * Terms are walked in order, and each row of the population keeps how many of them hit it so far
 * and the first of them: a term adds the rows that no earlier one hit, and at the end the rows that
 * one term hit are that term's unique ones.
 */
#include "base/memory.h"
#include "queries/query_hits.h"
#include "queries/tally_pairs.h"
#include "queries/tally_run.h"
#include "queries/terms_by.h"
#include "queries/terms_joint.h"
#include "queries/terms_relations.h"

#include <stdlib.h>
#include <string.h>

static const struct tally_column columns[COLUMNS] = {
    [CONVERSATIONS] = {"conversations", "Conversations", "conversations", 0},
    [EXCHANGES] = {"exchanges", "Exchanges", "exchanges", 0},
    [TURNS] = {"turns", "Turns", "turns", 0},
    [USERS] = {"users", "Users", "users", TALLY_USERS},
    [OCCURRENCES] = {"occurrences", "Occurrences", "occurrences", 0},
    [UNIQUE] = {"unique_conversations", "Unique conversations", "conversations", TALLY_DETAIL},
    [ADDED] = {"added_conversations", "Added conversations", "conversations", TALLY_DETAIL},
    [PROMPT_ONLY] = {"prompt_only", "Prompt only", "conversations", TALLY_DETAIL},
    [OUTPUT_ONLY] = {"output_only", "Output only", "conversations", TALLY_DETAIL},
};

/* The columns that count users of their own, as bits. */
enum {
    HIT = 1,
    HIT_EXCHANGE = 2,
    HIT_ADDED = 4,
    HIT_PROMPT = 8,
    HIT_OUTPUT = 16,
    HIT_EARLIER = 32,
    HIT_MIXED = 64,
    HIT_KINDS = 7
};

/* In which of a term's columns a user was counted; of the term of `slot` only. */
struct seen_user {
    uint32_t slot;  /* + 1; the rows after the terms have the number after the last */
    uint32_t kinds; /* the low bits; above them the user's conversations */
};

#define ROWS_SHIFT HIT_KINDS
#define ROWS_MOST  (UINT32_MAX >> ROWS_SHIFT)

struct values {
    uint32_t *items;
    size_t count, capacity;
};

struct terms {
    const struct tally_source *source;
    struct query_hits hits;
    uint8_t **times;        /* [parts][rows] how many terms hit, at most UINT8_MAX */
    uint32_t *first;        /* [row over all parts] the first term that did */
    uint64_t **exchanges;   /* [parts] bits of the exchanges that a term hits */
    struct seen_user *seen; /* [users + 1] the last one stands for all unknown users */
    struct values rows, row_exchanges, prompts, outputs; /* of the hits being walked */
    struct tally_cell (*hidden)[HIDDEN_COUNT]; /* [slots] what no table tells (terms_joint.h) */
    struct term_combinations combinations;
};

static const struct catalogue_part *part_at(const struct terms *terms, size_t p)
{
    return &terms->source->catalogue->parts[p];
}

static void put(const struct tally_table *table, size_t row, enum terms_column column,
                uint64_t value, uint32_t users)
{
    *tally_cell_at(table, row, column) = (struct tally_cell){value, users, 0};
}

/* Each unknown user counts as one, where the gate has one for all of them. */
static uint64_t counted_users(uint32_t support, uint64_t unknown)
{
    return support + unknown - (unknown > 0);
}

/* ---- one term ---- */

static enum status list_values(struct values *values, const struct bitmap *set, struct error *err)
{
    values->count = bitmap_count(set);
    uint32_t *grown =
        mem_grow(values->items, &values->capacity, values->count, sizeof *values->items);
    if (!grown)
        return error_nomem(err);
    values->items = grown;
    bitmap_values(set, values->items);
    return STATUS_OK;
}

/* Steps AT on to the first value that is at least LEAST. */
static size_t step_to(const struct values *values, size_t at, uint32_t least)
{
    while (at < values->count && values->items[at] < least)
        at++;
    return at;
}

static bool holds(const struct values *values, size_t at, uint32_t value)
{
    return at < values->count && values->items[at] == value;
}

struct walk {
    struct terms *terms;
    uint32_t slot;
    uint64_t values[COLUMNS], mixed, unknown;
    uint32_t most; /* occurrences of a conversation that count */
    uint32_t users[HIT_KINDS];
    uint32_t largest; /* conversations of the known user with the most */
};

/* Counts the user of a hit in those columns that have not seen it; without branches, since nothing
 * predicts who comes next. */
static void see_user(struct walk *walk, uint32_t user, uint32_t kinds)
{
    struct seen_user *seen = &walk->terms->seen[user];
    uint32_t before = seen->slot == walk->slot + 1 ? seen->kinds : 0;
    uint32_t rows = (before >> ROWS_SHIFT) + 1;
    rows = rows < ROWS_MOST ? rows : ROWS_MOST;
    *seen = (struct seen_user){walk->slot + 1,
                               (before & ~(ROWS_MOST << ROWS_SHIFT)) | kinds | rows << ROWS_SHIFT};
    rows = user == walk->terms->source->catalogue->users ? 0 : rows;
    walk->largest = rows > walk->largest ? rows : walk->largest;
    kinds &= ~before;
    for (size_t kind = 0; kind < HIT_KINDS; kind++)
        walk->users[kind] += kinds >> kind & 1;
}

/* Hits lie far apart in the columns: what is needed a few rows ahead is fetched in time. */
static void fetch_ahead(const struct terms *terms, const struct catalogue_part *part,
                        const uint8_t *times, size_t at)
{
    enum { FAR = 24, NEAR = 12 };
    if (at + FAR >= terms->rows.count)
        return;
    uint32_t far = terms->rows.items[at + FAR], near = terms->rows.items[at + NEAR];
    if (far >= part->rows)
        return;
    __builtin_prefetch(&times[far]);
    __builtin_prefetch(&part->first_exchange[far]);
    __builtin_prefetch(&part->user_of[far]);
    uint32_t user = part->user_of[near];
    if (user != PART_NO_CODE)
        __builtin_prefetch(&terms->seen[user]);
}

/* The hits of one part, rows and exchanges and sides side by side, all ascending. */
static void walk_part(struct walk *walk, size_t p, const struct hits *hits)
{
    struct terms *terms = walk->terms;
    const struct catalogue_part *part = part_at(terms, p);
    const uint8_t *reason_of = terms->source->population->reason_of[p];
    uint32_t *first = terms->first + part->first_row;
    uint8_t *times = terms->times[p];
    uint32_t unknown = terms->source->catalogue->users;
    size_t exchange = 0, prompt = 0, output = 0;
    for (size_t at = 0; at < terms->rows.count; at++) {
        uint32_t row = terms->rows.items[at], kinds = HIT;
        fetch_ahead(terms, part, times, at);
        if (row >= part->rows || reason_of[row] != IN_POPULATION)
            continue;
        walk->values[CONVERSATIONS]++;
        walk->values[TURNS] += hits->turns[at];
        walk->values[OCCURRENCES] +=
            hits->occurrences[at] < walk->most ? hits->occurrences[at] : walk->most;
        exchange = step_to(&terms->row_exchanges, exchange, part->first_exchange[row]);
        for (; exchange < terms->row_exchanges.count &&
               terms->row_exchanges.items[exchange] < part->first_exchange[row + 1ull];
             exchange++) {
            uint32_t number = terms->row_exchanges.items[exchange];
            terms->exchanges[p][number / 64] |= 1ull << number % 64;
            walk->values[EXCHANGES]++;
            kinds |= HIT_EXCHANGE;
        }
        prompt = step_to(&terms->prompts, prompt, row);
        output = step_to(&terms->outputs, output, row);
        kinds |= holds(&terms->prompts, prompt, row) ? HIT_PROMPT : 0;
        kinds |= holds(&terms->outputs, output, row) ? HIT_OUTPUT : 0;
        kinds |= kinds & (HIT_PROMPT | HIT_OUTPUT) ? 0 : HIT_MIXED;
        kinds |= times[row] ? HIT_EARLIER : HIT_ADDED;
        if (!times[row])
            first[row] = walk->slot;
        if (times[row] < UINT8_MAX)
            times[row]++;
        walk->values[ADDED] += (kinds & HIT_ADDED) > 0;
        walk->values[PROMPT_ONLY] += (kinds & HIT_PROMPT) > 0;
        walk->values[OUTPUT_ONLY] += (kinds & HIT_OUTPUT) > 0;
        walk->mixed += (kinds & HIT_MIXED) > 0;
        uint32_t user = part->user_of[row] == PART_NO_CODE ? unknown : part->user_of[row];
        walk->unknown += user == unknown;
        see_user(walk, user, kinds);
    }
}

static enum status read_part(struct walk *walk, size_t p, struct error *err)
{
    struct terms *terms = walk->terms;
    enum status status = STATUS_OK;
    struct hits hits;
    TRY(query_hits_read(&terms->hits, p, walk->slot, &hits, err));
    TRY_CLEANUP(list_values(&terms->rows, hits.conversations, err));
    TRY_CLEANUP(list_values(&terms->row_exchanges, hits.exchanges, err));
    TRY_CLEANUP(list_values(&terms->prompts, hits.prompt_only, err));
    TRY_CLEANUP(list_values(&terms->outputs, hits.output_only, err));
    walk_part(walk, p, &hits);
cleanup:
    hits_release(&hits);
    return status;
}

/*
 * Conversations that a term hits in prompts and outputs both have two turns with it at least, so that
 * there are no more of them than turns, or occurrences, beside conversations. Where few users have
 * such ones and that bound would narrow how many these are, it belongs to these users.
 */
static void put_beside(const struct walk *walk, uint32_t slot, const struct tally_table *table)
{
    static const enum terms_column beside[] = {TURNS, OCCURRENCES};
    uint32_t min_users = walk->terms->source->plan->release.min_users;
    if (walk->users[6] == 0 || walk->users[6] >= min_users)
        return;
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        struct tally_cell *cell = tally_cell_at(table, slot, beside[i]);
        uint64_t conversations = walk->values[CONVERSATIONS];
        if (cell->value >= conversations + walk->mixed &&
            cell->value - conversations < min_users - 1)
            cell->users = walk->users[6];
    }
}

static enum status count_term(struct terms *terms, uint32_t slot, const struct tally_table *table,
                              struct error *err)
{
    /* Whose users a column has, as the number of its bit. */
    static const size_t kinds[COLUMNS] = {
        [EXCHANGES] = 1, [ADDED] = 2, [PROMPT_ONLY] = 3, [OUTPUT_ONLY] = 4};
    uint32_t clamp = terms->source->plan->release.noise.occurrences;
    struct walk walk = {.terms = terms, .slot = slot, .most = clamp ? clamp : UINT32_MAX};
    for (size_t p = 0; p < terms->source->catalogue->count; p++)
        TRY(read_part(&walk, p, err));
    walk.values[USERS] = counted_users(walk.users[0], walk.unknown);
    for (enum terms_column column = CONVERSATIONS; column < COLUMNS; column++)
        if (column != UNIQUE)
            put(table, slot, column, walk.values[column], walk.users[kinds[column]]);
    put_beside(&walk, slot, table);
    tally_cell_at(table, slot, CONVERSATIONS)->largest = walk.largest;
    terms->hidden[slot][HIDDEN_EARLIER] =
        (struct tally_cell){walk.values[CONVERSATIONS] - walk.values[ADDED], walk.users[5], 0};
    terms->hidden[slot][HIDDEN_MIXED] = (struct tally_cell){walk.mixed, walk.users[6], 0};
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

/* Conversations that a term and another one hit, and their users. */
static enum status count_shared(struct terms *terms, uint32_t slot, struct error *err)
{
    struct walk walk = {.terms = terms, .slot = slot};
    uint64_t count = 0;
    for (size_t p = 0; p < terms->source->catalogue->count; p++) {
        const struct catalogue_part *part = part_at(terms, p);
        struct hits hits;
        TRY(query_hits_read(&terms->hits, p, slot, &hits, err));
        enum status status = list_values(&terms->rows, hits.conversations, err);
        hits_release(&hits);
        TRY(status);
        for (size_t at = 0; at < terms->rows.count; at++) {
            uint32_t row = terms->rows.items[at];
            fetch_ahead(terms, part, terms->times[p], at);
            if (row >= part->rows || !population_has(terms->source->population, p, row) ||
                terms->times[p][row] < 2)
                continue;
            uint32_t user = part->user_of[row];
            see_user(&walk, user == PART_NO_CODE ? terms->source->catalogue->users : user, HIT);
            count++;
        }
    }
    terms->hidden[slot][HIDDEN_SHARED] = (struct tally_cell){count, walk.users[0], 0};
    return STATUS_OK;
}

static bool is_withholding(const struct plan *plan)
{
    return !plan->release.noise.mechanism && plan->release.min_users > 1;
}

/* Up to so many terms it is asked which combinations could occur. */
enum { COMPLETE_TERMS = 12 };

/* What a reader could work out of what is told, for the gate where it withholds. */
static enum status join_terms(struct terms *terms, struct tally *tally, size_t number, bool pairs,
                              bool by, uint32_t slots, struct error *err)
{
    const struct tally_source *source = terms->source;
    const struct plan_query *query = &source->plan->queries[tally->tables[number].query];
    if (pairs && slots <= COMPLETE_TERMS)
        TRY(term_combinations_complete(&terms->combinations, query, &source->state->setup.words,
                                       err));
    memset(terms->seen, 0, (terms->source->catalogue->users + 1ull) * sizeof *terms->seen);
    for (uint32_t slot = 0; slot < slots; slot++)
        TRY(count_shared(terms, slot, err));
    return terms_join(tally, number, pairs ? &terms->combinations : NULL, by, slots,
                      terms->source->plan->release.min_users,
                      (const struct tally_cell(*)[HIDDEN_COUNT])terms->hidden, err);
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

/* How many bits of [FROM, TO) are set. */
static uint64_t count_bits(const uint64_t *bits, uint64_t from, uint64_t to)
{
    uint64_t count = 0;
    while (from < to) {
        uint64_t word = bits[from / 64] >> from % 64, width = 64 - from % 64;
        if (width > to - from) {
            width = to - from;
            word &= (1ull << width) - 1;
        }
        count += (uint64_t)__builtin_popcountll(word);
        from += width;
    }
    return count;
}

/* What some term hits and what none does; the exchanges of one conversation may be on both sides.
 * The bits of users are: a hit row, another row, a hit exchange, another exchange. */
struct ends {
    struct walk walk;
    uint64_t rows[2], exchanges[2], unknown[2]; /* hit, not hit */
};

static void count_end_rows(struct ends *ends, size_t p)
{
    struct terms *terms = ends->walk.terms;
    const struct catalogue_part *part = part_at(terms, p);
    uint32_t unknown = terms->source->catalogue->users;
    for (uint32_t row = 0; row < part->rows; row++) {
        if (!population_has(terms->source->population, p, row))
            continue;
        size_t side = !terms->times[p][row];
        uint64_t hit = side ? 0
                            : count_bits(terms->exchanges[p], part->first_exchange[row],
                                         part->first_exchange[row + 1ull]);
        uint64_t all = part->exchanges[row], rest = all > hit ? all - hit : 0; /* clamped */
        uint32_t user = part->user_of[row] == PART_NO_CODE ? unknown : part->user_of[row];
        ends->rows[side]++;
        ends->exchanges[0] += hit;
        ends->exchanges[1] += rest;
        ends->unknown[side] += user == unknown;
        see_user(&ends->walk, user, 1u << side | (hit ? 4u : 0) | (rest ? 8u : 0));
    }
}

/* The rows after the terms: any term, no term, all conversations. */
static void count_ends(struct terms *terms, const struct tally_table *table, uint32_t any)
{
    const struct population *population = terms->source->population;
    struct ends ends = {.walk = {.terms = terms, .slot = any}};
    for (size_t p = 0; p < terms->source->catalogue->count; p++)
        count_end_rows(&ends, p);
    for (uint32_t side = 0; side < 2; side++) {
        uint32_t users = ends.walk.users[side];
        put(table, any + side, CONVERSATIONS, ends.rows[side], users);
        put(table, any + side, USERS, counted_users(users, ends.unknown[side]), users);
        put(table, any + side, EXCHANGES, ends.exchanges[side], ends.walk.users[2 + side]);
    }
    *tally_cell_at(table, any, ADDED) = *tally_cell_at(table, any, CONVERSATIONS);
    /* Every conversation has an exchange, so that all users have one. */
    uint32_t users = population->users_support;
    put(table, any + 2, CONVERSATIONS, population->conversations, users);
    put(table, any + 2, EXCHANGES, population->exchange_count, users);
    put(table, any + 2, USERS, population->users, users);
}

/* ---- all of it ---- */

static enum status terms_init(struct terms *terms, const struct tally_source *source, size_t number,
                              struct error *err)
{
    const struct catalogue *catalogue = source->catalogue;
    *terms = (struct terms){.source = source};
    term_combinations_init(&terms->combinations);
    terms->exchanges = mem_zalloc(catalogue->count, sizeof *terms->exchanges);
    terms->times = mem_zalloc(catalogue->count, sizeof *terms->times);
    terms->first = mem_zalloc(catalogue->rows, sizeof *terms->first);
    terms->seen = mem_zalloc(catalogue->users + 1ull, sizeof *terms->seen);
    terms->hidden = mem_zalloc(source->plan->queries[number].term_count, sizeof *terms->hidden);
    if (!terms->exchanges || !terms->times || !terms->first || !terms->seen || !terms->hidden)
        return error_nomem(err);
    for (size_t p = 0; p < catalogue->count; p++) {
        size_t words = catalogue->parts[p].exchange_total / 64 + 1;
        terms->exchanges[p] = mem_zalloc(words, sizeof **terms->exchanges);
        terms->times[p] = mem_zalloc(catalogue->parts[p].rows, 1);
        if (!terms->exchanges[p] || !terms->times[p])
            return error_nomem(err);
    }
    return query_hits_open(&terms->hits, source->state, &source->plan->queries[number], number,
                           err);
}

static void terms_release(struct terms *terms)
{
    for (size_t p = 0; p < terms->source->catalogue->count; p++) {
        if (terms->exchanges)
            free(terms->exchanges[p]);
        if (terms->times)
            free(terms->times[p]);
    }
    free(terms->exchanges);
    free(terms->times);
    free(terms->first);
    free(terms->seen);
    free(terms->hidden);
    term_combinations_release(&terms->combinations);
    free(terms->rows.items);
    free(terms->row_exchanges.items);
    free(terms->prompts.items);
    free(terms->outputs.items);
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
    count_ends(&terms, table, (uint32_t)slots);
    TRY_CLEANUP(terms_relate(tally, table, (uint32_t)slots, err));
    bool pairs = slots > 1 && slots <= TALLY_PAIR_TERMS, withholds = is_withholding(source->plan);
    size_t own = tally->table_count - 1;
    if (pairs)
        TRY_CLEANUP(tally_pairs(source, number, &terms.hits, terms.times,
                                withholds ? &terms.combinations : NULL, tally, err));
    if (query->by_count)
        TRY_CLEANUP(terms_by(source, number, &terms.hits, withholds, tally, err));
    if (withholds)
        status = join_terms(&terms, tally, own, pairs, query->by_count > 0, (uint32_t)slots, err);
cleanup:
    terms_release(&terms);
    return status;
}
