/*
 * Randomness of the generator: xoshiro256++ (Blackman and Vigna, 2019) seeded by SplitMix64
 * (Steele, Lea and Flood, 2014). Integers only, so that a seed gives the same logs on any machine.
 *
 * Every conversation has a stream of its own, made from the seed and its index; that is why
 * neither the number of threads nor the order of work changes what is written.
 */
#ifndef MAKE_LOGS_RANDOM_H
#define MAKE_LOGS_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state[4];
};

/* SplitMix64's finaliser: a good hash of one number. */
static inline uint64_t random_mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/* A hash of what makes a thing what it is: the seed, which property, which number. */
static inline uint64_t random_hash(uint64_t seed, uint64_t property, uint64_t number)
{
    return random_mix(random_mix(random_mix(seed) ^ property) ^ number);
}

static inline void random_init(struct random *random, uint64_t seed, uint64_t property,
                               uint64_t number)
{
    uint64_t at = random_hash(seed, property, number);
    for (int i = 0; i < 4; i++)
        random->state[i] = random_mix(at + (uint64_t)i * 0x9e3779b97f4a7c15u);
}

static inline uint64_t random_rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static inline uint64_t random_next(struct random *random)
{
    uint64_t *s = random->state;
    uint64_t result = random_rotate(s[0] + s[3], 23) + s[0];
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = random_rotate(s[3], 45);
    return result;
}

/* 0 .. COUNT-1. The bias, under COUNT / 2^32, does not matter here. */
static inline uint32_t random_below(struct random *random, uint32_t count)
{
    return (uint32_t)((random_next(random) >> 32) * count >> 32);
}

/* True PER_100K times in 100,000. */
static inline bool random_chance(struct random *random, uint32_t per_100k)
{
    return random_below(random, 100000) < per_100k;
}

/* The index of WEIGHTS (adding up to TOTAL) that a number below TOTAL falls on. */
static inline unsigned random_weighted(uint32_t number, const uint16_t *weights)
{
    unsigned i = 0;
    while (number >= weights[i])
        number -= weights[i++];
    return i;
}

/*
 * A heavy-tailed count of at least 1: level L with WEIGHTS[L] in 1,000, then uniform over
 * 2^L .. 2^(L+1)-1.
 */
static inline uint32_t random_tail(struct random *random, const uint16_t *weights)
{
    unsigned level = random_weighted(random_below(random, 1000), weights);
    return (1u << level) + random_below(random, 1u << level);
}

#endif
