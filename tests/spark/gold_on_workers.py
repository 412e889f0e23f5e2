#!/usr/bin/env python3
"""Runs the gold jobs of ../shared on a Spark cluster and holds what comes out against Splink's own, as tests/oracle does
for the embedded engine.

    scripts/with-spark scripts/with-splink tests/spark/gold_on_workers.py LINKWRIGHT SHARED

Where there are none, made-up people are run on both engines instead, one job that trains, links and clusters.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "oracle"))
import equality

GOLD = {"fake_1000.full": "fake_1000.full.v5", "febrl4.full": "febrl4.full.v5", "exact_fake.full": "exact_fake.full.v5",
        "historical_50k": "historical_50k.v5"}


def run(program, job, output, remote=None):
    subprocess.run([program, "run", job, "-o", output, "-q", *(["--remote", remote] if remote else [])], check=True)


def own_job(program, folder):
    """A job on made-up people, and what the embedded engine gives for it, as a gold folder."""
    for name, seed in (("customers", 1), ("patients", 2)):
        subprocess.run([program, "generate", "people", "-n", "2000", "--seed", str(seed), "-q", "-o",
                        folder / f"{name}.parquet"], check=True)
    job = folder / "own.json"
    job.write_text(json.dumps({
        "inputs": [{"path": "customers.parquet"}, {"path": "patients.parquet"}],
        "settings": {
            "link_type": "link_and_dedupe",
            "comparisons": [{"comparison": "NameComparison", "column": "first_name"},
                            {"comparison": "NameComparison", "column": "surname"},
                            {"comparison": "DateOfBirthComparison", "column": "dob"},
                            {"comparison": "ExactMatch", "column": "city", "term_frequency_adjustments": True}],
            "blocking_rules_to_generate_predictions": [{"block_on": "dob"}, {"block_on": ["first_name", "surname"]}]},
        "training": {"prior": {"rules": ["l.email = r.email"], "recall": 0.7},
                     "u": {"method": "sample", "max_pairs": 1e6, "seed": 1}, "em": ["l.dob = r.dob"]},
        "predict": {"threshold_match_probability": 0.1},
        "cluster": {"threshold_match_probability": [0.5, 0.95]}}))
    run(program, job, folder / "expected")
    return job, folder / "expected"


def jobs_with_gold(program, shared, folder):
    found = [(shared / "jobs" / f"{job}.json", shared / "gold" / gold) for job, gold in GOLD.items()]
    found = [(job, gold) for job, gold in found if job.exists() and gold.is_dir()]
    if found:
        return found
    print(f"{shared} has no gold jobs; made-up people are compared with the embedded engine instead")
    return [own_job(program, folder)]


def main():
    program, shared = Path(sys.argv[1]).absolute(), Path(sys.argv[2])
    failed = False
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for job, gold in jobs_with_gold(program, shared, folder):
            unique_id = json.loads((gold / "model.json").read_text())["unique_id_column_name"]
            start = time.monotonic()
            run(program, job, folder / job.stem, os.environ["SPARK_REMOTE"])
            differences = equality.output_differences(gold, folder / job.stem, unique_id)
            failed = failed or bool(differences)
            verdict = "\n".join(differences) or f"equal to {gold}"
            print(f"{job.stem}: {verdict} ({time.monotonic() - start:.0f} s)", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
