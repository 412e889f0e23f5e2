"""What benchmarks of whole processes share: their folders, data and job files, and measuring a command to its end."""

import contextlib
import ctypes
import json
import os
import platform
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LINKWRIGHT = ROOT / "build" / "release" / "linkwright"
FOLDER = ROOT / "build" / "bench"
SHARED_DATA = ROOT.parent / "shared" / "data"
PR_SET_CHILD_SUBREAPER = 36
SECONDS_BETWEEN_SAMPLES = 0.5
SECONDS_FOR_DAEMONS_TO_END = 20


class Measurement(NamedTuple):
    seconds: float
    peak_mib: float
    processor_seconds: float


def processor_seconds(usage):
    return usage.ru_utime + usage.ru_stime


def end_unless_done(process, status, command, log_path):
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{Path(log_path).read_text()}")


def measure(command, log_path):
    """Runs a process to its end; its output goes to a file. The peak is the kernel's own, of this process alone."""
    with open(log_path, "w") as log:
        start = time.perf_counter()
        process = subprocess.Popen(list(map(str, command)), stdout=log, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    end_unless_done(process, status, command, log_path)
    return Measurement(seconds, usage.ru_maxrss / 1024, processor_seconds(usage))


def descendants():
    """All processes below this one."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # gone by now
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found, new = [], [os.getpid()]
    while new:
        new = [child for parent in new for child in children.get(parent, [])]
        found += new
    return found


def resident_mib(processes):
    """Memory of processes together, pages that several of them map counted once."""
    kib = 0
    for process in processes:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kib += int(line.split()[1])
    return kib / 1024


class PeakMemory:
    """Samples the memory of everything below this process while it is open."""

    def __init__(self):
        self.mib = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def _sample(self):
        while not self._done.wait(SECONDS_BETWEEN_SAMPLES):
            self.mib = max(self.mib, resident_mib(descendants()))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()


def reap_daemons():
    """Waits for what a process left behind, which is on its way to end; its processor time counts once it has."""
    patience = time.monotonic() + SECONDS_FOR_DAEMONS_TO_END
    with contextlib.suppress(ChildProcessError):  # none is left
        while time.monotonic() < patience:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.05)


def measure_tree(command, log_path, environment=None, waits_for_daemons=True):
    """Runs a process to its end, and measures it with all that it starts, daemons included. Memory is sampled."""
    # What leaves its parent stays below this process, and is found there.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = processor_seconds(resource.getrusage(resource.RUSAGE_CHILDREN))
    with open(log_path, "w") as log, PeakMemory() as peak:
        start = time.perf_counter()
        process = subprocess.Popen(list(map(str, command)), stdout=log, stderr=subprocess.STDOUT,
                                   env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    end_unless_done(process, status, command, log_path)
    if waits_for_daemons:
        reap_daemons()
    after = processor_seconds(resource.getrusage(resource.RUSAGE_CHILDREN))
    return Measurement(seconds, max(peak.mib, usage.ru_maxrss / 1024), after - before)


def people(path, count):
    """Generates people unless they are there; the shared generator where there is one, else linkwright's own."""
    if path.exists():
        return
    print(f"generating {count:,} people", flush=True)
    generator = SHARED_DATA / "people.py"
    draft = path.with_suffix(".draft.parquet")
    if generator.exists():
        command = [sys.executable, generator, str(count), draft]
    else:
        command = [LINKWRIGHT, "generate", "people", "-n", str(count), "--seed", "1", "-o", draft]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    draft.rename(path)


def prepare(name):
    """Writes the job with paths to its data into build/bench/NAME; returns its path, or None where data are missing."""
    job = json.loads((ROOT / "bench" / "jobs" / f"{name}.json").read_text())
    data = FOLDER / "data"
    data.mkdir(parents=True, exist_ok=True)
    for spec in job["inputs"]:
        file_name = spec["path"]
        if file_name.startswith("people_"):
            people(data / file_name, int(file_name.removeprefix("people_").removesuffix(".parquet")))
            path = data / file_name
        else:
            path = SHARED_DATA / file_name
        if not path.exists():
            print(f"{name}: left out, there is no {path}")
            return None
        spec["path"] = str(path)
    folder = FOLDER / name
    folder.mkdir(exist_ok=True)
    (folder / "job.json").write_text(json.dumps(job, indent=1))
    return folder / "job.json"


def processor():
    """The processor's name and how many threads it has, for tables."""
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} threads"
