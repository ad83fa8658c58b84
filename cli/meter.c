/* Progress on a terminal: see meter.h. */
#include "cli/meter.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Of the terminal; the usual 80 where it does not say. */
static int columns(void)
{
    struct winsize size;
    bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return known ? size.ws_col : 80;
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
    char line[160], more[48], time[48];
    if (left < 3600)
        snprintf(time, sizeof time, "%" PRIu64 ":%02" PRIu64, left / 60, left % 60);
    else
        snprintf(time, sizeof time, "%" PRIu64 " h %02" PRIu64 " min", left / 3600, left / 60 % 60);
    snprintf(line, sizeof line, "%s: %5.1f %%  %.2f of %.2f GB  %.2f GB/s  %s left", stage,
             total ? 100 * (double)done / (double)total : 100.0, (double)done / 1e9,
             (double)total / 1e9, rate / 1e9, time);
    snprintf(more, sizeof more, "  %" PRIu64 " conversations", items);
    atomic_store(&meter->shown, true);
    /* A line that wraps could not be wiped. */
    size_t room = (size_t)columns() - 1;
    bool fits = strlen(line) + strlen(more) <= room;
    fprintf(stderr, "\r\033[K%.*s%s", (int)room, line, fits ? more : "");
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
