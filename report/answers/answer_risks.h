/*
 * The table of the risks that the plan states.
 */
#ifndef PROFFER_ANSWER_RISKS_H
#define PROFFER_ANSWER_RISKS_H

#include "report/answers/answer.h"

/* Adds the table, if the plan states any. */
PROFFER_MUST_USE enum status answer_risks(struct answer *answer, struct error *err);

#endif
