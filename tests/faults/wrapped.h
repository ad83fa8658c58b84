/*
 * The calls that the fault tests may make fail: ld's --wrap=NAME turns a call of NAME into one of
 * __wrap_NAME and leaves the true one as __real_NAME. The Makefile reads the names from here.
 */
#ifndef PROFFER_WRAPPED_H
#define PROFFER_WRAPPED_H

#include <dirent.h>
#include <glob.h>
#include <jansson.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>

void *__wrap_malloc(size_t size);
void *__real_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap__ZnwmRKSt9nothrow_t(size_t size, const void *tag);
void *__real__ZnwmRKSt9nothrow_t(size_t size, const void *tag);
void *__wrap__ZnamRKSt9nothrow_t(size_t size, const void *tag);
void *__real__ZnamRKSt9nothrow_t(size_t size, const void *tag);
ssize_t __wrap_read(int fd, void *buffer, size_t len);
ssize_t __real_read(int fd, void *buffer, size_t len);
ssize_t __wrap___read_chk(int fd, void *buffer, size_t len, size_t room);
ssize_t __wrap_pread(int fd, void *buffer, size_t len, off_t offset);
ssize_t __real_pread(int fd, void *buffer, size_t len, off_t offset);
ssize_t __wrap___pread_chk(int fd, void *buffer, size_t len, off_t offset, size_t room);
size_t __wrap_fwrite(const void *data, size_t size, size_t count, FILE *stream);
size_t __real_fwrite(const void *data, size_t size, size_t count, FILE *stream);
int __wrap_fputs(const char *text, FILE *stream);
int __real_fputs(const char *text, FILE *stream);
int __wrap_fputc(int c, FILE *stream);
int __real_fputc(int c, FILE *stream);
int __wrap_putc(int c, FILE *stream);
int __real_putc(int c, FILE *stream);
int __wrap_putchar(int c);
int __real_putchar(int c);
int __wrap_puts(const char *text);
int __real_puts(const char *text);
int __wrap_vfprintf(FILE *stream, const char *format, va_list args);
int __real_vfprintf(FILE *stream, const char *format, va_list args);
int __wrap_fprintf(FILE *stream, const char *format, ...);
int __wrap_printf(const char *format, ...);
int __wrap___fprintf_chk(FILE *stream, int flag, const char *format, ...);
int __wrap___printf_chk(int flag, const char *format, ...);
int __wrap_json_dumpf(const json_t *json, FILE *stream, size_t flags);
int __real_json_dumpf(const json_t *json, FILE *stream, size_t flags);
int __wrap_fflush(FILE *stream);
int __real_fflush(FILE *stream);
int __wrap_fsync(int fd);
int __real_fsync(int fd);
int __wrap_fclose(FILE *stream);
int __real_fclose(FILE *stream);
int __wrap_close(int fd);
int __real_close(int fd);
int __wrap_open(const char *path, int flags, ...);
int __real_open(const char *path, int flags, ...);
int __wrap___open_2(const char *path, int flags);
int __wrap_openat(int dir, const char *path, int flags, ...);
int __real_openat(int dir, const char *path, int flags, ...);
int __wrap___openat_2(int dir, const char *path, int flags);
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__real_fopen(const char *path, const char *mode);
FILE *__wrap_fdopen(int fd, const char *mode);
FILE *__real_fdopen(int fd, const char *mode);
void *__wrap_mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset);
void *__real_mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset);
int __wrap_rename(const char *from, const char *to);
int __real_rename(const char *from, const char *to);
int __wrap_mkdir(const char *path, mode_t mode);
int __real_mkdir(const char *path, mode_t mode);
int __wrap_fchmod(int fd, mode_t mode);
int __real_fchmod(int fd, mode_t mode);
int __wrap_flock(int fd, int what);
int __real_flock(int fd, int what);
int __wrap_unlink(const char *path);
int __real_unlink(const char *path);
int __wrap_unlinkat(int dir, const char *path, int flags);
int __real_unlinkat(int dir, const char *path, int flags);
DIR *__wrap_opendir(const char *path);
DIR *__real_opendir(const char *path);
DIR *__wrap_fdopendir(int fd);
DIR *__real_fdopendir(int fd);
struct dirent *__wrap_readdir(DIR *dir);
struct dirent *__real_readdir(DIR *dir);
int __wrap_stat(const char *path, struct stat *info);
int __real_stat(const char *path, struct stat *info);
int __wrap_fstat(int fd, struct stat *info);
int __real_fstat(int fd, struct stat *info);
int __wrap_glob(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *found);
int __real_glob(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *found);
ssize_t __wrap_getrandom(void *out, size_t len, unsigned flags);
ssize_t __real_getrandom(void *out, size_t len, unsigned flags);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *argument);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *argument);

#endif
