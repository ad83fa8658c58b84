/*
 * What tests share: scratch folders, the real data beside the project, and files as text.
 * Everything here ends the test on failure, so that tests stay short.
 */
#ifndef PROFFER_TEST_SUPPORT_H
#define PROFFER_TEST_SUPPORT_H

/* cmocka wants these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"

#include <stdbool.h>

/* Asserts that CALL returned STATUS_OK, printing ERR's text otherwise. */
#define assert_ok(call, err)                                                                       \
    do {                                                                                           \
        enum status assert_ok_ = (call);                                                           \
        if (assert_ok_ != STATUS_OK)                                                               \
            fail_msg("%s: status %d: %s: %s", #call, (int)assert_ok_, (err).where, (err).text);    \
    } while (0)

/* A fresh empty folder, in TMPDIR if that is set, that is removed at the program's end. Do not free. */
const char *test_dir(void);

/* "DIR/NAME" made in a small ring of static buffers; do not free, at most 16 alive at once. */
const char *test_path(const char *dir, const char *name);

/* Writes TEXT as a whole file. */
void test_write(const char *path, const void *data, size_t len);
void test_write_text(const char *path, const char *text);

/* The file as a NUL-terminated text; the caller frees it. */
char *test_read(const char *path, size_t *len);

/*
 * The folder of real data (environment PROFFER_SHARED_DATA, else ../shared/data if it is there), or
 * NULL. Tests that need it: `if (!test_shared()) skip();`
 */
const char *test_shared(void);

/* True under SHORT=1: sanitizer runs want small sizes. */
bool test_short(void);

#endif
