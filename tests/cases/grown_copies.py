#!/usr/bin/env python3
"""Logs that have grown by a file which is read before the others and has copies of their
conversations: these count in the place of what they are copies of, and what was added is still told
apart from what was there. Prints TAP."""
import tempfile

from check import check, finish
from files import write_lines
from letters import record
from reports import figures, plan_of, report_of

TEXT = {"a": "post@kontor-nord.de", "b": "call +49 30 2270", "": "nothing"}


def of(user, letter):
    return record(f"c{user}", user, TEXT[letter])


def run(folder):
    """Conversations of each row, None where withheld."""
    asked = {"id": "q", "kind": "identifiers", "kinds": ["email", "phone"]}
    report, said = report_of(folder, plan_of([asked], logs={"paths": ["*.jsonl"]}))
    return figures(report, "q") if report else said


def grow(rest):
    """Of 90 users 35 have no identifier. Then come copies of theirs, and REST more such users."""
    were = [of(user, "a" if user < 30 else "b" if user < 55 else "") for user in range(90)]
    new = [of(1000 + i, "a" if i < 20 else "b" if i < 40 else "") for i in range(40 + rest)]
    with tempfile.TemporaryDirectory() as folder:
        write_lines(folder, "m.jsonl", were)
        before = run(folder)
        write_lines(folder, "a.jsonl", were[55:] + new)
        return before, run(folder)


for few, rest in (True, 3), (False, 12):
    before, after = grow(rest)
    check(None not in before and (None in after) == few,
          f"{rest} users without an identifier came with copies of others", (before, after))
finish()
