/* Numbers as commands print them: see figures.h. */
#include "cli/figures.h"

#include "report/number_text.h"
#include "report/text_width.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 6, LINE_WIDTH = 90 };

const char *figure_count(uint64_t count, char text[static FIGURE_TEXT])
{
    number_count_text(count, text);
    return text;
}

const char *figure_share(double share, bool up, char text[static FIGURE_TEXT])
{
    double percent = 100 * share;
    int exponent = percent > 0 ? (int)floor(log10(percent)) : 0;
    int decimals = DIGITS - 1 - exponent;
    decimals = decimals < 0 ? 0 : decimals > 20 ? 20 : decimals;
    snprintf(text, FIGURE_TEXT, "%.*f", decimals, percent);
    double shown = strtod(text, NULL), unit = pow(10, -decimals), slack = 1e-13 * percent;
    if (up && shown < percent - slack)
        shown += unit;
    if (!up && shown > percent + slack)
        shown -= unit;
    int used = snprintf(text, FIGURE_TEXT, "%.*f", decimals, shown);
    if (decimals > 0) /* no trailing zeros */
        while (text[used - 1] == '0' || text[used - 1] == '.')
            if (text[--used] == '.')
                break;
    snprintf(text + used, FIGURE_TEXT - (size_t)used, " %%");
    return text;
}

void figure_paragraph(const char *text, unsigned indent, FILE *out)
{
    size_t left = strlen(text);
    while (left > 0) {
        size_t next;
        size_t bytes = text_width_line(text, left, LINE_WIDTH - indent, &next);
        fprintf(out, "%*s%.*s\n", (int)indent, "", (int)bytes, text);
        text += next;
        left -= next;
    }
}
