/* Words of the logs for explain: see explain_logs.h. */
#include "cli/explain_logs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum status explain_logs_open(struct explain_logs *logs, const struct plan *plan,
                              const char *catalogue, struct error *err)
{
    struct scan_options options = {.catalogue = catalogue};
    *logs = (struct explain_logs){.problem = ERROR_INIT, .has_state = true};
    enum status status = scan_state_init(&logs->state, plan, &options, &logs->problem);
    if (status == STATUS_PLAN || status == STATUS_INPUT)
        return STATUS_OK;
    if (status == STATUS_OK)
        status = leaf_finder_new(&logs->state, plan, &logs->finder, &logs->problem);
    if (status != STATUS_OK && err)
        *err = logs->problem;
    return status;
}

void explain_logs_release(struct explain_logs *logs)
{
    leaf_finder_free(logs->finder);
    if (logs->has_state)
        scan_state_release(&logs->state);
    *logs = (struct explain_logs){.finder = NULL};
}

/* Why nothing is listed of a leaf that some term of the plan has. */
static const char *why_unlisted(const struct leaf_words *words)
{
    return words->scanned > words->listed ? "not listed: proffer scan --words lists them"
                                          : "not scanned, or changed since: proffer scan";
}

static void show_found(const struct leaf_words *words, size_t limit)
{
    bool all = words->count < LEAF_WORDS_MAX;
    if (words->count == 0)
        printf("none");
    else
        printf("%zu word%s%s: ", words->count, words->count == 1 ? "" : "s",
               all ? "" : " or more (the first ones by spelling)");
    for (size_t i = 0; i < words->count && i < limit; i++)
        printf("%s%.*s %" PRIu64, i ? ", " : "", (int)words->words[i].word.len,
               words->words[i].word.data, words->words[i].count);
    if (words->count > limit)
        printf(", and %zu more (--limit N)", words->count - limit);
    if (words->listed < words->parts)
        printf(" (in %zu of %zu parts; of the others: %s)", words->listed, words->parts,
               why_unlisted(words));
    printf("\n");
}

/* An equal leaf may stand in a term again. */
static bool is_repeated(const struct term *term, size_t leaf)
{
    for (size_t i = 0; i < leaf; i++)
        if (!term_leaf_is_virtual(term, i) &&
            strcmp(term_leaf_text(term, i), term_leaf_text(term, leaf)) == 0)
            return true;
    return false;
}

static enum status show_leaf(const struct explain_logs *logs, const char *leaf, size_t limit,
                             struct error *err)
{
    struct leaf_words words;
    enum status status = leaf_finder_find(logs->finder, leaf, &words, err);
    if (status == STATUS_OK) {
        printf("in logs:  %s  ", leaf);
        if (!words.asked)
            printf("unknown: no term of the plan has this word\n");
        else if (words.listed == 0)
            printf("unknown: %s\n", why_unlisted(&words));
        else
            show_found(&words, limit);
    }
    leaf_words_release(&words);
    return status;
}

enum status explain_logs_show(const struct explain_logs *logs, const struct term *term,
                              size_t limit, struct error *err)
{
    if (!logs->finder) {
        printf("in logs:  unknown: %s\n", logs->problem.text);
        return STATUS_OK;
    }
    for (size_t i = 0; i < term_leaf_count(term); i++)
        if (!term_leaf_is_virtual(term, i) && !is_repeated(term, i))
            TRY(show_leaf(logs, term_leaf_text(term, i), limit, err));
    return STATUS_OK;
}

static json_t *found_json(const struct leaf_words *words)
{
    json_t *list = json_array();
    bool bad = !list;
    for (size_t i = 0; !bad && i < words->count; i++) {
        const struct leaf_word *word = &words->words[i];
        bad = json_array_append_new(list, json_pack("{s:s%, s:I}", "word", word->word.data,
                                                    word->word.len, "count",
                                                    (json_int_t)word->count)) != 0;
    }
    json_t *out = bad ? NULL
                      : json_pack("{s:O, s:b, s:I, s:I}", "words", list, "complete",
                                  words->count < LEAF_WORDS_MAX, "parts", (json_int_t)words->parts,
                                  "listed", (json_int_t)words->listed);
    json_decref(list);
    return out;
}

enum status explain_logs_json(const struct explain_logs *logs, const struct term *term, size_t leaf,
                              json_t **out, struct error *err)
{
    struct leaf_words words = {.asked = false};
    enum status status = STATUS_OK;
    if (logs->finder && !term_leaf_is_virtual(term, leaf))
        status = leaf_finder_find(logs->finder, term_leaf_text(term, leaf), &words, err);
    if (status == STATUS_OK) {
        *out = words.listed ? found_json(&words) : json_null();
        if (!*out)
            status = error_nomem(err);
    }
    leaf_words_release(&words);
    return status;
}
