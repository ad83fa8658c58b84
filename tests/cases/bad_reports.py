#!/usr/bin/env python3
"""What a report must stand: long, steering and formula-like texts, 40,000 terms, 300 tables of one
title, and output folders that exist, are read-only or full; in every format. Each is a safe report
or a clear error, and an older whole file stays until a whole new one takes its place. Prints TAP."""
import csv
import html
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import zipfile
from xml.etree import ElementTree

from check import MAKE_LOGS, PROFFER, check, finish, skip

SHORT = os.environ.get("SHORT")
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
ODD = "=cmd|' /C calc'!A0 \u202etxet\u202c \x07\x1b[31m\x9b \u05e9\u05dc\u05d5\u05dd <b>&amp;\" "


def write_plan(queries, report=None, **more):
    plan = {"proffer": 1, "title": "T", "matter": "m", "logs": {"paths": ["logs/logs-*.jsonl"]},
            "queries": queries, "release": {"min_users": 0},
            "report": {"csv": "csv", "page": "page.html", **(report or {})}, **more}
    with open("plan.json", "w", encoding="utf-8") as out:
        json.dump(plan, out)


def run(limit=None, before=()):
    def limits():
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    done = subprocess.run([*before, PROFFER, "run", "plan.json"], capture_output=True, text=True,
                          errors="replace", preexec_fn=limits)
    if done.returncode not in (0, 3, 4) or "Sanitizer" in done.stderr:
        check(False, "the program ends as it should", (done.returncode, done.stderr))
    return done


def contents(folder="out"):
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            with open(path, "rb") as data:
                found[os.path.relpath(path, folder)] = data.read()
    return found


# ---- each format, read again ----

def strings_of_book(data):
    """Sheet names and all cell texts; no formula may be among the cells."""
    book = zipfile.ZipFile(data)
    sheets = [s.get("name") for s in ElementTree.fromstring(book.read("xl/workbook.xml")).iter()
              if s.tag.endswith("}sheet")]
    texts, formulas = [], 0
    for name in book.namelist():
        if not name.endswith(".xml"):
            continue
        for node in ElementTree.fromstring(book.read(name)).iter():
            tag = node.tag.rpartition("}")[2]
            if tag == "t" and node.text:
                texts.append(node.text)
            formulas += tag == "f" and name.startswith("xl/worksheets/")
    return sheets, texts, formulas


def check_all(title):
    """Every format is whole, and nothing in it runs or steers. The report and its CSV tables."""
    with open("out/report.json", encoding="utf-8") as data:
        report = json.load(data)
    sheets, texts, formulas = strings_of_book("out/report.xlsx")
    folded = [name.lower() for name in sheets]
    good = [name for name in sheets if 1 <= len(name) <= 31 and not re.search(r"[\[\]:*?/\\]|^'|'$", name)]
    check(len(set(folded)) == len(folded) and good == sheets, f"{title}: sheet names are unique and valid",
          sheets[:40])
    check(formulas == 0 and not [t for t in texts if STEERING.search(t)],
          f"{title}: the workbook has no formula, and nothing in it steers", formulas)
    with open("out/page.html", encoding="utf-8") as data:
        page = data.read()
    steers = STEERING.findall(page)
    check(not steers and "<script" not in page and "<b>" not in page and page.endswith("</html>\n"),
          f"{title}: nothing in the page runs or steers", steers[:5])
    tables = {}
    with open("out/csv/index.csv", encoding="utf-8", newline="") as data:
        for row in csv.DictReader(data, strict=True):
            with open("out/csv/" + row["file"], encoding="utf-8", newline="") as table:
                tables[row["file"]] = list(csv.reader(table, strict=True))
    cells = [cell for rows in tables.values() for row in rows for cell in row]
    bad = [c for c in cells if c[:1] in ("=", "+", "@", "\t", "\r") or STEERING.search(c)]
    bad += [c for c in cells if c[:1] == "-" and not re.fullmatch(r"-[0-9.e+-]+", c)]
    check(not bad and len(tables) == len(report["tables"]) + 1,
          f"{title}: no field of the CSV files is a formula or steers", bad[:5])
    return report, page, tables


def texts():
    long = (ODD * 200)[:5000]
    write_plan([{"id": "total", "kind": "count", "by": ["model"], "title": long},
                {"id": "t", "kind": "terms", "terms": ["=cmd", "=cmd|' /C calc'!A0", "@SUM", "+1", "-1"]}],
               {"confidentiality": long}, title=long, matter=long)
    done = run()
    check(done.returncode == 0 and len(long) == 5000 and not STEERING.search(done.stdout.replace("\n", "")),
          "titles of 5,000 odd characters: the run ends well, and its lines steer no terminal",
          (done.returncode, repr(done.stdout[:300]), done.stderr[:500]))
    report, page, tables = check_all("odd texts")
    check(report["title"] == long, "report.json has the title as it was written")
    check("=cmd|" in html.unescape(page) and "\u05e9\u05dc\u05d5\u05dd" in page,
          "the page shows what can be shown of it")
    rows = next(t for t in report["tables"] if t["id"] == "t")["rows"]
    check("=cmd|' /C calc'!A0" in [r["query"] for r in rows] and
          "'=cmd|' /C calc'!A0" in [c for r in tables["t.csv"] for c in r],
          "a term like a formula stands as a text", [r["query"] for r in rows])
    for key, value in (("offered_as", "a\u202eb"), ("inspection", "a\x1b[31m"), ("caption", ["a\nb"])):
        write_plan([{"id": "total", "kind": "count", "by": []}], {key: value})
        done = run()
        check(done.returncode == 3 and "control character" in done.stderr and
              not STEERING.search(done.stderr.replace("\n", "")),
              f"what steers is refused in {key}", done.stderr)
    write_plan([{"id": "total", "kind": "count", "by": []}], {"inspection": "x" * 5000})
    done = run()
    check(done.returncode == 3 and "at most 2000" in done.stderr, "so is one of 5,000 characters", done.stderr)


def many_terms():
    count = 2000 if SHORT else 40000
    with open("terms.txt", "w", encoding="utf-8") as out:
        out.write("".join(f"word{i} OR other{i}\n" for i in range(count)))
    write_plan([{"id": "t", "kind": "terms", "terms_file": "terms.txt"}])
    done = run()
    check(done.returncode == 0, f"{count} terms", done.stderr)
    report, page, tables = check_all(f"{count} terms")
    rows = next(t for t in report["tables"] if t["id"] == "t")["rows"]
    check(len(rows) >= count and len(tables["t.csv"]) == len(rows) + 1 and
          (count <= 5000 or "5,000" in page), "every term has its row; the page says what it leaves out",
          (len(rows), len(tables["t.csv"])))


def many_tables():
    write_plan([{"id": "q1", "kind": "count", "by": []}, {"id": "Q1", "kind": "count", "by": []}])
    done = run()
    check(done.returncode == 3, "two ids that differ in case alone are refused", done.stderr)
    write_plan([{"id": f"q{i}", "kind": "count", "by": ["model"], "title": "One title for all of them"}
                for i in range(300)])
    done = run()
    check(done.returncode == 0, "300 tables of one title", done.stderr)
    report, _, tables = check_all("300 tables")
    check(len(report["tables"]) == 300 and len({name.lower() for name in tables}) == 301,
          "each has a file of its own", len(tables))


# ---- folders ----

def existing():
    write_plan([{"id": "total", "kind": "count", "by": ["model"]}])
    run()
    whole = contents()
    for name in whole:
        with open(f"out/{name}", "wb") as out:
            out.write(b"old")
    with open("out/mine.txt", "w", encoding="utf-8") as out:
        out.write("mine")
    done = run()
    check(done.returncode == 0 and contents() == {**whole, "mine.txt": b"mine"},
          "a folder that is there: its reports are replaced, what else is in it stays", done.stderr)
    os.remove("out/mine.txt")
    return whole


def without_room(whole):
    """Files that may grow to so many bytes only: what is there is whole, old or new."""
    wrong, failed = [], 0
    for limit in (0, 200, 3000) if SHORT else (0, 1, 200, 900, 3000, 6000, 9000, 15000, 25000):
        for name in whole:
            with open(f"out/{name}", "wb") as out:
                out.write(b"old " + name.encode())
        done = run(limit=limit)
        failed += done.returncode == 4
        left = contents()
        wrong += [(limit, name) for name in whole if left.get(name) not in (whole[name], b"old " + name.encode())]
        if set(left) != set(whole) or (done.returncode and "cannot" not in done.stderr):
            wrong.append((limit, sorted(set(left) ^ set(whole)), done.stderr))
        if done.returncode == 0 and left != whole:
            wrong.append((limit, "success without the reports"))
    check(not wrong and failed >= 2, f"files that cannot grow: {failed} errors, every file whole", wrong)
    shutil.rmtree("out")
    check(run().returncode == 0 and contents() == whole, "with room again all is written")


def full(whole):
    shutil.rmtree("out")
    os.mkdir("out")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "none", "out"],
                      capture_output=True).returncode:
        skip("an output folder that is full", "it cannot be mounted here")
        return
    try:
        done = run()
        left = contents()
        check(done.returncode == 4 and "cannot write" in done.stderr and
              all(data == whole[name] for name, data in left.items()),
              "an output folder that is full: an error, and nothing half written", (done.stderr, list(left)))
    finally:
        subprocess.run(["umount", "out"], check=True)


def read_only(whole):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        skip("an output folder that is read-only", "this needs root and setpriv")
        return
    other = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    shutil.rmtree("out")
    run()
    for where, _, names in os.walk("."):
        os.chmod(where, 0o755)
        for name in names:
            os.chmod(os.path.join(where, name), 0o644)
    if subprocess.run([*other, PROFFER, "check", "plan.json"], capture_output=True).returncode:
        skip("an output folder that is read-only", "another user cannot run the program")
        return
    done = run(before=other)
    check(done.returncode == 4 and "ermission denied" in done.stderr and contents() == whole,
          "an output folder that is read-only: an error, and the reports stay", done.stderr)


def main():
    started = time.monotonic()
    folder = tempfile.mkdtemp()
    os.chmod(folder, 0o755)
    try:
        os.chdir(folder)
        subprocess.run([MAKE_LOGS, "--seed", "3", "--conversations", "300", "--files", "1", "logs"],
                       check=True, capture_output=True)
        texts()
        many_terms()
        shutil.rmtree("out")
        many_tables()
        shutil.rmtree("out")
        whole = existing()
        without_room(whole)
        full(whole)
        read_only(whole)
    finally:
        os.chdir("/")
        shutil.rmtree(folder)
    print(f"# {time.monotonic() - started:.1f} s")
    finish()


main()
