#!/usr/bin/env python3
"""Whether a Parquet of texts says what JSON lines of the same pages say.

    python3 -m venv venv && venv/bin/pip install pyarrow duckdb
    venv/bin/python same_texts.py texts.parquet texts.jsonl

The table is read by PyArrow and, apart from it, by DuckDB. Ids are compared
without the `urn:dehusk:` that make.py puts before them.
"""

import json
import sys

import duckdb
import pyarrow.parquet


def of_lines(path):
    with open(path, encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    return {record["id"]: record["text"] for record in records}


def of_rows(rows):
    return {page.removeprefix("urn:dehusk:"): text for page, text in rows}


def main():
    table, lines = sys.argv[1:]
    arrow = pyarrow.parquet.read_table(table)
    print(f"PyArrow {pyarrow.__version__}: {arrow.num_rows} rows")
    print(arrow.schema.to_string(show_field_metadata=False, show_schema_metadata=False))
    of_arrow = of_rows(zip(arrow["id"].to_pylist(), arrow["text"].to_pylist()))
    duck = duckdb.sql(f"select id, text from read_parquet('{table}')").fetchall()
    print(f"DuckDB {duckdb.__version__}: {len(duck)} rows")
    expected = of_lines(lines)
    print(f"{lines}: {len(expected)} pages")
    for name, found in [("PyArrow", of_arrow), ("DuckDB", of_rows(duck))]:
        differ = sorted(id for id in expected.keys() | found.keys() if expected.get(id) != found.get(id))
        if differ:
            sys.exit(f"{name}: {len(differ)} texts differ, the first of {differ[0]}")
    print("all ids and texts are the same")


if __name__ == "__main__":
    main()
