"""Reports of plans in a folder, as the whole program makes them, and what they show."""
import json
import os

from check import program
from files import write_json

MIN = 5  # users


def plan_of(queries, ledger=True, **more):
    """A plan of logs.jsonl; MORE are other blocks of it."""
    release = {"min_users": MIN, **({"ledger": "ledger.db"} if ledger else {})}
    return {"proffer": 1, "title": "A title", "matter": "m-1", "logs": {"paths": ["logs.jsonl"]},
            "queries": queries, "release": release,
            "report": {"dir": "out", "json": "report.json"}, **more}


def options_of(name, *asked):
    """A query of proposals, of options O0, O1, ..."""
    return {"id": name, "kind": "proposals",
            "options": [{"id": f"O{i}", **one} for i, one in enumerate(asked)]}


def write_plan(folder, plan):
    write_json(folder, "plan.json", plan)


def last_report(folder):
    with open(os.path.join(folder, "out", "report.json"), encoding="utf-8") as file:
        return json.load(file)


def report_of(folder, plan):
    """The report and what the program said; no report, None, where there is none."""
    write_plan(folder, plan)
    status, said = program("run", "-q", "plan.json", cwd=folder)
    return None if status else last_report(folder), said


def is_shown(row, column):
    return row.get("flags", {}).get(column) != "withheld"


def value(row, column):
    """The number, or None where it is withheld."""
    return row[column] if is_shown(row, column) else None


def rows_of(report, table):
    """Those of all tables of that name, of which there may be none."""
    return [row for one in [report["completeness"], *report["tables"]] if one["id"] == table
            for row in one["rows"]]


def row_of(report, table, **keys):
    """The row that has these values, or None."""
    return next((row for row in rows_of(report, table)
                 if all(row[k] == v for k, v in keys.items())), None)


def figure(report, table, column="conversations", **keys):
    """The number of a row that is there, or None where it is withheld."""
    return value(row_of(report, table, **keys), column)


def figures(report, table, column="conversations"):
    """The number of each row, None where it is withheld."""
    return [value(row, column) for row in rows_of(report, table)]


def shown(report, prefix):
    """All numbers shown in tables whose names begin with PREFIX: {(table, row, column): number}."""
    return {(table["id"], number, column): number_shown
            for table in report["tables"] if table["id"].startswith(prefix)
            for number, row in enumerate(table["rows"]) for column, number_shown in row.items()
            if isinstance(number_shown, (int, float)) and is_shown(row, column)}


def statement(report):
    """What it says of its release."""
    return json.dumps(report["release"])
