/*
 * Who writes, when, from where and to which model: heavy-tailed users, use that grows from December
 * 2022 to December 2024 with a weekly pattern, models that come and go.
 *
 * What a conversation is about a user and a moment follows from hashes of the seed, so that any
 * conversation's metadata can be had without those before it.
 */
#ifndef MAKE_LOGS_PEOPLE_H
#define MAKE_LOGS_PEOPLE_H

#include "examples/make_logs_random.h"

#include <stdint.h>

enum {
    DAY_COUNT = 762,
    MONTH_COUNT = 25,
    MODEL_COUNT = 6,
    COUNTRY_COUNT = 12,
    ACCOUNT_COUNT = 3,
    SURFACE_COUNT = 4
};
enum { ACCOUNT_FREE, ACCOUNT_PLUS, ACCOUNT_BUSINESS };

extern const char *const people_models[MODEL_COUNT];
extern const char *const people_countries[COUNTRY_COUNT];
extern const char *const people_accounts[ACCOUNT_COUNT];
extern const char *const people_surfaces[SURFACE_COUNT];

#define NOBODY UINT32_MAX

/* -1 where a record does not carry it. */
struct meta {
    uint64_t index; /* of the conversation: 0, 1, 2, ... in the order of the files */
    uint64_t id[2]; /* 128 bits */
    uint32_t user;  /* or NOBODY */
    int64_t time;   /* seconds since 1970, or CIVIL_NONE */
    int month;      /* 0 is December 2022 */
    int model, country, language, account, surface;
};

struct people {
    uint64_t seed;
    uint64_t conversations;
    uint32_t users;
    int64_t first_day;                /* days since 1970 */
    uint32_t day_sums[DAY_COUNT + 1]; /* of weights */
    uint8_t month_of_day[DAY_COUNT];
};

void people_init(struct people *people, uint64_t seed, uint64_t conversations);

/* Metadata as if every record carried all of it. RANDOM is the conversation's. */
void people_meet(const struct people *people, uint64_t index, struct random *random,
                 struct meta *meta);

/* The user's name: 128 bits. */
void people_user_key(const struct people *people, uint32_t user, uint64_t key[2]);

#endif
