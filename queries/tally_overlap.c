/*
 * Overlap with works: conversations, exchanges and users by the longest run, on each side and on
 * any; words of prompts and outputs that runs hold; each work that was found (tally_works.c).
 *
 * Conversations with a run are few, and are walked user by user beside all conversations of that
 * user, so that what has no run is known as well.
 */
#include "base/memory.h"
#include "queries/overlap_hits.h"
#include "queries/overlap_relations.h"
#include "queries/overlap_sides.h"
#include "queries/tally_ties.h"
#include "queries/tally_works.h"

#include <stdlib.h>
#include <string.h>

struct overlap {
    struct overlap_hits hits;
    uint32_t bins;
    struct overlap_counter *runs; /* [2 * views * (bins + 2)]: conversations and exchanges */
    /* By the sides with a run of so many words or more: [2 * bins * SIDE_MASKS] conversations and
     * exchanges, and users by those with any. */
    struct overlap_counter *sides, user_sides[SIDE_MASKS];
    struct overlap_counter words[WORDS_ROWS][WORDS_COLUMNS];
};

/* What one user has: units with a run, by side; units in all; words in all. */
struct one_user {
    uint32_t number;
    uint64_t with[OVERLAP_VIEWS][RUN_USERS], all[RUN_USERS], words[WORDS_ROWS];
    size_t sides; /* mask of those with any run */
};

static struct overlap_counter *run_counter(const struct overlap *o, uint32_t view, uint32_t bin,
                                           enum overlap_column unit)
{
    return &o->runs[2 * (size_t)overlap_row(view, bin, o->bins) + unit];
}

/* Adds VALUE conversations or exchanges. */
static void count_units(const struct overlap *o, uint32_t view, uint32_t bin,
                        enum overlap_column unit, uint32_t user, uint64_t value)
{
    struct overlap_counter *counter = run_counter(o, view, bin, unit);
    overlap_count(counter, user, value);
    counter->unknown += user == o->hits.source->catalogue->users ? value : 0;
}

/* Counts a unit whose longest run on a side has so many words. */
static void count_run(const struct overlap *o, uint32_t view, enum overlap_column unit,
                      uint32_t words, struct one_user *user)
{
    uint32_t bin = overlap_hits_bin(&o->hits, words);
    if (bin == o->bins)
        return;
    count_units(o, view, bin, unit, user->number, 1);
    count_units(o, view, o->bins, unit, user->number, 1);
    user->with[view][unit]++;
}

static struct overlap_counter *side_counter(const struct overlap *o, uint32_t bin,
                                            enum overlap_column unit)
{
    return &o->sides[SIDE_MASKS * (2 * (size_t)bin + unit)];
}

/* The sides with a run of so many words. */
static size_t sides_with(const uint32_t longest[OVERLAP_VIEWS], uint32_t words)
{
    size_t mask = 0;
    for (uint32_t view = VIEW_PROMPT; view < OVERLAP_VIEWS; view++)
        mask |= (size_t)(longest[view] >= words) << (view - VIEW_PROMPT);
    return mask;
}

/* A unit by the sides on which its runs are. */
static void count_sides(const struct overlap *o, enum overlap_column unit,
                        const uint32_t longest[OVERLAP_VIEWS], uint32_t user)
{
    for (uint32_t bin = 0; bin < o->bins; bin++) {
        size_t mask = sides_with(longest, o->hits.query->bins[bin]);
        overlap_count(&side_counter(o, bin, unit)[mask], user, mask > 0);
    }
}

static void raise(uint32_t *to, uint32_t value)
{
    *to = value > *to ? value : *to;
}

static void count_covered(struct overlap *o, const struct overlap_rows *rows, uint32_t at,
                          uint32_t user)
{
    struct overlap_counter *prompts = o->words[WORDS_OF_PROMPTS];
    struct overlap_counter *outputs = o->words[WORDS_OF_OUTPUTS];
    uint32_t supplied = rows->covered[1][at], originated = rows->covered[2][at];
    overlap_count(&prompts[WORDS_COVERED], user, rows->covered[0][at]);
    overlap_count(&outputs[WORDS_SUPPLIED], user, supplied);
    overlap_count(&outputs[WORDS_ORIGINATED], user, originated);
    overlap_count(&outputs[WORDS_COVERED], user, (uint64_t)supplied + originated);
}

/* The exchanges of one conversation, from hit FROM on; returns where they end. */
static size_t count_conversation(struct overlap *o, size_t from, struct one_user *user)
{
    const struct overlap_hit *items = o->hits.items;
    uint32_t longest[OVERLAP_VIEWS] = {0};
    size_t i = from;
    for (;
         i < o->hits.count && items[i].part == items[from].part && items[i].row == items[from].row;
         i++) {
        uint32_t here[OVERLAP_VIEWS];
        overlap_hits_longest(&o->hits, i, here);
        for (uint32_t view = 0; view < OVERLAP_VIEWS; view++) {
            count_run(o, view, RUN_EXCHANGES, here[view], user);
            raise(&longest[view], here[view]);
        }
        count_sides(o, RUN_EXCHANGES, here, user->number);
        count_covered(o, &o->hits.found.rows[items[i].part], items[i].at, user->number);
    }
    for (uint32_t view = 0; view < OVERLAP_VIEWS; view++)
        count_run(o, view, RUN_CONVERSATIONS, longest[view], user);
    count_sides(o, RUN_CONVERSATIONS, longest, user->number);
    size_t mask = sides_with(longest, o->hits.query->bins[0]);
    if (user->number == o->hits.source->catalogue->users) /* each unknown user is one */
        overlap_count(&o->user_sides[mask], user->number, mask > 0);
    else
        user->sides |= mask;
    return i;
}

static void add_up(const struct overlap *o, struct one_user *user)
{
    const struct tally_source *source = o->hits.source;
    const struct population *population = source->population;
    for (uint64_t i = population->user_start[user->number];
         i < population->user_start[user->number + 1ull]; i++) {
        uint32_t row;
        const struct catalogue_part *part =
            population_part(source->catalogue, population->by_user[i], &row);
        const struct overlap_rows *rows = &o->hits.found.rows[part - source->catalogue->parts];
        user->all[RUN_CONVERSATIONS]++;
        user->all[RUN_EXCHANGES] += part->exchanges[row];
        user->words[WORDS_OF_PROMPTS] += rows->prompt_words[row];
        user->words[WORDS_OF_OUTPUTS] += rows->output_words[row];
    }
}

static void count_users(struct overlap *o)
{
    size_t hit = 0;
    for (uint32_t number = 0; number <= o->hits.source->catalogue->users; number++) {
        struct one_user user = {.number = number};
        add_up(o, &user);
        while (hit < o->hits.count && o->hits.items[hit].user == number)
            hit = count_conversation(o, hit, &user);
        overlap_count(&o->user_sides[user.sides], number, user.sides > 0);
        for (uint32_t row = 0; row < WORDS_ROWS; row++)
            overlap_count(&o->words[row][WORDS_ALL], number, user.words[row]);
        for (uint32_t view = 0; view < OVERLAP_VIEWS; view++)
            for (enum overlap_column unit = 0; unit < RUN_USERS; unit++)
                count_units(o, view, o->bins + 1, unit, number,
                            user.all[unit] - user.with[view][unit]);
    }
}

/* ---- tables ---- */

static const char *bin_name(struct tally *tally, const struct plan_query *query, size_t bin)
{
    if (bin + 1 == query->bin_count)
        return arena_printf(&tally->arena, "%u or more", (unsigned)query->bins[bin]);
    unsigned first = query->bins[bin], last = query->bins[bin + 1] - 1;
    return first == last ? arena_printf(&tally->arena, "%u", first)
                         : arena_printf(&tally->arena, "%u to %u", first, last);
}

static enum status write_runs(const struct overlap *o, size_t number, struct tally *tally,
                              struct error *err)
{
    static const struct tally_key keys[] = {{"side", "Side", TALLY_KEY_STRING},
                                            {"words", "Longest run in words", TALLY_KEY_STRING}};
    static const struct tally_column columns[RUN_COLUMNS] = {
        [RUN_CONVERSATIONS] = {"conversations", "Conversations", "conversations", 0},
        [RUN_EXCHANGES] = {"exchanges", "Exchanges", "exchanges", 0},
        [RUN_USERS] = {"users", "Users", "users", TALLY_USERS},
    };
    static const char *const views[OVERLAP_VIEWS] = {
        [VIEW_ANYWHERE] = "anywhere",
        [VIEW_PROMPT] = "prompts",
        [VIEW_SUPPLIED] = "outputs, prompt-supplied",
        [VIEW_ORIGINATED] = "outputs, model-originated",
    };
    const struct population *population = o->hits.source->population;
    uint32_t bins = o->bins, total = OVERLAP_VIEWS * (bins + 2);
    struct tally_table *table;
    TRY(tally_add_table(tally, o->hits.query->id, number, keys, 2, columns, RUN_COLUMNS,
                        total + 1ull, &table, err));
    for (uint32_t view = 0; view < OVERLAP_VIEWS; view++)
        for (uint32_t bin = 0; bin < bins + 2; bin++) {
            uint32_t row = overlap_row(view, bin, bins);
            table->row_flags[row] = bin >= bins ? TALLY_MORE : 0;
            const struct overlap_counter *conversations =
                run_counter(o, view, bin, RUN_CONVERSATIONS);
            table->key_values[2 * (size_t)row] = views[view];
            table->key_values[2 * (size_t)row + 1] = bin < bins
                                                         ? bin_name(tally, o->hits.query, bin)
                                                     : bin == bins ? "any run"
                                                                   : "no run";
            if (!table->key_values[2 * (size_t)row + 1])
                return error_nomem(err);
            *tally_cell_at(table, row, RUN_CONVERSATIONS) = overlap_cell(conversations);
            *tally_cell_at(table, row, RUN_EXCHANGES) =
                overlap_cell(run_counter(o, view, bin, RUN_EXCHANGES));
            *tally_cell_at(table, row, RUN_USERS) = overlap_users(conversations);
        }
    const uint64_t totals[RUN_COLUMNS] = {population->conversations, population->exchange_count,
                                          population->users};
    for (size_t column = 0; column < RUN_COLUMNS; column++)
        *tally_cell_at(table, total, column) =
            (struct tally_cell){totals[column], population->users_support, 0};
    table->key_values[2 * (size_t)total] = "all conversations";
    table->row_flags[total] |= TALLY_KEEP;
    return overlap_relate_runs(tally, table, bins, err);
}

/* ---- sides of runs ---- */

/* Ties column UNIT's rows of runs of BIN or more words. */
static enum status tie_bin(const struct overlap *o, size_t table, uint32_t bin,
                           enum overlap_column unit, struct tally_place *places,
                           struct tally *tally, struct error *err)
{
    struct side_places told = {.count = unit == RUN_USERS ? 1 : o->bins - bin};
    struct tally_cell cells[SIDE_MASKS];
    for (uint32_t view = 0; view < OVERLAP_VIEWS; view++) {
        struct tally_place *of = places + (size_t)view * o->bins;
        for (uint32_t i = 0; i < told.count; i++)
            of[i] = (struct tally_place){
                (uint32_t)table, overlap_row(view, unit == RUN_USERS ? o->bins : bin + i, o->bins),
                unit, 1};
        told.of[view] = of;
    }
    for (size_t mask = 0; mask < SIDE_MASKS; mask++)
        cells[mask] = overlap_cell(unit == RUN_USERS ? &o->user_sides[mask]
                                                     : &side_counter(o, bin, unit)[mask]);
    return overlap_tie_sides(tally, cells, &told, err);
}

static enum status tie_sides(const struct overlap *o, size_t table, struct tally *tally,
                             struct error *err)
{
    if (!ties_matter(o->hits.source->plan))
        return STATUS_OK;
    struct tally_place *places = mem_zalloc(OVERLAP_VIEWS * (size_t)o->bins, sizeof *places);
    enum status status = places ? STATUS_OK : error_nomem(err);
    for (uint32_t bin = 0; status == STATUS_OK && bin < o->bins; bin++) {
        status = tie_bin(o, table, bin, RUN_CONVERSATIONS, places, tally, err);
        if (status == STATUS_OK)
            status = tie_bin(o, table, bin, RUN_EXCHANGES, places, tally, err);
    }
    if (status == STATUS_OK)
        status = tie_bin(o, table, 0, RUN_USERS, places, tally, err);
    free(places);
    return status;
}

/* ---- words and works ---- */

static const char *sub_id(struct tally *tally, const struct plan_query *query, const char *name)
{
    return arena_printf(&tally->arena, "%s.%s", query->id, name);
}

static enum status write_words(const struct overlap *o, size_t number, struct tally *tally,
                               struct error *err)
{
    static const struct tally_key keys[] = {{"side", "Side", TALLY_KEY_STRING}};
    static const struct tally_column columns[WORDS_COLUMNS] = {
        [WORDS_ALL] = {"words", "Words", "words", 0},
        [WORDS_COVERED] = {"in_runs", "Words in runs", "words", 0},
        [WORDS_SUPPLIED] = {"supplied", "Prompt-supplied words", "words", 0},
        [WORDS_ORIGINATED] = {"originated", "Model-originated words", "words", 0},
    };
    const char *id = sub_id(tally, o->hits.query, "words");
    struct tally_table *table;
    if (!id)
        return error_nomem(err);
    TRY(tally_add_table(tally, id, number, keys, 1, columns, WORDS_COLUMNS, WORDS_ROWS, &table,
                        err));
    for (size_t row = 0; row < WORDS_ROWS; row++) {
        table->key_values[row] = row == WORDS_OF_PROMPTS ? "prompts" : "outputs";
        for (size_t column = 0; column < WORDS_COLUMNS; column++)
            *tally_cell_at(table, row, column) = overlap_cell(&o->words[row][column]);
    }
    return overlap_relate_words(tally, table, err);
}

static enum status write_read(const struct overlap *o, size_t number, struct tally *tally,
                              struct error *err)
{
    static const struct tally_key keys[] = {{"what", "Works that were read", TALLY_KEY_STRING}};
    static const struct tally_column columns[] = {{"count", "Number", "works", 0}};
    const struct {
        const char *what;
        uint64_t value;
    } rows[] = {{"works", o->hits.found.works},
                {"words in them", o->hits.found.words},
                {"works without a word", o->hits.found.empty},
                {"works of fewer words than a run has at least", o->hits.found.brief}};
    enum { ROWS = sizeof rows / sizeof *rows };
    const char *id = sub_id(tally, o->hits.query, "read");
    struct tally_table *table;
    if (!id)
        return error_nomem(err);
    TRY(tally_add_table(tally, id, number, keys, 1, columns, 1, ROWS, &table, err));
    for (size_t row = 0; row < ROWS; row++) {
        table->key_values[row] = rows[row].what;
        tally_cell_at(table, row, 0)->value = rows[row].value;
        table->row_flags[row] |= TALLY_FREE;
    }
    return STATUS_OK;
}

enum status tally_overlap(const struct tally_source *source, size_t number, struct tally *tally,
                          struct error *err)
{
    struct overlap o = {.bins = (uint32_t)source->plan->queries[number].bin_count};
    enum status status = STATUS_OK;
    size_t runs = tally->table_count;
    TRY_CLEANUP(overlap_hits_init(&o.hits, source, number, err));
    o.runs = mem_zalloc(2 * (size_t)OVERLAP_VIEWS * (o.bins + 2ull), sizeof *o.runs);
    o.sides = mem_zalloc(2 * (size_t)SIDE_MASKS * o.bins, sizeof *o.sides);
    if (!o.runs || !o.sides) {
        status = error_nomem(err);
        goto cleanup;
    }
    count_users(&o);
    TRY_CLEANUP(write_runs(&o, number, tally, err));
    TRY_CLEANUP(tie_sides(&o, runs, tally, err));
    TRY_CLEANUP(write_words(&o, number, tally, err));
    TRY_CLEANUP(tally_works(&o.hits, number, runs, tally, err));
    status = write_read(&o, number, tally, err);
cleanup:
    overlap_hits_release(&o.hits);
    free(o.runs);
    free(o.sides);
    return status;
}
