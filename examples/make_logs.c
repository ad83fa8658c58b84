/*
 * make_logs: writes example chat logs of any size, with the truth about them beside them.
 *
 *     DIR/logs-00.jsonl ...  DIR/works/work-01.txt ...  DIR/truth.json  DIR/labels.csv
 *
 * Conversations are made in blocks of 1,000 by whichever thread is free and written in order, so
 * that the files depend on the options alone. Memory: a few blocks, and 80 bytes a user.
 */
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "examples/make_logs_format.h"
#include "examples/make_logs_truth.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 1000, PROPERTY_BLANK_LINES = 90 };

struct options {
    uint64_t seed, conversations, bytes;
    const struct make_format *format;
    unsigned files, threads;
    uint32_t one_in;
    bool broken;
    const char *dir;
};

/* A block on its way to the files. */
struct block {
    struct sink records, labels;
};

struct run {
    const struct options *options;
    struct maker maker;
    struct truth_users users;
    uint64_t block_count;
    struct truth *truths; /* one a worker */

    pthread_mutex_t lock;
    pthread_cond_t turn;
    uint64_t next_made, next_written; /* blocks, under lock */
    bool failed;                      /* under lock: nobody waits for a block that never comes */

    /* Used by whoever has the turn. */
    struct file_out logs, labels;
    unsigned file; /* the open one */
    uint64_t file_bytes[FILE_MAX], file_records[FILE_MAX];
};

/* ---- making ---- */

static void make_no_messages(const struct maker *maker, uint64_t index, struct sink *out)
{
    static const char *const records[] = {"{\"event\":\"heartbeat\",\"at\":17}",
                                          "{\"note\":\"no conversation\",\"tags\":[\"a\",\"b\"]}",
                                          "[1,2,3]", "\"a text\"", "42"};
    sink_text(out, records[random_hash(maker->seed, 1000, index) % (maker->lines ? 5 : 2)]);
}

/* Turns a sound record, from START on, into no JSON. */
static void spoil_json(struct sink *out, size_t start, uint64_t dice)
{
    if (out->failed)
        return;
    char *colon = memchr(out->data + start, ':', out->len - start);
    switch (dice % 4) {
    case 0:
        out->len--; /* the closing brace */
        break;
    case 1:
        sink_add(out, "}", 1);
        break;
    case 2:
        *colon = '=';
        break;
    default:
        out->len--;
        sink_text(out, ",\"x\":NaN}");
    }
}

static void cut_record(struct sink *out, size_t start, uint64_t dice)
{
    if (out->failed)
        return;
    size_t len = 1 + dice % (out->len - start - 1);
    while (len > 1 && (out->data[start + len] & 0x80)) /* not within a character */
        len--;
    out->len = start + len;
}

static void make_label(const struct conversation_plan *plan, struct sink *labels)
{
    make_format_id(&plan->meta, labels);
    sink_text(labels, conversation_relevant(plan) ? ",relevant\n" : ",irrelevant\n");
}

static void make_record(struct run *run, struct truth *truth, uint64_t index, struct block *block)
{
    const struct maker *maker = &run->maker;
    const struct make_format *format = run->options->format;
    struct sink *out = &block->records;
    struct random random;
    struct conversation_plan plan;
    uint64_t earlier, dice = random_hash(maker->seed, 1001, index);
    enum breakage broken = conversation_breakage(maker, index, &earlier);
    size_t start = out->len;
    truth->read++;
    if (broken == BREAK_NO_MESSAGES) {
        truth->broken[broken]++;
        make_no_messages(maker, index, out);
        return;
    }
    bool repeat = broken == BREAK_DUPLICATE && (dice & 1);
    conversation_plan(maker, repeat ? earlier : index, &random, &plan);
    if (broken == BREAK_DUPLICATE && !repeat) { /* other text under the same name */
        struct conversation_plan first;
        struct random unused;
        conversation_plan(maker, earlier, &unused, &first);
        plan.meta.user = first.meta.user;
        memcpy(plan.meta.id, first.meta.id, sizeof plan.meta.id);
    }
    plan.bad_text = broken == BREAK_UTF8;
    make_format_write(format, maker, &plan, &random, broken == BREAK_LONG_ID, broken == BREAK_DEEP,
                      out);
    if (broken == BREAK_JSON)
        spoil_json(out, start, dice);
    if (broken == BREAK_CUT)
        cut_record(out, start, dice);
    if (broken == BREAK_DUPLICATE) {
        truth->duplicates++;
    } else if (broken != BREAK_NOT) {
        truth->broken[broken]++;
    } else {
        truth_add(truth, &run->users, &plan);
        if (format->carries & CARRIES_ID)
            make_label(&plan, &block->labels);
    }
}

static uint64_t block_end(const struct run *run, uint64_t number)
{
    uint64_t end = (number + 1) * BLOCK_SIZE;
    return end < run->options->conversations ? end : run->options->conversations;
}

/* The first block of a file. */
static uint64_t file_start(const struct run *run, unsigned file)
{
    return run->block_count * file / run->options->files;
}

static void make_block(struct run *run, struct truth *truth, uint64_t number, bool first,
                       struct block *block)
{
    bool lines = run->options->format->lines;
    block->records.len = block->labels.len = 0;
    for (uint64_t index = number * BLOCK_SIZE; index < block_end(run, number); index++) {
        if (!lines)
            sink_text(&block->records, first && index % BLOCK_SIZE == 0 ? "[\n" : ",\n");
        make_record(run, truth, index, block);
        if (!lines)
            continue;
        sink_add(&block->records, "\n", 1);
        if (run->maker.broken &&
            random_hash(run->maker.seed, PROPERTY_BLANK_LINES, index) % 1000 == 0) {
            sink_text(&block->records, index & 1 ? "\n" : " \t\r\n");
            truth->blank_lines++;
        }
    }
}

/* ---- writing ---- */

static char *file_name(const struct run *run, unsigned file)
{
    return mem_printf("logs-%0*u.%s", run->options->files > 100 ? 3 : 2, file,
                      run->options->format->lines ? "jsonl" : "json");
}

static enum status open_file(struct run *run, unsigned file, struct error *err)
{
    enum status status = STATUS_OK;
    char *name = file_name(run, file), *path = name ? path_join(run->options->dir, name) : NULL;
    if (path)
        status = file_out_open(&run->logs, path, 0644, err);
    else
        status = error_nomem(err);
    run->file = file;
    free(path);
    free(name);
    return status;
}

static enum status close_file(struct run *run, struct error *err)
{
    if (!run->options->format->lines) {
        fputs("\n]\n", run->logs.stream); /* checked by ferror at commit */
        run->file_bytes[run->file] += 3;
    }
    return file_out_commit(&run->logs, err);
}

static enum status write_sink(const struct sink *sink, struct file_out *out, struct error *err)
{
    if (sink->failed)
        return error_nomem(err);
    if (sink->len && fwrite(sink->data, 1, sink->len, out->stream) != sink->len)
        return error_errno(err, STATUS_INPUT, errno, NULL, "cannot write \"%s\"", out->path);
    return STATUS_OK;
}

/* By whoever has the turn of block NUMBER. */
static enum status write_block(struct run *run, uint64_t number, const struct block *block,
                               struct error *err)
{
    unsigned last = run->options->files - 1;
    if (number == 0) {
        TRY(open_file(run, 0, err));
    } else if (run->file < last && number == file_start(run, run->file + 1)) {
        TRY(close_file(run, err));
        TRY(open_file(run, run->file + 1, err));
    }
    run->file_bytes[run->file] += block->records.len;
    run->file_records[run->file] += block_end(run, number) - number * BLOCK_SIZE;
    TRY(write_sink(&block->records, &run->logs, err));
    TRY(write_sink(&block->labels, &run->labels, err));
    return number + 1 == run->block_count ? close_file(run, err) : STATUS_OK;
}

static bool starts_file(const struct run *run, uint64_t number)
{
    for (unsigned file = 0; file < run->options->files; file++)
        if (file_start(run, file) == number)
            return true;
    return false;
}

static enum status work(void *context, unsigned worker, struct error *err)
{
    struct run *run = context;
    struct block block = {{NULL, 0, 0, false}, {NULL, 0, 0, false}};
    enum status status = STATUS_OK;
    for (;;) {
        pthread_mutex_lock(&run->lock);
        uint64_t number = run->next_made++;
        bool stop = run->failed || number >= run->block_count;
        pthread_mutex_unlock(&run->lock);
        if (stop)
            break;
        make_block(run, &run->truths[worker], number, starts_file(run, number), &block);

        pthread_mutex_lock(&run->lock);
        while (run->next_written != number && !run->failed)
            pthread_cond_wait(&run->turn, &run->lock);
        stop = run->failed;
        pthread_mutex_unlock(&run->lock);
        if (stop)
            break;
        status = write_block(run, number, &block, err);

        pthread_mutex_lock(&run->lock);
        run->next_written++;
        run->failed |= status != STATUS_OK;
        pthread_cond_broadcast(&run->turn);
        pthread_mutex_unlock(&run->lock);
        if (status != STATUS_OK)
            break;
    }
    sink_release(&block.records);
    sink_release(&block.labels);
    return status;
}

/* ---- the truth ---- */

static enum status write_truth(struct run *run, struct error *err)
{
    const struct options *options = run->options;
    enum status status = STATUS_OK;
    char *path = path_join(options->dir, "truth.json"), *text = NULL, *name = NULL;
    for (unsigned i = 1; i < options->threads; i++)
        truth_merge(&run->truths[0], &run->truths[i]);
    json_t *tree = truth_json(&run->truths[0], &run->users), *files = json_array();
    for (unsigned i = 0; i < options->files; i++) {
        free(name);
        name = file_name(run, i);
        json_array_append_new(files, json_pack("{ss sI sI}", "name", name ? name : "", "bytes",
                                               (json_int_t)run->file_bytes[i], "records",
                                               (json_int_t)run->file_records[i]));
    }
    json_object_set_new(tree, "files", files);
    json_object_set_new(tree, "make_logs", json_integer(1));
    json_object_set_new(tree, "seed", json_integer((json_int_t)options->seed));
    json_object_set_new(tree, "format", json_string(options->format->name));
    text = tree ? json_dumps(tree, JSON_INDENT(1) | JSON_SORT_KEYS) : NULL;
    if (!text || !path || !name) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(file_write(path, text, strlen(text), 0644, err));
cleanup:
    json_decref(tree);
    free(text);
    free(path);
    free(name);
    return status;
}

static enum status make_logs(const struct options *options, struct error *err)
{
    enum status status = STATUS_OK;
    char *labels = NULL;
    struct run *run = mem_zalloc(1, sizeof *run);
    if (!run)
        return error_nomem(err);
    run->options = options;
    run->block_count = (options->conversations + BLOCK_SIZE - 1) / BLOCK_SIZE;
    struct maker *maker = &run->maker;
    maker->seed = options->seed;
    maker->carries = options->format->carries;
    maker->lines = options->format->lines;
    maker->broken = options->broken;
    maker->one_in = options->one_in;
    pthread_mutex_init(&run->lock, NULL);
    pthread_cond_init(&run->turn, NULL);
    people_init(&maker->people, options->seed, options->conversations);
    TRY_CLEANUP(words_init(&maker->words, err));
    for (int i = 0; i < PLANT_COUNT; i++)
        TRY_CLEANUP(piece_init(&maker->plant_pieces[i], &maker->words.arena, plants[i].text,
                               strlen(plants[i].text), err));
    TRY_CLEANUP(works_init(&maker->works, options->seed, err));
    TRY_CLEANUP(truth_users_init(&run->users, maker->people.users, err));
    run->truths = mem_zalloc(options->threads, sizeof *run->truths);
    labels = path_join(options->dir, "labels.csv");
    if (!run->truths || !labels) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(dir_make(options->dir, 0755, err));
    TRY_CLEANUP(works_write(&maker->works, options->dir, err));
    TRY_CLEANUP(file_out_open(&run->labels, labels, 0600, err));
    fputs("id,label\n", run->labels.stream); /* checked by ferror at commit */
    TRY_CLEANUP(parallel_run(options->threads, work, run, err));
    TRY_CLEANUP(file_out_commit(&run->labels, err));
    TRY_CLEANUP(write_truth(run, err));
cleanup:
    file_out_abandon(&run->logs);
    file_out_abandon(&run->labels);
    free(labels);
    free(run->truths);
    truth_users_release(&run->users);
    works_release(&maker->works);
    words_release(&maker->words);
    pthread_cond_destroy(&run->turn);
    pthread_mutex_destroy(&run->lock);
    free(run);
    return status;
}

/* ---- the command line ---- */

static void usage(FILE *out)
{
    fputs("usage: make_logs [options] DIR\n"
          "Writes example chat logs, the works they quote, labels.csv and truth.json into DIR.\n"
          "  --seed S             another set (default 1)\n"
          "  --conversations N    how many records (default 6000)\n"
          "  --bytes SIZE         about so many bytes instead: 500M, 1G, 100G\n"
          "  --files K            how many log files (default 2)\n"
          "  --broken on|off      broken records, duplicates, blank lines (default on)\n"
          "  --relevant-in N      one in N conversations is relevant (default 2000)\n"
          "  --threads N          (default: as many as processors)\n"
          "  --format NAME        (default native)\n",
          out);
    for (unsigned i = 0; i < make_format_count; i++)
        fprintf(out, "      %-15s  %s\n", make_formats[i].name, make_formats[i].summary);
}

static bool parse_number(const char *text, bool unit, uint64_t low, uint64_t high, uint64_t *number)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    unsigned shift = 0;
    if (text[0] < '0' || text[0] > '9' || errno)
        return false;
    if (unit && *end) {
        const char *units = "KMGT", *found = strchr(units, *end++);
        if (!found)
            return false;
        shift = 10 * (unsigned)(found - units + 1);
    }
    if (*end || value > high >> shift)
        return false;
    *number = (uint64_t)value << shift;
    return *number >= low;
}

static bool parse_option(struct options *options, int option, const char *text)
{
    uint64_t number = 0;
    switch (option) {
    case 's':
        return parse_number(text, false, 0, INT64_MAX, &options->seed);
    case 'c':
        return parse_number(text, false, 1, (uint64_t)1 << 32, &options->conversations);
    case 'b':
        return parse_number(text, true, 1, (uint64_t)1 << 44, &options->bytes);
    case 'k':
        if (!parse_number(text, false, 1, FILE_MAX, &number))
            return false;
        options->files = (unsigned)number;
        return true;
    case 't':
        if (!parse_number(text, false, 1, 256, &number))
            return false;
        options->threads = (unsigned)number;
        return true;
    case 'r':
        if (!parse_number(text, false, 1, 1000000000, &number))
            return false;
        options->one_in = (uint32_t)number;
        return true;
    case 'x':
        options->broken = strcmp(text, "on") == 0;
        return options->broken || strcmp(text, "off") == 0;
    case 'f':
        options->format = make_format_find(text);
        return options->format != NULL;
    default:
        return false;
    }
}

int main(int argc, char **argv)
{
    static const struct option longs[] = {
        {"seed", required_argument, NULL, 's'},    {"conversations", required_argument, NULL, 'c'},
        {"bytes", required_argument, NULL, 'b'},   {"files", required_argument, NULL, 'k'},
        {"threads", required_argument, NULL, 't'}, {"relevant-in", required_argument, NULL, 'r'},
        {"broken", required_argument, NULL, 'x'},  {"format", required_argument, NULL, 'f'},
        {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};
    struct options options = {.seed = 1,
                              .conversations = 6000,
                              .format = make_format_find("native"),
                              .files = 2,
                              .threads = parallel_processors(),
                              .one_in = 2000,
                              .broken = true};
    int option, which = 0;
    while ((option = getopt_long(argc, argv, "", longs, &which)) != -1) {
        if (option == 'h') {
            usage(stdout);
            return STATUS_OK;
        }
        if (option == '?')
            return STATUS_USAGE;
        if (!parse_option(&options, option, optarg)) {
            fprintf(stderr, "make_logs: --%s: impossible value \"%s\"\n", longs[which].name,
                    optarg);
            return STATUS_USAGE;
        }
    }
    if (argc - optind != 1) {
        usage(stderr);
        return STATUS_USAGE;
    }
    options.dir = argv[optind];
    if (options.bytes)
        options.conversations = 1 + options.bytes / options.format->mean_bytes;
    uint64_t blocks = (options.conversations + BLOCK_SIZE - 1) / BLOCK_SIZE;
    if (options.files > blocks) /* every file begins with a block */
        options.files = (unsigned)blocks;
    struct error err = ERROR_INIT;
    enum status status = make_logs(&options, &err);
    if (status != STATUS_OK)
        fprintf(stderr, "make_logs: %s\n", err.text);
    return (int)status;
}
