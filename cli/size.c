/* proffer size: how many labels a claim, a margin or a recall bound needs. */
#include "cli/command.h"
#include "cli/figures.h"
#include "cli/options.h"
#include "cli/size_strata.h"
#include "stats/claim_share.h"
#include "stats/hypergeometric.h"
#include "stats/level.h"
#include "stats/sample_size.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { CURVE = 4, HITS_MAX = 1000 };

/* True numbers of relevant units at which a design is judged, as shares of what a claim allows. */
static const struct {
    unsigned divisor;
    const char *title;
} curve[CURVE] = {{0, "none"}, {10, "a tenth"}, {4, "a quarter"}, {2, "half"}};

struct request {
    double confidence, rate, cost;
    uint64_t population, hits, allowed;
    uint64_t drawn; /* labels that are to be checked; 0: that is not asked */
    const char *claim;
    json_t *rows; /* with --json, else NULL */
};

/* Hours and money of reading SIZE units once, where rates are given. */
static void show_burden(const struct request *r, uint64_t size)
{
    if (r->rate > 0) {
        double hours = (double)size / r->rate;
        printf("  %10.1f", hours);
        if (r->cost > 0)
            printf("  %12.2f", hours * r->cost);
    }
    printf("\n");
}

static void show_burden_titles(const struct request *r)
{
    if (r->rate > 0)
        printf("  %10s", "hours");
    if (r->rate > 0 && r->cost > 0)
        printf("  %12s", "cost");
    printf("\n");
}

/* Adds the burden to ROW and ROW to the rows; takes ROW, which may be NULL. */
static enum status add_row(const struct request *r, json_t *row, uint64_t size, struct error *err)
{
    bool bad = !row;
    if (!bad && r->rate > 0)
        bad = json_object_set_new(row, "hours", json_real((double)size / r->rate)) != 0;
    if (!bad && r->rate > 0 && r->cost > 0)
        bad = json_object_set_new(row, "cost", json_real((double)size / r->rate * r->cost)) != 0;
    if (bad) {
        json_decref(row);
        return error_nomem(err);
    }
    return json_array_append_new(r->rows, row) == 0 ? STATUS_OK : error_nomem(err);
}

/* The chance that SIZE labels show more than HITS relevant when RELEVANT are. */
static double alarm_rate(const struct request *r, uint64_t relevant, uint64_t size, uint64_t hits)
{
    return hypergeometric_tail_high(&(struct hypergeometric){r->population, relevant, size},
                                    hits + 1);
}

static enum status claim_row(const struct request *r, uint64_t hits, uint64_t size,
                             struct error *err)
{
    char text[FIGURE_TEXT], share[FIGURE_TEXT];
    double clear = hypergeometric_tail_low(
        &(struct hypergeometric){r->population, r->allowed + 1, size}, hits);
    double alarms[CURVE];
    for (int i = 0; i < CURVE; i++)
        alarms[i] = alarm_rate(r, curve[i].divisor ? r->allowed / curve[i].divisor : 0, size, hits);
    if (r->rows) {
        json_t *list = json_array();
        json_t *row = json_pack("{s:I, s:I, s:f, s:O}", "hits_allowed", (json_int_t)hits, "labels",
                                (json_int_t)size, "false_clear", clear, "false_alarm", list);
        for (int i = 0; row && i < CURVE; i++)
            if (json_array_append_new(
                    list,
                    json_pack("{s:I, s:f}", "relevant",
                              (json_int_t)(curve[i].divisor ? r->allowed / curve[i].divisor : 0),
                              "rate", alarms[i])) != 0) {
                json_decref(row);
                row = NULL;
            }
        json_decref(list);
        return add_row(r, row, size, err);
    }
    printf("  %4llu  %13s  %11s", (unsigned long long)hits, figure_count(size, text),
           figure_share(clear, true, share));
    for (int i = 0; i < CURVE; i++)
        printf("  %10.4f %%", 100 * alarms[i]);
    show_burden(r, size);
    return STATUS_OK;
}

static void claim_titles(const struct request *r)
{
    char allowed[FIGURE_TEXT], population[FIGURE_TEXT], beyond[FIGURE_TEXT];
    printf(
        "At least the share %s of %s irrelevant: at most %s relevant. Labels that support it "
        "at\n%.10g %% confidence, by the relevant ones allowed among them; size fixed before "
        "labels are read.\n\n"
        "False clear: the chance that the claim is supported although the number relevant is %s.\n"
        "False alarm: the chance that it is not supported although it holds, where none, a tenth, "
        "a\nquarter or half of the allowed number is relevant.\n\n",
        r->claim, figure_count(r->population, population), figure_count(r->allowed, allowed),
        100 * r->confidence, figure_count(r->allowed + 1, beyond));
    printf("  %4s  %13s  %11s", "hits", "labels", "false clear");
    for (int i = 0; i < CURVE; i++)
        printf("  %12s", curve[i].title);
    show_burden_titles(r);
}

static void checks_titles(const struct request *r)
{
    char allowed[FIGURE_TEXT], population[FIGURE_TEXT], drawn[FIGURE_TEXT];
    printf(
        "At least the share %s of %s irrelevant: at most %s relevant. %s were drawn and all "
        "labelled\nirrelevant; so many of those labels must be checked to support it at %.10g %% "
        "confidence whatever\nerrors reviewers make, by how many are found relevant after all. "
        "By Fisher's combination of both\nphases: a false claim is cleared at most %.10g %% of "
        "the time.\n\n  %10s  %13s",
        r->claim, figure_count(r->population, population), figure_count(r->allowed, allowed),
        figure_count(r->drawn, drawn), 100 * r->confidence, 100 * level_alpha(r->confidence),
        "overturned", "to check");
    show_burden_titles(r);
}

static enum status size_checks(const struct request *r, struct error *err)
{
    char text[FIGURE_TEXT];
    if (r->drawn > r->population)
        return error_set(err, STATUS_USAGE, "--size", "more than --population");
    if (!r->rows)
        checks_titles(r);
    for (uint64_t overturned = 0; overturned <= r->hits; overturned++) {
        uint64_t size;
        enum status status = sample_size_checks(r->population, r->allowed, r->drawn, 0, overturned,
                                                r->confidence, &size, err);
        if (status != STATUS_OK) {
            err->code = STATUS_USAGE;
            return STATUS_USAGE;
        }
        if (size == SAMPLE_SIZE_NONE) {
            if (!r->rows)
                printf("  %10llu  %13s\n", (unsigned long long)overturned, "no number");
        } else if (r->rows) {
            TRY(add_row(r,
                        json_pack("{s:I, s:I}", "overturned_allowed", (json_int_t)overturned,
                                  "to_check", (json_int_t)size),
                        size, err));
        } else {
            printf("  %10llu  %13s", (unsigned long long)overturned, figure_count(size, text));
            show_burden(r, size);
        }
    }
    return STATUS_OK;
}

static enum status size_claim(struct request *r, struct error *err)
{
    if (r->population == 0)
        return error_set(err, STATUS_USAGE, "size", "--claim needs --population N");
    enum status status = claim_allowed(r->claim, r->population, &r->allowed, err);
    if (status == STATUS_PLAN) {
        err->code = STATUS_USAGE;
        return STATUS_USAGE;
    }
    if (r->allowed >= r->population)
        return error_set(err, STATUS_USAGE, "--claim",
                         "\"%s\" allows every unit to be relevant: it needs no label", r->claim);
    if (r->drawn)
        return size_checks(r, err);
    if (!r->rows)
        claim_titles(r);
    for (uint64_t hits = 0; hits <= r->hits; hits++) {
        uint64_t size;
        TRY(sample_size_reject(r->population, r->allowed + 1, hits, r->confidence, &size, err));
        if (size != SAMPLE_SIZE_NONE)
            TRY(claim_row(r, hits, size, err));
        else if (!r->rows)
            printf("  %4llu  %13s\n", (unsigned long long)hits, "no number");
    }
    return STATUS_OK;
}

static void recall_titles(const struct request *r, double recall)
{
    printf("Recall of at least %.15g %% at %.10g %% confidence: relevant units to look up in the "
           "results,\nby those that the search is allowed to miss. They must be drawn at random "
           "from all relevant\nunits, found by other means than the search.\n\n  %6s  %13s",
           100 * recall, 100 * r->confidence, "misses", "relevant");
    show_burden_titles(r);
}

static enum status size_recall(const struct request *r, double recall, struct error *err)
{
    char text[FIGURE_TEXT];
    for (uint64_t misses = 0; misses <= r->hits; misses++) {
        uint64_t size;
        enum status status = sample_size_recall(recall, misses, r->confidence, &size, err);
        if (status == STATUS_OK && size == SAMPLE_SIZE_NONE)
            status = error_set(err, STATUS_PLAN, "--recall", "needs more than 10^9 relevant units");
        if (status != STATUS_OK) {
            err->code = STATUS_USAGE;
            return STATUS_USAGE;
        }
        if (r->rows) {
            TRY(add_row(r,
                        json_pack("{s:I, s:I}", "misses_allowed", (json_int_t)misses,
                                  "relevant_units", (json_int_t)size),
                        size, err));
            continue;
        }
        if (misses == 0)
            recall_titles(r, recall);
        printf("  %6llu  %13s", (unsigned long long)misses, figure_count(size, text));
        show_burden(r, size);
    }
    return STATUS_OK;
}

static enum status size_margin(const struct request *r, double margin, struct error *err)
{
    uint64_t size;
    char text[FIGURE_TEXT];
    enum status status = sample_size_margin(margin, r->confidence, r->population, &size, err);
    if (status != STATUS_OK) {
        err->code = STATUS_USAGE;
        return STATUS_USAGE;
    }
    if (r->rows)
        return add_row(r, json_pack("{s:I}", "labels", (json_int_t)size), size, err);
    printf("A share near one half to plus or minus %.10g %% at %.10g %% confidence (normal "
           "approximation; rare\nshares need a claim, not a margin).\n\n  %13s",
           100 * margin, 100 * r->confidence, "labels");
    show_burden_titles(r);
    printf("  %13s", figure_count(size, text));
    show_burden(r, size);
    return STATUS_OK;
}

static enum status check_question(const struct arguments *arguments, struct error *err)
{
    static const enum option_id questions[] = {OPTION_CLAIM, OPTION_MARGIN, OPTION_RECALL};
    int asked = 0;
    for (int i = 0; i < 3; i++)
        asked += arguments->values[questions[i]] != NULL;
    if (asked == 1)
        return STATUS_OK;
    error_set(err, STATUS_USAGE, "size", "%s of --claim, --margin and --recall is asked for",
              asked ? "more than one" : "none");
    return error_hint(err, "proffer size --claim 0.9999 --population 20000000");
}

static enum status read_request(const struct arguments *arguments, struct request *r,
                                double *margin, double *recall, struct error *err)
{
    TRY(check_question(arguments, err));
    TRY(options_number(arguments, OPTION_POPULATION, 1, HYPERGEOMETRIC_POPULATION_MAX, 0,
                       &r->population, err));
    TRY(options_number(arguments, OPTION_SIZE, 1, HYPERGEOMETRIC_POPULATION_MAX, 0, &r->drawn,
                       err));
    if (r->drawn && !r->claim)
        return error_set(err, STATUS_USAGE, "--size", "goes with --claim only");
    if (arguments->values[OPTION_STRATA] && (!r->claim || r->drawn || r->population))
        return error_set(err, STATUS_USAGE, "--strata",
                         "goes with --claim, instead of --population and --size");
    if (arguments->values[OPTION_RATES] && !arguments->values[OPTION_STRATA])
        return error_set(err, STATUS_USAGE, "--rates", "goes with --strata");
    TRY(options_number(arguments, OPTION_HITS, 0, HITS_MAX, 2, &r->hits, err));
    TRY(options_real(arguments, OPTION_CONFIDENCE, 0.95, &r->confidence, err));
    TRY(options_real(arguments, OPTION_MARGIN, 0, margin, err));
    TRY(options_real(arguments, OPTION_RECALL, 0, recall, err));
    TRY(options_real(arguments, OPTION_RATE, 0, &r->rate, err));
    TRY(options_real(arguments, OPTION_COST, 0, &r->cost, err));
    if (r->rate < 0 || (arguments->values[OPTION_RATE] && r->rate <= 0))
        return error_set(err, STATUS_USAGE, "--rate", "a rate must be above 0");
    if (r->cost < 0)
        return error_set(err, STATUS_USAGE, "--cost", "a cost must not be negative");
    if (r->cost > 0 && r->rate <= 0)
        return error_set(err, STATUS_USAGE, "--cost", "needs --rate, the units labelled an hour");
    if (level_check(r->confidence, err) != STATUS_OK) {
        err->code = STATUS_USAGE;
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

enum status command_size(const struct arguments *arguments, struct error *err)
{
    struct request r = {.claim = arguments->values[OPTION_CLAIM]};
    double margin, recall;
    TRY(read_request(arguments, &r, &margin, &recall, err));
    bool json = arguments->values[OPTION_JSON];
    if (json && !(r.rows = json_array()))
        return error_nomem(err);
    struct size_strata_request strata = {.claim = r.claim,
                                         .strata = arguments->values[OPTION_STRATA],
                                         .rates = arguments->values[OPTION_RATES],
                                         .hits = r.hits,
                                         .confidence = r.confidence,
                                         .rate = r.rate,
                                         .cost = r.cost,
                                         .rows = r.rows};
    enum status status = strata.strata                      ? size_strata(&strata, err)
                         : r.claim                          ? size_claim(&r, err)
                         : arguments->values[OPTION_RECALL] ? size_recall(&r, recall, err)
                                                            : size_margin(&r, margin, err);
    if (json && status == STATUS_OK) {
        json_dumpf(r.rows, stdout, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_REAL_PRECISION(15));
        printf("\n");
    }
    json_decref(r.rows);
    return status;
}
