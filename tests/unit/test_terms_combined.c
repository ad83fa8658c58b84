/*
 * Terms made of the same words: which of them a conversation can have together, by cases; and a
 * reader of their groups by languages, linear programs over the numbers of conversations with each
 * combination of words in each language, under all that the reports show. No number of few users
 * lies closer than the rule allows, told or not; tied to no patterns, some would.
 */
#include "tests/support/catalogue_make.h"
#include "tests/support/seen_sums.h"
#include "tests/support/support.h"

#include "queries/terms_by.h"
#include "queries/terms_possible.h"
#include "queries/terms_relations.h"
#include "queries/terms_shared.h"
#include "queries/text/term_logic.h"
#include "release/figure.h"
#include "release/gate.h"

#include <stdlib.h>
#include <string.h>

/* ---- what can be together ---- */

enum { CASE_TERMS = 4, CASE_PATTERNS = 10 };

static const struct {
    const char *terms[CASE_TERMS];
    enum term_within within;
    const char *patterns[CASE_PATTERNS]; /* NULL first: none are listed */
} cases[] = {
    {{"a", "b"}, WITHIN_CONVERSATION, {"00", "01", "10", "11"}},
    {{"a", "b", "a OR b"}, WITHIN_CONVERSATION, {"000", "011", "101", "111"}},
    {{"a", "b", "b OR a"}, WITHIN_TURN, {"000", "011", "101", "111"}},
    {{"a AND b", "a", "b"}, WITHIN_CONVERSATION, {"000", "001", "010", "111"}},
    {{"a AND b", "a", "b"}, WITHIN_EXCHANGE, {"000", "001", "010", "011", "111"}},
    {{"a AND b", "a", "b"}, WITHIN_TURN, {"000", "001", "010", "011", "111"}},
    {{"NOT a", "a"}, WITHIN_CONVERSATION, {"01", "10"}},
    {{"NOT a", "a"}, WITHIN_TURN, {"01", "10", "11"}},
    {{"a AND NOT b", "b AND NOT a"}, WITHIN_CONVERSATION, {"00", "01", "10"}},
    {{"a b", "a", "b"}, WITHIN_CONVERSATION, {"000", "001", "010", "011", "111"}},
    {{"a b c", "b c", "b"}, WITHIN_CONVERSATION, {"000", "001", "011", "111"}},
    {{"a*", "ab"}, WITHIN_CONVERSATION, {"00", "10", "11"}},
    {{"a w/3 b", "a w/5 b", "a"}, WITHIN_CONVERSATION, {"000", "001", "111"}},
    {{"contains(prompt, a)", "a"}, WITHIN_CONVERSATION, {"00", "01", "11"}},
    {{"(a OR b OR c) AND d", "d"}, WITHIN_CONVERSATION, {"00", "01", "11"}},
    {{"(a OR b) AND NOT c", "a OR b"}, WITHIN_CONVERSATION, {"00", "01", "11"}},
    {{"\"##ab+\"", "b"}, WITHIN_CONVERSATION, {"00", "01"}}, /* of what it matches none is known */
    {{"xfirstword", "b"}, WITHIN_CONVERSATION, {NULL}},
    {{"a* AND b", "b"}, WITHIN_TURN, {NULL}}, /* nor that they are no more in one turn */
};

static void possible_patterns(void **state)
{
    static const struct word_rules rules = {.alphabet = ""};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *forms[CASE_TERMS] = {NULL};
        enum term_within within[CASE_TERMS];
        struct term_patterns patterns;
        struct error err = ERROR_INIT;
        size_t count = 0, expected = 0;
        for (; count < CASE_TERMS && cases[i].terms[count]; count++) {
            struct term *term;
            const char *text = cases[i].terms[count];
            assert_ok(term_parse(text, strlen(text), &rules, &term, NULL, &err), err);
            forms[count] = term_normal_form(term);
            within[count] = cases[i].within;
            term_free(term);
        }
        assert_ok(term_patterns_init(&patterns, (const char *const *)forms, within, count, &rules,
                                     100, &err),
                  err);
        assert_int_equal(patterns.complete, cases[i].patterns[0] != NULL);
        for (; expected < CASE_PATTERNS && cases[i].patterns[expected]; expected++) {
            char bits[CASE_TERMS];
            for (size_t t = 0; t < count; t++)
                bits[t] = (char)(cases[i].patterns[expected][t] - '0');
            if (intern_find(&patterns.bits, bits, count) == INTERN_NONE)
                fail_msg("case %zu: %s is possible", i, cases[i].patterns[expected]);
        }
        if (patterns.complete && patterns.bits.count != expected)
            fail_msg("case %zu: %zu patterns, not %zu", i, patterns.bits.count, expected);
        term_patterns_release(&patterns);
        while (count)
            free(forms[--count]);
    }
}

/* What is found otherwise can stand beside anything, and beside each other. */
static void others_beside(void **state)
{
    static const struct word_rules rules = {.alphabet = ""};
    const struct core_term terms[] = {
        {.form = NULL}, {.form = "a"}, {.form = "(a OR b)"}, {.form = NULL}};
    const char *const beside[] = {"00", "01", "11"}; /* of the two that are words */
    struct terms_possible possible;
    struct error err = ERROR_INIT;
    (void)state;
    assert_ok(terms_possible_init(&possible, terms, 4, &rules, 12, &err), err);
    assert_int_equal(terms_possible_count(&possible), 12);
    bool seen[3][4] = {{false}};
    for (size_t i = 0; i < 12; i++) {
        char key[4];
        terms_possible_key(&possible, i, key);
        const struct possible_sets sets = terms_possible_sets(&possible, key);
        for (size_t words = 0; words < 3; words++)
            if (key[1] == beside[words][0] - '0' && key[2] == beside[words][1] - '0')
                seen[words][key[0] | key[3] << 1] = true;
        assert_true(sets.known);
        assert_int_equal(sets.others, key[0] | key[3] << 1);
    }
    for (size_t i = 0; i < 12; i++)
        assert_true(seen[i / 4][i % 4]);
    assert_false(terms_possible_sets(&possible, "\0\1\0\1").known); /* a, and neither a nor b */
    terms_possible_release(&possible);
    /* Beyond that many nothing is known. */
    assert_ok(terms_possible_init(&possible, terms, 4, &rules, 11, &err), err);
    assert_int_equal(terms_possible_count(&possible), 0);
    assert_int_equal(terms_possible_sets(&possible, "\1\0\1\0").parts, 5);
    terms_possible_release(&possible);
}

/* ---- groups ---- */

enum { MIN_USERS = 5, WORDS = 3, LANGUAGES = MADE_LANGUAGES + 1, QUERIES = 2, TERMS = 3 };
enum { COMBINATIONS = 1 << WORDS, ATOMS = COMBINATIONS * LANGUAGES };

/* Terms by which words a conversation has: bit COMBINATION of a mask. */
struct words_term {
    const char *text;
    unsigned mask;
};

#define A                                                                                          \
    {                                                                                              \
        "wa", 0xAA                                                                                 \
    }
#define B                                                                                          \
    {                                                                                              \
        "wb", 0xCC                                                                                 \
    }
#define A_OR_B                                                                                     \
    {                                                                                              \
        "wa OR wb", 0xEE                                                                           \
    }
#define A_OR_C                                                                                     \
    {                                                                                              \
        "wa OR wc", 0xFA                                                                           \
    }
#define A_OR_B_OR_C                                                                                \
    {                                                                                              \
        "wa OR wb OR wc", 0xFE                                                                     \
    }
#define A_AND_B                                                                                    \
    {                                                                                              \
        "wa AND wb", 0x88                                                                          \
    }
#define A_NOT_B                                                                                    \
    {                                                                                              \
        "wa AND NOT wb", 0x22                                                                      \
    }

/* With a count by languages beside them. */
static const struct {
    struct words_term terms[QUERIES][TERMS];
    bool by[QUERIES];
} plans[] = {
    {{{A_NOT_B, B, A}}, {true}},
    {{{A, B, A_AND_B}}, {true}},
    {{{A_OR_B, A_OR_C, A}, {A_OR_B_OR_C}}, {true, true}},
    {{{A_OR_B, A}, {A_AND_B}}, {true, false}},
};

/* What a reader sees of one report. */
struct sight {
    struct made_atoms atoms;
    struct seen seen;
};

static struct seen_sum *add_sum(struct sight *sight, unsigned mask, size_t language)
{
    struct seen_sum *sum = seen_add(&sight->seen, &sight->atoms);
    for (size_t i = 0; i < ATOMS; i++)
        sum->has[i] =
            mask >> i % COMBINATIONS & 1 && (language == LANGUAGES || language == i / COMBINATIONS);
    seen_sum_count(sum, &sight->atoms);
    return sum;
}

static void see(struct sight *sight, unsigned mask, size_t language, struct figure figure,
                bool gone)
{
    seen_sum_tell(add_sum(sight, mask, language), figure, gone);
}

static size_t language_of(const char *label)
{
    size_t i = 0;
    while (i < MADE_LANGUAGES && strcmp(made_languages[i], label) != 0)
        i++;
    return i; /* unknown is the last */
}

static void see_query(struct sight *sight, const struct words_term *terms,
                      const struct terms_report *report, const struct release *release,
                      const struct tally *tally)
{
    const struct figure_table *own = release_table_find(release, tally->tables[report->own].id);
    size_t count = report->query->term_count;
    unsigned before = 0;
    for (size_t t = 0; t < count; t++) {
        unsigned others = 0;
        bool gone = gate_is_gone(release, report->own, t);
        for (size_t k = 0; k < count; k++)
            others |= k == t ? 0 : terms[k].mask;
        see(sight, terms[t].mask, LANGUAGES, figure_at(own, t, CONVERSATIONS), gone);
        see(sight, terms[t].mask & ~others, LANGUAGES, figure_at(own, t, UNIQUE), gone);
        see(sight, terms[t].mask & ~before, LANGUAGES, figure_at(own, t, ADDED), gone);
        before |= terms[t].mask;
    }
    see(sight, 0xFF & ~before, LANGUAGES, figure_at(own, count + 1, CONVERSATIONS),
        gate_is_gone(release, report->own, count + 1));
    see(sight, 0xFF, LANGUAGES, figure_at(own, count + 2, CONVERSATIONS), false);
    if (report->by == SIZE_MAX)
        return;
    const struct figure_table *by = release_table_find(release, tally->tables[report->by].id);
    for (size_t row = 0; row < figure_table_rows(by); row++) {
        size_t term = (size_t)(figure_key_value(by, row, 0)[1] - '1');
        see(sight, terms[term].mask, language_of(figure_key_value(by, row, 1)),
            figure_at(by, row, BY_CONVERSATIONS), true);
    }
}

static void see_count(struct sight *sight, const struct figure_table *table)
{
    for (size_t row = 0; row + 1 < figure_table_rows(table); row++)
        see(sight, 0xFF, language_of(figure_key_value(table, row, 0)), figure_at(table, row, 0),
            true);
}

/* What a conversation has of all terms, in each language: told nowhere. */
static void see_patterns(struct sight *sight, const struct words_term (*terms)[TERMS])
{
    unsigned masks[COMBINATIONS] = {0};
    for (unsigned c = 0; c < COMBINATIONS; c++) {
        unsigned pattern = 0;
        for (size_t i = 0; i < QUERIES * TERMS; i++)
            pattern |= (terms[i / TERMS][i % TERMS].mask >> c & 1) << i;
        masks[c] = pattern;
    }
    for (unsigned c = 0; c < COMBINATIONS; c++) {
        unsigned mask = 0;
        for (unsigned k = 0; k < COMBINATIONS; k++)
            mask |= (unsigned)(masks[k] == masks[c]) << k;
        if (mask >> c == 1)
            for (size_t language = 0; language < LANGUAGES; language++)
                (void)add_sum(sight, mask, language);
    }
}

static void write_plan(char *text, size_t room, size_t number)
{
    size_t n = (size_t)snprintf(
        text, room, "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":[");
    for (size_t q = 0; q < QUERIES && plans[number].terms[q][0].text; q++) {
        n += (size_t)snprintf(text + n, room - n,
                              "%s{\"id\":\"q%zu\",\"kind\":\"terms\",%s\"terms\":[", q ? "," : "",
                              q, plans[number].by[q] ? "\"by\":[\"language\"]," : "");
        for (size_t t = 0; t < TERMS && plans[number].terms[q][t].text; t++)
            n += (size_t)snprintf(text + n, room - n, "%s\"%s\"", t ? "," : "",
                                  plans[number].terms[q][t].text);
        n += (size_t)snprintf(text + n, room - n, "]}");
    }
    snprintf(text + n, room - n,
             ",{\"id\":\"n\",\"kind\":\"count\",\"by\":[\"language\"]},"
             "{\"id\":\"all\",\"kind\":\"terms\",\"terms\":[\"wa\",\"wb\",\"wc\"]}],"
             "\"release\":{\"min_users\":5}}");
}

static void sight_init(struct sight *sight, const struct made *made)
{
    *sight = (struct sight){.seen = {.count = 0}};
    made_atoms_init(&sight->atoms, made, ATOMS);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        struct made_hit hit;
        const struct made_row *own = &made->rows[row];
        size_t *atom = &sight->atoms.of_row[row];
        if (!population_has(&made->population, own->part, own->local))
            continue;
        size_t language = own->language < 0 ? MADE_LANGUAGES : (size_t)own->language;
        *atom = language * COMBINATIONS;
        for (size_t t = 0; t < WORDS; t++)
            *atom += (size_t)made_hit(made, made->plan.query_count - 1, t, row, &hit) << t;
    }
}

/* Leaves out what ties reports and groups to patterns. */
static void untie(struct tally *tally)
{
    size_t first = tally->terms_tied.first_tie, last = tally->terms_tied.last_tie;
    assert_true(last > first && last <= tally->tie_count);
    memmove(tally->ties + first, tally->ties + last,
            (tally->tie_count - last) * sizeof *tally->ties);
    tally->tie_count -= last - first;
}

static void run(size_t number, unsigned seed, struct seen_totals sums[2])
{
    static const unsigned permilles[] = {250, 700, 150, 400, 800, 300, 600};
    char text[2048];
    write_plan(text, sizeof text, number);
    const struct made_wish wish = {.seed = 7100 + seed,
                                   .parts = 1,
                                   .rows = 160 + 60 * (seed % 5),
                                   .users = seed % 3 ? 150 : 60,
                                   .hit_permille = permilles[seed % 7],
                                   .gap_percent = seed % 2,
                                   .by_text = true,
                                   .plan = text};
    struct made made;
    struct gate_policy policy = {.min_users = MIN_USERS};
    struct error err = ERROR_INIT;
    made_ready(&made, &wish);
    struct plan mine = made.plan;
    mine.query_count--;
    struct tally_source source = made_source(&made);
    source.plan = &mine;
    for (size_t i = 0; i < 2; i++) {
        struct tally tally;
        struct release *release;
        struct sight sight;
        sight_init(&sight, &made);
        tally_init(&tally);
        assert_ok(tally_run(&source, &tally, &err), err);
        assert_int_equal(tally.terms_left_out, 0);
        made_check_relations(&tally);
        if (i)
            untie(&tally);
        assert_ok(gate_release(&tally, &policy, &release, &err), err);
        see_count(&sight, release_table_find(release, "n"));
        for (size_t q = 0; q + 1 < mine.query_count; q++) {
            struct terms_report report;
            assert_true(terms_report_find(&report, &mine, q, &tally));
            see_query(&sight, plans[number].terms[q], &report, release, &tally);
        }
        seen_count_cells(&sight.seen, 0, &sums[i]);
        see_patterns(&sight, plans[number].terms);
        seen_count_leaks(&sight.seen, MIN_USERS, &sums[i]);
        seen_release(&sight.seen);
        made_atoms_release(&sight.atoms);
        release_free(release);
        tally_release(&tally);
    }
    made_release(&made);
}

static void no_group_follows(void **state)
{
    (void)state;
    size_t untied = 0;
    for (size_t p = 0; p < sizeof plans / sizeof *plans; p++) {
        struct seen_totals sums[2] = {{.leaks = 0}};
        for (unsigned seed = 0; seed < 40; seed++)
            run(p, seed, sums);
        print_message("plan %zu: %zu small figures, of which %zu follow (untied %zu); %zu of %zu "
                      "figures shown (%zu)\n",
                      p, sums[0].small, sums[0].leaks, sums[1].leaks, sums[0].shown, sums[0].cells,
                      sums[1].shown);
        assert_int_equal(sums[0].leaks, 0);
        assert_true(2 * sums[0].shown > sums[0].cells);
        untied += sums[1].leaks;
    }
    assert_true(untied > 40);
}

/* ---- more than can be judged ---- */

/* Two reports of so many words and one made of two, in most combinations. */
static void too_many_patterns(void **state)
{
    (void)state;
    enum { MANY = 13 };
    char plan[4096];
    size_t n = (size_t)snprintf(
        plan, sizeof plan, "{\"proffer\":1,\"logs\":{\"paths\":[\"logs/*.jsonl\"]},\"queries\":[");
    for (int q = 0; q < 2; q++) {
        n += (size_t)snprintf(plan + n, sizeof plan - n,
                              "%s{\"id\":\"q%d\",\"kind\":\"terms\",\"terms\":[\"%s\"",
                              q ? "," : "", q, q ? "w0 OR w1" : "w0 AND w1");
        for (int t = 0; t < MANY; t++)
            n += (size_t)snprintf(plan + n, sizeof plan - n, ",\"w%d\"", t);
        n += (size_t)snprintf(plan + n, sizeof plan - n, "]}");
    }
    snprintf(plan + n, sizeof plan - n, "],\"release\":{\"min_users\":5}}");
    const struct made_wish wish = {.seed = 7300,
                                   .parts = 1,
                                   .rows = 12000,
                                   .users = 3000,
                                   .hit_permille = 500,
                                   .by_text = true,
                                   .plan = plan};
    struct made made;
    struct tally tally;
    struct release *release;
    struct gate_policy policy = {.min_users = MIN_USERS};
    struct error err = ERROR_INIT;
    bool told = false;
    made_ready(&made, &wish);
    made_tally(&made, &tally);
    assert_int_equal(tally.terms_left_out, 1);
    assert_ok(gate_release(&tally, &policy, &release, &err), err);
    for (size_t i = 0; release_statement(release, i); i++)
        told = told || strstr(release_statement(release, i), "in 1 group of queries");
    assert_true(told);
    release_free(release);
    tally_release(&tally);
    made_release(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(possible_patterns), cmocka_unit_test(others_beside),
        cmocka_unit_test(no_group_follows), cmocka_unit_test(too_many_patterns)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
