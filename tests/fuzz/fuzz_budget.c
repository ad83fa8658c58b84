/* Budgets as text: any bytes are a number that is told back no larger than it was, or an error. */
#include "release/accountant.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = ERROR_INIT;
    char text[200], told[RHO_TEXT];
    uint64_t rho, again;
    if (size >= sizeof text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (rho_parse(text, &rho, &err) != STATUS_OK) {
        if (err.code != STATUS_PLAN)
            abort();
        return 0;
    }
    rho_text(rho, told);
    double number = strtod(text, NULL);
    if (rho == 0 || rho > 1000000 * RHO_ONE || rho_parse(told, &again, &err) != STATUS_OK ||
        again != rho || (double)rho > number * (double)RHO_ONE * (1 + 1e-12) ||
        (double)rho < number * (double)RHO_ONE * (1 - 1e-12) - 1)
        abort();
    return 0;
}
