/* Runs sifted by their first four bytes: see word_filter.h. */
#include "queries/text/word_filter.h"

#include "base/cpu.h"

#include <string.h>

#define SMALL_4 0x20202020u
#define MIXER   0x9E3779B1u

static uint32_t bit_of(uint32_t begin)
{
    return (begin * MIXER) >> (32 - FILTER_BITS);
}

void word_filter_add(struct word_filter *filter, const char *begin, size_t len, bool whole)
{
    uint32_t four = 0;
    uint8_t bytes[4] = {0};
    for (size_t i = 0; i < 4 && i < len; i++)
        bytes[i] = (uint8_t)(begin[i] | 0x20); /* of word characters, capitals alone change */
    memcpy(&four, bytes, sizeof four);
    if (len == 0) {
        filter->all |= !whole;
    } else if (len < 4 && !whole) {
        filter->first[bytes[0]] = 1;
        filter->by_first = true;
    } else {
        filter->starts[bit_of(four) / 32] |= (uint32_t)1 << bit_of(four) % 32;
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

bool word_filter_usable(void)
{
    return cpu_level() == CPU_AVX512;
}

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2")))

/* The mask of those of 16 runs that pass. */
TARGET static inline uint32_t passing(const struct word_filter *filter, const char *text,
                                      const uint32_t *edges, __mmask16 lanes)
{
    const __m512i evens =
        _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    __m512i a = _mm512_loadu_si512(edges), b = _mm512_loadu_si512(edges + 16);
    __m512i from = _mm512_permutex2var_epi32(a, evens, b);
    __m512i to = _mm512_permutex2var_epi32(a, _mm512_add_epi32(evens, _mm512_set1_epi32(1)), b);
    __m512i len = _mm512_min_epu32(_mm512_sub_epi32(to, from), _mm512_set1_epi32(4));
    __m512i bits = _mm512_slli_epi32(len, 3);
    __m512i kept =
        _mm512_andnot_si512(_mm512_sllv_epi32(_mm512_set1_epi32(-1), bits), _mm512_set1_epi32(-1));
    /* Offsets are signed, and count from the first run. */
    from = _mm512_maskz_sub_epi32(lanes, from, _mm512_set1_epi32((int)edges[0]));
    __m512i four = _mm512_i32gather_epi32(from, text + edges[0], 1);
    four = _mm512_and_si512(_mm512_or_si512(four, _mm512_set1_epi32((int)SMALL_4)), kept);
    __m512i bit = _mm512_srli_epi32(_mm512_mullo_epi32(four, _mm512_set1_epi32((int)MIXER)),
                                    32 - FILTER_BITS);
    __m512i words = _mm512_i32gather_epi32(_mm512_srli_epi32(bit, 5), filter->starts, 4);
    __m512i one =
        _mm512_sllv_epi32(_mm512_set1_epi32(1), _mm512_and_si512(bit, _mm512_set1_epi32(31)));
    __mmask16 pass = _mm512_test_epi32_mask(words, one);
    if (filter->by_first) {
        __m512i first = _mm512_and_si512(four, _mm512_set1_epi32(0xFF));
        __m512i row = _mm512_i32gather_epi32(first, filter->first, 1);
        pass |= _mm512_test_epi32_mask(row, _mm512_set1_epi32(1));
    }
    return (uint32_t)(pass & lanes);
}

/* The mask of those of 16 runs that known_runs.h has no room for. */
TARGET static inline uint32_t longer(const uint32_t *edges, __mmask16 lanes)
{
    const __m512i most = _mm512_set1_epi64(RUN_BYTES);
    const __m512i from = _mm512_set1_epi64(0xFFFFFFFF);
    __m512i a = _mm512_loadu_si512(edges), b = _mm512_loadu_si512(edges + 16);
    a = _mm512_sub_epi64(_mm512_srli_epi64(a, 32), _mm512_and_si512(a, from));
    b = _mm512_sub_epi64(_mm512_srli_epi64(b, 32), _mm512_and_si512(b, from));
    uint32_t low = _mm512_cmpgt_epu64_mask(a, most), high = _mm512_cmpgt_epu64_mask(b, most);
    return (low | high << 8) & lanes;
}

/* True if any byte from FROM to before TO is not ASCII, or stands before the bits. */
static bool any_high(const struct high_bytes *high, size_t from, size_t to)
{
    if (from < high->base)
        return true;
    size_t first = (from - high->base) / 64, last = (to - 1 - high->base) / 64;
    uint64_t found = 0;
    for (size_t word = first; word <= last; word++)
        found |= high->bits[word];
    return found != 0;
}

/* The mask of those of 8 runs, one at least, that are not ASCII, or that are too long to see. */
TARGET static inline uint32_t not_ascii(const struct high_bytes *high, const uint32_t *edges,
                                        __mmask8 lanes)
{
    const __m512i ones = _mm512_set1_epi64(-1), seven = _mm512_set1_epi64(7);
    __m512i both = _mm512_maskz_loadu_epi64(lanes, edges);
    __m512i from = _mm512_and_si512(both, _mm512_set1_epi64(0xFFFFFFFF));
    __m512i len = _mm512_sub_epi64(_mm512_srli_epi64(both, 32), from);
    __m512i base = _mm512_set1_epi64((long long)high->base);
    __mmask8 far =
        _mm512_cmplt_epu64_mask(from, base) | _mm512_cmpgt_epu64_mask(len, _mm512_set1_epi64(56));
    far &= lanes;
    __m512i at = _mm512_maskz_sub_epi64((__mmask8)(lanes & ~far), from, base);
    __m512i bits = _mm512_i64gather_epi64(_mm512_srli_epi64(at, 3), high->bits, 1);
    bits = _mm512_srlv_epi64(bits, _mm512_and_si512(at, seven));
    bits = _mm512_andnot_si512(_mm512_sllv_epi64(ones, len), bits);
    return (uint32_t)((_mm512_test_epi64_mask(bits, bits) & lanes) | far);
}

TARGET size_t word_filter_sift(const struct word_filter *filter, const struct high_bytes *high,
                               const char *text, const uint32_t *edges, size_t count, bool longs,
                               uint16_t *others)
{
    const __m256i iota = _mm256_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    size_t n = 0;
    for (size_t i = 0; i < count; i += 16) {
        size_t here = count - i < 16 ? count - i : 16;
        __mmask16 lanes = (__mmask16)(0xFFFFu >> (16 - here));
        uint32_t pass = passing(filter, text, edges + 2 * i, lanes);
        if (longs)
            pass |= longer(edges + 2 * i, lanes);
        if (any_high(high, edges[2 * i], edges[2 * (i + here) - 1])) {
            uint32_t beyond = not_ascii(high, edges + 2 * i, (__mmask8)lanes);
            if (here > 8)
                beyond |= not_ascii(high, edges + 2 * i + 16, (__mmask8)(lanes >> 8)) << 8;
            pass |= beyond;
        }
        __m256i numbers = _mm256_add_epi16(iota, _mm256_set1_epi16((short)i));
        _mm256_storeu_si256((__m256i *)(void *)(others + n),
                            _mm256_maskz_compress_epi16((__mmask16)pass, numbers));
        n += (size_t)__builtin_popcount(pass);
    }
    return n;
}
#else
bool word_filter_usable(void)
{
    return false;
}

size_t word_filter_sift(const struct word_filter *filter, const struct high_bytes *high,
                        const char *text, const uint32_t *edges, size_t count, bool longs,
                        uint16_t *others)
{
    (void)longs;
    (void)filter;
    (void)high;
    (void)text;
    (void)edges;
    for (size_t i = 0; i < count; i++)
        others[i] = (uint16_t)i;
    return count;
}
#endif
