#!/usr/bin/env python3
"""What the plan states for the cover stands on the cover of every report; each sheet's footer bears
its stamp; the run's name changes with what is told and not else. Prints TAP."""
import html
import json
import os
import re
import shutil
import subprocess
import tempfile

import openpyxl

from check import MAKE_LOGS, PROFFER, check, finish


def run(plan):
    with open("plan.json", "w", encoding="utf-8") as out:
        json.dump(plan, out)
    done = subprocess.run([PROFFER, "run", "plan.json", "--quiet"], capture_output=True, text=True)
    check(done.returncode == 0, "the plan runs", done.stderr)
    with open("out/report.json", encoding="utf-8") as file:
        report = json.load(file)
    book = openpyxl.load_workbook("out/report.xlsx")
    cover = [(row[0], row[1]) for row in book["Cover"].iter_rows(max_col=2, values_only=True)]
    with open("out/report.html", encoding="utf-8") as file:
        page = html.unescape(file.read())
    return report, book, cover, page


def main():
    folder = tempfile.mkdtemp()
    try:
        os.chdir(folder)
        subprocess.run([MAKE_LOGS, "--seed", "7", "--conversations", "300", "--files", "1", "logs"],
                       check=True, capture_output=True)
        plan = {"proffer": 1, "title": "T", "matter": "m & co", "logs": {"paths": ["logs/logs-*.jsonl"]},
                "queries": [{"id": "months", "kind": "count", "by": ["month"]}],
                "report": {"page": "report.html", "confidentiality": "LEGEND " * 20}}
        report, book, cover, page = run(plan)
        name = report["run"]["run_id"]
        check(report["cover"] is None, "nothing stated: no cover in report.json", report["cover"])
        check(re.fullmatch("[0-9a-f]{16}", name) and ("Run", name) in cover and name in page,
              "the run's name stands on each cover", (name, cover))
        check(not {"Caption", "Offered as", "Inspection"} & {label for label, _ in cover},
              "a cover has no blank that nobody asked for", cover)
        check(all(s.oddFooter.center.text.startswith("Page &[Page] of &N") or
                  s.oddFooter.center.text.startswith("Page &P of &N") for s in book.worksheets),
              "pages are numbered", book["Cover"].oddFooter.center.text)

        plan["report"].update(caption=["=Court of X", "A <b> v. B"], offered_as="", inspection="ask C & D",
                              stamp={"prefix": "AB.9-", "first": 98, "digits": 3})
        report, book, cover, page = run(plan)
        check(report["run"]["run_id"] != name, "another plan is another run", name)
        check(cover[0] == ("Caption", "=Court of X") and cover[1][1] == "A <b> v. B" and
              ("Inspection", "ask C & D") in cover, "the cover says what the plan states", cover)
        blank = [text for label, text in cover if label == "Offered as"]
        check(len(blank) == 1 and blank[0].startswith("____") and blank[0] in page,
              "an empty text is a blank to fill in", blank)
        check(report["cover"] == {"caption": ["=Court of X", "A <b> v. B"], "inspection": "ask C & D",
                                  "offered_as": "", "stamp": {"digits": 3, "first": 98, "prefix": "AB.9-"}},
              "so does report.json", report["cover"])
        check("=Court of X" in page and "A <b> v. B" in page and "ask C & D" in page,
              "so does the page", page[:3000])
        stamps = [s.oddFooter.right.text.split("\n")[-1] for s in book.worksheets]
        wanted = [f"AB.9-{98 + i:03}-&P" for i in range(len(stamps))]
        check([s.replace("&[Page]", "&P") for s in stamps] == wanted and "AB.9-100-&P" in wanted,
              "each sheet has the next stamp", stamps)
        check(all(s.page_setup.useFirstPageNumber for s in book.worksheets),
              "and counts its pages from 1")
        check(all(len(s.HeaderFooter.oddFooter.center.text) + len(s.oddFooter.right.text) < 200
                  for s in book.worksheets), "footers fit")
        says = " ".join(str(c.value) for row in book["Read me"].iter_rows() for c in row)
        check("AB.9-098 for the cover" in says and wanted[-1][:-3] in says, "Read me explains it", says)
        escaped = re.sub(r"\\([0-9A-Fa-f]+) ", lambda m: chr(int(m[1], 16)), page)
        check('"AB.9-098""-H" counter(page)' in escaped, "the printed page bears one, too",
              re.findall("@bottom-center[^}]*}", page))
        with open("out/report.xlsx", "rb") as file:
            first = file.read()
        shutil.rmtree("out")
        again = run(plan)[0]
        with open("out/report.xlsx", "rb") as file:
            check(file.read() == first and again == report, "the same run has the same name and bytes")
        subprocess.run([MAKE_LOGS, "--seed", "8", "--conversations", "300", "--files", "1", "logs"],
                       check=True, capture_output=True)
        check(run(plan)[0]["run"]["run_id"] != report["run"]["run_id"], "other logs are another run")
    finally:
        shutil.rmtree(folder)
    finish()


main()
