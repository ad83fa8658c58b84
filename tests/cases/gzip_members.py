#!/usr/bin/env python3
"""A gzip file of thousands of members, each with a header that names a file, so that headers lie
across every buffer's end: all records are read. Prints TAP."""
import gzip
import io
import json
import os
import subprocess
import sys
import tempfile

COUNT = 30000


def main():
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/logs.jsonl.gz", "wb") as out:
            for i in range(COUNT):
                record = {"id": f"c{i}", "user": f"u{i % 500}", "messages": [
                    {"role": "user", "content": f"question {i * 7919 % 10007}"},
                    {"role": "assistant", "content": "answer " * (i % 40)}]}
                member = io.BytesIO()
                with gzip.GzipFile(f"part-{i}.jsonl", "wb", fileobj=member, mtime=0) as packed:
                    packed.write(json.dumps(record).encode() + b"\n")
                out.write(member.getvalue())
        with open(f"{folder}/plan.json", "w") as out:
            json.dump({"proffer": 1, "title": "t", "matter": "m",
                       "logs": {"paths": ["logs.jsonl.gz"]},
                       "queries": [{"id": "n", "kind": "count", "by": []}],
                       "release": {"min_users": 0}, "report": {"dir": "out"}}, out)
        size = os.path.getsize(f"{folder}/logs.jsonl.gz")
        run = subprocess.run([os.environ["PROFFER"], "run", "--quiet", f"{folder}/plan.json"],
                             capture_output=True, text=True)
        row = {}
        if run.returncode == 0:
            with open(f"{folder}/out/report.json") as text:
                row = next(t for t in json.load(text)["tables"] if t["id"] == "n")["rows"][0]
        good = row.get("conversations") == COUNT and size > 3 << 20
        print(f"1..1\n{'ok' if good else 'not ok'} 1 - {COUNT} members in {size} bytes")
        if not good:
            print(f"# {row} {run.stderr}")
        return not good


if __name__ == "__main__":
    sys.exit(main())
