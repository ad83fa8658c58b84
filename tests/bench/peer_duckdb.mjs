// Counts conversations by expression with DuckDB (npm @duckdb/node-api): regexp_matches for each.
//
// usage: node peer_duckdb.mjs PEERS LOGS EXPRESSIONS.json THREADS
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
const [, , peers, logs, list, threads] = process.argv;
const { DuckDBInstance } = createRequire(path.join(path.resolve(peers), 'package.json'))('@duckdb/node-api');
const quote = (text) => "'" + text.replace(/'/g, "''") + "'";
const counts = JSON.parse(fs.readFileSync(list, 'utf8'))
  .map((e) => `count(*) FILTER (WHERE regexp_matches(text, ${quote(e)}, 'i'))`);
const connection = await (await DuckDBInstance.create(':memory:', { threads })).connect();
const sql = `
  WITH chats AS (
    SELECT list_aggregate(list_transform(messages, lambda m: m.content), 'string_agg', chr(10)) AS text
    FROM read_json(${quote(logs)}, format = 'newline_delimited', ignore_errors = true,
      columns = {messages: 'STRUCT(role VARCHAR, content VARCHAR)[]'}))
  SELECT ${counts.join(', ')} FROM chats`;
const rows = await (await connection.runAndReadAll(sql)).getRows();
rows[0].forEach((count, i) => { if (count) process.stdout.write(`${i + 1}\t${count}\n`); });
