"""String distances against rapidfuzz (a million pairs of bytes) and DuckDB (bit for bit, as text).

usage: string_distance_test.py PROGRAM, the string_distance_pairs of this folder. Exits 77 (skipped) without the packages.
"""

import random
import struct
import subprocess
import sys

try:
    import duckdb
    import numpy as np
    import pyarrow as pa
    from rapidfuzz.distance import DamerauLevenshtein, Jaro, JaroWinkler, Levenshtein
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

# Short and long, a few letters (so that much is shared) and many, one byte a letter and several.
ALPHABETS = ["ab", "abc", "abcdefgh", "0123456789-", "abcdefghijklmnopqrstuvwxyz .@", "aäöüßé日本木\0"]


def edited(text, letters, rng):
    text = list(text)
    for _ in range(rng.randrange(1, 5)):
        at = rng.randrange(len(text) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            text.insert(at, rng.choice(letters))
        elif at + kind <= len(text):
            text[at : at + kind] = [[], [rng.choice(letters)], text[at + 1 : at + 2] + text[at : at + 1]][kind - 1]
    return "".join(text)


def text_pairs(count, seed):
    rng = random.Random(seed)
    for _ in range(count):
        letters = rng.choice(ALPHABETS)
        longest = rng.choices([4, 10, 30, 70, 200], [2, 5, 4, 1, 0.2])[0]
        a = "".join(rng.choices(letters, k=rng.randrange(longest + 1)))
        b = edited(a, letters, rng) if rng.random() < 0.6 else "".join(rng.choices(letters, k=rng.randrange(longest + 1)))
        yield a, b


def answers(program, pairs):
    packed = b"".join(struct.pack("<I", len(text)) + text for pair in pairs for text in pair)
    ran = subprocess.run([program], input=packed, stdout=subprocess.PIPE, check=True)
    return np.frombuffer(ran.stdout).reshape(-1, 5)


def compare(name, pairs, ours, theirs):
    different = np.flatnonzero(ours != theirs)
    for i in different[:5]:
        print(f"{name}: {pairs[i][0]!r} / {pairs[i][1]!r}: {ours[i]!r}, expected {theirs[i]!r}")
    print(f"{name}: {len(pairs)} pairs, {len(different)} differ")
    return len(different)


def main(program):
    texts = list(text_pairs(1_000_000, seed=1))
    pairs = [(a.encode(), b.encode()) for a, b in texts]
    ours = answers(program, pairs)
    assert len(ours) == len(pairs), "one answer a pair"
    empty = np.array([not a and not b for a, b in pairs])  # rapidfuzz: 1, DuckDB and we: 0
    wrong = 0
    for column, (name, scorer) in enumerate([("levenshtein", Levenshtein.distance),
                                             ("damerau_levenshtein", DamerauLevenshtein.distance),
                                             ("jaro", Jaro.similarity), ("jaro_winkler", JaroWinkler.similarity)]):
        theirs = np.array([scorer(a, b) for a, b in pairs], dtype=float)
        if column >= 2:
            theirs[empty] = 0.0
        wrong += compare(f"rapidfuzz {name}", pairs, ours[:, column], theirs)
    if duckdb.__version__ >= "2":
        table = pa.table({"a": [a for a, _ in texts], "b": [b for _, b in texts]})
        connection = duckdb.connect()
        connection.register("pairs", table)
        for column, function in [(0, "levenshtein"), (1, "damerau_levenshtein"), (2, "jaro_similarity"),
                                 (4, "jaro_winkler_similarity")]:
            theirs = connection.execute(f"SELECT {function}(a, b)::DOUBLE AS s FROM pairs").fetchnumpy()["s"]
            wrong += compare(f"duckdb {function}", pairs, ours[:, column], np.asarray(theirs))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
