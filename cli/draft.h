/*
 * The form of a plan's draft, read and checked before anything else is done.
 */
#ifndef PROFFER_CLI_DRAFT_H
#define PROFFER_CLI_DRAFT_H

#include "base/error.h"
#include "queries/plan.h"
#include "report/draft_form.h"

/*
 * Reads the form that PLAN names, and checks its names against what a report of PLAN can hold.
 * *FORM is NULL if the plan asks for no draft; draft_form_free it. STATUS_PLAN for a form that
 * cannot be read or has a mistake.
 */
PROFFER_MUST_USE enum status draft_open(const struct plan *plan, struct draft_form **form,
                                        struct error *err);

#endif
