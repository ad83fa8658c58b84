/*
 * Compiling regular expressions within bounds: see regex_compile.h.
 *
 * The child calls Hyperscan and the kernel alone: what it needs is laid out before the fork, and
 * glibc makes malloc usable after one, so that a fork from a program with threads is safe as long
 * as no other thread is inside Hyperscan's compiler, which only children ever are.
 */
#include "queries/text/regex_compile.h"

#include "base/file.h"
#include "base/memory.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <hs/hs.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A sanitizer reserves terabytes of addresses, which leaves no sense to a limit on them. */
#if defined(__SANITIZE_ADDRESS__)
#define LIMIT_MEMORY false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) ||                         \
    __has_feature(thread_sanitizer)
#define LIMIT_MEMORY false
#endif
#endif
#ifndef LIMIT_MEMORY
#define LIMIT_MEMORY true
#endif

static const char before_whole[] = "\\A(?:", after_whole[] = ")\\z";

/* ---- what goes through the pipe ---- */

enum message_kind {
    MESSAGE_STEP,      /* number is being worked on; ALL: all together */
    MESSAGE_FAULT,     /* number is wrong; the text is Hyperscan's */
    MESSAGE_EMPTY,     /* number matches the empty text */
    MESSAGE_NO_MEMORY, /* while number was worked on */
    MESSAGE_BROKEN,    /* the limits could not be set */
    MESSAGE_STARTS,    /* a bool for each expression */
    MESSAGE_AUTOMATA   /* the last: serialised */
};

#define ALL UINT32_MAX

struct message {
    uint32_t kind, number;
    uint64_t len; /* of the bytes that follow */
};

/* What the child works from. */
struct work {
    size_t count;
    char **patterns;       /* as they are compiled */
    char **raw;            /* as they were given */
    unsigned *flags, *ids; /* Hyperscan's */
    bool *starts;
    int out;
    size_t memory; /* the limit of addresses */
};

/* ---- the child ---- */

static bool put(const struct work *work, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t done = write(work->out, at, len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        len -= (size_t)done;
    }
    return true;
}

static bool tell(const struct work *work, enum message_kind kind, uint32_t number,
                 const void *bytes, size_t len)
{
    struct message head = {kind, number, len};
    return put(work, &head, sizeof head) && put(work, bytes, len);
}

/* Lets the child run for SECONDS more; when they are over it gets SIGXCPU and ends. */
static bool allow(unsigned seconds)
{
    struct rusage used;
    struct rlimit limit;
    if (getrusage(RUSAGE_SELF, &used) != 0 || getrlimit(RLIMIT_CPU, &limit) != 0)
        return false;
    rlim_t soft = (rlim_t)used.ru_utime.tv_sec + (rlim_t)used.ru_stime.tv_sec + 1 + seconds;
    limit.rlim_cur = soft < limit.rlim_max ? soft : limit.rlim_max;
    return setrlimit(RLIMIT_CPU, &limit) == 0;
}

static bool set_limit(int what, size_t most)
{
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)what, &limit) != 0)
        return false;
    if (most < limit.rlim_max)
        limit = (struct rlimit){most, most};
    return setrlimit((__rlimit_resource_t)what, &limit) == 0;
}

static bool limits_set(const struct work *work)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && set_limit(RLIMIT_CORE, 0) &&
           set_limit(RLIMIT_CPU, REGEX_SECONDS_MAX) &&
           (!LIMIT_MEMORY || set_limit(RLIMIT_AS, work->memory)) &&
           signal(SIGXCPU, SIG_DFL) != SIG_ERR;
}

/* Tells what a call of Hyperscan failed on. */
static void complain(const struct work *work, uint32_t number, const hs_compile_error_t *fault)
{
    if (!fault || !fault->message)
        (void)tell(work, MESSAGE_NO_MEMORY, number, NULL, 0);
    else
        (void)tell(work, MESSAGE_FAULT, number, fault->message, strlen(fault->message));
}

/* Each expression by itself: can it be read, and is there a text at all that it needs? */
static bool read_each(const struct work *work)
{
    for (uint32_t i = 0; i < work->count; i++) {
        hs_compile_error_t *fault = NULL;
        hs_expr_info_t *info = NULL;
        if (!tell(work, MESSAGE_STEP, i, NULL, 0) || !allow(REGEX_SECONDS_EACH))
            return false;
        unsigned plain = work->flags[i] & ~(unsigned)(HS_FLAG_SOM_LEFTMOST);
        if (hs_expression_info(work->raw[i], plain, &info, &fault) != HS_SUCCESS) {
            complain(work, i, fault);
            return false;
        }
        unsigned least = info->min_width;
        free(info);
        if (least == 0 && !(work->flags[i] & HS_FLAG_ALLOWEMPTY)) {
            (void)tell(work, MESSAGE_EMPTY, i, NULL, 0);
            return false;
        }
    }
    return true;
}

/* Each by itself once more, compiled: which is too large, and which is so only with beginnings? */
static bool compile_each(const struct work *work)
{
    for (uint32_t i = 0; i < work->count; i++) {
        hs_compile_error_t *fault = NULL;
        hs_database_t *database = NULL;
        if (!tell(work, MESSAGE_STEP, i, NULL, 0) || !allow(REGEX_SECONDS_EACH))
            return false;
        hs_error_t result =
            hs_compile(work->patterns[i], work->flags[i], HS_MODE_BLOCK, NULL, &database, &fault);
        if (result == HS_COMPILER_ERROR && (work->flags[i] & HS_FLAG_SOM_LEFTMOST)) {
            hs_free_compile_error(fault);
            fault = NULL;
            work->flags[i] &= ~(unsigned)HS_FLAG_SOM_LEFTMOST;
            work->starts[i] = false;
            result = hs_compile(work->patterns[i], work->flags[i], HS_MODE_BLOCK, NULL, &database,
                                &fault);
        }
        if (result != HS_SUCCESS) {
            complain(work, i, fault);
            return false;
        }
        hs_free_database(database);
    }
    return true;
}

static hs_database_t *compile_all(const struct work *work, hs_compile_error_t **fault)
{
    hs_database_t *database = NULL;
    *fault = NULL;
    if (!tell(work, MESSAGE_STEP, ALL, NULL, 0) ||
        !allow(REGEX_SECONDS_EACH + (unsigned)(work->count / 20)))
        return NULL;
    if (hs_compile_multi((const char *const *)work->patterns, work->flags, work->ids,
                         (unsigned)work->count, HS_MODE_BLOCK, NULL, &database,
                         fault) != HS_SUCCESS)
        return NULL;
    return database;
}

static void child(const struct work *work, bool singly)
{
    hs_compile_error_t *fault = NULL;
    hs_database_t *database = NULL;
    char *bytes = NULL;
    size_t len = 0;
    if (!limits_set(work)) {
        (void)tell(work, MESSAGE_BROKEN, ALL, NULL, 0);
        return;
    }
    if (!read_each(work))
        return;
    if (!singly)
        database = compile_all(work, &fault);
    if (!database) {
        if (!compile_each(work))
            return;
        database = compile_all(work, &fault);
    }
    if (!database) {
        complain(work, ALL, fault);
        return;
    }
    if (hs_serialize_database(database, &bytes, &len) != HS_SUCCESS) {
        (void)tell(work, MESSAGE_NO_MEMORY, ALL, NULL, 0);
        return;
    }
    if (tell(work, MESSAGE_STARTS, ALL, work->starts, work->count * sizeof *work->starts))
        (void)tell(work, MESSAGE_AUTOMATA, ALL, bytes, len);
}

/* ---- the parent ---- */

/* How a child ended. */
struct outcome {
    enum message_kind last; /* MESSAGE_STEP: it was ended, or died, on the way */
    uint32_t number;
    bool late; /* ended because its time was over */
    char *bytes;
    size_t len;
};

/* Processor seconds that the step NUMBER may take. */
static unsigned seconds_of(const struct work *work, uint32_t number)
{
    return REGEX_SECONDS_EACH + (number == ALL ? (unsigned)(work->count / 20) : 0);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Takes LEN bytes before DEADLINE. False at the end, after it, or when the pipe fails. */
static bool take(int in, void *bytes, size_t len, double deadline, bool *late)
{
    char *at = bytes;
    while (len > 0) {
        double left = deadline - now();
        struct pollfd wait = {.fd = in, .events = POLLIN};
        if (left <= 0) {
            *late = true;
            return false;
        }
        int ready = poll(&wait, 1, (int)(left * 1000) + 1);
        if (ready == 0 || (ready < 0 && errno == EINTR))
            continue;
        ssize_t got = ready < 0 ? -1 : read(in, at, len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        len -= (size_t)got;
    }
    return true;
}

/* Reads what the child says until it has said its last word or can say no more. */
static enum status listen(const struct work *work, int in, struct outcome *outcome,
                          struct error *err)
{
    double started = now();
    for (;;) {
        struct message head;
        double deadline = now() + (double)REGEX_ELAPSED * seconds_of(work, outcome->number);
        if (deadline > started + (double)REGEX_ELAPSED * REGEX_SECONDS_MAX)
            deadline = started + (double)REGEX_ELAPSED * REGEX_SECONDS_MAX;
        if (!take(in, &head, sizeof head, deadline, &outcome->late))
            return STATUS_OK;
        if (head.len > REGEX_BYTES_MAX) {
            *outcome = (struct outcome){.last = MESSAGE_NO_MEMORY, .number = ALL};
            return STATUS_OK;
        }
        free(outcome->bytes);
        outcome->len = (size_t)head.len;
        outcome->number = head.number;
        outcome->bytes = mem_zalloc((size_t)head.len + 1, 1);
        if (!outcome->bytes)
            return error_nomem(err);
        if (!take(in, outcome->bytes, outcome->len, deadline, &outcome->late))
            return STATUS_OK;
        outcome->last = (enum message_kind)head.kind;
        if (outcome->last == MESSAGE_STARTS && outcome->len == work->count)
            memcpy(work->starts, outcome->bytes, work->count);
        else if (outcome->last != MESSAGE_STEP)
            return STATUS_OK;
        else
            continue;
        outcome->last = MESSAGE_STEP;
    }
}

static enum status run_child(struct work *work, bool singly, struct outcome *outcome,
                             struct error *err)
{
    int ends[2], how = 0;
    enum status status = STATUS_OK;
    *outcome = (struct outcome){.last = MESSAGE_STEP, .number = ALL};
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_errno(err, STATUS_INTERNAL, errno, NULL,
                           "cannot make a pipe to compile regular expressions");
    work->out = ends[1];
    pid_t pid = fork();
    if (pid == 0) {
        child(work, singly);
        _exit(0);
    }
    int problem = errno;
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return error_errno(err, STATUS_INTERNAL, problem, NULL,
                           "cannot start a process to compile regular expressions");
    }
    status = listen(work, ends[0], outcome, err);
    close(ends[0]);
    /* It has said what it had to say, or is to say no more. */
    kill(pid, SIGKILL);
    while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
        ;
    if (WIFSIGNALED(how) && WTERMSIG(how) == SIGXCPU)
        outcome->late = true;
    return status;
}

/* ---- what went wrong, in words ---- */

static const struct {
    const char *part; /* of Hyperscan's text */
    const char *text; /* NULL: as it is */
    const char *hint;
} advice[] = {
    {"unsupported in UCP mode", "\\b and \\B are not supported together with Unicode classes",
     "without Unicode classes they look for letters, digits and \"_\" of ASCII"},
    {"too large", "the expression is too large to compile",
     "repeats of repeats, long counted repeats and large classes in them make it large"},
    {"Zero-width assertions", "look-ahead and look-behind are not supported",
     "\\b, ^ and $ are the only conditions on what stands around a match"},
    {"Back-references", "back-references are not supported", NULL},
};

/* The text of a fault: in lower case, without the stop, its "index N" as "byte N+1". */
static enum status fault_error(const struct outcome *outcome, struct regex_fault *fault,
                               struct error *err)
{
    char *text = outcome->bytes;
    size_t len = strlen(text);
    for (size_t i = 0; i < sizeof advice / sizeof *advice; i++)
        if (strstr(text, advice[i].part)) {
            error_set(err, STATUS_PLAN, NULL, "%s", advice[i].text);
            return advice[i].hint ? error_hint(err, "%s", advice[i].hint) : STATUS_PLAN;
        }
    if (len > 1 && isupper((unsigned char)text[0]) && islower((unsigned char)text[1]))
        text[0] = (char)tolower((unsigned char)text[0]);
    if (len && text[len - 1] == '.')
        text[len - 1] = '\0';
    char *place = strstr(text, " index ");
    if (!place)
        return error_set(err, STATUS_PLAN, NULL, "%s", text);
    fault->offset = strtoul(place + strlen(" index "), NULL, 10);
    *place = '\0';
    return error_set(err, STATUS_PLAN, NULL, "%s byte %zu", text, fault->offset + 1);
}

static enum status outcome_error(const struct work *work, const struct outcome *outcome,
                                 struct regex_fault *fault, struct error *err)
{
    bool all = outcome->number == ALL && work->count > 1;
    const char *what = all ? "the expressions together" : "the expression";
    const char *verb = all ? "take" : "takes";
    fault->number = all ? SIZE_MAX : outcome->number == ALL ? 0 : outcome->number;
    switch (outcome->last) {
    case MESSAGE_FAULT:
        return fault_error(outcome, fault, err);
    case MESSAGE_EMPTY:
        error_set(err, STATUS_PLAN, NULL,
                  "the expression matches the empty text, and so every place of every text");
        return error_hint(err, "with \"+\" for \"*\", say, it needs at least one character");
    case MESSAGE_BROKEN:
        fault->number = SIZE_MAX;
        return error_set(err, STATUS_INTERNAL, NULL,
                         "cannot limit the process that compiles regular expressions");
    case MESSAGE_NO_MEMORY:
        error_set(err, STATUS_PLAN, NULL, "%s %s more than %d MiB of memory to compile", what, verb,
                  REGEX_MEMORY_MAX >> 20);
        break;
    case MESSAGE_STEP:
    case MESSAGE_STARTS:
    case MESSAGE_AUTOMATA:
        if (!outcome->late) {
            fault->number = SIZE_MAX;
            return error_set(err, STATUS_INTERNAL, NULL,
                             "the process that compiles regular expressions ended early");
        }
        error_set(err, STATUS_PLAN, NULL, "%s %s more than %u seconds to compile", what, verb,
                  seconds_of(work, outcome->number));
        break;
    }
    return error_hint(err, "repeats of repeats, long counted repeats and large classes in them "
                           "make it large");
}

/* ---- all of it ---- */

static void work_release(struct work *work)
{
    for (size_t i = 0; i < work->count; i++) {
        if (work->patterns && work->raw && work->patterns[i] != work->raw[i])
            free(work->patterns[i]);
        if (work->raw)
            free(work->raw[i]);
    }
    free(work->patterns);
    free(work->raw);
    free(work->flags);
    free(work->ids);
}

static unsigned library_flags(unsigned flags)
{
    static const struct {
        unsigned ours, theirs;
    } same[] = {{REGEX_CASELESS, HS_FLAG_CASELESS},
                {REGEX_UNICODE, HS_FLAG_UCP},
                {REGEX_WHOLE, HS_FLAG_SINGLEMATCH | HS_FLAG_ALLOWEMPTY},
                {REGEX_STARTS, HS_FLAG_SOM_LEFTMOST},
                {REGEX_ONCE, HS_FLAG_SINGLEMATCH}};
    unsigned theirs = HS_FLAG_UTF8;
    assert(!(flags & REGEX_STARTS) || !(flags & (REGEX_WHOLE | REGEX_ONCE)));
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (flags & same[i].ours)
            theirs |= same[i].theirs;
    return theirs;
}

static enum status lay_out(struct work *work, const struct regex *regexes,
                           struct regex_fault *fault, struct error *err)
{
    work->patterns = mem_zalloc(work->count, sizeof *work->patterns);
    work->raw = mem_zalloc(work->count, sizeof *work->raw);
    work->flags = mem_zalloc(work->count, sizeof *work->flags);
    work->ids = mem_zalloc(work->count, sizeof *work->ids);
    if (!work->patterns || !work->raw || !work->flags || !work->ids)
        return error_nomem(err);
    for (size_t i = 0; i < work->count; i++) {
        const struct regex *regex = &regexes[i];
        fault->number = i;
        if (regex->len > REGEX_LENGTH_MAX)
            return error_set(err, STATUS_PLAN, NULL, "the expression is over %d bytes long",
                             REGEX_LENGTH_MAX);
        if (memchr(regex->pattern, '\0', regex->len))
            return error_set(err, STATUS_PLAN, NULL, "the expression holds a NUL (write \\x00)");
        work->ids[i] = (unsigned)i;
        work->flags[i] = library_flags(regex->flags);
        work->starts[i] = regex->flags & REGEX_STARTS;
        work->raw[i] = mem_strndup(regex->pattern, regex->len);
        if (!work->raw[i])
            return error_nomem(err);
        work->patterns[i] = regex->flags & REGEX_WHOLE
                                ? mem_printf("%s%s%s", before_whole, work->raw[i], after_whole)
                                : work->raw[i];
        if (!work->patterns[i])
            return error_nomem(err);
    }
    fault->number = SIZE_MAX;
    return STATUS_OK;
}

/* The bytes of addresses that this process has now. */
static enum status addresses(size_t *bytes, struct error *err)
{
    char *text = NULL;
    size_t len = 0;
    TRY(file_read("/proc/self/statm", 4096, &text, &len, err));
    *bytes = strtoul(text, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
    free(text);
    return STATUS_OK;
}

enum status regex_compile(const struct regex *regexes, size_t count, bool *starts, char **bytes,
                          size_t *len, struct regex_fault *fault, struct error *err)
{
    enum status status = STATUS_OK;
    struct work work = {.count = count, .starts = starts};
    struct outcome outcome = {.last = MESSAGE_STEP};
    *fault = (struct regex_fault){SIZE_MAX, SIZE_MAX};
    if (hs_valid_platform() != HS_SUCCESS)
        return error_set(err, STATUS_INPUT, NULL,
                         "regular expressions need a processor that Hyperscan runs on");
    TRY_CLEANUP(lay_out(&work, regexes, fault, err));
    TRY_CLEANUP(addresses(&work.memory, err));
    work.memory += REGEX_MEMORY_MAX;
    TRY_CLEANUP(run_child(&work, false, &outcome, err));
    /* All together took too much: find out whether it is one of them. */
    if (outcome.last == MESSAGE_STEP && outcome.late && outcome.number == ALL && count > 1) {
        free(outcome.bytes);
        TRY_CLEANUP(run_child(&work, true, &outcome, err));
    }
    if (outcome.last != MESSAGE_AUTOMATA) {
        status = outcome_error(&work, &outcome, fault, err);
        goto cleanup;
    }
    *bytes = outcome.bytes;
    *len = outcome.len;
    outcome.bytes = NULL;
cleanup:
    free(outcome.bytes);
    work_release(&work);
    return status;
}
