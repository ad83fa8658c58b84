/* The truth about example logs: see make_logs_truth.h. */
#include "examples/make_logs_truth.h"

#include "base/civil.h"
#include "base/memory.h"

enum status truth_users_init(struct truth_users *users, uint32_t count, struct error *err)
{
    size_t words = (size_t)count * SECTION_COUNT * CELL_WORDS;
    *users = (struct truth_users){calloc(words, sizeof *users->bits), count};
    return users->bits ? STATUS_OK : error_nomem(err);
}

void truth_users_release(struct truth_users *users)
{
    free(users->bits);
}

/* ---- adding ---- */

/* Where the counts of one conversation go. */
struct adding {
    struct section *section;
    _Atomic uint64_t *bits; /* of its user in this section; NULL if unknown */
    const struct conversation_plan *plan;
};

static void add_cell(const struct adding *to, int cell, uint64_t exchanges)
{
    struct cell *counts = &to->section->cells[cell];
    counts->conversations++;
    counts->exchanges += exchanges;
    counts->words += to->plan->words;
    if (!to->bits) {
        counts->unknown_users++;
        return;
    }
    uint64_t bit = (uint64_t)1 << (cell & 63);
    _Atomic uint64_t *word = &to->bits[cell >> 6];
    if (!(atomic_load_explicit(word, memory_order_relaxed) & bit))
        atomic_fetch_or_explicit(word, bit, memory_order_relaxed);
}

static void add_terms(const struct adding *to)
{
    const struct conversation_plan *plan = to->plan;
    struct section *section = to->section;
    uint32_t hits = 0;
    for (int t = 0; t < TERM_COUNT; t++) {
        struct rule_hit hit;
        if (!rule_hits(&plant_terms[t], plan->plantings, plan->planting_count, &hit))
            continue;
        section->terms[t].added += hits == 0;
        hits |= 1u << t;
        section->terms[t].turns += hit.turns;
        section->terms[t].occurrences += hit.occurrences;
        section->terms[t].prompt_only += hit.prompt_only;
        section->terms[t].output_only += hit.output_only;
        add_cell(to, CELL_TERM + t, hit.exchanges);
    }
    if (!hits)
        return;
    add_cell(to, CELL_ANY_TERM, 0);
    for (int t = 0; t < TERM_COUNT; t++) {
        section->terms[t].unique += hits == 1u << t;
        for (int other = 0; other < TERM_COUNT; other++)
            section->pairs[t][other] += (hits >> t & 1) && (hits >> other & 1);
    }
}

static void add_topics(const struct adding *to)
{
    const struct conversation_plan *plan = to->plan;
    int first = TOPIC_COUNT;
    for (int t = 0; t < TOPIC_COUNT; t++) {
        struct rule_hit hit;
        if (!rule_hits(&plant_topics[t], plan->plantings, plan->planting_count, &hit))
            continue;
        add_cell(to, CELL_TOPIC_ALL + t, plan->exchange_count);
        if (first == TOPIC_COUNT)
            first = t;
    }
    if (first == TOPIC_COUNT)
        add_cell(to, CELL_TOPIC_ALL + TOPIC_COUNT, plan->exchange_count);
    add_cell(to, CELL_TOPIC_FIRST + first, plan->exchange_count);
}

static void add_identifiers(const struct adding *to)
{
    const struct conversation_plan *plan = to->plan;
    for (uint32_t i = 0; i < plan->identifier_count; i++) {
        unsigned kind = plan->identifiers[i].kind;
        to->section->identifier_occurrences[kind]++;
        bool seen = false, seen_exchange = false;
        for (uint32_t before = 0; before < i; before++) {
            if (plan->identifiers[before].kind != kind)
                continue;
            seen = true;
            seen_exchange |= plan->turns[plan->identifiers[before].turn].exchange ==
                             plan->turns[plan->identifiers[i].turn].exchange;
        }
        if (!seen)
            add_cell(to, CELL_IDENTIFIER + (int)kind, 1);
        else if (!seen_exchange)
            to->section->cells[CELL_IDENTIFIER + kind].exchanges++;
    }
}

static void add_run(const struct adding *to, enum overlap_side side)
{
    to->section->runs[side][to->plan->excerpt.length]++;
    if (!conversation_relevant(to->plan))
        return;
    to->section->works[side][to->plan->excerpt.work]++;
    add_cell(to, CELL_OVERLAP + (int)side, 1);
}

static void add_overlap(const struct adding *to)
{
    const struct conversation_plan *plan = to->plan;
    if (!plan->has_excerpt)
        return;
    if (plan->excerpt_prompt >= 0)
        add_run(to, OVERLAP_PROMPT);
    if (plan->excerpt_output >= 0)
        add_run(to, plan->excerpt_prompt >= 0 ? OVERLAP_SUPPLIED : OVERLAP_ORIGINATED);
    if (conversation_relevant(plan))
        add_cell(to, CELL_RELEVANT, 1);
}

static void add_section(const struct adding *to)
{
    const struct conversation_plan *plan = to->plan;
    const struct meta *meta = &plan->meta;
    struct section *section = to->section;
    int month = meta->time == CIVIL_NONE ? MONTH_COUNT : meta->month;
    int model = meta->model < 0 ? MODEL_COUNT : meta->model;
    uint64_t exchanges = plan->exchange_count;
    add_cell(to, CELL_TOTAL, exchanges);
    add_cell(to, CELL_MONTH_MODEL + month * (MODEL_COUNT + 1) + model, exchanges);
    add_cell(to, CELL_ACCOUNT + (meta->account < 0 ? ACCOUNT_COUNT : meta->account), exchanges);
    add_cell(to, CELL_COUNTRY + (meta->country < 0 ? COUNTRY_COUNT : meta->country), exchanges);
    add_cell(to, CELL_LANGUAGE + (meta->language < 0 ? LANGUAGE_COUNT : meta->language), exchanges);
    add_cell(to, CELL_SURFACE + (meta->surface < 0 ? SURFACE_COUNT : meta->surface), exchanges);
    for (int role = 0; role < MAKE_ROLE_COUNT; role++)
        section->roles[role] += plan->role_counts[role];
    section->null_messages += plan->null_messages;
    section->parts += plan->parts;
    section->tool_calls += plan->tool_calls;
    section->surrogates += plan->surrogates;
    section->unknown_roles += plan->unknown_roles;
    section->bad_times += plan->bad_time;
    section->abandoned += plan->abandoned;
    section->without_user += meta->user == NOBODY;
    section->without_time += meta->time == CIVIL_NONE;
    add_terms(to);
    add_topics(to);
    add_identifiers(to);
    add_overlap(to);
}

void truth_add(struct truth *truth, struct truth_users *users, const struct conversation_plan *plan)
{
    const struct meta *meta = &plan->meta;
    int when = meta->time == CIVIL_NONE ? 0 : meta->month == MONTH_COUNT - 1 ? 1 : 2;
    bool business = meta->account == ACCOUNT_BUSINESS;
    for (int s = 0; s < SECTION_COUNT; s++) {
        if (s == SECTION_POPULATION && (when != 2 || business)) {
            truth->excluded[when][business]++;
            continue;
        }
        struct adding to = {&truth->sections[s], NULL, plan};
        if (meta->user != NOBODY)
            to.bits = users->bits + ((size_t)meta->user * SECTION_COUNT + (size_t)s) * CELL_WORDS;
        add_section(&to);
    }
}

/* A truth is counts of one type and nothing else. */
_Static_assert(sizeof(struct truth) % sizeof(uint64_t) == 0, "a truth is an array of counts");

void truth_merge(struct truth *truth, const struct truth *other)
{
    uint64_t *sums = (uint64_t *)truth;
    const uint64_t *more = (const uint64_t *)other;
    for (size_t i = 0; i < sizeof *truth / sizeof *sums; i++)
        sums[i] += more[i];
}

/* ---- telling ---- */

/* Distinct known users of each cell. */
static void count_users(const struct truth_users *users, uint64_t counts[SECTION_COUNT][CELL_COUNT])
{
    for (size_t user = 0; user < users->count; user++)
        for (int s = 0; s < SECTION_COUNT; s++)
            for (int w = 0; w < CELL_WORDS; w++) {
                uint64_t bits =
                    users->bits[(user * SECTION_COUNT + (size_t)s) * CELL_WORDS + (size_t)w];
                for (; bits; bits &= bits - 1)
                    counts[s][w * 64 + __builtin_ctzll(bits)]++;
            }
}

struct telling {
    const struct section *section;
    const uint64_t *users; /* known ones of each cell */
};

static json_int_t as_json(uint64_t number)
{
    return (json_int_t)number;
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

/* Counts of a cell; each unknown user is one user. */
static json_t *cell_json(const struct telling *tell, int cell)
{
    const struct cell *counts = &tell->section->cells[cell];
    return json_pack("{sI sI sI sI sI}", "conversations", as_json(counts->conversations),
                     "exchanges", as_json(counts->exchanges), "words", as_json(counts->words),
                     "users", as_json(tell->users[cell] + counts->unknown_users), "known_users",
                     as_json(tell->users[cell]));
}

/* Rows of a dimension; those without conversations are left out where EMPTY is false. */
static json_t *dimension_json(const struct telling *tell, const char *key, int first,
                              const char *const *names, int count, bool empty)
{
    json_t *rows = json_array();
    for (int i = 0; i <= count; i++) {
        if (!empty && tell->section->cells[first + i].conversations == 0)
            continue;
        json_t *row = cell_json(tell, first + i);
        json_object_set_new(row, key, text_or_null(i < count ? names[i] : NULL));
        if (json_array_append_new(rows, row) != 0) {
            json_decref(rows);
            return NULL;
        }
    }
    return rows;
}

static json_t *volume_json(const struct telling *tell)
{
    json_t *rows = json_array();
    for (int i = 0; i < (MONTH_COUNT + 1) * (MODEL_COUNT + 1); i++) {
        int month = i / (MODEL_COUNT + 1), model = i % (MODEL_COUNT + 1);
        if (tell->section->cells[CELL_MONTH_MODEL + i].conversations == 0)
            continue;
        char *text = month < MONTH_COUNT
                         ? mem_printf("%d-%02d", 2022 + (month + 11) / 12, (month + 11) % 12 + 1)
                         : NULL;
        json_t *row = cell_json(tell, CELL_MONTH_MODEL + i);
        json_object_set_new(row, "month", text_or_null(text));
        json_object_set_new(row, "model",
                            text_or_null(model < MODEL_COUNT ? people_models[model] : NULL));
        free(text);
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *terms_json(const struct telling *tell)
{
    const struct section *section = tell->section;
    json_t *rows = json_array();
    for (int t = 0; t < TERM_COUNT; t++) {
        json_t *row = cell_json(tell, CELL_TERM + t);
        json_t *more = json_pack("{ss ss sI sI sI sI sI sI}", "term", plant_terms[t].name, "query",
                                 plant_terms[t].term, "turns", as_json(section->terms[t].turns),
                                 "occurrences", as_json(section->terms[t].occurrences),
                                 "prompt_only", as_json(section->terms[t].prompt_only),
                                 "output_only", as_json(section->terms[t].output_only),
                                 "unique_conversations", as_json(section->terms[t].unique),
                                 "added_conversations", as_json(section->terms[t].added));
        json_object_update_new(row, more);
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *pairs_json(const struct section *section)
{
    json_t *rows = json_array();
    for (int a = 0; a < TERM_COUNT; a++)
        for (int b = a + 1; b < TERM_COUNT; b++)
            json_array_append_new(rows, json_pack("{ss ss sI}", "a", plant_terms[a].name, "b",
                                                  plant_terms[b].name, "conversations",
                                                  as_json(section->pairs[a][b])));
    return rows;
}

static json_t *identifiers_json(const struct telling *tell)
{
    json_t *rows = json_array();
    for (int kind = 0; kind < IDENTIFIER_COUNT; kind++) {
        json_t *row = cell_json(tell, CELL_IDENTIFIER + kind);
        json_object_set_new(row, "kind", json_string(identifier_names[kind]));
        json_object_set_new(row, "occurrences",
                            json_integer(as_json(tell->section->identifier_occurrences[kind])));
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *overlap_json(const struct telling *tell)
{
    static const char *const sides[3] = {"prompt", "output_originated", "output_supplied"};
    json_t *rows = json_array();
    for (int side = 0; side < 3; side++) {
        json_t *row = cell_json(tell, CELL_OVERLAP + side), *runs = json_array(),
               *works = json_array();
        for (int i = 0; i < RUN_LENGTH_COUNT; i++)
            json_array_append_new(runs,
                                  json_pack("{si sI}", "words", (int)work_run_lengths[i],
                                            "exchanges", as_json(tell->section->runs[side][i])));
        for (int i = 0; i < WORK_COUNT; i++)
            json_array_append_new(works, json_integer(as_json(tell->section->works[side][i])));
        json_object_set_new(row, "side", json_string(sides[side]));
        json_object_set_new(row, "runs", runs);
        json_object_set_new(row, "works", works);
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *section_json(const struct telling *tell)
{
    const struct section *section = tell->section;
    const char *topics[TOPIC_COUNT], *languages[LANGUAGE_COUNT];
    for (int i = 0; i < TOPIC_COUNT; i++)
        topics[i] = plant_topics[i].name;
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        languages[i] = language_sources[i].name;
    uint64_t any = section->cells[CELL_ANY_TERM].conversations;
    return json_pack(
        "{so s{sI sI sI sI} s{sI sI sI sI sI sI sI} sI sI so so so so so so so so"
        " sI so so so so so}",
        "total", cell_json(tell, CELL_TOTAL), "turns", "user", as_json(section->roles[0]),
        "assistant", as_json(section->roles[1]), "system", as_json(section->roles[2]), "tool",
        as_json(section->roles[3]), "oddities", "null_messages", as_json(section->null_messages),
        "nontext_parts", as_json(section->parts), "tool_calls", as_json(section->tool_calls),
        "repaired_surrogates", as_json(section->surrogates), "unknown_roles",
        as_json(section->unknown_roles), "bad_times", as_json(section->bad_times),
        "abandoned_turns", as_json(section->abandoned), "without_user",
        as_json(section->without_user), "without_time", as_json(section->without_time),
        "by_month_model", volume_json(tell), "by_account",
        dimension_json(tell, "account", CELL_ACCOUNT, people_accounts, ACCOUNT_COUNT, false),
        "by_country",
        dimension_json(tell, "country", CELL_COUNTRY, people_countries, COUNTRY_COUNT, false),
        "by_language",
        dimension_json(tell, "language", CELL_LANGUAGE, languages, LANGUAGE_COUNT, false),
        "by_surface",
        dimension_json(tell, "surface", CELL_SURFACE, people_surfaces, SURFACE_COUNT, false),
        "terms", terms_json(tell), "any_term", cell_json(tell, CELL_ANY_TERM), "term_pairs",
        pairs_json(section), "no_term", as_json(section->cells[CELL_TOTAL].conversations - any),
        "topics_first", dimension_json(tell, "topic", CELL_TOPIC_FIRST, topics, TOPIC_COUNT, true),
        "topics_all", dimension_json(tell, "topic", CELL_TOPIC_ALL, topics, TOPIC_COUNT, true),
        "relevant", cell_json(tell, CELL_RELEVANT), "identifiers", identifiers_json(tell),
        "overlap", overlap_json(tell));
}

static json_t *excluded_json(const struct truth *truth)
{
    static const char *const times[3] = {"none", "outside", "inside"};
    json_t *rows = json_array();
    for (int when = 0; when < 3; when++)
        for (int business = 0; business < 2; business++)
            json_array_append_new(rows, json_pack("{ss sb sI}", "time", times[when], "business",
                                                  business, "conversations",
                                                  as_json(truth->excluded[when][business])));
    return rows;
}

json_t *truth_json(const struct truth *truth, const struct truth_users *users)
{
    uint64_t(*counts)[CELL_COUNT] = mem_zalloc(SECTION_COUNT, sizeof *counts);
    if (!counts)
        return NULL;
    count_users(users, counts);
    struct telling all = {&truth->sections[SECTION_ALL], counts[SECTION_ALL]};
    struct telling population = {&truth->sections[SECTION_POPULATION], counts[SECTION_POPULATION]};
    const uint64_t *broken = truth->broken;
    json_t *rejected = json_pack(
        "{sI sI sI sI sI sI sI}", "invalid_json", as_json(broken[BREAK_JSON] + broken[BREAK_CUT]),
        "invalid_utf8", as_json(broken[BREAK_UTF8]), "too_long", (json_int_t)0, "too_deep",
        as_json(broken[BREAK_DEEP]), "no_messages", as_json(broken[BREAK_NO_MESSAGES]),
        "id_too_long", as_json(broken[BREAK_LONG_ID]), "truncated", (json_int_t)0);
    json_t *inside = section_json(&population);
    json_object_set_new(inside, "from", json_string(POPULATION_FROM));
    json_object_set_new(inside, "to", json_string(POPULATION_TO));
    json_object_set_new(inside, "without_accounts", json_pack("[s]", "business"));
    json_object_set_new(inside, "excluded", excluded_json(truth));
    json_t *tree = json_pack(
        "{s{sI sI sI sI so} so so}", "records", "read", as_json(truth->read), "accepted",
        as_json(truth->sections[SECTION_ALL].cells[CELL_TOTAL].conversations), "duplicates",
        as_json(truth->duplicates), "blank_lines", as_json(truth->blank_lines), "rejected",
        rejected, "all", section_json(&all), "population", inside);
    free(counts);
    return tree;
}
