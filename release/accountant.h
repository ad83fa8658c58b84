/*
 * Privacy budgets. They are kept in zero-concentrated differential privacy (Bun and Steinke 2016),
 * whose rho adds up over releases, as whole numbers of 1e-12: what is spent is rounded up, what may
 * be spent is rounded down, and sums are exact.
 *
 *     Gaussian noise of variance sigma^2, L2 sensitivity D     rho = D^2 / (2 sigma^2)
 *     Laplace noise of scale t, L1 sensitivity D               epsilon = D / t, rho = epsilon^2 / 2
 */
#ifndef PROFFER_ACCOUNTANT_H
#define PROFFER_ACCOUNTANT_H

#include "base/error.h"
#include "release/noise.h"

#include <stdint.h>

#define RHO_ONE   UINT64_C(1000000000000)
#define DELTA_ONE UINT64_C(1000000000000000000) /* deltas are whole numbers of 1e-18 */

enum { RHO_TEXT = 32 };

/* "0.1" or "1e-3" exactly, as far as 1e-12 goes, down. STATUS_PLAN, with a text that says why, for
 * what is no decimal number, is not above 0, is below 1e-12 or above 1,000,000. */
PROFFER_MUST_USE enum status rho_parse(const char *text, uint64_t *rho, struct error *err);
/* "0.1": all digits, no more than are needed. */
void rho_text(uint64_t rho, char text[static RHO_TEXT]);

/* A delta in (0, 1) in units of 1e-18, up. */
uint64_t delta_up(double delta);

/* The rho that pure EPSILON (in units of 1e-12 like rho) costs: epsilon^2 / 2, rounded up. */
uint64_t rho_of_epsilon(uint64_t epsilon);

/*
 * Noise whose cost is at most RHO (EPSILON, in the same units) for a sensitivity: the square of the
 * L2 one, or the L1 one. STATUS_PLAN where that much noise has no number (sensitivities beyond 2^62
 * or so, almost no budget).
 */
PROFFER_MUST_USE enum status scale_of_gaussian(uint64_t l2_squared, uint64_t rho,
                                               struct noise_scale *out, struct error *err);
PROFFER_MUST_USE enum status scale_of_laplace(uint64_t l1, uint64_t epsilon,
                                              struct noise_scale *out, struct error *err);

/*
 * The (epsilon, delta) that rho-zCDP gives by the best conversion known (Canonne, Kamath and
 * Steinke 2020, Proposition 12; Asoodeh et al. 2020):
 *
 *     delta = min over a > 1 of exp((a - 1)(a rho - epsilon) + a ln(1 - 1/a)) / (a - 1)
 *
 * Each is of plain numbers; accountant_epsilon is rounded up and accountant_rho down, by 1e-12 of
 * themselves at most. (rho 0.5, delta 1e-6: epsilon 5.221534444530169.)
 */
double accountant_delta(double rho, double epsilon);
double accountant_epsilon(double rho, double delta);
double accountant_rho(double epsilon, double delta);

#endif
