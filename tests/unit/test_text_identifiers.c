/*
 * Identifiers in text: published examples and rules of each kind, near misses, what stands around
 * them, example ranges; the paths give the same; hostile texts cost no more than their length says.
 */
#include "tests/support/support.h"

#include "queries/text/identifier_finder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct seen {
    unsigned counts[IDENTIFIER_KINDS], all;
    uint64_t sum; /* of kinds and places, in order */
};

static void see(void *context, enum identifier_kind kind, struct identifier_place place)
{
    struct seen *seen = context;
    seen->counts[kind]++;
    seen->all++;
    seen->sum = seen->sum * 1000003 + (uint64_t)kind * 7919 + place.from * 31 + place.to;
}

static struct seen find_in(struct span text, bool examples, bool portable, uint64_t *checks)
{
    struct identifier_finder finder;
    struct seen seen = {{0}, 0, 0};
    identifier_finder_init(&finder, examples, portable);
    *checks = identifier_finder_text(&finder, text, see, &seen);
    return seen;
}

static struct seen find(const char *text, bool examples)
{
    uint64_t checks;
    return find_in((struct span){text, strlen(text)}, examples, false, &checks);
}

/* TEXT, with words around it, holds just one, of KIND. */
static void is(enum identifier_kind kind, const char *text)
{
    static const char *const around[][2] = {
        {"", ""}, {"see ", " now"}, {"(", ")"}, {"x: \"", "\","}, {"\xe6\x98\xaf", "\xe3\x80\x82"}};
    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        char whole[4096];
        snprintf(whole, sizeof whole, "%s%s%s", around[i][0], text, around[i][1]);
        struct seen seen = find(whole, false);
        if (seen.all != 1 || seen.counts[kind] != 1)
            fail_msg("\"%s\": %u found, %u of %s", whole, seen.all, seen.counts[kind],
                     identifier_types[kind].name);
    }
}

/* TEXT holds none of KIND, examples counted too. */
static void is_no(enum identifier_kind kind, const char *text)
{
    struct seen seen = find(text, true);
    if (seen.counts[kind])
        fail_msg("\"%s\" is taken for %s", text, identifier_types[kind].name);
}

/* TEXT holds one that is set aside for examples. */
static void is_example(enum identifier_kind kind, const char *text)
{
    struct seen seen = find(text, true);
    if (seen.all != 1 || seen.counts[kind] != 1)
        fail_msg("\"%s\": %u found, %u of %s", text, seen.all, seen.counts[kind],
                 identifier_types[kind].name);
    if (find(text, false).all)
        fail_msg("\"%s\" is no example", text);
}

#define ALL(check, kind, ...)                                                                      \
    do {                                                                                           \
        static const char *const texts[] = {__VA_ARGS__};                                          \
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)                                  \
            check(kind, texts[i]);                                                                 \
    } while (0)

static void emails(void **state)
{
    (void)state;
    ALL(is, IDENTIFIER_EMAIL, "jane@acme.io", "j.r.doe+tag@mail.acme.co.uk", "o'neil@acme.ie",
        "a_b-c%d@x-y.org", "JANE@ACME.COM", "1@a.de", "j\xc3\xbcrgen@m\xc3\xbcller.de",
        "x@acme.xn--p1ai", "<jane@acme.io>", "mailto:jane@acme.io", "jane@acme.io.",
        "jane@acme.io, or not");
    ALL(is_no, IDENTIFIER_EMAIL, "@handle", "jane@acme", "a@b@c.org", ".@acme.io", "x.@acme.io",
        "a..b@acme.io", "icon@2x.png", "user@-acme.io", "user@acme-.io", "user@acme.c",
        "user@acme.123", "npm i @scope/pkg@1.2.3", "git@", "foo @ bar.com", "user@acme.io_x",
        "user@acme..io", "user@acme.com\xc3\xa9", "\xe2\x80\x9d@acme.io");
    ALL(is_example, IDENTIFIER_EMAIL, "jane@example.com", "jane@mail.example.org", "a@b.test",
        "a@b.invalid", "\xe2\x80\x9cjane@example.com\xe2\x80\x9d",
        "jane@example.com\xe5\x8f\x91\xe9\x80\x81");
    char local[80];
    memset(local, 'a', sizeof local);
    memcpy(local + 64, "@acme.io", 9);
    is(IDENTIFIER_EMAIL, local);
    memcpy(local + 65, "@acme.io", 9);
    local[64] = 'a';
    is_no(IDENTIFIER_EMAIL, local);
}

static void phones(void **state)
{
    (void)state;
    ALL(is, IDENTIFIER_PHONE, "212-555-2671", "(212) 555-2671", "212.736.5000", "212 736 5000",
        "1-212-736-5000", "+1 212 736 5000", "+1 (212) 736-5000", "+12127365000", "+442071838750",
        "+44 20 7183 8750", "+49 (0)30 1234567", "+33 1 42 68 53 00", "+86 138 0013 8000",
        "+81-3-1234-5678", "+353 1 234 5678", "phone: 2127365000", "Tel 2127365000",
        "1 (212) 736 5000",
        "212\xe2\x80\x93"
        "736\xe2\x80\x93"
        "5000",
        "+33\xe2\x80\xaf"
        "1\xe2\x80\xaf"
        "42\xe2\x80\xaf"
        "68\xe2\x80\xaf"
        "53\xe2\x80\xaf"
        "00",
        "212\xc2\xa0"
        "736\xc2\xa0"
        "5000");
    ALL(is_no, IDENTIFIER_PHONE, "2127365000", "112-736-5000", "012-736-5000", "211-736-5000",
        "292-736-5000", "212-136-5000", "212-911-5000", "212-736-50001", "1212-736-5000",
        "212-736.5000", "2-212-736-5000", "1700000000", "phone 1700000000", "2023-10-1234",
        "+999 12345678", "+1 112 736 5000", "+1 212 736 50", "+1234567", "+1234567890123456",
        "12 212 736 5000", "212 736 5000 12", "x212-736-5000", "212-736-5000x", "3.212-736-5000",
        "550e8400-e29b-41d4-a716-446655440000", "2024-01-31 12:30:45", "+210 1234567",
        "order 212736500012");
    ALL(is_example, IDENTIFIER_PHONE, "212-555-0100", "(212) 555-0199", "+1 212 555 0123");
    is(IDENTIFIER_PHONE, "212-555-0200");
}

static void social_security_numbers(void **state)
{
    (void)state;
    ALL(is, IDENTIFIER_SSN, "536-22-1234", "001-01-0001", "899-99-9999", "536 22 1234",
        "SSN 536221234", "social security number: 536221234",
        "536\xe2\x80\x91"
        "22\xe2\x80\x91"
        "1234",
        "536\xc2\xa0"
        "22\xc2\xa0"
        "1234");
    is_no(IDENTIFIER_SSN, "12\xe2\x80\xaf"
                          "536 22 1234");
    is_no(IDENTIFIER_SSN, "536 22 1234\xc2\xa0"
                          "55");
    ALL(is_no, IDENTIFIER_SSN, "000-22-1234", "666-22-1234", "900-22-1234", "987-65-4321",
        "536-00-1234", "536-22-0000", "536221234", "536-22-12345", "1536-22-1234", "536-22 1234",
        "078-05-1120", "219-09-9999", "536.22.1234", "536 22 1234 55", "12 536 22 1234",
        "a536-22-1234", "536-22-1234-1", "SSN 000221234", "lesson 536221234");
}

static void cards(void **state)
{
    (void)state;
    /* Made of issuers' ranges with right check digits. */
    ALL(is, IDENTIFIER_CARD, "4539578763621486", "4539 5787 6362 1486", "4539-5787-6362-1486",
        "5431111111111228", "2221000000000124", "3782 822463 10013", "6011000000000012",
        "36148900647913", "3528000700000018",
        "4539\xe2\x80\xaf"
        "5787\xe2\x80\xaf"
        "6362\xe2\x80\xaf"
        "1486");
    is_no(IDENTIFIER_CARD, "12\xc2\xa0"
                           "4539 5787 6362 1486");
    ALL(is_no, IDENTIFIER_CARD, "4539578763621487", "4539 5787 63621486", "4539-5787 6362-1486",
        "1234567812345670", "9999999999999995", "45395787636214860", "x4539578763621486",
        "0.4539578763621486", "4539578763621486.5", "453957876362148", "4539.5787.6362.1486",
        "a1b2-4539578763621486-ff", "12 4539 5787 6362 1486");
    ALL(is_example, IDENTIFIER_CARD, "4111111111111111", "4242 4242 4242 4242", "378282246310005",
        "3782 822463 10005", "5555-5555-5555-4444");
}

static void bank_accounts(void **state)
{
    (void)state;
    /* The registry's own examples. */
    ALL(is, IDENTIFIER_IBAN, "AD12 0001 2030 2003 5910 0100", "AT611904300234573201",
        "BE68 5390 0754 7034", "BR18 0036 0305 0000 1000 9795 493C 1", "DE89370400440532013000",
        "FR14 2004 1010 0505 0001 3M02 606", "GB29 NWBK 6016 1331 9268 19",
        "LC55 HEMM 0001 0001 0012 0012 0002 3015", "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
        "NO93 8601 1117 947", "NL91ABNA0417164300", "SC18SSCB11010000000000001497USD",
        "XK05 1212 0123 4567 8906", "VA59001123000012345678",
        "NO93\xc2\xa0"
        "8601\xc2\xa0"
        "1117\xc2\xa0"
        "947");
    ALL(is_no, IDENTIFIER_IBAN, "DE88370400440532013000", "DE8937040044053201300",
        "DE893704004405320130000", "ZZ89370400440532013000", "de89370400440532013000",
        "XDE89370400440532013000", "DE89 3704 0044 0532 013000", "GB29 NWBK 6016 1331 9268 18");
}

static void addresses_of_the_internet(void **state)
{
    (void)state;
    ALL(is, IDENTIFIER_IPV4, "93.184.216.34", "8.8.8.18", "http://93.184.216.34/x",
        "93.184.216.34:8080", "93.184.216.34/24", "IP:93.184.216.34", "223.1.2.3.");
    ALL(is_no, IDENTIFIER_IPV4, "1.2.3.4", "256.1.1.1", "93.184.216.034", "93.184.216",
        "v93.184.1.2", "version 93.184.1.2", "93.184.216.34.5", "1.93.184.216.34",
        "93.184.216.34-beta", "10.20.30.40", "192.168.1.10", "127.0.0.1", "0.0.0.0",
        "169.254.10.20", "172.16.20.30", "224.0.0.251", "255.255.255.255", "100.64.10.20",
        "93..184.216.34", "1,93.184");
    ALL(is_example, IDENTIFIER_IPV4, "192.0.2.10", "198.51.100.7", "203.0.113.99");
    ALL(is, IDENTIFIER_IPV6, "2001:470:0:76::2", "2606:2800:220:1:248:1893:25c8:1946",
        "2a00:1450:4009:81f::200e", "2A00:1450::", "[2a00:1450:4009::1]:443", "2600::1/64",
        "2001:470::192.168.10.20", "ip:2600:1f18::1", "2600::1:");
    ALL(is_no, IDENTIFIER_IPV6, "std::vector", "2001::a::b", "fe80::2001:470", "::1",
        "2606:2800:220:1:248:1893:25c8:1946:1", "2606:2800:220:1:248:1893:25c8", "12:30:45",
        "2001:2:0:1::1", "2600::12345", "2600::1g", "x2600::1", "2600::1::", "a2600::1", "12600::1",
        "2024:01:31 10:00", "fc00::1");
    ALL(is_example, IDENTIFIER_IPV6, "2001:db8::1", "2001:0DB8:85a3::8a2e:370:7334", "3fff:fff::1");
}

#define A32 "abcdefghij0123456789ABCDEFGHIJKL"

static void keys_and_tokens(void **state)
{
    (void)state;
    ALL(is, IDENTIFIER_LLM_KEY, "sk-" A32, "sk-proj-" A32 "T3BlbkFJ" A32, "sk-ant-api03-" A32 A32);
    ALL(is_no, IDENTIFIER_LLM_KEY, "sk-short", "task-" A32,
        "sk-loading-spinner-with-a-very-long-class", "sk_" A32, "-sk-" A32);
    ALL(is, IDENTIFIER_AWS_KEY, "AKIAQYLPMN5HFIQR7XYA", "ASIAQYLPMN5HFIQR7XYA");
    ALL(is_no, IDENTIFIER_AWS_KEY, "AKIAQYLPMN5HFIQR7XY", "AKIAQYLPMN5HFIQR7XYAB",
        "XAKIAQYLPMN5HFIQR7XYA", "AKIAQYLPMN1HFIQR7XYA", "AKIAqylpmn5hfiqr7xya");
    is_example(IDENTIFIER_AWS_KEY, "AKIAIOSFODNN7EXAMPLE");
    /* The example of the description of GitHub's checksum, and one character changed. */
    ALL(is, IDENTIFIER_GITHUB_TOKEN, "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",
        "github_pat_11ABCDEFG0abcdefghijkl_" A32 "ABCDEFGHIJKLMNOPQRSTUVWXYZa");
    ALL(is_no, IDENTIFIER_GITHUB_TOKEN, "ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18",
        "ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkI0mLq17", "ghx_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17",
        "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1", "github_pat_short");
    ALL(is, IDENTIFIER_GOOGLE_KEY, "AIzaSyA1234567890abcdefghijklmnopqrstu_");
    ALL(is_no, IDENTIFIER_GOOGLE_KEY, "AIzaSyA1234567890abcdefghijklmnopqrstu",
        "AIzaSyA1234567890abcdefghijklmnopqrstu_v", "pizza",
        "xAIzaSyA1234567890abcdefghijklmnopqrstu_");
    ALL(is, IDENTIFIER_SLACK_TOKEN, "xoxb-123456789012-1234567890123-abcdefghijABCDEFGHIJ1234",
        "xoxe-1-abcdefghijABCDEFGHIJ1234567890");
    ALL(is_no, IDENTIFIER_SLACK_TOKEN, "xoxb-abc", "xoxb-token-goes-here-in-the-end-of-it",
        "xoxz-123456789012-1234567890123-abcdefghijABCDEFGHIJ1234");
    ALL(is, IDENTIFIER_STRIPE_KEY, "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "rk_live_4eC39HqLyjWDarjt");
    ALL(is_no, IDENTIFIER_STRIPE_KEY, "sk_test_4eC39HqLyjWDarjtT1zdp7dc", "sk_live_short",
        "ask_live_4eC39HqLyjWDarjtT1zdp7dc", "pk_live_4eC39HqLyjWDarjtT1zdp7dc");
    /* RFC 7519, 3.1. */
    ALL(is, IDENTIFIER_JWT,
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cn"
        "VlfQ."
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    ALL(is_no, IDENTIFIER_JWT, "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9",
        "eyJmb28iOjF9.eyJmb28iOjF9.x", "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.abc.def",
        "eyJ.eyJ.eyJ");
    ALL(is, IDENTIFIER_PRIVATE_KEY,
        "-----BEGIN RSA PRIVATE "
        "KEY-----\nMIIEpAIBAAKCAQEA1234567890abcdefghijklmnopqrstuvwxyz+/ABC",
        "-----BEGIN PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA1234567890abcdefghijklmnopqrstuvwxyz+/ABC",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED");
    ALL(is_no, IDENTIFIER_PRIVATE_KEY,
        "-----BEGIN PUBLIC KEY-----\nMIIEpAIBAAKCAQEA1234567890abcdefghijklmnop",
        "-----BEGIN RSA PRIVATE KEY-----\n...", "-----BEGIN PRIVATE KEY-----", "-------------");
}

static void every_kind_is_described(void **state)
{
    (void)state;
    for (size_t i = 0; i < IDENTIFIER_KINDS; i++) {
        const struct identifier_type *type = &identifier_types[i];
        assert_true(type->name && type->title && type->checked && type->source && type->find);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(type->name, identifier_types[k].name);
    }
}

/* Overlapping ones count once, and each of a row counts. */
static void rows_and_overlaps(void **state)
{
    (void)state;
    struct seen seen =
        find("536-22-1234,537-22-1234;jane@acme.io,joe@acme.io\n93.184.216.34 2600::1", false);
    assert_int_equal(seen.counts[IDENTIFIER_SSN], 2);
    assert_int_equal(seen.counts[IDENTIFIER_EMAIL], 2);
    assert_int_equal(seen.counts[IDENTIFIER_IPV4], 1);
    assert_int_equal(seen.counts[IDENTIFIER_IPV6], 1);
    assert_int_equal(seen.all, 6);
    assert_int_equal(find("DE89 3704 0044 0532 0130 00", false).all, 1);
}

static uint64_t random_state = 1;
static uint32_t below(uint32_t n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % n;
}

/* Random text of what marks and identifiers are made of, in every position to a block's edge. */
static void paths_give_the_same(void **state)
{
    (void)state;
    static const char *const pieces[] = {"0",
                                         "1",
                                         "2",
                                         "5",
                                         "9",
                                         "-",
                                         "-",
                                         ".",
                                         ":",
                                         "@",
                                         "_",
                                         "J",
                                         "z",
                                         "A",
                                         "AKIA",
                                         "sk-",
                                         "ghp_",
                                         "eyJ",
                                         " ",
                                         " ",
                                         "a",
                                         "\n",
                                         "jane@acme.io",
                                         "212-736-5000",
                                         "536-22-1234",
                                         "4539578763621486",
                                         "DE89370400440532013000",
                                         "93.184.216.34",
                                         "2600::1",
                                         "AKIAQYLPMN5HFIQR7XYA",
                                         "-----",
                                         "\xc3\xbc",
                                         "\xe6\x98\xaf",
                                         "+",
                                         "(",
                                         ")",
                                         "xoxb-",
                                         "AIza"};
    unsigned found = 0;
    for (int round = 0; round < (test_short() ? 2000 : 20000); round++) {
        char text[600];
        size_t len = 0, most = below(400);
        while (len < most) {
            const char *piece = pieces[below(sizeof pieces / sizeof *pieces)];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        uint64_t checks[2];
        char *exact = malloc(len + 1); /* so that a read beyond the end is seen */
        assert_non_null(exact);
        memcpy(exact, text, len);
        struct seen best = find_in((struct span){exact, len}, true, false, &checks[0]);
        struct seen slow = find_in((struct span){exact, len}, true, true, &checks[1]);
        free(exact);
        assert_memory_equal(&best, &slow, sizeof best);
        assert_int_equal(checks[0], checks[1]);
        found += best.all;
    }
    assert_true(found > 1000);
}

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* What so many simple steps take on this machine, in this build, just now. */
static double seconds_of_steps(unsigned steps)
{
    enum { TRIED = 1000000 };
    volatile unsigned number = 1;
    double begun = processor_seconds();
    for (unsigned i = 0; i < TRIED; i++)
        number = number * 1103515245 + 12345;
    return (processor_seconds() - begun) / TRIED * steps;
}

/* The checks that marks lead to are in proportion to the text, and so is the time that they take:
 * under 1,000 simple steps a byte, at one of ten looks. */
static void hostile_texts_are_linear(void **state)
{
    (void)state;
    static const char *const units[] = {
        "1",
        "@",
        ":",
        "-",
        "_",
        "J",
        "z",
        "A",
        "1.",
        "1:",
        "2001:",
        "a@",
        "a@b.",
        "1-",
        "1 ",
        "(1",
        "+1",
        "+1 ",
        "212-",
        "4539 ",
        "DE89",
        "sk-",
        "ghp_",
        "eyJ",
        "eyJ.",
        "xoxb-1-",
        "AKIA",
        "AIza",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----\n",
        "version ",
        "phone 2127365000",
        "\xc3\xbc@",
        "eyJhbGciOjF9.",
        "4539 5787 ",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@",
        "sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    const size_t size = test_short() ? 200000 : 2000000;
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        size_t unit = strlen(units[u]);
        for (size_t i = 0; i < size; i++)
            text[i] = units[u][i % unit];
        double taken = INFINITY, most = 0;
        for (int look = 0; look < 10 && taken > most; look++) {
            uint64_t checks;
            double begun = processor_seconds();
            (void)find_in((struct span){text, size}, true, false, &checks);
            taken = processor_seconds() - begun;
            most = (double)size * seconds_of_steps(1000);
            assert_true(checks <= 5 * size);
        }
        if (taken > most)
            fail_msg("\"%s\" over and over: %g s for %zu bytes, and not %g", units[u], taken, size,
                     most);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(emails),
        cmocka_unit_test(phones),
        cmocka_unit_test(social_security_numbers),
        cmocka_unit_test(cards),
        cmocka_unit_test(bank_accounts),
        cmocka_unit_test(addresses_of_the_internet),
        cmocka_unit_test(keys_and_tokens),
        cmocka_unit_test(every_kind_is_described),
        cmocka_unit_test(rows_and_overlaps),
        cmocka_unit_test(paths_give_the_same),
        cmocka_unit_test(hostile_texts_are_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
