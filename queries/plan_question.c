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

static enum status add_population(struct digest *digest, const struct plan *plan, struct error *err)
{
    TRY(add_number(digest, plan->population.from, err));
    TRY(add_number(digest, plan->population.to, err));
    TRY(add_number(digest, (int64_t)plan->population.filter_count, err));
    for (size_t i = 0; i < plan->population.filter_count; i++) {
        const struct plan_filter *filter = &plan->population.filters[i];
        TRY(add_number(digest, filter->exclude, err));
        TRY(digest_add_text(digest, filter->field.name, err));
        TRY(add_texts(digest, filter->values, filter->value_count, err));
    }
    return STATUS_OK;
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

enum status plan_question_digests(struct plan_reader *reader)
{
    struct plan *plan = reader->plan;
    TRY(question_digest(plan, NULL, plan->population_digest, reader->err));
    for (size_t i = 0; i < plan->query_count; i++)
        TRY(question_digest(plan, &plan->queries[i], plan->queries[i].question_digest,
                            reader->err));
    return STATUS_OK;
}
