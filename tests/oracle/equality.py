"""Says how the outputs of linkwright differ from Splink's; an empty list means that they are equal.

Equal means: the same pairs in the same orientation, the same columns with the same values (gammas, match keys, cluster
ids and retained columns exactly, real numbers within TOLERANCE), and a model with the same levels, m and u.
"""

import json
from pathlib import Path

import duckdb
import numpy
import pyarrow
import pyarrow.compute

TOLERANCE = 1e-9
EXAMPLES = 3


def read_table(path):
    """A Parquet file, or a folder of them as Spark writes it, as DuckDB sees it: both sides have the same plain types."""
    path = f"{path}/*.parquet" if Path(path).is_dir() else path
    return duckdb.sql(f"from '{path}'").to_arrow_table()


def keys_of(table, id_columns):
    return list(zip(*(table[name].to_pylist() for name in id_columns)))


def differing_rows(expected, actual):
    """Where two columns of equal length differ. Null equals null, and NaN equals NaN."""
    if pyarrow.types.is_floating(expected.type) or pyarrow.types.is_floating(actual.type):
        left = numpy.array(expected.to_pylist(), dtype=float)  # None becomes NaN
        right = numpy.array(actual.to_pylist(), dtype=float)
        with numpy.errstate(invalid="ignore"):
            equal = (left == right) | (numpy.abs(left - right) <= TOLERANCE) | (numpy.isnan(left) & numpy.isnan(right))
        return numpy.flatnonzero(~equal)
    if expected.type == actual.type and not pyarrow.types.is_nested(expected.type):
        same = pyarrow.compute.fill_null(pyarrow.compute.equal(expected, actual), False)
        both_null = pyarrow.compute.and_(expected.is_null(), actual.is_null())
        return numpy.flatnonzero(~numpy.asarray(pyarrow.compute.or_(same, both_null).to_pylist(), dtype=bool))
    left, right = expected.to_pylist(), actual.to_pylist()
    return numpy.array([row for row in range(len(left)) if left[row] != right[row]], dtype=int)


def table_differences(expected, actual, id_columns, what):
    """Compares two tables whose rows are named by `id_columns`; their order does not matter."""
    missing_columns = [name for name in expected.column_names if name not in actual.column_names]
    if missing_columns:
        differences = [f"{what}: columns {missing_columns} are missing; there are {actual.column_names}"]
        if any(name in missing_columns for name in id_columns):
            return differences
    else:
        differences = []
    order = [(name, "ascending") for name in id_columns]
    expected, actual = expected.sort_by(order), actual.sort_by(order)
    expected_keys, actual_keys = keys_of(expected, id_columns), keys_of(actual, id_columns)
    if expected_keys != actual_keys:
        missing = sorted(set(expected_keys) - set(actual_keys))
        extra = sorted(set(actual_keys) - set(expected_keys))
        return differences + [
            f"{what}: {len(expected_keys)} rows expected, {len(actual_keys)} found; {len(missing)} missing such as "
            f"{missing[:EXAMPLES]}, {len(extra)} too many such as {extra[:EXAMPLES]}, "
            f"{len(actual_keys) - len(set(actual_keys))} twice"]
    for name in expected.column_names:
        if name in id_columns or name in missing_columns:
            continue
        rows = differing_rows(expected[name].combine_chunks(), actual[name].combine_chunks())
        if len(rows):
            examples = [f"{expected_keys[row]}: {expected[name][row].as_py()!r} expected, "
                        f"{actual[name][row].as_py()!r} found" for row in map(int, rows[:EXAMPLES])]
            differences.append(f"{what}: column {name} differs in {len(rows)} of {len(expected)} rows; "
                               + "; ".join(examples))
    return differences


def prediction_differences(expected, actual, unique_id):
    sources = ["source_dataset_l", "source_dataset_r"] if "source_dataset_l" in expected.column_names else []
    return table_differences(expected, actual, sources + [f"{unique_id}_l", f"{unique_id}_r"], "predictions")


def cluster_differences(expected, actual, unique_id):
    sources = ["source_dataset"] if "source_dataset" in expected.column_names else []
    return table_differences(expected, actual, sources + [unique_id], "clusters")


def number_differs(expected, actual):
    if isinstance(expected, float) and isinstance(actual, (int, float)):
        return abs(expected - actual) > TOLERANCE
    return expected != actual


def model_differences(expected, actual):
    """Compares two models as Splink saves them."""
    differences = []
    name = "probability_two_random_records_match"
    if number_differs(expected[name], actual[name]):
        differences.append(f"model: {name} {expected[name]} expected, {actual[name]} found")
    names = [[comparison["output_column_name"] for comparison in model["comparisons"]] for model in (expected, actual)]
    if names[0] != names[1]:
        return differences + [f"model: comparisons {names[0]} expected, {names[1]} found"]
    for comparison, ours in zip(expected["comparisons"], actual["comparisons"]):
        levels, our_levels = comparison["comparison_levels"], ours["comparison_levels"]
        if len(levels) != len(our_levels):
            differences.append(f"model: {comparison['output_column_name']} has {len(our_levels)} levels, "
                               f"{len(levels)} expected")
            continue
        for level, our_level in zip(levels, our_levels):
            sql, our_sql = (" ".join(of["sql_condition"].split()) for of in (level, our_level))
            if sql.replace(" ", "") != our_sql.replace(" ", ""):
                differences.append(f"model: {comparison['output_column_name']}: level {sql!r} expected, {our_sql!r} found")
            for key in ("m_probability", "u_probability", "is_null_level", "tf_adjustment_column"):
                if number_differs(level.get(key), our_level.get(key)):
                    differences.append(
                        f"model: {comparison['output_column_name']}, level {sql!r}: {key} "
                        f"{level.get(key)} expected, {our_level.get(key)} found")
    return differences


def output_differences(expected, actual, unique_id):
    """Compares two output folders; files that the expected one has not are not looked at."""
    expected, actual = Path(expected), Path(actual)
    differences = []
    if (expected / "model.json").exists():
        models = [json.loads((folder / "model.json").read_text()) for folder in (expected, actual)]
        differences += model_differences(*models)
    for name, compare in (("predictions", prediction_differences), ("clusters", cluster_differences)):
        if (expected / f"{name}.parquet").exists():
            tables = [read_table(folder / f"{name}.parquet") for folder in (expected, actual)]
            differences += compare(*tables, unique_id)
    return differences
