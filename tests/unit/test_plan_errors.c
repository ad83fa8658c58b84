/* Plans that are wrong, each with the exact place, text and hint that a person reads. */
#include "tests/support/support.h"

#include "queries/plan.h"

#include <stdio.h>
#include <string.h>

static const char *dir;

/* PLAN goes around the body; Q around one query; the place begins with "plan.json". */
#define HEAD       "{\"proffer\":1,\"logs\":{\"paths\":[\"a\"]},"
#define PLAN(body) HEAD "\"queries\":[]," body "}"
#define LOGS(body) "{\"proffer\":1,\"queries\":[],\"logs\":{" body "}}"
#define Q(body)    HEAD "\"queries\":[" body "]}"
#define REL                                                                                        \
    "{\"id\":\"rel\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"     \
    "\"l\"}"

static const struct wrong {
    const char *plan, *where, *text, *hint;
} wrongs[] = {
    /* the plan as a whole */
    {"{}", "", "the key \"proffer\" is missing", "a plan begins with { \"proffer\": 1, ..."},
    {"{\"proffer\":2}", ": proffer", "this version reads plans of format 1, not 2", ""},
    {"{\"proffer\":\"1\"}", ": proffer", "must be a whole number, not a text", ""},
    {"{\"proffer\":1}", "", "the key \"logs\" is missing", ""},
    {HEAD "\"quereis\":[]}", "", "unknown key \"quereis\"", "did you mean \"queries\"?"},
    {HEAD "\"a\":1}", "", "unknown key \"a\"",
     "the keys here are proffer, title, matter, logs, catalogue, population, words, queries, "
     "assumptions, risks, release, report"},
    {PLAN("\"title\":\"\""), ": title", "must not be empty", ""},
    {PLAN("\"title\":\"a\",\"title\":\"b\""), ":1:62",
     "the key \"title\" stands here a second time", NULL},

    /* logs */
    {LOGS(""), ": logs", "the key \"paths\" is missing", ""},
    {LOGS("\"path\":[\"a\"]"), ": logs", "unknown key \"path\"", "did you mean \"paths\"?"},
    {LOGS("\"paths\":[]"), ": logs.paths", "the list must not be empty", ""},
    {LOGS("\"paths\":[\"a\",\"\"]"), ": logs.paths[1]", "must not be empty", ""},
    {LOGS("\"paths\":\"a\""), ": logs.paths", "must be a list of texts, not a text", ""},
    {LOGS("\"paths\":[\"a\"],\"format\":\"openia\""), ": logs.format",
     "\"openia\" is none of \"auto\", \"native\", \"openai\", \"lmsys\", \"wildchat\", "
     "\"sharegpt\", \"chatgpt-export\", \"claude-export\"",
     "did you mean \"openai\"?"},
    {LOGS("\"paths\":[\"a\"],\"max_record\":\"3 apples\""), ": logs.max_record",
     "\"3 apples\" is no size", "write bytes as a number, or a text such as \"64MiB\""},
    {LOGS("\"paths\":[\"a\"],\"max_record\":0"), ": logs.max_record", "must be at least 1 bytes",
     ""},
    {LOGS("\"paths\":[\"a\"],\"fields\":{\"month\":\"/m\"}"), ": logs.fields.month",
     "\"month\" is made from the conversation's time", "map \"time\" instead"},
    {LOGS("\"paths\":[\"a\"],\"fields\":{\"Prompt\":\"/m\"}"), ": logs.fields.Prompt",
     "the name \"Prompt\" already means something else", ""},
    {LOGS("\"paths\":[\"a\"],\"fields\":{\"my tier\":\"/m\"}"), ": logs.fields.my tier",
     "\"my tier\" cannot be the name of a field",
     "a name is a letter, then letters, digits, \"_\" or \"-\", at most 64 in all"},
    {LOGS("\"paths\":[\"a\"],\"fields\":{\"tier\":\"meta.tier\"}"), ": logs.fields.tier",
     "\"meta.tier\" is no JSON Pointer", "write the way to the value, such as \"/meta/account\""},
    {LOGS("\"paths\":[\"a\"],\"fields\":{\"tier\":{\"pointer\":\"/a~2\"}}"),
     ": logs.fields.tier.pointer", "\"/a~2\" is no JSON Pointer",
     "write the way to the value, such as \"/meta/account\""},
    {LOGS("\"paths\":[\"a\"],\"fields\":{\"model\":{\"pointer\":\"/a\",\"values\":[\"x\"]}}"),
     ": logs.fields.model.values", "values are listed for free fields only",
     "in \"by\", write { \"field\": \"model\", \"values\": [...] }"},
    {LOGS("\"paths\":[\"a\"],\"fields\":{\"tier\":{\"pointer\":\"/a\",\"values\":[\"x\",\"x\"]}}"),
     ": logs.fields.tier.values[1]", "\"x\" is listed twice", ""},

    /* words */
    {PLAN("\"words\":{\"alphabet\":\".\"}"), ": words.alphabet",
     "\".\" holds a character that cannot be made part of words", "only - and ' can be"},
    {PLAN("\"words\":{\"alphabet\":\"--\"}"), ": words.alphabet", "a character stands twice", ""},
    {PLAN("\"words\":{\"noise\":[\"\"]}"), ": words.noise[0]", "must not be empty", ""},

    /* population */
    {PLAN("\"population\":{\"from\":\"2024-01-01\",\"to\":\"2023-01-01\"}"), ": population",
     "\"from\" (2024-01-01) is after \"to\" (2023-01-01)", ""},
    {PLAN("\"population\":{\"from\":\"2023-02-29\"}"), ": population.from",
     "\"2023-02-29\" is no date", "write year, month and day: \"2023-01-31\""},
    {PLAN("\"population\":{\"from\":2023}"), ": population.from",
     "must be a date such as \"2023-01-31\", not a whole number", ""},
    {PLAN("\"population\":{\"exclude\":[{\"field\":\"acount\",\"in\":[\"x\"]}]}"),
     ": population.exclude[0].field", "unknown field \"acount\"", "did you mean \"account\"?"},
    {PLAN("\"population\":{\"include\":[{\"field\":\"time\",\"in\":[\"x\"]}]}"),
     ": population.include[0].field", "\"time\" cannot be filtered on",
     "use population.from and population.to, or a field such as month"},
    {PLAN("\"population\":{\"include\":[{\"field\":\"user\"}]}"), ": population.include[0]",
     "the values are missing", "list them in \"in\", or name a file of one a line in \"in_file\""},
    {PLAN("\"population\":{\"include\":[{\"field\":\"user\",\"in\":[\"x\"],\"in_file\":\"f\"}]}"),
     ": population.include[0]", "\"in\" and \"in_file\" cannot both be given",
     "list them in \"in\", or name a file of one a line in \"in_file\""},
    {PLAN("\"population\":{\"include\":[{\"field\":\"month\",\"in\":[\"2023-1\"]}]}"),
     ": population.include[0].in", "\"2023-1\" is no value of \"month\"",
     "its values are written like \"2023-01\""},
    {PLAN("\"population\":{\"exclude\":[{\"field\":\"user\",\"in_file\":\"none.txt\"}]}"),
     ": population.exclude[0].in_file", "cannot open \"DIR/none.txt\": no such file or directory",
     ""},
    {PLAN("\"population\":{\"exclude\":[{\"field\":\"user\",\"in_file\":\"bad.txt\"}]}"),
     ": population.exclude[0].in_file", "\"DIR/bad.txt\", line 2: not UTF-8 text", ""},
    {PLAN("\"population\":{\"exclude\":[{\"field\":\"user\",\"in_file\":\"empty.txt\"}]}"),
     ": population.exclude[0].in_file", "\"DIR/empty.txt\" lists no values", ""},

    /* queries in general */
    {Q("1"), ": queries[0]", "must be an object in braces, not a whole number", ""},
    {Q("{}"), ": queries[0]", "the key \"kind\" is missing", ""},
    {Q("{\"kind\":\"count\"}"), ": queries[0]", "the key \"id\" is missing", ""},
    {Q("{\"id\":\"a\",\"kind\":\"cuont\"}"), ": queries[0].kind", "unknown query kind \"cuont\"",
     "did you mean \"count\"?"},
    {Q("{\"id\":\"a\",\"kind\":\"graph\"}"), ": queries[0].kind", "unknown query kind \"graph\"",
     "the kinds are count, terms, topics, relevance, claim, overlap, identifiers, regex and "
     "proposals"},
    {Q("{\"id\":\"a\",\"kind\":\"overlap\"}"), ": queries[0]", "the key \"works\" is missing", ""},
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"by\":[{\"field\":\"model\",\"bins\":[0.5,0.5]}]}"),
     ": queries[0].by[0].bins[1]", "the bounds of bins must ascend", ""},
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"by\":[{\"field\":\"month\",\"bins\":[1]}]}"),
     ": queries[0].by[0].bins", "\"month\" is no field of numbers", ""},
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"by\":[{\"field\":\"model\",\"values\":[\"x\"],\"bins\":["
       "1]}"
       "]}"),
     ": queries[0].by[0].bins", "either values are listed or bins, not both", ""},
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"by\":[{\"field\":\"model\",\"bins\":[]}]}"),
     ": queries[0].by[0].bins", "there must be 1 to 100 bounds", ""},
    {Q("{\"id\":\"a\",\"kind\":\"proposals\"}"), ": queries[0]", "the key \"options\" is missing",
     ""},
    {Q("{\"id\":\"a\",\"kind\":\"proposals\",\"options\":[]}"), ": queries[0].options",
     "there must be 1 to 100 options", ""},
    {Q("{\"id\":\"a\",\"kind\":\"proposals\",\"options\":[{\"id\":\"A\"}]}"),
     ": queries[0].options[0]", "the option has no condition: terms, topics, overlap, from or to",
     ""},
    {Q("{\"id\":\"a\",\"kind\":\"proposals\",\"of\":\"re\",\"options\":[{\"id\":\"A\",\"from\":"
       "\"2023-01-01\"}]}," REL),
     ": queries[0].of", "no relevance query has the id \"re\"", "did you mean \"rel\"?"},
    {Q("{\"id\":\"a\",\"kind\":\"proposals\",\"options\":[{\"id\":\"A\",\"terms\":[\"T9\"]}]},"
       "{\"id\":\"t\",\"kind\":\"terms\",\"terms\":[\"apple\"]}"),
     ": queries[0].options[0].terms[0]", "the query \"t\" has no \"T9\"", "did you mean \"T1\"?"},
    {Q("{\"id\":\"a\",\"kind\":\"proposals\",\"options\":[{\"id\":\"A\",\"terms\":[\"T1\"]}]}"),
     ": queries[0].options[0].terms", "the plan has no query of kind \"terms\"", ""},
    {Q("{\"id\":\"a\",\"kind\":\"proposals\",\"options\":[{\"id\":\"A\",\"from\":\"2023-01-01\"},"
       "{\"id\":\"a\",\"from\":\"2023-01-01\"}]}"),
     ": queries[0].options[1]", "an option before it has the id \"A\"", ""},
    {Q("{\"id\":\"a\",\"kind\":\"proposals\",\"options\":[{\"id\":\"A\",\"from\":\"2023-01-02\","
       "\"to\":\"2023-01-01\"}]}"),
     ": queries[0].options[0]", "\"from\" is after \"to\"", ""},
    {Q("{\"id\":\"rel\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"
       "\"l\",\"search\":\"t\"},{\"id\":\"t\",\"kind\":\"count\"}"),
     ": queries[0].search",
     "\"t\" is a query of kind \"count\"; a search is one of kind terms, topics, overlap, "
     "identifiers or regex",
     ""},
    {Q("{\"id\":\"rel\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"
       "\"l\",\"method\":\"anytime\",\"adjudication\":{\"labels\":\"c\"}}"),
     ": queries[0].adjudication", "does not go with the method \"anytime\"",
     "checked labels have a bound of their own, exact and equal-tailed at a fixed size"},
    {Q("{\"id\":\"rel\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"
       "\"l\",\"adjudication\":{}}"),
     ": queries[0].adjudication", "the key \"labels\" is missing", ""},
    {Q("{\"id\":\"rel\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"
       "\"l\",\"adjudication\":{\"labels\":\"c\",\"share\":0}}"),
     ": queries[0].adjudication.share", "must be at least 0.000001 and at most 1", ""},
    {Q("{\"id\":\"rel\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"
       "\"l\",\"adjudication\":{\"labels\":\"c\",\"share\":1.5}}"),
     ": queries[0].adjudication.share", "must be at least 0.000001 and at most 1", ""},
    {Q("{\"id\":\"rel\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"
       "\"l\",\"adjudication\":{\"labels\":\"c\",\"share\":0.5,\"of_irrelevant\":\"all\"}}"),
     ": queries[0].adjudication.share", "all of the irrelevant labels are checked", ""},
    {Q("{\"id\":\"rel\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"
       "\"l\",\"adjudication\":{\"labels\":\"c\",\"share\":0.5}}"),
     "", "query \"rel\": adjudication.share goes with noise, and there is none",
     "proffer packet PLAN SAMPLE --adjudicate N says how many are checked"},
    {Q("{\"id\":\"1a\",\"kind\":\"count\"}"), ": queries[0].id", "\"1a\" cannot be an id",
     "an id is a letter, then letters, digits, \"_\" or \"-\", at most 64 in all"},
    {Q("{\"id\":\"Summary\",\"kind\":\"count\"}"), ": queries[0].id",
     "\"Summary\" is a part of every report: choose another id", ""},
    {Q("{\"id\":\"a\",\"kind\":\"count\"},{\"id\":\"A\",\"kind\":\"count\"}"), ": queries[1].id",
     "queries[0] already has the id \"a\"", ""},
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"weight\":0}"), ": queries[0].weight",
     "must be at least 1", ""},
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"within\":\"turn\"}"), ": queries[0]",
     "unknown key \"within\"", "the keys here are id, kind, title, weight, by"},

    /* by */
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"by\":[\"mnth\"]}"), ": queries[0].by[0]",
     "unknown field \"mnth\"", "did you mean \"month\"?"},
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"by\":[\"region\"]}"), ": queries[0].by[0]",
     "unknown field \"region\"", "a field of the log's own is named in logs.fields first"},
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"by\":\"month\"}"), ": queries[0].by",
     "must be a list, not a text", ""},
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"by\":[\"month\",\"user\"]}"), ": queries[0].by[1]",
     "\"user\" cannot be counted by: it would tell who the users are", ""},
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"by\":[{\"field\":\"id\"}]}"), ": queries[0].by[0].field",
     "\"id\" cannot be counted by: it would tell who the users are", ""},
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"by\":[\"time\"]}"), ": queries[0].by[0]",
     "\"time\" cannot be counted by", "use day, month, quarter, year or weekday"},
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"by\":[\"month\",\"month\"]}"), ": queries[0].by[1]",
     "\"month\" stands twice", ""},
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"by\":[{\"field\":\"model\",\"values\":[\"other\"]}]}"),
     ": queries[0].by[0].values[0]", "\"other\" is the name of the row for all other values",
     "leave it out: it is counted there"},
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"by\":[{\"field\":\"month\",\"values\":[\"x\"]}]}"),
     ": queries[0].by[0].values", "values cannot be listed for \"month\"",
     "limit the days with population.from and population.to"},
    {"{\"proffer\":1,\"logs\":{\"paths\":[\"a\"],\"fields\":{\"tier\":\"/t\"}},\"queries\":[{"
     "\"id\":\"a\",\"kind\":\"count\",\"by\":[\"tier\"]}]}",
     ": queries[0].by[0]", "the values of \"tier\" must be listed",
     "write { \"field\": \"tier\", \"values\": [...] }; all others are counted as \"other\""},
    {Q("{\"id\":\"a\",\"kind\":\"count\",\"by\":[\"day\",\"month\",\"quarter\",\"year\","
       "\"weekday\",\"model\",\"country\",\"language\",\"account\"]}"),
     ": queries[0].by", "at most 8 fields can be crossed", ""},

    /* terms */
    {Q("{\"id\":\"a\",\"kind\":\"terms\",\"terms\":[\"x\"],\"by\":[\"mnth\"]}"),
     ": queries[0].by[0]", "unknown field \"mnth\"", "did you mean \"month\"?"},
    {Q("{\"id\":\"a\",\"kind\":\"terms\",\"terms\":[\"x\"],\"by\":\"month\"}"), ": queries[0].by",
     "must be a list, not a text", ""},
    {"{\"proffer\":1,\"logs\":{\"paths\":[\"a\"],\"fields\":{\"term\":{\"pointer\":\"/"
     "t\",\"values\":["
     "\"1\"]}}},\"queries\":[{\"id\":\"a\",\"kind\":\"terms\",\"terms\":[\"x\"],\"by\":[\"term\"]}]"
     "}",
     ": queries[0].by", "\"term\" is a column of this table",
     "give the field another name in logs.fields"},
    {Q("{\"id\":\"a\",\"kind\":\"terms\"}"), ": queries[0]",
     "either \"terms\" or \"terms_file\" must be given", ""},
    {Q("{\"id\":\"a\",\"kind\":\"terms\",\"terms\":[\"x\"],\"terms_file\":\"f\"}"), ": queries[0]",
     "either \"terms\" or \"terms_file\" must be given, not both", ""},
    {Q("{\"id\":\"a\",\"kind\":\"terms\",\"terms\":[\"x\"],\"within\":\"row\"}"),
     ": queries[0].within", "\"row\" is none of \"turn\", \"exchange\", \"conversation\"", ""},
    {Q("{\"id\":\"a\",\"kind\":\"terms\",\"terms\":[\"T2: x\",\"y\"]}"), ": queries[0].terms[1]",
     "a second term is named \"T2\"",
     "a term without a name is called T and its place; name this one, or rename the other"},
    {Q("{\"id\":\"a\",\"kind\":\"terms\",\"terms\":[\"P1:  \"]}"), ": queries[0].terms[0]",
     "no term stands after \"P1:\"", ""},
    {Q("{\"id\":\"a\",\"kind\":\"terms\",\"terms_file\":\"none.txt\"}"), ": queries[0].terms_file",
     "cannot open \"DIR/none.txt\": no such file or directory", ""},
    {Q("{\"id\":\"a\",\"kind\":\"terms\",\"terms_file\":\"empty.txt\"}"), "DIR/empty.txt",
     "there are no terms in it", ""},
    {Q("{\"id\":\"a\",\"kind\":\"terms\",\"terms_file\":\"bad.txt\"}"), "DIR/bad.txt:2",
     "not valid UTF-8", ""},
    {Q("{\"id\":\"a\",\"kind\":\"terms\",\"terms_file\":\"doubled.txt\"}"), "DIR/doubled.txt:4",
     "the name P1 is taken by line 2", ""},

    /* topics */
    {Q("{\"id\":\"a\",\"kind\":\"topics\"}"), ": queries[0]",
     "either \"taxonomy\" or \"by\" must be given",
     "\"taxonomy\" names a file of rules, \"by\" a field of the log"},
    {Q("{\"id\":\"a\",\"kind\":\"topics\",\"by\":[\"model\",\"country\"]}"), ": queries[0].by",
     "topics are counted by exactly one field", ""},
    {Q("{\"id\":\"a\",\"kind\":\"topics\",\"by\":\"month\"}"), ": queries[0].by",
     "\"month\" is no field that the log carries", "a query of kind \"count\" can count by it"},
    {Q("{\"id\":\"a\",\"kind\":\"topics\",\"by\":\"model\",\"assign\":\"all\"}"),
     ": queries[0].assign", "goes with \"taxonomy\" only", ""},
    {Q("{\"id\":\"a\",\"kind\":\"topics\",\"taxonomy\":\"none.json\"}"), ": queries[0].taxonomy",
     "cannot open \"DIR/none.json\": no such file or directory", ""},
    {Q("{\"id\":\"a\",\"kind\":\"topics\",\"taxonomy\":\"broken.json\"}"), "DIR/broken.json:2:9",
     "a comma stands before the closing \"}\"", NULL},
    {Q("{\"id\":\"a\",\"kind\":\"topics\",\"taxonomy\":\"both.json\"}"), "DIR/both.json",
     "either \"groups\" or \"topics\" must be given, not both", ""},
    {Q("{\"id\":\"a\",\"kind\":\"topics\",\"taxonomy\":\"none_in.json\"}"), "DIR/none_in.json",
     "there are no topics", ""},
    {Q("{\"id\":\"a\",\"kind\":\"topics\",\"taxonomy\":\"twice.json\"}"),
     "DIR/twice.json: groups[1].topics[0].name", "a second topic is named \"A\"", ""},
    {Q("{\"id\":\"a\",\"kind\":\"topics\",\"taxonomy\":\"taken.json\"}"),
     "DIR/taken.json: topics[0].name",
     "\"none of these\" is the name of the row for all that no topic finds", ""},
    {Q("{\"id\":\"a\",\"kind\":\"topics\",\"taxonomy\":\"rule.json\"}"),
     "DIR/rule.json: topics[1].term", NULL, NULL},

    /* relevance and claim */
    {Q("{\"id\":\"a\",\"kind\":\"relevance\",\"definition\":\"d\"}"), ": queries[0]",
     "the key \"sample\" is missing", ""},
    {Q("{\"id\":\"a\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"
       "\"l\",\"confidence\":95}"),
     ": queries[0].confidence", "must be more than 0 and less than 1", "write 0.95 for 95 %"},
    {Q("{\"id\":\"a\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"
       "\"l\",\"method\":\"wald\"}"),
     ": queries[0].method", "\"wald\" is none of \"equal-tailed\", \"blaker\", \"anytime\"", ""},
    {Q("{\"id\":\"a\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"
       "\"l\",\"prior\":[1,1]}"),
     ": queries[0].prior", "only the method \"anytime\" has a prior",
     "add \"method\": \"anytime\", or leave the prior out"},
    {Q("{\"id\":\"a\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"
       "\"l\",\"method\":\"anytime\",\"prior\":[1]}"),
     ": queries[0].prior", "must be two numbers, the a and b of Beta(a, b)", ""},
    {Q("{\"id\":\"a\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"
       "\"l\",\"method\":\"anytime\",\"prior\":[1,\"b\"]}"),
     ": queries[0].prior[1]", "must be a number, not a text", ""},
    {Q("{\"id\":\"a\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"
       "\"l\",\"method\":\"anytime\",\"prior\":[0,1]}"),
     ": queries[0].prior", "a parameter of the prior must lie between 0.001 and 1000000000, not 0",
     ""},
    {Q("{\"id\":\"a\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"
       "\"l\",\"confidence\":\"95%\"}"),
     ": queries[0].confidence", "must be a number, not a text", ""},
    {Q("{\"id\":\"a\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":\"s\",\"labels\":"
       "\"l\",\"unit\":\"message\"}"),
     ": queries[0].unit", "\"message\" is none of \"conversation\", \"exchange\", \"user\"", ""},
    {Q(REL ",{\"id\":\"c\",\"kind\":\"claim\",\"of\":\"rle\",\"irrelevant_at_least\":0.9}"),
     ": queries[1].of", "no relevance query has the id \"rle\"", "did you mean \"rel\"?"},
    {Q("{\"id\":\"c\",\"kind\":\"claim\",\"of\":\"c\",\"irrelevant_at_least\":0.9}"),
     ": queries[0].of",
     "\"c\" is a query of kind \"claim\"; a claim is about one of kind \"relevance\"", ""},
    {Q(REL ",{\"id\":\"c\",\"kind\":\"claim\",\"of\":\"rel\",\"irrelevant_at_least\":99.99}"),
     ": queries[1].irrelevant_at_least", "must be more than 0 and less than 1",
     "write 0.99 for 99 %"},
    {Q(REL ",{\"id\":\"c\",\"kind\":\"claim\",\"of\":\"rel\",\"irrelevant_at_least\":\"99%\"}"),
     ": queries[1].irrelevant_at_least",
     "\"99%\" is no share between 0 and 1, such as \"0.9999\", of at most 18 decimals", ""},

    /* release */
    {PLAN("\"release\":{\"min_users\":-1}"), ": release.min_users", "must be at least 0", ""},
    {PLAN("\"release\":{\"min_users\":1000001}"), ": release.min_users", "must be at most 1000000",
     ""},
    {PLAN("\"release\":{\"min_users\":1.5}"), ": release.min_users",
     "must be a whole number, not a decimal number", ""},
    {PLAN("\"release\":{\"unit\":\"conversation\"}"), ": release.unit",
     "\"conversation\" is not supported in this version; only \"user\" is", ""},
    {PLAN("\"release\":{\"noise\":\"some\"}"), ": release.noise",
     "must be \"none\" or an object in braces",
     "\"noise\": {\"mechanism\": \"discrete-gaussian\", \"rho\": 0.1}"},
    {PLAN("\"release\":{\"noise\":0}"), ": release.noise",
     "must be \"none\" or an object in braces",
     "\"noise\": {\"mechanism\": \"discrete-gaussian\", \"rho\": 0.1}"},
    {PLAN("\"release\":{\"budget\":{\"rho\":1,\"delta\":1e-9}}"), ": release.budget",
     "goes with noise, and there is none", ""},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"rho\":1},\"budget\":{"
          "\"rho\":"
          "1,\"delta\":1e-9},\"per_user\":{\"conversations\":5},\"per_conversation\":{"
          "\"occurrences\":0},\"ledger\":\"l\"}"),
     ": release.per_conversation.occurrences", "must be at least 1", ""},
    {PLAN("\"release\":{\"per_user\":{\"conversations\":5}}"), ": release.per_user",
     "goes with noise, and there is none", ""},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"epsilon\":1}}"),
     ": release.noise.epsilon", "discrete-gaussian is paid for in rho", ""},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-laplace\",\"rho\":1}}"),
     ": release.noise.rho", "discrete-laplace is paid for in epsilon", ""},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-laplace\"}}"), ": release.noise",
     "the key \"epsilon\" is missing: what this plan may spend", ""},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"rho\":0}}"),
     ": release.noise.rho", "must be above 0", ""},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"rho\":-1}}"),
     ": release.noise.rho", "must be above 0", ""},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"rho\":1e-300}}"),
     ": release.noise.rho", "must be at least 1e-12: noise would drown whatever it is added to",
     ""},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"rho\":1e7}}"),
     ": release.noise.rho", "must be at most 1,000,000", ""},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"rho\":0.1},\"budget\":{"
          "\"rho\":1,\"delta\":0}}"),
     ": release.budget.delta", "must be above 0", ""},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"rho\":0.1},\"budget\":{"
          "\"rho\":1,\"delta\":1}}"),
     ": release.budget.delta", "must be below 1", ""},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"rho\":0.1},\"budget\":{"
          "\"delta\":0.1}}"),
     ": release.budget", "one of \"rho\" and \"epsilon\" says how much", ""},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"rho\":0.1},\"budget\":{"
          "\"rho\":1,\"epsilon\":1,\"delta\":0.1}}"),
     ": release.budget", "one of \"rho\" and \"epsilon\" says how much", ""},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"rho\":1,\"delta\":0.1},"
          "\"budget\":{\"rho\":1,\"delta\":1e-9}}"),
     ": release.budget", "its delta is 1e-09 and that of the noise 0.1: they are one", ""},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"rho\":0.1}}"), ": release",
     "with noise the key \"budget\" is needed: what may be spent on the matter in all, ever",
     "\"budget\": {\"rho\": 1, \"delta\": 1e-9}"},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"rho\":0.1},\"budget\":{"
          "\"rho\":1,\"delta\":1e-9}}"),
     ": release",
     "with noise the key \"per_user\" is needed: without a cap one user could change a count "
     "without limit",
     "\"per_user\": {\"conversations\": 10}"},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"rho\":0.1},\"budget\":{"
          "\"rho\":1,\"delta\":1e-9},\"per_user\":{\"conversations\":0}}"),
     ": release.per_user.conversations", "must be at least 1", ""},
    {PLAN("\"release\":{\"noise\":{\"mechanism\":\"discrete-gaussian\",\"rho\":0.1},\"budget\":{"
          "\"rho\":1,\"delta\":1e-9},\"per_user\":{\"conversations\":5}}"),
     ": release",
     "with noise the key \"ledger\" is needed: what was spent must not be forgotten between two "
     "runs",
     "\"ledger\": \"ledger.db\""},

    /* report */
    {PLAN("\"report\":{\"dir\":\"\"}"), ": report.dir", "must not be empty", ""},
    {PLAN("\"report\":{\"date\":\"yesterday\"}"), ": report.date", "\"yesterday\" is no date",
     "write year, month and day: \"2023-01-31\""},
    {PLAN("\"report\":{\"xlsx\":null,\"json\":null}"), ": report", "nothing would be written",
     "name a file in one of \"xlsx\", \"json\", \"csv\", \"page\", \"draft\""},
    {PLAN("\"report\":{\"xlsx\":\"r\",\"json\":\"r\"}"), ": report",
     "\"xlsx\" and \"json\" name the same file", ""},
    {PLAN("\"report\":{\"csv\":\"r\",\"page\":\"r\"}"), ": report",
     "\"csv\" and \"page\" name the same file", ""},
    {PLAN("\"report\":{\"draft\":\"report.json\",\"draft_form\":\"f\"}"), ": report",
     "\"json\" and \"draft\" name the same file", ""},
    {PLAN("\"report\":{\"draft\":\"d.md\"}"), ": report", "\"draft\" wants a form to fill",
     "\"draft_form\": \"declaration.form.md\"; proffer new makes plans that have one"},
    {PLAN("\"report\":{\"draft\":null,\"draft_form\":\"f\"}"), ": report",
     "\"draft_form\" is given, and no \"draft\" to write", "\"draft\": \"declaration.md\""},
    {PLAN("\"report\":{\"caption\":\"In re X\"}"), ": report.caption",
     "must be a list of texts, not a text", ""},
    {PLAN("\"report\":{\"caption\":[\"In re X\",\"a\\u202eb\"]}"), ": report.caption[1]",
     "character 2 is U+202E, a control character", "state it in plain text of one line"},
    {PLAN("\"report\":{\"offered_as\":\"a\\u0007\"}"), ": report.offered_as",
     "character 2 is U+0007, a control character", "state it in plain text of one line"},
    {PLAN("\"report\":{\"inspection\":\"one\\ntwo\"}"), ": report.inspection",
     "character 4 is U+000A, a control character", "state it in plain text of one line"},
    {PLAN("\"report\":{\"stamp\":{}}"), ": report.stamp", "the key \"prefix\" is missing", ""},
    {PLAN("\"report\":{\"stamp\":{\"prefix\":\"&D\"}}"), ": report.stamp.prefix",
     "\"&D\" is no prefix of a stamp",
     "at most 20 letters from A to Z, digits, spaces, full stops, low lines and hyphens"},
    {PLAN("\"report\":{\"stamp\":{\"prefix\":\"A\",\"digits\":10}}"), ": report.stamp.digits",
     "must be at most 9", ""},
    {PLAN("\"report\":{\"stamp\":{\"prefix\":\"A\",\"first\":-1}}"), ": report.stamp.first",
     "must be at least 0", ""},
};

/* TEXT with "DIR" in place of the scratch folder. */
static void with_dir(const char *text, char *out, size_t size)
{
    size_t used = 0;
    while (*text && used + 1 < size) {
        if (strncmp(text, dir, strlen(dir)) == 0) {
            used += (size_t)snprintf(out + used, size - used, "DIR");
            text += strlen(dir);
        } else {
            out[used++] = *text++;
        }
    }
    out[used] = '\0';
}

static void test_wrong_plans(void **state)
{
    (void)state;
    const char *path = test_path(dir, "plan.json");
    test_write_text(test_path(dir, "empty.txt"), "\n \r\n");
    test_write_text(test_path(dir, "bad.txt"), "good\n\xC3(\n");
    test_write_text(test_path(dir, "doubled.txt"), "# list\nP1: a\n\nP1: b\n");
    test_write_text(test_path(dir, "broken.json"), "{\n \"a\": 1,}");
    test_write_text(test_path(dir, "both.json"),
                    "{\"proffer_taxonomy\":1,\"groups\":[],\"topics\":[]}");
    test_write_text(test_path(dir, "none_in.json"), "{\"proffer_taxonomy\":1,\"groups\":[]}");
    test_write_text(test_path(dir, "twice.json"),
                    "{\"proffer_taxonomy\":1,\"groups\":[{\"name\":\"G\",\"topics\":[{\"name\":"
                    "\"A\"}]},{\"name\":\"H\",\"topics\":[{\"name\":\"A\"}]}]}");
    test_write_text(test_path(dir, "taken.json"),
                    "{\"proffer_taxonomy\":1,\"topics\":[{\"name\":\"None of these\"}]}");
    test_write_text(test_path(dir, "rule.json"),
                    "{\"proffer_taxonomy\":1,\"topics\":[{\"name\":\"A\",\"term\":\"x\"},{\"name\":"
                    "\"B\",\"term\":\"x AND (\"}]}");
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        const struct wrong *w = &wrongs[i];
        struct plan plan;
        struct error err = ERROR_INIT;
        char where[600], text[1200], expected[600];
        test_write_text(path, w->plan);
        enum status status = plan_read(&plan, path, false, &err);
        plan_release(&plan);
        if (status != STATUS_PLAN)
            fail_msg("status %d for %s: %s", status, w->plan, err.text);
        assert_int_equal(err.code, STATUS_PLAN);
        with_dir(err.where, where, sizeof where);
        with_dir(err.text, text, sizeof text);
        snprintf(expected, sizeof expected, "%s%s",
                 strncmp(w->where, "DIR", 3) == 0 ? "" : "DIR/plan.json", w->where);
        if (strcmp(where, expected) != 0)
            print_message("%s\n", w->plan);
        assert_string_equal(where, expected);
        if (w->text)
            assert_string_equal(text, w->text);
        if (w->hint)
            assert_string_equal(err.hint, w->hint);
    }
}

/* A key that tries to write to the terminal is shown without its controls. */
static void test_hostile_key(void **state)
{
    (void)state;
    struct plan plan;
    struct error err = ERROR_INIT;
    const char *path = test_path(dir, "plan.json");
    test_write_text(path, HEAD "\"\\u001b[2Jx\\u009b\":1}");
    assert_int_equal(plan_read(&plan, path, false, &err), STATUS_PLAN);
    assert_string_equal(err.text, "unknown key \"?[2Jx?\"");
    plan_release(&plan);
}

static void test_odd_confidence_is_a_warning(void **state)
{
    (void)state;
    struct plan plan;
    struct error err = ERROR_INIT;
    const char *path = test_path(dir, "plan.json");
    test_write_text(path, Q("{\"id\":\"a\",\"kind\":\"relevance\",\"definition\":\"d\",\"sample\":"
                            "\"s\",\"labels\":\"l\",\"confidence\":0.05}"));
    assert_ok(plan_read(&plan, path, false, &err), err);
    assert_int_equal(plan.warning_count, 1);
    assert_string_equal(plan.warnings[0],
                        "queries[0].confidence: 0.05 is less than an even chance; 0.95 is usual");
    plan_release(&plan);
}

int main(void)
{
    dir = test_dir();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_plans),
        cmocka_unit_test(test_hostile_key),
        cmocka_unit_test(test_odd_confidence_is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
