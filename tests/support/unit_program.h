/*
 * Included before each unit test of those that are linked as one program (tests/unit/programs.c):
 * the test's main gets the test's name, UNIT_PROGRAM, and is listed under it. 100 programs with the
 * whole library in each would take longer to link than to compile, and most of a gigabyte.
 */
#ifndef PROFFER_TEST_UNIT_PROGRAM_H
#define PROFFER_TEST_UNIT_PROGRAM_H

struct unit_program {
    const char *name;
    int (*run)(void);
};

#ifdef UNIT_PROGRAM
#define main                  UNIT_PROGRAM
#define UNIT_PROGRAM_TEXT_(x) #x
#define UNIT_PROGRAM_TEXT(x)  UNIT_PROGRAM_TEXT_(x)

int main(void);

static const struct unit_program unit_program = {UNIT_PROGRAM_TEXT(UNIT_PROGRAM), main};
/* The linker puts these one after another. */
static const struct unit_program *const unit_program_listed
    __attribute__((used, section("unit_programs"))) = &unit_program;
#endif

#endif
