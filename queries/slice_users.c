/* Users between two sets of rows: see slice_users.h. */
#include "queries/slice_users.h"

#include "base/memory.h"
#include "queries/row_standing.h"
#include "queries/tally_count.h"

#include <stdlib.h>

/* One conversation's user in what is between; all unknown users have the largest number. */
struct between {
    uint32_t slack, user;
};

struct counting {
    const struct catalogue *catalogue;
    const uint32_t *slack_of;
    const bool *within;
    uint32_t *marks; /* [row of the catalogue] as slack_of */
    struct between *list;
    size_t count, capacity;
};

typedef enum status see_row(void *context, uint32_t table_row, size_t part, uint32_t row,
                            struct error *err);

static enum status each_row(struct told_population *population, const struct slice_rows *rows,
                            see_row *see, void *context, struct error *err)
{
    const struct tally_table *table = rows->table;
    const struct tally_source *source;
    struct told_wish wish = told_wish_of(table);
    TRY(told_population_source(population, &wish, &source, err));
    if (!rows->total)
        return tally_cross_each(source, table->id, table->by, table->by_count, see, context, err);
    for (size_t p = 0; p < source->catalogue->count; p++)
        for (uint32_t row = 0; row < source->catalogue->parts[p].rows; row++)
            if (population_has(source->population, p, row))
                TRY(see(context, (uint32_t)table->row_count - 1, p, row, err));
    return STATUS_OK;
}

static enum status mark(void *context, uint32_t table_row, size_t part, uint32_t row,
                        struct error *err)
{
    struct counting *c = context;
    (void)err;
    c->marks[c->catalogue->parts[part].first_row + row] = c->slack_of[table_row];
    return STATUS_OK;
}

static enum status leave_out(void *context, uint32_t table_row, size_t part, uint32_t row,
                             struct error *err)
{
    struct counting *c = context;
    (void)err;
    if (c->within[table_row])
        c->marks[c->catalogue->parts[part].first_row + row] = 0;
    return STATUS_OK;
}

static enum status list_users(struct counting *c, struct error *err)
{
    for (size_t p = 0; p < c->catalogue->count; p++) {
        const struct catalogue_part *part = &c->catalogue->parts[p];
        for (uint32_t row = 0; row < part->rows; row++) {
            uint32_t slack = c->marks[part->first_row + row];
            if (!slack)
                continue;
            struct between *grown = mem_grow(c->list, &c->capacity, c->count + 1, sizeof *grown);
            if (!grown)
                return error_nomem(err);
            c->list = grown;
            grown[c->count++] = (struct between){slack, catalogue_user(part, row)};
        }
    }
    return STATUS_OK;
}

static int compare(const void *a, const void *b)
{
    const struct between *x = a, *y = b;
    if (x->slack != y->slack)
        return x->slack < y->slack ? -1 : 1;
    return (x->user > y->user) - (x->user < y->user);
}

enum status slice_users(struct told_population *population, const struct slice_rows *outer,
                        const uint32_t *slack_of, const struct slice_rows *inner,
                        const bool *within, size_t count, uint32_t *users, struct error *err)
{
    enum status status = STATUS_OK;
    struct counting c = {
        .catalogue = population->own->catalogue, .slack_of = slack_of, .within = within};
    c.marks = mem_zalloc(c.catalogue->rows, sizeof *c.marks);
    if (!c.marks)
        TRY_CLEANUP(error_nomem(err));
    TRY_CLEANUP(each_row(population, outer, mark, &c, err));
    TRY_CLEANUP(each_row(population, inner, leave_out, &c, err));
    TRY_CLEANUP(list_users(&c, err));
    if (c.count)
        qsort(c.list, c.count, sizeof *c.list, compare);
    for (size_t i = 0; i < count; i++)
        users[i] = 0;
    for (size_t i = 0; i < c.count; i++)
        users[c.list[i].slack - 1] += i == 0 || compare(&c.list[i], &c.list[i - 1]) != 0;
cleanup:
    free(c.marks);
    free(c.list);
    return status;
}

/* ---- populations that are nearly the same ---- */

static enum status is_inside(const struct tally_table *part, const struct tally_table *whole,
                             bool *inside, struct error *err)
{
    enum standing *standing = mem_zalloc(part->row_count, sizeof *standing);
    enum status status = standing ? row_standings(part, whole, standing, err) : error_nomem(err);
    *inside = status == STATUS_OK && standing[part->row_count - 1] == STANDS_INSIDE;
    free(standing);
    return status;
}

static uint64_t total_of(const struct tally_table *table, size_t column)
{
    return tally_cell_at(table, table->row_count - 1, column)->value;
}

/* The users of a population that are of none of PART's conversations are at most those of what it
 * has more; so it is not counted where they are many. */
static enum status differs_by_few(struct told_population *population,
                                  const struct tally_table *part, const struct tally_table *whole,
                                  uint32_t min_users, bool *few, struct error *err)
{
    const struct slice_rows outer = {whole, true}, inner = {part, true};
    bool inside;
    uint32_t users = 0;
    enum status status = STATUS_OK;
    uint32_t *slack_of = NULL;
    bool *within = NULL;
    *few = false;
    TRY(is_inside(part, whole, &inside, err));
    uint64_t more = total_of(whole, 0) - total_of(part, 0);
    if (!inside || total_of(whole, 0) <= total_of(part, 0))
        return STATUS_OK;
    for (size_t c = 0; c < part->column_count && c < whole->column_count; c++)
        if (whole->columns[c].flags & TALLY_USERS &&
            total_of(whole, c) >= total_of(part, c) + min_users)
            return STATUS_OK;
    *few = more < min_users;
    if (*few)
        return STATUS_OK;
    slack_of = mem_zalloc(whole->row_count, sizeof *slack_of);
    within = mem_zalloc(part->row_count, sizeof *within);
    if (!slack_of || !within)
        TRY_CLEANUP(error_nomem(err));
    slack_of[whole->row_count - 1] = 1;
    within[part->row_count - 1] = true;
    TRY_CLEANUP(slice_users(population, &outer, slack_of, &inner, within, 1, &users, err));
    *few = users < min_users;
cleanup:
    free(slack_of);
    free(within);
    return status;
}

enum status slice_is_near(struct told_population *population, const struct tally_table *a,
                          const struct tally_table *b, uint32_t min_users, bool *near,
                          struct error *err)
{
    TRY(differs_by_few(population, a, b, min_users, near, err));
    return *near ? STATUS_OK : differs_by_few(population, b, a, min_users, near, err);
}
