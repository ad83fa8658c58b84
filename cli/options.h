/* Parsing a command's arguments by its row in the table; numbers among them. */
#ifndef PROFFER_OPTIONS_H
#define PROFFER_OPTIONS_H

#include "cli/command.h"

#include <stdint.h>
#include <stdio.h>

/* ARGV[0..ARGC-1] after the command's name. STATUS_USAGE naming what is wrong, with a hint. */
PROFFER_MUST_USE enum status options_parse(const struct command *command, int argc, char **argv,
                                           struct arguments *out, struct error *err);
void options_release(struct arguments *arguments);

/* A whole number from LOW to HIGH; FALLBACK where the option was not given. */
PROFFER_MUST_USE enum status options_number(const struct arguments *arguments,
                                            enum option_id option, uint64_t low, uint64_t high,
                                            uint64_t fallback, uint64_t *out, struct error *err);

/* A decimal number, FALLBACK where the option was not given; NaN and infinity are none. */
PROFFER_MUST_USE enum status options_real(const struct arguments *arguments, enum option_id option,
                                          double fallback, double *out, struct error *err);

/* TEXT as a whole number; NAME is what the error calls it. */
PROFFER_MUST_USE enum status options_count(const char *text, const char *name, uint64_t *out,
                                           struct error *err);

/* Writes the help of a command, or of the whole program for NULL. */
void options_help(const struct command *command, FILE *out);

#endif
