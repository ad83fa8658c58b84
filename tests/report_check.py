#!/usr/bin/env python3
"""Checks a report.json against the schema, and a workbook against the report.json.

usage: report_check.py SCHEMA REPORT.json [REPORT.xlsx]

The workbook must open in openpyxl, hold no formula, have valid sheet names, and show in each
table's sheets the same cells as report.json: counts and texts equal, other numbers to 15 digits,
withheld cells as the word, nulls empty.
"""
import json
import re
import sys
import zipfile

import jsonschema
import openpyxl

FRONT = ["Cover", "Read me", "Summary", "Definitions", "Methods"]
BACK = ["Release", "Audit"]
CELL_MAX = 32767


def fail(text):
    sys.exit("report_check: " + text)


def no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        fail(f"doubled key in {keys}")
    if keys != sorted(keys, key=lambda key: key.encode()):
        fail(f"keys are not sorted: {keys}")
    return dict(pairs)


def cell_text(text):
    """What a workbook can hold of a text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef"
                  "\ufff9-\ufffb\ufffe\uffff\U000e0001-\U000e007f]", "\ufffd", text)
    if len(text.encode("utf-16-le")) // 2 > CELL_MAX:
        return None  # cut; checked apart
    return text


def sheets_of(book, table):
    """The sheets of a table, in order, by the line under their title."""
    lead = f'Table "{table["id"][:120]}".'
    return [sheet for sheet in book.worksheets[len(FRONT):-len(BACK)]
            if (sheet["A2"].value or sheet["B2"].value or "").startswith(lead)]


def check_value(where, column, row, value):
    wanted = row[column["id"]]
    if wanted is None:
        shown = "withheld" if column["id"] in row.get("flags", {}) else None
        if value != shown:
            fail(f"{where}: {value!r} for {shown!r}")
    elif isinstance(wanted, str):
        text = cell_text(wanted)
        if text is None:
            if not str(value).endswith("... [cut]"):
                fail(f"{where}: a long text without its mark")
        elif (value or "") != text:
            fail(f"{where}: {value!r} for {text!r}")
    elif column["type"] == "count":
        if (int(value) if isinstance(value, str) else value) != wanted:
            fail(f"{where}: {value!r} for {wanted!r}")
    elif abs(value - wanted) > 1e-14 * abs(wanted):
        fail(f"{where}: {value!r} for {wanted!r}")


def check_table(book, table, sheets, large):
    if not sheets:
        fail(f"no sheet of table {table['id']!r}")
    rows = iter(table["rows"])
    left = len(table["rows"])
    for sheet in sheets:
        header = [cell.value for cell in sheet[3][:len(table["columns"])]]
        titles = [column["title"] for column in table["columns"]]
        if [h or "" for h in header] != [cell_text(t)[:255] for t in titles]:
            fail(f"{sheet.title}: columns {header}")
        if sheet.freeze_panes != "A4":
            fail(f"{sheet.title}: frozen at {sheet.freeze_panes}")
        unique = len({(h or "").lower() for h in header}) == len(header) and all(header)
        if unique and table["rows"] and not large:
            named = list(sheet.tables.values())
            if len(named) != 1 or not re.fullmatch(r"T\d+_\w+", named[0].name) or \
                    not named[0].ref.startswith("A3:") or \
                    [c.name for c in named[0].tableColumns] != header:
                fail(f"{sheet.title}: named tables {[(t.name, t.ref) for t in named]}")
        part = re.search(r"rows (\d+) to (\d+) of", sheet["A2"].value or sheet["B2"].value)
        count = int(part[2]) - int(part[1]) + 1 if part else left
        cells = sheet.iter_rows(min_row=4, max_row=3 + count, values_only=True) if count else []
        for line in cells:
            row = next(rows)
            left -= 1
            for index, column in enumerate(table["columns"]):
                check_value(f"{sheet.title}!{column['id']}", column, row,
                            line[index] if index < len(line) else None)
    if left:
        fail(f"{left} rows of table {table['id']!r} are on no sheet")


def check_book(path, report):
    book = openpyxl.load_workbook(path)
    names = [sheet.title for sheet in book.worksheets]
    if names[:len(FRONT)] != FRONT or names[-len(BACK):] != BACK:
        fail(f"sheets {names[:len(FRONT)]} ... {names[-len(BACK):]}")
    if report["completeness"] and "Completeness" not in names[-len(BACK) - 2:]:
        fail(f"before {BACK} comes {names[-len(BACK) - 1]}, not Completeness")
    if any(t["kind"] == "assumptions" for t in report["tables"]) and \
            names[-len(BACK) - 2:-len(BACK) - 1] != ["assumptions"]:
        fail(f"assumptions do not stand before Completeness: {names}")
    if len({name.lower() for name in names}) != len(names):
        fail("two sheets of one name")
    for name in names:
        if not 1 <= len(name.encode("utf-16-le")) // 2 <= 31 or re.search(r"[\[\]:*?/\\]", name) \
                or name.startswith("'") or name.endswith("'"):
            fail(f"sheet name {name!r}")
    for sheet in book.worksheets:
        setup = sheet.page_setup
        if setup.orientation != "landscape" or str(setup.paperSize) != "1" or setup.fitToWidth not in (None, 1):
            fail(f"{sheet.title}: page set-up")
        if "Page &P of &N" not in (sheet.oddFooter.center.text or "").replace("&[Page]", "&P").replace("&N", "&N"):
            fail(f"{sheet.title}: footer {sheet.oddFooter.center.text!r}")
    large = False  # rows written as they came: texts stand in the cells
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.date_time != (1980, 1, 1, 0, 0, 0):
                fail(f"{member.filename}: time {member.date_time}")
            large = large or b't="inlineStr"' in archive.read(member)
            if member.filename.startswith("xl/worksheets/sheet") and b"<f>" in archive.read(member):
                fail(f"{member.filename}: a formula")
    methods = [row[0] for row in book["Methods"].iter_rows(values_only=True)]
    if ("Large workbook" in methods) != large:
        fail(f"methods {methods[-3:]} of a workbook that is {'large' if large else 'not large'}")
    seen = {}
    tables = ([report["completeness"]] if report["completeness"] else []) + report["tables"]
    for table in tables:
        sheets = sheets_of(book, table)
        same = [t for t in tables if t["id"][:120] == table["id"][:120]]
        if len(same) > 1:  # tables of one id: in order
            per = len(sheets) // len(same)
            index = seen.setdefault(table["id"][:120], 0)
            seen[table["id"][:120]] += 1
            sheets = sheets[index * per:(index + 1) * per]
        check_table(book, table, sheets, large)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        report = json.load(file, object_pairs_hook=no_duplicates)
    jsonschema.Draft202012Validator.check_schema(schema)
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(report))
    if errors:
        fail(f"{list(errors[0].absolute_path)}: {errors[0].message}")
    for table in ([report["completeness"]] if report["completeness"] else []) + report["tables"]:
        ids = {column["id"] for column in table["columns"]}
        for row in table["rows"]:
            if set(row) - {"flags"} != ids:
                fail(f"{table['id']}: members {sorted(row)} for columns {sorted(ids)}")
            for key in row.get("flags", {}):
                if row[key] is not None:
                    fail(f"{table['id']}: {key} is flagged and not null")
    if len(sys.argv) > 3:
        check_book(sys.argv[3], report)


if __name__ == "__main__":
    main()
