/*
 * The whole gate as a black box on two neighbouring tallies, one with and one without a user: what
 * the best test of an attacker learns from its figures stays within what is stated, and a
 * sensitivity that is off by one is caught by the same test.
 *
 * The attacker sums the figures, each weighted by its change over the noise's variance (Gaussian)
 * or looks at the sign of the change (Laplace): the likelihood ratio's own statistic or a bound on
 * it.
 */
#include "tests/support/fixed_bits.h"
#include "tests/support/support.h"

#include "queries/noise_shape.h"
#include "queries/plan.h"
#include "release/accountant.h"
#include "release/figure.h"
#include "release/gate.h"
#include "release/ledger.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BASE = 100000, CAP = 4, LEDGER_RUNS = 100 };

/* A table, and the two of its rows in which each conversation of the user counts. */
struct audited {
    const char *id;
    size_t rows, changed[2];
    bool total;
    uint64_t touches;
};
static const struct audited terms_table = {"terms", 3, {0, 1}, true, 2};

/* ---- two neighbours ---- */

/* A user with CAP conversations, all of them in the two rows of a table where two can be hit. */
static void make_tally(struct tally *tally, const struct audited *audited, bool with)
{
    size_t rows = audited->rows + audited->total;
    static const struct tally_key keys[] = {{"term", "Term", TALLY_KEY_STRING}};
    static const struct tally_column columns[] = {
        {"conversations", "Conversations", "conversations", 0},
        {"users", "Users", "users", TALLY_USERS}};
    struct tally_table *table;
    struct error err = ERROR_INIT;
    uint64_t more = with ? CAP : 0;
    tally_init(tally);
    tally->population[TALLY_CONVERSATIONS].value = 3 * BASE + more;
    tally->population[TALLY_USERS_COLUMN].value = BASE + with;
    assert_ok(tally_add_table(tally, audited->id, 0, keys, 1, columns, 2, rows, &table, &err), err);
    for (size_t row = 0; row < rows; row++) {
        bool changed = row == audited->changed[0] || row == audited->changed[1];
        table->key_values[row] = "t";
        tally_cell_at(table, row, 0)->value = BASE + (changed ? more : 0);
        tally_cell_at(table, row, 1)->value = BASE + (changed ? with : 0);
    }
    if (audited->total)
        table->row_flags[audited->rows] = TALLY_KEEP;
}

enum mistake { NONE, CAP_LESS_ONE, TOUCHES_LESS_ONE };

/* What the gate is told: with a MISTAKE the cap, or the rows that one conversation touches, are
 * taken as one less. Users are counted too where there are two MEASURES. */
static void make_policy(struct noise_policy *policy, struct noise_item items[2],
                        const struct audited *audited, const char *mechanism, uint64_t amount,
                        enum mistake mistake, size_t measures)
{
    struct error err = ERROR_INIT;
    uint64_t cap = mistake == CAP_LESS_ONE ? CAP - 1 : CAP;
    uint64_t own = mistake == TOUCHES_LESS_ONE ? audited->touches - 1 : audited->touches;
    *policy = (struct noise_policy){mechanism_find(mechanism), amount, .95, items, 2};
    items[0] = (struct noise_item){.id = "", .title = "population", .rows = 1, .weight = 1};
    items[1] = (struct noise_item){
        .id = audited->id, .title = audited->id, .rows = audited->rows, .weight = 1};
    for (size_t i = 0; i < 2; i++) {
        items[i].measure_count = measures;
        items[i].measures[0].column = "conversations";
        items[i].measures[1].column = "users";
        uint64_t touches = i ? own : 1;
        assert_ok(sensitivity_of_sums(cap, touches, 1, &items[i].measures[0].sensitivity, &err),
                  err);
        assert_ok(
            sensitivity_of_users(cap, touches, i ? 2 : 1, &items[i].measures[1].sensitivity, &err),
            err);
    }
    assert_ok(noise_policy_divide(policy, &err), err);
}

/* ---- the attacker ---- */

/* The change, and the law's scale, of each figure that changes. */
static size_t list_changes(const struct noise_policy *policy, double *change, double *scale)
{
    static const struct {
        size_t item, measure;
        double change;
    } all[] = {{0, 0, CAP}, {1, 0, CAP}, {1, 0, CAP}, {0, 1, 1}, {1, 1, 1}, {1, 1, 1}};
    size_t count = policy->items[0].measure_count == 2 ? 6 : 3;
    for (size_t i = 0; i < count; i++) {
        const struct noise_scale *s = &policy->items[all[i].item].measures[all[i].measure].scale;
        change[i] = all[i].change;
        scale[i] = (double)s->num / (double)s->den;
    }
    return count;
}

static void look(const struct release *release, const struct audited *audited, double *values)
{
    const struct figure_table *table = release_table_find(release, audited->id);
    values[0] = (double)release_population(release).value - 3. * BASE;
    values[3] = (double)release_population_users(release).value - BASE;
    for (size_t row = 0; row < 2; row++)
        for (size_t c = 0; c < 2; c++)
            values[3 * c + 1 + row] =
                (double)figure_at(table, audited->changed[row], c).value - BASE;
}

/* The log-likelihood ratio of "with" against "without". */
static double ratio_of(const double *values, const double *change, const double *scale,
                       size_t count, bool gaussian)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += gaussian ? change[i] * (values[i] - change[i] / 2) / scale[i]
                        : (fabs(values[i]) - fabs(values[i] - change[i])) / scale[i];
    return sum;
}

/* How often the ratio is at least THRESHOLD in RUNS releases of TALLY. */
static uint64_t count_alarms(const struct tally *tally, const struct audited *audited,
                             const struct noise_policy *policy, struct random_bits *bits,
                             size_t runs, double threshold)
{
    static const char *const caps[] = {"a cap", NULL};
    struct ledger_terms terms = {.matter = "m", .budget = 100000 * RHO_ONE, .delta = "1e-9"};
    struct error err = ERROR_INIT;
    struct ledger *ledger = NULL;
    double change[6], scale[6], values[6];
    size_t count = list_changes(policy, change, scale);
    bool gaussian = policy->mechanism->law == NOISE_LAW_GAUSSIAN;
    uint64_t alarms = 0;
    for (size_t run = 0; run < runs; run++) {
        struct release *release;
        if (run % LEDGER_RUNS == 0) {
            ledger_close(ledger);
            assert_ok(ledger_open(":memory:", &terms, &ledger, &err), err);
        }
        for (size_t i = 0; i < 2; i++) /* a new question each time */
            snprintf(policy->items[i].question, 65, "%064zx", 2 * run + i);
        struct gate_noise noise = {.policy = policy, .ledger = ledger, .bits = bits, .caps = caps};
        struct gate_policy gate = {.noise = &noise};
        assert_ok(gate_release(tally, &gate, &release, &err), err);
        look(release, audited, values);
        alarms += ratio_of(values, change, scale, count, gaussian) >= threshold;
        release_free(release);
    }
    ledger_close(ledger);
    return alarms;
}

/* ---- what was learned ---- */

struct rates {
    double hit_low, hit_high, false_low, false_high; /* Clopper-Pearson, each end at 1e-6 */
};

static void bounds_of(uint64_t x, uint64_t n, double *low, double *high)
{
    double ends[2][2] = {{0, (double)x / (double)n}, {(double)x / (double)n, 1}};
    for (int end = 0; end < 2; end++)
        for (int i = 0; i < 60; i++) {
            double p = (ends[end][0] + ends[end][1]) / 2;
            /* P(X >= x) for the low end, P(X <= x) for the high one. */
            double tail = end == 0 ? (x ? gsl_cdf_binomial_Q((unsigned)x - 1, p, (unsigned)n) : 1)
                                   : gsl_cdf_binomial_P((unsigned)x, p, (unsigned)n);
            bool outside = tail < 1e-6;
            ends[end][outside == (end == 0) ? 0 : 1] = p;
        }
    *low = x ? ends[0][0] : 0;
    *high = x == n ? 1 : ends[1][1];
}

static struct rates attack(const struct audited *audited, const char *mechanism, uint64_t amount,
                           enum mistake mistake, size_t measures, size_t runs, double threshold,
                           uint64_t seed)
{
    struct tally with, without;
    struct noise_item items[2];
    struct noise_policy policy;
    struct random_bits bits;
    struct rates r;
    make_tally(&with, audited, true);
    make_tally(&without, audited, false);
    make_policy(&policy, items, audited, mechanism, amount, mistake, measures);
    fixed_bits(&bits, &seed);
    bounds_of(count_alarms(&with, audited, &policy, &bits, runs, threshold), runs, &r.hit_low,
              &r.hit_high);
    bounds_of(count_alarms(&without, audited, &policy, &bits, runs, threshold), runs, &r.false_low,
              &r.false_high);
    tally_release(&with);
    tally_release(&without);
    return r;
}

static size_t runs_wanted(void)
{
    return getenv("SHORT") ? 4000 : 25000; /* of each neighbour, four attacks: 200,000 in all */
}

/* rho = mu^2 / 2: two normal laws a distance mu apart. */
static double mu_low(const struct rates *r)
{
    return gsl_cdf_ugaussian_Pinv(r->hit_low) - gsl_cdf_ugaussian_Pinv(r->false_high);
}

static double mu_high(const struct rates *r)
{
    return gsl_cdf_ugaussian_Pinv(r->hit_high) - gsl_cdf_ugaussian_Pinv(r->false_low);
}

static void gaussian_audit(void **state)
{
    (void)state;
    /* mu = 2. */
    const uint64_t amount = 2 * RHO_ONE;
    struct rates honest =
        attack(&terms_table, "discrete-gaussian", amount, NONE, 2, runs_wanted(), 0, 11);
    if (mu_low(&honest) > 2 || mu_high(&honest) < 1.9)
        fail_msg("mu is between %.4f and %.4f, and 2 was stated", mu_low(&honest),
                 mu_high(&honest));
    struct rates wrong =
        attack(&terms_table, "discrete-gaussian", amount, CAP_LESS_ONE, 2, runs_wanted(), 0, 12);
    if (!(mu_low(&wrong) > 2))
        fail_msg("a cap that is off by one passed: mu is at least %.4f", mu_low(&wrong));
}

/* Terms by months, shaped as a plan's own table is: a user whose conversations all hit both terms
 * in one month. That a conversation counts under one term less than there are is caught. */
static void terms_by_audit(void **state)
{
    (void)state;
    static const char plan_text[] =
        "{\"proffer\":1,\"matter\":\"m\",\"logs\":{\"paths\":[\"l\"]},\"population\":{\"from\":"
        "\"2024-01-01\",\"to\":\"2024-03-31\"},\"queries\":[{\"id\":\"t\",\"kind\":\"terms\","
        "\"terms\":["
        "\"a\",\"b\"],\"by\":[\"month\"]}],\"release\":{\"noise\":{\"mechanism\":"
        "\"discrete-gaussian\",\"rho\":1},\"budget\":{\"rho\":1,\"delta\":1e-9},\"per_user\":{"
        "\"conversations\":4},\"ledger\":\"l.db\"}}";
    const char *path = test_path(test_dir(), "plan.json");
    const uint64_t amount = 2 * RHO_ONE;
    struct plan plan;
    struct error err = ERROR_INIT;
    test_write_text(path, plan_text);
    assert_ok(plan_read(&plan, path, true, &err), err);
    assert_int_equal(plan.release.noise.conversations, CAP);
    struct noise_shape shape = noise_shape_terms_by(&plan, 0);
    plan_release(&plan);
    assert_string_equal(shape.columns[0].id, "conversations");
    assert_int_equal(shape.rows, 6);
    const struct audited by = {"t.by", (size_t)shape.rows, {0, 3}, false, shape.columns[0].touches};
    struct rates honest = attack(&by, "discrete-gaussian", amount, NONE, 1, runs_wanted(), 0, 31);
    if (mu_low(&honest) > 2 || mu_high(&honest) < 1.9)
        fail_msg("mu is between %.4f and %.4f, and 2 was stated", mu_low(&honest),
                 mu_high(&honest));
    struct rates wrong =
        attack(&by, "discrete-gaussian", amount, TOUCHES_LESS_ONE, 1, runs_wanted(), 0, 32);
    if (!(mu_low(&wrong) > 2))
        fail_msg("a term too few passed: mu is at least %.4f", mu_low(&wrong));
}

/* ---- a sample in strata ---- */

enum { STRATA = 3, OF_USER = 1, NUMBERS = 4 };
static const uint64_t base_numbers[NUMBERS] = {500, 200, 50, 3000};

/* A user whose CAP conversations are all in one stratum, drawn and relevant, or not there. */
static void make_sample(struct tally *tally, bool with)
{
    static const double shares[STRATA] = {0.1, 0.2, 0.3};
    struct error err = ERROR_INIT;
    struct tally_sample sample = {.search = TALLY_NO_SEARCH,
                                  .unit = "conversation",
                                  .units = "conversations",
                                  .stratum_count = STRATA};
    tally_init(tally);
    tally->population[TALLY_CONVERSATIONS].value = STRATA * base_numbers[3] + (with ? CAP : 0);
    sample.strata = arena_zalloc(&tally->arena, STRATA, sizeof *sample.strata);
    assert_non_null(sample.strata);
    for (size_t h = 0; h < STRATA; h++) {
        uint64_t more = with && h == OF_USER ? CAP : 0;
        sample.strata[h] = (struct tally_stratum){.name = "s",
                                                  .drawn = base_numbers[0] + more,
                                                  .relevant = base_numbers[1] + more,
                                                  .unreadable = base_numbers[2],
                                                  .population = base_numbers[3] + more};
    }
    sample.shares = shares;
    sample.seed_source = "dice";
    assert_ok(tally_add_sample(tally, &sample, &err), err);
}

/* As the plan's own shape makes it; of OFF one less than the cap. */
static void make_sample_policy(struct noise_policy *policy, struct noise_item items[2],
                               const struct noise_shape *shape, uint64_t amount, uint64_t off)
{
    struct error err = ERROR_INIT;
    *policy = (struct noise_policy){mechanism_find("discrete-gaussian"), amount, .95, items, 2};
    items[0] = (struct noise_item){.id = "", .title = "population", .rows = 1, .weight = 1};
    items[0].measure_count = 1;
    items[0].measures[0].column = "conversations";
    assert_ok(sensitivity_of_sums(CAP, 1, 1, &items[0].measures[0].sensitivity, &err), err);
    items[1] = (struct noise_item){
        .id = "rel", .title = "rel", .sample = true, .rows = shape->rows, .weight = 3};
    items[1].measure_count = shape->column_count;
    for (size_t m = 0; m < shape->column_count; m++) {
        items[1].measures[m].column = shape->columns[m].id;
        assert_ok(sensitivity_of_sums(CAP - off, shape->columns[m].touches, shape->columns[m].clamp,
                                      &items[1].measures[m].sensitivity, &err),
                  err);
    }
    assert_ok(noise_policy_divide(policy, &err), err);
}

/* The likelihood ratio of the four numbers that change: N, and drawn, relevant, N_h of the stratum.
 */
static double sample_ratio(const struct release *release, const struct noise_policy *policy)
{
    const struct figure_noisy_sample *f = release_noisy_sample_find(release, 0);
    const struct noisy_tally *t = &f->design.strata[OF_USER].tally;
    const double values[] = {(double)(f->design.population - STRATA * (int64_t)base_numbers[3]),
                             (double)(t->drawn - (int64_t)base_numbers[0]),
                             (double)(t->relevant - (int64_t)base_numbers[1]),
                             (double)(t->population - (int64_t)base_numbers[3])};
    double sum = 0;
    for (size_t i = 0; i < 4; i++) {
        const struct noise_scale *s = &policy->items[i > 0].measures[0].scale;
        sum += CAP * (values[i] - CAP / 2.) * (double)s->den / (double)s->num;
    }
    return sum;
}

static uint64_t count_sample_alarms(const struct tally *tally, const struct noise_policy *policy,
                                    struct random_bits *bits, size_t runs)
{
    static const char *const caps[] = {"a cap", NULL};
    struct ledger_terms terms = {.matter = "m", .budget = 100000 * RHO_ONE, .delta = "1e-9"};
    struct error err = ERROR_INIT;
    struct ledger *ledger = NULL;
    uint64_t alarms = 0;
    for (size_t run = 0; run < runs; run++) {
        struct release *release;
        if (run % LEDGER_RUNS == 0) {
            ledger_close(ledger);
            assert_ok(ledger_open(":memory:", &terms, &ledger, &err), err);
        }
        for (size_t i = 0; i < 2; i++)
            snprintf(policy->items[i].question, 65, "%064zx", 2 * run + i);
        struct gate_noise noise = {.policy = policy, .ledger = ledger, .bits = bits, .caps = caps};
        struct gate_policy gate = {.noise = &noise};
        assert_ok(gate_release(tally, &gate, &release, &err), err);
        alarms += sample_ratio(release, policy) >= 0;
        release_free(release);
    }
    ledger_close(ledger);
    return alarms;
}

static struct rates attack_sample(const struct noise_shape *shape, uint64_t amount, uint64_t off,
                                  uint64_t seed)
{
    struct tally with, without;
    struct noise_item items[2];
    struct noise_policy policy;
    struct random_bits bits;
    struct rates r;
    make_sample(&with, true);
    make_sample(&without, false);
    make_sample_policy(&policy, items, shape, amount, off);
    fixed_bits(&bits, &seed);
    size_t runs = runs_wanted();
    bounds_of(count_sample_alarms(&with, &policy, &bits, runs), runs, &r.hit_low, &r.hit_high);
    bounds_of(count_sample_alarms(&without, &policy, &bits, runs), runs, &r.false_low,
              &r.false_high);
    tally_release(&with);
    tally_release(&without);
    return r;
}

/* Three of the sample's four numbers change, by the cap each; so of rho 2 what is learned is that
 * of 1/4 + 3/4 3/4, mu = sqrt(2 rho). */
static void strata_audit(void **state)
{
    (void)state;
    const uint64_t amount = 2 * RHO_ONE;
    const double stated = sqrt(2 * 2 * (0.25 + 0.75 * 0.75));
    static struct plan_query query = {.kind = QUERY_RELEVANCE};
    struct plan plan = {.queries = &query, .query_count = 1};
    struct noise_shape shape = noise_shape_sample(&plan, 0, STRATA);
    assert_int_equal(shape.column_count, NUMBERS);
    struct rates honest = attack_sample(&shape, amount, 0, 41);
    if (mu_low(&honest) > stated || mu_high(&honest) < stated - 0.1)
        fail_msg("mu is between %.4f and %.4f, and %.4f was stated", mu_low(&honest),
                 mu_high(&honest), stated);
    struct rates wrong = attack_sample(&shape, amount, 1, 42);
    if (!(mu_low(&wrong) > stated))
        fail_msg("a cap that is off by one passed: mu is at least %.4f", mu_low(&wrong));
}

static void laplace_audit(void **state)
{
    (void)state;
    const uint64_t amount = 3 * RHO_ONE;
    const double epsilon = 3;
    struct rates honest =
        attack(&terms_table, "discrete-laplace", amount, NONE, 1, runs_wanted(), 2.9, 21);
    double low = log(honest.hit_low / honest.false_high);
    if (low > epsilon || low < (getenv("SHORT") ? 1.5 : 2))
        fail_msg("epsilon is at least %.4f, and %.1f was stated", low, epsilon);
    if (getenv("SHORT"))
        return; /* the difference shows in more runs */
    struct rates wrong =
        attack(&terms_table, "discrete-laplace", amount, CAP_LESS_ONE, 1, runs_wanted(), 3.9, 22);
    low = log(wrong.hit_low / wrong.false_high);
    if (!(low > epsilon))
        fail_msg("a cap that is off by one passed: epsilon is at least %.4f", low);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaussian_audit), cmocka_unit_test(terms_by_audit),
        cmocka_unit_test(strata_audit), cmocka_unit_test(laplace_audit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
