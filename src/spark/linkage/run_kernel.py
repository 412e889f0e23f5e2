def run_kernel(batches):
    """Hands the rows of a partition to the native kernel, and its results on, both as streams of Arrow's C interface."""
    import ctypes
    import itertools

    import pyarrow
    from pyspark.core.files import SparkFiles

    first = next(batches, None)
    if first is None:
        return
    rows = pyarrow.RecordBatchReader.from_batches(first.schema, itertools.chain([first], batches))
    if ARROW:  # executors with another Arrow than the kernel's: theirs cannot serve it
        ctypes.CDLL(SparkFiles.get(ARROW))
    run = ctypes.CDLL(SparkFiles.get(KERNEL)).linkwright_kernel_run
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


def load_kernel(batches):
    """For each batch what keeps this executor from loading the kernel, as a text; "" when nothing does."""
    import ctypes

    import pyarrow
    from pyspark.core.files import SparkFiles

    for _ in batches:
        try:
            if ARROW:
                ctypes.CDLL(SparkFiles.get(ARROW))
            ctypes.CDLL(SparkFiles.get(KERNEL))
            obstacle = ""
        except OSError as error:
            obstacle = str(error)
        yield pyarrow.RecordBatch.from_pydict({"obstacle": [obstacle]})
