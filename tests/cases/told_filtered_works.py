#!/usr/bin/env python3
"""Overlap with works and options of proposals, told of populations with several filters under one
ledger. Each attack adds and subtracts figures of several reports, of populations that overlap or lie
in each other, to a number of conversations of a part that none of them tells of. Where few users
have it, not all of these figures are shown; where many have, all are, and they do give that number.
Prints TAP."""
import sys
import tempfile

import runs
from check import check, finish
from letters import leaving_out
from reports import options_of, plan_of, report_of
from runs import TERMS

USERS = 60


def write(folder, conversations):
    """(user, month, prompt) each (runs.said_as); and of each month and user one that shares
    nothing."""
    nothing = [(user, month, "nothing") for user in range(USERS) for month in range(1, 5)]
    runs.write_works(folder)
    runs.write_logs(folder, [(f"{user}-{month}", f"2024-{month:02}-05", [said])
                             for user, month, said in nothing + conversations])


WORKS = {"id": "o", "kind": "overlap", "works": ["works"], "min_words": 12, "bins": [25]}
MONTHS = {"id": "n", "kind": "count", "by": ["month"]}


def options(*asked):
    return options_of("x", *asked)


def attack(title, few, logs, number, *reports):
    """Each report: its queries, the months that it leaves out, and the figures that are added, each
    with how many times; NUMBER: what they are then."""
    for ledger in (True, False):
        shown, total = [], 0
        with tempfile.TemporaryDirectory() as folder:
            write(folder, logs)
            for queries, without, needed in reports:
                report, said = report_of(folder, plan_of(queries, ledger,
                                                         population=leaving_out(without)))
                if report is None:
                    return check(False, title, said)
                for times, *one in needed:
                    shown.append(runs.figure(report, *one))
                    total += times * (shown[-1] or 0)
        if ledger:
            check((None in shown) == few, title, shown)
        else:
            check(None not in shown and total == number, f"{title}, without a ledger",
                  (shown, total))
    return None


THREE = ((1, 2), (2, 3), (1, 3))  # left out of four months


def three_less_all(queries, row):
    """Without 1 2, without 2 3, and without 1 3, less all, is two times month 4."""
    return [(queries, without, [(1, *row)]) for without in THREE] + [(queries, (), [(-1, *row)])]


def spread(some, first, other=None):
    """20 conversations of each of three months and SOME of the fourth, half of them of one kind."""
    other = first if other is None else other
    return [(user, month, first if user % 2 else other)
            for month in range(1, 5) for user in range(20 if month < 4 else some)]


def works():
    for few, some in ((True, 3), (False, 12)):
        how = "few" if few else "many"
        for row in ("o", "any run"), ("o", "any run", "exchanges"), ("o.works", "work-0.txt"):
            attack(f"{how} of a month with {' '.join(row[1:])}", few, spread(some, 30, 15),
                   2 * some, *three_less_all([WORKS], row))
        # Of two kinds, of each of which fewer could be all of them.
        attack(f"{how} of a month, as many as the rule has at most", few,
               spread(4 if few else 12, 30, 15), 8 if few else 24,
               *three_less_all([WORKS], ("o", "any run")))
        attack(f"{how} of a month with runs of 25 words", few,
               spread(some, 30) + spread(40, 15), 2 * some,
               *three_less_all([WORKS], ("o", "25 or more")))
        attack(f"{how} that a filter leaves out", few, spread(some, 30), some,
               ([WORKS], (), [(1, "o", "any run")]), ([WORKS], (4,), [(-1, "o", "any run")]))
        # Sums of other queries: two of which one asks for longer runs.
        longer = dict(WORKS, min_words=20)
        attack(f"{how} of a month, by runs of other words", few, spread(some, 30), 2 * some,
               *three_less_all([WORKS], ("o", "any run"))[:3],
               ([longer], (), [(-1, "o", "any run")]))


def asked():
    for few, some in ((True, 3), (False, 12)):
        how = "few" if few else "many"
        by_terms = [TERMS, options({"terms": ["T1"]})]
        attack(f"{how} of a month with an option of terms", few, spread(some, "apple"), 2 * some,
               *three_less_all(by_terms, ("x", "O0")))
        by_runs = [WORKS, options({"overlap": 25})]
        attack(f"{how} of a month with an option of runs", few, spread(some, 30), 2 * some,
               *three_less_all(by_runs, ("x", "O0")))
        attack(f"{how} of an option that a filter leaves out", few, spread(some, "apple"), some,
               (by_terms, (), [(1, "x", "O0")]), (by_terms, (4,), [(-1, "x", "O0")]))
        # What a month has that is in none of the rows, nor in the option of two other ones.
        attack(f"{how} of a month that rows and options of others leave", few,
               [(user, 5, "nothing") for user in range(some)], some,
               ([options({"from": "2024-01-01"})], (), [(1, "x", "O0")]),
               ([MONTHS], (2, 3, 5), [(-1, "n", "2024-01"), (-1, "n", "2024-04")]),
               ([options({"from": "2024-02-01", "to": "2024-03-31"})], (), [(-1, "x", "O0")]))
        # The terms alone are told of the months, and the option of all.
        attack(f"{how} of a month with terms and an option", few, spread(some, "apple"), some,
               ([TERMS], (4,), [(-1, "t", "T1")]), (by_terms, (), [(1, "x", "O0")]))


def main():
    works()
    if "works" not in sys.argv[1:]:
        asked()
    return finish()


if __name__ == "__main__":
    sys.exit(main() != 0)
