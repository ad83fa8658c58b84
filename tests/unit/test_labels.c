/*
 * CSV as RFC 4180 has it, and label files: every word, every way to be wrong with its message, and
 * what several reviewers say together.
 */
#include "tests/support/support.h"

#include "queries/csv.h"
#include "queries/labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- CSV ---- */

/* Records as "a|b\n", a fault as "!LINE: text". */
static char *told(struct csv *csv)
{
    static char out[2048];
    struct error err = ERROR_INIT;
    size_t used = 0;
    bool end;
    out[0] = '\0';
    for (;;) {
        if (csv_next(csv, &end, &err) != STATUS_OK) {
            snprintf(out + used, sizeof out - used, "!%s: %s", err.where, err.text);
            break;
        }
        if (end)
            break;
        for (size_t i = 0; i < csv_fields(csv); i++) {
            struct span field = csv_field(csv, i);
            used += (size_t)snprintf(out + used, sizeof out - used, "%s%.*s", i ? "|" : "",
                                     (int)field.len, field.data);
        }
        used += (size_t)snprintf(out + used, sizeof out - used, "\n");
    }
    csv_free(csv);
    return out;
}

static void expect_csv(const char *text, size_t len, const char *expected)
{
    struct error err = ERROR_INIT;
    struct csv *csv;
    if (csv_open_text(&csv, text, len, "x.csv", &err) != STATUS_OK) {
        char said[sizeof err.where + sizeof err.text + 8];
        snprintf(said, sizeof said, "!%s: %s", err.where, err.text);
        assert_string_equal(said, expected);
        return;
    }
    assert_string_equal(told(csv), expected);
}
#define CSV(text, expected) expect_csv(text, sizeof text - 1, expected)

static void rfc_4180(void **state)
{
    (void)state;
    CSV("", "");
    CSV("\n\r\n\n", "");
    CSV("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n", "aaa|bbb|ccc\nzzz|yyy|xxx\n");                   /* 2.1 */
    CSV("aaa,bbb,ccc\r\nzzz,yyy,xxx", "aaa|bbb|ccc\nzzz|yyy|xxx\n");                       /* 2.2 */
    CSV("\"aaa\",\"b \r\nbb\",\"ccc\"\r\nzzz,yyy,xxx", "aaa|b \r\nbb|ccc\nzzz|yyy|xxx\n"); /* 2.6 */
    CSV("\"aaa\",\"b\"\"bb\",\"ccc\"", "aaa|b\"bb|ccc\n");                                 /* 2.7 */
    CSV("a,b\nc,d\re,f\r\n", "a|b\nc|d\ne|f\n");
    CSV(",\n,,", "|\n||\n");
    CSV("\"\"\n", "\n");
    CSV("\"a,b\"\n", "a,b\n");
    CSV(" a , b ", " a | b \n");
    CSV("\xEF\xBB\xBF"
        "a,b",
        "a|b\n");
    CSV("a,\"b\rc\"\rd,e", "a|b\rc\nd|e\n");
}

static void csv_faults(void **state)
{
    (void)state;
    CSV("a\nb\"c\n", "a\n!x.csv:2: field 1: a quote inside a field");
    CSV("a,b\n\n\"c\n\n\"d,e", "a|b\n!x.csv:5: field 1: text after the closing quote");
    CSV("a,b\n1,\"2\n\n", "a|b\n!x.csv:2: field 2: a quote that is never closed");
    CSV("a\nb\0c", "a\n!x.csv:2: a NUL byte: this is no text file, or it is not UTF-8");
    CSV("\xFF\xFEi\0d\0", "!x.csv:1: the file is UTF-16 text");
    CSV("\xFE\xFF\0i\0d", "!x.csv:1: the file is UTF-16 text");
    CSV("i\0d\0,\0", "!x.csv:1: the file is UTF-16 text");
    CSV("\0i\0d", "!x.csv:1: the file is UTF-16 text");
    char many[CSV_FIELDS_MAX + 8];
    memset(many, ',', sizeof many);
    expect_csv(many, sizeof many, "!x.csv:1: the record has more than 256 fields");
    char *long_one = malloc(CSV_RECORD_MAX + 1);
    assert_non_null(long_one);
    memset(long_one, 'x', CSV_RECORD_MAX + 1);
    expect_csv(long_one, CSV_RECORD_MAX + 1, "!x.csv:1: the record is over 1048576 bytes");
    free(long_one);
}

/* Chunks of the file end anywhere: the same records from a file and from memory. */
static void csv_chunks(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    const char *path = test_path(test_dir(), "chunks.csv");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 60000; i++)
        fprintf(file, "%d,\"a\"\"%d\r\nb\",%0*d\r\n", i, i, 1 + i % 7, 5);
    assert_int_equal(fclose(file), 0);
    size_t len;
    char *text = test_read(path, &len);
    struct csv *one, *two;
    bool end_one = false, end_two = false;
    assert_ok(csv_open(&one, path, NULL, &err), err);
    assert_ok(csv_open_text(&two, text, len, "t", &err), err);
    size_t records = 0;
    for (;; records++) {
        assert_ok(csv_next(one, &end_one, &err), err);
        assert_ok(csv_next(two, &end_two, &err), err);
        assert_int_equal(end_one, end_two);
        if (end_one)
            break;
        assert_int_equal(csv_line(one), 2 * records + 1);
        assert_int_equal(csv_fields(one), 3);
        for (size_t i = 0; i < 3; i++) {
            struct span a = csv_field(one, i), b = csv_field(two, i);
            assert_int_equal(a.len, b.len);
            assert_memory_equal(a.data, b.data, a.len);
        }
    }
    assert_int_equal(records, 60000);
    csv_free(one);
    csv_free(two);
    free(text);
}

/* ---- labels ---- */

static void ids_of(struct intern *ids)
{
    static const char *const names[] = {"a", "b", "c", "d", "e f", "g,h"};
    struct error err = ERROR_INIT;
    uint32_t number;
    intern_init(ids);
    for (size_t i = 0; i < 6; i++)
        assert_ok(intern_add(ids, names[i], strlen(names[i]), &number, &err), err);
}

/* The labels of a, b, c, d, "e f" and "g,h" as a letter each. */
static void expect_labels_of(const char *text, const char *letters, struct labels *labels)
{
    struct error err = ERROR_INIT;
    struct intern ids;
    ids_of(&ids);
    assert_ok(labels_parse(labels, text, strlen(text), "l.csv", &ids, &err), err);
    char said[7] = "";
    for (size_t i = 0; i < 6; i++)
        said[i] = ".RIUD"[labels->units[i]];
    assert_string_equal(said, letters);
    intern_release(&ids);
}

static void expect_labels(const char *text, const char *letters)
{
    struct labels labels;
    expect_labels_of(text, letters, &labels);
    labels_release(&labels);
}

static void expect_fault(const char *text, const char *where, const char *said)
{
    struct error err = ERROR_INIT;
    struct intern ids;
    struct labels labels;
    ids_of(&ids);
    assert_int_equal(labels_parse(&labels, text, strlen(text), "l.csv", &ids, &err), STATUS_INPUT);
    assert_string_equal(err.text, said);
    assert_string_equal(err.where, where);
    labels_release(&labels);
    intern_release(&ids);
}

static void label_words(void **state)
{
    (void)state;
    expect_labels("id,label\na,relevant\nb,irrelevant\nc,not relevant\nd,unreadable\n", "RIIU..");
    expect_labels("id,label\na,1\nb,0\nc,yes\nd,no\n\"e f\",true\n\"g,h\",false\n", "RIRIRI");
    expect_labels("id,label\na,?\nb,unclear\nc, Relevant \nd,YES\n\"e f\",\n", "UURR..");
    expect_labels("\xEF\xBB\xBFLabel , ID\r\nrelevant,c\r\n\r\nNot Relevant,a\r\n", "I.R...");
    expect_labels("id,label\n", "......");
}

static void label_faults(void **state)
{
    (void)state;
    expect_fault("", "l.csv:1", "the file is empty");
    expect_fault("id;label\na;relevant\n", "l.csv:1",
                 "the columns are separated by semicolons, not by commas");
    expect_fault("id\tlabel\na\trelevant\n", "l.csv:1",
                 "the columns are separated by tabs, not by commas");
    expect_fault("id,verdict\na,1\n", "l.csv:1", "there is no column \"label\"");
    expect_fault("a,relevant\n", "l.csv:1", "there is no column \"id\"");
    expect_fault("id,label,id\n", "l.csv:1", "the column \"id\" is there twice");
    expect_fault("id,label\na,relevant\nb,maybe\n", "l.csv:3",
                 "field \"label\": \"maybe\" is no label");
    expect_fault("id,label\na,relevant\nz,relevant\n", "l.csv:3",
                 "field \"id\": \"z\" is not in the sample");
    expect_fault("id,label\n,relevant\n", "l.csv:2", "field \"id\": it is empty");
    expect_fault("id,label\nz,\n", "l.csv:2", "field \"id\": \"z\" is not in the sample");
    expect_fault("id,label\na\n", "l.csv:2", "1 fields where the header has 2");
    expect_fault("id,label\n\"e f\",yes\nb,yes,no\n", "l.csv:3", "3 fields where the header has 2");
    expect_fault("id,label\na,yes\nb,no\nb,yes\na,no\n", "l.csv:4",
                 "field \"label\": \"relevant\", but line 3 labels the same id \"irrelevant\"");
    expect_fault("id,label,reviewer\na,yes,X\na,no,Y\na,?,X\n", "l.csv:4",
                 "field \"label\": \"unreadable\", but line 2 labels the same id \"relevant\" by "
                 "the same reviewer");
    expect_fault("id,label\na,\x1B[31m\n", "l.csv:2", "field \"label\": \"?[31m\" is no label");

    struct error err = ERROR_INIT;
    struct intern ids;
    struct labels labels;
    static const char blanks[] = "id,label\n a,yes\n";
    ids_of(&ids);
    assert_int_equal(labels_parse(&labels, blanks, strlen(blanks), "l.csv", &ids, &err),
                     STATUS_INPUT);
    assert_string_equal(err.hint, "the id has blanks around it");
    labels_release(&labels);
    assert_int_equal(labels_read(&labels, "/nowhere/l.csv", NULL, &ids, &err), STATUS_INPUT);
    labels_release(&labels);
    intern_release(&ids);
}

static void several_reviewers(void **state)
{
    (void)state;
    struct labels labels;
    char text[256];
    expect_labels_of("reviewer,id,date,label,notes\n"
                     "X,a,d,yes,\"n, n\"\nY,a,d,yes,\n" /* agreed */
                     "X,b,d,yes,\nY,b,d,no,\n"          /* differ */
                     "X,c,d,?,\nY,c,d,no,\n"            /* differ */
                     "X,d,d,no,\nX,d,d,0,\n"            /* said twice */
                     "Y,e f,d,,\nX,e f,d,yes,\n"        /* only one spoke */
                     ",\"g,h\",d,no,\n",
                     "RDDIRI", &labels);
    assert_int_equal(labels.rows, 11);
    assert_int_equal(labels.empty, 1);
    assert_int_equal(labels.repeated, 1);
    assert_int_equal(labels.reviewers, 3); /* X, Y and the one without a name */
    assert_int_equal(labels.agreement.units, 3);
    assert_int_equal(labels.agreement.agreed, 1);
    assert_int_equal(labels.disagreed, 2);
    assert_int_not_equal(labels_warning(&labels, 0, text, sizeof text), 0);
    assert_string_equal(text, "columns that are not read: date, notes");
    assert_int_not_equal(labels_warning(&labels, 1, text, sizeof text), 0);
    assert_string_equal(text, "1 rows repeat a label that is there already");
    assert_int_not_equal(labels_warning(&labels, 2, text, sizeof text), 0);
    assert_string_equal(text, "reviewers differ about 2 units, which count as undecided");
    assert_int_equal(labels_warning(&labels, 3, text, sizeof text), 0);
    labels_release(&labels);
}

/* Many rows about few units, out of order: nothing quadratic. */
static void many_labels(void **state)
{
    (void)state;
    uint32_t rows = test_short() ? 20000 : 300000;
    struct error err = ERROR_INIT;
    struct intern ids;
    struct labels labels;
    ids_of(&ids);
    const char *path = test_path(test_dir(), "many.csv");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "id,label,reviewer\n");
    for (uint32_t i = rows; i-- > 0;)
        fprintf(file, "%c,%s,r%u\n", 'a' + (int)(i % 4), i % 4 ? "no" : "yes", i);
    assert_int_equal(fclose(file), 0);
    assert_ok(labels_read(&labels, path, NULL, &ids, &err), err);
    assert_int_equal(labels.rows, rows);
    assert_int_equal(labels.reviewers, rows);
    assert_int_equal(labels.agreement.agreed, 4);
    assert_int_equal(labels.units[0], LABEL_RELEVANT);
    assert_int_equal(labels.units[3], LABEL_IRRELEVANT);
    labels_release(&labels);
    intern_release(&ids);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_4180),     cmocka_unit_test(csv_faults),
        cmocka_unit_test(csv_chunks),   cmocka_unit_test(label_words),
        cmocka_unit_test(label_faults), cmocka_unit_test(several_reviewers),
        cmocka_unit_test(many_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
