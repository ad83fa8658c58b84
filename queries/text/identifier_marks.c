/*
 * Marks, 64 bytes at a time: see identifier_marks.h. Each class of bytes becomes a mask of 64 bits
 * (one comparison with AVX-512, two with AVX2); runs are told by shifting a mask against itself
 * with the carry of the block before.
 */
#include "queries/text/identifier_marks.h"

#include <stdbool.h>

struct masks {
    uint64_t digits, capitals, hyphens, single; /* single: @ : _ J z */
};

static inline uint64_t marks_of(struct masks masks, struct identifier_carry *carry)
{
    uint64_t runs = masks.digits & ~(masks.digits << 1 | carry->digit);
    uint64_t hyphens = masks.hyphens & ~(masks.hyphens << 1 | carry->hyphen);
    /* Bit i of `before_k`: the byte k before is a capital. */
    uint64_t c = masks.capitals, last = carry->capitals;
    uint64_t before_1 = c << 1 | (last & 1);
    uint64_t before_2 = c << 2 | (last & 1) << 1 | (last >> 1 & 1);
    uint64_t before_3 = c << 3 | (last & 1) << 2 | (last >> 1 & 1) << 1 | (last >> 2 & 1);
    uint64_t before_4 =
        c << 4 | (last & 1) << 3 | (last >> 1 & 1) << 2 | (last >> 2 & 1) << 1 | (last >> 3 & 1);
    uint64_t fourths = c & before_1 & before_2 & before_3 & ~before_4;
    carry->digit = masks.digits >> 63;
    carry->hyphen = masks.hyphens >> 63;
    carry->capitals = (c >> 63) | (c >> 62 & 1) << 1 | (c >> 61 & 1) << 2 | (c >> 60 & 1) << 3;
    return runs | hyphens | fourths | masks.single;
}

static uint64_t mark_portable(const char *text, struct identifier_carry *carry)
{
    struct masks masks = {0, 0, 0, 0};
    for (unsigned i = 0; i < 64; i++) {
        char c = text[i];
        uint64_t bit = (uint64_t)1 << i;
        masks.digits |= c >= '0' && c <= '9' ? bit : 0;
        masks.capitals |= c >= 'A' && c <= 'Z' ? bit : 0;
        masks.hyphens |= c == '-' ? bit : 0;
        masks.single |= c == '@' || c == ':' || c == '_' || c == 'J' || c == 'z' ? bit : 0;
    }
    return marks_of(masks, carry);
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

__attribute__((target("avx2"))) static uint64_t mark_avx2(const char *text,
                                                          struct identifier_carry *carry)
{
    struct masks masks = {0, 0, 0, 0};
    for (unsigned half = 0; half < 2; half++) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(text + 32 * half));
        __m256i single =
            _mm256_or_si256(_mm256_or_si256(_mm256_or_si256(is_32(bytes, '@'), is_32(bytes, ':')),
                                            _mm256_or_si256(is_32(bytes, '_'), is_32(bytes, 'J'))),
                            is_32(bytes, 'z'));
        unsigned shift = 32 * half;
        masks.digits |= (uint64_t)range_32(bytes, '0', '9') << shift;
        masks.capitals |= (uint64_t)range_32(bytes, 'A', 'Z') << shift;
        masks.hyphens |= (uint64_t)(uint32_t)_mm256_movemask_epi8(is_32(bytes, '-')) << shift;
        masks.single |= (uint64_t)(uint32_t)_mm256_movemask_epi8(single) << shift;
    }
    return marks_of(masks, carry);
}

__attribute__((target("avx512f,avx512bw"))) static uint64_t
mark_avx512(const char *text, struct identifier_carry *carry)
{
    __m512i bytes = _mm512_loadu_si512((const void *)text);
    __m512i from_0 = _mm512_sub_epi8(bytes, _mm512_set1_epi8('0'));
    __m512i from_a = _mm512_sub_epi8(bytes, _mm512_set1_epi8('A'));
    struct masks masks = {_mm512_cmple_epu8_mask(from_0, _mm512_set1_epi8(9)),
                          _mm512_cmple_epu8_mask(from_a, _mm512_set1_epi8(25)),
                          _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('-')),
                          _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('@')) |
                              _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(':')) |
                              _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('_')) |
                              _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('J')) |
                              _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('z'))};
    return marks_of(masks, carry);
}

identifier_mark *identifier_mark_best(void)
{
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512bw"))
        return mark_avx512;
    return __builtin_cpu_supports("avx2") ? mark_avx2 : mark_portable;
}
#else
identifier_mark *identifier_mark_best(void)
{
    return mark_portable;
}
#endif
