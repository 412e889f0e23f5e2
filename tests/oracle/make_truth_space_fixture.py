#!/usr/bin/env python3
"""Writes tests/fixtures/truth_space.json from Splink 5.0.0 itself.

usage: make_truth_space_fixture.py OUTPUT_DIRECTORY      (needs splink==5.0.0 and duckdb)

Each case: scored pairs with a clerical score, the options, and Splink's table of accuracy by threshold.
"""
import json
import math
import random
import sys
from pathlib import Path

import pyarrow as pa
from splink import DuckDBAPI
from splink.internals.accuracy import truth_space_table_from_labels_with_predictions_sqls
from splink.internals.pipeline import CTEPipeline


def table(pairs, **options):
    database = DuckDBAPI()
    source = database._create_backend_table(pa.table({
        "match_weight": [pair[0] for pair in pairs],
        "clerical_match_score": [1.0 if pair[1] else 0.0 for pair in pairs],
        "found_by_blocking_rules": [pair[2] for pair in pairs]}), "__splink__labels_with_predictions")
    pipeline = CTEPipeline([source])
    pipeline.enqueue_list_of_sqls(truth_space_table_from_labels_with_predictions_sqls(**options))
    rows = database.sql_pipeline_to_splink_dataframe(pipeline).as_record_list()
    return [{name: None if value is None or not math.isfinite(value) else value for name, value in row.items()}
            for row in rows]


def cases(generator):
    for size in [1, 2, 10, 40]:
        for step in [None, 0.1, 0.25]:
            for total in [None, 5 * size]:
                for zero in [True, False]:
                    quality = generator.choice([0, 3, 8])
                    pairs = []
                    for _ in range(size):
                        is_match = generator.random() < generator.choice([0.1, 0.5, 0.9])
                        weight = round(generator.gauss(quality if is_match else -quality, 4), 2)
                        pairs.append([weight, is_match, generator.random() < 0.8])
                    rows = table(pairs, match_weight_round_to_nearest=step, total_labels=total,
                                 positives_not_captured_by_blocking_rules_scored_as_zero=zero)
                    yield {"pairs": pairs, "step": step, "total": total, "zero": zero, "rows": rows}


def main():
    written = json.dumps(list(cases(random.Random(20240601))), separators=(",", ":")).replace('},{"', '},\n{"')
    (Path(sys.argv[1]) / "truth_space.json").write_text(written + "\n")


main()
