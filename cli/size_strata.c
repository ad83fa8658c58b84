/* proffer size --strata: a stratified sample for a claim. */
#include "cli/size_strata.h"

#include "base/memory.h"
#include "cli/figures.h"
#include "stats/allocation.h"
#include "stats/level.h"
#include "stats/sample_size.h"
#include "stats/stratified_size.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STRATA_MOST = 20, TRUTHS = 4 };

/* What truths a design is judged at, as shares of what the claim allows; 0: none relevant. */
static const struct {
    unsigned divisor;
    const char *title;
} truths[TRUTHS] = {{0, "none"}, {10, "a tenth"}, {4, "a quarter"}, {2, "half"}};

struct strata {
    uint64_t units[STRATA_MOST], total;
    double weights[STRATA_MOST], rates[STRATA_MOST];
    size_t count;
    bool has_rates;
    struct stratified_plan plan;
};

static enum status read_units(const char *text, struct strata *s, struct error *err)
{
    const char *at = text;
    for (s->count = 0;; s->count++) {
        char *end;
        if (s->count == STRATA_MOST)
            return error_set(err, STATUS_USAGE, "--strata", "more than %d strata", STRATA_MOST);
        s->units[s->count] = strtoull(at, &end, 10);
        if (end == at || *at < '0' || *at > '9' || (*end && *end != ',') ||
            s->units[s->count] == 0 || s->units[s->count] > UINT64_C(1000000000000))
            return error_set(err, STATUS_USAGE, "--strata",
                             "\"%s\" is no list of sizes such as 100000,19900000", text);
        s->total += s->units[s->count];
        if (!*end)
            break;
        at = end + 1;
    }
    s->count++;
    return STATUS_OK;
}

static enum status read_rates(const char *text, struct strata *s, struct error *err)
{
    const char *at = text;
    for (size_t h = 0; h < s->count; h++) {
        char *end;
        s->rates[h] = strtod(at, &end);
        if (end == at || !(s->rates[h] >= 0 && s->rates[h] <= 1) ||
            *end != (h + 1 < s->count ? ',' : '\0'))
            return error_set(err, STATUS_USAGE, "--rates",
                             "\"%s\" is no list of %zu shares, one a stratum", text, s->count);
        at = end + 1;
    }
    s->has_rates = true;
    return STATUS_OK;
}

static enum status prepare(const struct size_strata_request *r, struct strata *s, struct error *err)
{
    *s = (struct strata){.count = 0};
    TRY(read_units(r->strata, s, err));
    if (r->rates)
        TRY(read_rates(r->rates, s, err));
    if (s->has_rates)
        TRY(allocation_neyman(s->units, s->rates, s->count, s->weights, err));
    for (size_t h = 0; !s->has_rates && h < s->count; h++)
        s->weights[h] = (double)s->units[h];
    double sum = 0;
    for (size_t h = 0; h < s->count; h++)
        sum += s->weights[h];
    if (!(sum > 0))
        return error_set(err, STATUS_USAGE, "--rates", "all of them are 0 or 1");
    uint64_t allowed;
    TRY(claim_allowed(r->claim, s->total, &allowed, err));
    s->plan = (struct stratified_plan){s->units, s->weights, s->count, allowed, r->confidence};
    return STATUS_OK;
}

/* RELEVANT units in all, spread as the rates say (without them: evenly), none beyond a stratum. */
static void spread(const struct strata *s, uint64_t relevant, uint64_t *out)
{
    double sum = 0;
    uint64_t left = relevant;
    for (size_t h = 0; h < s->count; h++)
        sum += s->has_rates ? s->rates[h] * (double)s->units[h] : (double)s->units[h];
    for (size_t h = 0; h < s->count; h++) {
        double own = s->has_rates ? s->rates[h] * (double)s->units[h] : (double)s->units[h];
        out[h] = sum > 0 ? (uint64_t)floor((double)relevant * own / sum) : 0;
        out[h] = out[h] < s->units[h] ? out[h] : s->units[h];
        left -= out[h];
    }
    for (size_t h = 0; left > 0 && h < s->count; h++) {
        uint64_t more = s->units[h] - out[h] < left ? s->units[h] - out[h] : left;
        out[h] += more;
        left -= more;
    }
}

/* The largest chance of a false clear over the spread and over all in one stratum. */
static double false_clear(const struct strata *s, const uint64_t *sizes,
                          const struct clear_set *set)
{
    uint64_t relevant[STRATA_MOST];
    spread(s, s->plan.allowed + 1, relevant);
    double worst = clear_set_chance(&s->plan, sizes, set, relevant);
    for (size_t h = 0; h < s->count; h++) {
        if (s->units[h] < s->plan.allowed + 1)
            continue;
        memset(relevant, 0, sizeof relevant);
        relevant[h] = s->plan.allowed + 1;
        double own = clear_set_chance(&s->plan, sizes, set, relevant);
        worst = own > worst ? own : worst;
    }
    return worst;
}

static void print_titles(const struct size_strata_request *r, const struct strata *s)
{
    char text[FIGURE_TEXT], other[FIGURE_TEXT];
    printf(
        "At least the share %s of %s in %zu %s irrelevant: at most %s relevant. Labels that "
        "support it at\n%.10g %% confidence by union-intersection, divided %s, wherever the "
        "relevant ones allowed\namong them fall; sizes fixed before labels are read.\n\n"
        "False clear: the largest chance that the claim is supported although one more than "
        "allowed is relevant,\nspread %s or all in one stratum (by its guarantee at most %.10g "
        "%%).\nFalse alarm: the chance that it is not supported although it holds, where none, a "
        "tenth, a quarter or half\nof the allowed number is relevant, spread so.\n\n"
        "  %4s  %13s  %11s",
        r->claim, figure_count(s->total, text), s->count, s->count == 1 ? "stratum" : "strata",
        figure_count(s->plan.allowed, other), 100 * r->confidence,
        s->has_rates ? "as Neyman does" : "in proportion", s->has_rates ? "by the rates" : "evenly",
        100 * level_alpha(r->confidence), "hits", "labels", "false clear");
    for (int i = 0; i < TRUTHS; i++)
        printf("  %12s", truths[i].title);
    if (r->rate > 0)
        printf("  %10s", "hours");
    if (r->rate > 0 && r->cost > 0)
        printf("  %12s", "cost");
    printf("  by stratum\n");
}

static enum status print_row(const struct size_strata_request *r, const struct strata *s,
                             uint64_t hits, uint64_t size, const uint64_t *sizes, struct error *err)
{
    struct clear_set set;
    char text[FIGURE_TEXT], share[FIGURE_TEXT];
    enum status status = clear_set_find(&s->plan, sizes, &set, err);
    json_t *alarms = json_array(), *list = json_array();
    double clear = status == STATUS_OK ? false_clear(s, sizes, &set) : 0;
    if (status == STATUS_OK && !r->rows)
        printf("  %4llu  %13s  %11s", (unsigned long long)hits, figure_count(size, text),
               figure_share(clear, true, share));
    for (int i = 0; status == STATUS_OK && i < TRUTHS; i++) {
        uint64_t relevant[STRATA_MOST];
        uint64_t count = truths[i].divisor ? s->plan.allowed / truths[i].divisor : 0;
        spread(s, count, relevant);
        double alarm = 1 - clear_set_chance(&s->plan, sizes, &set, relevant);
        if (!r->rows)
            printf("  %10.4f %%", 100 * (alarm > 0 ? alarm : 0));
        else if (json_array_append_new(alarms,
                                       json_pack("{s:I, s:f}", "relevant", (json_int_t)count,
                                                 "rate", alarm > 0 ? alarm : 0)) != 0)
            status = error_nomem(err);
    }
    double hours = r->rate > 0 ? (double)size / r->rate : 0;
    if (status == STATUS_OK && !r->rows && r->rate > 0)
        printf("  %10.1f", hours);
    if (status == STATUS_OK && !r->rows && r->cost > 0)
        printf("  %12.2f", hours * r->cost);
    for (size_t h = 0; status == STATUS_OK && h < s->count; h++) {
        if (!r->rows)
            printf("%s%s", h ? " + " : "  ", figure_count(sizes[h], text));
        else if (json_array_append_new(list, json_integer((json_int_t)sizes[h])) != 0)
            status = error_nomem(err);
    }
    if (status == STATUS_OK && !r->rows)
        printf("\n");
    if (status == STATUS_OK && r->rows) {
        json_t *row =
            json_pack("{s:I, s:I, s:f, s:O, s:O}", "hits_allowed", (json_int_t)hits, "labels",
                      (json_int_t)size, "false_clear", clear, "false_alarm", alarms, "sizes", list);
        bool bad = !row;
        if (!bad && r->rate > 0)
            bad = json_object_set_new(row, "hours", json_real(hours)) != 0;
        if (!bad && r->cost > 0)
            bad = json_object_set_new(row, "cost", json_real(hours * r->cost)) != 0;
        if (bad)
            json_decref(row);
        if (bad || json_array_append_new(r->rows, row) != 0)
            status = error_nomem(err);
    }
    json_decref(alarms);
    json_decref(list);
    clear_set_release(&set);
    return status;
}

enum status size_strata(const struct size_strata_request *r, struct error *err)
{
    struct strata s;
    uint64_t sizes[STRATA_MOST];
    enum status status = prepare(r, &s, err);
    if (status == STATUS_OK && s.plan.allowed >= s.total)
        status = error_set(err, STATUS_USAGE, "--claim",
                           "\"%s\" allows every unit to be relevant: it needs no label", r->claim);
    if (status == STATUS_OK && !r->rows)
        print_titles(r, &s);
    for (uint64_t hits = 0; status == STATUS_OK && hits <= r->hits; hits++) {
        uint64_t size;
        status = stratified_size_claim(&s.plan, hits, &size, sizes, err);
        if (status == STATUS_OK && size != SAMPLE_SIZE_NONE)
            status = print_row(r, &s, hits, size, sizes, err);
        else if (status == STATUS_OK && !r->rows)
            printf("  %4llu  %13s\n", (unsigned long long)hits, "no number");
    }
    if (status == STATUS_PLAN)
        err->code = status = STATUS_USAGE;
    return status;
}
