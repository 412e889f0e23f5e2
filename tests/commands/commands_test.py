#!/usr/bin/env python3
"""Runs linkwright's commands on generated people and checks them against the truth and against each other.

    commands_test.py LINKWRIGHT

Every expectation is worked out here from the files, in a second way: pairs and clusters from the rows, weights by
Bayes' rule from the model.
"""

import csv
import http.server
import itertools
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
from collections import defaultdict
from pathlib import Path

LINKWRIGHT = os.path.abspath(sys.argv.pop(1))
PEOPLE = 3000


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def pairs_within(groups):
    return {pair for group in groups.values() for pair in itertools.combinations(sorted(group), 2)}


def pairs_by(rows, column):
    groups = defaultdict(list)
    for row in rows:
        groups[row[column]].append(int(row["unique_id"]))
    return pairs_within(groups)


def components(edges, ids):
    """The smallest id of every id's component."""
    parent = {identity: identity for identity in ids}

    def root(identity):
        while parent[identity] != identity:
            parent[identity] = parent[parent[identity]]
            identity = parent[identity]
        return identity

    for left, right in edges:
        low, high = sorted([root(left), root(right)])
        parent[high] = low
    return {identity: root(identity) for identity in ids}


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        cls.run_program("generate", "people", "-n", str(PEOPLE), "--seed", "7", "-o", "people.csv", "-q")
        cls.people = rows_of(cls.folder / "people.csv")
        cls.run_program("dedupe", "people.csv", "-o", "deduped", "--format", "csv", "--save-job", "job.json", "-q")
        cls.predictions = rows_of(cls.folder / "deduped" / "predictions.csv")
        cls.clusters = rows_of(cls.folder / "deduped" / "clusters.csv")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def start(cls, *arguments):
        return subprocess.run([LINKWRIGHT, *arguments], cwd=cls.folder, capture_output=True, text=True, check=False)

    @classmethod
    def run_program(cls, *arguments):
        ended = cls.start(*arguments)
        if ended.returncode != 0:
            raise AssertionError(f"{arguments}: {ended.returncode}, {ended.stderr}")
        return ended

    def assert_refused(self, code, words, *arguments):
        ended = self.start(*arguments)
        self.assertEqual(ended.returncode, code, ended.stderr)
        for word in words:
            self.assertIn(word, ended.stderr)

    def edges_from(self, probability):
        return [(int(row["unique_id_l"]), int(row["unique_id_r"])) for row in self.predictions
                if float(row["match_probability"]) >= probability]

    def test_generate_makes_the_same_people_for_the_same_seed_only(self):
        for name, seed in [("again.csv", "7"), ("other.csv", "8")]:
            self.run_program("generate", "people", "-n", str(PEOPLE), "--seed", seed, "-o", name, "--threads", "1")
        first = (self.folder / "people.csv").read_bytes()
        self.assertEqual((self.folder / "again.csv").read_bytes(), first)
        self.assertNotEqual((self.folder / "other.csv").read_bytes(), first)

    def test_generate_is_quiet_when_told(self):
        self.assertEqual(self.run_program("generate", "people", "-n", "10", "-o", "ten.ndjson", "-q").stderr, "")
        self.assertEqual(len((self.folder / "ten.ndjson").read_text().splitlines()), 10)

    def test_generate_refuses_an_unknown_format(self):
        self.assert_refused(1, ["people.xlsx", ".parquet"], "generate", "people", "-n", "10", "-o", "people.xlsx")

    def test_generate_refuses_a_negative_number_of_rows(self):
        self.assert_refused(2, ["--rows", "-5"], "generate", "people", "-n", "-5", "-o", "people.xlsx")

    def test_an_empty_job_file_is_called_so(self):
        (self.folder / "empty.json").write_text("")
        self.assert_refused(1, ["empty.json is empty"], "run", "empty.json")

    def test_dedupe_finds_most_duplicates_and_hardly_anything_else(self):
        true_pairs = pairs_by(self.people, "cluster")
        found = pairs_by(self.clusters, "cluster_id")
        self.assertGreater(len(true_pairs), 300)
        self.assertGreater(len(found & true_pairs), 0.7 * len(true_pairs))
        self.assertGreater(len(found & true_pairs), 0.95 * len(found))

    def test_dedupe_keeps_every_record_once(self):
        self.assertEqual(sorted(int(row["unique_id"]) for row in self.clusters), list(range(PEOPLE)))

    def test_a_saved_job_gives_what_dedupe_gave(self):
        self.run_program("run", "job.json", "-o", "rerun", "--threads", "1")
        for name in ["predictions.csv", "clusters.csv", "model.json"]:
            self.assertEqual((self.folder / "rerun" / name).read_bytes(),
                             (self.folder / "deduped" / name).read_bytes(), name)

    def test_dedupe_only_proposes_when_asked(self):
        shown = self.run_program("dedupe", "people.csv", "-o", "proposed", "--propose").stdout
        self.assertIn("first_name: NameComparison", shown)
        self.assertIn("cluster is not compared", shown)
        self.assertFalse((self.folder / "proposed").exists())

    def test_link_pairs_records_of_different_files_only(self):
        halves = self.people[::2], self.people[1::2]
        for name, rows in zip(["even.csv", "odd.csv"], halves):
            with open(self.folder / name, "w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, rows[0].keys())
                writer.writeheader()
                writer.writerows(rows)
        self.run_program("link", "even.csv", "odd.csv", "-o", "linked", "--format", "csv")
        predictions = rows_of(self.folder / "linked" / "predictions.csv")
        self.assertGreater(len(predictions), 100)
        for row in predictions:
            self.assertNotEqual(row["source_dataset_l"], row["source_dataset_r"])
            self.assertNotEqual(int(row["unique_id_l"]) % 2, int(row["unique_id_r"]) % 2)

    def test_train_then_predict_is_run(self):
        self.run_program("train", "job.json", "-o", "trained")
        self.assertEqual([path.name for path in (self.folder / "trained").glob("*.csv")], [])
        self.run_program("predict", "job.json", "--model", "trained/model.json", "-o", "predicted")
        for folder, name in [("trained", "model.json"), ("predicted", "predictions.csv"), ("predicted", "clusters.csv")]:
            self.assertEqual((self.folder / folder / name).read_bytes(),
                             (self.folder / "deduped" / name).read_bytes(), name)

    def test_predict_takes_what_the_last_run_trained_and_asks_for_it_where_there_is_none(self):
        self.run_program("predict", "job.json", "-q")
        self.assert_refused(1, ["there is none in", "linkwright train job.json"], "predict", "job.json", "-o", "untrained")

    def test_predict_keeps_every_pair_of_a_job_without_threshold_and_run_asks_what_to_do(self):
        job = json.loads((self.folder / "job.json").read_text())
        for key in ("predict", "cluster", "training"):
            del job[key]
        job["output"]["dir"] = "every"
        (self.folder / "every.json").write_text(json.dumps(job))
        compared = json.loads(self.run_program("blocking", "every.json", "--json").stdout)["pairs_to_compare"]
        self.run_program("predict", "every.json", "-q")
        self.assertEqual(len(rows_of(self.folder / "every" / "predictions.csv")), compared)
        self.assert_refused(1, ["nothing to do", '"predict": {'], "run", "every.json")

    def test_cluster_finds_columns_whatever_their_case(self):
        (self.folder / "upper.csv").write_text("\n".join(
            [line.upper() if i == 0 else line for i, line in
             enumerate((self.folder / "deduped" / "predictions.csv").read_text().splitlines())]) + "\n")
        self.run_program("cluster", "job.json", "--predictions", "upper.csv", "-o", "from_upper", "-q")
        self.assertEqual(rows_of(self.folder / "from_upper" / "clusters.csv"), self.clusters)

    def test_clusters_are_the_connected_components_at_every_threshold(self):
        self.run_program("cluster", "job.json", "--predictions", "deduped/predictions.csv", "-o", "clustered",
                         "--threshold", "0.6", "0.99")
        rows = rows_of(self.folder / "clustered" / "clusters.csv")
        ids = [int(row["unique_id"]) for row in rows]
        for threshold, column in [(0.6, "cluster_p_0_6"), (0.99, "cluster_p_0_99")]:
            self.assertEqual({int(row["unique_id"]): int(row[column]) for row in rows},
                             components(self.edges_from(threshold), ids), column)

    def test_cluster_reads_parquet_and_prints_json(self):
        job = json.loads((self.folder / "job.json").read_text())
        job["output"] = {"dir": "as_parquet", "format": "parquet"}
        (self.folder / "as_parquet.json").write_text(json.dumps(job))
        self.run_program("run", "as_parquet.json", "-q")
        shown = json.loads(self.run_program("cluster", "as_parquet.json", "-o", "clustered_parquet", "--json").stdout)
        before, after = (self.folder / name / "clusters.parquet" for name in ["as_parquet", "clustered_parquet"])
        self.assertEqual(after.read_bytes(), before.read_bytes())
        self.assertEqual(shown, {"clusters": {"cluster_id": len({row["cluster_id"] for row in self.clusters})},
                                 "file": "clustered_parquet/clusters.parquet"})
        explained = self.run_program("explain", "as_parquet.json", "--pairs", "4", "--json").stdout
        self.assertEqual(json.loads(explained), self.explained("--pairs", "4"))

    def test_folders_that_spark_wrote_are_read_and_replaced_as_files_are(self):
        job = json.loads((self.folder / "job.json").read_text())
        job["output"]["dir"] = "of_spark"
        job["engine"] = {"kind": "spark"}
        (self.folder / "of_spark.json").write_text(json.dumps(job))
        for name in ("predictions", "clusters"):
            header, *lines = (self.folder / "deduped" / f"{name}.csv").read_text().splitlines()
            table = self.folder / "of_spark" / f"{name}.csv"
            table.mkdir(parents=True)
            for part in range(3):
                (table / f"part-0000{part}.csv").write_text("\n".join([header, *lines[part::3], ""]))
            (table / "_SUCCESS").touch()
        shutil.copy(self.folder / "deduped" / "model.json", self.folder / "of_spark")
        explained = self.run_program("explain", "of_spark.json", "--pairs", "3", "--json")
        self.assertEqual([pair["match_weight"] for pair in json.loads(explained.stdout)],
                         [pair["match_weight"] for pair in self.explained("--pairs", "3")])
        self.assertIn("this command works on this machine", explained.stderr)
        self.run_program("evaluate", "of_spark/clusters.csv", "--label", "cluster")
        self.run_program("cluster", "of_spark.json", "-q")
        self.assertEqual(rows_of(self.folder / "of_spark" / "clusters.csv"), self.clusters)
        self.run_program("run", "of_spark.json", "--engine", "embedded", "-q")
        self.assertEqual(rows_of(self.folder / "of_spark" / "predictions.csv"), self.predictions)

    def test_cluster_and_explain_refuse_too_low_a_memory_limit_with_the_number_they_need(self):
        for command in [["cluster", "job.json", "--predictions", "deduped/predictions.csv", "-o", "refused"],
                        ["explain", "job.json", "-o", "deduped", "--pairs", "2"]]:
            self.assert_refused(1, ["MiB of memory", "the memory limit is 1.0 MiB", "--memory-limit"], *command,
                                "--memory-limit", "1MiB")
        self.assertFalse((self.folder / "refused").exists())

    def test_cluster_names_predictions_that_are_not_there(self):
        self.assert_refused(1, ["nowhere.csv"], "cluster", "job.json", "--predictions", "nowhere.csv")

    def test_explain_adds_up_to_the_weight_of_the_prediction(self):
        row = self.predictions[len(self.predictions) // 2]
        [pair] = self.explained("--pair", row["unique_id_l"], row["unique_id_r"])
        self.assertAlmostEqual(pair["match_weight"], float(row["match_weight"]), places=9)
        parts = [part[name] for part in pair["parts"] for name in ["match_weight", "term_frequency_adjustment"]]
        self.assertAlmostEqual(pair["prior_weight"] + sum(parts), pair["match_weight"], places=9)

    def test_explain_shows_pairs_from_the_strongest_to_the_weakest(self):
        weights = sorted((float(row["match_weight"]) for row in self.predictions), reverse=True)
        shown = [pair["match_weight"] for pair in self.explained("--pairs", "3")]
        expected = [weights[0], weights[(len(weights) - 1) // 2], weights[-1]]
        for weight, other in zip(shown, expected, strict=True):
            self.assertAlmostEqual(weight, other, places=9)

    def explained(self, *arguments):
        return json.loads(self.run_program("explain", "job.json", "-o", "deduped", "--json", *arguments).stdout)

    def test_probability_follows_from_weight(self):
        for row in self.predictions:
            odds = 2.0 ** float(row["match_weight"])
            self.assertTrue(math.isclose(float(row["match_probability"]), odds / (1 + odds), rel_tol=1e-9))

    def test_blocking_counts_the_pairs_that_a_run_compares(self):
        told = json.loads(self.run_program("blocking", "job.json", "--json").stdout)
        report = json.loads((self.folder / "deduped" / "report.json").read_text())
        self.assertEqual([rule["marginal_pairs"] for rule in told["rules"]], report["pairs_compared_by_rule"])

    def test_evaluate_measures_clusters_against_labels(self):
        shown = json.loads(self.run_program("evaluate", "deduped/clusters.csv", "--label", "cluster", "--json").stdout)
        truth = pairs_by(self.people, "cluster")
        found = pairs_by(self.clusters, "cluster_id")
        pairwise = shown["clusters"]["pairwise"]
        self.assertAlmostEqual(pairwise["precision"], len(found & truth) / len(found))
        self.assertAlmostEqual(pairwise["recall"], len(found & truth) / len(truth))

    def test_evaluate_asks_for_the_truth(self):
        self.assert_refused(1, ["--label"], "evaluate", "deduped/clusters.csv")

    def test_profile_tells_roles_and_missing_values(self):
        columns = {column["name"]: column for column in
                   json.loads(self.run_program("profile", "people.csv", "--json").stdout)["columns"]}
        self.assertEqual(columns["unique_id"]["role"], "unique id")
        self.assertEqual(columns["cluster"]["role"], "truth")
        for name in ["first_name", "city", "email"]:
            self.assertEqual(columns[name]["nulls"], sum(row[name] == "" for row in self.people), name)
            self.assertEqual(columns[name]["distinct"], len({row[name] for row in self.people} - {""}), name)

    def test_the_peak_of_memory_is_the_run_s_own(self):
        large = bytearray(os.urandom(1) * (400 << 20))  # a process is started with the peak of this one
        self.run_program("train", "job.json", "-o", "lean", "--threads", "2", "-q")
        report = json.loads((self.folder / "lean" / "report.json").read_text())
        self.assertLess(report["peak_memory_bytes"], len(large) * 3 // 4)

    def test_closed_streams_do_not_get_into_the_outputs(self):
        self.run_program("run", "job.json", "-o", "open", "-q")
        for number in range(3):
            output = self.folder / f"closed-{number}"
            ended = subprocess.run(["sh", "-c", 'exec "$0" run job.json -o "$1" <&- >&- 2>&-', LINKWRIGHT, output],
                                   cwd=self.folder, check=False)
            self.assertEqual(ended.returncode, 0)
            for file in ("predictions.csv", "clusters.csv", "model.json"):
                self.assertEqual((output / file).read_bytes(), (self.folder / "open" / file).read_bytes(), file)

    def test_results_that_standard_output_does_not_take_are_a_failure(self):
        with open("/dev/full", "w") as full:
            ended = subprocess.run([LINKWRIGHT, "blocking", "job.json", "--json", "-q"], cwd=self.folder, stdout=full,
                                   stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(ended.returncode, 1)
        self.assertIn("cannot write to standard output: No space left on device", ended.stderr)

    def test_no_command_writes_over_what_it_reads(self):
        folder = self.folder / "inputs"
        folder.mkdir()
        people = (self.folder / "people.csv").read_bytes()
        (folder / "clusters.csv").write_bytes(people)
        (folder / "report.json").symlink_to("clusters.csv")
        job = json.loads((self.folder / "job.json").read_text())
        job["inputs"] = [{"path": "clusters.csv"}]
        (folder / "job.json").write_text(json.dumps(job))
        written = {path: path.read_bytes() for path in folder.iterdir()}
        for command in (["dedupe", "inputs/clusters.csv", "-o", "inputs", "--format", "csv"],
                        ["dedupe", "inputs/clusters.csv", "-o", "other", "--save-job", "inputs/clusters.csv"],
                        ["run", "inputs/job.json", "-o", "other", "--rejects", "inputs/job.json"],
                        ["dedupe", "inputs/clusters.csv", "-o", "inputs"],  # whose report is a link to the input
                        ["dedupe", "inputs/clusters.csv", "-o", "other", "--rejects", "inputs/clusters.csv"],
                        ["cluster", "inputs/job.json", "--predictions", "deduped/predictions.csv", "-o", "inputs"],
                        ["evaluate", "inputs/clusters.csv", "--label", "cluster", "--predictions",
                         "deduped/predictions.csv", "-o", "inputs/clusters.csv"],
                        ["tokenize", "inputs/clusters.csv", "-o", "inputs/clusters.csv", "--mode", "plain"],
                        ["overlap", "inputs/job.json", "inputs/clusters.csv", "--rules", "T1", "--matches",
                         "inputs/clusters.csv"]):
            self.assert_refused(1, ["would be written over"], *command)
            self.assertEqual({path: path.read_bytes() for path in folder.iterdir()}, written, command)

    def test_a_saved_job_is_no_file_of_the_run(self):
        for command in (["-o", "results", "--save-job", "results/model.json"],
                        ["-o", ".", "--save-job", f"../{self.folder.name}/report.json"],
                        ["-o", "results", "--format", "csv", "--save-job", "results/clusters.csv"],
                        ["-o", "results", "--rejects", "bad.txt", "--save-job", "./bad.txt"]):
            self.assert_refused(1, ["--save-job", "the run writes too"], "dedupe", "people.csv", *command)
        self.assertFalse((self.folder / "results").exists())

    def test_help_fits_a_terminal_of_80_columns(self):
        top = self.run_program("--help").stdout
        commands = [line.split()[0] for line in top[top.index("Subcommands:"):].splitlines()[1:]
                    if line.startswith("  ") and line[2] != " "]
        self.assertIn("evaluate", commands)
        for command in ([], *([name] for name in commands)):
            for line in self.run_program(*command, "--help").stdout.splitlines():
                if not line.startswith("Usage: "):  # which has the program's path
                    self.assertLessEqual(len(line), 80, line)

    def test_names_in_messages_are_those_of_the_data_once(self):
        job = json.loads((self.folder / "job.json").read_text())
        job["training"]["prior"] = {"rules": ["1 = 1"], "recall": 0.25}
        (self.folder / "prior.json").write_text(json.dumps(job))
        self.assert_refused(1, ["more than recall 0.25 of all %d pairs" % (PEOPLE * (PEOPLE - 1) // 2)],
                            "train", "prior.json", "-o", "prior")
        self.assertIn("surname (text):", self.run_program("profile", "people.csv").stdout)

    def test_a_server_beside_the_embedded_engine_is_refused(self):
        self.assert_refused(1, ["--remote names a Spark server"], "run", "job.json", "--engine", "embedded", "--remote",
                            "sc://127.0.0.1:1", "-o", "nothing")
        self.assertFalse((self.folder / "nothing").exists())

    def test_a_failed_call_to_spark_is_told_in_one_line(self):
        if self.start("spark", "--help").returncode != 0:
            self.skipTest("built without Spark")
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as plain:
            threading.Thread(target=plain.serve_forever, daemon=True).start()
            remote = f"sc://127.0.0.1:{plain.server_port}/;use_ssl=true"
            ended = self.start("spark", "sql", "--remote", remote, "SELECT 1")
            plain.shutdown()
        self.assertEqual(ended.returncode, 1)
        self.assertRegex(ended.stderr, r"^linkwright: no TLS connection to .*: the server speaks plain text[^\n]*\n$")

    def test_wrong_usage_is_2_and_a_failed_job_1(self):
        self.assert_refused(2, ["FILE"], "dedupe")
        self.assert_refused(2, ["there is no command 'runn'", "'run'"], "runn", "job.json")
        for command in (["run", "job.json"], ["profile", "people.csv"], ["dedupe", "people.csv"]):
            self.assert_refused(2, ["--threads"], *command, "--threads", "-1")
        for command in (["run", "job.json"], ["dedupe", "people.csv"], ["overlap", "a.csv", "b.csv", "--rules", "T1"]):
            self.assert_refused(2, ["'lots' is not a memory size"], *command, "--memory-limit", "lots")
        self.assert_refused(2, ["--blocks"], "blocking", "job.json", "--blocks", "-1")
        self.assert_refused(2, ["--treshold"], "cluster", "job.json", "--treshold", "0.5")
        self.assert_refused(2, ["a file of people"], "tokenize")
        self.assert_refused(2, ["--output"], "tokenize", "people.csv")
        self.assert_refused(1, ["nowhere.csv"], "profile", "nowhere.csv")
        self.assert_refused(1, ["nowhere.json"], "run", "nowhere.json")


if __name__ == "__main__":
    unittest.main(verbosity=2)
