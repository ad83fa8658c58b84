#!/usr/bin/env python3
"""Identifiers, patterns, topics by rules and search terms of logs that have grown between two reports
under one ledger: what was added to a row is a number of conversations of the users added, and where
these are few it does not follow, neither from one row nor from the sum of several. Prints TAP."""
import tempfile

import letters
import reports
import runs
import slots
from check import check, finish
from slots import figures

TEXT = {"a": f"alpha post@kontor-nord.de {runs.run_of(0, 40)}", "b": "bravo call +49 30 2270"}
# The kinds of slots.query.
SLOTS = {"identifiers": "iab", "regex": "pab", "first": "fab", "all": "mab", "terms": "tab"}


def write_logs(folder, name, conversations):
    """(user, letters, month, day) each, or without a date."""
    letters.write_logs(folder, conversations, lambda own: " . ".join(TEXT[x] for x in own), name)


def query(folder, kind, number):
    if kind == "overlap":
        return {"id": f"q{number}", "kind": kind, "works": ["works"], "min_words": 12}
    if kind == "proposals":
        return reports.options_of(f"q{number}", {"terms": ["T1"]}, {"terms": ["T2"]},
                                  {"terms": ["T1", "T2"]})
    if kind == "from February":
        return reports.options_of(f"q{number}", {"from": "2024-02-01"})
    if kind == "days":
        return {"id": f"q{number}", "kind": "count", "by": ["day"]}
    return slots.query(folder, number, SLOTS[kind])


def run(folder, *kinds):
    runs.write_works(folder, 1)
    queries = [query(folder, kind, i) for i, kind in enumerate(kinds)]
    return reports.report_of(folder, reports.plan_of(queries, logs={"paths": ["*.jsonl"]}))


def grow(kind, added):
    """Rows before and after users ADDED (letters each) came."""
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, "a.jsonl", [(user, ["a"] if user < 30 else ["b"] if user < 55 else [])
                                       for user in range(90)])
        before, said = run(folder, kind)
        write_logs(folder, "b.jsonl", [(1000 + i, letters) for i, letters in enumerate(added)])
        after, more = run(folder, kind)
        return (before and figures(before), after and figures(after), said + more)


def differences(before, after):
    return [None if a is None or b is None else b - a for a, b in zip(before, after)]


def of_one_row():
    for kind in SLOTS:
        for few, some in (True, 3), (False, 12):
            before, after, said = grow(kind, [["a"]] * some + [[]] * 20)
            told = before and after and differences(before, after)
            check(told and (told[0] is None) == few and (few or told[0] == some),
                  f"{kind}: {some} users were added to a row", (before, after, said))


def of_a_sum():
    """What was added to either row is of many; to none of both, of three."""
    for kind in SLOTS:
        before, after, said = grow(kind, [["a"]] * 20 + [["b"]] * 20 + [[]] * 3)
        told = before and after and differences(before, after)
        check(told and None in told, f"{kind}: 3 of the users added say nothing", (before, after, said))


def of_works():
    for few, some in (True, 3), (False, 12):
        before, after, said = grow("overlap", [["a"]] * some + [[]] * 20)
        shown = before and after and None not in before and None not in after
        check(before and after and shown != few, f"overlap: {some} users were added to a row",
              (before, after, said))


def of_options():
    """The users added are many with either term, few with one more alone: A or B less A."""
    for few, some in (True, 3), (False, 12):
        with tempfile.TemporaryDirectory() as folder:
            write_logs(folder, "a.jsonl", [(user, ["a"] if user < 30 else ["b"] if user < 55 else [])
                                           for user in range(90)])
            before, _ = run(folder, "terms", "proposals")
            write_logs(folder, "b.jsonl", [(1000 + i, ["a"] if i < 20 else ["b"] if i < 20 + some else [])
                                           for i in range(50)])
            after, said = run(folder, "terms", "proposals")
            told = [differences(figures(before, 1), figures(after, 1)) if before and after else said,
                    differences(figures(before), figures(after)) if before and after else None]
            whole = before and after and None not in told[0] and None not in told[1][:2]
            check(before and after and whole != few, f"options: {some} users were added to one", told)


def of_days_outside():
    """January has 10 of 10 users then, on days of two each, as the option from February tells. What
    was not in the option then is not more than what is not in it now: beside it, a day of February
    would be known to have no more than two."""
    for few, some in (True, 2), (False, 12):
        with tempfile.TemporaryDirectory() as folder:
            write_logs(folder, "a.jsonl",
                       [(user, "", 1, 3 + user // 2) for user in range(10)]
                       + [(user, "", 2, 25) for user in range(10, 50)])
            before, said = run(folder, "from February")
            write_logs(folder, "b.jsonl", [(100 + user, "", 2, 5) for user in range(some)]
                       + [(200 + user, "", 2, 25) for user in range(20)])
            after, more = run(folder, "days")
            told = before and after and (figures(before), figures(after))
            check(told and told[0] == [40, 50] and told[1][-1] in (None, 70 + some)
                  and (None in told[1][-2:]) == few,
                  f"options: {some} users of a day beside those of others", told or said + more)


of_one_row()
of_a_sum()
of_works()
of_options()
of_days_outside()
finish()
