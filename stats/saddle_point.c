/*
 * Stirling's error and the deviance in long double; see the header.
 *
 * Stirling's error: a table for n < 16 (computed with 40 digits), then the asymptotic series
 * sum of B(2k) / (2k (2k-1) n^(2k-1)), whose ninth term is below 1e-20 at n = 16.
 * Limit: long double of 64 bits or more of mantissa for the accuracy that is promised.
 */
#include "stats/saddle_point.h"

#include <math.h>
#include <stddef.h>

static const long double small_errors[16] = {
    0.0L,
    0.08106146679532725821967L,
    0.04134069595540929409382L,
    0.02767792568499833914879L,
    0.02079067210376509311152L,
    0.01664469118982119216319L,
    0.01387612882307074799875L,
    0.01189670994589177009506L,
    0.01041126526197209649748L,
    0.009255462182712732917729L,
    0.008330563433362871256469L,
    0.007573675487951840794972L,
    0.006942840107209529865664L,
    0.00640899418800420706844L,
    0.005951370112758847735624L,
    0.005554733551962801371039L,
};

/* B(2k) / (2k (2k-1)) for k = 1 to 8. */
static const long double series[8] = {
    1.0L / 12,   -1.0L / 360,      1.0L / 1260, -1.0L / 1680,
    1.0L / 1188, -691.0L / 360360, 1.0L / 156,  -3617.0L / 122400,
};

/* For z >= 16. */
static long double stirling_series(long double z)
{
    long double r = 1 / z, r2 = r * r, sum = 0;
    /* Fewer terms are needed the larger z is: z^-2k falls below the rounding of the first. */
    int k = z > 1000000 ? 2 : z > 500 ? 4 : 8;
    while (k > 0)
        sum = sum * r2 + series[--k];
    return sum * r;
}

long double stirling_error(uint64_t n)
{
    return n < 16 ? small_errors[n] : stirling_series((long double)n);
}

long double stirling_error_real(long double z)
{
    if (z >= 16)
        return stirling_series(z);
    const long double half_log_two_pi = 0.918938533204672741780329736405617640L;
    int sign;
    return lgammal_r(z, &sign) - ((z - 0.5L) * logl(z) - z + half_log_two_pi);
}

long double deviance(long double x, long double m, long double d)
{
    if (x == 0)
        return m;
    if (fabsl(d) >= 0.1L * (x + m))
        return x * logl(x / m) - d;
    /* ln(x/m) = 2 atanh(v), v = (x-m)/(x+m): x ln(x/m) - (x-m) = d v + 2x (v^3/3 + v^5/5 + ...). */
    long double v = d / (x + m), v2 = v * v, sum = d * v, power = 2 * x * v;
    for (int j = 1; j < 64; j++) {
        power *= v2;
        long double next = sum + power / (long double)(2 * j + 1);
        if (next == sum)
            break;
        sum = next;
    }
    return sum;
}
