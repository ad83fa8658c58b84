/* One part being scanned: see scan_job.h. */
#include "queries/scan_job.h"

#include "base/file.h"
#include "base/memory.h"
#include "queries/catalogue/catalogue.h"
#include "queries/catalogue/hits.h"
#include "queries/catalogue/overlap_rows.h"
#include "queries/leaf_words.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct scan_job {
    const struct scan_context *context;
    size_t part;
    const struct question_set *questions;

    pthread_mutex_t read_lock; /* guards the stream */
    struct log_stream *stream;
    bool ended;
    uint64_t handed_out; /* batches */

    struct reader_pool *pool;
    pthread_mutex_t texts_lock;   /* guards the readers that list words of this part */
    struct text_reader **readers; /* all of them: those before IDLE are not in use */
    size_t reader_count, reader_capacity, idle;

    pthread_mutex_t build_lock; /* guards all below */
    struct fragment *waiting;   /* finished too early, ascending by sequence */
    uint64_t built;             /* fragments appended */
    bool stream_ended, finished;
    uint64_t total;                    /* batches in all, once stream_ended */
    struct part_builder *base;         /* NULL: the base segment stands already */
    struct hits_builder **hits;        /* [questions->query_count] */
    struct overlap_builder **overlaps; /* the same; NULL for queries without works */
    uint32_t rows, exchanges;
    uint64_t rejected[REJECT_COUNT];
    struct buffer reject_lines;
};

static const struct log_part *job_range(const struct scan_job *job)
{
    return &job->context->state->logs.parts[job->part];
}

static const struct log_file *job_file(const struct scan_job *job)
{
    return &job->context->state->logs.files[job_range(job)->file];
}

enum status scan_job_open(struct scan_job **job, const struct scan_context *context, size_t part,
                          bool base, const struct question_set *questions,
                          struct reader_pool *readers, struct error *err)
{
    struct scan_state *state = context->state;
    struct scan_job *made = mem_zalloc(1, sizeof *made);
    *job = NULL;
    if (!made)
        return error_nomem(err);
    enum status status = STATUS_OK;
    made->context = context;
    made->part = part;
    made->questions = questions;
    made->pool = readers;
    pthread_mutex_init(&made->read_lock, NULL);
    pthread_mutex_init(&made->texts_lock, NULL);
    pthread_mutex_init(&made->build_lock, NULL);
    buffer_init(&made->reject_lines, SIZE_MAX);
    made->hits = mem_zalloc(questions->query_count, sizeof *made->hits);
    if (base)
        made->base = part_builder_new(state->setup.field_names, state->setup.field_count,
                                      state->setup.mark_names, ODDITY_COUNT);
    made->overlaps = mem_zalloc(questions->query_count, sizeof *made->overlaps);
    if (!made->hits || !made->overlaps || (base && !made->base)) {
        status = error_nomem(err);
        goto cleanup;
    }
    for (size_t q = 0; q < questions->query_count; q++)
        if (!(made->hits[q] = hits_builder_new(query_term_slots(questions->queries[q])))) {
            status = error_nomem(err);
            goto cleanup;
        }
    for (size_t q = 0; q < questions->query_count; q++)
        if (questions->works[q] && !(made->overlaps[q] = overlap_builder_new())) {
            status = error_nomem(err);
            goto cleanup;
        }
    TRY_CLEANUP(log_stream_open(&made->stream, &state->logs, part, &state->setup.logs, err));
    *job = made;
    made = NULL;
cleanup:
    scan_job_free(made);
    return status;
}

void scan_job_free(struct scan_job *job)
{
    if (!job)
        return;
    log_stream_free(job->stream);
    for (size_t i = 0; i < job->reader_count; i++)
        reader_pool_give(job->pool, job->readers[i]);
    free((void *)job->readers);
    while (job->waiting) {
        struct fragment *next = job->waiting->next;
        fragment_free(job->waiting);
        job->waiting = next;
    }
    part_builder_free(job->base);
    for (size_t q = 0; job->hits && q < job->questions->query_count; q++)
        hits_builder_free(job->hits[q]);
    for (size_t q = 0; job->overlaps && q < job->questions->query_count; q++)
        overlap_builder_free(job->overlaps[q]);
    free(job->hits);
    free(job->overlaps);
    buffer_release(&job->reject_lines);
    pthread_mutex_destroy(&job->read_lock);
    pthread_mutex_destroy(&job->texts_lock);
    pthread_mutex_destroy(&job->build_lock);
    free(job);
}

const struct format_type *scan_job_format(const struct scan_job *job)
{
    return job_file(job)->format;
}

enum status scan_job_next(struct scan_job *job, struct log_batch *batch, bool *end,
                          struct error *err)
{
    enum status status = STATUS_OK;
    pthread_mutex_lock(&job->read_lock);
    *end = job->ended;
    if (!job->ended) {
        status = log_stream_next(job->stream, batch, end, err);
        if (status == STATUS_OK && *end)
            job->ended = true;
        else if (status == STATUS_OK)
            batch->sequence = job->handed_out++;
    }
    pthread_mutex_unlock(&job->read_lock);
    return status;
}

/* ---- readers ---- */

/* A reader more, in use. */
static enum status add_reader(struct scan_job *job, struct text_reader **reader, struct error *err)
{
    struct text_reader **grown =
        mem_grow((void *)job->readers, &job->reader_capacity, job->reader_count + 1, sizeof *grown);
    if (!grown)
        return error_nomem(err);
    job->readers = grown;
    TRY(reader_pool_take(job->pool, reader, err));
    if (job->context->list_words)
        text_reader_list_words(*reader);
    grown[job->reader_count++] = *reader;
    return STATUS_OK;
}

enum status scan_job_borrow(struct scan_job *job, struct text_reader **reader, struct error *err)
{
    enum status status = STATUS_OK;
    pthread_mutex_lock(&job->texts_lock);
    if (job->idle)
        *reader = job->readers[--job->idle];
    else
        status = add_reader(job, reader, err);
    pthread_mutex_unlock(&job->texts_lock);
    return status;
}

void scan_job_return(struct scan_job *job, struct text_reader *reader)
{
    pthread_mutex_lock(&job->texts_lock);
    size_t at = job->idle;
    while (job->readers[at] != reader)
        at++;
    job->readers[at] = job->readers[job->idle];
    job->readers[job->idle++] = reader;
    pthread_mutex_unlock(&job->texts_lock);
}

/* ---- fragments ---- */

static enum status note_rejects(struct scan_job *job, const struct fragment *fragment,
                                struct error *err)
{
    const char *name = job_file(job)->name;
    for (size_t i = 0; i < fragment->reject_count; i++) {
        const struct fragment_reject *reject = &fragment->rejects[i];
        job->rejected[reject->why]++;
        if (job->context->stop_on_error) {
            enum status status = error_set(
                err, STATUS_INPUT, NULL, "\"%s\": the record at byte %" PRIu64 " is rejected: %s",
                name, reject->offset, record_rejections[reject->why].title);
            error_hint(err, "with \"on_error\": \"count\" such records are counted and left out");
            return status;
        }
        /* The file's name is in the part's meta; a line here has what differs. */
        TRY(buffer_addf(&job->reject_lines, err, "{\"offset\":%" PRIu64 ",\"reason\":\"%s\"}\n",
                        reject->offset, record_rejections[reject->why].name));
    }
    return STATUS_OK;
}

static enum status append_overlap(struct scan_job *job, const struct overlap_result *result,
                                  struct error *err)
{
    static_assert((int)OVERLAP_ROWS_SIDES == (int)OVERLAP_SIDES &&
                      OVERLAP_ROWS_COMMON == OVERLAP_COMMON &&
                      (int)OVERLAP_COMMON_PLACES == (int)WORK_COMMON_PLACES,
                  "the finder, the catalogue and the report speak of the same");
    const struct overlap_found *found = &result->found;
    struct overlap_builder *builder = job->overlaps[result->query];
    TRY(overlap_builder_row(builder, found->prompt_words, found->output_words, err));
    for (size_t i = 0; i < found->exchange_count; i++) {
        const struct overlap_exchange *from = &found->exchanges[i];
        struct overlap_row_exchange to = {.exchange = job->exchanges + from->exchange};
        memcpy(to.longest, from->longest, sizeof to.longest);
        memcpy(to.covered, from->covered, sizeof to.covered);
        TRY(overlap_builder_exchange(builder, &to, err));
        for (size_t w = 0; w < from->work_count; w++) {
            const struct overlap_work *work = &found->works[from->first_work + w];
            TRY(overlap_builder_work(builder, work->work, work->longest, err));
        }
    }
    return STATUS_OK;
}

static enum status append(struct scan_job *job, const struct fragment *fragment, struct error *err)
{
    TRY(note_rejects(job, fragment, err));
    size_t hit = 0, overlap = 0;
    for (size_t i = 0; i < fragment->count; i++) {
        const struct part_row *row = &fragment->rows[i];
        for (; hit < fragment->hit_count && fragment->hits[hit].row == i; hit++) {
            const struct text_hit *found = &fragment->hits[hit].hit;
            struct question_ref ref = fragment->hits[hit].ref;
            struct hit_row out = {.row = job->rows,
                                  .turns = found->turns,
                                  .occurrences = found->occurrences,
                                  .prompt_only = found->prompt_only,
                                  .output_only = found->output_only,
                                  .first_exchange = job->exchanges,
                                  .exchanges = found->exchanges,
                                  .exchange_count = found->exchange_count};
            TRY(hits_builder_add(job->hits[ref.query], ref.slot, &out, err));
        }
        if (job->rows >= PART_ROWS_MAX || row->exchanges > PART_ROWS_MAX - job->exchanges)
            return error_set(err, STATUS_INPUT, job_file(job)->name,
                             "more than %u conversations or exchanges in a part", PART_ROWS_MAX);
        if (job->base)
            TRY(part_builder_add(job->base, row, err));
        for (; overlap < fragment->overlap_count && fragment->overlaps[overlap].row == i; overlap++)
            TRY(append_overlap(job, &fragment->overlaps[overlap].result, err));
        job->rows++;
        job->exchanges += row->exchanges;
    }
    return STATUS_OK;
}

/* Under build_lock: true for one caller, once every batch is in. */
static bool just_completed(struct scan_job *job)
{
    if (job->finished || !job->stream_ended || job->built != job->total)
        return false;
    job->finished = true;
    return true;
}

enum status scan_job_take(struct scan_job *job, struct fragment *fragment, bool *last,
                          struct error *err)
{
    enum status status = STATUS_OK;
    pthread_mutex_lock(&job->build_lock);
    struct fragment **link = &job->waiting;
    while (*link && (*link)->sequence < fragment->sequence)
        link = &(*link)->next;
    fragment->next = *link;
    *link = fragment;
    while (status == STATUS_OK && job->waiting && job->waiting->sequence == job->built) {
        struct fragment *ready = job->waiting;
        job->waiting = ready->next;
        status = append(job, ready, err);
        fragment_free(ready);
        job->built++;
    }
    *last = status == STATUS_OK && just_completed(job);
    pthread_mutex_unlock(&job->build_lock);
    return status;
}

bool scan_job_ended(struct scan_job *job)
{
    pthread_mutex_lock(&job->read_lock);
    uint64_t total = job->handed_out;
    pthread_mutex_unlock(&job->read_lock);
    pthread_mutex_lock(&job->build_lock);
    job->stream_ended = true;
    job->total = total;
    bool last = just_completed(job);
    pthread_mutex_unlock(&job->build_lock);
    return last;
}

/* The input must still be what it was when the scan began. */
static enum status check_unchanged(const struct scan_job *job, struct error *err)
{
    const struct log_file *file = job_file(job);
    struct stat info;
    if (stat(file->path, &info) != 0)
        return error_errno(err, STATUS_INPUT, errno, NULL, "cannot look at \"%s\"", file->name);
    int64_t mtime = (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
    if ((uint64_t)info.st_size != file->size || mtime != file->mtime_ns)
        return error_set(err, STATUS_INPUT, NULL, "\"%s\" was changed while it was read",
                         file->name);
    return STATUS_OK;
}

/* What the base segment says of its input and of what was rejected. */
static json_t *base_meta(struct scan_job *job, const char *digest, uint64_t start, uint64_t bytes)
{
    const struct log_file *file = job_file(job);
    const struct log_part *range = job_range(job);
    static const char *const framings[] = {
        [FRAMING_LINES] = "lines", [FRAMING_ARRAY] = "array", [FRAMING_VALUES] = "values"};
    json_t *rejected = json_object();
    uint64_t records = job->rows;
    for (size_t why = 1; rejected && why < REJECT_COUNT; why++) {
        records += job->rejected[why];
        if (json_object_set_new(rejected, record_rejections[why].name,
                                json_integer((json_int_t)job->rejected[why])) != 0) {
            json_decref(rejected);
            rejected = NULL;
        }
    }
    if (!rejected)
        return NULL;
    return json_pack("{s:{s:s, s:I, s:I, s:I, s:I, s:s?, s:I, s:I, s:s, s:s}, s:I, s:I, s:I, s:o}",
                     "input", "name", file->name, "size", (json_int_t)file->size, "mtime_ns",
                     (json_int_t)file->mtime_ns, "start", (json_int_t)range->start, "end",
                     (json_int_t)range->end, "sha256", digest, "digest_start", (json_int_t)start,
                     "digest_bytes", (json_int_t)bytes, "format", format_name(file->format),
                     "framing", framings[file->framing], "records", (json_int_t)records, "accepted",
                     (json_int_t)job->rows, "exchanges", (json_int_t)job->exchanges, "rejected",
                     rejected);
}

static enum status write_base(struct scan_job *job, const char *dir, struct error *err)
{
    enum status status = STATUS_OK;
    struct segment_out *out = NULL;
    json_t *meta = NULL;
    struct sha256 value;
    uint64_t start = 0, bytes = 0;
    bool has = false;
    char hex[65];
    TRY_CLEANUP(log_stream_digest(job->stream, &value, &start, &bytes, &has, err));
    if (has)
        sha256_hex(&value, hex);
    meta = base_meta(job, has ? hex : NULL, start, bytes);
    if (!meta) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(segment_out_open(&out, dir, err));
    TRY_CLEANUP(part_builder_write(job->base, out, err));
    if (job->reject_lines.len)
        TRY_CLEANUP(segment_out_file(out, "rejects.jsonl", job->reject_lines.data,
                                     job->reject_lines.len, err));
    struct segment_out *done = out;
    out = NULL;
    status = segment_out_commit(done, meta, err);
cleanup:
    segment_out_abandon(out);
    json_decref(meta);
    return status;
}

static struct span id_of_work(const void *context, uint32_t work)
{
    const struct overlap_works *works = context;
    return (struct span){works->ids.items[work].text, works->ids.items[work].len};
}

/* What a segment says of the works, for the report. */
static json_t *works_meta(const struct overlap_works *works)
{
    const struct works_index *index = works->index;
    return json_pack("{s:I, s:I, s:I, s:I}", "works", (json_int_t)works->ids.count, "words",
                     (json_int_t)index->word_count, "empty", (json_int_t)index->empty, "brief",
                     (json_int_t)index->brief);
}

/* A query's hits, or the words of its leaves where LISTS is not NULL. */
static enum status write_found(struct scan_job *job, size_t q, struct leaf_lists *lists,
                               const char *dir, const char *base_content, struct error *err)
{
    enum status status = STATUS_OK;
    struct segment_out *out = NULL;
    json_t *meta = json_pack("{s:s, s:I}", "base", base_content, "terms",
                             (json_int_t)query_term_slots(job->questions->queries[q]));
    const struct overlap_works *works = job->questions->works[q];
    if (!meta || (works && json_object_set_new(meta, "works", works_meta(works)) != 0)) {
        status = error_nomem(err);
        goto cleanup;
    }
    TRY_CLEANUP(segment_out_open(&out, dir, err));
    if (lists)
        TRY_CLEANUP(leaf_lists_write(lists, out, err));
    else if (works)
        TRY_CLEANUP(overlap_builder_write(job->overlaps[q], id_of_work, works, out, err));
    else
        TRY_CLEANUP(hits_builder_write(job->hits[q], out, err));
    struct segment_out *done = out;
    out = NULL;
    status = segment_out_commit(done, meta, err);
cleanup:
    segment_out_abandon(out);
    json_decref(meta);
    return status;
}

/* The words of all queries; they are there before the hits that say the part is done. */
static enum status write_words(struct scan_job *job, const char *base_content, struct error *err)
{
    const struct question_set *set = job->questions;
    struct scan_part *part = &job->context->state->parts[job->part];
    enum status status = STATUS_OK;
    struct leaf_lists **lists = mem_zalloc(set->query_count, sizeof *lists);
    if (!lists)
        return error_nomem(err);
    for (size_t q = 0; q < set->query_count; q++)
        if (!(lists[q] = leaf_lists_new())) {
            status = error_nomem(err);
            goto cleanup;
        }
    TRY_CLEANUP(leaf_words_gather(set, job->readers, job->reader_count, lists, err));
    for (size_t q = 0; q < set->query_count; q++) {
        size_t number = (size_t)(set->queries[q] - job->context->plan->queries);
        TRY_CLEANUP(write_found(job, q, lists[q], part->words_dirs[number], base_content, err));
        part->words_ready[number] = true;
    }
cleanup:
    for (size_t q = 0; q < set->query_count; q++)
        leaf_lists_free(lists[q]);
    free((void *)lists);
    return status;
}

enum status scan_job_finish(struct scan_job *job, struct error *err)
{
    const struct scan_context *context = job->context;
    struct scan_part *part = &context->state->parts[job->part];
    struct segment *base = NULL;
    enum status status = STATUS_OK;
    char *dir = path_dir(part->base_dir);
    if (!dir)
        return error_nomem(err);
    TRY_CLEANUP(check_unchanged(job, err));
    TRY_CLEANUP(dir_make(dir, 0700, err));
    if (job->base)
        TRY_CLEANUP(write_base(job, part->base_dir, err));
    TRY_CLEANUP(segment_open(&base, part->base_dir, err));
    if (json_integer_value(json_object_get(segment_meta(base), "accepted")) !=
        (json_int_t)job->rows) {
        status = error_set(err, STATUS_INPUT, NULL,
                           "\"%s\" was changed without a change of its size or time",
                           job_file(job)->name);
        error_hint(err, "scan again with --rehash");
        goto cleanup;
    }
    if (context->list_words)
        TRY_CLEANUP(write_words(job, segment_content(base), err));
    for (size_t q = 0; q < job->questions->query_count; q++) {
        size_t number = (size_t)(job->questions->queries[q] - context->plan->queries);
        TRY_CLEANUP(write_found(job, q, NULL, part->hits_dirs[number], segment_content(base), err));
        part->hits_ready[number] = true;
    }
    part->base_ready = true;
cleanup:
    segment_close(base);
    free(dir);
    return status;
}
