/*
 * Where the time of a scan goes: one thread goes through the logs of a plan again and again, each
 * time one stage further, and the difference is what the stage costs. Processor time of the
 * process, the least of RUNS (5), since other work on the machine can only add to it.
 *
 *     bench_stages PLAN FOLDER [RUNS]        FOLDER: for catalogues that are made and removed
 *
 * The stages are the program's own functions in its own order, save that parsing is also done
 * apart.
 */
#include "base/file.h"
#include "base/memory.h"
#include "queries/fragment.h"
#include "queries/logs/dom.h"
#include "queries/plan.h"
#include "queries/question_set.h"
#include "queries/scan.h"
#include "queries/text/matcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum stage {
    STAGE_CUT,
    STAGE_DIGEST,
    STAGE_PARSE,
    STAGE_MAP,
    STAGE_TOKENS,
    STAGE_MATCH,
    STAGE_EVALUATE,
    STAGE_FRAGMENT,
    STAGE_SCAN,
    STAGE_COUNT
};

static const struct stage_type {
    const char *name, *what;
    enum stage after; /* what its time is compared with; itself: nothing */
} stages[STAGE_COUNT] = {
    [STAGE_CUT] = {"read", "read, decompress, cut into records", STAGE_CUT},
    [STAGE_DIGEST] = {"digest", "SHA-256 of what is read", STAGE_CUT},
    [STAGE_PARSE] = {"parse", "simdjson alone", STAGE_DIGEST},
    [STAGE_MAP] = {"map", "text repaired, records as conversations", STAGE_PARSE},
    [STAGE_TOKENS] = {"tokens", "words found and counted", STAGE_MAP},
    [STAGE_MATCH] = {"match", "words looked up for the terms", STAGE_TOKENS},
    [STAGE_EVALUATE] = {"evaluate", "terms of a conversation decided", STAGE_MATCH},
    [STAGE_FRAGMENT] = {"fragment", "rows and hits kept", STAGE_EVALUATE},
    [STAGE_SCAN] = {"commit", "columns and bitmaps built and written", STAGE_FRAGMENT},
};

struct bench {
    struct plan plan;
    struct scan_setup setup;
    struct log_set logs;
    struct question_set questions;
    struct work_shelf shelf;
    char *catalogue;
    uint64_t unpacked; /* bytes of records */
    uint64_t kept;     /* so that nothing is optimised away */
};

/* What a thread needs. */
struct hands {
    struct log_batch batch;
    struct record_reader *reader;
    struct dom_parser *parser;
    struct matcher *matcher;
    struct text_reader *texts;
};

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec + (double)at.tv_nsec * 1e-9;
}

static enum status match_conversation(struct bench *bench, struct hands *hands, enum stage stage,
                                      const struct conversation *conversation, struct error *err)
{
    uint64_t words = 0;
    TRY(matcher_begin(hands->matcher, conversation->fields, err));
    for (size_t i = 0; i < conversation->turn_count; i++)
        TRY(matcher_turn(hands->matcher,
                         conversation->turns[i].role == ROLE_USER ? SIDE_PROMPT : SIDE_OUTPUT,
                         (uint32_t)(i / 2), conversation->turns[i].text, &words, err));
    bench->kept += words;
    if (stage < STAGE_EVALUATE)
        return STATUS_OK;
    const struct text_hit *hits;
    size_t count;
    TRY(matcher_end(hands->matcher, &hits, &count, err));
    bench->kept += count;
    return STATUS_OK;
}

static enum status do_records(struct bench *bench, struct hands *hands, enum stage stage,
                              const struct format_type *format, struct error *err)
{
    struct log_batch *batch = &hands->batch;
    for (size_t i = 0; i < batch->count; i++) {
        const struct log_record *record = &batch->records[i];
        char *text = batch->data + record->at;
        bench->unpacked += record->len;
        if (stage < STAGE_PARSE || record->why != REJECT_NONE)
            continue;
        if (stage == STAGE_PARSE) {
            struct dom_node root;
            bench->kept += dom_parse(hands->parser, text, record->len, &root) == DOM_OK;
            continue;
        }
        struct conversation conversation;
        enum rejection why;
        TRY(record_read(hands->reader, format, text, record->len, &conversation, &why, err));
        if (why == REJECT_NONE && stage >= STAGE_TOKENS)
            TRY(match_conversation(bench, hands, stage, &conversation, err));
    }
    return STATUS_OK;
}

static enum status do_part(struct bench *bench, struct hands *hands, enum stage stage, size_t part,
                           struct error *err)
{
    enum status status = STATUS_OK;
    struct log_options options = bench->setup.logs;
    struct log_stream *stream = NULL;
    const struct format_type *format = bench->logs.files[bench->logs.parts[part].file].format;
    bool end = false;
    if (stage == STAGE_CUT)
        options.digest = false;
    TRY(log_stream_open(&stream, &bench->logs, part, &options, err));
    for (;;) {
        TRY_CLEANUP(log_stream_next(stream, &hands->batch, &end, err));
        if (end)
            break;
        if (stage < STAGE_FRAGMENT) {
            TRY_CLEANUP(do_records(bench, hands, stage, format, err));
            continue;
        }
        struct fragment *fragment = fragment_new(0);
        if (!fragment) {
            status = error_nomem(err);
            goto cleanup;
        }
        status = fragment_fill(fragment, &hands->batch, format, hands->reader, hands->texts,
                               bench->setup.field_count, err);
        fragment_free(fragment);
        TRY_CLEANUP(status);
    }
cleanup:
    log_stream_free(stream);
    return status;
}

/* The scan as the program does it. */
static enum status do_scan(const struct bench *bench, struct error *err)
{
    struct scan_options options = {.catalogue = bench->catalogue, .threads = 1};
    struct scan_state state;
    struct scan_summary summary;
    enum status status = STATUS_OK;
    TRY_CLEANUP(scan_state_init(&state, &bench->plan, &options, err));
    TRY_CLEANUP(scan_run(&state, &bench->plan, &options, &summary, err));
cleanup:
    scan_state_release(&state);
    return status;
}

static enum status do_stage(struct bench *bench, enum stage stage, double *time, struct error *err)
{
    enum status status = STATUS_OK;
    struct hands hands = {
        .reader = record_reader_new(bench->setup.logs.max_record, bench->setup.logs.maps),
        .parser = dom_parser_new(bench->setup.logs.max_record, 1024)};
    log_batch_init(&hands.batch);
    hands.matcher = stage < STAGE_MATCH ? matcher_new_counting(&bench->setup.words)
                                        : matcher_new(bench->questions.terms);
    hands.texts = text_reader_new(&bench->questions);
    if (!hands.reader || !hands.parser || !hands.matcher || !hands.texts) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(dir_remove(bench->catalogue, err));
    bench->unpacked = 0;
    double begin = now();
    if (stage == STAGE_SCAN)
        TRY_CLEANUP(do_scan(bench, err));
    for (size_t part = 0; stage != STAGE_SCAN && part < bench->logs.part_count; part++)
        TRY_CLEANUP(do_part(bench, &hands, stage, part, err));
    *time = now() - begin;
    TRY_CLEANUP(dir_remove(bench->catalogue, err));
cleanup:
    matcher_free(hands.matcher);
    text_reader_free(hands.texts);
    dom_parser_free(hands.parser);
    record_reader_free(hands.reader);
    log_batch_release(&hands.batch);
    return status;
}

static enum status run_stages(struct bench *bench, size_t runs, struct error *err)
{
    double best[STAGE_COUNT] = {0}, time = 0, bytes = 0;
    /* All stages in turn, so that a slower minute of the machine meets each of them. */
    for (size_t i = 0; i <= runs; i++) { /* the first is a warm-up */
        for (int stage = 0; stage < STAGE_COUNT; stage++) {
            TRY(do_stage(bench, (enum stage)stage, &time, err));
            if (i <= 1 || time < best[stage])
                best[stage] = time;
            if (stage == STAGE_CUT)
                bytes = (double)bench->unpacked * 1e-9;
        }
    }
    printf("%-10s %10s %10s %8s  %s\n", "stage", "s a GB", "all so far", "share", "what");
    for (int i = 0; i < STAGE_COUNT; i++) {
        const struct stage_type *stage = &stages[i];
        double own = best[i] - ((int)stage->after == i ? 0 : best[stage->after]);
        printf("%-10s %10.3f %10.3f %6.1f %%  %s\n", stage->name, own / bytes, best[i] / bytes,
               100 * own / best[STAGE_SCAN], stage->what);
    }
    return STATUS_OK;
}

static enum status run(const char *plan, const char *folder, size_t runs, struct error *err)
{
    enum status status = STATUS_OK;
    struct bench bench;
    bool *wanted = NULL;
    memset(&bench, 0, sizeof bench);
    TRY_CLEANUP(plan_read(&bench.plan, plan, false, err));
    TRY_CLEANUP(scan_setup_init(&bench.setup, &bench.plan, err));
    TRY_CLEANUP(log_set_open(&bench.logs, &bench.setup.logs, err));
    wanted = mem_zalloc(bench.plan.query_count, sizeof *wanted);
    bench.catalogue = path_join(folder, "stages.catalogue");
    if (!wanted || !bench.catalogue) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t i = 0; i < bench.plan.query_count; i++)
        wanted[i] = query_reads_text(&bench.plan.queries[i]);
    TRY_CLEANUP(work_shelf_init(&bench.shelf, &bench.plan, 0, err));
    TRY_CLEANUP(question_set_init(&bench.questions, &bench.plan, &bench.setup.words, wanted,
                                  &bench.shelf, err));
    TRY_CLEANUP(run_stages(&bench, runs, err));
cleanup:
    free(wanted);
    free(bench.catalogue);
    question_set_release(&bench.questions);
    work_shelf_release(&bench.shelf);
    log_set_release(&bench.logs);
    scan_setup_release(&bench.setup);
    plan_release(&bench.plan);
    return status;
}

int main(int argc, char **argv)
{
    size_t runs = argc == 4 ? strtoul(argv[3], NULL, 10) : 5;
    if (argc < 3 || argc > 4 || runs < 1 || runs > 1000) {
        fprintf(stderr, "usage: bench_stages PLAN FOLDER [RUNS]\n");
        return STATUS_USAGE;
    }
    struct error err = ERROR_INIT;
    enum status status = run(argv[1], argv[2], runs, &err);
    if (status != STATUS_OK)
        fprintf(stderr, "bench_stages: %s: %s\n", err.where, err.text);
    return (int)status;
}
