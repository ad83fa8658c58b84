/* Tables as noise sees them: see noise_shape.h. */
#include "queries/noise_shape.h"

#include "base/civil.h"
#include "queries/overlap_relations.h"
#include "queries/query_terms.h"
#include "queries/unit.h"

#include <string.h>

/* Rows in which a conversation counts; OF_OWN: of the table but the row of any. */
enum rule { OF_TABLE, OF_OWN, IN_ONE, IN_TWO };
enum clamp { BY_NOTHING, BY_EXCHANGES, BY_TURNS, BY_WORDS, BY_OCCURRENCES };

static const struct column_rule {
    const char *id;
    unsigned kinds; /* bits 1 << enum query_kind; POPULATION_KIND */
    enum rule rule;
    enum clamp clamp;
} rules[] = {
#define POPULATION_KIND (1u << QUERY_KIND_COUNT)
#define FOUND           (1u << QUERY_IDENTIFIERS | 1u << QUERY_REGEX | 1u << QUERY_OVERLAP)
#define TERMS_BY        (1u << (QUERY_KIND_COUNT + 1))
#define SEARCH          (1u << (QUERY_KIND_COUNT + 2))
#define STRATA          (1u << (QUERY_KIND_COUNT + 3))
#define CHECKED         (1u << (QUERY_KIND_COUNT + 4))
#define SUMS            (1u << QUERY_COUNT | 1u << QUERY_TOPICS | 1u << QUERY_PROPOSALS)
#define ALL             (POPULATION_KIND | SUMS | FOUND | 1u << QUERY_TERMS | TERMS_BY)
    {"conversations", ALL, OF_TABLE, BY_NOTHING},
    {"users", ALL, OF_TABLE, BY_NOTHING},
    {"exchanges", POPULATION_KIND | SUMS, OF_TABLE, BY_EXCHANGES},
    {"turns", 1u << QUERY_COUNT, OF_TABLE, BY_TURNS},
    {"words", POPULATION_KIND | SUMS, OF_TABLE, BY_WORDS},
    {"occurrences", 1u << QUERY_TERMS | 1u << QUERY_IDENTIFIERS | 1u << QUERY_REGEX, OF_OWN,
     BY_OCCURRENCES},
    /* "added" of "any term" repeats its conversations. */
    {"unique_conversations", 1u << QUERY_TERMS, IN_ONE, BY_NOTHING},
    {"added_conversations", 1u << QUERY_TERMS, IN_TWO, BY_NOTHING},
    {"drawn", 1u << QUERY_RELEVANCE | SEARCH, OF_TABLE, BY_NOTHING},
    {"relevant", 1u << QUERY_RELEVANCE | SEARCH, OF_TABLE, BY_NOTHING},
    {"unreadable", 1u << QUERY_RELEVANCE | SEARCH, OF_TABLE, BY_NOTHING},
    {"population", SEARCH | STRATA, OF_TABLE, BY_NOTHING},
    {"cleared", CHECKED, OF_TABLE, BY_NOTHING},
    {"checked", CHECKED, OF_TABLE, BY_NOTHING},
    {"overturned", CHECKED, OF_TABLE, BY_NOTHING},
    {"unclear", CHECKED, OF_TABLE, BY_NOTHING},
    {"prompt_only", 1u << QUERY_TERMS, OF_TABLE, BY_NOTHING},
    {"output_only", 1u << QUERY_TERMS, OF_TABLE, BY_NOTHING},
};

static uint64_t clamp_of(const struct plan_noise *noise, enum clamp clamp)
{
    const uint64_t clamps[] = {1, noise->exchanges, noise->turns, noise->words, noise->occurrences};
    return clamps[clamp];
}

static struct noise_shape shape_of(const struct plan *plan, unsigned kind, uint64_t rows,
                                   uint64_t touches)
{
    struct noise_shape shape = {.rows = rows};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        uint64_t clamp = clamp_of(&plan->release.noise, rules[i].clamp);
        if (!(rules[i].kinds & kind) || clamp == 0)
            continue;
        shape.columns[shape.column_count++] =
            (struct noise_column){.id = rules[i].id,
                                  .touches = rules[i].rule == IN_ONE   ? 1
                                             : rules[i].rule == IN_TWO ? 2
                                             : rules[i].rule == OF_OWN ? touches - 1
                                                                       : touches,
                                  .clamp = clamp,
                                  .users = strcmp(rules[i].id, "users") == 0};
    }
    return shape;
}

struct noise_shape noise_shape_population(const struct plan *plan)
{
    return shape_of(plan, POPULATION_KIND, 1, 1);
}

static uint64_t periods_of(enum plan_field_kind kind, int64_t from, int64_t to)
{
    struct civil_date first = civil_from_days(from), last = civil_from_days(to);
    int64_t years = last.year - first.year, months = 12 * years + last.month - first.month;
    int64_t quarters = 4 * years + (last.month - 1) / 3 - (first.month - 1) / 3;
    switch (kind) {
    case PLAN_FIELD_DAY:
        return (uint64_t)(to - from) + 1;
    case PLAN_FIELD_MONTH:
        return (uint64_t)months + 1;
    case PLAN_FIELD_QUARTER:
        return (uint64_t)quarters + 1;
    case PLAN_FIELD_YEAR:
        return (uint64_t)years + 1;
    case PLAN_FIELD_WEEKDAY:
        return 7;
    case PLAN_FIELD_STORED:
        break;
    }
    return 0;
}

static bool lists(const struct plan_field *field, const char *value)
{
    for (size_t i = 0; i < field->value_count; i++)
        if (strcmp(field->values[i], value) == 0)
            return true;
    return false;
}

/* The field's rows: its periods; or its bins or values, "other" and "unknown". */
static uint64_t codes_of(const struct plan *plan, const struct plan_field *field)
{
    if (field->kind != PLAN_FIELD_STORED)
        return periods_of(field->kind, plan->population.from, plan->population.to);
    if (field->bins)
        return field->bin_count + 3ull;
    return field->value_count + !lists(field, "other") + !lists(field, "unknown");
}

/* 0 where there are no fields: the one row is the total. */
static uint64_t groups_of(const struct plan *plan, const struct plan_query *query)
{
    uint64_t rows = query->by_count ? 1 : 0;
    for (size_t i = 0; i < query->by_count; i++)
        rows *= codes_of(plan, &query->by[i]);
    return rows;
}

struct noise_shape noise_shape_terms_by(const struct plan *plan, size_t number)
{
    const struct plan_query *query = &plan->queries[number];
    uint64_t groups = groups_of(plan, query);
    if (query->kind != QUERY_TERMS || groups == 0)
        return (struct noise_shape){.rows = 0};
    return shape_of(plan, TERMS_BY, query->term_count * groups, query->term_count);
}

static unsigned check_columns(const struct plan_query *query)
{
    return query->check_path && !query->check_all ? CHECKED : 0;
}

/* A unit counts in one row of a sample; where it is a user, that is all that a user adds. */
static struct noise_shape of_units(const struct plan_query *query, struct noise_shape shape)
{
    bool users = query->unit && strcmp(query->unit, unit_kinds[UNIT_USER]) == 0;
    for (size_t i = 0; i < shape.column_count; i++)
        shape.columns[i].once = users;
    return shape;
}

struct noise_shape noise_shape_sample(const struct plan *plan, size_t number, uint64_t strata)
{
    const struct plan_query *query = &plan->queries[number];
    unsigned strata_columns = strata > 1 ? STRATA : 0;
    unsigned kinds = 1u << QUERY_RELEVANCE | strata_columns | check_columns(query);
    return of_units(query, shape_of(plan, kinds, strata, 1));
}

struct noise_shape noise_shape_search(const struct plan *plan, size_t number, uint64_t strata)
{
    const struct plan_query *query = &plan->queries[number];
    if (query->kind != QUERY_RELEVANCE || !query->has_search)
        return (struct noise_shape){.rows = 0};
    return of_units(query, shape_of(plan, SEARCH | check_columns(query), 2 * strata, 1));
}

static bool groups_unknown(const struct plan_query *query)
{
    for (size_t i = 0; i < query->by_count; i++)
        if (query->by[i].kind == PLAN_FIELD_STORED && !query->by[i].values && !query->by[i].bins)
            return true;
    return false;
}

uint64_t noise_shape_strata(const struct plan *plan, size_t number)
{
    const struct plan_query *query = &plan->queries[number];
    if ((query->by_count && query->kind != QUERY_TERMS) || query->kind == QUERY_COUNT)
        return groups_unknown(query) ? 0 : groups_of(plan, query);
    if (query->kind == QUERY_TOPICS)
        return query->multi_label ? 0 : query->topic_count + 1;
    if (query->kind == QUERY_OVERLAP)
        return query->bin_count + 1;
    return query_reads_text(query) ? 2 : 0;
}

struct noise_shape noise_shape_query(const struct plan *plan, size_t number)
{
    const struct plan_query *query = &plan->queries[number];
    uint64_t rows = 0, touches = 1;
    switch (query->kind) {
    case QUERY_COUNT:
        rows = groups_of(plan, query);
        break;
    case QUERY_TOPICS:
        rows = query->topic_count ? query->topic_count + 1 : groups_of(plan, query);
        touches = query->multi_label && query->topic_count ? query->topic_count : 1;
        break;
    case QUERY_TERMS:
        rows = query->term_count + 2;
        touches = query->term_count + 1;
        break;
    case QUERY_IDENTIFIERS:
    case QUERY_REGEX:
        rows = touches = query->term_count + 1;
        break;
    case QUERY_RELEVANCE:
        return noise_shape_sample(plan, number, 1);
    case QUERY_PROPOSALS:
        rows = touches = query->option_count;
        break;
    case QUERY_OVERLAP:
        rows = (uint64_t)OVERLAP_VIEWS * (query->bin_count + 2);
        touches = 2 * OVERLAP_VIEWS;
        break;
    default:
        return (struct noise_shape){.rows = 0};
    }
    if (query->kind != QUERY_TERMS && groups_unknown(query)) {
        struct noise_shape shape = shape_of(plan, 1u << query->kind, 0, touches);
        shape.selected = true;
        return shape;
    }
    if (rows == 0) /* the total alone, which is the population's */
        return (struct noise_shape){.rows = 0};
    return shape_of(plan, 1u << query->kind, rows, touches);
}
