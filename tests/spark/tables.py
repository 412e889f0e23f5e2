#!/usr/bin/env python3
"""Jobs from tables and Delta folders to tables and Delta folders, through the program.

    tests/spark/with_cluster scripts/with-splink tests/spark/tables.py LINKWRIGHT

What is written must be what the embedded engine gives for the same records in files. Without Delta (SPARK_TEST_DELTA is
empty, see with_cluster) only Spark's own tables are tried.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "oracle"))
import equality

PROGRAM = Path(sys.argv[1]).absolute()
HAS_DELTA = bool(os.environ.get("SPARK_TEST_DELTA"))
SETTINGS = {
    "link_type": "dedupe_only",
    "comparisons": [{"comparison": "NameComparison", "column": "first_name"},
                    {"comparison": "ExactMatch", "column": "surname", "term_frequency_adjustments": True},
                    {"comparison": "ExactMatch", "column": "city"}],
    "blocking_rules_to_generate_predictions": [{"block_on": ["first_name", "surname"]}, "l.dob = r.dob"]}
TRAINING = {"prior": {"rules": ["l.email = r.email"], "recall": 0.8}, "u": {"method": "sample", "seed": 1},
            "em": ["l.dob = r.dob"]}


def linkwright(*arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


class Tables(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        people = cls.folder / "people.parquet"
        cls.run_well("generate", "people", "-n", "600", "--seed", "1", "-q", "-o", people)
        duckdb.sql(f"copy (from '{people}' where unique_id % 2 = 0) to '{cls.folder}/half.parquet'")
        cls.embedded("whole", "people.parquet", settings=SETTINGS, training=TRAINING)
        cls.embedded("of_half", "half.parquet", model=str(cls.folder / "whole/model.json"))

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def run_well(cls, *arguments):
        code, output, errors = linkwright(*arguments)
        if code != 0:
            raise AssertionError(f"{arguments}: {errors}")
        return output

    @classmethod
    def job(cls, name, given, **changes):
        path = cls.folder / f"{name}.job.json"
        path.write_text(json.dumps({
            "inputs": [given], "predict": {"threshold_match_weight": -5},
            "cluster": {"threshold_match_probability": 0.9}, "output": {"dir": str(cls.folder / name)}, **changes}))
        return path

    @classmethod
    def embedded(cls, name, given, **changes):
        cls.run_well("run", cls.job(name, given, **changes), "-q")

    @classmethod
    def sql(cls, query):
        return cls.run_well("spark", "sql", "--json", query)

    @classmethod
    def create_table(cls, name, rows, source=""):
        cls.sql(f"DROP TABLE IF EXISTS {name}")  # of a try that failed: the cluster is shared
        cls.sql(f"CREATE TABLE {name} {source} AS {rows}")

    def on_spark(self, name, given, written, **changes):
        """Runs the whole job's model on Spark; gives what the program says."""
        engine = {"kind": "spark", "spark": {"output": written, "partitions": 2}}
        model = str(self.folder / "whole/model.json")
        return linkwright("run", self.job(name, given, model=model, engine=engine, **changes))

    def expect_written(self, relations, expected):
        """The rows of Spark's relations, written as Parquet, against what the embedded engine wrote."""
        copy = self.folder / f"copy_{len(list(self.folder.glob('copy_*')))}"
        for name, relation in relations.items():
            self.sql(f"INSERT OVERWRITE DIRECTORY '{copy}/{name}' USING parquet SELECT * FROM {relation}")
        for name, compare in (("predictions", equality.prediction_differences),
                              ("clusters", equality.cluster_differences)):
            tables = [duckdb.sql(f"from '{path}'").to_arrow_table()
                      for path in (self.folder / expected / f"{name}.parquet", f"{copy}/{name}/*.parquet")]
            self.assertEqual(tables[0].schema.names, tables[1].schema.names)
            self.assertEqual(tables[0].schema.types, tables[1].schema.types)
            self.assertGreater(tables[0].num_rows, 0)
            self.assertEqual(compare(*tables, "unique_id"), [])

    def test_links_a_table_into_tables(self):
        self.create_table("people", f"SELECT * FROM parquet.`{self.folder}/people.parquet`")
        tables = {"predictions": "default.links", "clusters": "people_clusters"}
        for _ in range(2):  # rows of an earlier run are replaced
            code, output, errors = self.on_spark("tables", {"table": "default.people"}, tables)
            self.assertEqual(code, 0, errors)
        self.assertIn("wrote default.links", output + errors)
        self.expect_written(tables, "whole")
        self.assertEqual(sorted(path.name for path in (self.folder / "tables").iterdir()),
                         ["model.json", "report.json"])

    def test_refuses_to_write_over_an_input(self):
        code, _, errors = self.on_spark("over", {"table": "main.People"}, {"clusters": "main.people"})
        self.assertEqual(code, 1)
        self.assertIn("the table 'main.people' is an input of the job", errors)

    def test_refuses_one_table_for_both(self):
        code, _, errors = self.on_spark("both", {"table": "people"}, {"clusters": "t", "predictions": "T"})
        self.assertEqual(code, 1)
        self.assertIn("predictions and clusters are one table", errors)

    def test_refuses_tables_in_a_format_of_files(self):
        output = {"dir": str(self.folder / "csv"), "format": "csv"}
        code, _, errors = self.on_spark("csv", {"table": "people"}, {"clusters": "t"}, output=output)
        self.assertEqual(code, 1)
        self.assertIn("output.format asks for CSV", errors)

    def test_names_a_table_that_is_not_there(self):
        code, _, errors = self.on_spark("none", {"table": "peeple"}, {})
        self.assertEqual(code, 1)
        self.assertIn("input 'peeple': ", errors)
        self.assertIn("TABLE_OR_VIEW_NOT_FOUND", errors)

    @unittest.skipUnless(HAS_DELTA, "Delta's jars cannot be fetched here")
    def test_reads_versions_of_delta_folders_and_writes_new_ones(self):
        source = f"{self.folder}/people_delta"
        self.sql(f"CREATE TABLE delta.`{source}` USING delta AS SELECT * FROM parquet.`{self.folder}/half.parquet`")
        self.sql(f"INSERT OVERWRITE delta.`{source}` SELECT * FROM parquet.`{self.folder}/people.parquet`")
        relations = {name: f"delta.`{self.folder}/delta/{name}.delta`" for name in ("predictions", "clusters")}
        for version, expected in ((0, "of_half"), (None, "whole")):
            given = {"path": source, "format": "delta", **({} if version is None else {"version": version})}
            code, _, errors = self.on_spark("delta", given, {"format": "delta"})
            self.assertEqual(code, 0, errors)
            self.expect_written(relations, expected)
        self.expect_written({name: f"{relation} VERSION AS OF 0" for name, relation in relations.items()}, "of_half")

    @unittest.skipUnless(HAS_DELTA, "Delta's jars cannot be fetched here")
    def test_reads_versions_of_delta_tables_and_writes_delta_tables(self):
        self.create_table("crm", f"SELECT * FROM parquet.`{self.folder}/half.parquet`", "USING delta")
        self.sql(f"INSERT INTO crm SELECT * FROM parquet.`{self.folder}/people.parquet`")
        tables = {"format": "delta", "predictions": "links_delta", "clusters": "clusters_delta"}
        code, _, errors = self.on_spark("delta_tables", {"table": "crm", "version": 0}, tables)
        self.assertEqual(code, 0, errors)
        del tables["format"]
        self.expect_written(tables, "of_half")
        self.assertIn('"delta"', self.sql("DESCRIBE DETAIL links_delta"))

    def test_makes_tokens_of_a_table(self):
        people = self.folder / "patients.parquet"
        duckdb.sql(f"""copy (select cast(unique_id as varchar) as RecordId, first_name as FirstName,
            surname as LastName, dob as BirthDate, 'F' as Sex, '98004' as PostalCode
            from '{self.folder}/people.parquet') to '{people}'""")
        self.create_table("patients", f"SELECT * FROM parquet.`{people}`")
        options = ("--mode", "plain", "--today", "2026-01-01")
        self.run_well("tokenize", people, "-o", self.folder / "tokens.parquet", *options)
        expected = sorted(duckdb.sql(f"select RuleId, Token, RecordId from '{self.folder}/tokens.parquet'").fetchall())
        self.assertGreater(len(expected), 600)
        for table in ("tokens", "tokens_in_delta"):
            self.sql(f"DROP TABLE IF EXISTS {table}")
        outputs = {"tokens": ("--output-table", "tokens")}
        if HAS_DELTA:
            outputs["tokens_in_delta"] = ("--output-table", "tokens_in_delta", "--output-format", "delta")
            path = self.folder / "tokens_delta"
            outputs[f"delta.`{path}`"] = ("-o", path, "--output-format", "delta")
        for relation, output in outputs.items():
            metadata = self.folder / f"{len(relation)}.json"
            self.run_well("tokenize", "--engine", "spark", "--table", "patients", *output, "--metadata", metadata,
                          *options)
            rows = [json.loads(line) for line in self.sql(f"SELECT * FROM {relation}").splitlines()]
            self.assertEqual(sorted((row["RuleId"], row["Token"], row["RecordId"]) for row in rows), expected)
            self.assertEqual(json.loads(metadata.read_text()),
                             json.loads((self.folder / "tokens.metadata.json").read_text()))
        rules = ("--rules", "T1,T2", "--rules", "T4")
        self.run_well("overlap", self.folder / "tokens.parquet", self.folder / "tokens.parquet", *rules,
                      "-o", self.folder / "here.json")
        second = ("--input-format", "delta", self.folder / "tokens_delta") if HAS_DELTA else ("--table", "tokens")
        self.run_well("overlap", "--engine", "spark", "--table", "tokens", *second, *rules,
                      "-o", self.folder / "there.json")
        here, there = (sorted((self.folder / f"{name}.matches.csv").read_text().splitlines())
                       for name in ("here", "there"))
        self.assertGreater(len(here), 200)
        self.assertEqual(there, here)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
