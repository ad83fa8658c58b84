/*
 * Tickets, frames and samples: the published order, draws against sorting all tickets, nesting,
 * uniformity, strict files, and every way to tamper with a sample.
 */
#include "tests/unit/sample_catalogue.h"

#include "base/civil.h"
#include "queries/frame.h"
#include "queries/sample.h"
#include "queries/ticket.h"

#include <stdlib.h>
#include <sys/stat.h>

/* ---- tickets ---- */

/* The value as a decimal number, its digits reversed: least significant first. */
static void reversed_decimal(const struct sha256 *value, char text[static 80])
{
    unsigned char rest[32];
    memcpy(rest, value->bytes, sizeof rest);
    size_t len = 0;
    for (;;) {
        unsigned carry = 0, any = 0;
        for (size_t i = 0; i < sizeof rest; i++) {
            unsigned now = carry * 256 + rest[i];
            rest[i] = (unsigned char)(now / 10);
            carry = now % 10;
            any |= rest[i];
        }
        text[len++] = (char)('0' + carry);
        if (!any)
            break;
    }
    text[len] = '\0';
}

static void rivest_order(void **state)
{
    (void)state;
    static const char *const ids[] = {"A-1", "A-2", "A-3", "B-1", "B-2", "B-3"};
    static const char *const by_his_method[] = {"B-2", "B-3", "A-3", "A-2"};
    static const char *const by_raw_digest[] = {"A-1", "A-2", "B-1", "B-3", "B-2", "A-3"};
    struct error err = ERROR_INIT;
    struct ticket_maker *maker;
    struct sha256 tickets[6];
    char reversed[6][80], hex[65];
    assert_ok(ticket_maker_new(&maker, "314159", &err), err);
    for (size_t i = 0; i < 6; i++) {
        assert_ok(ticket_of(maker, ids[i], 3, &tickets[i], &err), err);
        reversed_decimal(&tickets[i], reversed[i]);
    }
    ticket_maker_free(maker);
    sha256_hex(&tickets[0], hex);
    assert_string_equal(hex, "089cfe38234df31c4de82c76c6ed4ca6917e448ad3e0a3ac41a2012e67974d11");
    for (size_t i = 0; i < 6; i++) {
        size_t his = 0, raw = 0;
        for (size_t j = 0; j < 6; j++) {
            his += strcmp(reversed[j], reversed[i]) < 0;
            raw += ticket_compare(&tickets[j], &tickets[i]) < 0;
        }
        if (his < 4)
            assert_string_equal(ids[i], by_his_method[his]);
        assert_string_equal(ids[i], by_raw_digest[raw]);
    }
}

/* ---- samples ---- */

static void draw(struct sample *sample, const struct made *made, uint64_t size, const char *seed)
{
    struct error err = ERROR_INIT;
    struct frame frame;
    sample_init(sample);
    assert_ok(made_frame(made, &frame, &err), err);
    struct frame_units laid;
    made_lay(made, &laid);
    assert_ok(sample_draw(sample, &laid, &frame, &(struct sample_amounts){.sizes = &size}, seed,
                          "dice", &err),
              err);
    frame_units_release(&laid);
    frame_release(&frame);
}

/* Cut-offs of shares: the first 64 bits are below share 2^64, the rest whatever it is. */
static void cut_offs_of_shares(void **state)
{
    (void)state;
    static const struct {
        double share;
        const char *head;
    } cases[] = {{1, "ffffffffffffffff"},
                 {0.5, "7fffffffffffffff"},
                 {0.25, "3fffffffffffffff"},
                 {0x1p-40, "0000000000ffffff"},
                 {0.1, "19999999999999ff"}}; /* the double 0.1 is a little above a tenth */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char hex[65];
        struct sha256 cut_off = ticket_of_share(cases[i].share);
        sha256_hex(&cut_off, hex);
        assert_memory_equal(hex, cases[i].head, i == 4 ? 14 : 16);
        for (size_t k = 16; k < 64; k++)
            assert_int_equal(hex[k], 'f');
    }
}

struct ticketed {
    struct sha256 ticket;
    char id[32];
};

static int by_ticket(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct sha256));
}

static void draws_are_the_smallest_tickets(void **state)
{
    (void)state;
    enum { UNITS = 500 };
    struct made made;
    struct error err = ERROR_INIT;
    made_init(&made, 3, (const uint32_t[]){200, 1, 299}, plain_row);
    static const char *const seeds[] = {"1", "dice 3 5 2", "\xC3\xA9\xF0\x9F\x8E\xB2"};
    for (size_t s = 0; s < 3; s++) {
        struct ticketed all[UNITS];
        struct sha256 seed;
        char text[128];
        assert_ok(sha256_of(seeds[s], strlen(seeds[s]), &seed, &err), err);
        sha256_hex(&seed, text);
        for (uint32_t i = 0, part = 0, row = 0; i < UNITS; i++, row++) {
            if (row == made.catalogue.parts[part].rows) {
                part++;
                row = 0;
            }
            snprintf(all[i].id, sizeof all[i].id, "c%06u", part * 100000 + row);
            snprintf(text + 64, 64, "%s", all[i].id);
            assert_ok(sha256_of(text, strlen(text), &all[i].ticket, &err), err);
        }
        qsort(all, UNITS, sizeof *all, by_ticket);
        static const uint64_t sizes[] = {1, 7, 100, UNITS};
        for (size_t n = 0; n < 4; n++) {
            struct sample sample;
            draw(&sample, &made, sizes[n], seeds[s]);
            assert_int_equal(sample.ids.count, sizes[n]);
            for (size_t i = 0; i < sizes[n]; i++)
                assert_string_equal(sample.ids.items[i].text, all[i].id);
            assert_memory_equal(&sample.strata[0].cut_off, &all[sizes[n] - 1].ticket, 32);
            struct frame_units laid;
            struct unit_place places[UNITS];
            made_lay(&made, &laid);
            assert_ok(sample_check(&sample, &laid, places, &err), err);
            for (size_t i = 0; i < sizes[n]; i++) {
                char scratch[UNIT_ID_MAX];
                struct span id = unit_id(&laid.units, places[i].part, places[i].row, scratch);
                assert_memory_equal(id.data, all[i].id, id.len);
            }
            frame_units_release(&laid);
            sample_release(&sample);
        }
    }
    made_release(&made);
}

static void expect_no_draw(const struct made *made, const struct frame *frame, uint64_t size,
                           const char *seed, const char *source, const char *where,
                           const char *said)
{
    struct sample sample;
    struct error err = ERROR_INIT;
    sample_init(&sample);
    struct frame_units laid;
    made_lay(made, &laid);
    assert_int_equal(sample_draw(&sample, &laid, frame, &(struct sample_amounts){.sizes = &size},
                                 seed, source, &err),
                     STATUS_PLAN);
    frame_units_release(&laid);
    assert_string_equal(err.where, where);
    assert_string_equal(err.text, said);
    sample_release(&sample);
}

static void impossible_draws(void **state)
{
    (void)state;
    struct made made;
    struct frame frame;
    struct error err = ERROR_INIT;
    made_init(&made, 1, (const uint32_t[]){40}, plain_row);
    assert_ok(made_frame(&made, &frame, &err), err);
    expect_no_draw(&made, &frame, 0, "s", "dice", "size", "must be at least 1");
    expect_no_draw(&made, &frame, 41, "s", "dice", "size", "41 units cannot be drawn from 40");
    expect_no_draw(&made, &frame, 4, "", "dice", "seed", "must not be empty");
    expect_no_draw(&made, &frame, 4, "s", " ", "seed source", "must not be empty");
    frame.digest[5] = frame.digest[5] == 'a' ? 'b' : 'a';
    expect_no_draw(&made, &frame, 4, "s", "dice", "",
                   "the population is not the frame: 40 conversations now, 40 in the frame, and "
                   "not the same ones");
    frame.count = 41;
    expect_no_draw(&made, &frame, 4, "s", "dice", "",
                   "the population is not the frame: 40 conversations now, 41 in the frame");
    frame_release(&frame);
    made_release(&made);
}

/* Ids with everything that a log can hold come back from the file as they were. */
static void odd_row(size_t part, uint32_t row, struct made_row *out, char scratch[static 256])
{
    static const char *const ids[] = {"a\"b", "line\nfeed", "tab\t", "\xF0\x9F\x8E\xB2",
                                      "c\\d", "\x01",       "a,b",   "</script>"};
    plain_row(part, row, out, scratch);
    if (row < 8)
        out->id = ids[row];
    if (row == 8) {
        out->id = "nul\0nul";
        out->id_len = 7;
    }
    if (row == 9)
        out->id = NULL;
}

static void sample_files(void **state)
{
    (void)state;
    struct made made;
    struct sample sample, back;
    struct error err = ERROR_INIT;
    struct stat info;
    made_init(&made, 1, (const uint32_t[]){12}, odd_row);
    draw(&sample, &made, 12, "seed \"x\"");
    assert_ok(sample_write(&sample, made.sample_path, &err), err);
    assert_int_equal(stat(made.sample_path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    sample_init(&back);
    assert_ok(sample_read(&back, made.sample_path, &err), err);
    assert_int_equal(back.ids.count, 12);
    assert_string_equal(back.seed, "seed \"x\"");
    assert_string_equal(back.sha256, sample.sha256);
    for (size_t i = 0; i < 12; i++)
        assert_string_equal(back.ids.items[i].text, sample.ids.items[i].text);
    assert_int_not_equal(intern_find(&back.ids, "nul\xEF\xBF\xBDnul", 9), INTERN_NONE);
    struct frame_units laid;
    made_lay(&made, &laid);
    assert_ok(sample_check(&back, &laid, NULL, &err), err);
    frame_units_release(&laid);
    sample_release(&back);
    sample_release(&sample);
    made_release(&made);
}

static struct sample_request request_of(const struct made *made, uint64_t size, const char *seed)
{
    return (struct sample_request){.frame_path = made->frame_path,
                                   .sample_path = made->sample_path,
                                   .labels_path = made->labels_path,
                                   .size = size,
                                   .seed = seed,
                                   .seed_source = "dice",
                                   .seed_time = CIVIL_NONE};
}

static enum sample_outcome fix(const struct made *made, const struct sample_request *request)
{
    struct error err = ERROR_INIT;
    struct sample sample;
    enum sample_outcome outcome;
    struct tally_source source = made_source(made);
    sample_init(&sample);
    assert_ok(sample_fix(&sample, &source, request, &outcome, &err), err);
    assert_int_equal(sample.ids.count, request->size);
    sample_release(&sample);
    return outcome;
}

static void expect_no_fix(const struct made *made, const struct sample_request *request,
                          const char *said)
{
    struct error err = ERROR_INIT;
    struct sample sample;
    enum sample_outcome outcome;
    struct tally_source source = made_source(made);
    sample_init(&sample);
    assert_int_equal(sample_fix(&sample, &source, request, &outcome, &err), STATUS_PLAN);
    assert_string_equal(err.text, said);
    sample_release(&sample);
}

static void fix_frame(struct made *made)
{
    struct error err = ERROR_INIT;
    struct frame frame;
    bool written;
    assert_ok(made_fix_frame(made, &frame, &written, &err), err);
    frame_release(&frame);
}

static void samples_grow(void **state)
{
    (void)state;
    struct made made;
    struct error err = ERROR_INIT;
    made_init(&made, 2, (const uint32_t[]){60, 40}, plain_row);
    struct sample_request request = request_of(&made, 10, "s1");
    expect_no_fix(&made, &request, "there is no frame");
    fix_frame(&made);
    assert_int_equal(fix(&made, &request), SAMPLE_DRAWN);
    char *first = test_read(made.sample_path, NULL);
    assert_int_equal(fix(&made, &request), SAMPLE_UNCHANGED);
    request.size = 25;
    assert_int_equal(fix(&made, &request), SAMPLE_EXTENDED);
    test_write_text(made.labels_path, "id,label\n");
    request.size = 30;
    assert_int_equal(fix(&made, &request), SAMPLE_EXTENDED);

    struct sample sample;
    sample_init(&sample);
    assert_ok(sample_read(&sample, made.sample_path, &err), err);
    assert_int_equal(sample.look_count, 1); /* at 25, not at 10: there were no labels yet */
    assert_int_equal(sample.looks[0], 25);
    assert_non_null(strstr(first, sample.ids.items[9].text));
    assert_null(strstr(first, sample.ids.items[10].text));
    sample_release(&sample);

    request.size = 29;
    expect_no_fix(&made, &request, "the sample has 30 units and cannot shrink to 29");
    request.size = 40;
    request.seed = "s2";
    expect_no_fix(&made, &request, "a sample of this frame was drawn with another seed already");
    request.seed = "s1";
    request.seed_source = "coin";
    expect_no_fix(&made, &request, "the sample names another source of the same seed: \"dice\"");
    remove(made.frame_path);
    made.plan.population.to = 19690;
    made_again(&made);
    fix_frame(&made);
    expect_no_fix(&made, &request, "a sample of another frame is here already");
    free(first);
    made_release(&made);
}

/* ---- tampering ---- */

static void expect_tampered(const struct made *made, const char *text, const char *said)
{
    struct error err = ERROR_INIT;
    struct sample sample;
    struct frame_units laid;
    made_lay(made, &laid);
    sample_init(&sample);
    enum status status = sample_parse(&sample, "s.json", text, strlen(text), &err);
    if (status == STATUS_OK)
        status = sample_check(&sample, &laid, NULL, &err);
    frame_units_release(&laid);
    assert_int_equal(status, STATUS_PLAN);
    if (strcmp(err.text, said) != 0)
        fail_msg("said: %s\nexpected: %s", err.text, said);
    sample_release(&sample);
}

/* The file with its ids, its size and its cut-off replaced. */
static char *forged(const struct sample *sample, size_t count, const char *const *ids,
                    const struct sha256 *cut_off)
{
    json_t *list = json_array();
    char hex[65];
    sha256_hex(cut_off, hex);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(json_array_append_new(list, json_string(ids[i])), 0);
    json_t *root = json_pack("{s:i,s:s,s:I,s:I,s:s,s:s,s:s,s:s,s:i,s:[{s:s,s:I,s:I,s:s}],s:[],s:o}",
                             "proffer_sample", 1, "frame", sample->frame_digest, "N",
                             (json_int_t)sample->frame_count, "size", (json_int_t)count, "unit",
                             "conversation", "unit_id", "id", "seed", sample->seed, "seed_source",
                             sample->seed_source, "draw", 1, "strata", "name", "all", "N",
                             (json_int_t)sample->frame_count, "size", (json_int_t)count, "cut_off",
                             hex, "looks", "ids", list);
    char *text = json_dumps(root, 0);
    json_decref(root);
    assert_non_null(text);
    return text;
}

static void tampered_samples(void **state)
{
    (void)state;
    struct made made;
    struct sample sample, all;
    struct error err = ERROR_INIT;
    const char *ids[20];
    made_init(&made, 1, (const uint32_t[]){50}, plain_row);
    draw(&sample, &made, 10, "s");
    draw(&all, &made, 50, "s");
    struct frame_units laid;
    made_lay(&made, &laid);

    for (size_t i = 0; i < 10; i++)
        ids[i] = sample.ids.items[i].text;
    char *text = forged(&sample, 10, ids, &sample.strata[0].cut_off);
    struct sample back;
    sample_init(&back);
    assert_ok(sample_parse(&back, "s.json", text, strlen(text), &err), err);
    assert_ok(sample_check(&back, &laid, NULL, &err), err);
    sample_release(&back);
    free(text);

    ids[4] = all.ids.items[30].text; /* a unit that was not drawn */
    text = forged(&sample, 10, ids, &sample.strata[0].cut_off);
    expect_tampered(&made, text,
                    "the ticket of ids[4] is over the cut-off: it was not drawn with this seed");
    free(text);

    ids[4] = sample.ids.items[5].text; /* two exchanged */
    ids[5] = sample.ids.items[4].text;
    text = forged(&sample, 10, ids, &sample.strata[0].cut_off);
    expect_tampered(&made, text, "ids[5] is not in the order of tickets");
    free(text);

    ids[5] = ids[4]; /* one twice */
    text = forged(&sample, 10, ids, &sample.strata[0].cut_off);
    expect_tampered(&made, text, "the id is there already, as ids[4]");
    free(text);

    for (size_t i = 4; i < 9; i++) /* one left out */
        ids[i] = sample.ids.items[i + 1].text;
    text = forged(&sample, 9, ids, &sample.strata[0].cut_off);
    expect_tampered(&made, text,
                    "1 units with tickets at or under the cut-off are not in the sample");
    free(text);

    for (size_t i = 0; i < 10; i++)
        ids[i] = sample.ids.items[i].text;
    text = forged(&sample, 10, ids, &all.strata[0].cut_off); /* a cut-off too high */
    expect_tampered(&made, text, "the cut-off is not the ticket of the last id");
    free(text);
    struct sha256 low = sample.strata[0].cut_off;
    low.bytes[0] = 0;
    text = forged(&sample, 10, ids, &low);
    expect_tampered(&made, text,
                    "the ticket of ids[0] is over the cut-off: it was not drawn with this seed");
    free(text);

    made.plan.population.to = 19690; /* another population: some units are not there */
    made_again(&made);
    text = forged(&sample, 10, ids, &sample.strata[0].cut_off);
    sample_init(&back);
    frame_units_release(&laid);
    made_lay(&made, &laid);
    assert_ok(sample_parse(&back, "s.json", text, strlen(text), &err), err);
    assert_int_equal(sample_check(&back, &laid, NULL, &err), STATUS_PLAN);
    assert_string_equal(err.text, "its strata are not those of the frame");
    frame_units_release(&laid);
    sample_release(&back);
    free(text);
    sample_release(&sample);
    sample_release(&all);
    made_release(&made);
}

/* ---- uniformity ---- */

/*
 * Draws 10 of 40 with each seed of a fixed list. The variance of a unit's count over R draws is
 * R n/N (1 - n/N), and counts are negatively correlated so that the sum below is chi-square with
 * 39 degrees of freedom when multiplied by (N-1)/N. A look that is suspicious (p < 1 %) quadruples
 * the seeds; only a p under about 1e-6 at the end fails.
 */
static void draws_are_uniform(void **state)
{
    (void)state;
    enum { UNITS = 40, SIZE = 10 };
    struct made made;
    made_init(&made, 1, (const uint32_t[]){UNITS}, plain_row);
    uint32_t counts[UNITS] = {0};
    unsigned long seeds = test_short() ? 300 : 1000, done = 0;
    double chi = 0;
    for (int look = 0; look < 3; look++, seeds *= 4) {
        for (; done < seeds; done++) {
            struct sample sample;
            char seed[32];
            snprintf(seed, sizeof seed, "seed %lu", done);
            draw(&sample, &made, SIZE, seed);
            for (size_t i = 0; i < SIZE; i++)
                counts[strtoul(sample.ids.items[i].text + 1, NULL, 10)]++;
            sample_release(&sample);
        }
        double share = (double)SIZE / UNITS, mean = (double)seeds * share;
        chi = 0;
        for (size_t i = 0; i < UNITS; i++)
            chi += (counts[i] - mean) * (counts[i] - mean) / (mean * (1 - share));
        chi *= (double)(UNITS - 1) / UNITS;
        if (chi < 62.4 && chi > 20) /* 1 % above, 0.5 % below, 39 degrees of freedom */
            break;
    }
    assert_true(chi < 98); /* p = 5e-7 */
    assert_true(chi > 9);
    made_release(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rivest_order),      cmocka_unit_test(draws_are_the_smallest_tickets),
        cmocka_unit_test(impossible_draws),  cmocka_unit_test(sample_files),
        cmocka_unit_test(samples_grow),      cmocka_unit_test(tampered_samples),
        cmocka_unit_test(draws_are_uniform), cmocka_unit_test(cut_offs_of_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
