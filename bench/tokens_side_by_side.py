#!/usr/bin/env python3
"""Private tokens: records per second of one core, linkwright beside the reference library and beside bare OpenSSL.

    scripts/with-openlinktoken bench/tokens_side_by_side.py [--records N] [--linkwright PROGRAM] [--floor PROGRAM]

All are measured in turns in one run, by processor time (user and system), since other work on the machine stretches
wall time; a second table has the wall time of one thread and of all. linkwright goes from CSV to Parquet with every cost in it; the library makes tokens of dicts in memory; the
floor is bare OpenSSL on signatures that lie ready (bench/token_bench.cc). The median of the runs counts.
"""

import argparse
import csv
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

from openlinktoken.tokens.token_definition import TokenDefinition
from openlinktoken.tokens.token_generator import TokenGenerator
from openlinktoken.tokentransformer.encrypt_token_transformer import EncryptTokenTransformer
from openlinktoken.tokentransformer.hash_token_transformer import HashTokenTransformer

ROOT = Path(__file__).resolve().parent.parent
SECRET, KEY = "benchmark secret", "0123456789abcdef0123456789abcdef"
FIELDS = ["RecordId", "FirstName", "LastName", "BirthDate", "Sex", "PostalCode", "SocialSecurityNumber"]
FIRST = ("James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara Richard Susan Joseph "
         "Jessica Thomas Sarah Charles Karen José Zoë").split()
LAST = ("Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson "
        "Anderson Thomas Taylor Moore Jackson O'Brien Müller").split()
RUNS = 3


def random_people(count):
    source = random.Random(20261120)
    for _ in range(count):
        yield {
            "RecordId": str(uuid.UUID(int=source.getrandbits(128))),
            "FirstName": source.choice(FIRST),
            "LastName": source.choice(LAST) + source.choice("abcdefghij"),
            "BirthDate": f"{source.randint(1920, 2020)}-{source.randint(1, 12):02}-{source.randint(1, 28):02}",
            "Sex": source.choice(["Male", "Female"]),
            "PostalCode": str(source.randint(10000, 99949)),
            "SocialSecurityNumber": f"{source.randint(100, 665)}-{source.randint(10, 99)}-{source.randint(1000, 9999)}",
        }


def child_seconds(command):
    """Processor and wall seconds of a process, start and end included, and its peak memory in MiB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    secrets = {"LINKWRIGHT_HASHING_SECRET": SECRET, "LINKWRIGHT_ENCRYPTION_KEY": KEY}
    started = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   env={**os.environ, **secrets})
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return seconds, wall, after.ru_maxrss / 1024


def library_seconds(people, mode):
    transformers = [HashTokenTransformer(SECRET)] + ([EncryptTokenTransformer(KEY)] if mode == "encrypt" else [])
    generator = TokenGenerator.from_transformers(TokenDefinition(), transformers)
    started = time.process_time()
    for person in people:
        generator.get_all_tokens_via_field_id(person)
    return time.process_time() - started


def floor_rates(program):
    """Records per second of bare OpenSSL by mode; nothing where the micro benchmark is not built."""
    if not Path(program).exists():
        return {}
    out = subprocess.run([program, "--benchmark_filter=bare_openssl", "--benchmark_format=json"], check=True,
                         capture_output=True, text=True).stdout
    rates = {row["name"]: row["items_per_second"] for row in json.loads(out)["benchmarks"]}
    return {"hash": rates["bare_openssl/encrypt:0"], "encrypt": rates["bare_openssl/encrypt:1"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--library-records", type=int, default=5_000)
    parser.add_argument("--linkwright", default=ROOT / "build" / "release" / "linkwright")
    parser.add_argument("--floor", default=ROOT / "build" / "bench" / "bench" / "token_bench")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary) / "people.csv"
        with open(source, "w", newline="") as file:
            writer = csv.DictWriter(file, FIELDS)
            writer.writeheader()
            writer.writerows(random_people(options.records))
        people = list(random_people(options.library_records))
        ours, library, floors, peak = {}, {}, {}, 0
        all_threads = len(os.sched_getaffinity(0))
        for _ in range(RUNS):
            for mode in ("hash", "encrypt"):
                for threads in sorted({1, all_threads}):
                    output = Path(temporary) / "tokens.parquet"
                    output.unlink(missing_ok=True)  # else deleting the old one is measured as well
                    seconds, wall, memory = child_seconds([options.linkwright, "tokenize", source, "-o", output,
                                                           "--mode", mode, "--threads", str(threads)])
                    peak = max(peak, memory)
                    ours.setdefault((mode, threads), []).append((seconds, wall))
                library.setdefault(mode, []).append(len(people) / library_seconds(people, mode))
            for mode, rate in floor_rates(options.floor).items():
                floors.setdefault(mode, []).append(rate)
    print("| records per second of one core | linkwright, CSV to Parquet | openlinktoken | ratio | bare OpenSSL |")
    print("|---|---|---|---|---|")
    for mode in ("hash", "encrypt"):
        mine = options.records / statistics.median(seconds for seconds, _ in ours[mode, 1])
        theirs = statistics.median(library[mode])
        floor = f"{statistics.median(floors[mode]):,.0f}" if floors else "not built: preset bench"
        print(f"| {mode} | {mine:,.0f} | {theirs:,.0f} | {mine / theirs:,.0f} | {floor} |")
    print("\n| threads | mode | records per second of wall time | seconds of processor time | of wall time |")
    print("|---|---|---|---|---|")
    for (mode, threads), runs in sorted(ours.items()):
        seconds, wall = (statistics.median(column) for column in zip(*runs))
        print(f"| {threads} | {mode} | {options.records / wall:,.0f} | {seconds:.2f} | {wall:.2f} |")
    print(f"\nPeak memory of linkwright: {peak:,.0f} MiB for {options.records:,} records.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
