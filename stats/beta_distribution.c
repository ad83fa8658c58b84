/*
 * Beta tails by their continued fraction, and quantiles by Newton's method on the log tail.
 *
 * Tails. I_x(a, b) = x^a y^b / B(a, b) times a continued fraction (Didonato and Morris, ACM TOMS 18
 * (1992) 360-373, equation 9), taken on the side of the mean where its terms are positive and it
 * converges within some multiple of sqrt(a + b) steps; the other tail is the complement. The better
 * known fraction of Abramowitz and Stegun 26.5.8 has terms of both signs and loses eight digits at
 * n = 10^10. The factor before it is built from deviances and Stirling errors (saddle_point.h), so
 * that nothing large cancels.
 *
 * Quantiles. With t = ln(x / y), the density of t is log-concave, and so are both of its tails:
 * ln tail is concave and monotone in t, and Newton's method from any start converges after at most
 * one step to the wrong side. It is kept inside a bracket all the same, since roundings know no
 * theorem.
 */
#include "stats/beta_distribution.h"

#include "stats/saddle_point.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

#define TWO_PI 6.283185307179586476925286766559005768L

struct point {
    long double x, y;
};

/* ln of x^a y^b / B(a, b), for 0 < x < 1. */
static long double log_power(long double a, long double b, struct point at)
{
    long double s = a + b;
    long double sum = stirling_error_real(s) - stirling_error_real(a) - stirling_error_real(b);
    sum -= deviance(a, s * at.x, a * at.y - b * at.x);
    sum -= deviance(b, s * at.y, b * at.x - a * at.y);
    return sum + logl(a / s * b / TWO_PI) / 2;
}

/*
 * The continued fraction 1 / (B(1) + A(1) / (B(2) + A(2) / ...)) of I_x(a, b) B(a, b) / (x^a y^b)
 * for x at or below the mean a / (a + b), where all its terms are positive:
 *     A(m) = (a+m-1) (a+b+m-1) m (b-m) x^2 / (a+2m-1)^2
 *     B(m+1) = m + m (b-m) x / (a+2m-1) + (a+m) (a y - b x + 1 + m (1 + y)) / (a+2m+1)
 * A numerator turns negative where m passes b; the terms are tiny by then.
 */
static long double fraction(long double a, long double b, struct point at)
{
    long double over = a * at.y - b * at.x; /* a minus (a + b) x, without cancelling */
    long double above[2] = {0, 1}, below[2] = {1, a * (over + 1) / (a + 1)};
    long double value = above[1] / below[1];
    for (long double m = 1; m < 1e7L; m++) {
        long double odd = a + 2 * m - 1, w = m * (b - m) * at.x / odd;
        long double numerator = (a + m - 1) / odd * (a + b + m - 1) * at.x * w;
        long double term = m + w + (a + m) * (over + 1 + m * (1 + at.y)) / (a + 2 * m + 1);
        long double next_above = term * above[1] + numerator * above[0];
        long double next_below = term * below[1] + numerator * below[0];
        /* Only ratios matter: the newest denominator is kept at 1. */
        above[0] = above[1] / next_below;
        below[0] = below[1] / next_below;
        above[1] = next_above / next_below;
        below[1] = 1;
        long double moved = fabsl(above[1] - value);
        value = above[1];
        if (moved <= 0x1p-60L * value)
            break;
    }
    return value;
}

/* A tail as the logarithm of the side that was computed. */
struct tail {
    long double log;
    bool complement; /* log is that of the other tail */
};

static long double tail_log(struct tail t)
{
    return t.complement ? log1pl(-expl(t.log)) : t.log;
}

static long double tail_value(struct tail t)
{
    return t.complement ? -expm1l(t.log) : expl(t.log);
}

/* P(X <= x). */
static struct tail tail_low(long double a, long double b, struct point at)
{
    assert(a > 0 && b > 0 && isfinite(a) && isfinite(b));
    if (at.x <= 0)
        return (struct tail){-INFINITY, false};
    if (at.y <= 0)
        return (struct tail){-INFINITY, true};
    if (a * at.y >= b * at.x)
        return (struct tail){log_power(a, b, at) + logl(fraction(a, b, at)), false};
    struct point mirror = {at.y, at.x};
    return (struct tail){log_power(a, b, at) + logl(fraction(b, a, mirror)), true};
}

static struct tail low_of(struct beta_distribution beta, struct unit_point at)
{
    return tail_low(beta.a, beta.b, (struct point){at.x, at.y});
}

static struct tail high_of(struct beta_distribution beta, struct unit_point at)
{
    return tail_low(beta.b, beta.a, (struct point){at.y, at.x});
}

double beta_tail_low(struct beta_distribution beta, struct unit_point at)
{
    return (double)tail_value(low_of(beta, at));
}

double beta_tail_high(struct beta_distribution beta, struct unit_point at)
{
    return (double)tail_value(high_of(beta, at));
}

double beta_log_tail_low(struct beta_distribution beta, struct unit_point at)
{
    return (double)tail_log(low_of(beta, at));
}

double beta_log_tail_high(struct beta_distribution beta, struct unit_point at)
{
    return (double)tail_log(high_of(beta, at));
}

static struct point at_logit(long double t)
{
    long double e = expl(-fabsl(t)), small = e / (1 + e), large = 1 / (1 + e);
    return t < 0 ? (struct point){small, large} : (struct point){large, small};
}

struct unit_point beta_quantile_low(struct beta_distribution beta, double tail)
{
    assert(tail > 0 && tail < 1);
    long double a = beta.a, b = beta.b, goal = logl(tail);
    long double t = logl(a / b), below = -11000, above = 11000;
    struct point at = at_logit(t);
    for (int step = 0; step < 300; step++) {
        long double log = tail_log(tail_low(a, b, at));
        if (log < goal)
            below = t;
        else
            above = t;
        /* d ln I / dt = x y density(x) / I. */
        long double slope = expl(log_power(a, b, at) - log);
        long double next = t + (goal - log) / slope;
        if (!(next > below && next < above))
            next = below + (above - below) / 2;
        long double moved = fabsl(next - t);
        t = next;
        at = at_logit(t);
        if (moved <= 0x1p-58L * fmaxl(1, fabsl(t)))
            break;
    }
    return (struct unit_point){(double)at.x, (double)at.y};
}

struct unit_point beta_quantile_high(struct beta_distribution beta, double tail)
{
    struct unit_point mirror = beta_quantile_low((struct beta_distribution){beta.b, beta.a}, tail);
    return (struct unit_point){mirror.y, mirror.x};
}
