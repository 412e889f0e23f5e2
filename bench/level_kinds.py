#!/usr/bin/env python3
"""Splink 5 and linkwright on one comparison at a time, in turns: the seconds that two million pairs cost in predict.

    scripts/with-splink bench/level_kinds.py [--runs N] [KIND ...]

Every kind of level of Splink's library, and SQL of one's own. 20,000 made-up records in 100 blocks; m and u are given,
so nothing is trained, and only pairs of the topmost level pass the threshold. Both sides must give the same pairs the
same levels. linkwright's compiling of the comparison counts, and so does Splink's making of SQL. Results:
build/bench/level_kinds.md.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy
import pyarrow
import pyarrow.parquet
import splink_forms

ROOT = Path(__file__).resolve().parent.parent
LINKWRIGHT = ROOT / "build" / "release" / "linkwright"
FOLDER = ROOT / "build" / "bench" / "level_kinds"
RECORDS = 20_000
BLOCKS = 100


def library(name, **arguments):
    return {"comparison": name, **arguments}


def levels(*written):
    return {"comparison": "CustomComparison", "output_column_name": "x",
            "comparison_levels": [*written, {"level": "ElseLevel"}]}


def sql(column, *conditions):
    return levels({"level": "NullLevel", "column": column}, *({"sql_condition": condition} for condition in conditions))


def nearest(distance, *thresholds):
    return library("PairwiseStringDistanceFunctionAtThresholds", column="tags", distance_function_name=distance,
                   distance_threshold_or_thresholds=list(thresholds))


KINDS = {
    "exact match": library("ExactMatch", column="first"),
    "Jaro-Winkler, names": library("JaroWinklerAtThresholds", column="first",
                                   score_threshold_or_thresholds=[0.92, 0.8]),
    "Levenshtein, emails": library("LevenshteinAtThresholds", column="email",
                                   distance_threshold_or_thresholds=[1, 2]),
    "Damerau-Levenshtein, emails": library("DamerauLevenshteinAtThresholds", column="email",
                                           distance_threshold_or_thresholds=[1, 2]),
    "Jaccard, emails": library("JaccardAtThresholds", column="email", score_threshold_or_thresholds=[0.95, 0.9]),
    "distance function (Jaro), names": library("DistanceFunctionAtThresholds", column="first",
                                               distance_function_name="jaro_similarity",
                                               distance_threshold_or_thresholds=[0.95, 0.9]),
    "kilometres": library("DistanceInKMAtThresholds", lat_col="lat", long_col="lon", km_thresholds=[1, 10, 100]),
    "array intersection": library("ArrayIntersectAtSizes", column="tags", size_threshold_or_thresholds=[2, 1]),
    "array subset": levels({"level": "NullLevel", "column": "tags"}, {"level": "ArraySubsetLevel", "column": "tags"}),
    "cosine, 16 numbers": library("CosineSimilarityAtThresholds", column="vec",
                                  score_threshold_or_thresholds=[0.9, 0.8, 0.7]),
    "nearest elements, Jaro-Winkler": nearest("jaro_winkler", 0.95, 0.9),
    "nearest elements, Levenshtein": nearest("levenshtein", 1),
    "date difference, text": library("AbsoluteDateDifferenceAtThresholds", column="dob", input_is_string=True,
                                     metrics=["month", "year"], thresholds=[1, 1]),
    "time difference": library("AbsoluteTimeDifferenceAtThresholds", column="stamp", input_is_string=False,
                               metrics=["hour", "day"], thresholds=[1, 1]),
    "absolute difference": levels({"level": "NullLevel", "column": "amount"},
                                  *({"level": "AbsoluteDifferenceLevel", "column": "amount", "difference_threshold": t}
                                    for t in (0.5, 5))),
    "percentage difference": levels({"level": "NullLevel", "column": "amount"},
                                    *({"level": "PercentageDifferenceLevel", "column": "amount",
                                       "percentage_threshold": t} for t in (0.001, 0.01, 0.1))),
    "columns reversed": levels({"level": "NullLevel", "column": "first"},
                               {"level": "ColumnsReversedLevel", "col_name_1": "first", "col_name_2": "last",
                                "symmetrical": True}),
    "and, or, not": levels(
        {"level": "NullLevel", "column": "first"},
        {"level": "And", "comparison_levels": [
            {"level": "JaroWinklerLevel", "column": "first", "distance_threshold": 0.9},
            {"level": "Not", "comparison_level": {"level": "LevenshteinLevel", "column": "last",
                                                  "distance_threshold": 3}}]},
        {"level": "Or", "comparison_levels": [
            {"level": "LevenshteinLevel", "column": "last", "distance_threshold": 1},
            {"level": "ExactMatchLevel", "column": "first"}]}),
    "names comparison": library("ForenameSurnameComparison", forename_col_name="first", surname_col_name="last"),
    "date of birth comparison": library("DateOfBirthComparison", column="dob", input_is_string=True),
    "postcode comparison": library("PostcodeComparison", column="postcode"),
    "postcode comparison, kilometres": library("PostcodeComparison", column="postcode", lat_col="lat", long_col="lon",
                                               km_thresholds=[1, 10, 100]),
    "email comparison": library("EmailComparison", column="email"),
    "SQL: regexp_extract, nullif": sql(
        "postcode", "nullif(regexp_extract(postcode_l, '^[A-Z]+[0-9]+', 0), '') = "
        "nullif(regexp_extract(postcode_r, '^[A-Z]+[0-9]+', 0), '')",
        "substr(postcode_l, 1, 2) = substr(postcode_r, 1, 2)"),
    "SQL: case, arithmetic": sql(
        "amount", "case when year_l = year_r then abs(amount_l - amount_r) "
        "else abs(amount_l - amount_r) * 2 + abs(year_l - year_r) end < 3",
        "abs(amount_l - amount_r) / greatest(amount_l, amount_r) < 0.02 and abs(year_l - year_r) <= 2"),
    "SQL: Levenshtein over length": sql(
        "first", *(f"levenshtein(first_l, first_r) / greatest(length(first_l), length(first_r)) < {t}"
                   for t in (0.2, 0.4))),
    "SQL: date_diff": sql("birth", "abs(date_diff('day', birth_l, birth_r)) <= 3",
                          "abs(date_diff('year', birth_l, birth_r)) <= 1"),
    "SQL: starts_with, contains": sql("first", "starts_with(first_l, first_r) or contains(first_r, first_l)"),
}


def write_records(path):
    random = numpy.random.default_rng(1)
    syllables = "an be car do el fi ga ha in jo ka lo ma ne or pa ri sa to ul".split()

    def name(longest=3):
        return "".join(syllables[i] for i in random.integers(0, 20, random.integers(2, longest + 1)))

    def with_nulls(values):
        return [None if x < 0.02 else value for value, x in zip(values, random.random(RECORDS))]

    days = numpy.datetime64("1940-01-01") + random.integers(0, 25_000, RECORDS)
    seconds = numpy.datetime64("2020-01-01T00:00:00") + random.integers(0, 86400 * 365, RECORDS)
    letters = [chr(65 + i) for i in range(26)]
    places = zip(*(random.integers(0, most, RECORDS) for most in (20, 20, 30, 9)))
    columns = {
        "unique_id": numpy.arange(RECORDS),
        "k": random.integers(0, BLOCKS, RECORDS),
        "lat": with_nulls(50 + random.random(RECORDS) * 5),
        "lon": with_nulls(-3 + random.random(RECORDS) * 4),
        "amount": with_nulls(numpy.round(random.random(RECORDS) * 1000, 2)),
        "year": with_nulls(int(year) for year in random.integers(1940, 2010, RECORDS)),
        "dob": with_nulls(str(day) for day in days),
        "birth": pyarrow.array(with_nulls(day.item() for day in days), pyarrow.date32()),
        "stamp": pyarrow.array(with_nulls(second.item() for second in seconds), pyarrow.timestamp("us")),
        "tags": with_nulls([name(2) for _ in range(random.integers(1, 6))] for _ in range(RECORDS)),
        "first": with_nulls(name() for _ in range(RECORDS)),
        "last": with_nulls(name() for _ in range(RECORDS)),
        "email": with_nulls(f"{name()}.{name()}@{name(2)}.com" for _ in range(RECORDS)),
        "postcode": with_nulls(f"{letters[a]}{letters[b]}{c} {d}AB" for a, b, c, d in places),
        "vec": pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(random.normal(size=RECORDS * 16)), 16),
    }
    pyarrow.parquet.write_table(pyarrow.table(columns), path)


def write_job(kind, records):
    """A job with a model of the one comparison, whose topmost level alone passes."""
    folder = FOLDER / "".join(c if c.isalnum() else "_" for c in kind)
    folder.mkdir(parents=True, exist_ok=True)
    comparison = splink_forms.comparison_of(dict(KINDS[kind])).get_comparison("duckdb").as_dict()
    known = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
    for place, level in enumerate(known):
        level.pop("tf_adjustment_column", None)
        level.pop("tf_adjustment_weight", None)
        level["m_probability"] = 0.9 if place == 0 else 0.1 / (len(known) - 1)
        level["u_probability"] = 1e-9 if place == 0 else (1 - 1e-9) / (len(known) - 1)
    model = {"link_type": "dedupe_only", "unique_id_column_name": "unique_id", "comparisons": [comparison],
             "blocking_rules_to_generate_predictions": ["l.k = r.k"], "probability_two_random_records_match": 0.1}
    job = {"inputs": [{"path": str(records)}], "model": model, "predict": {"threshold_match_weight": 5}}
    path = folder / "job.json"
    path.write_text(json.dumps(job, indent=1))
    return path


def output_of(command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def linkwright_seconds(job):
    output_of([LINKWRIGHT, "run", job, "-o", job.parent / "linkwright"])
    report = json.loads((job.parent / "linkwright" / "report.json").read_text())
    return sum(stage["seconds"] for stage in report["stages"] if stage["stage"] in ("compile", "predict"))


def splink_seconds(job):
    printed = output_of([sys.executable, ROOT / "bench" / "splink_job.py", job, "-o", job.parent / "splink"])
    return json.loads(printed)["seconds"]["predict"]


def levels_of_pairs(folder):
    table = pyarrow.parquet.read_table(folder / "predictions.parquet")
    names = ["unique_id_l", "unique_id_r", *(name for name in table.column_names if name.startswith("gamma"))]
    return set(zip(*(map(int, table[name].to_pylist()) for name in names)))


def measure(kind, records, runs):
    job = write_job(kind, records)
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(linkwright_seconds(job))
        theirs.append(splink_seconds(job))
    if levels_of_pairs(job.parent / "linkwright") != levels_of_pairs(job.parent / "splink"):
        sys.exit(f"{kind}: Splink and linkwright differ")
    return min(ours), min(theirs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"one of: {'; '.join(KINDS)}")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    unknown = [kind for kind in arguments.kinds if kind not in KINDS]
    if unknown:
        parser.error(f"unknown kind '{unknown[0]}'")
    FOLDER.mkdir(parents=True, exist_ok=True)
    records = FOLDER / "records.parquet"
    if not records.exists():
        write_records(records)
    lines = ["| levels | linkwright s | Splink s | times faster |", "|---|---|---|---|"]
    for kind in arguments.kinds or KINDS:
        ours, theirs = measure(kind, records, arguments.runs)
        lines.append(f"| {kind} | {ours:.3f} | {theirs:.2f} | {theirs / ours:.1f} |")
        print(lines[-1], flush=True)
    (FOLDER.parent / "level_kinds.md").write_text("\n".join([*lines, ""]))


if __name__ == "__main__":
    main()
