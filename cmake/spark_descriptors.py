#!/usr/bin/env python3
"""Writes the messages of Spark Connect, as its Python client carries them, for protoc --descriptor_set_in:

    spark_descriptors.py FOLDER_WITH_PYSPARK OUTPUT

The client's *_pb2.py hold each file's descriptor, serialized, as a literal. It is read without running them, so neither
pyspark's dependencies nor a protobuf for Python are needed.
"""

import ast
import sys
from pathlib import Path

FILE_FIELD = b"\x0a"  # FileDescriptorSet.file: field 1, length-delimited


def serialized_file(module):
    """The argument of the module's AddSerializedFile(b'...')."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "AddSerializedFile":
            return ast.literal_eval(node.args[0])
    raise SystemExit(f"{module}: expected a descriptor, as protoc writes it")


def varint(number):
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(encoded + bytes([number]))


def main():
    folder, output = map(Path, sys.argv[1:])
    files = [serialized_file(module) for module in sorted((folder / "pyspark/sql/connect/proto").glob("*_pb2.py"))]
    output.parent.mkdir(parents=True, exist_ok=True)
    descriptors = b"".join(FILE_FIELD + varint(len(file)) + file for file in files)
    if not output.exists() or output.read_bytes() != descriptors:  # or else all that is generated would be built anew
        output.write_bytes(descriptors)


if __name__ == "__main__":
    main()
