/* The scan over all stale parts: see scan.h. */
#include "queries/scan.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "queries/catalogue/catalogue.h"
#include "queries/question_set.h"
#include "queries/reader_pool.h"
#include "queries/scan_job.h"
#include "queries/word_sample.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of logs from which on a look at the words in them is worth its time. */
enum { SAMPLE_FROM = 64 << 20 };

/* A part to be scanned, and with which questions. */
struct task {
    size_t part;
    bool base;
    size_t questions;     /* index into question sets */
    struct scan_job *job; /* while it is open; freed by its last user once the part is done */
    unsigned users;       /* workers that hold the job */
    bool open, drained;   /* drained: no batch is left to hand out */
    bool done;            /* its segments are written */
};

struct wanted {
    bool *queries; /* [plan->query_count] */
    struct question_set set;
    struct reader_pool *readers;
};

struct scan {
    const struct plan *plan;
    const struct scan_options *options;
    struct scan_context context;
    struct task *tasks;
    size_t task_count;
    struct wanted *sets;
    size_t set_count;
    struct work_shelf shelf;
    pthread_mutex_t lock; /* guards the tasks' state and the first failure */
    size_t next;          /* tasks before it are open or done */
    enum status status;
    size_t failed_task;
    struct error failure;
    atomic_bool stop;
    atomic_uint_least64_t bytes, items;
    uint64_t total;
};

/* ---- what to do ---- */

static enum status find_set(struct scan *scan, const bool *queries, size_t *found,
                            struct error *err)
{
    size_t count = scan->plan->query_count;
    for (*found = 0; *found < scan->set_count; ++*found)
        if (memcmp(scan->sets[*found].queries, queries, count * sizeof *queries) == 0)
            return STATUS_OK;
    struct wanted *sets = mem_resize(scan->sets, scan->set_count + 1, sizeof *sets);
    if (!sets)
        return error_nomem(err);
    scan->sets = sets;
    struct wanted *set = &sets[scan->set_count++];
    *set = (struct wanted){.queries = mem_zalloc(count, sizeof *queries)};
    if (!set->queries)
        return error_nomem(err);
    memcpy(set->queries, queries, count * sizeof *queries);
    return question_set_init(&set->set, scan->plan, &scan->context.state->setup.words, queries,
                             &scan->shelf, err);
}

/* Has the terms of set NUMBER weighed by parts that are to be scanned with it, here and there. */
static enum status weigh_terms(struct scan *scan, size_t number, struct error *err)
{
    size_t of_set = 0, seen = 0, chosen = 0, parts[SAMPLE_PARTS];
    for (size_t i = 0; i < scan->task_count; i++)
        of_set += scan->tasks[i].questions == number;
    for (size_t i = 0; i < scan->task_count && chosen < SAMPLE_PARTS; i++)
        if (scan->tasks[i].questions == number && seen++ * SAMPLE_PARTS >= chosen * of_set)
            parts[chosen++] = scan->tasks[i].part;
    return word_sample_weigh(&scan->sets[number].set, scan->context.state, parts, chosen, err);
}

/* Once no set will move any more. */
static enum status make_pools(struct scan *scan, struct error *err)
{
    for (size_t i = 0; i < scan->set_count; i++) {
        if (scan->total >= SAMPLE_FROM && !scan->context.list_words)
            TRY(weigh_terms(scan, i, err));
        if (!(scan->sets[i].readers = reader_pool_new(&scan->sets[i].set)))
            return error_nomem(err);
    }
    return STATUS_OK;
}

static enum status plan_tasks(struct scan *scan, struct error *err)
{
    struct scan_state *state = scan->context.state;
    bool *queries = mem_zalloc(scan->plan->query_count, sizeof *queries);
    scan->tasks = mem_zalloc(state->logs.part_count, sizeof *scan->tasks);
    enum status status = queries && scan->tasks ? STATUS_OK : error_nomem(err);
    uint32_t shards = scan->options->shards;
    for (size_t i = 0; status == STATUS_OK && i < state->logs.part_count; i++) {
        const struct scan_part *part = &state->parts[i];
        if (shards > 1 && i % shards != scan->options->shard)
            continue;
        bool any = !part->base_ready;
        for (size_t q = 0; q < scan->plan->query_count; q++) {
            queries[q] = part->hits_dirs[q] && !part->hits_ready[q];
            any |= queries[q];
        }
        if (!any)
            continue;
        struct task *task = &scan->tasks[scan->task_count++];
        *task = (struct task){.part = i, .base = !part->base_ready};
        status = find_set(scan, queries, &task->questions, err);
        scan->total += state->logs.parts[i].end - state->logs.parts[i].start;
    }
    free(queries);
    return status == STATUS_OK ? make_pools(scan, err) : status;
}

/* ---- a worker ---- */

struct worker {
    struct scan *scan;
    struct record_reader *reader;
    struct log_batch batch;
    struct task *current;
};

static enum status open_task(struct scan *scan, struct task *task, struct error *err)
{
    const struct wanted *set = &scan->sets[task->questions];
    return scan_job_open(&task->job, &scan->context, task->part, task->base, &set->set,
                         set->readers, err);
}

/* Picks the task to take a batch from and holds it: the current one, a new one, or any open one;
 * none when all batches are handed out. */
static enum status pick_task(struct worker *worker, struct error *err)
{
    struct scan *scan = worker->scan;
    enum status status = STATUS_OK;
    pthread_mutex_lock(&scan->lock);
    struct task *task = worker->current;
    if (!task || task->drained) {
        task = NULL;
        if (scan->next < scan->task_count) {
            task = &scan->tasks[scan->next++];
            status = open_task(scan, task, err);
            task->open = status == STATUS_OK;
        }
        for (size_t i = 0; !task && i < scan->next; i++)
            if (scan->tasks[i].open && !scan->tasks[i].drained)
                task = &scan->tasks[i];
    }
    if (task && status == STATUS_OK)
        task->users++;
    worker->current = task;
    pthread_mutex_unlock(&scan->lock);
    return status;
}

/* Lets go of a task; the last one to do so after it is done frees its job. */
static void drop_task(struct scan *scan, struct task *task)
{
    struct scan_job *finished = NULL;
    pthread_mutex_lock(&scan->lock);
    if (--task->users == 0 && task->done) {
        finished = task->job;
        task->job = NULL;
        task->open = false;
    }
    pthread_mutex_unlock(&scan->lock);
    scan_job_free(finished);
}

/* Takes one batch of the current task through. */
static enum status do_batch(struct worker *worker, struct error *err)
{
    struct scan *scan = worker->scan;
    struct task *task = worker->current;
    struct scan_job *job = task->job;
    bool end = false, last = false;
    TRY(scan_job_next(job, &worker->batch, &end, err));
    if (end) {
        pthread_mutex_lock(&scan->lock);
        bool first = !task->drained;
        task->drained = true;
        pthread_mutex_unlock(&scan->lock);
        last = first && scan_job_ended(job);
    } else {
        struct text_reader *texts;
        struct fragment *fragment = fragment_new(worker->batch.sequence);
        if (!fragment)
            return error_nomem(err);
        enum status status = scan_job_borrow(job, &texts, err);
        if (status == STATUS_OK) {
            status = fragment_fill(fragment, &worker->batch, scan_job_format(job), worker->reader,
                                   texts, scan->context.state->setup.field_count, err);
            scan_job_return(job, texts);
        }
        if (status != STATUS_OK) {
            fragment_free(fragment);
            return status;
        }
        uint64_t done =
            atomic_fetch_add(&scan->bytes, worker->batch.bytes_read) + worker->batch.bytes_read;
        uint64_t items = atomic_fetch_add(&scan->items, fragment->count) + fragment->count;
        const struct progress *progress = scan->options->progress;
        if (progress)
            progress->show(progress->context, "scan", done, scan->total, items);
        TRY(scan_job_take(job, fragment, &last, err));
    }
    if (last) {
        TRY(scan_job_finish(job, err));
        pthread_mutex_lock(&scan->lock);
        task->done = true;
        pthread_mutex_unlock(&scan->lock);
    }
    return STATUS_OK;
}

static void note_failure(struct scan *scan, const struct task *task, enum status status,
                         const struct error *err)
{
    size_t number = task ? (size_t)(task - scan->tasks) : SIZE_MAX;
    pthread_mutex_lock(&scan->lock);
    if (scan->status == STATUS_OK || number < scan->failed_task) {
        scan->status = status;
        scan->failed_task = number;
        scan->failure = *err;
    }
    pthread_mutex_unlock(&scan->lock);
    atomic_store(&scan->stop, true);
}

static enum status work(void *context, unsigned number, struct error *err)
{
    struct scan *scan = context;
    (void)number; /* workers are alike */
    struct worker worker = {.scan = scan};
    enum status status = STATUS_OK;
    log_batch_init(&worker.batch);
    worker.reader = record_reader_new(scan->context.state->setup.logs.max_record,
                                      scan->context.state->setup.logs.maps);
    if (!worker.reader)
        status = error_nomem(err);
    while (status == STATUS_OK && !atomic_load(&scan->stop)) {
        status = pick_task(&worker, err);
        if (status != STATUS_OK || !worker.current)
            break;
        status = do_batch(&worker, err);
        drop_task(scan, worker.current);
    }
    if (status != STATUS_OK)
        note_failure(scan, worker.current, status, err);
    record_reader_free(worker.reader);
    log_batch_release(&worker.batch);
    return STATUS_OK; /* the failure is noted, in the order of parts */
}

enum status scan_run(struct scan_state *state, const struct plan *plan,
                     const struct scan_options *options, struct scan_summary *summary,
                     struct error *err)
{
    struct scan scan = {.plan = plan,
                        .options = options,
                        .context = {plan, state, plan->logs.stop_on_error, options->need_words}};
    enum status status = STATUS_OK;
    int lock = -1;
    pthread_mutex_init(&scan.lock, NULL);
    TRY_CLEANUP(catalogue_lock(state->catalogue, &lock, err));
    TRY_CLEANUP(work_shelf_init(&scan.shelf, plan, options->threads, err));
    TRY_CLEANUP(plan_tasks(&scan, err));
    if (scan.task_count) {
        unsigned threads = options->threads ? options->threads : parallel_processors();
        TRY_CLEANUP(parallel_run(threads, work, &scan, err));
        status = scan.status;
        if (status != STATUS_OK && err)
            *err = scan.failure;
    }
cleanup:
    if (summary)
        *summary = (struct scan_summary){state->logs.part_count, scan.task_count,
                                         atomic_load(&scan.bytes)};
    for (size_t i = 0; i < scan.task_count; i++)
        scan_job_free(scan.tasks[i].job);
    for (size_t i = 0; i < scan.set_count; i++) {
        reader_pool_free(scan.sets[i].readers);
        question_set_release(&scan.sets[i].set);
        free(scan.sets[i].queries);
    }
    work_shelf_release(&scan.shelf);
    free(scan.tasks);
    free(scan.sets);
    catalogue_unlock(lock);
    pthread_mutex_destroy(&scan.lock);
    return status;
}
