#!/usr/bin/env python3
"""Identifiers, patterns, topics by rules and search terms under one ledger, as the whole program
makes them: what two reports tell together that find some of the same, the same report again, a
catalogue that was deleted in between, logs that grow, and what the ledger has. Then random logs and
series: a reader who solves all linear equations that the figures shown are, over the conversations
by all that is found in them and by months, finds no number of few. Prints TAP."""
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
from letters import World, said_by, to_month
from reports import statement, value
from slots import figures, figures_of, run, write_logs


def shown(report):
    return reports.shown(report, "q")


def two_reports():
    """What any of two slots finds, taken from what any of three does, is what the third one finds
    alone; and what a topic has first, less what it has after another, is what both find."""
    for first, second in ("iab", "iabc"), ("pab", "pcab"), ("mab", "mabc"):
        for few, last in (True, 63), (False, 80):
            with tempfile.TemporaryDirectory() as folder:
                write_logs(folder, said_by(a=range(0, 50), b=range(30, 60), c=range(20, last)))
                before, _ = run(folder, first)
                after, _ = run(folder, second)
                needed = [figures(before)[-2], figures(after)[-2]]  # any, or none of these
                check((None in needed) == few and needed[0] is not None,
                      f"{first} and {second}: {'few' if few else 'many'} between", needed)
                check("(such queries: 1)" in statement(after) and
                      "(such queries: 0)" in statement(before),
                      "the report says how many earlier ones were judged with it")
    for few, start in (True, 47), (False, 30):
        with tempfile.TemporaryDirectory() as folder:
            write_logs(folder, said_by(a=range(0, 50), b=range(start, 75)))
            before, after = run(folder, "fab")[0], run(folder, "fba")[0]
            needed = [figures(before)[0], figures(after)[1]]
            check((None in needed) == few and needed[0] is not None,
                  f"topics in another order: {'few' if few else 'many'} between", needed)


def sums():
    """Four figures: a topic by every match, with what a term has alone and shares."""
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, said_by(a=range(0, 60), b=range(30, 90), c=range(33, 100)))
        before, _ = run(folder, "mab")
        after, _ = run(folder, "tcba")
        # a or b: 90. Without c: 33, of which the terms tell a's 30 alone. So 3 have a, b and no c.
        alone = [value(row, "unique_conversations") for row in reports.rows_of(after, "q0")[:3]]
        any_c = [figures(after)[0], figures(after)[3], figures(before)[2]]
        check(None in alone[1:] + any_c, "a union less what terms split it into", (alone, any_c))


def again():
    series = ("iab", "fabc"), ("iabc", "tab"), ("pab", "fbac"), ("ica",)
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, said_by(a=range(0, 80), b=range(0, 40), c=range(0, 43)))
        made = [(asked, run(folder, *asked)[0]) for asked in series]
        for asked, before in made:
            after, said = run(folder, *asked)
            check(after is not None and shown(after) == shown(before),
                  f"{' '.join(asked)} again: the same figures", said)
        shutil.rmtree(os.path.join(folder, "catalogue"))
        after, said = run(folder, *series[-1])
        check(after is not None and shown(after) == shown(made[-1][1]),
              "the same without the catalogue", said)
        shutil.rmtree(os.path.join(folder, "catalogue"))
        after, said = run(folder, "ic")
        check(after is not None and "(such queries: 7)" in statement(after),
              "earlier queries are looked for in a new catalogue, too", said or statement(after))
        with open(os.path.join(folder, "catalogue", "manifest.json"), encoding="utf-8") as file:
            check("earlier" not in file.read() and "earlier" not in json.dumps(after["tables"]),
                  "and stand neither in the manifest nor in the report")


def grown():
    logs = said_by(a=range(0, 80), b=range(0, 40), c=range(0, 43))
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, logs)
        run(folder, "iab", "fab", "pab")
        write_logs(folder, logs + [(user, ["a", "b", "c"]) for user in range(100, 140)])
        report, said = run(folder, "iabc", "fba", "pb")
        check(report is not None and "(such queries: 3)" in statement(report),
              "logs that grow", said)
        report, said = run(folder, "iab", population={"exclude": [{"field": "model", "in": ["m"]}]})
        check(report is not None and "(such queries: 6)" in
              statement(report), "another population", said or statement(report))


def kept():
    """What the ledger has of each kind, and no number."""
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, said_by(a=range(0, 80), b=range(0, 40)))
        run(folder, "iab", "pab", "fab", "mb")
        ledger = sqlite3.connect(os.path.join(folder, "ledger.db"))
        texts = [json.loads(json.loads(b)["text"]) for (b,) in ledger.execute(
            "SELECT body FROM entries WHERE kind = 'terms' ORDER BY number")]
        ledger.close()
        asked = [(t["kind"], t.get("kinds") or t.get("patterns") or t.get("topics"),
                  [len(x["rows"]) for x in t["tables"]]) for t in texts]
        check(asked == [("identifiers", [["email"], ["phone"]], [24 * 4]),
                        ("regex", [["R1", "alpha"], ["R2", "bravo"]], [24 * 4]),
                        ("topics", [["", "a", "alpha"], ["", "b", "bravo"]], [24 * 4]),
                        ("topics", [["", "b", "bravo"]], [24 * 3])],
              "an entry a query, with what it asks and hashes of its rows", asked)


# ---- a reader who solves equations ----

# Of each report its queries and the last month.
SERIES = [
    [[(("iab",), 1), (("iabc",), 1)], [(("pabc",), 1), (("pabd", "pcd"), 1), (("pdab",), 1)],
     [(("fabcd",), 1), (("fbacd",), 1)], [(("fabc",), 1), (("facb", "mab"), 1)],
     [(("tabc",), 1), (("mabcd",), 1), (("fba",), 1)], [(("mabc",), 1), (("mbcd",), 1), (("tad",), 1)]],
    [[(("iab",), 4), (("iab",), 3)], [(("fab",), 2), (("fba",), 4), (("fab",), 4)],
     [(("mab",), 4), (("tab",), 2)], [(("pab",), 3), (("pb", "pa"), 4)]]]
WORLDS = [World("abcd", 1), World("ab", 4)]


def reports_of(world, folder, series, ledger):
    """The months and figures of each."""
    for asked, last in series:
        report = letters.unless_refused(*run(folder, *asked, population=to_month(last), ledger=ledger))
        if report is not None:
            months = range(1, last + 1)
            yield months, itertools.chain.from_iterable(
                figures_of(world, q, months, report, i) for i, q in enumerate(asked))


def combinations(world):
    """Numbers of no report: of combinations of letters, by those that a conversation has alone, with
    others, or any of; of all months and of those to each."""
    for own in map(frozenset, itertools.chain.from_iterable(
            itertools.combinations(world.letters, k) for k in range(len(world.letters) + 1))):
        for test in (lambda said, x: said == x), (lambda said, x: x <= said), (lambda said, x: said & x):
            for last in range(1, world.months + 1):
                yield world.which(lambda said, month: month <= last and test(said, own))


def random_series(seed, ledger=True):
    """What follows of one series of reports."""
    rng = random.Random(seed)
    kind = seed % 2
    world = WORLDS[kind]
    logs = world.random_logs(rng)
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, logs)
        series = rng.choice(SERIES[kind])
        return letters.what_follows(world, logs, reports_of(world, folder, series, ledger),
                                    combinations(world))


def equations():
    """Without a ledger, 3 and 12 such numbers follow in these series."""
    for seeds, title in ((range(200, 260, 2), "of one period"), (range(201, 261, 2), "of several")):
        together = [sum(column) for column in zip(*map(random_series, seeds))]
        check(together[1] == 0 and together[0] > 100 and together[2] > 150,
              f"no number of few users follows from reports {title}", together)


def main():
    two_reports()
    sums()
    again()
    grown()
    kept()
    equations()
    return finish()


if __name__ == "__main__":
    sys.exit(main() != 0)
