/*
 * Marks, 64 bytes at a time: see identifier_marks.h. Each class of bytes becomes a mask of 64 bits
 * (one comparison with AVX-512, two with AVX2); runs are told by shifting a mask against itself,
 * with what the block before shifts in.
 */
#include "queries/text/identifier_marks.h"

#include "base/cpu.h"

#include <stdbool.h>

struct masks {
    uint64_t digits, hyphens, colons, is, after_i, single; /* after_i: z A; single: @ _ J */
};

/* The mask of what stands COUNT bytes earlier. */
static inline uint64_t earlier(uint64_t mask, uint64_t before, unsigned count)
{
    return mask << count | before >> (64 - count);
}

static inline struct identifier_block block_of(struct masks m, struct identifier_carry *carry)
{
    uint64_t runs = m.digits & ~earlier(m.digits, carry->digits, 1);
    uint64_t hyphens = m.hyphens & ~earlier(m.hyphens, carry->hyphens, 1);
    uint64_t colons = m.colons & earlier(m.digits, carry->digits, 4);
    uint64_t after_i = m.after_i & earlier(m.is, carry->is, 1);
    *carry = (struct identifier_carry){m.digits, m.hyphens, m.is};
    return (struct identifier_block){m.single | hyphens | colons | after_i, runs, m.digits};
}

enum { DIGIT = 1, HYPHEN = 2, COLON = 4, I = 8, AFTER_I = 16, SINGLE = 32 };

static unsigned class_of(char c)
{
    static const struct {
        char c;
        uint8_t class;
    } classes[] = {{'-', HYPHEN},  {':', COLON},  {'I', I},      {'z', AFTER_I},
                   {'A', AFTER_I}, {'@', SINGLE}, {'_', SINGLE}, {'J', SINGLE}};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (classes[i].c == c)
            return classes[i].class;
    return c >= '0' && c <= '9' ? DIGIT : 0;
}

/* Eight bytes at a time: classes by table, then the 8 by 8 bits turned (Warren, "Hacker's Delight",
 * 2012, 7-3). */
static uint64_t turned(uint64_t x)
{
    uint64_t t = (x ^ x >> 7) & 0x00AA00AA00AA00AAu;
    x ^= t ^ t << 7;
    t = (x ^ x >> 14) & 0x0000CCCC0000CCCCu;
    x ^= t ^ t << 14;
    t = (x ^ x >> 28) & 0x00000000F0F0F0F0u;
    return x ^ t ^ t << 28;
}

static void mark_portable(const char *text, size_t blocks, struct identifier_carry *carry,
                          struct identifier_block *out)
{
    uint8_t classes[256];
    for (int c = 0; c < 256; c++)
        classes[c] = (uint8_t)class_of((char)c);
    for (size_t block = 0; block < blocks; block++, text += 64) {
        uint64_t masks[8] = {0};
        for (unsigned row = 0; row < 8; row++) {
            uint64_t bytes = 0;
            for (unsigned i = 0; i < 8; i++)
                bytes |= (uint64_t)classes[(unsigned char)text[8 * row + i]] << 8 * i;
            bytes = turned(bytes);
            for (unsigned class = 0; class < 8; class ++)
                masks[class] |= (bytes >> 8 * class & 0xFF) << 8 * row;
        }
        out[block] = block_of(
            (struct masks){masks[0], masks[1], masks[2], masks[3], masks[4], masks[5]}, carry);
    }
}

identifier_mark *identifier_mark_portable(void)
{
    return mark_portable;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"))) static inline uint32_t range_32(__m256i bytes, char first,
                                                                char last)
{
    /* Bytes less FIRST, unsigned, are at most LAST - FIRST. */
    __m256i moved = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first));
    __m256i most = _mm256_set1_epi8((char)(last - first));
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(moved, most), moved));
}

__attribute__((target("avx2"))) static inline __m256i is_32(__m256i bytes, char c)
{
    return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(c));
}

__attribute__((target("avx2"))) static inline uint64_t bits_32(__m256i found, unsigned half)
{
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(found) << 32 * half;
}

__attribute__((target("avx2"))) static void mark_avx2(const char *text, size_t blocks,
                                                      struct identifier_carry *carry,
                                                      struct identifier_block *out)
{
    for (size_t block = 0; block < blocks; block++, text += 64) {
        struct masks m = {0};
        for (unsigned half = 0; half < 2; half++) {
            __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(text + 32 * half));
            m.digits |= (uint64_t)range_32(bytes, '0', '9') << 32 * half;
            m.hyphens |= bits_32(is_32(bytes, '-'), half);
            m.colons |= bits_32(is_32(bytes, ':'), half);
            m.is |= bits_32(is_32(bytes, 'I'), half);
            m.after_i |= bits_32(_mm256_or_si256(is_32(bytes, 'z'), is_32(bytes, 'A')), half);
            m.single |=
                bits_32(_mm256_or_si256(_mm256_or_si256(is_32(bytes, '@'), is_32(bytes, '_')),
                                        is_32(bytes, 'J')),
                        half);
        }
        out[block] = block_of(m, carry);
    }
}

__attribute__((target("avx512f,avx512bw"))) static inline uint64_t is_64(__m512i bytes, char c)
{
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(c));
}

__attribute__((target("avx512f,avx512bw"))) static void mark_avx512(const char *text, size_t blocks,
                                                                    struct identifier_carry *carry,
                                                                    struct identifier_block *out)
{
    for (size_t block = 0; block < blocks; block++, text += 64) {
        __m512i bytes = _mm512_loadu_si512((const void *)text);
        __m512i from_0 = _mm512_sub_epi8(bytes, _mm512_set1_epi8('0'));
        out[block] = block_of(
            (struct masks){.digits = _mm512_cmple_epu8_mask(from_0, _mm512_set1_epi8(9)),
                           .hyphens = is_64(bytes, '-'),
                           .colons = is_64(bytes, ':'),
                           .is = is_64(bytes, 'I'),
                           .after_i = is_64(bytes, 'z') | is_64(bytes, 'A'),
                           .single = is_64(bytes, '@') | is_64(bytes, '_') | is_64(bytes, 'J')},
            carry);
    }
}

identifier_mark *identifier_mark_best(void)
{
    static identifier_mark *const marks[] = {
        [CPU_PORTABLE] = mark_portable, [CPU_AVX2] = mark_avx2, [CPU_AVX512] = mark_avx512};
    return marks[cpu_level()];
}
#else
identifier_mark *identifier_mark_best(void)
{
    return mark_portable;
}
#endif
