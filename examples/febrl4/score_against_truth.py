"""Precision and recall of linked FEBRL records: score_against_truth.py OUT_DIR

FEBRL's truth is in its ids: rec-123-org and rec-123-dup-0 are the same person.
"""

import sys
from pathlib import Path

import pyarrow.parquet

THRESHOLDS = [0.5, 0.9, 0.99, 0.999]


def entity(record_id):
    return record_id.split("-")[1]


def main():
    folder = Path(sys.argv[1])
    predictions = pyarrow.parquet.read_table(
        folder / "predictions.parquet", columns=["match_probability", "rec_id_l", "rec_id_r"]).to_pylist()
    clusters = pyarrow.parquet.read_table(folder / "clusters.parquet", columns=["rec_id"])
    records = [record_id.as_py() for record_id in clusters["rec_id"]]
    originals = {entity(record_id) for record_id in records if record_id.endswith("-org")}
    duplicates = {entity(record_id) for record_id in records if not record_id.endswith("-org")}
    true_pairs = len(originals & duplicates)
    print(f"\nAgainst the truth, {true_pairs:,} pairs:")
    print("  probability at least    pairs   true   precision   recall")
    for threshold in THRESHOLDS:
        linked = [row for row in predictions if row["match_probability"] >= threshold]
        correct = sum(entity(row["rec_id_l"]) == entity(row["rec_id_r"]) for row in linked)
        print(f"  {threshold:>20}  {len(linked):>7,}{correct:>7,}"
              f"   {correct / max(len(linked), 1):>9.2%}  {correct / max(true_pairs, 1):>7.2%}")


if __name__ == "__main__":
    main()
