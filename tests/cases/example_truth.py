#!/usr/bin/env python3
"""The report on the example logs equals the truth file that their generator wrote from what it
planted: over the whole log set, over the plan's population, in several formats and compressions.
Also: the small-cell rule on the same logs shows nothing but what the exact report has. Prints TAP."""
import json
import os
import re
import subprocess
import sys
import tempfile

from check import MAKE_LOGS, PROFFER, check, finish

SHORT = os.environ.get("SHORT")
COUNT = 2000 if SHORT else 5000
EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples")

# What the generator calls a kind, as proffer's kinds; and some of them as regular expressions.
IDENTIFIERS = {"email": ["email"], "phone": ["phone"], "ssn": ["ssn"], "card": ["card"],
               "iban": ["iban"], "ip": ["ipv4", "ipv6"],
               "api_key": ["llm_key", "aws_key", "github_token"]}
# What the generator calls a side of overlap, as the report does in its two tables; and the lengths of
# the excerpts that it plants, which are the beginnings of bins here.
SIDES = {"prompt": ("prompts", "prompts"), "output_supplied": ("outputs, prompt-supplied", "supplied"),
         "output_originated": ("outputs, model-originated", "originated")}
LENGTHS = [12, 13, 15, 20, 25, 30, 40, 60, 100, 200, 400]
PATTERNS = {"email": r"\w+[._]\d+@[a-z.]*example\.\w+", "ssn": r"\b123-45-6\d{3}\b",
            "iban": r"\bDE\d{20}\b"}


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"Bail out! {' '.join(words)}: {done.stderr}")


def make_plan(folder, name, paths, form="auto", population=None, min_users=0, carried=()):
    """A plan over logs of a format; CARRIED are the fields that its records have."""
    terms = [l.rstrip("\n") for l in open(f"{EXAMPLES}/terms.txt", encoding="utf-8")]
    with open(f"{folder}/terms.txt", "w", encoding="utf-8") as out:
        out.write("\n".join(terms) + "\n")
    with open(f"{EXAMPLES}/topics.json", encoding="utf-8") as text:
        topics = json.load(text)
    for assign in ("first", "all"):
        topics["assign"] = assign
        with open(f"{folder}/topics-{assign}.json", "w", encoding="utf-8") as out:
            json.dump(topics, out)
    fields = {"surface": {"pointer": "/meta/surface",
                          "values": ["web", "ios", "android", "api", "desktop"]}}
    queries = [{"id": "total", "kind": "count", "by": []},
               {"id": "terms", "kind": "terms", "terms_file": "terms.txt"},
               {"id": "first", "kind": "topics", "taxonomy": "topics-first.json"},
               {"id": "all", "kind": "topics", "taxonomy": "topics-all.json"}]
    queries += [{"id": f"id_{name}", "kind": "identifiers", "examples": "count", "kinds": kinds}
                for name, kinds in IDENTIFIERS.items()]
    queries += [{"id": "residue", "kind": "identifiers", "examples": "count"},
                {"id": "patterns", "kind": "regex", "patterns": list(PATTERNS.values())},
                {"id": "overlap", "kind": "overlap", "works": [os.path.dirname(paths[0]) + "/works"],
                 "bins": LENGTHS[1:]}]
    if {"time", "model"} <= set(carried):
        queries.append({"id": "month_model", "kind": "count", "by": ["month", "model"]})
    queries += [{"id": f, "kind": "count", "by": [f]}
                for f in ("account", "country", "language", "surface") if f in carried]
    plan = {"proffer": 1, "title": name, "matter": "test",
            "logs": {"paths": paths, "format": form, "fields": fields},
            "catalogue": f"catalogue-{name}", "queries": queries,
            "release": {"unit": "user", "min_users": min_users, "noise": "none"},
            "report": {"dir": f"out-{name}"}}
    if population:
        plan["population"] = population
    path = f"{folder}/{name}.json"
    with open(path, "w", encoding="utf-8") as out:
        json.dump(plan, out)
    run(PROFFER, "run", "--quiet", path)
    with open(f"{folder}/out-{name}/report.json", encoding="utf-8") as text:
        report = json.load(text)
    tables = {t["id"]: t["rows"] for t in report["tables"]}
    tables.setdefault("completeness", report["completeness"].get("rows"))
    return tables


def counts(row, users=True):
    names = ("conversations", "exchanges", "words") + (("users",) if users else ())
    return {n: row[n] for n in names}


def compare_counts(title, rows, truth, keys, label, users=True):
    """Rows of a count table against the truth's, keyed by their fields."""
    expected = {tuple(label(k, r[k]) for k in keys): counts(r, users) for r in truth}
    found = {tuple(r[k] for k in keys): counts(r, users) for r in rows
             if r[keys[0]] != "total" and r["conversations"]}
    check(expected == found, title, {k: (expected.get(k), found.get(k))
                                     for k in expected.keys() | found.keys()
                                     if expected.get(k) != found.get(k)})


def label(key, value):
    return value if value is not None else "no time" if key == "month" else "unknown"


def compare_overlap(name, tables, truth, users):
    rows, works = tables["overlap"], tables["overlap.works"]
    wrong = []
    for told in truth:
        side, column = SIDES[told["side"]]
        own = [r for r in rows if r["side"] == side]
        bins = [r["exchanges"] for r in own[:len(LENGTHS)]]
        lengths = [r["exchanges"] for r in told["runs"] if r["words"] >= 12]
        some = next(r for r in own if r["words"] == "any run")
        measures = ["conversations", "exchanges"] + (["users"] if users else [])
        by_work = {f"work-{i + 1:02}.txt": n for i, n in enumerate(told["works"]) if n}
        found = {r["work"]: r[column] for r in works if r[column]}
        if bins != lengths or any(some[m] != told[m] for m in measures) or by_work != found:
            wrong.append((told, own, found))
    check(not wrong and len(truth) == 3, f"{name}: overlap with works by side, length and work", wrong)


def compare(name, tables, truth, records, carried, users=True):
    total = tables["total"][-1]
    check(counts(total, users) == counts(truth["total"], users), f"{name}: totals",
          (total, truth["total"]))
    check(total["turns"] == sum(truth["turns"].values()), f"{name}: turns", (total, truth["turns"]))
    if "month_model" in tables:
        compare_counts(f"{name}: month by model", tables["month_model"], truth["by_month_model"],
                       ("month", "model"), label, users)
    for field in ("account", "country", "language", "surface"):
        if field in tables:
            compare_counts(f"{name}: {field}", tables[field], truth[f"by_{field}"], (field,), label,
                           users)

    terms = {r["term"]: r for r in tables["terms"]}
    measures = ["conversations", "exchanges", "turns", "occurrences", "prompt_only", "output_only",
                "unique_conversations", "added_conversations"] + (["users"] if users else [])
    wrong = [(t["term"], m, t[m], terms[t["term"]][m]) for t in truth["terms"] for m in measures
             if terms[t["term"]][m] != t[m]]
    check(not wrong, f"{name}: {len(truth['terms'])} terms, {len(measures)} measures each", wrong)
    check(terms["any term"]["conversations"] == truth["any_term"]["conversations"] and
          terms["no term"]["conversations"] == truth["no_term"], f"{name}: union and null set",
          (terms["any term"], terms["no term"], truth["any_term"], truth["no_term"]))
    pairs = {(r["term"], r["other"]): r["conversations"] for r in tables["terms.pairs"]}
    expected = {(p["a"], p["b"]): p["conversations"] for p in truth["term_pairs"]
                if p["conversations"]}
    check(pairs == expected, f"{name}: pairs of terms", (pairs, expected))

    for assign in ("first", "all"):
        rows = {r["topic"]: counts(r, users) for r in tables[assign] if r["topic"] != "total"}
        expected = {t["topic"] or "none of these": counts(t, users)
                    for t in truth[f"topics_{assign}"]}
        check(rows == expected, f"{name}: topics, assign {assign}", (rows, expected))

    names = ["conversations", "exchanges", "occurrences"] + (["users"] if users else [])
    told = {r["kind"]: r for r in truth["identifiers"]}
    wrong = [(kind, n, told[kind][n], tables[f"id_{kind}"][-2][n]) for kind in IDENTIFIERS
             for n in names if told[kind][n] != tables[f"id_{kind}"][-2][n]]
    check(not wrong, f"{name}: identifiers of {len(IDENTIFIERS)} kinds", wrong)
    rows = {r["kind"]: r for r in tables["residue"]}
    wrong = [kind for kind, kinds in IDENTIFIERS.items() if len(kinds) == 1
             and any(rows[kind][n] != told[kind][n] for n in names)]
    check(not wrong and rows["any identifier"]["occurrences"] ==
          sum(r["occurrences"] for r in told.values()), f"{name}: all identifiers together",
          (wrong, rows["any identifier"]))
    rows = dict(zip(PATTERNS, tables["patterns"]))
    wrong = [(kind, n, told[kind][n], rows[kind][n]) for kind in PATTERNS for n in names
             if told[kind][n] != rows[kind][n]]
    check(not wrong, f"{name}: regular expressions", wrong)

    compare_overlap(name, tables, truth["overlap"], users)

    reasons = {r["reason"]: r for r in tables["completeness"]}
    titles = {"invalid_json": "not valid JSON", "invalid_utf8": "not valid UTF-8",
              "too_deep": "nested more than 1,024 deep", "too_long": "longer than max_record",
              "no_messages": "no conversation in the expected format",
              "id_too_long": "id or user longer than 256 bytes"}
    wrong = [(k, v) for k, v in records["rejected"].items()
             if k in titles and reasons[f"rejected: {titles[k]}"]["records"] != v]
    check(not wrong, f"{name}: rejected by reason", (wrong, list(reasons.values())))
    check([reasons[k]["records"] for k in ("read", "duplicates")] ==
          [records["read"], records["duplicates"]], f"{name}: read and duplicates",
          (records, list(reasons.values())))
    odd = {"abandoned_turns": "with turns on abandoned branches",
           "null_messages": "with messages without any content",
           "nontext_parts": "with images, files and other parts without text",
           "tool_calls": "with calls of tools",
           "repaired_surrogates": "with lone surrogates read as U+FFFD",
           "unknown_roles": "with messages of an unknown role, read as tool turns",
           "bad_times": "with times that could not be read"}
    wrong = [(k, truth["oddities"][k], reasons[odd[k]]["items"]) for k in odd
             if k in truth["oddities"] and reasons[odd[k]]["items"] != truth["oddities"][k]]
    check(not wrong, f"{name}: oddities", wrong)
    if users:
        check(reasons["without a user"]["records"] == truth["without_user"] and
              reasons["without a time"]["records"] == truth["without_time"],
              f"{name}: without user, without time", list(reasons.values()))


def main():
    everything = {"user", "time", "model", "account", "country", "language", "surface"}
    population = {"from": "2022-12-01", "to": "2024-11-30",
                  "exclude": [{"field": "account", "in": ["business"]}]}
    with tempfile.TemporaryDirectory() as folder:
        run(MAKE_LOGS, "--seed", "11", "--conversations", str(COUNT), "--files", "3",
            "--relevant-in", "100", f"{folder}/native")
        with open(f"{folder}/native/truth.json", encoding="utf-8") as text:
            truth = json.load(text)
        for i, tool in ((0, ["gzip"]), (1, ["zstd", "-q", "--rm"])):
            run(*tool, f"{folder}/native/logs-0{i}.jsonl")
        paths = ["native/logs-*"]
        whole = make_plan(folder, "whole", paths, carried=everything)
        compare("whole set", whole, truth["all"], truth["records"], everything)
        part = make_plan(folder, "part", paths, population=population, carried=everything)
        compare("population", part, truth["population"], truth["records"], everything)
        excluded = sum(r["records"] for r in part["completeness"]
                       if r["reason"].startswith("excluded"))
        check(excluded == sum(e["conversations"] for e in truth["population"]["excluded"]
                              if e["business"] or e["time"] != "inside"),
              "population: what is excluded", (part["completeness"], truth["population"]["excluded"]))

        # The gate withholds, and what it shows is the exact value.
        gated = make_plan(folder, "gated", paths, min_users=11, carried=everything)
        shown = withheld = 0
        for name, rows in gated.items():
            for row, exact in zip(rows, whole[name]):
                for column, value in row.items():
                    if column == "flags":
                        continue
                    if row.get("flags", {}).get(column) == "withheld":
                        withheld += 1
                        check(value is None, f"{name}.{column} withheld is null", row) \
                            if value is not None else None
                    elif value != exact[column] and column != "warnings":
                        check(False, f"{name}.{column} shown is exact", (row, exact))
                    else:
                        shown += 1
                small = row.get("users")
                if small is not None and 0 < small < 11:
                    check(False, f"{name}: a cell of {small} users is shown", row)
        check(shown > 100 and withheld > 10, f"gated: {shown} shown, {withheld} withheld")

        for form, users, carried in (
                ("openai", False, set()), ("lmsys", False, {"model", "language"}),
                ("wildchat", True, {"time", "model", "country", "language"}),
                ("sharegpt", False, set()), ("chatgpt-export", False, {"time", "model"}),
                ("claude-export", True, {"time"})):
            if SHORT and form not in ("sharegpt", "chatgpt-export"):
                continue
            run(MAKE_LOGS, "--seed", "12", "--conversations", str(COUNT // 4), "--format", form,
                "--broken", "off", f"{folder}/{form}")
            with open(f"{folder}/{form}/truth.json", encoding="utf-8") as text:
                truth = json.load(text)
            files = [f for f in os.listdir(f"{folder}/{form}") if re.match(r"logs-\d+\.", f)]
            tables = make_plan(folder, form.replace("-", "_"),
                               [f"{form}/{f}" for f in files], carried=carried)
            compare(form, tables, truth["all"], truth["records"], carried, users)
    return 1 if finish() else 0


if __name__ == "__main__":
    sys.exit(main())
