/*
 * Marks of windows: see word_grams.h. Hashes of two words, of four, of eight and so on are each
 * made of two of the step before, side by side; a gram of another length is made of two of such
 * that overlap. Least values over several places are found the same way. Each step is one pass over
 * an array that stays in the first cache.
 */
#include "queries/text/word_grams.h"

#include "base/cpu.h"
#include "base/memory.h"

#include <stdlib.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { SLACK = 64 };

enum status word_grams_init(struct word_grams *grams, uint32_t window, bool portable,
                            struct error *err)
{
    *grams = (struct word_grams){.window = window, .gram = window - window / 3, .portable = true};
    grams->marks = mem_zalloc(GRAM_STRETCH + (size_t)window + SLACK, sizeof *grams->marks);
    grams->changes = mem_zalloc(GRAM_STRETCH + SLACK, sizeof *grams->changes);
    grams->portable = portable || cpu_level() < CPU_AVX2;
    return grams->marks && grams->changes ? STATUS_OK : error_nomem(err);
}

void word_grams_release(struct word_grams *grams)
{
    free(grams->marks);
    free(grams->changes);
    *grams = (struct word_grams){.window = 0};
}

/* ---- one pass over an array ---- */

#define GRAM_FACTOR 0x9E3779B1u

static inline uint32_t join_grams(uint32_t left, uint32_t right)
{
    uint32_t sum = left * GRAM_FACTOR + right;
    return sum ^ sum >> 15;
}

struct passes {
    void (*narrow)(const uint64_t *hashes, uint32_t *marks, size_t count);
    /* marks[i] of marks[i] and marks[i + step] */
    void (*join)(uint32_t *marks, size_t count, size_t step);
    void (*least)(uint32_t *marks, size_t count, size_t step);
    size_t (*changes)(const uint32_t *marks, size_t count, uint32_t *changes);
};

static void narrow_portable(const uint64_t *hashes, uint32_t *marks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        marks[i] = (uint32_t)hashes[i];
}

static void join_portable(uint32_t *marks, size_t count, size_t step)
{
    for (size_t i = 0; i < count; i++)
        marks[i] = join_grams(marks[i], marks[i + step]);
}

static void least_portable(uint32_t *marks, size_t count, size_t step)
{
    for (size_t i = 0; i < count; i++)
        marks[i] = marks[i] < marks[i + step] ? marks[i] : marks[i + step];
}

static size_t changes_from(const uint32_t *marks, size_t from, size_t count, uint32_t *changes,
                           size_t found)
{
    for (size_t i = from; i < count; i++) {
        changes[found] = (uint32_t)i;
        found += i == 0 || marks[i] != marks[i - 1];
    }
    return found;
}

static size_t changes_portable(const uint32_t *marks, size_t count, uint32_t *changes)
{
    return changes_from(marks, 0, count, changes, 0);
}

static const struct passes portable_passes = {narrow_portable, join_portable, least_portable,
                                              changes_portable};

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

/* The passes below may read and write up to 7 places after the last: there is slack for that. */
AVX2 static __m256i load(const uint32_t *from)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)from);
}

AVX2 static void store(uint32_t *to, __m256i value)
{
    _mm256_storeu_si256((__m256i *)(void *)to, value);
}

AVX2 static void narrow_avx2(const uint64_t *hashes, uint32_t *marks, size_t count)
{
    const __m256i even = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)(hashes + i));
        __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(hashes + i + 4));
        store(marks + i, _mm256_blend_epi32(_mm256_permutevar8x32_epi32(low, even),
                                            _mm256_permutevar8x32_epi32(high, even), 0xF0));
    }
    narrow_portable(hashes + i, marks + i, count - i);
}

AVX2 static void join_avx2(uint32_t *marks, size_t count, size_t step)
{
    const __m256i factor = _mm256_set1_epi32((int)GRAM_FACTOR);
    for (size_t i = 0; i < count; i += 8) {
        __m256i sum =
            _mm256_add_epi32(_mm256_mullo_epi32(load(marks + i), factor), load(marks + i + step));
        store(marks + i, _mm256_xor_si256(sum, _mm256_srli_epi32(sum, 15)));
    }
}

AVX2 static void least_avx2(uint32_t *marks, size_t count, size_t step)
{
    for (size_t i = 0; i < count; i += 8)
        store(marks + i, _mm256_min_epu32(load(marks + i), load(marks + i + step)));
}

AVX2 static size_t changes_avx2(const uint32_t *marks, size_t count, uint32_t *changes)
{
    size_t head = count < 8 ? count : 8, found = changes_from(marks, 0, head, changes, 0), i = 8;
    for (; i + 8 <= count; i += 8) {
        __m256i same = _mm256_cmpeq_epi32(load(marks + i), load(marks + i - 1));
        unsigned other = ~(unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(same)) & 0xFF;
        unsigned some = (unsigned)__builtin_popcount(other);
        for (unsigned done = 0; done < some; done += 4)
            for (unsigned lane = 0; lane < 4; lane++) {
                changes[found + done + lane] = (uint32_t)i + _tzcnt_u32(other);
                other &= other - 1;
            }
        found += some;
    }
    return i < count ? changes_from(marks, i, count, changes, found) : found;
}

static const struct passes avx2_passes = {narrow_avx2, join_avx2, least_avx2, changes_avx2};
#else
static const struct passes avx2_passes = {narrow_portable, join_portable, least_portable,
                                          changes_portable};
#endif

/* ---- marks ---- */

/* PASS over spans of LENGTH places from spans of one; of COUNT spans. */
static void widen(uint32_t *marks, size_t count, uint32_t length,
                  void (*pass)(uint32_t *marks, size_t count, size_t step))
{
    uint32_t span = 1;
    for (; span * 2 <= length; span *= 2)
        pass(marks, count + length - span * 2, span);
    if (span < length)
        pass(marks, count, length - span);
}

size_t word_grams_find(struct word_grams *grams, const uint64_t *hashes, size_t count)
{
    const struct passes *passes = grams->portable ? &portable_passes : &avx2_passes;
    uint32_t *marks = grams->marks, places = grams->window - grams->gram + 1;
    passes->narrow(hashes, marks, count + grams->window - 1);
    widen(marks, count + places - 1, grams->gram, passes->join);
    widen(marks, count, places, passes->least);
    return passes->changes(marks, count, grams->changes);
}

/* ---- whole windows ---- */

/* Numbers of 64 bits as digits to this base; the words' hashes are random numbers themselves. */
#define WINDOW_BASE 0xD1342543DE82EF95u

static uint64_t finish(uint64_t sum)
{
    sum ^= sum >> 32;
    sum *= 0x9FB21C651E98DF25u;
    return sum ^ sum >> 28;
}

static uint64_t window_sum(const uint64_t *hashes, uint32_t window)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < window; i++)
        sum = sum * WINDOW_BASE + hashes[i];
    return sum;
}

uint64_t word_window_hash(const uint64_t *hashes, uint32_t window)
{
    return finish(window_sum(hashes, window));
}

void word_window_hashes(const uint64_t *hashes, size_t count, uint32_t window, uint64_t *out)
{
    if (count == 0)
        return;
    uint64_t first = 1, sum = window_sum(hashes, window);
    for (uint32_t i = 0; i < window; i++)
        first *= WINDOW_BASE;
    out[0] = finish(sum);
    for (size_t i = 1; i < count; i++) {
        sum = sum * WINDOW_BASE + hashes[i + window - 1] - first * hashes[i - 1];
        out[i] = finish(sum);
    }
}
