/* Moves among combinations of sets: see cubes.h. */
#include "release/cubes.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/*
 * DISTANCE: sets in a block at most. WAYS: blocks that are tried together. LOOKS: combinations
 * looked up for one move; a look costs as much as LOOK_SCANS terms of a search, and a combination
 * as a way WAY_SCANS.
 */
enum { CORNERS = 8, DISTANCE = 3, WAYS = 160, LOOKS = 40000, LOOK_SCANS = 12, WAY_SCANS = 5 };

/* What a combination is known by. */
struct key {
    struct cube_bits bits;
    uint64_t group;
};

void cubes_release(struct cubes *cubes)
{
    intern_release(&cubes->combinations);
    free(cubes->bits);
    free(cubes->groups);
    free(cubes->columns);
    free(cubes->rows);
    *cubes = (struct cubes){.bits = NULL};
}

/* ---- sets of sets ---- */

static unsigned first_of(const struct cube_bits *bits)
{
    unsigned word = 0;
    while (word < CUBE_WORDS - 1 && !bits->words[word])
        word++;
    return bits->words[word] ? word * 64 + (unsigned)__builtin_ctzll(bits->words[word]) : CUBE_SETS;
}

static unsigned size_of(const struct cube_bits *bits)
{
    unsigned size = 0;
    for (size_t i = 0; i < CUBE_WORDS; i++)
        size += (unsigned)__builtin_popcountll(bits->words[i]);
    return size;
}

static struct cube_bits flipped(struct cube_bits a, const struct cube_bits *block)
{
    for (size_t i = 0; i < CUBE_WORDS; i++)
        a.words[i] ^= block->words[i];
    return a;
}

static bool meet(const struct cube_bits *a, const struct cube_bits *b)
{
    uint64_t both = 0;
    for (size_t i = 0; i < CUBE_WORDS; i++)
        both |= a->words[i] & b->words[i];
    return both != 0;
}

/* ---- all combinations ---- */

static enum status add_row(struct cubes *cubes, uint32_t row, struct error *err)
{
    struct key key = {cubes->bits[row], cubes->groups[row]};
    uint32_t number;
    TRY(intern_add(&cubes->combinations, (const char *)&key, sizeof key, &number, err));
    cubes->rows[number] = row;
    return STATUS_OK;
}

enum status cubes_init(struct cubes *cubes, const struct cube_set *sets, size_t rows, size_t stride,
                       struct error *err)
{
    *cubes = (struct cubes){.stride = stride};
    intern_init(&cubes->combinations);
    cubes->bits = mem_zalloc(rows, sizeof *cubes->bits);
    cubes->groups = mem_zalloc(rows, sizeof *cubes->groups);
    cubes->columns = mem_zalloc(rows, sizeof *cubes->columns);
    cubes->rows = mem_zalloc(rows, sizeof *cubes->rows);
    if (!cubes->bits || !cubes->groups || !cubes->columns || !cubes->rows)
        return error_nomem(err);
    for (uint32_t row = 0; row < rows; row++) {
        cubes->groups[row] = sets[row].group;
        cubes->columns[row] = sets[row].column;
        for (uint32_t i = 0; sets[row].members && i < sets[row].count; i++)
            cubes->bits[row].words[sets[row].members[i] / 64] |= UINT64_C(1)
                                                                 << sets[row].members[i] % 64;
        if (size_of(&cubes->bits[row]))
            TRY(add_row(cubes, row, err));
    }
    return STATUS_OK;
}

/* ---- one combination's surroundings ---- */

/* A block of sets whose flip makes a combination that can go against what is wanted. */
struct way {
    struct cube_bits block;
    unsigned distance;
    int64_t room;
    uint32_t row;
};

struct reaching {
    struct cubes *cubes;
    struct moves *moves;
    const uint32_t *variable_of;
    uint32_t row;
    bool strict; /* cubes that change no first set alone */
    int sign;    /* of the delta */
    unsigned looks;
    struct way ways[WAYS];
    size_t way_count;
};

/* The variable of a row's figure; UINT32_MAX for none. */
static uint32_t variable_at(const struct reaching *r, uint32_t row)
{
    return r->variable_of[row * r->cubes->stride + r->cubes->columns[row]] -
           1; /* 0 becomes UINT32_MAX */
}

static uint32_t variable_of_set(struct reaching *r, const struct cube_bits *bits)
{
    struct key key = {*bits, r->cubes->groups[r->row]};
    r->looks -= r->looks > 0;
    uint32_t number = intern_find(&r->cubes->combinations, (const char *)&key, sizeof key);
    return number == INTERN_NONE ? UINT32_MAX : variable_at(r, r->cubes->rows[number]);
}

/* How far the variable may move on in the direction SIGN, where it is. */
static int64_t room_of(const struct reaching *r, uint32_t variable, int sign)
{
    if (variable == UINT32_MAX)
        return 0;
    int64_t at = r->moves->y[variable];
    return sign > 0 ? r->moves->most[variable] - at : at - r->moves->least[variable];
}

/* Short ways first, then wide ones. */
static bool is_before(const struct way *a, const struct way *b)
{
    if (a->distance != b->distance)
        return a->distance < b->distance;
    return a->room != b->room ? a->room > b->room : a->row < b->row;
}

/* Keeps the best WAYS in order. */
static void add_way(struct reaching *r, const struct way *way)
{
    size_t at = r->way_count;
    if (at == WAYS && !is_before(way, &r->ways[WAYS - 1]))
        return;
    at -= at == WAYS;
    for (; at > 0 && is_before(way, &r->ways[at - 1]); at--)
        r->ways[at] = r->ways[at - 1];
    r->ways[at] = *way;
    r->way_count += r->way_count < WAYS;
}

static void find_ways(struct reaching *r)
{
    const struct cubes *cubes = r->cubes;
    for (size_t i = 0; i < cubes->combinations.count; i++) {
        uint32_t row = cubes->rows[i];
        struct way way = {.block = flipped(cubes->bits[r->row], &cubes->bits[row]), .row = row};
        way.distance = size_of(&way.block);
        if (way.distance == 0 || way.distance > DISTANCE ||
            cubes->groups[row] != cubes->groups[r->row])
            continue;
        way.room = room_of(r, variable_at(r, row), -r->sign);
        if (way.room > 0)
            add_way(r, &way);
    }
}

/* ---- a cube ---- */

struct cube {
    const struct cube_bits *blocks[3];
    uint32_t variables[CORNERS];
};

/* How far the cube can go, at most MOST. */
static int64_t measure(struct reaching *r, struct cube *cube, int64_t most)
{
    /* The far corner first: of all that must give way it is there least often. */
    for (unsigned corner = CORNERS; most > 0 && corner-- > 0;) {
        struct cube_bits bits = r->cubes->bits[r->row];
        for (unsigned i = 0; i < 3; i++)
            if (corner >> i & 1)
                bits = flipped(bits, cube->blocks[i]);
        cube->variables[corner] = variable_of_set(r, &bits);
        int64_t room =
            room_of(r, cube->variables[corner], __builtin_parity(corner) ? -r->sign : r->sign);
        most = room < most ? room : most;
    }
    return most > 0 ? most : 0;
}

/* Is there a block that changes no combination's first set, whatever else is flipped? */
static bool keeps_first(const struct reaching *r, const struct cube *cube)
{
    struct cube_bits left = r->cubes->bits[r->row];
    for (size_t i = 0; i < 3; i++)
        for (size_t w = 0; w < CUBE_WORDS; w++)
            left.words[w] &= ~cube->blocks[i]->words[w];
    unsigned first = first_of(&left);
    for (size_t i = 0; i < 3; i++)
        if (first < first_of(cube->blocks[i]))
            return true;
    return false;
}

/* Takes as much of the cube as can be had; returns it. */
static int64_t take(struct reaching *r, struct cube *cube, int64_t wanted)
{
    struct cubes *cubes = r->cubes;
    if ((r->strict && !keeps_first(r, cube)) || cubes->step_count + CORNERS > CUBE_STEPS)
        return 0;
    int64_t much = measure(r, cube, wanted);
    for (unsigned corner = 0; much && corner < CORNERS; corner++) {
        int64_t delta = __builtin_parity(corner) ? -r->sign * much : r->sign * much;
        r->moves->y[cube->variables[corner]] += delta;
        cubes->steps[cubes->step_count++] = (struct moves_step){cube->variables[corner], delta};
    }
    return much;
}

/* What is left of WANTED. */
static int64_t take_all(struct reaching *r, int64_t wanted)
{
    for (size_t a = 0; a < r->way_count; a++)
        for (size_t b = 0; b < a; b++) {
            struct cube cube = {.blocks = {&r->ways[a].block, &r->ways[b].block}};
            struct cube_bits both = flipped(*cube.blocks[0], cube.blocks[1]);
            if (meet(cube.blocks[0], cube.blocks[1]))
                continue;
            for (size_t c = 0; c < b; c++) {
                cube.blocks[2] = &r->ways[c].block;
                if (meet(&both, cube.blocks[2]))
                    continue;
                wanted -= take(r, &cube, wanted);
                if (!wanted || !r->looks)
                    return wanted;
            }
        }
    return wanted;
}

static bool reach(struct reaching *r, int64_t delta)
{
    struct cubes *cubes = r->cubes;
    cubes->step_count = 0;
    r->looks = LOOKS;
    int64_t left = take_all(r, llabs(delta));
    for (size_t i = 0; i < cubes->step_count; i++)
        r->moves->y[cubes->steps[i].variable] -= cubes->steps[i].delta;
    r->moves->scanned += (size_t)(LOOKS - r->looks) * LOOK_SCANS;
    return left == 0 && moves_complete(r->moves, cubes->steps, cubes->step_count);
}

bool cubes_reach(struct cubes *cubes, struct moves *moves, const uint32_t *variable_of, size_t cell,
                 int64_t delta)
{
    size_t row = cell / cubes->stride;
    struct reaching r = {.cubes = cubes,
                         .moves = moves,
                         .variable_of = variable_of,
                         .row = (uint32_t)row,
                         .sign = delta > 0 ? 1 : -1,
                         .strict = true};
    if (!size_of(&cubes->bits[row]) || cubes->columns[row] != cell % cubes->stride)
        return false;
    find_ways(&r);
    moves->scanned += cubes->combinations.count * WAY_SCANS;
    if (reach(&r, delta))
        return true;
    r.strict = false;
    return reach(&r, delta);
}
