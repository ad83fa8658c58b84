/* What a report without noise states of its release, in words: see gate.h. */
#include "release/figure_make.h"
#include "release/gate.h"
#include "release/power_sums.h"

enum status release_state(struct release *release, char *text, struct error *err)
{
    if (!text)
        return error_nomem(err);
    if (release->statement_count == STATEMENTS_MAX)
        return error_set(err, STATUS_INTERNAL, "release", "more than %d statements",
                         STATEMENTS_MAX);
    release->statements[release->statement_count++] = text;
    return STATUS_OK;
}

static enum status state_further_rules(struct release *release, struct error *err)
{
    struct arena *arena = &release->arena;
    if (release->min_conversations > 1)
        TRY(release_state(release,
                          arena_printf(arena,
                                       "Withheld as well: counts of 1 to %u conversations, whoever "
                                       "had them. Of those that concern as many users as may be "
                                       "told of, only what the tables of this report add up to is "
                                       "checked, and not differences of sets, or beside what "
                                       "earlier reports told.",
                                       release->min_conversations - 1),
                          err));
    if (release->dominance > 0)
        TRY(release_state(
            release,
            arena_printf(arena,
                         "Withheld as well: figures of which one user has more than %g %%, so far "
                         "as the largest user's part is counted (conversations of every table; "
                         "exchanges, turns and words of tables by field). Such a figure is "
                         "uncertain by at least a tenth of itself.",
                         100 * release->dominance),
            err));
    if (release->preset)
        return release_state(
            release,
            arena_printf(arena, "These rules go by the name \"%s\" in the plan.", release->preset),
            err);
    return STATUS_OK;
}

/* What was too large to be judged as one. */
static enum status state_left_out(struct release *release, const struct tally *tally,
                                  struct error *err)
{
    struct arena *arena = &release->arena;
    size_t groups = tally->joint_left_out, pairs = tally->slots_left_out;
    if (groups)
        TRY(release_state(
            release,
            arena_printf(arena,
                         "Not decided in this report: %zu %s of counts by fields could tie more "
                         "combinations of values to each other than that. By what any two of these "
                         "counts have in common they were judged, but not by all of them together.",
                         groups, groups == 1 ? "group" : "groups"),
            err));
    size_t terms = tally->terms_left_out;
    if (terms)
        TRY(release_state(
            release,
            arena_printf(
                arena,
                "Not decided in this report: in %zu %s of queries, terms, topics and patterns made "
                "of the same words have more combinations, with groups and periods, than that. "
                "By what any two of these queries have in common they were judged, but not by "
                "all that follows from such terms together.",
                terms, terms == 1 ? "group" : "groups"),
            err));
    if (tally->works_left_out)
        TRY(release_state(
            release,
            arena_printf(arena,
                         "Not decided in this report: overlap with works of several populations "
                         "under the ledger (such: %zu) has more combinations of works, sides, runs "
                         "and populations than that. It was judged by single works or sides where "
                         "these have fewer, and each two of which one lies in the other.",
                         tally->works_left_out),
            err));
    if (tally->options_left_out)
        TRY(release_state(
            release,
            "Not decided in this report: options of populations with several filters under the "
            "ledger have more combinations of conditions than that. Those of this report's filters "
            "were judged together, and each two of any where one is in the other.",
            err));
    if (pairs)
        TRY(release_state(
            release,
            arena_printf(arena,
                         "Not decided in this report: %zu %s of queries that find some of the same "
                         "could tie more combinations of it to each other than that. Rows that "
                         "count the same were judged as the same, but not all of it together.",
                         pairs, pairs == 1 ? "pair or group" : "pairs or groups"),
            err));
    return STATUS_OK;
}

/* What ties tables to each other, and what was not decided. */
static enum status state_ties(struct release *release, const struct tally *tally, struct error *err)
{
    struct arena *arena = &release->arena;
    unsigned most = release->min_users - 1;
    TRY(release_state(
        release,
        arena_printf(
            arena, "Known to that reader across tables: margins that counts and topics by fields "
                   "share (of months and quarters, of one field with several lists of values or "
                   "bins), and that all of them are margins of one table by all their fields; "
                   "records without a time; that options are made of terms, topics, runs of words "
                   "and periods that other tables count, whichever query asks them, and what "
                   "options (their exchanges and words, too) have in common; that runs of so many "
                   "words of the same works are the same in several queries, and runs of more "
                   "words, or of fewer works, among them; that identifiers, patterns, topics and "
                   "works overlap in as many conversations as they are together more than any of "
                   "them, and so do the sides of a work or of all; that the groups of a term by "
                   "fields add up to it, and the strata of samples to rows of the query that they "
                   "are made by; that search term reports with terms in common have as many "
                   "conversations with each combination of these; which terms, topics by rules and "
                   "patterns, made of the same words by AND, OR and NOT, no conversation can have "
                   "together; and that terms, identifiers, patterns and topics by rules of several "
                   "queries that find the same are as many."),
        err));
    TRY(release_state(
        release,
        arena_printf(
            arena,
            "Told nowhere, and checked like a withheld figure where it is of 1 to %u users: "
            "what a term shares with others, with those above it, and has in prompts and "
            "outputs both; (of up to %d terms and %d combinations that occur) how many "
            "conversations each combination of terms has, and likewise of conditions of "
            "options; what an identifier, pattern or topic has alone or shares; (of up to "
            "%d works that no two small ones hide) the same of a work; what has runs on some "
            "sides and on no other, in a work's shorter runs alone, or of any work but one; where "
            "several counts say more together than any two, (of up to %d combinations of "
            "values that they tie to each other) how many conversations each of these has; of "
            "terms, topics by rules and patterns made of the same words, in several queries, by "
            "fields, or in options of some days, (of up to %d combinations) how many each "
            "combination of them, groups and periods has; and "
            "where several queries find some of the same in the text, (of up to %d combinations of "
            "what they find) the same of these. Not "
            "decided: what follows from such counts for more combinations, or for users, "
            "turns, exchanges (but with runs, and of options) and words (but of options); from "
            "numbers of words in runs, and how long the runs of which works on which sides are (of "
            "up "
            "to %d works, which works go with which sides is); from four or more "
            "figures of different "
            "queries added and subtracted; and, but for what is stated of a ledger, from figures "
            "of other "
            "releases.",
            most, TALLY_PAIR_TERMS, TALLY_COMBINATIONS, TALLY_UNION_WORKS, TALLY_JOINT_BLOCK,
            TALLY_TERM_CELLS, TALLY_SLOT_CELLS, TALLY_SIDES_WORKS),
        err));
    return state_left_out(release, tally, err);
}

enum status release_make_statements(struct release *release, const struct tally *tally,
                                    struct error *err)
{
    struct arena *arena = &release->arena;
    release->statements = arena_zalloc(arena, STATEMENTS_MAX, sizeof *release->statements);
    if (!release->statements)
        return error_nomem(err);
    unsigned min_users = release->min_users;
    if (min_users < 2)
        return release_state(release,
                             arena_printf(arena,
                                          "Counts are exact: no noise was added, and no figure was "
                                          "withheld, however few users it concerns. This gives no "
                                          "formal guarantee of privacy: a figure may describe a "
                                          "single person."),
                             err);
    TRY(release_state(
        release,
        arena_printf(arena,
                     "Counts are exact: no noise was added. Figures that concern 1 to %u "
                     "users are withheld. This gives no formal guarantee of privacy.",
                     min_users - 1),
        err));
    TRY(release_state(
        release,
        arena_printf(arena,
                     "Withheld: every figure whose own distinct users number 1 to %u, and "
                     "as many others as are needed so that none of these follows from what the "
                     "tables show. Both carry the same mark. A count "
                     "of zero is shown, but in a table that could not be protected otherwise, of "
                     "which all rows are withheld or left out, zeros, too. All unknown users "
                     "together count as one user. "
                     "Counts of records that were rejected have no user and are shown.",
                     min_users - 1),
        err));
    TRY(state_further_rules(release, err));
    TRY(release_state(release,
                      arena_printf(arena, "%zu %s withheld in all.", release->withheld,
                                   release->withheld == 1 ? "figure is" : "figures are"),
                      err));
    TRY(release_state(
        release,
        arena_printf(arena,
                     "Checked, all tables together: for a reader who knows every figure "
                     "shown, how rows, columns and tables add up and bound each "
                     "other, and that a withheld figure is not zero (unless all rows of its "
                     "table are withheld), each withheld number "
                     "of 1 to %u users may still be any of the sizes from 1 to %u, and "
                     "every other withheld count of so few users stays uncertain by at "
                     "least as much. Where all rows of a table had to be withheld, zeros, too, "
                     "nothing is told of it, and what other figures say of its rows is not "
                     "checked.",
                     min_users - 1, min_users - 1),
        err));
    TRY(release_state(
        release,
        arena_printf(
            arena,
            "The counts of a labelled random sample are shown where at most 10 %% "
            "of the stratum was drawn, since nobody is told which units were "
            "drawn. Above that, a count of relevant units is withheld where it, or that of "
            "irrelevant ones, concerns 1 to %u users, and so is what is computed from "
            "it. Where a stratum, or what a search found or left of one, has 1 to %u "
            "users, no number of its parts is shown; nor where a table withholds how "
            "much the search found, or where another one found relevant besides what as few "
            "have. How many units were drawn from a month is withheld where "
            "the number that the month has is; else it tells of nobody, since only "
            "chance chose them.",
            min_users - 1, min_users - 1),
        err));
    TRY(release_state(
        release,
        arena_printf(arena,
                     "Checked across tables: of all sets of conversations that terms, "
                     "topics, identifiers, patterns, works and options find, and of all "
                     "conversations, whether one lies within another, or both with their "
                     "overlap are told, so that what lies between concerns 1 to %u users; "
                     "then the inner figure, or that of the overlap, is withheld (the outer one "
                     "where the inner is the size of a stratum).",
                     min_users - 1),
        err));
    return state_ties(release, tally, err);
}

/* ---- the ledger ---- */

/* Of the earlier tables, those that were not judged together with this report's. */
static const char *apart_words(struct arena *arena, const struct gate_memory *memory)
{
    if (memory->changed + memory->unlike + memory->left_out == 0)
        return "";
    return arena_printf(
        arena,
        " Not so judged: %zu of which rows are no more; %zu of populations whose filters the "
        "ledger "
        "does not tell (those on users and ids are not written down), or with fields that the plan "
        "does not have; %zu that were too many.",
        memory->changed, memory->unlike, memory->left_out);
}

/* Of tables of populations with other filters, what could not be settled. */
static const char *slices_words(struct arena *arena, const struct gate_memory *memory)
{
    if (memory->slices == 0)
        return "";
    return arena_printf(arena,
                        " Not decided of populations with other filters: %zu %s of tables that say "
                        "more together than is tied (%d combinations of values at most), or "
                        "between which the users were not counted.",
                        memory->slices, memory->slices == 1 ? "group" : "groups",
                        TALLY_JOINT_BLOCK);
}

/* Of tables that were told when the logs had less. */
static const char *grown_words(struct arena *arena, const struct gate_memory *memory)
{
    if (memory->then + memory->not_then == 0)
        return "Of logs that have changed since, those rows are compared that still show what they "
               "showed.";
    return arena_printf(
        arena,
        "Of logs that have changed since, rows that still show what they showed are taken to be "
        "known. Where each conversation of then is still there, what was told of them is counted "
        "as "
        "it was, too (such tables: %zu; not so: %zu): rows of now have at least as many, and what "
        "has been added to a row, or to several, is checked like a withheld figure where it is of "
        "few users.",
        memory->then, memory->not_then);
}

static enum status state_tables(struct release *release, const struct gate_memory *memory,
                                struct error *err)
{
    struct arena *arena = &release->arena;
    const char *apart = apart_words(arena, memory), *slices = slices_words(arena, memory);
    const char *grown = grown_words(arena, memory), *large = "";
    if (memory->too_large)
        large = arena_printf(arena,
                             " Tables of this report that are too large to be remembered for later "
                             "ones: %zu.",
                             memory->too_large);
    if (!apart || !slices || !grown || !large)
        return error_nomem(err);
    return release_state(
        release,
        arena_printf(
            arena,
            "Counts, and topics, by fields that earlier reports told under the same ledger were "
            "judged together with this report's (such tables: %zu): a reader who has all of them, "
            "and adds and subtracts their rows, comes no closer to what any of them withheld than "
            "the "
            "rule allows. Of a population of other days or with other filters, those rows are so "
            "compared that lie in both; rows that do in part have at least as many, and what is "
            "between is checked like a withheld figure where it is of few users; several such "
            "populations are tied by the combinations of values of which they are made. "
            "%s%s%s Not compared: "
            "other tables of earlier reports (samples, but for sets "
            "that they tell the size of); exchanges, turns and words that one whole population has "
            "more than another, or of what came since; and releases that this ledger knows "
            "nothing of.%s",
            memory->tables, grown, apart, slices, large),
        err);
}

/* Queries of earlier reports. */
static enum status state_queries(struct release *release, const struct gate_memory *memory,
                                 struct error *err)
{
    struct arena *arena = &release->arena;
    const char *apart = "", *then = "";
    if (memory->queries_then)
        then = arena_printf(arena,
                            ", but that they are counted as they were, too, where each "
                            "conversation of then is still there (such queries: %zu)",
                            memory->queries_then);
    if (memory->queries_unlike + memory->queries_left_out)
        apart = arena_printf(arena,
                             " Not so judged: %zu of populations with filters on users or ids, or "
                             "of other times, or that cannot be looked for as they were; %zu that "
                             "were too many.",
                             memory->queries_unlike, memory->queries_left_out);
    if (!apart || !then)
        return error_nomem(err);
    return release_state(
        release,
        arena_printf(
            arena,
            "Search terms, identifiers, patterns, topics by rules, runs and works, and options, "
            "that were told earlier under the same ledger, of periods that overlap this one's, "
            "were looked for and "
            "counted anew and judged together with this report's, as far as they find the same "
            "(such queries: %zu): of the same population, how many conversations each combination "
            "of what they have in common has is the same in both; of several, of other days or "
            "with other filters, how many conversations that are in the same of them have each "
            "combination (of identifiers, patterns and topics with more than %d such numbers, what "
            "each finds, alone and with others; of search terms where these are made of the same "
            "words or filters differ, else what a term has in the groups that lie in both). "
            "Of runs and works of populations with other days or filters, how many conversations "
            "and exchanges are in which of these populations, share what with which works and "
            "have how long runs on which sides; of options of populations with other filters, how "
            "many conversations, exchanges and words meet which conditions: what just some of the "
            "populations have of it is checked like a withheld figure where it is of few users. "
            "Works are "
            "those of this report, or the files of then as long as they are unchanged. Figures "
            "that logs have changed since are taken to be unknown%s.%s",
            memory->queries, TALLY_SLOT_CELLS, then, apart),
        err);
}

enum status gate_note_ledger(struct release *release, const struct gate_memory *memory,
                             struct error *err)
{
    struct arena *arena = &release->arena;
    release->fact_count = 2;
    release->facts = arena_zalloc(arena, release->fact_count, sizeof *release->facts);
    if (!release->facts)
        return error_nomem(err);
    release->facts[0] = (struct release_fact){"ledger", arena_printf(arena, "%s", memory->ledger)};
    release->facts[1] =
        (struct release_fact){"ledger_head", arena_printf(arena, "%s", memory->head)};
    if (!release->facts[0].value || !release->facts[1].value)
        return error_nomem(err);
    TRY(release_state(
        release,
        arena_printf(
            arena,
            "Compared with what earlier reports told under the same ledger (which now holds %zu "
            "sets, this report's among them, kept as keyed hashes of their users, or, of more than "
            "200,000 users, as sums of powers of such hashes; and all figures shown as sums over "
            "groups of users): a figure of all that an earlier one has and of few users more, or "
            "of all but that of few, is withheld. Sums of powers show every such difference "
            "of up to %u users, and in less than one pair of sets in a billion a difference that "
            "is none; where sizes differ by fewer than %u users, but by more than they were "
            "made for, the figure is withheld as if it were one. Tables by fields of "
            "more than 1,000 rows are not remembered. Where a figure must be withheld for another "
            "one's sake, a row that an earlier report under the same ledger withheld so goes "
            "first, so that reports of several periods withhold the same rows where that protects.",
            memory->sets, power_sums_reach(release->min_users), release->min_users),
        err));
    TRY(state_tables(release, memory, err));
    return state_queries(release, memory, err);
}
