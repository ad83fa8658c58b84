/* Pooled bounds over strata: see pooled.h. */
#include "stats/pooled.h"

#include "stats/binomial.h"
#include "stats/hypergeometric.h"
#include "stats/level.h"

#include <math.h>

/* All strata that carry sampling error, as one. */
struct pool {
    uint64_t population, drawn, relevant, unreadable;
    double least, greatest; /* rates */
};

static void pool_add(struct pool *pool, const struct sample_counts *s)
{
    double rate = (double)s->drawn / (double)s->population;
    pool->least = pool->drawn ? fmin(pool->least, rate) : rate;
    pool->greatest = fmax(pool->greatest, rate);
    pool->population += s->population;
    pool->drawn += s->drawn;
    pool->relevant += s->relevant;
    pool->unreadable += s->unreadable;
}

static struct binomial law(const struct pool *pool, double rate, uint64_t relevant)
{
    return (struct binomial){pool->drawn, fmin(1, rate * (double)relevant / (double)pool->drawn)};
}

static bool too_many(const struct pool *pool, uint64_t relevant, double alpha)
{
    uint64_t hits = pool->relevant + pool->unreadable;
    struct binomial b = law(pool, pool->least, relevant);
    return (double)hits <= pool->least * (double)relevant - 1 &&
           level_rejects(binomial_tail_low(&b, hits), alpha);
}

static bool too_few(const struct pool *pool, uint64_t relevant, double alpha)
{
    struct binomial b = law(pool, pool->greatest, relevant);
    return (double)pool->relevant >= pool->greatest * (double)relevant + 1 &&
           level_rejects(binomial_tail_high(&b, pool->relevant), alpha);
}

/* What the sample itself shows: hits are relevant, the readable others are not. */
static struct interval bounds_of(const struct pool *pool, double alpha)
{
    uint64_t least = pool->relevant;
    uint64_t most = pool->population - (pool->drawn - pool->relevant - pool->unreadable);
    uint64_t in = least, out = most + 1;
    if (too_many(pool, most, alpha)) {
        /* The hits themselves are never too many: the mean is then at most them. */
        for (out = most; out - in > 1;) {
            uint64_t middle = in + (out - in) / 2;
            if (too_many(pool, middle, alpha))
                out = middle;
            else
                in = middle;
        }
        most = in;
    }
    if (too_few(pool, least, alpha)) {
        for (in = most, out = least; in - out > 1;) {
            uint64_t middle = out + (in - out) / 2;
            if (too_few(pool, middle, alpha))
                out = middle;
            else
                in = middle;
        }
        least = in;
    }
    return (struct interval){least, most};
}

enum status stratified_pooled(const struct sample_counts *strata, size_t count, double confidence,
                              struct interval *out, struct error *err)
{
    struct pool pool = {.drawn = 0};
    struct interval sum = {0, 0};
    uint64_t total = 0;
    TRY(level_check(confidence, err));
    if (count == 0)
        return error_set(err, STATUS_PLAN, NULL, "a stratified sample needs a stratum");
    for (size_t h = 0; h < count; h++) {
        const struct sample_counts *s = &strata[h];
        TRY(sample_counts_check(s, err));
        if (s->population > HYPERGEOMETRIC_POPULATION_MAX - total)
            return error_set(err, STATUS_PLAN, NULL, "the strata hold too many units");
        total += s->population;
        if (s->drawn > 0 && s->drawn < s->population) {
            pool_add(&pool, s);
            continue;
        }
        sum.low += s->relevant;
        sum.high += s->drawn ? s->relevant + s->unreadable : s->population;
    }
    if (pool.drawn) {
        struct interval sampled = bounds_of(&pool, level_alpha(confidence) / 2);
        sum.low += sampled.low;
        sum.high += sampled.high;
    }
    *out = sum;
    return STATUS_OK;
}
