/* Overlap queries, written shortly: see work_queries.h. */
#include "tests/support/work_queries.h"

#include "tests/support/support.h"

#include "queries/catalogue/overlap_rows.h"
#include "queries/overlap_relations.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Words from which on a run is of a level, and those of the runs that are made. */
static const unsigned bin_of[WORK_LEVELS] = {0, 12, 20, 25},
                      words_of[WORK_LEVELS] = {0, 15, 22, 30};

const size_t work_views[WORK_VIEWS] = {VIEW_ANYWHERE, VIEW_PROMPT, VIEW_ORIGINATED};

const char *work_query_levels(const char *query)
{
    while (*query >= 'a')
        query++;
    return query;
}

unsigned work_query_run(work_level *level, size_t atom, const char *query, size_t view)
{
    unsigned longest = 0;
    const char *levels = query;
    for (; *levels >= 'a'; levels++)
        for (size_t side = 0; side < 2; side++) {
            size_t own = side ? VIEW_ORIGINATED : VIEW_PROMPT;
            unsigned here = level(atom, (size_t)(*levels - 'a'), side);
            if ((view == VIEW_ANYWHERE || view == own) && here > longest)
                longest = here;
        }
    return longest < (unsigned)(*levels - '0') ? 0 : longest;
}

bool work_query_is_of_bin(work_level *level, size_t atom, const char *query, size_t view,
                          size_t bin)
{
    const char *levels = work_query_levels(query);
    size_t bins = strlen(levels);
    unsigned run = work_query_run(level, atom, query, view);
    if (bin >= bins)
        return (run > 0) == (bin == bins);
    return run >= (unsigned)(levels[bin] - '0') &&
           (bin + 1 == bins || run < (unsigned)(levels[bin + 1] - '0'));
}

/* ---- plans ---- */

void work_queries_write_works(const char *dir, size_t works)
{
    static const char *const names[] = {"a.txt", "b.txt"};
    static const char *const texts[] = {"one two three", "four five six"};
    for (size_t i = 0; i < works; i++)
        test_write_text(test_path(dir, names[i]), texts[i]);
}

size_t work_query_write(char *text, size_t room, const char *dir, size_t number, const char *query)
{
    const char *levels = work_query_levels(query);
    size_t n = (size_t)snprintf(text, room, "%s{\"id\":\"q%zu\",\"kind\":\"overlap\"",
                                number ? "," : "", number);
    for (const char *work = query; work < levels; work++)
        n += (size_t)snprintf(text + n, room - n, "%s\"%s/%c.txt\"",
                              work == query ? ",\"works\":[" : ",", dir, *work);
    n += (size_t)snprintf(text + n, room - n, "],\"min_words\":%u,\"bins\":[",
                          bin_of[*levels - '0']);
    for (const char *level = levels + 1; *level; level++)
        n += (size_t)snprintf(text + n, room - n, "%s%u", level > levels + 1 ? "," : "",
                              bin_of[*level - '0']);
    return n + (size_t)snprintf(text + n, room - n, "]}");
}

/* ---- what a scan finds ---- */

static struct span work_id(const void *context, uint32_t work)
{
    (void)context;
    return (struct span){work ? "b" : "a", 1};
}

static void write_row(struct overlap_builder *builder, work_level *level, size_t atom,
                      const char *query, uint32_t exchange)
{
    struct error err = ERROR_INIT;
    struct overlap_row_exchange row = {.exchange = exchange};
    if (!work_query_run(level, atom, query, VIEW_ANYWHERE))
        return;
    row.longest[0] = row.covered[0] = words_of[work_query_run(level, atom, query, VIEW_PROMPT)];
    row.longest[2] = row.covered[2] = words_of[work_query_run(level, atom, query, VIEW_ORIGINATED)];
    assert_ok(overlap_builder_exchange(builder, &row, &err), err);
    for (const char *work = query; *work >= 'a'; work++) {
        const char own[] = {*work, *work_query_levels(query), '\0'};
        const uint32_t longest[] = {words_of[work_query_run(level, atom, own, VIEW_PROMPT)], 0,
                                    words_of[work_query_run(level, atom, own, VIEW_ORIGINATED)]};
        if (longest[0] || longest[2])
            assert_ok(overlap_builder_work(builder, (uint32_t)(*work - 'a'), longest, &err), err);
    }
}

static void write_hits(const struct made *made, const struct made_atoms *truth, work_level *level,
                       const char *query, const char *dir)
{
    struct error err = ERROR_INIT;
    struct overlap_builder *builder = overlap_builder_new();
    struct segment_out *out;
    assert_non_null(builder);
    for (uint32_t row = 0; row < made->wish.rows; row++) {
        assert_ok(overlap_builder_row(builder, 100, 100, &err), err);
        write_row(builder, level, truth->of_row[row], query, made->rows[row].first_exchange);
    }
    assert_ok(segment_out_open(&out, dir, &err), err);
    assert_ok(overlap_builder_write(builder, work_id, NULL, out, &err), err);
    json_t *meta =
        json_pack("{s:{s:i}}", "works", "works", (int)(work_query_levels(query) - query));
    assert_ok(segment_out_commit(out, meta, &err), err);
    json_decref(meta);
    overlap_builder_free(builder);
}

void work_queries_find(struct made *made, const struct made_atoms *truth, work_level *level,
                       const char *const *queries)
{
    char *dir = catalogue_part_dir(made->state.catalogue, made->state.logs.files[0].name, 0);
    assert_non_null(dir);
    for (size_t q = 0; q < made->plan.query_count; q++) {
        const char *digest = made->plan.queries[q].scan_digest;
        bool there = false;
        for (size_t i = 0; i < q; i++)
            there = there || strcmp(made->plan.queries[i].scan_digest, digest) == 0;
        made->state.parts[0].hits_dirs[q] = catalogue_segment_dir(dir, "hits", digest);
        made->state.parts[0].hits_ready[q] = true;
        if (!there)
            write_hits(made, truth, level, queries[q], made->state.parts[0].hits_dirs[q]);
    }
    free(dir);
    made_open(made);
    made_population(made);
}

/* ---- what a reader knows ---- */

void work_query_see_runs(struct seen *seen, const struct made_atoms *truth, work_level *level,
                         const char *query, const bool *in, const struct release *release,
                         size_t number, const char *id)
{
    const struct figure_table *table = release_table_find(release, id);
    size_t bins = strlen(work_query_levels(query));
    for (size_t v = 0; v < WORK_VIEWS; v++)
        for (size_t bin = 0; bin < bins + 2; bin++) {
            size_t row = overlap_row((uint32_t)work_views[v], (uint32_t)bin, (uint32_t)bins);
            struct seen_sum *sum = seen_add(seen, truth);
            for (size_t a = 0; a < truth->count; a++)
                sum->has[a] =
                    (!in || in[a]) && work_query_is_of_bin(level, a, query, work_views[v], bin);
            snprintf(sum->what, sizeof sum->what, "%s: view %zu bin %zu", query, work_views[v],
                     bin);
            seen_sum_count(sum, truth);
            seen_sum_tell(sum, figure_at(table, row, RUN_CONVERSATIONS),
                          gate_is_gone(release, number, row));
        }
}
