/* Shares with noise on both parts: see noisy_share.h. */
#include "stats/noisy_share.h"

#include "stats/level.h"

#include <math.h>
#include <stdlib.h>

enum { BLOCKS_MAX = 512, FINE = 16 }; /* blocks shift the difference by a sixteenth of a sigma */

/* This part of what may go wrong is given to noise that is further out than the blocks reach. */
static const double outer_part = 1e-3;

/* Sigmas above this drown whatever can be counted, and would not add up in 64 bits. */
static const double far = 1e15;

/* The values of the whole's noise. */
struct blocks {
    int64_t reach, width; /* from -reach to reach */
    double outer;         /* the chance of all others, counted as it rejects least */
};

static struct blocks blocks_of(const struct noisy_share *s, double confidence)
{
    double alpha = level_alpha(confidence), sigma = s->part_tails->sigma;
    struct blocks b = {.reach = noise_law_half_width(&s->whole_tails->law, 1 - alpha * outer_part),
                       .width = 1};
    b.outer = 2 * noise_tails_upper(s->whole_tails, b.reach + 1);
    /* About the largest share that there can be. */
    double most = (double)s->part + 4 * sigma, least = (double)s->whole - (double)b.reach;
    double r = most <= 0 ? 0 : least > most ? most / least : 1;
    double shift = fmax(sigma / FINE, 0.5), all = 2.0 * (double)b.reach + 1;
    double width = fmax(r * all > shift ? shift / r : all, all / BLOCKS_MAX);
    b.width = width < 1 ? 1 : (int64_t)ceil(width);
    return b;
}

/* P(Y >= a - r (b - z)), or P(Y <= the same) = P(Y >= -it), a little more for roundings. */
static double chance_at(const struct noisy_share *s, double r, int64_t z, bool high)
{
    double others = r * ((double)s->whole - (double)z), gap = (double)s->part - others;
    double slack = 1e-12 * (1 + fabs(others) + fabs((double)s->part));
    double least = ceil((high ? gap : -gap) - slack);
    /* Far beyond any noise, and far from where negating would overflow. */
    return noise_tails_upper(s->part_tails, (int64_t)fmax(fmin(least, 4e18), -4e18));
}

static double tail(const struct noisy_share *s, const struct blocks *b, double r, bool high)
{
    double sum = b->outer;
    for (int64_t first = -b->reach; first <= b->reach; first += b->width) {
        int64_t last = first + b->width - 1;
        last = last < b->reach ? last : b->reach;
        double mass =
            noise_tails_upper(s->whole_tails, first) - noise_tails_upper(s->whole_tails, last + 1);
        /* Less noise on the whole leaves more of it, of which r makes more. */
        bool possible = s->whole - last >= 1;
        sum += possible ? mass * chance_at(s, r, high ? first : last, high) : mass;
    }
    return sum < 1 ? sum : 1;
}

double noisy_share_high(const struct noisy_share *share, double r, double confidence)
{
    struct blocks blocks = blocks_of(share, confidence);
    return tail(share, &blocks, r, true);
}

double noisy_share_low(const struct noisy_share *share, double r, double confidence)
{
    struct blocks blocks = blocks_of(share, confidence);
    return tail(share, &blocks, r, false);
}

/* Where rejecting ends, seen from REJECTED towards KEPT: the last that is known to be rejected. */
static double edge(const struct noisy_share *s, const struct blocks *b, double alpha,
                   double rejected, double kept, bool high)
{
    while (fabs(kept - rejected) > 1e-12 + 1e-9 * fmin(kept, rejected)) {
        double middle = (kept + rejected) / 2;
        if (level_rejects(tail(s, b, middle, high), alpha))
            rejected = middle;
        else
            kept = middle;
    }
    return rejected;
}

enum status noisy_share_interval(const struct noisy_share *share, double confidence, double *low,
                                 double *high, struct error *err)
{
    TRY(level_check(confidence, err));
    if (llabs(share->part) > INT64_MAX / 4 || llabs(share->whole) > INT64_MAX / 4)
        return error_set(err, STATUS_PLAN, NULL, "the number told is out of range");
    *low = 0;
    *high = 1;
    if (share->part_tails->sigma > far || share->whole_tails->sigma > far)
        return STATUS_OK; /* nothing is known */
    double alpha = level_alpha(confidence) / 2;
    struct blocks blocks = blocks_of(share, confidence);
    bool from_none = !level_rejects(tail(share, &blocks, 0, true), alpha);
    bool to_all = !level_rejects(tail(share, &blocks, 1, false), alpha);
    bool all_too_low = !from_none && level_rejects(tail(share, &blocks, 1, true), alpha);
    bool all_too_high = !to_all && level_rejects(tail(share, &blocks, 0, false), alpha);
    /* Noise has carried the part so far that every share is rejected: the nearest is left. */
    *low = from_none ? 0 : all_too_low ? 1 : edge(share, &blocks, alpha, 0, 1, true);
    *high = to_all ? 1 : all_too_high ? 0 : edge(share, &blocks, alpha, 1, 0, false);
    if (*low > *high)
        *low = *high = all_too_low ? 1 : all_too_high ? 0 : (*low + *high) / 2;
    return STATUS_OK;
}
