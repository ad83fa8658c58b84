/* Tables made in a line: see made_result.h. */
#include "tests/support/made_result.h"

#include "tests/support/support.h"

#include <stdarg.h>

struct result_table *made_table(struct result *tree, const char *id, const char *title,
                                const struct result_column *columns, size_t count)
{
    struct error err = ERROR_INIT;
    struct result_table *table;
    assert_ok(
        result_table_add(tree, id, "count", title, "conversations", columns, count, &table, &err),
        err);
    return table;
}

void made_row(struct result *tree, struct result_table *table, const char *kinds, ...)
{
    struct error err = ERROR_INIT;
    va_list cells;
    va_start(cells, kinds);
    for (; *kinds; kinds++)
        switch (*kinds) {
        case 't':
            assert_ok(result_put_text(tree, table, va_arg(cells, const char *), &err), err);
            break;
        case 'c':
            assert_ok(result_put_count(tree, table, va_arg(cells, uint64_t), &err), err);
            break;
        case 'r':
            assert_ok(result_put_real(tree, table, va_arg(cells, double), &err), err);
            break;
        case 'w':
            assert_ok(result_put_withheld(tree, table, &err), err);
            break;
        default:
            assert_ok(result_put_null(tree, table, &err), err);
        }
    va_end(cells);
}
