/* The keys of a plan: see plan_keys.h. */
#include "queries/plan_keys.h"

enum { SHAPES = KEY_SHAPES_SCAN };

/* ---- the plan itself ---- */

static const struct json_key plan_rows[] = {
    {"proffer", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, 1},
    {"title", WANT_FILLED, 0, NULL, NULL, 0, 0},
    {"matter", WANT_TEXT, 0, "", NULL, 0, 0},
    {"logs", WANT_OBJECT, KEY_REQUIRED | SHAPES, NULL, NULL, 0, 0},
    {"catalogue", WANT_FILLED, 0, "catalogue", NULL, 0, 0},
    {"population", WANT_OBJECT, 0, NULL, NULL, 0, 0},
    {"words", WANT_OBJECT, SHAPES, NULL, NULL, 0, 0},
    {"queries", WANT_LIST, KEY_REQUIRED | SHAPES, NULL, NULL, 0, 0},
    {"assumptions", WANT_LIST, 0, NULL, NULL, 0, 0},
    {"risks", WANT_LIST, 0, NULL, NULL, 0, 0},
    {"release", WANT_OBJECT, 0, NULL, NULL, 0, 0},
    {"report", WANT_OBJECT, 0, NULL, NULL, 0, 0},
};
const struct json_table plan_keys = JSON_TABLE("plan", plan_rows);

static const char *const formats[] = {"auto",           "native",        "openai",
                                      "lmsys",          "wildchat",      "sharegpt",
                                      "chatgpt-export", "claude-export", NULL};
static const char *const on_errors[] = {"count", "stop", NULL};
static const char *const digests[] = {"sha256", "none", NULL};

static const struct json_key logs_rows[] = {
    {"paths", WANT_FILLEDS, KEY_REQUIRED | SHAPES, NULL, NULL, 0, 0},
    {"format", WANT_CHOICE, SHAPES, "auto", formats, 0, 0},
    {"on_error", WANT_CHOICE, 0, "count", on_errors, 0, 0},
    /* simdjson takes documents below 4 GiB. */
    {"max_record", WANT_SIZE, SHAPES, "64MiB", NULL, 1, 2147483648},
    {"digest", WANT_CHOICE, 0, "sha256", digests, 0, 0},
    {"fields", WANT_OBJECT, SHAPES, NULL, NULL, 0, 0},
    {"expected", WANT_FILLEDS, KEY_MAY_BE_EMPTY, NULL, NULL, 0, 0},
};
const struct json_table logs_keys = JSON_TABLE("plan.logs", logs_rows);

static const struct json_key field_map_rows[] = {
    {"pointer", WANT_FILLED, KEY_REQUIRED | SHAPES, NULL, NULL, 0, 0},
    {"values", WANT_FILLEDS, 0, NULL, NULL, 0, 0},
};
const struct json_table field_map_keys = JSON_TABLE("field map", field_map_rows);

static const struct json_key population_rows[] = {
    {"from", WANT_DATE, 0, NULL, NULL, 0, 0},
    {"to", WANT_DATE, 0, NULL, NULL, 0, 0},
    {"include", WANT_LIST, 0, NULL, NULL, 0, 0},
    {"exclude", WANT_LIST, 0, NULL, NULL, 0, 0},
};
const struct json_table population_keys = JSON_TABLE("plan.population", population_rows);

static const struct json_key filter_rows[] = {
    {"field", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"in", WANT_FILLEDS, 0, NULL, NULL, 0, 0},
    {"in_file", WANT_FILLED, 0, NULL, NULL, 0, 0},
};
const struct json_table filter_keys = JSON_TABLE("filter", filter_rows);

static const struct json_key words_rows[] = {
    {"alphabet", WANT_TEXT, SHAPES, "", NULL, 0, 0},
    {"noise", WANT_FILLEDS, KEY_MAY_BE_EMPTY | SHAPES, NULL, NULL, 0, 0},
};
const struct json_table words_keys = JSON_TABLE("plan.words", words_rows);

static const char *const units[] = {"user", NULL};
static const char *const preset_choices[] = {"cms11", "clio", "nber100", NULL};
static const struct json_key release_rows[] = {
    {"unit", WANT_CHOICE, 0, "user", units, 0, 0},
    {"preset", WANT_CHOICE, 0, NULL, preset_choices, 0, 0},
    /* Without a default of their own: the preset's, or 11 and 0. */
    {"min_users", WANT_INTEGER, 0, NULL, NULL, 0, 1000000},
    {"min_conversations", WANT_INTEGER, 0, NULL, NULL, 0, 1000000},
    {"dominance", WANT_SHARE, KEY_NULLABLE, NULL, NULL, 0, 0},
    {"noise", WANT_ANY, 0, "none", NULL, 0, 0},
    {"ledger", WANT_FILLED, KEY_NULLABLE, NULL, NULL, 0, 0},
    {"budget", WANT_OBJECT, 0, NULL, NULL, 0, 0},
    {"per_user", WANT_OBJECT, 0, NULL, NULL, 0, 0},
    {"per_conversation", WANT_OBJECT, 0, NULL, NULL, 0, 0},
    {"invariants", WANT_FILLEDS, KEY_MAY_BE_EMPTY, NULL, NULL, 0, 0},
    {"weight", WANT_INTEGER, 0, "1", NULL, 1, 1000000},
};
const struct json_table release_keys = JSON_TABLE("plan.release", release_rows);

static const char *const mechanisms[] = {"discrete-gaussian", "discrete-laplace", NULL};
static const struct json_key noise_rows[] = {
    {"mechanism", WANT_CHOICE, KEY_REQUIRED, NULL, mechanisms, 0, 0},
    {"rho", WANT_NUMBER, 0, NULL, NULL, 0, 0},
    {"epsilon", WANT_NUMBER, 0, NULL, NULL, 0, 0},
    {"delta", WANT_NUMBER, 0, NULL, NULL, 0, 0},
    {"select", WANT_OBJECT, 0, NULL, NULL, 0, 0},
};
const struct json_table noise_keys = JSON_TABLE("noise", noise_rows);

static const struct json_key select_rows[] = {
    {"epsilon", WANT_NUMBER, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"delta", WANT_NUMBER, KEY_REQUIRED, NULL, NULL, 0, 0},
};
const struct json_table select_keys = JSON_TABLE("select", select_rows);

static const struct json_key budget_rows[] = {
    {"rho", WANT_NUMBER, 0, NULL, NULL, 0, 0},
    {"epsilon", WANT_NUMBER, 0, NULL, NULL, 0, 0},
    {"delta", WANT_NUMBER, KEY_REQUIRED, NULL, NULL, 0, 0},
};
const struct json_table budget_keys = JSON_TABLE("budget", budget_rows);

static const struct json_key per_user_rows[] = {
    {"conversations", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, 1000000},
};
const struct json_table per_user_keys = JSON_TABLE("per_user", per_user_rows);

static const struct json_key per_conversation_rows[] = {
    {"exchanges", WANT_INTEGER, 0, NULL, NULL, 1, 1000000},
    {"turns", WANT_INTEGER, 0, NULL, NULL, 1, 1000000},
    {"words", WANT_INTEGER, 0, NULL, NULL, 1, 1000000},
    {"occurrences", WANT_INTEGER, 0, NULL, NULL, 1, 1000000},
};
const struct json_table per_conversation_keys =
    JSON_TABLE("per_conversation", per_conversation_rows);

static const struct json_key report_rows[] = {
    {"dir", WANT_FILLED, 0, "out", NULL, 0, 0},
    {"xlsx", WANT_FILLED, KEY_NULLABLE, "report.xlsx", NULL, 0, 0},
    {"json", WANT_FILLED, KEY_NULLABLE, "report.json", NULL, 0, 0},
    {"csv", WANT_FILLED, KEY_NULLABLE, NULL, NULL, 0, 0},
    {"page", WANT_FILLED, KEY_NULLABLE, NULL, NULL, 0, 0},
    {"draft", WANT_FILLED, KEY_NULLABLE, NULL, NULL, 0, 0},
    {"draft_form", WANT_FILLED, KEY_NULLABLE, NULL, NULL, 0, 0},
    {"confidentiality", WANT_TEXT, 0, "", NULL, 0, 0},
    {"date", WANT_DATE, 0, NULL, NULL, 0, 0},
    {"previous", WANT_FILLED, KEY_NULLABLE, NULL, NULL, 0, 0},
    /* Without a default of their own: the cover has no such line. */
    {"caption", WANT_FILLEDS, KEY_MAY_BE_EMPTY | KEY_NULLABLE, NULL, NULL, 0, 0},
    {"offered_as", WANT_TEXT, KEY_NULLABLE, NULL, NULL, 0, 0},
    {"inspection", WANT_TEXT, KEY_NULLABLE, NULL, NULL, 0, 0},
    {"stamp", WANT_OBJECT, KEY_NULLABLE, NULL, NULL, 0, 0},
};
const struct json_table report_keys = JSON_TABLE("plan.report", report_rows);

static const struct json_key stamp_rows[] = {
    {"prefix", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"first", WANT_INTEGER, 0, "1", NULL, 0, 999999999},
    {"digits", WANT_INTEGER, 0, "7", NULL, 1, 9},
};
const struct json_table stamp_keys = JSON_TABLE("stamp", stamp_rows);

/* ---- queries ---- */

static const char *const withins[] = {"turn", "exchange", "conversation", NULL};
static const char *const assigns[] = {"first", "all", NULL};
static const char *const interval_choices[] = {"equal-tailed", "blaker", "anytime", NULL};
static const char *const sample_units[] = {"conversation", "exchange", "user", NULL};
static const char *const combinations[] = {"union-intersection", "sidak", "pooled", NULL};
static const char *const check_sizes[] = {"sample", "all", NULL};

#define QUERY_ROWS                                                                                 \
    {"id", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},                                           \
        {"kind", WANT_FILLED, KEY_REQUIRED | SHAPES, NULL, NULL, 0, 0},                            \
        {"title", WANT_FILLED, 0, NULL, NULL, 0, 0},                                               \
    {                                                                                              \
        "weight", WANT_INTEGER, 0, "1", NULL, 1, 1000000                                           \
    }

static const struct json_key count_rows[] = {
    QUERY_ROWS,
    {"by", WANT_LIST, 0, NULL, NULL, 0, 0},
};

static const struct json_key terms_rows[] = {
    QUERY_ROWS,
    {"terms", WANT_FILLEDS, SHAPES, NULL, NULL, 0, 0},
    {"terms_file", WANT_FILLED, SHAPES, NULL, NULL, 0, 0},
    {"within", WANT_CHOICE, SHAPES, "conversation", withins, 0, 0},
    {"by", WANT_LIST, 0, NULL, NULL, 0, 0},
};

static const struct json_key topics_rows[] = {
    QUERY_ROWS,
    {"taxonomy", WANT_FILLED, SHAPES, NULL, NULL, 0, 0},
    {"by", WANT_ANY, 0, NULL, NULL, 0, 0},
    /* Without a default of their own: the taxonomy's stand. */
    {"within", WANT_CHOICE, SHAPES, NULL, withins, 0, 0},
    {"assign", WANT_CHOICE, 0, NULL, assigns, 0, 0},
    {"sample", WANT_FILLED, 0, NULL, NULL, 0, 0},
    {"labels", WANT_FILLED, 0, NULL, NULL, 0, 0},
    {"confidence", WANT_NUMBER, 0, "0.95", NULL, 0, 0},
};

static const struct json_key relevance_rows[] = {
    QUERY_ROWS,
    {"definition", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"sample", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"labels", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"confidence", WANT_NUMBER, 0, "0.95", NULL, 0, 0},
    {"method", WANT_CHOICE, 0, "equal-tailed", interval_choices, 0, 0},
    {"prior", WANT_LIST, 0, NULL, NULL, 0, 0},
    {"combine", WANT_CHOICE, 0, "union-intersection", combinations, 0, 0},
    /* Without a default of its own: whichever was drawn. */
    {"unit", WANT_CHOICE, 0, NULL, sample_units, 0, 0},
    {"adjudication", WANT_OBJECT, 0, NULL, NULL, 0, 0},
    {"previous_labels", WANT_FILLED, 0, NULL, NULL, 0, 0},
    {"search", WANT_FILLED, 0, NULL, NULL, 0, 0},
};

static const struct json_key adjudication_rows[] = {
    {"labels", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"of_irrelevant", WANT_CHOICE, 0, "sample", check_sizes, 0, 0},
    {"share", WANT_NUMBER, 0, NULL, NULL, 0, 0},
    {"seed", WANT_FILLED, 0, NULL, NULL, 0, 0},
};
const struct json_table adjudication_keys = JSON_TABLE("adjudication", adjudication_rows);

static const struct json_key claim_rows[] = {
    QUERY_ROWS,
    {"of", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"irrelevant_at_least", WANT_SHARE, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"confidence", WANT_NUMBER, 0, NULL, NULL, 0, 0},
};

static const struct json_key overlap_rows[] = {
    QUERY_ROWS,
    {"works", WANT_FILLEDS, KEY_REQUIRED | SHAPES, NULL, NULL, 0, 0},
    {"min_words", WANT_INTEGER, SHAPES, "12", NULL, 4, 1000},
    {"bins", WANT_LIST, 0, NULL, NULL, 0, 0},
};

static const char *const example_choices[] = {"skip", "count", NULL};

static const struct json_key identifiers_rows[] = {
    QUERY_ROWS,
    {"kinds", WANT_FILLEDS, SHAPES, NULL, NULL, 0, 0},
    {"examples", WANT_CHOICE, SHAPES, "skip", example_choices, 0, 0},
};

static const char *const cases[] = {"sensitive", "ignore", NULL};
static const char *const classes[] = {"ascii", "unicode", NULL};

static const struct json_key regex_rows[] = {
    QUERY_ROWS,
    {"patterns", WANT_FILLEDS, SHAPES, NULL, NULL, 0, 0},
    {"patterns_file", WANT_FILLED, SHAPES, NULL, NULL, 0, 0},
    {"case", WANT_CHOICE, SHAPES, "sensitive", cases, 0, 0},
    {"classes", WANT_CHOICE, SHAPES, "ascii", classes, 0, 0},
};

static const struct json_key proposals_rows[] = {
    QUERY_ROWS,
    {"of", WANT_FILLED, 0, NULL, NULL, 0, 0},
    {"options", WANT_LIST, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"burden", WANT_OBJECT, 0, NULL, NULL, 0, 0},
};

static const struct json_key burden_rows[] = {
    {"pace", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"rate", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
};
const struct json_table burden_keys = JSON_TABLE("burden", burden_rows);

static const struct json_key assumption_rows[] = {
    {"id", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"title", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"value", WANT_NUMBER, 0, NULL, NULL, 0, 0},
    {"low", WANT_NUMBER, 0, NULL, NULL, 0, 0},
    {"high", WANT_NUMBER, 0, NULL, NULL, 0, 0},
    {"unit", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"source", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"period", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
};
const struct json_table assumption_keys = JSON_TABLE("assumption", assumption_rows);

const char *const plan_risk_levels[] = {"negligible", "limited", "significant", "maximum", NULL};
static const struct json_key risk_rows[] = {
    {"id", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"title", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"likelihood", WANT_CHOICE, KEY_REQUIRED, NULL, plan_risk_levels, 0, 0},
    {"severity", WANT_CHOICE, KEY_REQUIRED, NULL, plan_risk_levels, 0, 0},
    {"measure", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"source", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
};
const struct json_table risk_keys = JSON_TABLE("risk", risk_rows);

static const struct json_key option_rows[] = {
    {"id", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"title", WANT_FILLED, 0, NULL, NULL, 0, 0},
    {"query", WANT_FILLED, 0, NULL, NULL, 0, 0},
    {"terms", WANT_FILLEDS, 0, NULL, NULL, 0, 0},
    {"topics", WANT_FILLEDS, 0, NULL, NULL, 0, 0},
    {"overlap", WANT_INTEGER, 0, NULL, NULL, 1, 1000000},
    {"from", WANT_DATE, 0, NULL, NULL, 0, 0},
    {"to", WANT_DATE, 0, NULL, NULL, 0, 0},
};
const struct json_table option_keys = JSON_TABLE("option", option_rows);

const struct json_table query_keys[QUERY_KIND_COUNT] = {
    [QUERY_COUNT] = JSON_TABLE("query.count", count_rows),
    [QUERY_TERMS] = JSON_TABLE("query.terms", terms_rows),
    [QUERY_TOPICS] = JSON_TABLE("query.topics", topics_rows),
    [QUERY_RELEVANCE] = JSON_TABLE("query.relevance", relevance_rows),
    [QUERY_CLAIM] = JSON_TABLE("query.claim", claim_rows),
    [QUERY_OVERLAP] = JSON_TABLE("query.overlap", overlap_rows),
    [QUERY_IDENTIFIERS] = JSON_TABLE("query.identifiers", identifiers_rows),
    [QUERY_REGEX] = JSON_TABLE("query.regex", regex_rows),
    [QUERY_PROPOSALS] = JSON_TABLE("query.proposals", proposals_rows),
};

static const struct json_key by_rows[] = {
    {"field", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"values", WANT_FILLEDS, 0, NULL, NULL, 0, 0},
    {"bins", WANT_LIST, 0, NULL, NULL, 0, 0},
};
const struct json_table by_keys = JSON_TABLE("by", by_rows);

/* ---- the taxonomy ---- */

static const struct json_key taxonomy_rows[] = {
    {"proffer_taxonomy", WANT_INTEGER, KEY_REQUIRED, NULL, NULL, 1, 1},
    {"title", WANT_FILLED, 0, NULL, NULL, 0, 0},
    {"source", WANT_TEXT, 0, "", NULL, 0, 0},
    {"assign", WANT_CHOICE, 0, "first", assigns, 0, 0},
    {"within", WANT_CHOICE, SHAPES, "conversation", withins, 0, 0},
    {"groups", WANT_LIST, SHAPES, NULL, NULL, 0, 0},
    {"topics", WANT_LIST, SHAPES, NULL, NULL, 0, 0},
};
const struct json_table taxonomy_keys = JSON_TABLE("taxonomy", taxonomy_rows);

static const struct json_key taxonomy_group_rows[] = {
    {"name", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"topics", WANT_LIST, KEY_REQUIRED | SHAPES, NULL, NULL, 0, 0},
};
const struct json_table taxonomy_group_keys = JSON_TABLE("taxonomy.group", taxonomy_group_rows);

static const struct json_key taxonomy_topic_rows[] = {
    {"name", WANT_FILLED, KEY_REQUIRED, NULL, NULL, 0, 0},
    {"term", WANT_FILLED, KEY_NULLABLE | SHAPES, NULL, NULL, 0, 0},
};
const struct json_table taxonomy_topic_keys = JSON_TABLE("taxonomy.topic", taxonomy_topic_rows);

const struct json_table *const plan_tables[] = {
    &plan_keys,
    &logs_keys,
    &field_map_keys,
    &population_keys,
    &filter_keys,
    &words_keys,
    &release_keys,
    &noise_keys,
    &select_keys,
    &budget_keys,
    &per_user_keys,
    &per_conversation_keys,
    &report_keys,
    &stamp_keys,
    &query_keys[QUERY_COUNT],
    &query_keys[QUERY_TERMS],
    &query_keys[QUERY_TOPICS],
    &query_keys[QUERY_RELEVANCE],
    &query_keys[QUERY_CLAIM],
    &query_keys[QUERY_OVERLAP],
    &query_keys[QUERY_IDENTIFIERS],
    &query_keys[QUERY_REGEX],
    &query_keys[QUERY_PROPOSALS],
    &adjudication_keys,
    &option_keys,
    &burden_keys,
    &assumption_keys,
    &risk_keys,
    &by_keys,
    &taxonomy_keys,
    &taxonomy_group_keys,
    &taxonomy_topic_keys,
    NULL,
};
