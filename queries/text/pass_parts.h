/*
 * The parts of the pass over a message (text_pass.c): taking one run, and what stands around
 * anchors.
 */
#ifndef PROFFER_PASS_PARTS_H
#define PROFFER_PASS_PARTS_H

#include "base/memory.h"
#include "queries/text/text_pass.h"

static inline bool run_is_ascii(const char *run, size_t len)
{
    bool ascii = true;
    for (size_t i = 0; i < len && ascii; i++)
        ascii = (unsigned char)run[i] < 0x80;
    return ascii;
}

/* Makes room for MORE occurrences. */
static inline enum status pass_reserve(struct text_pass *pass, size_t more, struct error *err)
{
    if (pass->occurrence_capacity - pass->occurrence_count >= more)
        return STATUS_OK;
    struct occurrence *grown = mem_grow(pass->occurrences, &pass->occurrence_capacity,
                                        pass->occurrence_count + more, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    pass->occurrences = grown;
    return STATUS_OK;
}

/* Makes room for the hashes of MORE words. */
static inline enum status pass_reserve_hashes(struct text_pass *pass, uint64_t more,
                                              struct error *err)
{
    if (pass->hash_capacity - pass->words >= more)
        return STATUS_OK;
    uint64_t *grown =
        mem_grow(pass->hashes, &pass->hash_capacity, (size_t)(pass->words + more), sizeof *grown);
    if (!grown)
        return error_nomem(err);
    pass->hashes = grown;
    return STATUS_OK;
}

/* Adds COUNT words, whose hashes are HASHES where they are kept. */
static inline enum status pass_add_words(struct text_pass *pass, uint64_t count,
                                         const uint64_t *hashes, struct error *err)
{
    if (pass->sifted && count) {
        TRY(pass_reserve_hashes(pass, count, err));
        memcpy(pass->hashes + pass->words, hashes, (size_t)count * sizeof *hashes);
    }
    pass->words += count;
    return STATUS_OK;
}

/* The patterns of a set of an occurrence. */
static inline const uint32_t *pass_patterns(const struct text_pass *pass, const uint32_t *set,
                                            size_t *count)
{
    uint32_t patterns = (uint32_t)pass->set->patterns.keys.count;
    *count = 1;
    if (*set < patterns)
        return set;
    const struct pattern_sets *sets = &pass->run.sets;
    uint32_t from = sets->starts.items[*set - patterns];
    *count = sets->starts.items[*set - patterns + 1] - from;
    return sets->items.items + from;
}

/* Takes the run of LEN bytes at RUN, 16 of them readable: counts its words and records those that
 * are asked for. */
PROFFER_MUST_USE enum status pass_take_run(struct text_pass *pass, const char *run, size_t len,
                                           struct error *err);

/* The run from FROM to TO of the message gave the occurrences from FIRST on, and WORD was its first
 * word: if it has an anchor it is noted, or dropped where no phrase can stand around it. */
PROFFER_MUST_USE enum status pass_settle_anchor(struct text_pass *pass, size_t from, size_t to,
                                                size_t first, uint64_t word, struct error *err);
/* Records the companions around the anchors of the message, whose occurrences begin at FIRST. */
PROFFER_MUST_USE enum status pass_add_companions(struct text_pass *pass, size_t first,
                                                 struct error *err);

#endif
