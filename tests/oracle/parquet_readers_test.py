#!/usr/bin/env python3
"""Parquet that linkwright encodes itself, read by pyarrow and by DuckDB, against the same rows as NDJSON.

    scripts/with-splink tests/oracle/parquet_readers_test.py LINKWRIGHT

Columns of every type, with nulls, over more than one row group; without and with lists, which take another way through
the writer; one dataset with text ids and two with integers. Both readers must give the rows that the text has, and the
types that Splink's output has; any number of threads must write the same bytes.
"""

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet

import random_data

FLAT = ["city", "born", "seen", "age", "income", "member"]
LISTS = ["tags", "vector"]


def settings(link_type, retained):
    return {
        "link_type": link_type, "unique_id_column_name": "id", "additional_columns_to_retain": retained,
        "retain_matching_columns": True, "retain_intermediate_calculation_columns": True,
        "comparisons": [
            {"comparison": "NameComparison", "column": "first_name", "term_frequency_adjustments": True},
            {"comparison": "ExactMatch", "column": "surname", "term_frequency_adjustments": True},
            {"comparison": "LevenshteinAtThresholds", "column": "email", "thresholds": [2]},
            {"output_column_name": "postcode", "comparison_levels": [  # no ELSE: pairs without a level, and a weight
                {"sql_condition": "postcode_l IS NULL OR postcode_r IS NULL", "is_null_level": True},
                {"sql_condition": "postcode_l = postcode_r", "m_probability": 0.8, "u_probability": 0.1},
                {"sql_condition": "substr(postcode_l, 1, 1) <= substr(postcode_r, 1, 1)",
                 "m_probability": 0.1, "u_probability": 0.3}]}],
        "blocking_rules_to_generate_predictions": ["l.city = r.city", "l.surname = r.surname"]}


def write_inputs(folder, datasets, size, id_kind):
    source = random.Random(11)
    entities = [random_data.person(source) for _ in range(size)]
    inputs = []
    for number in range(datasets):
        table = random_data.table(source, entities, size, "id", id_kind)
        path = folder / f"people{number}.parquet"
        pyarrow.parquet.write_table(table, path)
        inputs.append({"path": str(path), **({"name": f"set{number}"} if datasets > 1 else {})})
    return inputs


def predict(program, folder, job, output_format, threads):
    name = f"{output_format}{threads}"
    path = folder / f"{name}.json"
    path.write_text(json.dumps({**job, "output": {"dir": str(folder / name), "format": output_format}}))
    subprocess.run([program, "run", path, "-q", "--threads", str(threads)], check=True, stdout=subprocess.DEVNULL)
    return folder / name


def expected_type(column):
    if column.startswith("gamma_"):
        return "INTEGER"
    if column.startswith(("match_w", "match_p", "tf_", "mw_")):
        return "DOUBLE"
    types = {"born": "DATE", "seen": "TIMESTAMP", "age": "BIGINT", "income": "DOUBLE", "member": "BOOLEAN",
             "tags": "VARCHAR[]", "vector": "DOUBLE[]", "cluster": "BIGINT", "latitude": "DOUBLE",
             "longitude": "DOUBLE"}
    return types.get(column.removesuffix("_l").removesuffix("_r"), "VARCHAR")


def differences(name, parquet, ndjson):
    """What one file of predictions or clusters has otherwise than the text has."""
    database = duckdb.connect()
    types = {column: kind for column, kind, *_ in database.sql(f"describe from read_parquet('{parquet}')").fetchall()}
    found = []
    for column, kind in types.items():
        is_id = column.removesuffix("_l").removesuffix("_r") in ("id", "cluster_id")
        if kind != expected_type(column) and not (is_id and kind in ("BIGINT", "VARCHAR")):
            found.append(f"{name}: {column} is {kind}, not {expected_type(column)}")
    arrow = pyarrow.parquet.read_table(parquet)
    arrow.validate(full=True)
    columns = ", ".join(f"'{column}': '{kind}'" for column, kind in types.items())
    database.sql(f"create table text_rows as from read_json('{ndjson}', format='newline_delimited', columns={{{columns}}})")
    database.sql(f"create table duckdb_rows as from read_parquet('{parquet}')")
    database.sql("create table arrow_rows as from arrow")
    count = database.sql("select count(*) from text_rows").fetchall()[0][0]
    for reader in ("duckdb_rows", "arrow_rows"):
        rows = database.sql(f"select count(*) from {reader}").fetchall()[0][0]
        if rows != count:
            found.append(f"{name}: {reader} are {rows}, not {count}")
        # In order, column by column: so a difference is named.
        for column in types:
            unequal = database.sql(
                f'select count(*) from (from text_rows) a positional join (from {reader}) b '
                f'where a."{column}" is distinct from b."{column}"').fetchall()[0][0]
            if unequal:
                found.append(f"{name}: {reader} differ from the text in {unequal} of {column}")
    print(f"{name}: {count} rows of {len(types)} columns, {arrow.nbytes} bytes in memory")
    return found


def main():
    program = Path(sys.argv[1]).resolve()
    found = []
    largest = 0
    for datasets, id_kind, size, retained in ((1, "text", 2600, FLAT), (2, "integer", 60, FLAT),
                                              (2, "text", 60, FLAT + LISTS)):
        name = f"{datasets} with {id_kind} ids" + (" and lists" if "tags" in retained else "")
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            job = {"name": "readers", "inputs": write_inputs(folder, datasets, size, id_kind),
                   "settings": settings("dedupe_only" if datasets == 1 else "link_and_dedupe", retained),
                   "predict": {}, "cluster": {"threshold_match_probability": 0.9}}
            outputs = [predict(program, folder, job, "parquet", threads) for threads in (1, 3)]
            text = predict(program, folder, job, "ndjson", 1)
            for stem in ("predictions", "clusters"):
                files = [output / f"{stem}.parquet" for output in outputs]
                if files[0].read_bytes() != files[1].read_bytes():
                    found.append(f"{name}: {stem} depend on the number of threads")
                found += differences(f"{name}, {stem}", files[0], text / f"{stem}.ndjson")
                largest = max(largest, pyarrow.parquet.ParquetFile(files[0]).num_row_groups)
    if largest < 2:
        found.append("no file has two row groups: the test does not test them")
    print("\n".join(found) or "equal")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
