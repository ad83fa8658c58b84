/* A released sample: see answer_sample.h. */
#include "report/answers/answer_sample.h"

#include <inttypes.h>
#include <string.h>

/* ---- designs from figures ---- */

static bool withheld(const struct figure_stratum *s)
{
    const struct figure all[] = {s->population, s->drawn,   s->relevant,   s->unreadable,
                                 s->cleared,    s->checked, s->overturned, s->unclear};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].state == FIGURE_WITHHELD)
            return true;
    return false;
}

static struct design_stratum stratum_of(const struct figure_sample *f,
                                        const struct figure_stratum *s)
{
    return (struct design_stratum){
        .counts = {s->population.value, s->drawn.value, s->relevant.value, s->unreadable.value},
        .check = {f->check_all, s->cleared.value, s->checked.value, s->overturned.value,
                  s->unclear.value}};
}

static enum status design_for(const struct answer *answer, const struct plan_query *query,
                              const struct figure_sample *f, const struct design_stratum *strata,
                              size_t count, struct design *out, struct error *err)
{
    struct anytime_prior *prior = arena_zalloc(&answer->result->arena, 1, sizeof *prior);
    if (!prior)
        return error_nomem(err);
    *prior = (struct anytime_prior){query->prior[0], query->prior[1]};
    *out = (struct design){.strata = strata,
                           .count = count,
                           .combination = (enum design_combination)query->combine,
                           .method = answer_interval_method(query),
                           .prior = answer_is_anytime(query) ? prior : NULL,
                           .checked = f->checked};
    return STATUS_OK;
}

enum status answer_sample_of(const struct answer *answer, size_t query,
                             struct answer_sample *sample, struct error *err)
{
    const struct figure_sample *f = release_sample_find(answer->release, query, FIGURE_NO_SEARCH);
    *sample = (struct answer_sample){.state = SAMPLE_NONE};
    if (!f || (f->whole.drawn.state == FIGURE_EXACT && f->whole.drawn.value == 0))
        return STATUS_OK;
    sample->figures = f;
    sample->state = SAMPLE_WITHHELD;
    if (withheld(&f->whole))
        return STATUS_OK;
    size_t count = f->stratum_count ? f->stratum_count : 1;
    struct design_stratum *strata = arena_zalloc(&answer->result->arena, count, sizeof *strata);
    if (!strata)
        return error_nomem(err);
    for (size_t h = 0; h < count; h++)
        strata[h] = stratum_of(f, f->stratum_count ? &f->strata[h] : &f->whole);
    sample->state = SAMPLE_THERE;
    TRY(design_for(answer, &answer->plan->queries[query], f, strata, count, &sample->design, err));
    const struct figure_stratum *w = &f->whole;
    sample->counts = (struct sample_counts){
        w->population.value, w->drawn.value, w->relevant.value + w->overturned.value,
        w->unreadable.value + w->unclear.value +
            (f->checked && f->check_all ? w->cleared.value - w->checked.value : 0)};
    return STATUS_OK;
}

enum status answer_search_of(const struct answer *answer, size_t query, long search, size_t of,
                             struct answer_search *out, struct error *err)
{
    const struct figure_sample *f = release_sample_find(answer->release, query, search);
    *out = (struct answer_search){.state = SAMPLE_NONE};
    if (!f || f->whole.drawn.value == 0)
        return STATUS_OK;
    out->state = SAMPLE_WITHHELD;
    struct design_stratum *strata =
        arena_zalloc(&answer->result->arena, f->stratum_count, sizeof *strata);
    if (!strata)
        return error_nomem(err);
    size_t found = 0, left = 0;
    for (size_t i = 0; i < f->stratum_count; i++) {
        const struct figure_stratum *s = &f->strata[i];
        if (withheld(s))
            return STATUS_OK;
        if (s->population.value == 0)
            continue;
        /* The found ones from the front, those left from the back. */
        strata[s->found ? found++ : f->stratum_count - ++left] = stratum_of(f, s);
        uint64_t relevant = s->relevant.value + s->overturned.value;
        if (s->found) {
            out->found_drawn += s->drawn.value;
            out->found_relevant += relevant;
        } else {
            out->left_drawn += s->drawn.value;
            out->left_relevant += relevant;
        }
    }
    const struct plan_query *by = &answer->plan->queries[of];
    out->state = SAMPLE_THERE;
    TRY(design_for(answer, by, f, strata, found, &out->found, err));
    return design_for(answer, by, f, strata + f->stratum_count - left, left, &out->left, err);
}

enum status answer_parts_of(const struct answer *answer, size_t query, long search,
                            enum answer_sample_state *state, struct design *out, struct error *err)
{
    const struct figure_sample *f = release_sample_find(answer->release, query, search);
    *state = SAMPLE_NONE;
    if (!f || f->whole.drawn.value == 0)
        return STATUS_OK;
    *state = SAMPLE_WITHHELD;
    size_t count = f->stratum_count ? f->stratum_count : 1, used = 0;
    struct design_stratum *strata = arena_zalloc(&answer->result->arena, count, sizeof *strata);
    if (!strata)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        const struct figure_stratum *s = f->stratum_count ? &f->strata[i] : &f->whole;
        if (withheld(s))
            return STATUS_OK;
        if (s->population.value)
            strata[used++] = stratum_of(f, s);
    }
    *state = SAMPLE_THERE;
    return design_for(answer, &answer->plan->queries[query], f, strata, used, out, err);
}

const char *answer_units(const struct answer_sample *sample, const char *fallback)
{
    return sample->figures && sample->figures->units ? sample->figures->units : fallback;
}

enum status answer_unit_columns(const struct answer *answer, const char *units,
                                const struct result_column *columns, size_t count,
                                struct result_column **out, struct error *err)
{
    *out = arena_zalloc(&answer->result->arena, count, sizeof **out);
    if (!*out)
        return error_nomem(err);
    for (size_t i = 0; i < count; i++) {
        (*out)[i] = columns[i];
        if (strcmp(columns[i].unit, "conversations") == 0)
            (*out)[i].unit = units;
    }
    return STATUS_OK;
}

struct answer_noisy_units answer_noisy_units(const struct answer *answer, size_t query)
{
    const char *unit = answer->plan->queries[query].unit;
    if (unit && strcmp(unit, "user") == 0)
        return (struct answer_noisy_units){"user", "users",
                                           release_population_users(answer->release)};
    return (struct answer_noisy_units){"conversation", "conversations", answer->n};
}

struct figure answer_sum(struct figure a, struct figure b)
{
    if (a.state == FIGURE_WITHHELD || b.state == FIGURE_WITHHELD)
        return a.state == FIGURE_WITHHELD ? a : b;
    a.value += b.value;
    return a;
}

enum status answer_put_ratio(struct answer *answer, struct result_table *table,
                             const struct ratio_bounds *ratio, struct error *err)
{
    struct result *result = answer->result;
    if (ratio->defined && ratio->has_point)
        TRY(result_put_real(result, table, ratio->point, err));
    else
        TRY(result_put_null(result, table, err));
    if (!ratio->defined) {
        TRY(result_put_null(result, table, err));
        return result_put_null(result, table, err);
    }
    TRY(result_put_real(result, table, ratio->low, err));
    return result_put_real(result, table, ratio->high, err);
}

bool answer_is_simple(const struct answer_sample *sample)
{
    return sample->design.count == 1 && !sample->design.checked;
}

/* ---- notes ---- */

static enum status note_labels(struct answer *answer, struct result_table *table,
                               const struct figure_sample *f, struct error *err)
{
    struct result *result = answer->result;
    const struct figure_stratum *w = &f->whole;
    if (w->unreadable.state == FIGURE_EXACT && w->unreadable.value > 0)
        TRY(answer_note(
            answer, table,
            result_printf(result,
                          "%s of the drawn units are unreadable or without a label (%s without). "
                          "They are bounded both ways: the lower bound takes none of them as "
                          "relevant, the upper bound all.",
                          answer_figure_words(answer, w->unreadable),
                          answer_figure_words(answer, w->missing)),
            err));
    if (f->reviewers.state == FIGURE_EXACT && f->reviewers.value > 1)
        TRY(answer_note(answer, table,
                        result_printf(result, "%s reviewers labelled; they disagree on %s units.",
                                      answer_figure_words(answer, f->reviewers),
                                      answer_figure_words(answer, w->disagreements)),
                        err));
    return STATUS_OK;
}

static enum status note_checks(struct answer *answer, struct result_table *table,
                               const struct figure_sample *f, struct error *err)
{
    const struct figure_stratum *w = &f->whole;
    if (!f->checked || w->cleared.state == FIGURE_WITHHELD)
        return STATUS_OK;
    return answer_note(
        answer, table,
        result_printf(
            answer->result,
            "Labels were checked, and the checker's decisions count as the truth: of %s "
            "units labelled relevant %s were upheld; of %s labelled irrelevant %s were "
            "checked and %s found relevant. Reviewers must not have known which would "
            "be.",
            answer_figure_words(answer, w->labelled), answer_figure_words(answer, w->upheld),
            answer_figure_words(answer, w->cleared), answer_figure_words(answer, w->checked),
            answer_figure_words(answer, w->overturned)),
        err);
}

static enum status note_draw(struct answer *answer, struct result_table *table,
                             const struct figure_sample *f, struct error *err)
{
    struct result *result = answer->result;
    if (f->draw.state == FIGURE_EXACT && f->draw.value > 1)
        TRY(answer_note(answer, table,
                        result_printf(result,
                                      "This is sample number %s of its frame: others were drawn "
                                      "before it, with other seeds.",
                                      answer_figure_words(answer, f->draw)),
                        err));
    if (!f->seed_time)
        return STATUS_OK;
    return answer_note(
        answer, table,
        result_printf(result,
                      "The seed is stated to be of %s, after the frame was fixed. That it was not "
                      "known before is proven only as far as its source proves it.",
                      f->seed_time),
        err);
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
    if (!f->drawn_units && f->frame.state == FIGURE_EXACT &&
        f->whole.population.state == FIGURE_EXACT && f->frame.value != f->whole.population.value)
        TRY(answer_note(answer, table,
                        result_printf(result,
                                      "The frame holds %s units, of which %s were drawn; the "
                                      "population lies inside it and %s of the drawn units are in "
                                      "the population. Given that number they are a simple random "
                                      "sample of the population.",
                                      answer_figure_words(answer, f->frame),
                                      answer_figure_words(answer, f->frame_drawn),
                                      answer_figure_words(answer, f->whole.drawn)),
                        err));
    TRY(note_checks(answer, table, f, err));
    TRY(note_draw(answer, table, f, err));
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
