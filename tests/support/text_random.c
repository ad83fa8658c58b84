/* Random texts: see text_random.h. Runs of one script, broken by what makes folding hard. */
#include "tests/support/text_random.h"

#include "queries/text/fold.h"

static const struct {
    int32_t first, last;
} pools[] = {
    {'a', 'z'},         {'A', 'Z'},         {' ', '/'},         {'0', '9'},
    {0xA0, 0x17F},      {0x300, 0x34F},     {0x340, 0x345},     {0x370, 0x3FF},
    {0x400, 0x45F},     {0x5B0, 0x5EA},     {0x610, 0x65F},     {0x900, 0x97F},
    {0x9BE, 0x9D7},     {0xB3E, 0xBD7},     {0xE01, 0xE5B},     {0xE81, 0xEDF},
    {0xF40, 0xFB9},     {0x1000, 0x109F},   {0x1100, 0x11FF},   {0x1780, 0x17F9},
    {0x180B, 0x180F},   {0x1B05, 0x1B3F},   {0x1E00, 0x1EFF},   {0x1F00, 0x1FFE},
    {0x2000, 0x206F},   {0x2010, 0x201F},   {0x2070, 0x209C},   {0x2100, 0x218B},
    {0x2460, 0x24FF},   {0x2C00, 0x2C5F},   {0x3000, 0x30FF},   {0x3041, 0x309F},
    {0x3131, 0x318E},   {0x3190, 0x33FF},   {0x4E00, 0x4E40},   {0xA840, 0xAAFF},
    {0xAC00, 0xAC80},   {0xF900, 0xFAFF},   {0xFB00, 0xFDFF},   {0xFE00, 0xFE6F},
    {0xFF00, 0xFFEF},   {0x10400, 0x10450}, {0x11099, 0x110BA}, {0x11127, 0x11134},
    {0x1B000, 0x1B167}, {0x1D15E, 0x1D1C0}, {0x1D400, 0x1D7FF}, {0x1F100, 0x1F640},
    {0x20000, 0x20020}, {0x2F800, 0x2FA1D}, {0xE0000, 0xE01EF}, {0x1, 0x10FFFF},
};

static const int32_t hard[] = {0xAD,   0x200B, 0x200D, 0x200C, 0xFE0F, 0x34F,  0x345,  0x338,
                               0x301,  0x308,  0x3099, 0x309A, 0x1160, 0x1161, 0x11A8, 0x115F,
                               0xBD,   0x2026, 0xFDFA, 0x3300, 0x1E9E, 0xDF,   0x130,  0x149,
                               0x2019, 0x2011, 0xFF0D, 0xFF07, 0xA8,   0xB4,   0x1FEF, '=',
                               '`',    '-',    '\'',   '_',    0x30FC, 0xE33,  0xEB3,  0x9D7};

uint32_t random_below(uint64_t *state, uint32_t count)
{
    uint64_t x = *state += 0x9E3779B97F4A7C15u; /* SplitMix64, Steele et al. 2014 */
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    x ^= x >> 31;
    return (uint32_t)((x >> 32) * count >> 32);
}

static int32_t pool_point(uint64_t *state, uint32_t pool)
{
    for (;;) {
        uint32_t size = (uint32_t)(pools[pool].last - pools[pool].first + 1);
        int32_t c = pools[pool].first + (int32_t)random_below(state, size);
        if (c < 0xD800 || c > 0xDFFF)
            return c;
    }
}

int32_t random_point(uint64_t *state)
{
    if (random_below(state, 3) == 0)
        return hard[random_below(state, sizeof hard / sizeof *hard)];
    return pool_point(state, random_below(state, sizeof pools / sizeof *pools));
}

size_t random_text(uint64_t *state, size_t points, char *out)
{
    size_t n = 0;
    uint32_t pool = 0;
    for (size_t i = 0; i < points; i++) {
        if (i == 0 || random_below(state, 6) == 0)
            pool = random_below(state, sizeof pools / sizeof *pools);
        int32_t c = random_below(state, 4) == 0 ? random_point(state) : pool_point(state, pool);
        n += fold_put(c, out + n);
    }
    out[n] = '\0';
    return n;
}
