/* proffer bound --noise: the bound where the number relevant was told with noise. */
#ifndef PROFFER_BOUND_NOISE_H
#define PROFFER_BOUND_NOISE_H

#include "cli/command.h"

PROFFER_MUST_USE enum status bound_with_noise(const struct arguments *arguments, struct error *err);

#endif
