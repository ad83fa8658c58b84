/* A released sample: see answer_sample.h. */
#include "report/answers/answer_sample.h"

#include <inttypes.h>
#include <string.h>

struct answer_sample answer_sample_of(const struct answer *answer, size_t query)
{
    struct answer_sample sample = {.figures = release_sample_find(answer->release, query)};
    const struct figure_sample *f = sample.figures;
    if (!f || (f->drawn.state == FIGURE_EXACT && f->drawn.value == 0))
        return (struct answer_sample){.state = SAMPLE_NONE};
    if (f->population.state == FIGURE_WITHHELD || f->drawn.state == FIGURE_WITHHELD ||
        f->relevant.state == FIGURE_WITHHELD || f->unreadable.state == FIGURE_WITHHELD) {
        sample.state = SAMPLE_WITHHELD;
        return sample;
    }
    sample.state = SAMPLE_THERE;
    sample.counts = (struct sample_counts){f->population.value, f->drawn.value, f->relevant.value,
                                           f->unreadable.value};
    return sample;
}

static enum status note_labels(struct answer *answer, struct result_table *table,
                               const struct figure_sample *f, struct error *err)
{
    struct result *result = answer->result;
    if (f->unreadable.state == FIGURE_EXACT && f->unreadable.value > 0)
        TRY(answer_note(
            answer, table,
            result_printf(result,
                          "%s of the drawn units are unreadable or without a label (%s without). "
                          "They are bounded both ways: the lower bound takes none of them as "
                          "relevant, the upper bound all.",
                          answer_figure_words(answer, f->unreadable),
                          answer_figure_words(answer, f->missing)),
            err));
    if (f->reviewers.state == FIGURE_EXACT && f->reviewers.value > 1)
        TRY(answer_note(answer, table,
                        result_printf(result, "%s reviewers labelled; they disagree on %s units.",
                                      answer_figure_words(answer, f->reviewers),
                                      answer_figure_words(answer, f->disagreements)),
                        err));
    return STATUS_OK;
}

enum status answer_sample_notes(struct answer *answer, struct result_table *table,
                                const struct answer_sample *sample, struct error *err)
{
    struct result *result = answer->result;
    const struct figure_sample *f = sample->figures;
    if (!f)
        return result_note(result, table,
                           "There is no labelled sample yet. Fix the frame (proffer frame), draw "
                           "with a seed that was not known before (proffer draw), review the drawn "
                           "units, fill in the labels, and run again.",
                           err);
    if (sample->state == SAMPLE_WITHHELD)
        TRY(result_note(result, table,
                        "A number of the sample is withheld, and with it all that follows from it.",
                        err));
    TRY(note_labels(answer, table, f, err));
    if (f->frame.state == FIGURE_EXACT && f->population.state == FIGURE_EXACT &&
        f->frame.value != f->population.value)
        TRY(answer_note(answer, table,
                        result_printf(result,
                                      "The frame holds %s units, of which %s were drawn; the "
                                      "population lies inside it and %s of the drawn units are in "
                                      "the population. Given that number they are a simple random "
                                      "sample of the population.",
                                      answer_figure_words(answer, f->frame),
                                      answer_figure_words(answer, f->frame_drawn),
                                      answer_figure_words(answer, f->drawn)),
                        err));
    return answer_note(
        answer, table,
        result_printf(result, "Frame %s; sample %s; seed from: %s.",
                      f->frame_digest ? f->frame_digest : "unknown",
                      f->sample_digest ? f->sample_digest : "unknown",
                      f->seed_source && *f->seed_source ? f->seed_source : "not stated"),
        err);
}

enum status answer_put_absent(struct answer *answer, struct result_table *table,
                              const struct answer_sample *sample, struct error *err)
{
    if (sample->state == SAMPLE_WITHHELD)
        return result_put_withheld(answer->result, table, err);
    return result_put_null(answer->result, table, err);
}

const struct interval_method *answer_interval_method(const struct plan_query *query)
{
    size_t count;
    const struct interval_method *method =
        query->method ? interval_method_find(query->method) : NULL;
    return method ? method : interval_method_list(&count);
}

bool answer_is_anytime(const struct plan_query *query)
{
    return strcmp(answer_interval_method(query)->name, "anytime") == 0;
}

enum status answer_interval(const struct plan_query *query, const struct sample_counts *counts,
                            struct interval_result *out, struct error *err)
{
    if (answer_is_anytime(query))
        return interval_anytime(counts, (struct anytime_prior){query->prior[0], query->prior[1]},
                                query->confidence, out, err);
    return answer_interval_method(query)->compute(counts, query->confidence, out, err);
}
