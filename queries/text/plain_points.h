/*
 * Code points of three bytes that are one word that nobody asks for, in scripts without spaces
 * (CUT_SINGLE of fold.h): what known_runs.h is for runs. A point is exact, nothing is forgotten.
 */
#ifndef PROFFER_PLAIN_POINTS_H
#define PROFFER_PLAIN_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plain_points {
    uint64_t bits[0x10000 / 64];
};

/* The code point of three bytes, or 0 if they are none. */
static inline uint32_t plain_point_of(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    bool three = (s[0] & 0xF0) == 0xE0 && (s[1] & 0xC0) == 0x80 && (s[2] & 0xC0) == 0x80;
    return three ? (uint32_t)(s[0] & 0xF) << 12 | (uint32_t)(s[1] & 0x3F) << 6 | (s[2] & 0x3F) : 0;
}

static inline void plain_points_add(struct plain_points *points, uint32_t point)
{
    points->bits[point / 64] |= (uint64_t)1 << point % 64;
}

/* How many plain points follow one another from the beginning of TEXT. */
static inline size_t plain_points_count(const struct plain_points *points, const char *text,
                                        size_t len)
{
    size_t count = 0;
    while (3 * count + 3 <= len) {
        uint32_t point = plain_point_of(text + 3 * count);
        if (!(points->bits[point / 64] >> point % 64 & 1))
            break;
        count++;
    }
    return count;
}

#endif
