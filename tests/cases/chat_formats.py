#!/usr/bin/env python3
"""The real chats in seven encodings hold the same 700 conversations: equal tables for every field
that each format carries. Prints TAP; skipped where the data is not there."""
import json
import os
import subprocess
import sys
import tempfile

from check import PROFFER, check, finish

DATA = os.environ.get("PROFFER_SHARED_DATA", "../shared/data") + "/chats"

# Encoding -> file and the fields that its records carry.
FILES = {
    "native": ("native.jsonl", {"user", "time", "model", "country", "account"}),
    "openai": ("openai_messages.jsonl", set()),
    "lmsys": ("lmsys.jsonl", {"model"}),
    "wildchat": ("wildchat.jsonl", {"user", "time", "model", "country"}),
    "sharegpt": ("sharegpt.json", set()),
    "chatgpt-export": ("chatgpt_export_conversations.json", {"time", "model"}),
    "claude-export": ("claude_export_conversations.json", {"user", "time"}),
}
# Query -> the field it needs.
TABLES = {"total": None, "month": "time", "weekday": "time", "model": "model",
          "country": "country", "account": "account", "terms": None, "topics": None}
TERMS = ["python", '"machine learning"', "data AND NOT science", "comput*", "(france OR german*)",
         "contains(prompt, please)", "contains(output, however)", "the w/3 best", "zzabandonedbranch"]



def report(folder, encoding, path, form):
    plan = {
        "proffer": 1, "title": "Formats", "matter": "test",
        "logs": {"paths": [os.path.abspath(path)], "format": form},
        "catalogue": "catalogue",
        "queries": [
            {"id": "total", "kind": "count", "by": []},
            *({"id": f, "kind": "count", "by": [f]}
              for f in ("month", "weekday", "model", "country", "account")),
            {"id": "terms", "kind": "terms", "terms": TERMS},
            {"id": "topics", "kind": "topics", "taxonomy": "topics.json"}],
        "release": {"unit": "user", "min_users": 0, "noise": "none"},
        "report": {"dir": "out"}}
    where = f"{folder}/{encoding}-{form}"
    os.makedirs(where)
    with open(f"{where}/plan.json", "w") as out:
        json.dump(plan, out)
    with open(f"{where}/topics.json", "w") as out:
        json.dump({"proffer_taxonomy": 1, "title": "t", "source": "test", "topics": [
            {"name": "code", "term": "python OR code OR function"},
            {"name": "writing", "term": "write OR essay OR story"}]}, out)
    run = subprocess.run([PROFFER, "run", f"{where}/plan.json"], capture_output=True, text=True)
    if run.returncode:
        return None, run.stderr
    with open(f"{where}/out/report.json") as text:
        return json.load(text), ""


def rows_of(found, query, carried):
    table = next(t for t in found["tables"] if t["id"] == query)
    # Unknown users are one each, so users cannot be equal where they are not carried.
    leave_out = set() if "user" in carried else {"users"}
    return [{k: v for k, v in row.items() if k not in leave_out} for row in table["rows"]]


def main():
    if not os.path.isdir(DATA):
        print("1..1\nok 1 # SKIP no real chats here")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        native, problem = report(folder, "native", f"{DATA}/native.jsonl", "auto")
        check(native is not None, "the native file runs", problem)
        if native is None:
            print("1..1")
            return 1
        total = rows_of(native, "total", {"user"})[0]
        for name, expected in (("conversations", 700), ("users", 142), ("turns", 1784),
                               ("exchanges", 921)):
            check(total[name] == expected, f"{expected} {name}", total)
        terms = rows_of(native, "terms", {"user"})
        check(sum(row["conversations"] > 0 for row in terms[:8]) >= 7, "the terms do hit", terms)
        for encoding, (file, carried) in FILES.items():
            for form in ("auto", encoding):
                found, problem = report(folder, encoding + "2", f"{DATA}/{file}", form)
                check(found is not None, f"{encoding} runs as {form}", problem)
                if found is None:
                    continue
                for query, field in TABLES.items():
                    if field is not None and field not in carried:
                        continue
                    # A claude export has no model, an openai file no user: compare what is there.
                    a, b = rows_of(native, query, carried), rows_of(found, query, carried)
                    check(a == b, f"{encoding} as {form}: table {query}",
                          [(x, y) for x, y in zip(a, b) if x != y][:3] or (len(a), len(b)))
            if encoding == "chatgpt-export":
                rows = {r["reason"]: r for r in rows_of(found, "completeness", carried)} \
                    if any(t["id"] == "completeness" for t in found["tables"]) else \
                    {r["reason"]: r for r in found["completeness"]["rows"]}
                row = rows.get("with turns on abandoned branches", {})
                check(row.get("items") == 70, "70 turns on abandoned branches are counted", rows)
    return 1 if finish() else 0


if __name__ == "__main__":
    sys.exit(main())
