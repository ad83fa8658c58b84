/* The answers of a run, by query kind: see answers.h. */
#include "report/answers/answers.h"

#include "report/answers/answer.h"
#include "report/answers/answer_assumptions.h"
#include "report/answers/answer_risks.h"
#include "report/answers/series_parts.h"

#include "base/buffer.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

const struct answer_type answer_types[QUERY_KIND_COUNT] = {
    {QUERY_COUNT, answer_count},         {QUERY_TERMS, answer_terms},
    {QUERY_TOPICS, answer_topics},       {QUERY_RELEVANCE, answer_relevance},
    {QUERY_CLAIM, answer_claim},         {QUERY_OVERLAP, answer_overlap},
    {QUERY_IDENTIFIERS, answer_found},   {QUERY_REGEX, answer_found},
    {QUERY_PROPOSALS, answer_proposals},
};

static enum status add_run(struct answer *answer, const struct answers_run *run, struct error *err)
{
    struct result *result = answer->result;
    char files[24], bytes[24];
    snprintf(files, sizeof files, "%" PRIu64, run->files);
    snprintf(bytes, sizeof bytes, "%" PRIu64, run->bytes);
    const char *alphabet = answer->plan->words.alphabet;
    const struct {
        const char *name, *value;
    } pairs[] = {
        {"program_version", run->program_version},
        {"term_language_version", run->term_language_version},
        {"plan_sha256", run->plan_digest},
        {"catalogue_sha256", run->catalogue_digest},
        {"logs_sha256", run->logs_digest},
        {"files", run->hidden ? "not told" : files},
        {"bytes", run->hidden ? "not told" : bytes},
        {"further_word_characters", alphabet && *alphabet ? alphabet : "none"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        TRY(result_pair_add(result, &result->run, pairs[i].name, pairs[i].value, err));
    struct buffer noise;
    buffer_init(&noise, 1 << 22);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < answer->plan->words.noise_count; i++)
        TRY_CLEANUP(buffer_addf(&noise, err, "%s%s", i ? " " : "", answer->plan->words.noise[i]));
    status =
        result_pair_add(result, &result->run, "noise_words", noise.len ? noise.data : "none", err);
cleanup:
    buffer_release(&noise);
    return status;
}

/* What the statements come to, for who has a minute: what is withheld, checked and not decided. */
static enum status add_in_short(struct answer *answer, struct error *err)
{
    const struct release *release = answer->release;
    const char *name, *value;
    bool remembers = false;
    if (release_is_noisy(release) || release_min_users(release) < 2)
        return STATUS_OK;
    for (size_t i = 0; release_fact(release, i, &name, &value); i++)
        remembers = remembers || strcmp(name, "ledger") == 0;
    size_t withheld = release_withheld(release);
    const char *text = result_printf(
        answer->result,
        "%s %s withheld: those of 1 to %" PRIu32 " users, and as many others as keep these from "
        "being worked out. Checked: all tables of this report together, by adding, subtracting "
        "and comparing rows and sets%s. Not decided: sums and differences of four or more figures "
        "of different queries; numbers of exchanges, turns, words and occurrences by themselves; "
        "combinations beyond the limits named below; and %s. Each is said exactly below.",
        answer_count_words(answer, withheld), withheld == 1 ? "figure is" : "figures are",
        release_min_users(release) - 1,
        remembers ? ", and this report with what earlier ones told under the same ledger" : "",
        remembers ? "reports that this ledger does not know"
                  : "other reports of the same logs, since no ledger remembers any");
    return text ? result_pair_add(answer->result, &answer->result->release, "in_short", text, err)
                : error_nomem(err);
}

static enum status add_release(struct answer *answer, struct error *err)
{
    struct result *result = answer->result;
    const struct release *release = answer->release;
    const char *text;
    for (size_t i = 0; (text = release_statement(release, i)) != NULL; i++) {
        char name[32];
        snprintf(name, sizeof name, i == 0 ? "banner" : "statement_%02zu", i);
        TRY(result_pair_add(result, &result->release, name, text, err));
        if (i == 0)
            TRY(add_in_short(answer, err));
    }
    char number[24];
    const char *name, *value;
    for (size_t i = 0; release_fact(release, i, &name, &value); i++)
        TRY(result_pair_add(result, &result->release, name, value, err));
    if (release_is_noisy(release))
        return STATUS_OK;
    snprintf(number, sizeof number, "%" PRIu32, release_min_users(release));
    TRY(result_pair_add(result, &result->release, "min_users", number, err));
    snprintf(number, sizeof number, "%zu", release_withheld(release));
    return result_pair_add(result, &result->release, "figures_withheld", number, err);
}

/* What a later report compares before it compares figures. */
static enum status add_terms_of_series(struct answer *answer, const struct answers_run *run,
                                       struct error *err)
{
    struct result *result = answer->result;
    const struct plan *plan = answer->plan;
    const struct plan_noise *noise = &plan->release.noise;
    const char *rules =
        noise->mechanism
            ? result_printf(result,
                            "noise %s; of a user %" PRIu32 " conversations; of a conversation "
                            "%" PRIu32 " exchanges, %" PRIu32 " turns, %" PRIu32 " words (0: not "
                            "told)",
                            noise->mechanism, noise->conversations, noise->exchanges, noise->turns,
                            noise->words)
            : result_printf(result,
                            "no noise; at least %" PRIu32 " users and %" PRIu32 " conversations; "
                            "dominance %.15g",
                            plan->release.min_users, plan->release.min_conversations,
                            plan->release.dominance);
    if (rules && noise->mechanism && noise->occurrences)
        rules = result_printf(result, "%s, %" PRIu32 " occurrences", rules, noise->occurrences);
    if (!rules)
        return error_nomem(err);
    TRY(result_pair_add(result, &result->release, "rules", rules, err));
    TRY(result_pair_add(result, &result->run, "population_filters_sha256", plan->filters_digest,
                        err));
    if (!run->previous)
        return STATUS_OK;
    return result_pair_add(result, &result->run, "previous_report_sha256", run->previous_digest,
                           err);
}

static enum status keep(struct result *result, const char *text, const char **to, struct error *err)
{
    *to = result_text(result, text);
    return text && !*to ? error_nomem(err) : STATUS_OK;
}

/* The tables from FIRST on answer the question of that digest. */
static enum status set_question(struct result *result, size_t first, const char *digest,
                                struct error *err)
{
    const char *copy = result_text(result, digest);
    if (!copy)
        return error_nomem(err);
    for (size_t i = first; i < result->table_count; i++)
        result->tables[i]->question = copy;
    return STATUS_OK;
}

enum status answers_make(const struct plan *plan, const struct release *release,
                         const struct answers_run *run, struct result *result, struct error *err)
{
    struct answer answer = {.plan = plan,
                            .release = release,
                            .result = result,
                            .population = answer_population(result, plan),
                            .n = release_population(release)};
    if (!answer.population)
        return error_nomem(err);
    TRY(keep(result, plan->title, &result->title, err));
    TRY(keep(result, plan->matter, &result->matter, err));
    TRY(keep(result, plan->report.confidentiality, &result->confidentiality, err));
    TRY(keep(result, plan->report.date, &result->date, err));
    TRY(answer_cover(&answer, err));
    TRY(add_run(&answer, run, err));
    TRY(add_release(&answer, err));
    TRY(add_terms_of_series(&answer, run, err));
    TRY(answer_completeness(&answer, err));
    for (size_t i = 0; i < plan->query_count; i++) {
        const struct answer_type *type = &answer_types[plan->queries[i].kind];
        assert(type->kind == plan->queries[i].kind);
        size_t first = result->table_count;
        TRY(type->make(&answer, i, err));
        TRY(answer_spread(&answer, i, err));
        TRY(set_question(result, first, plan->queries[i].asked_digest, err));
    }
    TRY(answer_claims(&answer, err));
    TRY(answer_redraw(&answer, err));
    TRY(answer_assumptions(&answer, err));
    if (release_is_noisy(release))
        TRY(result_spread(result, err));
    TRY(answer_risks(&answer, err)); /* it has no figure, which noise would leave out */
    TRY(answer_texts(&answer, err));
    TRY(answer_series(&answer, run, err));
    TRY(answer_run_id(&answer, err));
    return answer.no_memory ? error_nomem(err) : STATUS_OK;
}
