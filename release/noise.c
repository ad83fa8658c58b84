/*
 * Exact samplers: see noise.h.
 *
 * Numbers are 128 bits wide where a check shows that they fit, else GMP's. Both draw from the same
 * law.
 */
#include "release/noise.h"

#include <gmp.h>
#include <stdbool.h>

__extension__ typedef unsigned __int128 wide;

#define WIDE_SAFE ((wide)1 << 96) /* below it, 2^31 times as much still fits */

/* ---- uniform ---- */

static unsigned width_of(wide n)
{
    unsigned width = 0;
    for (; n; n >>= 1)
        width++;
    return width;
}

/* Uniform on 0 to LIMIT - 1, LIMIT at least 1. */
static enum status below(struct random_bits *bits, wide limit, wide *out, struct error *err)
{
    unsigned width = width_of(limit - 1);
    size_t bytes = (width + 7) / 8;
    wide mask = width ? ~(wide)0 >> (128 - width) : 0;
    do {
        *out = 0;
        TRY(random_bytes(bits, out, bytes, err));
        *out &= mask;
    } while (*out >= limit);
    return STATUS_OK;
}

static enum status below_mpz(struct random_bits *bits, const mpz_t limit, mpz_t out,
                             struct error *err)
{
    enum { BYTES = 128 };
    unsigned char raw[BYTES];
    size_t width = mpz_sizeinbase(limit, 2), len = (width + 7) / 8;
    if (len > BYTES)
        return error_set(err, STATUS_INTERNAL, NULL, "a fraction of noise grew too long");
    do {
        TRY(random_bytes(bits, raw, len, err));
        mpz_import(out, len, 1, 1, 0, 0, raw);
        mpz_fdiv_r_2exp(out, out, width);
    } while (mpz_cmp(out, limit) >= 0);
    return STATUS_OK;
}

/* ---- Bernoulli(exp(-n/d)) ---- */

/* For 0 <= n <= d < WIDE_SAFE (Algorithm 1): the run of successes of chance n/(d k) is even. */
static enum status exp_below_one(struct random_bits *bits, wide n, wide d, bool *out,
                                 struct error *err)
{
    for (wide k = 1;; k++) {
        wide draw;
        TRY(below(bits, d * k, &draw, err));
        if (draw >= n) {
            *out = k & 1;
            return STATUS_OK;
        }
    }
}

static enum status exp_of(struct random_bits *bits, wide n, wide d, bool *out, struct error *err)
{
    *out = true;
    for (; n > d; n -= d) {
        TRY(exp_below_one(bits, 1, 1, out, err));
        if (!*out)
            return STATUS_OK;
    }
    return exp_below_one(bits, n, d, out, err);
}

/* The same for numbers of any size; N is used up. */
static enum status exp_of_mpz(struct random_bits *bits, mpz_t n, const mpz_t d, bool *out,
                              struct error *err)
{
    enum status status = STATUS_OK;
    mpz_t limit, draw;
    mpz_init(limit);
    mpz_init(draw);
    *out = true;
    while (mpz_cmp(n, d) > 0) {
        TRY_CLEANUP(exp_below_one(bits, 1, 1, out, err));
        if (!*out)
            goto cleanup;
        mpz_sub(n, n, d);
    }
    for (unsigned long k = 1;; k++) {
        mpz_mul_ui(limit, d, k);
        TRY_CLEANUP(below_mpz(bits, limit, draw, err));
        if (mpz_cmp(draw, n) >= 0) {
            *out = k & 1;
            break;
        }
    }
cleanup:
    mpz_clear(limit);
    mpz_clear(draw);
    return status;
}

/* ---- Laplace ---- */

/* |Z| and its sign for the scale t/s (Algorithm 2). */
static enum status laplace(struct random_bits *bits, uint64_t t, uint64_t s, uint64_t *size,
                           bool *negative, struct error *err)
{
    for (;;) {
        wide u;
        uint64_t v = 0;
        bool more;
        unsigned coin;
        TRY(below(bits, t, &u, err));
        TRY(exp_below_one(bits, u, t, &more, err));
        if (!more)
            continue;
        for (;; v++) {
            TRY(exp_below_one(bits, 1, 1, &more, err));
            if (!more)
                break;
        }
        TRY(random_coin(bits, &coin, err));
        wide value = (u + (wide)t * v) / s;
        if (coin && value == 0)
            continue; /* zero has one sign */
        if (value > INT64_MAX)
            return error_set(err, STATUS_INTERNAL, NULL, "a draw of noise beyond 64 bits");
        *size = (uint64_t)value;
        *negative = coin;
        return STATUS_OK;
    }
}

static enum status check_scale(struct noise_scale scale, struct error *err)
{
    if (scale.num >= 1 && scale.num <= NOISE_SCALE_MAX && scale.den >= 1 &&
        scale.den <= NOISE_SCALE_MAX)
        return STATUS_OK;
    return error_set(err, STATUS_PLAN, NULL, "the scale of noise is out of range");
}

enum status noise_laplace(struct noise_scale scale, struct random_bits *bits, int64_t *out,
                          size_t count, struct error *err)
{
    TRY(check_scale(scale, err));
    for (size_t i = 0; i < count; i++) {
        uint64_t size;
        bool negative;
        TRY(laplace(bits, scale.num, scale.den, &size, &negative, err));
        out[i] = negative ? -(int64_t)size : (int64_t)size;
    }
    return STATUS_OK;
}

/* ---- Gaussian ---- */

/* sigma^2 = a/b; proposals are Laplace of scale t = floor(sigma) + 1. */
struct gaussian {
    uint64_t a, b, t;
};

static uint64_t square_root(uint64_t n)
{
    uint64_t low = 0, high = UINT64_C(1) << 32;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (middle * middle <= n)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/*
 * Bernoulli(exp(-(y - sigma^2/t)^2 / (2 sigma^2))), whose exponent is (y b t - a)^2 / (2 a b t^2).
 */
static enum status accept(const struct gaussian *g, struct random_bits *bits, uint64_t y, bool *out,
                          struct error *err)
{
    wide bt, ybt, d;
    bool narrow = !__builtin_mul_overflow((wide)g->b, (wide)g->t, &bt) &&
                  !__builtin_mul_overflow((wide)y, bt, &ybt) && ybt < (wide)1 << 47 &&
                  g->a < UINT64_C(1) << 47 &&
                  !__builtin_mul_overflow((wide)2 * g->a * g->b, (wide)g->t * g->t, &d) &&
                  d < WIDE_SAFE;
    if (narrow) {
        wide gap = ybt > g->a ? ybt - g->a : g->a - ybt;
        return exp_of(bits, gap * gap, d, out, err);
    }
    mpz_t n, den;
    mpz_init_set_ui(n, g->b);
    mpz_mul_ui(n, n, g->t);
    mpz_mul_ui(n, n, y);
    mpz_sub_ui(n, n, g->a);
    mpz_mul(n, n, n);
    mpz_init_set_ui(den, g->a);
    mpz_mul_ui(den, den, g->b);
    mpz_mul_ui(den, den, g->t);
    mpz_mul_ui(den, den, g->t);
    mpz_mul_2exp(den, den, 1);
    enum status status = exp_of_mpz(bits, n, den, out, err);
    mpz_clear(n);
    mpz_clear(den);
    return status;
}

enum status noise_gaussian(struct noise_scale scale, struct random_bits *bits, int64_t *out,
                           size_t count, struct error *err)
{
    TRY(check_scale(scale, err));
    struct gaussian g = {scale.num, scale.den, square_root(scale.num / scale.den) + 1};
    for (size_t i = 0; i < count;) {
        uint64_t size;
        bool negative, accepted;
        TRY(laplace(bits, g.t, 1, &size, &negative, err));
        TRY(accept(&g, bits, size, &accepted, err));
        if (accepted)
            out[i++] = negative ? -(int64_t)size : (int64_t)size;
    }
    return STATUS_OK;
}
