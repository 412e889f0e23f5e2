#!/usr/bin/env python3
"""Jobs in short form through linkwright and through Splink 5: levels, transforms and keys of every kind, over random
people. Everything that comes out must be equal.

    short_forms_test.py LINKWRIGHT
"""

import json
import random
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import random_data
import random_test


def lowered(column, *steps):
    return {"column": column, "transforms": ["lower", *steps]}


def levels(name, *written):
    return {"output_column_name": name, "comparison_levels": [*written, {"level": "ElseLevel"}]}


NAMES = levels(
    "full name",
    {"level": "And", "comparison_levels": [{"level": "NullLevel", "column": "first_name"},
                                           {"level": "NullLevel", "column": "surname"}]},
    {"level": "ExactMatchLevel", "column": "surname", "term_frequency_adjustments": True, "tf_minimum_u_value": 0.01},
    {"level": "ColumnsReversedLevel", "col_name_1": "first_name", "col_name_2": "surname", "symmetrical": True},
    {"level": "And", "comparison_levels": [
        {"level": "JaroWinklerLevel", "column": lowered("surname"), "distance_threshold": 0.9},
        {"level": "Not", "comparison_level": {"level": "LevenshteinLevel", "column": "first_name",
                                              "distance_threshold": 2}}], "label_for_charts": "alike"},
    {"level": "Or", "comparison_levels": [
        {"level": "JaroLevel", "column": "first_name", "distance_threshold": 0.8},
        {"sql_condition": "substr(surname_l, 1, 2) = substr(surname_r, 1, 2)"}]})
NUMBERS = levels(
    "age",
    {"level": "NullLevel", "column": "age"}, {"level": "ExactMatchLevel", "column": "age"},
    {"level": "AbsoluteDifferenceLevel", "column": "age", "difference_threshold": 2},
    {"level": "PercentageDifferenceLevel", "column": "age", "percentage_threshold": 0.2},
    {"level": "LiteralMatchLevel", "column": "city", "literal_value": "london", "literal_datatype": "string"})
LISTS = levels(
    "tags",
    {"level": "NullLevel", "column": "tags"}, {"level": "ArraySubsetLevel", "column": "tags"},
    {"level": "ArrayIntersectLevel", "column": "tags", "min_intersection": 2},
    {"level": "PairwiseStringDistanceFunctionLevel", "column": "tags", "distance_function_name": "jaro_winkler",
     "distance_threshold": 0.8})
MOMENTS = levels(
    "dob",
    {"level": "NullLevel", "column": {"column": "dob", "transforms": ["try_parse_date"]}},
    {"level": "ExactMatchLevel", "column": "substr(dob, 1, 7)"},
    {"level": "AbsoluteDateDifferenceLevel", "column": "dob", "input_is_string": True, "threshold": 2, "metric": "year"},
    {"level": "DistanceInKMLevel", "lat_col": "latitude", "long_col": "longitude", "km_threshold": 30, "not_null": True})
COMPARISONS = [
    NAMES, NUMBERS, LISTS, MOMENTS,
    {"comparison": "JaroWinklerAtThresholds", "column": lowered("email", {"regex_extract": "^[^@]+"}),
     "score_threshold_or_thresholds": [0.95, 0.85]},
    {"comparison": "DistanceFunctionAtThresholds", "column": "postcode", "distance_function_name": "jaro_similarity",
     "distance_threshold_or_thresholds": [0.9, 0.7]},
    {"comparison": "ForenameSurnameComparison", "forename_col_name": "first_name", "surname_col_name": "surname"},
    {"comparison": "NameComparison", "column": lowered("city", {"substr": [1, 4]})},
    {"comparison": "LevenshteinAtThresholds", "column": "first_name || ' ' || surname",
     "distance_threshold_or_thresholds": [1, 3]},
]
RULES = [{"block_on": "city"}, {"block_on": ["age", "substr(surname, 1, 1)"]},
         {"block_on": [lowered("surname", {"substr": [1, 2]})]}]
DATASETS = levels("datasets", {"sql_condition": "source_dataset_l = 'Beta' and source_dataset_r <> source_dataset_l"})
DATASET_RULE = {"blocking_rule": "l.age = r.age and l.source_dataset < r.source_dataset and r.source_dataset = 'alpha'"}


def job_of(seed, link_type, names, id_column):
    """A third of the comparisons in each job, so that Splink finds all m that it needs."""
    links = link_type != "dedupe_only"
    return {
        "name": f"short_forms_{seed}",
        "inputs": [{"path": f"{name}.parquet", "name": name} for name in names],
        "settings": {"link_type": link_type, "comparisons": COMPARISONS[seed % 3::3] + [DATASETS] * links,
                     "unique_id_column_name": id_column, "retain_intermediate_calculation_columns": True,
                     "blocking_rules_to_generate_predictions": RULES + [DATASET_RULE] * links},
        "training": {"prior": {"rules": [{"block_on": ["dob", "surname"]}, "l.email = r.email"], "recall": 0.9},
                     "u": {"method": "all_pairs"}, "em": [{"block_on": ["substr(surname, 1, 1)"]}]},
        "predict": {}, "cluster": {"threshold_match_probability": 0.5}, "output": {"format": "parquet"}}


def main():
    equal = different = 0
    for seed in range(6, 12):
        source = random.Random(seed)
        link_type, names = [("dedupe_only", ["alpha"]), ("link_only", ["alpha", "Beta"])][seed // 3 % 2]
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            for name, table in zip(names, random_data.tables(source, len(names), "rec id")):
                pyarrow.parquet.write_table(table, folder / f"{name}.parquet")
            job = job_of(seed, link_type, names, "rec id")
            (folder / "job.json").write_text(json.dumps(job))
            differences = random_test.differences_of(sys.argv[1], job, folder)
            if differences is None:
                failed = (random_test.expected_output(folder) / random_test.SPLINK_FAILED).read_text()
                differences = [f"Splink cannot run it: {failed}"]
            equal += not differences
            different += bool(differences)
            print("".join(f"{job['name']}: {difference}\n" for difference in differences), end="")
    print(f"{equal} jobs equal, {different} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
