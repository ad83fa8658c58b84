/*
 * Definitions and methods: what a reader who has only the report needs to understand its words and
 * to check its numbers. Texts stand in tables with the query kinds that need them.
 */
#include "report/answers/answer_sample.h"

#include <string.h>

enum {
    FOR_COUNT = 1 << QUERY_COUNT,
    FOR_TERMS = 1 << QUERY_TERMS,
    FOR_TOPICS = 1 << QUERY_TOPICS,
    FOR_RELEVANCE = 1 << QUERY_RELEVANCE,
    FOR_CLAIM = 1 << QUERY_CLAIM,
    FOR_OVERLAP = 1 << QUERY_OVERLAP,
    FOR_IDENTIFIERS = 1 << QUERY_IDENTIFIERS,
    FOR_REGEX = 1 << QUERY_REGEX,
    FOR_PROPOSALS = 1 << QUERY_PROPOSALS,
    FOR_SAMPLE = FOR_RELEVANCE | FOR_CLAIM,
    FOR_ALL = ~0
};

struct text {
    int kinds;
    const char *name, *text;
};

static const struct text definitions[] = {
    {FOR_ALL, "conversation",
     "One record of the log set: an ordered list of turns. It is known by its user and its id; a "
     "second record of the same user and id is a duplicate, and the one that comes first in the "
     "order of file names and positions counts."},
    {FOR_ALL, "turn",
     "One message: who wrote it (user, assistant, system, tool), its text, and "
     "its time where the log has one."},
    {FOR_ALL, "exchange",
     "One prompt with the output that answers it. A user turn opens an exchange, unless the open "
     "one has no assistant turn yet: then it joins it. A prompt without an output, or an output "
     "without a prompt, is an exchange that lacks that part."},
    {FOR_ALL, "user",
     "The account that a conversation belongs to. A conversation whose user the "
     "log does not name counts as a user of its own; where small cells are "
     "withheld, all of these together count as one."},
    {FOR_ALL, "word",
     "A run of letters, digits and underscores, with the marks that belong to "
     "them, after case is folded; each character of scripts without spaces is a "
     "word."},
    {FOR_ALL, "log set", "All input files that the plan names."},
    {FOR_ALL, "accepted, rejected",
     "A record that could be read as a conversation is accepted. Any other is rejected, counted "
     "with its reason in the table of completeness, and part of nothing else."},
    {FOR_ALL, "population",
     "The accepted conversations that are no duplicates and pass the plan's "
     "filter of dates and fields. N is its size."},
    {FOR_ALL, "share", "A part divided by the whole that the column names."},
    {FOR_ALL, "withheld",
     "A figure that is not shown, so that it cannot point to few people; its "
     "cell says so. An empty cell is one where there is nothing to say."},
    {FOR_TERMS, "term", "A search expression of words, phrases, wildcards and connectors."},
    {FOR_TERMS, "hit",
     "A term hits a conversation when at least one of its spans (turn, exchange "
     "or the whole, as the table says) satisfies the term."},
    {FOR_TERMS, "occurrence",
     "A place in a satisfied span where a word, phrase or proximity part "
     "of the term stands; the largest such part is counted, and parts "
     "under NOT are not."},
    {FOR_TOPICS, "topic",
     "A class of a taxonomy that the plan names. With rules it is assigned by "
     "a search term; else it is what a field of the log says."},
    {FOR_TOPICS, "none of these", "The conversations that have no topic of the taxonomy."},
    {FOR_OVERLAP, "work", "A text that the plan names, known by its id."},
    {FOR_OVERLAP, "run",
     "Consecutive words of one turn that stand in one work as consecutive words, at least as many "
     "as the table says, and that cannot be made longer at either end."},
    {FOR_OVERLAP, "side",
     "Where a run stands: in a prompt (user turn), or in an output (assistant turn), there either "
     "prompt-supplied or model-originated."},
    {FOR_OVERLAP, "prompt-supplied, model-originated",
     "A run of an output is prompt-supplied if all of it stands without a gap in one user turn "
     "before it, of an earlier or of the same exchange; else it is model-originated."},
    {FOR_IDENTIFIERS, "identifier",
     "A text that by its form stands for one person, account, machine or key, and that passes what "
     "is checked of its kind. Letters or digits around it make it a part of something else."},
    {FOR_IDENTIFIERS, "any identifier",
     "The conversations with at least one of the kinds asked for."},
    {FOR_REGEX, "pattern",
     "A regular expression over the text of single turns, as it was written."},
    {FOR_SAMPLE, "relevant", "What the definition in the table says, as reviewers judged it."},
    {FOR_SAMPLE, "prevalence",
     "The share of relevant conversations in the population; also called "
     "richness."},
    {FOR_SAMPLE, "frame",
     "The set that a sample is drawn from, fixed by a digest before the seed "
     "of the draw is known."},
    {FOR_SAMPLE, "ticket",
     "SHA-256 of the seed's SHA-256 in hexadecimal followed by the "
     "conversation's id. The n smallest tickets are the sample, so that "
     "anyone with the frame and the seed draws the same one."},
    {FOR_SAMPLE, "unreadable",
     "A drawn conversation whose label is missing or says that it cannot "
     "be judged. It is never dropped or replaced."},
    {FOR_SAMPLE, "confidence",
     "The share of all samples that could have been drawn for which the "
     "stated bounds hold, or more."},
    {FOR_CLAIM, "claim",
     "A statement that at least a given share of the population is irrelevant. "
     "It is violated when more than floor(N (1 - share)) conversations are "
     "relevant."},
    {FOR_CLAIM, "supported, contradicted, undetermined",
     "Supported: were the claim violated, a sample so favourable would be rarer than 1 - "
     "confidence. Contradicted: did it hold, a sample so unfavourable would be. Undetermined: "
     "neither; this is no support."},
};

static const struct text methods[] = {
    {FOR_COUNT, "Counts",
     "Every conversation of the population is counted; nothing is sampled or estimated. Share = "
     "conversations of the row / N."},
    {FOR_TERMS, "Search terms",
     "Every message is read once, cut into words, and each term is evaluated over the words of "
     "each span. Text is folded by Unicode NFKC_Casefold (Unicode Standard Annex 15); `~` stems by "
     "Porter2 (Porter 2001, snowballstem.org). Unique(T) = conversations that T hits and no other "
     "term does. Added(T) = conversations that T hits and no term above it does; the added ones of "
     "all terms add up to the union."},
    {FOR_TERMS | FOR_TOPICS, "Term language",
     "Words side by side or in double quotes are a phrase. a AND b, a OR b, NOT a are decided over "
     "one turn, exchange or conversation, as the table says. a w/5 b: within 5 words of each other "
     "in one turn, in either order; a pre/5 b: a first; a not w/5 b: an a with no b within 5 "
     "words. xfirstword and xlastword are the places before and after a turn. In a word, * is any "
     "run of characters, ? one character, = one digit; apple~ is any word of the same English "
     "stem; ba%nana is any word within as many edits as there are %, what stands before the first "
     "one unchanged; 12~~24 is a number from 12 to 24; \"##expression\" matches words by a regular "
     "expression. contains(prompt, a): a in prompts; likewise "
     "output, system, tool and fields of the record. Tightest first: phrase, contains, w/ and "
     "pre/, NOT, OR, AND. A noise word (Provenance lists them) inside a phrase stands for any one "
     "word."},
    {FOR_TOPICS, "Topics",
     "Each conversation is assigned by the rules of the taxonomy, or by a field of the log, "
     "without review. Share = conversations of the topic / N."},
    {FOR_OVERLAP, "Overlap with works",
     "Works and messages are cut into words in the same way, so that case, punctuation and line "
     "breaks make no difference, and words are compared by hashes of 64 bits under a secret key. "
     "Which windows of words are worth a look is told by winnowing (Schleimer, Wilkerson, Aiken "
     "2003), which passes over none that is shared; the longest runs are then found word by word, "
     "where a window stands in the works more than once among their sorted suffixes (Nong, Zhang, "
     "Chan 2009). Share of a side's words = words that a run holds / words of that side."},
    {FOR_IDENTIFIERS, "Identifiers",
     "The text of every message is searched for identifiers by their forms. Each kind is checked "
     "by public rules, listed below; digits are those of ASCII. Of two that overlap, the one that "
     "is found first counts: a bank account or card number before the numbers inside of it. "
     "Nothing shows how many of what was found stand for a living person, or what was missed "
     "because it is written in another way: a labelled sample would."},
    {FOR_REGEX, "Regular expressions",
     "The text of every message is matched by Hyperscan, whose automata need no more time on one "
     "text than on another. Text is taken as it stands, without folding or normalisation; a match "
     "lies within one turn. All ends of matches count, so that greed makes no difference. Where "
     "an expression is too large for the beginnings of its matches, an end that is one character "
     "after the one before belongs to the same occurrence."},
    {FOR_SAMPLE, "Random sample",
     "Of each stratum of the frame (of all of it, if there is one) the units with the smallest "
     "tickets are drawn without replacement (consistent sampling: Rivest, \"Consistent Sampling "
     "with Replacement\", 2018, with SHA-256 of FIPS 180-4). The frame is fixed before the seed is "
     "known, so that nobody can steer the draw; that this was the order is proven only as far as "
     "the seed's source proves it."},
    {FOR_RELEVANCE | FOR_PROPOSALS, "Recall, precision, F1 and elusion",
     "Given how many drawn units fell into what a search found, and how many into what it left, "
     "they are random samples of the two parts. One confidence set for the numbers relevant of "
     "both, K_found and K_left, bounds recall = K_found / (K_found + K_left), precision = K_found "
     "/ "
     "N_found, elusion = K_left / N_left and F1 = 2 K_found / (N_found + K_found + K_left), so "
     "that "
     "the bounds of a row hold all together. Where both parts carry sampling error each set is at "
     "the square root of the confidence (Sidak 1967)."},
    {FOR_RELEVANCE, "Agreement of reviewers",
     "Of the units that several reviewers labelled: the share of agreement, kappa (Cohen 1960, for "
     "several reviewers Fleiss 1971) and AC1 (Gwet 2008)."},
    {FOR_PROPOSALS, "Options",
     "An option finds the conversations of the population that meet all its conditions. Bystanders "
     "are those that it finds and that are not relevant."},
    {FOR_SAMPLE, "Hypergeometric distribution",
     "If K of N conversations are relevant, a sample of n holds x relevant ones with probability "
     "C(K,x) C(N-K,n-x) / C(N,n). Tails are computed in logarithms by the saddle-point expansion "
     "of Loader (\"Fast and Accurate Computation of Binomial Probabilities\", 2000) and sums of "
     "ratios; each bound is verified: it satisfies the tail condition and its neighbour does not."},
    {FOR_CLAIM, "Claims",
     "Violated is K >= floor(N (1 - q)) + 1 with q read as the decimal that the plan writes. "
     "Supported if P(X <= x + u | K = floor(N (1 - q)) + 1) <= 1 - confidence, contradicted if "
     "P(X >= x | K = floor(N (1 - q))) <= 1 - confidence, for x relevant and u unreadable of n "
     "drawn; the first of these probabilities is the p-value. Where the relevance query has the "
     "method anytime, each is instead the greatest P(X = x | K) / m(x) over all K of its null, "
     "m(x) "
     "being the probability of x under the prior, and holds at every look."},
    {FOR_ALL, "Completeness",
     "read = accepted + rejected; accepted = population + duplicates + excluded. Both are checked "
     "when the report is made."},
    {FOR_ALL, "Repeating this report",
     "The same logs, plan and labels give the same bytes. The digests on the cover tell whether "
     "they are the same: SHA-256 of the plan's file, of the catalogue, and of the log files."},
};

/* What is said instead where figures have noise. */
static const struct {
    const char *name, *text;
} with_noise[] = {
    {"user", "The account that a conversation belongs to. Conversations whose user the log does "
             "not name are "
             "left out."},
    {"population",
     "The accepted conversations that are no duplicates, pass the plan's filter of dates and "
     "fields, "
     "have a user, and are among those of their user that count (the cap). N is its size."},
    {"withheld", "A figure that is not told; its cell says so. An empty cell is one where there is "
                 "nothing to say."},
    {"Counts", "Every conversation of the capped population is counted, and noise is added to the "
               "count. Share = conversations of the row / N, both with noise."},
    {"Random sample",
     "Drawn by size: the units of the frame with the smallest tickets, so many of them. Drawn "
     "by shares: of each stratum every unit whose ticket is in the stated share of all possible "
     "tickets, so that each is drawn with that chance by itself and how many are drawn follows "
     "from it. Tickets are those of consistent sampling (Rivest, \"Consistent Sampling with "
     "Replacement\", 2018, with SHA-256 of FIPS 180-4). The frame is fixed before the seed is "
     "known, so that nobody can steer the draw; that this was the order is proven only as far "
     "as the seed's source proves it."},
    {"Claims",
     "With q read as the decimal that the plan writes, supported if the upper end on the number "
     "relevant K, one-sided at 1 - confidence, is at most floor(N (1 - q)) of the least N there "
     "can be, contradicted if the lower end is more than that of the greatest N. The ends are "
     "made as those of the relevance table, with the noise counted in: of a sample drawn by "
     "size an eighth of the chance to err goes to each of N, n and u, of one drawn by shares to "
     "each of N and u, and the rest to x. The p-value is the least 1 - confidence that supports "
     "the claim, to two or three digits and from above."},
    {"Completeness", "With noise nothing is told of records outside the population: their number "
                     "would tell of single users."},
    {"Repeating this report",
     "The same questions about the same logs get the same figures from the ledger. The digests of "
     "catalogue and logs on the cover are salted with the ledger's secret: equal ones mean equal "
     "logs, "
     "and nobody else can compute them."},
};

static const char *text_of(const struct answer *answer, const struct text *text)
{
    for (size_t i = 0; i < sizeof with_noise / sizeof *with_noise; i++)
        if (release_is_noisy(answer->release) && strcmp(with_noise[i].name, text->name) == 0)
            return with_noise[i].text;
    return text->text;
}

static enum status add_texts(struct answer *answer, const struct text *texts, size_t count,
                             int kinds, struct result_pairs *to, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (texts[i].kinds & kinds)
            TRY(result_pair_add(answer->result, to, texts[i].name, text_of(answer, &texts[i]),
                                err));
    return STATUS_OK;
}

static enum status add_interval(struct answer *answer, const struct interval_method *method,
                                struct error *err)
{
    const char *text = result_printf(
        answer->result, "%s %s Guarantee: %s. Source: %s", method->summary, method->formula,
        method->guarantee == INTERVAL_EXACT
            ? "the bounds hold with at least the stated confidence, whatever K is"
            : "approximate; the true confidence can be lower than stated",
        method->source);
    if (!text)
        return error_nomem(err);
    return result_pair_add(answer->result, &answer->result->methods, method->title, text, err);
}

/* The interval methods that the relevance answers use, as stats/ describes them, in its order. */
static enum status add_intervals(struct answer *answer, struct error *err)
{
    const struct plan *plan = answer->plan;
    size_t count;
    const struct interval_method *list = interval_method_list(&count);
    for (size_t i = 0; i < count; i++) {
        bool used = false;
        for (size_t q = 0; q < plan->query_count; q++)
            used |= plan->queries[q].kind == QUERY_RELEVANCE &&
                    answer_interval_method(&plan->queries[q]) == &list[i];
        if (used)
            TRY(add_interval(answer, &list[i], err));
    }
    return STATUS_OK;
}

/* The bounds of samples in strata or with checked labels, once each. */
static enum status add_designs(struct answer *answer, struct error *err)
{
    const struct plan *plan = answer->plan;
    const char *told[8];
    size_t count = 0;
    for (size_t q = 0; q < plan->query_count; q++) {
        struct answer_sample sample;
        bool seen = false;
        if (plan->queries[q].kind != QUERY_RELEVANCE)
            continue;
        TRY(answer_sample_of(answer, q, &sample, err));
        if (sample.state != SAMPLE_THERE || answer_is_simple(&sample))
            continue;
        const char *title = design_title(&sample.design);
        for (size_t i = 0; i < count; i++)
            seen = seen || told[i] == title;
        if (seen || count == sizeof told / sizeof *told)
            continue;
        told[count++] = title;
        bool pooled = sample.design.count > 1 && sample.design.combination == DESIGN_POOLED &&
                      !sample.design.checked && !sample.design.prior;
        const char *text = result_printf(
            answer->result,
            "%s Guarantee: the bounds hold with at least the stated confidence, whatever the "
            "numbers relevant are. Sources: %s",
            design_summary(&sample.design),
            pooled ? "W. Hoeffding, Ann. Math. Statist. 27 (1956); V. A. Vatutin and V. G. "
                     "Mikhailov, Theory Probab. Appl. 27 (1982)."
                   : "Z. Sidak, JASA 62 (1967); P. Stark, Ann. Appl. Stat. 2 (2008); K. Ottoboni "
                     "et al., E-Vote-ID 2018; R. A. Fisher, Statistical Methods for Research "
                     "Workers (1932).");
        if (!text)
            return error_nomem(err);
        TRY(result_pair_add(answer->result, &answer->result->methods, title, text, err));
    }
    return STATUS_OK;
}

static bool defines(const struct plan_query *query, const char *definition)
{
    return query->kind == QUERY_RELEVANCE && query->definition &&
           (!definition || strcmp(query->definition, definition) == 0);
}

/* The ids of all queries from FIRST on that define as it does; NULL if an earlier one did, and
 * without memory, which sets *FAILED. */
static const char *ids_of_definition(struct answer *answer, size_t first, bool *failed)
{
    const struct plan *plan = answer->plan;
    const char *definition = plan->queries[first].definition, *ids = plan->queries[first].id;
    for (size_t i = 0; i < first; i++)
        if (defines(&plan->queries[i], definition))
            return NULL;
    for (size_t i = first + 1; ids && i < plan->query_count; i++)
        if (defines(&plan->queries[i], definition))
            ids = result_printf(answer->result, "%s, %s", ids, plan->queries[i].id);
    *failed = !ids;
    return ids;
}

/* What the plan itself defines: what is relevant, once for all queries with the same definition. */
static enum status add_plan_definitions(struct answer *answer, struct error *err)
{
    const struct plan *plan = answer->plan;
    for (size_t i = 0; i < plan->query_count; i++) {
        const struct plan_query *query = &plan->queries[i];
        if (!defines(query, NULL))
            continue;
        bool failed = false;
        const char *ids = ids_of_definition(answer, i, &failed);
        if (!ids && !failed)
            continue;
        const char *name = ids ? result_printf(answer->result, "relevant (%s)", ids) : NULL;
        if (!name)
            return error_nomem(err);
        TRY(result_pair_add(answer->result, &answer->result->definitions, name, query->definition,
                            err));
    }
    return STATUS_OK;
}

/* What is checked of each kind of identifier, once a kind, in the order of the queries. */
static enum status add_checks(struct answer *answer, struct error *err)
{
    const struct plan *plan = answer->plan;
    uint64_t told = 0;
    for (size_t q = 0; q < plan->query_count; q++) {
        const struct plan_query *query = &plan->queries[q];
        for (size_t i = 0; query->kind == QUERY_IDENTIFIERS && i < query->term_count; i++) {
            const struct plan_identifier *kind = &query->identifiers[i];
            if (told >> kind->kind & 1)
                continue;
            told |= (uint64_t)1 << kind->kind;
            const char *text = result_printf(
                answer->result, "Checked: %s.%s Source: %s.", kind->checked,
                kind->shape_only ? " This is its pattern alone: what has it need not be one." : "",
                kind->source);
            if (!text)
                return error_nomem(err);
            TRY(result_pair_add(answer->result, &answer->result->methods, kind->title, text, err));
        }
    }
    return STATUS_OK;
}

static enum status add_noise(struct answer *answer, struct error *err)
{
    struct result *result = answer->result;
    const char *name, *value;
    for (size_t i = 0; release_fact(answer->release, i, &name, &value); i++)
        if (strcmp(name, "law") == 0)
            TRY(result_pair_add(result, &result->methods, "Noise", value, err));
    double level = 100 * release_confidence(answer->release);
    const char *text = result_printf(
        result,
        "A figure plus and minus the least number that the noise passes with a chance of at most "
        "%g %%, and not below 0. Each figure's ends hold by themselves; since the noises are "
        "independent, those of m figures hold together with at least (%g)^m. A share r "
        "is kept unless the chance that the part's noise less r times the whole's is as high, or "
        "as "
        "low, as what was told is at most half of that: Fieller's argument with the exact laws of "
        "both noises instead of the normal one, so that the share lies between its ends with at "
        "least %g %% confidence, whatever the numbers are. (Of a figure in itself: its ends "
        "divided "
        "by each other, each with half the chance.)",
        100 - level, level / 100, level);
    if (!text)
        return error_nomem(err);
    return result_pair_add(result, &result->methods, "Bounds of figures with noise", text, err);
}

enum status answer_texts(struct answer *answer, struct error *err)
{
    struct result *result = answer->result;
    int kinds = 1 << QUERY_KIND_COUNT; /* of FOR_ALL alone */
    for (size_t i = 0; i < answer->plan->query_count; i++)
        kinds |= 1 << answer->plan->queries[i].kind;
    TRY(add_texts(answer, definitions, sizeof definitions / sizeof *definitions, kinds,
                  &result->definitions, err));
    TRY(add_plan_definitions(answer, err));
    TRY(add_texts(answer, methods, sizeof methods / sizeof *methods, kinds, &result->methods, err));
    TRY(add_checks(answer, err));
    if (kinds & FOR_RELEVANCE && !release_is_noisy(answer->release)) {
        TRY(add_intervals(answer, err));
        TRY(add_designs(answer, err));
    }
    if (release_is_noisy(answer->release))
        TRY(add_noise(answer, err));
    TRY(answer_coverage(answer, err));
    if (release_min_users(answer->release) > 1) {
        const char *text = result_printf(
            result,
            "A figure that rests on fewer than %u users, and on at least one, is withheld, with as "
            "many others of its table as keep its value open to a reader who knows the table's "
            "totals, shares and other columns. Zero is shown.",
            (unsigned)release_min_users(answer->release));
        if (!text)
            return error_nomem(err);
        TRY(result_pair_add(result, &result->methods, "Small cells", text, err));
    }
    return STATUS_OK;
}
