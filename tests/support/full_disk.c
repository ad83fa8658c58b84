/* A full disk: see full_disk.h. The limit holds in a process of its own. */
#include "tests/support/full_disk.h"

#include "tests/support/support.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

void check_full_disk(const struct result *tree,
                     enum status (*write)(const struct result *result, const char *path,
                                          struct error *err),
                     const char *path, const char *file, size_t limit)
{
    test_write_text(file, "old");
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct rlimit sizes = {limit, limit};
        struct error err = ERROR_INIT;
        signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &sizes) != 0)
            _exit(9);
        _exit(write(tree, path, &err) == STATUS_INPUT ? 0 : 1);
    }
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    char *text = test_read(file, NULL);
    assert_string_equal(text, "old");
    free(text);
}
