#!/usr/bin/env python3
"""Identifiers, patterns, topics by rules and search terms under one ledger, of populations with
different filters, as the whole program makes them: reports that leave out some of four months or
models each, and added up, less one of all, tell of one of them alone. Then random logs and series:
a reader who solves all linear equations that the figures shown are, over the conversations by what
is found in them and by month, finds no number of few. Prints TAP."""
import itertools
import random
import sys
import tempfile

import letters
from check import check, finish
from letters import World, leaving_out
from reports import statement
from slots import figures, figures_of, run, write_logs

ALL = (1, 2, 3, 4)


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
            report, said = run(folder, *question.split(), population=leaving_out(without, field))
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
        after, said = run(folder, "iab", population=leaving_out((4,), "model"))
        check(after is not None and figures(after) == figures(before) and None in figures(after) and
              "(such queries: 1)" in statement(after),
              "another population with the same conversations", said or figures(after))


def unknown_filters():
    """A filter on users is not written down: such a population is not counted anew."""
    logs = [(user, ["a"], 1 + user % 4) for user in range(100)]
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, logs)
        run(folder, "iab", population={"exclude": [
            {"field": "user", "in": [f"u{i}" for i in range(10)]}]})
        run(folder, "iab", "pab", population=leaving_out((1,)))
        report, said = run(folder, "ib", "pb")
        words = report and statement(report)
        check(report is not None and "(such queries: 2)" in words and
              "Not so judged: 1 of populations" in words, "a filter on users", said or words[-900:])


# ---- a reader who solves equations ----

WORLD = World("ab", 4)
# Of each report its queries and the months that it leaves out.
SERIES = [
    [("ia", (1, 2)), ("iab", (2, 3)), ("ia", (1, 3)), ("iba", ())],
    [("fab", (1, 2)), ("fba", (2, 3)), ("fab", (1, 3)), ("mab", ())],
    [("tab", (1, 2)), ("mab", (2, 3)), ("ta", (1, 3)), ("fba", ())],
    [("pab", (1,)), ("pab", (2,)), ("pb", (1, 2)), ("pab", ())],
    [("mab", (4,)), ("tba", (1, 2, 3)), ("mab", ())],
    [("iab", (1, 4)), ("iab", (2, 4)), ("iab", (1, 2)), ("iab", (4,)), ("iab", ())]]


def reports_of(rng, folder, series, ledger):
    """The months and figures of each."""
    for asked, without in series:
        population = leaving_out(without, rng.choice(["month", "model"]))
        report = letters.unless_refused(*run(folder, asked, population=population, ledger=ledger),
                                        "the whole population has fewer")
        if report is not None:
            months = set(ALL).difference(without)
            yield months, figures_of(WORLD, asked, months, report)


def combinations(series):
    """Numbers of no report: of letters alone, with others, or any of them; of each month, of the
    months of a report, and of those that it has more than another."""
    told = [set(ALL).difference(without) for _, without in series]
    told += [more - less for more in told for less in told if less < more]
    for months, own in itertools.product([*({month} for month in ALL), *told], map(set, ("a", "b", "ab"))):
        for test in (lambda said, x: said == x), (lambda said, x: x <= said), (lambda said, x: said & x):
            yield WORLD.which(lambda said, month: month in months and test(said, own))


def random_series(seed, ledger=True):
    """What follows of one series of reports."""
    rng, series = random.Random(seed), SERIES[seed % len(SERIES)]
    logs = WORLD.random_logs(rng, (60, 140))
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, logs)
        return letters.what_follows(WORLD, logs, reports_of(rng, folder, series, ledger),
                                    combinations(series))


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
