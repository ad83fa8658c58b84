#!/usr/bin/env python3
"""A series of reports: the privacy office's second quarter names the first as its previous report,
and every change that it shows is computed again here from the two report.json files. Exact reports
with small cells withheld, search terms that come and go, what is not comparable and why, a third
quarter whose trend goes back to the first, and previous files that are no such thing. Prints TAP."""
import copy
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import zipfile

from check import MAKE_LOGS, check, finish, program
from files import contents

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def load(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


def save(value, *path):
    with open(os.path.join(*path), "w", encoding="utf-8") as file:
        json.dump(value, file)


def tables(report):
    found = {t["id"]: t for t in report["tables"]}
    found["completeness"] = report["completeness"]
    return found


def withheld(row, column):
    return row.get("flags", {}).get(column) == "withheld"


def near(a, b):
    if a is None or b is None:
        return a is b
    return abs(a - b) <= 1e-9 * max(1, abs(a), abs(b))


# ---- the changes once more, from the two files alone ----

KEYS = {"completeness": ["reason"], "topics": ["group", "topic"], "identifiers": ["kind"],
        "terms": ["term"], "relevance": ["unit", "stratum"], "assumptions": ["assumption", "unit"],
        "count": None, "overlap": None}


def keys_of(table):
    if table["kind"] == "terms" and "." in table["id"]:
        return ["term", "other"]
    named = KEYS[table["kind"]]
    if named:
        return [k for k in named if k in {c["id"] for c in table["columns"]}]
    keys = []
    for column in table["columns"]:
        if column["type"] not in ("string", "month"):
            break
        keys.append(column["id"])
    return keys


def ends(row, column, bounded):
    """low, value, high of a figure; None where it has none."""
    if not bounded:
        return (row[column],) * 3
    return row[column + "_low"], row[column], row[column + "_high"]


def expected(then, now, kind):
    """(figure, keys) -> what the table of changes of KIND ("count", "share") must say."""
    keys = keys_of(now)
    columns = {c["id"]: c for c in now["columns"]}
    earlier = {tuple(r[k] for k in keys): r for r in then["rows"]}
    later = {tuple(r[k] for k in keys): r for r in now["rows"]}
    by_time = len(keys) == 1 and keys[0] in ("day", "month", "quarter", "year")
    out = {}
    for name, column in columns.items():
        if column["type"] != kind or name.rsplit("_", 1)[-1] in ("low", "high"):
            continue
        bounded = name + "_low" in columns
        for key in list(later) + [k for k in earlier if k not in later]:
            old, new = earlier.get(key), later.get(key)
            if by_time and key[0][0].isdigit() and not (old and new):
                continue
            cells = [r and ("withheld" if withheld(r, name) else r[name]) for r in (old, new)]
            if all(c is None for c in cells):
                continue
            want = {"standing": "in both" if old and new else "added" if new else "dropped",
                    "previous": cells[0], "present": cells[1]}
            if not (old and new):
                want.update(change=None, direction=None)
            elif withheld(old, name) or withheld(new, name):
                want.update(change="withheld", direction="withheld")
            else:
                (l1, v1, h1), (l2, v2, h2) = ends(old, name, bounded), ends(new, name, bounded)
                scale = 100 if kind == "share" else 1
                if None in (l1, v1, h1, l2, v2, h2):
                    want.update(change=None, direction=None)
                else:
                    low, high = scale * (l2 - h1), scale * (h2 - l1)
                    want.update(change=scale * (v2 - v1),
                                direction="higher" if low > 0 else "lower" if high < 0 else
                                "the same" if low == high == 0 else "undecided")
                    if bounded:
                        want.update(change_low=low, change_high=high)
            out[(column["title"], key)] = want
    return out, keys


def compare(then, now, changes, kind):
    """What differs between a table of changes and what it must say."""
    want, keys = expected(then, now, kind)
    wrong, seen = [], set()
    for row in changes["rows"]:
        place = (row["figure"], tuple(row[k] for k in keys))
        if place not in want or place in seen:
            wrong.append(("unexpected", place))
            continue
        seen.add(place)
        for column, value in want[place].items():
            got = "withheld" if withheld(row, column) else row[column]
            if got != value and not (isinstance(value, (int, float)) and near(got, value)):
                wrong.append((place, column, got, value))
    return wrong + [("missing", p) for p in want if p not in seen]


def check_changes(first, second, title):
    """All tables of changes of SECOND against the two files; how many rows there were."""
    then, now = tables(first), tables(second)
    rows = 0
    for name, table in now.items():
        if table["kind"] != "change" or name.startswith(("assumptions", "terms", "risks")):
            continue
        source, ending = name.rsplit(".", 1)
        wrong = compare(then[source], now[source], table, "share" if ending == "share_change" else "count")
        check(not wrong, f"{title}: {name} follows from the two files", wrong[:5])
        rows += len(table["rows"])
    return rows


# ---- the privacy office ----

def quarter(plan, number, previous=None):
    """The plan of one quarter of 2024, copied from another one's."""
    plan = copy.deepcopy(plan)
    first, last = {1: ("01-01", "03-31"), 2: ("04-01", "06-30"), 3: ("07-01", "09-30")}[number]
    plan["title"] = f"Privacy impact, quarter {number} of 2024"
    plan["population"].update({"from": f"2024-{first}", "to": f"2024-{last}"})
    plan["report"]["dir"] = f"out-2024-Q{number}"
    if previous:
        plan["report"]["previous"] = f"out-2024-Q{previous}/report.json"
    for figure in plan["assumptions"]:
        figure.update({"value": 10 * number, "source": "register", "period": f"2024-Q{number}"})
    if number > 1:
        plan["risks"][0]["likelihood"] = "maximum"
    return plan


def privacy_office(work, logs):
    status, said = program("new", "privacy-impact", cwd=work)
    folder = os.path.join(work, "privacy-impact")
    os.symlink(logs, os.path.join(folder, "logs"))
    template = load(folder, "plan.json")
    for number, previous in ((1, None), (2, 1), (3, 2)):
        save(quarter(template, number, previous), folder, f"q{number}.json")
        status, said = program("run", f"q{number}.json", cwd=folder)
        check(status == 0, f"quarter {number} runs", said)
        out = os.path.join(folder, f"out-2024-Q{number}")
        before = contents(out)
        shutil.rmtree(out)
        status, said = program("run", f"q{number}.json", cwd=folder)
        check(status == 0 and before == contents(out), "the same run twice gives the same bytes", said)
    reports = {n: load(folder, f"out-2024-Q{n}", "report.json") for n in (1, 2, 3)}
    well_formed(os.path.join(folder, "out-2024-Q3"))
    second = tables(reports[2])
    check(all(r["comparison"] == "compared" for r in second["series"]["rows"]) and
          len(second["series"]["rows"]) == 7, "all tables of a quarter are compared", second["series"])
    rows = check_changes(reports[1], reports[2], "second quarter")
    check(rows > 100, "there are changes of many figures", rows)
    levels = {r["level"] for t in second.values() if t["kind"] == "change" and "level" in t["rows"][0]
              for r in t["rows"]}
    check(levels == {0.9}, "two levels of 95 % make one of 90 %", levels)
    stated = second["assumptions.change"]["rows"]
    check([(r["previous"], r["present"], r["change"], r["change_low"], r["change_high"], r["direction"])
           for r in stated] == [(10, 20, 10, 10, 10, "higher")] * 4, "stated figures change as stated", stated)
    judged = second["risks.change"]["rows"]
    check([r["judgement"] for r in judged] == ["another one", "the same", "the same", "the same"] and
          (judged[0]["previous_likelihood"], judged[0]["likelihood"]) == ("negligible", "maximum"),
          "risks stand beside those of the quarter before", judged)
    with open(os.path.join(folder, "out-2024-Q1", "report.json"), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    check(reports[2]["run"]["previous_report_sha256"] == digest, "the audit holds the digest of the file")
    check_trend(reports, template)


def well_formed(folder):
    """The report is what its schema says, and the workbook shows the same cells."""
    done = subprocess.run(["/usr/bin/python3", os.path.join(ROOT, "tests/report_check.py"),
                           os.path.join(ROOT, "templates/report.schema.json"),
                           os.path.join(folder, "report.json"), os.path.join(folder, "report.xlsx")],
                          capture_output=True, text=True)
    check(done.returncode == 0, "report and workbook of a series are well-formed and agree",
          done.stdout + done.stderr)
    with zipfile.ZipFile(os.path.join(folder, "report.xlsx")) as book:
        charts = [book.read(n).decode() for n in book.namelist() if n.startswith("xl/charts/chart")]
    lines = [c for c in charts if "trend" in c]
    check(len(lines) == 1 and "<c:stockChart>" in lines[0] and lines[0].count("<c:ser>") == 3 and "hiLowLines" in lines[0],
          "the trend has its bounds", len(lines))
    with open(os.path.join(folder, "report.html"), encoding="utf-8") as page:
        text = page.read()
    figure = text[text.index("trend over this and earlier reports</h3>"):].split("</figure>")[0]
    check(figure.count('class="line"') == 1 and figure.count('class="whisker"') == 9,
          "the page draws nine months with whiskers", figure[:500])


def check_trend(reports, template):
    name = template["queries"][0]["id"]
    own = [[r for r in tables(reports[n])[name]["rows"] if r["month"] != "total"] for n in (1, 2, 3)]
    for n, count in ((2, 6), (3, 9)):
        rows = tables(reports[n])[name + ".trend"]["rows"]
        figures = ("month", "conversations", "conversations_low", "conversations_high")
        want = [[r[f] for f in figures] for part in own[:n] for r in part]
        sources = ["earlier report"] * 3 * (n - 2) + ["previous report"] * 3 + ["this report"] * 3
        check([[r[f] for f in figures] for r in rows] == want and len(rows) == count and
              [r["source"] for r in rows] == sources, f"the trend of quarter {n} has {count} months", rows)


# ---- exact reports ----

def exact_plan(first, last, out, previous=None):
    return {"proffer": 1, "title": f"Exact, {first}", "matter": "series",
            "logs": {"paths": ["logs/*.jsonl"]}, "population": {"from": first, "to": last},
            "queries": [{"id": "volume", "kind": "count", "by": ["month"]},
                        {"id": "models", "kind": "count", "by": ["model"]},
                        {"id": "terms", "kind": "terms",
                         "terms": ["OLD1: translate", "SAME1: python", "MOVED1: recipe", "REDO1: poem"]},
                        {"id": "topics", "kind": "topics", "taxonomy": "topics.json"}],
            "release": {"min_users": 4, "ledger": "exact.db"},
            "report": {"dir": out, "xlsx": None, "previous": previous}}


TOPICS = {"proffer_taxonomy": 1, "title": "Few", "topics": [
    {"name": "Code", "term": "python OR code"}, {"name": "Food", "term": "recipe OR cook*"},
    {"name": "Rare", "term": "zephyr* OR quill*"}]}


def exact(work, logs):
    folder = os.path.join(work, "exact")
    os.mkdir(folder)
    os.symlink(logs, os.path.join(folder, "logs"))
    save(TOPICS, folder, "topics.json")
    one = exact_plan("2023-01-01", "2023-06-30", "one")
    two = exact_plan("2023-05-01", "2023-12-31", "two", "one/report.json")
    two["queries"][2]["terms"] = ["NEW1: email", "SAME1: python", "OTHER1: recipe", "REDO1: poem OR verse"]
    save(one, folder, "one.json")
    save(two, folder, "two.json")
    for name in ("one", "two"):
        status, said = program("run", f"{name}.json", cwd=folder)
        check(status == 0, f"exact report {name} runs", said)
    reports = [load(folder, name, "report.json") for name in ("one", "two")]
    rows = check_changes(*reports, "exact")
    check(rows > 30, "there are exact changes", rows)
    now = tables(reports[1])
    hidden = [r for t in now.values() if t["kind"] == "change" for r in t["rows"] if withheld(r, "change")]
    check(hidden and all(r["change"] is None and r["direction"] == "withheld" for r in hidden),
          "some changes are withheld", len(hidden))
    terms(reports, now)
    trend = now["volume.trend"]
    both = [r for r in trend["rows"] if r.get("also") is not None or r.get("agreement")]
    check([r["month"] for r in both] == ["2023-05", "2023-06"] and
          all(r["agreement"] == "equal" for r in both) and len(trend["rows"]) == 12,
          "months of both reports are joined, and those in both agree", trend["rows"])
    return folder, two


def less(now, then):
    """The change, None where a figure is withheld."""
    return None if now is None or then is None else now - then


def terms(reports, now):
    revised = {r["term"]: (r["standing"], r["previous_name"], r["previous_query"], r["query"])
               for r in now["terms.revised"]["rows"]}
    check(revised == {"NEW1": ("added", None, None, "email"),
                      "OTHER1": ("renamed", "MOVED1", "recipe", "recipe"),
                      "REDO1": ("rewritten", "REDO1", "poem", "poem OR verse"),
                      "OLD1": ("dropped", "OLD1", "translate", None)}, "terms came, went and changed", revised)
    then = {r["term"]: r for r in tables(reports[0])["terms"]["rows"]}
    later = {r["term"]: r for r in now["terms"]["rows"]}
    changes = {(r["term"], r["figure"]): r for r in now["terms.change"]["rows"]}
    row = changes[("OTHER1", "Conversations")]
    check(row["standing"] == "renamed" and row["change"] ==
          less(later["OTHER1"]["conversations"], then["MOVED1"]["conversations"]),
          "a renamed term is compared with itself", row)
    row = changes[("SAME1", "Users")]
    check(row["change"] == less(later["SAME1"]["users"], then["SAME1"]["users"]), "a kept term is compared", row)
    row = changes[("REDO1", "Conversations")]
    check(row["standing"] == "rewritten" and row["change"] is None and row["direction"] is None and
          row["present"] is not None, "a rewritten term has its counts and no change", row)
    check(not any(figure.startswith(("Only", "Unique", "Added")) or "unique" in figure.lower()
                  for _, figure in changes), "figures that depend on the list are not compared",
          sorted({figure for _, figure in changes}))
    check(changes[("any term", "Conversations")]["change"] is None and
          changes[("any term", "Conversations")]["standing"] == "of other terms" and
          changes[("all conversations", "Conversations")]["change"] is not None,
          "what depends on the other terms is not compared", changes[("any term", "Conversations")])


# ---- what cannot be compared ----

def unlike(folder, two):
    def why(change, name):
        plan = copy.deepcopy(two)
        plan["report"]["dir"] = name
        plan["release"].pop("ledger")
        change(plan)
        save(plan, folder, name + ".json")
        status, said = program("run", "-q", name + ".json", cwd=folder)
        if status:
            return {"status": said}
        report = load(folder, name, "report.json")
        made = [t["id"] for t in report["tables"] if t["kind"] in ("change", "trend")]
        rows = {r["table"]: (r["comparison"], r["why"]) for r in tables(report)["series"]["rows"]}
        return rows | {"made": made}

    def rules(plan):
        plan["release"]["min_users"] = 5
    rows = why(rules, "rules")
    check(rows["made"] == [] and rows["models"] == ("not compared", "the release rules are other ones"),
          "other release rules: no figure is compared", rows)

    def filters(plan):
        plan["population"]["exclude"] = [{"field": "model", "in": ["none-such"]}]
    rows = why(filters, "filters")
    check(rows["made"] == [] and rows["topics"] == ("not compared", "the population has other filters"),
          "other filters: no figure is compared", rows)

    def question(plan):
        plan["queries"][1]["by"] = ["country"]
        plan["queries"][3]["id"] = "subjects"
    rows = why(question, "question")
    check(rows["models"] == ("not compared", "the question is another one") and
          rows["subjects"] == ("new", "the previous report has no table of this id") and
          rows["topics"] == ("dropped", "only the previous report has it") and
          rows["volume"][0] == "compared" and "models.change" not in rows["made"],
          "another question: that table is not compared, the others are", rows)

    def old(plan):
        report = load(folder, "one", "report.json")
        report["release"].pop("rules")
        save(report, folder, "old.json")
        plan["report"]["previous"] = "old.json"
    rows = why(old, "old-version")
    check(rows["made"] == [] and "does not tell enough" in rows["volume"][1],
          "a report that does not tell its rules is compared in nothing", rows)

    def language(plan):
        report = load(folder, "one", "report.json")
        report["run"]["term_language_version"] = "0"
        save(report, folder, "language.json.old")
        plan["report"]["previous"] = "language.json.old"
    rows = why(language, "language")
    check(rows["made"] == [] and "term language" in rows["volume"][1], "nor one of another term language", rows)


# ---- previous files that are none ----

def edits():
    def table(report, name):
        return next(t for t in report["tables"] if t["id"] == name)

    def edit(name, change, words, status):
        return name, change, words, status

    def negative(r):
        table(r, "models")["rows"][0]["conversations"] = -4

    def huge(r):
        table(r, "models")["rows"][0]["conversations"] = 2 ** 60

    def text(r):
        table(r, "models")["rows"][0]["conversations"] = "12"

    def share(r):
        table(r, "models")["rows"][0]["share"] = 1.5

    def doubled(r):
        r["tables"].append(copy.deepcopy(table(r, "models")))

    def low_above(r):
        table(r, "models")["columns"] += [
            {"id": "conversations_low", "title": "l", "type": "count", "unit": ""},
            {"id": "conversations_high", "title": "h", "type": "count", "unit": ""}]
        table(r, "models")["rows"][0].update(conversations_low=5, conversations_high=4)

    def matter(r):
        r["matter"] = "another"

    def version(r):
        r["proffer"] = 2

    def rows(r):
        table(r, "models")["rows"] = {"0": 1}
    return [edit("negative", negative, "does not fit its column", 4),
            edit("huge", huge, "2^53", 4), edit("text", text, "does not fit its column", 4),
            edit("share", share, "not from 0 to 1", 4), edit("doubled", doubled, "two tables", 4),
            edit("low-above", low_above, "low end above", 4), edit("matter", matter, "of the matter \"another\"", 3),
            edit("version", version, "\"proffer\": 1", 4), edit("rows", rows, "without id, kind or rows", 4)]


def hostile(folder, two):
    plan = copy.deepcopy(two)
    plan["report"].update(dir="hostile", previous="bad.json")
    # Nothing may be scanned before the file is known to be good.
    plan["catalogue"] = "never"
    save(plan, folder, "hostile.json")

    def refused(title, words, wanted):
        status, said = program("run", "hostile.json", cwd=folder)
        check(status == wanted and words in said and "bad.json" in said and
              not os.path.exists(os.path.join(folder, "never")), f"{title}: refused before the scan", (status, said))
        status, said = program("check", "-q", "hostile.json", cwd=folder)
        check(status == wanted and words in said, f"{title}: check says so, too", (status, said))

    bad = os.path.join(folder, "bad.json")
    refused("no file", "there is no file", 3)
    for name, change, words, wanted in edits():
        report = load(folder, "one", "report.json")
        change(report)
        save(report, bad)
        refused(name, words, wanted)
    good = open(os.path.join(folder, "one", "report.json"), encoding="utf-8").read()
    for name, data, words in [
            ("cut", good[:5000], "not JSON"), ("empty", "", "not JSON"), ("list", "[]", "no member"),
            ("NaN", good.replace('"share":1.0', '"share":NaN', 1), "not JSON"),
            ("a number too large", good.replace('"share":1.0', '"share":1e999', 1), "not JSON"),
            ("deep", "[" * 100000, "not JSON"), ("100 MB", " " * 100_000_000, "67108864 bytes")]:
        with open(bad, "w", encoding="utf-8") as file:
            file.write(data)
        refused(name, words, 4)
    os.remove(bad)
    os.mkdir(bad)
    refused("a folder", "bad.json", 4)
    os.rmdir(bad)
    plan["report"].update(dir="one", previous="one/report.json")
    save(plan, folder, "hostile.json")
    status, said = program("run", "hostile.json", cwd=folder)
    check(status == 3 and "is the report that this run would write" in said, "a report is not its own previous", said)


def main():
    work = tempfile.mkdtemp()
    try:
        logs = os.path.join(work, "logs")
        subprocess.run([MAKE_LOGS, "--seed", "11", "--conversations", "4000", "--files", "2", logs],
                       check=True, capture_output=True)
        privacy_office(work, logs)
        folder, two = exact(work, logs)
        unlike(folder, two)
        hostile(folder, two)
    finally:
        shutil.rmtree(work)
    finish()


main()
