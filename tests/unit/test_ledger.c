/*
 * The ledger: budgets that cannot be overspent, chains that cannot be cut or changed unseen, spends
 * of many processes at once.
 */
#include "tests/support/support.h"

#include "base/file.h"
#include "release/accountant.h"
#include "release/ledger.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char question[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
static const char other[] = "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

static int64_t test_clock = 1700000000;

static int64_t test_now(void)
{
    return test_clock;
}

static const struct ledger_terms terms = {"example", RHO_ONE, "1e-9", test_now};

static struct ledger *open_at(const char *path)
{
    struct ledger *ledger;
    struct error err = ERROR_INIT;
    assert_ok(ledger_open(path, &terms, &ledger, &err), err);
    return ledger;
}

static void assert_refused(enum status status, const struct error *err, const char *part)
{
    assert_int_equal(status, STATUS_REFUSED);
    if (!strstr(err->text, part))
        fail_msg("\"%s\" is not in \"%s\"", part, err->text);
}

static void spends_and_remembers(void **state)
{
    (void)state;
    const char *path = test_path(test_dir(), "spends.db");
    struct error err = ERROR_INIT;
    struct ledger *ledger = open_at(path);
    int64_t values[] = {5, -3, INT64_MAX, INT64_MIN};
    struct ledger_figures first = {values, 4, (char *)"[\"en\"]"}, next = {values + 1, 1, NULL},
                          found;
    struct stat info;
    assert_int_equal(ledger_entries(ledger), 1);
    assert_int_equal(strlen(ledger_id(ledger)), 32);
    assert_ok(ledger_find(ledger, question, &found, &err), err);
    assert_null(found.values);
    assert_ok(ledger_debit(ledger, question, "terms", (struct ledger_price){RHO_ONE / 4, 0}, &err),
              err);
    assert_ok(ledger_store(ledger, question, &first, &err), err);
    assert_ok(ledger_store(ledger, question, &next, &err), err); /* the first one counts */
    assert_ok(ledger_debit(ledger, other, "months", (struct ledger_price){RHO_ONE / 2, 0}, &err),
              err);
    char head[65];
    snprintf(head, sizeof head, "%s", ledger_head(ledger));
    ledger_close(ledger);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);

    ledger = open_at(path);
    assert_string_equal(ledger_head(ledger), head);
    assert_true(ledger_spent(ledger) == RHO_ONE / 4 * 3);
    assert_ok(ledger_find(ledger, question, &found, &err), err);
    assert_int_equal(found.count, 4);
    assert_memory_equal(found.values, values, sizeof values);
    assert_string_equal(found.groups, "[\"en\"]");
    ledger_figures_release(&found);
    assert_ok(ledger_find(ledger, other, &found, &err), err);
    assert_null(found.values); /* paid for, never drawn: wasted */
    /* What is left is a quarter: not one unit more, and exactly that. */
    assert_refused(
        ledger_debit(ledger, other, "x", (struct ledger_price){RHO_ONE / 4 + 1, 0}, &err), &err,
        "asks for rho 0.250000000001, and 0.25 of the matter's budget of 1 is left");
    assert_refused(ledger_can_pay(ledger, (struct ledger_price){UINT64_MAX, 0}, &err), &err,
                   "is left");
    assert_int_equal(ledger_entries(ledger), 5);
    assert_ok(ledger_debit(ledger, other, "x", (struct ledger_price){RHO_ONE / 4, 0}, &err), err);
    assert_refused(ledger_debit(ledger, other, "x", (struct ledger_price){1, 0}, &err), &err,
                   "and 0 of");
    assert_ok(ledger_debit(ledger, other, "free", (struct ledger_price){0, 0}, &err), err);
    ledger_close(ledger);
}

/* Half of the delta, 1e-9 here, may go to selecting groups, and not one unit more. */
static void delta_runs_out(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct ledger *ledger = open_at(":memory:");
    const uint64_t half = 500000000;
    assert_ok(ledger_debit(ledger, question, "a", (struct ledger_price){1, half - 1}, &err), err);
    assert_refused(ledger_debit(ledger, other, "b", (struct ledger_price){1, 2}, &err), &err,
                   "asks for delta 2e-18, and 1e-18 of the half");
    assert_ok(ledger_debit(ledger, other, "b", (struct ledger_price){1, 1}, &err), err);
    assert_true(ledger_delta_spent(ledger) == half && ledger_spent(ledger) == 2);
    assert_ok(ledger_debit(ledger, other, "c", (struct ledger_price){1, 0}, &err), err);
    ledger_close(ledger);
}

static void records_are_kept_once(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct ledger *ledger = open_at(":memory:");
    assert_ok(ledger_record(ledger, "record", question, "one", &err), err);
    assert_ok(ledger_record(ledger, "record", question, "one", &err), err);
    assert_int_equal(ledger_entries(ledger), 2);
    assert_ok(ledger_record(ledger, "record", question, "two", &err), err);
    assert_ok(ledger_record(ledger, "record", other, "one", &err), err);
    assert_ok(ledger_record(ledger, "record", question, "one", &err), err);
    assert_int_equal(ledger_entries(ledger), 5);
    /* Kinds are apart. */
    assert_ok(ledger_record(ledger, "pattern", question, "one", &err), err);
    assert_ok(ledger_record(ledger, "pattern", question, "one", &err), err);
    assert_ok(ledger_record(ledger, "record", question, "one", &err), err);
    assert_int_equal(ledger_entries(ledger), 6);
    ledger_close(ledger);
}

static void other_terms_are_refused(void **state)
{
    (void)state;
    const char *path = test_path(test_dir(), "terms.db");
    struct error err = ERROR_INIT;
    struct ledger *ledger = open_at(path);
    ledger_close(ledger);
    struct ledger_terms wrong = terms;
    wrong.matter = "another";
    assert_refused(ledger_open(path, &wrong, &ledger, &err), &err,
                   "the ledger of the matter \"example\", not \"another\"");
    assert_null(ledger);
    wrong = terms;
    wrong.budget = 2 * RHO_ONE;
    assert_refused(ledger_open(path, &wrong, &ledger, &err), &err,
                   "fixed at rho 1 when it was made; the plan says 2");
    wrong = terms;
    wrong.delta = "1e-6";
    assert_refused(ledger_open(path, &wrong, &ledger, &err), &err, "delta was fixed at 1e-9");
    /* Two makings are two ledgers with secrets of their own. */
    struct sha256 a, b;
    ledger = open_at(path);
    struct ledger *second = open_at(":memory:");
    assert_string_not_equal(ledger_id(ledger), ledger_id(second));
    assert_ok(ledger_key(ledger, "caps", &a, &err), err);
    assert_ok(ledger_key(second, "caps", &b, &err), err);
    assert_memory_not_equal(&a, &b, sizeof a);
    assert_ok(ledger_key(ledger, "digests", &b, &err), err);
    assert_memory_not_equal(&a, &b, sizeof a);
    ledger_close(ledger);
    ledger_close(second);
}

static void a_clock_that_goes_back(void **state)
{
    (void)state;
    const char *path = test_path(test_dir(), "clock.db");
    struct error err = ERROR_INIT;
    struct ledger *ledger = open_at(path);
    test_clock--;
    assert_refused(ledger_debit(ledger, question, "x", (struct ledger_price){1, 0}, &err), &err,
                   "before the ledger's last");
    assert_int_equal(ledger_spent(ledger), 0);
    ledger_close(ledger);
    assert_refused(ledger_open(path, &terms, &ledger, &err), &err, "before the ledger's last");
    test_clock++;
    ledger = open_at(path);
    assert_ok(ledger_debit(ledger, question, "x", (struct ledger_price){1, 0}, &err), err);
    ledger_close(ledger);
}

static void copy(const char *from, const char *to)
{
    size_t len;
    char *data = test_read(from, &len);
    test_write(to, data, len);
    free(data);
}

/* Any digit of any entry that is changed, and any entry that is cut off, is seen. */
static void changes_are_seen(void **state)
{
    (void)state;
    const char *path = test_path(test_dir(), "chain.db"),
               *early = test_path(test_dir(), "early.db");
    const char *changed = test_path(test_dir(), "changed.db");
    struct error err = ERROR_INIT;
    struct ledger *ledger = open_at(path);
    assert_ok(ledger_debit(ledger, question, "first", (struct ledger_price){111111, 0}, &err), err);
    char middle[65], last[65];
    snprintf(middle, sizeof middle, "%s", ledger_head(ledger));
    ledger_close(ledger);
    copy(path, early);
    ledger = open_at(path);
    assert_ok(ledger_debit(ledger, other, "second", (struct ledger_price){222222, 0}, &err), err);
    snprintf(last, sizeof last, "%s", ledger_head(ledger));
    assert_ok(ledger_expect(ledger, middle, &err), err);
    assert_ok(ledger_expect(ledger, last, &err), err);
    assert_refused(ledger_expect(ledger, other, &err), &err, "cut off, rolled back");
    ledger_close(ledger);
    /* Rolled back: the chain holds, the later head is missing. */
    ledger = open_at(early);
    assert_true(ledger_spent(ledger) == 111111);
    assert_ok(ledger_expect(ledger, middle, &err), err);
    assert_refused(ledger_expect(ledger, last, &err), &err, "cut off, rolled back");
    ledger_close(ledger);
    static const char *const edits[][2] = {{"111111", "011111"},
                                           {"222222", "222221"},
                                           {"\"second\"", "\"sxcond\""},
                                           {"1000000000000", "9000000000000"},
                                           {"\"example\"", "\"exomple\""}};
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        size_t len;
        char *data = test_read(path, &len), *at = NULL;
        for (size_t k = 0; !at && k + strlen(edits[i][0]) <= len; k++)
            if (memcmp(data + k, edits[i][0], strlen(edits[i][0])) == 0)
                at = data + k;
        assert_non_null(at);
        memcpy(at, edits[i][1], strlen(edits[i][1]));
        test_write(changed, data, len);
        free(data);
        struct ledger_terms any = terms;
        assert_refused(ledger_open(changed, &any, &ledger, &err), &err, "its hash does not follow");
        assert_refused(ledger_look(changed, &ledger, &err), &err, "its hash does not follow");
    }
}

static void files_that_are_none(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct ledger *ledger;
    const char *path = test_path(test_dir(), "junk.db");
    test_write_text(path,
                    "this is no database at all, but some text that is long enough to be read");
    assert_refused(ledger_open(path, &terms, &ledger, &err), &err, "not a database");
    assert_refused(ledger_look(path, &ledger, &err), &err, "not a database");
    assert_refused(ledger_open(test_path(test_dir(), "no/such/folder.db"), &terms, &ledger, &err),
                   &err, "unable to open");
    assert_refused(ledger_look(test_path(test_dir(), "absent.db"), &ledger, &err), &err,
                   "unable to open");
    test_write_text(path, "");
    assert_refused(ledger_look(path, &ledger, &err), &err, "no such table");
}

/* ---- a folder in which nothing can be written ---- */

/* What a look at "fixed.db" in the working folder gives a user who may write nothing there. */
static enum status look_as_nobody(void)
{
    struct ledger *ledger;
    struct error err = ERROR_INIT;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bool nobody = geteuid() != 0 || (setgid(65534) == 0 && setuid(65534) == 0);
        enum status status = nobody ? ledger_look("fixed.db", &ledger, &err) : STATUS_INTERNAL;
        if (status == STATUS_OK && ledger_entries(ledger) != 2)
            status = STATUS_INTERNAL;
        if (status == STATUS_OK)
            ledger_close(ledger);
        _exit((int)status);
    }
    int ended;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(WIFEXITED(ended));
    return (enum status)WEXITSTATUS(ended);
}

/* A copy on a medium that cannot be written is read as it stands there, unless its last entries
 * stand elsewhere; and a look leaves nothing beside one that can be. */
static void where_nothing_can_be_written(void **state)
{
    (void)state;
    char folder[] = "/tmp/proffer-fixed-XXXXXX", before[4096]; /* nobody has to come there */
    assert_non_null(mkdtemp(folder));
    const char *path = test_path(folder, "fixed.db");
    struct ledger *ledger;
    struct error err = ERROR_INIT;
    struct stat info;
    assert_int_equal(chmod(folder, 0755), 0);
    ledger = open_at(path);
    assert_ok(ledger_record(ledger, "sums", question, "{}", &err), err);
    ledger_close(ledger);
    assert_ok(ledger_look(path, &ledger, &err), err);
    ledger_close(ledger);
    assert_int_equal(stat(test_path(folder, "fixed.db-shm"), &info), -1);
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(chmod("fixed.db", 0444), 0);
    assert_int_equal(chmod(".", 0555), 0);
    assert_int_equal(look_as_nobody(), STATUS_OK);
    assert_int_equal(chmod(".", 0755), 0);
    test_write_text("fixed.db-wal", "not yet in the file");
    assert_int_equal(chmod(".", 0555), 0);
    assert_int_equal(look_as_nobody(), STATUS_REFUSED);
    assert_int_equal(chmod(".", 0755), 0);
    assert_int_equal(chdir(before), 0);
    assert_ok(dir_remove(folder, &err), err);
}

/* ---- many processes ---- */

/*
 * Children spend until nothing is left, and one after another is killed wherever it happens to be.
 * How many are killed does not depend on anybody's pace: each spend takes a token, and the parent
 * gives one for each spend that it was told of, so that the children are at most AHEAD spends, and
 * one for each kill, before what it knows.
 */
enum { PROCESSES = 8, SPENDS = 10000, KILLS = 60, AHEAD = 16, ENDED = 100 };

/* In a child's word to the parent: its number once it has spent, ENDED more once it has ended. */
struct pipes {
    int tokens[2], words[2];
};

struct sums {
    uint64_t debits, figures, rho, unpaid;
    char questions[SPENDS + 1][65]; /* of the debits, in order */
};

static enum status sum_up(void *context, const struct ledger_entry *entry, struct error *err)
{
    struct sums *sums = context;
    (void)err;
    sums->rho += entry->rho;
    if (strcmp(entry->kind, "debit") == 0 && sums->debits <= SPENDS)
        snprintf(sums->questions[sums->debits++], 65, "%s", entry->question);
    if (strcmp(entry->kind, "figures") != 0)
        return STATUS_OK;
    uint64_t at = sums->debits;
    while (at > 0 && strcmp(sums->questions[at - 1], entry->question) != 0)
        at--;
    sums->unpaid += at == 0;
    sums->figures++;
    return STATUS_OK;
}

static void tell(int fd, unsigned char word)
{
    if (write(fd, &word, 1) != 1)
        _exit(4);
}

static void spend_all(struct ledger *ledger, const struct pipes *pipes, unsigned char child,
                      unsigned number)
{
    struct error err = ERROR_INIT;
    char token, asked[65];
    for (unsigned i = 0; read(pipes->tokens[0], &token, 1) == 1; i++) {
        int64_t figure = i;
        struct ledger_figures figures = {&figure, 1, NULL};
        snprintf(asked, sizeof asked, "%064x", number + i);
        enum status status =
            ledger_debit(ledger, asked, "spend", (struct ledger_price){RHO_ONE / SPENDS, 0}, &err);
        if (status == STATUS_REFUSED && strstr(err.text, "is left"))
            return;
        if (status != STATUS_OK || ledger_store(ledger, asked, &figures, &err) != STATUS_OK) {
            fprintf(stderr, "# child %u cannot spend: %s\n", child, err.text);
            _exit(3);
        }
        tell(pipes->words[1], child);
    }
}

/* A child's life, from first number NUMBER on; a status of 0 when nothing is left. */
static void spend(const char *path, const struct ledger_terms *budget, const struct pipes *pipes,
                  unsigned char child, unsigned number)
{
    struct error err = ERROR_INIT;
    struct ledger *ledger;
    close(pipes->tokens[1]); /* so that no token comes when the parent is gone */
    if (ledger_open(path, budget, &ledger, &err) != STATUS_OK) {
        fprintf(stderr, "# child %u cannot open the ledger: %s\n", child, err.text);
        _exit(2);
    }
    spend_all(ledger, pipes, child, number);
    ledger_close(ledger);
    tell(pipes->words[1], (unsigned char)(child + ENDED));
    _exit(0);
}

/* The next word of a child. One that ends without a word is a failure. */
static unsigned char hear(const struct pipes *pipes, pid_t children[static PROCESSES])
{
    struct pollfd wait = {.fd = pipes->words[0], .events = POLLIN};
    unsigned char word;
    while (poll(&wait, 1, 1000) != 1)
        for (size_t i = 0; i < PROCESSES; i++) {
            siginfo_t how = {.si_pid = 0};
            if (children[i] > 0 &&
                waitid(P_PID, (id_t)children[i], &how, WEXITED | WNOHANG | WNOWAIT) == 0 &&
                how.si_pid == children[i] && poll(&wait, 1, 0) != 1)
                fail_msg("child %zu ended with %d", i, how.si_status);
        }
    assert_int_equal(read(pipes->words[0], &word, 1), 1);
    return word;
}

/* Waits for a child that was killed or has ended. True if it was killed. */
static bool gone(pid_t *child)
{
    int how;
    assert_int_equal(waitpid(*child, &how, 0), *child);
    if (WIFSIGNALED(how))
        assert_int_equal(WTERMSIG(how), SIGKILL);
    else
        assert_int_equal(WEXITSTATUS(how), 0);
    *child = WIFSIGNALED(how) ? 0 : -1;
    return WIFSIGNALED(how);
}

static void many_processes(void **state)
{
    (void)state;
    char folder[] = "/dev/shm/proffer-ledger-XXXXXX";
    bool memory = mkdtemp(folder) != NULL;
    const char *dir = memory ? folder : test_dir();
    const char *path = test_path(dir, "many.db");
    struct ledger_terms budget = terms;
    struct error err = ERROR_INIT;
    struct pipes pipes;
    pid_t children[PROCESSES] = {0};
    unsigned kills = 0, spends = 0, done = 0, born = 0, chance = 12345;
    struct ledger *first = open_at(path);
    ledger_close(first);
    assert_true(pipe(pipes.tokens) == 0 && pipe(pipes.words) == 0);
    for (int i = 0; i < AHEAD; i++)
        tell(pipes.tokens[1], 0);
    while (done < PROCESSES) {
        for (unsigned char i = 0; i < PROCESSES; i++)
            if (children[i] == 0) {
                born++;
                fflush(NULL);
                children[i] = fork();
                assert_true(children[i] >= 0);
                if (children[i] == 0)
                    spend(path, &budget, &pipes, i, born * SPENDS);
            }
        unsigned char word = hear(&pipes, children);
        tell(pipes.tokens[1], 0);
        if (word >= ENDED) {
            done += !gone(&children[word - ENDED]);
            continue;
        }
        if (++spends % (SPENDS / (KILLS + 4)) != 0 || kills == KILLS)
            continue;
        chance = chance * 1103515245 + 12345;
        pid_t *victim = &children[(chance >> 16) % PROCESSES];
        assert_true(*victim > 0 && kill(*victim, SIGKILL) == 0);
        assert_true(gone(victim));
        tell(pipes.tokens[1], 0); /* it may have had one */
        kills++;
    }
    assert_int_equal(kills, KILLS);
    for (int i = 0; i < 2; i++) {
        close(pipes.tokens[i]);
        close(pipes.words[i]);
    }
    static struct sums sums;
    assert_ok(ledger_open(path, &budget, &first, &err), err);
    assert_ok(ledger_visit(first, sum_up, &sums, &err), err);
    /* All of the budget, never more; what was killed between the two wasted its debit. */
    assert_int_equal(sums.debits, SPENDS);
    assert_int_equal(sums.unpaid, 0);
    assert_true(sums.rho == RHO_ONE && ledger_spent(first) == RHO_ONE);
    assert_true(sums.figures <= sums.debits && sums.figures >= sums.debits - kills);
    ledger_close(first);
    if (memory)
        assert_ok(dir_remove(folder, &err), err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spends_and_remembers),   cmocka_unit_test(delta_runs_out),
        cmocka_unit_test(records_are_kept_once),  cmocka_unit_test(other_terms_are_refused),
        cmocka_unit_test(a_clock_that_goes_back), cmocka_unit_test(changes_are_seen),
        cmocka_unit_test(files_that_are_none),    cmocka_unit_test(where_nothing_can_be_written),
        cmocka_unit_test(many_processes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
