/* Works made ready to be compared with: see works_index.h. */
#include "queries/text/works_index.h"

#include "base/memory.h"

#include <stdlib.h>

struct works_index *works_index_new(const struct word_rules *rules, const struct word_key *key,
                                    uint32_t window)
{
    struct works_index *index = mem_zalloc(1, sizeof *index);
    if (!index)
        return NULL;
    index->window = window;
    index->matcher = matcher_new_counting(rules);
    if (!index->matcher || work_words_init(&index->words, NULL) != STATUS_OK) {
        works_index_free(index);
        return NULL;
    }
    matcher_keep_hashes(index->matcher, key);
    return index;
}

void works_index_free(struct works_index *index)
{
    if (!index)
        return;
    matcher_free(index->matcher);
    work_repeats_release(&index->repeats);
    work_windows_release(&index->windows);
    work_words_release(&index->words);
    free(index);
}

enum status works_index_add(struct works_index *index, struct span text, struct error *err)
{
    uint64_t words = 0;
    size_t count;
    TRY(matcher_begin(index->matcher, NULL, err));
    TRY(matcher_turn(index->matcher, SIDE_PROMPT, 0, text, &words, err));
    const uint64_t *hashes = matcher_hashes(index->matcher, &count);
    TRY(work_words_add(&index->words, hashes, count, err));
    index->word_count += count;
    index->empty += count == 0;
    index->brief += count > 0 && count < index->window;
    return STATUS_OK;
}

enum status works_index_finish(struct works_index *index, unsigned threads, struct error *err)
{
    struct work_words *words = &index->words;
    matcher_free(index->matcher);
    index->matcher = NULL;
    uint32_t *fitted = mem_resize(words->words, words->count, sizeof *fitted);
    if (fitted) {
        words->words = fitted;
        words->capacity = words->count;
    }
    TRY(work_windows_init(&index->windows, words, index->window, threads, err));
    return work_repeats_init(&index->repeats, &index->windows, err);
}
