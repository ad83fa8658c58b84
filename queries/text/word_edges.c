/*
 * Run edges. A block of 64 bytes becomes a 64-bit mask of member bytes; the mask XOR itself shifted
 * by one has a bit at each edge. Members are found by two table look-ups on the halves of a byte
 * (after Mula and Lemire, "Faster Base64 Encoding and Decoding using AVX2 Instructions", 2018): bit
 * h of low[l] says that the byte 16 h + l is a member. Edges are written eight at a time, more than
 * there are, so that the loop's branches are few (after Langdale and Lemire, "Parsing Gigabytes of
 * JSON per Second", 2019).
 *
 * The portable path makes the same mask from a table of bytes.
 */
#include "queries/text/word_edges.h"

#include "base/cpu.h"
#include "queries/text/fold.h"

#include <string.h>

static inline size_t put_edges(uint64_t edges, size_t base, uint32_t *out, size_t n)
{
    int count = __builtin_popcountll(edges);
    uint32_t *at = out + n;
    for (int done = 0; done < count; done += 8) {
        for (int i = 0; i < 8; i++) {
            at[done + i] = (uint32_t)(base + (edges ? (unsigned)__builtin_ctzll(edges) : 0));
            edges &= edges - 1;
        }
    }
    return n + (size_t)count;
}

/* The mask of up to 64 bytes. */
static uint64_t members_of(const struct word_edges *rules, const char *text, size_t len)
{
    uint64_t mask = 0;
    for (size_t i = 0; i < len; i++)
        mask |= (uint64_t)rules->members[(unsigned char)text[i]] << i;
    return mask;
}

/* Says of no byte that it is ASCII. */
static void all_high(size_t from, size_t to, uint64_t *high)
{
    memset(high, 0xFF, (to - from + 63) / 64 * sizeof *high);
}

static size_t find_portable(const struct word_edges *rules, const char *text, size_t from,
                            size_t to, bool *inside, uint32_t *edges, uint64_t *high)
{
    size_t n = 0;
    all_high(from, to, high);
    bool open = *inside;
    for (size_t i = from; i < to; i++) {
        bool member = rules->members[(unsigned char)text[i]];
        edges[n] = (uint32_t)i;
        n += member != open;
        open = member;
    }
    *inside = open;
    return n;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"))) static inline uint32_t members_32(const char *text, __m256i low,
                                                                  __m256i high)
{
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)text);
    __m256i upper = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0F));
    __m256i found =
        _mm256_and_si256(_mm256_shuffle_epi8(low, bytes), _mm256_shuffle_epi8(high, upper));
    uint32_t none =
        (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256()));
    return ~none | (uint32_t)_mm256_movemask_epi8(bytes);
}

__attribute__((target("avx2,bmi,bmi2,popcnt"))) static size_t
find_avx2(const struct word_edges *rules, const char *text, size_t from, size_t to, bool *inside,
          uint32_t *edges, uint64_t *beyond)
{
    all_high(from, to, beyond);
    uint8_t upper[16] = {0};
    memcpy(upper, rules->high, sizeof rules->high);
    __m256i low =
        _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)rules->low));
    __m256i high =
        _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)upper));
    uint64_t carry = *inside;
    size_t n = 0, at = from;
    for (; to - at >= 64; at += 64) {
        uint64_t mask = members_32(text + at, low, high) |
                        (uint64_t)members_32(text + at + 32, low, high) << 32;
        uint64_t toggles = mask ^ (mask << 1 | carry);
        carry = mask >> 63;
        int count = __builtin_popcountll(toggles);
        uint32_t *out = edges + n;
        n += (size_t)count;
        uint32_t base = (uint32_t)at;
        for (int done = 0; done < count; done += 8) {
            for (int i = 0; i < 8; i++) {
                out[done + i] = base + (uint32_t)_tzcnt_u64(toggles);
                toggles = _blsr_u64(toggles);
            }
        }
    }
    size_t left = to - at;
    if (left) {
        uint64_t mask = members_of(rules, text + at, left);
        uint64_t toggles = mask ^ (mask << 1 | carry);
        if (left < 64)
            toggles &= ((uint64_t)1 << left) - 1;
        carry = mask >> (left - 1) & 1;
        n = put_edges(toggles, at, edges, n);
    }
    *inside = carry != 0;
    return n;
}

/* The same with 64 bytes at a time: members by one look-up among 128, edges by compressing the
 * numbers 0 to 63. */
__attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt"))) static size_t
find_avx512(const struct word_edges *rules, const char *text, size_t from, size_t to, bool *inside,
            uint32_t *edges, uint64_t *high)
{
    uint8_t numbers[64], table[128];
    for (int i = 0; i < 64; i++)
        numbers[i] = (uint8_t)i;
    for (int i = 0; i < 128; i++)
        table[i] = rules->members[i] ? 0x80 : 0;
    const __m512i iota = _mm512_loadu_si512(numbers);
    const __m512i lower = _mm512_loadu_si512(table), upper = _mm512_loadu_si512(table + 64);
    uint64_t carry = *inside;
    size_t n = 0;
    for (size_t at = from, block = 0; at < to; at += 64, block++) {
        size_t left = to - at;
        uint64_t all = left < 64 ? ((uint64_t)1 << left) - 1 : ~(uint64_t)0;
        __m512i bytes = _mm512_maskz_loadu_epi8(all, text + at);
        uint64_t beyond = _mm512_movepi8_mask(bytes);
        uint64_t mask =
            beyond | (_mm512_movepi8_mask(_mm512_permutex2var_epi8(lower, bytes, upper)) & all);
        uint64_t toggles = (mask ^ (mask << 1 | carry)) & all;
        carry = left < 64 ? mask >> (left - 1) & 1 : mask >> 63;
        high[block] = beyond;
        size_t count = (size_t)__builtin_popcountll(toggles);
        __m512i found = _mm512_maskz_compress_epi8(toggles, iota);
        __m512i base = _mm512_set1_epi32((int)(uint32_t)at);
        uint32_t *out = edges + n;
        for (size_t done = 0;;) {
            __m512i wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(found));
            _mm512_storeu_si512(out + done, _mm512_add_epi32(wide, base));
            done += 16;
            if (done >= count)
                break;
            found = _mm512_alignr_epi32(found, found, 4);
        }
        n += count;
    }
    *inside = carry != 0;
    return n;
}
#endif

void word_edges_init(struct word_edges *rules, unsigned flags, bool portable)
{
    memset(rules, 0, sizeof *rules);
    for (int c = 0; c < 256; c++)
        rules->members[c] = c >= 0x80 || fold_kind(c, flags) == KIND_LETTER;
    for (int c = 0; c < 0x80; c++) {
        rules->high[c >> 4] = (uint8_t)(1 << (c >> 4));
        if (rules->members[c])
            rules->low[c & 15] |= (uint8_t)(1 << (c >> 4));
    }
    rules->find = find_portable;
#if defined(__x86_64__)
    if (!portable && cpu_level() >= CPU_AVX2)
        rules->find = cpu_level() == CPU_AVX512 ? find_avx512 : find_avx2;
#else
    (void)portable;
#endif
}
