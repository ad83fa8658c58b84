#!/usr/bin/env python3
"""Identifiers, patterns, topics by rules and search terms of logs that have grown between two reports
under one ledger: what was added to a row is a number of conversations of the users added, and where
these are few it does not follow, neither from one row nor from the sum of several. Prints TAP."""
import json
import os
import tempfile

from check import check, finish, program

MIN = 5
WORK = " ".join(f"w{i}" for i in range(40))
TEXT = {"a": f"alpha post@kontor-nord.de {WORK}", "b": "bravo call +49 30 2270"}


def write_logs(folder, name, conversations):
    """(user, letters) each, or with a day."""
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        for i, (user, letters, *day) in enumerate(conversations):
            text = " . ".join(TEXT[x] for x in letters) or "nothing"
            file.write(json.dumps({"id": f"{name}{i}", "user": f"u{user}",
                                   "created": f"2024-{[*day, '01-03'][0]}T00:00:00Z",
                                   "messages": [{"role": "user", "content": text}]}) + "\n")


def query(folder, kind, number):
    made = {"id": f"q{number}"}
    if kind == "identifiers":
        return {**made, "kind": kind, "kinds": ["email", "phone"]}
    if kind == "regex":
        return {**made, "kind": kind, "patterns": ["alpha", "bravo"]}
    if kind == "overlap":
        return {**made, "kind": kind, "works": ["works"], "min_words": 12}
    if kind == "proposals":
        return {**made, "kind": kind, "options": [{"id": "A", "terms": ["T1"]},
                                                  {"id": "B", "terms": ["T2"]},
                                                  {"id": "C", "terms": ["T1", "T2"]}]}
    if kind == "from February":
        return {**made, "kind": "proposals", "options": [{"id": "A", "from": "2024-02-01"}]}
    if kind == "days":
        return {**made, "kind": "count", "by": ["day"]}
    if kind == "terms":
        return {**made, "kind": kind, "terms": ["alpha", "bravo"]}
    with open(os.path.join(folder, "t.json"), "w", encoding="utf-8") as file:
        json.dump({"proffer_taxonomy": 1, "title": "t", "assign": kind,
                   "topics": [{"name": x, "term": TEXT[x].split()[0]} for x in "ab"]}, file)
    return {**made, "kind": "topics", "taxonomy": "t.json"}


def run(folder, *kinds):
    os.makedirs(os.path.join(folder, "works"), exist_ok=True)
    with open(os.path.join(folder, "works", "work.txt"), "w", encoding="utf-8") as file:
        file.write(WORK)
    plan = {"proffer": 1, "title": "Grown", "matter": "m-1", "logs": {"paths": ["*.jsonl"]},
            "queries": [query(folder, kind, i) for i, kind in enumerate(kinds)],
            "release": {"min_users": MIN, "ledger": "ledger.db"},
            "report": {"dir": "out", "json": "report.json"}}
    with open(os.path.join(folder, "plan.json"), "w", encoding="utf-8") as file:
        json.dump(plan, file)
    status, said = program("run", "-q", "plan.json", cwd=folder)
    if status != 0:
        return None, said
    with open(os.path.join(folder, "out", "report.json"), encoding="utf-8") as file:
        return json.load(file), said


def figures(report, number=0):
    [table] = [t for t in report["tables"] if t["id"] == f"q{number}"]
    return [None if row.get("flags", {}).get("conversations") == "withheld" else row["conversations"]
            for row in table["rows"]]


def grow(kind, added):
    """Rows before and after users ADDED (letters each) came."""
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, "a.jsonl", [(user, ["a"] if user < 30 else ["b"] if user < 55 else [])
                                       for user in range(90)])
        before, said = run(folder, kind)
        write_logs(folder, "b.jsonl", [(1000 + i, letters) for i, letters in enumerate(added)])
        after, more = run(folder, kind)
        return (before and figures(before), after and figures(after), said + more)


KINDS = "identifiers", "regex", "first", "all", "terms"


def differences(before, after):
    return [None if a is None or b is None else b - a for a, b in zip(before, after)]


def of_one_row():
    for kind in KINDS:
        for few, some in (True, 3), (False, 12):
            before, after, said = grow(kind, [["a"]] * some + [[]] * 20)
            told = before and after and differences(before, after)
            check(told and (told[0] is None) == few and (few or told[0] == some),
                  f"{kind}: {some} users were added to a row", (before, after, said))


def of_a_sum():
    """What was added to either row is of many; to none of both, of three."""
    for kind in KINDS:
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
        days = [(f"01-{3 + user // 2:02}") for user in range(10)]
        with tempfile.TemporaryDirectory() as folder:
            write_logs(folder, "a.jsonl", [(user, "", day) for user, day in
                                           enumerate(days + ["02-25"] * 40)])
            before, said = run(folder, "from February")
            write_logs(folder, "b.jsonl", [(100 + user, "", "02-05") for user in range(some)] +
                       [(200 + user, "", "02-25") for user in range(20)])
            after, more = run(folder, "days")
            told = before and after and (figures(before), figures(after))
            check(told and told[0] == [40, 50] and told[1][-1] in (None, 70 + some) and
                  (None in told[1][-2:]) == few, f"options: {some} users of a day beside those of others", told or said + more)


of_one_row()
of_a_sum()
of_works()
of_options()
of_days_outside()
finish()
