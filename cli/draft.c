/* The form of a plan's draft: see draft.h. */
#include "cli/draft.h"

#include "base/file.h"
#include "report/answers/outline.h"

#include <stdlib.h>

static enum status check_names(const struct plan *plan, const struct draft_form *form,
                               struct error *err)
{
    struct result outline;
    result_init(&outline);
    enum status status = answers_outline(plan, &outline, err);
    if (status == STATUS_OK)
        status = draft_form_check(form, &outline, err);
    result_release(&outline);
    return status;
}

enum status draft_open(const struct plan *plan, struct draft_form **form, struct error *err)
{
    char *text;
    size_t len;
    *form = NULL;
    if (!plan->report.draft)
        return STATUS_OK;
    enum status status = file_read(plan->report.draft_form, DRAFT_FORM_MAX, &text, &len, err);
    if (status == STATUS_INPUT && err) {
        error_within(err, plan->path);
        err->code = status = STATUS_PLAN;
    }
    TRY(status);
    status = draft_form_parse(text, len, plan->report.draft_form, form, err);
    free(text);
    if (status == STATUS_OK)
        status = check_names(plan, *form, err);
    if (status == STATUS_OK)
        return STATUS_OK;
    draft_form_free(*form);
    *form = NULL;
    return status;
}
