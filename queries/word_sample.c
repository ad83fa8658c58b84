/* Words of terms in the first records: see word_sample.h. */
#include "queries/word_sample.h"

#include "base/memory.h"
#include "queries/fragment.h"
#include "queries/logs/log_stream.h"

#include <stdlib.h>

/* What a part is read with. */
struct sampler {
    const struct scan_state *state;
    struct record_reader *records;
    struct text_reader *texts;
    struct log_batch batch;
};

/* Shows the first batch of PART to the text reader. */
static enum status read_part(struct sampler *sampler, size_t part, struct error *err)
{
    const struct log_set *logs = &sampler->state->logs;
    const struct format_type *format = logs->files[logs->parts[part].file].format;
    struct log_stream *stream = NULL;
    struct fragment *fragment = fragment_new(0);
    enum status status = STATUS_OK;
    bool end = false;
    if (!fragment)
        return error_nomem(err);
    TRY_CLEANUP(log_stream_open(&stream, logs, part, &sampler->state->setup.logs, err));
    TRY_CLEANUP(log_stream_next(stream, &sampler->batch, &end, err));
    if (!end)
        status = fragment_fill(fragment, &sampler->batch, format, sampler->records, sampler->texts,
                               sampler->state->setup.field_count, err);
cleanup:
    fragment_free(fragment);
    log_stream_free(stream);
    return status;
}

/* Counts the patterns of SET's terms in the parts. */
static enum status count_patterns(const struct question_set *set, const struct scan_state *state,
                                  const size_t *parts, size_t count, uint64_t *counts,
                                  struct error *err)
{
    /* Of all questions terms alone matter here. */
    const struct question_set terms = {.terms = set->terms, .refs = set->refs};
    struct sampler sampler = {.state = state};
    enum status status = STATUS_OK;
    log_batch_init(&sampler.batch);
    sampler.records = record_reader_new(state->setup.logs.max_record, state->setup.logs.maps);
    sampler.texts = text_reader_new(&terms);
    if (!sampler.records || !sampler.texts) {
        status = error_nomem(err);
        goto cleanup;
    }
    text_reader_list_words(sampler.texts);
    for (size_t i = 0; i < count && i < SAMPLE_PARTS; i++)
        (void)read_part(&sampler, parts[i], NULL);
    status = text_reader_add_pattern_counts(sampler.texts, counts, err);
cleanup:
    text_reader_free(sampler.texts);
    record_reader_free(sampler.records);
    log_batch_release(&sampler.batch);
    return status;
}

enum status word_sample_weigh(struct question_set *set, const struct scan_state *state,
                              const size_t *parts, size_t count, struct error *err)
{
    if (!set->terms)
        return STATUS_OK;
    uint64_t *counts = mem_zalloc(term_set_pattern_count(set->terms), sizeof *counts);
    if (!counts)
        return error_nomem(err);
    enum status status = count_patterns(set, state, parts, count, counts, err);
    if (status == STATUS_OK)
        status = term_set_weigh(set->terms, counts, err);
    free(counts);
    return status;
}
