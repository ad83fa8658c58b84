/*
 * Figures of several tables that count conversations by combinations, such as of terms: each has a
 * pattern, the combination as far as all of these tables tell it. With their signs, those of one
 * pattern add up to 0, and are tied.
 */
#ifndef PROFFER_COMBINATION_SUMS_H
#define PROFFER_COMBINATION_SUMS_H

#include "base/error.h"
#include "base/intern.h"
#include "queries/tally.h"
#include "queries/tally_ties.h"

#include <stddef.h>

struct combination_figure;

struct combination_sums {
    struct intern patterns;
    struct combination_figure *items;
    size_t count, capacity;
};

void combination_sums_init(struct combination_sums *sums);
void combination_sums_release(struct combination_sums *sums);

/* PATTERN, of LEN bytes, is copied. */
PROFFER_MUST_USE enum status combination_sums_add(struct combination_sums *sums,
                                                  const char *pattern, size_t len,
                                                  struct tally_place place, struct error *err);

/* Ties the figures of each pattern, by means of PLACES, which is empty and stays so.
 * STATUS_INTERNAL as places_bind. */
PROFFER_MUST_USE enum status combination_sums_bind(struct combination_sums *sums,
                                                   struct places *places, struct tally *tally,
                                                   struct error *err);

/* A figure of the conversations that have the slots LIST[COUNT] of a query, ascending, and no other
 * one; its sign is 1. */
typedef enum status combination_see(void *context, const unsigned char *list, size_t count,
                                    struct tally_place place, struct error *err);

/* All of ATOMS, but those whose slots are not known. */
PROFFER_MUST_USE enum status combination_each(const struct tally_atoms *atoms, combination_see *see,
                                              void *context, struct error *err);

#endif
