/*
 * Which vector instructions the program may use. Every vector path has a portable one with equal
 * results; the environment variable PROFFER_CPU ("portable" or "avx2") asks for less than the
 * processor has, to compare them.
 */
#ifndef PROFFER_CPU_H
#define PROFFER_CPU_H

enum cpu_level {
    CPU_PORTABLE,
    CPU_AVX2,  /* AVX2, BMI1, BMI2, POPCNT: Haswell and later, Zen and later */
    CPU_AVX512 /* and AVX-512 F, BW, VL, VBMI, VBMI2: Ice Lake and later, Zen 4 and later */
};

enum cpu_level cpu_level(void);

#endif
