/* Progress on a terminal: see meter.h. */
#include "cli/meter.h"

#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* Time left is shown after so many seconds, where the pace of late and that since the start differ
 * by no more than this share. */
#define STEADY_AFTER  3.0
#define STEADY_WITHIN 0.3
#define SMOOTHING     0.1

static int64_t clock_ms(void)
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

/* Smoothed over some lines: parts are told of in batches, which come in bursts. */
static double recent_pace(struct meter *meter, int64_t now, uint64_t done)
{
    int64_t last_ms = atomic_exchange(&meter->last_ms, now);
    uint64_t last_done = atomic_exchange(&meter->last_done, done);
    double pace = atomic_load(&meter->pace);
    if (now > last_ms && done >= last_done) {
        double latest = (double)(done - last_done) * 1000 / (double)(now - last_ms);
        pace = pace > 0 ? pace + (latest - pace) * SMOOTHING : latest;
        atomic_store(&meter->pace, pace);
    }
    return pace;
}

static void time_left(double seconds, char *out, size_t size)
{
    uint64_t left = seconds < 1e9 ? (uint64_t)seconds : UINT64_C(1000000000);
    if (left < 3600)
        snprintf(out, size, "  %" PRIu64 ":%02" PRIu64 " left", left / 60, left % 60);
    else
        snprintf(out, size, "  %" PRIu64 " h %02" PRIu64 " min left", left / 3600, left / 60 % 60);
}

bool meter_line(struct meter *meter, int64_t now_ms, int columns, const char *stage, uint64_t done,
                uint64_t total, uint64_t items, char *line, size_t size)
{
    int64_t next = atomic_load(&meter->next_ms);
    /* Whoever moves the next time on draws the line. */
    if (now_ms < next || !atomic_compare_exchange_strong(&meter->next_ms, &next, now_ms + 200))
        return false;
    double seconds = (double)(now_ms - meter->started_ms) / 1000, rate = (double)done / seconds;
    double pace = recent_pace(meter, now_ms, done);
    char most[160], more[48], time[48] = "";
    if (seconds >= STEADY_AFTER && total > done && pace > 0 &&
        fabs(pace - rate) <= STEADY_WITHIN * rate)
        time_left((double)(total - done) / pace, time, sizeof time);
    snprintf(most, sizeof most, "%s: %5.1f %%  %.2f of %.2f GB  %.2f GB/s%s", stage,
             total ? 100 * (double)done / (double)total : 100.0, (double)done / 1e9,
             (double)total / 1e9, rate / 1e9, time);
    snprintf(more, sizeof more, "  %" PRIu64 " conversations", items);
    /* A line that wraps could not be wiped. */
    size_t room = (size_t)columns - 1;
    bool fits = strlen(most) + strlen(more) <= room;
    snprintf(line, size, "%.*s%s", (int)room, most, fits ? more : "");
    return true;
}

static void show(void *context, const char *stage, uint64_t done, uint64_t total, uint64_t items)
{
    struct meter *meter = context;
    char line[256];
    if (!meter_line(meter, clock_ms(), columns(), stage, done, total, items, line, sizeof line))
        return;
    atomic_store(&meter->shown, true);
    fprintf(stderr, "\r\033[K%s", line);
    fflush(stderr);
}

void meter_start(struct meter *meter, int64_t now_ms)
{
    meter->started_ms = now_ms;
    atomic_init(&meter->next_ms, now_ms + 1000);
    atomic_init(&meter->last_ms, now_ms);
    atomic_init(&meter->last_done, 0);
    atomic_init(&meter->pace, 0);
    atomic_init(&meter->shown, false);
}

void meter_init(struct meter *meter, bool quiet)
{
    meter->progress = (struct progress){meter, show};
    meter_start(meter, clock_ms());
    meter->on = !quiet && isatty(STDERR_FILENO);
}

void meter_end(struct meter *meter)
{
    if (atomic_load(&meter->shown))
        fprintf(stderr, "\r\033[K");
}
