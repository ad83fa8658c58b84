/*
 * Small cells: see smallcell.h.
 *
 * Primary cells are withheld first. Then in rounds: every small cell that is not yet proved
 * protected is judged by the moves that the present pattern leaves (propagated bounds, then the
 * search for a move, then the attacker's program); for each that fails, one more cell is withheld,
 * unless another one of this round already loosened the same relations. What is proved stays
 * proved, since a larger pattern only leaves more moves.
 *
 * Complementary suppression in this greedy form is from the cell suppression literature (L. H. Cox,
 * "Suppression methodology and statistical disclosure control", JASA 75, 1980; M. Fischetti and
 * J. J. Salazar, "Solving the cell suppression problem on tabular data with linear constraints",
 * Management Science 47, 2001, for the attacker's bounds). The pattern is valid, not the least
 * possible.
 *
 * A table that is not settled after ROUNDS rounds or the attacker's work has its components
 * withheld whole; if a small cell then still is not proved protected, the table is refused.
 */
#include "release/smallcell.h"

#include "release/attacker.h"
#include "release/moves.h"
#include "release/pattern.h"
#include "release/refutation.h"

/*
 * SCAN: work of a term that is looked at, wherever it lies (attacker.h), LOOK times as much where a
 * cell is chosen. WHOLE: the part of all work that is kept for what is left once components are
 * withheld whole.
 */
enum { ROUNDS = 300, VALUES = 32, SCAN = 8, LOOK = 4, WHOLE = 8, MISSES = 2 };

struct suppression {
    struct pattern pattern;
    struct arena arena, round_arena;
    struct moves moves;
    struct attacker attacker;
    bool *proved;       /* [cell] */
    uint32_t *variable; /* [cell] its variable + 1 */
    size_t *cell_of;    /* [variable] */
    uint32_t *touched;  /* [relation] the last round in which it was loosened */
    uint8_t *misses;    /* [cell] times one after the other that it moved in fractions only */
    uint32_t *judged;   /* [cell] the last round in which it was */
    uint32_t *whole;    /* [cell] the last round in which all that is tied to it was withheld */
    bool missed;        /* the cell being judged did */
    bool hasty;         /* no program is made for a move that is not found without */
    bool postponed;     /* such cells are not asked before those that others can help */
    int64_t *failed;    /* [cell] the move that is missing, 0 for none */
    uint32_t round;
    bool any_whole; /* something was withheld whole */
    size_t limit;   /* of the attacker's work */
    size_t charged; /* terms that were looked at, of which it knows */
    size_t stuck;   /* a cell for which nothing could be chosen in this round, or SIZE_MAX */
    const char *table_id;
    const struct smallcell_demand *demands; /* or NULL */
    struct cubes cubes;                     /* of rows that are combinations; or without sets */
    struct known_moves *known;              /* or NULL */
    struct refutations refutations;
    uint32_t *relation_of; /* [relation of the moves] of the grid */
};

uint64_t smallcell_users(const struct tally_table *table, size_t row, size_t column)
{
    struct tally_cell cell = *tally_cell_at(table, row, column);
    if (!cell.value)
        return 0;
    if (!cell.users)
        return 1;
    return cell.users < cell.value ? cell.users : cell.value;
}

/* Terms that were looked at are work, too. */
static void charge(struct suppression *s)
{
    size_t looked = s->moves.scanned + LOOK * s->pattern.looked + s->refutations.looked;
    attacker_charge(&s->attacker, (looked - s->charged) * SCAN);
    s->charged = looked;
}

/* ---- the moves that a pattern leaves ---- */

static size_t count_variables(struct suppression *s)
{
    const struct grid *grid = &s->pattern.grid;
    size_t count = 0;
    for (size_t cell = 0; cell < grid->cell_count; cell++) {
        bool moves = s->pattern.flags[cell] & SMALLCELL_WITHHELD;
        if (moves)
            s->cell_of[count] = cell;
        s->variable[cell] = moves ? (uint32_t)++count : 0;
    }
    return count;
}

static bool is_open(const struct suppression *s, size_t cell)
{
    return s->pattern.flags[cell] & SMALLCELL_PRIMARY && !s->proved[cell];
}

static enum status build_moves(struct suppression *s, struct error *err)
{
    const struct grid *grid = &s->pattern.grid;
    size_t relations = 0, terms = 0;
    for (size_t r = 0; r < grid->relation_count; r++) {
        relations += s->pattern.withheld_in[r] > 0;
        terms += s->pattern.withheld_in[r];
    }
    arena_reset(&s->round_arena, SIZE_MAX);
    struct moves *moves = &s->moves;
    size_t scanned = moves->scanned + 2 * terms + grid->relation_count;
    TRY(moves_init(moves, &s->round_arena, count_variables(s), relations, terms, err));
    for (size_t cell = 0; cell < grid->cell_count; cell++) {
        if (!s->variable[cell])
            continue;
        size_t v = s->variable[cell] - 1;
        moves->down[v] = grid->value[cell] - pattern_floor(&s->pattern, cell);
        moves->up[v] = MOVES_FAR;
    }
    size_t relation = 0, at = 0;
    for (size_t r = 0; r < grid->relation_count; r++) {
        if (!s->pattern.withheld_in[r])
            continue;
        s->relation_of[relation] = (uint32_t)r;
        moves->slack[relation] = grid->slack[r];
        moves->equality[relation] = grid->equality[r];
        for (size_t i = grid->first[r]; i < grid->first[r + 1]; i++) {
            uint32_t variable = s->variable[grid->terms[i].other];
            if (variable)
                moves->terms[at++] =
                    (struct moves_term){.other = variable - 1, .sign = grid->terms[i].sign};
        }
        moves->first[++relation] = at;
    }
    moves->scanned = scanned;
    moves_prepare(moves);
    bool *kept = arena_zalloc(&s->round_arena, moves->variable_count, sizeof *kept);
    if (!kept)
        return error_nomem(err);
    for (size_t v = 0; v < moves->variable_count; v++)
        kept[v] = grid->users_column[s->cell_of[v] % grid->columns] && is_open(s, s->cell_of[v]);
    attacker_begin(&s->attacker, kept);
    s->pattern.moves = moves;
    s->pattern.variable = s->variable;
    return STATUS_OK;
}

/* ---- is a small cell protected? ---- */

static bool search_move(struct suppression *s, size_t cell, int64_t delta)
{
    bool found = s->attacker.work_left &&
                 ((s->cubes.bits && cubes_reach(&s->cubes, &s->moves, s->variable, cell, delta)) ||
                  moves_find(&s->moves, s->variable[cell] - 1, delta));
    charge(s);
    return found;
}

/* Looks for a move: among those known, from where the last program ended, by the search, by the
 * attacker's program. */
static enum status find_move(struct suppression *s, size_t cell, int64_t delta, bool *found,
                             struct error *err)
{
    struct moves *moves = &s->moves;
    uint32_t variable = s->variable[cell] - 1;
    bool refuted = refutations_hold(&s->refutations, &s->pattern, cell, delta);
    *found = false;
    if (refuted || delta < moves->least[variable] || delta > moves->most[variable])
        return STATUS_OK;
    *found = s->known && known_moves_reach(s->known, moves, s->variable, cell, delta);
    if (*found)
        return STATUS_OK;
    *found = attacker_goes_on(&s->attacker, moves, variable, delta) || search_move(s, cell, delta);
    if (!*found && !s->hasty) {
        enum attacker_answer answer;
        TRY(attacker_reaches(&s->attacker, moves, variable, delta, &answer, err));
        *found = answer == ATTACKER_REACHES;
        if (answer == ATTACKER_FAILS)
            TRY(refutations_keep(&s->refutations, &s->pattern, cell, delta, &s->attacker.limit,
                                 s->relation_of, err));
        s->missed |= answer == ATTACKER_MISSES;
    }
    if (*found && s->known)
        return known_moves_keep(s->known, moves, s->cell_of, cell, delta, err);
    return STATUS_OK;
}

/* May the cell move by DELTA at least (in its direction)? */
static enum status reaches(struct suppression *s, size_t cell, int64_t delta, bool *yes,
                           struct error *err)
{
    struct moves *moves = &s->moves;
    uint32_t variable = s->variable[cell] - 1;
    *yes = true;
    if (delta == 0 || (delta > 0 && moves->highest[variable] >= delta) ||
        (delta < 0 && moves->lowest[variable] <= delta))
        return STATUS_OK;
    return find_move(s, cell, delta, yes, err);
}

static int64_t max_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/*
 * Users: each number from 1 to TOP (above VALUES of them: so many, evenly apart). The ends come
 * first; between them parity and the like could still leave gaps.
 */
static enum status judge_users(struct suppression *s, size_t cell, int64_t value, int64_t top,
                               int64_t *failed, struct error *err)
{
    int64_t steps = top - 1 < VALUES ? top - 1 : VALUES;
    for (int64_t i = 0; i <= steps; i++) {
        /* top, 1, then what lies between */
        int64_t target = i == 0 ? top : 1 + (top - 1) * (i - 1) / steps;
        bool yes = target == value;
        *failed = target - value;
        if (!yes)
            TRY(find_move(s, cell, *failed, &yes, err));
        if (!yes)
            return STATUS_OK;
    }
    *failed = 0;
    return STATUS_OK;
}

/* Other counts: TOP within reach, and a range WIDTH wide. */
static enum status judge_count(struct suppression *s, size_t cell, int64_t value, int64_t top,
                               int64_t width, int64_t *failed, struct error *err)
{
    bool yes;
    int64_t up = max_of(top - value, width), down = value - 1 < width ? value - 1 : width;
    int64_t less = max_of(max_of(top - value, width - down), 0);
    *failed = up;
    TRY(reaches(s, cell, up, &yes, err));
    if (!yes) {
        if (less < up)
            TRY(reaches(s, cell, less, &yes, err));
        if (!yes)
            return STATUS_OK;
        TRY(reaches(s, cell, -down, &yes, err));
    }
    if (yes)
        *failed = 0;
    return STATUS_OK;
}

/* Where one of two ways is found at once, no program need say that the other is none. */
static enum status judge_count_twice(struct suppression *s, size_t cell, int64_t value, int64_t top,
                                     int64_t width, int64_t *failed, struct error *err)
{
    s->hasty = true;
    enum status status = judge_count(s, cell, value, top, width, failed, err);
    s->hasty = false;
    if (status == STATUS_OK && *failed)
        status = judge_count(s, cell, value, top, width, failed, err);
    return status;
}

static enum status judge(struct suppression *s, size_t cell, struct error *err)
{
    const struct grid *grid = &s->pattern.grid;
    uint64_t rule = pattern_rule(&s->pattern, cell);
    int64_t largest = (int64_t)rule - 1;
    int64_t top = max_of(largest, 2), width = max_of(largest - 1, 1);
    int64_t *failed = &s->failed[cell];
    s->missed = false;
    s->judged[cell] = s->round;
    /* A column of users counts each unknown user, of whom the gate knows only one. */
    if (s->demands && s->demands[cell].width && grid->users[cell] >= rule)
        TRY(judge_count_twice(s, cell, grid->value[cell], s->demands[cell].top,
                              s->demands[cell].width, failed, err));
    else if (grid->users_column[cell % grid->columns] &&
             (uint64_t)grid->value[cell] == grid->users[cell])
        TRY(judge_users(s, cell, grid->value[cell], top, failed, err));
    else
        TRY(judge_count_twice(s, cell, grid->value[cell], top, width, failed, err));
    s->proved[cell] = *failed == 0;
    if (!s->missed)
        s->misses[cell] = 0;
    else if (s->misses[cell] < MISSES)
        s->misses[cell]++;
    return STATUS_OK;
}

/* ---- rounds ---- */

static bool any_touched(const struct suppression *s, size_t cell)
{
    const struct grid *grid = &s->pattern.grid;
    for (size_t i = grid->cell_first[cell]; i < grid->cell_first[cell + 1]; i++)
        if (s->touched[grid->cell_terms[i].other] == s->round)
            return true;
    return false;
}

/* Withholds CELL with its mates and marks what that loosens. */
static void loosen(struct suppression *s, size_t cell)
{
    const struct grid *grid = &s->pattern.grid;
    size_t row = cell / grid->columns;
    pattern_withhold(&s->pattern, cell);
    for (size_t mate = row * grid->columns; mate < (row + 1) * grid->columns; mate++) {
        if (grid->users[mate] != grid->users[cell])
            continue;
        for (size_t i = grid->cell_first[mate]; i < grid->cell_first[mate + 1]; i++)
            s->touched[grid->cell_terms[i].other] = s->round;
    }
}

static enum status refuse(const struct suppression *s, struct error *err)
{
    (void)error_set(err, STATUS_REFUSED, s->table_id,
                    "figures of fewer than %llu users would follow from others of this table",
                    (unsigned long long)s->pattern.min_users);
    return error_hint(err, "make the table coarser (fewer fields or values), drop the query, or "
                           "lower release.min_users");
}

/* Withholds all that is tied to CELL, kept rows only if nothing else is left. */
static void withhold_whole(struct suppression *s, size_t cell)
{
    bool news = pattern_withhold_component(&s->pattern, cell, false) ||
                pattern_withhold_component(&s->pattern, cell, true);
    s->any_whole = true;
    for (size_t i = 0; i < s->pattern.queue_count; i++)
        s->whole[s->pattern.queue[i].cell] = s->round;
    if (!news)
        return;
    size_t left = s->attacker.used < s->limit ? s->limit - s->attacker.used : 0;
    s->attacker.work_left = left < s->limit / WHOLE ? left : s->limit / WHOLE;
}

/* Withholds a cell for the sake of CELL, which did not move in this round. */
static void help(struct suppression *s, size_t cell)
{
    size_t chosen, relation;
    bool holds;
    if (s->whole[cell] == s->round)
        return; /* that may have helped it */
    if (s->round > ROUNDS || !s->attacker.work_left || s->misses[cell] >= MISSES) {
        withhold_whole(s, cell);
        return;
    }
    const struct refutation *against =
        refutations_of(&s->refutations, &s->pattern, cell, s->failed[cell], &holds);
    if (against && !holds)
        return; /* what others took may have helped it */
    if (against &&
        pattern_choose_against(&s->pattern, against, s->failed[cell], &chosen, &relation))
        loosen(s, chosen);
    else if (any_touched(s, cell))
        return;
    else if (!pattern_choose(&s->pattern, cell, s->failed[cell], &chosen, &relation))
        s->stuck = cell;
    else if (s->touched[relation] != s->round)
        loosen(s, chosen);
    charge(s);
}

/*
 * Judges what is open: first the cells that nothing but more withheld ones can help, and only when
 * there are none of those left the ones that moved in fractions. *LEFT: how many are open.
 */
static enum status judge_open(struct suppression *s, size_t *left, struct error *err)
{
    size_t cells = s->pattern.grid.cell_count, refuted = 0;
    for (bool missed = false;; missed = true) {
        *left = 0;
        for (size_t cell = 0; cell < cells; cell++) {
            if (!is_open(s, cell))
                continue;
            if (missed == (s->misses[cell] > 0) && s->judged[cell] != s->round)
                TRY(judge(s, cell, err));
            *left += !s->proved[cell];
            refuted += !s->proved[cell] && !s->misses[cell];
        }
        s->postponed = refuted > 0;
        if (missed || refuted)
            return STATUS_OK;
    }
}

/* One round; *DONE if every small cell is proved protected. */
static enum status run_round(struct suppression *s, bool *done, struct error *err)
{
    const struct grid *grid = &s->pattern.grid;
    size_t before = s->pattern.withheld, left;
    s->round++;
    TRY(build_moves(s, err));
    if (s->round == 1 && s->known)
        known_moves_try(s->known, &s->moves, s->variable);
    charge(s);
    TRY(judge_open(s, &left, err));
    *done = left == 0;
    s->stuck = SIZE_MAX;
    /* Without work left, components go whole; what one cell's took is not asked of the next. */
    for (size_t cell = 0; !*done && cell < grid->cell_count; cell++)
        if (is_open(s, cell) && (!s->misses[cell] || !s->postponed))
            help(s, cell);
    /* What nothing can help alone may be helped by what others took: all goes only if nobody took
     * anything. */
    if (!*done && s->pattern.withheld == before && s->stuck < grid->cell_count)
        withhold_whole(s, s->stuck);
    return *done || s->pattern.withheld > before ? STATUS_OK : refuse(s, err);
}

static enum status suppress(struct suppression *s, const struct tally_table *table,
                            uint32_t min_users, unsigned char *flags, struct error *err)
{
    TRY(pattern_init(&s->pattern, &s->arena, table, min_users, s->demands, flags, err));
    const struct grid *grid = &s->pattern.grid;
    s->proved = arena_zalloc(&s->arena, grid->cell_count, sizeof *s->proved);
    s->variable = arena_zalloc(&s->arena, grid->cell_count, sizeof *s->variable);
    s->touched = arena_zalloc(&s->arena, grid->relation_count, sizeof *s->touched);
    s->failed = arena_zalloc(&s->arena, grid->cell_count, sizeof *s->failed);
    s->cell_of = arena_zalloc(&s->arena, grid->cell_count, sizeof *s->cell_of);
    TRY(refutations_init(&s->refutations, &s->arena, grid->cell_count, err));
    s->relation_of = arena_zalloc(&s->arena, grid->relation_count, sizeof *s->relation_of);
    s->judged = arena_zalloc(&s->arena, grid->cell_count, sizeof *s->judged);
    s->whole = arena_zalloc(&s->arena, grid->cell_count, sizeof *s->whole);
    s->misses = arena_zalloc(&s->arena, grid->cell_count, sizeof *s->misses);
    if (!s->relation_of || !s->judged || !s->whole || !s->misses || !s->proved || !s->variable ||
        !s->touched || !s->failed || !s->cell_of)
        return error_nomem(err);
    for (bool done = !s->pattern.primary; !done;)
        TRY(run_round(s, &done, err));
    return STATUS_OK;
}

enum status smallcell_suppress(const struct tally_table *table, uint32_t min_users,
                               const struct smallcell_demand *demands, const struct cube_set *sets,
                               unsigned char *flags, struct smallcell_work *work, struct error *err)
{
    struct suppression s = {
        .arena = ARENA_INIT, .round_arena = ARENA_INIT, .table_id = table->id, .demands = demands};
    s.limit = work && work->limit ? work->limit : ATTACKER_WORK;
    attacker_init(&s.attacker, s.limit - s.limit / WHOLE);
    enum status status =
        sets ? cubes_init(&s.cubes, sets, table->row_count, table->column_count, err) : STATUS_OK;
    if (status == STATUS_OK && work && work->known) {
        s.known = work->known;
        status =
            known_moves_begin(s.known, work->nodes, table->row_count, table->column_count, err);
    }
    if (status == STATUS_OK)
        status = suppress(&s, table, min_users < 2 ? 0 : min_users, flags, err);
    if (work)
        *work = (struct smallcell_work){.primary = s.pattern.primary,
                                        .withheld = s.pattern.withheld,
                                        .rounds = s.round,
                                        .programs = s.attacker.solved,
                                        .whole = s.any_whole,
                                        .limit = work->limit,
                                        .used = s.attacker.used,
                                        .known = work->known,
                                        .nodes = work->nodes};
    attacker_release(&s.attacker);
    if (sets)
        cubes_release(&s.cubes);
    arena_release(&s.arena);
    arena_release(&s.round_arena);
    return status;
}
