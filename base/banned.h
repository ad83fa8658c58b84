/*
 * Calls that the house bans: each has a bounded or checked counterpart. Force-included into every
 * C file by the Makefile, after the system headers that declare them.
 */
#ifndef PROFFER_BANNED_H
#define PROFFER_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Under fortification some of them are macros. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok strtok_r atoi atol atoll
#pragma GCC poison atof gets

#endif
