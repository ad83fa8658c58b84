// Counts conversations by expression with ClickHouse local (npm chdb), as fast as it does it: one
// pass, all expressions in one Hyperscan database.
//
// usage: node peer_clickhouse.cjs PEERS LOGS EXPRESSIONS.json THREADS
const path = require('node:path');
const fs = require('node:fs');
const { query } = require(path.resolve(process.argv[2], 'node_modules', 'chdb'));
const quote = (text) => "'" + text.replace(/\\/g, '\\\\').replace(/'/g, "\\'") + "'";
const expressions = JSON.parse(fs.readFileSync(process.argv[4], 'utf8')).map((e) => quote('(?i)' + e));
const sql = `
  SELECT arrayJoin(multiMatchAllIndices(arrayStringConcat(messages.content, '\\n'), [${expressions}])) AS i, count()
  FROM file(${quote(process.argv[3])}, 'JSONEachRow', 'messages Array(Tuple(role String, content String))')
  GROUP BY i ORDER BY i
  SETTINGS max_threads = ${Number(process.argv[5])}, input_format_skip_unknown_fields = 1,
    input_format_allow_errors_ratio = 0.05, input_format_null_as_default = 1,
    input_format_json_read_objects_as_strings = 1, input_format_json_read_arrays_as_strings = 1,
    max_hyperscan_regexp_length = 0, max_hyperscan_regexp_total_length = 0`;
process.stdout.write(String(query(sql, 'TSV')));
