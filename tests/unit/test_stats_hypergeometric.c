/*
 * The hypergeometric distribution against published values, exact arithmetic, R and GSL.
 */
#include "tests/support/support.h"

#include "stats/hypergeometric.h"
#include "stats/saddle_point.h"
#include "stats/stats_setup.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_log.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Below this logarithm accuracy is promised for the logarithm, above it for the probability. */
#define SMALL (-667.0L)

static void assert_close(double got, long double want, double relative)
{
    if (got == (double)want)
        return;
    if (!(fabsl(got - want) <= relative * fabsl(want)))
        fail_msg("%.17g, not %.20Lg: %.2Lg relative", got, want, fabsl(got - want) / fabsl(want));
}

/* PROBABILITY and LOG against the exact logarithm. */
static void assert_probability(double probability, double log, long double exact)
{
    if (exact > SMALL) {
        assert_close(probability, expl(exact), 1e-15);
        /* Near 1 the logarithm has no more digits than the other tail has. */
        assert_close(log, exact, 1e-13);
    } else {
        assert_close(log, exact, 1e-15);
        assert_true(probability < 1e-289);
    }
}

/* Computed with exact rational numbers; N = 20,000,000. */
static void published_tails(void **state)
{
    (void)state;
    const uint64_t n = 20000000;
    assert_close(hypergeometric_tail_low(&(struct hypergeometric){n, 2000, 5000}, 0),
                 0.60647758706399646L, 1e-15);
    assert_close(hypergeometric_tail_low(&(struct hypergeometric){n, 11981, 5000}, 0),
                 0.049960522825055205L, 1e-15);
    assert_close(hypergeometric_tail_low(&(struct hypergeometric){n, 2000, 20000}, 3),
                 0.85722279899086218L, 1e-15);
    assert_close(hypergeometric_tail_high(&(struct hypergeometric){n, 2000, 20000}, 10),
                 4.5767162191323859e-05L, 1e-15);
    assert_close(hypergeometric_tail_low(&(struct hypergeometric){n, 2000000, 20000}, 2000),
                 0.50595542533262461L, 1e-15);
    assert_close(hypergeometric_tail_high(&(struct hypergeometric){n, 1000000, 2000000}, 101001),
                 0.00031627010674338551L, 1e-15);
    assert_close(
        hypergeometric_log_tail_high(&(struct hypergeometric){10000000, 1000000, 50000}, 10001),
        -2239.77124992040L, 1e-14);
    assert_close(hypergeometric_pmf(&(struct hypergeometric){1000000, 10, 100000}, 10),
                 9.9959506789896786e-11L, 1e-15);
}

/*
 * ln P(X = x), ln P(X <= x), ln P(X >= x) for {N, K, n}, x: 60-digit logarithms of factorials, sums
 * of ratios in 200-bit integers.
 */
static const struct {
    struct hypergeometric h;
    uint64_t x;
    long double pmf, low, high;
} exact_cases[] = {
    {{10, 3, 4}, 1, -0.69314718055994530942L, -0.40546510810816438198L, -0.18232155679395462621L},
    {{10, 10, 4}, 4, 0, 0, 0},
    {{50, 5, 10}, 3, -3.1195559073980877756L, -0.0040918808872976604569L, -3.0311459362478149154L},
    {{1000, 10, 100}, 10, -23.445673675609627996L, 0, -23.445673675609627996L},
    {{1000, 500, 500},
     100,
     -195.28649172514876979L,
     -195.22239365307771645L,
     -1.0209213462590541161e-86L},
    {{1000, 500, 500},
     400,
     -195.28649172514876979L,
     -1.0209213462590541161e-86L,
     -195.22239365307771645L},
    {{1000000, 10, 100000}, 10, -23.026255944048631204L, 0, -23.026255944048631204L},
    {{20000000, 2000, 5000}, 0, -0.50008750583322385371L, -0.50008750583322385371L, 0},
    {{20000000, 11981, 5000}, 0, -2.9965221289065140424L, -2.9965221289065140424L, 0},
    {{20000000, 2000, 20000},
     3,
     -1.711767767061397682L,
     -0.15405741868687439808L,
     -1.1291017621615871775L},
    {{20000000, 2000, 20000},
     10,
     -10.18782425590260665L,
     -8.1415339181100766455e-6L,
     -9.991943706721357822L},
    {{20000000, 2000000, 20000},
     2000,
     -4.6662513846514630849L,
     -0.68130670580303429784L,
     -0.68626681831063401866L},
    {{20000000, 1000000, 2000000},
     101001,
     -12.444538333681258889L,
     -3.1237971360665894268e-4L,
     -8.0589139413083687168L},
    {{20000000, 1000000, 2000000},
     101000,
     -12.432881382393656488L,
     -3.1632013068125741185e-4L,
     -8.0463915280732961973L},
    {{20000000, 1000000, 2000000},
     90000,
     -608.65106202517612858L,
     -606.48959898519365369L,
     -3.5627084559468169986e-264L},
    {{20000000, 10000000, 10000000},
     5000000,
     -7.9382656253439146717L,
     -0.69279041939692808547L,
     -0.69279041939692808547L},
    {{20000000, 10000000, 10000000},
     4990000,
     -47.938288292045514743L,
     -43.118061305065611581L,
     -1.8644345333543327599e-19L},
    {{20000000, 10000000, 10000000},
     5100000,
     -4008.2045748878277189L,
     -2.1785949306491816312e-1740L,
     -4005.6393610011316432L},
    {{20000000, 20000, 200000}, 0, -201.10778984667950465L, -201.10778984667950465L, 0},
    {{20000000, 20000, 200000},
     260,
     -12.007219120975748205L,
     -1.8814653503450035789e-5L,
     -10.600060884839706487L},
    {{20000000, 20000, 200000},
     1000,
     -831.7863883919839818L,
     -1.3569937915126309221e-362L,
     -831.57455003419713496L},
    {{20000000, 2000, 19999000},
     1999,
     -2.4024426299167777225L,
     -2.3520971687980315373L,
     -0.004683684592393177893L},
    {{20000000, 2000, 19999000},
     1990,
     -38.296452527556073718L,
     -38.287462739751398314L,
     -2.1074874718362207098e-19L},
    {{20000000, 19998000, 29934}, 29934, -2.9957921779780946694L, 0, -2.9957921779780946694L},
    {{20000000, 19998000, 29934},
     29900,
     -54.545210514560828254L,
     -54.457587252952461085L,
     -1.8754329841533417626e-25L},
    {{10000000, 1000000, 50000},
     10001,
     -2240.3543241265025756L,
     -8.4130028252127684066e-974L,
     -2239.7712499203990963L},
    {{10000000, 1000000, 50000},
     5000,
     -5.122365452447349148L,
     -0.6856396520215972794L,
     -0.68876875335919332029L},
    {{10000000000, 1000000, 30000}, 0, -3.0001545103097809834L, -3.0001545103097809834L, 0},
    {{10000000000, 1000000, 30000},
     20,
     -23.367989819842370323L,
     -1.1728125309834524771e-11L,
     -23.215159876424070853L},
    {{10000000000, 1000000000, 100000000},
     10000000,
     -8.9202809413549457942L,
     -0.69297861669613874465L,
     -0.69304846212124336888L},
    {{10000000000, 1000000000, 100000000},
     10002000,
     -9.1448226473393581542L,
     -0.28949676939810068958L,
     -1.3804452616993776262L},
    {{10000000000, 1000000000, 100000000},
     9990000,
     -14.533159768877966257L,
     -7.8154192520168611896L,
     -4.0305895011525930341e-4L},
    {{10000000000, 5000000000, 5000000000},
     2500050000,
     -13.045569636863343876L,
     -0.023011804391656892273L,
     -3.7831368696671751329L},
    {{10000000000, 5000000000, 5000000000},
     2499000000,
     -811.04559081046469643L,
     -804.60766284784381373L,
     -3.6528902414915029576e-350L},
    {{10000000000, 1, 1}, 1, -23.02585092994045684L, 0, -23.02585092994045684L},
    {{10000000000, 9999999999, 5000000000},
     5000000000,
     -0.69314718055994530942L,
     0,
     -0.69314718055994530942L},
    {{10000000000, 100000000, 9999999995},
     99999997,
     -11.533026165778241653L,
     -11.527978220181821859L,
     -4.9599998299679947179e-8L},
    {{10000000000, 123456789, 987654321},
     12200000,
     -11.109698865612069822L,
     -0.020641285172231540785L,
     -3.890032649448809554L},
    {{10000000000, 123456789, 987654321},
     12193265,
     -9.0189297324457532095L,
     -0.69253724324798947496L,
     -0.69351518030175683031L},
    {{1000000000000, 1000000, 10000000},
     30,
     -15.580887062360793473L,
     -7.9819124411378160624e-8L,
     -15.198046123157542971L},
    {{1000000000000, 100000000000, 1000000000},
     100020000,
     -12.300502182946755618L,
     -0.017616003619210233581L,
     -4.0474820606022188901L},
    {{60, 3, 1}, 0, -0.051293294387550533426L, -0.051293294387550533426L, 0},
    {{60, 8, 4}, 0, -0.58846362966426382809L, -0.58846362966426382809L, 0},
    {{60, 1, 7}, 1, -2.1484344131667873797L, 0, -2.1484344131667873797L},
    {{60, 1, 1}, 1, -4.0943445622221006848L, 0, -4.0943445622221006848L},
    {{60, 5, 29}, 5, -3.8284184061882490368L, 0, -3.8284184061882490368L},
    {{60, 13, 48}, 13, -3.2877027417980558023L, 0, -3.2877027417980558023L},
    {{3000, 101, 23},
     2,
     -1.9662953224253188119L,
     -0.041070501966042911009L,
     -1.7136158243621447368L},
    {{3000, 966, 10},
     2,
     -1.5684117092595560109L,
     -1.1209390850859370227L,
     -0.12510715104166721909L},
    {{3000, 3, 2}, 0, -0.0020013344454825245609L, -0.0020013344454825245609L, 0},
    {{3000, 4, 105}, 4, -13.465416441565659168L, 0, -13.465416441565659168L},
    {{3000, 166, 19}, 0, -1.0848927399269687762L, -1.0848927399269687762L, 0},
    {{3000, 1, 5}, 0, -0.0016680571006970200383L, -0.0016680571006970200383L, 0},
    {{77777, 2126, 123}, 0, -3.4116710526755586277L, -3.4116710526755586277L, 0},
    {{77777, 164, 29},
     6,
     -24.038386905146944393L,
     -2.4443193129511193711e-13L,
     -24.031681271811026286L},
    {{77777, 7677, 2622},
     261,
     -3.6424774100787765417L,
     -0.55447435754096418771L,
     -0.79448626111147883657L},
    {{77777, 370, 19061},
     144,
     -21.981165425110205225L,
     -2.8266370898499375869e-10L,
     -21.290813231317985406L},
    {{77777, 3694, 25},
     5,
     -5.3297913095400523873L,
     -9.2698760282042109285e-4L,
     -5.1547991640235363136L},
    {{77777, 110, 5047},
     6,
     -1.9024563214842987672L,
     -0.85884587482032007487L,
     -0.32082400211272702821L},
    {{20000000, 12, 3714},
     6,
     -44.724708986925431299L,
     -5.9923849951839207895e-24L,
     -44.724550037299679621L},
    {{20000000, 382080, 15264},
     317,
     -4.8853075334989711118L,
     -0.066453695378929016046L,
     -2.6331669133976204077L},
    {{20000000, 2465413, 195},
     13,
     -5.5692380999768640073L,
     -4.9301262115013637143L,
     -0.0034180413807466546165L},
    {{20000000, 17132, 2141}, 0, -1.8348647518410275298L, -1.8348647518410275298L, 0},
    {{20000000, 1357156, 7891235},
     531208,
     -37.474403379110479791L,
     -33.22583152287030125L,
     -3.664006588185128853e-15L},
    {{20000000, 2, 132316},
     1,
     -4.3317851023119913739L,
     -4.3769438906339975119e-5L,
     -4.3284607291832251917L},
    {{10000000000, 2959978, 8530203552},
     2527194,
     -14.298771627321317151L,
     -9.4136568637349256082e-5L,
     -9.2642802527223779952L},
    {{10000000000, 7209, 4858779}, 0, -3.5035462605704732058L, -3.5035462605704732058L, 0},
    {{10000000000, 1, 41395}, 0, -4.1395085677537691526e-6L, -4.1395085677537691526e-6L, 0},
    {{10000000000, 3, 48120472},
     1,
     -4.247667707990795641L,
     -6.9246937267748978221e-5L,
     -4.2428362898236353838L},
    {{10000000000, 19, 299}, 0, -5.6810000900438518521e-7L, -5.6810000900438518521e-7L, 0},
    {{10000000000, 6, 31036},
     5,
     -61.623305004553418367L,
     -8.9327370231498804177e-34L,
     -61.623304487368613639L},
};

static void exact_logarithms(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof exact_cases / sizeof *exact_cases; i++) {
        const struct hypergeometric *h = &exact_cases[i].h;
        uint64_t x = exact_cases[i].x;
        assert_probability(hypergeometric_pmf(h, x), hypergeometric_log_pmf(h, x),
                           exact_cases[i].pmf);
        assert_probability(hypergeometric_tail_low(h, x), hypergeometric_log_tail_low(h, x),
                           exact_cases[i].low);
        assert_probability(hypergeometric_tail_high(h, x), hypergeometric_log_tail_high(h, x),
                           exact_cases[i].high);
    }
}

/* C(n, k) for n <= 60 fits into 64 bits. */
static uint64_t choose[61][61];

static void fill_choose(void)
{
    for (int n = 0; n <= 60; n++) {
        choose[n][0] = 1;
        for (int k = 1; k <= n; k++)
            choose[n][k] = choose[n - 1][k - 1] + (k < n ? choose[n - 1][k] : 0);
    }
}

/* Every N, K, n, x up to N = 60 by counting subsets; also values beyond the support. */
static void counted_subsets(void **state)
{
    (void)state;
    fill_choose();
    const int step = test_short() ? 7 : 1;
    for (int total = 0; total <= 60; total += step) {
        for (int k = 0; k <= total; k++) {
            for (int n = 0; n <= total; n++) {
                struct hypergeometric h = {(uint64_t)total, (uint64_t)k, (uint64_t)n};
                uint64_t below = 0, all = choose[total][n];
                for (int x = 0; x <= n + 1; x++) {
                    uint64_t ways = x <= k && x <= n && n - x <= total - k
                                        ? choose[k][x] * choose[total - k][n - x]
                                        : 0;
                    long double p = (long double)ways / (long double)all;
                    assert_close(hypergeometric_pmf(&h, (uint64_t)x), p, 1e-15);
                    assert_close(hypergeometric_tail_high(&h, (uint64_t)x),
                                 (long double)(all - below) / (long double)all, 1e-15);
                    below += ways;
                    assert_close(hypergeometric_tail_low(&h, (uint64_t)x),
                                 (long double)below / (long double)all, 1e-15);
                }
                assert_true(below == all);
            }
        }
    }
}

static void beyond_the_support(void **state)
{
    (void)state;
    struct hypergeometric h = {100, 90, 20}; /* X is 10 to 20 */
    assert_true(hypergeometric_pmf(&h, 9) == 0 && hypergeometric_pmf(&h, 21) == 0);
    assert_true(hypergeometric_log_pmf(&h, 9) == -INFINITY);
    assert_true(hypergeometric_log_pmf(&h, UINT64_MAX) == -INFINITY);
    assert_true(hypergeometric_tail_low(&h, 9) == 0 && hypergeometric_tail_low(&h, 20) == 1);
    assert_true(hypergeometric_log_tail_low(&h, 9) == -INFINITY);
    assert_true(hypergeometric_log_tail_low(&h, UINT64_MAX) == 0);
    assert_true(hypergeometric_tail_high(&h, 10) == 1 && hypergeometric_tail_high(&h, 21) == 0);
    assert_true(hypergeometric_log_tail_high(&h, 0) == 0);
    assert_true(hypergeometric_log_tail_high(&h, 21) == -INFINITY);
    struct hypergeometric none = {0, 0, 0};
    assert_true(hypergeometric_pmf(&none, 0) == 1 && hypergeometric_pmf(&none, 1) == 0);
    assert_true(hypergeometric_tail_low(&none, 0) == 1 && hypergeometric_tail_high(&none, 0) == 1);
}

static uint64_t random_state;

/* A number in [0, 1) from a fixed stream (SplitMix64). */
static double draw(void)
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* A distribution of any size and a value within ten standard deviations of its mean. */
static uint64_t any_case(struct hypergeometric *h, double population_max)
{
    double total = floor(exp(draw() * log(population_max))) + 1;
    h->population = (uint64_t)total;
    h->relevant = (uint64_t)exp(draw() * log(total));
    h->drawn = (uint64_t)exp(draw() * log(total));
    if (draw() < 0.2)
        h->relevant = h->population - h->relevant;
    if (draw() < 0.2)
        h->drawn = h->population - h->drawn;
    double low = fmax(0, (double)h->drawn + (double)h->relevant - total);
    double high = fmin((double)h->relevant, (double)h->drawn);
    double mean = (double)h->relevant / total * (double)h->drawn;
    double x = floor(mean + (draw() - 0.5) * 20 * (sqrt(mean) + 1));
    return (uint64_t)fmin(high, fmax(low, x));
}

static void identities(void **state)
{
    (void)state;
    random_state = 20240229;
    for (int i = 0; i < (test_short() ? 300 : 4000); i++) {
        struct hypergeometric h;
        uint64_t x = any_case(&h, 1e11);
        double pmf = hypergeometric_pmf(&h, x), low = hypergeometric_tail_low(&h, x);
        double high = hypergeometric_tail_high(&h, x), above = hypergeometric_tail_high(&h, x + 1);
        assert_close(low + above, 1, 4e-16);
        assert_true(pmf <= low * (1 + 1e-14) && pmf <= high * (1 + 1e-14) && low <= 1 && high <= 1);
        /* The smaller tail is P(x) and the tail beyond it. */
        if (above < low)
            assert_close(high, (long double)above + pmf, 1e-14);
        else if (x > 0)
            assert_close(low, (long double)hypergeometric_tail_low(&h, x - 1) + pmf, 1e-14);
        /* Exchanging K and n, or relevant and irrelevant, changes nothing. */
        struct hypergeometric turned = {h.population, h.drawn, h.relevant};
        assert_close(hypergeometric_tail_low(&turned, x), low, 1e-14);
        struct hypergeometric mirror = {h.population, h.population - h.relevant, h.drawn};
        assert_close(hypergeometric_tail_high(&mirror, h.drawn - x), low, 1e-14);
        /* What one more relevant unit takes away. */
        if (h.relevant < h.population) {
            struct hypergeometric_low at = hypergeometric_low(&h, x);
            struct hypergeometric more = {h.population, h.relevant + 1, h.drawn};
            assert_true(at.tail == low);
            assert_true(at.log_tail == hypergeometric_log_tail_low(&h, x));
            double left = hypergeometric_log_tail_low(&more, x);
            if (at.drop < 0.999)
                assert_close(left, at.log_tail + log1pl(-(long double)at.drop), 1e-12);
        }
    }
}

static void drop_at_the_edges(void **state)
{
    (void)state;
    fill_choose();
    for (uint64_t total = 1; total <= 14; total++)
        for (uint64_t k = 0; k < total; k++)
            for (uint64_t n = 0; n <= total; n++)
                for (uint64_t x = 0; x <= n; x++) {
                    struct hypergeometric h = {total, k, n}, more = {total, k + 1, n};
                    struct hypergeometric_low at = hypergeometric_low(&h, x);
                    double after = hypergeometric_tail_low(&more, x);
                    assert_true(fabs(at.tail * (1 - at.drop) - after) <= 1e-15);
                }
}

/* Mass and tails add up at a population of ten billion, with a wide support. */
static void large_sums(void **state)
{
    (void)state;
    struct hypergeometric h = {UINT64_C(10000000000), 4000000, 1000000000};
    long double sum = 0;
    for (uint64_t x = 395000; x <= 399500; x++)
        sum += hypergeometric_pmf(&h, x);
    long double tails =
        (long double)hypergeometric_tail_low(&h, 399500) - hypergeometric_tail_low(&h, 394999);
    assert_close((double)sum, tails, 1e-13);
}

static void agrees_with_gsl(void **state)
{
    (void)state;
    stats_setup();
    for (unsigned total = 5; total <= 200; total += 13)
        for (unsigned k = 0; k <= total; k += 3)
            for (unsigned n = 1; n <= total; n += 4)
                for (unsigned x = 0; x <= n && x <= k; x += 2) {
                    struct hypergeometric h = {total, k, n};
                    double low = gsl_cdf_hypergeometric_P(x, k, total - k, n);
                    double above = gsl_cdf_hypergeometric_Q(x, k, total - k, n);
                    assert_true(fabs(low - hypergeometric_tail_low(&h, x)) <= 1e-10);
                    assert_true(fabs(above - hypergeometric_tail_high(&h, x + 1)) <= 1e-10);
                }
}

/* GSL reports a domain error as a value instead of aborting. */
static void gsl_does_not_abort(void **state)
{
    (void)state;
    stats_setup();
    assert_true(isnan(gsl_sf_log(-1)));
}

/* R's phyper: rows "phyper, tail, N, K, n, x, P, ln P". */
static void agrees_with_r(void **state)
{
    (void)state;
    if (!test_shared())
        skip();
    const char *path = test_path(test_shared(), "reference/binom_ref.tsv");
    FILE *file = fopen(path, "r");
    if (!file)
        skip();
    char line[512];
    int rows = 0;
    while (fgets(line, sizeof line, file)) {
        double v[6];
        if (sscanf(line, "phyper\tP(X<=x)\t%lf\t%lf\t%lf\t%lf\t%lf\t%lf", v, v + 1, v + 2, v + 3,
                   v + 4, v + 5) != 6)
            continue;
        struct hypergeometric h = {(uint64_t)v[0], (uint64_t)v[1], (uint64_t)v[2]};
        /* R itself is good to about 1e-12 here. */
        assert_close(hypergeometric_tail_low(&h, (uint64_t)v[3]), v[4], 1e-11);
        assert_close(hypergeometric_log_tail_low(&h, (uint64_t)v[3]), v[5], 1e-11);
        rows++;
    }
    assert_int_equal(fclose(file), 0);
    assert_true(rows >= 6);
}

static void saddle_point_terms(void **state)
{
    (void)state;
    /* The table meets the series: e(n) - e(n+1) = (n + 1/2) ln((n+1)/n) - 1. */
    for (uint64_t n = 1; n <= 3000; n++) {
        long double want = ((long double)n + 0.5L) * log1pl(1 / (long double)n) - 1;
        assert_true(fabsl(stirling_error(n) - stirling_error(n + 1) - want) <= 1e-15L / 2);
    }
    assert_true(fabsl(stirling_error(16) - 0.005207655919609640440718L) < 1e-20L);
    assert_true(fabsl(stirling_error(501) - 1.663339765799327051812e-4L) < 1e-20L);
    assert_true(deviance(0, 3, -3) == 3);
    assert_true(deviance(7, 7, 0) == 0);
    /* Both branches at their border: x ln(x/m) + m - x. */
    for (int d = -30; d <= 30; d++) {
        long double m = 100, x = m + d;
        assert_true(fabsl(deviance(x, m, d) - (x * logl(x / m) - d)) < 1e-16L);
    }
}

/* As R's qhyper has them; then the definition itself. */
static void quantiles(void **state)
{
    (void)state;
    static const struct {
        struct hypergeometric h;
        double probability;
        uint64_t x;
    } cases[] = {
        {{20000000, 2000, 200000}, 0.025, 12},
        {{20000000, 2000, 200000}, 0.5, 20},
        {{20000000, 2000, 200000}, 0.975, 29},
        {{20000000, 2000, 200000}, 1e-6, 3},
        {{100, 10, 30}, 0.025, 1},
        {{100, 10, 30}, 0.5, 3},
        {{100, 10, 30}, 0.975, 6},
        {{100, 10, 30}, 0.999999, 10},
        {{100, 60, 70}, 1e-300, 30},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(hypergeometric_quantile(&cases[i].h, cases[i].probability), cases[i].x);
    for (uint64_t k = 0; k <= 40; k += 3)
        for (double p = 0.003; p < 1; p += 0.041) {
            struct hypergeometric h = {40, k, 17};
            uint64_t x = hypergeometric_quantile(&h, p);
            assert_true(hypergeometric_tail_low(&h, x) >= p);
            assert_true(x == 0 || hypergeometric_tail_low(&h, x - 1) < p);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles),          cmocka_unit_test(published_tails),
        cmocka_unit_test(exact_logarithms),   cmocka_unit_test(counted_subsets),
        cmocka_unit_test(beyond_the_support), cmocka_unit_test(identities),
        cmocka_unit_test(drop_at_the_edges),  cmocka_unit_test(large_sums),
        cmocka_unit_test(agrees_with_gsl),    cmocka_unit_test(gsl_does_not_abort),
        cmocka_unit_test(agrees_with_r),      cmocka_unit_test(saddle_point_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
