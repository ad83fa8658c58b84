#!/usr/bin/env bash
# The README's line that turns Parquet into JSON lines: logs written to Parquet by DuckDB and read
# back by that line give the same tables as the logs themselves, nested messages and times
# included. Needs a `duckdb` command, or npm to get DuckDB by name. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
scratch=$(mktemp -d) && trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1

skip() {
    echo "ok 1 - Parquet by DuckDB # SKIP $1"
    echo 1..1
    exit 0
}

# sql TEXT: runs it, as `duckdb -c TEXT` does.
if command -v duckdb >/dev/null; then
    sql() { duckdb -c "$1"; }
elif command -v npm >/dev/null && command -v node >/dev/null; then
    timeout 120 npm install --no-audit --no-fund --loglevel=error @duckdb/node-api >npm.log 2>&1 ||
        skip "npm could not install @duckdb/node-api"
    cat >sql.mjs <<'END'
import { DuckDBInstance } from '@duckdb/node-api';
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(process.argv[2]);
END
    sql() { node "$scratch/sql.mjs" "$1"; }
else
    skip "neither duckdb nor npm is there"
fi
sql 'SELECT 1' >sql.log 2>&1 || skip "DuckDB does not run here"

number=0 bad=0
check() { # check TITLE COMMAND...
    local title=$1
    shift
    number=$((number + 1))
    if "$@" >log 2>&1; then
        echo "ok $number - $title"
    else
        bad=1
        echo "not ok $number - $title"
        head -40 log | sed 's/^/# /'
    fi
}

# The line as the README has it: duckdb -c "...".
recipe=$(sed -n 's/^    duckdb -c "\(.*\)"$/\1/p' "$root/README.md")
check "the README has the line" test -n "$recipe"

plan() { # plan FOLDER: the example's questions over FOLDER/chats.jsonl
    mkdir -p "$1"
    cp "$root/examples/terms.txt" "$root/examples/topics.json" "$1"
    cat >"$1/plan.json" <<'END'
{ "proffer": 1, "title": "Parquet",
  "logs": { "paths": ["chats.jsonl"] },
  "population": { "from": "2022-12-01", "to": "2024-11-30",
                  "exclude": [ { "field": "account", "in": ["business"] } ] },
  "queries": [
    { "id": "volume", "kind": "count", "by": ["month", "model"] },
    { "id": "days", "kind": "count", "by": ["day"] },
    { "id": "countries", "kind": "count", "by": ["country", "language"] },
    { "id": "terms", "kind": "terms", "terms_file": "terms.txt" },
    { "id": "turns", "kind": "terms", "terms_file": "terms.txt", "within": "turn" },
    { "id": "pastimes", "kind": "topics", "taxonomy": "topics.json" } ],
  "release": { "min_users": 0 } }
END
}

# The tables of both reports, and the sums of what was read, are equal.
same_tables() {
    python3 - "$1/out/report.json" "$2/out/report.json" <<'END'
import json, sys
a, b = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
for x, y in zip(a["tables"], b["tables"], strict=True):
    for row, other in zip(x["rows"], y["rows"], strict=True):
        if row != other:
            sys.exit(f"{x['id']}: {row}\n{y['id']}: {other}")
sums = [{r["reason"]: r["records"] for r in report["completeness"]["rows"]} for report in (a, b)]
for reason in ("read", "accepted", "population", "without a user", "without a time"):
    if sums[0][reason] != sums[1][reason]:
        sys.exit(f"{reason}: {sums[0][reason]} and {sums[1][reason]}")
if len(a["tables"]) < 6 or sums[0]["population"] < 300:
    sys.exit("too little to compare")
END
}

# The recipe, where chats.parquet is.
turn_back() (
    cd back && sql "$recipe"
)

# is_typed TYPE: back/chats.parquet keeps the time as TYPE and the messages as a list of structs.
is_typed() {
    sql "COPY (SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM 'back/chats.parquet'))
         TO 'types.csv'" && cat types.csv && grep -qx "created,$1" types.csv &&
        grep -q '^messages,"*STRUCT(.*)\[\]"*$' types.csv
}

# round TITLE SELECT: what SELECT gives to Parquet, back by the recipe, and compared with direct/.
round() {
    rm -rf back
    plan back
    check "$1: written as Parquet" sql "COPY ($2) TO 'back/chats.parquet' (FORMAT parquet)"
    check "$1: turned back into lines" turn_back
    check "$1: the program reads them" "$PROFFER" run -q back/plan.json
    check "$1: all tables are equal" same_tables direct back
}

"$MAKE_LOGS" --seed 12 --conversations 800 --broken off --files 1 made >/dev/null
plan direct

# Records that DuckDB takes: it has no lone surrogates. typed.jsonl has one type a field, so that it
# makes columns of timestamps and of lists of structs instead of JSON texts.
python3 - made/logs-00.jsonl direct/chats.jsonl typed.jsonl <<'END'
import datetime, json, sys
source, whole, typed = (open(name, mode, encoding="utf-8") for name, mode in zip(sys.argv[1:], "rww"))
for line in source:
    record = json.loads(line)
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        continue
    whole.write(line)
    try:
        time = datetime.datetime.fromisoformat(record["created"])
    except (KeyError, TypeError, ValueError):
        continue
    record["created"] = time.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    record["messages"] = [{"role": m["role"], "content": m["content"], "created": record["created"]}
                          for m in record["messages"] if isinstance(m.get("content"), str)]
    if record["messages"]:
        typed.write(json.dumps(record, ensure_ascii=False) + "\n")
END

check "the logs themselves" "$PROFFER" run -q direct/plan.json
round "as found" "SELECT * FROM 'direct/chats.jsonl'"

cp typed.jsonl direct/chats.jsonl
check "the logs with one type a field" "$PROFFER" run -q direct/plan.json
round "timestamps, lists of structs" "SELECT * FROM 'typed.jsonl'"
check "they are such columns" is_typed TIMESTAMP
export TZ=Asia/Kolkata
round "timestamps with a zone" \
    "SELECT * REPLACE (created::TIMESTAMP AT TIME ZONE 'UTC' AS created) FROM 'typed.jsonl'"
check "they are such columns" is_typed "TIMESTAMP WITH TIME ZONE"
echo "1..$number"
exit $bad
