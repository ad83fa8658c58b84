#!/usr/bin/env python3
"""Drafts: a form that names every table, column and fact of a report is accepted before the run and
has none of its tables missing after it, with samples, labels, noise and all kinds of queries; its
tables say what report.json says; hostile words in a plan make no link, picture, tag, heading or
cell (as cmark-gfm reads Markdown, where it is installed); the form is read before anything else and
never written over. Prints TAP."""
import csv
import html.parser
import json
import os
import re
import shutil
import subprocess
import tempfile

from check import MAKE_LOGS, check, finish, program, results

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HOSTILE = ("# h\n[a](http://evil.example) ![i](x.png) <script>alert(1)</script> | cell | *e* `c` "
           "https://evil.example www.evil.example me@evil.example &lt; {{title}} \u202etxet \u0007\n"
           "- item\n1. item\n> quote\n```\ncode")


def read(path):
    with open(path, encoding="utf-8", newline="") as text:
        return text.read()


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write(text)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def form_of(report):
    """Every name that the report has."""
    lines = ["{{title}} {{matter}} {{confidentiality}} {{date}} {{form}}", "{{summary}}",
             "{{definitions}}", "{{methods}}", "{{run}}", "{{release}}"]
    lines += [f"{{{{run {name}}}}}" for name in report["run"]]
    lines += [f"{{{{release {name}}}}}" for name in report["release"] if "statement" not in name]
    lines += [f"{{{{summary {name}}}}}" for name in {s["id"] for s in report["summary"]}]
    for table in [report["completeness"], *report["tables"]]:
        columns = [quoted(c["id"]) for c in table["columns"]]
        lines.append(f"\n## {table['id']}\n")
        lines.append("".join(f"{{{{{what} of {table['id']}}}}} "
                             for what in ("title", "unit", "population", "method")))
        lines.append(f"{{{{table {table['id']} with {', '.join(columns)}}}}}\n")
        lines.append(f"{{{{notes of {table['id']}}}}}")
        lines += [f"{{{{value {c} of {table['id']}}}}} {{{{when {c} of {table['id']}}}}}x{{{{end}}}}"
                  for c in columns if table["rows"]]
    return "\n".join(lines) + "\n"


def tables_of(draft):
    """Rows of the tables under each heading."""
    found, name = {}, None
    for line in draft.split("\n"):
        if line.startswith("## "):
            name = line[3:]
            found[name] = []
        elif line.startswith("| ") and name:
            found[name].append([c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]])
    return {name: rows[2:] for name, rows in found.items()}


def cell(value, flags, column):
    """What a cell must read as, or None where its words are not fixed here."""
    if column["id"] in flags:
        return "withheld"
    if value is None or value == "":
        return "-"
    if column["type"] == "count":
        return f"{value:,}"
    return None


def compare(report, draft):
    told, wrong = tables_of(draft), []
    for table in [report["completeness"], *report["tables"]]:
        rows = told[table["id"]]
        if len(rows) != min(len(table["rows"]), 1000):
            wrong.append((table["id"], len(rows), len(table["rows"])))
        for row, shown in zip(table["rows"], rows):
            for column, words in zip(table["columns"], shown):
                wanted = cell(row[column["id"]], row.get("flags", {}), column)
                if wanted is not None and words != wanted:
                    wrong.append((table["id"], column["id"], words, wanted))
                value = row[column["id"]]
                if column["type"] == "share" and value is not None:
                    share = float(words.split()[0]) / 100
                    low, high = column["id"].endswith("_low"), column["id"].endswith("_high")
                    if (low and share > value + 1e-12) or (high and share < value - 1e-12) or \
                            abs(share - value) > 0.01 * max(value, 1e-9) + 1e-9:
                        wrong.append((table["id"], column["id"], words, value))
    return wrong


def drafted(plan, title):
    """Runs PLAN, then with a form that names all that its report has."""
    write("plan.json", json.dumps(plan))
    status, said = program("run", "--quiet", "plan.json")
    check(status == 0, f"{title}: a run", said)
    report = json.loads(read(plan["report"]["dir"] + "/report.json"))
    write("all.form.md", form_of(report))
    plan["report"].update(draft="draft.md", draft_form="all.form.md")
    write("plan.json", json.dumps(plan))
    status, said = program("check", "plan.json")
    check(status == 0 and "places that a person fills: 0" in said,
          f"{title}: every name of the report is one of the plan's", said[-2000:])
    status, said = program("run", "--quiet", "plan.json")
    path = plan["report"]["dir"] + "/draft.md"
    draft = read(path) if os.path.exists(path) else ""
    check(status == 0 and "not in this report" not in draft and "not told |" not in draft,
          f"{title}: the draft lacks nothing", said or re.findall(".*not in this.*", draft)[:5])
    report = json.loads(read(plan["report"]["dir"] + "/report.json"))
    wrong = compare(report, draft) if draft else ["no draft"]
    check(not wrong, f"{title}: the draft's tables say what report.json says", wrong[:5])
    return report


def sample_and_label(size):
    for words in (["frame", "plan.json"],
                  ["draw", "plan.json", "--size", str(size), "--seed", "4711", "--seed-source", "dice"]):
        status, said = program(*words)
        check(status == 0, "proffer " + words[0], said)
    drawn = json.loads(read("sample.json"))["ids"]
    with open("labels.csv", "w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "label", "reviewer"])
        for i, unit in enumerate(drawn):
            unit = unit if isinstance(unit, str) else unit["id"]
            for reviewer in ("r1", "r2"):
                rows.writerow([unit, "relevant" if i % 9 == 2 else "irrelevant", reviewer])
    shutil.copy("labels.csv", "labels-then.csv")


class Tags(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.comments = [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_comment(self, data):
        self.comments += 1


def hostile_words():
    plan = {"proffer": 1, "title": HOSTILE, "matter": HOSTILE, "logs": {"paths": ["logs/logs-*.jsonl"]},
            "queries": [{"id": "months", "kind": "count", "by": ["month"], "title": HOSTILE},
                        {"id": "terms", "kind": "terms", "title": HOSTILE,
                         "terms": ["a|b", "=cmd|x", "\"[a](b) `c` <i>\"", "\"**d** & xanthic\""]},
                        {"id": "rel", "kind": "relevance", "definition": HOSTILE,
                         "sample": "s.json", "labels": "l.csv"}],
            "assumptions": [{"id": "a", "title": HOSTILE, "value": 3, "unit": "x", "source": HOSTILE,
                             "period": HOSTILE}],
            "report": {"dir": "out-hostile", "confidentiality": HOSTILE}}
    report = drafted(plan, "hostile words")
    draft = read("out-hostile/draft.md")
    check("\u202e" not in draft and "\u0007" not in draft and "{{" not in draft,
          "hostile words: nothing steers, nothing is a place")
    if not shutil.which("cmark-gfm"):
        print("# cmark-gfm is not installed: the Markdown was not rendered")
        return
    # Headings that are the form's own come out; all else must be what the form wrote.
    page = subprocess.run(["cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink", "-e",
                           "strikethrough", "out-hostile/draft.md"], capture_output=True, text=True,
                          check=True).stdout
    tags = Tags(page)
    odd = set(tags.tags) - {"h2", "p", "ul", "li", "strong", "table", "thead", "tbody", "tr", "th", "td"}
    tables = len(report["tables"]) + 1
    check(not odd and not tags.comments and tags.tags.count("table") == tables and
          tags.tags.count("h2") == tables, "hostile words: the Markdown renders as words alone",
          (odd, tags.tags.count("table"), tables))
    check("{{title}}" in page and "<script" not in page, "hostile words: they read as written")


def refusals(plan):
    """Before the ledger and the logs; and the form is an input."""
    place = plan["report"]
    place.update(draft="draft.md", draft_form="odd.form.md")
    write("odd.form.md", "fine\n{{value conversations of mnths}}\n")
    plan["release"]["ledger"] = "ledger-new.db"
    plan["catalogue"] = "catalogue-new"
    write("plan.json", json.dumps(plan))
    for command in ("check", "run"):
        status, said = program(command, "plan.json")
        check(status == 3 and "odd.form.md:2:26: this plan makes no table \"mnths\"" in said and
              "did you mean \"months\"?" in said, f"{command}: a wrong name has its place", said)
    check(not os.path.exists("ledger-new.db") and not os.path.exists("catalogue-new"),
          "nothing was spent or read for a wrong form")
    os.remove("odd.form.md")
    status, said = program("run", "plan.json")
    check(status == 3 and "odd.form.md" in said, "a form that is not there", said)
    write("odd.form.md", "x" * ((1 << 20) + 1))
    status, said = program("run", "plan.json")
    check(status == 3 and "odd.form.md" in said, "a form that is too long", said)
    write("odd.form.md", "{{title}}\n")
    place.update(dir=".", draft="odd.form.md")
    write("plan.json", json.dumps(plan))
    status, said = program("run", "--new-ledger", "plan.json")
    check(status == 3 and "would overwrite" in said and read("odd.form.md") == "{{title}}\n",
          "a draft does not overwrite its form", said)


def main():
    folder = tempfile.mkdtemp()
    try:
        os.chdir(folder)
        subprocess.run([MAKE_LOGS, "--seed", "6", "--conversations", "1200", "--files", "1",
                        "--relevant-in", "50", "logs"], check=True, capture_output=True)
        for name in ("terms.txt", "topics.json"):
            shutil.copy(f"{ROOT}/examples/{name}", name)
        shutil.copy(f"{ROOT}/templates/usage.json", "usage.json")
        plan = json.loads(read(f"{ROOT}/examples/plan.json"))
        plan["queries"].append({"id": "patterns", "kind": "regex", "patterns": ["N1: xan\\w+"]})
        plan["assumptions"] = [{"id": "pace", "title": "p", "low": 20, "high": 60, "unit": "u",
                                "source": "s", "period": "p"},
                               {"id": "rate", "title": "r", "low": 40, "high": 75, "unit": "USD",
                                "source": "s", "period": "p"}]
        [q for q in plan["queries"] if q["id"] == "options"][0]["burden"] = {"pace": "pace", "rate": "rate"}
        drafted(json.loads(json.dumps(plan)), "without labels")
        sample_and_label(300)
        [q for q in plan["queries"] if q["id"] == "rel"][0]["previous_labels"] = "labels-then.csv"
        report = drafted(plan, "with labels")
        check({"rel.search", "rel.agreement", "rel.confusion", "rel.changes", "options.burden"} <=
              {t["id"] for t in report["tables"]}, "all tables of labels are among them",
              [t["id"] for t in report["tables"]])
        noise = json.loads(read(f"{ROOT}/examples/noise.json"))
        noise["assumptions"] = plan["assumptions"]
        drafted(noise, "with noise")
        hostile_words()
        refusals(noise)
    finally:
        os.chdir("/")
        shutil.rmtree(folder)
    finish()


main()
raise SystemExit(0 if all(results) else 1)
