#!/usr/bin/env python3
"""Runs a job that has a trained model with Splink 5 on Spark: predict and cluster, as `make bench-spark` times it.

    splink_spark_job.py JOB.json -o DIR --master MASTER --driver-memory SIZE

Needs splink==5.0.0 and pyspark==4.2.1. Splink's models are in the SQL of one database, so a model that was trained on
DuckDB is rewritten for Spark here, by hand, as its users have to. Prints one line of JSON: rows, and seconds a stage.
"""

import time

STARTED = time.perf_counter()

import argparse
import json
import re
import tempfile
from pathlib import Path

import splink
from pyspark.sql import SparkSession
from splink import Linker, SparkAPI

PARTITIONS = 8  # of shuffles; Spark's 200 take longer on two cores


def spark_session(master, driver_memory, folder):
    jar = next((Path(splink.__file__).parent / "internals/files/spark_jars").glob("*0.2.1_spark4*"))
    session = (SparkSession.builder.master(master).config("spark.jars", str(jar))
               .config("spark.driver.memory", driver_memory).config("spark.sql.shuffle.partitions", PARTITIONS)
               .config("spark.default.parallelism", PARTITIONS).config("spark.ui.enabled", "false")
               .config("spark.local.dir", folder).getOrCreate())
    session.sparkContext.setCheckpointDir(folder + "/checkpoints")
    session.sparkContext.setLogLevel("ERROR")
    return session


def model_for_spark(model):
    """A model in DuckDB's SQL in Spark's."""
    model["sql_dialect"] = "spark"
    for rule in model["blocking_rules_to_generate_predictions"]:
        rule["sql_dialect"] = "spark"
    text = json.dumps(model).replace("jaro_winkler_similarity", "jaro_winkler")
    text = re.sub(r"(?i)EPOCH\(try_strptime\((.*?), '%Y-%m-%d'\)\)",
                  r"unix_timestamp(try_to_timestamp(\1, 'yyyy-MM-dd'))", text)
    text = re.sub(r"(?i)try_strptime\((.*?), '%Y-%m-%d'\)", r"try_to_timestamp(\1, 'yyyy-MM-dd')", text)
    return json.loads(text.replace('\\"', "`"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", type=Path)
    parser.add_argument("-o", "--output", required=True, metavar="DIR")
    parser.add_argument("--master", required=True)
    parser.add_argument("--driver-memory", required=True)
    arguments = parser.parse_args()
    job = json.loads(arguments.job.read_text())
    seconds = {}

    def done(stage):
        seconds[stage] = round(time.perf_counter() - STARTED - sum(seconds.values()), 3)

    with tempfile.TemporaryDirectory() as folder:
        spark = spark_session(arguments.master, arguments.driver_memory, folder)
        done("session")
        model = model_for_spark(json.loads((arguments.job.parent / job["model"]).read_text()))
        api = SparkAPI(spark_session=spark, break_lineage_method="parquet", num_partitions_on_repartition=PARTITIONS)
        people = api.register(spark.read.parquet(job["inputs"][0]["path"]), dataset_display_name="people")
        linker = Linker(people, model, log_level=None)
        done("linker")
        predictions = linker.inference.predict(**job["predict"])
        frame = predictions.as_spark_dataframe()
        frame.write.mode("overwrite").parquet(arguments.output + "/predictions.parquet")
        done("predict")
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, **job["cluster"])
        clusters.as_spark_dataframe().write.mode("overwrite").parquet(arguments.output + "/clusters.parquet")
        done("cluster")
        rows = {"predictions": frame.count()}
        spark.stop()
    print(json.dumps({"rows": rows, "seconds": seconds}))


if __name__ == "__main__":
    main()
