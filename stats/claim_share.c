/*
 * Decimal text to a number of units, in integers; see the header.
 *
 * With q = 0.d1 d2 d3 ..., N q is worked out from the last digit to the first: t <- (N d + t) / 10,
 * noting whether any division left a remainder. Since floor((a + floor(b)) / 10) = floor((a + b) /
 * 10) for integers a, t ends as floor(N q), and the remainder tells whether to round up. 10 N must
 * fit into 64 bits, which the limit of populations ensures.
 */
#include "stats/claim_share.h"

#include "stats/hypergeometric.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Zeros after which nothing is left of N <= 10^12. */
#define ZEROS_MAX    20
#define EXPONENT_MAX 1000000

/* A decimal as text: its digits from FIRST to LAST (points in between are skipped), the first and
 * last of them not 0, and the value 0.DIGITS times 10^EXPONENT. No digits: the number is 0. */
struct decimal {
    const char *first, *last;
    int digits;
    long exponent;
};

static enum status share_invalid(const char *text, struct error *err)
{
    return error_set(err, STATUS_PLAN, NULL, "\"%s\" is not a decimal number", text);
}

static enum status share_outside(const char *text, struct error *err)
{
    error_set(err, STATUS_PLAN, NULL, "a share must lie between 0 and 1, not %s", text);
    return error_hint(err, "a share of 99.99 %% is written 0.9999");
}

/* [eE][+-]digits at *END; the value stays within +-EXPONENT_MAX. False if it is malformed. */
static bool parse_exponent(const char *text, const char **end, long *exponent)
{
    bool negative = text[1] == '-';
    const char *p = text + 1 + (text[1] == '-' || text[1] == '+');
    if (!isdigit((unsigned char)*p))
        return false;
    for (; isdigit((unsigned char)*p); p++)
        if (*exponent < EXPONENT_MAX)
            *exponent = *exponent * 10 + (*p - '0');
    if (*exponent > EXPONENT_MAX)
        *exponent = EXPONENT_MAX;
    if (negative)
        *exponent = -*exponent;
    *end = p;
    return true;
}

static enum status parse(const char *text, struct decimal *out, struct error *err)
{
    const char *p = text, *first = NULL, *last = NULL;
    long point = 0, exponent = 0; /* point: digits from the first that counts to the point */
    bool seen_point = false, any = false;
    for (; isdigit((unsigned char)*p) || (*p == '.' && !seen_point); p++) {
        if (*p == '.') {
            seen_point = true;
            continue;
        }
        any = true;
        if (*p != '0') {
            first = first ? first : p;
            last = p;
        }
        if (first && !seen_point)
            point++;
        else if (!first && seen_point)
            point--;
    }
    if (!any)
        return share_invalid(text, err);
    if ((*p == 'e' || *p == 'E') && !parse_exponent(p, &p, &exponent))
        return share_invalid(text, err);
    if (*p != '\0')
        return share_invalid(text, err);
    int digits = 0;
    for (const char *d = first; d && d <= last && digits < EXPONENT_MAX; d++)
        digits += *d != '.';
    *out = (struct decimal){first, last, digits, point + exponent};
    return STATUS_OK;
}

static enum status allowed_of(const struct decimal *q, const char *text, uint64_t population,
                              uint64_t *allowed, struct error *err)
{
    if (q->digits == 0) {
        *allowed = population;
        return STATUS_OK;
    }
    if (q->exponent == 1 && q->digits == 1 && *q->first == '1') {
        *allowed = 0;
        return STATUS_OK;
    }
    if (q->exponent > 0)
        return share_outside(text, err);

    uint64_t t = 0;
    bool remainder = false;
    for (const char *d = q->last + 1; d-- > q->first;) {
        if (*d == '.')
            continue;
        t += population * (uint64_t)(*d - '0');
        remainder |= t % 10 != 0;
        t /= 10;
    }
    long zeros = -q->exponent < ZEROS_MAX ? -q->exponent : ZEROS_MAX;
    for (; zeros > 0; zeros--) {
        remainder |= t % 10 != 0;
        t /= 10;
    }
    *allowed = population - t - (remainder ? 1 : 0);
    return STATUS_OK;
}

/* The decimal of fewest digits, 15 at least, that reads as VALUE. */
static void shortest(double value, char text[32])
{
    for (int precision = 15; precision <= 17; precision++) {
        (void)snprintf(text, 32, "%.*g", precision, value);
        if (strtod(text, NULL) == value)
            return;
    }
}

static enum status check_population(uint64_t population, struct error *err)
{
    if (population <= HYPERGEOMETRIC_POPULATION_MAX)
        return STATUS_OK;
    return error_set(err, STATUS_PLAN, NULL,
                     "a population of %" PRIu64 " units is more than the %" PRIu64
                     " that bounds are computed for",
                     population, HYPERGEOMETRIC_POPULATION_MAX);
}

enum status claim_allowed(const char *share, uint64_t population, uint64_t *allowed,
                          struct error *err)
{
    struct decimal q = {0};
    TRY(check_population(population, err));
    if (share[0] == '-' && isdigit((unsigned char)share[1]))
        return share_outside(share, err);
    TRY(parse(share, &q, err));
    char text[32];
    double value = q.digits == 16 || q.digits == 17 ? strtod(share, NULL) : 0;
    if (value > 0 && value < 1) {
        shortest(value, text);
        TRY(parse(text, &q, err));
        share = text;
    }
    return allowed_of(&q, share, population, allowed, err);
}

enum status claim_allowed_real(double share, uint64_t population, uint64_t *allowed,
                               struct error *err)
{
    char text[32];
    struct decimal q = {0};
    TRY(check_population(population, err));
    if (!(share >= 0 && share <= 1)) {
        (void)snprintf(text, sizeof text, "%.15g", share);
        return share_outside(text, err);
    }
    shortest(share, text);
    TRY(parse(text[0] == '-' ? text + 1 : text, &q, err)); /* -0 */
    return allowed_of(&q, text, population, allowed, err);
}
