/*
 * What a query's answer depends on beside the logs, as a digest: the same question with another id,
 * title, weight or place in the plan has the same one.
 *
 *     "question 1" kind scan-digest-of-plan scan-digest
 *     { from to filter-count { exclude field value-count { value } } }       the population
 *     by-count { field value-count { value } bin-count { bin } }
 *     within multi-label topic-count { topic } bin-count { bin }
 */
#include "base/digest.h"
#include "queries/plan_parts.h"

#include <inttypes.h>
#include <stdio.h>

static enum status add_number(struct digest *digest, int64_t number, struct error *err)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, number);
    return digest_add_text(digest, text, err);
}

static enum status add_texts(struct digest *digest, char *const *texts, size_t count,
                             struct error *err)
{
    TRY(add_number(digest, (int64_t)count, err));
    for (size_t i = 0; i < count; i++)
        TRY(digest_add_text(digest, texts[i], err));
    return STATUS_OK;
}

static enum status add_filters(struct digest *digest, const struct plan *plan, struct error *err)
{
    TRY(add_number(digest, (int64_t)plan->population.filter_count, err));
    for (size_t i = 0; i < plan->population.filter_count; i++) {
        const struct plan_filter *filter = &plan->population.filters[i];
        TRY(add_number(digest, filter->exclude, err));
        TRY(digest_add_text(digest, filter->field.name, err));
        TRY(add_texts(digest, filter->values, filter->value_count, err));
    }
    return STATUS_OK;
}

static enum status add_population(struct digest *digest, const struct plan *plan, struct error *err)
{
    TRY(add_number(digest, plan->population.from, err));
    TRY(add_number(digest, plan->population.to, err));
    return add_filters(digest, plan, err);
}

static enum status add_field(struct digest *digest, const struct plan_field *field,
                             struct error *err)
{
    char text[40];
    TRY(digest_add_text(digest, field->name, err));
    TRY(add_texts(digest, field->values, field->value_count, err));
    TRY(add_number(digest, (int64_t)field->bin_count, err));
    for (size_t i = 0; i < field->bin_count; i++) {
        snprintf(text, sizeof text, "%.17g", field->bins[i]);
        TRY(digest_add_text(digest, text, err));
    }
    return STATUS_OK;
}

static enum status add_query(struct digest *digest, const struct plan_query *query,
                             struct error *err)
{
    TRY(add_number(digest, (int64_t)query->by_count, err));
    for (size_t i = 0; i < query->by_count; i++)
        TRY(add_field(digest, &query->by[i], err));
    TRY(add_number(digest, query->within, err));
    TRY(add_number(digest, query->multi_label, err));
    TRY(add_number(digest, (int64_t)query->topic_count, err));
    for (size_t i = 0; i < query->topic_count; i++)
        TRY(digest_add_text(digest, query->topics[i].name, err));
    TRY(add_number(digest, (int64_t)query->bin_count, err));
    for (size_t i = 0; i < query->bin_count; i++)
        TRY(add_number(digest, query->bins[i], err));
    return STATUS_OK;
}

/* QUERY NULL: of the population's own numbers. */
static enum status question_digest(const struct plan *plan, const struct plan_query *query,
                                   char hex[static 65], struct error *err)
{
    struct sha256 value;
    enum status status = STATUS_OK;
    struct digest *digest = digest_new();
    if (!digest)
        return error_nomem(err);
    TRY_CLEANUP(digest_add_text(digest, "question 1", err));
    TRY_CLEANUP(digest_add_text(digest, query ? query_types[query->kind].name : "population", err));
    TRY_CLEANUP(digest_add_text(digest, plan->scan_digest, err));
    TRY_CLEANUP(digest_add_text(digest, query ? query->scan_digest : "", err));
    TRY_CLEANUP(add_population(digest, plan, err));
    if (query)
        TRY_CLEANUP(add_query(digest, query, err));
    TRY_CLEANUP(digest_end(digest, &value, err));
    sha256_hex(&value, hex);
cleanup:
    digest_free(digest);
    return status;
}

static enum status filters_digest(struct plan *plan, struct error *err)
{
    struct sha256 value;
    enum status status = STATUS_OK;
    struct digest *digest = digest_new();
    if (!digest)
        return error_nomem(err);
    TRY_CLEANUP(digest_add_text(digest, "filters 1", err));
    TRY_CLEANUP(add_filters(digest, plan, err));
    TRY_CLEANUP(digest_end(digest, &value, err));
    sha256_hex(&value, plan->filters_digest);
cleanup:
    digest_free(digest);
    return status;
}

/* What an option asks: its own words, and the terms, topics and works that these mean. */
static enum status add_option(struct digest *digest, const struct plan *plan,
                              const struct plan_option *option, struct error *err)
{
    TRY(digest_add_text(digest, option->id, err));
    TRY(add_number(digest, option->from, err));
    TRY(add_number(digest, option->to, err));
    TRY(add_number(digest, (int64_t)option->term_count, err));
    for (size_t i = 0; i < option->term_count; i++) {
        const struct plan_term *term = &plan->queries[option->terms_query].terms[option->terms[i]];
        TRY(digest_add_text(digest, term->parsed ? term->parsed : "", err));
    }
    TRY(add_number(digest, (int64_t)option->topic_count, err));
    for (size_t i = 0; i < option->topic_count; i++)
        TRY(digest_add_text(
            digest, plan->queries[option->topics_query].topics[option->topics[i]].name, err));
    if (option->topic_count)
        TRY(digest_add_text(digest, plan->queries[option->topics_query].scan_digest, err));
    TRY(add_number(digest, option->overlap_words, err));
    return digest_add_text(
        digest, option->overlap_words ? plan->queries[option->overlap_query].scan_digest : "", err);
}

/*
 * What a query asks in every period of a series. The rows of a terms query name their terms, so
 * these are compared there.
 *
 *     "asked 1" kind scan-digest-of-plan scan-digest-but-of-terms noise-word-count { noise word }
 *     { query as above }
 *     definition unit search { option }
 */
static enum status asked_digest(const struct plan *plan, struct plan_query *query,
                                struct error *err)
{
    struct sha256 value;
    enum status status = STATUS_OK;
    struct digest *digest = digest_new();
    if (!digest)
        return error_nomem(err);
    TRY_CLEANUP(digest_add_text(digest, "asked 1", err));
    TRY_CLEANUP(digest_add_text(digest, query_types[query->kind].name, err));
    TRY_CLEANUP(digest_add_text(digest, plan->scan_digest, err));
    TRY_CLEANUP(digest_add_text(digest, query->kind == QUERY_TERMS ? "" : query->scan_digest, err));
    TRY_CLEANUP(add_texts(digest, plan->words.noise, plan->words.noise_count, err));
    TRY_CLEANUP(add_query(digest, query, err));
    TRY_CLEANUP(digest_add_text(digest, query->definition ? query->definition : "", err));
    TRY_CLEANUP(digest_add_text(digest, query->unit ? query->unit : "", err));
    TRY_CLEANUP(digest_add_text(
        digest, query->has_search ? plan->queries[query->search].scan_digest : "", err));
    TRY_CLEANUP(add_number(digest, (int64_t)query->option_count, err));
    for (size_t i = 0; i < query->option_count; i++)
        TRY_CLEANUP(add_option(digest, plan, &query->options[i], err));
    TRY_CLEANUP(digest_end(digest, &value, err));
    sha256_hex(&value, query->asked_digest);
cleanup:
    digest_free(digest);
    return status;
}

enum status plan_question_digests(struct plan_reader *reader)
{
    struct plan *plan = reader->plan;
    TRY(question_digest(plan, NULL, plan->population_digest, reader->err));
    TRY(filters_digest(plan, reader->err));
    for (size_t i = 0; i < plan->query_count; i++) {
        TRY(question_digest(plan, &plan->queries[i], plan->queries[i].question_digest,
                            reader->err));
        TRY(asked_digest(plan, &plan->queries[i], reader->err));
    }
    return STATUS_OK;
}
