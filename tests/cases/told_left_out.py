#!/usr/bin/env python3
"""What completeness tells of records that were left out, over reports under one ledger: where a filter
is beside a period, what is after one day and after another differs by what lies between, which
no population tells; and of days without records. Prints TAP."""
import json
import os
import sys
import tempfile

from check import check, finish
from reports import MIN, figure, is_shown, plan_of, report_of, row_of, statement

RELEASE = {"min_users": MIN, "dominance": None, "ledger": "ledger.db"}


def conversations(start, count, day, **fields):
    return [{"id": f"c{n}", "user": f"u{n}", "created": day + "T00:00:00Z", **fields,
             "messages": [{"role": "user", "content": "x"}]} for n in range(start, start + count)]


def write(folder, items):
    with open(os.path.join(folder, "logs.jsonl"), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(item) + "\n" for item in items)


def report(folder, **population):
    plan = plan_of([{"id": "all", "kind": "count", "by": ["model"]}], release=RELEASE, population=population)
    return report_of(folder, plan)


def left_out(told, reason):
    return figure(told, "completeness", "records", reason=reason)


def between(march):
    """Two reports of a month more, each of a filter that leaves March out; MARCH users there."""
    items = conversations(0, 30, "2024-01-05", model="m") + conversations(30, 20, "2024-02-05", model="m")
    items += conversations(50, march, "2024-03-05", model="n") + conversations(80, 25, "2024-04-05", model="m")
    items += conversations(110, 20, "2024-01-05", model="n")
    with tempfile.TemporaryDirectory() as folder:
        write(folder, items)
        filters = {"include": [{"field": "model", "in": ["m"]}]}
        first, said = report(folder, **{"from": "2024-01-01", "to": "2024-03-31"}, **filters)
        check(first and left_out(first, "population") == 50, f"a first report, {march} in March", said)
        second, said = report(folder, **{"from": "2024-01-01", "to": "2024-02-29"}, **filters)
        return [left_out(r, "excluded: after " + day) if r else said
                for r, day in ((first, "2024-03-31"), (second, "2024-02-29"))], second


def accepted_then():
    """Logs that grew by two users, of which the population of then was all and that of now is not."""
    items = conversations(0, 30, "2024-01-05", model="m") + conversations(30, 20, "2024-01-05", model="n")
    with tempfile.TemporaryDirectory() as folder:
        write(folder, items)
        first, said = report(folder)
        check(first and left_out(first, "accepted") == 50, "a report of everything", said)
        write(folder, items + conversations(50, 2, "2024-02-05", model="n"))
        second, said = report(folder, include=[{"field": "model", "in": ["m"]}])
        rows = second and [row_of(second, "completeness", reason=reason)
                           for reason in ("accepted", "excluded: model is not m")]
        check(rows and not any(is_shown(row, "records") for row in rows),
              "two more are not told by what was accepted", said or rows)


def days_without():
    """How many days of a period have no records, beside the size of the population."""
    for each, told in ((1, False), (2, True)):
        items = [item for day in range(6) for item in
                 conversations(10 * day, each, f"2024-01-0{day + 1}", model="m")]
        with tempfile.TemporaryDirectory() as folder:
            write(folder, items)
            first, said = report(folder, **{"from": "2024-01-01", "to": "2024-01-06"})
            row = first and row_of(first, "completeness", reason="days without records")
            check(first and (row is not None) == told,
                  f"six days of {each} each: {'told' if told else 'not told'} that none is without",
                  said or row)


def main():
    told, second = between(3)
    check(told[0] is not None and told[1] is None,
          "what is after a day is withheld where an earlier report told of three fewer", told)
    check(second and "left out for each reason" in statement(second), "and the report says what was compared")
    told, _ = between(20)
    check(told == [25, 45], "as many as may be told are told", told)
    accepted_then()
    days_without()
    return finish()


if __name__ == "__main__":
    sys.exit(main() != 0)
