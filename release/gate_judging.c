/*
 * Which cells of a tally are withheld: see gate_judging.h. All tables are judged together, as far
 * as they are tied to each other (web.h). With them are those that earlier reports told (struct
 * tally_table, told_before): what these showed is known, what they withheld stays withheld and must
 * not follow, and no figure is made of them.
 */
#include "release/gate_judging.h"

#include "release/attacker.h"
#include "release/figure_make.h"
#include "release/gate_again.h"
#include "release/gate_before.h"
#include "release/gate_demands.h"
#include "release/smallcell.h"
#include "release/web.h"

#include <string.h>

/* Work on all components together, each of which has ATTACKER_WORK of it at most (attacker.h); and
 * what is for each judging of one in any case. */
#define WORK_IN_ALL (4 * ATTACKER_WORK)
#define WORK_LEAST  (ATTACKER_WORK / 32)

struct judging {
    struct release *release;
    const struct tally *tally;
    unsigned char **flags;             /* [table][cell], in the release's arena */
    struct smallcell_demand **demands; /* [table][cell] */
    bool *dropped;                     /* [table] of the component being judged */
    bool *without;                     /* [table] of which nothing is told */
    bool again;                        /* since there is one more such table */
    struct gate_again *last;           /* what the last judging found, or NULL */
    struct web web;
    size_t work_left;   /* for all components */
    size_t own_left;    /* for the one being judged */
    bool whole;         /* its last judging withheld something whole */
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
            (*flags)[i * columns + row->column[c]] =
                j->flags[row->table][row->row * own + c] |
                (again_was_withheld(j->last, row->table, row->row * own + c) ? SMALLCELL_AGAIN : 0);
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
 * number of tables if only one is left, unless an earlier report told of any. */
static size_t largest_table(const struct judging *j, const struct web_part *part)
{
    size_t none = j->tally->table_count, best = none, last = none;
    size_t left = before_any(j->tally);
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

/* What each row of the part is known by from one judging to the next. */
static enum status name_rows(struct judging *j, const struct web_part *part, const uint32_t **nodes,
                             struct error *err)
{
    uint32_t *names = arena_zalloc(&j->part_arena, part->table.row_count + 1, sizeof *names);
    if (!names)
        return error_nomem(err);
    for (size_t i = 0; i < part->table.row_count; i++) {
        const struct web_row *row = &part->rows[i];
        size_t table = row->table == TALLY_HIDDEN ? j->tally->table_count : row->table;
        names[i] = row->known ? UINT32_MAX : (uint32_t)(j->web.first[table] + row->row);
    }
    *nodes = names;
    return STATUS_OK;
}

static size_t less(size_t left, size_t used)
{
    return used < left ? left - used : 0;
}

static enum status judge_once(struct judging *j, size_t number, struct web_part *part,
                              unsigned char **flags, struct error *err)
{
    struct smallcell_demand *demands;
    arena_reset(&j->part_arena, SIZE_MAX);
    TRY(web_part_make(&j->web, number, j->dropped, &j->part_arena, part, err));
    TRY(share_out(j, part, flags, &demands, err));
    /* Where there still is a table to drop, a quarter of the work is for what comes after that. */
    bool is_last = largest_table(j, part) == j->tally->table_count;
    size_t limit = is_last ? j->own_left : j->own_left - j->own_left / 4;
    struct smallcell_work work = {.limit = limit > WORK_LEAST ? limit : WORK_LEAST,
                                  .known = again_moves(j->last)};
    TRY(name_rows(j, part, &work.nodes, err));
    enum status status = smallcell_suppress(&part->table, j->release->min_users, demands,
                                            part->sets, *flags, &work, err);
    j->work_left = less(j->work_left, work.used);
    j->own_left = less(j->own_left, work.used);
    j->whole = work.whole;
    return status;
}

/* Drops the tables that the last judging had to drop of this component; returns how many. Where
 * there are earlier reports, all is tried again. */
static size_t drop_as_before(struct judging *j, size_t number, size_t own)
{
    size_t gone = 0;
    memset(j->dropped, 0, j->tally->table_count * sizeof *j->dropped);
    for (size_t i = j->web.node_start[number];
         own == j->tally->table_count && i < j->web.node_start[number + 1]; i++) {
        size_t table = 0;
        while (table < j->tally->table_count && j->web.nodes[i] >= j->web.first[table + 1])
            table++;
        if (table == j->tally->table_count || j->dropped[table] || j->without[table])
            continue;
        j->dropped[table] = again_was_gone(j->last, table, j->web.nodes[i] - j->web.first[table]);
        gone += j->dropped[table];
    }
    return gone;
}

static enum status refuse_population(const struct judging *j, struct error *err)
{
    (void)error_set(err, STATUS_REFUSED, "population",
                    "its size, with what earlier reports told under the same ledger, would tell "
                    "figures of fewer than %u users that these withheld",
                    (unsigned)j->release->min_users);
    return error_hint(err, "ask for the period and the filters of an earlier report, or for others "
                           "that cut its tables elsewhere");
}

/* The size of this report's population is also the total of its tables by fields. */
static void drop_population(struct judging *j, size_t own)
{
    for (size_t i = 0; i < j->tally->table_count; i++)
        j->dropped[i] = j->dropped[i] || i == own || !j->tally->tables[i].told_before;
}

/* A component as it was judged. */
struct judged {
    struct web_part part;
    unsigned char *flags;
    size_t gone; /* tables that were dropped */
    bool alone;  /* of the rest nothing is told either */
};

/*
 * Where all of a component cannot be protected, the rows of its finest table are withheld whole,
 * zeros too, and the rest is judged without them; of several tables the last one in the end, too.
 * Earlier reports' tables stay, and this report's population; where they cannot be protected
 * because of that, the report is refused. Where they cannot alone, since the work was used up,
 * nothing of this report is told that is tied to them.
 */
static enum status judge_dropping(struct judging *j, size_t number, struct judged *it,
                                  struct error *err)
{
    size_t own = before_own_total(j->tally);
    enum status status;
    for (;; it->gone++) {
        status = judge_once(j, number, &it->part, &it->flags, err);
        if (status != STATUS_REFUSED)
            break;
        size_t finest = largest_table(j, &it->part);
        if (finest < j->tally->table_count && j->tally->tables[finest].ties) {
            j->without[finest] = j->again = true;
            return STATUS_OK;
        }
        if (finest < j->tally->table_count) {
            j->dropped[finest] = true;
        } else if (own < j->tally->table_count && !j->dropped[own] && has_earlier(j, &it->part)) {
            drop_population(j, own);
        } else if (it->gone > 0) {
            memset(j->dropped, 1, j->tally->table_count * sizeof *j->dropped);
            it->alone = true;
            status = STATUS_OK;
            break;
        } else {
            break;
        }
    }
    if (status != STATUS_OK)
        return status;
    if (own < j->tally->table_count && j->dropped[own] && !it->alone)
        return refuse_population(j, err);
    return STATUS_OK;
}

/* Figures that are told of the component's tables. */
static size_t count_told(const struct judging *j, const struct web_part *part)
{
    size_t told = 0;
    for (size_t i = 0; i < part->table.row_count; i++) {
        const struct web_row *row = &part->rows[i];
        if (row->known || row->table == TALLY_HIDDEN || j->tally->tables[row->table].told_before)
            continue;
        const struct tally_table *table = &j->tally->tables[row->table];
        size_t first = row->row * table->column_count;
        for (size_t cell = first; cell < first + table->column_count; cell++)
            told += table->cells[cell].value && !(j->flags[row->table][cell] & SMALLCELL_WITHHELD);
    }
    return told;
}

static enum status copy_flags(struct judging *j, unsigned char **to, unsigned char *const *from,
                              struct error *err)
{
    for (size_t i = 0; i < j->tally->table_count; i++) {
        size_t cells = j->tally->tables[i].row_count * j->tally->tables[i].column_count;
        if (!to[i])
            to[i] = arena_zalloc(&j->arena, cells + 1, 1);
        if (!to[i])
            return error_nomem(err);
        memcpy(to[i], from[i], cells);
    }
    return STATUS_OK;
}

/*
 * Where something was withheld whole, more may be told without the finest table: takes in what
 * tells more. BEFORE: flags before the component was judged; FIRST: room. (Tables that tie others
 * are dropped before any other, so that none is among those that may follow.)
 */
static enum status judge_without_finest(struct judging *j, size_t number, struct judged *it,
                                        unsigned char *const *before, unsigned char **first,
                                        struct error *err)
{
    size_t finest = largest_table(j, &it->part), told = count_told(j, &it->part);
    if (finest == j->tally->table_count || j->tally->tables[finest].ties)
        return STATUS_OK;
    TRY(copy_flags(j, first, j->flags, err));
    TRY(copy_flags(j, j->flags, before, err));
    j->dropped[finest] = true;
    it->gone++;
    enum status status = judge_dropping(j, number, it, err);
    if (status != STATUS_OK && status != STATUS_REFUSED)
        return status;
    if (status == STATUS_OK) {
        take_in(j, &it->part, it->flags);
        if (count_told(j, &it->part) > told)
            return STATUS_OK;
    }
    return copy_flags(j, j->flags, first, err);
}

static enum status judge_component(struct judging *j, size_t number, struct error *err)
{
    struct judged it = {.flags = NULL};
    unsigned char **before = arena_zalloc(&j->arena, j->tally->table_count, sizeof *before);
    unsigned char **first = arena_zalloc(&j->arena, j->tally->table_count, sizeof *first);
    if (!before || !first)
        return error_nomem(err);
    it.gone = drop_as_before(j, number, before_own_total(j->tally));
    j->own_left = j->work_left < ATTACKER_WORK ? j->work_left : ATTACKER_WORK;
    TRY(judge_dropping(j, number, &it, err));
    if (j->again)
        return STATUS_OK;
    bool retry = j->whole && !it.alone;
    if (retry)
        TRY(copy_flags(j, before, j->flags, err));
    take_in(j, &it.part, it.flags);
    return retry ? judge_without_finest(j, number, &it, before, first, err) : STATUS_OK;
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
        demands_mark_fixed(j->release, tally, &tally->tables[i], j->flags[i]);
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
    for (size_t i = 0; i < j->tally->table_count; i++)
        demands_make(j->release, j->tally, i, j->demands[i]);
    for (size_t i = 0; j->last && i < j->tally->table_count; i++)
        j->without[i] = again_was_without(j->last, i);
    do {
        web_release(&j->web);
        TRY(judge_components(j, err));
    } while (j->again);
    return STATUS_OK;
}

enum status gate_judge(struct release *release, const struct tally *tally, struct gate_again *last,
                       unsigned char ***flags, struct error *err)
{
    struct judging j = {.release = release,
                        .tally = tally,
                        .last = last,
                        .web = {.arena = ARENA_INIT},
                        .arena = ARENA_INIT,
                        .part_arena = ARENA_INIT};
    enum status status = make_room(&j, err);
    if (status == STATUS_OK)
        status = judge_all(&j, err);
    if (status == STATUS_OK && last)
        status = again_note(last, tally, (const unsigned char *const *)j.flags, j.without, err);
    *flags = j.flags;
    web_release(&j.web);
    arena_release(&j.arena);
    arena_release(&j.part_arena);
    return status;
}
