/* What the plan states for the cover, and the name of the run: see answer.h. */
#include "report/answers/answer.h"

#include "base/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ROWS_MAX = 10000 }; /* of a table; the digests name what the rest was made from */

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

static enum status add_value(struct digest *digest, const struct result_value *value,
                             struct error *err)
{
    char text[40] = "";
    switch (value->kind) {
    case VALUE_TEXT:
        return digest_add_text(digest, value->text, err);
    case VALUE_COUNT:
        snprintf(text, sizeof text, "%" PRIu64, value->count);
        break;
    case VALUE_REAL:
        snprintf(text, sizeof text, "%.15g", value->real);
        break;
    case VALUE_WITHHELD:
        return digest_add_text(digest, "withheld", err);
    case VALUE_NULL:
        break;
    }
    return digest_add_text(digest, text, err);
}

static enum status add_table(struct digest *digest, const struct result_table *table,
                             struct error *err)
{
    size_t rows = table->row_count < ROWS_MAX ? table->row_count : ROWS_MAX;
    TRY(digest_add_text(digest, table->id, err));
    for (size_t i = 0; i < table->note_count; i++)
        TRY(digest_add_text(digest, table->notes[i], err));
    for (size_t row = 0; row < rows; row++)
        for (size_t c = 0; c < table->column_count; c++)
            TRY(add_value(digest, result_value_at(table, row, c), err));
    return STATUS_OK;
}

/* All inputs: plan, logs, catalogue and version in `run`, the ledger's head in `release`, samples
 * in notes; and what is told, so that other labels are another run. */
static enum status run_digest(struct digest *digest, const struct result *result,
                              struct sha256 *value, struct error *err)
{
    TRY(digest_add_text(digest, "run 1", err));
    TRY(add_pairs(digest, &result->run, err));
    TRY(add_pairs(digest, &result->release, err));
    TRY(add_pairs(digest, &result->summary, err));
    for (size_t t = 0; t < result->table_count; t++)
        TRY(add_table(digest, result->tables[t], err));
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
