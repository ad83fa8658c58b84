/* The earlier report that a plan names to compare with: see previous.h. */
#include "cli/previous.h"

#include "base/file.h"
#include "report/answers/series.h"
#include "report/report_read.h"

#include <stdio.h>
#include <sys/stat.h>

enum { PREVIOUS_MAX = 64 << 20 };

static enum status plan_fault(const struct plan *plan, struct error *err)
{
    char where[400];
    snprintf(where, sizeof where, "%.300s: report.previous", plan->path);
    return error_within(err, where);
}

static bool is_own_report(const struct plan *plan)
{
    struct stat then, now;
    return plan->report.json && stat(plan->report.previous, &then) == 0 &&
           stat(plan->report.json, &now) == 0 && then.st_dev == now.st_dev &&
           then.st_ino == now.st_ino;
}

static enum status check_place(const struct plan *plan, struct error *err)
{
    if (!file_exists(plan->report.previous)) {
        error_set(err, STATUS_PLAN, NULL, "there is no file \"%s\"", plan->report.previous);
        error_hint(err, "it is the report.json that proffer run wrote for an earlier period");
        return plan_fault(plan, err);
    }
    if (is_own_report(plan)) {
        error_set(err, STATUS_PLAN, NULL, "\"%s\" is the report that this run would write",
                  plan->report.previous);
        error_hint(err, "give each period a folder of its own in report.dir");
        return plan_fault(plan, err);
    }
    return STATUS_OK;
}

enum status previous_init(struct previous *previous, const struct plan *plan, struct error *err)
{
    struct sha256 digest;
    *previous = (struct previous){.report = NULL};
    result_init(&previous->result);
    if (!plan->report.previous)
        return STATUS_OK;
    TRY(check_place(plan, err));
    enum status status =
        report_read_digest(&previous->result, plan->report.previous, PREVIOUS_MAX, &digest, err);
    if (status != STATUS_OK) {
        if (status == STATUS_INPUT && !err->hint[0])
            error_hint(err, "report.previous is a report.json that proffer run wrote");
        return status;
    }
    sha256_hex(&digest, previous->sha256);
    status = series_check(&previous->result, plan->matter, err);
    if (status != STATUS_OK)
        return error_within(err, plan->report.previous);
    previous->report = &previous->result;
    return STATUS_OK;
}

void previous_release(struct previous *previous)
{
    result_release(&previous->result);
    *previous = (struct previous){.report = NULL};
}
