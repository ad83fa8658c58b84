/* Privacy budgets: see accountant.h. */
#include "release/accountant.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

/* ---- numbers ---- */

enum { PLACES = 12 };
#define RHO_MOST (1000000 * RHO_ONE)

/* Digits of TEXT ("12.5e-3") into DIGITS, the power of ten that the last one has into *POWER. */
static bool split_decimal(const char *text, char digits[static 64], long *power)
{
    size_t used = 0;
    long places = 0, exponent = 0;
    bool point = false, any = false;
    const char *at = text;
    for (; isdigit((unsigned char)*at) || (*at == '.' && !point); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        any = true;
        places += point;
        if (used == 0 && *at == '0')
            continue;
        if (used == 60)
            return false;
        digits[used++] = *at;
    }
    if (*at == 'e' || *at == 'E') {
        char *end;
        exponent = strtol(at + 1, &end, 10);
        if (end == at + 1 || exponent < -9999 || exponent > 9999)
            return false;
        at = end;
    }
    digits[used] = '\0';
    *power = exponent - places;
    return any && *at == '\0';
}

enum status rho_parse(const char *text, uint64_t *rho, struct error *err)
{
    char digits[64];
    long power;
    wide value = 0;
    if (!split_decimal(text, digits, &power))
        return error_set(err, STATUS_PLAN, NULL, "must be a decimal number above 0");
    long len = (long)strlen(digits), kept = len + power + PLACES; /* digits from 1e-12 up */
    if (len == 0)
        return error_set(err, STATUS_PLAN, NULL, "must be above 0");
    if (kept > 19)
        return error_set(err, STATUS_PLAN, NULL, "is more than 1,000,000: no protection at all");
    for (long i = 0; i < kept; i++)
        value = value * 10 + (i < len ? (unsigned)(digits[i] - '0') : 0);
    if (value == 0)
        return error_set(err, STATUS_PLAN, NULL,
                         "is below 1e-12: noise would drown whatever it is added to");
    if (value > RHO_MOST)
        return error_set(err, STATUS_PLAN, NULL, "is more than 1,000,000: no protection at all");
    *rho = (uint64_t)value;
    return STATUS_OK;
}

void rho_text(uint64_t rho, char text[static RHO_TEXT])
{
    snprintf(text, RHO_TEXT, "%" PRIu64 ".%012" PRIu64, rho / RHO_ONE, rho % RHO_ONE);
    size_t len = strlen(text);
    while (text[len - 1] == '0')
        text[--len] = '\0';
    if (text[len - 1] == '.')
        text[--len] = '\0';
}

uint64_t delta_up(double delta)
{
    double units = ceil(delta * (double)DELTA_ONE);
    return units < (double)DELTA_ONE ? (uint64_t)units : DELTA_ONE;
}

static wide divide_up(wide a, wide b)
{
    return a / b + (a % b != 0);
}

uint64_t rho_of_epsilon(uint64_t epsilon)
{
    wide rho = divide_up((wide)epsilon * epsilon, (wide)2 * RHO_ONE);
    return rho > UINT64_MAX ? UINT64_MAX : (uint64_t)rho;
}

/* NUM / DEN rounded up, as a fraction of 2^20 where it is small and whole else. */
static enum status make_scale(wide num, wide den, struct noise_scale *out, struct error *err)
{
    enum { FINE = 20 };
    bool small = num / den < (wide)1 << 40 && num < (wide)1 << (127 - FINE);
    wide scale = divide_up(small ? num << FINE : num, den);
    if (scale > NOISE_SCALE_MAX)
        return error_set(err, STATUS_PLAN, NULL, "so little budget needs noise beyond all numbers");
    *out = (struct noise_scale){(uint64_t)(scale ? scale : 1), small ? UINT64_C(1) << FINE : 1};
    return STATUS_OK;
}

enum status scale_of_gaussian(uint64_t l2_squared, uint64_t rho, struct noise_scale *out,
                              struct error *err)
{
    return make_scale((wide)l2_squared * RHO_ONE, (wide)2 * rho, out, err);
}

enum status scale_of_laplace(uint64_t l1, uint64_t epsilon, struct noise_scale *out,
                             struct error *err)
{
    return make_scale((wide)l1 * RHO_ONE, epsilon, out, err);
}

/* ---- conversions ---- */

/* ln(1 - 1/a) for a = 1 + LESS. */
static double log_share(double less)
{
    return less < 1 ? log(less / (1 + less)) : log1p(-1 / (1 + less));
}

double accountant_delta(double rho, double epsilon)
{
    if (rho <= 0)
        return 0;
    /*
     * The logarithm is convex in a; its slope is (2a - 1) rho - epsilon + ln(1 - 1/a). LESS is a -
     * 1, which has the digits near 1; at the minimum an error of 1e-9 in it is one of 1e-18.
     */
    double low = 1e-300, high = (epsilon + 1) / (2 * rho) + 1;
    for (int i = 0; i < 2200 && high > low * (1 + 1e-9); i++) {
        double less = high > 4 * low ? sqrt(low) * sqrt(high) : low + (high - low) / 2,
               a = 1 + less;
        if ((2 * a - 1) * rho - epsilon + log_share(less) < 0)
            low = less;
        else
            high = less;
    }
    double a = 1 + high;
    double log_delta = high * (a * rho - epsilon) + a * log_share(high) - log(high);
    return fmin(exp(log_delta), 1);
}

double accountant_epsilon(double rho, double delta)
{
    double low = 0, high = rho + 2 * sqrt(rho * log(1 / delta)); /* Bun and Steinke 2016 */
    if (rho <= 0 || accountant_delta(rho, 0) <= delta)
        return 0;
    for (int i = 0; i < 200 && high > low * (1 + 1e-14); i++) {
        double middle = low + (high - low) / 2;
        if (accountant_delta(rho, middle) <= delta)
            high = middle;
        else
            low = middle;
    }
    return high * (1 + 1e-13);
}

double accountant_rho(double epsilon, double delta)
{
    double low = 0, high = epsilon + 1;
    for (int i = 0; i < 200 && high > low * (1 + 1e-14); i++) {
        double middle = low + (high - low) / 2;
        if (accountant_delta(middle, epsilon) <= delta)
            low = middle;
        else
            high = middle;
    }
    return low * (1 - 1e-13);
}
