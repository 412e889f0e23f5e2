#!/usr/bin/env python3
"""Runs a linkwright job file with Splink 5 on DuckDB: the other side of every comparison.

    splink_job.py JOB.json -o DIR [--threads N]      needs splink==5.0.0 duckdb==2.0.0

Writes predictions.parquet, clusters.parquet and model.json into DIR and prints one line of JSON: the seconds of every
stage. `make bench` times it, and tests/oracle holds linkwright's numbers against what it writes.
"""

import time

STARTED = time.perf_counter()

import argparse
import contextlib
import json
import logging
import warnings
from pathlib import Path

import duckdb
import pyarrow.parquet
import splink_forms
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.internals.clustering import cluster_pairwise_predictions_at_multiple_thresholds

warnings.filterwarnings("ignore")


class Stages:
    """Seconds of each stage, in order."""

    def __init__(self):
        self.seconds = {"import": round(time.perf_counter() - STARTED, 4)}

    @contextlib.contextmanager
    def __call__(self, name):
        start = time.perf_counter()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0) + time.perf_counter() - start, 4)


def threshold_arguments(spec):
    """Splink's two keyword arguments for a threshold, of which a job gives at most one."""
    keys = ("threshold_match_probability", "threshold_match_weight")
    found = {key: spec[key] for key in keys if key in spec}
    return {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in found.items()}


def columns_of(path):
    """What to select from a Parquet file: all, with fixed-size lists as the arrays that DuckDB's functions demand."""
    casts = [f'"{field.name}"::double[{field.type.list_size}] as "{field.name}"'
             for field in pyarrow.parquet.read_schema(path) if pyarrow.types.is_fixed_size_list(field.type)]
    return f"* replace ({', '.join(casts)})" if casts else "*"


def load_inputs(connection, job, folder):
    """One DuckDB table an input, derived columns included; returns their names."""
    derived = "".join(f', ({sql}) as "{column}"' for column, sql in job.get("derive", {}).items())
    names = []
    for spec in job["inputs"]:
        path = folder / spec["path"]
        name = spec.get("name", path.name.split(".")[0])
        connection.execute(f"create table \"{name}\" as select {columns_of(path)}{derived} from '{path}'")
        names.append(name)
    return names


def settings_of(job, folder):
    """The settings or model of a job as Splink takes them."""
    settings = job["model"] if "model" in job else job["settings"]
    if isinstance(settings, str):
        settings = json.loads((folder / settings).read_text())
    comparisons = settings["comparisons"]
    rules = settings.get("blocking_rules_to_generate_predictions", [])
    if not any(map(splink_forms.is_short, comparisons)) and not any("block_on" in rule for rule in rules):
        return settings
    return SettingsCreator(**{
        **settings,
        "comparisons": [splink_forms.comparison_of(comparison) if splink_forms.is_short(comparison) else comparison
                        for comparison in comparisons],
        "blocking_rules_to_generate_predictions": [splink_forms.rule_of(rule) for rule in rules]})


def train(linker, training, stage):
    """The training stages in linkwright's order; returns the iterations of every EM session."""
    if "prior" in training:
        with stage("prior"):
            linker.training.estimate_probability_two_random_records_match(
                [splink_forms.rule_of(rule) for rule in training["prior"]["rules"]], recall=training["prior"]["recall"])
    if "u" in training:
        u = training["u"]
        with stage("u"):
            if u["method"] == "all_pairs":
                linker.training.estimate_u_using_random_sampling(
                    max_pairs=1e15, min_count_per_level=None, num_chunks=1)
            else:
                linker.training.estimate_u_using_random_sampling(max_pairs=u["max_pairs"], seed=u["seed"])
    if "m_from_label_column" in training:
        with stage("m"):
            linker.training.estimate_m_from_label_column(training["m_from_label_column"])
    iterations = []
    for session in training.get("em", []):
        session = {"rule": session} if isinstance(session, str) else session
        with stage("em"):
            options = {key: session[key] for key in session if key.startswith(("fix_", "populate_"))}
            trained = linker.training.estimate_parameters_using_expectation_maximisation(
                splink_forms.rule_of(session),
                estimate_without_term_frequencies=session.get("without_term_frequencies", False), **options)
            iterations.append(len(trained._core_model_settings_history) - 1)
    return iterations


def cluster(linker, database, predictions, spec, names):
    """The table of clusters: best links, one threshold, or several."""
    if spec.get("method") == "best_link":
        return linker.clustering.cluster_using_single_best_links(
            predictions, spec["duplicate_free_datasets"], ties_method=spec.get("ties", "lowest_id"),
            **threshold_arguments(spec))
    arguments = threshold_arguments(spec)
    if not any(isinstance(value, list) for value in arguments.values()):
        return linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, **arguments)
    id_column = linker._settings_obj.column_info_settings.unique_id_column_name
    return cluster_pairwise_predictions_at_multiple_thresholds(
        database.register(names[0]), predictions, database, node_id_column_name=id_column,
        match_probability_thresholds=arguments.get("threshold_match_probability"),
        match_weight_thresholds=arguments.get("threshold_match_weight"))


def run(job_path, output, threads=None):
    """Runs a job file; returns what main prints."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    job_path, output = Path(job_path), Path(output)
    job = json.loads(job_path.read_text())
    output.mkdir(parents=True, exist_ok=True)
    stage = Stages()
    with stage("load"):
        connection = duckdb.connect()
        connection.execute("set lambda_syntax = 'ENABLE_SINGLE_ARROW'")  # Splink's pairwise levels use the old arrow
        if threads:
            connection.execute(f"set threads = {threads}")
        names = load_inputs(connection, job, job_path.parent)
    with stage("linker"):
        database = DuckDBAPI(connection=connection)
        tables = [database.register(name, dataset_display_name=name) for name in names]
        linker = Linker(tables if len(tables) > 1 else tables[0], settings_of(job, job_path.parent), log_level=None)
        logging.getLogger("splink").setLevel(logging.ERROR)
    iterations = train(linker, job.get("training", {}), stage)
    if "training" in job:
        linker.misc.save_model_to_json(str(output / "model.json"), overwrite=True)
    results = {}
    if "predict" in job:
        with stage("predict"):
            results["predictions"] = linker.inference.predict(**threshold_arguments(job["predict"]))
    if "cluster" in job:
        with stage("cluster"):
            results["clusters"] = cluster(linker, database, results["predictions"], job["cluster"], names)
    counts = {}
    with stage("write"):
        for name, table in results.items():
            path = output / f"{name}.parquet"
            connection.execute(f"copy {table.physical_name} to '{path}' (format parquet, compression zstd)")
            counts[name] = connection.execute(f"select count(*) from {table.physical_name}").fetchone()[0]
    return {"job": job.get("name", job_path.stem), "rows": counts, "em_iterations": iterations,
            "seconds": {**stage.seconds, "total": round(time.perf_counter() - STARTED, 4)}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job")
    parser.add_argument("-o", "--output", required=True, metavar="DIR")
    parser.add_argument("--threads", type=int)
    arguments = parser.parse_args()
    print(json.dumps(run(arguments.job, arguments.output, arguments.threads)))


if __name__ == "__main__":
    main()
