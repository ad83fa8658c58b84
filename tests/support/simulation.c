/* Simulated coverage: see simulation.h. */
#include "tests/support/simulation.h"

#include "stats/binomial.h"
#include "stats/design.h"
#include "stats/search_quality.h"
#include "stats/stratified.h"

#include <dirent.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double misses_p(uint64_t misses, uint64_t draws, double alpha)
{
    struct binomial b = {draws, alpha};
    return binomial_tail_high(&b, misses);
}

/* ---- bounds by outcome, since most draws repeat ---- */

enum { MEMO = 1 << 16 };

struct memo {
    uint64_t *keys; /* [MEMO] outcome + 1; 0: free */
    unsigned char *miss;
};

static int memo_init(struct memo *memo)
{
    memo->keys = calloc(MEMO, sizeof *memo->keys);
    memo->miss = calloc(MEMO, 1);
    return memo->keys && memo->miss ? 0 : -1;
}

static void memo_release(struct memo *memo)
{
    free(memo->keys);
    free(memo->miss);
}

/* The place of KEY; *NEW if it is not known yet. */
static size_t memo_at(struct memo *memo, uint64_t key, int *new)
{
    size_t at = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 48) % MEMO;
    while (memo->keys[at] && memo->keys[at] != key + 1)
        at = (at + 1) % MEMO;
    *new = memo->keys[at] == 0;
    memo->keys[at] = key + 1;
    return at;
}

/* ---- designs ---- */

static unsigned draw(gsl_rng *rng, uint64_t population, uint64_t relevant, uint64_t drawn)
{
    return gsl_ran_hypergeometric(rng, (unsigned)relevant, (unsigned)(population - relevant),
                                  (unsigned)drawn);
}

static const struct sample_counts strata[3] = {
    {2000, 300, 0, 0}, {30000, 600, 0, 0}, {968000, 3000, 0, 0}};
static const uint64_t strata_relevant[3] = {260, 40, 95};

static int stratified_miss(const uint64_t *x, int sidak)
{
    struct error err = ERROR_INIT;
    struct sample_counts s[3];
    struct interval set;
    uint64_t total = 0;
    for (int h = 0; h < 3; h++) {
        s[h] = strata[h];
        s[h].relevant = x[h];
        total += strata_relevant[h];
    }
    enum status status = sidak ? stratified_sidak(s, 3, 0.95, &set, &err)
                               : stratified_fisher(s, 3, 0.95, &set, NULL, NULL, &err);
    return status != STATUS_OK ? -1 : total < set.low || total > set.high;
}

static int recall_miss(const uint64_t *x, int part)
{
    struct error err = ERROR_INIT;
    struct search_quality q;
    (void)part;
    struct design_stratum found = {.counts = {2000, 300, x[0], 0}};
    struct design_stratum left = {.counts = {968000, 3000, x[2], 0}};
    const struct interval_method *method = interval_method_find("equal-tailed");
    struct design f = {.strata = &found, .count = 1, .method = method};
    struct design l = {.strata = &left, .count = 1, .method = method};
    if (search_quality_bounds(&f, &l, 0.95, &q, &err) != STATUS_OK)
        return -1;
    double kf = (double)strata_relevant[0], kl = (double)strata_relevant[2], e = 1e-12;
    double recall = kf / (kf + kl), elusion = kl / 968000, precision = kf / 2000;
    return recall < q.recall.low - e || recall > q.recall.high + e || elusion < q.elusion.low - e ||
           elusion > q.elusion.high + e || precision < q.precision.low - e ||
           precision > q.precision.high + e;
}

static uint64_t by_strata(uint64_t seed, uint64_t draws, int (*miss)(const uint64_t *, int),
                          int variant)
{
    struct memo memo = {NULL, NULL};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    uint64_t missed = rng && memo_init(&memo) == 0 ? 0 : UINT64_MAX;
    if (rng)
        gsl_rng_set(rng, seed);
    for (uint64_t i = 0; missed != UINT64_MAX && i < draws; i++) {
        uint64_t x[3], key = 0;
        int new;
        for (int h = 0; h < 3; h++) {
            x[h] = draw(rng, strata[h].population, strata_relevant[h], strata[h].drawn);
            key = key << 20 | x[h];
        }
        size_t at = memo_at(&memo, key, &new);
        int bad = new ? miss(x, variant) : memo.miss[at];
        if (bad < 0) {
            missed = UINT64_MAX;
            break;
        }
        memo.miss[at] = (unsigned char)bad;
        missed += (uint64_t)bad;
    }
    gsl_rng_free(rng);
    memo_release(&memo);
    return missed;
}

static uint64_t fisher(uint64_t seed, uint64_t draws)
{
    return by_strata(seed, draws, stratified_miss, 0);
}

static uint64_t sidak(uint64_t seed, uint64_t draws)
{
    return by_strata(seed, draws, stratified_miss, 1);
}

static uint64_t recall(uint64_t seed, uint64_t draws)
{
    return by_strata(seed, draws, recall_miss, 0);
}

/* 20,000 of a million drawn, of which 300 are relevant; reviewers find four fifths of those and
 * call one irrelevant unit in 2,000 relevant; 2,000 of the cleared are checked. */
static uint64_t checked(uint64_t seed, uint64_t draws)
{
    enum { N = 1000000, K = 300, DRAWN = 20000, CHECKED = 2000 };
    struct memo memo = {NULL, NULL};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    uint64_t missed = rng && memo_init(&memo) == 0 ? 0 : UINT64_MAX;
    if (rng)
        gsl_rng_set(rng, seed);
    for (uint64_t i = 0; missed != UINT64_MAX && i < draws; i++) {
        struct error err = ERROR_INIT;
        struct interval set;
        int new;
        uint64_t x = draw(rng, N, K, DRAWN);
        uint64_t right = gsl_ran_binomial(rng, 0.8, (unsigned)x);
        uint64_t wrong = gsl_ran_binomial(rng, 0.0005, (unsigned)(DRAWN - x));
        uint64_t cleared = DRAWN - right - wrong;
        uint64_t y = draw(rng, cleared, x - right, CHECKED);
        size_t at = memo_at(&memo, (right << 20 | wrong) << 20 | y, &new);
        if (new) {
            struct sample_counts s = {N, DRAWN, right, 0};
            struct label_check check = {false, cleared, CHECKED, y, 0};
            if (two_phase_interval(&s, &check, 0.95, &set, &err) != STATUS_OK) {
                missed = UINT64_MAX;
                break;
            }
            memo.miss[at] = K < set.low || K > set.high;
        }
        missed += memo.miss[at];
    }
    gsl_rng_free(rng);
    memo_release(&memo);
    return missed;
}

const struct simulation simulations[] = {
    {"three strata, union-intersection", 0.05, fisher},
    {"three strata, Sidak", 0.05, sidak},
    {"recall, precision and elusion at once", 0.05, recall},
    {"labels checked (two phases)", 0.05, checked},
    {NULL, 0, NULL},
};

/* ---- real collections ---- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct collection *)a)->name, ((const struct collection *)b)->name);
}

/* FNV-1a: the made-up search must find the same on every run. */
static uint32_t hash_of(const char *text)
{
    uint32_t hash = 2166136261u;
    for (; *text && *text != '\t'; text++)
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash ^ hash >> 15;
}

static int read_one(const char *path, const char *name, struct collection *c)
{
    char line[512];
    FILE *file = fopen(path, "r");
    if (!file)
        return -1;
    size_t room = 1 << 16;
    snprintf(c->name, sizeof c->name, "%.*s", (int)sizeof c->name - 1, name);
    c->relevant = malloc(room);
    c->found = malloc(room);
    while (c->relevant && c->found && fgets(line, sizeof line, file)) {
        const char *tab = strchr(line, '\t');
        if (!tab || (tab[1] != '0' && tab[1] != '1') || c->count == room)
            continue;
        bool relevant = tab[1] == '1';
        c->relevant[c->count] = relevant;
        c->found[c->count++] = hash_of(line) % 100 < (relevant ? 80u : 10u);
        c->total += relevant;
    }
    fclose(file);
    return c->relevant && c->found ? 0 : -1;
}

static int read_folder(const char *folder, struct collection *list, uint64_t *count, uint64_t room)
{
    DIR *dir = opendir(folder);
    int failed = dir ? 0 : -1;
    for (struct dirent *entry; !failed && (entry = readdir(dir)) && *count < room;) {
        char path[1024];
        size_t len = strlen(entry->d_name);
        if (len < 5 || strcmp(entry->d_name + len - 4, ".tsv") != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        failed = read_one(path, entry->d_name, &list[(*count)++]);
    }
    if (dir)
        closedir(dir);
    return failed;
}

int collections_read(const char *folder, struct collection **out, uint64_t *count)
{
    enum { MOST = 100 };
    char path[1024];
    *count = 0;
    *out = calloc(MOST, sizeof **out);
    if (!*out)
        return -1;
    snprintf(path, sizeof path, "%s/labels", folder);
    if (read_folder(path, *out, count, MOST))
        return -1;
    snprintf(path, sizeof path, "%s/labels/clef2017_train_abs", folder);
    if (read_folder(path, *out, count, MOST))
        return -1;
    qsort(*out, *count, sizeof **out, compare_names);
    return 0;
}

void collections_free(struct collection *list, uint64_t count)
{
    for (uint64_t i = 0; list && i < count; i++) {
        free(list[i].relevant);
        free(list[i].found);
    }
    free(list);
}

/* What a draw shows: relevant and drawn, found and left. */
struct seen {
    uint64_t drawn[2], relevant[2];
};

static int judge(const struct collection *c, const uint64_t *sizes, const uint64_t *truth,
                 const struct seen *seen, struct collection_misses *out)
{
    struct error err = ERROR_INIT;
    struct interval_result whole;
    struct search_quality q;
    const struct interval_method *method = interval_method_find("equal-tailed");
    uint64_t n = seen->drawn[0] + seen->drawn[1], x = seen->relevant[0] + seen->relevant[1];
    struct sample_counts all = {c->count, n, x, 0};
    struct design_stratum parts[2];
    for (int i = 0; i < 2; i++)
        parts[i] =
            (struct design_stratum){.counts = {sizes[i], seen->drawn[i], seen->relevant[i], 0}};
    struct design found = {.strata = &parts[1], .count = sizes[1] > 0, .method = method};
    struct design left = {.strata = &parts[0], .count = sizes[0] > 0, .method = method};
    if (interval_equal_tailed(&all, 0.95, &whole, &err) != STATUS_OK ||
        search_quality_bounds(&found, &left, 0.95, &q, &err) != STATUS_OK)
        return -1;
    double total = (double)c->total, e = 1e-12;
    double recall = (double)truth[1] / total, elusion = (double)truth[0] / (double)sizes[0];
    bool bad_recall = recall < q.recall.low - e || recall > q.recall.high + e;
    bool bad_elusion = elusion < q.elusion.low - e || elusion > q.elusion.high + e;
    out->prevalence += c->total < whole.count.low || c->total > whole.count.high;
    out->recall += bad_recall;
    out->elusion += bad_elusion;
    out->joint += bad_recall || bad_elusion;
    return 0;
}

int collection_simulate(const struct collection *c, uint64_t drawn, uint64_t seed, uint64_t draws,
                        struct collection_misses *out)
{
    uint64_t sizes[2] = {0, 0}, truth[2] = {0, 0};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    uint32_t *order = malloc(c->count * sizeof *order);
    int failed = rng && order ? 0 : -1;
    *out = (struct collection_misses){0};
    if (rng)
        gsl_rng_set(rng, seed);
    for (uint64_t i = 0; !failed && i < c->count; i++) {
        order[i] = (uint32_t)i;
        sizes[c->found[i]]++;
        truth[c->found[i]] += c->relevant[i];
    }
    for (uint64_t d = 0; !failed && d < draws; d++) {
        struct seen seen = {{0, 0}, {0, 0}};
        for (uint64_t i = 0; i < drawn; i++) {
            uint64_t j = i + gsl_rng_uniform_int(rng, c->count - i);
            uint32_t unit = order[j];
            order[j] = order[i];
            order[i] = unit;
            seen.drawn[c->found[unit]]++;
            seen.relevant[c->found[unit]] += c->relevant[unit];
        }
        failed = judge(c, sizes, truth, &seen, out);
    }
    gsl_rng_free(rng);
    free(order);
    return failed;
}
