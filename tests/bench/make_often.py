#!/usr/bin/env python3
"""Logs and a plan whose search terms are frequent and independent, so that nearly every combination
of them occurs: what is hard for the gate without noise.

usage: make_often.py CONVERSATIONS TERMS FOLDER; then proffer run FOLDER/plan.json
"""
import json
import os
import random
import sys


def main():
    count, terms, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    rng = random.Random(3)
    shares = [0.2 + 0.4 * rng.random() for _ in range(terms)]
    os.makedirs(os.path.join(folder, "logs"), exist_ok=True)
    with open(os.path.join(folder, "logs", "often.jsonl"), "w", encoding="utf-8") as out:
        for i in range(count):
            words = [f"word{t}x" for t in range(terms) if rng.random() < shares[t]]
            message = {"role": "user", "content": " ".join(words) or "none"}
            out.write(json.dumps({"id": f"c{i}", "user": f"u{rng.randrange(count // 3)}",
                                  "created": f"2023-{1 + rng.randrange(12):02d}-05T00:00:00Z",
                                  "messages": [message]}) + "\n")
    plan = {"proffer": 1, "title": "Terms that are frequent",
            "logs": {"paths": ["logs/*.jsonl"], "digest": "none"},
            "queries": [{"id": "terms", "kind": "terms", "terms": [f"word{t}x" for t in range(terms)]}],
            "release": {"noise": "none", "min_users": 11}, "report": {"json": "report.json"}}
    with open(os.path.join(folder, "plan.json"), "w", encoding="utf-8") as out:
        json.dump(plan, out, indent=1)


main()
