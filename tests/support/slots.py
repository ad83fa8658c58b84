"""Queries of identifiers, patterns, topics by rules and search terms that find the letters of a
conversation (letters.py), and what their reports show."""
import letters
import reports
from files import write_json
from reports import is_shown

# What stands for a letter in the text, as a word and as an identifier.
WORDS = {"a": "alpha", "b": "bravo", "c": "carol", "d": "delta"}
MARKS = {"a": "post@kontor-nord.de", "b": "call +49 30 2270", "c": "ssn 536-22-8726",
         "d": "DE02120300000000202051"}
KINDS = {"a": "email", "b": "phone", "c": "ssn", "d": "iban"}
# More than combinations are made of.
MANY = ["email", "phone", "ssn", "card", "iban", "ipv4", "ipv6", "aws_key", "llm_key", "jwt",
        "slack_token", "google_key"]


def write_logs(folder, conversations):
    letters.write_logs(folder, conversations,
                       lambda own: " . ".join(f"{WORDS[x]} . {MARKS[x]}" for x in own))


def query(folder, number, asked):
    """"i", "p", "f", "m", "t": identifiers, patterns, topics of which the first or every match
    counts, terms; then a letter each. "k" is many kinds of identifiers; "F" and "M" are topics by
    the letters and many more."""
    kind, own = asked[0], asked[1:]
    made = {"id": f"q{number}"}
    if kind == "i":
        return {**made, "kind": "identifiers", "kinds": [KINDS[x] for x in own]}
    if kind == "k":  # without so many of the last ones
        return {**made, "kind": "identifiers", "kinds": MANY[:len(MANY) - int(own or 0)]}
    if kind == "p":
        return {**made, "kind": "regex", "patterns": [WORDS[x] for x in own]}
    if kind == "t":
        return {**made, "kind": "terms", "terms": [WORDS[x] for x in own]}
    topics = [{"name": x, "term": WORDS[x]} for x in own]
    if kind in "FM":
        topics += [{"name": f"more {i}", "term": f"more{i}"} for i in range(12)]
    write_json(folder, f"{asked}.json",
               {"proffer_taxonomy": 1, "title": "t", "assign": "all" if kind in "mM" else "first",
                "topics": topics})
    return {**made, "kind": "topics", "taxonomy": f"{asked}.json"}


def run(folder, *asked, **more):
    """The report of these queries, q0, q1, ..., and what the program said."""
    queries = [query(folder, i, q) for i, q in enumerate(asked)]
    return reports.report_of(folder, reports.plan_of(queries, **more))


def figures(report, number=0):
    """Conversations of each row of a query, None where withheld."""
    return reports.figures(report, f"q{number}")


def figures_of(world, asked, months, report, number=0):
    """(what is in it, whether it is shown) of each figure of a query of those MONTHS."""
    def row_of(test):
        return world.which(lambda said, month: month in months and test(said))

    kind, asked_for = asked[0], asked[1:]
    rows = reports.rows_of(report, f"q{number}")
    for i, row in enumerate(rows):
        before, own = set(asked_for[:i]), asked_for[i:i + 1]
        if i == len(rows) - 1:
            yield row_of(lambda said: True), is_shown(row, "conversations")
        elif i >= len(asked_for):
            none = kind in "fm" or i > len(asked_for)
            yield (row_of(lambda said, none=none: none != bool(said & set(asked_for))),
                   is_shown(row, "conversations"))
        else:
            yield (row_of(lambda said, own=own, before=before:
                          own in said and not (kind == "f" and said & before)),
                   is_shown(row, "conversations"))
        if kind == "t" and i < len(asked_for):
            yield (row_of(lambda said, own=own: said & set(asked_for) == {own}),
                   is_shown(row, "unique_conversations"))
            yield (row_of(lambda said, own=own, before=before: own in said and not said & before),
                   is_shown(row, "added_conversations"))
