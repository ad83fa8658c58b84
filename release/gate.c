/*
 * The gate: see gate.h. Every number of a tally is judged here; only what is copied by this file
 * can be told.
 *
 * The population's own numbers (N and its exchanges, users and words) are told in many places, so
 * they cannot be withheld for another cell's sake: where a kept row of a table repeats one of them,
 * it is known to every reader. A population of fewer than min_users users is refused whole.
 *
 * A sample's counts are no cells where at most a tenth of its stratum was drawn (which units were
 * drawn stays internal, and to hide a small count of relevant units would hide every bound that
 * matters); above that, a count of relevant units of too few users is withheld, and with it the sum
 * over all strata.
 */
#include "release/gate.h"

#include "base/memory.h"
#include "release/figure.h"
#include "release/figure_make.h"
#include "release/power_sums.h"

#include <stdlib.h>
#include <string.h>

static struct figure exact(uint64_t value)
{
    return (struct figure){.value = value, .state = FIGURE_EXACT};
}

static const struct figure withheld_figure = {.value = 0, .state = FIGURE_WITHHELD};

/* A copy in the release's arena; NULL stays NULL. *FAILED is set without memory. */
static const char *copy_text(struct release *release, const char *text, bool *failed)
{
    if (!text)
        return NULL;
    const char *copy = arena_strndup(&release->arena, text, strlen(text));
    *failed = *failed || !copy;
    return copy;
}

/* ---- the population ---- */

static uint64_t population_users(const struct tally *tally, size_t i)
{
    struct tally_cell cell = tally->population[i];
    if (!cell.value)
        return 0;
    if (!cell.users)
        return 1;
    return cell.users < cell.value ? cell.users : cell.value;
}

static bool small(uint64_t users, uint32_t min_users)
{
    return users && users < min_users;
}

static enum status release_numbers(struct release *release, const struct tally *tally,
                                   struct error *err)
{
    for (size_t i = 0; i < 4; i++) {
        if (!small(population_users(tally, i), release->min_users)) {
            release->population[i] = exact(tally->population[i].value);
            continue;
        }
        if (i == TALLY_CONVERSATIONS || i == TALLY_USERS_COLUMN) {
            (void)error_set(err, STATUS_REFUSED, NULL,
                            "the whole population has fewer than %u users (all unknown users "
                            "count as one)",
                            (unsigned)release->min_users);
            return error_hint(err,
                              "if the logs have a user, map its field, as in \"logs\": "
                              "{ \"fields\": { \"user\": \"/meta/account\" } }; else widen the "
                              "population or lower release.min_users");
        }
        release->population[i] = withheld_figure;
        release->withheld++;
    }
    return STATUS_OK;
}

/* ---- tables ---- */

enum status release_copy_heads(struct release *release, struct figure_table *to,
                               const struct tally_table *from, struct error *err)
{
    struct arena *arena = &release->arena;
    bool failed = false;
    to->id = copy_text(release, from->id, &failed);
    to->query = from->query;
    to->key_count = from->key_count;
    to->column_count = from->column_count;
    to->row_count = from->row_count;
    to->keys = arena_zalloc(arena, from->key_count, sizeof *to->keys);
    to->columns = arena_zalloc(arena, from->column_count, sizeof *to->columns);
    to->key_values = arena_zalloc(arena, from->row_count * from->key_count, sizeof *to->key_values);
    to->figures = arena_zalloc(arena, from->row_count * from->column_count, sizeof *to->figures);
    if (failed || !to->keys || !to->columns || !to->key_values || !to->figures)
        return error_nomem(err);
    for (size_t i = 0; i < from->key_count; i++)
        to->keys[i] = (struct figure_key){copy_text(release, from->keys[i].id, &failed),
                                          copy_text(release, from->keys[i].title, &failed),
                                          from->keys[i].type == TALLY_KEY_MONTH};
    for (size_t i = 0; i < from->column_count; i++)
        to->columns[i] = (struct figure_column){copy_text(release, from->columns[i].id, &failed),
                                                copy_text(release, from->columns[i].title, &failed),
                                                copy_text(release, from->columns[i].unit, &failed)};
    for (size_t i = 0; i < from->row_count * from->key_count; i++)
        to->key_values[i] = copy_text(release, from->key_values[i], &failed);
    return failed ? error_nomem(err) : STATUS_OK;
}

/* ---- samples ---- */

/* Distinct users behind a count, of which at least one is there. */
static uint64_t users_behind(uint64_t count, uint32_t users)
{
    return !count ? 0 : !users ? 1 : users < count ? users : count;
}

/* Whether the number of relevant units of STRATUM is a cell, and one of too few users. */
static bool stratum_small(const struct tally_stratum *stratum, uint32_t min_users)
{
    uint64_t relevant = stratum->relevant + stratum->overturned;
    return stratum->drawn > stratum->population / 10 &&
           small(users_behind(relevant, stratum->relevant_users), min_users);
}

static struct figure shown(uint64_t value, bool withheld)
{
    return withheld ? withheld_figure : exact(value);
}

static struct figure_stratum release_stratum(struct release *release,
                                             const struct tally_stratum *from, bool withheld,
                                             bool *failed)
{
    release->withheld += withheld;
    return (struct figure_stratum){.name = copy_text(release, from->name, failed),
                                   .found = from->found,
                                   .population = exact(from->population),
                                   .drawn = exact(from->drawn),
                                   .relevant = shown(from->relevant, withheld),
                                   .unreadable = exact(from->unreadable),
                                   .missing = exact(from->missing),
                                   .disagreements = exact(from->disagreements),
                                   .labelled = shown(from->labelled, withheld),
                                   .upheld = shown(from->upheld, withheld),
                                   .cleared = shown(from->cleared, withheld),
                                   .checked = shown(from->checked, withheld),
                                   .overturned = shown(from->overturned, withheld),
                                   .unclear = shown(from->unclear, withheld)};
}

static struct figure_agreement release_agreement(const struct tally_agreement *from, bool withheld)
{
    struct figure_agreement to = {.units = exact(from->units),
                                  .agreed = exact(from->agreed),
                                  .reviews = exact(from->reviews),
                                  .same_pairs = shown(from->same_pairs, withheld)};
    for (size_t i = 0; i < TALLY_CATEGORIES * TALLY_CATEGORIES; i++)
        to.table[i] = shown(from->table[i], withheld);
    for (size_t i = 0; i < TALLY_CATEGORIES; i++)
        to.of_category[i] = shown(from->of_category[i], withheld);
    return to;
}

static struct figure_changes release_changes(const struct tally_changes *from, bool withheld)
{
    struct figure_changes to = {.compared = from->compared};
    for (size_t i = 0; i < TALLY_LABELS * TALLY_LABELS; i++)
        to.units[i] = shown(from->units[i], withheld);
    return to;
}

/* Sums over clusters are counts of the sample like x and n. NULL where they are withheld, and
 * without memory, which sets *FAILED. */
static const struct figure_clusters *release_clusters(struct release *release,
                                                      const struct tally_sample *from,
                                                      bool withheld, bool *failed)
{
    size_t count = from->stratum_count ? from->stratum_count : 1;
    if (!from->clusters || withheld)
        return NULL;
    struct figure_clusters *to = arena_zalloc(&release->arena, count, sizeof *to);
    *failed = *failed || !to;
    for (size_t i = 0; to && i < count; i++) {
        const struct tally_clusters *c = &from->clusters[i];
        to[i] = (struct figure_clusters){.clusters = c->clusters,
                                         .drawn = c->drawn,
                                         .m = c->m,
                                         .mm = c->mm,
                                         .y = {c->y[0], c->y[1]},
                                         .yy = {c->yy[0], c->yy[1]},
                                         .ym = {c->ym[0], c->ym[1]}};
    }
    return to;
}

/*
 * Sizes of strata, and of what a search found and left, are counts of the population that add up to
 * it: if one is of too few users, none is shown. What a search found adds up with what it left to
 * the strata's own numbers, so there one small number hides all, too.
 */
static bool parts_small(const struct tally_sample *sample, uint32_t min_users)
{
    for (size_t i = 0; i < sample->stratum_count; i++) {
        const struct tally_stratum *part = &sample->strata[i];
        if (small(users_behind(part->population, part->users), min_users) ||
            (sample->search != TALLY_NO_SEARCH && stratum_small(part, min_users)))
            return true;
    }
    return false;
}

/*
 * A sample of what an option or a topic found tells how much that is: where the row of the table is
 * withheld, so are the sizes here.
 */
static bool row_withheld(const struct release *release, const struct tally_sample *sample)
{
    if (sample->search == TALLY_NO_SEARCH)
        return false;
    for (size_t i = 0; i < release->table_count; i++) {
        const struct figure_table *table = &release->tables[i];
        if (table->query == sample->query && (size_t)sample->search < table->row_count &&
            table->column_count &&
            table->figures[(size_t)sample->search * table->column_count].state == FIGURE_WITHHELD)
            return true;
    }
    return false;
}

static struct figure_stratum hidden_stratum(struct release *release,
                                            const struct tally_stratum *from, bool *failed)
{
    struct figure_stratum to = release_stratum(release, from, true, failed);
    to.population = to.drawn = to.unreadable = to.missing = to.disagreements = withheld_figure;
    return to;
}

static enum status release_one_sample(struct release *release, const struct tally_sample *from,
                                      struct error *err)
{
    bool failed = false, any = false;
    bool hidden = parts_small(from, release->min_users) || row_withheld(release, from);
    struct figure_stratum *strata =
        arena_zalloc(&release->arena, from->stratum_count, sizeof *strata);
    if (!strata)
        return error_nomem(err);
    for (size_t i = 0; i < from->stratum_count; i++) {
        bool withheld = stratum_small(&from->strata[i], release->min_users);
        any = any || withheld;
        strata[i] = hidden ? hidden_stratum(release, &from->strata[i], &failed)
                           : release_stratum(release, &from->strata[i], withheld, &failed);
    }
    /* The sum would tell a withheld stratum's number. */
    bool withheld = hidden || any || stratum_small(&from->whole, release->min_users);
    release->samples[release->sample_count++] =
        (struct figure_sample){.query = from->query,
                               .search = from->search,
                               .unit = copy_text(release, from->unit, &failed),
                               .units = copy_text(release, from->units, &failed),
                               .whole = release_stratum(release, &from->whole, withheld, &failed),
                               .strata = strata,
                               .stratum_count = from->stratum_count,
                               .parts = from->parts,
                               .predicted = from->predicted,
                               .checked = from->checked,
                               .check_all = from->check_all,
                               .drawn_units = copy_text(release, from->drawn_units, &failed),
                               .clusters = release_clusters(release, from, withheld, &failed),
                               .frame = exact(from->frame),
                               .frame_drawn = exact(from->frame_drawn),
                               .rejected = exact(from->rejected),
                               .reviewers = exact(from->reviewers),
                               .draw = exact(from->draw),
                               .agreement = release_agreement(&from->agreement, withheld),
                               .changes = release_changes(&from->changes, withheld),
                               .seed_source = copy_text(release, from->seed_source, &failed),
                               .seed_time = copy_text(release, from->seed_time, &failed),
                               .frame_digest = copy_text(release, from->frame_digest, &failed),
                               .sample_digest = copy_text(release, from->sample_digest, &failed)};
    return failed ? error_nomem(err) : STATUS_OK;
}

/* ---- statements ---- */

enum status release_state(struct release *release, char *text, struct error *err)
{
    if (!text)
        return error_nomem(err);
    release->statements[release->statement_count++] = text;
    return STATUS_OK;
}

static enum status state_further_rules(struct release *release, struct error *err)
{
    struct arena *arena = &release->arena;
    if (release->min_conversations > 1)
        TRY(release_state(release,
                          arena_printf(arena,
                                       "Withheld as well: counts of 1 to %u conversations, whoever "
                                       "had them.",
                                       release->min_conversations - 1),
                          err));
    if (release->dominance > 0)
        TRY(release_state(
            release,
            arena_printf(arena,
                         "Withheld as well: figures of which one user has more than %g %%, so far "
                         "as the largest user's part is counted (conversations of every table; "
                         "exchanges, turns and words of tables by field). Such a figure is "
                         "uncertain by at least a tenth of itself.",
                         100 * release->dominance),
            err));
    if (release->preset)
        return release_state(
            release,
            arena_printf(arena, "These rules go by the name \"%s\" in the plan.", release->preset),
            err);
    return STATUS_OK;
}

/* What ties tables to each other, and what was not decided. */
static enum status state_ties(struct release *release, size_t left_out, struct error *err)
{
    struct arena *arena = &release->arena;
    unsigned most = release->min_users - 1;
    TRY(release_state(
        release,
        arena_printf(
            arena, "Known to that reader across tables: margins that counts and topics by fields "
                   "share (of months and quarters, of one field with several lists of values or "
                   "bins), and that all of them are margins of one table by all their fields; "
                   "records without a time; that options are made of terms, topics, runs of words "
                   "and periods that other tables count, and what options have in common; that "
                   "identifiers, patterns and topics overlap in as many conversations as they "
                   "are together more than any of them; that the groups of a term by fields "
                   "add up to it, and the strata of samples to rows of the count that they "
                   "are made of."),
        err));
    TRY(release_state(
        release,
        arena_printf(
            arena,
            "Told nowhere, and checked like a withheld figure where it is of 1 to %u users: "
            "what a term shares with others, with those above it, and has in prompts and "
            "outputs both; (of up to %d terms and %d combinations that occur) how many "
            "conversations each combination of terms has, and likewise of conditions of "
            "options; what an identifier, pattern or topic has alone or shares; where "
            "several counts say more together than any two, (of up to %d combinations of "
            "values that they tie to each other) how many conversations each of these has. Not "
            "decided: what follows from such counts for more combinations, or for exchanges, "
            "turns, words and users; from figures of single works or of overlaps beyond their "
            "own table; from strata of samples; from four or more figures of different queries "
            "added "
            "and subtracted; and, but for what is stated of a ledger, from figures of other "
            "releases.",
            most, TALLY_PAIR_TERMS, TALLY_COMBINATIONS, TALLY_JOINT_BLOCK),
        err));
    if (left_out == 0)
        return STATUS_OK;
    return release_state(
        release,
        arena_printf(arena,
                     "Not decided in this report: %zu %s of counts by fields could tie more "
                     "combinations of values to each other than that. By what any two of these "
                     "counts have in common they were judged, but not by all of them together.",
                     left_out, left_out == 1 ? "group" : "groups"),
        err);
}

static enum status make_statements(struct release *release, const struct tally *tally,
                                   struct error *err)
{
    struct arena *arena = &release->arena;
    release->statements = arena_zalloc(arena, STATEMENTS_MAX, sizeof *release->statements);
    if (!release->statements)
        return error_nomem(err);
    unsigned min_users = release->min_users;
    if (min_users < 2)
        return release_state(release,
                             arena_printf(arena,
                                          "Counts are exact: no noise was added, and no figure was "
                                          "withheld, however few users it concerns. This gives no "
                                          "formal guarantee of privacy: a figure may describe a "
                                          "single person."),
                             err);
    TRY(release_state(
        release,
        arena_printf(arena,
                     "Counts are exact: no noise was added. Figures that concern 1 to %u "
                     "users are withheld. This gives no formal guarantee of privacy.",
                     min_users - 1),
        err));
    TRY(release_state(
        release,
        arena_printf(arena,
                     "Withheld: every figure whose own distinct users number 1 to %u, and "
                     "as many others as are needed so that none of these follows from what the "
                     "tables show. Both carry the same mark. A count "
                     "of zero is shown. All unknown users together count as one user. "
                     "Counts of records that were rejected have no user and are shown.",
                     min_users - 1),
        err));
    TRY(state_further_rules(release, err));
    TRY(release_state(release,
                      arena_printf(arena, "%zu %s withheld in all.", release->withheld,
                                   release->withheld == 1 ? "figure is" : "figures are"),
                      err));
    TRY(release_state(
        release,
        arena_printf(arena,
                     "Checked, all tables together: for a reader who knows every figure "
                     "shown, how rows, columns and tables add up and bound each "
                     "other, and that a withheld figure is not zero, each withheld number "
                     "of 1 to %u users may still be any of the sizes from 1 to %u, and "
                     "every other withheld count of so few users stays uncertain by at "
                     "least as much.",
                     min_users - 1, min_users - 1),
        err));
    TRY(release_state(
        release,
        arena_printf(arena,
                     "The counts of a labelled random sample are shown where at most 10 %% "
                     "of the stratum was drawn, since nobody is told which units were "
                     "drawn. Above that, a count of relevant units that concerns 1 to %u "
                     "users is withheld, and so is what is computed from it. Where a stratum, or "
                     "what a search found or left of one, has 1 to %u users, no number of its "
                     "parts is shown. How many units were drawn from a month is withheld where "
                     "the number that the month has is; else it tells of nobody, since only "
                     "chance chose them.",
                     min_users - 1, min_users - 1),
        err));
    TRY(release_state(
        release,
        arena_printf(arena,
                     "Checked across tables: of all sets of conversations that terms, "
                     "topics, identifiers, patterns, works and options find, and of all "
                     "conversations, whether one lies within another, or both with their "
                     "overlap are told, so that what lies between concerns 1 to %u users; "
                     "then the inner figure, or that of the overlap, is withheld.",
                     min_users - 1),
        err));
    return state_ties(release, tally->joint_left_out, err);
}

/* ---- the door ---- */

static enum status release_all(struct release *release, const struct tally *tally,
                               struct error *err)
{
    release->tables = arena_zalloc(&release->arena, tally->table_count, sizeof *release->tables);
    release->samples = arena_zalloc(&release->arena, tally->sample_count, sizeof *release->samples);
    if (!release->tables || !release->samples)
        return error_nomem(err);
    TRY(release_numbers(release, tally, err));
    TRY(release_tables(release, tally, err));
    for (size_t i = 0; i < tally->sample_count; i++)
        TRY(release_one_sample(release, &tally->samples[i], err));
    TRY(release_spreads(release, tally, err));
    return make_statements(release, tally, err);
}

enum status gate_release(const struct tally *tally, const struct gate_policy *policy,
                         struct release **out, struct error *err)
{
    *out = NULL;
    struct release *release = mem_zalloc(1, sizeof *release);
    if (!release)
        return error_nomem(err);
    release->min_users = policy->noise ? 0 : policy->min_users;
    release->min_conversations = policy->min_conversations;
    release->dominance = policy->dominance;
    release->preset = policy->preset;
    enum status status = policy->noise ? gate_release_noisy(release, tally, policy, err)
                                       : release_all(release, tally, err);
    if (status != STATUS_OK) {
        release_free(release);
        return status;
    }
    *out = release;
    return STATUS_OK;
}

/* Of the earlier tables, those that were not judged together with this report's. */
static const char *apart_words(struct arena *arena, const struct gate_memory *memory)
{
    if (memory->changed + memory->unlike + memory->left_out == 0)
        return "";
    return arena_printf(
        arena,
        " Not so judged: %zu of which rows are no more; %zu of populations with other filters, or "
        "with fields that the plan does not have; %zu that were too many.",
        memory->changed, memory->unlike, memory->left_out);
}

static enum status state_tables(struct release *release, const struct gate_memory *memory,
                                struct error *err)
{
    struct arena *arena = &release->arena;
    const char *apart = apart_words(arena, memory), *large = "";
    if (memory->too_large)
        large = arena_printf(arena,
                             " Tables of this report that are too large to be remembered for later "
                             "ones: %zu.",
                             memory->too_large);
    if (!apart || !large)
        return error_nomem(err);
    return release_state(
        release,
        arena_printf(
            arena,
            "Counts, and topics, by fields that earlier reports told under the same ledger were "
            "judged together with this report's (%zu such tables): a reader who has all of them, "
            "and "
            "adds and subtracts their rows, comes no closer to what any of them withheld than the "
            "rule allows. Of another period, those rows are so compared that lie in both periods; "
            "of "
            "logs that have changed since, those that still show what they showed.%s Not compared: "
            "other tables of earlier reports (terms, works, options and samples, but for their "
            "sets "
            "of users); what lies between two periods, or came since, but for its users; and "
            "releases that this ledger knows nothing of.%s",
            memory->tables, apart, large),
        err);
}

static enum status state_population(struct release *release, const struct gate_memory *memory,
                                    struct error *err)
{
    if (!memory->few_more)
        return STATUS_OK;
    return release_state(
        release,
        arena_printf(
            &release->arena,
            "Take care: the users of this report's population and of an earlier one's are the same "
            "but for %u. A population's own numbers (conversations, exchanges, users and words) "
            "are never withheld, so that whoever has both reports can subtract them: the "
            "difference is about fewer than %u users.",
            memory->few_more, release->min_users),
        err);
}

enum status gate_note_ledger(struct release *release, const struct gate_memory *memory,
                             struct error *err)
{
    struct arena *arena = &release->arena;
    release->fact_count = 2;
    release->facts = arena_zalloc(arena, release->fact_count, sizeof *release->facts);
    if (!release->facts)
        return error_nomem(err);
    release->facts[0] = (struct release_fact){"ledger", arena_printf(arena, "%s", memory->ledger)};
    release->facts[1] =
        (struct release_fact){"ledger_head", arena_printf(arena, "%s", memory->head)};
    if (!release->facts[0].value || !release->facts[1].value)
        return error_nomem(err);
    TRY(release_state(
        release,
        arena_printf(
            arena,
            "Compared with what earlier reports told under the same ledger (which now holds %zu "
            "sets, this report's among them, kept as keyed hashes of their users, or, of more than "
            "200,000 users, as sums of powers of such hashes; and all figures shown as sums over "
            "groups of users): a figure of all that an earlier one has and of few users more, or "
            "of all but that of few, is withheld. Sums of powers show every such difference "
            "of up to %u users, and in less than one pair of sets in a billion a difference that "
            "is none; where sizes differ by fewer than %u users, but by more than they were "
            "made for, the figure is withheld as if it were one. Tables by fields of "
            "more than 1,000 rows are not remembered. Where a figure must be withheld for another "
            "one's sake, a row that an earlier report under the same ledger withheld so goes "
            "first, so that reports of several periods withhold the same rows where that protects.",
            memory->sets, power_sums_reach(release->min_users), release->min_users),
        err));
    TRY(state_population(release, memory, err));
    return state_tables(release, memory, err);
}

bool gate_is_complement(const struct release *release, size_t table, size_t row)
{
    const bool *complement = release->tables[table].complement;
    return complement && complement[row];
}

bool gate_is_gone(const struct release *release, size_t table, size_t row)
{
    const bool *gone = release->tables[table].gone;
    return gone && gone[row];
}

bool gate_is_withheld(const struct release *release, size_t table, size_t row, size_t column)
{
    const struct figure_table *t = &release->tables[table];
    return t->figures[row * t->column_count + column].state == FIGURE_WITHHELD;
}

void release_free(struct release *release)
{
    if (!release)
        return;
    arena_release(&release->arena);
    free(release);
}
