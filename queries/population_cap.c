/* At most so many conversations of each user: see population.h. */
#include "base/memory.h"
#include "queries/population.h"
#include "queries/ticket.h"

#include <stdio.h>
#include <stdlib.h>

struct ticketed_row {
    struct sha256 ticket;
    uint32_t row; /* over the whole catalogue */
};

struct capping {
    struct population *population;
    struct ticket_maker *maker;
    struct ticketed_row *rows;
    size_t capacity;
};

static int compare_tickets(const void *a, const void *b)
{
    const struct ticketed_row *left = a, *right = b;
    int order = ticket_compare(&left->ticket, &right->ticket);
    return order ? order : (left->row > right->row) - (left->row < right->row);
}

static void leave_out(const struct capping *c, uint32_t whole)
{
    uint32_t row;
    const struct catalogue *catalogue = c->population->catalogue;
    const struct catalogue_part *part = population_part(catalogue, whole, &row);
    c->population->reason_of[part - catalogue->parts][row] = EXCLUDED_CAPPED;
}

/* A row's own id, else its number among its user's: an id made from the file and the place in it
 * would change with other users' records. */
static struct span name_of(const struct catalogue *catalogue, uint32_t whole, size_t number,
                           char text[static CATALOGUE_ID_MAX])
{
    uint32_t row;
    const struct catalogue_part *part = population_part(catalogue, whole, &row);
    if (part->ids.offsets[row + 1ull] > part->ids.offsets[row])
        return catalogue_id(part, row, text);
    int len = snprintf(text, CATALOGUE_ID_MAX, "#%zu", number);
    return (struct span){text, (size_t)len};
}

/* Leaves out all but the MOST smallest tickets of COUNT rows of one user. */
static enum status cap_user(struct capping *c, const uint32_t *rows, size_t count, size_t most,
                            struct error *err)
{
    struct ticketed_row *grown = mem_grow(c->rows, &c->capacity, count, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    c->rows = grown;
    for (size_t i = 0; i < count; i++) {
        char number[CATALOGUE_ID_MAX];
        struct span id = name_of(c->population->catalogue, rows[i], i, number);
        grown[i].row = rows[i];
        TRY(ticket_of(c->maker, id.data, id.len, &grown[i].ticket, err));
    }
    qsort(grown, count, sizeof *grown, compare_tickets);
    for (size_t i = most; i < count; i++)
        leave_out(c, grown[i].row);
    return STATUS_OK;
}

static void sum_part(struct population *population, size_t p)
{
    const struct catalogue_part *part = &population->catalogue->parts[p];
    for (uint32_t row = 0; row < part->rows; row++) {
        if (population->reason_of[p][row] == EXCLUDED_CAPPED) {
            bitmap_remove_range(population->rows[p], row, row + 1);
            bitmap_remove_range(population->exchanges[p], part->first_exchange[row],
                                part->first_exchange[row + 1ull]);
        }
        if (!population_has(population, p, row))
            continue;
        population->conversations++;
        population->exchange_count += part->exchanges[row];
        population->turns += part->turns[row];
        population->words += part->words[row];
    }
}

/* Its numbers once more, from the rows that are left. */
static enum status sum_up(struct population *population, struct error *err)
{
    const struct catalogue *catalogue = population->catalogue;
    population->conversations = population->exchange_count = 0;
    population->turns = population->words = population->users = 0;
    for (size_t p = 0; p < catalogue->count; p++)
        sum_part(population, p);
    for (uint32_t user = 0; user < catalogue->users; user++)
        population->users += population->user_start[user] < population->user_start[user + 1ull];
    population->users_support = (uint32_t)population->users;
    free(population->by_user);
    free(population->user_start);
    population->by_user = NULL;
    population->user_start = NULL;
    return population_group_users(population, err);
}

enum status population_cap(struct population *population, uint32_t conversations, const char *seed,
                           struct error *err)
{
    struct capping c = {.population = population};
    enum status status = STATUS_OK;
    const uint64_t *start = population->user_start;
    uint32_t users = population->catalogue->users;
    TRY_CLEANUP(ticket_maker_new(&c.maker, seed, err));
    for (uint32_t user = 0; user < users; user++) {
        size_t count = (size_t)(start[user + 1ull] - start[user]);
        if (count > conversations)
            TRY_CLEANUP(cap_user(&c, population->by_user + start[user], count, conversations, err));
    }
    for (uint64_t i = start[users]; i < start[users + 1ull]; i++)
        leave_out(&c, population->by_user[i]);
    status = sum_up(population, err);
cleanup:
    ticket_maker_free(c.maker);
    free(c.rows);
    return status;
}
