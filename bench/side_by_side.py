#!/usr/bin/env python3
"""Splink 5 and linkwright on the same jobs and the same machine, in turns: wall time, peak memory, ratios.

    scripts/with-splink bench/side_by_side.py [--jobs NAME,...] [--runs N] [--five-million]

Whole processes are measured, from start to written output, so interpreter start and reading the data count. Both sides
read the same job file from bench/jobs and write Parquet. The first run of a side warms caches and is not counted, but
for jobs that take Splink minutes. Results: build/bench/side_by_side.md and .json.
"""

import argparse
import json
import platform
import statistics
import sys
from typing import NamedTuple

import duckdb
import pyarrow.parquet
import splink
from measuring import FOLDER, LINKWRIGHT, ROOT, measure, prepare, processor


class Plan(NamedTuple):
    """How often a job runs on each side."""
    warm_ups: int
    splink_runs: int
    linkwright_runs: int


PLANS = {
    "exact_fake": Plan(1, 5, 5),
    "fake_1000": Plan(1, 5, 5),
    "febrl4": Plan(1, 5, 5),
    "historical_50k": Plan(1, 5, 5),
    "people_1m": Plan(0, 3, 5),
    "people_5m": Plan(0, 1, 3),  # Splink: 5 minutes and 16 GiB a run
}


def commands_of(job_path):
    folder = job_path.parent
    return {"splink": [sys.executable, ROOT / "bench" / "splink_job.py", job_path, "-o", folder / "splink"],
            "linkwright": [LINKWRIGHT, "run", job_path, "-o", folder / "linkwright"]}


def run_in_turns(job_path, plan):
    """The measurements of each side."""
    measurements = {"splink": [], "linkwright": []}
    wanted = {"splink": plan.splink_runs, "linkwright": plan.linkwright_runs}
    commands = commands_of(job_path)
    for turn in range(-plan.warm_ups, max(wanted.values())):
        for side, command in commands.items():
            if turn < wanted[side]:
                measurement = measure(command, job_path.parent / f"{side}.log")
                if turn >= 0:
                    measurements[side].append(measurement)
    return measurements


def pairs_written(folder):
    return pyarrow.parquet.read_metadata(folder / "predictions.parquet").num_rows


def summary_of(name, job_path, measurements):
    result = {"job": name}
    for side, values in measurements.items():
        result[side] = {
            "seconds": statistics.median(value.seconds for value in values),
            "peak_mib": statistics.median(value.peak_mib for value in values),
            "all_seconds": [round(value.seconds, 4) for value in values],
            "predictions": pairs_written(job_path.parent / side)}
    result["time_ratio"] = result["splink"]["seconds"] / result["linkwright"]["seconds"]
    result["memory_ratio"] = result["splink"]["peak_mib"] / result["linkwright"]["peak_mib"]
    return result


def machine():
    return (f"{processor()}; Splink {splink.__version__} on DuckDB {duckdb.__version__}, "
            f"Python {platform.python_version()}")


def markdown_of(results):
    lines = ["| job | Splink s | linkwright s | times faster | Splink MiB | linkwright MiB | times less memory | "
             "pairs written (Splink, linkwright) |", "|---|---|---|---|---|---|---|---|"]
    for result in results:
        ours, theirs = result["linkwright"], result["splink"]
        lines.append(
            f"| {result['job']} | {theirs['seconds']:.2f} | {ours['seconds']:.3f} | {result['time_ratio']:.1f} | "
            f"{theirs['peak_mib']:.0f} | {ours['peak_mib']:.0f} | {result['memory_ratio']:.1f} | "
            f"{theirs['predictions']:,}, {ours['predictions']:,} |")
    return "\n".join([*lines, "", f"{machine()}. Medians of whole processes, both sides in turns.", ""])


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", help=f"comma-separated; known: {', '.join(PLANS)}")
    parser.add_argument("--runs", type=int, help="counted runs of each side, instead of what suits the job")
    parser.add_argument("--five-million", action="store_true", help="also people_5m: Splink needs 16 GiB")
    arguments = parser.parse_args()
    default = [name for name in PLANS if arguments.five_million or name != "people_5m"]
    arguments.jobs = arguments.jobs.split(",") if arguments.jobs else default
    unknown = [name for name in arguments.jobs if name not in PLANS]
    if unknown:
        parser.error(f"unknown job '{unknown[0]}'; known are {', '.join(PLANS)}")
    return arguments


def main():
    arguments = parse_arguments()
    results = []
    for name in arguments.jobs:
        job_path = prepare(name)
        if job_path is None:
            continue
        if name == "people_5m" and not (FOLDER / "people_1m" / "linkwright" / "model.json").exists():
            measure(commands_of(prepare("people_1m"))["linkwright"], FOLDER / "people_1m" / "linkwright.log")
        plan = PLANS[name]
        if arguments.runs:
            plan = plan._replace(splink_runs=arguments.runs, linkwright_runs=arguments.runs)
        results.append(summary_of(name, job_path, run_in_turns(job_path, plan)))
        print(f"{name}: {results[-1]['time_ratio']:.1f} times faster, {results[-1]['memory_ratio']:.1f} times less "
              "memory", flush=True)
    table = markdown_of(results)
    (FOLDER / "side_by_side.md").write_text(table)
    (FOLDER / "side_by_side.json").write_text(json.dumps({"machine": machine(), "results": results}, indent=1))
    print(f"\n{table}\nwritten to {FOLDER / 'side_by_side.md'}")


if __name__ == "__main__":
    main()
