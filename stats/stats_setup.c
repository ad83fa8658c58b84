/*
 * GSL's error handler is process-wide; see the header.
 */
#include "stats/stats_setup.h"

#include <gsl/gsl_errno.h>

void stats_setup(void)
{
    gsl_set_error_handler_off();
}
