/* Progress on a terminal: see meter.h. */
#include "cli/meter.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void show(void *context, const char *stage, uint64_t done, uint64_t total, uint64_t items)
{
    struct meter *meter = context;
    int64_t now = now_ms(), next = atomic_load(&meter->next_ms);
    /* Whoever moves the next time on draws the line. */
    if (now < next || !atomic_compare_exchange_strong(&meter->next_ms, &next, now + 200))
        return;
    double seconds = (double)(now - meter->started_ms) / 1000, rate = (double)done / seconds;
    uint64_t left = rate > 0 && total > done ? (uint64_t)((double)(total - done) / rate) : 0;
    atomic_store(&meter->shown, true);
    fprintf(stderr,
            "\r\033[K%s: %5.1f %%  %.2f of %.2f GB  %" PRIu64 " conversations  "
            "%.2f GB/s  %" PRIu64 ":%02" PRIu64 " left",
            stage, total ? 100 * (double)done / (double)total : 100.0, (double)done / 1e9,
            (double)total / 1e9, items, rate / 1e9, left / 60, left % 60);
    fflush(stderr);
}

void meter_init(struct meter *meter, bool quiet)
{
    meter->progress = (struct progress){meter, show};
    meter->started_ms = now_ms();
    atomic_init(&meter->next_ms, meter->started_ms + 1000);
    atomic_init(&meter->shown, false);
    meter->on = !quiet && isatty(STDERR_FILENO);
}

void meter_end(struct meter *meter)
{
    if (atomic_load(&meter->shown))
        fprintf(stderr, "\r\033[K");
}
