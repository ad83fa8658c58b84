#!/usr/bin/env python3
"""What the program reads and writes is what the schemas in templates/ say: the example plan, the
report of a run of it and of a run without a sample, and things that must not pass. Prints TAP."""
import copy
import json
import os
import shutil
import subprocess
import tempfile

import jsonschema

from check import MAKE_LOGS, check, finish, program, results

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as text:
        return json.load(text)


def validator(name):
    schema = read(ROOT, "templates", name)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def errors(validator_, value):
    return "\n".join(f"{list(e.absolute_path)}: {e.message}" for e in validator_.iter_errors(value))


def main():
    plans, reports = validator("plan.schema.json"), validator("report.schema.json")
    plan = read(ROOT, "examples", "plan.json")
    check(not errors(plans, plan), "the example plan is what the plan's schema says",
          errors(plans, plan))
    for place, change in [
        ("an unknown key", lambda p: p.update(quries=[])),
        ("an unknown query kind", lambda p: p["queries"][0].update(kind="term")),
        ("a date that is none", lambda p: p["population"].update({"from": "1.12.2022"})),
        ("a claim without its share", lambda p: [q for q in p["queries"] if q["kind"] == "claim"][0].pop("irrelevant_at_least")),
    ]:
        wrong = copy.deepcopy(plan)
        change(wrong)
        with open("wrong.json", "w", encoding="utf-8") as out:
            json.dump(wrong, out)
        for name in ("terms.txt", "topics.json"):
            shutil.copy(os.path.join(ROOT, "examples", name), ".")
        shutil.copy(os.path.join(ROOT, "templates", "usage.json"), ".")
        status, told = program("check", "wrong.json")
        check(errors(plans, wrong) and status == 3, f"{place}: neither the schema nor the program "
              "takes it", f"schema: {errors(plans, wrong)}\nprogram: {status} {told}")

    subprocess.run([MAKE_LOGS, "--seed", "3", "--conversations", "1500", "logs"], check=True,
                   capture_output=True)
    with open("plan.json", "w", encoding="utf-8") as out:
        json.dump(plan, out)
    status, told = program("run", "plan.json")
    check(status == 0, "the example plan runs", told)
    report = read("out", "report.json")
    check(not errors(reports, report), "its report is what the report's schema says",
          errors(reports, report))
    kinds = {table["kind"] for table in report["tables"]}
    check(kinds >= {"count", "terms", "topics", "relevance", "claim"},
          "and has a table of every kind", sorted(kinds))

    program("frame", "plan.json")
    program("draw", "plan.json", "--size", "60", "--seed", "1", "--seed-source", "dice")
    status, ids = program("ids", "-q", "plan.json", "rel")
    with open("labels.csv", "w", encoding="utf-8") as out:
        out.write("id,label\n" + "".join(f"{unit},irrelevant\n" for unit in ids.split()))
    status, told = program("run", "plan.json")
    report = read("out", "report.json")
    check(status == 0 and not errors(reports, report), "so is that of a labelled sample",
          told + errors(reports, report))
    rel = next(t for t in report["tables"] if t["id"] == "rel")["rows"][0]
    check(rel["n"] == 60 and rel["relevant"] == 0 and rel["prevalence_high"] > 0,
          "which tells of the 60 labels", rel)

    small = copy.deepcopy(plan)
    small["queries"], small["population"] = small["queries"][:1], {"from": "2033-01-01"}
    with open("small.json", "w", encoding="utf-8") as out:
        json.dump(small, out)
    status, told = program("run", "small.json")
    report = read("out", "report.json")
    check(status == 0 and not errors(reports, report), "so is that of an empty population",
          told + errors(reports, report))
    broken = copy.deepcopy(report)
    broken["tables"][0]["rows"][0]["flags"] = {"records": "secret"}
    check(errors(reports, broken), "a flag that is none does not pass the schema")


if __name__ == "__main__":
    folder = tempfile.mkdtemp()
    try:
        os.chdir(folder)
        main()
        finish()
    finally:
        os.chdir("/")
        shutil.rmtree(folder)
    raise SystemExit(not all(results))
