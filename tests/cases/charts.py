#!/usr/bin/env python3
"""Charts of a workbook: none makes its sheet wider than a printed page, none stands on cells or is
cut by a page, and one whose table withholds figures says that they are not drawn. Prints TAP."""
import os
import re
import shutil
import subprocess
import tempfile
import zipfile

import openpyxl

from check import MAKE_LOGS, check, finish, program

EMU_A_PIXEL = 9525
PAGE_WIDTH, PAGE_HEIGHT, CHARACTER, LINE = 980, 620, 7.2, 20  # pixels; letter in landscape

PLAN = """{"proffer": 1, "title": "Charts", "logs": {"paths": ["logs/*.jsonl"]}, "population": {"from": "2022-12-01"},
 "queries": [{"id": "accounts", "kind": "count", "by": ["account"]},
             {"id": "months", "kind": "count", "by": ["month"]},
             {"id": "country", "kind": "count", "by": ["country"]},
             {"id": "terms", "kind": "terms", "terms": ["the", "zzyzx OR qualm*", "of"]}],
 "release": {"noise": "none", "min_users": 11},
 "report": {"xlsx": "report.xlsx"}}"""


class Sheet:
    """What a chart's place is judged by; lengths in pixels."""

    def __init__(self, book, sheet, anchor, chart):
        self.name, self.xml = sheet.title, chart
        at = [int(n) for n in re.findall(r"<xdr:(?:col|row)>(\d+)<", anchor)]
        self.column, self.row, self.end_column, self.end_row = at[0], at[1], at[2], at[3]
        widths = [sheet.column_dimensions[openpyxl.utils.get_column_letter(c + 1)].width
                  for c in range(sheet.max_column)]
        table = next(iter(sheet.tables.values()))
        self.columns = len(table.tableColumns)
        self.table = CHARACTER * sum(widths[:self.columns])
        self.last = max(cell.row for row in sheet.iter_rows() for cell in row if cell.value is not None)
        self.breaks = [b.id for b in sheet.row_breaks.brk]
        self.fits = bool(sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage)
        self.scale = 1 if self.fits else sheet.page_setup.scale / 100
        self.repeated = sheet.print_title_cols
        names = [row[0].value for row in sheet.iter_rows(max_col=1) if row[0].value is not None]
        self.flowing = len(names) - 1 - (self.table_rows(table))
        first, last = re.search(r"<c:val>.*?\$([A-Z]+\$\d+):\$([A-Z]+\$\d+)<", chart, re.S).groups()
        drawn = sheet[first.replace("$", "") + ":" + last.replace("$", "")]
        self.withheld = any(row[0].value == "withheld" for row in drawn)
        self.lines = sum((sheet.row_dimensions[r].height or 15) / 15 for r in range(1, self.end_row + 1))

    @staticmethod
    def table_rows(table):
        first, last = (int(n) for n in re.findall(r"\d+", table.ref))
        return last - first


def charts_of(path):
    book = openpyxl.load_workbook(path)
    with zipfile.ZipFile(path) as parts:
        number = 0
        for index, sheet in enumerate(book.worksheets):
            name = f"xl/worksheets/_rels/sheet{index + 1}.xml.rels"
            if name not in parts.namelist() or "drawing" not in parts.read(name).decode():
                continue
            number += 1
            yield Sheet(book, sheet, parts.read(f"xl/drawings/drawing{number}.xml").decode(),
                        parts.read(f"xl/charts/chart{number}.xml").decode())


def main():
    folder = tempfile.mkdtemp()
    try:
        subprocess.run([MAKE_LOGS, "--seed", "7", "--conversations", "1500", os.path.join(folder, "logs")],
                       check=True)
        with open(os.path.join(folder, "plan.json"), "w", encoding="utf-8") as file:
            file.write(PLAN)
        status, said = program("run", "plan.json", cwd=folder)
        check(status == 0, "the plan runs", said)
        sheets = list(charts_of(os.path.join(folder, "out", "report.xlsx")))
        check({s.name for s in sheets} >= {"accounts", "months", "terms"}, "there are charts",
              [s.name for s in sheets])
        for s in sheets:
            width = max(s.table, PAGE_WIDTH) if s.fits else PAGE_WIDTH / s.scale
            beside = s.column >= s.columns
            check(s.fits and PAGE_WIDTH / width > 0.5 and not s.repeated or
                  s.scale >= 0.6 and s.repeated and s.flowing == 0 and s.column == 1,
                  f"{s.name}: printed large enough to read; where the first column is repeated, nothing flows "
                  "from it", (s.fits, s.scale, s.repeated, s.flowing, s.table))
            check(s.column >= s.columns and s.table + 640 + 40 <= PAGE_WIDTH if beside else s.row >= s.last,
                  f"{s.name}: the chart has room beside the table, or stands below all cells",
                  (s.column, s.row, s.columns, s.table, s.last))
            check(beside or bool(s.breaks) or s.lines * LINE <= PAGE_HEIGHT * width / PAGE_WIDTH,
                  f"{s.name}: a page holds the chart whole", (s.lines, s.breaks))
            check(s.withheld == ("withheld figures are not drawn" in s.xml),
                  f"{s.name}: the chart says whether something is withheld", s.withheld)
        check({s.withheld for s in sheets} == {True, False}, "both kinds were seen")
        check({s.fits for s in sheets} == {True, False}, "tables of one page's width and of more")
        check({bool(s.breaks) for s in sheets} == {True, False}, "charts on their table's page and not")
    finally:
        shutil.rmtree(folder)
    finish()


main()
