/*
 * Faults on demand: makes the n-th call of a kind fail, so that every error path is walked once.
 *
 * The linker hands the program's own calls to __wrap_NAME (ld's --wrap; the libraries' calls stay
 * as they are). Jansson and libcrypto are given the wrapped allocator through their own hooks.
 *
 *     PROFFER_FAULT=KIND:N        the N-th call of that kind fails
 *     PROFFER_FAULT=KIND:N+       so do all after it
 *     PROFFER_FAULT_COUNTS=FILE   at exit: "KIND COUNT HIT" lines, one a kind
 *     PROFFER_FAULT_TRACE=FILE    the call stack at the first fault, for addr2line
 *
 * A failed write leaves its stream in error, as a full disk does; a failed close or fclose has
 * closed all the same. `short` hands out few bytes, `eintr` interrupts: neither is an error.
 *
 * Limits: calls inside libraries do not fail (CRoaring and the start of libcrypto end the
 * program when memory does), among them libxlsxwriter's, whose writes tests of a full disk reach.
 */
#include <dirent.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <glob.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/faults/wrapped.h"

enum kind {
    ALLOC,
    CRYPTO,
    READ,
    WRITE,
    SYNC,
    OPEN,
    DIRS,
    REMOVE,
    LOOK,
    THREAD,
    SHORT,
    EINTR_,
    RANDOM, /* the system's random bytes */
    LEDGER, /* writes of SQLite */
    KINDS
};
static const char *const kind_names[KINDS] = {"alloc", "crypto", "read",   "write", "sync",
                                              "open",  "folder", "remove", "look",  "thread",
                                              "short", "eintr",  "random", "ledger"};

static struct {
    int kind; /* -1: none */
    unsigned long at;
    bool onwards;
    const char *counts, *trace;
    atomic_ulong seen[KINDS];
    atomic_ulong hit;
} fault = {.kind = -1};

static bool strikes(enum kind kind)
{
    unsigned long n = atomic_fetch_add(&fault.seen[kind], 1) + 1;
    bool strike = (int)kind == fault.kind && (n == fault.at || (fault.onwards && n > fault.at));
    if (strike && atomic_fetch_add(&fault.hit, 1) == 0 && fault.trace) {
        void *stack[40];
        int fd = __real_open(fault.trace, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        backtrace_symbols_fd(stack, backtrace(stack, 40), fd);
        __real_close(fd);
    }
    return strike;
}

/* ---- memory ---- */

void *__wrap_malloc(size_t size)
{
    if (strikes(ALLOC)) {
        errno = ENOMEM;
        return NULL;
    }
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    if (strikes(ALLOC)) {
        errno = ENOMEM;
        return NULL;
    }
    return __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    if (strikes(ALLOC)) {
        errno = ENOMEM;
        return NULL;
    }
    return __real_realloc(block, size);
}

/* operator new and new[], (std::nothrow) */
void *__wrap__ZnwmRKSt9nothrow_t(size_t size, const void *tag)
{
    return strikes(ALLOC) ? NULL : __real__ZnwmRKSt9nothrow_t(size, tag);
}

void *__wrap__ZnamRKSt9nothrow_t(size_t size, const void *tag)
{
    return strikes(ALLOC) ? NULL : __real__ZnamRKSt9nothrow_t(size, tag);
}

static void *crypto_malloc(size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return strikes(CRYPTO) ? NULL : __real_malloc(size);
}

static void *crypto_realloc(void *block, size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return strikes(CRYPTO) ? NULL : __real_realloc(block, size);
}

static void crypto_free(void *block, const char *file, int line)
{
    (void)file, (void)line;
    free(block);
}

/* ---- reading ---- */

/* How much of LEN a read may give; 0 when it was made to fail. */
static size_t readable(size_t len)
{
    if (strikes(READ)) {
        errno = EIO;
        return 0;
    }
    if (strikes(EINTR_) && atomic_load(&fault.seen[EINTR_]) % 2) {
        errno = EINTR;
        return 0;
    }
    return strikes(SHORT) && len > 1 ? 1 + atomic_load(&fault.seen[SHORT]) % (len < 97 ? len : 97)
                                     : len;
}

ssize_t __wrap_read(int fd, void *buffer, size_t len)
{
    size_t give = readable(len);
    return give || !len ? __real_read(fd, buffer, give) : -1;
}

ssize_t __wrap___read_chk(int fd, void *buffer, size_t len, size_t room)
{
    (void)room;
    return __wrap_read(fd, buffer, len);
}

ssize_t __wrap_pread(int fd, void *buffer, size_t len, off_t offset)
{
    size_t give = readable(len);
    return give || !len ? __real_pread(fd, buffer, give, offset) : -1;
}

ssize_t __wrap___pread_chk(int fd, void *buffer, size_t len, off_t offset, size_t room)
{
    (void)room;
    return __wrap_pread(fd, buffer, len, offset);
}

/* ---- writing ---- */

/* Puts the stream in error, as glibc does when a write fails. */
static bool write_fails(FILE *stream)
{
    enum { ERROR_SEEN = 0x20 };
    if (!strikes(WRITE))
        return false;
    stream->_flags |= ERROR_SEEN;
    errno = ENOSPC;
    return true;
}

size_t __wrap_fwrite(const void *data, size_t size, size_t count, FILE *stream)
{
    return write_fails(stream) ? 0 : __real_fwrite(data, size, count, stream);
}

int __wrap_fputs(const char *text, FILE *stream)
{
    return write_fails(stream) ? EOF : __real_fputs(text, stream);
}

int __wrap_fputc(int c, FILE *stream)
{
    return write_fails(stream) ? EOF : __real_fputc(c, stream);
}

int __wrap_putc(int c, FILE *stream)
{
    return write_fails(stream) ? EOF : __real_putc(c, stream);
}

int __wrap_putchar(int c)
{
    return write_fails(stdout) ? EOF : __real_putchar(c);
}

int __wrap_puts(const char *text)
{
    return write_fails(stdout) ? EOF : __real_puts(text);
}

int __wrap_vfprintf(FILE *stream, const char *format, va_list args)
{
    return write_fails(stream) ? -1 : __real_vfprintf(stream, format, args);
}

int __wrap_fprintf(FILE *stream, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int result = __wrap_vfprintf(stream, format, args);
    va_end(args);
    return result;
}

int __wrap_printf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int result = __wrap_vfprintf(stdout, format, args);
    va_end(args);
    return result;
}

int __wrap___fprintf_chk(FILE *stream, int flag, const char *format, ...)
{
    va_list args;
    (void)flag;
    va_start(args, format);
    int result = __wrap_vfprintf(stream, format, args);
    va_end(args);
    return result;
}

int __wrap___printf_chk(int flag, const char *format, ...)
{
    va_list args;
    (void)flag;
    va_start(args, format);
    int result = __wrap_vfprintf(stdout, format, args);
    va_end(args);
    return result;
}

int __wrap_json_dumpf(const json_t *json, FILE *stream, size_t flags)
{
    return write_fails(stream) ? -1 : __real_json_dumpf(json, stream, flags);
}

int __wrap_fflush(FILE *stream)
{
    if (strikes(SYNC)) {
        errno = ENOSPC;
        return EOF;
    }
    return __real_fflush(stream);
}

int __wrap_fsync(int fd)
{
    if (strikes(SYNC)) {
        errno = EIO;
        return -1;
    }
    return __real_fsync(fd);
}

int __wrap_fclose(FILE *stream)
{
    int result = __real_fclose(stream);
    if (strikes(SYNC)) {
        errno = ENOSPC;
        return EOF;
    }
    return result;
}

int __wrap_close(int fd)
{
    int result = __real_close(fd);
    if (strikes(SYNC)) {
        errno = EIO;
        return -1;
    }
    return result;
}

/* ---- files and folders ---- */

#define MODE_OF(flags, last) (((flags)&O_CREAT) ? (last) : 0u)

int __wrap_open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = (flags & O_CREAT) ? va_arg(args, mode_t) : 0;
    va_end(args);
    if (strikes(OPEN)) {
        errno = EMFILE;
        return -1;
    }
    return __real_open(path, flags, mode);
}

int __wrap___open_2(const char *path, int flags)
{
    return __wrap_open(path, flags);
}

int __wrap_openat(int dir, const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = (flags & O_CREAT) ? va_arg(args, mode_t) : 0;
    va_end(args);
    if (strikes(OPEN)) {
        errno = EMFILE;
        return -1;
    }
    return __real_openat(dir, path, flags, mode);
}

int __wrap___openat_2(int dir, const char *path, int flags)
{
    return __wrap_openat(dir, path, flags);
}

FILE *__wrap_fopen(const char *path, const char *mode)
{
    if (strikes(OPEN)) {
        errno = EMFILE;
        return NULL;
    }
    return __real_fopen(path, mode);
}

FILE *__wrap_fdopen(int fd, const char *mode)
{
    if (strikes(OPEN)) {
        errno = ENOMEM;
        return NULL;
    }
    return __real_fdopen(fd, mode);
}

void *__wrap_mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
    if (strikes(OPEN)) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return __real_mmap(at, len, protection, flags, fd, offset);
}

int __wrap_rename(const char *from, const char *to)
{
    if (strikes(DIRS)) {
        errno = ENOSPC;
        return -1;
    }
    return __real_rename(from, to);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
    if (strikes(DIRS)) {
        errno = ENOSPC;
        return -1;
    }
    return __real_mkdir(path, mode);
}

int __wrap_fchmod(int fd, mode_t mode)
{
    if (strikes(DIRS)) {
        errno = EPERM;
        return -1;
    }
    return __real_fchmod(fd, mode);
}

int __wrap_flock(int fd, int what)
{
    if (strikes(DIRS)) {
        errno = ENOLCK;
        return -1;
    }
    return __real_flock(fd, what);
}

int __wrap_unlink(const char *path)
{
    if (strikes(REMOVE)) {
        errno = EIO;
        return -1;
    }
    return __real_unlink(path);
}

int __wrap_unlinkat(int dir, const char *path, int flags)
{
    if (strikes(REMOVE)) {
        errno = EIO;
        return -1;
    }
    return __real_unlinkat(dir, path, flags);
}

DIR *__wrap_opendir(const char *path)
{
    if (strikes(LOOK)) {
        errno = EMFILE;
        return NULL;
    }
    return __real_opendir(path);
}

DIR *__wrap_fdopendir(int fd)
{
    if (strikes(LOOK)) {
        errno = ENOMEM;
        return NULL;
    }
    return __real_fdopendir(fd);
}

struct dirent *__wrap_readdir(DIR *dir)
{
    if (strikes(LOOK)) {
        errno = EIO;
        return NULL;
    }
    return __real_readdir(dir);
}

int __wrap_stat(const char *path, struct stat *info)
{
    if (strikes(LOOK)) {
        errno = EIO;
        return -1;
    }
    return __real_stat(path, info);
}

int __wrap_fstat(int fd, struct stat *info)
{
    if (strikes(LOOK)) {
        errno = EIO;
        return -1;
    }
    return __real_fstat(fd, info);
}

int __wrap_glob(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *found)
{
    return strikes(LOOK) ? GLOB_NOSPACE : __real_glob(pattern, flags, failed, found);
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *argument)
{
    return strikes(THREAD) ? EAGAIN : __real_pthread_create(thread, attributes, start, argument);
}

/* ---- random bytes, and SQLite ---- */

ssize_t __wrap_getrandom(void *out, size_t len, unsigned flags)
{
    if (strikes(RANDOM)) {
        errno = ENOSYS;
        return -1;
    }
    return __real_getrandom(out, len, flags);
}

static sqlite3_mem_methods sqlite_memory;

static void *sqlite_malloc(int size)
{
    return strikes(ALLOC) ? NULL : sqlite_memory.xMalloc(size);
}

static void *sqlite_realloc(void *block, int size)
{
    return strikes(ALLOC) ? NULL : sqlite_memory.xRealloc(block, size);
}

static ssize_t sqlite_pwrite(int fd, const void *data, size_t len, off_t offset)
{
    if (strikes(LEDGER)) {
        errno = ENOSPC;
        return -1;
    }
    return pwrite(fd, data, len, offset);
}

static void wrap_sqlite(void)
{
    static sqlite3_mem_methods own;
    (void)sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory);
    own = sqlite_memory;
    own.xMalloc = sqlite_malloc;
    own.xRealloc = sqlite_realloc;
    (void)sqlite3_config(SQLITE_CONFIG_MALLOC, &own);
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    if (vfs && vfs->iVersion >= 3) {
        (void)vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)sqlite_pwrite);
        (void)vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)sqlite_pwrite);
    }
}

/* libcrypto's own start, of which its first digest is a part, is spared: it ends the process with a
 * signal when memory does. */
static void wrap_crypto(void)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    (void)CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free);
    (void)EVP_Digest("", 0, digest, NULL, EVP_sha256(), NULL);
    atomic_store(&fault.seen[CRYPTO], 0);
}

/* ---- what to do ---- */

__attribute__((constructor)) static void begin(void)
{
    wrap_crypto();
    const char *text = getenv("PROFFER_FAULT");
    fault.counts = getenv("PROFFER_FAULT_COUNTS");
    fault.trace = getenv("PROFFER_FAULT_TRACE");
    for (int kind = 0; text && kind < KINDS; kind++) {
        size_t len = strlen(kind_names[kind]);
        if (strncmp(text, kind_names[kind], len) == 0 && text[len] == ':') {
            char *end;
            fault.at = strtoul(text + len + 1, &end, 10);
            fault.onwards = *end == '+';
            fault.kind = kind;
        }
    }
    json_set_alloc_funcs(__wrap_malloc, free);
    wrap_sqlite();
}

__attribute__((destructor)) static void end(void)
{
    int fd = fault.counts ? __real_open(fault.counts, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    if (fd < 0)
        return;
    for (int kind = 0; kind < KINDS; kind++)
        dprintf(fd, "%s %lu %lu\n", kind_names[kind], atomic_load(&fault.seen[kind]),
                kind == fault.kind ? atomic_load(&fault.hit) : 0);
    __real_close(fd);
}
