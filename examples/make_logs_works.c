/* The works at issue: see make_logs_works.h. */
#include "examples/make_logs_works.h"

#include "base/file.h"
#include "base/memory.h"

const uint16_t work_run_lengths[RUN_LENGTH_COUNT] = {8,  12, 13, 15,  20,  25,
                                                     30, 40, 60, 100, 200, 400};

enum { PROPERTY_WORKS = 101, WORD_BYTES = 32 };

/* {w} is an invented word; every pattern is a sentence. */
static const char *const sentences[] = {
    "The {w} of {w} lay beyond the {w}. ",
    "In {w} they kept {w}, and nobody asked the {w} for more. ",
    "“{w},” said the {w}, “is only another name of {w}.” ",
    "After the {w} the {w} were gone; {w} remained.\n",
    "No {w} ever wrote to {w} about the {w} under the {w}. ",
    "Whoever crossed {w} by {w} found {w} and {w} there.\n\n",
    "It was {w}’s year, a year of {w} and {w}. ",
};
enum { SENTENCE_COUNT = sizeof sentences / sizeof *sentences };

static void add_word(struct sink *text, struct random *random)
{
    static const char *const endings[] = {"wyn", "wold", "wick", "yth", "wey"};
    char word[WORD_BYTES];
    words_invent(random, 1 + random_below(random, 2), word);
    sink_text(text, word);
    sink_text(text, endings[random_below(random, 5)]);
}

static void add_sentence(struct sink *text, struct random *random)
{
    const char *at = sentences[random_below(random, SENTENCE_COUNT)];
    for (const char *slot; (slot = strstr(at, "{w}")) != NULL; at = slot + 3) {
        sink_add(text, at, (size_t)(slot - at));
        add_word(text, random);
    }
    sink_text(text, at);
}

static bool in_word(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Finds the words; the works have no letters but ASCII ones. */
static void work_index(struct work *work)
{
    for (uint32_t at = 0; at < work->len && work->word_count < WORK_WORDS;) {
        if (!in_word(work->text[at])) {
            at++;
            continue;
        }
        work->starts[work->word_count] = at;
        while (at < work->len && in_word(work->text[at]))
            at++;
        work->ends[work->word_count++] = at;
    }
}

enum status works_init(struct works *works, uint64_t seed, struct error *err)
{
    memset(works, 0, sizeof *works);
    enum status status = STATUS_OK;
    struct sink text = {NULL, 0, 0, false};
    for (uint32_t w = 0; w < WORK_COUNT; w++) {
        struct work *work = &works->works[w];
        struct random random;
        random_init(&random, seed, PROPERTY_WORKS, w);
        text.len = 0;
        do
            for (int i = 0; i < 50; i++)
                add_sentence(&text, &random);
        while (!text.failed && text_words(text.data, text.len) < WORK_WORDS);
        work->text = text.failed ? NULL : arena_strndup(&works->arena, text.data, text.len);
        work->starts = arena_alloc(&works->arena, WORK_WORDS * sizeof *work->starts);
        work->ends = arena_alloc(&works->arena, WORK_WORDS * sizeof *work->ends);
        if (!work->text || !work->starts || !work->ends) {
            status = error_nomem(err);
            goto cleanup;
        }
        work->len = (uint32_t)text.len;
        work_index(work);
    }
cleanup:
    sink_release(&text);
    return status;
}

void works_release(struct works *works)
{
    arena_release(&works->arena);
}

enum status works_write(const struct works *works, const char *dir, struct error *err)
{
    enum status status = STATUS_OK;
    char *path = NULL, *folder = path_join(dir, "works");
    if (!folder)
        return error_nomem(err);
    TRY_CLEANUP(dir_make(folder, 0755, err));
    for (int w = 0; w < WORK_COUNT; w++) {
        free(path);
        path = mem_printf("%s/work-%02d.txt", folder, w + 1);
        if (!path) {
            status = error_nomem(err);
            goto cleanup;
        }
        TRY_CLEANUP(file_write(path, works->works[w].text, works->works[w].len, 0644, err));
    }
cleanup:
    free(path);
    free(folder);
    return status;
}

struct excerpt works_choose(const struct works *works, struct random *random, uint8_t length)
{
    struct excerpt excerpt = {.work = (uint8_t)random_below(random, WORK_COUNT), .length = length};
    const struct work *work = &works->works[excerpt.work];
    excerpt.first = random_below(random, work->word_count - work_run_lengths[length] + 1);
    excerpt.variant = (uint8_t)random_below(random, 3);
    return excerpt;
}

void write_excerpt(struct writer *writer, const struct works *works, struct excerpt excerpt)
{
    static const char before[] = "\nHere is the passage: “", after[] = "” End of passage.\n";
    const struct work *work = &works->works[excerpt.work];
    uint32_t words = work_run_lengths[excerpt.length];
    uint32_t start = work->starts[excerpt.first], end = work->ends[excerpt.first + words - 1];
    struct sink text = {NULL, 0, 0, false};
    sink_add(&text, before, sizeof before - 1);
    size_t body = text.len;
    sink_add(&text, work->text + start, end - start);
    if (!text.failed) {
        unsigned blanks = 0;
        for (size_t i = body; i < text.len; i++) {
            char *byte = &text.data[i];
            if (excerpt.variant == 1 && *byte >= 'a' && *byte <= 'z')
                *byte = (char)(*byte - 'a' + 'A');
            if (excerpt.variant == 2 && (*byte == ' ' || *byte == '\n'))
                *byte = ++blanks % 9 == 0 ? '\n' : ' ';
        }
    }
    sink_add(&text, after, sizeof after - 1);
    if (text.failed) {
        writer->out->failed = true;
    } else {
        text_escape(writer->out, text.data, text.len, writer->style);
        writer->word_count += words + 7; /* seven around it */
    }
    sink_release(&text);
}
