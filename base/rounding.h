/*
 * Numbers to so many digits, so that what is written claims no more than the number does: ends of a
 * range are rounded outward.
 */
#ifndef PROFFER_ROUNDING_H
#define PROFFER_ROUNDING_H

enum rounding { ROUND_NEAREST, ROUND_DOWN, ROUND_UP };

enum { ROUNDING_TEXT_SIZE = 64 };

/* NUMBER to so many DECIMALS, down or up; as it is for the nearest, which printf finds. One that
 * stands in these digits already is not pushed on by its last bit. */
double rounding_apply(double number, int decimals, enum rounding rounding);

/* Decimals that show three digits of NUMBER: LEAST to 10. */
int rounding_decimals(double number, int least);

/* NUMBER with DECIMALS into TEXT, "12.30"; without the zeros at the end where it is told exactly:
 * "12.3". */
void rounding_text(double number, int decimals, enum rounding rounding,
                   char text[static ROUNDING_TEXT_SIZE]);

/* SHARE as a percentage with three significant digits of itself or of what it lacks to the whole,
 * whichever is finer: "0.0124 %", "99.9877 %", "4.20 %" for 0.041963, "4.2 %" for 0.042. */
void rounding_percent_text(double share, enum rounding rounding,
                           char text[static ROUNDING_TEXT_SIZE]);

#endif
