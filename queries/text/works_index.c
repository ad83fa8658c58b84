/* Works made ready to be compared with: see works_index.h. */
#include "queries/text/works_index.h"

#include "base/memory.h"

#include <stdlib.h>

struct works_index *works_index_new(uint32_t window)
{
    struct works_index *index = mem_zalloc(1, sizeof *index);
    if (!index)
        return NULL;
    index->window = window;
    if (work_words_init(&index->words, NULL) != STATUS_OK) {
        works_index_free(index);
        return NULL;
    }
    return index;
}

void works_index_free(struct works_index *index)
{
    if (!index)
        return;
    work_repeats_release(&index->repeats);
    work_windows_release(&index->windows);
    work_words_release(&index->words);
    free(index);
}

enum status works_index_add(struct works_index *index, const uint64_t *hashes, size_t count,
                            struct error *err)
{
    TRY(work_words_add(&index->words, hashes, count, err));
    index->word_count += count;
    index->empty += count == 0;
    index->brief += count > 0 && count < index->window;
    return STATUS_OK;
}

enum status works_index_finish(struct works_index *index, unsigned threads, struct error *err)
{
    struct work_words *words = &index->words;
    uint32_t *fitted = mem_resize(words->words, words->count, sizeof *fitted);
    if (fitted) {
        words->words = fitted;
        words->capacity = words->count;
    }
    TRY(work_windows_init(&index->windows, words, index->window, threads, err));
    return work_repeats_init(&index->repeats, &index->windows, err);
}
