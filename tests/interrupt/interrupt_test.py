#!/usr/bin/env python3
"""Interrupts linkwright in every stage of a run, and in every command while it waits for its input.

    interrupt_test.py LINKWRIGHT

An interrupted program must end soon, with 1 and a message that says what is left; files of an earlier run must stay
byte for byte, and no other file may be there. Nothing here waits for a time to pass: a stage is known by its line of
progress on a terminal, and a command that must be met in the middle of reading reads a pipe that stays open.
"""

import errno
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

LINKWRIGHT = os.path.abspath(sys.argv.pop(1))
RECORDS = 20_000
# A second is promised; a machine busy with other tests gets more. What hangs takes forever.
SOON_SECONDS = 10
HANGS_SECONDS = 60
MESSAGE = "interrupted; nothing of this run is left behind, and older files are as they were"
STAGES = ["read", "prepare", "compile", "prior", "u", "em", "block", "predict", "write", "cluster"]


def job(output, **changes):
    comparisons = [{"output_column_name": name, "comparison_levels": [
        {"sql_condition": f"{name}_l IS NULL OR {name}_r IS NULL", "is_null_level": True},
        {"sql_condition": f"{name}_l = {name}_r", "m_probability": 0.9, "u_probability": 0.01},
        {"sql_condition": f"jaro_winkler_similarity({name}_l, {name}_r) >= 0.8", "m_probability": 0.05,
         "u_probability": 0.02},
        {"sql_condition": "ELSE", "m_probability": 0.05, "u_probability": 0.97}]}
        for name in ["first_name", "surname", "email"]]
    return {
        "name": "interrupt", "inputs": [{"path": "people.parquet"}],
        "settings": {"link_type": "dedupe_only", "comparisons": comparisons,
                     "blocking_rules_to_generate_predictions": ["l.surname = r.surname", "l.city = r.city"]},
        "training": {"prior": {"rules": ["l.email = r.email"], "recall": 0.8}, "u": {"max_pairs": 1e6, "seed": 1},
                     "em": [{"rule": "l.dob = r.dob"}]},
        "predict": {"threshold_match_probability": 0.5}, "cluster": {"threshold_match_probability": 0.9},
        "output": {"dir": output, "format": "parquet"}, **changes}


class Terminal:
    """A program on a terminal of its own, where Ctrl-C is a key."""

    def __init__(self, arguments, folder):
        self.shown = b""
        self.process, self.screen = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execv(LINKWRIGHT, [LINKWRIGHT, *arguments])

    def wait_for(self, pattern):
        """Whether the pattern was shown before the program ended."""
        while not re.search(pattern, self.shown):
            if not self.read():
                return False
        return True

    def read(self):
        if not select.select([self.screen], [], [], HANGS_SECONDS)[0]:
            os.kill(self.process, signal.SIGKILL)
            raise AssertionError(f"silent for {HANGS_SECONDS} s after {self.shown[-300:]!r}")
        try:
            data = os.read(self.screen, 1 << 16)
        except OSError:  # the other end is closed
            data = b""
        self.shown += data
        return bool(data)

    def press_ctrl_c(self):
        os.write(self.screen, b"\x03")

    def finish(self):
        while self.read():
            pass
        _, status = os.waitpid(self.process, 0)
        os.close(self.screen)
        return os.waitstatus_to_exitcode(status)


def contents_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class OnPeople(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        subprocess.run([LINKWRIGHT, "generate", "people", "-n", str(RECORDS), "-o", "people.parquet"], cwd=cls.folder,
                       check=True, capture_output=True)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def write_job(self, name, **changes):
        (self.folder / f"{name}.json").write_text(json.dumps(job(f"out_{name}", **changes)))
        return f"{name}.json", self.folder / f"out_{name}"


class Interrupt(OnPeople):
    def interrupted_in(self, stage, path):
        """Whether the stage was met; then also that the program ended as it should."""
        program = Terminal(["run", path, "--threads", "2"], self.folder)
        met = program.wait_for(rb"\x1b\[K" + stage.encode() + rb"(:| \.\.\.)")
        began = time.monotonic()
        if met:
            program.press_ctrl_c()
        code = program.finish()
        if code == 0:
            return False  # it was faster than the key
        self.assertTrue(met, program.shown)
        self.assertEqual(code, 1, program.shown)
        self.assertIn(MESSAGE.encode(), program.shown)
        self.assertLess(time.monotonic() - began, SOON_SECONDS)
        return True

    def test_leaves_nothing_of_a_run_whatever_its_stage(self):
        path, output = self.write_job("new")
        interrupted = []
        for stage in STAGES:
            if self.interrupted_in(stage, path):
                interrupted.append(stage)
                self.assertFalse(output.exists(), stage)
            else:
                subprocess.run(["rm", "-r", output], check=True)
        # The last two may be over before the key arrives.
        self.assertEqual(interrupted[:len(STAGES) - 2], STAGES[:-2])

    def test_leaves_the_files_of_an_earlier_run_alone(self):
        path, output = self.write_job("again")
        subprocess.run([LINKWRIGHT, "run", path, "--quiet"], cwd=self.folder, check=True, capture_output=True)
        before = contents_of(output)
        self.assertIn("clusters.parquet", before)
        for stage in ["read", "em", "predict", "write"]:
            if self.interrupted_in(stage, path):
                self.assertEqual(contents_of(output), before, stage)
            else:
                before = contents_of(output)  # its report has other times

    def test_removes_a_file_that_is_being_written(self):
        settings = {**job("")["settings"], "blocking_rules_to_generate_predictions": []}  # 200 million pairs, all kept
        path, output = self.write_job("endless", settings=settings, training={}, predict={})
        program = Terminal(["run", path], self.folder)
        self.assertTrue(program.wait_for(rb"\x1b\[Kpredict: "))
        self.assertTrue(any(".part-" in name for name in contents_of(output)))
        program.press_ctrl_c()
        self.assertEqual(program.finish(), 1)
        self.assertFalse(output.exists())

    def assert_leaves_nothing_after_ctrl_c(self, arguments, stage, pattern):
        program = Terminal(arguments, self.folder)
        self.assertTrue(program.wait_for(stage))
        program.press_ctrl_c()
        self.assertEqual(program.finish(), 1)
        self.assertIn(MESSAGE.encode(), program.shown)
        self.assertEqual(list(self.folder.glob(pattern)), [])

    def test_leaves_no_saved_job_of_a_dedupe(self):
        self.assert_leaves_nothing_after_ctrl_c(
            ["dedupe", "people.parquet", "-o", "out_saved", "--save-job", "saved.json"],
            rb"\x1b\[Kprepare(:| \.\.\.)", "*saved*")

    def test_stops_generate(self):
        self.assert_leaves_nothing_after_ctrl_c(
            ["generate", "people", "-n", "1000000000", "-o", "many.csv"], rb"\x1b\[Kgenerate: ", "many*")


# Commands that read an input: PIPE stands for it.
PIPE = "pipe.csv"
READING = [
    ["dedupe", PIPE, "-o", "out_reading"],
    ["link", PIPE, "people.parquet", "-o", "out_reading"],
    ["profile", PIPE],
    ["evaluate", PIPE, "--label", "cluster"],
    ["tokenize", PIPE, "-o", "out_reading.csv", "--mode", "plain"],
    *([command, "reading.json", "-o", "out_reading"] for command in ["run", "train", "blocking", "cluster"]),
]


class InterruptWhileReading(OnPeople):
    """The input is a pipe that stays open and empty: no program gets beyond reading it."""

    def setUp(self):
        os.mkfifo(self.folder / PIPE)
        self.write_job("reading", inputs=[{"path": PIPE}])
        self.before = set(self.folder.rglob("*"))

    def tearDown(self):
        os.unlink(self.folder / PIPE)

    def start(self, arguments, **how):
        """The program, once it reads the pipe, and the pipe's other end."""
        process = subprocess.Popen([LINKWRIGHT, *arguments], cwd=self.folder, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, **how)
        while process.poll() is None:
            try:
                return process, os.open(self.folder / PIPE, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                if error.errno != errno.ENXIO:  # nobody reads yet
                    raise
        self.fail(process.communicate())

    def test_stops_every_command(self):
        for arguments in READING:
            for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
                with self.subTest(command=arguments[0], signal=number.name):
                    process, feeding = self.start(arguments)
                    began = time.monotonic()
                    process.send_signal(number)
                    _, errors = process.communicate(timeout=HANGS_SECONDS)
                    os.close(feeding)
                    self.assertEqual(process.returncode, 1, errors)
                    self.assertIn(MESSAGE, errors)
                    self.assertLess(time.monotonic() - began, SOON_SECONDS)
                    self.assertEqual(set(self.folder.rglob("*")), self.before)

    def test_goes_on_without_a_terminal_under_nohup(self):
        process, feeding = self.start(["run", "reading.json"],
                                      preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)  # the first that counts
        process.communicate(timeout=HANGS_SECONDS)
        os.close(feeding)
        self.assertEqual(process.returncode, 1)

    # Two signals of the same number would be taken for one where the first is not handled yet. Of two that arrive
    # together either may be handled first.
    def test_a_second_signal_ends_it_at_once(self):
        process, feeding = self.start(["run", "reading.json"])
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=HANGS_SECONDS)
        os.close(feeding)
        self.assertIn(process.returncode, [-signal.SIGINT, -signal.SIGTERM])
        self.assertEqual(set(self.folder.rglob("*")), self.before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
