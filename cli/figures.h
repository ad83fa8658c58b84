/* Numbers as commands print them: with commas, and shares rounded away from the estimate. */
#ifndef PROFFER_FIGURES_H
#define PROFFER_FIGURES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { FIGURE_TEXT = 64 };

/* "20,000,000" into TEXT, which is returned. */
const char *figure_count(uint64_t count, char text[static FIGURE_TEXT]);

/*
 * A share as a percentage of six digits, "0.0206351 %", rounded down or UP, never to the nearest,
 * so that a bound says no more than it is. Into TEXT, which is returned.
 */
const char *figure_share(double share, bool up, char text[static FIGURE_TEXT]);

/* Prints TEXT in lines of at most 90 columns, each indented by INDENT. */
void figure_paragraph(const char *text, unsigned indent, FILE *out);

#endif
