#!/usr/bin/env python3
"""Random data and random settings through linkwright and through Splink 5: everything that comes out must be equal,
and byte for byte the same with one thread and with seven.

    random_test.py LINKWRIGHT [--seeds FIRST:LAST] [--keep DIR]

A seed is a case for ever. What Splink made of it is remembered in ${XDG_CACHE_HOME:-~/.cache}/linkwright/oracle-results
under the digest of job and data. Cases that Splink itself cannot run (a training rule without pairs, say) are left out
and counted.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pyarrow.parquet
import splink

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import equality
import random_data
import random_settings
import splink_job

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "linkwright" / "oracle-results"
SPLINK_FAILED = "splink-failed.txt"


def random_threshold(source):
    return source.choice([{"threshold_match_probability": source.choice([0.0001, 0.05, 0.2, 0.5, 0.9, 0.99])},
                          {"threshold_match_weight": source.choice([-8.5, -2, 0, 3.25, 7])}])


def random_cluster(source, link_type, names):
    """Connected components at one or at several thresholds, or best links."""
    if link_type == "dedupe_only" and source.random() < 0.3:
        kind, values = source.choice([("probability", [0.05, 0.5, 0.9, 0.999]), ("weight", [0, 2.5, 10])])
        return {f"threshold_match_{kind}": random_settings.some(source, values, 3)}
    spec = random_threshold(source)
    if link_type != "dedupe_only" and source.random() < 0.4:
        spec.update(method="best_link", ties=source.choice(["lowest_id", "drop"]),
                    duplicate_free_datasets=random_settings.some(source, names, len(names)))
    return spec


def write_case(seed, folder):
    """Writes job.json and its data into a folder."""
    source = random.Random(seed)
    link_type = source.choice(["dedupe_only", "dedupe_only", "link_only", "link_and_dedupe"])
    count = 1 if link_type == "dedupe_only" else source.choice([2, 2, 3])
    id_column = source.choice(["unique_id", "unique_id", "rec_id"])
    names = source.sample(["alpha", "Beta", "gamma", "delta"], count)
    for name, table in zip(names, random_data.tables(source, count, id_column)):
        pyarrow.parquet.write_table(table, folder / f"{name}.parquet")
    job = {
        "name": f"random_{seed}",
        "inputs": [{"path": f"{name}.parquet", "name": name} for name in names],
        "settings": random_settings.settings(source, link_type, id_column),
        "training": random_settings.training(source),
        "predict": source.choice([{}, random_threshold(source)]),
        "cluster": random_cluster(source, link_type, names),
        "output": {"format": "parquet"}}
    (folder / "job.json").write_text(json.dumps(job, indent=1))
    return job


def digest_of(folder):
    digest = hashlib.sha256(f"{splink.__version__} {duckdb.__version__}".encode())
    for path in [Path(splink_job.__file__), *sorted(path for path in folder.iterdir() if path.is_file())]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def expected_output(folder):
    """The folder with Splink's output for a case, made unless it is remembered."""
    remembered = CACHE / digest_of(folder)
    if not remembered.exists():
        remembered.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=remembered.parent) as draft:
            output = Path(draft) / "output"
            try:
                splink_job.run(folder / "job.json", output)
            except Exception as error:  # Splink's own checks raise many kinds
                shutil.rmtree(output)
                output.mkdir()
                (output / SPLINK_FAILED).write_text(f"{type(error).__name__}: {error}")
            if not remembered.exists():
                output.rename(remembered)
    return remembered


def unequal_files(one_thread, seven_threads):
    """Outputs that depend on the number of threads, which none may but the report with its times."""
    return [f"{path.name} is another with 7 threads than with 1" for path in sorted(one_thread.iterdir())
            if path.name != "report.json" and path.read_bytes() != (seven_threads / path.name).read_bytes()]


def differences_of(program, job, folder):
    """What linkwright does otherwise with the job in a folder; None where Splink cannot run it."""
    expected = expected_output(folder)
    if (expected / SPLINK_FAILED).exists():
        return None
    outputs = {threads: folder / f"output-{threads}" for threads in (1, 7)}
    for threads, output in outputs.items():
        run = subprocess.run([program, "run", folder / "job.json", "-o", output, "--threads", str(threads)],
                             capture_output=True, text=True)
        if run.returncode != 0:
            return [f"linkwright ended with {run.returncode}: {run.stderr.strip()[-2000:]}"]
    return (equality.output_differences(expected, outputs[1], job["settings"]["unique_id_column_name"])
            + unequal_files(outputs[1], outputs[7]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("linkwright")
    parser.add_argument("--seeds", default="0:20", metavar="FIRST:LAST", help="the last one is not run")
    parser.add_argument("--keep", metavar="DIR", help="keep the cases that differ, to look at")
    arguments = parser.parse_args()
    first, last = map(int, arguments.seeds.split(":"))
    equal = different = left_out = 0
    for seed in range(first, last):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / f"case-{seed}"
            folder.mkdir()
            differences = differences_of(arguments.linkwright, write_case(seed, folder), folder)
            if differences is None:
                left_out += 1
            elif differences:
                different += 1
                print(f"seed {seed} differs:\n  " + "\n  ".join(differences), flush=True)
                if arguments.keep:
                    shutil.copytree(folder, Path(arguments.keep) / folder.name, dirs_exist_ok=True)
            else:
                equal += 1
    print(f"{equal} cases equal, {different} differ, {left_out} left out because Splink cannot run them")
    return 1 if different or not equal else 0


if __name__ == "__main__":
    sys.exit(main())
