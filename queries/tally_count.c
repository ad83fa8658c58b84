/*
 * Conversations, exchanges, turns, users and words by fields. Groups are numbered by mixed radix
 * over the fields' codes. Rows are summed in the order of the columns; users are distinct because
 * the population is then walked user by user, and a group counts a user when it sees the first of
 * its rows.
 */
#include "queries/tally_count.h"

#include "base/memory.h"
#include "queries/field_index.h"

#include <stdlib.h>
#include <string.h>

enum { GROUPS_MAX = 1 << 24 };

static const struct tally_column columns[] = {
    {"conversations", "Conversations", "conversations", 0},
    {"exchanges", "Exchanges", "exchanges", 0},
    {"turns", "Turns", "turns", 0},
    {"users", "Users", "users", TALLY_USERS},
    {"words", "Words", "words", 0},
};
enum { CONVERSATIONS, EXCHANGES, TURNS, USERS, WORDS, COLUMNS };

struct group {
    uint64_t conversations, exchanges, turns, words;
    uint64_t unknown;   /* conversations of unknown users */
    uint32_t support;   /* distinct users, unknown ones together one */
    uint32_t last_user; /* number + 1 of the user counted last */
    /* Conversations, exchanges, turns, words: of that user, and of the user with the most. */
    uint64_t own[4], largest[4];
};

struct cross {
    const struct tally_source *source;
    struct field_index *fields;
    size_t field_count;
    size_t size;       /* product of the fields' codes */
    uint32_t *numbers; /* [size] group number + 1, or 0 */
    struct group *groups;
    size_t count, capacity;
    uint32_t *group_of; /* [row over all parts] number of its group; only of the population */
};

/* The days that the population spans: from the plan's period, else from its records. */
static void period_of(const struct tally_source *source, int64_t *first, int64_t *last)
{
    *first = source->plan->population.from;
    *last = source->plan->population.to;
    if (*first == INT64_MIN)
        *first = source->population->first_day;
    if (*last == INT64_MAX)
        *last = source->population->last_day;
}

static size_t group_index(const struct cross *cross, size_t part, uint32_t row)
{
    size_t index = 0;
    for (size_t i = 0; i < cross->field_count; i++)
        index = index * cross->fields[i].count + field_index_code(&cross->fields[i], part, row);
    return index;
}

static enum status find_group(struct cross *cross, size_t index, uint32_t *number,
                              struct error *err)
{
    if (!cross->numbers[index]) {
        struct group *groups =
            mem_grow(cross->groups, &cross->capacity, cross->count + 1, sizeof *groups);
        if (!groups)
            return error_nomem(err);
        cross->groups = groups;
        groups[cross->count] = (struct group){.conversations = 0};
        cross->numbers[index] = (uint32_t)++cross->count;
    }
    *number = cross->numbers[index] - 1;
    return STATUS_OK;
}

static enum status add_rows(struct cross *cross, size_t p, struct error *err)
{
    const struct catalogue_part *part = &cross->source->catalogue->parts[p];
    uint32_t *group_of = cross->group_of + part->first_row;
    for (uint32_t row = 0; row < part->rows; row++) {
        if (!population_has(cross->source->population, p, row))
            continue;
        TRY(find_group(cross, group_index(cross, p, row), &group_of[row], err));
        struct group *group = &cross->groups[group_of[row]];
        group->conversations++;
        group->exchanges += part->exchanges[row];
        group->turns += part->turns[row];
        group->words += part->words[row];
        group->unknown += part->user.codes[row] == PART_NO_CODE;
    }
    return STATUS_OK;
}

/* What one user has in a group. */
static void add_own(const struct cross *cross, struct group *group, uint32_t whole)
{
    uint32_t row;
    const struct catalogue_part *part = population_part(cross->source->catalogue, whole, &row);
    const uint64_t values[4] = {1, part->exchanges[row], part->turns[row], part->words[row]};
    for (size_t i = 0; i < 4; i++) {
        group->own[i] += values[i];
        if (group->own[i] > group->largest[i])
            group->largest[i] = group->own[i];
    }
}

static void count_users(struct cross *cross)
{
    const struct population *population = cross->source->population;
    for (uint32_t user = 0; user <= cross->source->catalogue->users; user++)
        for (uint64_t i = population->user_start[user]; i < population->user_start[user + 1ull];
             i++) {
            struct group *group = &cross->groups[cross->group_of[population->by_user[i]]];
            if (group->last_user != user + 1) {
                group->support++;
                group->last_user = user + 1;
                memset(group->own, 0, sizeof group->own);
            }
            if (user < cross->source->catalogue->users)
                add_own(cross, group, population->by_user[i]);
        }
}

/*
 * Is a group without conversations a row all the same? With noise each one is, so that rows say
 * nothing (a conversation without a time is in no period of the population); else only those of
 * periods and listed values.
 */
static bool shown_when_empty(const struct cross *cross, size_t index)
{
    if (cross->source->plan->release.noise.mechanism) {
        for (size_t i = cross->field_count; i-- > 0;) {
            const struct field_index *field = &cross->fields[i];
            if (field->field.kind != PLAN_FIELD_STORED && index % field->count == field->unknown)
                return false;
            index /= field->count;
        }
        return true;
    }
    return cross->field_count == 1 && cross->fields[0].ordered && index != cross->fields[0].unknown;
}

static void fill_row(const struct tally_table *table, size_t row, const struct group *group)
{
    /* Each unknown user is one here, where the support has one for all of them. */
    uint64_t users = group->support + group->unknown - (group->unknown > 0);
    const uint64_t values[COLUMNS] = {[CONVERSATIONS] = group->conversations,
                                      [EXCHANGES] = group->exchanges,
                                      [TURNS] = group->turns,
                                      [USERS] = users,
                                      [WORDS] = group->words};
    const uint64_t largest[COLUMNS] = {[CONVERSATIONS] = group->largest[0],
                                       [EXCHANGES] = group->largest[1],
                                       [TURNS] = group->largest[2],
                                       [WORDS] = group->largest[3]};
    for (size_t column = 0; column < COLUMNS; column++)
        *tally_cell_at(table, row, column) =
            (struct tally_cell){values[column], group->support, largest[column]};
}

static enum status fill_keys(struct tally *tally, const struct cross *cross, size_t index,
                             const struct tally_table *table, size_t row, struct error *err)
{
    for (size_t i = cross->field_count; i-- > 0;) {
        const struct field_index *field = &cross->fields[i];
        const struct intern_text *label = &field->labels.items[index % field->count];
        index /= field->count;
        const char *copy = arena_strndup(&tally->arena, label->text, label->len);
        if (!copy)
            return error_nomem(err);
        table->key_values[row * cross->field_count + i] = copy;
    }
    return STATUS_OK;
}

/*
 * Rows add up to the total; no cell has more users than conversations, more conversations than
 * exchanges (each has one at least) or more exchanges than turns.
 */
static enum status relate(struct tally *tally, struct tally_table *table, struct error *err)
{
    size_t total = table->row_count - 1;
    struct tally_term *terms = mem_zalloc(table->row_count, sizeof *terms);
    if (!terms)
        return error_nomem(err);
    enum status status = STATUS_OK;
    for (uint32_t column = 0; status == STATUS_OK && column < COLUMNS; column++) {
        bool users = columns[column].flags & TALLY_USERS;
        for (uint32_t row = 0; row < table->row_count; row++)
            terms[row] = (struct tally_term){row, column,
                                             row == total ? (users ? 1 : -1) : (users ? -1 : 1)};
        /* A user may be in several rows: the total has at most the sum. */
        status = tally_relate(tally, table, terms, table->row_count, users, err);
    }
    for (uint32_t row = 0; status == STATUS_OK && row < table->row_count; row++) {
        static const uint32_t chain[] = {USERS, CONVERSATIONS, EXCHANGES, TURNS};
        for (size_t i = 0; status == STATUS_OK && i < 3; i++) {
            const struct tally_term at_most[] = {{row, chain[i], 1}, {row, chain[i + 1], -1}};
            status = tally_relate(tally, table, at_most, 2, true, err);
        }
        const struct tally_term within[] = {{row, USERS, 1}, {(uint32_t)total, USERS, -1}};
        if (status == STATUS_OK && row != total)
            status = tally_relate(tally, table, within, 2, true, err);
    }
    free(terms);
    return status;
}

static enum status write_table(const struct cross *cross, const char *id, size_t query,
                               const struct tally_key *keys, struct tally *tally, struct error *err)
{
    const struct population *population = cross->source->population;
    size_t rows = 0, row = 0;
    /* Without fields the only group is the total itself. */
    for (size_t index = 0; cross->field_count && index < cross->size; index++)
        rows += cross->numbers[index] || shown_when_empty(cross, index);
    struct tally_table *table;
    TRY(tally_add_table(tally, id, query, keys, cross->field_count, columns, COLUMNS, rows + 1,
                        &table, err));
    for (size_t index = 0; row < rows; index++) {
        if (!cross->numbers[index] && !shown_when_empty(cross, index))
            continue;
        static const struct group none;
        fill_row(table, row,
                 cross->numbers[index] ? &cross->groups[cross->numbers[index] - 1] : &none);
        TRY(fill_keys(tally, cross, index, table, row++, err));
    }
    for (size_t i = 0; i < cross->field_count; i++)
        table->key_values[rows * cross->field_count + i] = "total";
    const uint64_t totals[COLUMNS] = {[CONVERSATIONS] = population->conversations,
                                      [EXCHANGES] = population->exchange_count,
                                      [TURNS] = population->turns,
                                      [USERS] = population->users,
                                      [WORDS] = population->words};
    for (size_t column = 0; column < COLUMNS; column++)
        *tally_cell_at(table, rows, column) =
            (struct tally_cell){totals[column], population->users_support, 0};
    table->row_flags[rows] |= TALLY_KEEP;
    return rows ? relate(tally, table, err) : STATUS_OK;
}

static void cross_release(struct cross *cross)
{
    for (size_t i = 0; cross->fields && i < cross->field_count; i++)
        field_index_release(&cross->fields[i]);
    free(cross->fields);
    free(cross->numbers);
    free(cross->groups);
    free(cross->group_of);
}

/* Sums the rows by group. Release also on failure. */
static enum status cross_init(struct cross *cross, const struct tally_source *source,
                              const char *id, const struct plan_field *by, size_t by_count,
                              struct error *err)
{
    int64_t first, last;
    *cross = (struct cross){.source = source, .field_count = by_count, .size = 1};
    cross->fields = mem_zalloc(by_count, sizeof *cross->fields);
    if (!cross->fields)
        return error_nomem(err);
    period_of(source, &first, &last);
    for (size_t i = 0; i < by_count; i++) {
        TRY(field_index_init(&cross->fields[i], source->catalogue, &by[i], first, last, err));
        if (cross->fields[i].count > GROUPS_MAX / cross->size) {
            (void)error_set(err, STATUS_PLAN, NULL,
                            "query \"%s\" has more than %d combinations of values", id, GROUPS_MAX);
            return error_hint(err,
                              "list the values of interest: {\"field\": \"%s\", \"values\": [...]}",
                              by[i].name);
        }
        cross->size *= cross->fields[i].count;
    }
    cross->numbers = mem_zalloc(cross->size, sizeof *cross->numbers);
    cross->group_of = mem_zalloc(by_count ? source->catalogue->rows : 0, sizeof *cross->group_of);
    if (!cross->numbers || !cross->group_of)
        return error_nomem(err);
    for (size_t p = 0; by_count && p < source->catalogue->count; p++)
        TRY(add_rows(cross, p, err));
    return STATUS_OK;
}

enum status tally_cross(const struct tally_source *source, const char *id, size_t query,
                        const struct plan_field *by, size_t by_count, const struct tally_key *keys,
                        struct tally *tally, struct error *err)
{
    struct cross cross;
    enum status status = cross_init(&cross, source, id, by, by_count, err);
    if (status == STATUS_OK) {
        if (by_count)
            count_users(&cross);
        status = write_table(&cross, id, query, keys, tally, err);
    }
    if (status == STATUS_OK) {
        struct tally_table *table = &tally->tables[tally->table_count - 1];
        table->by = by;
        table->by_count = by_count;
        table->lists_found = by_count > 0;
        table->from = source->plan->population.from;
        table->to = source->plan->population.to;
        table->filters = source->plan->population.filters;
        table->filter_count = source->plan->population.filter_count;
    }
    cross_release(&cross);
    return status;
}

enum status tally_cross_each(const struct tally_source *source, const char *id,
                             const struct plan_field *by, size_t by_count,
                             enum status (*see)(void *context, uint32_t table_row, size_t part,
                                                uint32_t row, struct error *err),
                             void *context, struct error *err)
{
    struct cross cross;
    uint32_t *row_of = NULL, next = 0; /* [group] row of the table */
    enum status status = STATUS_OK;
    TRY_CLEANUP(cross_init(&cross, source, id, by, by_count, err));
    row_of = mem_zalloc(cross.count, sizeof *row_of);
    if (!row_of) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t index = 0; index < cross.size; index++) {
        if (cross.numbers[index])
            row_of[cross.numbers[index] - 1] = next;
        next += cross.numbers[index] || shown_when_empty(&cross, index);
    }
    for (size_t p = 0; p < source->catalogue->count; p++) {
        const struct catalogue_part *part = &source->catalogue->parts[p];
        for (uint32_t row = 0; row < part->rows; row++)
            if (population_has(source->population, p, row))
                TRY_CLEANUP(
                    see(context, row_of[cross.group_of[part->first_row + row]], p, row, err));
    }
cleanup:
    free(row_of);
    cross_release(&cross);
    return status;
}

enum status tally_count(const struct tally_source *source, size_t query, struct tally *tally,
                        struct error *err)
{
    const struct plan_query *asked = &source->plan->queries[query];
    struct tally_key *keys = arena_zalloc(&tally->arena, asked->by_count, sizeof *keys);
    if (!keys)
        return error_nomem(err);
    for (size_t i = 0; i < asked->by_count; i++) {
        char *title = arena_printf(&tally->arena, "%s", asked->by[i].name);
        char *id = arena_printf(&tally->arena, "%s", asked->by[i].name);
        if (!title || !id)
            return error_nomem(err);
        if (title[0] >= 'a' && title[0] <= 'z')
            title[0] = (char)(title[0] - 'a' + 'A');
        keys[i] = (struct tally_key){
            id, title, asked->by[i].kind == PLAN_FIELD_MONTH ? TALLY_KEY_MONTH : TALLY_KEY_STRING};
    }
    return tally_cross(source, asked->id, query, asked->by, asked->by_count, keys, tally, err);
}
