/* What tests share: see support.h. */
#include "tests/support/support.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DIRS_MAX = 512 };
static char dirs[DIRS_MAX][256];
static int dir_count;

static void remove_dirs(void)
{
    for (int i = 0; i < dir_count; i++)
        (void)!dir_remove(dirs[i], NULL);
}

const char *test_dir(void)
{
    if (dir_count == 0)
        atexit(remove_dirs);
    if (dir_count == DIRS_MAX)
        fail_msg("too many scratch folders");
    char *dir = dirs[dir_count];
    const char *base = getenv("TMPDIR");
    int len =
        snprintf(dir, sizeof dirs[0], "%s/proffer-test-XXXXXX", base && *base ? base : "/tmp");
    if (len >= (int)sizeof dirs[0] || !mkdtemp(dir))
        fail_msg("no scratch folder");
    dir_count++;
    return dir;
}

const char *test_path(const char *dir, const char *name)
{
    static char ring[16][512];
    static unsigned next;
    char *path = ring[next++ % 16];
    snprintf(path, sizeof ring[0], "%s/%s", dir, name);
    return path;
}

void test_write(const char *path, const void *data, size_t len)
{
    struct error err = ERROR_INIT;
    assert_ok(file_write(path, data, len, 0644, &err), err);
}

void test_write_text(const char *path, const char *text)
{
    test_write(path, text, strlen(text));
}

char *test_read(const char *path, size_t *len)
{
    struct error err = ERROR_INIT;
    char *data = NULL;
    size_t got = 0;
    assert_ok(file_read(path, (size_t)1 << 32, &data, &got, &err), err);
    if (len)
        *len = got;
    return data;
}

const char *test_shared(void)
{
    const char *dir = getenv("PROFFER_SHARED_DATA");
    if (!dir || !*dir)
        dir = "../shared/data";
    return access(dir, R_OK) == 0 ? dir : NULL;
}

bool test_short(void)
{
    const char *flag = getenv("SHORT");
    return flag && *flag && strcmp(flag, "0") != 0;
}
