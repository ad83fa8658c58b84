#!/usr/bin/env python3
"""Logs that have grown by a file which is read before the others and has copies of their
conversations: these count in the place of what they are copies of, and what was added is still told
apart from what was there. Prints TAP."""
import json
import os
import tempfile

from check import check, finish, program

TEXT = {"a": "post@kontor-nord.de", "b": "call +49 30 2270", "": "nothing"}


def record(user, letter):
    return json.dumps({"id": f"c{user}", "user": f"u{user}", "created": "2024-01-03T00:00:00Z",
                       "messages": [{"role": "user", "content": TEXT[letter]}]}) + "\n"


def write(folder, name, records):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.writelines(records)


def run(folder):
    """Conversations of each row, None where withheld."""
    plan = {"proffer": 1, "title": "Grown", "matter": "m-1", "logs": {"paths": ["*.jsonl"]},
            "queries": [{"id": "q", "kind": "identifiers", "kinds": ["email", "phone"]}],
            "release": {"min_users": 5, "ledger": "ledger.db"},
            "report": {"dir": "out", "json": "report.json"}}
    write(folder, "plan.json", [json.dumps(plan)])
    status, said = program("run", "-q", "plan.json", cwd=folder)
    if status:
        return said
    with open(os.path.join(folder, "out", "report.json"), encoding="utf-8") as file:
        [table] = [t for t in json.load(file)["tables"] if t["id"] == "q"]
    return [None if row.get("flags", {}).get("conversations") == "withheld" else row["conversations"]
            for row in table["rows"]]


def grow(rest):
    """Of 90 users 35 have no identifier. Then come copies of theirs, and REST more such users."""
    were = [record(user, "a" if user < 30 else "b" if user < 55 else "") for user in range(90)]
    new = [record(1000 + i, "a" if i < 20 else "b" if i < 40 else "") for i in range(40 + rest)]
    with tempfile.TemporaryDirectory() as folder:
        write(folder, "m.jsonl", were)
        before = run(folder)
        write(folder, "a.jsonl", were[55:] + new)
        return before, run(folder)


for few, rest in (True, 3), (False, 12):
    before, after = grow(rest)
    check(None not in before and (None in after) == few,
          f"{rest} users without an identifier came with copies of others", (before, after))
finish()
