"""Says how many single words a peer counted as proffer did, give or take what content that is no
plain text makes.

usage: ... | peer_same.py REPORT.json TERMS.txt     (from stdin: lines of a number, a tab, a count)
"""
import json
import sys


def main():
    report = json.load(open(sys.argv[1], encoding="utf-8"))
    rows = next(t for t in report["tables"] if t["id"] == "terms")["rows"]
    terms = [line.strip() for line in open(sys.argv[2], encoding="utf-8")]
    told = {int(i): int(n) for i, n in (line.split("\t") for line in sys.stdin)}
    single = [i for i, t in enumerate(terms) if t.isalpha() and t.isascii()]
    same = sum(abs(rows[i]["conversations"] - told.get(i + 1, 0)) <= 1 + rows[i]["conversations"] // 50
               for i in single)
    print(f"  counts of conversations: {same} of {len(single)} single words within 2 % of the peer's")


main()
