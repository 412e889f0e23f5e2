#!/usr/bin/env python3
"""The messages that the client is generated from are those in the jar of the Spark that it is tested with.

    messages_test.py PROTOC DESCRIPTORS WELL_KNOWN FOLDER

DESCRIPTORS and WELL_KNOWN are what src/spark/proto gives protoc, FOLDER the virtual environment that pyspark is in; 77
where it is in none. The build has the messages from Spark's small Python client (docs/decisions/0057), whose release need
not be the server's.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path


def main():
    protoc, descriptors, well_known, folder = sys.argv[1:]
    jars = sorted(Path(folder).glob("lib/python3*/site-packages/pyspark/jars/spark-connect_*.jar"))
    if not jars:
        print(f"there is no Spark in {folder}")
        return 77
    with tempfile.TemporaryDirectory() as temporary:
        of_jar = Path(temporary)
        with zipfile.ZipFile(jars[0]) as jar:
            names = [name for name in jar.namelist()
                     if name.startswith("spark/connect/") and name.endswith(".proto") and "example" not in name]
            for name in [*names, *(name for name in jar.namelist() if name.startswith("google/protobuf/"))]:
                jar.extract(name, of_jar)
        jars_own, ours = of_jar / "jar.desc", of_jar / "ours.desc"
        subprocess.run([protoc, f"--descriptor_set_in={well_known}:{descriptors}", f"--descriptor_set_out={ours}",
                        *names], check=True)
        subprocess.run([protoc, f"-I{of_jar}", f"--descriptor_set_out={jars_own}", *names], check=True)
        if ours.read_bytes() != jars_own.read_bytes():
            print(f"the messages of the client are not those of {jars[0].name}")
            return 1
    print(f"{len(names)} files of messages are those of {jars[0].name}")
    return 0 if names else 1


if __name__ == "__main__":
    sys.exit(main())
