#!/usr/bin/env python3
"""Runs jobs under ever smaller memory limits, and the commands that look at them again.

    limit_sweep.py LINKWRIGHT

Every run must either end with 1, before it writes anything, and name the limit that it needs; or end with 0, have taken
no more memory than its limit (as the kernel counts it, with the slack that docs/jobs.md states), and have written what a
run without a limit writes, byte for byte. The limit that a refusal names must do. What `blocking` predicts must be near
what the run takes.
"""

import json
import os
import random
import re
import sys
import tempfile
from pathlib import Path

SLACK = 1.05  # of the limit: stated in docs/jobs.md
PREDICTION_WITHIN = 0.5  # of the measured peak: jobs this small are the hardest, docs/performance.md has large ones
SKIPPED = 77


def write_people(path, records, seed):
    source = random.Random(seed)
    first = ["".join(source.choices("abcdefgh", k=6)) for _ in range(200)]
    last = ["".join(source.choices("klmnopqr", k=8)) for _ in range(3000)]
    with open(path, "w") as file:
        file.write("unique_id,first_name,surname,city,email,note\n")
        for number in range(records):
            person = source.randrange(records * 2 // 3)
            marks = random.Random(person)
            file.write(f"{number},{marks.choice(first)},{marks.choice(last)},city{marks.randrange(50)},"
                       f"{person}@example.org,{source.choice(['', 'call back later', f'seen {number}'])}\n")


def comparison(name, frequencies):
    exact = {"sql_condition": f"{name}_l = {name}_r"}
    if frequencies:
        exact["tf_adjustment_column"] = name
    return {"output_column_name": name, "comparison_levels": [
        {"sql_condition": f"{name}_l IS NULL OR {name}_r IS NULL", "is_null_level": True}, exact,
        {"sql_condition": f"jaro_winkler_similarity({name}_l, {name}_r) >= 0.8"}, {"sql_condition": "ELSE"}]}


def jobs(folder):
    """Jobs whose memory is spent in different stages."""
    write_people(folder / "people.csv", 60_000, 1)
    write_people(folder / "left.csv", 4_000, 2)
    write_people(folder / "right.csv", 4_000, 3)
    dedupe = {
        "name": "dedupe", "inputs": [{"path": "people.csv"}],
        "settings": {"link_type": "dedupe_only", "retain_intermediate_calculation_columns": True,
                     "comparisons": [comparison("first_name", True), comparison("surname", True),
                                     comparison("email", False)],
                     "blocking_rules_to_generate_predictions": ["l.email = r.email", "l.surname = r.surname"]},
        "training": {"u": {"method": "sample", "max_pairs": 1e5, "seed": 1}, "em": [{"rule": "l.surname = r.surname"}]},
        "predict": {"threshold_match_probability": 0.1},
        "cluster": {"threshold_match_probability": [0.2, 0.5, 0.9]}}
    everything = {
        "name": "everything", "inputs": [{"path": "left.csv"}, {"path": "right.csv"}],
        "settings": {"link_type": "link_only",
                     "comparisons": [comparison("surname", True), comparison("city", False)],
                     "blocking_rules_to_generate_predictions": ["l.city = r.city"]},
        "training": {"u": {"method": "all_pairs"}, "em": [{"rule": "l.city = r.city"}]},
        "predict": {}, "output": {"format": "csv"},
        "cluster": {"method": "best_link", "threshold_match_probability": 0.0001,
                    "duplicate_free_datasets": ["left", "right"]}}
    for job in (dedupe, everything):
        path = folder / f"{job['name']}.json"
        path.write_text(json.dumps(job))
        yield path


class Finished:
    def __init__(self, code, peak_bytes, errors, output):
        self.code, self.peak_bytes, self.errors, self.output = code, peak_bytes, errors, output

    def files(self):
        if not self.output.is_dir():
            return {}
        return {path.name: path.read_bytes() for path in self.output.iterdir() if path.name != "report.json"}


def run(program, job, output, arguments, command="run"):
    """Runs a command on a job and has the kernel tell its peak of resident memory."""
    error_file = output.parent / f"{output.name}.{command}.errors"
    pid = os.fork()
    if pid == 0:
        for descriptor, path in ((1, os.devnull), (2, error_file)):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), descriptor)
        os.execv(program, [program, command, str(job), "-q", "-o", str(output), *arguments])
    _, status, usage = os.wait4(pid, 0)
    return Finished(os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024, error_file.read_text(), output)


def blocking(program, job, threads):
    output = os.popen(f"'{program}' blocking '{job}' -q --json --threads {threads}").read()
    return json.loads(output)


def complaint(finished, limit, wanted):
    """What is wrong with a run under a limit; empty when nothing is. A refusal is told by its code."""
    if finished.code == 0:
        if finished.peak_bytes > SLACK * limit:
            return f"takes {finished.peak_bytes >> 20} MiB"
        return "" if finished.files() == wanted else "writes other bytes than without a limit"
    if finished.code != 1:
        return f"ends with {finished.code}: {finished.errors[-300:]}"
    if not re.search(r"--memory-limit \d+MiB", finished.errors):
        return f"is refused without a number: {finished.errors[-300:]}"
    return "is refused, but leaves files" if finished.files() else ""


def sweep(program, job, threads, folder):
    failures = []
    name = f"{job.stem}-{threads}"
    free = run(program, job, folder / f"{name}-free", ["--threads", str(threads)])
    if free.code != 0:
        return [f"{name}: fails without a limit: {free.errors}"], 0, 0
    wanted = free.files()
    predicted = blocking(program, job, threads)
    error = predicted["predicted_memory_bytes"] / free.peak_bytes - 1
    print(f"{name}: {free.peak_bytes >> 20} MiB without a limit, predicted {error:+.0%}, least limit "
          f"{predicted['least_memory_limit_bytes'] >> 20} MiB", flush=True)
    if abs(error) > PREDICTION_WITHIN:
        failures.append(f"{name}: predicted {predicted['predicted_memory_bytes'] >> 20} MiB")

    def under(limit_mib):
        finished = run(program, job, folder / f"{name}-{limit_mib}",
                       ["--threads", str(threads), "--memory-limit", f"{limit_mib}MiB"])
        what = complaint(finished, limit_mib << 20, wanted)
        if what:
            failures.append(f"{name} under {limit_mib} MiB {what}")
        return finished

    kept = refused = 0
    told = set()
    for part in (2, 1.2, 1, 0.9, 0.8, 0.7, 0.5, 0.25):
        finished = under(int(part * (predicted["least_memory_limit_bytes"] >> 20)))
        kept += finished.code == 0
        refused += finished.code == 1
        told.update(int(number) for number in re.findall(r"--memory-limit (\d+)MiB", finished.errors))
    told.add(predicted["least_memory_limit_bytes"] >> 20)
    for limit in sorted(told):
        if under(limit).code != 0:
            failures.append(f"{name} is refused under {limit} MiB, which was said to do")
    return failures, kept, refused


def later_uses(program, job, folder):
    """What `cluster` and `explain` do with a run under the limit that they ask for, and under a quarter of it."""
    failures = []
    made = run(program, job, folder / f"{job.stem}-made", [])
    [predictions] = made.output.glob("predictions.*")
    clusters = {name: content for name, content in made.files().items() if name.startswith("clusters.")}
    for command, output, arguments, wanted in [
            ("cluster", folder / f"{job.stem}-again", ["--predictions", str(predictions)], clusters),
            ("explain", made.output, ["--pairs", "5"], made.files())]:
        name = f"{command} of {job.stem}"
        refused = run(program, job, output, [*arguments, "--threads", "2", "--memory-limit", "16MiB"], command)
        told = re.search(r"--memory-limit (\d+)MiB", refused.errors)
        if refused.code != 1 or not told:
            failures.append(f"{name} under 16 MiB ends with {refused.code}: {refused.errors[-300:]}")
            continue
        limit = int(told[1])
        finished = run(program, job, output, [*arguments, "--threads", "2", "--memory-limit", f"{limit}MiB"], command)
        print(f"{name}: {finished.peak_bytes >> 20} MiB under the limit of {limit} MiB that it asked for", flush=True)
        what = complaint(finished, limit << 20, wanted) if finished.code == 0 else finished.errors[-300:]
        if what:
            failures.append(f"{name} under {limit} MiB, which was said to do: {what}")
    return failures


def main():
    program = sys.argv[1]
    if b"__asan_init" in Path(program).read_bytes() or b"__tsan_init" in Path(program).read_bytes():
        print("skipped: a sanitizer's own memory would be counted")
        return SKIPPED
    failures, kept, refused = [], 0, 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for job in jobs(folder):
            failures += later_uses(program, job, folder)
            for threads in (1, 2, 5):
                found, *counts = sweep(program, job, threads, folder)
                failures += found
                kept += counts[0]
                refused += counts[1]
    for failure in failures:
        print(failure)
    print(f"{kept} runs within their limit, {refused} refused, {len(failures)} failures")
    return 1 if failures or not kept or not refused else 0


if __name__ == "__main__":
    sys.exit(main())
