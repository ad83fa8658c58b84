#!/usr/bin/env python3
"""Identifiers, patterns, topics by rules and search terms under one ledger, of populations with
different filters, as the whole program makes them: reports that leave out some of four months or
models each, and added up, less one of all, tell of one of them alone. Then random logs and series:
a reader who solves all linear equations that the figures shown are, over the conversations by what
is found in them and by month, finds no number of few. Prints TAP."""
import json
import os
import random
import sys
import tempfile

from check import check, finish, program
from equations import Equations

MIN = 5
# What stands for a letter in the text, as a word and as an identifier.
WORDS = {"a": "alpha", "b": "bravo", "c": "carol"}
MARKS = {"a": "post@kontor-nord.de", "b": "call +49 30 2270", "c": "ssn 536-22-8726"}
KINDS = {"a": "email", "b": "phone", "c": "ssn"}
# More than combinations are made of.
MANY = ["email", "phone", "ssn", "card", "iban", "ipv4", "ipv6", "aws_key", "llm_key", "jwt",
        "slack_token", "google_key"]
ALL = (1, 2, 3, 4)


def write_logs(folder, conversations):
    """(user, letters, month) each; its model has the month's number, too."""
    with open(os.path.join(folder, "logs.jsonl"), "w", encoding="utf-8") as file:
        for i, (user, letters, month) in enumerate(conversations):
            text = " . ".join(f"{WORDS[x]} . {MARKS[x]}" for x in letters) or "nothing"
            file.write(json.dumps({
                "id": f"c{i}", "user": f"u{user}", "created": f"2024-{month:02}-03T00:00:00Z",
                "model": f"m{month}", "messages": [{"role": "user", "content": text}]}) + "\n")


def query(folder, number, asked):
    """"i", "p", "f", "m", "t": identifiers, patterns, topics of which the first or every match
    counts, terms; then a letter each. "k" is many kinds of identifiers; "F" and "M" are topics by
    the letters and many more."""
    kind, letters = asked[0], asked[1:]
    made = {"id": f"q{number}"}
    if kind == "i":
        return {**made, "kind": "identifiers", "kinds": [KINDS[x] for x in letters]}
    if kind == "k":  # without so many of the last ones
        return {**made, "kind": "identifiers", "kinds": MANY[:len(MANY) - int(letters or 0)]}
    if kind == "p":
        return {**made, "kind": "regex", "patterns": [WORDS[x] for x in letters]}
    if kind == "t":
        return {**made, "kind": "terms", "terms": [WORDS[x] for x in letters]}
    topics = [{"name": x, "term": WORDS[x]} for x in letters]
    if kind in "FM":
        topics += [{"name": f"more {i}", "term": f"more{i}"} for i in range(12)]
    with open(os.path.join(folder, f"{asked}.json"), "w", encoding="utf-8") as file:
        json.dump({"proffer_taxonomy": 1, "title": "t",
                   "assign": "all" if kind in "mM" else "first", "topics": topics}, file)
    return {**made, "kind": "topics", "taxonomy": f"{asked}.json"}


def leaving(without, field="month"):
    """The filter that leaves out months, or the models of that name."""
    values = [f"2024-{m:02}" if field == "month" else f"m{m}" for m in without]
    return {"exclude": [{"field": field, "in": values}]} if values else {}


def run(folder, *asked, population=None, ledger=True):
    plan = {"proffer": 1, "title": "Filtered", "matter": "m-1", "logs": {"paths": ["*.jsonl"]},
            "population": population or {},
            "queries": [query(folder, i, q) for i, q in enumerate(asked)],
            "release": {"min_users": MIN, **({"ledger": "ledger.db"} if ledger else {})},
            "report": {"dir": "out", "json": "report.json"}}
    with open(os.path.join(folder, "plan.json"), "w", encoding="utf-8") as file:
        json.dump(plan, file)
    status, said = program("run", "-q", "plan.json", cwd=folder)
    if status:
        return None, said
    with open(os.path.join(folder, "out", "report.json"), encoding="utf-8") as file:
        return json.load(file), said


def figures(report, number=0):
    """Conversations of each row of a query, None where withheld."""
    [table] = [t for t in report["tables"] if t["id"] == f"q{number}"]
    return [None if row.get("flags", {}).get("conversations") == "withheld" else row["conversations"]
            for row in table["rows"]]


def words_of_release(report):
    return json.dumps(report["release"])


# ---- of one month alone ----

THREE = ((1, 2), (2, 3), (1, 3))


def of_the_last(told):
    """What three reports and that of all tell of the last month, twice."""
    return sum(told[:3]) - told[3]


def follow(asked, some, series=THREE, field="month"):
    """Figures of a in reports that leave out SERIES, and of one of all, which ask for ASKED in turn;
    of the last month SOME users say it."""
    logs = [(user + 100 * month, ["a"] if user < (20, 20, 20, some)[month - 1] else [], month)
            for month in ALL for user in range(60)]
    told = []
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, logs)
        for i, without in enumerate((*series, ())):
            question = asked[i % len(asked)]
            report, said = run(folder, *question.split(), population=leaving(without, field))
            row = 0 if question[0] == "k" else question.index("a") - 1
            told.append(said if report is None else figures(report)[row])
    return told


def of_one_month():
    asked = ["iab"], ["pab"], ["fab"], ["mab"], ["mab", "tab"], ["tba", "fab", "mac"], ["k"], ["k", "k1"], \
        ["Fab", "Fab", "Fab", "Fab Ma"]
    for question, field in [*((q, "month") for q in asked), (["iab"], "model"), (["mab"], "model")]:
        for few, some in (True, 3), (False, 12):
            told = follow(question, some, field=field)
            whole = all(figure is None or isinstance(figure, int) for figure in told)
            check(whole and (None in told) == few and (few or of_the_last(told) == 2 * some),
                  f"{' '.join(question)} by {field}: {some} users of one that filters leave alone", told)


def nested():
    """A filter more leaves out few."""
    for question in "iab", "pab", "mab", "fab":
        for few, some in (True, 3), (False, 12):
            told = follow([question], some, series=((4,),))
            check((None in told) == few and all(f is None or isinstance(f, int) for f in told),
                  f"{question}: a filter leaves out {some} users", told)


def no_difference():
    """A filter that leaves out nothing: figures are the same, and withheld alike."""
    logs = [(user, ["a"] if user < 60 else ["b"] if user < 63 else [], 1) for user in range(100)]
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, logs)
        before, _ = run(folder, "iab")
        after, said = run(folder, "iab", population=leaving((4,), "model"))
        check(after is not None and figures(after) == figures(before) and None in figures(after) and
              "(such queries: 1)" in words_of_release(after),
              "another population with the same conversations", said or figures(after))


def unknown_filters():
    """A filter on users is not written down: such a population is not counted anew."""
    logs = [(user, ["a"], 1 + user % 4) for user in range(100)]
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, logs)
        run(folder, "iab", population={"exclude": [
            {"field": "user", "in": [f"u{i}" for i in range(10)]}]})
        run(folder, "iab", "pab", population=leaving((1,)))
        report, said = run(folder, "ib", "pb")
        words = report and words_of_release(report)
        check(report is not None and "(such queries: 2)" in words and
              "Not so judged: 1 of populations" in words, "a filter on users", said or words[-900:])


# ---- a reader who solves equations ----

LETTERS = "ab"
ATOMS = [(frozenset(x for i, x in enumerate(LETTERS) if bits >> i & 1), month)
         for bits in range(1 << len(LETTERS)) for month in ALL]


def which(test):
    return [1 if test(*atom) else 0 for atom in ATOMS]


def rows_of(asked, months, report, number):
    """(what is in it, whether it is shown) of each figure of a query of those MONTHS."""
    def row_of(test):
        return which(lambda said, month: month in months and test(said))

    kind, letters = asked[0], asked[1:]
    [table] = [t for t in report["tables"] if t["id"] == f"q{number}"]
    for i, row in enumerate(table["rows"]):
        def is_shown(column, row=row):
            return row.get("flags", {}).get(column) != "withheld"

        before, own = set(letters[:i]), letters[i:i + 1]
        if i == len(table["rows"]) - 1:
            yield row_of(lambda said: True), is_shown("conversations")
        elif i >= len(letters):
            none = kind in "fm" or i > len(letters)
            yield (row_of(lambda said, none=none: none != bool(said & set(letters))),
                   is_shown("conversations"))
        else:
            yield (row_of(lambda said, own=own, before=before:
                          own in said and not (kind == "f" and said & before)),
                   is_shown("conversations"))
        if kind == "t" and i < len(letters):
            yield (row_of(lambda said, own=own: said & set(letters) == {own}),
                   is_shown("unique_conversations"))
            yield (row_of(lambda said, own=own, before=before: own in said and not said & before),
                   is_shown("added_conversations"))


# Of each report its queries and the months that it leaves out.
SERIES = [
    [("ia", (1, 2)), ("iab", (2, 3)), ("ia", (1, 3)), ("iba", ())],
    [("fab", (1, 2)), ("fba", (2, 3)), ("fab", (1, 3)), ("mab", ())],
    [("tab", (1, 2)), ("mab", (2, 3)), ("ta", (1, 3)), ("fba", ())],
    [("pab", (1,)), ("pab", (2,)), ("pb", (1, 2)), ("pab", ())],
    [("mab", (4,)), ("tba", (1, 2, 3)), ("mab", ())],
    [("iab", (1, 4)), ("iab", (2, 4)), ("iab", (1, 2)), ("iab", (4,)), ("iab", ())]]


def random_series(seed, ledger=True):
    """How many numbers are of few users, how many of them follow, and how many figures are shown."""
    rng = random.Random(seed)
    share = {x: rng.choice([.1, .3, .6, .9]) for x in LETTERS}
    weight = [rng.choice([1, 3, 9]) for _ in ALL]
    logs = [(user, [x for x in LETTERS if rng.random() < share[x]], rng.choices(ALL, weight)[0])
            for user in range(rng.randrange(60, 140))]
    size = [sum((frozenset(letters), month) == atom for _, letters, month in logs)
            for atom in ATOMS]
    reader, numbers, count = Equations(), [], 0
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, logs)
        for asked, without in SERIES[seed % len(SERIES)]:
            report, why = run(folder, asked, population=leaving(without, rng.choice(["month", "model"])),
                              ledger=ledger)
            if report is None and ("would follow" in why or "would tell" in why or
                                   "the whole population has fewer" in why):
                continue
            if report is None:
                raise AssertionError(why)
            months = set(ALL).difference(without)
            reader.learn(which(lambda said, month: month in months))
            for row, is_shown in rows_of(asked, months, report, 0):
                count += is_shown
                if is_shown:
                    reader.learn(row)
                else:
                    numbers.append(row)
    told = [set(ALL).difference(without) for _, without in SERIES[seed % len(SERIES)]]
    told += [more - less for more in told for less in told if less < more]
    for months in [{month} for month in ALL] + told:
        for letters in "a", "b", "ab":
            numbers += [which(lambda said, month, t=test: month in months and t(said, set(letters)))
                        for test in (lambda said, x: said == x, lambda said, x: x <= said,
                                     lambda said, x: said & x)]
    small = [row for row in numbers if 0 < sum(a * b for a, b in zip(row, size)) < MIN]
    return len(small), sum(not any(reader.left(row)) for row in small), count


def equations():
    """Without a ledger, 231 such numbers follow in these series."""
    together = [sum(column) for column in zip(*map(random_series, range(48)))]
    check(together[1] == 0 and together[0] > 150 and together[2] > 300,
          "no number of few users follows from populations with different filters", together)


def main():
    of_one_month()
    nested()
    no_difference()
    unknown_filters()
    equations()
    return finish()


if __name__ == "__main__":
    sys.exit(main() != 0)
