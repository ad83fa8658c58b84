/* Random catalogues with known contents: see catalogue_make.h. */
#include "tests/support/catalogue_make.h"

#include "base/civil.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "queries/catalogue/hits.h"
#include "queries/catalogue/settle.h"
#include "queries/query_terms.h"
#include "queries/tally_ties.h"
#include "tests/support/support.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const made_models[MADE_MODELS] = {
    "o1",
    "gpt-4",
    "gpt-3.5",
    "claude-2",
    "bell\x07",
    "turned\xE2\x80\xAEround",
    "a name that is longer than the sixty-four bytes that a report shows"};
const char *const made_languages[MADE_LANGUAGES] = {"en", "de", "other"};
const char *const made_tiers[MADE_TIERS] = {"free", "plus", "team", "unknown"};

/* SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

uint64_t made_random(uint64_t *state)
{
    return mix(*state += 0x9E3779B97F4A7C15u);
}

static uint32_t below(uint64_t *state, uint32_t limit)
{
    return (uint32_t)((made_random(state) >> 32) * limit >> 32);
}

static int absent_or(uint64_t *state, unsigned gap_percent, int count)
{
    bool gap = below(state, 100) < gap_percent;
    int value = (int)below(state, (uint32_t)count);
    return gap ? -1 : value;
}

static void part_digest(const struct made *made, size_t part, char hex[static 65])
{
    uint64_t state = made->wish.seed + (made->wish.same_input ? 0 : part + 1);
    for (int i = 0; i < 4; i++)
        snprintf(hex + 16 * i, 17, "%016" PRIx64, made_random(&state));
}

static void part_name(size_t part, char name[static 32])
{
    snprintf(name, 32, "logs/%04zu.jsonl", part);
}

static void make_id(const struct made *made, struct made_row *row)
{
    char hex[65], name[32];
    struct sha256 value;
    struct error err = ERROR_INIT;
    part_digest(made, row->part, hex);
    if (made->wish.no_digest) {
        part_name(row->part, name);
        assert_ok(sha256_of(name, strlen(name), &value, &err), err);
        sha256_hex(&value, hex);
    }
    snprintf(row->id, sizeof row->id, "%.16s-%" PRIu64, hex, row->offset);
}

/* Time and fields of most rows: those of a lump. */
static void make_alike(const struct made *made, struct made_row *row, uint64_t *state)
{
    const struct made_wish *wish = &made->wish;
    uint64_t lump = wish->seed + below(state, wish->lumps) + 1;
    int64_t time = 1669852800 + (int64_t)below(&lump, 731 * 86400);
    int model = (int)below(&lump, MADE_MODELS), language = (int)below(&lump, MADE_LANGUAGES);
    int tier = (int)below(&lump, wish->tier_numbers ? wish->tier_numbers : MADE_TIERS);
    row->time = below(state, 8) ? time : row->time;
    row->model = below(state, 8) ? model : row->model;
    row->language = below(state, 8) ? language : row->language;
    row->tier = below(state, 8) ? tier : row->tier;
}

static void make_row(struct made *made, uint32_t number, uint64_t *state)
{
    const struct made_wish *wish = &made->wish;
    struct made_row *row = &made->rows[number];
    const struct made_row *before = number ? row - 1 : NULL;
    row->part = (size_t)number * wish->parts / wish->rows;
    bool begins = !before || before->part != row->part;
    row->local = begins ? 0 : before->local + 1;
    row->first_exchange = begins ? 0 : before->first_exchange + before->exchanges;
    row->offset = 1000ull * row->local;
    /* The cube makes a few users heavy. */
    double u = (double)below(state, 1 << 20) / (1 << 20);
    row->user = (int64_t)(u * u * u * wish->users);
    row->user = below(state, 100) < wish->gap_percent ? -1 : row->user;
    row->own_id = below(state, 100) >= wish->gap_percent;
    snprintf(row->id, sizeof row->id, "c%07" PRIu32, number);
    if (number && below(state, 100) < wish->again_percent) {
        const struct made_row *twin = &made->rows[below(state, number)];
        if (twin->own_id)
            memcpy(row->id, twin->id, sizeof row->id);
        if (below(state, 2))
            row->user = twin->user;
    }
    if (!row->own_id)
        make_id(made, row);
    /* December 2022 to November 2024. */
    row->time = 1669852800 + (int64_t)below(state, 731 * 86400);
    row->time = below(state, 100) < wish->gap_percent ? CIVIL_NONE : row->time;
    row->exchanges = 1 + below(state, 8);
    row->turns = row->exchanges + below(state, row->exchanges + 1);
    row->words = below(state, 500);
    row->model = absent_or(state, wish->gap_percent, MADE_MODELS);
    row->language = absent_or(state, wish->gap_percent, MADE_LANGUAGES);
    row->tier = absent_or(state, wish->gap_percent,
                          wish->tier_numbers ? (int)wish->tier_numbers : MADE_TIERS);
    if (wish->lumps)
        make_alike(made, row, state);
    for (size_t i = 0; i < ODDITY_COUNT; i++)
        row->odd[i] = below(state, 50) ? 0 : 1 + below(state, 3);
}

static uint64_t hash_text(const char *text, size_t len)
{
    uint64_t what = 1;
    for (size_t i = 0; i < len; i++)
        what = (what * 31 + (unsigned char)text[i]) & 0xFFFFFFF;
    return what;
}

/* Whether a row has what the normal form *TEXT says, a word's hits being those of the word alone.
 * *TEXT then is behind it. */
static bool holds(const struct made *made, const char **text, uint32_t row)
{
    bool all = false, value = false, first = true;
    if (**text != '(') {
        size_t len = strcspn(*text, " )");
        uint64_t what = hash_text(*text, len);
        *text += len;
        return mix(made->wish.seed ^ what << 32 ^ row) % 1000 < made->wish.hit_permille;
    }
    ++*text;
    if (strncmp(*text, "NOT ", 4) == 0) {
        *text += 4;
        value = !holds(made, text, row);
        ++*text;
        return value;
    }
    while (**text != ')') {
        if (**text == ' ') {
            all = (*text)[1] == 'A';
            *text += all ? 5 : 4;
        }
        bool one = holds(made, text, row);
        value = first ? one : all ? value && one : value || one;
        first = false;
    }
    ++*text;
    return value;
}

bool made_hit(const struct made *made, size_t query, size_t slot, uint32_t row,
              struct made_hit *hit)
{
    /* Queries that ask the same of the text share their hits. */
    for (size_t first = 0; first < query; first++)
        if (strcmp(made->plan.queries[first].scan_digest, made->plan.queries[query].scan_digest) ==
            0)
            query = first;
    uint64_t what = (query + 1) << 18 ^ (slot + 1);
    const struct plan_term *term = query_term(&made->plan.queries[query], slot);
    if (made->wish.by_text)
        what = hash_text(term->source, strlen(term->source));
    uint64_t key = mix(made->wish.seed ^ what << 32 ^ row);
    const char *form = term->parsed;
    if (made->wish.by_text && form && *form == '(' ? !holds(made, &form, row)
                                                   : key % 1000 >= made->wish.hit_permille)
        return false;
    uint32_t mask = (1u << made->rows[row].exchanges) - 1;
    uint32_t exchanges = (uint32_t)(key >> 20) & mask;
    exchanges = exchanges ? exchanges : 1;
    uint32_t turns = (uint32_t)__builtin_popcount(exchanges) + (key >> 40 & 1);
    unsigned side = key >> 41 & 3;
    *hit = (struct made_hit){.turns = turns,
                             .occurrences = turns + (uint32_t)(key >> 43 & 7),
                             .prompt_only = side == 1,
                             .output_only = side == 2,
                             .exchanges = exchanges};
    return true;
}

/* ---- writing ---- */

static struct span text_or_none(const char *text)
{
    return text ? (struct span){text, strlen(text)} : SPAN_NONE;
}

static void add_row(const struct made *made, struct part_builder *builder,
                    const struct made_row *row)
{
    struct error err = ERROR_INIT;
    char user[32], tier[16];
    struct span fields[FIELD_MAX] = {{NULL, 0}};
    snprintf(user, sizeof user, "user %" PRId64, row->user);
    snprintf(tier, sizeof tier, "%d", row->tier);
    if (row->model >= 0)
        fields[FIELD_MODEL] = text_or_none(made_models[row->model]);
    if (row->language >= 0)
        fields[FIELD_LANGUAGE] = text_or_none(made_languages[row->language]);
    if (row->tier >= 0 && made->state.setup.field_count > FIELD_COUNT)
        fields[FIELD_COUNT] = text_or_none(made->wish.tier_numbers ? tier : made_tiers[row->tier]);
    const struct part_row out = {.offset = row->offset,
                                 .id = row->own_id ? text_or_none(row->id) : SPAN_NONE,
                                 .user = row->user >= 0 ? text_or_none(user) : SPAN_NONE,
                                 .time = row->time,
                                 .turns = row->turns,
                                 .exchanges = row->exchanges,
                                 .words = row->words,
                                 .fields = fields,
                                 .marks = row->odd};
    assert_ok(part_builder_add(builder, &out, &err), err);
}

static json_t *base_meta(const struct made *made, size_t part)
{
    char hex[65], name[32];
    json_t *rejected = json_object();
    part_digest(made, part, hex);
    part_name(part, name);
    for (size_t why = 1; why < REJECT_COUNT; why++)
        assert_int_equal(json_object_set_new(rejected, record_rejections[why].name,
                                             json_integer((json_int_t)made->rejected)),
                         0);
    json_t *meta = json_pack("{s:{s:s, s:s*, s:i}, s:o}", "input", "name", name, "sha256",
                             made->wish.no_digest ? NULL : hex, "start", 0, "rejected", rejected);
    assert_non_null(meta);
    return meta;
}

static void write_base(const struct made *made, size_t part)
{
    struct error err = ERROR_INIT;
    const struct scan_setup *setup = &made->state.setup;
    struct segment_out *out;
    struct part_builder *builder =
        part_builder_new(setup->field_names, setup->field_count, setup->mark_names, ODDITY_COUNT);
    assert_non_null(builder);
    for (uint32_t row = 0; row < made->wish.rows; row++)
        if (made->rows[row].part == part)
            add_row(made, builder, &made->rows[row]);
    assert_ok(segment_out_open(&out, made->state.parts[part].base_dir, &err), err);
    assert_ok(part_builder_write(builder, out, &err), err);
    json_t *meta = base_meta(made, part);
    assert_ok(segment_out_commit(out, meta, &err), err);
    json_decref(meta);
    part_builder_free(builder);
}

static void add_hit(const struct made *made, struct hits_builder *builder, size_t slot,
                    const struct made_row *row, const struct made_hit *hit)
{
    struct error err = ERROR_INIT;
    uint32_t ordinals[8], count = 0;
    (void)made;
    for (uint32_t i = 0; i < 8; i++)
        if (hit->exchanges >> i & 1)
            ordinals[count++] = i;
    const struct hit_row out = {.row = row->local,
                                .turns = hit->turns,
                                .occurrences = hit->occurrences,
                                .prompt_only = hit->prompt_only,
                                .output_only = hit->output_only,
                                .first_exchange = row->first_exchange,
                                .exchanges = ordinals,
                                .exchange_count = count};
    assert_ok(hits_builder_add(builder, slot, &out, &err), err);
}

static void write_hits(const struct made *made, size_t part, size_t query)
{
    struct error err = ERROR_INIT;
    size_t slots = query_term_slots(&made->plan.queries[query]);
    struct hits_builder *builder = hits_builder_new(slots);
    struct segment_out *out;
    struct made_hit hit;
    assert_non_null(builder);
    for (uint32_t row = 0; row < made->wish.rows; row++)
        for (size_t slot = 0; made->rows[row].part == part && slot < slots; slot++)
            if (made_hit(made, query, slot, row, &hit))
                add_hit(made, builder, slot, &made->rows[row], &hit);
    assert_ok(segment_out_open(&out, made->state.parts[part].hits_dirs[query], &err), err);
    assert_ok(hits_builder_write(builder, out, &err), err);
    json_t *meta = json_pack("{s:i}", "terms", (int)slots);
    assert_ok(segment_out_commit(out, meta, &err), err);
    json_decref(meta);
    hits_builder_free(builder);
}

static void make_state(struct made *made)
{
    struct error err = ERROR_INIT;
    struct scan_state *state = &made->state;
    size_t parts = made->wish.parts, queries = made->plan.query_count;
    *state = (struct scan_state){.catalogue = mem_strdup(test_path(made->dir, "catalogue")),
                                 .query_count = queries};
    assert_ok(scan_setup_init(&state->setup, &made->plan, &err), err);
    state->parts = mem_zalloc(parts, sizeof *state->parts);
    state->logs.files = mem_zalloc(parts, sizeof *state->logs.files);
    state->logs.parts = mem_zalloc(parts, sizeof *state->logs.parts);
    assert_true(state->catalogue && state->parts && state->logs.files && state->logs.parts);
    state->logs.part_count = state->logs.file_count = parts;
    for (size_t part = 0; part < parts; part++) {
        char name[32];
        part_name(part, name);
        state->logs.parts[part].file = part;
        state->logs.files[part].name = mem_strdup(name);
        state->logs.files[part].path = mem_strdup(name);
        char *dir = catalogue_part_dir(state->catalogue, name, 0);
        assert_non_null(dir);
        assert_ok(dir_make(dir, 0700, &err), err);
        state->parts[part].base_dir = catalogue_segment_dir(dir, "base", made->plan.scan_digest);
        state->parts[part].base_ready = true;
        state->parts[part].hits_dirs = mem_zalloc(queries, sizeof(char *));
        state->parts[part].hits_ready = mem_zalloc(queries, sizeof(bool));
        for (size_t q = 0; q < queries; q++)
            if (query_term_slots(&made->plan.queries[q])) {
                state->parts[part].hits_dirs[q] =
                    catalogue_segment_dir(dir, "hits", made->plan.queries[q].scan_digest);
                state->parts[part].hits_ready[q] = true;
            }
        free(dir);
    }
}

void made_init(struct made *made, const struct made_wish *wish)
{
    struct error err = ERROR_INIT;
    uint64_t random = wish->seed;
    *made = (struct made){.wish = *wish, .dir = test_dir(), .rejected = 3};
    test_write_text(test_path(made->dir, "plan.json"), wish->plan);
    if (wish->taxonomy)
        test_write_text(test_path(made->dir, "usage.json"), wish->taxonomy);
    assert_ok(plan_read(&made->plan, test_path(made->dir, "plan.json"), true, &err), err);
    made->rows = mem_zalloc(wish->rows, sizeof *made->rows);
    assert_non_null(made->rows);
    for (uint32_t row = 0; row < wish->rows; row++)
        make_row(made, row, &random);
    make_state(made);
    for (size_t part = 0; part < wish->parts; part++) {
        write_base(made, part);
        for (size_t q = 0; q < made->plan.query_count; q++)
            if (query_term_slots(&made->plan.queries[q]))
                write_hits(made, part, q);
    }
}

void made_open(struct made *made)
{
    struct error err = ERROR_INIT;
    char **paths = mem_zalloc(made->wish.parts, sizeof *paths);
    assert_non_null(paths);
    for (size_t i = 0; i < made->wish.parts; i++)
        paths[i] = made->state.parts[i].base_dir;
    assert_ok(catalogue_open(&made->catalogue, paths, made->wish.parts,
                             made->state.setup.field_names, made->state.setup.field_count, &err),
              err);
    free(paths);
    made->opened = true;
    assert_ok(settle_open(&made->catalogue, made->state.catalogue, true, &err), err);
}

void made_population(struct made *made)
{
    struct error err = ERROR_INIT;
    made->counted = true;
    assert_ok(population_init(&made->population, &made->catalogue, &made->plan, &err), err);
}

void made_ready(struct made *made, const struct made_wish *wish)
{
    made_init(made, wish);
    made_open(made);
    made_population(made);
}

void made_release(struct made *made)
{
    if (made->counted)
        population_release(&made->population);
    if (made->opened)
        catalogue_close(&made->catalogue);
    scan_state_release(&made->state);
    plan_release(&made->plan);
    free(made->rows);
}

struct tally_source made_source(const struct made *made)
{
    return (struct tally_source){&made->plan, &made->state, &made->catalogue, &made->population};
}

/* ---- naive answers ---- */

bool made_duplicate(const struct made *made, uint32_t row)
{
    for (uint32_t earlier = 0; earlier < row; earlier++)
        if (made->rows[earlier].user == made->rows[row].user &&
            strcmp(made->rows[earlier].id, made->rows[row].id) == 0)
            return true;
    return false;
}

struct made_users made_count_users(const struct made *made, const bool *in)
{
    struct made_users users = {0, 0};
    uint64_t unknown = 0;
    bool *seen = mem_zalloc(made->wish.users, sizeof *seen);
    assert_non_null(seen);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        int64_t user = made->rows[row].user;
        if (!in[row])
            continue;
        unknown += user < 0;
        if (user >= 0 && !seen[user]) {
            seen[user] = true;
            users.support++;
        }
    }
    free(seen);
    users.counted = users.support + unknown;
    users.support += unknown > 0;
    return users;
}

uint64_t made_largest(const struct made *made, const bool *in, const uint32_t *values)
{
    uint64_t largest = 0;
    uint64_t *sums = mem_zalloc(made->wish.users, sizeof *sums);
    assert_non_null(sums);
    for (uint32_t row = 0; row < made->wish.rows; row++)
        if (in[row] && made->rows[row].user >= 0) {
            uint64_t *sum = &sums[made->rows[row].user];
            *sum += values ? values[row] : 1;
            largest = *sum > largest ? *sum : largest;
        }
    free(sums);
    return largest;
}

void made_check_relations(const struct tally *tally)
{
    for (size_t t = 0; t < tally->table_count; t++) {
        const struct tally_table *table = &tally->tables[t];
        for (size_t r = 0; r < table->relation_count; r++) {
            const struct tally_relation *relation = &table->relations[r];
            int64_t sum = 0;
            for (size_t i = 0; i < relation->count; i++) {
                const struct tally_term *term = &relation->terms[i];
                assert_true(term->row < table->row_count && term->column < table->column_count);
                assert_true(term->sign == 1 || term->sign == -1);
                sum += term->sign * (int64_t)tally_cell_at(table, term->row, term->column)->value;
                for (size_t j = 0; j < i; j++)
                    assert_false(relation->terms[j].row == term->row &&
                                 relation->terms[j].column == term->column);
            }
            if (relation->at_most ? sum > 0 : sum != 0)
                fail_msg("table %s: relation %zu of %zu terms is false", table->id, r,
                         relation->count);
        }
        for (size_t cell = 0; cell < table->row_count * table->column_count; cell++) {
            bool users = table->columns[cell % table->column_count].flags & TALLY_USERS;
            if (users)
                assert_true(table->cells[cell].users <= table->cells[cell].value);
        }
    }
    for (size_t i = 0; i < tally->tie_count; i++) {
        const struct tally_tie *tie = &tally->ties[i];
        int64_t sum = 0;
        for (size_t k = 0; k < tie->count; k++)
            sum += tie->places[k].sign * (int64_t)tally_place_cell(tally, tie->places[k])->value;
        if (tie->at_most ? sum > 0 : sum != 0)
            fail_msg("tie %zu of %zu places is false", i, tie->count);
    }
}

void made_tally(const struct made *made, struct tally *tally)
{
    const struct tally_source source = made_source(made);
    struct error err = ERROR_INIT;
    tally_init(tally);
    assert_ok(tally_run(&source, tally, &err), err);
    made_check_relations(tally);
}
