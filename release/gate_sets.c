/* What a release states of sets that were added and subtracted. */
#include "release/figure_make.h"
#include "release/gate.h"
#include "release/set_sums.h"

static enum status state_left_out(struct release *release, const struct gate_sets *sets,
                                  struct error *err)
{
    struct arena *arena = &release->arena;
    const char *text = "Not compared so:";
    if (sets->compared < sets->open)
        text = arena_printf(arena,
                            "%s with two others, for want of time, %zu of the %zu figures that "
                            "could be withheld;",
                            text, sets->open - sets->compared, sets->open);
    if (text && sets->large)
        text = arena_printf(arena,
                            "%s %zu sets of more than 200,000 users as earlier programs "
                            "remembered them, beyond one of them within another;",
                            text, sets->large);
    if (text && sets->coarse)
        text = arena_printf(arena,
                            "%s %zu figures of earlier reports that were made under rules of many "
                            "fewer users;",
                            text, sets->coarse);
    if (!text)
        return error_nomem(err);
    return release_state(
        release,
        arena_printf(arena,
                     "%s numbers of exchanges, turns, words and occurrences for themselves; users "
                     "of conversations without a run of words; exchanges of samples; records that "
                     "were read or rejected; sums of several rows; tables of more than 1,000 rows, "
                     "or of more than 1,000 terms their further columns.",
                     text),
        err);
}

enum status gate_note_sets(struct release *release, const struct gate_sets *sets, struct error *err)
{
    struct arena *arena = &release->arena;
    unsigned most = release->min_users - 1;
    if (!sets->possible)
        return release_state(
            release,
            arena_printf(arena,
                         "Differences of sets of this report's tables by fields, of different "
                         "queries and of other reports were not looked for: withholding 1 to %u "
                         "users is beyond what that is made for.",
                         most),
            err);
    TRY(release_state(
        release,
        arena_printf(
            arena,
            "Checked over all queries of this report, and over all earlier ones under the same "
            "ledger where there is one: whether of two sets of which the conversations, or the "
            "users, are shown one lies within the other, or whether of three two add up to the "
            "third, so that what is left, of it or of them, concerns 1 to %u users; then a figure "
            "of this report among them is withheld, if one can be. Sets are those of terms, in all "
            "and what they have alone, add, or have in prompts or outputs only, of pairs of terms, "
            "topics, identifiers, patterns, options, runs of words by side and length, and works "
            "by side and length, of counts and terms by fields, of no term, no topic and no run, "
            "of drawn units that labels call irrelevant, or not, where more than a tenth was "
            "drawn, of "
            "conversations without a time or with something odd, of records that were left out for each reason, "
            "and accepted where there are several reasons, and the population, whose own "
            "numbers are always shown: where only they are left to withhold, the report is "
            "refused. Of sets of earlier reports, what is left of a few more than "
            "%u users may be taken for one of so few. General differencing, of four or more "
            "figures, "
            "is not decided.",
            most, most),
        err));
    return state_left_out(release, sets, err);
}
