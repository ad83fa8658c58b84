/*
 * Integer noise: laws and budgets against published values, and draws against the laws.
 */
#include "tests/support/fixed_bits.h"
#include "tests/support/support.h"

#include "release/accountant.h"
#include "release/noise.h"
#include "stats/noise_law.h"
#include "stats/partition_selection.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void near(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("%.17g, not %.17g", got, want);
}

/* ---- laws ---- */

static void laws_as_published(void **state)
{
    (void)state;
    struct noise_law one = {NOISE_LAW_LAPLACE, 1}, ten = {NOISE_LAW_LAPLACE, 10};
    near(noise_law_pmf(&one, 0), .46211715726, 1e-10);
    near(noise_law_pmf(&one, -1), .17000340157, 1e-10);
    near(noise_law_variance(&one), 1.84134718842, 1e-11);
    near(noise_law_pmf(&ten, 0), .04995837496, 1e-9);
    near(noise_law_variance(&ten), 199.83341664, 1e-10);
    struct noise_law gauss = {NOISE_LAW_GAUSSIAN, 1}, half = {NOISE_LAW_GAUSSIAN, .5};
    near(noise_law_pmf(&gauss, 0), .39894227827, 1e-10);
    near(noise_law_pmf(&gauss, 1), .24197072322, 1e-10);
    near(noise_law_variance(&gauss), .99999978877, 1e-10);
    near(noise_law_pmf(&half, 0), .56413122622, 1e-10);
    near(noise_law_variance(&half), .49897913083, 1e-10);
}

static void half_widths_as_published(void **state)
{
    (void)state;
    static const struct {
        struct noise_law law;
        int64_t width;
        double coverage;
    } cases[] = {{{NOISE_LAW_LAPLACE, 1}, 3, .97322039},
                 {{NOISE_LAW_LAPLACE, 2}, 6, .96240671},
                 {{NOISE_LAW_LAPLACE, 10}, 30, .95270021},
                 {{NOISE_LAW_GAUSSIAN, 100}, 20, .95971889}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t k = noise_law_half_width(&cases[i].law, .95);
        assert_int_equal(k, cases[i].width);
        near(1 - 2 * noise_law_upper(&cases[i].law, k + 1), cases[i].coverage, 1e-7);
    }
    struct noise_law none = {NOISE_LAW_NONE, 0};
    assert_int_equal(noise_law_half_width(&none, .95), 0);
}

/* Probabilities add up, tails are their sums, and the smooth tail joins the summed one. */
static void laws_add_up(void **state)
{
    (void)state;
    static const struct noise_law laws[] = {{NOISE_LAW_LAPLACE, .3},
                                            {NOISE_LAW_LAPLACE, 40},
                                            {NOISE_LAW_GAUSSIAN, .1},
                                            {NOISE_LAW_GAUSSIAN, 1.1},
                                            {NOISE_LAW_GAUSSIAN, 900}};
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
        double sum = 0;
        for (int64_t z = 3000; z > -3000; z--) {
            sum += noise_law_pmf(&laws[i], z);
            if (z % 7 == 0 && z < 1500 && sum > 1e-200)
                near(noise_law_upper(&laws[i], z), sum, 1e-9);
        }
        near(sum, 1, 1e-12);
    }
    struct noise_law summed = {NOISE_LAW_GAUSSIAN, 1e6}, smooth = {NOISE_LAW_GAUSSIAN, 1e6 + 1e-3};
    for (int64_t z = 1; z < 6000; z += 501)
        near(noise_law_upper(&smooth, z), noise_law_upper(&summed, z), 1e-5);
    int64_t k = noise_law_half_width(&smooth, .95);
    assert_true(1 - 2 * noise_law_upper(&summed, k + 1) >= .95);
    assert_int_equal(k - noise_law_half_width(&summed, .95), 1);
}

static void own_delta(void **state)
{
    (void)state;
    near(noise_law_gaussian_delta(1, 1), .14135133940562192, 1e-13);
    near(noise_law_gaussian_delta(4, 1), .0072487768459525825, 1e-13);
}

/* ---- the samplers ---- */

struct sampler {
    const char *name;
    enum status (*draw)(struct noise_scale, struct random_bits *, int64_t *, size_t,
                        struct error *);
    struct noise_scale scale;
    struct noise_law law;
};

static const struct sampler samplers[] = {
    {"Laplace 1", noise_laplace, {1, 1}, {NOISE_LAW_LAPLACE, 1}},
    {"Laplace 3/7", noise_laplace, {3, 7}, {NOISE_LAW_LAPLACE, 3. / 7}},
    {"Laplace 25/2", noise_laplace, {25, 2}, {NOISE_LAW_LAPLACE, 12.5}},
    {"Gaussian 1", noise_gaussian, {1, 1}, {NOISE_LAW_GAUSSIAN, 1}},
    {"Gaussian 1/3", noise_gaussian, {1, 3}, {NOISE_LAW_GAUSSIAN, 1. / 3}},
    {"Gaussian 101/4", noise_gaussian, {101, 4}, {NOISE_LAW_GAUSSIAN, 25.25}},
    /* The same laws in numbers that are too long for 128 bits. */
    {"Gaussian 25.25 in 2^-50",
     noise_gaussian,
     {UINT64_C(101) << 48, UINT64_C(1) << 50},
     {NOISE_LAW_GAUSSIAN, 25.25}},
    {"Gaussian 1 in 2^-50",
     noise_gaussian,
     {UINT64_C(1) << 50, UINT64_C(1) << 50},
     {NOISE_LAW_GAUSSIAN, 1}},
    {"Laplace 12.5 in 2^-50",
     noise_laplace,
     {UINT64_C(25) << 49, UINT64_C(1) << 50},
     {NOISE_LAW_LAPLACE, 12.5}},
};

enum { REACH = 200 };

/* The chance of a chi-square as large as that of COUNT draws against the law: cells of at least 20
 * expected draws, the tails joined. */
static double chi_square(const struct sampler *s, uint64_t *stream, size_t count)
{
    struct random_bits bits;
    struct error err = ERROR_INIT;
    int64_t *draws = calloc(count, sizeof *draws);
    double *seen = calloc(2 * REACH + 1, sizeof *seen), chi = 0, below = 0, above = 0;
    assert_true(draws && seen);
    fixed_bits(&bits, stream);
    assert_ok(s->draw(s->scale, &bits, draws, count, &err), err);
    int64_t reach = 0;
    while (reach < REACH && noise_law_upper(&s->law, reach + 1) * (double)count > 20)
        reach++;
    for (size_t i = 0; i < count; i++)
        if (draws[i] < -reach)
            below++;
        else if (draws[i] > reach)
            above++;
        else
            seen[draws[i] + reach]++;
    size_t cells = 0;
    for (int64_t z = -reach; z <= reach; z++, cells++) {
        double expected = noise_law_pmf(&s->law, z) * (double)count;
        chi += (seen[z + reach] - expected) * (seen[z + reach] - expected) / expected;
    }
    double tail = noise_law_upper(&s->law, reach + 1) * (double)count;
    chi += (below - tail) * (below - tail) / tail + (above - tail) * (above - tail) / tail;
    free(draws);
    free(seen);
    return gsl_cdf_chisq_Q(chi, (double)cells + 1);
}

/* A suspicious result must vanish in larger samples, or it is none of chance. */
static void draws_follow_their_laws(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samplers / sizeof *samplers; i++) {
        uint64_t stream = 20240229 + i;
        double p = 0;
        size_t count = 50000;
        for (int enlarged = 0; enlarged < 4 && p < 1e-3; enlarged++, count *= 4)
            p = chi_square(&samplers[i], &stream, count);
        if (p < 1e-3)
            fail_msg("%s: p = %g", samplers[i].name, p);
    }
}

/* The test sees a law that is off by a twentieth. */
static void wrong_laws_are_seen(void **state)
{
    (void)state;
    struct sampler wrong = samplers[5];
    uint64_t stream = 5;
    wrong.law.scale *= 1.05;
    assert_true(chi_square(&wrong, &stream, 200000) < 1e-6);
    wrong = samplers[2];
    wrong.law.scale *= 1.05;
    assert_true(chi_square(&wrong, &stream, 200000) < 1e-6);
}

/*
 * What privacy rests on: the log-ratio of the chances of a value with and without one user never
 * passes epsilon. Seen in draws: counts of z and z - 1 differ by the law's ratio.
 */
static void log_ratios(void **state)
{
    (void)state;
    enum { DRAWS = 400000 };
    static int64_t draws[DRAWS];
    struct random_bits bits;
    struct error err = ERROR_INIT;
    uint64_t stream = 77;
    double seen[8] = {0};
    fixed_bits(&bits, &stream);
    assert_ok(noise_laplace((struct noise_scale){2, 1}, &bits, draws, DRAWS, &err), err);
    for (size_t i = 0; i < DRAWS; i++)
        if (draws[i] >= 0 && draws[i] < 8)
            seen[draws[i]]++;
    for (int z = 0; z + 1 < 8; z++) {
        double ratio = log(seen[z] / seen[z + 1]), se = sqrt(1 / seen[z] + 1 / seen[z + 1]);
        assert_true(fabs(ratio - 0.5) < 5 * se);
    }
}

static void the_systems_bits(void **state)
{
    (void)state;
    struct random_bits bits;
    struct error err = ERROR_INIT;
    int64_t a[64], b[64];
    random_bits_init(&bits);
    assert_ok(noise_gaussian((struct noise_scale){1000000, 1}, &bits, a, 64, &err), err);
    assert_ok(noise_gaussian((struct noise_scale){1000000, 1}, &bits, b, 64, &err), err);
    assert_true(memcmp(a, b, sizeof a) != 0);
    random_bits_wipe(&bits);
}

static enum status no_bits(void *context, void *out, size_t len, struct error *err)
{
    (void)context, (void)out, (void)len;
    return error_set(err, STATUS_INTERNAL, NULL, "no bits");
}

static void bad_scales_and_sources(void **state)
{
    (void)state;
    struct random_bits bits;
    struct error err = ERROR_INIT;
    int64_t out;
    random_bits_init(&bits);
    assert_int_equal(noise_laplace((struct noise_scale){0, 1}, &bits, &out, 1, &err), STATUS_PLAN);
    assert_int_equal(noise_gaussian((struct noise_scale){1, 0}, &bits, &out, 1, &err), STATUS_PLAN);
    assert_int_equal(
        noise_gaussian((struct noise_scale){NOISE_SCALE_MAX + 1, 1}, &bits, &out, 1, &err),
        STATUS_PLAN);
    bits.fill = no_bits;
    assert_int_equal(noise_laplace((struct noise_scale){5, 1}, &bits, &out, 1, &err),
                     STATUS_INTERNAL);
    assert_int_equal(noise_gaussian((struct noise_scale){5, 1}, &bits, &out, 1, &err),
                     STATUS_INTERNAL);
}

/* ---- budgets ---- */

static void conversions_as_published(void **state)
{
    (void)state;
    near(accountant_delta(.05, .25), 8.17727531036956e-2, 1e-12);
    near(accountant_delta(.5, 0), .5588356393474351, 1e-12);
    near(accountant_delta(5e-30, 1e-13), 2.619676329730346e-234, 1e-11);
    near(accountant_epsilon(.5, 1e-6), 5.221534444530169, 1e-12);
    near(accountant_epsilon(.1, 1e-5), 1.914238832003598, 1e-12);
    near(accountant_epsilon(.005, 1e-6), .4299414688, 1e-9);
    near(accountant_epsilon(.06, 1e-6), 1.6237585327, 1e-9);
    near(accountant_rho(1, 1e-6), .024355970359538372, 1e-12);
    near(accountant_epsilon(2.5562255810513306, 1e-10), 17.143550743595924, 1e-12);
    assert_true(accountant_epsilon(.5, 1e-6) >= 5.221534444530169 * (1 - 1e-14));
    assert_true(accountant_rho(1, 1e-6) <= .024355970359538372 * (1 + 1e-14));
    assert_true(accountant_epsilon(0, 1e-6) == 0);
    assert_true(accountant_delta(0, 1) == 0);
}

static void selection_as_published(void **state)
{
    (void)state;
    static const double first[] = {0, .1, .3, .7, .9, 1};
    static const double second[] = {0, .1, .25, .475, .716666666667, .877777777778, .985185185185,
                                    1};
    for (size_t n = 0; n < 6; n++)
        assert_true(fabs(partition_keep(log(2), .1, n) - first[n]) < 1e-12);
    for (size_t n = 0; n < 8; n++)
        assert_true(fabs(partition_keep(log(1.5), .1, n) - second[n]) < 1e-11);
    assert_int_equal(partition_certain(log(2), .1), 5);
    assert_int_equal(partition_certain(log(1.5), .1), 7);
}

static void budgets_are_exact(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    static const struct {
        const char *text, *back;
        uint64_t rho;
    } good[] = {{"0.1", "0.1", RHO_ONE / 10},
                {"1e-12", "0.000000000001", 1},
                {"2.5E1", "25", 25 * RHO_ONE},
                {"0.0000000000019", "0.000000000001", 1},
                {"007", "7", 7 * RHO_ONE},
                {"1000000", "1000000", 1000000 * RHO_ONE},
                {"1.0000000000000000000000000001", "1", RHO_ONE}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint64_t rho = 0;
        char text[RHO_TEXT];
        assert_ok(rho_parse(good[i].text, &rho, &err), err);
        assert_true(rho == good[i].rho);
        rho_text(rho, text);
        assert_string_equal(text, good[i].back);
    }
    static const char *const bad[] = {"0",    "-1",  "1e-300", "nan",   "inf", "",
                                      "e5",   "0.0", "1e",     "1.2.3", "0x1", "1000001",
                                      "1e99", " 1",  "1 ",     "1e-13"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t rho;
        if (rho_parse(bad[i], &rho, &err) != STATUS_PLAN)
            fail_msg("\"%s\" passed", bad[i]);
    }
    assert_true(rho_of_epsilon(RHO_ONE) == RHO_ONE / 2);
    assert_true(rho_of_epsilon(1) == 1); /* up */
}

/* No scale costs more than was asked for, and none wastes a thousandth. */
static void scales_keep_to_the_budget(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    static const uint64_t budgets[] = {1000, 12345678, RHO_ONE / 10, RHO_ONE, 37 * RHO_ONE};
    static const uint64_t squares[] = {1, 2, 30, 1000000, UINT64_C(2500000000)};
    for (size_t b = 0; b < sizeof budgets / sizeof *budgets; b++)
        for (size_t s = 0; s < sizeof squares / sizeof *squares; s++) {
            struct noise_scale scale;
            long double want = (long double)squares[s] * RHO_ONE / (2.0L * budgets[b]);
            assert_ok(scale_of_gaussian(squares[s], budgets[b], &scale, &err), err);
            long double got = (long double)scale.num / scale.den;
            assert_true(got >= want && got <= want * 1.001L + 0x1p-20L);
            want = (long double)squares[s] * RHO_ONE / budgets[b];
            assert_ok(scale_of_laplace(squares[s], budgets[b], &scale, &err), err);
            got = (long double)scale.num / scale.den;
            assert_true(got >= want && got <= want * 1.001L + 0x1p-20L);
        }
    struct noise_scale scale;
    assert_int_equal(scale_of_gaussian(UINT64_MAX, 1, &scale, &err), STATUS_PLAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(laws_as_published),
        cmocka_unit_test(half_widths_as_published),
        cmocka_unit_test(laws_add_up),
        cmocka_unit_test(own_delta),
        cmocka_unit_test(draws_follow_their_laws),
        cmocka_unit_test(wrong_laws_are_seen),
        cmocka_unit_test(log_ratios),
        cmocka_unit_test(the_systems_bits),
        cmocka_unit_test(bad_scales_and_sources),
        cmocka_unit_test(conversions_as_published),
        cmocka_unit_test(selection_as_published),
        cmocka_unit_test(budgets_are_exact),
        cmocka_unit_test(scales_keep_to_the_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
