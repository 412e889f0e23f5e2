#!/usr/bin/env python3
"""Runs the commands of a Markdown document as a reader would, and fails where one of them does.

    run_commands.py LINKWRIGHT DOCUMENT

The reader sits in a copy of examples/ with linkwright on the path. Blocks run in order, under `bash -eu`:

    ```sh                 run
    ```sh no-test         left alone: it needs root, a network, or minutes
    ```sh spark           run where Java and Spark are; elsewhere the document counts as skipped (77)
    ```json file=NAME     written to NAME, for the blocks after it
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SPARK_PYTHON = ROOT / "build" / "spark-python" / "bin" / "python"
SKIPPED = 77
BLOCK = re.compile(r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=indent)```", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    line: int
    language: str
    file_name: str | None
    run: bool
    needs_spark: bool
    body: str


def blocks_of(text):
    """The fenced blocks of a document that matter here."""
    for match in BLOCK.finditer(text):
        words = match["info"].split()
        language = words[0] if words else ""
        options = dict(word.partition("=")[::2] for word in words[1:])
        body = re.sub(rf"^{match['indent']}", "", match["body"], flags=re.MULTILINE)
        is_command = language in ("sh", "bash") and "no-test" not in options
        yield Block(text.count("\n", 0, match.start()) + 1, language, options.get("file"), is_command,
                    "spark" in options, body)


def has_spark():
    return shutil.which("java") is not None and SPARK_PYTHON.exists()


def run(commands, folder, program):
    """Programs keep their state beside the reader's files, and find the project's own Spark."""
    environment = {**os.environ, "PATH": f"{Path(program).resolve().parent}:{os.environ['PATH']}",
                   "XDG_STATE_HOME": str(folder / "state"), "LINKWRIGHT_SPARK_PYTHON": str(SPARK_PYTHON)}
    return subprocess.run(["bash", "-eu", "-o", "pipefail", "-c", commands], cwd=folder, text=True, env=environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def main():
    program, document = sys.argv[1:]
    commands = skipped = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "examples"
        shutil.copytree(ROOT / "examples", folder)
        for block in blocks_of(Path(document).read_text()):
            if block.file_name:
                (folder / block.file_name).write_text(block.body)
            if not block.run:
                continue
            if block.needs_spark and not has_spark():
                skipped += 1
                continue
            commands += 1
            finished = run(block.body, folder, program)
            if finished.returncode != 0:
                print(f"{document}:{block.line}: ended with {finished.returncode}\n{block.body}---\n{finished.stdout}")
                if block.needs_spark:
                    run("linkwright spark down", folder, program)
                return 1
    print(f"{document}: {commands} blocks of commands run")
    if skipped:
        print(f"skipped: {skipped} blocks need Java and Spark; `make spark` installs both")
    return SKIPPED if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
