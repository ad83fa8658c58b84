/* The population in words, from the plan. */
#include "report/answers/answer.h"

#include "base/buffer.h"
#include "base/civil.h"

enum { LISTED_MAX = 8, WORDS_MAX = 1 << 20 };

const char *answer_day_words(struct result *result, int64_t days)
{
    struct civil_date date = civil_from_days(days);
    return result_printf(result, "%04d-%02d-%02d", date.year, date.month, date.day);
}

static enum status put_date(struct buffer *words, const char *lead, int64_t days, struct error *err)
{
    struct civil_date date = civil_from_days(days);
    return buffer_addf(words, err, "%s%04d-%02d-%02d", lead, date.year, date.month, date.day);
}

static enum status put_dates(struct buffer *words, int64_t from, int64_t to, struct error *err)
{
    if (from == INT64_MIN && to == INT64_MAX)
        return STATUS_OK;
    if (from != INT64_MIN)
        TRY(put_date(words, " from ", from, err));
    if (to != INT64_MAX)
        TRY(put_date(words, from == INT64_MIN ? " up to " : " to ", to, err));
    else
        TRY(buffer_addf(words, err, " on"));
    return buffer_addf(words, err, " (UTC, %s)",
                       from != INT64_MIN && to != INT64_MAX ? "both included" : "included");
}

/* Users and records are counted, never listed. */
static enum status put_filter(struct buffer *words, const struct plan_filter *filter,
                              struct error *err)
{
    bool hidden = filter->field.kind == PLAN_FIELD_STORED && filter->field.stored == SIZE_MAX;
    TRY(buffer_addf(words, err, ", %s those whose %s is ", filter->exclude ? "without" : "only",
                    filter->field.name));
    if (hidden || filter->value_count > LISTED_MAX)
        return buffer_addf(words, err, "one of %zu that the plan lists", filter->value_count);
    for (size_t i = 0; i < filter->value_count; i++)
        TRY(buffer_addf(words, err, "%s\"%s\"",
                        i == 0                         ? ""
                        : i + 1 == filter->value_count ? " or "
                                                       : ", ",
                        filter->values[i]));
    return STATUS_OK;
}

static enum status put_all(struct buffer *words, const struct plan *plan, struct error *err)
{
    TRY(buffer_addf(words, err, "Accepted conversations"));
    TRY(put_dates(words, plan->population.from, plan->population.to, err));
    for (size_t i = 0; i < plan->population.filter_count; i++)
        TRY(put_filter(words, &plan->population.filters[i], err));
    return buffer_addf(words, err, ".");
}

const char *answer_population(struct result *result, const struct plan *plan)
{
    struct buffer words;
    buffer_init(&words, WORDS_MAX);
    const char *text = NULL;
    if (put_all(&words, plan, NULL) == STATUS_OK)
        text = result_text(result, words.data);
    buffer_release(&words);
    return text;
}
