/* What the processor has: see cpu.h. */
#include "base/cpu.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static enum cpu_level processor(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") ||
        !__builtin_cpu_supports("bmi2") || !__builtin_cpu_supports("popcnt"))
        return CPU_PORTABLE;
    bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
                __builtin_cpu_supports("avx512vbmi2");
    return wide ? CPU_AVX512 : CPU_AVX2;
#else
    return CPU_PORTABLE;
#endif
}

enum cpu_level cpu_level(void)
{
    const char *asked = getenv("PROFFER_CPU");
    enum cpu_level level = processor(), most = CPU_AVX512;
    if (asked && strcmp(asked, "portable") == 0)
        most = CPU_PORTABLE;
    else if (asked && strcmp(asked, "avx2") == 0)
        most = CPU_AVX2;
    return level < most ? level : most;
}
