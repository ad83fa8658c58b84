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

/* Whether the number of relevant units of STRATUM is a cell, and it, or what it leaves of the drawn
 * units, is of too few users. (Where none is relevant, the rest is what chance drew.) */
static bool stratum_small(const struct tally_stratum *stratum, uint32_t min_users)
{
    uint64_t relevant = stratum->relevant + stratum->overturned;
    return stratum->drawn > stratum->population / 10 && relevant &&
           (small(users_behind(relevant, stratum->relevant_users), min_users) ||
            small(users_behind(stratum->irrelevant, stratum->irrelevant_users), min_users));
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
                                   .unreadable = shown(from->unreadable, withheld),
                                   .missing = shown(from->missing, withheld),
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
 * A sample of what a search, an option or a topic found tells how much that is: where a table's
 * figure of it is withheld, so are the sizes here.
 */
static bool found_withheld(const struct release *release, const struct tally_sample *sample)
{
    return sample->found_at.there && figure_at(&release->tables[sample->found_at.table],
                                               sample->found_at.row, sample->found_at.column)
                                             .state == FIGURE_WITHHELD;
}

/*
 * Whether the gate withholds how many units of stratum NUMBER, or of all, are relevant or
 * irrelevant: for what follows with other figures.
 */
static bool labels_withheld(const struct release *release, const struct tally_sample *sample,
                            size_t number)
{
    for (int irrelevant = 0; sample->labels && irrelevant < 2; irrelevant++)
        if (gate_is_withheld(release, sample->labels_table, tally_labels_row(number, irrelevant),
                             0))
            return true;
    return false;
}

/* What a search found adds up with what it left: where one number is withheld, all are. */
static bool search_withheld(const struct release *release, const struct tally_sample *sample)
{
    for (size_t i = 0; sample->search != TALLY_NO_SEARCH && i <= sample->stratum_count; i++)
        if (labels_withheld(release, sample, i))
            return true;
    return false;
}

/* The figures of labels are withheld with the numbers that they are. */
static void withhold_labels(const struct release *release, const struct tally_sample *sample,
                            size_t number)
{
    for (int irrelevant = 0; sample->labels && irrelevant < 2; irrelevant++)
        release->tables[sample->labels_table].figures[tally_labels_row(number, irrelevant)] =
            withheld_figure;
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
    bool hidden = parts_small(from, release->min_users) || found_withheld(release, from) ||
                  search_withheld(release, from) || from->differs;
    struct figure_stratum *strata =
        arena_zalloc(&release->arena, from->stratum_count, sizeof *strata);
    if (!strata)
        return error_nomem(err);
    for (size_t i = 0; i < from->stratum_count; i++) {
        bool withheld = stratum_small(&from->strata[i], release->min_users) ||
                        labels_withheld(release, from, i);
        any = any || withheld;
        if (hidden || withheld)
            withhold_labels(release, from, i);
        strata[i] = hidden ? hidden_stratum(release, &from->strata[i], &failed)
                           : release_stratum(release, &from->strata[i], withheld, &failed);
    }
    /* The sum would tell a withheld stratum's number. */
    bool withheld = hidden || any || stratum_small(&from->whole, release->min_users) ||
                    labels_withheld(release, from, from->stratum_count);
    if (withheld)
        withhold_labels(release, from, from->stratum_count);
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

/* ---- the door ---- */

static enum status release_all(struct release *release, const struct tally *tally,
                               struct gate_again *last, struct error *err)
{
    release->tables = arena_zalloc(&release->arena, tally->table_count, sizeof *release->tables);
    release->samples = arena_zalloc(&release->arena, tally->sample_count, sizeof *release->samples);
    if (!release->tables || !release->samples)
        return error_nomem(err);
    TRY(release_numbers(release, tally, err));
    TRY(release_tables(release, tally, last, err));
    for (size_t i = 0; i < tally->sample_count; i++)
        TRY(release_one_sample(release, &tally->samples[i], err));
    TRY(release_spreads(release, tally, err));
    return release_make_statements(release, tally, err);
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
                                       : release_all(release, tally, policy->last, err);
    if (status != STATUS_OK) {
        release_free(release);
        return status;
    }
    *out = release;
    return STATUS_OK;
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
