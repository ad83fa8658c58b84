#!/usr/bin/env python3
"""The CSV files and the page say what report.json says, cell by cell; the page is well formed, needs
nothing but itself and runs nothing; the same run gives the same bytes. Prints TAP."""
import csv
import html.parser
import json
import os
import re
import shutil
import subprocess
import tempfile

from check import MAKE_LOGS, PROFFER, check, finish, results
from files import digests

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HOSTILE = "<script>alert(1)</script> & \"quoted\" 'text' \u202etxet \u0007 </style>"
VOID = {"meta", "br", "hr", "img", "input", "link", "rect", "line", "circle", "path", "polyline"}


class Page(html.parser.HTMLParser):
    """Nesting, ids, links and tables of a page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.wrong, self.ids, self.links, self.named = [], [], [], [], []
        self.tags, self.attributes, self.tables, self.cell = set(), set(), [], None
        self.style, self.declared = "", []
        self.feed(text)
        self.close()
        self.wrong += self.open

    def handle_decl(self, decl):
        self.declared.append(decl)

    def handle_comment(self, data):
        self.wrong.append("comment " + data)

    def handle_starttag(self, tag, attrs):
        self.start(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.start(tag, attrs)

    def start(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value)
            elif name in ("href", "src", "xlink:href", "action", "data", "srcset"):
                self.links.append(value)
            elif name.startswith("aria-labelledby"):
                self.named += value.split()
        if tag == "table":
            self.tables.append({"caption": False, "head": [], "rows": []})
        elif tag == "caption":
            self.tables[-1]["caption"] = True
        elif tag == "tr" and "tbody" in self.open:
            self.tables[-1]["rows"].append([])
        elif tag in ("td", "th"):
            self.cell = ""
            if tag == "th" and "scope" not in dict(attrs):
                self.wrong.append("th without scope")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")
        if tag in ("td", "th"):
            table = self.tables[-1]
            (table["rows"][-1] if "tbody" in self.open else table["head"]).append(self.cell)
            self.cell = None

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data
        if self.cell is not None:
            self.cell += data


def cleaned(text, kept):
    """What a writer makes of a text: all that steers is U+FFFD."""
    return re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]",
                  lambda m: m[0] if m[0] in kept else "\ufffd", text)


def csv_cell(row, column):
    value = row.get(column)
    if row.get("flags", {}).get(column):
        return "withheld"
    if value is None:
        return ""
    if isinstance(value, str):
        return ("'" if value[:1] in tuple("=+-@\t\r") else "") + cleaned(value, "\t\r\n")
    return value


def same_csv(found, wanted):
    if isinstance(wanted, float):
        return float(found) == wanted
    return found == str(wanted)


def same_page(found, row, column):
    """Numbers are rounded on the page."""
    name, kind, value = column["id"], column["type"], row.get(column["id"])
    if row.get("flags", {}).get(name):
        return found == "withheld"
    if value is None:
        return found == "-"
    if isinstance(value, str):
        return found == cleaned(value.replace("\t", " ").replace("\r", " "), "\n")
    if kind == "share":
        decimals = len(found.split(" ")[0].partition(".")[2])
        return found.endswith(" %") and abs(float(found[:-2]) / 100 - value) <= 0.51 * 10 ** -(decimals + 2)
    if isinstance(value, int) and kind == "count":
        return found == f"{value:,}"
    return abs(float(found) - value) <= 1e-5 * abs(value)


def compare(folder, name, cut=5000):
    with open(f"{folder}/report.json", encoding="utf-8") as data:
        report = json.load(data)
    tables = ([report["completeness"]] if report["completeness"] else []) + report["tables"]
    wrong = []
    for table in tables:
        path = f"{folder}/csv/{table['id']}.csv"
        with open(path, "rb") as data:
            raw = data.read()
        if raw.startswith(b"\xef\xbb\xbf") or not raw.endswith(b"\r\n"):
            wrong.append((table["id"], "mark or end"))
        with open(path, encoding="utf-8", newline="") as data:
            rows = list(csv.reader(data, strict=True))
        columns = [column["id"] for column in table["columns"]]
        if [cell.lstrip("'") for cell in rows[0]] != columns or len(rows) - 1 != len(table["rows"]):
            wrong.append((table["id"], rows[0], len(rows) - 1, len(table["rows"])))
            continue
        for found, row in zip(rows[1:], table["rows"]):
            if len(found) != len(columns):
                wrong.append((table["id"], found))
            wrong += [(table["id"], cell, csv_cell(row, column)) for cell, column in zip(found, columns)
                      if not same_csv(cell, csv_cell(row, column))]
    check(not wrong, f"{name}: CSV holds what report.json holds", wrong[:10])
    check(sorted(os.listdir(f"{folder}/csv")) == sorted(["index.csv"] + [f"{t['id']}.csv" for t in tables]),
          f"{name}: one CSV file a table, and an index", os.listdir(f"{folder}/csv"))
    with open(f"{folder}/csv/index.csv", encoding="utf-8", newline="") as data:
        index = list(csv.DictReader(data, strict=True))
    sums = digests(f"{folder}/csv")
    wanted = [(f"{t['id']}.csv", t["id"], str(len(t["rows"])), sums[f"{t['id']}.csv"]) for t in tables]
    check([(r["file"], r["table"], r["rows"], r["sha256"]) for r in index] == wanted and
          [r["title"] for r in index] == [csv_cell({"t": t["title"]}, "t") for t in tables],
          f"{name}: the index has names, rows and digests", index)

    with open(f"{folder}/page.html", encoding="utf-8", newline="") as data:
        text = data.read()
    page = Page(text)
    check(page.declared == ["DOCTYPE html"] and not page.wrong, f"{name}: the page is well nested",
          page.wrong[:10])
    check(len(page.ids) == len(set(page.ids)), f"{name}: ids are unique", page.ids)
    check(all(link[1:] in page.ids and link[0] == "#" for link in page.links) and page.links,
          f"{name}: links lead to parts of the page", page.links)
    check(set(page.named) <= set(page.ids), f"{name}: labels are there", page.named)
    bad = page.tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image",
                       "use", "a:", "foreignobject", "video", "audio"}
    check(not bad and not [a for a in page.attributes if a.startswith("on") or a == "style"],
          f"{name}: nothing runs and nothing is fetched", (bad, page.attributes))
    check("url(" not in page.style and "@import" not in page.style and "://" not in text,
          f"{name}: no address in the page or its style")
    check("default-src 'none'" in text, f"{name}: the page's policy forbids all else")
    wrong = []
    for found, table in zip(page.tables, tables):
        if not found["caption"] or len(found["rows"]) != min(len(table["rows"]), cut):
            wrong.append((table["id"], len(found["rows"]), len(table["rows"])))
        heads = [cleaned(c["title"] or c["id"], "\n") for c in table["columns"]]
        if found["head"] != heads:
            wrong.append((table["id"], found["head"], heads))
        for cells, row in zip(found["rows"], table["rows"]):
            wrong += [(table["id"], cell, row.get(c["id"])) for cell, c in zip(cells, table["columns"])
                      if not same_page(cell, row, c)]
            if len(cells) != len(table["columns"]):
                wrong.append((table["id"], cells))
    check(len(page.tables) == len(tables) and not wrong, f"{name}: its tables are report.json's",
          wrong[:10])
    steering = re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", text)
    check(not steering, f"{name}: nothing in it steers", steering)


def run(plan, ok=0):
    with open("plan.json", "w", encoding="utf-8") as out:
        json.dump(plan, out)
    done = subprocess.run([PROFFER, "run", "plan.json"], capture_output=True, text=True)
    check(done.returncode == ok, f"run ends with {ok}", (done.returncode, done.stderr))
    return done


def main():
    folder = tempfile.mkdtemp()
    try:
        os.chdir(folder)
        subprocess.run([MAKE_LOGS, "--seed", "5", "--conversations", "800", "--files", "1", "logs"],
                       check=True, capture_output=True)
        for name in ("terms.txt", "topics.json"):
            shutil.copy(f"{ROOT}/examples/{name}", name)
        plan = {"proffer": 1, "title": "Plain", "matter": "m-1", "logs": {"paths": ["logs/logs-*.jsonl"]},
                "queries": [{"id": "months", "kind": "count", "by": ["month"]},
                            {"id": "models", "kind": "count", "by": ["month", "model"]},
                            {"id": "terms", "kind": "terms", "terms_file": "terms.txt"},
                            {"id": "topics", "kind": "topics", "taxonomy": "topics.json"},
                            {"id": "residue", "kind": "identifiers"}],
                "release": {"min_users": 11},
                "report": {"dir": "out", "xlsx": None, "csv": "csv", "page": "page.html",
                           "confidentiality": "CONFIDENTIAL"}}
        done = run(plan)
        check(done.stdout.rstrip().split("\n")[-2:] == [
            f"wrote out/csv: {len(os.listdir('out/csv')) - 1} tables", "wrote out/page.html"],
            "the closing lines name both", done.stdout)
        compare("out", "plain")
        before = digests("out")
        shutil.rmtree("out")
        run(plan)
        check(digests("out") == before, "the same run gives the same bytes")

        stray = plan["queries"].pop()
        with open("out/csv/\x1b[31mz.CSV", "w", encoding="utf-8") as out:
            out.write("someone's")
        done = run(plan)
        left = sorted(set(os.listdir("out/csv")) - {row.split(",")[0] for row in open("out/csv/index.csv")})
        check(left == ["\x1b[31mz.CSV", "index.csv", "residue.csv"] and
              "warning: out/csv: 2 CSV files there belong to no table" in done.stderr and
              "index.csv lists those that do" in done.stderr and "\x1b" not in done.stderr,
              "CSV files of an earlier report stay, are told of and are not in the index",
              (left, done.stderr))
        plan["queries"].append(stray)
        shutil.rmtree("out")
        plan["title"] = plan["matter"] = plan["report"]["confidentiality"] = HOSTILE
        plan["queries"][0]["title"] = HOSTILE
        plan["queries"][2] = {"id": "terms", "kind": "terms",
                              "terms": ["=cmd", "+plus", "@at", "-zephyrine", "<b> & xanthic", "x,y"]}
        run(plan)
        shutil.rmtree("out")
        run(plan)
        compare("out", "hostile")

        plan["report"].update(csv=".", dir="logs", json=None)
        done = run(plan, 0)
        plan["queries"] = [{"id": "labels", "kind": "count", "by": ["month"]},
                           {"id": "rel", "kind": "relevance", "definition": "d", "sample": "s.json",
                            "labels": "logs/labels.csv"}]
        with open("logs/labels.csv", "rb") as data:
            labels = data.read()
        done = run(plan, 3)
        with open("logs/labels.csv", "rb") as data:
            check(data.read() == labels and "would overwrite" in done.stderr,
                  "a table does not overwrite the labels", done.stderr)
        plan["report"].update(csv="x", page="x")
        done = run(plan, 3)
        check('"csv" and "page" name the same file' in done.stderr, "two reports of one name", done.stderr)
    finally:
        os.chdir("/")
        shutil.rmtree(folder)
    finish()


main()
raise SystemExit(0 if all(results) else 1)
