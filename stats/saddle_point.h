/*
 * The two terms from which log-space mass functions are built without cancellation, after Loader,
 * "Fast and Accurate Computation of Binomial Probabilities" (2000), in extended precision:
 *     ln n! = n ln n - n + factorial_excess(n),   factorial_excess(n) = ln(2 pi n)/2 +
 * stirling_error(n) and the deviance, which takes the place of differences of the large n ln n.
 */
#ifndef PROFFER_SADDLE_POINT_H
#define PROFFER_SADDLE_POINT_H

#include <stdint.h>

/* ln n! - [n ln n - n + ln(2 pi n)/2], to about 1e-20 absolute; 0 for n = 0 by convention. */
long double stirling_error(uint64_t n);

/* The same for a real z > 0: ln Gamma(z) - [(z - 1/2) ln z - z + ln(2 pi)/2], to about 1e-18. */
long double stirling_error_real(long double z);

/*
 * x ln(x / m) + m - x for a count x >= 0, its expectation m > 0 and the difference d = x - m, which
 * the caller knows better than by subtracting: relative error a few roundings, at x near m too.
 * Never negative. Loader's bd0(x, m).
 */
long double deviance(long double x, long double m, long double d);

#endif
