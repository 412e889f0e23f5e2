def load_native():
    """The last of LIBRARIES, once MODULES and the libraries before it are loaded, which have what it needs."""
    import ctypes
    import importlib

    from pyspark.core.files import SparkFiles

    for module in MODULES:
        importlib.import_module(module)
    return [ctypes.CDLL(SparkFiles.get(library)) for library in LIBRARIES][-1]


def find_obstacle(batches):
    """For each batch what keeps this executor from loading the library, as a text; "" when nothing does."""
    import pyarrow

    for _ in batches:
        try:
            load_native()
            obstacle = ""
        except (ImportError, OSError) as error:
            obstacle = str(error)
        yield pyarrow.RecordBatch.from_pydict({"obstacle": [obstacle]})


def run_native(batches):
    """Hands the rows of a partition to the native library, and its results on, both as streams of Arrow's C interface."""
    import ctypes
    import itertools

    import pyarrow

    first = next(batches, None)
    if first is None:
        return
    rows = pyarrow.RecordBatchReader.from_batches(first.schema, itertools.chain([first], batches))
    run = load_native().linkwright_kernel_run
    run.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int64]
    into, out = (ctypes.create_string_buffer(40) for _ in range(2))  # struct ArrowArrayStream: five pointers
    rows._export_to_c(ctypes.addressof(into))
    error = ctypes.create_string_buffer(1 << 16)
    if run(TASK.encode(), into, out, error, len(error)) != 0:
        raise RuntimeError("linkwright kernel: " + error.value.decode(errors="replace").replace("\n", " "))
    try:
        yield from pyarrow.RecordBatchReader._import_from_c(ctypes.addressof(out))
    except (pyarrow.ArrowException, OSError, MemoryError) as failure:
        raise RuntimeError("linkwright kernel: " + str(failure).replace("\n", " ")) from None
