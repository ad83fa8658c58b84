/*
 * A plan and its figures, as a run on a small matter could give them: every query kind, withheld
 * cells, a term that does not parse, hostile names, a labelled sample with unreadable units.
 */
#ifndef PROFFER_EXAMPLE_RELEASE_H
#define PROFFER_EXAMPLE_RELEASE_H

#include "queries/plan.h"
#include "report/answers/answers.h"
#include "tests/unit/fake_release.h"

#define W FAKE_WITHHELD

static const char *const completeness_keys[] = {"read",
                                                "rejected: not JSON",
                                                "rejected: over max_record",
                                                "accepted",
                                                "duplicates",
                                                "excluded: before 2022-12-01",
                                                "excluded: account",
                                                "population",
                                                "without a user",
                                                "without a time",
                                                "with turns on abandoned branches",
                                                "days without records",
                                                "files read"};
static const uint64_t completeness_values[] = {20412, 0,   9,  0,   3, 0,     20400, 0,   37,
                                               0,     113, 0,  250, 0, 20000, 0,     412, 0,
                                               6,     0,   70, 118, 0, 41,    0,     12};

static const char *const volume_keys[] = {"2023-01", "2023-02", "2023-03", "2023-04", "2023-05",
                                          "2023-06", "2023-07", "2023-08", "2023-09", "2023-10",
                                          "2023-11", "2023-12", "2024-01", "2024-02", "total"};
static const uint64_t volume_values[] = {
    804,    2010,   300,    400123, 4020,   911,    2277,   322,     451234, 4554, 1011,
    2527,   342,    499871, 5054,   1102,   2755,   360,    551002,  5510,   1190, 2975,
    377,    589123, 5950,   1255,   3137,   390,    610877, 6274,    1322,   3305, 402,
    651234, 6610,   1401,   3502,   415,    699001, 7004,   1488,    3720,   431,  741876,
    7440,   1577,   3942,   444,    790123, 7884,   W,      W,       W,      W,    W,
    1701,   4252,   460,    850456, 8504,   1822,   4555,   477,     911234, 9110, W,
    W,      W,      W,      W,      20000,  50012,  1742,   9876543, 100024,
};

static const char *const terms_keys[] = {"T1",   "T2",       "T3",      "T4",
                                         "PAY1", "any term", "no term", "all conversations"};
static const uint64_t terms_values[] = {
    1301,  1544,  2011,  402,  3300, 900, 1301, 700, 401, /* T1 */
    512,   600,   733,   210,  1244, 100, 211,  300, 100, /* T2 */
    0,     0,     0,     0,    0,    0,   0,    0,   0,   /* T3: does not parse */
    0,     0,     0,     0,    0,    0,   0,    0,   0,   /* T4 */
    W,     W,     W,     W,    W,    W,   W,    W,   W,   /* PAY1 */
    1520,  1800,  2500,  520,  4550, 0,   0,    0,   0,   /* any */
    18480, 48212, 91002, 1699, 0,    0,   0,    0,   0,
    20000, 50012, 0,     1742, 0,    0,   0,    0,   0}; /* none */

static const char *const pairs_keys[] = {"T1", "T2", "T1", "PAY1"};
static const uint64_t pairs_values[] = {293, W};

static const char *const topics_keys[] = {"Writing",
                                          "Edit or Critique Provided Text",
                                          "Writing",
                                          "Translation",
                                          "Technical Help",
                                          "Computer Programming",
                                          "Multimedia",
                                          "Create an Image",
                                          "Seeking Information",
                                          "Specific Info",
                                          "none of these",
                                          "none of these",
                                          "total",
                                          "total"};
static const uint64_t topics_values[] = {2800, 700,  2100, 400,  4200, 350,   900,
                                         200,  6100, 911,  3900, 650,  20000, 1742};

static const char *const empty_keys[] = {"total"};
static const uint64_t all_values[] = {20000, 50012, 1742, 9876543, 100024};

static const struct figure_table example_tables[] = {
    {"completeness",
     SIZE_MAX,
     {"reason"},
     1,
     false,
     {"records", "items"},
     2,
     13,
     completeness_keys,
     completeness_values},
    {"volume",
     0,
     {"month"},
     1,
     true,
     {"conversations", "exchanges", "users", "words", "turns"},
     5,
     15,
     volume_keys,
     volume_values},
    {"terms",
     1,
     {"term"},
     1,
     false,
     {"conversations", "exchanges", "turns", "users", "occurrences", "unique_conversations",
      "added_conversations", "prompt_only", "output_only"},
     9,
     8,
     terms_keys,
     terms_values},
    {"terms.pairs",
     1,
     {"term", "other"},
     2,
     false,
     {"conversations"},
     1,
     2,
     pairs_keys,
     pairs_values},
    {"topics",
     2,
     {"group", "topic"},
     2,
     false,
     {"conversations", "users"},
     2,
     7,
     topics_keys,
     topics_values},
    {"all",
     6,
     {NULL},
     0,
     false,
     {"conversations", "exchanges", "users", "words", "turns"},
     5,
     1,
     empty_keys,
     all_values},
};

/* The sample of VECTORS: 3 of 3,000 from 20,000,000 gives [4127, 58389]. */
static const struct figure_sample example_samples[] = {
    {.query = 3,
     .search = FIGURE_NO_SEARCH,
     .unit = "conversation",
     .units = "conversations",
     .whole = {.population = {.value = 20000000},
               .drawn = {.value = 3000},
               .relevant = {.value = 3},
               .unreadable = {.value = 0},
               .missing = {.value = 0},
               .disagreements = {.value = 4}},
     .frame = {.value = 20000000},
     .frame_drawn = {.value = 3000},
     .rejected = {.value = 12},
     .reviewers = {.value = 2},
     .seed_source = "six dice, thrown in open court on 2025-01-15",
     .frame_digest = "d0f9a7d0f9a7d0f9a7d0f9a7d0f9a7d0f9a7d0f9a7d0f9a7d0f9a7d0f9a7d0f9",
     .sample_digest = "5a3c5a3c5a3c5a3c5a3c5a3c5a3c5a3c5a3c5a3c5a3c5a3c5a3c5a3c5a3c5a3c"},
    {.query = 7,
     .search = FIGURE_NO_SEARCH,
     .unit = "conversation",
     .units = "conversations",
     .whole = {.population = {.value = 20000000},
               .drawn = {.value = 47369},
               .relevant = {.value = 0},
               .unreadable = {.value = 2},
               .missing = {.value = 1},
               .disagreements = {.value = 0}},
     .frame = {.value = 20000000},
     .frame_drawn = {.value = 47369},
     .rejected = {.value = 12},
     .reviewers = {.value = 1},
     .seed_source = "published lottery numbers",
     .frame_digest = "f1f1",
     .sample_digest = "e2e2"},
};

/* Months of the first sample, two of them withheld; strata of the second. */
static const struct figure_spread_row example_months[] = {
    {"2023-01", {.value = 9000000}, {.value = 1300}},
    {"2023-02", {.state = FIGURE_WITHHELD}, {.state = FIGURE_WITHHELD}},
    {"2023-03", {.state = FIGURE_WITHHELD}, {.state = FIGURE_WITHHELD}},
    {"2023-04", {.value = 10000000}, {.value = 1600}},
};
static const struct figure_spread_row example_strata[] = {
    {"found", {.value = 5000000}, {.value = 11842}},
    {"not found", {.value = 15000000}, {.value = 35527}},
};
static const uint64_t example_sizes[] = {11842, 35527};
static const struct figure_spread example_spreads[] = {
    {.query = 3,
     .unit = "conversation",
     .units = "conversations",
     .rows = example_months,
     .count = 4,
     .population = {.value = 20000000},
     .drawn = {.value = 3000},
     .frame = {.value = 20000000},
     .frame_drawn = {.value = 3000},
     .draw = {.value = 2},
     .sizes = example_sizes,
     .size_count = 1,
     .seed_source = "six dice, thrown in open court on 2025-01-15",
     .seed_time = "2025-01-15T12:00:00Z",
     .frame_digest = "d0f9",
     .sample_digest = "5a3c"},
    {.query = 7,
     .unit = "conversation",
     .units = "conversations",
     .by_design = true,
     .rows = example_strata,
     .count = 2,
     .population = {.value = 20000000},
     .drawn = {.value = 47369},
     .frame = {.value = 20000000},
     .frame_drawn = {.value = 47369},
     .draw = {.value = 1},
     .by = "terms",
     .sizes = example_sizes,
     .size_count = 2,
     .seed_source = "the clerk's $HOME, it's said",
     .frame_digest = "f1f1",
     .sample_digest = "e2e2"},
};

static const struct release example_release = {example_tables,
                                               sizeof example_tables / sizeof *example_tables,
                                               example_samples,
                                               2,
                                               example_spreads,
                                               2,
                                               {20000, 50012, 1742, 9876543},
                                               11};

static char *example_warnings[] = {(char *)"mix of AND and OR without parentheses"};
static struct plan_term example_terms[] = {
    {.name = (char *)"T1",
     .source = (char *)"\"new york times\" OR nyt*",
     .parsed = (char *)"(\"new york times\" OR nyt*)"},
    {.name = (char *)"T2",
     .source = (char *)"paywall AND bypass OR crack",
     .parsed = (char *)"((paywall AND bypass) OR crack)",
     .warnings = example_warnings,
     .warning_count = 1},
    {.name = (char *)"T3",
     .source = (char *)"(wire AND cutter",
     .problem = (char *)"column 1: \"(\" is never closed"},
    {.name = (char *)"T4",
     .source = (char *)"=cmd|'/c calc'!A1",
     .parsed = (char *)"=cmd c calc a1"},
    {.name = (char *)"PAY1",
     .source = (char *)"subscri* w/5 cancel",
     .parsed = (char *)"(subscri* w/5 cancel)"},
};
static struct plan_topic example_topics[] = {
    {.group = (char *)"Writing", .name = (char *)"Edit or Critique Provided Text"},
    {.group = (char *)"Writing", .name = (char *)"Translation"},
    {.group = (char *)"Technical Help", .name = (char *)"Computer Programming"},
    {.group = (char *)"Multimedia", .name = (char *)"Create an Image"},
    {.group = (char *)"Seeking Information", .name = (char *)"Specific Info"},
};
static struct plan_field example_by[] = {{.kind = PLAN_FIELD_MONTH, .name = (char *)"month"}};
static char *example_values[] = {(char *)"business", (char *)"edu"};
static struct plan_filter example_filters[] = {
    {.exclude = true,
     .field = {.kind = PLAN_FIELD_STORED, .name = (char *)"account", .stored = 3},
     .values = example_values,
     .value_count = 2},
    {.exclude = true,
     .field = {.kind = PLAN_FIELD_STORED, .name = (char *)"user", .stored = SIZE_MAX},
     .values = example_values,
     .value_count = 2},
};
static struct plan_query example_queries[] = {
    {.id = (char *)"volume",
     .kind = QUERY_COUNT,
     .title = (char *)"Conversations by month",
     .by = example_by,
     .by_count = 1},
    {.id = (char *)"terms",
     .kind = QUERY_TERMS,
     .title = (char *)"Search term report",
     .terms = example_terms,
     .term_count = 5,
     .within = PLAN_CONVERSATION},
    {.id = (char *)"topics",
     .kind = QUERY_TOPICS,
     .title = (char *)"What the logs are about",
     .topics = example_topics,
     .topic_count = 5,
     .taxonomy_title = (char *)"Seven groups",
     .taxonomy_source = (char *)"How People Use ChatGPT"},
    {.id = (char *)"rel",
     .kind = QUERY_RELEVANCE,
     .title = (char *)"Relevance",
     .definition = (char *)"Contains text of a work at issue, verbatim, of 12 words or more",
     .sample_path = (char *)"plans/first.json",
     .confidence = 0.95},
    {.id = (char *)"claim",
     .kind = QUERY_CLAIM,
     .title = (char *)"The claim of irrelevance",
     .of = 3,
     .at_least = (char *)"0.9999",
     .confidence = 0.95},
    {.id = (char *)"later",
     .kind = QUERY_RELEVANCE,
     .title = (char *)"Relevance, not labelled yet",
     .definition = (char *)"Names the publisher",
     .confidence = 0.99},
    {.id = (char *)"all", .kind = QUERY_COUNT, .title = (char *)"All conversations"},
    {.id = (char *)"rare",
     .kind = QUERY_RELEVANCE,
     .title = (char *)"Relevance, none found",
     .definition = (char *)"Gets around a paywall",
     .sample_path = (char *)"second.json",
     .confidence = 0.95},
    {.id = (char *)"rare-claim",
     .kind = QUERY_CLAIM,
     .title = (char *)"Claim on the rare class",
     .of = 7,
     .at_least = (char *)"0.9999",
     .confidence = 0.95},
    {.id = (char *)"later-claim",
     .kind = QUERY_CLAIM,
     .title = (char *)"Claim, not labelled yet",
     .of = 5,
     .at_least = (char *)"0.5",
     .confidence = 0.95},
};

static const struct plan example_plan = {
    .path = (char *)"plans/example plan.json",
    .title = (char *)"Example matter: what the logs hold",
    .matter = (char *)"example-2026",
    .population = {19327, 20057, example_filters, 2},
    .queries = example_queries,
    .query_count = sizeof example_queries / sizeof *example_queries,
    .report = {.confidentiality = (char *)"CONFIDENTIAL - SUBJECT TO PROTECTIVE ORDER",
               .date = (char *)"2025-01-31"},
};

static const struct answers_run example_run = {
    .program_version = "0.1.0",
    .term_language_version = "1",
    .plan_digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    .catalogue_digest = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
    .logs_digest = "fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13",
    .files = 12,
    .bytes = 135000000,
};

#undef W
#endif
