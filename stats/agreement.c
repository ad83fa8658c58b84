/*
 * Chance-corrected agreement, (observed - chance) / (1 - chance), with the chance of
 *     Cohen's kappa   sum of the products of the two reviewers' shares of a category
 *                     (Educational and Psychological Measurement 20, 1960)
 *     Fleiss' kappa   sum of the squared shares of a category (Psychological Bulletin 76, 1971)
 *     Gwet's AC1      sum of share (1 - share), over categories - 1, shares averaged over reviewers
 *                     (British Journal of Mathematical and Statistical Psychology 61, 2008)
 * At rare categories kappa is near 0 even where reviewers agree on nearly all units; AC1 is not.
 */
#include "stats/agreement.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>

static struct agreement_coefficient beyond_chance(double observed, double chance)
{
    if (!(chance < 1))
        return (struct agreement_coefficient){false, 0};
    return (struct agreement_coefficient){true, (observed - chance) / (1 - chance)};
}

static enum status check_categories(size_t categories, struct error *err)
{
    if (categories >= 2)
        return STATUS_OK;
    return error_set(err, STATUS_PLAN, NULL, "agreement needs at least two categories");
}

/* Gwet's chance of SHARES, which add up to 1. */
static double gwet_chance(const double *shares, size_t categories)
{
    double sum = 0;
    for (size_t c = 0; c < categories; c++)
        sum += shares[c] * (1 - shares[c]);
    return sum / (double)(categories - 1);
}

enum status agreement_of_two(const uint64_t *table, size_t categories, struct agreement *out,
                             struct error *err)
{
    const uint64_t most = UINT64_C(1) << 53;
    uint64_t total = 0, same = 0;
    TRY(check_categories(categories, err));
    for (size_t i = 0; i < categories * categories; i++) {
        if (table[i] > most - total)
            return error_set(err, STATUS_PLAN, NULL, "more than 2^53 units were reviewed");
        total += table[i];
    }
    *out = (struct agreement){.units = total};
    if (total == 0)
        return STATUS_OK;
    double *shares = mem_zalloc(categories, sizeof *shares);
    if (!shares)
        return error_nomem(err);
    double chance = 0, n = (double)total;
    for (size_t c = 0; c < categories; c++) {
        uint64_t first = 0, second = 0;
        for (size_t d = 0; d < categories; d++) {
            first += table[c * categories + d];
            second += table[d * categories + c];
        }
        same += table[c * categories + c];
        chance += (double)first / n * ((double)second / n);
        shares[c] = ((double)first + (double)second) / (2 * n);
    }
    out->observed = (double)same / n;
    out->kappa = beyond_chance(out->observed, chance);
    out->ac1 = beyond_chance(out->observed, gwet_chance(shares, categories));
    free(shares);
    return STATUS_OK;
}

enum status agreement_of_sums(const struct agreement_sums *sums, size_t categories,
                              struct agreement *out, struct error *err)
{
    TRY(check_categories(categories, err));
    *out = (struct agreement){.units = sums->units};
    if (sums->units == 0)
        return STATUS_OK;
    if (sums->reviews < 2)
        return error_set(err, STATUS_PLAN, NULL, "a unit was reviewed fewer than two times");
    double *shares = mem_zalloc(categories, sizeof *shares);
    if (!shares)
        return error_nomem(err);
    double units = (double)sums->units, reviews = (double)sums->reviews, chance = 0;
    for (size_t c = 0; c < categories; c++) {
        shares[c] = (double)sums->of_category[c] / (units * reviews);
        chance += shares[c] * shares[c];
    }
    out->observed = (double)sums->same_pairs / (units * reviews * (reviews - 1));
    out->kappa = beyond_chance(out->observed, chance);
    out->ac1 = beyond_chance(out->observed, gwet_chance(shares, categories));
    free(shares);
    return STATUS_OK;
}

enum status agreement_of_several(const uint32_t *counts, size_t units, size_t categories,
                                 struct agreement *out, struct error *err)
{
    TRY(check_categories(categories, err));
    *out = (struct agreement){.units = units};
    if (units == 0)
        return STATUS_OK;
    uint64_t *of_category = mem_zalloc(categories, sizeof *of_category);
    if (!of_category)
        return error_nomem(err);
    enum status status = STATUS_OK;
    struct agreement_sums sums = {.units = units, .of_category = of_category};
    for (size_t u = 0; u < units; u++) {
        uint64_t here = 0;
        for (size_t c = 0; c < categories; c++) {
            uint64_t n = counts[u * categories + c];
            here += n;
            sums.same_pairs += n ? n * (n - 1) : 0;
            of_category[c] += n;
        }
        if (u == 0)
            sums.reviews = here;
        if (here < 2 || here != sums.reviews) {
            status =
                error_set(err, STATUS_PLAN, NULL,
                          "unit %zu was reviewed %" PRIu64 " times; all units must be as often "
                          "as the first, and twice at least",
                          u + 1, here);
            goto cleanup;
        }
    }
    status = agreement_of_sums(&sums, categories, out, err);
cleanup:
    free(of_category);
    return status;
}
