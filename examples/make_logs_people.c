/* Users, times and models of the generator: see make_logs_people.h. */
#include "examples/make_logs_people.h"

#include "base/civil.h"
#include "examples/make_logs_languages.h"

enum {
    PROPERTY_ID = 1,
    PROPERTY_ID_LOW,
    PROPERTY_USER_KEY,
    PROPERTY_USER_KEY_LOW,
    PROPERTY_USER_TRAITS
};

const char *const people_models[MODEL_COUNT] = {"gpt-3.5-turbo", "gpt-4",       "gpt-4-turbo",
                                                "gpt-4o",        "gpt-4o-mini", "o1-preview"};
const char *const people_accounts[ACCOUNT_COUNT] = {"free", "plus", "business"};
const char *const people_surfaces[SURFACE_COUNT] = {"web", "ios", "android", "desktop"};
const char *const people_countries[COUNTRY_COUNT] = {
    "United States", "India",  "Brazil", "Germany", "France",        "Mexico",
    "Japan",         "Russia", "China",  "Egypt",   "Côte d'Ivoire", "South Korea"};

/* Where speakers of a language live, of 100; rows as language_sources. */
static const uint16_t homes[LANGUAGE_COUNT][COUNTRY_COUNT] = {
    {66, 20, 2, 3, 2, 2, 1, 1, 1, 1, 0, 1}, {25, 0, 0, 0, 0, 75, 0, 0, 0, 0, 0, 0},
    {4, 0, 0, 96, 0, 0, 0, 0, 0, 0, 0, 0},  {10, 0, 0, 0, 0, 0, 2, 0, 88, 0, 0, 0},
    {2, 0, 0, 0, 80, 0, 0, 0, 0, 0, 18, 0}, {3, 0, 97, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    {2, 0, 0, 8, 0, 0, 0, 90, 0, 0, 0, 0},  {2, 0, 0, 0, 0, 0, 98, 0, 0, 0, 0, 0},
    {5, 0, 0, 0, 5, 0, 0, 0, 0, 90, 0, 0},  {4, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    {4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 96},
};

/* Weights of models from a month on, of 100. */
static const struct era {
    int month; /* 0 is December 2022 */
    uint16_t free[MODEL_COUNT], paying[MODEL_COUNT];
} eras[] = {
    {0, {100, 0, 0, 0, 0, 0}, {100, 0, 0, 0, 0, 0}},
    {3, {100, 0, 0, 0, 0, 0}, {60, 40, 0, 0, 0, 0}},
    {11, {100, 0, 0, 0, 0, 0}, {25, 35, 40, 0, 0, 0}},
    {17, {70, 0, 0, 30, 0, 0}, {10, 15, 15, 60, 0, 0}},
    {19, {5, 0, 0, 35, 60, 0}, {2, 8, 10, 70, 10, 0}},
    {21, {0, 0, 0, 35, 65, 0}, {0, 8, 4, 68, 8, 12}},
};

void people_init(struct people *people, uint64_t seed, uint64_t conversations)
{
    static const uint8_t weekday[7] = {10, 11, 11, 10, 9, 6, 6};
    *people = (struct people){.seed = seed, .conversations = conversations};
    uint64_t users = conversations / 5 + 8;
    people->users = users < UINT32_MAX / 2 ? (uint32_t)users : UINT32_MAX / 2;
    people->first_day = civil_days((struct civil_date){2022, 12, 1});
    for (int day = 0; day < DAY_COUNT; day++) {
        struct civil_date date = civil_from_days(people->first_day + day);
        people->month_of_day[day] = (uint8_t)((date.year - 2022) * 12 + date.month - 12);
        uint32_t weight =
            (120 + 2 * (uint32_t)day) * weekday[civil_weekday(people->first_day + day)];
        people->day_sums[day + 1] = people->day_sums[day] + weight;
    }
}

/*
 * Zipf-like: a class of users chosen evenly among those that double in size, so that a user's share
 * falls with the rank. The first class is wide enough that nobody writes everything.
 */
static uint32_t choose_user(const struct people *people, struct random *random)
{
    uint32_t first = people->users / 4096 > 8 ? people->users / 4096 : 8;
    uint32_t classes = 1;
    for (uint64_t end = first; end < people->users; end *= 2)
        classes++;
    uint32_t class = random_below(random, classes);
    uint64_t low = class == 0 ? 0 : (uint64_t)first << (class - 1), high = (uint64_t)first << class;
    if (high > people->users)
        high = people->users;
    return (uint32_t)low + random_below(random, (uint32_t)(high - low));
}

/* Logs are kept roughly in the order of time: near the place that the index has in the set. */
static int64_t choose_time(const struct people *people, uint64_t index, struct random *random,
                           int *month)
{
    static const uint16_t hours[24] = {30, 22, 18, 15, 15, 18, 25, 35, 48, 56, 60, 60,
                                       56, 58, 60, 60, 58, 54, 50, 48, 47, 45, 40, 22};
    uint64_t total = people->day_sums[DAY_COUNT];
    uint64_t at = index * total / people->conversations; /* give or take a fiftieth of the total */
    at += random_below(random, (uint32_t)(total / 25));
    at = at < total / 50 ? total / 50 - at : at - total / 50;
    if (at >= total)
        at = 2 * total - 1 - at;
    int low = 0, high = DAY_COUNT;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (people->day_sums[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    *month = people->month_of_day[low];
    uint32_t hour = random_weighted(random_below(random, 1000), hours);
    return (people->first_day + low) * 86400 + hour * 3600 + random_below(random, 3600);
}

static int choose_model(int month, int account, struct random *random)
{
    size_t era = 0;
    while (era + 1 < sizeof eras / sizeof *eras && eras[era + 1].month <= month)
        era++;
    const uint16_t *weights = account == ACCOUNT_FREE ? eras[era].free : eras[era].paying;
    return (int)random_weighted(random_below(random, 100), weights);
}

void people_meet(const struct people *people, uint64_t index, struct random *random,
                 struct meta *meta)
{
    *meta = (struct meta){.index = index};
    meta->id[0] = random_hash(people->seed, PROPERTY_ID, index);
    meta->id[1] = random_hash(people->seed, PROPERTY_ID_LOW, index);
    meta->user = choose_user(people, random);
    meta->time = choose_time(people, index, random, &meta->month);

    uint64_t traits = random_hash(people->seed, PROPERTY_USER_TRAITS, meta->user);
    uint32_t dice = (uint32_t)(traits & 0xffff) * 1000 >> 16;
    for (meta->language = 0; dice >= language_sources[meta->language].weight; meta->language++)
        dice -= language_sources[meta->language].weight;
    meta->country =
        (int)random_weighted((uint32_t)(traits >> 16 & 0xffff) * 100 >> 16, homes[meta->language]);
    uint32_t kind = (uint32_t)(traits >> 32 & 0xffff) * 100 >> 16;
    int upgrade = (int)(traits >> 48 & 0x3f); /* the month, often never */
    meta->account = kind < 14                             ? ACCOUNT_BUSINESS
                    : kind < 30 || upgrade <= meta->month ? ACCOUNT_PLUS
                                                          : ACCOUNT_FREE;
    if (meta->language != LANGUAGE_ENGLISH && random_below(random, 100) < 15)
        meta->language = LANGUAGE_ENGLISH;
    if (random_below(random, 100) < 3) /* travels */
        meta->country = (int)random_below(random, COUNTRY_COUNT);
    meta->model = choose_model(meta->month, meta->account, random);
    meta->surface = (int)random_below(random, SURFACE_COUNT);
}

void people_user_key(const struct people *people, uint32_t user, uint64_t key[2])
{
    key[0] = random_hash(people->seed, PROPERTY_USER_KEY, user);
    key[1] = random_hash(people->seed, PROPERTY_USER_KEY_LOW, user);
}
