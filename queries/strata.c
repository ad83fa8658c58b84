/* Strata of a frame: see strata.h. */
#include "queries/strata.h"

#include "base/memory.h"
#include "queries/field_index.h"
#include "queries/query_terms.h"
#include "queries/unit_set.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void strata_release(struct strata *strata)
{
    for (size_t p = 0; strata->of && p < strata->parts; p++)
        free(strata->of[p]);
    free(strata->of);
    arena_release(&strata->arena);
    *strata = (struct strata){.arena = ARENA_INIT};
}

static enum status set_names(struct strata *strata, size_t count, struct error *err)
{
    strata->count = count;
    strata->items = arena_zalloc(&strata->arena, count, sizeof *strata->items);
    for (uint32_t i = 0; strata->items && i < count; i++)
        strata->items[i] = (struct stratum){.from = i, .to = i + 1};
    return strata->items ? STATUS_OK : error_nomem(err);
}

enum status strata_one(struct strata *strata, const struct units *units, struct error *err)
{
    *strata = (struct strata){.arena = ARENA_INIT};
    TRY(set_names(strata, 1, err));
    strata->items[0] = (struct stratum){"all", units->count, 0, 1};
    return STATUS_OK;
}

static enum status name_stratum(struct strata *strata, size_t i, const char *name,
                                struct error *err)
{
    strata->items[i].name = arena_strndup(&strata->arena, name, strlen(name));
    return strata->items[i].name ? STATUS_OK : error_nomem(err);
}

/* ---- visiting units ---- */

struct visit {
    const struct units *units;
    struct strata *strata;
    size_t part;
    void (*see)(struct visit *visit, uint32_t row);
    void *context;
};

static bool see_row(uint32_t row, void *context)
{
    struct visit *visit = context;
    visit->see(visit, row);
    return true;
}

static void each_unit(struct visit *visit)
{
    for (visit->part = 0; visit->part < visit->units->catalogue->count; visit->part++)
        bitmap_each(visit->units->rows[visit->part], see_row, visit);
}

static void count_unit(struct visit *visit, uint32_t row)
{
    visit->strata->items[strata_of(visit->strata, visit->part, row)].count++;
}

static enum status make_room(struct strata *strata, const struct units *units, struct error *err)
{
    const struct catalogue *catalogue = units->catalogue;
    strata->parts = catalogue->count;
    strata->of = mem_zalloc(catalogue->count, sizeof *strata->of);
    if (!strata->of)
        return error_nomem(err);
    for (size_t p = 0; p < catalogue->count; p++) {
        const struct catalogue_part *part = &catalogue->parts[p];
        size_t rows = units->kind == UNIT_EXCHANGE ? part->exchange_total : part->rows;
        strata->of[p] = mem_zalloc(rows, sizeof *strata->of[p]);
        if (!strata->of[p])
            return error_nomem(err);
    }
    return STATUS_OK;
}

/* ---- by what a query finds ---- */

struct marking {
    struct strata *strata;
    size_t part;
    uint8_t stratum;
};

static bool mark_row(uint32_t row, void *context)
{
    struct marking *marking = context;
    marking->strata->of[marking->part][row] = marking->stratum;
    return true;
}

/* The units that a slot, or a run of so many words, finds go to STRATUM. */
static enum status mark_found(struct strata *strata, const struct units *units,
                              const struct tally_source *source, size_t number, long slot,
                              uint32_t words, size_t stratum, struct error *err)
{
    struct unit_set set;
    enum status status = unit_set_init(&set, units->catalogue, err);
    if (status == STATUS_OK)
        status = unit_set_add(&set, units, source, number, slot, words, err);
    struct marking marking = {strata, 0, (uint8_t)stratum};
    for (; status == STATUS_OK && marking.part < set.parts; marking.part++)
        bitmap_each(set.rows[marking.part], mark_row, &marking);
    unit_set_release(&set);
    return status;
}

static enum status too_many(const struct plan_query *query, size_t count, struct error *err)
{
    return error_set(err, STATUS_PLAN, query->id, "%zu strata are more than %d", count, STRATA_MAX);
}

static void mark_rest(struct visit *visit, uint32_t row)
{
    uint8_t *code = &visit->strata->of[visit->part][row];
    if (*code == 0)
        *code = (uint8_t)(visit->strata->count - 1);
    else
        --*code;
}

/* By topic. A user has the first topic, in the taxonomy's order, of any of the conversations. */
static enum status by_topics(struct strata *strata, const struct units *units,
                             const struct tally_source *source, size_t number, struct error *err)
{
    const struct plan_query *query = &source->plan->queries[number];
    size_t topics = query->topic_count;
    if (query->multi_label) {
        error_set(err, STATUS_PLAN, query->id,
                  "its taxonomy assigns all topics that match, so a unit may be in several strata");
        return error_hint(err, "\"assign\": \"first\" gives each conversation one topic");
    }
    if (topics + 1 > STRATA_MAX)
        return too_many(query, topics + 1, err);
    TRY(set_names(strata, topics + 1, err));
    for (size_t i = 0; i < topics; i++)
        TRY(name_stratum(strata, i, query->topics[i].name, err));
    TRY(name_stratum(strata, topics, "none", err));
    for (size_t i = topics; i-- > 0;)
        TRY(mark_found(strata, units, source, number, (long)i, 0, i + 1, err));
    struct visit visit = {.units = units, .strata = strata, .see = mark_rest};
    each_unit(&visit);
    return STATUS_OK;
}

static enum status by_bins(struct strata *strata, const struct units *units,
                           const struct tally_source *source, size_t number, struct error *err)
{
    const struct plan_query *query = &source->plan->queries[number];
    size_t bins = query->bin_count;
    if (bins + 1 > STRATA_MAX)
        return too_many(query, bins + 1, err);
    TRY(set_names(strata, bins + 1, err));
    TRY(name_stratum(strata, 0, "no run", err));
    for (size_t i = 0; i < bins; i++) {
        uint32_t low = query->bins[i];
        strata->items[i + 1].name =
            i + 1 < bins ? arena_printf(&strata->arena, "%" PRIu32 " to %" PRIu32 " words", low,
                                        query->bins[i + 1] - 1)
                         : arena_printf(&strata->arena, "%" PRIu32 " words or more", low);
        if (!strata->items[i + 1].name)
            return error_nomem(err);
        TRY(mark_found(strata, units, source, number, UNIT_SET_ANY_SLOT, low, i + 1, err));
    }
    return STATUS_OK;
}

static void turn_found(struct visit *visit, uint32_t row)
{
    visit->strata->of[visit->part][row] ^= 1;
}

static enum status by_found(struct strata *strata, const struct units *units,
                            const struct tally_source *source, size_t number, struct error *err)
{
    TRY(set_names(strata, 2, err));
    TRY(name_stratum(strata, 0, "found", err));
    TRY(name_stratum(strata, 1, "not found", err));
    TRY(mark_found(strata, units, source, number, UNIT_SET_ANY_SLOT, 0, 1, err));
    struct visit visit = {.units = units, .strata = strata, .see = turn_found};
    each_unit(&visit);
    return STATUS_OK;
}

/* ---- by fields ---- */

struct fields {
    struct field_index *indexes; /* [count] */
    size_t count;
    bool all; /* combinations without units, too */
    const struct plan_query *query;
    uint32_t *numbers; /* [combinations] stratum + 1; 0: not seen */
    bool numbered;
};

static size_t combination(const struct fields *fields, const struct visit *visit, uint32_t row)
{
    size_t code = 0;
    uint32_t conversation = unit_conversation(visit->units, visit->part, row);
    for (size_t i = 0; i < fields->count; i++)
        code = code * fields->indexes[i].count +
               field_index_code(&fields->indexes[i], visit->part, conversation);
    return code;
}

static void see_combination(struct visit *visit, uint32_t row)
{
    struct fields *fields = visit->context;
    size_t code = combination(fields, visit, row);
    if (fields->numbered)
        visit->strata->of[visit->part][row] = (uint8_t)(fields->numbers[code] - 1);
    else
        fields->numbers[code] = 1;
}

static enum status name_combination(struct strata *strata, const struct fields *fields, size_t at,
                                    size_t code, struct error *err)
{
    const char *name = "";
    for (size_t i = fields->count; i-- > 0;) {
        const struct field_index *index = &fields->indexes[i];
        const struct intern_text *label = &index->labels.items[code % index->count];
        code /= index->count;
        name = arena_printf(&strata->arena, "%.*s%s%s", (int)label->len, label->text,
                            *name ? ", " : "", name);
        if (!name)
            return error_nomem(err);
    }
    strata->items[at].name = name;
    return STATUS_OK;
}

/* Whether the plan knows the combination CODE: a conversation of its period has a time. */
static bool is_known(const struct fields *fields, size_t code)
{
    for (size_t i = fields->count; i-- > 0;) {
        const struct field_index *index = &fields->indexes[i];
        if (index->field.kind != PLAN_FIELD_STORED && code % index->count == index->unknown)
            return false;
        code /= index->count;
    }
    return true;
}

static enum status number_combinations(struct strata *strata, struct fields *fields,
                                       size_t combinations, struct error *err)
{
    uint32_t count = 0;
    for (size_t code = 0; code < combinations; code++)
        if (fields->numbers[code] || (fields->all && is_known(fields, code)))
            fields->numbers[code] = ++count;
    if (count > STRATA_MAX)
        return too_many(fields->query, count, err);
    TRY(set_names(strata, count, err));
    for (size_t code = 0; code < combinations; code++)
        if (fields->numbers[code])
            TRY(name_combination(strata, fields, fields->numbers[code] - 1, code, err));
    fields->numbered = true;
    return STATUS_OK;
}

/* Fields of which the plan says all groups. */
static enum status check_listed(const struct plan_query *query, const struct units *units,
                                struct error *err)
{
    const struct population *population = units->population;
    bool dated = population->from != INT64_MIN && population->to != INT64_MAX;
    for (size_t i = 0; i < query->by_count; i++) {
        const struct plan_field *field = &query->by[i];
        if (field->kind == PLAN_FIELD_STORED ? field->values || field->bins : dated)
            continue;
        (void)error_set(err, STATUS_PLAN, query->id,
                        "with noise all strata must be known from the plan, and the groups of "
                        "\"%s\" come from the logs",
                        field->name);
        return field->kind == PLAN_FIELD_STORED
                   ? error_hint(err,
                                "list those of interest: {\"field\": \"%s\", \"values\": "
                                "[...]}, all others are one stratum",
                                field->name)
                   : error_hint(err, "limit the population with \"from\" and \"to\"");
    }
    return STATUS_OK;
}

static enum status by_fields(struct strata *strata, const struct units *units,
                             const struct tally_source *source, size_t number, bool all,
                             struct error *err)
{
    enum { COMBINATIONS_MAX = 1 << 22 };
    const struct plan_query *query = &source->plan->queries[number];
    struct fields fields = {.query = query, .all = all};
    const struct population *population = units->population;
    int64_t first = all ? population->from : population->first_day;
    int64_t last = all ? population->to : population->last_day;
    struct visit visit = {
        .units = units, .strata = strata, .see = see_combination, .context = &fields};
    enum status status = STATUS_OK;
    size_t combinations = 1;
    if (units->kind == UNIT_USER)
        return error_set(err, STATUS_PLAN, query->id,
                         "a user's conversations may have several values of a field, so users "
                         "cannot be stratified by it");
    if (query->by_count == 0)
        return error_set(err, STATUS_PLAN, query->id, "it counts by no field");
    if (all)
        TRY(check_listed(query, units, err));
    fields.indexes = mem_zalloc(query->by_count, sizeof *fields.indexes);
    if (!fields.indexes)
        return error_nomem(err);
    for (; fields.count < query->by_count; fields.count++) {
        struct field_index *index = &fields.indexes[fields.count];
        status =
            field_index_init(index, source->catalogue, &query->by[fields.count], first, last, err);
        if (status == STATUS_OK && (index->count > COMBINATIONS_MAX / combinations))
            status = too_many(query, index->count * combinations, err);
        if (status != STATUS_OK) {
            fields.count++;
            goto cleanup;
        }
        combinations *= index->count;
    }
    fields.numbers = mem_zalloc(combinations, sizeof *fields.numbers);
    if (!fields.numbers) {
        status = error_nomem(err);
        goto cleanup;
    }
    each_unit(&visit);
    TRY_CLEANUP(number_combinations(strata, &fields, combinations, err));
    each_unit(&visit);
cleanup:
    for (size_t i = 0; i < fields.count; i++)
        field_index_release(&fields.indexes[i]);
    free(fields.indexes);
    free(fields.numbers);
    return status;
}

/* ---- joining small ones ---- */

struct user_count {
    const struct strata *strata;
    uint32_t *users;           /* [strata] */
    uint64_t last[STRATA_MAX]; /* user + 1 that a unit was last seen of */
};

static void count_user(void *context, uint32_t user, size_t part, uint32_t row)
{
    struct user_count *count = context;
    uint32_t stratum = strata_of(count->strata, part, row);
    count->users[stratum] += count->last[stratum] != user + 1ull;
    count->last[stratum] = user + 1ull;
}

static void renumber(struct visit *visit, uint32_t row)
{
    const uint8_t *numbers = visit->context;
    uint8_t *code = &visit->strata->of[visit->part][row];
    *code = numbers[*code];
}

/* Strata with the same number in NUMBERS, which ascend by at most 1, become one. */
static enum status join(struct strata *strata, const struct units *units, uint8_t *numbers,
                        struct error *err)
{
    struct visit visit = {.units = units, .strata = strata, .see = renumber, .context = numbers};
    each_unit(&visit);
    size_t count = 1;
    for (size_t i = 1; i < strata->count; i++) {
        if (numbers[i] != numbers[i - 1]) {
            strata->items[count++] = strata->items[i];
            continue;
        }
        struct stratum *into = &strata->items[count - 1];
        into->name = arena_printf(&strata->arena, "%s + %s", into->name, strata->items[i].name);
        into->count += strata->items[i].count;
        into->to = strata->items[i].to;
        if (!into->name)
            return error_nomem(err);
    }
    strata->count = count;
    return STATUS_OK;
}

/* Empty strata vanish without a trace in the names. */
static enum status drop_empty(struct strata *strata, const struct units *units)
{
    uint8_t numbers[STRATA_MAX];
    size_t count = 0;
    for (size_t i = 0; i < strata->count; i++) {
        numbers[i] = (uint8_t)count;
        if (strata->items[i].count)
            strata->items[count++] = strata->items[i];
    }
    struct visit visit = {.units = units, .strata = strata, .see = renumber, .context = numbers};
    if (count < strata->count)
        each_unit(&visit);
    strata->count = count;
    return STATUS_OK;
}

static enum status join_small(struct strata *strata, const struct units *units, uint32_t min_users,
                              struct error *err)
{
    uint32_t users[STRATA_MAX];
    uint8_t numbers[STRATA_MAX];
    for (bool joined = true; joined && strata->count > 1;) {
        struct user_count count = {.strata = strata, .users = users};
        memset(users, 0, sizeof users);
        units_by_user(units, count_user, &count);
        joined = false;
        size_t number = 0;
        for (size_t i = 0; i < strata->count; i++) {
            numbers[i] = (uint8_t)number;
            bool last = i + 1 == strata->count;
            if (users[i] < min_users && last && i > 0 && numbers[i] != numbers[i - 1]) {
                numbers[i] = numbers[i - 1];
                joined = true;
            } else if (users[i] < min_users && !last) {
                numbers[++i] = (uint8_t)number;
                joined = true;
            }
            number = (size_t)numbers[i] + 1;
        }
        if (joined)
            TRY(join(strata, units, numbers, err));
    }
    return STATUS_OK;
}

static enum status all_by(struct strata *strata, const struct units *units,
                          const struct tally_source *source, size_t number, bool all,
                          struct error *err)
{
    const struct plan_query *query = &source->plan->queries[number];
    *strata = (struct strata){.arena = ARENA_INIT};
    TRY(make_room(strata, units, err));
    if ((query->by_count && query->kind != QUERY_TERMS) || query->kind == QUERY_COUNT)
        TRY(by_fields(strata, units, source, number, all, err));
    else if (query->kind == QUERY_TOPICS)
        TRY(by_topics(strata, units, source, number, err));
    else if (query->kind == QUERY_OVERLAP)
        TRY(by_bins(strata, units, source, number, err));
    else if (query_reads_text(query))
        TRY(by_found(strata, units, source, number, err));
    else
        return error_set(err, STATUS_PLAN, query->id,
                         "a query of kind \"%s\" puts units into no strata",
                         query_types[query->kind].name);
    struct visit visit = {.units = units, .strata = strata, .see = count_unit};
    each_unit(&visit);
    return STATUS_OK;
}

enum status strata_by(struct strata *strata, const struct units *units,
                      const struct tally_source *source, size_t number, uint32_t min_users,
                      struct error *err)
{
    TRY(all_by(strata, units, source, number, false, err));
    TRY(drop_empty(strata, units));
    return join_small(strata, units, min_users, err);
}

enum status strata_by_plan(struct strata *strata, const struct units *units,
                           const struct tally_source *source, size_t number, struct error *err)
{
    return all_by(strata, units, source, number, true, err);
}
