/* proffer show: a table of a report in the terminal. */
#include "base/suggest.h"
#include "cli/command.h"
#include "report/report_read.h"
#include "report/table_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Columns of the terminal; 0, as wide as it wants, where stdout is none. */
static size_t terminal_width(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

static enum status no_such_table(const struct result *result, const char *id, struct error *err)
{
    struct suggest suggest;
    suggest_init(&suggest, id);
    for (size_t i = 0; i < result->table_count; i++)
        suggest_offer(&suggest, result->tables[i]->id);
    enum status status = error_set(err, STATUS_USAGE, "show", "no table \"%s\"", id);
    error_hint(err, "without a table's name all %zu are listed", result->table_count);
    suggest_hint(&suggest, err);
    return status;
}

enum status command_show(const struct arguments *arguments, struct error *err)
{
    struct result result;
    enum status status = STATUS_OK;
    const char *id = arguments->word_count > 1 ? arguments->words[1] : NULL;
    result_init(&result);
    status = report_read(&result, arguments->words[0], err);
    if (status == STATUS_INPUT && !err->hint[0])
        error_hint(err, "what proffer show reads is the report.json that proffer run writes");
    if (status != STATUS_OK)
        goto cleanup;
    if (!id) {
        status = table_text_list(&result, terminal_width(), stdout, err);
        goto cleanup;
    }
    const struct result_table *table = result_table_find(&result, id);
    status = table ? table_text_print(table, terminal_width(), stdout, err)
                   : no_such_table(&result, id, err);
cleanup:
    result_release(&result);
    return status;
}
