"""Random Splink settings over the columns of random_data: every level of Splink's library, and rules of every shape."""

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import ColumnExpression, SettingsCreator, block_on

from splink_forms import comparison_of

TEXTS = ["first_name", "surname", "city", "postcode", "email", "dob"]
METRICS = ["second", "minute", "hour", "day", "month", "year"]


def some(random, choices, at_most):
    """One or more of the choices, in their order."""
    picked = set(random.sample(range(len(choices)), random.randrange(1, min(at_most, len(choices)) + 1)))
    return [choice for index, choice in enumerate(choices) if index in picked]


def transformed(random, column):
    """The column itself, or an expression over it."""
    expression = ColumnExpression(column)
    return random.choice([
        column, column, expression.lower(), expression.substr(1, random.randrange(1, 5)), expression.nullif("anna"),
        expression.regex_extract("^[a-z]+"), expression.lower().substr(2, 3)])


def text_levels(random):
    """A comparison put together from levels, one of each kind at most."""
    column = random.choice(TEXTS[:4])
    other = random.choice([name for name in TEXTS[:4] if name != column])
    null = random.choice([cll.NullLevel(column), cll.NullLevel(column, valid_string_pattern="^[a-zA-Z]"),
                          cll.And(cll.NullLevel(column), cll.NullLevel(other))])
    middle = [
        cll.ExactMatchLevel(transformed(random, column)),
        cll.ColumnsReversedLevel(column, other, symmetrical=random.random() < 0.5),
        cll.And(cll.ExactMatchLevel(column), cll.ExactMatchLevel(other)),
        cll.And(cll.JaroWinklerLevel(column, 0.9), cll.Not(cll.ExactMatchLevel(other))),
        cll.Or(cll.LevenshteinLevel(column, 1), cll.DamerauLevenshteinLevel(column, 2)),
        cll.LiteralMatchLevel(column, "london", "string", random.choice(["both", "left", "right"])),
        cll.LevenshteinLevel(transformed(random, column), random.randrange(1, 4)),
        cll.JaroLevel(transformed(random, column), random.choice([0.95, 0.8, 0.7])),
        cll.CustomLevel(f"substr({column}_l, 1, 1) = substr({column}_r, 1, 1) and "
                        f"length({column}_l) = length({column}_r)"),
        cll.CustomLevel(f"lower({column}_l) like '%an%' and upper({column}_r) = upper({column}_l)"),
        cll.CustomLevel(f"coalesce({column}_l, 'none') = coalesce({column}_r, 'none')"),
        cll.CustomLevel(f"case when {column}_l is null then false else {column}_l = {other}_r end"),
    ]
    levels = [null, *random.sample(middle, random.randrange(1, 5)), cll.ElseLevel()]
    return cl.CustomComparison(levels, output_column_name=f"custom_{column}")


def number_levels(random):
    column = random.choice(["age", "income"])
    middle = [cll.ExactMatchLevel(column), cll.AbsoluteDifferenceLevel(column, random.choice([1, 2.5, 20])),
              cll.PercentageDifferenceLevel(column, random.choice([0.05, 0.25])),
              cll.CustomLevel(f"{column}_l between {column}_r - 30 and {column}_r + 30"),
              cll.CustomLevel(f"{column}_l * 2 > {column}_r + 1 and {column}_l % 2 = {column}_r % 2")]
    return cl.CustomComparison([cll.NullLevel(column), *random.sample(middle, random.randrange(1, 4)),
                                cll.ElseLevel()], output_column_name=column)


def array_levels(random):
    middle = [cll.ArrayIntersectLevel("tags", random.randrange(1, 4)),
              cll.ArraySubsetLevel("tags", empty_is_subset=random.random() < 0.5),
              cll.PairwiseStringDistanceFunctionLevel("tags", random.choice(["levenshtein", "jaro_winkler"]), 1),
              cll.ExactMatchLevel("tags")]
    return cl.CustomComparison([cll.NullLevel("tags"), *random.sample(middle, random.randrange(1, 4)),
                                cll.ElseLevel()], output_column_name="tags")


def date_comparison(random):
    metrics = sorted(random.sample(METRICS, random.randrange(1, 4)), key=METRICS.index)
    arguments = {"metrics": metrics, "thresholds": [random.choice([1, 3, 10]) for _ in metrics]}
    return random.choice([
        lambda: cl.AbsoluteDateDifferenceAtThresholds(
            "dob", input_is_string=True, invalid_dates_as_null=random.random() < 0.5, **arguments),
        lambda: cl.AbsoluteDateDifferenceAtThresholds("born", input_is_string=False, **arguments),
        lambda: cl.AbsoluteTimeDifferenceAtThresholds("seen", input_is_string=False, **arguments)])()


def comparison(random):
    """One comparison of any kind."""
    text = random.choice(TEXTS)
    return random.choice([
        lambda: cl.ExactMatch(random.choice(["first_name", "surname", "city", "age", "member", "born"])),
        lambda: cl.LevenshteinAtThresholds(text, some(random, [1, 2, 3, 5], 3)),
        lambda: cl.DamerauLevenshteinAtThresholds(text, some(random, [1, 2, 3], 2)),
        lambda: cl.JaroAtThresholds(text, some(random, [0.95, 0.9, 0.8, 0.7], 3)),
        lambda: cl.JaroWinklerAtThresholds(text, some(random, [0.95, 0.92, 0.9, 0.88, 0.7], 4)),
        lambda: cl.JaccardAtThresholds(text, some(random, [0.9, 0.8, 0.5], 2)),
        lambda: cl.NameComparison(random.choice(["first_name", "surname"])),
        lambda: cl.ForenameSurnameComparison("first_name", "surname"),
        lambda: cl.DateOfBirthComparison("dob", input_is_string=True, invalid_dates_as_null=random.random() < 0.5),
        lambda: cl.DateOfBirthComparison("born", input_is_string=False),
        lambda: cl.PostcodeComparison("postcode", invalid_postcodes_as_null=random.random() < 0.5),
        lambda: cl.PostcodeComparison("postcode", lat_col="latitude", long_col="longitude", km_thresholds=[1, 50]),
        lambda: cl.EmailComparison("email"),
        lambda: cl.ArrayIntersectAtSizes("tags", some(random, [3, 2, 1], 3)),
        lambda: cl.PairwiseStringDistanceFunctionAtThresholds(
            "tags", random.choice(["levenshtein", "damerau_levenshtein"]), [1, 2]),
        lambda: cl.DistanceInKMAtThresholds("latitude", "longitude", some(random, [1, 20, 80], 2)),
        lambda: cl.CosineSimilarityAtThresholds("vector", some(random, [0.95, 0.8, 0.5], 2)),
        lambda: date_comparison(random), lambda: text_levels(random), lambda: number_levels(random),
        lambda: array_levels(random)])()


def adjust_term_frequencies(random, levels):
    """Turns term frequency adjustments on as a user may who writes levels by hand."""
    for level in levels:
        if "tf_adjustment_column" not in level:
            continue
        level["tf_adjustment_weight"] = random.choice([1.0, 1.0, 0.5, 0.3, 0.0])
        if random.random() < 0.3:
            level["tf_minimum_u_value"] = random.choice([0.001, 0.05, 0.2])
        if random.random() < 0.3:
            level["disable_tf_exact_match_detection"] = True
    exact = next((level for level in levels if level.get("tf_adjustment_column")), None)
    if exact and random.random() < 0.3:  # a fuzzy level may be adjusted too
        fuzzy = next((level for level in levels if "similarity" in level["sql_condition"]), None)
        if fuzzy:
            fuzzy["tf_adjustment_column"] = exact["tf_adjustment_column"]
            fuzzy["tf_adjustment_weight"] = random.choice([1.0, 0.5])
            fuzzy["tf_minimum_u_value"] = random.choice([0.0, 0.01])


def can_be_adjusted(comparison_dict):
    conditions = [level["sql_condition"] for level in comparison_dict["comparison_levels"]]
    columns = ("first_name", "surname", "city", "postcode", "email", "dob")
    return any(condition == f'"{column}_l" = "{column}_r"' for condition in conditions for column in columns)


def short_form(random):
    """A comparison of Splink's library by its name, as a job file may have it, and its levels."""
    spec = random.choice([
        {"comparison": "ExactMatch", "column": "city", "term_frequency_adjustments": True},
        {"comparison": "NameComparison", "column": "first_name", "term_frequency_adjustments": True},
        {"comparison": "NameComparison", "column": "surname", "jaro_winkler_thresholds": [0.95, 0.8]},
        {"comparison": "ForenameSurnameComparison", "forename_col_name": "first_name", "surname_col_name": "surname"},
        {"comparison": "DateOfBirthComparison", "column": "dob", "input_is_string": True},
        {"comparison": "DateOfBirthComparison", "column": "born", "input_is_string": False,
         "datetime_thresholds": [10, 3], "datetime_metrics": ["day", "year"]},
        {"comparison": "PostcodeComparison", "column": "postcode"},
        {"comparison": "PostcodeComparison", "column": "postcode", "invalid_postcodes_as_null": True,
         "lat_col": "latitude", "long_col": "longitude", "km_thresholds": [1, 30]},
        {"comparison": "EmailComparison", "column": "email"},
        {"comparison": "LevenshteinAtThresholds", "column": "surname", "distance_threshold_or_thresholds": 2},
        {"comparison": "DamerauLevenshteinAtThresholds", "column": "dob"},
        {"comparison": "JaroAtThresholds", "column": "city"},
        {"comparison": "JaroWinklerAtThresholds", "column": "email", "score_threshold_or_thresholds": [0.92, 0.8]},
        {"comparison": "ArrayIntersectAtSizes", "column": "tags", "size_threshold_or_thresholds": [2, 1]},
        {"comparison": "AbsoluteDateDifferenceAtThresholds", "column": "dob", "input_is_string": True,
         "metrics": ["month", "year"], "thresholds": [1, 2]},
        {"comparison": "AbsoluteTimeDifferenceAtThresholds", "column": "seen", "input_is_string": False,
         "metrics": ["hour"], "thresholds": [5]},
        {"comparison": "DistanceInKMAtThresholds", "lat_col": "latitude", "long_col": "longitude",
         "km_thresholds": [5, 50]},
        {"comparison": "CosineSimilarityAtThresholds", "column": "vector"}])
    return spec, comparison_of(spec).create_comparison_dict("duckdb")["output_column_name"]


def comparisons(random):
    chosen = {}
    for _ in range(random.randrange(2, 6)):
        if random.random() < 0.15:
            spec, name = short_form(random)
            chosen.setdefault(name, spec)
            continue
        candidate = comparison(random)
        as_dict = candidate.create_comparison_dict("duckdb")
        if can_be_adjusted(as_dict) and random.random() < 0.5:
            candidate = candidate.configure(term_frequency_adjustments=True)
            as_dict = candidate.create_comparison_dict("duckdb")
            adjust_term_frequencies(random, as_dict["comparison_levels"])
        chosen.setdefault(as_dict["output_column_name"], as_dict)
    return list(chosen.values())


RULES = [
    "l.first_name = r.first_name", "l.surname = r.surname", "l.dob = r.dob", "l.city = r.city", "l.email = r.email",
    "l.postcode = r.postcode", "l.age = r.age", "l.born = r.born",
    "l.first_name = r.first_name and l.surname = r.surname",
    "substr(l.surname, 1, 2) = substr(r.surname, 1, 2) and l.city = r.city",
    "lower(l.first_name) = lower(r.first_name)",
    "l.first_name = r.surname",
    "l.first_name = r.surname and l.surname = r.first_name",
    "substr(l.postcode, 1, 3) = substr(r.postcode, 2, 3)",
    "l.city = r.city and l.age < r.age",
    "l.city = r.city and l.first_name <> r.first_name",
    "l.city = r.city and abs(l.age - r.age) <= 2",
    "l.surname = r.surname and levenshtein(l.first_name, r.first_name) <= 2",
    "l.city = r.city and (l.dob = r.dob or l.email = r.email)",
    "(l.city = r.city and l.age = r.age) or (l.city = r.city and l.dob = r.dob)",
    "l.surname = r.surname and l.city is not null and r.age > 20",
    "l.postcode = r.postcode and jaro_winkler_similarity(l.surname, r.surname) >= 0.9",
    "l.city = r.city and substr(l.dob, 1, 4) = substr(r.dob, 1, 4) and l.member = r.member",
    "l.age = r.age + 1",
    "regexp_extract(l.email, '^[^@]+', 0) = regexp_extract(r.email, '^[^@]+', 0)",
    "coalesce(l.city, 'x') = coalesce(r.city, 'x') and l.surname = r.surname",
]
EXPLODING_RULES = [
    {"blocking_rule": "l.tags = r.tags", "arrays_to_explode": ["tags"]},
    {"blocking_rule": "l.tags = r.tags and l.city = r.city", "arrays_to_explode": ["tags"]},
    {"blocking_rule": "l.tags = r.tags and l.age < r.age", "arrays_to_explode": ["tags"]},
]
TRAINING_RULES = [
    "l.first_name = r.first_name", "l.surname = r.surname", "l.city = r.city", "l.dob = r.dob",
    "l.first_name = r.first_name and l.surname = r.surname", "l.email = r.email",
    "substr(l.surname, 1, 1) = substr(r.surname, 1, 1)", "l.member = r.member",
]


def blocking_rules(random):
    rules = [block_on(*some(random, ["first_name", "substr(surname,1,2)", "city", "age"], 2)).get_blocking_rule(
        "duckdb").as_dict() if random.random() < 0.15 else {"blocking_rule": rule, "sql_dialect": "duckdb"}
        for rule in random.sample(RULES, random.randrange(1, 5))]
    if random.random() < 0.25:
        rules.insert(random.randrange(len(rules) + 1), {**random.choice(EXPLODING_RULES), "sql_dialect": "duckdb"})
    return rules


def settings(random, link_type, id_column):
    """Settings as Splink writes them to JSON, some comparisons in the short form of a job file."""
    result = SettingsCreator(
        link_type=link_type, comparisons=[], blocking_rules_to_generate_predictions=[],
        probability_two_random_records_match=random.choice([0.0001, 0.003, 0.05]),
        em_convergence=random.choice([0.0001, 0.0001, 0.01]), max_iterations=random.choice([25, 25, 5]),
        retain_matching_columns=random.random() < 0.8,
        retain_intermediate_calculation_columns=random.random() < 0.7,
        additional_columns_to_retain=random.choice([[], [], ["cluster"], ["member", "cluster"]]),
        unique_id_column_name=id_column).create_settings_dict(sql_dialect_str="duckdb")
    result["comparisons"] = comparisons(random)
    result["blocking_rules_to_generate_predictions"] = blocking_rules(random)
    return result


def training(random):
    """The training part of a job; empty for a model of default probabilities."""
    if random.random() < 0.1:
        return {}
    spec = {}
    if random.random() < 0.8:
        spec["prior"] = {"rules": random.sample(RULES, random.randrange(1, 4)), "recall": random.choice([0.6, 0.9, 1.0])}
    if random.random() < 0.9:
        spec["u"] = {"method": "all_pairs"}
    if random.random() < 0.25:
        spec["m_from_label_column"] = "cluster"
        return spec
    sessions = []
    for rule in random.sample(TRAINING_RULES, random.randrange(1, 4)):
        session = {"rule": rule}
        if random.random() < 0.5:  # Splink's default keeps them, one probability a pair and not a pattern
            session["without_term_frequencies"] = True
        for option in ("fix_m_probabilities", "fix_probability_two_random_records_match",
                       "populate_probability_two_random_records_match_from_trained_values"):
            if random.random() < 0.1:
                session[option] = True
        if random.random() < 0.2 or session.get("fix_m_probabilities"):
            session["fix_u_probabilities"] = False
        sessions.append(session)
    spec["em"] = sessions
    return spec
