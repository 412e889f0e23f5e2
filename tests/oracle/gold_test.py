#!/usr/bin/env python3
"""Runs a job of ../shared/jobs with linkwright and holds its output against Splink's own in ../shared/gold.

    gold_test.py LINKWRIGHT JOB GOLD OUTPUT
"""

import json
import subprocess
import sys
from pathlib import Path

import equality

SKIPPED = 77


def main():
    program, job, gold, output = sys.argv[1:]
    if not Path(gold).is_dir():
        print(f"skipped: there is no {gold}")
        return SKIPPED
    unique_id = json.loads((Path(gold) / "model.json").read_text())["unique_id_column_name"]
    subprocess.run([program, "run", job, "-o", output], check=True)
    differences = equality.output_differences(gold, output, unique_id)
    print("\n".join(differences) or f"{Path(job).stem}: equal to {gold}")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
