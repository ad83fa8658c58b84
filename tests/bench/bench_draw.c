/*
 * How long fixing a frame and drawing by tickets take over a large catalogue, and how much memory
 * that is not mapped from files drawing adds: medians of RUNS passes.
 *
 *     bench_draw [UNITS [SIZE [RUNS]]]                     20,000,000, 30,000, 5
 *
 * The catalogue is made in a scratch folder of parts of a million conversations with ids of 36
 * bytes.
 */
#include "base/file.h"
#include "queries/catalogue/settle.h"
#include "queries/frame.h"
#include "queries/sample.h"
#include "stats/stats_setup.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PART_ROWS = 1000000, RUNS_MAX = 100, PARTS_MAX = 200 };

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec * 1e-9;
}

/* KiB of a line of /proc/self/status, 0 if it is not there. */
static long memory(const char *name)
{
    char line[256];
    long value = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0)
            value = strtol(line + strlen(name) + 1, NULL, 10);
    if (file)
        fclose(file);
    return value;
}

static enum status make_part(const char *path, uint64_t first, uint32_t rows, struct error *err)
{
    static const char *const fields[] = {"model", "country", "language", "account"};
    enum status status = STATUS_OK;
    struct part_builder *builder = part_builder_new(fields, 4, NULL, 0);
    struct segment_out *out = NULL;
    json_t *meta = json_pack("{s:{s:s, s:n, s:i}, s:{}}", "input", "name", path, "sha256", "start",
                             0, "rejected");
    for (uint32_t row = 0; status == STATUS_OK && row < rows; row++) {
        char id[64], user[32];
        uint64_t mixed = (first + row) * UINT64_C(0x9E3779B97F4A7C15);
        int len = snprintf(id, sizeof id, "%08" PRIx64 "-%04x-4%03x-a%03x-%012" PRIx64, mixed >> 32,
                           (unsigned)(mixed & 0xFFFF), (unsigned)(mixed >> 20 & 0xFFF),
                           (unsigned)(mixed >> 8 & 0xFFF), (first + row) & 0xFFFFFFFFFFFF);
        int user_len = snprintf(user, sizeof user, "u%" PRIu64, mixed % 1000000);
        struct span values[4] = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
        struct part_row in = {.offset = row,
                              .id = {id, (size_t)len},
                              .user = {user, (size_t)user_len},
                              .time = 1700000000,
                              .turns = 2,
                              .exchanges = 1,
                              .words = 10,
                              .fields = values};
        status = part_builder_add(builder, &in, err);
    }
    if (status == STATUS_OK)
        status = segment_out_open(&out, path, err);
    if (status == STATUS_OK)
        status = part_builder_write(builder, out, err);
    if (status == STATUS_OK)
        status = segment_out_commit(out, meta, err);
    json_decref(meta);
    part_builder_free(builder);
    return status;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

struct bench {
    char dir[64];
    struct catalogue catalogue;
    struct population population;
    struct plan plan;
    struct plan_query query;
};

static enum status build(struct bench *b, uint64_t units, struct error *err)
{
    static const char *const fields[] = {"model", "country", "language", "account"};
    static char name[] = "bench.json";
    char *paths[PARTS_MAX], settled[96];
    size_t parts = 0;
    for (uint64_t first = 0; first < units; first += PART_ROWS, parts++) {
        uint64_t rows = units - first < PART_ROWS ? units - first : PART_ROWS;
        paths[parts] = path_join(b->dir, "part");
        if (!paths[parts])
            return error_nomem(err);
        char numbered[128];
        snprintf(numbered, sizeof numbered, "%s-%03zu", paths[parts], parts);
        free(paths[parts]);
        paths[parts] = strdup(numbered);
        TRY(make_part(paths[parts], first, (uint32_t)rows, err));
    }
    TRY(catalogue_open(&b->catalogue, paths, parts, fields, 4, err));
    snprintf(settled, sizeof settled, "%s/settled", b->dir);
    TRY(settle_open(&b->catalogue, settled, true, err));
    for (size_t i = 0; i < parts; i++)
        free(paths[i]);
    b->plan.path = name;
    b->plan.queries = &b->query;
    b->plan.population.from = INT64_MIN;
    b->plan.population.to = INT64_MAX;
    return population_init_rows(&b->population, &b->catalogue, &b->plan, err);
}

static enum status run(struct bench *b, uint64_t units, uint64_t size, unsigned runs,
                       struct error *err)
{
    double framing[RUNS_MAX], drawing[RUNS_MAX];
    struct tally_source source = {&b->plan, NULL, &b->catalogue, &b->population};
    struct frame_request request = {.catalogue_digest = ""};
    struct frame frame;
    struct frame_units laid;
    struct sample sample;
    long added = 0, most = 0;
    for (unsigned i = 0; i < runs; i++) {
        double start = now();
        TRY(frame_make(&frame, &source, &request, err));
        framing[i] = now() - start;
        TRY(frame_lay(&laid, &frame.basis, &source, err));
        sample_init(&sample);
        long before = memory("RssAnon");
        start = now();
        TRY(sample_draw(&sample, &laid, &frame, &(struct sample_amounts){.sizes = &size}, "bench",
                        "bench", err));
        drawing[i] = now() - start;
        long grown = memory("RssAnon") - before;
        added = grown > added ? grown : added;
        most = before + grown > most ? before + grown : most;
        sample_release(&sample);
        frame_units_release(&laid);
        frame_release(&frame);
    }
    qsort(framing, runs, sizeof *framing, by_value);
    qsort(drawing, runs, sizeof *drawing, by_value);
    printf("fixing a frame of %" PRIu64 " conversations    %.2f s\n", units, framing[runs / 2]);
    printf("drawing %" PRIu64 " of them                     %.2f s   (asked: under 5 s)\n", size,
           drawing[runs / 2]);
    printf(
        "memory not mapped, the sample at hand: %ld MB, of which drawing added %ld   (asked: under "
        "64 MB)\n",
        most / 1024, added / 1024);
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    struct error err = ERROR_INIT, ignored = ERROR_INIT;
    struct bench b = {.dir = "/tmp/bench_draw.XXXXXX"};
    uint64_t units = argc > 1 ? strtoull(argv[1], NULL, 10) : 20000000;
    uint64_t size = argc > 2 ? strtoull(argv[2], NULL, 10) : 30000;
    unsigned runs = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 5;
    if (units == 0 || units > (uint64_t)PARTS_MAX * PART_ROWS || runs == 0 || runs > RUNS_MAX ||
        !mkdtemp(b.dir)) {
        fprintf(stderr, "usage: bench_draw [UNITS [SIZE [RUNS]]]\n");
        return 2;
    }
    stats_setup();
    enum status status = build(&b, units, &err);
    if (status == STATUS_OK)
        status = run(&b, units, size, runs, &err);
    if (status != STATUS_OK)
        fprintf(stderr, "bench_draw: %s: %s\n", err.where, err.text);
    population_release(&b.population);
    catalogue_close(&b.catalogue);
    if (dir_remove(b.dir, &ignored) != STATUS_OK)
        fprintf(stderr, "bench_draw: \"%s\" is left\n", b.dir);
    return status == STATUS_OK ? 0 : 1;
}
