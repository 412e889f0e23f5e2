"""run_native.py in plain Python, with the kernel but without Spark: run_native_test.py KERNEL."""

import pathlib
import sys
import types
import unittest

import pyarrow

SOURCE = pathlib.Path(__file__).with_name("run_native.py").read_text()
EDGES = pyarrow.schema([("lw_left", pyarrow.int64()), ("lw_right", pyarrow.int64())])


def functions(task="", libraries=None, modules=()):
    """The functions as an executor has them, over files that lie anywhere."""
    names = {"TASK": task, "LIBRARIES": libraries or [KERNEL], "MODULES": list(modules)}
    exec(SOURCE, names)
    return types.SimpleNamespace(**names)


def batches(*edges):
    """A batch of each of these lists of edges."""
    for batch in edges:
        left, right = zip(*batch) if batch else ([], [])
        yield pyarrow.RecordBatch.from_arrays([pyarrow.array(left, "int64"), pyarrow.array(right, "int64")], schema=EDGES)


class RunNative(unittest.TestCase):
    def test_hands_all_batches_over_and_the_results_on(self):
        run = functions('{"operation": "forest"}').run_native
        rows = [row for batch in run(batches([(5, 3)], [], [(3, 1), (9, 8)])) for row in batch.to_pylist()]
        found = sorted((row["lw_left"], row["lw_right"]) for row in rows)
        self.assertEqual(found, [(1, 3), (1, 5), (8, 9)])

    def test_gives_nothing_for_a_partition_without_rows(self):
        self.assertEqual(list(functions('{"operation": "forest"}').run_native(iter(()))), [])

    def test_tells_what_the_library_says_of_its_task_in_one_line(self):
        with self.assertRaisesRegex(RuntimeError, "^linkwright kernel: .*florest[^\n]*$"):
            list(functions('{"operation": "florest"}').run_native(batches([(1, 2)])))

    def test_tells_what_the_library_says_of_a_row(self):
        nothing = pyarrow.RecordBatch.from_arrays([pyarrow.nulls(1, "int64"), pyarrow.array([1], "int64")], schema=EDGES)
        with self.assertRaisesRegex(RuntimeError, "^linkwright kernel: .*an edge without an id"):
            list(functions('{"operation": "forest"}').run_native(iter([nothing])))


class FindObstacle(unittest.TestCase):
    def obstacle(self, **constants):
        found = list(functions(**constants).find_obstacle(batches([(1, 2)])))
        self.assertEqual(len(found), 1)
        return found[0].to_pydict()["obstacle"][0]

    def test_is_none_where_everything_loads(self):
        self.assertEqual(self.obstacle(modules=["json"], libraries=["libm.so.6", KERNEL]), "")

    def test_names_the_library_that_is_missing(self):
        self.assertIn("libabsent.so.3: cannot open shared object file", self.obstacle(libraries=["libabsent.so.3"]))

    def test_names_the_module_that_is_missing(self):
        self.assertIn("no_such_module", self.obstacle(modules=["no_such_module"]))


def stand_in_for_spark():
    """pyspark.core.files, whose files are where their names say."""
    for name in ("pyspark", "pyspark.core", "pyspark.core.files"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["pyspark.core.files"].SparkFiles = types.SimpleNamespace(get=lambda name: name)


if __name__ == "__main__":
    KERNEL = sys.argv.pop(1)
    stand_in_for_spark()
    unittest.main()
