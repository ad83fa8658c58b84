/* proffer bound: what a simple random sample says of its population, by every method. */
#include "cli/bound_noise.h"
#include "cli/command.h"
#include "cli/figures.h"
#include "cli/options.h"
#include "stats/interval.h"
#include "stats/label_error.h"
#include "stats/level.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct question {
    struct sample_counts sample;
    double confidence;
    struct anytime_prior prior;
    bool has_prior;
    struct validated_rate sensitivity, specificity; /* of 0 where not given */
};

static enum status read_prior(const struct arguments *arguments, struct question *q,
                              struct error *err)
{
    const char *text = arguments->values[OPTION_PRIOR];
    q->prior = (struct anytime_prior){1, 1};
    if (!text)
        return STATUS_OK;
    char *middle, *end;
    q->has_prior = true;
    q->prior.a = strtod(text, &middle);
    if (middle == text || *middle != ',')
        return error_set(err, STATUS_USAGE, "--prior", "\"%s\" is not of the form A,B", text);
    q->prior.b = strtod(middle + 1, &end);
    if (end == middle + 1 || *end)
        return error_set(err, STATUS_USAGE, "--prior", "\"%s\" is not of the form A,B", text);
    enum status status = anytime_prior_check(q->prior, err);
    if (status != STATUS_OK)
        return error_set(err, STATUS_USAGE, "--prior", "%s", err->text);
    return STATUS_OK;
}

/* "45/50" */
static enum status read_rate(const struct arguments *arguments, enum option_id option,
                             struct validated_rate *rate, struct error *err)
{
    const char *text = arguments->values[option], *name = option_types[option].name;
    char right[32];
    *rate = (struct validated_rate){0, 0};
    if (!text)
        return STATUS_OK;
    const char *slash = strchr(text, '/');
    if (!slash || (size_t)(slash - text) >= sizeof right)
        return error_set(err, STATUS_USAGE, name, "\"%s\" is not of the form K/N", text);
    snprintf(right, sizeof right, "%.*s", (int)(slash - text), text);
    TRY(options_count(right, name, &rate->right, err));
    TRY(options_count(slash + 1, name, &rate->of, err));
    if (rate->of == 0 || rate->right > rate->of)
        return error_set(err, STATUS_USAGE, name, "\"%s\" is no share", text);
    return STATUS_OK;
}

static enum status read_question(const struct arguments *arguments, struct question *q,
                                 struct error *err)
{
    static const char *const names[] = {"X", "N_DRAWN", "N"};
    uint64_t *const values[] = {&q->sample.relevant, &q->sample.drawn, &q->sample.population};
    for (int i = 0; i < 3; i++)
        TRY(options_count(arguments->words[i], names[i], values[i], err));
    TRY(options_number(arguments, OPTION_UNREADABLE, 0, UINT64_MAX, 0, &q->sample.unreadable, err));
    TRY(options_real(arguments, OPTION_CONFIDENCE, 0.95, &q->confidence, err));
    TRY(read_prior(arguments, q, err));
    TRY(read_rate(arguments, OPTION_SENSITIVITY, &q->sensitivity, err));
    TRY(read_rate(arguments, OPTION_SPECIFICITY, &q->specificity, err));
    if (!arguments->values[OPTION_SENSITIVITY] != !arguments->values[OPTION_SPECIFICITY])
        return error_set(err, STATUS_USAGE, "bound", "--sensitivity and --specificity go together");
    enum status status = level_check(q->confidence, err);
    if (status == STATUS_OK)
        status = sample_counts_check(&q->sample, err);
    if (status != STATUS_OK) {
        err->code = STATUS_USAGE;
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

/* STATUS_PLAN where the method has no bound for this question. */
static enum status compute(const struct interval_method *method, const struct question *q,
                           struct interval_result *out, struct error *err)
{
    if (q->has_prior && strcmp(method->name, "anytime") == 0)
        return interval_anytime(&q->sample, q->prior, q->confidence, out, err);
    return method->compute(&q->sample, q->confidence, out, err);
}

static const char *guarantee_word(const struct interval_method *method)
{
    return method->guarantee == INTERVAL_EXACT ? "exact" : "approximate";
}

static void show_row(const struct interval_method *method, const struct interval_result *r)
{
    char low[FIGURE_TEXT], high[FIGURE_TEXT], share_low[FIGURE_TEXT], share_high[FIGURE_TEXT];
    char count[2 * FIGURE_TEXT + 8];
    snprintf(count, sizeof count, "%s to %s", figure_count(r->count.low, low),
             figure_count(r->count.high, high));
    printf("  %-16s %-26s %12s to %-12s  %s\n", method->name, count,
           figure_share(r->share_low, false, share_low),
           figure_share(r->share_high, true, share_high), guarantee_word(method));
}

/* The proof of one end: the test there, and that its outer neighbour fails it. */
static void show_certificate(const char *end, const char *test, const struct exact_bound *bound,
                             bool neighbour, uint64_t outer)
{
    char value[FIGURE_TEXT], next[FIGURE_TEXT];
    printf("    %-9s at %s %s is %.10g, above %.10g", end, figure_count(bound->value, value), test,
           bound->tail, bound->alpha);
    if (neighbour)
        printf("; at %s it is %.10g", figure_count(outer, next), bound->beyond);
    printf("\n");
}

static void show_details(const struct interval_method *method, const struct question *q,
                         const struct interval_result *r)
{
    const struct exact_bound *low = &r->low_certificate, *high = &r->high_certificate;
    printf("\n%s: %s\n", method->name, method->title);
    if (r->low_certified)
        show_certificate("low end", method->low_test, low, low->value > 0, low->value - 1);
    if (r->high_certified)
        show_certificate("high end", method->high_test, high, high->value < q->sample.population,
                         high->value + 1);
    if (strcmp(method->name, "anytime") == 0 && q->has_prior)
        printf("    prior     Beta(%.10g, %.10g) instead of the even one\n", q->prior.a,
               q->prior.b);
    figure_paragraph(method->summary, 4, stdout);
    figure_paragraph(method->source, 4, stdout);
}

/* What labels of known error rates say; approximate. */
struct corrected {
    struct corrected_prevalence point;
    double low, high;               /* Lang and Reiczigel */
    double melded_low, melded_high; /* Fay, Proschan and Brittain */
};

static enum status correct(const struct question *q, struct corrected *out, struct error *err)
{
    const struct sample_counts *s = &q->sample;
    enum status status =
        rogan_gladen(s->drawn ? (double)s->relevant / (double)s->drawn : 0,
                     (double)q->sensitivity.right / (double)q->sensitivity.of,
                     (double)q->specificity.right / (double)q->specificity.of, &out->point, err);
    if (status == STATUS_OK)
        status = lang_reiczigel(s->relevant, s->drawn, q->sensitivity, q->specificity,
                                q->confidence, &out->low, &out->high, err);
    if (status == STATUS_OK)
        status = melded_prevalence(s->relevant, s->drawn, q->sensitivity, q->specificity,
                                   q->confidence, &out->melded_low, &out->melded_high, err);
    if (status == STATUS_PLAN)
        err->code = status = STATUS_USAGE;
    return status;
}

static const char corrected_text[] =
    "Rogan and Gladen's estimate with the interval of Lang and Reiczigel (Preventive Veterinary "
    "Medicine 113, 2014), and the melded one of Fay, Proschan and Brittain (Biometrics 71, 2015): "
    "for labels of a sensitivity and specificity that were estimated on other "
    "units. Approximate, without correction for a finite population; where the share is far below "
    "the error rates it says little, and labels checked by adjudication say more.";

static enum status show_corrected(const struct question *q, struct error *err)
{
    struct corrected c;
    char low[FIGURE_TEXT], high[FIGURE_TEXT], point[FIGURE_TEXT];
    if (q->sensitivity.of == 0)
        return STATUS_OK;
    TRY(correct(q, &c, err));
    printf("\ncorrected for errors of labels: estimate %s\n",
           figure_share(c.point.value, true, point));
    printf("  %-16s %12s to %-12s  approximate\n", "lang-reiczigel",
           figure_share(c.low, false, low), figure_share(c.high, true, high));
    printf("  %-16s %12s to %-12s  approximate\n", "melded", figure_share(c.melded_low, false, low),
           figure_share(c.melded_high, true, high));
    figure_paragraph(corrected_text, 4, stdout);
    return STATUS_OK;
}

static enum status show_text(const struct question *q, struct error *err)
{
    size_t count;
    const struct interval_method *methods = interval_method_list(&count);
    char relevant[FIGURE_TEXT], drawn[FIGURE_TEXT], population[FIGURE_TEXT], more[FIGURE_TEXT];
    printf("%s of %s drawn from %s %s relevant", figure_count(q->sample.relevant, relevant),
           figure_count(q->sample.drawn, drawn), figure_count(q->sample.population, population),
           q->sample.relevant == 1 ? "is" : "are");
    if (q->sample.unreadable)
        printf(", %s more unreadable", figure_count(q->sample.unreadable, more));
    printf("; confidence %.10g %%\n\n  %-16s %-26s %s\n", 100 * q->confidence, "method",
           "number relevant in all", "share");
    for (int details = 0; details < 2; details++)
        for (size_t i = 0; i < count; i++) {
            struct interval_result r;
            enum status status = compute(&methods[i], q, &r, err);
            if (status != STATUS_OK && status != STATUS_PLAN)
                return status;
            if (status == STATUS_PLAN && !details)
                printf("  %-16s %s\n", methods[i].name, err->text);
            else if (status == STATUS_OK && details)
                show_details(&methods[i], q, &r);
            else if (status == STATUS_OK)
                show_row(&methods[i], &r);
        }
    return show_corrected(q, err);
}

static json_t *certificate_json(const struct exact_bound *bound, const char *test)
{
    return json_pack("{s:s, s:I, s:f, s:f, s:f}", "test", test, "value", (json_int_t)bound->value,
                     "alpha", bound->alpha, "tail", bound->tail, "beyond", bound->beyond);
}

static json_t *method_json(const struct interval_method *method, const struct interval_result *r)
{
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:f, s:f, s:o*, s:o*}", "method", method->name,
        "title", method->title, "guarantee", guarantee_word(method), "summary", method->summary,
        "source", method->source, "count_low", (json_int_t)r->count.low, "count_high",
        (json_int_t)r->count.high, "share_low", r->share_low, "share_high", r->share_high,
        "low_certificate",
        r->low_certified ? certificate_json(&r->low_certificate, method->low_test) : NULL,
        "high_certificate",
        r->high_certified ? certificate_json(&r->high_certificate, method->high_test) : NULL);
}

static enum status show_json(const struct question *q, struct error *err)
{
    size_t count;
    const struct interval_method *methods = interval_method_list(&count);
    enum status status = STATUS_OK;
    json_t *list = json_array();
    json_t *root =
        json_pack("{s:I, s:I, s:I, s:I, s:f, s:O}", "relevant", (json_int_t)q->sample.relevant, "n",
                  (json_int_t)q->sample.drawn, "N", (json_int_t)q->sample.population, "unreadable",
                  (json_int_t)q->sample.unreadable, "confidence", q->confidence, "methods", list);
    bool bad = !root;
    for (size_t i = 0; !bad && i < count; i++) {
        struct interval_result r;
        status = compute(&methods[i], q, &r, err);
        if (status == STATUS_PLAN)
            continue;
        bad = status != STATUS_OK || json_array_append_new(list, method_json(&methods[i], &r)) != 0;
    }
    if (!bad && q->sensitivity.of) {
        struct corrected c;
        status = correct(q, &c, err);
        if (status != STATUS_OK) {
            json_decref(root);
            json_decref(list);
            return status;
        }
        bad = json_object_set_new(root, "corrected",
                                  json_pack("{s:s, s:s, s:f, s:f, s:f, s:f, s:f}", "guarantee",
                                            "approximate", "summary", corrected_text, "share",
                                            c.point.value, "share_low", c.low, "share_high", c.high,
                                            "melded_low", c.melded_low, "melded_high",
                                            c.melded_high)) != 0;
    }
    if (!bad) {
        json_dumpf(root, stdout, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_REAL_PRECISION(15));
        printf("\n");
    }
    json_decref(root);
    json_decref(list);
    return bad ? error_nomem(err) : STATUS_OK;
}

enum status command_bound(const struct arguments *arguments, struct error *err)
{
    struct question q = {.has_prior = false};
    if (arguments->values[OPTION_NOISE])
        return bound_with_noise(arguments, err);
    TRY(read_question(arguments, &q, err));
    return arguments->values[OPTION_JSON] ? show_json(&q, err) : show_text(&q, err);
}
