/*
 * The completeness table: what was read, what was left out and why, and what was odd. Records that
 * were rejected have no user, so their counts are free; every other count has its users.
 */
#include "base/civil.h"
#include "base/memory.h"
#include "queries/catalogue/bitmap.h"
#include "queries/odd_rows.h"
#include "queries/tally_run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct tally_key keys[] = {{"reason", "Reason", TALLY_KEY_STRING}};
static const struct tally_column columns[] = {
    {"records", "Records", "records", 0},
    {"items", "Items", "items", 0}, /* turns, parts, ...: of rows that count more than records */
};
enum { RECORDS, ITEMS, COLUMNS };

enum { ROWS_MAX = 400 };

/* Rows are collected first, since their number depends on the plan. */
struct row {
    const char *reason;
    uint64_t records, items;
    uint32_t users;
    unsigned flags;
};

struct rows {
    struct arena *arena;
    struct row items[ROWS_MAX];
    size_t count;
};

static void add(struct rows *rows, const char *reason, uint64_t records, uint32_t users,
                unsigned flags)
{
    if (rows->count < ROWS_MAX)
        rows->items[rows->count++] = (struct row){reason, records, 0, users, flags};
}

/* A row of things that are no records and belong to nobody. */
static void add_items(struct rows *rows, const char *reason, uint64_t items)
{
    if (rows->count < ROWS_MAX)
        rows->items[rows->count++] = (struct row){reason, 0, items, 0, TALLY_FREE};
}

static uint64_t rejected_of(const struct catalogue *catalogue, const char *name)
{
    uint64_t count = 0;
    for (size_t p = 0; p < catalogue->count; p++) {
        const json_t *rejected =
            json_object_get(segment_meta(catalogue->parts[p].base), "rejected");
        count += (uint64_t)json_integer_value(json_object_get(rejected, name));
    }
    return count;
}

static const char *with_day(struct arena *arena, const char *before, int64_t day)
{
    struct civil_date date = civil_from_days(day);
    return arena_printf(arena, "%s %04d-%02d-%02d", before, date.year, date.month, date.day);
}

/* ---- the sums that must hold ---- */

/* Distinct users of all accepted records: a dictionary holds no user without a row. */
static uint32_t all_users(const struct catalogue *catalogue)
{
    for (size_t p = 0; p < catalogue->count; p++)
        for (uint32_t row = 0; row < catalogue->parts[p].rows; row++)
            if (catalogue->parts[p].user.codes[row] == PART_NO_CODE)
                return catalogue->users + 1;
    return catalogue->users;
}

/* A filter on ids or users: its values must not be told. */
static bool is_identity(const struct plan_field *field)
{
    return field->kind == PLAN_FIELD_STORED && field->stored == SIZE_MAX;
}

bool tally_completeness_lists(const struct plan *plan, size_t why)
{
    bool open_start = plan->population.from == INT64_MIN;
    bool open_end = plan->population.to == INT64_MAX;
    return !((why == EXCLUDED_BEFORE && open_start) || (why == EXCLUDED_AFTER && open_end) ||
             (why == EXCLUDED_NO_TIME && open_start && open_end));
}

static enum status add_sums(const struct tally_source *source, struct rows *rows, size_t *accepted,
                            struct error *err)
{
    const struct catalogue *catalogue = source->catalogue;
    const struct population *population = source->population;
    const struct plan *plan = source->plan;
    uint64_t rejected = 0;
    uint32_t everyone = all_users(catalogue);
    for (size_t why = 1; why < REJECT_COUNT; why++)
        rejected += rejected_of(catalogue, record_rejections[why].name);
    /* Where all were rejected they belong to nobody. */
    add(rows, "read", catalogue->rows + rejected, everyone, catalogue->rows ? 0 : TALLY_FREE);
    for (size_t why = 1; why < REJECT_COUNT; why++) {
        const char *title = arena_printf(rows->arena, "rejected: %s", record_rejections[why].title);
        if (!title)
            return error_nomem(err);
        add(rows, title, rejected_of(catalogue, record_rejections[why].name), 0, TALLY_FREE);
    }
    *accepted = rows->count;
    add(rows, "accepted", catalogue->rows, everyone, 0);
    for (size_t why = EXCLUDED_DUPLICATE; why < population->reason_count; why++) {
        const struct population_count *count = &population->reasons[why];
        const char *title = "duplicates";
        if (!tally_completeness_lists(plan, why))
            continue;
        if (why == EXCLUDED_NO_TIME)
            title = "excluded: without a time";
        else if (why == EXCLUDED_BEFORE)
            title = with_day(rows->arena, "excluded: before", plan->population.from);
        else if (why == EXCLUDED_AFTER)
            title = with_day(rows->arena, "excluded: after", plan->population.to);
        else if (why >= EXCLUDED_FILTER) {
            const struct plan_filter *filter = &plan->population.filters[why - EXCLUDED_FILTER];
            title = arena_printf(rows->arena, "excluded: %s %s the listed values",
                                 filter->field.name, filter->exclude ? "is one of" : "is none of");
            if (filter->value_count == 1)
                title = arena_printf(rows->arena, "excluded: %s %s %s", filter->field.name,
                                     filter->exclude ? "is" : "is not",
                                     is_identity(&filter->field) ? "the one listed"
                                                                 : filter->values[0]);
        }
        if (!title)
            return error_nomem(err);
        add(rows, title, count->conversations, count->users, 0);
    }
    add(rows, "population", population->conversations, population->users_support, TALLY_KEEP);
    return STATUS_OK;
}

/* ---- what was odd, within the population ---- */

struct odd {
    struct user_counter *users;
    const struct catalogue_part *part;
    const uint8_t *reason_of;
    const uint32_t *counts;
    uint64_t position, records, items;
};

static bool add_odd(uint32_t row, void *context)
{
    struct odd *odd = context;
    uint32_t count = odd->counts[odd->position++];
    if (row >= odd->part->rows || odd->reason_of[row] != IN_POPULATION)
        return true;
    odd->records++;
    odd->items += count;
    user_counter_add(odd->users, catalogue_user(odd->part, row));
    return true;
}

static enum status read_odd(struct odd *odd, enum oddity oddity, struct error *err)
{
    struct bitmap *rows;
    TRY(odd_rows_read(odd->part, oddity, &rows, &odd->counts, err));
    odd->position = 0;
    if (rows)
        bitmap_each(rows, add_odd, odd);
    bitmap_free(rows);
    return STATUS_OK;
}

static enum status add_oddities(const struct tally_source *source, struct rows *rows,
                                struct user_counter *users, struct error *err)
{
    for (size_t i = 0; i < ODDITY_COUNT; i++) {
        struct odd odd = {.users = users};
        user_counter_reset(users);
        for (size_t p = 0; p < source->catalogue->count; p++) {
            odd.part = &source->catalogue->parts[p];
            odd.reason_of = source->population->reason_of[p];
            TRY(read_odd(&odd, (enum oddity)i, err));
        }
        const char *title = arena_printf(rows->arena, "with %s", conversation_oddities[i].title);
        if (!title)
            return error_nomem(err);
        add(rows, title, odd.records, user_counter_support(users), 0);
        rows->items[rows->count - 1].items = odd.items;
    }
    return STATUS_OK;
}

/*
 * Whether how many days have none tells of few users: beside the size of the population, or what is
 * told of busy days, none of the days of few conversations has more than all of them but one for each
 * other such day. The row is left out where that is as few as are withheld.
 */
static bool days_tell(const struct plan *plan, const uint32_t *days, size_t count)
{
    uint64_t few = plan->release.min_users, conversations = 0, quiet = 0;
    for (size_t day = 0; few > 1 && day < count; day++)
        if (days[day] > 0 && days[day] < few) {
            conversations += days[day];
            quiet++;
        }
    return quiet > 0 && conversations - quiet + 2 < few;
}

/* Counts the records of each day, and those without a user or a time. */
static void read_gaps(const struct tally_source *source, int64_t first, uint32_t *days,
                      struct user_counter *users, uint64_t *without_user, uint64_t *without_time)
{
    const struct catalogue *catalogue = source->catalogue;
    user_counter_reset(users);
    for (size_t p = 0; p < catalogue->count; p++) {
        const struct catalogue_part *part = &catalogue->parts[p];
        for (uint32_t row = 0; row < part->rows; row++) {
            if (!population_has(source->population, p, row))
                continue;
            *without_user += part->user.codes[row] == PART_NO_CODE;
            if (part->time[row] != CIVIL_NONE) {
                days[civil_day_of(part->time[row]) - first]++;
                continue;
            }
            ++*without_time;
            user_counter_add(users, catalogue_user(part, row));
        }
    }
}

/* Records without user or time, and days of the period on which there is none. */
static enum status add_gaps(const struct tally_source *source, struct rows *rows,
                            struct user_counter *users, struct error *err)
{
    const struct plan *plan = source->plan;
    uint64_t without_user = 0, without_time = 0, empty = 0;
    int64_t first = plan->population.from, last = plan->population.to;
    if (first == INT64_MIN)
        first = source->population->first_day;
    if (last == INT64_MAX)
        last = source->population->last_day;
    size_t count = first <= last ? (size_t)(last - first) + 1 : 0;
    uint32_t *days = mem_zalloc(count, sizeof *days);
    if (!days)
        return error_nomem(err);
    read_gaps(source, first, days, users, &without_user, &without_time);
    for (size_t day = 0; day < count; day++)
        empty += !days[day];
    bool told = count && !days_tell(plan, days, count);
    free(days);
    /* All unknown users together are one, so a count of them is one user's. */
    add(rows, "without a user", without_user, 0, TALLY_FREE);
    add(rows, "without a time", without_time, user_counter_support(users), 0);
    if (told)
        add_items(rows, "days without records", empty);
    return STATUS_OK;
}

static void add_files(const struct tally_source *source, struct rows *rows)
{
    const struct log_set *logs = &source->state->logs;
    uint64_t missing = 0;
    for (size_t i = 0; i < source->plan->logs.expected_count; i++) {
        bool found = false;
        for (size_t f = 0; f < logs->file_count && !found; f++)
            found = strcmp(logs->files[f].name, source->plan->logs.expected[i]) == 0;
        missing += !found;
    }
    add_items(rows, "files read", logs->file_count);
    if (source->plan->logs.expected_count) {
        add_items(rows, "files expected", source->plan->logs.expected_count);
        add_items(rows, "files missing", missing);
    }
}

/* ---- the table ---- */

static enum status relate(struct tally *tally, struct tally_table *table, size_t accepted,
                          size_t population, struct error *err)
{
    struct tally_term terms[ROWS_MAX];
    uint32_t count = 0;
    for (uint32_t row = 0; row <= accepted; row++)
        terms[count++] = (struct tally_term){row, RECORDS, row == 0 ? -1 : 1};
    TRY(tally_relate(tally, table, terms, count, false, err));
    count = 0;
    for (uint32_t row = (uint32_t)accepted; row <= population; row++)
        terms[count++] = (struct tally_term){row, RECORDS, row == accepted ? -1 : 1};
    return tally_relate(tally, table, terms, count, false, err);
}

static enum status write_table(const struct rows *rows, size_t accepted, size_t population,
                               struct tally *tally, struct error *err)
{
    struct tally_table *table;
    TRY(tally_add_table(tally, "completeness", SIZE_MAX, keys, 1, columns, COLUMNS, rows->count,
                        &table, err));
    for (size_t row = 0; row < rows->count; row++) {
        const struct row *from = &rows->items[row];
        table->key_values[row] = from->reason;
        table->row_flags[row] = from->flags;
        *tally_cell_at(table, row, RECORDS) = (struct tally_cell){from->records, from->users, 0};
        *tally_cell_at(table, row, ITEMS) = (struct tally_cell){from->items, from->users, 0};
    }
    return relate(tally, table, accepted, population, err);
}

/* With noise all that tells of other records is left out, and so are rows that come and go. */
static enum status population_alone(const struct tally_source *source, struct tally *tally,
                                    struct error *err)
{
    struct tally_table *table;
    TRY(tally_add_table(tally, "completeness", SIZE_MAX, keys, 1, columns, COLUMNS, 1, &table,
                        err));
    table->key_values[0] = "population";
    table->row_flags[0] = TALLY_KEEP;
    *tally_cell_at(table, 0, RECORDS) = (struct tally_cell){source->population->conversations,
                                                            source->population->users_support, 0};
    return STATUS_OK;
}

enum status tally_completeness(const struct tally_source *source, struct tally *tally,
                               struct error *err)
{
    enum status status = STATUS_OK;
    struct user_counter users = {.seen = NULL};
    size_t accepted = 0;
    if (source->plan->release.noise.mechanism)
        return population_alone(source, tally, err);
    struct rows *rows = mem_zalloc(1, sizeof *rows);
    if (!rows)
        return error_nomem(err);
    rows->arena = &tally->arena;
    TRY_CLEANUP(user_counter_init(&users, source->catalogue->users, err));
    TRY_CLEANUP(add_sums(source, rows, &accepted, err));
    size_t population = rows->count - 1;
    TRY_CLEANUP(add_gaps(source, rows, &users, err));
    TRY_CLEANUP(add_oddities(source, rows, &users, err));
    add_files(source, rows);
    status = write_table(rows, accepted, population, tally, err);
cleanup:
    user_counter_release(&users);
    free(rows);
    return status;
}
