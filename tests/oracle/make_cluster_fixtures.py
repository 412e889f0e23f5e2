#!/usr/bin/env python3
"""Writes tests/fixtures/best_links.json and tests/fixtures/cluster_columns.json from Splink 5.0.0 itself.

usage: make_cluster_fixtures.py OUTPUT_DIRECTORY      (needs splink==5.0.0 and duckdb)

Graphs are random and small, with few distinct probabilities so that ties are common. Nodes are numbered in order.
"""
import json
import random
import sys
from pathlib import Path

import pyarrow as pa
from splink import DuckDBAPI
from splink.internals.clustering import _threshold_to_str, cluster_pairwise_predictions_at_multiple_thresholds
from splink.internals.misc import threshold_args_to_match_prob_list
from splink.internals.one_to_one_clustering import one_to_one_clustering


def random_graph(generator, num_rows, num_edges, num_datasets, num_probabilities):
    datasets = [generator.randrange(num_datasets) for _ in range(num_rows)]
    edges = {}
    for _ in range(num_edges):
        left, right = sorted(generator.sample(range(num_rows), 2))
        edges[left, right] = generator.randrange(1, num_probabilities + 1) / (num_probabilities + 1)
    return datasets, [[left, right, probability] for (left, right), probability in edges.items()]


def best_links(datasets, edges, duplicate_free, ties):
    database = DuckDBAPI()
    nodes = pa.table({"node_id": pa.array(range(len(datasets)), pa.int64()),
                      "source_dataset": [f"d{dataset}" for dataset in datasets]})
    links = pa.table({"node_id_l": pa.array([edge[0] for edge in edges], pa.int64()),
                      "node_id_r": pa.array([edge[1] for edge in edges], pa.int64()),
                      "source_dataset_l": pa.array([f"d{datasets[edge[0]]}" for edge in edges], pa.string()),
                      "source_dataset_r": pa.array([f"d{datasets[edge[1]]}" for edge in edges], pa.string()),
                      "match_probability": pa.array([edge[2] for edge in edges], pa.float64())})
    result = one_to_one_clustering(
        nodes_table=database._create_backend_table(nodes, "nodes"),
        edges_table=database._create_backend_table(links, "edges"),
        node_id_column_name="node_id", source_dataset_column_name="source_dataset",
        edge_id_column_name_left="node_id_l", edge_id_column_name_right="node_id_r",
        duplicate_free_datasets=[f"d{dataset}" for dataset in duplicate_free], ties_method=ties, db_api=database,
        threshold_match_probability=None)
    cluster_of = {row["node_id"]: row["cluster_id"] for row in result.as_record_list()}
    return [cluster_of[row] for row in range(len(datasets))]


def best_link_cases(generator):
    for case in range(120):
        num_rows = generator.choice([3, 6, 12, 30, 60])
        num_datasets = generator.choice([2, 2, 3, 5])
        datasets, edges = random_graph(generator, num_rows, generator.choice([1, 2, 4]) * num_rows, num_datasets,
                                       generator.choice([1, 3, 20]))
        duplicate_free = sorted(generator.sample(range(num_datasets), generator.randrange(1, num_datasets + 1)))
        ties = ["lowest_id", "drop"][case % 2]
        yield {"num_datasets": num_datasets, "datasets": datasets, "edges": edges, "duplicate_free": duplicate_free,
               "ties": ties, "clusters": best_links(datasets, edges, duplicate_free, ties)}


def column_names():
    probabilities = [0.0, 1.0, 0.5, 0.95, 0.9999999, 0.1234567, 0.000001, 1e-9, 0.99]
    weights = [-2000.0, -60.5, -3.25, -1.0, 0.0, 0.1, 1 / 3, 2.0, 10.0, 20.123456789, 40.3, 52.9, 53.5, 1000.0]
    weight_names = {}
    for weight in weights:
        (probability,) = threshold_args_to_match_prob_list(None, [weight])
        weight_names[repr(weight)] = "cluster_" + _threshold_to_str(probability, True)
    return {"probabilities": {repr(p): "cluster_" + _threshold_to_str(p) for p in probabilities},
            "weights": weight_names}


def threshold_cases(generator):
    for _ in range(10):
        num_rows = generator.choice([5, 40])
        _, edges = random_graph(generator, num_rows, 2 * num_rows, 1, 9)
        thresholds = sorted(generator.sample([0.0, 0.2, 0.25, 0.5, 0.6, 0.85, 0.9, 0.95], 3))
        database = DuckDBAPI()
        links = pa.table({"node_id_l": [edge[0] for edge in edges], "node_id_r": [edge[1] for edge in edges],
                          "match_probability": [edge[2] for edge in edges]})
        result = cluster_pairwise_predictions_at_multiple_thresholds(
            pa.table({"node_id": list(range(num_rows))}), links, database, "node_id",
            match_probability_thresholds=list(thresholds))
        rows = sorted(result.as_record_list(), key=lambda row: row["node_id"])
        columns = {name: [row[name] for row in rows] for name in rows[0] if name != "node_id"}
        yield {"num_rows": num_rows, "edges": edges, "thresholds": thresholds, "columns": columns}


def write(path, value):
    path.write_text(json.dumps(value, separators=(",", ":")).replace('},{"', '},\n{"') + "\n")


def main():
    directory = Path(sys.argv[1])
    generator = random.Random(20240601)
    write(directory / "best_links.json", list(best_link_cases(generator)))
    write(directory / "cluster_columns.json", {"names": column_names(), "cases": list(threshold_cases(generator))})


main()
