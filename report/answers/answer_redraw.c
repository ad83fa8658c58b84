/*
 * What it takes to draw each sample again: the commands, and the digests that must come out. The
 * seed is not told: with it and the id of a record anyone could tell whether that record was drawn,
 * and counts of small samples are shown because nobody is told which units were.
 */
#include "report/answers/answer.h"

#include "base/buffer.h"
#include "base/file.h"

#include <inttypes.h>
#include <string.h>

static const struct result_column columns[] = {
    {"sample", "Sample", RESULT_STRING, ""},
    {"unit", "Unit", RESULT_STRING, ""},
    {"N", "Frame (N)", RESULT_COUNT, "units"},
    {"n", "Drawn (n)", RESULT_COUNT, "units"},
    {"strata", "Strata by", RESULT_STRING, ""},
    {"draw_number", "Draw number", RESULT_COUNT, "draws"},
    {"seed_source", "Seed from", RESULT_STRING, ""},
    {"seed_time", "Seed known at", RESULT_STRING, ""},
    {"frame_sha256", "Frame, SHA-256", RESULT_STRING, ""},
    {"sample_sha256", "Sample file, SHA-256", RESULT_STRING, ""},
    {"frame_command", "To make the frame again", RESULT_STRING, ""},
    {"draw_command", "To draw again", RESULT_STRING, ""},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* TEXT as one word of a POSIX shell, in quotes where it needs them. */
static enum status add_quoted(struct buffer *out, const char *text, struct error *err)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./:=+";
    if (*text && strspn(text, plain) == strlen(text))
        return buffer_addf(out, err, "%s", text);
    TRY(buffer_addf(out, err, "'"));
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, "'");
        TRY(buffer_addf(out, err, "%.*s%s", (int)len, at, at[len] ? "'\\''" : ""));
        at += len + (at[len] == '\'');
    }
    return buffer_addf(out, err, "'");
}

static enum status add_frame_command(const struct answer *answer, const struct figure_spread *s,
                                     struct buffer *out, struct error *err)
{
    TRY(buffer_addf(out, err, "proffer frame "));
    TRY(add_quoted(out, path_base(answer->plan->path), err));
    TRY(buffer_addf(out, err, " --unit %s", s->unit));
    if (s->by)
        TRY(buffer_addf(out, err, " --by %s", s->by));
    return buffer_addf(out, err, " --output again.frame.json");
}

static enum status add_draw_command(const struct answer *answer, const struct figure_spread *s,
                                    struct buffer *out, struct error *err)
{
    TRY(buffer_addf(out, err, "proffer draw "));
    TRY(add_quoted(out, path_base(answer->plan->path), err));
    TRY(buffer_addf(out, err, " --frame again.frame.json --output again.json --sizes "));
    for (size_t h = 0; s->sizes && h < s->size_count; h++)
        TRY(buffer_addf(out, err, "%s%" PRIu64, h ? "," : "", s->sizes[h]));
    TRY(buffer_addf(out, err, "%s --seed SEED --seed-source ", s->sizes ? "" : "SIZES"));
    TRY(add_quoted(out, s->seed_source, err));
    return s->seed_time ? buffer_addf(out, err, " --seed-time %s", s->seed_time) : STATUS_OK;
}

static enum status
put_command(struct answer *answer, struct result_table *table, const struct figure_spread *s,
            enum status (*add)(const struct answer *answer, const struct figure_spread *s,
                               struct buffer *out, struct error *err),
            struct error *err)
{
    struct buffer text;
    buffer_init(&text, 1 << 20);
    enum status status = add(answer, s, &text, err);
    if (status == STATUS_OK)
        status = result_put_text(answer->result, table, text.data, err);
    buffer_release(&text);
    return status;
}

static enum status put_row(struct answer *answer, struct result_table *table,
                           const struct figure_spread *s, struct error *err)
{
    struct result *result = answer->result;
    const char *path = answer->plan->queries[s->query].sample_path;
    TRY(result_put_text(result, table, path_base(path), err));
    TRY(result_put_text(result, table, s->unit, err));
    TRY(answer_put_figure(answer, table, s->frame, err));
    TRY(answer_put_figure(answer, table, s->frame_drawn, err));
    TRY(result_put_text(result, table, s->by ? s->by : "none", err));
    TRY(answer_put_figure(answer, table, s->draw, err));
    TRY(result_put_text(result, table, s->seed_source, err));
    TRY(result_put_text(result, table, s->seed_time, err));
    TRY(result_put_text(result, table, s->frame_digest, err));
    TRY(result_put_text(result, table, s->sample_digest, err));
    TRY(put_command(answer, table, s, add_frame_command, err));
    return put_command(answer, table, s, add_draw_command, err);
}

enum status answer_redraw(struct answer *answer, struct error *err)
{
    struct result *result = answer->result;
    struct result_table *table;
    bool later = false;
    size_t count = release_spread_count(answer->release);
    if (count == 0)
        return STATUS_OK;
    const char *id = result_table_find(result, "redraw") ? "redraw_samples" : "redraw";
    TRY(answer_table(
        answer, id, "redraw", "How to draw the samples again", "samples",
        "A frame is every unit of its population with its stratum, fixed by a digest before the "
        "seed is known. The ticket of a unit is SHA-256(lower-case hex of SHA-256(seed), then the "
        "unit's id); in each stratum the units with the smallest tickets are drawn. So whoever has "
        "logs, plan, seed and either the program or this sentence can draw the same sample.",
        columns, COLUMNS, &table, err));
    for (size_t i = 0; i < count; i++) {
        const struct figure_spread *spread = release_spread(answer->release, i);
        later = later || spread->draw.value > 1;
        TRY(put_row(answer, table, spread, err));
    }
    TRY(result_note(result, table,
                    "With the same logs and the same version of the program the first command must "
                    "print the frame's digest as it stands here, and the second write a file with "
                    "the sample file's. SEED is in the sample file and with those who made it. It "
                    "is not told here: with it, and the id of a record, anyone could tell whether "
                    "that record was drawn.",
                    err));
    if (!later)
        return STATUS_OK;
    return result_note(result, table,
                       "The file of a later draw also says which draw of its frame it is: draw the "
                       "earlier ones first, or compare the ids.",
                       err);
}
