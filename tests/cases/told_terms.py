#!/usr/bin/env python3
"""Search term reports under one ledger, as the whole program makes them: what a term has alone in
two reports with other terms beside it, the same report again, a catalogue that was deleted in
between, logs that grow, and a ledger that someone wrote into. Then random logs and series: a reader
who solves all linear equations that the figures shown are, over the conversations that each
combination of words has, finds no number of few. Prints TAP."""
import itertools
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile

import letters
import reports
from check import check, finish
from letters import World, leaving_out, said_by, to_month
from reports import figure, is_shown, statement


def write_logs(folder, conversations):
    letters.write_logs(folder, conversations, " ".join)


def run(folder, *terms, by=None, **more):
    query = {"id": "q", "kind": "terms", "terms": list(terms), **({"by": by} if by else {})}
    return reports.report_of(folder, reports.plan_of([query], **more))


def shown(report):
    return reports.shown(report, "q")


def alone():
    """a and c share 43 users, of whom all but 3 say b: what a has alone beside b, less what it has
    alone beside b and c, is those 3."""
    for few, last in (True, 43), (False, 55):
        logs = said_by(a=range(0, 80), b=[*range(0, 40), *range(80, 100)], c=range(0, last))
        with tempfile.TemporaryDirectory() as folder:
            write_logs(folder, logs)
            first, _ = run(folder, "a", "b")
            second, _ = run(folder, "a", "b", "c")
            needed = [figure(first, "q", "unique_conversations", term="T1"), figure(second, "q", "unique_conversations", term="T1")]
            check((None in needed) == few and needed[0] is not None,
                  f"what a term has alone in two reports, {'few' if few else 'many'} between",
                  needed)
            check("(such queries: 1)" in statement(second) and
                  "(such queries: 0)" in statement(first),
                  "the report says how many earlier ones were judged with it",
                  statement(second)[-600:])


def sums():
    """Four figures of two reports: a's and b's pair in the first is the sum of what c splits it
    into. The reader adds three shown ones up."""
    logs = said_by(a=range(0, 60), b=range(30, 90), c=range(33, 100))
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, logs)
        first, _ = run(folder, "a", "b")
        second, _ = run(folder, "c", "b", "a")
        # Both a and b: 30 users; with c 27 of them; so 3 without it.
        told = {"ab": figure(first, "q.pairs", "conversations", term="T1", other="T2"),
                "a": figure(second, "q", "conversations", term="T3"),
                "a alone": figure(second, "q", "unique_conversations", term="T3"),
                "ac": figure(second, "q.pairs", "conversations", term="T1", other="T3")}
        check(None in told.values(), "a pair less what a third term splits it into", told)


def again():
    logs = said_by(a=range(0, 80), b=range(0, 40), c=range(0, 43), d=range(20, 70))
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, logs)
        reports = []
        for terms in ("a", "b"), ("a", "b", "c"), ("d", "c", "a"):
            reports.append((terms, run(folder, *terms)[0]))
        for terms, before in reports:
            after, said = run(folder, *terms)
            check(after is not None and shown(after) == shown(before),
                  f"terms {' '.join(terms)} again: the same figures", said)
        shutil.rmtree(os.path.join(folder, "catalogue"))
        after, said = run(folder, "d", "c", "a")
        check(after is not None and shown(after) == shown(reports[2][1]),
              "the same without the catalogue", said)
        shutil.rmtree(os.path.join(folder, "catalogue"))
        after, said = run(folder, "d", "b")
        check(after is not None and "(such queries: 3)" in statement(after),
              "earlier terms are looked for in a new catalogue, too", said)
        manifest = open(os.path.join(folder, "catalogue", "manifest.json"), encoding="utf-8").read()
        check("earlier terms" not in manifest and "earlier terms 0" not in json.dumps(after["tables"]),
              "and stand neither in the manifest nor in the report", manifest[:300])


def grown():
    """Of logs that have changed, figures are taken to be unknown; the report says how many queries
    of another population were left out."""
    logs = said_by(a=range(0, 80), b=range(0, 40), c=range(0, 43))
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, logs)
        run(folder, "a", "b")
        write_logs(folder, logs + [(user, ["a", "b", "c"]) for user in range(100, 140)])
        report, said = run(folder, "a", "b", "c")
        check(report is not None and "(such queries: 1)" in statement(report),
              "logs that grow", said)
        # A filter on users is not written down: what was told of them is not counted anew.
        # More of them than would be few where two have the same hash.
        some = [f"u{i}" for i in range(20)]
        for number, (field, values) in enumerate((("model", ["m"]), ("user", some))):
            report, said = run(folder, "a", "b", population={"exclude": [{"field": field, "in": values}]})
            words = report and statement(report)
            check(report is not None and f"(such queries: {2 + number})" in words and
                  "Not so judged" not in words[words.index("Search terms,"):],
                  f"another population, by {field}", said or words[-900:])
        report, said = run(folder, "a", "c")
        check(report is not None and "(such queries: 3)" in statement(report) and
              "Not so judged: 1 of populations with filters on users or ids," in
              statement(report),
              "after one of users", said or statement(report)[-900:])


def filtered():
    """Three reports leave out two of four months each: added up, less all four, they have the last
    one twice."""
    for few, some in ((True, 3), (False, 12)):
        logs = [(user + 100 * month, ["a"] if user < (20, 20, 20, some)[month - 1] else [], month)
                for month in range(1, 5) for user in range(60)]
        told = []
        with tempfile.TemporaryDirectory() as folder:
            write_logs(folder, logs)
            for without in ((1, 2), (2, 3), (1, 3), ()):
                report, said = run(folder, "a", population=leaving_out(without))
                told.append(said if report is None else figure(report, "q", term="T1"))
        check((None in told) == few and all(not isinstance(f, str) for f in told),
              f"{some} users of a month that filters leave alone", told)


def damaged():
    """A ledger is hash-chained: what stands in it cannot be changed unseen."""
    logs = said_by(a=range(0, 80), b=range(0, 40))
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, logs)
        run(folder, "a", "b")
        ledger = sqlite3.connect(os.path.join(folder, "ledger.db"))
        bodies = [b for (b,) in ledger.execute("SELECT body FROM entries WHERE kind = 'terms'")]
        text = json.loads(json.loads(bodies[0])["text"]) if bodies else {}
        check(len(bodies) == 1 and text["terms"] == [["T1", "a"], ["T2", "b"]] and
              [len(t.get("rows", "")) for t in text["tables"]] == [24 * 5, 24, 0],
              "one entry, with the terms and hashes of five rows and of a pair", bodies)
        with ledger:
            ledger.execute("DROP TRIGGER IF EXISTS entries_update")
            for (name,) in ledger.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                ledger.execute(f"DROP TRIGGER {name}")
            ledger.execute("UPDATE entries SET body = replace(body, 'T1', 'T9') "
                           "WHERE kind = 'terms'")
        ledger.close()
        report, said = run(folder, "a", "b", "c")
        check(report is None and "ledger" in said, "an entry that was changed is refused", said)


# ---- a reader who solves equations ----

def figures(world, terms, months, report):
    """(what is in it, whether it is shown) of each figure of a report of those MONTHS."""
    def row_of(test):
        return world.which(lambda said, month: month in months and test(said, month))

    listed, cut = set(), False
    for table in report["tables"]:
        if table["id"] == "q.pairs":
            cut = any(note.startswith("Not all rows are listed") for note in table["notes"])
        for row in table["rows"] if table["id"] in ("q", "q.pairs", "q.by") else []:
            if table["id"] == "q.pairs":
                both = {terms[int(row[k][1:]) - 1] for k in ("term", "other")}
                listed.add(frozenset(both))
                yield row_of(lambda said, month: both <= said), is_shown(row, "conversations")
            elif row["term"] == "any term":
                yield row_of(lambda said, month: said & set(terms)), is_shown(row, "conversations")
            elif row["term"].startswith("T"):
                at = int(row["term"][1:]) - 1
                term, others, above = terms[at], set(terms) - {terms[at]}, set(terms[:at])
                if table["id"] == "q.by":
                    label = row.get("month") or row["quarter"]
                    yield (row_of(lambda said, month: term in said and
                                  label in (f"2024-{month:02}", f"2024-Q{(month + 2) // 3}")),
                           is_shown(row, "conversations"))
                    continue
                yield row_of(lambda said, month: term in said), is_shown(row, "conversations")
                yield (row_of(lambda said, month: term in said and not said & others),
                       is_shown(row, "unique_conversations"))
                yield (row_of(lambda said, month: term in said and not said & above),
                       is_shown(row, "added_conversations"))
    for both in map(frozenset, itertools.combinations(terms, 2)):
        if both not in listed:
            yield row_of(lambda said, month: both <= said), not cut


# Terms, the last month, fields, and months that a filter leaves out, of each report.
SERIES = [
    [[("ab", 1, None), ("abc", 1, None)], [("abc", 1, None), ("abd", 1, None)],
     [("abcd", 1, None), ("ab", 1, None)], [("abc", 1, None), ("abcd", 1, None), ("bd", 1, None)],
     [("abcd", 1, None), ("bca", 1, None)]],
    [[("a", 6, "month"), ("a", 8, "month")], [("ab", 8, "month"), ("a", 5, "month")],
     [("b", 6, "quarter"), ("ba", 8, "month"), ("b", 7, "month")],
     [("ab", 6, None), ("ba", 6, "month"), ("b", 8, "quarter"), ("b", 4, "month")]],
    [[("a", 4, None, {1, 2}), ("ab", 4, None, {2, 3}), ("a", 4, None, {1, 3}), ("ba", 4, None)],
     [("ab", 5, "month"), ("ba", 5, None, {1, 2})], [("a", 5, None, {1, 2}), ("ab", 5, "month")],
     [("ab", 5, "month", {4}), ("ab", 5, None, {1, 2}), ("b", 5, None)],
     [("ab", 5, None), ("ab", 5, None, {2, 4}), ("ab", 5, None, {1, 4}), ("ab", 4, "month")]]]
WORLDS = [World("abcd", 1), World("ab", 8), World("ab", 5)]


def reports_of(world, folder, series):
    """The months and figures of each; of combinations of terms none is told."""
    for terms, last, by, *without in series:
        months = set(range(1, last + 1)).difference(*without)
        population = {**to_month(last), **leaving_out(set().union(*without))}
        report = letters.unless_refused(*run(folder, *terms, by=[by] if by else None,
                                             population=population))
        if report is None:
            continue
        combinations = [(world.which(lambda said, month, c=c: month in months and
                                     said & set(terms) == set(c)), False)
                        for k in range(2, len(terms) + 1)
                        for c in itertools.combinations(terms, k)]
        yield months, [*figures(world, terms, months, report), *combinations]


def random_series(seed):
    """What follows of one series of reports."""
    rng = random.Random(seed)
    kind = 2 if seed >= 200 else seed % 2
    world = WORLDS[kind]
    logs = world.random_logs(rng)
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, logs)
        return letters.what_follows(world, logs, reports_of(world, folder, rng.choice(SERIES[kind])))


def equations():
    """Judged apart, 4 and 9 such numbers follow in the first two."""
    for seeds, title in ((range(20, 80, 2), "of other terms"), ((37, *range(81, 171, 2)), "of other months"),
                         (range(200, 240), "of populations with other filters")):
        counts = [sum(column) for column in zip(*map(random_series, seeds))]
        check(counts[1] == 0 and counts[0] > 150 and counts[2] > 150,
              f"no number of few users follows from reports {title}", counts)


def main():
    alone()
    sums()
    again()
    grown()
    filtered()
    damaged()
    equations()
    return finish()


if __name__ == "__main__":
    sys.exit(main() != 0)
