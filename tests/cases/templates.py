#!/usr/bin/env python3
"""Each starting point runs on the example logs without an edit; the same run twice gives the same
bytes; words of the logs' messages, ids and users are in no report; the burden follows from the
stated rates; a sample of conversations and one of exchanges serve one plan. Prints TAP."""
import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import zipfile

from check import MAKE_LOGS, check, finish, program
from files import contents


def plain(data):
    """The bytes of a file, or of a workbook's members."""
    if data[:2] != b"PK":
        return data
    with tempfile.TemporaryFile() as file:
        file.write(data)
        with zipfile.ZipFile(file) as book:
            return b"\n".join(book.read(name) for name in book.namelist())


def plant(logs):
    """Every message gets a word of its own, every id and user is one already; returns them."""
    words, number = [], 0
    for name in sorted(os.listdir(logs)):
        if not name.endswith(".jsonl"):
            continue
        lines = []
        with open(os.path.join(logs, name), encoding="utf-8", errors="surrogateescape") as file:
            for line in file:
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError):
                    lines.append(line)
                    continue
                if not isinstance(record, dict):
                    lines.append(line)
                    continue
                for key in ("id", "user"):
                    if isinstance(record.get(key), str) and len(record[key]) >= 8:
                        words.append(record[key])
                for message in record.get("messages") or []:
                    if isinstance(message, dict) and isinstance(message.get("content"), str):
                        number += 1
                        word = f"canary{number:07d}bird"
                        words.append(word)
                        message["content"] += " " + word
                lines.append(json.dumps(record) + "\n")
        with open(os.path.join(logs, name), "w", encoding="utf-8", errors="surrogateescape") as file:
            file.writelines(lines)
    return words


def leaked(found, words):
    """Canaries all look alike, ids too: one pass over the text, not one a word."""
    wanted = set(words)
    tokens = set()
    for data in found.values():
        tokens.update(re.findall(r"[A-Za-z0-9][A-Za-z0-9_-]{7,}", plain(data).decode("utf-8", "replace")))
    return sorted(wanted & tokens)


def report_of(folder):
    with open(os.path.join(folder, "report.json"), encoding="utf-8") as file:
        return json.load(file)


def table(report, name):
    return next((t for t in report["tables"] if t["id"] == name), None)


def burden_adds_up(report, plan):
    rates = {a["id"]: a for a in plan["assumptions"]}
    rows = table(report, "options.burden")["rows"]
    for row in rows:
        if row["conversations"] is None:
            if any(row[c] is not None for c in ("hours_low", "hours_high", "cost_low", "cost_high")):
                return False
            continue
        low = row["conversations"] / rates["pace"]["high"]
        high = row["conversations"] / rates["pace"]["low"]
        for got, want in [(row["hours_low"], low), (row["hours_high"], high),
                          (row["cost_low"], low * rates["rate"]["low"]),
                          (row["cost_high"], high * rates["rate"]["high"])]:
            if abs(got - want) > 1e-9 * max(1, want):
                return False
    return len(rows) == 4 and rows[-1]["conversations"] > rows[0]["conversations"]


def label(sample, path):
    with open(sample, encoding="utf-8") as file:
        ids = json.load(file)
    drawn = ids["ids"] if "ids" in ids else [i for s in ids["strata"] for i in s["ids"]]
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "label"])
        for unit in drawn:
            out.writerow([unit if isinstance(unit, str) else unit["id"], "irrelevant"])
    return len(drawn)


def spread_adds_up(report, name, design):
    """Numbers, shares and sums of a table of the sample's spread."""
    spread = table(report, name)
    rows, whole = spread["rows"][:-1], spread["rows"][-1]
    for row in rows:
        expected = whole["n"] * row["N"] / whole["N"]
        if abs(row["expected"] - expected) > 1e-9 * expected or \
           abs(row["difference"] - (row["n"] - expected)) > 1e-9 * whole["n"] or \
           abs(row["sample_share"] - row["n"] / whole["n"]) > 1e-12 or \
           ("p_value" in row) == design or \
           (not design and not (0 < row["p_value"] <= row["p_value_together"] <= 1 and
                                row["chance_low"] <= expected <= row["chance_high"] + 1)):
            return False
    return sum(row["N"] for row in rows) == whole["N"] and \
        sum(row["n"] for row in rows) == whole["n"] and \
        (design or whole["p_value_together"] == min(row["p_value_together"] for row in rows))


def by_month(folder):
    """The template as its README has it: both samples by month, and each drawn again."""
    seeds = {"sample.json": "271828182845", "sample-exchange.json": "314159265358"}
    for words in (["frame", "plan.json", "--by", "volume"],
                  ["frame", "plan.json", "--by", "volume", "--unit", "exchange", "--output",
                   "exchange.frame.json"],
                  ["draw", "plan.json", "--size", "300", "--seed", seeds["sample.json"],
                   "--seed-source", "it's an example", "--output", "sample.json"],
                  ["draw", "plan.json", "--size", "200", "--seed", seeds["sample-exchange.json"],
                   "--seed-source", "example", "--output", "sample-exchange.json", "--frame",
                   "exchange.frame.json"]):
        status, said = program(*words, cwd=folder)
        check(status == 0, "by month: proffer " + " ".join(words[:2] + words[-2:]), said)
    for sample, names in (("sample.json", ("verbatim", "mentions")),
                          ("sample-exchange.json", ("verbatim-exchange", "mentions-exchange"))):
        for name in names:
            label(os.path.join(folder, sample), os.path.join(folder, f"labels-{name}.csv"))
    status, said = program("run", "plan.json", cwd=folder)
    report = report_of(os.path.join(folder, "out"))
    check(status == 0 and all(spread_adds_up(report, name, True)
                              for name in ("verbatim.spread", "verbatim-exchange.spread")) and
          not table(report, "mentions.spread"), "each sample's spread over the months is told once", said)
    months = [row["month"] for row in table(report, "volume")["rows"][:-1]]
    strata = [row["stratum"] for row in table(report, "verbatim")["rows"][:-1]]
    check(len(strata) > 12 and " + ".join(strata).split(" + ") == months,
          "strata are the months, small ones joined", strata)
    grid = [(row["definition"].split()[0], row["unit"], row["verdict"]) for row in
            table(report, "claims")["rows"]]
    check(grid == [("contains", "conversation", "undetermined"), ("contains", "exchange", "undetermined"),
                   ("mentions", "conversation", "undetermined"), ("mentions", "exchange", "undetermined")] and
          all(row["would_change"] for row in table(report, "claims")["rows"]),
          "claims by definition and unit, with what would change each", grid)
    with open(os.path.join(folder, "out", "statement.md"), encoding="utf-8") as file:
        draft = file.read()
    check("[ no figure" not in draft and "[ not in this report" not in draft and
          "again.frame.json" in draft.replace("\\", ""), "the draft has spread and recipe",
          re.findall(r"\*\*\[ no[^]]*", draft))
    with zipfile.ZipFile(os.path.join(folder, "out", "report.xlsx")) as book:
        charts = [book.read(n).decode() for n in book.namelist() if n.startswith("xl/charts/chart")]
    pairs = [c for c in charts if c.count("<c:ser>") == 2 and "<c:legend>" in c]
    with open(os.path.join(folder, "out", "report.html"), encoding="utf-8") as file:
        page = file.read()
    check(len(pairs) == 2 and all("Share of the sample" in c for c in pairs) and
          page.count('class="beside" x=') == len(strata) + len(table(report, "verbatim-exchange.spread")["rows"]) - 1,
          "workbook and page draw population and sample side by side", len(pairs))
    for row in table(report, "redraw")["rows"]:
        words = [row["frame_command"], row["draw_command"].replace("SEED", seeds[row["sample"]])]
        said = ["", ""]
        for i, command in enumerate(words):
            command = command.replace("proffer", '"$PROFFER"', 1)
            done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)
            said[i] = done.stdout + done.stderr
        with open(os.path.join(folder, "again.json"), "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        check(row["frame_sha256"] in said[0] and digest == row["sample_sha256"],
              f"{row['sample']}: the recipe draws it again, byte for byte", said)
        os.remove(os.path.join(folder, "again.json"))
        os.remove(os.path.join(folder, "again.frame.json"))


def units_side_by_side(folder):
    for words in (["frame", "plan.json"],
                  ["frame", "plan.json", "--unit", "exchange", "--output", "exchange.frame.json"],
                  ["draw", "plan.json", "--size", "300", "--seed", "271828182845", "--seed-source",
                   "example", "--output", "sample.json"],
                  ["draw", "plan.json", "--size", "200", "--seed", "314159265358", "--seed-source",
                   "example", "--output", "sample-exchange.json", "--frame", "exchange.frame.json"]):
        status, said = program(*words, cwd=folder)
        check(status == 0, "proffer " + " ".join(words[:2] + words[-2:]), said)
    label(os.path.join(folder, "sample.json"), os.path.join(folder, "labels-verbatim.csv"))
    label(os.path.join(folder, "sample.json"), os.path.join(folder, "labels-mentions.csv"))
    for name in ("verbatim-exchange", "mentions-exchange"):
        label(os.path.join(folder, "sample-exchange.json"), os.path.join(folder, f"labels-{name}.csv"))
    status, said = program("run", "plan.json", cwd=folder)
    report = report_of(os.path.join(folder, "out"))
    drawn = {name: (table(report, name)["rows"][0]["n"], table(report, name)["unit"])
             for name in ("verbatim", "mentions", "verbatim-exchange")}
    check(all(spread_adds_up(report, name, False) for name in ("verbatim.spread", "verbatim-exchange.spread")),
          "without strata the spread over months is tested", table(report, "verbatim.spread"))
    check(status == 0 and drawn == {"verbatim": (300, "conversations"),
                                    "mentions": (300, "conversations"),
                                    "verbatim-exchange": (200, "exchanges")},
          "conversations and exchanges stand side by side, each with its own sample", (said, drawn))
    with open(os.path.join(folder, "out", "statement.md"), encoding="utf-8") as file:
        draft = file.read()
    check(all(table(report, name)["rows"][0]["claim"] in draft and
              next(s["text"] for s in report["summary"] if s["id"] == name).replace("_", "")
              in draft.replace("\\", "").replace("_", "")
              for name in ("claim-verbatim", "claim-mentions", "claim-verbatim-exchange")) and
          "| population | undetermined |" in draft and "at most" in draft and
          "too small to say" in draft, "the draft states each claim with its bounds and its verdict")
    check("[ no figure" not in draft and "[ not in this report" not in draft,
          "the draft lacks nothing once labels are there", re.findall(r"\*\*\[ no[^]]*", draft))
    verdicts = {row["verdict"] for name in ("claim-verbatim", "claim-mentions", "claim-verbatim-exchange")
                for row in table(report, name)["rows"][:1]}
    with zipfile.ZipFile(os.path.join(folder, "out", "report.xlsx")) as book:
        styles = book.read("xl/styles.xml").decode()
    with open(os.path.join(folder, "out", "report.html"), encoding="utf-8") as file:
        page = file.read()
    check('&quot;? &quot;@' in styles and page.count('class="t v2"') >= 3 and
          '.v2::before{content:"\\3f  "}' in page, "verdicts have a sign beside their word", styles[:1500])
    worst = {m["name"]: m["text"] for m in report["methods"] if m["name"].startswith("Worst-case")}
    least = [float(re.search(r"probability of at least ([0-9.]+) %", text)[1]) for text in worst.values()]
    check(list(worst) == [f"Worst-case coverage: {n}" for n in
                          ("verbatim", "verbatim-exchange", "mentions", "mentions-exchange")]
          and all(95 <= share < 96 for share in least),
          "the worst coverage of each bound is enumerated and told", worst)
    check(verdicts == {"undetermined"}, "300 labels leave a claim of 99.99 % undetermined", verdicts)


def main():
    work = tempfile.mkdtemp()
    try:
        status, said = program("new", cwd=work)
        names = [line.split()[0] for line in said.splitlines()]
        check(status == 0 and names == ["narrower-discovery", "proportionality-check",
                                        "privacy-impact"], "proffer new lists the templates", said)
        logs = os.path.join(work, "logs")
        subprocess.run([MAKE_LOGS, "--seed", "2024", "--conversations", "3000", "--files", "2", logs],
                       check=True, capture_output=True)
        canaries = plant(logs)
        check(len(canaries) > 20000, "words are planted in the logs", len(canaries))
        for name in names:
            folder = os.path.join(work, name)
            status, said = program("new", name, cwd=work)
            check(status == 0, f"proffer new {name}", said)
            with open(os.path.join(folder, "plan.json"), encoding="utf-8") as file:
                plan = json.load(file)
            os.symlink(logs, os.path.join(folder, "logs"))
            status, said = program("run", "plan.json", cwd=folder)
            check(status == 0, f"{name} runs as it stands", said)
            out = os.path.join(folder, plan["report"]["dir"])
            first = contents(out)
            leaks = leaked(first, canaries)
            draft = plan["report"]["draft"]
            check(draft in first and b"**[ to be stated: " in first[draft] and
                  b"[ not in this report" not in first[draft] and b"[ no figure" not in first[draft],
                  f"{name}: the draft is there, and all that it lacks is a person's to state",
                  re.findall(r"\*\*\[ no[^]]*", plain(first.get(draft, b"")).decode()))
            check(first and not leaks, f"{name}: no word, id or user of the logs is told", leaks[:5])
            shutil.rmtree(out)
            status, said = program("run", "plan.json", cwd=folder)
            second = contents(out)
            differ = [n for n in first if first[n] != second.get(n)]
            check(status == 0 and not differ and set(first) == set(second),
                  f"{name}: the same run twice gives the same bytes", differ or said)
            report = report_of(out)
            if "assumptions" in plan:
                told = [(r["assumption"], r["low"], r["high"], r["source"])
                        for r in table(report, "assumptions")["rows"]]
                stated = [(a["id"], a.get("value", a.get("low")), a.get("value", a.get("high")),
                           a["source"]) for a in plan["assumptions"]]
                check(told == stated, f"{name}: assumptions stand as stated", told)
            if "risks" in plan:
                told = [[r[k] for k in ("risk", "what", "likelihood", "severity", "measure", "source")]
                        for r in table(report, "risks")["rows"]]
                stated = [[r[k] for k in ("id", "title", "likelihood", "severity", "measure", "source")]
                          for r in plan["risks"]]
                check(told == stated, f"{name}: risks stand as stated", told)
            status, said = program("new", name, cwd=work)
            check(status == 2 and "is there already" in said, f"{name}: nothing is written over", said)
        folder = os.path.join(work, "narrower-discovery")
        with open(os.path.join(folder, "plan.json"), encoding="utf-8") as file:
            plan = json.load(file)
        check(burden_adds_up(report_of(os.path.join(folder, "out")), plan),
              "hours and cost follow from the stated ranges",
              table(report_of(os.path.join(folder, "out")), "options.burden"))
        without = os.path.join(work, "without-strata")
        shutil.copytree(os.path.join(work, "proportionality-check"), without, symlinks=True)
        units_side_by_side(without)
        by_month(os.path.join(work, "proportionality-check"))
        status, said = program("new", "privacy-impakt", cwd=work)
        check(status == 2 and "privacy-impact" in said, "a slip of the pen gets a hint", said)
    finally:
        shutil.rmtree(work)
    finish()


main()
