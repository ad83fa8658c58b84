#!/usr/bin/env python3
"""Search terms beside topics by rules, patterns and options of proposals that are made of the same
words, in one report: where few users have what follows from them together, not all is shown; where
many have, it is. Prints TAP."""
import json
import os
import tempfile

from check import check, finish
from reports import plan_of, report_of, rows_of, value


def write_logs(folder, said):
    """(how many users, words, day, country) each."""
    user = 0
    with open(os.path.join(folder, "logs.jsonl"), "w", encoding="utf-8") as file:
        for count, words, day, country in said:
            for _ in range(count):
                file.write(json.dumps({
                    "id": f"c{user}", "user": f"u{user}", "created": f"2024-{day}T00:00:00Z",
                    "country": country,
                    "messages": [{"role": "user", "content": words or "nothing"}]}) + "\n")
                user += 1


def write_topics(folder, assign, **rules):
    with open(os.path.join(folder, "t.json"), "w", encoding="utf-8") as file:
        json.dump({"proffer_taxonomy": 1, "title": "t", "assign": assign,
                   "topics": [{"name": name, "term": rule} for name, rule in rules.items()]}, file)
    return {"id": "topics", "kind": "topics", "taxonomy": "t.json"}


def terms(*asked, **more):
    return {"id": "terms", "kind": "terms", "terms": list(asked), **more}


def figures(report, table):
    return [value(row, "conversations") for row in rows_of(report, table)]


def ask(title, said, make, sizes, few):
    """Figures of the TABLES of a report, of which SIZES are looked at: (table, row) each. MAKE makes
    its queries in a folder."""
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, said)
        report, why = report_of(folder, plan_of(make(folder), ledger=False))
        shown = report and [figures(report, table)[row] for table, row in sizes]
        return check(report and (None in shown) == few, title, shown or why)


def options_of_days():
    """February's users of a term, as an option tells, are five in three groups, of which so none has
    more than three."""
    for few, some in ((True, (2, 2, 1)), (False, (12, 12, 11))):
        said = [(30, "", "01-05", "A"), (30, "", "02-05", "B")]
        said += [(count, "apple", "01-05", x) for count, x in zip((20, 4, 4), "ABC")]
        said += [(count, "apple", "02-05", x) for count, x in zip(some, "ABC")]
        option = {"id": "O", "query": "terms", "terms": ["T1"], "from": "2024-02-01"}
        ask(f"an option of some days and {some} users in its groups", said, lambda _: [
            terms("apple", by=["month", "country"]),
            {"id": "options", "kind": "proposals", "options": [option]}], [("options", 0)], few)


def options_within_months():
    """Two options that begin within January: what they differ in is March and April, and with all
    conversations and the other rows before it tells what one row of February has."""
    for few, some in ((True, 3), (False, 12)):
        said = [(11, "", "01-05", "m"), (6, "", "01-25", "m"), (24, "", "01-05", "n"),
                (13, "", "01-25", "n"), (some, "", "02-25", "m"), (17, "", "02-25", "n"),
                (2, "", "03-05", "m"), (7, "", "03-05", "n"), (2, "", "04-10", "m")]
        options = [{"id": "O", "from": "2024-01-20", "to": "2024-02-29"},
                   {"id": "P", "from": "2024-01-20"}]
        ask(f"options that begin within a month and {some} users of another", said, lambda _: [
            {"id": "count", "kind": "count", "by": ["month", "country"]},
            {"id": "options", "kind": "proposals", "options": options}],
            [("options", 0), ("options", 1), ("count", 0), ("count", 1), ("count", 3)], few)


def patterns():
    """A pattern that is the word, beside three groups of the term, of five users."""
    for few, some in ((True, (2, 2, 1)), (False, (12, 12, 11))):
        said = [(30, "", "01-05", x) for x in "ABC"]
        said += [(count, "apple", "01-05", x) for count, x in zip(some, "ABC")]
        ask(f"a pattern and {some} users in the groups of the term", said, lambda _: [
            terms("apple", by=["country"]),
            {"id": "patterns", "kind": "regex", "patterns": [r"\bapple\b"]}], [("patterns", 0)], few)


def rules():
    """Apples or pears, in a topic, and apples, in another: pears alone are in neither."""
    for few, some in ((True, 3), (False, 12)):
        said = [(40, "apple", "01-05", "A"), (20, "apple pear", "01-05", "A"),
                (some, "pear", "01-05", "A"), (40, "", "01-05", "A")]
        for assign in "all", "first":
            ask(f"topics of which {assign} count and {some} users of a term", said, lambda folder: [
                terms("apple", "plum"),
                write_topics(folder, assign, either="apple OR pear")],
                [("topics", 0), ("terms", 0)], few)
            # Of three figures: who says pears, less who says both, which is who says either, less
            # who says neither.
            ask(f"topics of which {assign} count, of both, and {some} users of one", said,
                lambda folder: [terms("pear", "plum"),
                                write_topics(folder, assign, both="apple AND pear")],
                [("topics", 0), ("terms", 0)], few)


options_of_days()
options_within_months()
patterns()
rules()
finish()
