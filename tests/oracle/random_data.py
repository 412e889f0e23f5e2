"""Small random tables of people with every kind of column and every kind of dirt; the same for a seed everywhere.

Uses Python's own generator and no NumPy: its stream never changes between versions.
"""

import datetime

import pyarrow

FIRST_NAMES = ["anna", "ana", "hannah", "johan", "johann", "john", "jon", "müller", "zoë", "zoe", "li", "o'neil",
               "martha", "marhta", "dwayne", "duane", "x", "mary ann", "maryann", "Anna", "日本", "日木"]
SURNAMES = ["smith", "smyth", "smithe", "schmidt", "schmitt", "jones", "johnson", "johnston", "johan", "anna", "ng",
            "van der berg", "vanderberg", "von der bergh", "García", "Garcia", "dixon", "dicksonx"]
CITIES = ["london", "londn", "leeds", "paris", "york", "new york"]
POSTCODES = ["SW1A 1AA", "SW1A 2AA", "SW1A 1AB", "LS1 4DY", "LS1 4DZ", "LS2 7EW", "M1 1AE", "EC1A 1BB", "nonsense"]
EMAILS = ["anna@mail.org", "ana@mail.org", "anna@web.de", "j.smith@mail.org", "jsmith@mail.org", "x@y.z", "no-at-sign",
          "johan.johnson@long-domain.example", "johann.johnson@long-domain.example"]
TAGS = ["red", "green", "blue", "cyan", "reed", "grean"]
LETTERS = "abcdefghijklmnopqrstuvwxyzé "


def typo(random, text):
    if not text:
        return random.choice(LETTERS)
    at = random.randrange(len(text))
    kind = random.randrange(4)
    if kind == 0:
        return text[:at] + random.choice(LETTERS) + text[at + 1:]
    if kind == 1:
        return text[:at] + text[at + 1:]
    if kind == 2:
        return text[:at] + random.choice(LETTERS) + text[at:]
    return text[:at] + text[at:at + 2][::-1] + text[at + 2:]


def person(random):
    born = datetime.date(1950, 1, 1) + datetime.timedelta(days=random.randrange(20000))
    return {
        "first_name": random.choice(FIRST_NAMES), "surname": random.choice(SURNAMES), "dob": born.isoformat(),
        "born": born, "seen": datetime.datetime(2020, 1, 1) + datetime.timedelta(seconds=random.randrange(10**7)),
        "city": random.choice(CITIES), "postcode": random.choice(POSTCODES), "email": random.choice(EMAILS),
        "age": random.randrange(1, 60), "income": round(random.uniform(1, 900), 2), "member": random.random() < 0.5,
        "latitude": round(random.uniform(50, 52), 4), "longitude": round(random.uniform(-2, 1), 4),
        "tags": random.sample(TAGS, random.randrange(0, 4)), "vector": [random.uniform(-1, 1) for _ in range(3)]}


def dirty(random, record, rate):
    """A record of the same entity as a careless clerk would write it."""
    record = dict(record)
    for column in ("first_name", "surname", "city", "postcode", "email"):
        if random.random() < rate:
            record[column] = typo(random, record[column])
    if random.random() < rate / 2:
        record["first_name"], record["surname"] = record["surname"], record["first_name"]
    if random.random() < rate:
        year, month, day = record["dob"].split("-")
        record["dob"] = random.choice([f"{year}-{day}-{month}", f"{year}-{int(month)}-{day}", f"{year}-02-30", "",
                                       f"{int(year) + 10}-{month}-{day}", " " + record["dob"], record["dob"] + " "])
        record["born"] += datetime.timedelta(days=random.choice([-1, 1, 29, 365]))
        record["seen"] += datetime.timedelta(seconds=random.choice([-1, 59, 3600, 86400]))
    if random.random() < rate:
        record["age"] += random.choice([-2, -1, 1, 2])
        record["income"] = round(record["income"] * random.uniform(0.8, 1.2), 2)
        record["latitude"] = round(record["latitude"] + random.uniform(-0.1, 0.1), 4)
        record["vector"] = [number + random.uniform(-0.2, 0.2) for number in record["vector"]]
    if random.random() < rate:
        record["tags"] = random.sample(TAGS, random.randrange(0, 4))
    for column in record:
        if random.random() < rate / 3:
            record[column] = None
        elif isinstance(record[column], str) and random.random() < rate / 20:
            record[column] = ""
    return record


SCHEMA = pyarrow.schema([
    ("first_name", pyarrow.string()), ("surname", pyarrow.string()), ("dob", pyarrow.string()),
    ("born", pyarrow.date32()), ("seen", pyarrow.timestamp("us")), ("city", pyarrow.string()),
    ("postcode", pyarrow.string()), ("email", pyarrow.string()), ("age", pyarrow.int64()),
    ("income", pyarrow.float64()), ("member", pyarrow.bool_()), ("latitude", pyarrow.float64()),
    ("longitude", pyarrow.float64()), ("tags", pyarrow.list_(pyarrow.string())),
    ("vector", pyarrow.list_(pyarrow.float64(), 3)), ("cluster", pyarrow.int64())])


def table(random, entities, size, id_column, id_kind):
    """`size` records of random entities under ids that are unique in this table, in random order."""
    rate = random.choice([0.0, 0.1, 0.3])
    records = []
    for number in random.choices(range(len(entities)), k=size):
        records.append({**dirty(random, entities[number], rate), "cluster": number})
    columns = {name: [record[name] for record in records] for name in SCHEMA.names}
    ids = random.sample(range(2 * size), size)
    if id_kind == "text":  # '10' < '9' and 'B' < 'a': ids are ordered by their bytes
        ids = [f"{random.choice(['', 'a', 'B', 'rec-'])}{number}" for number in ids]
    id_type = pyarrow.string() if id_kind == "text" else pyarrow.int64()
    schema = pyarrow.schema([(id_column, id_type), *SCHEMA])
    return pyarrow.table({id_column: ids, **columns}, schema=schema)


def tables(random, count, id_column):
    """`count` tables about an overlapping set of people."""
    entities = [person(random) for _ in range(random.randrange(10, 80))]
    id_kind = random.choice(["integer", "text"])
    return [table(random, entities, random.randrange(40, 160 if count == 1 else 90), id_column, id_kind)
            for _ in range(count)]
