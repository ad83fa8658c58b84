/* Overlap by its definition: see overlap_reference.h. */
#include "tests/support/overlap_reference.h"

#include "queries/text/matcher.h"
#include "tests/support/text_random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- writing ---- */

void overlap_reference_text(const struct reference_text *text, uint64_t *random, char *out,
                            size_t size)
{
    static const char *const between[] = {" ",
                                          ", ",
                                          "\n",
                                          "\r\n\r\n",
                                          " \xe2\x80\x9c",
                                          "\xe2\x80\x9d ",
                                          ". ",
                                          " - ",
                                          " \xe2\x80\x94 ",
                                          "\t",
                                          "' ",
                                          "; "};
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < text->count && at + 32 < size; i++) {
        /* Some words are long, some not of ASCII; capitals fold. */
        static const char *const forms[][2] = {{"z", "Z"},
                                               {"averylongwordindeed", "AveryLONGwordindeed"},
                                               {"\xc3\xa9toile", "\xc3\x89TOILE"}};
        uint32_t word = text->words[i], form = word % 7 == 3 ? 1 : word % 7 == 5 ? 2 : 0;
        at += (size_t)snprintf(out + at, size - at, "%s%s%u%c", between[random_below(random, 12)],
                               forms[form][random_below(random, 2)], word,
                               random_below(random, 2) ? 'q' : 'Q');
    }
}

/* ---- the definition ---- */

static size_t common_prefix(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count)
{
    size_t n = 0;
    while (n < a_count && n < b_count && a[n] == b[n])
        n++;
    return n;
}

static size_t longest_from(const struct reference_case *test, const struct reference_text *text,
                           size_t at)
{
    size_t best = 0;
    for (size_t w = 0; w < test->work_count; w++)
        for (size_t q = 0; q < test->works[w].count; q++) {
            size_t n = common_prefix(text->words + at, text->count - at, test->works[w].words + q,
                                     test->works[w].count - q);
            best = n > best ? n : best;
        }
    return best;
}

/* Does the window of TEXT at AT stand at more than WORK_COMMON_PLACES places? */
static bool common_window(const struct reference_case *test, const struct reference_text *text,
                          size_t at)
{
    size_t places = 0;
    for (size_t w = 0; w < test->work_count; w++)
        for (size_t q = 0; q + test->window <= test->works[w].count; q++)
            places += memcmp(text->words + at, test->works[w].words + q,
                             test->window * sizeof(uint32_t)) == 0;
    return places > WORK_COMMON_PLACES;
}

static bool was_given(const struct reference_case *test, size_t turn, size_t at, size_t len)
{
    const struct reference_turn *it = &test->turns[turn];
    for (size_t t = 0; t < turn; t++) {
        const struct reference_text *given = &test->turns[t].text;
        if (test->turns[t].side != SIDE_PROMPT)
            continue;
        for (size_t q = 0; q + len <= given->count; q++)
            if (memcmp(it->text.words + at, given->words + q, len * sizeof(uint32_t)) == 0)
                return true;
    }
    return false;
}

static enum overlap_side side_of(const struct reference_case *test, size_t turn, size_t at,
                                 size_t len)
{
    if (test->turns[turn].side == SIDE_PROMPT)
        return OVERLAP_PROMPT;
    return was_given(test, turn, at, len) ? OVERLAP_SUPPLIED : OVERLAP_ORIGINATED;
}

struct expected {
    uint32_t longest[OVERLAP_SIDES], covered[OVERLAP_SIDES];
    uint32_t works[REFERENCE_WORKS + 1][OVERLAP_SIDES]; /* the last: common text */
};

static void raise(uint32_t *to, size_t value)
{
    *to = value > *to ? (uint32_t)value : *to;
}

static void add_runs(const struct reference_case *test, size_t turn, const bool *common,
                     struct expected *out)
{
    const struct reference_text *text = &test->turns[turn].text;
    static unsigned covered[REFERENCE_WORDS];
    memset(covered, 0, sizeof covered);
    size_t end = 0;
    for (size_t at = 0; at < text->count; at++) {
        size_t len = longest_from(test, text, at);
        bool inside = at > 0 && at + len <= end;
        end = at + len > end ? at + len : end;
        if (len < test->window || inside)
            continue;
        enum overlap_side side = side_of(test, turn, at, len);
        raise(&out->longest[side], len);
        for (size_t i = at; i < at + len; i++)
            covered[i] |= 1u << side;
        for (size_t i = at; i + test->window <= at + len; i++)
            if (common[i])
                raise(&out->works[REFERENCE_WORKS][side], len);
    }
    for (size_t i = 0; i < text->count; i++)
        for (int side = OVERLAP_SIDES; side-- > 0;)
            if (covered[i] >> side & 1) {
                out->covered[side]++; /* of two kinds the later one, model-originated */
                break;
            }
}

static void add_pieces(const struct reference_case *test, size_t turn, const bool *common,
                       size_t work, struct expected *out)
{
    const struct reference_text *text = &test->turns[turn].text, *of = &test->works[work];
    for (size_t at = 0; at + test->window <= text->count; at++)
        for (size_t q = 0; !common[at] && q + test->window <= of->count; q++) {
            size_t len =
                common_prefix(text->words + at, text->count - at, of->words + q, of->count - q);
            if (len < test->window ||
                (at > 0 && q > 0 && text->words[at - 1] == of->words[q - 1] && !common[at - 1]))
                continue;
            size_t n = test->window;
            while (n < len && !common[at + n + 1 - test->window])
                n++;
            raise(&out->works[work][side_of(test, turn, at, n)], n);
        }
}

static void expect(const struct reference_case *test, uint32_t exchange, struct expected *out)
{
    static bool common[REFERENCE_WORDS];
    memset(out, 0, sizeof *out);
    for (size_t turn = 0; turn < test->turn_count; turn++) {
        const struct reference_turn *it = &test->turns[turn];
        if (it->exchange != exchange || (it->side != SIDE_PROMPT && it->side != SIDE_OUTPUT))
            continue;
        for (size_t i = 0; i + test->window <= it->text.count; i++)
            common[i] = common_window(test, &it->text, i);
        add_runs(test, turn, common, out);
        for (size_t work = 0; work < test->work_count; work++)
            add_pieces(test, turn, common, work, out);
    }
}

/* ---- comparing ---- */

static char difference[400];

static bool differs(const char *what, uint32_t exchange, uint32_t number, int side, uint32_t got,
                    uint32_t wanted)
{
    if (got == wanted)
        return false;
    snprintf(difference, sizeof difference, "%s: exchange %u, work %u, side %d: %u instead of %u",
             what, exchange, number, side, got, wanted);
    return true;
}

static bool exchange_differs(const struct reference_case *test, uint32_t exchange,
                             const struct overlap_found *found)
{
    static struct expected wanted;
    static const struct overlap_exchange none;
    const struct overlap_exchange *got = &none;
    for (size_t i = 0; i < found->exchange_count; i++)
        if (found->exchanges[i].exchange == exchange)
            got = &found->exchanges[i];
    expect(test, exchange, &wanted);
    for (int side = 0; side < OVERLAP_SIDES; side++) {
        if (differs("longest", exchange, 0, side, got->longest[side], wanted.longest[side]) ||
            differs("covered", exchange, 0, side, got->covered[side], wanted.covered[side]))
            return true;
        for (uint32_t work = 0; work <= REFERENCE_WORKS; work++) {
            uint32_t longest = 0;
            for (size_t i = 0; i < got->work_count; i++) {
                const struct overlap_work *it = &found->works[got->first_work + i];
                if (it->work == (work == REFERENCE_WORKS ? OVERLAP_COMMON : work))
                    longest = it->longest[side];
            }
            if (differs("piece", exchange, work, side, longest, wanted.works[work][side]))
                return true;
        }
    }
    return false;
}

/* One matcher cuts all texts of a process into words, by one key. */
static struct matcher *shared_matcher(void)
{
    static struct matcher *matcher;
    struct word_rules rules = {.alphabet = ""};
    struct word_key key;
    if (!matcher && word_key_draw(&key, NULL) == STATUS_OK &&
        (matcher = matcher_new_counting(&rules)) != NULL &&
        matcher_keep_hashes(matcher, &key, NULL) != STATUS_OK) {
        matcher_free(matcher);
        matcher = NULL;
    }
    return matcher;
}

/* The hashes of a text's words as the engine reads them. */
static enum status read_words(const struct reference_text *text, uint64_t *random,
                              const uint64_t **hashes, struct error *err)
{
    static char written[REFERENCE_WORDS * 40 + 64];
    struct matcher *matcher = shared_matcher();
    uint64_t words = 0;
    size_t count;
    if (!matcher)
        return error_nomem(err);
    overlap_reference_text(text, random, written, sizeof written);
    TRY(matcher_begin(matcher, NULL, err));
    TRY(matcher_turn(matcher, SIDE_PROMPT, 0, (struct span){written, strlen(written)}, &words,
                     err));
    *hashes = matcher_hashes(matcher, &count);
    if (count != text->count)
        return error_set(err, STATUS_INTERNAL, NULL, "%zu words of %zu", count, text->count);
    return STATUS_OK;
}

static enum status find(const struct reference_case *test, uint64_t random,
                        struct works_index *index, struct overlap_finder **finder,
                        struct overlap_found *found, struct error *err)
{
    const uint64_t *hashes;
    for (size_t i = 0; i < test->work_count; i++) {
        TRY(read_words(&test->works[i], &random, &hashes, err));
        TRY(works_index_add(index, hashes, test->works[i].count, err));
    }
    TRY(works_index_finish(index, 1 + (unsigned)(random % 3), err));
    *finder = overlap_finder_new(index);
    if (!*finder)
        return error_nomem(err);
    overlap_finder_begin(*finder);
    for (size_t i = 0; i < test->turn_count; i++) {
        const struct reference_turn *turn = &test->turns[i];
        TRY(read_words(&turn->text, &random, &hashes, err));
        TRY(overlap_finder_turn(*finder, turn->side, turn->exchange, hashes, turn->text.count,
                                err));
    }
    return overlap_finder_end(*finder, found, err);
}

const char *overlap_reference_check(const struct reference_case *test, uint64_t seed)
{
    struct error err = ERROR_INIT;
    struct overlap_found found;
    struct overlap_finder *finder = NULL;
    const char *result = NULL;
    struct works_index *index = works_index_new(test->window);
    if (!index)
        return "no memory";
    if (find(test, seed, index, &finder, &found, &err) != STATUS_OK) {
        snprintf(difference, sizeof difference, "failed: %.300s", err.text);
        result = difference;
    }
    for (uint32_t exchange = 0; exchange < REFERENCE_TURNS && !result; exchange++)
        if (exchange_differs(test, exchange, &found))
            result = difference;
    overlap_finder_free(finder);
    works_index_free(index);
    return result;
}

/* ---- random cases ---- */

static void random_words(struct reference_text *text, size_t most, uint32_t words, uint64_t *random)
{
    text->count = random_below(random, (uint32_t)most + 1);
    for (size_t i = 0; i < text->count; i++)
        text->words[i] = random_below(random, words);
}

/* Puts a stretch of FROM into TEXT, over what stands there or after it. */
static void plant(struct reference_text *text, const struct reference_text *from, uint64_t *random)
{
    if (!from->count)
        return;
    size_t start = random_below(random, (uint32_t)from->count);
    size_t len = 1 + random_below(random, (uint32_t)(from->count - start));
    size_t at = random_below(random, (uint32_t)text->count + 1);
    if (random_below(random, 3) == 0) /* from edge to edge */
        start = 0, len = from->count, at = random_below(random, 2) ? 0 : text->count;
    if (len > REFERENCE_WORDS - at)
        len = REFERENCE_WORDS - at;
    memmove(text->words + at, from->words + start, len * sizeof *text->words);
    text->count = at + len > text->count ? at + len : text->count;
}

void overlap_reference_random(struct reference_case *test, uint64_t seed)
{
    uint64_t random = seed;
    memset(test, 0, sizeof *test);
    static const uint32_t alphabets[] = {1, 2, 2, 3, 5, 20, 1000};
    uint32_t words = alphabets[random_below(&random, 7)];
    test->window = WORKS_WINDOW_LEAST + random_below(&random, random_below(&random, 4) ? 10 : 37);
    /* Now and then so many that a paragraph of all of them is common text. */
    bool many = random_below(&random, 4) == 0;
    test->work_count = many ? 60 + random_below(&random, 41) : 1 + random_below(&random, 6);
    struct reference_text shared;
    random_words(&shared, many ? 30 : 60, words, &random);
    for (size_t i = 0; i < test->work_count; i++) {
        random_words(&test->works[i], many ? 12 : 120, words, &random);
        if (many || random_below(&random, 2))
            plant(&test->works[i], &shared, &random);
        if (i && random_below(&random, 4) == 0)
            test->works[i] = test->works[random_below(&random, (uint32_t)i)];
    }
    test->turn_count = 1 + random_below(&random, REFERENCE_TURNS);
    for (size_t i = 0; i < test->turn_count; i++) {
        struct reference_turn *turn = &test->turns[i];
        static const enum text_side sides[] = {SIDE_PROMPT, SIDE_OUTPUT, SIDE_PROMPT, SIDE_OUTPUT,
                                               SIDE_PROMPT, SIDE_OUTPUT, SIDE_TOOL};
        turn->side = sides[random_below(&random, 7)];
        turn->exchange = i ? test->turns[i - 1].exchange + random_below(&random, 2) : 0;
        random_words(&turn->text, 60, words, &random);
        for (uint32_t n = random_below(&random, 4); n > 0; n--)
            plant(&turn->text, &test->works[random_below(&random, (uint32_t)test->work_count)],
                  &random);
        if (i && random_below(&random, 2))
            plant(&turn->text, &test->turns[random_below(&random, (uint32_t)i)].text, &random);
    }
}
