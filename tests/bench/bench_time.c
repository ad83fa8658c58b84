/*
 * Runs a command again and again and prints one row of a table about it: wall seconds (minimum,
 * median, maximum), processor seconds of user and system (median), peak resident memory (the
 * largest of all runs, by wait4) and, where the bytes worked on are told, GB/s by the median.
 *
 *     bench_time --header
 *     bench_time --name ROW [--asked TEXT] [--bytes N] [--runs N] [--cold]
 *                [--remove PATH] -- COMMAND ...
 *
 * A warm-up run that is not counted comes first, unless --cold. PATH, a file or a folder, is
 * removed before each run, outside the time. The command's output is dropped, save its errors; a
 * command that fails ends all.
 */
#include "base/file.h"
#include "base/memory.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct timing {
    double wall, processor; /* seconds */
    double peak;            /* MB */
};

struct request {
    const char *name, *asked, *remove;
    double bytes;
    size_t runs;
    bool cold;
    char **command;
};

static double seconds(struct timeval value)
{
    return (double)value.tv_sec + (double)value.tv_usec * 1e-6;
}

static enum status run_once(char **command, struct timing *timing, struct error *err)
{
    struct timespec begin, end;
    struct rusage usage;
    int how = 0;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        if (null >= 0)
            dup2(null, STDOUT_FILENO);
        execvp(command[0], command);
        _exit(127);
    }
    if (child < 0 || wait4(child, &how, 0, &usage) != child)
        return error_set(err, STATUS_INTERNAL, NULL, "cannot run \"%s\"", command[0]);
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
        return error_set(err, STATUS_INTERNAL, NULL, "\"%s\" failed (%s %d)", command[0],
                         WIFEXITED(how) ? "exit status" : "signal",
                         WIFEXITED(how) ? WEXITSTATUS(how) : WTERMSIG(how));
    timing->wall =
        (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) * 1e-9;
    timing->processor = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    timing->peak = (double)usage.ru_maxrss * 1024 * 1e-6;
    return STATUS_OK;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(const double *sorted, size_t count)
{
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

static void print_header(void)
{
    printf("%-46s %8s %8s %8s %9s %8s %7s %7s  %s\n", "", "min", "median", "max", "user+sys",
           "peak MB", "GB/s", "GB/cpu", "asked");
}

static enum status measure(const struct request *request, struct error *err)
{
    enum status status = STATUS_OK;
    struct timing timing = {0};
    double peak = 0;
    double *walls = mem_zalloc(request->runs, sizeof *walls);
    double *processors = mem_zalloc(request->runs, sizeof *processors);
    if (!walls || !processors) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t i = 0; i < request->runs + !request->cold; i++) {
        if (request->remove && unlink(request->remove) != 0)
            TRY_CLEANUP(dir_remove(request->remove, err));
        TRY_CLEANUP(run_once(request->command, &timing, err));
        peak = timing.peak > peak ? timing.peak : peak;
        if (i < request->runs) { /* the warm-up is overwritten by the last run */
            walls[i] = timing.wall;
            processors[i] = timing.processor;
        } else {
            walls[0] = timing.wall;
            processors[0] = timing.processor;
        }
    }
    qsort(walls, request->runs, sizeof *walls, by_value);
    qsort(processors, request->runs, sizeof *processors, by_value);
    double wall = median(walls, request->runs), processor = median(processors, request->runs);
    printf("%-46s %8.3f %8.3f %8.3f %9.3f %8.1f", request->name, walls[0], wall,
           walls[request->runs - 1], processor, peak);
    if (request->bytes > 0)
        printf(" %7.3f %7.3f", request->bytes * 1e-9 / wall, request->bytes * 1e-9 / processor);
    else
        printf(" %7s %7s", "-", "-");
    printf("  %s\n", request->asked);
cleanup:
    free(walls);
    free(processors);
    return status;
}

int main(int argc, char **argv)
{
    static const struct option longs[] = {
        {"header", no_argument, NULL, 'h'},       {"name", required_argument, NULL, 'n'},
        {"asked", required_argument, NULL, 'a'},  {"bytes", required_argument, NULL, 'b'},
        {"runs", required_argument, NULL, 'r'},   {"cold", no_argument, NULL, 'c'},
        {"remove", required_argument, NULL, 'd'}, {NULL, 0, NULL, 0}};
    struct request request = {.name = "", .asked = "", .runs = 5};
    int option;
    while ((option = getopt_long(argc, argv, "+", longs, NULL)) != -1) {
        switch (option) {
        case 'h':
            print_header();
            return 0;
        case 'n':
            request.name = optarg;
            break;
        case 'a':
            request.asked = optarg;
            break;
        case 'b':
            request.bytes = strtod(optarg, NULL);
            break;
        case 'r':
            request.runs = strtoul(optarg, NULL, 10);
            break;
        case 'c':
            request.cold = true;
            break;
        case 'd':
            request.remove = optarg;
            break;
        default:
            return STATUS_USAGE;
        }
    }
    request.command = argv + optind;
    if (optind == argc || request.runs == 0 || request.runs > 1000) {
        fprintf(stderr, "bench_time: a command and 1 to 1000 runs are wanted\n");
        return STATUS_USAGE;
    }
    struct error err = ERROR_INIT;
    enum status status = measure(&request, &err);
    if (status != STATUS_OK)
        fprintf(stderr, "bench_time: %s: %s\n", request.name, err.text);
    return (int)status;
}
