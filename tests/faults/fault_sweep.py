#!/usr/bin/env python3
"""Runs a small job again and again, with one more write (or allocation) let through each time before one fails.

    fault_sweep.py LINKWRIGHT SHIM writes|allocations [RUNS]

With RUNS no more than about so many are made for a format, every n-th from the first on; without, every one.
Whatever fails, linkwright must end with 1 and a message, or with 0 and the right files; it must not crash, hang, or
leave anything in the output folder that a healthy run would not have put there byte for byte. Abort counts as a crash:
what libraries throw in threads of their own ends the program by its terminate handler, with 1 and a message.
"""

import json
import math
import os
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

RECORDS = 400
TIMEOUT_SECONDS = 60

COMPARED = ["first_name", "surname", "city"]


def write_job(folder, output_format):
    source = random.Random(1)
    lines = ["unique_id," + ",".join(COMPARED)]
    for number in range(RECORDS):
        lines.append(f"{number},{source.choice('abcdefghij') * 5},{source.choice('klmnopqrst') * 6}x{number % 50},"
                     f"{source.choice(['leeds', 'london', 'york', ''])}")
    (folder / "people.csv").write_text("\n".join(lines) + "\n")
    comparisons = [{"output_column_name": name, "comparison_levels": [
        {"sql_condition": f"{name}_l IS NULL OR {name}_r IS NULL", "is_null_level": True},
        {"sql_condition": f"{name}_l = {name}_r", "tf_adjustment_column": name},
        {"sql_condition": f"jaro_winkler_similarity({name}_l, {name}_r) >= 0.8"},
        {"sql_condition": "ELSE"}]} for name in COMPARED]
    job = {
        "name": "faults", "inputs": [{"path": "people.csv"}],
        "settings": {"link_type": "dedupe_only", "comparisons": comparisons,
                     "blocking_rules_to_generate_predictions": ["l.first_name = r.first_name", "l.city = r.city"]},
        "training": {"prior": {"rules": ["l.surname = r.surname"], "recall": 0.8}, "u": {"method": "all_pairs"},
                     "em": [{"rule": "l.city = r.city"}]},
        "predict": {"threshold_match_probability": 0.01}, "cluster": {"threshold_match_probability": 0.5},
        "output": {"format": output_format}}
    path = folder / f"job_{output_format}.json"
    path.write_text(json.dumps(job))
    return path


class Sweep:
    def __init__(self, program, shim, job, folder):
        self.command = [program, "run", job, "--threads", "2", "-o"]
        self.shim, self.folder = shim, folder

    def run(self, name, **environment):
        """Ends with the process and its output folder; FAULT_REPORT tells what was counted."""
        output = self.folder / name
        finished = subprocess.run(
            [*self.command, output], capture_output=True, text=True, timeout=TIMEOUT_SECONDS,
            env={**os.environ, **environment, "LD_PRELOAD": self.shim, "ARROW_DEFAULT_MEMORY_POOL": "system",
                 "FAULT_REPORT": str(self.folder / "report")})
        return finished, output

    def healthy(self):
        """The files of a run without faults, and how many writes and allocations it took."""
        finished, output = self.run("healthy")
        if finished.returncode != 0:
            sys.exit(f"the job fails without any fault: {finished.stderr}")
        words = (self.folder / "report").read_text().split()
        return contents_of(output), {"writes": int(words[1]), "allocations": int(words[3])}

    def fault(self, variable, number, healthy):
        """What is wrong with a run whose n-th call fails; empty when nothing is."""
        try:
            finished, output = self.run(f"{variable}-{number}", **{variable: str(number)})
        except subprocess.TimeoutExpired:
            return f"hangs for {TIMEOUT_SECONDS} s"
        files = contents_of(output)
        odd = [name for name, content in files.items() if healthy.get(name) != content and name != "report.json"]
        if odd:
            return f"leaves {odd}, which a healthy run does not"
        if finished.returncode == 0 and set(files) != set(healthy):
            return f"claims to be done, but wrote only {sorted(files)}"
        if finished.returncode not in (0, 1):
            return f"ends with {finished.returncode}: {finished.stderr.strip()[-300:]}"
        if finished.returncode == 1 and not finished.stderr.strip():
            return "ends with 1 and no message"
        return ""


def contents_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}


def main():
    program, shim, kind = sys.argv[1:4]
    most_runs = int(sys.argv[4]) if len(sys.argv) > 4 else None
    variable = {"writes": "FAIL_WRITE", "allocations": "FAIL_ALLOCATION"}[kind]
    formats = ["parquet", "csv", "ndjson"] if kind == "writes" else ["parquet"]
    failures = runs = 0
    for output_format in formats:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            sweep = Sweep(program, shim, write_job(folder, output_format), folder)
            healthy, counts = sweep.healthy()
            step = math.ceil(counts[kind] / most_runs) if most_runs else 1
            numbers = range(1, counts[kind] + 1, step)
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                complaints = list(pool.map(lambda number: sweep.fault(variable, number, healthy), numbers))
            runs += len(numbers)
            for number, complaint in zip(numbers, complaints):
                if complaint:
                    failures += 1
                    print(f"{output_format}: {variable}={number} of {counts[kind]}: {complaint}", flush=True)
    print(f"{runs} runs with one failing {kind[:-1]}, {failures} not handled")
    return 1 if failures or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
