#!/usr/bin/env python3
"""Who may include whom: checks the closure of includes of every file (gcc -MM), that each library
header appears where it may, that each header compiles alone, and that header names are unique."""
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

FLAGS = ["-std=c17", "-I.", "-D_GNU_SOURCE", '-DPROFFER_VERSION="0"']

# Folder -> prefixes of project headers that its files may reach, directly or through others.
MAY_REACH = {
    "base": ["base/"],
    "stats": ["stats/", "base/"],
    "queries/logs": ["queries/logs/", "base/"],
    "queries/text": ["queries/text/", "base/"],
    "queries/catalogue": ["queries/catalogue/", "base/"],
    "queries": ["queries/", "stats/", "base/"],
    "release": ["release/", "queries/tally.h", "queries/catalogue/bitmap.h", "stats/", "base/"],
    "report/answers": ["report/answers/", "release/figure.h", "queries/plan.h", "stats/", "base/"],
    "report": ["report/", "base/"],
    "cli": [""],
}
# The part of report/ that the writers must not see.
MAY_NOT_REACH = {"report": r"report/answers/(?!result\.h)"}

# Library header -> where it may be included.
LIBRARY_PLACES = {
    r"xlsxwriter": r"report/xlsx[^/]*",
    r"simdjson": r"queries/logs/dom[^/]*\.cc",
    r"roaring": r"queries/catalogue/bitmap\.c",
    r"utf8proc": r"queries/text/[^/]*",
    r"libstemmer": r"queries/text/[^/]*",
    r"hs/": r"queries/text/regex_[^/]*",
    r"sqlite3": r"release/ledger[^/]*",
    r"glpk": r"tests/unit/[^/]*",
    r"gmp": r"release/[^/]*",
    r"gsl/": r"stats/[^/]*",
    r"openssl/": r"base/[^/]*",
    r"isa-l": r"(queries/logs/[^/]*|report/xlsx_check\.c)",
    r"zstd": r"queries/logs/[^/]*",
}


def folder_of(path):
    folder = os.path.dirname(path)
    return folder if folder in MAY_REACH else None


def closure(path):
    language = ["-x", "c++", "-std=c++17"] if path.endswith(".cc") else []
    flags = FLAGS if not language else FLAGS[1:]
    run = subprocess.run(["gcc", *flags, "-MM", *language, path], capture_output=True, text=True)
    if run.returncode:
        return None, run.stderr
    words = run.stdout.replace("\\\n", " ").split()[1:]
    return [os.path.normpath(w) for w in words if not os.path.isabs(w)], ""


def check_closure(path):
    allowed = MAY_REACH[folder_of(path)]
    headers, problem = closure(path)
    if headers is None:
        return [f"{path}: {problem.strip()}"]
    bad = [h for h in headers[1:] if not any(h.startswith(a) for a in allowed)]
    pattern = MAY_NOT_REACH.get(folder_of(path))
    if pattern:
        bad += [h for h in headers[1:] if re.match(pattern, h)]
    return [f"{path} reaches {h}" for h in bad]


def check_alone(header):
    run = subprocess.run(
        ["gcc", *FLAGS, "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c", "-"],
        input=f'#include "{header}"\nextern int not_empty;\n', capture_output=True, text=True)
    return [f"{header} does not compile alone: {run.stderr.strip()}"] if run.returncode else []


def check_libraries(path):
    found = []
    with open(path, encoding="utf-8") as text:
        for line in text:
            match = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
            if not match:
                continue
            for library, place in LIBRARY_PLACES.items():
                if re.match(library, match[1]) and not re.fullmatch(place, path):
                    found.append(f"{path} includes {match[1]}")
    return found


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    sources, headers = [], []
    for folder in MAY_REACH:
        for name in sorted(os.listdir(folder)):
            path = f"{folder}/{name}"
            if name.endswith((".c", ".cc")):
                sources.append(path)
            elif name.endswith(".h"):
                headers.append(path)
    with ThreadPoolExecutor() as pool:
        results = {
            "closures of includes keep the house's order":
                [p for r in pool.map(check_closure, sources + headers) for p in r],
            "each header compiles alone": [p for r in pool.map(check_alone, headers) for p in r],
            "library headers stand in their one place":
                [p for r in map(check_libraries, sources + headers) for p in r],
        }
    names = [os.path.basename(h) for h in headers]
    results["header names are unique"] = sorted({n for n in names if names.count(n) > 1})
    print(f"1..{len(results)}")
    for number, (title, problems) in enumerate(results.items(), 1):
        print(f"{'not ok' if problems else 'ok'} {number} - {title}")
        for problem in problems:
            print(f"# {problem}")
    return any(results.values())


if __name__ == "__main__":
    sys.exit(main())
