"""Calls the kernel as Spark's executors do: by ctypes, with pyarrow, from a folder that holds what travels with it."""

import base64
import ctypes
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

try:
    import pyarrow as pa
except ImportError:
    print("skipped: pyarrow is not there")
    sys.exit(77)

LIBRARIES = sys.argv[1:]  # the kernel first, then what travels with it
FOLDER = tempfile.mkdtemp()
for library in LIBRARIES:
    shutil.copy(library, FOLDER)
KERNEL = os.path.join(FOLDER, os.path.basename(LIBRARIES[0]))
LIBRARY = ctypes.CDLL(KERNEL)

JOB = {
    "inputs": [{"path": "anywhere.parquet", "name": "people"}],
    "settings": {
        "link_type": "dedupe_only",
        "comparisons": [
            {"comparison": "JaroWinklerAtThresholds", "column": "name"},
            {"comparison": "ExactMatch", "column": "city", "term_frequency_adjustments": True},
        ],
        "blocking_rules_to_generate_predictions": ["l.name = r.name", "l.city = r.city"],
    },
    "predict": {},
}


def start(operation, schema, batches, **options):
    task = json.dumps({"operation": operation, "job": JOB, **options}).encode()
    rows, results = (ctypes.c_uint64 * 5)(), (ctypes.c_uint64 * 5)()
    pa.RecordBatchReader.from_batches(schema, batches)._export_to_c(ctypes.addressof(rows))
    error = ctypes.create_string_buffer(4096)
    failed = LIBRARY.linkwright_kernel_run(
        task, ctypes.byref(rows), ctypes.byref(results), error, ctypes.c_int64(len(error)))
    if failed:
        raise RuntimeError(error.value.decode())
    return pa.RecordBatchReader._import_from_c(ctypes.addressof(results))


def run(operation, table, **options):
    return start(operation, table.schema, table.to_batches(100), **options).read_all()


def people(count):
    rng = random.Random(1)
    names = ["ann", "anna", "bob", "bobby", "carla", "carl", None]
    return pa.table({
        "unique_id": pa.array(range(count), pa.int64()),
        "name": [rng.choice(names) for _ in range(count)],
        "city": [rng.choice("abcdefghij") for _ in range(count)],
    })


def with_frequencies(table):
    cities = table["city"].to_pylist()
    return table.append_column("lw_tf_city", pa.array([cities.count(city) / len(cities) for city in cities]))


def pairs(table):
    rows = [row for row in table.to_pylist() if row["unique_id_l"] is not None]
    return sorted(rows, key=lambda row: (row["unique_id_l"], row["unique_id_r"]))


class KernelSmoke(unittest.TestCase):
    def test_partitions_give_what_all_records_together_give(self):
        records = people(300)
        expected = pairs(run("predict", records))
        self.assertGreater(len(expected), 1000)
        rows = with_frequencies(records)
        parcels = run("spread", rows, partitions=4)
        packed = base64.b64encode(rows.schema.append(pa.field("lw_partition", pa.int32())).serialize()).decode()
        places = parcels["lw_place"].to_pylist()
        self.assertEqual(len(set(places)), 4)
        found = []
        for place in set(places):
            here = parcels.filter(pa.array([other == place for other in places]))
            found += pairs(run("predict", here, partitions=4, packed=packed))
        self.assertEqual(sorted(map(str, found)), sorted(map(str, expected)))

    def test_the_schema_is_known_where_no_row_comes(self):
        records = people(10)
        schema = start("predict", records.schema, []).schema
        self.assertEqual(schema, run("predict", records).schema)
        self.assertFalse(any(pa.types.is_dictionary(field.type) for field in schema))

    def test_errors_are_exceptions_with_the_kernels_message(self):
        with self.assertRaisesRegex(RuntimeError, "no column 'unique_id'"):
            run("predict", people(10).drop_columns(["unique_id"]))

        def failing():
            yield people(10).to_batches()[0]
            raise ValueError("the input broke")

        with self.assertRaisesRegex(Exception, "the input broke"):
            start("predict", people(10).schema, failing()).read_all()

    def test_results_may_be_dropped_in_the_middle(self):
        before = threading.active_count(), len(os.listdir("/proc/self/task"))
        for _ in range(3):
            results = start("predict", people(3000).schema, people(3000).to_batches())
            self.assertGreater(results.read_next_batch().num_rows, 0)
            del results
        self.assertLessEqual(len(os.listdir("/proc/self/task")), before[1] + pa.cpu_count())

    def test_it_loads_beside_its_own_arrow_where_none_is_loaded(self):
        libraries = os.path.dirname(pa.__file__)
        for name in os.listdir(libraries):
            if name.startswith(("libarrow.so.", "libparquet.so.")):
                shutil.copy(os.path.join(libraries, name), FOLDER)
        program = f"import ctypes; ctypes.CDLL({KERNEL!r}).linkwright_kernel_run; print('loaded')"
        loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        self.assertEqual(loaded.stdout, "loaded\n", loaded.stderr)

    def test_only_the_c_interface_shows(self):
        listed = subprocess.run(["nm", "-D", "--defined-only", KERNEL], capture_output=True, text=True, check=True)
        self.assertEqual([line.split()[-1] for line in listed.stdout.splitlines()], ["linkwright_kernel_run"])


if __name__ == "__main__":
    try:
        unittest.main(argv=sys.argv[:1])
    finally:
        shutil.rmtree(FOLDER)
