/*
 * What main does once before it uses stats/.
 */
#ifndef PROFFER_STATS_SETUP_H
#define PROFFER_STATS_SETUP_H

/*
 * Turns off GSL's default error handler, which aborts the process: GSL functions then return error
 * codes or NaN, which stats/ checks. Call it before threads start; calling it again does no harm.
 */
void stats_setup(void);

#endif
