/* What the plan states for the cover, and the name of the run: see answer.h. */
#include "report/answers/answer.h"

#include "base/digest.h"

#include <string.h>

static enum status keep(struct result *result, const char *text, const char **to, struct error *err)
{
    *to = result_text(result, text);
    return text && !*to ? error_nomem(err) : STATUS_OK;
}

enum status answer_cover(struct answer *answer, struct error *err)
{
    struct result *result = answer->result;
    const struct plan_cover *from = &answer->plan->report.cover;
    struct result_cover *to = &result->cover;
    to->has_caption = from->has_caption;
    if (from->caption_count) {
        to->caption = arena_zalloc(&result->arena, from->caption_count, sizeof *to->caption);
        if (!to->caption)
            return error_nomem(err);
        for (; to->caption_count < from->caption_count; to->caption_count++)
            TRY(keep(result, from->caption[to->caption_count], &to->caption[to->caption_count],
                     err));
    }
    TRY(keep(result, from->offered_as, &to->offered_as, err));
    TRY(keep(result, from->inspection, &to->inspection, err));
    TRY(keep(result, from->stamp_prefix, &to->stamp_prefix, err));
    to->stamp_first = from->stamp_first;
    to->stamp_digits = from->stamp_digits;
    return STATUS_OK;
}

static enum status add_pairs(struct digest *digest, const struct result_pairs *pairs,
                             struct error *err)
{
    for (size_t i = 0; i < pairs->count; i++) {
        TRY(digest_add_text(digest, pairs->items[i].name, err));
        TRY(digest_add_text(digest, pairs->items[i].value, err));
    }
    return digest_add_text(digest, "", err);
}

static enum status add_notes(struct digest *digest, const struct result *result, struct error *err)
{
    for (size_t t = 0; t < result->table_count; t++)
        for (size_t i = 0; i < result->tables[t]->note_count; i++)
            TRY(digest_add_text(digest, result->tables[t]->notes[i], err));
    return STATUS_OK;
}

/* Texts that name all inputs: plan, logs, catalogue and version in `run`, the ledger's head in
 * `release`, samples in notes, and what the labels showed in the summary. */
static enum status run_digest(struct digest *digest, const struct result *result,
                              struct sha256 *value, struct error *err)
{
    TRY(digest_add_text(digest, "run 1", err));
    TRY(add_pairs(digest, &result->run, err));
    TRY(add_pairs(digest, &result->release, err));
    TRY(add_pairs(digest, &result->summary, err));
    TRY(add_notes(digest, result, err));
    return digest_end(digest, value, err);
}

enum status answer_run_id(struct answer *answer, struct error *err)
{
    enum { DIGITS = 16 };
    struct result *result = answer->result;
    struct sha256 value;
    char text[65];
    struct digest *digest = digest_new();
    if (!digest)
        return error_nomem(err);
    enum status status = run_digest(digest, result, &value, err);
    digest_free(digest);
    TRY(status);
    sha256_hex(&value, text);
    text[DIGITS] = '\0';
    return result_pair_add(result, &result->run, "run_id", text, err);
}
