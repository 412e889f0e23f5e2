#!/usr/bin/env python3
"""Tokens of random people against the reference library, openlinktoken, profile py-2.2.

    scripts/with-openlinktoken tests/oracle/openlinktoken_test.py LINKWRIGHT [--seed N] [--records N]

The people are nasty on purpose: titles, suffixes, accents, placeholders, odd digits and spaces, dates in every form.
Hash tokens must be equal; encrypted tokens of both formats must open with the library's own transformer.
"""

import argparse
import csv
import datetime
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from openlinktoken.tokens.token_definition import TokenDefinition
from openlinktoken.tokens.token_generator import TokenGenerator
from openlinktoken.tokentransformer.decrypt_token_transformer import DecryptTokenTransformer
from openlinktoken.tokentransformer.encrypt_token_transformer import EncryptTokenTransformer
from openlinktoken.tokentransformer.hash_token_transformer import HashTokenTransformer
from openlinktoken.tokentransformer.jwe_match_token_formatter import JweMatchTokenFormatter
from openlinktoken.tokentransformer.match_token_constants import strip_supported_v1_token_prefix
from jwcrypto import jwe, jwk
import base64
import json

SECRET = "oracle secret"
KEY = "0123456789abcdef0123456789abcdef"
FIELDS = ["FirstName", "LastName", "BirthDate", "Sex", "PostalCode", "SocialSecurityNumber"]

TITLES = ["", "", "", "Mr ", "mrs. ", "Dr. Prof. ", "HON ", "Sir  ", "Dr.", "rev.\t"]
FIRST = ["John", "Mary Ann", "José", "Zoë", "Jo", "J.", "van der Berg", "Mary-Ann", "N/A", "Łukasz", "李小龙", "Ana/Maria",
         "Test", "test16", "D'Arcy", "Anne\u2010Marie Lou", "Kelvin\u212a", "ſam", "", "  ", "Þór", "A B"]
INITIALS = ["", "", "", " J", " J.", " .", "  Q", "\u00a0J"]
LAST = ["Smith", "Ng", "Li", "O'Brien", "Müller-Lüdenscheidt", "Ty", "X", "Unknown", "Straße", "de la Cruz", "Iv", "Øst",
        "Nguyễn", "\u0301Smith", "Smith\n", "", "Æther"]
SUFFIXES = ["", "", "", " Jr", " jr.", " III", " Jr III", " 3rd", "\tSENIOR", " XI", "\u00a0Sr", " 1ſt", " II II", " ١st"]
SEXES = ["M", "F", "Male", "female", "MALE", " f ", "U", "", "m\n"]
POSTAL = ["98101", "98101-1234", "981011234", "981", "0123", "1234", "12345", "00012", "K1A 0B1", "k1a0b1", "K1A", "M7A 1A1",
          "A1A 1A1", "J1X 1A", "٩٨١٠١", " 98101 ", "98101-", "", "H0H 0H0", "V6B\u20031A1", "5551", "V6B1"]
SSNS = ["172-10-0983", "172100983", "17210-0983", "1234567", "172100983.0", "172100983.5", "000-12-3456", "666-12-3456",
        "900-12-3456", "111-11-1111", "111111111", "123-45-6789", "009-99-9999", "١٧٢١٠٠٩٨٣", " 172-10-0983", "172-00-0983",
        "", "172-10-0983\n", "12-345-678", "899-99-9999"]


def random_date(source):
    day = datetime.date(1900, 1, 1) + datetime.timedelta(days=source.randrange(48000))
    shape = source.choice(["%Y-%m-%d", "%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%m-%d-%Y", "%d.%m.%Y", "%d/%m/%Y", "%m.%d.%Y",
                           "%Y-%m-%dT10:20:30Z", "%Y-%m-%dT23:59:59.123-05:00", "%Y-%m-%dT10:20:30", "%Y-%m/%d",
                           "%Y-%m-%d\n", " %Y-%m-%d", "%Y-02-30", "%Y-%m-%dT10:20:30+24:00", "%Y-%m-1٥"])
    return day.strftime(shape)


def random_person(source):
    any_of = source.choice
    number = f"{source.randrange(1, 999):03}-{source.randrange(100):02}-{source.randrange(10000):04}"
    return {
        "FirstName": any_of(TITLES) + any_of(FIRST) + any_of(INITIALS) + any_of(SUFFIXES),
        "LastName": any_of(LAST) + any_of(SUFFIXES),
        "BirthDate": random_date(source),
        "Sex": any_of(SEXES),
        "PostalCode": any_of(POSTAL),
        "SocialSecurityNumber": any_of(SSNS + [number, number.replace("-", "")]),
    }


def tokenize(linkwright, people, folder, *options):
    source, output = folder / "people.csv", folder / "tokens.csv"
    with open(source, "w", newline="") as file:
        writer = csv.DictWriter(file, ["RecordId", *FIELDS], quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows({"RecordId": number, **person} for number, person in enumerate(people))
    secrets = {"LINKWRIGHT_HASHING_SECRET": SECRET, "LINKWRIGHT_ENCRYPTION_KEY": KEY}
    subprocess.run([linkwright, "tokenize", source, "-o", output, "--profile", "py-2.2", *options], check=True,
                   stdout=subprocess.DEVNULL, env={**os.environ, **secrets})
    with open(output, newline="") as file:
        return {(int(row["RecordId"]), row["RuleId"]): row["Token"] for row in csv.DictReader(file)}


def open_match_token(token):
    """What the library's command line does with a token of format 2."""
    key = jwk.JWK(kty="oct", k=base64.urlsafe_b64encode(KEY.encode()).decode().rstrip("="))
    opened = jwe.JWE()
    opened.deserialize(strip_supported_v1_token_prefix(token), key=key)
    payload = json.loads(opened.payload)
    assert payload["iss"] == "org.openlinktoken" and payload["hash_alg"] == "SHA-256" and payload["mac_alg"] == "HS256"
    return payload["rlid"], DecryptTokenTransformer(KEY).transform(payload["ppid"][0])


def written_by_library(expected):
    """The library's encrypted tokens, in format 1 and format 2 by turns; blank ones stay."""
    encrypt = EncryptTokenTransformer(KEY)
    for number, ((record, rule), token) in enumerate(expected.items()):
        if set(token) != {"0"}:
            token = encrypt.transform(token)
            if number % 2:
                token = JweMatchTokenFormatter(KEY, "ring", rule).transform(token)
        yield {"RuleId": rule, "Token": token, "RecordId": record}


def detokenize(linkwright, rows, folder):
    source, output = folder / "encrypted.csv", folder / "opened.csv"
    with open(source, "w", newline="") as file:
        writer = csv.DictWriter(file, ["RuleId", "Token", "RecordId"])
        writer.writeheader()
        writer.writerows(rows)
    subprocess.run([linkwright, "detokenize", source, "-o", output], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "LINKWRIGHT_ENCRYPTION_KEY": KEY})
    with open(output, newline="") as file:
        return {(int(row["RecordId"]), row["RuleId"]): row["Token"] for row in csv.DictReader(file)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("linkwright")
    parser.add_argument("--seed", type=int, default=20261120)
    parser.add_argument("--records", type=int, default=5000)
    options = parser.parse_args()
    source = random.Random(options.seed)
    people = [random_person(source) for _ in range(options.records)]
    generator = TokenGenerator.from_transformers(TokenDefinition(), [HashTokenTransformer(SECRET)])
    expected = {}
    for number, person in enumerate(people):
        for rule, token in generator.get_all_tokens_via_field_id(person).tokens.items():
            expected[number, rule] = token

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        actual = tokenize(options.linkwright, people, folder, "--mode", "hash")
        one = tokenize(options.linkwright, people[:200], folder, "--mode", "encrypt", "--token-format", "1")
        two = tokenize(options.linkwright, people[:200], folder, "--mode", "encrypt", "--token-format", "2")
        some = dict(list(expected.items())[:1000])
        assert detokenize(options.linkwright, written_by_library(some), folder) == some, "tokens the library encrypted"

    wrong = [key for key in expected if actual.get(key) != expected[key]]
    for number, rule in wrong[:10]:
        print(f"{rule} of {people[number]}: {actual.get((number, rule))}, the library says {expected[number, rule]}")
    blank = "0" * 64
    for key, token in one.items():
        opened = token if token == blank else DecryptTokenTransformer(KEY).transform(token)
        assert opened == expected[key], f"format 1, {key}"
    for key, token in two.items():
        assert token == blank or open_match_token(token) == (key[1], expected[key]), f"format 2, {key}"
    filled = sum(token != blank for token in expected.values())
    print(f"{len(expected)} tokens of {len(people)} people, {filled} not blank, {len(wrong)} different")
    return 1 if wrong or set(actual) != set(expected) or filled < len(expected) // 10 else 0


if __name__ == "__main__":
    sys.exit(main())
