/*
 * Survey estimators against R's survey package on its api data, where that is at hand; against
 * formulas of textbooks on small samples; and what must be refused.
 */
#include "tests/support/support.h"

#include "queries/csv.h"
#include "stats/cluster_share.h"
#include "stats/interval_approximate.h"
#include "stats/stats_setup.h"
#include "stats/survey.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 8000 };

struct table {
    char *cells[ROWS_MAX][48];
    char *names[48];
    size_t rows, columns;
};

static char *copy(struct span text)
{
    char *made = malloc(text.len + 1);
    assert_non_null(made);
    memcpy(made, text.data, text.len);
    made[text.len] = '\0';
    return made;
}

static struct table *read_table(const char *name)
{
    struct error err = ERROR_INIT;
    struct csv *csv;
    bool end;
    char path[600];
    snprintf(path, sizeof path, "%s/reference/%s", test_shared(), name);
    struct table *table = calloc(1, sizeof *table);
    assert_non_null(table);
    assert_ok(csv_open(&csv, path, NULL, &err), err);
    for (bool head = true;; head = false) {
        assert_ok(csv_next(csv, &end, &err), err);
        if (end)
            break;
        if (head)
            table->columns = csv_fields(csv);
        for (size_t c = 0; c < table->columns; c++)
            *(head ? &table->names[c] : &table->cells[table->rows][c]) = copy(csv_field(csv, c));
        table->rows += !head;
    }
    csv_free(csv);
    return table;
}

static void free_table(struct table *table)
{
    for (size_t c = 0; c < table->columns; c++) {
        free(table->names[c]);
        for (size_t r = 0; r < table->rows; r++)
            free(table->cells[r][c]);
    }
    free(table);
}

static size_t column(const struct table *table, const char *name)
{
    for (size_t c = 0; c < table->columns; c++)
        if (strcmp(table->names[c], name) == 0)
            return c;
    fail_msg("no column %s", name);
    return 0;
}

/* Numbers of a column; USED, unless NULL, becomes false where one is missing. */
static double *numbers(const struct table *table, const char *name, bool *used)
{
    double *values = calloc(table->rows, sizeof *values);
    size_t c = column(table, name);
    assert_non_null(values);
    for (size_t r = 0; r < table->rows; r++) {
        bool missing = strcmp(table->cells[r][c], "NA") == 0;
        values[r] = missing ? NAN : strtod(table->cells[r][c], NULL);
        if (missing && used)
            used[r] = false;
    }
    return values;
}

static uint32_t *codes(const struct table *table, const char *name)
{
    uint32_t *values = calloc(table->rows, sizeof *values);
    size_t c = column(table, name);
    assert_non_null(values);
    for (size_t r = 0; r < table->rows; r++) {
        const char *text = table->cells[r][c];
        values[r] = text[0] >= '0' && text[0] <= '9' ? (uint32_t)strtoul(text, NULL, 10)
                                                     : (uint32_t)text[0];
    }
    return values;
}

struct api {
    const char *name, *file, *stratum, *cluster, *clusters, *member, *members;
};

static const struct api designs[] = {
    {"ds", "apistrat.csv", "stype", NULL, "fpc", NULL, NULL},
    {"sr", "apisrs.csv", NULL, NULL, "fpc", NULL, NULL},
    {"c1", "apiclus1.csv", NULL, "dnum", "fpc", NULL, NULL},
    {"c2", "apiclus2.csv", NULL, "dnum", "fpc1", "snum", "fpc2"},
};

/* "design<TAB>statistic<TAB>a<TAB>b[<TAB>c]" of survey_ref.tsv; false if it is not there. */
static bool reference(const char *design, const char *statistic, double values[3])
{
    char path[600], line[400];
    snprintf(path, sizeof path, "%s/reference/survey_ref.tsv", test_shared());
    FILE *file = fopen(path, "r");
    bool found = false;
    assert_non_null(file);
    while (!found && fgets(line, sizeof line, file)) {
        char one[64], two[64];
        double a = NAN, b = NAN, c = NAN;
        if (sscanf(line, "%63s %63s %lf %lf %lf", one, two, &a, &b, &c) >= 4 &&
            strcmp(one, design) == 0 && strcmp(two, statistic) == 0) {
            values[0] = a;
            values[1] = b;
            values[2] = c;
            found = true;
        }
    }
    fclose(file);
    return found;
}

static void same(const char *what, double value, double expected)
{
    if (!(fabs(value - expected) <= 2e-12 * fabs(expected)))
        fail_msg("%s: %.15g is not %.15g", what, value, expected);
}

static void compare(const char *design, const char *statistic, const struct survey_estimate *e)
{
    double values[3];
    char what[100];
    assert_true(reference(design, statistic, values));
    snprintf(what, sizeof what, "%s %s", design, statistic);
    same(what, e->value, values[0]);
    same(what, e->se, values[1]);
}

static void like_r(void **state)
{
    (void)state;
    if (!test_shared())
        skip();
    for (size_t i = 0; i < sizeof designs / sizeof *designs; i++) {
        const struct api *api = &designs[i];
        struct error err = ERROR_INIT;
        struct survey_estimate e;
        struct table *t = read_table(api->file);
        bool *there = malloc(t->rows * sizeof *there), *both = malloc(t->rows * sizeof *both);
        assert_true(there && both);
        memset(there, 1, t->rows);
        memset(both, 1, t->rows);
        double *enroll = numbers(t, "enroll", there), *score = numbers(t, "api00", NULL);
        double *tested = numbers(t, "api.stu", both), *again = numbers(t, "enroll", both);
        double *wide = calloc(t->rows, sizeof *wide), *weights;
        size_t yes = column(t, "sch.wide");
        for (size_t r = 0; r < t->rows; r++)
            wide[r] = strcmp(t->cells[r][yes], "Yes") == 0;
        uint32_t *stratum = api->stratum ? codes(t, api->stratum) : NULL;
        uint32_t *cluster = api->cluster ? codes(t, api->cluster) : NULL;
        uint32_t *member = api->member ? codes(t, api->member) : NULL;
        double *clusters = numbers(t, api->clusters, NULL);
        double *members = api->members ? numbers(t, api->members, NULL) : NULL;
        if (api->member) { /* R makes these weights from the two stages' populations */
            weights = calloc(t->rows, sizeof *weights);
            for (size_t r = 0; r < t->rows; r++) {
                double own = 0, drawn = 0;
                for (size_t s = 0; s < t->rows; s++) {
                    own += cluster[s] == cluster[r];
                    bool first = true;
                    for (size_t q = 0; q < s; q++)
                        first = first && cluster[q] != cluster[s];
                    drawn += first;
                }
                weights[r] = clusters[r] / drawn * members[r] / own;
            }
        } else {
            weights = numbers(t, "pw", NULL);
            if (!api->cluster) /* exactly N_h/n_h, where pw is rounded */
                for (size_t r = 0; r < t->rows; r++)
                    assert_true(weights[r] > 1);
        }
        struct survey_design d = {t->rows, weights, stratum, cluster, clusters, member, members};
        assert_ok(survey_mean(&d, score, NULL, &e, &err), err);
        compare(api->name, "mean_api00", &e);
        assert_ok(survey_total(&d, enroll, there, &e, &err), err);
        compare(api->name, "total_enroll", &e);
        assert_ok(survey_ratio(&d, tested, again, both, &e, &err), err);
        compare(api->name, "ratio", &e);
        assert_ok(survey_mean(&d, wide, NULL, &e, &err), err);
        compare(api->name, "p_schwide_Yes", &e);
        double low, high, ci[3], size;
        assert_ok(interval_korn_graubard(e.value, e.se, t->rows, e.degrees, 0.95, &low, &high,
                                         &size, &err),
                  err);
        assert_true(reference(api->name, "svyciprop_beta", ci));
        if (size < (double)t->rows) { /* the cap is NCHS's, not R's */
            assert_true(fabs(low - ci[1]) < 1e-9 && fabs(high - ci[2]) < 1e-9);
        } else {
            assert_true(low <= ci[1] && high >= ci[2]);
        }
        free(enroll), free(score), free(tested), free(again), free(wide), free(weights);
        free(stratum), free(cluster), free(member), free(clusters), free(members);
        free(there), free(both);
        free_table(t);
    }
}

/*
 * calibrate(ds, ~api99, c(6194, 3914069)) and postStratify(c1, ~stype, 4421, 755, 1018) of R survey
 * 4.1-1, then svytotal(~api00).
 */
static void auxiliaries_like_r(void **state)
{
    (void)state;
    if (!test_shared())
        skip();
    static const double totals[2] = {6194, 3914069}, sizes[3] = {4421, 755, 1018};
    struct error err = ERROR_INIT;
    struct survey_estimate e;
    struct table *t = read_table("apistrat.csv");
    double *score = numbers(t, "api00", NULL), *before = numbers(t, "api99", NULL);
    double *weights = numbers(t, "pw", NULL), *N_h = numbers(t, "fpc", NULL);
    double *x = calloc(2 * t->rows, sizeof *x);
    uint32_t *stratum = codes(t, "stype");
    assert_non_null(x);
    for (size_t i = 0; i < t->rows; i++) {
        x[2 * i] = 1;
        x[2 * i + 1] = before[i];
    }
    struct survey_design d = {
        .count = t->rows, .weights = weights, .stratum = stratum, .clusters = N_h};
    assert_ok(survey_regression(&d, score, x, 2, totals, &e, &err), err);
    same("greg", e.value, 4116804.910819203);
    if (!(fabs(e.se / 11787.43508901137 - 1) < 1e-9))
        fail_msg("greg: %.12g", e.se);
    free(score), free(before), free(weights), free(N_h), free(x), free(stratum);
    free_table(t);

    t = read_table("apiclus1.csv");
    score = numbers(t, "api00", NULL);
    weights = numbers(t, "pw", NULL);
    N_h = numbers(t, "fpc", NULL);
    uint32_t *cluster = codes(t, "dnum"), *groups = codes(t, "stype");
    for (size_t i = 0; i < t->rows; i++)
        groups[i] = groups[i] == 'E' ? 0 : groups[i] == 'H' ? 1 : 2;
    d = (struct survey_design){
        .count = t->rows, .weights = weights, .cluster = cluster, .clusters = N_h};
    assert_ok(survey_post_stratified(&d, score, groups, sizes, 3, &e, &err), err);
    same("post-stratified", e.value, 3978473.02218254);
    if (!(fabs(e.se / 148163.4930408901 - 1) < 1e-9))
        fail_msg("post-stratified: %.12g", e.se);
    free(score), free(weights), free(N_h), free(cluster), free(groups);
    free_table(t);
}

/* Textbook formulas on a simple random sample. */
static void by_hand(void **state)
{
    (void)state;
    enum { N = 50, n = 8 };
    static const double y[n] = {3, 5, 2, 8, 6, 1, 4, 7}, x[n] = {2, 6, 3, 9, 5, 1, 3, 8};
    static const uint32_t half[n] = {0, 0, 1, 1, 0, 1, 0, 1};
    static const double sizes[2] = {30, 20};
    double weights[n], N_h[n], ones_x[2 * n];
    struct error err = ERROR_INIT;
    struct survey_estimate e, again;
    for (size_t i = 0; i < n; i++) {
        weights[i] = (double)N / n;
        N_h[i] = N;
        ones_x[2 * i] = 1;
        ones_x[2 * i + 1] = x[i];
    }
    struct survey_design d = {.count = n, .weights = weights, .clusters = N_h};
    double mean_y = 4.5, mean_x = 37.0 / 8, s2 = 0;
    for (size_t i = 0; i < n; i++)
        s2 += (y[i] - mean_y) * (y[i] - mean_y) / (n - 1);
    assert_ok(survey_total(&d, y, NULL, &e, &err), err);
    same("total", e.value, N * mean_y);
    same("its error", e.se, N * sqrt((1 - (double)n / N) * s2 / n));
    assert_true(e.degrees == n - 1);
    /* The difference estimator: the variance of y - x. */
    double d2 = 0, mean_d = mean_y - mean_x;
    for (size_t i = 0; i < n; i++)
        d2 += (y[i] - x[i] - mean_d) * (y[i] - x[i] - mean_d) / (n - 1);
    assert_ok(survey_difference(&d, y, x, 240, &e, &err), err);
    same("difference", e.value, 240 + N * mean_d);
    same("its error", e.se, N * sqrt((1 - (double)n / N) * d2 / n));
    /* Regression on a constant and x: N (mean y + b (X/N - mean x)). */
    double xy = 0, xx = 0;
    for (size_t i = 0; i < n; i++) {
        xy += (x[i] - mean_x) * (y[i] - mean_y);
        xx += (x[i] - mean_x) * (x[i] - mean_x);
    }
    const double totals[2] = {N, 240};
    assert_ok(survey_regression(&d, y, ones_x, 2, totals, &e, &err), err);
    same("regression", e.value, N * (mean_y + xy / xx * (240.0 / N - mean_x)));
    assert_true(e.se > 0 && e.se < N * sqrt(s2 / n));
    /* Post-stratification is regression on the groups' indicators. */
    double indicators[2 * n];
    for (size_t i = 0; i < n; i++) {
        indicators[2 * i] = half[i] == 0;
        indicators[2 * i + 1] = half[i] == 1;
    }
    assert_ok(survey_post_stratified(&d, y, half, sizes, 2, &e, &err), err);
    assert_ok(survey_regression(&d, y, indicators, 2, sizes, &again, &err), err);
    same("post-stratified", e.value, again.value);
    same("its error", e.se, again.se);
    same("by hand", e.value, 30 * (3 + 5 + 6 + 4) / 4.0 + 20 * (2 + 8 + 1 + 7) / 4.0);
}

/* Sums over clusters say the same as the elements themselves. */
static void clusters_from_sums(void **state)
{
    (void)state;
    enum { CLUSTERS = 40 };
    struct error err = ERROR_INIT;
    double y[400], ones[400], weights[400], N_h[400];
    uint32_t stratum[400], cluster[400];
    struct cluster_sums sums[2] = {{.clusters = 300}, {.clusters = 90}};
    size_t count = 0;
    for (uint32_t c = 0; c < CLUSTERS; c++) {
        uint32_t h = c % 4 == 0, m = 1 + c * 7 % 9, relevant = c * 5 % (m + 1);
        for (uint32_t e = 0; e < m; e++, count++) {
            y[count] = e < relevant;
            ones[count] = 1;
            stratum[count] = h;
            cluster[count] = c;
            N_h[count] = (double)sums[h].clusters;
            weights[count] = N_h[count] / (h ? 10 : 30);
        }
        sums[h].drawn++;
        sums[h].m += m;
        sums[h].mm += m * m;
        sums[h].y += relevant;
        sums[h].yy += relevant * relevant;
        sums[h].ym += relevant * m;
    }
    assert_true(count < 400 && sums[0].drawn == 30 && sums[1].drawn == 10);
    struct survey_design d = {count, weights, stratum, cluster, N_h, NULL, NULL};
    struct survey_estimate e;
    struct cluster_share share;
    assert_ok(survey_ratio(&d, y, ones, NULL, &e, &err), err);
    assert_ok(cluster_share(sums, 2, 0.95, &share, &err), err);
    assert_true(fabs(share.share / e.value - 1) < 1e-12 && fabs(share.se / e.se - 1) < 1e-10);
    assert_true(share.degrees == e.degrees && share.low < share.share && share.share < share.high);
    /* A stratum read whole has no variance; one of one drawn shows none. */
    sums[1].clusters = 10;
    assert_ok(cluster_share(sums, 2, 0.95, &share, &err), err);
    struct cluster_sums one = {.clusters = 5, .drawn = 1, .m = 3, .mm = 9};
    assert_int_equal(cluster_share(&one, 1, 0.95, &share, &err), STATUS_PLAN);
    one.drawn = one.m = 0;
    assert_int_equal(cluster_share(&one, 1, 0.95, &share, &err), STATUS_PLAN);
}

static void mistakes(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct survey_estimate e;
    double y[3] = {1, 2, 3}, weights[3] = {2, 2, 2}, sizes[3] = {6, 6, 6}, zero[3] = {0, 0, 0};
    const uint32_t strata[3] = {0, 0, 1}, groups[3] = {0, 1, 2};
    struct survey_design d = {.count = 3, .weights = weights, .clusters = sizes};
    assert_ok(survey_total(&d, y, NULL, &e, &err), err);
    weights[1] = NAN;
    assert_int_equal(survey_total(&d, y, NULL, &e, &err), STATUS_PLAN);
    assert_non_null(strstr(err.text, "the weight of observation 2 is nan"));
    weights[1] = -1;
    assert_int_equal(survey_mean(&d, y, NULL, &e, &err), STATUS_PLAN);
    weights[1] = 2;
    y[2] = INFINITY;
    assert_int_equal(survey_total(&d, y, NULL, &e, &err), STATUS_PLAN);
    y[2] = 3;
    assert_int_equal(survey_ratio(&d, y, zero, NULL, &e, &err), STATUS_PLAN);
    d.stratum = strata;
    assert_int_equal(survey_total(&d, y, NULL, &e, &err), STATUS_PLAN);
    assert_non_null(strstr(err.text, "only one drawn"));
    sizes[2] = 1; /* a stratum of one, read whole */
    assert_ok(survey_total(&d, y, NULL, &e, &err), err);
    d.stratum = NULL;
    sizes[0] = sizes[1] = sizes[2] = 2;
    assert_int_equal(survey_total(&d, y, NULL, &e, &err), STATUS_PLAN);
    assert_non_null(strstr(err.text, "3 are drawn of a stratum of 2"));
    sizes[0] = sizes[1] = sizes[2] = 6;
    const double twice[6] = {1, 2, 1, 2, 1, 2}, totals[2] = {6, 12};
    assert_int_equal(survey_regression(&d, y, twice, 2, totals, &e, &err), STATUS_PLAN);
    assert_int_equal(survey_post_stratified(&d, y, groups, totals, 2, &e, &err), STATUS_PLAN);
    d.count = 0;
    assert_int_equal(survey_total(&d, y, NULL, &e, &err), STATUS_PLAN);
}

int main(void)
{
    stats_setup();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(like_r),   cmocka_unit_test(auxiliaries_like_r),
        cmocka_unit_test(by_hand),  cmocka_unit_test(clusters_from_sums),
        cmocka_unit_test(mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
