/*
 * Tables without noise: which of their cells are withheld, and the figures of the others. All
 * tables are judged together, as far as they are tied to each other (web.h). With them are those
 * that earlier reports told (struct tally_table, told_before): what these showed is known, what
 * they withheld stays withheld and must not follow, and no figure is made of them.
 */
#include "release/figure_make.h"
#include "release/gate_before.h"
#include "release/smallcell.h"
#include "release/web.h"

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

static size_t population_number(const struct tally_column *column)
{
    for (size_t i = 0; column->unit && i < POPULATION_UNITS; i++)
        if (strcmp(column->unit, population_units[i].unit) == 0)
            return population_units[i].number;
    return TALLY_WORDS + 1;
}

/* Marks what is told elsewhere, and the cells of kept rows that repeat a number of the population;
 * and all of such a row that is the whole population, since other tables may repeat them. */
static void mark_fixed(const struct release *release, const struct tally *tally,
                       const struct tally_table *table, unsigned char *flags)
{
    if (table->told_before) {
        before_mark(table, flags);
        return;
    }
    for (size_t row = 0; row < table->row_count; row++) {
        if (table->row_flags[row] & TALLY_TOLD)
            memset(flags + row * table->column_count, SMALLCELL_FIXED, table->column_count);
        if (!(table->row_flags[row] & TALLY_KEEP))
            continue;
        bool whole = false;
        for (size_t column = 0; column < table->column_count; column++) {
            size_t number = population_number(&table->columns[column]);
            if (number > TALLY_WORDS || release->population[number].state != FIGURE_EXACT ||
                tally_cell_at(table, row, column)->value != tally->population[number].value)
                continue;
            flags[row * table->column_count + column] = SMALLCELL_FIXED;
            whole = whole || number == TALLY_CONVERSATIONS;
        }
        for (size_t column = 0; whole && column < table->column_count; column++)
            flags[row * table->column_count + column] = SMALLCELL_FIXED;
    }
}

/* Where one user has most of a cell, a tenth of it must stay open: the p % rule of statistical
 * offices at p = 10. */
enum { DOMINANCE_PART = 10 };

/* The width that a difference asks for of a cell: for each conversation between as much as one of
 * the row has on average of what the column counts. */
static int64_t width_between(const struct tally_difference *d, const struct tally_cell *cell,
                             const struct tally_cell *conversations, uint32_t min_users)
{
    int64_t least = (int64_t)min_users - 1, width = (int64_t)d->conversations + 1;
    if (conversations->value && cell->value > conversations->value &&
        cell->value / conversations->value < INT32_MAX)
        width = (int64_t)((double)d->conversations * (double)cell->value /
                          (double)conversations->value) +
                1;
    return width > least ? width : least;
}

/* Columns in which conversations add up as they do in the row's number of them, which stands in the
 * first two. */
static const char *const sums[] = {"conversations", "records", "exchanges",  "turns",
                                   "words",         "items",   "occurrences"};
enum { WHOLES = 2, SUMS = sizeof sums / sizeof *sums };

static bool is_among(const struct tally_column *column, size_t first)
{
    for (size_t i = 0; i < first; i++)
        if (strcmp(column->id, sums[i]) == 0)
            return true;
    return false;
}

/* Whether a difference is about column C: its own or, of all conversations of a row, one to which
 * they add what they have. */
static bool is_about(const struct tally_difference *d, const struct tally_table *table, size_t c)
{
    return c == d->column ||
           (is_among(&table->columns[d->column], WHOLES) && is_among(&table->columns[c], SUMS));
}

/* Figures from which, with another one, a number of few users would follow: the reader must not
 * know whether anything lies between. */
static void demand_differences(const struct release *release, const struct tally *tally,
                               size_t number, struct smallcell_demand *demands)
{
    const struct tally_table *table = &tally->tables[number];
    for (size_t i = 0; i < tally->difference_count; i++) {
        const struct tally_difference *d = &tally->differences[i];
        if (d->table != number || table->row_flags[d->row] & TALLY_KEEP)
            continue;
        const struct tally_cell *of = tally_cell_at(table, d->row, d->column);
        for (size_t c = 0; c < table->column_count; c++) {
            const struct tally_cell *cell = tally_cell_at(table, d->row, c);
            struct smallcell_demand *demand = &demands[d->row * table->column_count + c];
            int64_t width = width_between(d, cell, of, release->min_users);
            if (is_about(d, table, c) && cell->value && demand->width < width)
                demand->width = width;
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

/* Work on all components together and, once that is used up, on each (attacker.h). */
enum { WORK_IN_ALL = 18000000, WORK_LEAST = 300000 };

struct judging {
    struct release *release;
    const struct tally *tally;
    unsigned char **flags;             /* [table][cell], in the release's arena */
    struct smallcell_demand **demands; /* [table][cell] */
    bool *dropped;                     /* [table] of the component being judged */
    bool *without;                     /* [table] of which nothing is told */
    bool again;                        /* since there is one more such table */
    struct web web;
    size_t work_left;   /* for all components */
    struct arena arena; /* of all of this, and of a component */
    struct arena part_arena;
};

static enum status make_room(struct judging *j, struct error *err)
{
    const struct tally *tally = j->tally;
    j->flags = arena_zalloc(&j->release->arena, tally->table_count, sizeof *j->flags);
    j->demands = arena_zalloc(&j->arena, tally->table_count, sizeof *j->demands);
    j->dropped = arena_zalloc(&j->arena, tally->table_count, sizeof *j->dropped);
    j->without = arena_zalloc(&j->arena, tally->table_count, sizeof *j->without);
    if (!j->flags || !j->demands || !j->dropped || !j->without)
        return error_nomem(err);
    for (size_t i = 0; i < tally->table_count; i++) {
        size_t cells = tally->tables[i].row_count * tally->tables[i].column_count;
        j->flags[i] = arena_zalloc(&j->release->arena, cells + 1, 1);
        j->demands[i] = arena_zalloc(&j->arena, cells + 1, sizeof **j->demands);
        if (!j->flags[i] || !j->demands[i])
            return error_nomem(err);
    }
    return STATUS_OK;
}

/* ---- a component ---- */

/* Flags and demands of a component's table, in its arena. */
static enum status share_out(struct judging *j, const struct web_part *part, unsigned char **flags,
                             struct smallcell_demand **demands, struct error *err)
{
    size_t columns = part->table.column_count, cells = part->table.row_count * columns;
    *flags = arena_zalloc(&j->part_arena, cells + 1, 1);
    *demands = arena_zalloc(&j->part_arena, cells + 1, sizeof **demands);
    if (!*flags || !*demands)
        return error_nomem(err);
    for (size_t i = 0; i < part->table.row_count; i++) {
        const struct web_row *row = &part->rows[i];
        if (row->known)
            memset(*flags + i * columns, SMALLCELL_FIXED, columns);
        if (row->known)
            continue;
        if (row->table == TALLY_HIDDEN) {
            (*flags)[i * columns] = SMALLCELL_HIDDEN;
            continue;
        }
        size_t own = j->tally->tables[row->table].column_count;
        for (size_t c = 0; c < own; c++) {
            (*flags)[i * columns + row->column[c]] = j->flags[row->table][row->row * own + c];
            if (!j->dropped[row->table])
                (*demands)[i * columns + row->column[c]] =
                    j->demands[row->table][row->row * own + c];
        }
    }
    return STATUS_OK;
}

static void take_in(const struct judging *j, const struct web_part *part,
                    const unsigned char *flags)
{
    for (size_t i = 0; i < part->table.row_count; i++) {
        const struct web_row *row = &part->rows[i];
        if (row->known || row->table == TALLY_HIDDEN || j->tally->tables[row->table].told_before)
            continue;
        const struct tally_table *table = &j->tally->tables[row->table];
        unsigned char *to = j->flags[row->table] + row->row * table->column_count;
        bool gone =
            j->dropped[row->table] && !(table->row_flags[row->row] & (TALLY_KEEP | TALLY_TOLD));
        for (size_t c = 0; c < table->column_count; c++)
            to[c] = gone ? SMALLCELL_WITHHELD | SMALLCELL_PRIMARY | SMALLCELL_GONE
                         : flags[i * part->table.column_count + row->column[c]];
    }
}

static bool drops_before(const struct tally_table *a, const struct tally_table *b)
{
    if (a->ties != b->ties)
        return a->ties;
    return a->spared != b->spared ? b->spared : a->row_count > b->row_count;
}

/* Is what an earlier report told part of the component, or known to it? */
static bool has_earlier(const struct judging *j, const struct web_part *part)
{
    for (size_t i = 0; i < part->table.row_count; i++) {
        uint32_t number = part->rows[i].table;
        if (number != TALLY_HIDDEN && j->tally->tables[number].told_before)
            return true;
    }
    return false;
}

/* The table to drop next, of those of the component that are still there and not told elsewhere:
 * one that ties others to each other, then the one with the most rows, a spared one last; the
 * number of tables if only one is left, unless what an earlier report told is there, too. */
static size_t largest_table(const struct judging *j, const struct web_part *part)
{
    size_t none = j->tally->table_count, best = none, last = none;
    size_t left = has_earlier(j, part);
    for (size_t i = 0; i < part->table.row_count; i++) {
        uint32_t number = part->rows[i].table;
        if (part->rows[i].known || number == TALLY_HIDDEN || number == last || j->dropped[number])
            continue;
        const struct tally_table *table = &j->tally->tables[number];
        if (table->told_before || table->row_flags[0] & TALLY_TOLD)
            continue;
        last = number; /* rows of a table come one after the other */
        left++;
        if (best == none || drops_before(table, &j->tally->tables[best]))
            best = number;
    }
    return left > 1 ? best : none;
}

static enum status judge_once(struct judging *j, size_t number, struct web_part *part,
                              unsigned char **flags, struct error *err)
{
    struct smallcell_demand *demands;
    arena_reset(&j->part_arena, SIZE_MAX);
    TRY(web_part_make(&j->web, number, j->dropped, &j->part_arena, part, err));
    TRY(share_out(j, part, flags, &demands, err));
    /* What others used up is not there; a little is for each. */
    struct smallcell_work work = {.limit = j->work_left > WORK_LEAST ? j->work_left : WORK_LEAST};
    enum status status = smallcell_suppress(&part->table, j->release->min_users, demands,
                                            part->sets, *flags, &work, err);
    j->work_left = work.used < j->work_left ? j->work_left - work.used : 0;
    return status;
}

static enum status refuse_population(const struct judging *j, struct error *err)
{
    (void)error_set(err, STATUS_REFUSED, "population",
                    "its size, with what earlier reports told under the same ledger, would tell "
                    "figures of fewer than %u users that these withheld",
                    (unsigned)j->release->min_users);
    return error_hint(err, "ask for the period of an earlier report, or for one that ends with "
                           "other rows of its tables");
}

/*
 * Where all of a component cannot be protected, the rows of its finest table are withheld whole,
 * zeros too, and the rest is judged without them; of several tables the last one in the end, too.
 * Earlier reports' tables stay, and this report's population; where they cannot be protected
 * because of that, the report is refused. Where they cannot alone, since the work was used up,
 * nothing of this report is told that is tied to them.
 */
static enum status judge_component(struct judging *j, size_t number, struct error *err)
{
    struct web_part part;
    unsigned char *flags = NULL;
    enum status status;
    bool alone = false;
    size_t own = before_own_total(j->tally);
    memset(j->dropped, 0, j->tally->table_count * sizeof *j->dropped);
    for (size_t gone = 0;; gone++) {
        status = judge_once(j, number, &part, &flags, err);
        if (status != STATUS_REFUSED)
            break;
        size_t finest = largest_table(j, &part);
        if (finest < j->tally->table_count && j->tally->tables[finest].ties) {
            j->without[finest] = j->again = true;
            return STATUS_OK;
        }
        if (finest < j->tally->table_count) {
            j->dropped[finest] = true;
        } else if (own < j->tally->table_count && !j->dropped[own] && has_earlier(j, &part)) {
            j->dropped[own] = true;
        } else if (gone > 0) {
            memset(j->dropped, 1, j->tally->table_count * sizeof *j->dropped);
            alone = true;
            status = STATUS_OK;
            break;
        } else {
            break;
        }
    }
    if (status != STATUS_OK)
        return status;
    if (own < j->tally->table_count && j->dropped[own] && !alone)
        return refuse_population(j, err);
    take_in(j, &part, flags);
    return STATUS_OK;
}

/* Tables of which nothing is told but their totals. */
static void withhold_without(const struct judging *j)
{
    for (size_t i = 0; i < j->tally->table_count; i++) {
        const struct tally_table *table = &j->tally->tables[i];
        for (size_t cell = 0; j->without[i] && cell < table->row_count * table->column_count;
             cell++)
            if (!(table->row_flags[cell / table->column_count] & TALLY_KEEP))
                j->flags[i][cell] = SMALLCELL_WITHHELD | SMALLCELL_PRIMARY | SMALLCELL_GONE;
    }
}

static enum status judge_components(struct judging *j, struct error *err)
{
    const struct tally *tally = j->tally;
    j->again = false;
    j->work_left = WORK_IN_ALL;
    for (size_t i = 0; i < tally->table_count; i++) {
        memset(j->flags[i], 0, tally->tables[i].row_count * tally->tables[i].column_count);
        mark_fixed(j->release, tally, &tally->tables[i], j->flags[i]);
    }
    before_mark_known(tally, j->flags);
    TRY(web_init(&j->web, tally, (const unsigned char *const *)j->flags, j->without, err));
    for (size_t i = 0; i < j->web.count && !j->again; i++)
        if (web_is_new(&j->web, i) && web_is_asked(&j->web, i, j->release->min_users, j->demands))
            TRY(judge_component(j, i, err));
    before_withhold_known(tally, j->release->min_users, j->demands, j->flags);
    withhold_without(j);
    return STATUS_OK;
}

/* Where a table that ties others to each other cannot be told, the others are judged anew, apart.
 */
static enum status judge_all(struct judging *j, struct error *err)
{
    for (size_t i = 0; i < j->tally->table_count; i++) {
        make_demands(j->release, &j->tally->tables[i], j->demands[i]);
        demand_differences(j->release, j->tally, i, j->demands[i]);
    }
    do {
        web_release(&j->web);
        TRY(judge_components(j, err));
    } while (j->again);
    return STATUS_OK;
}

/* ---- figures ---- */

/* Rows that are withheld for the sake of others alone. */
static enum status note_complements(struct release *release, struct figure_table *to,
                                    const struct tally_table *from, const unsigned char *flags,
                                    struct error *err)
{
    to->complement = arena_zalloc(&release->arena, from->row_count + 1, sizeof *to->complement);
    if (!to->complement)
        return error_nomem(err);
    for (size_t row = 0; row < from->row_count; row++) {
        unsigned all = 0;
        for (size_t c = 0; c < from->column_count; c++)
            all |= flags[row * from->column_count + c];
        to->complement[row] = all & SMALLCELL_WITHHELD && !(all & SMALLCELL_PRIMARY);
    }
    return STATUS_OK;
}

static enum status note_gone(struct release *release, struct figure_table *to,
                             const struct tally_table *from, const unsigned char *flags,
                             struct error *err)
{
    to->gone = arena_zalloc(&release->arena, from->row_count + 1, sizeof *to->gone);
    if (!to->gone)
        return error_nomem(err);
    for (size_t i = 0; i < from->row_count * from->column_count; i++)
        to->gone[i / from->column_count] |= (flags[i] & SMALLCELL_GONE) != 0;
    return STATUS_OK;
}

static enum status release_one_table(struct release *release, const struct tally_table *from,
                                     const unsigned char *flags, struct error *err)
{
    struct figure_table *to = &release->tables[release->table_count];
    TRY(release_copy_heads(release, to, from, err));
    TRY(note_complements(release, to, from, flags, err));
    TRY(note_gone(release, to, from, flags, err));
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
    struct judging j = {.release = release,
                        .tally = tally,
                        .web = {.arena = ARENA_INIT},
                        .arena = ARENA_INIT,
                        .part_arena = ARENA_INIT};
    enum status status = make_room(&j, err);
    if (status == STATUS_OK)
        status = judge_all(&j, err);
    for (size_t i = 0; status == STATUS_OK && i < tally->table_count; i++)
        if (!tally->tables[i].told_before)
            status = release_one_table(release, &tally->tables[i], j.flags[i], err);
    web_release(&j.web);
    arena_release(&j.arena);
    arena_release(&j.part_arena);
    return status;
}
