/* What would turn a verdict: see answer_claim_notes.h. */
#include "report/answers/answer_claim_notes.h"

#include "stats/sample_size.h"

static bool is_pooled(const struct answer_sample *sample)
{
    return sample->design.combination == DESIGN_POOLED && !sample->design.checked &&
           !sample->design.prior;
}

/* Errors of labels were only tried within one of several strata: where all hits are pooled it does
 * not matter where they are. */
static bool one_stratum(const struct answer_sample *sample)
{
    return sample->design.count > 1 && !is_pooled(sample);
}

enum status claim_note_turning(struct answer *answer, struct result_table *table,
                               const struct answer_sample *sample, const struct claim_result *test,
                               struct error *err)
{
    const char *u = answer_count_words(answer, sample->counts.unreadable);
    const char *where =
        sample->design.count > 1 ? ", those in the strata where they weigh most" : "";
    if (sample->counts.unreadable == 0)
        return STATUS_OK;
    if (test->turns)
        return answer_note(
            answer, table,
            result_printf(answer->result,
                          "Over the population: if none of the %s unreadable are relevant, the "
                          "claim is %s; the verdict turns to %s if %s of the %s unreadable are "
                          "relevant%s.",
                          u, claim_verdict_name(test->verdict_if_none),
                          claim_verdict_name(test->turns_to),
                          answer_count_words(answer, test->turns_at), u, where),
            err);
    return answer_note(answer, table,
                       result_printf(answer->result,
                                     "Over the population: the verdict is the same however many "
                                     "of the %s unreadable are relevant.",
                                     u),
                       err);
}

/* How wrong the labels would have to be to turn the verdict. */
enum status claim_note_errors(struct answer *answer, struct result_table *table,
                              const struct answer_sample *sample, const struct claim_result *test,
                              struct error *err)
{
    const struct sample_counts *s = &sample->counts;
    bool supported = test->verdict == CLAIM_SUPPORTED;
    uint64_t of = supported ? s->drawn - s->relevant - s->unreadable : s->relevant;
    if (sample->design.checked || test->verdict == CLAIM_UNDETERMINED)
        return STATUS_OK;
    const char *where = one_stratum(sample) ? " in the stratum where they weigh most" : "";
    if (test->errors_to_turn == 0)
        return result_note(answer->result, table,
                           one_stratum(sample)
                               ? "Over the population: errors of the labels of one stratum alone "
                                 "do not turn the verdict; errors in several might."
                               : "Over the population: no error of the labels turns the verdict.",
                           err);
    const char *share =
        answer_share_words(answer, (double)test->errors_to_turn / (double)of, ROUND_DOWN);
    const char *kind = supported ? "irrelevant" : "relevant";
    return answer_note(
        answer, table,
        test->errors_to_turn == 1
            ? result_printf(answer->result,
                            "Over the population: one wrong label%s of the %s labels \"%s\" (%s) "
                            "would turn the verdict.",
                            where, answer_count_words(answer, of), kind, share)
            : result_printf(answer->result,
                            "Over the population: the verdict holds as long as fewer than %s of "
                            "the %s labels \"%s\" (%s) are wrong%s.",
                            answer_count_words(answer, test->errors_to_turn),
                            answer_count_words(answer, of), kind, share, where),
        err);
}

/* "A; B" */
static const char *join(struct answer *answer, const char *a, const char *b)
{
    return !a || !*a ? b : !b || !*b ? a : result_printf(answer->result, "%s; %s", a, b);
}

/* "2 or more wrong labels" of those that the verdict rests on, or "". */
static const char *errors_words(struct answer *answer, const struct answer_sample *sample,
                                const struct claim_result *test)
{
    if (sample->design.checked || test->verdict == CLAIM_UNDETERMINED || !test->errors_to_turn)
        return "";
    return result_printf(answer->result, "%s or more wrong labels among those \"%s\"%s",
                         answer_count_words(answer, test->errors_to_turn),
                         test->verdict == CLAIM_SUPPORTED ? "irrelevant" : "relevant",
                         one_stratum(sample) ? ", in the stratum where they weigh most" : "");
}

static const char *open_words(struct answer *answer, const struct answer_sample *sample,
                              const struct claim_result *test)
{
    if (sample->counts.unreadable == 0 || !test->turns)
        return "";
    return result_printf(
        answer->result,
        "what the unreadable and unlabelled units are (%s): %s if none is relevant, %s from "
        "%s relevant ones on",
        answer_count_words(answer, sample->counts.unreadable),
        claim_verdict_name(test->verdict_if_none), claim_verdict_name(test->turns_to),
        answer_count_words(answer, test->turns_at));
}

static const char *labels_words(struct answer *answer, const struct answer_sample *sample,
                                const struct claim_result *test)
{
    if (test->verdict != CLAIM_UNDETERMINED)
        return "";
    if (sample->design.count > 1 && !is_pooled(sample))
        return "more labels, of a fresh sample; how many is not computed for this bound";
    if (test->labels_needed == SAMPLE_SIZE_NONE)
        return sample->counts.unreadable ? "no fresh sample with as many hits, the unreadable "
                                           "among them, would support it"
                                         : "no fresh sample with as many hits would support it";
    if (test->labels_needed == sample->counts.population)
        return result_printf(answer->result,
                             "a reading of all %s with as few hits would support it",
                             answer_count_words(answer, test->labels_needed));
    return result_printf(answer->result, "a fresh sample of %s%s with as few hits would support it",
                         answer_count_words(answer, test->labels_needed),
                         sample->design.count > 1 ? ", strata in proportion," : "");
}

const char *claim_change_words(struct answer *answer, const struct answer_sample *sample,
                               const struct claim_result *test)
{
    const char *words =
        join(answer, labels_words(answer, sample, test),
             join(answer, errors_words(answer, sample, test), open_words(answer, sample, test)));
    return words && !*words ? one_stratum(sample) ? "no errors of labels within one stratum alone"
                                                  : "no errors of labels"
                            : words;
}
