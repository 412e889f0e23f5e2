#!/usr/bin/env python3
"""Checks that every folder of src/ includes only `base` and folders that its CMakeLists.txt links.

    includes_test.py SOURCE_FOLDER

The LINK lists are the architecture (docs/architecture.md). The linker keeps to them only where a function is called that
is not inline; a header of a folder that is not linked compiles all the same, since all folders share one include path.
"""

import re
import sys
import unittest
from pathlib import Path

ROOT = Path(sys.argv.pop(1)).resolve()
SOURCES = ROOT / "src"
LISTS = {"SOURCES", "TESTS", "LINK", "TEST_LINK"}
EVERYBODYS = "base"
# The library that executors load for tokens compiles kernel/kernel.cc with operations of its own.
BESIDE_LINKS = {"token_kernel": {"kernel"}}


def without_comments(text):
    return re.sub(r"#.*", "", text)


def calls(text, function):
    """The words of each call, that of the target first."""
    return [found.split() for found in re.findall(rf"\b{function}\s*\(([^)]*)\)", text)]


class Folder:
    """A folder with its own library: what it links, and what its tests link on top."""

    def __init__(self, path):
        text = without_comments((path / "CMakeLists.txt").read_text())
        self.path = path
        self.name, self.links, self.test_links = None, set(), set()
        for name, *words in calls(text, "lw_library"):
            self.name = name
            part = None
            for word in words:
                if word in LISTS:
                    part = word
                elif part == "LINK":
                    self.links.add(word)
                elif part == "TEST_LINK":
                    self.test_links.add(word)
        if self.name is None:
            return
        for target, _, *words in calls(text, "lw_link"):
            if target == f"lw_{self.name}":
                self.links.update(words)
        # Programs beside the library: of tests, and those that ship.
        for _, _, *words in calls(text, "target_link_libraries"):
            self.test_links.update(re.sub(r"^(linkwright::|lw_)", "", word) for word in words)

    def is_test(self, path):
        return path.stem.endswith("_test") or "test" in path.stem.split("_") or "fixtures" in path.stem


def all_folders():
    folders = [Folder(path.parent) for path in SOURCES.rglob("CMakeLists.txt") if path.parent != SOURCES]
    return {folder.name: folder for folder in folders if folder.name}


def name_of(path, folders):
    """The library of the folder a header lies in: spark/config/uuid.h is spark_config's."""
    for folder in folders.values():
        if folder.path == path:
            return folder.name
    return None


class Includes(unittest.TestCase):
    folders = all_folders()

    def reach(self, names):
        """These folders and all that they link."""
        reached, waiting = set(), [name for name in names if name in self.folders]
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += [link for link in self.folders[name].links if link in self.folders]
        return reached

    def test_there_are_folders_to_check(self):
        self.assertGreater(len(self.folders), 20)
        self.assertEqual(self.reach(["engine"]) & {"base", "compare", "spark_connect"}, {"base", "compare"})

    def test_no_folder_links_itself_in_a_circle(self):
        for name, folder in self.folders.items():
            with self.subTest(folder=name):
                self.assertNotIn(name, self.reach(folder.links))

    def test_every_include_is_of_a_folder_that_is_linked(self):
        checked, wrong = 0, []
        for folder in self.folders.values():
            linked = self.reach(folder.links) | {folder.name, EVERYBODYS} | BESIDE_LINKS.get(folder.name, set())
            with_tests = self.reach(folder.links | folder.test_links) | linked
            for path in sorted([*folder.path.glob("*.h"), *folder.path.glob("*.cc")]):
                for number, line in enumerate(path.read_text().splitlines(), start=1):
                    include = re.match(r'#include "([\w/]+)\.h"', line)
                    if not include or not (SOURCES / f"{include[1]}.h").exists():
                        continue  # of include/linkwright, or generated
                    included = name_of((SOURCES / f"{include[1]}.h").parent, self.folders)
                    checked += 1
                    if included not in (with_tests if folder.is_test(path) else linked):
                        wrong.append(f"{path.relative_to(ROOT)}:{number}: includes {include[1]}.h, but "
                                     f"{folder.path.relative_to(ROOT)}/CMakeLists.txt does not link {included}")
        self.assertEqual(wrong, [], "\n".join(wrong))
        self.assertGreater(checked, 1000)


if __name__ == "__main__":
    unittest.main(verbosity=2)
