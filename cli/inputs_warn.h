/*
 * What a reader of the report would miss: log files of which records are lost.
 */
#ifndef PROFFER_INPUTS_WARN_H
#define PROFFER_INPUTS_WARN_H

#include "queries/catalogue/catalogue.h"

#include <stdio.h>

/*
 * Writes a warning to OUT for each file of CATALOGUE that ended within a record, of which no record
 * could be read, or of which more than one in twenty could not: the first ten, and how many more
 * there are. Nothing of a catalogue in which nothing could be read: that is another warning.
 */
void inputs_warn(const struct catalogue *catalogue, FILE *out);

#endif
