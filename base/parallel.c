/* Worker threads: see parallel.h. */
#include "base/parallel.h"

#include "base/memory.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

struct job {
    pthread_t thread;
    enum status (*work)(void *context, unsigned worker, struct error *err);
    void *context;
    unsigned worker;
    bool started;
    enum status status;
    struct error err;
};

unsigned parallel_processors(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int count = CPU_COUNT(&set);
    return count > 0 ? (unsigned)count : 1;
}

static void *run_job(void *argument)
{
    struct job *job = argument;
    job->status = job->work(job->context, job->worker, &job->err);
    return NULL;
}

enum status parallel_run(unsigned count,
                         enum status (*work)(void *context, unsigned worker, struct error *err),
                         void *context, struct error *err)
{
    if (count == 0)
        count = 1;
    struct job *jobs = mem_zalloc(count, sizeof *jobs);
    if (!jobs)
        return error_nomem(err);
    for (unsigned i = 0; i < count; i++) {
        jobs[i] = (struct job){.work = work, .context = context, .worker = i};
        if (i + 1 < count)
            jobs[i].started = pthread_create(&jobs[i].thread, NULL, run_job, &jobs[i]) == 0;
    }
    run_job(&jobs[count - 1]);
    enum status status = STATUS_OK;
    for (unsigned i = 0; i < count; i++) {
        if (jobs[i].started)
            pthread_join(jobs[i].thread, NULL);
        if (status == STATUS_OK && jobs[i].status != STATUS_OK) {
            status = jobs[i].status;
            if (err)
                *err = jobs[i].err;
        }
    }
    free(jobs);
    return status;
}
