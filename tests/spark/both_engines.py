#!/usr/bin/env python3
"""Jobs of every kind on both engines through the program: what Spark gives must be what the embedded engine gives.

    scripts/with-spark scripts/with-splink tests/spark/both_engines.py LINKWRIGHT [JOB ...]

Compared are models, notes of the report, and predictions and clusters row by row: columns, their order and types, ids,
gammas and cluster ids exactly, numbers within 1e-9. A job that fails must fail with the same message. Few jobs with
much in each: one takes some seconds of Spark.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "oracle"))
import equality

TYPED = """select unique_id, first_name as "prénom", surname, dob, try_cast(dob as date) as birth,
  try_cast(dob as timestamp) + to_hours(5) as moment, year(try_cast(dob as date))::int as year,
  (hash(unique_id) % 1000)::double / 7 as height, unique_id % 3 = 0 as active,
  case when unique_id % 7 > 0 then [first_name, city] end as tags, city, email, cluster from """

NAMES = [{"comparison": "NameComparison", "column": "prénom"},
         {"comparison": "ExactMatch", "column": "surname", "term_frequency_adjustments": True},
         {"comparison": "DateOfBirthComparison", "column": "dob", "input_is_string": True},
         {"comparison": "ExactMatch", "column": "city", "term_frequency_adjustments": True}]
OF_TYPES = [
    {"comparison": "AbsoluteDateDifferenceAtThresholds", "column": "birth", "input_is_string": False,
     "metrics": ["day", "year"], "thresholds": [3, 1]},
    {"comparison": "AbsoluteTimeDifferenceAtThresholds", "column": "moment", "input_is_string": False,
     "metrics": ["hour", "day"], "thresholds": [3, 100]},
    {"output_column_name": "year", "comparison_levels": [
        {"level": "NullLevel", "column": "year"}, {"sql_condition": "abs(year_l - year_r) <= 1"},
        {"level": "ElseLevel"}]},
    {"output_column_name": "height", "comparison_levels": [
        {"level": "PercentageDifferenceLevel", "column": "height", "percentage_threshold": 0.05},
        {"level": "ElseLevel"}]},
    {"comparison": "ExactMatch", "column": "active"},
    {"comparison": "ArrayIntersectAtSizes", "column": "tags", "thresholds": [2, 1]}]
RULES = [{"block_on": ["prénom", "surname"]}, "l.dob = r.dob", {"block_on": "email"}, {"block_on": "city"}]
OF_SPLINK_4 = {
    "link_type": "dedupe_only", "sql_dialect": "duckdb", "bayes_factor_column_prefix": "bf_", "linker_uid": "abc",
    "probability_two_random_records_match": 0.0005, "unique_id_column_name": "unique_id",
    "blocking_rules_to_generate_predictions": [
        {"blocking_rule": "l.dob = r.dob", "sql_dialect": "duckdb"},
        {"blocking_rule": "l.email = r.email", "sql_dialect": "duckdb", "salting_partitions": 4}],
    "comparisons": [{"output_column_name": "surname", "comparison_description": "Jaro-Winkler", "comparison_levels": [
        {"sql_condition": '"surname_l" IS NULL OR "surname_r" IS NULL', "label_for_charts": "Null",
         "is_null_level": True},
        {"sql_condition": '"surname_l" = "surname_r"', "label_for_charts": "Exact match", "m_probability": 0.8,
         "u_probability": 0.01, "tf_adjustment_column": "surname", "tf_adjustment_weight": 0.5},
        {"sql_condition": 'jaro_winkler_similarity("surname_l", "surname_r") >= 0.88', "label_for_charts": "Close",
         "m_probability": 0.1, "u_probability": 0.02},
        {"sql_condition": "ELSE", "label_for_charts": "All other", "m_probability": 0.1, "u_probability": 0.97}]}]}
U = {"method": "sample", "max_pairs": 100000, "seed": 3}
TRAINING = {"prior": {"rules": ["l.email = r.email"], "recall": 0.8}, "u": U, "em": ["l.dob = r.dob"]}


def job(inputs, link_type="dedupe_only", comparisons=NAMES, rules=RULES, output="parquet", settings=None, **changes):
    return {"inputs": [{"path": given} if isinstance(given, str) else given for given in inputs],
            "settings": {"link_type": link_type, "comparisons": comparisons,
                         "blocking_rules_to_generate_predictions": rules, **(settings or {})},
            "training": TRAINING, "predict": {"threshold_match_probability": 0.01},
            "cluster": {"threshold_match_probability": [0.5, 0.95]}, "output": {"format": output}, **changes}


JOBS = {
    "all_types_of_columns_from_a_glob": job(
        ["parts_*.parquet"], comparisons=NAMES[:2] + OF_TYPES,
        rules=[{"blocking_rule": "l.tags = r.tags", "arrays_to_explode": ["tags"]}, "l.initials = r.initials"],
        derive={"whole": "prénom || ' ' || surname", "initials": "substr(whole, 1, 2) || substr(surname, 1, 3)"},
        settings={"retain_matching_columns": True, "retain_intermediate_calculation_columns": True,
                  "additional_columns_to_retain": ["email", "moment", "tags"]},
        training={"m_from_label_column": "cluster", "u": {"method": "all_pairs"}}),
    "best_links_of_csv_files_trained_on_labelled_pairs": job(
        ["left.csv", "right.csv"], "link_only", output="csv", settings={"additional_columns_to_retain": ["email"]},
        training={**TRAINING, "m_from_pairwise_labels": {"path": "labels.csv"}},
        cluster={"threshold_match_probability": 0.5, "method": "best_link",
                 "duplicate_free_datasets": ["left", "right"]}),
    "three_datasets_of_json_linked_and_deduplicated": job(
        ["left.ndjson", "right.json", {"path": "third.ndjson", "name": "drittes"}], "link_and_dedupe", output="ndjson",
        predict={"threshold_match_weight": -4}, cluster={"threshold_match_weight": [0, 5, 10]}),
    "names_in_other_cases": job(
        ["left.csv"], comparisons=[
            {"output_column_name": "surname", "comparison_levels": [
                {"sql_condition": "SURNAME_l IS NULL OR surname_R IS NULL", "is_null_level": True},
                {"sql_condition": "Surname_l = SURNAME_r", "tf_adjustment_column": "SurName"},
                {"sql_condition": "ELSE"}]},
            {"comparison": "ExactMatch", "column": "CITY"}],
        rules=["l.DOB = r.dob", {"block_on": "EMAIL"}], settings={"additional_columns_to_retain": ["Year"]},
        training={"u": U, "em": ["l.Dob = r.DOB"]}),
    "narrow_numbers_with_text_ids": job(
        ["narrow.parquet"], rules=["l.year = r.year", {"block_on": "email"}],
        settings={"unique_id_column_name": "key", "additional_columns_to_retain": ["small", "single"],
                  "retain_intermediate_calculation_columns": True}, predict={}),
    "a_model_of_splink_4_without_threshold": {
        **job(["left.csv"], training={}, predict={}, jaro_winkler="plain"), "settings": OF_SPLINK_4},
    "trained_and_then_predicted": job(["left.ndjson"], comparisons=NAMES[1:], rules=RULES[1:3]),
    "a_block_of_most_records": {
        **job(["crowd.parquet"], training={}, predict={"threshold_match_weight": 12}),
        "settings": {**OF_SPLINK_4, "blocking_rules_to_generate_predictions": ["l.city = r.city"]}},
    "no_records": job(["none.csv"], training={}),
    "a_column_that_is_not_there": job(["left.csv"], rules=["l.emial = r.emial"]),
    "a_retained_column_that_is_not_there": job(["left.csv"], settings={"additional_columns_to_retain": ["zzz"]}),
    "a_compared_column_that_is_not_there": job(
        ["left.csv"], comparisons=[NAMES[1], {"comparison": "ExactMatch", "column": "zzz"}]),
    "a_rule_of_a_column_that_is_not_there": job(["left.csv"], rules=["l.zzz = r.zzz"]),
    "a_record_without_id": job(["left.csv", "nameless.csv"], "link_and_dedupe"),
}
FAILS = {name for name in JOBS if name.endswith("_that_is_not_there") or name == "a_record_without_id"}
COMMANDS = {"trained_and_then_predicted": ["train", "predict"]}  # of others: run


def write_inputs(program, folder):
    """People under several types and formats; the third dataset has people of the first."""
    for name, seed in (("left", 1), ("right", 1), ("third", 2)):
        subprocess.run([program, "generate", "people", "-n", "600", "--seed", str(seed), "-q", "-o",
                        folder / f"{name}_people.parquet"], check=True)
        people = f"({TYPED} '{folder}/{name}_people.parquet')"
        without_lists = f"(select * exclude (tags, moment, birth) from {people})"
        duckdb.sql(f"copy {without_lists} to '{folder}/{name}.csv' (header)")
        duckdb.sql(f"copy {people} to '{folder}/{name}.ndjson' (format json)")
        duckdb.sql(f"copy {people} to '{folder}/{name}.json' (format json, array true)")
    left = f"({TYPED} '{folder}/left_people.parquet')"
    duckdb.sql(f"copy (from {left} where unique_id < 200) to '{folder}/parts_1.parquet'")
    duckdb.sql(f"copy (from {left} where unique_id >= 200) to '{folder}/parts_2.parquet'")
    labels = (f"select 'left' as source_dataset_l, l.unique_id as unique_id_l, 'right' as source_dataset_r, "
              f"r.unique_id as unique_id_r from {left} l join {left} r using (cluster)")
    duckdb.sql(f"copy ({labels}) to '{folder}/labels.csv' (header)")
    duckdb.sql(f"""copy (select 'p' || unique_id as key, * exclude (unique_id), year::smallint as small,
        height::float as single, cast(height as decimal(9, 3)) as price from {left}) to '{folder}/narrow.parquet'""")
    duckdb.sql(f"""copy (select * replace (case when unique_id % 50 <> 7 then unique_id end as unique_id)
        from '{folder}/left.csv') to '{folder}/nameless.csv' (header)""")
    duckdb.sql(f"""copy (select unique_id + 1000 * k as unique_id, surname,
        case when k < 2 then 'York' else 'Bath' end as city from {left}, range(5) as copies(k)) to '{folder}/crowd.parquet'""")
    header = (folder / "left.csv").read_text().splitlines()[0]
    (folder / "none.csv").write_text(header + "\n")


def read(folder, name, output_format):
    path = folder / f"{name}.{output_format}"
    files = f"{path}/*.{'json' if output_format == 'ndjson' else output_format}" if path.is_dir() else path
    reader = {"parquet": f"read_parquet('{files}')", "csv": f"read_csv('{files}', header = true, sample_size = -1)",
              "ndjson": f"read_json('{files}', format = 'newline_delimited', sample_size = -1)"}
    return duckdb.sql(f"from {reader[output_format]}").to_arrow_table()


def output_differences(expected, actual, output_format, unique_id):
    differences = equality.model_differences(*(json.loads((folder / "model.json").read_text())
                                               for folder in (expected, actual)))
    for name, compare in (("predictions", equality.prediction_differences), ("clusters", equality.cluster_differences)):
        tables = [read(folder, name, output_format) for folder in (expected, actual)]
        if tables[0].column_names != tables[1].column_names:
            differences.append(f"{name}: columns {tables[0].column_names} expected, {tables[1].column_names} found")
        differences += compare(*tables, unique_id)
        if output_format == "parquet" and tables[0].schema.types != tables[1].schema.types:
            differences.append(f"{name}: types {tables[0].schema.types} expected, {tables[1].schema.types} found")
    notes = [json.loads((folder / "report.json").read_text())["notes"] for folder in (expected, actual)]
    return differences + ([] if notes[0] == notes[1] else [f"notes {notes[0]} expected, {notes[1]} found"])


def differences_of(program, folder, name, wanted):
    path = folder / f"{name}.job.json"
    path.write_text(json.dumps(wanted))
    runs = []
    for engine in ("embedded", "spark"):
        for command in COMMANDS.get(name, ["run"]):
            done = subprocess.run([program, command, path, "-o", folder / name / engine, "--engine", engine, "-q"],
                                  capture_output=True, text=True)
            if done.returncode:
                break
        runs.append(done)
    codes = [run.returncode for run in runs]
    if codes != [int(name in FAILS)] * 2:
        return [f"exit codes {codes}", *(run.stderr[-2000:] for run in runs if run.returncode)]
    if name in FAILS:
        return [] if runs[0].stderr == runs[1].stderr else [f"{runs[0].stderr} expected, {runs[1].stderr} found"]
    unique_id = wanted["settings"].get("unique_id_column_name", "unique_id")
    outputs = folder / name / "embedded", folder / name / "spark"
    return output_differences(*outputs, wanted["output"]["format"], unique_id)


def main():
    program, names = Path(sys.argv[1]).absolute(), sys.argv[2:] or list(JOBS)
    failed = False
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_inputs(program, folder)
        for name in names:
            start = time.monotonic()
            differences = differences_of(program, folder, name, JOBS[name])
            failed = failed or bool(differences)
            verdict = "\n".join(differences) or "the same on both engines"
            print(f"{name}: {verdict} ({time.monotonic() - start:.0f} s)", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
