/* The bound of a noisy number: see bound_noise.h. */
#include "cli/bound_noise.h"

#include "cli/figures.h"
#include "cli/options.h"
#include "stats/noisy_count.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    enum noise_law_kind kind;
    const char *title;
} laws[] = {{"gaussian", NOISE_LAW_GAUSSIAN, "discrete Gaussian noise, sigma^2"},
            {"laplace", NOISE_LAW_LAPLACE, "discrete Laplace noise, scale"}};
enum { LAWS = sizeof laws / sizeof *laws };

static const char summary[] = "Covers at least its level whatever the number relevant is: a number "
                              "is kept unless the chance of "
                              "a told number as high, or as low, drawn and with noise, is at most "
                              "half of 1 - confidence. The "
                              "exact convolution of the hypergeometric law with that of the noise.";

/* "gaussian:100" */
static enum status read_law(const char *text, struct noise_law *law, size_t *which,
                            struct error *err)
{
    const char *colon = strchr(text, ':');
    char *end;
    for (*which = 0; colon && *which < LAWS; ++*which) {
        size_t len = strlen(laws[*which].name);
        if (len == (size_t)(colon - text) && strncmp(text, laws[*which].name, len) == 0)
            break;
    }
    law->scale = colon ? strtod(colon + 1, &end) : 0;
    if (!colon || *which == LAWS || end == colon + 1 || *end || !(law->scale > 0) ||
        !(law->scale < 1e18)) {
        (void)error_set(err, STATUS_USAGE, "--noise", "\"%s\" is no law of noise", text);
        return error_hint(err,
                          "gaussian:SIGMA^2 or laplace:SCALE, as proffer check and the report's "
                          "methods have them: gaussian:100");
    }
    law->kind = laws[*which].kind;
    return STATUS_OK;
}

static enum status read_sample(const struct arguments *arguments, struct noisy_sample *sample,
                               struct error *err)
{
    char *end;
    errno = 0;
    sample->told = strtoll(arguments->words[0], &end, 10);
    if (errno || *end || end == arguments->words[0])
        return error_set(err, STATUS_USAGE, "X", "\"%s\" is no whole number", arguments->words[0]);
    TRY(options_count(arguments->words[1], "N_DRAWN", &sample->drawn, err));
    return options_count(arguments->words[2], "N", &sample->population, err);
}

static enum status show_json(const struct noisy_sample *s, const struct interval *set,
                             double confidence, const char *law, struct error *err)
{
    double units = s->population ? (double)s->population : 1;
    json_t *root = json_pack(
        "{s:I, s:I, s:I, s:s, s:f, s:f, s:I, s:I, s:f, s:f, s:s, s:s}", "told", (json_int_t)s->told,
        "n", (json_int_t)s->drawn, "N", (json_int_t)s->population, "noise", law, "scale",
        s->law.scale, "confidence", confidence, "count_low", (json_int_t)set->low, "count_high",
        (json_int_t)set->high, "share_low", (double)set->low / units, "share_high",
        (double)set->high / units, "guarantee", "exact", "summary", summary);
    if (!root)
        return error_nomem(err);
    json_dumpf(root, stdout, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_REAL_PRECISION(15));
    printf("\n");
    json_decref(root);
    return STATUS_OK;
}

enum status bound_with_noise(const struct arguments *arguments, struct error *err)
{
    struct noisy_sample sample;
    struct interval set;
    double confidence;
    size_t which;
    TRY(read_law(arguments->values[OPTION_NOISE], &sample.law, &which, err));
    TRY(read_sample(arguments, &sample, err));
    TRY(options_real(arguments, OPTION_CONFIDENCE, 0.95, &confidence, err));
    if (noisy_count_interval(&sample, confidence, &set, err) != STATUS_OK)
        return err->code = err->code == STATUS_PLAN ? STATUS_USAGE : err->code;
    if (arguments->values[OPTION_JSON])
        return show_json(&sample, &set, confidence, laws[which].name, err);
    char drawn[FIGURE_TEXT], population[FIGURE_TEXT], low[FIGURE_TEXT], high[FIGURE_TEXT];
    char share_low[FIGURE_TEXT], share_high[FIGURE_TEXT];
    double units = sample.population ? (double)sample.population : 1;
    printf("%" PRId64 " of %s drawn from %s told as relevant with %s %g; confidence %.10g %%\n\n"
           "  exact            %s to %s, %s to %s\n\n",
           sample.told, figure_count(sample.drawn, drawn),
           figure_count(sample.population, population), laws[which].title, sample.law.scale,
           100 * confidence, figure_count(set.low, low), figure_count(set.high, high),
           figure_share((double)set.low / units, false, share_low),
           figure_share((double)set.high / units, true, share_high));
    figure_paragraph(summary, 4, stdout);
    return STATUS_OK;
}
