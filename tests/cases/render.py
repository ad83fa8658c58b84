#!/usr/bin/env python3
"""What people see: the workbook of each template in LibreOffice, sheet by sheet as a picture, and
its page in Chromium without a network. No sheet is blank, nothing is cut, no number is too wide for
its column; the page shows every row, complains of nothing and asks for nothing. Prints TAP; what
wants a tool that is not installed is skipped, and all of it where SHORT is set."""
import csv
import html.parser
import json
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from xml.etree import ElementTree

from check import MAKE_LOGS, PROFFER, check, finish, skip

TEMPLATES = ("narrower-discovery", "proportionality-check", "privacy-impact")
INK = 0.002  # the least share of a printed page, without its margins, that is not white
LINE = 0.0003  # of the last page of a text, which may have but a line
CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-extensions", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr"]
OWN = re.compile(r"https?://([a-z0-9-]+\.)*(google|googleapis|gvt1|gstatic)\.com/")  # the browser's own


def missing(*tools):
    return next((tool for tool in tools if not shutil.which(tool)), None)


def program(*words, cwd):
    done = subprocess.run([PROFFER, *words], cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        check(False, "proffer " + " ".join(words), done.stderr)


def squeezed(text):
    """Without white space and hyphens: lines may break anywhere, and at a hyphen it may be left out."""
    return re.sub(r"[\s\u00ad-]+", "", text)


# ---- reports ----

def label(folder, sample, labels):
    with open(os.path.join(folder, sample), encoding="utf-8") as file:
        drawn = json.load(file)
    ids = drawn.get("ids") or [i for s in drawn["strata"] for i in s["ids"]]
    with open(os.path.join(folder, labels), "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "label"])
        for i, unit in enumerate(ids):
            out.writerow([unit if isinstance(unit, str) else unit["id"],
                          "relevant" if i % 25 == 0 else "irrelevant"])


def make(work, name):
    """The report of a template, with a labelled sample where it has a frame to draw from."""
    folder = os.path.join(work, name)
    program("new", name, cwd=work)
    os.symlink(os.path.join(work, "logs"), os.path.join(folder, "logs"))
    with open(os.path.join(folder, "plan.json"), encoding="utf-8") as file:
        plan = json.load(file)
    if name == "narrower-discovery":
        program("frame", "plan.json", "-q", cwd=folder)
        program("draw", "plan.json", "-q", "--size", "400", "--seed", "271828182845", "--seed-source",
                "example", cwd=folder)
        label(folder, "sample.json", "labels.csv")
    program("run", "plan.json", "-q", cwd=folder)
    out = os.path.join(folder, plan["report"]["dir"])
    with open(os.path.join(out, "report.json"), encoding="utf-8") as file:
        report = json.load(file)
    report["tables"].insert(0, report["completeness"])
    return out, report


# ---- the workbook ----

def sheet_names(path):
    with zipfile.ZipFile(path) as book:
        root = ElementTree.fromstring(book.read("xl/workbook.xml"))
    return [sheet.get("name") for sheet in root.iter() if sheet.tag.endswith("}sheet")]


def ink(path):
    """The share of a picture (PGM) that is not white, without the margins for header and footer."""
    with open(path, "rb") as file:
        data = file.read()
    size, at = [], 2
    while len(size) < 3:
        number = re.compile(rb"\s+(\d+)").match(data, at)
        size.append(int(number[1]))
        at = number.end()
    width, height = size[:2]
    pixels = data[at + 1:]
    body = pixels[width * (height * 12 // 100):width * (height * 88 // 100)]
    return sum(pixel < 250 for pixel in body) / len(body)


def convert(book, folder):
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless",
                    "--convert-to", "pdf", "--outdir", folder, book],
                   check=True, capture_output=True, timeout=1200, env={**os.environ, "HOME": folder})
    pdf = os.path.join(folder, "report.pdf")
    subprocess.run(["pdftoppm", "-r", "40", "-gray", pdf, os.path.join(folder, "sheet")], check=True)
    text, raw = (subprocess.run(["pdftotext", *order, pdf, "-"], check=True, capture_output=True, text=True).stdout
                 for order in ([], ["-raw"]))  # raw: cell by cell, also where two in a row have several lines
    pictures = sorted(n for n in os.listdir(folder) if n.startswith("sheet-"))
    return text.split("\f")[:-1], [ink(os.path.join(folder, n)) for n in pictures], raw


def cut(report, names, pages, raw):
    """Column titles, table titles and texts of the first column that are on no page of their sheet, of
    which a wide table has several."""
    lost = []
    whole = squeezed("".join(pages)) + squeezed(raw)
    first_pages = [i for i, page in enumerate(pages) if re.search(r'Table"[^"]+"\.', squeezed(page))]
    for table in report["tables"]:
        own = [i for i in first_pages if f'Table"{squeezed(table["id"])}".' in squeezed(pages[i])]
        if len(own) != 1:
            lost.append((table["id"], "sheet", len(own)))
            continue
        end = min([i for i in first_pages if i > own[0]], default=len(pages))
        own = [squeezed("".join(pages[own[0]:end]))]
        if squeezed(table["title"])[:60] not in own[0]:
            lost.append((table["id"], table["title"]))
        for column in table["columns"]:
            lost += [(table["id"], column["title"], word) for word in re.split(r"[\s-]+", column["title"])
                     if word not in own[0]]
        first = table["columns"][0]["id"]
        lost += [(table["id"], row[first]) for row in table["rows"]
                 if isinstance(row[first], str) and squeezed(row[first]) not in whole]
    lost += [name for name in names if squeezed(name) not in whole]
    for pairs, key in (("summary", "text"), ("methods", "text"), ("definitions", "meaning")):
        lost += [(pairs, pair[key]) for pair in report[pairs]
                 if squeezed(pair[key])[:60] not in whole or squeezed(pair[key])[-40:] not in whole]
    return lost


def look_at_book(name, out, report, folder):
    book = os.path.join(out, "report.xlsx")
    names = sheet_names(book)
    pages, inks, raw = convert(book, folder)
    blank = [i + 1 for i, share in enumerate(inks) if share < INK]
    check(len(inks) == len(pages) >= len(names) and not blank, f"{name}: no printed sheet is blank",
          (blank, len(inks), len(pages), len(names)))
    lost = cut(report, names, pages, raw)
    check(not lost, f"{name}: nothing of the workbook is cut", lost[:20])
    check(not [page for page in pages if "###" in page], f"{name}: no number is too wide")
    legend = squeezed(report["confidentiality"])
    check(all(squeezed(page).count(legend) >= 2 for page in pages),
          f"{name}: the legend is in each page's header and footer")
    stamp = (report["cover"] or {}).get("stamp")
    if stamp:
        found = re.findall(re.escape(stamp["prefix"]) + r"\d{7}-\d+(?=\s)", "\n".join(
            page.rstrip().rsplit("\n\n", 3)[-1] + "\n" for page in pages))
        check(len(set(found)) == len(found) == len(pages) and found[0] == stamp["prefix"] + "0000001-1",
              f"{name}: each page has a stamp of its own", found)


# ---- the page ----

class Rows(html.parser.HTMLParser):
    """Rows of the bodies of tables, and the figures drawn."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.charts, self.body = [], 0, False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.charts += tag == "svg"
        if tag == "tbody":
            self.tables.append(0)
        self.body = tag == "tbody" or (self.body and tag != "thead")
        if tag == "tr" and self.body:
            self.tables[-1] += 1


def browse(page, folder, *options):
    """What Chromium prints and says of a page, and the addresses that it was asked for."""
    log = os.path.join(folder, "net.json")
    profile = tempfile.mkdtemp(dir=folder)
    done = subprocess.run([*CHROMIUM, f"--user-data-dir={profile}", f"--log-net-log={log}", *options,
                           "file://" + page], capture_output=True, text=True, timeout=1200,
                          env={**os.environ, "HOME": folder})
    with open(log, encoding="utf-8") as file:
        urls = set(re.findall(r'"url":"((?:https?|wss?|ftp):[^"]+)"', file.read()))
    said = [line for line in done.stderr.splitlines() if ":CONSOLE" in line]
    return done.stdout, said, sorted(url for url in urls if not OWN.match(url))


def look_at_page(name, out, report, folder):
    page = os.path.join(out, "report.html")
    dom, said, urls = browse(page, folder, "--dump-dom")
    rows = Rows(dom)
    wanted = [len(table["rows"]) for table in report["tables"]]
    check(rows.tables == wanted, f"{name}: every row is in the page that the browser shows",
          (rows.tables, wanted))
    check(not said, f"{name}: the browser's console is silent", said)
    check(not urls, f"{name}: the page asks for nothing", urls)
    with open(page, encoding="utf-8") as file:
        text = file.read()
    links = re.findall(r"""(?:href|src|action|data|poster|srcset)\s*=\s*["']?([^"' >]*)""", text)
    check("url(" not in text and "@import" not in text and all(l.startswith("#") for l in links) and
          "default-src 'none'" in text, f"{name}: links lead into the page, and its policy forbids others",
          [l for l in links if not l.startswith("#")])
    pdf = os.path.join(folder, "page.pdf")
    browse(page, folder, f"--print-to-pdf={pdf}", "--no-pdf-header-footer")
    subprocess.run(["pdftoppm", "-r", "40", "-gray", pdf, os.path.join(folder, "print")], check=True)
    printed = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True).stdout
    inks = [ink(os.path.join(folder, n)) for n in os.listdir(folder) if n.startswith("print-")]
    lost = [t["title"] for t in report["tables"] if squeezed(t["title"])[:60] not in squeezed(printed)]
    check(min(inks) >= LINE and not lost, f"{name}: no page of its print is blank, no table missing",
          (min(inks), lost))


def control(folder):
    """The test sees what it looks for: a page that asks and complains."""
    page = os.path.join(folder, "control.html")
    with open(page, "w", encoding="utf-8") as file:
        file.write("<!DOCTYPE html><title>x</title><img src='http://picture.invalid/x.png'>"
                   "<script>console.error('a complaint')</script>")
    _, said, urls = browse(page, folder, "--dump-dom")
    check(said and urls == ["http://picture.invalid/x.png"], "a page that asks and complains is told from others",
          (said, urls))


def main():
    if os.environ.get("SHORT"):
        skip("reports are looked at", "SHORT is set")
        print("1..1")
        return
    work = tempfile.mkdtemp()
    try:
        subprocess.run([MAKE_LOGS, "--seed", "2024", "--conversations", "3000", "--files", "1",
                        os.path.join(work, "logs")], check=True, capture_output=True)
        if not missing("chromium"):
            control(work)
        for name in TEMPLATES:
            out, report = make(work, name)
            folder = tempfile.mkdtemp(dir=work)
            lacks = missing("soffice", "pdftoppm", "pdftotext")
            if lacks:
                skip(f"{name}: the workbook is looked at", f"{lacks} is not installed")
            else:
                look_at_book(name, out, report, folder)
            lacks = missing("chromium", "pdftoppm", "pdftotext")
            if lacks:
                skip(f"{name}: the page is looked at", f"{lacks} is not installed")
            else:
                look_at_page(name, out, report, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    finish()


main()
