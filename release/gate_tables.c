/*
 * Tables without noise: which of their cells are withheld, and the figures of the others. Tables
 * that are tied to each other are judged together.
 */
#include "base/memory.h"
#include "release/figure_make.h"
#include "release/smallcell.h"

#include <stdlib.h>
#include <string.h>

/* Units of columns in which a number of the population may stand, and which one. */
static const struct {
    const char *unit;
    size_t number;
} population_units[] = {{"conversations", TALLY_CONVERSATIONS},
                        {"records", TALLY_CONVERSATIONS},
                        {"exchanges", TALLY_EXCHANGES},
                        {"users", TALLY_USERS_COLUMN},
                        {"words", TALLY_WORDS}};
enum { POPULATION_UNITS = sizeof population_units / sizeof *population_units };

/* Marks the cells of kept rows that repeat a number of the population, and of those told elsewhere.
 */
static void mark_fixed(const struct release *release, const struct tally *tally,
                       const struct tally_table *table, unsigned char *flags)
{
    for (size_t row = 0; row < table->row_count; row++) {
        if (table->row_flags[row] & TALLY_TOLD)
            memset(flags + row * table->column_count, SMALLCELL_FIXED, table->column_count);
        if (!(table->row_flags[row] & TALLY_KEEP))
            continue;
        for (size_t column = 0; column < table->column_count; column++) {
            const char *unit = table->columns[column].unit;
            for (size_t i = 0; unit && i < POPULATION_UNITS; i++) {
                size_t number = population_units[i].number;
                if (strcmp(unit, population_units[i].unit) == 0 &&
                    release->population[number].state == FIGURE_EXACT &&
                    tally_cell_at(table, row, column)->value == tally->population[number].value)
                    flags[row * table->column_count + column] = SMALLCELL_FIXED;
            }
        }
    }
}

/* Where one user has most of a cell, a tenth of it must stay open: the p % rule of statistical
 * offices at p = 10. */
enum { DOMINANCE_PART = 10 };

/* Rows from which, with another figure, a number of few users would follow: the reader must not
 * know whether anything lies between. */
static void demand_differences(const struct release *release, const struct tally *tally,
                               size_t number, struct smallcell_demand *demands)
{
    const struct tally_table *table = &tally->tables[number];
    for (size_t i = 0; i < tally->difference_count; i++) {
        const struct tally_difference *d = &tally->differences[i];
        int64_t width = (int64_t)d->conversations + 1, least = (int64_t)release->min_users - 1;
        if (d->table != number || table->row_flags[d->row] & TALLY_KEEP)
            continue;
        for (size_t c = 0; c < table->column_count; c++) {
            size_t cell = d->row * table->column_count + c;
            if (strcmp(table->columns[c].id, "conversations") == 0 &&
                demands[cell].width < (width > least ? width : least))
                demands[cell].width = width > least ? width : least;
        }
    }
}

/* Cells that are withheld for another reason than few users. */
static void make_demands(const struct release *release, const struct tally_table *table,
                         struct smallcell_demand *demands)
{
    for (size_t i = 0; i < table->row_count * table->column_count; i++) {
        const struct tally_cell *cell = &table->cells[i];
        const struct tally_column *column = &table->columns[i % table->column_count];
        bool conversations = column->unit && strcmp(column->unit, "conversations") == 0;
        int64_t most = (int64_t)release->min_conversations - 1;
        if (table->row_flags[i / table->column_count] & (TALLY_KEEP | TALLY_FREE))
            continue;
        if (conversations && cell->value && cell->value < release->min_conversations)
            demands[i] = (struct smallcell_demand){most, most > 1 ? most - 1 : 1};
        else if (release->dominance > 0 && release->min_users > 1 && cell->value &&
                 (double)cell->largest > release->dominance * (double)cell->value)
            demands[i] =
                (struct smallcell_demand){0, (int64_t)((cell->value - 1) / DOMINANCE_PART) + 1};
    }
}

/* ---- patterns ---- */

/* What is withheld, of each table: in the release's arena. */
static enum status make_room(struct release *release, const struct tally *tally,
                             unsigned char ***out, struct error *err)
{
    unsigned char **flags = arena_zalloc(&release->arena, tally->table_count, sizeof *flags);
    for (size_t i = 0; flags && i < tally->table_count; i++) {
        const struct tally_table *table = &tally->tables[i];
        flags[i] = arena_zalloc(&release->arena, table->row_count * table->column_count + 1, 1);
        if (!flags[i])
            flags = NULL;
    }
    *out = flags;
    return flags ? STATUS_OK : error_nomem(err);
}

/* The demands on all cells of table NUMBER. */
static void demand(const struct release *release, const struct tally *tally, size_t number,
                   struct smallcell_demand *demands)
{
    make_demands(release, &tally->tables[number], demands);
    demand_differences(release, tally, number, demands);
}

static enum status judge_table(const struct release *release, const struct tally *tally,
                               size_t number, unsigned char *flags, struct error *err)
{
    const struct tally_table *table = &tally->tables[number];
    struct smallcell_demand *demands =
        mem_zalloc(table->row_count * table->column_count, sizeof *demands);
    if (!demands)
        return error_nomem(err);
    mark_fixed(release, tally, table, flags);
    demand(release, tally, number, demands);
    enum status status = smallcell_suppress(table, release->min_users, demands, flags, NULL, err);
    free(demands);
    return status;
}

/* ---- several tables as one ---- */

struct judging {
    const struct release *release;
    const struct tally *tally;
    const struct tally_joint *joint;
    struct tally_table table; /* the joint one, without what was dropped */
    struct tally_cell *cells;
    struct tally_relation *relations;
    struct smallcell_demand *demands;
    unsigned char *flags;
    bool *dropped; /* [member] */
};

static void judging_release(struct judging *j)
{
    free(j->cells);
    free(j->relations);
    free(j->demands);
    free(j->flags);
    free(j->dropped);
}

static size_t member_of(const struct tally_joint *joint, uint32_t row)
{
    size_t i = joint->count;
    while (joint->first[i - 1] > row)
        i--;
    return i - 1;
}

static bool is_dropped(const struct judging *j, uint32_t row)
{
    return row < j->joint->hidden && j->dropped[member_of(j->joint, row)];
}

static bool touches_dropped(const struct judging *j, const struct tally_relation *relation)
{
    for (size_t i = 0; i < relation->count; i++)
        if (is_dropped(j, relation->terms[i].row))
            return true;
    return false;
}

/* The joint table as it is without the dropped members: their cells are 0 and tied to nothing. */
static void make_table(struct judging *j)
{
    const struct tally_table *from = &j->joint->table;
    j->table = *from;
    j->table.cells = j->cells;
    j->table.relations = j->relations;
    j->table.relation_count = 0;
    for (size_t row = 0; row < from->row_count; row++)
        for (size_t c = 0; c < from->column_count; c++) {
            size_t cell = row * from->column_count + c;
            bool dropped = is_dropped(j, (uint32_t)row);
            j->cells[cell] = dropped ? (struct tally_cell){0, 0, 0} : from->cells[cell];
            if (dropped)
                j->demands[cell].width = 0;
        }
    for (size_t r = 0; r < from->relation_count; r++)
        if (!touches_dropped(j, &from->relations[r]))
            j->relations[j->table.relation_count++] = from->relations[r];
}

/* The member to drop next, of those that are still there: the one with the most rows; the spared
 * one, and what is told elsewhere, never; the count if only one is left. */
static size_t largest_member(const struct judging *j)
{
    size_t best = j->joint->count, left = 0;
    for (size_t i = 0; i < j->joint->count; i++) {
        if (j->dropped[i])
            continue;
        left++;
        const struct tally_table *member = &j->tally->tables[j->joint->members[i]];
        if (i != j->joint->spared && !(member->row_flags[0] & TALLY_TOLD) &&
            (best == j->joint->count || j->tally->tables[j->joint->members[i]].row_count >
                                            j->tally->tables[j->joint->members[best]].row_count))
            best = i;
    }
    return left > 1 ? best : j->joint->count;
}

static void share_flags(const struct judging *j, unsigned char **flags)
{
    size_t columns = j->table.column_count;
    for (size_t i = 0; i < j->joint->count; i++) {
        const struct tally_table *member = &j->tally->tables[j->joint->members[i]];
        unsigned char *to = flags[j->joint->members[i]];
        for (size_t row = 0; row < member->row_count; row++)
            for (size_t c = 0; c < member->column_count; c++, to++)
                *to =
                    j->dropped[i] && !(member->row_flags[row] & TALLY_KEEP)
                        ? SMALLCELL_WITHHELD
                        : j->flags[(j->joint->first[i] + row) * columns + j->joint->columns[i][c]];
    }
}

/* The demands on member NUMBER, where its cells stand in the joint table. */
static enum status demand_member(struct judging *j, size_t number, struct error *err)
{
    size_t table = j->joint->members[number], columns = j->joint->table.column_count;
    const struct tally_table *member = &j->tally->tables[table];
    struct smallcell_demand *demands =
        mem_zalloc(member->row_count * member->column_count, sizeof *demands);
    if (!demands)
        return error_nomem(err);
    demand(j->release, j->tally, table, demands);
    for (size_t row = 0; row < member->row_count; row++)
        for (size_t c = 0; c < member->column_count; c++)
            j->demands[(j->joint->first[number] + row) * columns + j->joint->columns[number][c]] =
                demands[row * member->column_count + c];
    free(demands);
    return STATUS_OK;
}

static enum status judge_once(struct judging *j, struct error *err)
{
    size_t columns = j->table.column_count;
    make_table(j);
    memset(j->flags, 0, j->table.row_count * columns);
    mark_fixed(j->release, j->tally, &j->table, j->flags);
    for (size_t row = j->joint->hidden; row < j->table.row_count; row++)
        j->flags[row * columns] = SMALLCELL_HIDDEN;
    return smallcell_suppress(&j->table, j->release->min_users, j->demands, j->flags, NULL, err);
}

/*
 * Where all together cannot be protected, the finest table is withheld whole, its zeros too, and
 * the rest is judged without it.
 */
static enum status judge_joint(const struct release *release, const struct tally *tally,
                               const struct tally_joint *joint, unsigned char **flags,
                               struct error *err)
{
    const struct tally_table *table = &joint->table;
    size_t cells = table->row_count * table->column_count;
    enum status status = STATUS_OK;
    struct judging j = {.release = release, .tally = tally, .joint = joint};
    j.cells = mem_zalloc(cells, sizeof *j.cells);
    j.relations = mem_zalloc(table->relation_count, sizeof *j.relations);
    j.demands = mem_zalloc(cells, sizeof *j.demands);
    j.flags = mem_zalloc(cells, sizeof *j.flags);
    j.dropped = mem_zalloc(joint->count, sizeof *j.dropped);
    if (!j.cells || !j.relations || !j.demands || !j.flags || !j.dropped) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t i = 0; i < joint->count; i++)
        TRY_CLEANUP(demand_member(&j, i, err));
    j.table = *table;
    for (;;) {
        status = judge_once(&j, err);
        size_t finest = largest_member(&j);
        if (status != STATUS_REFUSED || finest == joint->count)
            break;
        j.dropped[finest] = true;
    }
    if (status == STATUS_OK)
        share_flags(&j, flags);
cleanup:
    judging_release(&j);
    return status;
}

static bool is_joined(const struct tally *tally, size_t number)
{
    for (size_t j = 0; j < tally->joint_count; j++)
        for (size_t i = 0; i < tally->joints[j].count; i++)
            if (tally->joints[j].members[i] == number)
                return true;
    return false;
}

static enum status judge_all(struct release *release, const struct tally *tally,
                             unsigned char **flags, struct error *err)
{
    for (size_t j = 0; j < tally->joint_count; j++)
        TRY(judge_joint(release, tally, &tally->joints[j], flags, err));
    for (size_t i = 0; i < tally->table_count; i++)
        if (!is_joined(tally, i))
            TRY(judge_table(release, tally, i, flags[i], err));
    return STATUS_OK;
}

/* ---- figures ---- */

static enum status release_one_table(struct release *release, const struct tally_table *from,
                                     const unsigned char *flags, struct error *err)
{
    struct figure_table *to = &release->tables[release->table_count];
    TRY(release_copy_heads(release, to, from, err));
    for (size_t i = 0; i < from->row_count * from->column_count; i++) {
        bool withheld = flags[i] & SMALLCELL_WITHHELD;
        to->figures[i] = withheld ? (struct figure){.state = FIGURE_WITHHELD}
                                  : (struct figure){.value = from->cells[i].value};
        to->withheld += withheld;
    }
    if (!from->untold)
        release->withheld += to->withheld;
    release->table_count++;
    return STATUS_OK;
}

enum status release_tables(struct release *release, const struct tally *tally, struct error *err)
{
    unsigned char **flags;
    TRY(make_room(release, tally, &flags, err));
    TRY(judge_all(release, tally, flags, err));
    for (size_t i = 0; i < tally->table_count; i++)
        TRY(release_one_table(release, &tally->tables[i], flags[i], err));
    return STATUS_OK;
}
