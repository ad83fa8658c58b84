/* Answers on samples: relevance, claims, how samples are spread and how to draw them again. */
#include "tests/unit/answers_tree.h"

#include "report/answers/answer_assisted.h"
#include "stats/multiple_tests.h"

/* (3, 3000, 2e7) at 95 %: [4127, 58389], exact. */
static void test_relevance(void **state)
{
    (void)state;
    assert_int_equal(count_at("rel", 0, "N"), 20000000);
    assert_near(real_at("rel", 0, "prevalence"), 0.001);
    assert_int_equal(count_at("rel", 0, "count"), 20000);
    assert_int_equal(count_at("rel", 0, "count_low"), 4127);
    assert_int_equal(count_at("rel", 0, "count_high"), 58389);
    assert_near(real_at("rel", 0, "prevalence_high"), 58389.0 / 2e7);
    assert_says("rel", "With 95 % confidence, between 0.0206 % and 0.292 % of 20,000,000 "
                       "conversations are relevant (between 4,127 and 58,389); 3 of 3,000 drawn "
                       "at random are relevant.");
    assert_noted("rel", "2 reviewers labelled; they disagree on 4 units.");
    assert_noted("rel", "six dice");
}

static void test_relevance_without_labels(void **state)
{
    (void)state;
    assert_string_equal(text_at("later", 0, "definition"), "Names the publisher");
    assert_kind("later", 0, "N", VALUE_NULL);
    assert_kind("later", 0, "count_high", VALUE_NULL);
    assert_noted("later", "proffer draw");
    assert_says("later", "No labelled sample yet");
    assert_kind("later-claim", 0, "verdict", VALUE_NULL);
    assert_string_equal(text_at("later-claim", 0, "claim"), "at least 50 % irrelevant");
}

static void test_relevance_unreadable(void **state)
{
    (void)state;
    assert_kind("rare", 0, "prevalence", VALUE_NULL);
    assert_kind("rare", 0, "count", VALUE_NULL);
    assert_int_equal(count_at("rare", 0, "count_low"), 0);
    assert_noted("rare", "range and no point");
    assert_noted("rare", "2 of the drawn units are unreadable or without a label (1 without)");
    assert_says("rare", "at most");
    assert_says("rare", "0 of 47,369 drawn at random are relevant, 2 of the drawn are unreadable");
}

/* The claim ">= 99.99 % irrelevant" of 2e7 needs 29,919 labels with no hit, 47,369 with one. */
static void test_claim(void **state)
{
    (void)state;
    assert_string_equal(text_at("claim", 0, "claim"), "at least 99.99 % irrelevant");
    assert_string_equal(text_at("claim", 0, "verdict"), "contradicted");
    assert_int_equal(count_at("claim", 0, "allowed"), 2000);
    assert_int_equal(table_of("claim")->row_count, 2);
    assert_int_equal(count_at("claim", 1, "N"), 20000012);
    assert_int_equal(count_at("claim", 1, "allowed"), 2000);
    assert_says("claim", "is contradicted with 95 % confidence: at least");
    /* No hits but two unreadable: counted as two hits, which 47,369 labels do not carry. */
    assert_string_equal(text_at("rare-claim", 0, "verdict"), "undetermined");
    assert_int_equal(count_at("rare-claim", 0, "labels_needed"), 62857);
    assert_noted("rare-claim", "if none of the 2 unreadable are relevant, the claim is supported; "
                               "the verdict turns to undetermined if 2 of the 2");
    assert_says("rare-claim", "too small to say");
}

/* Rejected records that are more than the claim allows contradict it whatever the sample says. */
static void test_claim_with_many_rejected(void **state)
{
    (void)state;
    struct figure_sample samples[2];
    memcpy(samples, example_samples, sizeof samples);
    samples[1].whole.unreadable.value = 0;
    samples[1].rejected.value = 3000;
    struct release release = example_release;
    release.samples = samples;
    struct result other, kept = tree;
    struct error err = ERROR_INIT;
    result_init(&other);
    assert_ok(answers_make(&example_plan, &release, &example_run, &other, &err), err);
    tree = other;
    assert_string_equal(text_at("rare-claim", 0, "verdict"), "supported");
    assert_string_equal(text_at("rare-claim", 1, "verdict"), "contradicted");
    assert_kind("rare-claim", 1, "labels_needed", VALUE_NULL);
    assert_says("rare-claim", "the 3,000 records are alone more than the 2,000 that it allows");
    tree = kept;
    result_release(&other);
}

/* Other methods, asked for in the plan: (3, 3000, 2e7) by Blaker, and at every look. */
static void test_methods_of_the_plan(void **state)
{
    (void)state;
    struct plan_query queries[32];
    assert_true(example_plan.query_count <= 32);
    memcpy(queries, example_queries, sizeof example_queries);
    size_t rel = 0;
    while (strcmp(queries[rel].id, "rel") != 0)
        rel++;
    for (size_t i = 0; i < example_plan.query_count; i++)
        if (i == rel || (queries[i].kind == QUERY_CLAIM && queries[i].of == rel)) {
            queries[i].method = (char *)"anytime";
            queries[i].prior[0] = queries[i].prior[1] = 1;
        } else if (queries[i].kind == QUERY_RELEVANCE) {
            queries[i].method = (char *)"blaker";
        }
    struct plan plan = example_plan;
    plan.queries = queries;
    struct result other, kept = tree;
    struct error err = ERROR_INIT;
    result_init(&other);
    assert_ok(answers_make(&plan, &example_release, &example_run, &other, &err), err);
    tree = other;
    assert_int_equal(count_at("rel", 0, "count_low"), 316);
    assert_int_equal(count_at("rel", 0, "count_high"), 118755);
    assert_string_equal(text_at("rel", 0, "method"), "Exact at every look (prior-posterior ratio)");
    assert_noted("rel", "The prior, fixed in the plan before labels: Beta(1, 1).");
    assert_non_null(strstr(table_of("claim")->method, "hold at every look"));
    bool blaker = false, anytime = false;
    for (size_t i = 0; i < tree.methods.count; i++) {
        blaker |= strstr(tree.methods.items[i].name, "Blaker") != NULL;
        anytime |= strstr(tree.methods.items[i].name, "every look") != NULL;
    }
    assert_true(blaker && anytime);
    tree = kept;
    result_release(&other);
}

/* Three claims, one of them without a sample: it counts with a p-value of 1. */
static void test_claims_together(void **state)
{
    (void)state;
    for (size_t row = 0; row < 2; row++) {
        double p[3] = {real_at("claim", row, "p_value"), 1, real_at("rare-claim", row, "p_value")};
        double together[3];
        struct error err = ERROR_INIT;
        assert_ok(holm_adjust(p, 3, together, &err), err);
        assert_near(real_at("claim", row, "p_value_together"), together[0]);
        assert_near(real_at("rare-claim", row, "p_value_together"), together[2]);
        assert_true(together[2] > p[2] && p[2] > 0);
    }
    assert_kind("later-claim", 0, "p_value_together", VALUE_NULL);
    assert_noted("claim", "The plan makes 3 claims.");
}

static void test_withheld_sample(void **state)
{
    (void)state;
    struct figure_sample samples[2];
    memcpy(samples, example_samples, sizeof samples);
    samples[0].whole.relevant = (struct figure){.state = FIGURE_WITHHELD};
    struct release release = example_release;
    release.samples = samples;
    struct result other, kept = tree;
    struct error err = ERROR_INIT;
    result_init(&other);
    assert_ok(answers_make(&example_plan, &release, &example_run, &other, &err), err);
    tree = other;
    assert_int_equal(count_at("rel", 0, "n"), 3000);
    assert_kind("rel", 0, "relevant", VALUE_WITHHELD);
    assert_kind("rel", 0, "prevalence_high", VALUE_WITHHELD);
    assert_kind("rel", 0, "count_low", VALUE_WITHHELD);
    assert_kind("claim", 0, "p_value", VALUE_WITHHELD);
    assert_kind("claim", 0, "verdict", VALUE_WITHHELD);
    tree = kept;
    result_release(&other);
}

/*
 * Shares that take a prediction to help: 200 of 1000, 20 of 100 predicted (15 relevant) and 180 of
 * 900 others (2 relevant). R survey 4.1-1: svytotal of label - prediction, and of the label after
 * postStratify; Student's t on 199 degrees.
 */
static void assisted_as_r_has_it(void **state)
{
    (void)state;
    static const double expected[2][2] = {{0.061684251351, 0.108315748649},
                                          {0.06384106143, 0.10615893857}};
    struct figure_stratum parts[2] = {
        {.found = true,
         .population = {.value = 100},
         .drawn = {.value = 20},
         .relevant = {.value = 15}},
        {.population = {.value = 900}, .drawn = {.value = 180}, .relevant = {.value = 2}}};
    struct figure_sample f = {.strata = parts, .stratum_count = 2, .parts = 2};
    struct ratio_bounds share;
    struct error err = ERROR_INIT;
    for (int e = 0; e < 2; e++) {
        assert_int_equal(answer_assisted_share(&f, (enum assisted_estimator)e, 0.95, &share, &err),
                         STATUS_OK);
        assert_true(share.defined && share.has_point);
        assert_true(fabs(share.point - 0.085) < 1e-12);
        assert_true(fabs(share.low - expected[e][0]) < 1e-10);
        assert_true(fabs(share.high - expected[e][1]) < 1e-10);
    }
    /* Undecided both ways: the ends move apart, and there is no point. */
    parts[1].unreadable.value = f.whole.unreadable.value = 3;
    assert_int_equal(answer_assisted_share(&f, ASSISTED_DIFFERENCE, 0.95, &share, &err), STATUS_OK);
    assert_true(share.defined && !share.has_point && share.low == share.low);
    assert_true(fabs(share.low - expected[0][0]) < 1e-10 && share.high > expected[0][1] + 0.01);
    /* No error of the prediction among the drawn is no proof that there is none. */
    parts[0].relevant.value = 20;
    parts[1].relevant.value = parts[1].unreadable.value = 0;
    assert_int_equal(answer_assisted_share(&f, ASSISTED_DIFFERENCE, 0.95, &share, &err), STATUS_OK);
    assert_false(share.defined);
    /* One label alone in its part of the draw has no standard error. */
    parts[0] = (struct figure_stratum){.population = {.value = 1}, .drawn = {.value = 1}};
    parts[1] = (struct figure_stratum){.population = {.value = 9}};
    assert_int_equal(answer_assisted_share(&f, ASSISTED_DIFFERENCE, 0.95, &share, &err), STATUS_OK);
    assert_false(share.defined);
}

/* ---- how samples are spread ---- */

static void test_spread_by_month(void **state)
{
    (void)state;
    const struct result_table *table = table_of("rel.spread");
    ASSERT_COLUMNS("rel.spread", "stratum", "N", "population_share", "n", "sample_share",
                   "expected", "difference", "chance_low", "chance_high", "p_value",
                   "p_value_together");
    assert_int_equal(table->row_count, 5);
    assert_string_equal(table->columns[0].title, "Month");
    assert_near(real_at("rel.spread", 0, "expected"), 1350);
    assert_near(real_at("rel.spread", 0, "difference"), -50);
    assert_near(real_at("rel.spread", 0, "sample_share"), 1300.0 / 3000);
    /* Two tests at 0.95: each end at 0.0125. The deviation is 27.2, 2.24 of them 61. */
    assert_int_equal(count_at("rel.spread", 0, "chance_low"), 1289);
    assert_int_equal(count_at("rel.spread", 0, "chance_high"), 1411);
    /* 2 P(X <= 1300) of B(3000, 0.45) is 0.0690; less by the part that was drawn. */
    assert_true(fabs(real_at("rel.spread", 0, "p_value") - 0.0690) < 0.0005);
    double least = fmin(real_at("rel.spread", 0, "p_value"), real_at("rel.spread", 3, "p_value"));
    assert_near(real_at("rel.spread", 4, "p_value_together"), 2 * least);
    for (size_t row = 1; row < 3; row++)
        for (size_t c = 1; c < table->column_count; c++)
            assert_int_equal(result_value_at(table, row, c)->kind, VALUE_WITHHELD);
    assert_string_equal(text_at("rel.spread", 4, "stratum"), "all");
    assert_int_equal(count_at("rel.spread", 4, "n"), 3000);
    assert_noted("rel.spread", "Tested are the rows that are shown.");
    assert_int_equal(table->chart.kind, CHART_COLUMN);
    assert_string_equal(table->columns[table->chart.value].id, "population_share");
    assert_string_equal(table->columns[table->chart.beside].id, "sample_share");
    assert_int_equal(table->chart.row_count, 4);
    assert_null(result_table_find(&tree, "later.spread"));
}

/* Chance has no part in sizes that a design fixed; 11,842 is 5/20 of 47,369 rounded. */
static void test_spread_by_design(void **state)
{
    (void)state;
    assert_near(real_at("rare.spread", 0, "expected"), 47369 * 0.25);
    assert_int_equal(table_of("rare.spread")->column_count, 7); /* and nothing of chance */
    assert_noted("rare.spread", "was fixed with the draw");
    assert_noted("rare.spread", "The sizes are in proportion");
    assert_string_equal(table_of("rare.spread")->columns[0].title, "Stratum");
}

static void test_redraw(void **state)
{
    (void)state;
    assert_int_equal(table_of("redraw")->row_count, 2);
    assert_string_equal(text_at("redraw", 0, "sample"), "first.json");
    assert_string_equal(text_at("redraw", 0, "strata"), "none");
    assert_string_equal(text_at("redraw", 0, "frame_command"),
                        "proffer frame 'example plan.json' --unit conversation --output "
                        "again.frame.json");
    assert_string_equal(text_at("redraw", 0, "draw_command"),
                        "proffer draw 'example plan.json' --frame again.frame.json --output "
                        "again.json --sizes 11842 --seed SEED --seed-source 'six dice, thrown in "
                        "open court on 2025-01-15' --seed-time 2025-01-15T12:00:00Z");
    assert_string_equal(text_at("redraw", 1, "draw_command"),
                        "proffer draw 'example plan.json' --frame again.frame.json --output "
                        "again.json --sizes 11842,35527 --seed SEED --seed-source 'the clerk'\\''s "
                        "$HOME, it'\\''s said'");
    assert_noted("redraw", "draw the earlier ones first");
    assert_noted("redraw", "SEED is in the sample file");
}

/* Each claim's row over the population, and no number that its own table has not. */
static void test_claims_side_by_side(void **state)
{
    (void)state;
    static const char *const same[] = {
        "claim",         "verdict",          "N",           "allowed", "relevant_low",
        "relevant_high", "p_value_together", "would_change"};
    assert_int_equal(table_of("claims")->row_count, 3);
    for (size_t row = 0; row < 3; row++) {
        const char *own = text_at("claims", row, "table");
        for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
            const struct result_value *a = cell("claims", row, same[i]), *b = cell(own, 0, same[i]);
            assert_int_equal(a->kind, b->kind);
            if (a->kind == VALUE_TEXT)
                assert_string_equal(a->text, b->text);
            else if (a->kind == VALUE_COUNT)
                assert_int_equal(a->count, b->count);
        }
    }
    assert_string_equal(text_at("claims", 0, "definition"),
                        "Contains text of a work at issue, verbatim, of 12 words or more");
    assert_int_equal(count_at("claims", 0, "n"), 3000);
    assert_string_equal(text_at("claims", 0, "would_change"),
                        "2 or more wrong labels among those \"relevant\"");
    assert_string_equal(text_at("claims", 1, "would_change"),
                        "a fresh sample of 62,857 with as few hits would support it; what the "
                        "unreadable and unlabelled units are (2): supported if none is relevant, "
                        "undetermined from 2 relevant ones on");
    assert_kind("claims", 2, "verdict", VALUE_NULL);
    assert_kind("claims", 2, "n", VALUE_NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_relevance),
        cmocka_unit_test(test_relevance_without_labels),
        cmocka_unit_test(test_relevance_unreadable),
        cmocka_unit_test(test_claim),
        cmocka_unit_test(test_claim_with_many_rejected),
        cmocka_unit_test(test_methods_of_the_plan),
        cmocka_unit_test(test_claims_together),
        cmocka_unit_test(test_withheld_sample),
        cmocka_unit_test(assisted_as_r_has_it),
        cmocka_unit_test(test_spread_by_month),
        cmocka_unit_test(test_spread_by_design),
        cmocka_unit_test(test_redraw),
        cmocka_unit_test(test_claims_side_by_side),
    };
    return cmocka_run_group_tests(tests, make_tree, drop_tree);
}
