/* Numbers to so many digits: see rounding.h. */
#include "base/rounding.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECIMALS_MAX = 10 };

/* Bits of a double that sums and quotients may have lost. */
static const double slack_of = 4e-16;

double rounding_apply(double number, int decimals, enum rounding rounding)
{
    double scale = pow(10, decimals), scaled = number * scale, slack = fabs(scaled) * slack_of;
    if (rounding == ROUND_DOWN)
        return floor(scaled + slack) / scale;
    return rounding == ROUND_UP ? ceil(scaled - slack) / scale : number;
}

int rounding_decimals(double number, int least)
{
    double size = fabs(number);
    int decimals = size > 0 && size < 100 ? 2 - (int)floor(log10(size)) : 0;
    return decimals < least ? least : decimals > DECIMALS_MAX ? DECIMALS_MAX : decimals;
}

void rounding_text(double number, int decimals, enum rounding rounding,
                   char text[static ROUNDING_TEXT_SIZE])
{
    snprintf(text, ROUNDING_TEXT_SIZE, "%.*f", decimals,
             rounding_apply(number, decimals, rounding));
    /* 1e-14 of itself: less than any digit told, and more than a percentage loses. */
    if (!strchr(text, '.') || fabs(strtod(text, NULL) - number) > 1e-14 * fabs(number))
        return;
    size_t len = strlen(text);
    while (text[len - 1] == '0')
        text[--len] = '\0';
    if (text[len - 1] == '.')
        text[len - 1] = '\0';
}

void rounding_percent_text(double share, enum rounding rounding,
                           char text[static ROUNDING_TEXT_SIZE])
{
    double percent = share * 100;
    int decimals = rounding_decimals(percent, 0), lacking = rounding_decimals(100 - percent, 0);
    char digits[ROUNDING_TEXT_SIZE];
    rounding_text(percent, lacking > decimals ? lacking : decimals, rounding, digits);
    snprintf(text, ROUNDING_TEXT_SIZE, "%.60s %%", digits);
}
