/* The tally of proposals: see tally_proposals.h. */
#include "queries/tally_proposals.h"

#include "base/civil.h"
#include "queries/labelled_sample.h"
#include "queries/unit_set.h"

enum option_column { CONVERSATIONS, EXCHANGES, USERS, WORDS, COLUMNS };

static const struct tally_column columns[COLUMNS] = {
    [CONVERSATIONS] = {"conversations", "Conversations", "conversations", 0},
    [EXCHANGES] = {"exchanges", "Exchanges", "exchanges", 0},
    [USERS] = {"users", "Users", "users", TALLY_USERS},
    [WORDS] = {"words", "Words", "words", 0},
};
static const struct tally_key keys[] = {{"option", "Option", TALLY_KEY_STRING}};

/* ---- the conversations of an option ---- */

static void keep(struct unit_set *set, const struct unit_set *of)
{
    for (size_t p = 0; p < set->parts; p++)
        bitmap_and(set->rows[p], of->rows[p]);
}

/* Keeps what any of the SLOTS (or a run of so many WORDS) of query NUMBER finds. */
static enum status keep_found(struct unit_set *set, const struct units *units,
                              const struct tally_source *source, size_t number,
                              const uint32_t *slots, size_t count, uint32_t words,
                              struct error *err)
{
    struct unit_set found;
    enum status status = unit_set_init(&found, source->catalogue, err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        status = unit_set_add(&found, units, source, number,
                              slots ? (long)slots[i] : UNIT_SET_ANY_SLOT, words, err);
    if (status == STATUS_OK)
        keep(set, &found);
    unit_set_release(&found);
    return status;
}

struct period {
    const struct catalogue_part *part;
    const struct plan_option *option;
    struct bitmap *inside;
};

static bool add_inside(uint32_t row, void *context)
{
    struct period *period = context;
    int64_t time = period->part->time[row];
    if (time == CIVIL_NONE)
        return true;
    int64_t day = civil_day_of(time);
    if (day >= period->option->from && day <= period->option->to)
        bitmap_add(period->inside, row);
    return true;
}

static enum status keep_period(struct unit_set *set, const struct tally_source *source,
                               const struct plan_option *option, struct error *err)
{
    struct unit_set inside;
    enum status status = unit_set_init(&inside, source->catalogue, err);
    for (size_t p = 0; status == STATUS_OK && p < set->parts; p++) {
        struct period period = {&source->catalogue->parts[p], option, inside.rows[p]};
        bitmap_each(set->rows[p], add_inside, &period);
    }
    if (status == STATUS_OK)
        keep(set, &inside);
    unit_set_release(&inside);
    return status;
}

enum status proposals_select(struct unit_set *set, const struct units *units,
                             const struct tally_source *source, const struct plan_option *option,
                             struct error *err)
{
    for (size_t p = 0; p < set->parts; p++)
        bitmap_or(set->rows[p], units->rows[p]);
    if (option->term_count)
        TRY(keep_found(set, units, source, option->terms_query, option->terms, option->term_count,
                       0, err));
    if (option->topic_count)
        TRY(keep_found(set, units, source, option->topics_query, option->topics,
                       option->topic_count, 0, err));
    if (option->overlap_words)
        TRY(keep_found(set, units, source, option->overlap_query, NULL, 1, option->overlap_words,
                       err));
    if (option->from != INT64_MIN || option->to != INT64_MAX)
        TRY(keep_period(set, source, option, err));
    return STATUS_OK;
}

/* ---- counting ---- */

struct count {
    const struct catalogue_part *part;
    struct user_counter users;
    uint64_t values[COLUMNS];
};

static bool count_row(uint32_t row, void *context)
{
    struct count *count = context;
    count->values[CONVERSATIONS]++;
    count->values[EXCHANGES] += count->part->exchanges[row];
    count->values[WORDS] += count->part->words[row];
    user_counter_add(&count->users, catalogue_user(count->part, row));
    return true;
}

static void count_set(struct count *count, const struct unit_set *set,
                      const struct tally_source *source, const struct tally_table *table,
                      size_t row)
{
    for (size_t i = 0; i < COLUMNS; i++)
        count->values[i] = 0;
    user_counter_reset(&count->users);
    for (size_t p = 0; p < set->parts; p++) {
        count->part = &source->catalogue->parts[p];
        bitmap_each(set->rows[p], count_row, count);
    }
    count->values[USERS] = user_counter_value(&count->users);
    uint32_t users = user_counter_support(&count->users);
    for (size_t i = 0; i < COLUMNS; i++)
        *tally_cell_at(table, row, i) = (struct tally_cell){count->values[i], users, 0};
}

/* The last row: everything. */
static void count_all(const struct population *population, const struct tally_table *table,
                      size_t row)
{
    const uint64_t totals[COLUMNS] = {[CONVERSATIONS] = population->conversations,
                                      [EXCHANGES] = population->exchange_count,
                                      [USERS] = population->users,
                                      [WORDS] = population->words};
    for (size_t i = 0; i < COLUMNS; i++)
        *tally_cell_at(table, row, i) =
            (struct tally_cell){totals[i], population->users_support, 0};
    table->row_flags[row] = TALLY_KEEP;
}

static enum status judge(const struct labelled_sample *labelled, const struct unit_set *set,
                         size_t query, size_t option, struct tally *tally, struct error *err)
{
    struct unit_set found;
    enum status status = unit_set_init(&found, labelled->source->catalogue, err);
    if (status == STATUS_OK)
        status = unit_set_spread(&found, &labelled->units, set->rows, err);
    if (status == STATUS_OK)
        status = labelled_sample_tally(labelled, &found, query, (long)option, tally, err);
    unit_set_release(&found);
    return status;
}

enum status tally_proposals(const struct tally_source *source, size_t number, struct tally *tally,
                            struct error *err)
{
    const struct plan_query *query = &source->plan->queries[number];
    enum status status = STATUS_OK;
    struct labelled_sample labelled = {.laid = {.strata = {.arena = ARENA_INIT}}};
    struct units units = {.rows = NULL};
    struct count count = {.part = NULL};
    struct tally_table *table;
    bool there = false;
    TRY_CLEANUP(units_init(&units, source->population, UNIT_CONVERSATION, UNIT_BY_ID, err));
    TRY_CLEANUP(user_counter_init(&count.users, source->catalogue->users, err));
    if (query->has_of)
        TRY_CLEANUP(labelled_sample_open(&labelled, source, query->of, &there, err));
    TRY_CLEANUP(tally_add_table(tally, query->id, number, keys, 1, columns, COLUMNS,
                                query->option_count + 1, &table, err));
    for (size_t i = 0; i < query->option_count; i++) {
        struct unit_set set;
        status = unit_set_init(&set, source->catalogue, err);
        if (status == STATUS_OK)
            status = proposals_select(&set, &units, source, &query->options[i], err);
        if (status == STATUS_OK) {
            table->key_values[i] = query->options[i].id;
            table->row_flags[i] = TALLY_MORE;
            count_set(&count, &set, source, table, i);
        }
        if (status == STATUS_OK && there)
            status = judge(&labelled, &set, number, i, tally, err);
        unit_set_release(&set);
        if (status != STATUS_OK)
            goto cleanup;
    }
    table->key_values[query->option_count] = "everything";
    count_all(source->population, table, query->option_count);
cleanup:
    user_counter_release(&count.users);
    labelled_sample_release(&labelled);
    units_release(&units);
    return status;
}
