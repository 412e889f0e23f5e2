#!/usr/bin/env python3
"""Splink 5 on Spark, linkwright on Spark and linkwright alone on the same records and model, in turns.

    scripts/with-splink bench/spark_side_by_side.py [--splink-runs N] [--runs N] [--five-million] [--workers 1,2,4]

Both sides on Spark start a session of their own with one master and one memory, predict and cluster with one trained
model, and write Parquet. Whole processes are measured, from start to written output, session start included; memory is
that of all processes that a side starts, together. --five-million also runs 292 million pairs on linkwright; --workers
runs the job on clusters of `linkwright spark up --workers N`. Processor time tells more than wall time where other work
shares the machine. Results: build/bench/spark_side_by_side.md.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from typing import NamedTuple

import splink
from measuring import FOLDER, LINKWRIGHT, ROOT, measure, measure_tree, prepare, processor

SPARK_PYTHON = ROOT / "build" / "spark-python"
MEMORY_OF_WORKER = "1g"


class Run(NamedTuple):
    seconds: float
    predict: float
    processor_seconds: float
    peak_mib: float
    pairs: int  # compared, or kept where a side does not count them
    kept: int


def medians(runs):
    return Run(*(statistics.median(values) for values in zip(*runs)))


def write_job(job, folder, **changes):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "job.json"
    path.write_text(json.dumps({**job, **changes}, indent=1))
    return path


def scoring_job(name):
    """A job of bench/jobs that predicts and clusters with the model that linkwright trains on people 1M."""
    trained = FOLDER / "people_1m" / "linkwright"
    if not (trained / "model.json").exists():
        measure([LINKWRIGHT, "run", prepare("people_1m"), "-o", trained], FOLDER / "people_1m" / "linkwright.log")
    job = json.loads(prepare(name).read_text())
    for key in ("settings", "training"):
        job.pop(key, None)
    return {**job, "model": str(trained / "model.json")}


def linkwright_run(job_path, output, remote=None):
    command = [LINKWRIGHT, "run", job_path, "-o", output, *(["--remote", remote] if remote else [])]
    measured = measure_tree(command, job_path.parent / "linkwright.log",
                            {"LINKWRIGHT_SPARK_PYTHON": str(SPARK_PYTHON / "bin" / "python")},
                            waits_for_daemons=remote is None)
    report = json.loads((output / "report.json").read_text())
    predict = sum(stage["seconds"] for stage in report["stages"] if stage["stage"] in ("compile", "block", "predict"))
    return Run(measured.seconds, predict, measured.processor_seconds, measured.peak_mib, report["pairs_compared"],
               report["predictions"])


def on_spark(job, arguments, folder):
    engine = {"kind": "spark", "spark": {"master": arguments.master, "driver_memory": arguments.memory,
                                         "conf": {"spark.ui.enabled": False}}}
    return linkwright_run(write_job(job, folder, engine=engine), folder / "output")


def embedded(job, folder):
    return linkwright_run(write_job(job, folder), folder / "output")


def splink_on_spark(job, arguments, folder):
    packages = next((SPARK_PYTHON / "lib").glob("python3*/site-packages"))
    log = folder / "splink.log"
    measured = measure_tree([sys.executable, ROOT / "bench" / "splink_spark_job.py", write_job(job, folder), "-o",
                             folder / "output", "--master", arguments.master, "--driver-memory", arguments.memory],
                            log, {"PYTHONPATH": str(packages)})
    told = json.loads(log.read_text().splitlines()[-1])
    kept = told["rows"]["predictions"]
    return Run(measured.seconds, told["seconds"]["predict"], measured.processor_seconds, measured.peak_mib, kept,
               kept)


def in_turns(job, arguments, folder):
    """Sides by name with their medians; a side that is not wanted is left out."""
    sides = {
        "Splink on Spark": (arguments.splink_runs, lambda: splink_on_spark(job, arguments, folder / "splink")),
        "linkwright on Spark": (arguments.runs, lambda: on_spark(job, arguments, folder / "spark")),
        "linkwright alone": (arguments.runs, lambda: embedded(job, folder / "embedded"))}
    runs = {side: [] for side in sides}
    for turn in range(max(wanted for wanted, _ in sides.values())):
        for side, (wanted, run) in sides.items():
            if turn < wanted:
                runs[side].append(run())
                print(f"{job['name']}: {side} {runs[side][-1].seconds:.1f} s", flush=True)
    return {side: medians(found) for side, found in runs.items() if found}


def table_of_sides(name, sides):
    lines = [f"| {name} | s, all | s, predict | s of processors | MiB, all processes | pairs kept | "
             "times linkwright's on Spark: all, predict, processors |", "|---|---|---|---|---|---|---|"]
    ours = sides["linkwright on Spark"]
    for side, run in sides.items():
        ratios = [run.seconds / ours.seconds, run.predict / ours.predict, run.processor_seconds / ours.processor_seconds]
        lines.append(f"| {side} | {run.seconds:.1f} | {run.predict:.1f} | {run.processor_seconds:.1f} | "
                     f"{run.peak_mib:.0f} | {run.kept:,.0f} | {', '.join(f'{ratio:.2f}' for ratio in ratios)} |")
    rate = ours.pairs / ours.seconds / os.cpu_count()
    lines += ["", f"linkwright on Spark compared {ours.pairs:,.0f} pairs: {rate:,.0f} a second and core, in all.", ""]
    return "\n".join(lines)


def run_on_workers(job, workers, runs):
    """Medians of a job on a cluster that is up; a first run, which starts its executors, does not count."""
    environment = {**os.environ, "LINKWRIGHT_SPARK_PYTHON": str(SPARK_PYTHON / "bin" / "python")}
    with tempfile.TemporaryDirectory() as folder:
        up = [LINKWRIGHT, "spark", "up", "--quiet", "--folder", folder, "--workers", str(workers), "--cores", "1",
              "--memory", MEMORY_OF_WORKER, "--conf", "spark.ui.enabled=false"]
        remote = subprocess.run(up, check=True, capture_output=True, text=True, env=environment).stdout.strip()
        try:
            output = FOLDER / "spark_workers"
            job_path = write_job(job, output)
            measured = [linkwright_run(job_path, output / "output", remote) for _ in range(runs + 1)]
        finally:
            subprocess.run([LINKWRIGHT, "spark", "down", "--folder", folder], check=True, stdout=subprocess.DEVNULL)
    return medians(measured[1:])


def table_of_workers(job, counts, runs):
    lines = [f"| workers of one core ({job['name']}) | s, all | s, predict | speedup | efficiency |",
             "|---|---|---|---|---|"]
    first = None
    for workers in counts:
        run = run_on_workers(job, workers, runs)
        first = first or (workers, run)
        speedup = first[1].seconds / run.seconds
        lines.append(f"| {workers} | {run.seconds:.1f} | {run.predict:.1f} | {speedup:.2f} | "
                     f"{speedup * first[0] / workers:.0%} |")
        print(f"{workers} workers: {run.seconds:.1f} s", flush=True)
    return "\n".join([*lines, "", f"The machine has {os.cpu_count()} cores, which all workers, the server and the driver share: "
                      "more workers than cores cannot be faster.", ""])


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3, help="runs of linkwright (3)")
    parser.add_argument("--splink-runs", type=int, default=1, help="runs of Splink, five minutes each (1); 0: none")
    parser.add_argument("--master", default="local[2]", help="for both sides (local[2])")
    parser.add_argument("--memory", default="8g", help="memory of Spark's driver, for both sides (8g)")
    parser.add_argument("--five-million", action="store_true", help="also people 5M, without Splink")
    parser.add_argument("--workers", default="", help="also clusters of so many workers, as in 1,2,4")
    parser.add_argument("--only-workers", action="store_true", help="nothing but --workers")
    arguments = parser.parse_args()
    arguments.workers = [int(count) for count in arguments.workers.split(",") if count]
    return arguments


def main():
    arguments = parse_arguments()
    if not SPARK_PYTHON.exists():
        print(f"there is no Spark in {SPARK_PYTHON}; `make spark` installs it")
        return 77
    people = scoring_job("people_1m")
    parts = []
    if not arguments.only_workers:
        parts.append(table_of_sides("people 1M", in_turns(people, arguments, FOLDER / "spark_people_1m")))
    if arguments.five_million:
        arguments.splink_runs = 0
        five = in_turns(scoring_job("people_5m"), arguments, FOLDER / "spark_people_5m")
        parts.append(table_of_sides("people 5M", five))
    if arguments.workers:
        parts.append(table_of_workers(people, arguments.workers, arguments.runs))
    parts.append(f"{processor()}; Splink {splink.__version__}; Spark on {arguments.master}, {arguments.memory} for its "
                 "driver. Medians of whole processes, sides in turns. Memory is sampled twice a second.\n")
    text = "\n".join(parts)
    path = FOLDER / "spark_side_by_side.md"
    path.write_text(text)
    print(f"\n{text}\nwritten to {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
