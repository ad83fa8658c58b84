#!/usr/bin/env python3
"""Checks the charts of a workbook of two tables of estimates between their ends, the second of rare
shares: each is a stock chart of high, low and value with high-low lines.

usage: chart_check.py REPORT.xlsx
"""
import re
import sys
import zipfile

book = zipfile.ZipFile(sys.argv[1])
common, rare = (book.read(f"xl/charts/chart{n}.xml").decode() for n in (1, 2))
for text in (common, rare):
    inner = re.search("<c:stockChart>(.*)</c:stockChart>", text, re.S)[1]
    assert re.findall(r"\$([A-Z])\$4:", inner) == list("ADACAB"), inner
    assert "<c:hiLowLines>" in inner and "c:grouping" not in inner, inner
    assert '<c:marker val="1"/>' not in text and "lineChart" not in text, text
    assert set(re.findall('<c:symbol val="([a-z_]+)"/>', text)) == {"none", "circle"}, text
    assert "some &lt;&amp;&gt;" in inner, inner
assert "logBase" not in common, common
assert '<c:logBase val="10"/>' in rare, rare
assert float(re.search('<c:min val="([^"]+)"/>', rare)[1]) == 1e-5, rare
assert "Ranges; logarithmic axis, on which 0 is not drawn" in rare, rare
alt = [book.read(f"xl/drawings/drawing{n}.xml").decode() for n in (1, 2)]
assert "Points on lines. The chart has a logarithmic axis" in alt[1], alt
assert "logarithmic" not in alt[0], alt
