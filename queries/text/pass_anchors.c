/*
 * What stands around anchors (companions.h), in the pass over a message. An anchor that nobody asks
 * for by itself is dropped at once where the words next to it show that none of its phrases can
 * stand there, which is the common case.
 */
#include "queries/text/pass_parts.h"

#include <string.h>

/* What the occurrences from FIRST on want around them. */
static struct reach reach_of(const struct text_pass *pass, size_t first)
{
    struct reach all = {.alone = true};
    for (size_t i = first; i < pass->occurrence_count; i++) {
        size_t count;
        const uint32_t *patterns = pass_patterns(pass, &pass->occurrences[i].set, &count);
        for (size_t p = 0; p < count; p++) {
            const struct reach *one = &pass->set->companions.reach[patterns[p]];
            all.before = one->before > all.before ? one->before : all.before;
            all.after = one->after > all.after ? one->after : all.after;
        }
    }
    return all;
}

enum status pass_settle_anchor(struct text_pass *pass, size_t from, size_t to, size_t first,
                               uint64_t word, struct error *err)
{
    struct reach near = reach_of(pass, first);
    if (near.before == 0 && near.after == 0)
        return STATUS_OK;
    size_t count;
    const uint32_t *patterns = pass_patterns(pass, &pass->occurrences[first].set, &count);
    /* What is next to a run of one word is next to the anchor. */
    if (pass->words - word == 1)
        near = companions_near(&pass->set->companions, patterns, count, &pass->edge_rules,
                               pass->text, from, to);
    if (near.before || near.after) {
        const struct anchor_run anchor = {(uint32_t)from, (uint32_t)to,
                                          (uint32_t)(pass->position + word),
                                          (uint32_t)(pass->words - word), near};
        return anchors_add(&pass->anchors, &anchor, err);
    }
    if (!near.alone && run_is_ascii(pass->text.data + from, to - from))
        pass->occurrence_count = first;
    return STATUS_OK;
}

static enum status count_run(void *context, const char *run, size_t len, uint64_t *words,
                             struct error *err)
{
    struct text_pass *pass = context;
    struct memo_found found = {NULL, NULL};
    if (len <= RUN_BYTES) {
        char padded[RUN_BYTES] = {0};
        memcpy(padded, run, len);
        found = word_memo_find(&pass->memo, raw_run_of(padded, len));
    } else if (len <= MEMO_LONG) {
        found = word_memo_find_long(&pass->memo, run, len);
    }
    if (!found.value)
        TRY(run_words_find(&pass->run, run, len, err));
    *words = found.value ? found.value->words : pass->run.words;
    return STATUS_OK;
}

/* Puts the COUNT companions FOUND among the occurrences from FIRST on, both ascending. A word that
 * is recorded already is so with all its patterns. */
static enum status merge_companions(struct text_pass *pass, size_t first, struct occurrence *found,
                                    size_t count, struct error *err)
{
    TRY(pass_reserve(pass, count, err));
    struct occurrence *items = pass->occurrences + first;
    size_t own = pass->occurrence_count - first, kept = 0;
    for (size_t i = 0, at = 0; i < count; i++) {
        while (at < own && items[at].position < found[i].position)
            at++;
        if (at == own || items[at].position != found[i].position)
            found[kept++] = found[i];
    }
    pass->occurrence_count += kept;
    for (size_t to = own + kept; kept;) {
        bool later = own && items[own - 1].position > found[kept - 1].position;
        items[--to] = later ? items[--own] : found[--kept];
    }
    return STATUS_OK;
}

enum status pass_add_companions(struct text_pass *pass, size_t first, struct error *err)
{
    const struct run_counter counter = {count_run, pass};
    TRY(anchors_find(&pass->anchors, &pass->set->companions, &pass->edge_rules, pass->text,
                     &counter, err));
    return merge_companions(pass, first, pass->anchors.found, pass->anchors.found_count, err);
}
