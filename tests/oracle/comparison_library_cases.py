#!/usr/bin/env python3
"""Compares short forms of comparisons and of block_on with what Splink 5.0.0 makes of the same call.

    comparison_library_cases.py EXPAND            listed and random calls; the fixture must hold the listed ones
    comparison_library_cases.py EXPAND --write    writes tests/fixtures/comparison_library.json from the listed ones

EXPAND is the program expand_comparisons. A case is a short form as it stands in settings, and is turned into Splink's
objects here, so that both sides read the same JSON. Exit code 77: splink is not installed.
"""
import json
import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))

try:
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    import splink_forms
except ImportError as missing:
    print(f"skipped: {missing}; pip install splink==5.0.0")
    sys.exit(77)

FIXTURE = pathlib.Path(__file__).resolve().parents[1] / "fixtures" / "comparison_library.json"

COLUMNS = ["a", "first name", "Name", "a[0]", "a[1]", "a[-1]", "a[ 2 ]", "a['lat']", '"q c"', "order", "group", "a.b",
           "a.b[1]", "x[1][2]", "  a ", "a-b", "a::int", "été", "日本", "'lit'", "a+b", "1a", "not a", "a b c", "(a", "$1"]
EXPRESSIONS = [
    "lower(a)", "LOWER(\"First Name\")", "substr(a,1,3)", "substring(a from 1 for 2)", "substring(a from 2)",
    "trim(leading 'x' from a)", "trim(both ' ' from a)", "trim(trailing from a)", "trim('x' from a)",
    "position('x' in a)", "a || b", "a||' '||b",
    "(a || b)[1]", "lower(a)[1:3]", "string_split(a,' ')[1]", "lower(trim(a))", "year(dob)", "cast(a as int)",
    "cast(a as varchar(10))", "(a)::varchar", "lower(a::text)", "coalesce(a,b,'x')", "ifnull(a, b)", "nullif(a,'')",
    "regexp_extract(a,'^[A-Z]+')", "regexp_extract(a,'x',0)", "regexp_extract(a, 'x', 1)",
    "regexp_replace(a,'[^a-z]','','g')", "try_strptime(dob,'%Y-%m-%d')", "strftime(d, '%Y-%m')",
    "date_trunc('month', d)", "date_diff('day',a,b)", "left(a,2)", "upper(right(a , 2))", "concat(a,b)",
    "concat_ws('-', a, b)", "case when lower(a)='x' or b>1 then 'y' else c end", "if(a = 'x', lower(b), c)",
    "not (a is not null)", "(a is null) and b in (1,2)", "(a not in (1, 2))", "(a between 1 and 2)",
    "(a not between 1 and 2)", "(a not like 'x%')", "(a ilike 'it''s')", "(a != b)", "(a == b)", "(a is true)",
    "(a is not false)", "(a is distinct from b)", "(a isnull)", "(a notnull)", "-(a)", "(- a + 1 * (b - 2) % 3)",
    "(a // 2)", "(a ^ 2)", "list_transform(names, x -> lower(x))", "list_transform(names, lambda x: lower(x))",
    "list_filter(names, x -> x > 'a')", "list_sort(a)", "list_contains(a,'x')", "len(a)", "pow(a, 2)", "log10(a)",
    "extract(year from d)", "(a = date '1990-01-01')", "greatest(a, .5, 1e5)", "list_value(a,b)[1]", "([a, b])[2]",
    "lower( a )", "lower(e'a\\n' || a)", "array_distinct(a)", "(a @> b)", "(a && b)", "(a ~ 'x')", "(a ^@ 'x')",
    "try_cast(a as decimal(10,2))", "cast(a as double[])", "lpad(a,5,'0')", "strip_accents(lower(a))",
]
TRANSFORMED = [
    {"column": "a", "transforms": ["lower"]},
    {"column": "first name", "transforms": ["lower", {"substr": [1, 3]}]},
    {"column": "a", "transforms": [{"substr": {"start": 2, "length": 4}}]},
    {"column": "a", "transforms": [{"regex_extract": "^[A-Z]{1,4}"}]},
    {"column": "a", "transforms": [{"regex_extract": ["^(\\w+)@(.+)$", 2]}]},
    {"column": "a", "transforms": [{"regex_extract": {"pattern": "x", "capture_group": 1}}, "lower"]},
    {"column": "dob", "transforms": ["try_parse_date"]},
    {"column": "dob", "transforms": [{"try_parse_date": "%d/%m/%Y"}]},
    {"column": "dob", "transforms": ["try_parse_timestamp", "cast_to_string"]},
    {"column": "dob", "transforms": [{"try_parse_timestamp": {"timestamp_format": "%Y"}}]},
    {"column": "n", "transforms": ["cast_to_string", {"nullif": ""}]},
    {"column": "n", "transforms": [{"nullif": "unknown"}, "lower"]},
    {"column": "names", "transforms": [{"access_extreme_array_element": "first"}]},
    {"column": "names", "transforms": [{"access_extreme_array_element": ["last"]}, "lower"]},
    {"column": "a || b", "transforms": ["lower"]},
    {"column": "substr(a, 1, 2)", "transforms": ["lower", "cast_to_string"]},
]
METRICS = ["second", "minute", "hour", "day", "month", "year"]
LEVELS = [
    {"level": "NullLevel", "column": "a"},
    {"level": "NullLevel", "column": "a", "valid_string_pattern": "^[0-9]+$"},
    {"level": "ElseLevel"},
    {"level": "CustomLevel", "sql_condition": "a_l = b_r"},
    {"level": "CustomLevel", "sql_condition": "a_l = b_r", "label_for_charts": "Crossed"},
    {"sql_condition": "a_l = b_r", "label_for_charts": "Crossed", "m_probability": 0.25},
    {"level": "ExactMatchLevel", "col_name": "first name"},
    {"level": "ExactMatchLevel", "column": "a", "term_frequency_adjustments": True},
    {"level": "ExactMatchLevel", "column": '"q c"', "term_frequency_adjustments": True, "tf_minimum_u_value": 0.001},
    {"level": "ExactMatchLevel", "column": "a", "tf_adjustment_column": "b", "tf_adjustment_weight": 0.5,
     "disable_tf_exact_match_detection": True, "m_probability": 0.5, "u_probability": 1e-5, "fix_m_probability": True,
     "fix_u_probability": True, "label_for_charts": "same"},
    {"level": "LiteralMatchLevel", "column": "a", "literal_value": "x", "literal_datatype": "string"},
    {"level": "LiteralMatchLevel", "column": "a", "literal_value": "5", "literal_datatype": "int",
     "side_of_comparison": "left"},
    {"level": "LiteralMatchLevel", "column": "a", "literal_value": "-2.50", "literal_datatype": "float",
     "side_of_comparison": "right"},
    {"level": "LiteralMatchLevel", "column": "a", "literal_value": ".5", "literal_datatype": "float"},
    {"level": "LiteralMatchLevel", "column": "d", "literal_value": "2000-01-01", "literal_datatype": "date",
     "side_of_comparison": "both"},
    {"level": "ColumnsReversedLevel", "col_name_1": "a", "col_name_2": "b"},
    {"level": "ColumnsReversedLevel", "col_name_1": "a", "col_name_2": {"column": "b", "transforms": ["lower"]},
     "symmetrical": True},
    {"level": "LevenshteinLevel", "column": "a", "distance_threshold": 2},
    {"level": "DamerauLevenshteinLevel", "column": "a", "distance_threshold": 1},
    {"level": "JaroWinklerLevel", "column": "a", "distance_threshold": 0.88},
    {"level": "JaroWinklerLevel", "column": TRANSFORMED[1], "distance_threshold": 1},
    {"level": "JaroLevel", "column": "a", "distance_threshold": 0.9},
    {"level": "JaccardLevel", "column": "a", "distance_threshold": 0.9},
    {"level": "DistanceFunctionLevel", "column": "a", "distance_function_name": "hamming", "distance_threshold": 2,
     "higher_is_more_similar": False},
    {"level": "DistanceFunctionLevel", "column": "a", "distance_function_name": "jaro_similarity",
     "distance_threshold": 0.5},
    {"level": "PairwiseStringDistanceFunctionLevel", "column": "a", "distance_function_name": "jaro",
     "distance_threshold": 0.8},
    {"level": "PairwiseStringDistanceFunctionLevel", "column": "a", "distance_function_name": "damerau_levenshtein",
     "distance_threshold": 1},
    {"level": "CosineSimilarityLevel", "column": "a", "similarity_threshold": 0.9},
    *[{"level": f"Absolute{kind}DifferenceLevel", "column": "a", "input_is_string": is_text, "threshold": threshold,
       "metric": metric, **rest}
      for kind in ["Time", "Date"] for is_text in [True, False]
      for threshold, metric, rest in [(1, "day", {}), (1.5, "month", {}), (2, "second", {"datetime_format": "%d/%m/%Y"}),
                                      (0.5, "hour", {}), (1e-7, "minute", {}), (1e20, "year", {})]],
    {"level": "DistanceInKMLevel", "lat_col": "la", "long_col": "lo", "km_threshold": 10},
    {"level": "DistanceInKMLevel", "lat_col": "la", "long_col": "lo", "km_threshold": 0.5, "not_null": True},
    {"level": "ArrayIntersectLevel", "column": "a"},
    {"level": "ArrayIntersectLevel", "column": "a", "min_intersection": 3},
    {"level": "ArraySubsetLevel", "column": "a"},
    {"level": "ArraySubsetLevel", "column": TRANSFORMED[0], "empty_is_subset": True},
    *[{"level": "PercentageDifferenceLevel", "column": "a", "percentage_threshold": share}
      for share in [0, 1, 0.1, 0.12345, 5e-05]],
    {"level": "AbsoluteDifferenceLevel", "column": "a", "difference_threshold": 2},
    {"level": "AbsoluteDifferenceLevel", "column": "a", "difference_threshold": 2.0},
]
PARTS = [{"level": "NullLevel", "column": "a"}, {"level": "NullLevel", "column": "b"},
         {"level": "ExactMatchLevel", "column": "a"}, {"sql_condition": "b_l = b_r"},
         {"level": "LevenshteinLevel", "column": "c", "distance_threshold": 1},
         {"level": "AbsoluteDateDifferenceLevel", "column": "d", "input_is_string": True, "threshold": 1,
          "metric": "day"}]
LEVELS += [
    {"level": "And", "comparison_levels": PARTS[2:]},
    {"level": "And", "comparison_levels": PARTS[:2]},
    {"level": "Or", "comparison_levels": PARTS[:2], "label_for_charts": "One is missing"},
    {"level": "Or", "comparison_levels": PARTS[1:3], "m_probability": 0.5},
    {"level": "And", "comparison_levels": PARTS[:1]},
    {"level": "Not", "comparison_level": PARTS[0]},
    {"level": "Not", "comparison_level": {"level": "Or", "comparison_levels": [
        PARTS[2], {"level": "Not", "comparison_level": PARTS[4]}]}},
]
ADJUSTED = {"term_frequency_adjustments": True}


def custom(*levels, **rest):
    return {"comparison": "CustomComparison", "output_column_name": "x", "comparison_levels": list(levels), **rest}


def listed_comparisons():
    for column in [*COLUMNS, *EXPRESSIONS, *TRANSFORMED]:
        yield {"comparison": "ExactMatch", "column": column, **ADJUSTED}
    for column in ["a", "first name", '"q c"', "lower(a)", TRANSFORMED[0]]:
        yield {"comparison": "ExactMatch", "column": column}
        yield {"comparison": "NameComparison", "column": column}
        yield {"comparison": "NameComparison", "column": column, "term_frequency_adjustments": False}
    for name, key, choices in [
            ("LevenshteinAtThresholds", "distance_threshold_or_thresholds", [1, [1, 2], [2, 4, 6], []]),
            ("DamerauLevenshteinAtThresholds", "distance_threshold_or_thresholds", [1, [3], [1, 2.0]]),
            ("JaroAtThresholds", "score_threshold_or_thresholds", [0.9, [0.9, 0.7], [1], [1.0, 0.5], [1e-05]]),
            ("JaroWinklerAtThresholds", "score_threshold_or_thresholds", [0.9, [0.95, 0.9, 0.8], [1]]),
            ("JaccardAtThresholds", "score_threshold_or_thresholds", [0.9, [0.9, 0.5]]),
            ("CosineSimilarityAtThresholds", "score_threshold_or_thresholds", [0.9, [0.9, 0.5]]),
            ("ArrayIntersectAtSizes", "size_threshold_or_thresholds", [1, [3, 1], [0, 0]])]:
        for rest in [{}, ADJUSTED]:
            yield {"comparison": name, "column": "a", **rest}
            for values in choices:
                yield {"comparison": name, "column": "a", key: values, **rest}
    yield {"comparison": "LevenshteinAtThresholds", "column": TRANSFORMED[1]}
    for column in ["a", TRANSFORMED[0]]:
        for function, higher in [("hamming", False), ("jaro_similarity", True)]:
            for values in [1, [1, 2], [0.5]]:
                yield {"comparison": "DistanceFunctionAtThresholds", "column": column,
                       "distance_function_name": function, "distance_threshold_or_thresholds": values,
                       "higher_is_more_similar": higher}
        for function in ["levenshtein", "damerau_levenshtein", "jaro_winkler", "jaro"]:
            for values in [1, [0.9, 0.7]]:
                yield {"comparison": "PairwiseStringDistanceFunctionAtThresholds", "column": column,
                       "distance_function_name": function, "distance_threshold_or_thresholds": values}
    for values in [0.9, [0.9], [0.92, 0.7], [0.7, 0.92], [0.88], [1], []]:
        for sounds in [{}, {"dmeta_col_name": "sounds"}]:
            for rest in [{}, ADJUSTED]:
                yield {"comparison": "NameComparison", "column": "a", "jaro_winkler_thresholds": values, **sounds, **rest}
    yield {"comparison": "NameComparison", "col_name": "a"}
    yield {"comparison": "NameComparison", "column": "a", "m_probabilities": [.5, .2, .1, .1, .1],
           "u_probabilities": [.01, .02, .03, .04, .9]}
    for names in [("f", "s"), ("first name", "lower(s)"), (TRANSFORMED[0], "s")]:
        for rest in [{}, ADJUSTED, {"jaro_winkler_thresholds": []}, {"jaro_winkler_thresholds": 0.9},
                     {"forename_surname_concat_col_name": "full name"}]:
            yield {"comparison": "ForenameSurnameComparison", "forename_col_name": names[0],
                   "surname_col_name": names[1], **rest}
    for is_text in [True, False]:
        for invalid_as_null in [True, False]:
            for rest in [{}, {"datetime_format": "%d/%m/%Y"}]:
                start = {"input_is_string": is_text, "invalid_dates_as_null": invalid_as_null, **rest}
                for column in ["dob", "first name", TRANSFORMED[0]]:
                    yield {"comparison": "DateOfBirthComparison", "column": column, **start}
                for counts, metrics in [([1, 2], ["day", "month"]), ([1.5], ["year"]), (3, "day"), ([1], ["second"])]:
                    yield {"comparison": "DateOfBirthComparison", "column": "dob", "datetime_thresholds": counts,
                           "datetime_metrics": metrics, **start}
                    for kind in ["Time", "Date"]:
                        for adjust in [{}, ADJUSTED]:
                            yield {"comparison": f"Absolute{kind}DifferenceAtThresholds", "column": "d",
                                   "thresholds": counts, "metrics": metrics, **start, **adjust}
    for km in [1, [1, 10], [0.5], []]:
        yield {"comparison": "DistanceInKMAtThresholds", "lat_col": "la", "long_col": "lo", "km_thresholds": km}
        for invalid_as_null in [True, False]:
            for place in [{}, {"lat_col": "la", "long_col": "lo"}]:
                for rest in [{}, ADJUSTED]:
                    yield {"comparison": "PostcodeComparison", "column": "pc", "km_thresholds": km,
                           "invalid_postcodes_as_null": invalid_as_null, **place, **rest}
    yield {"comparison": "PostcodeComparison", "column": TRANSFORMED[0], "lat_col": "la", "long_col": TRANSFORMED[0]}
    for column in ["email", "E Mail", TRANSFORMED[0], "lower(email)"]:
        for rest in [{}, ADJUSTED]:
            yield {"comparison": "EmailComparison", "column": column, **rest}
    for level in LEVELS:
        if level.get("level") != "ElseLevel":
            yield custom(level, {"sql_condition": "z_l = z_r"}, {"level": "ElseLevel"})
    yield custom(*LEVELS[6:9], {"level": "ElseLevel"}, **ADJUSTED, m_probabilities=[0.5, 0.25, 0.2, 0.05])
    yield custom({"level": "And", "comparison_levels": PARTS[:2]}, PARTS[2], PARTS[3], {"level": "ElseLevel"},
                 **ADJUSTED, u_probabilities=[0.1, 0.2, 0.7])
    # What Splink refuses.
    yield {"comparison": "JaroAtThresholds", "column": "a", "score_threshold_or_thresholds": [0.9, 1.5]}
    yield {"comparison": "NameComparison", "column": "a", "m_probabilities": [0.5]}
    yield {"comparison": "ExactMatch", "column": "a[b]"}
    yield {"comparison": "DateOfBirthComparison", "column": "a", "input_is_string": True, "datetime_thresholds": [1, 2],
           "datetime_metrics": ["day"]}
    yield {"comparison": "DateOfBirthComparison", "column": "a", "input_is_string": True, "datetime_thresholds": [1],
           "datetime_metrics": ["week"]}
    yield custom({"level": "ExactMatchLevel", "column": "lower(a)", "term_frequency_adjustments": True}, LEVELS[2])
    yield custom({"level": "PercentageDifferenceLevel", "column": "a", "percentage_threshold": 1.5}, LEVELS[2])
    yield custom({"level": "PairwiseStringDistanceFunctionLevel", "column": "a", "distance_function_name": "jaccard",
                  "distance_threshold": 1}, LEVELS[2])
    yield custom({"level": "And", "comparison_levels": []}, LEVELS[2])


def listed_rules():
    for key in [*COLUMNS, *EXPRESSIONS, *TRANSFORMED]:
        yield {"block_on": [key]}
    yield {"block_on": "first name"}
    yield {"block_on": ["first name", "substr(surname, 1, 2)", TRANSFORMED[1]]}
    yield {"block_on": ["a", "b"]}
    yield {"block_on": ["a[b]"]}


def random_case(generator):
    """A comparison with arguments that no list above names."""
    pick = generator.choice
    column = pick([*COLUMNS, *EXPRESSIONS, *TRANSFORMED])
    share = lambda: round(generator.random(), generator.randint(1, 17))
    count = lambda: pick([generator.randint(0, 50), round(generator.random() * 10 ** generator.randint(-8, 20), 3)])
    many = lambda one: pick([one(), [one() for _ in range(generator.randint(1, 4))]])
    adjusted = {"term_frequency_adjustments": pick([True, False])} if generator.random() < 0.5 else {}
    kind = generator.randrange(7)
    if kind == 0:
        name = pick(["Levenshtein", "DamerauLevenshtein"])
        return {"comparison": f"{name}AtThresholds", "column": column, "distance_threshold_or_thresholds": many(count),
                **adjusted}
    if kind == 1:
        name = pick(["Jaro", "JaroWinkler", "Jaccard", "Cosine"]).replace("Cosine", "CosineSimilarity")
        return {"comparison": f"{name}AtThresholds", "column": column, "score_threshold_or_thresholds": many(share),
                **adjusted}
    if kind == 2:
        counts = [count() for _ in range(generator.randint(1, 3))]
        return {"comparison": f"Absolute{pick(['Time', 'Date'])}DifferenceAtThresholds", "column": pick(COLUMNS),
                "input_is_string": pick([True, False]), "thresholds": counts,
                "metrics": [pick(METRICS) for _ in counts], "invalid_dates_as_null": pick([True, False]), **adjusted}
    if kind == 3:
        return {"comparison": "DistanceInKMAtThresholds", "lat_col": column, "long_col": pick(COLUMNS),
                "km_thresholds": many(count)}
    if kind == 4:
        # Splink takes an expression for a column when it adjusts term frequencies, which some are too strange for.
        surname = pick([expression for expression in EXPRESSIONS if not set(expression) & set('[]"')])
        return {"comparison": "ForenameSurnameComparison", "forename_col_name": pick([*COLUMNS, *TRANSFORMED]),
                "surname_col_name": surname, "jaro_winkler_thresholds": many(share), **adjusted}
    if kind == 5:
        levels = [pick(LEVELS) for _ in range(generator.randint(1, 5))]
        levels = [level for level in levels if level.get("level") != "ElseLevel"]
        return custom(PARTS[2], *levels, {"level": "ElseLevel"}, **adjusted)
    return {"block_on": [pick([*COLUMNS, *EXPRESSIONS, *TRANSFORMED]) for _ in range(generator.randint(1, 3))]}


def splink_answer(case):
    try:
        if "block_on" in case:
            rule = splink_forms.block_on_of(case["block_on"])
            return {"blocking_rule": rule.create_blocking_rule_dict("duckdb")["blocking_rule"]}
        comparison = splink_forms.comparison_of(case)
        answer = comparison.create_comparison_dict("duckdb")
        comparison.get_comparison("duckdb")
    except (ValueError, TypeError, ZeroDivisionError) as refusal:
        return {"error": str(refusal)}
    for level in answer["comparison_levels"]:
        # linkwright keeps names of columns bare, and puts quotes around them where SQL needs them.
        column = level.get("tf_adjustment_column", "")
        if column.startswith('"') and column.endswith('"'):
            level["tf_adjustment_column"] = column[1:-1]
    return answer


def as_compared(answer):
    """Errors are worded differently; all else must be equal, 1 and 1.0 apart."""
    if "error" in answer:
        return "refused"
    return json.dumps(answer, sort_keys=True)


def differences(program, cases):
    lines = "".join(json.dumps(case) + "\n" for case, _ in cases)
    output = subprocess.run([program], input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    if len(output) != len(cases):
        sys.exit(f"{program} answered {len(output)} of {len(cases)} cases")
    count = 0
    for (case, expected), line in zip(cases, output):
        answer = json.loads(line)
        if as_compared(answer) == as_compared(expected):
            continue
        count += 1
        if count <= 20:
            print(f"different: {json.dumps(case, ensure_ascii=False)}\n  linkwright {line}\n  Splink     {json.dumps(expected)}")
    return count


def main():
    program = sys.argv[1]
    listed = [(case, splink_answer(case)) for case in [*listed_comparisons(), *listed_rules()]]
    classes = {case.get("comparison") for case, _ in listed} | {level.get("level") for level in LEVELS}
    forgotten = [name for name in [*cl.__all__, *cll.__all__] if name not in classes]
    if forgotten:
        sys.exit(f"no case for {', '.join(forgotten)}")
    if "--write" in sys.argv:
        cases = ",\n".join(json.dumps({"case": case, "splink": answer}, ensure_ascii=False) for case, answer in listed)
        FIXTURE.write_text(f"[\n{cases}\n]\n")
    if json.loads(FIXTURE.read_text()) != [{"case": case, "splink": answer} for case, answer in listed]:
        sys.exit(f"{FIXTURE.name} is not what Splink gives now; write it anew with --write")
    generator = random.Random(20)
    made = [random_case(generator) for _ in range(600)]
    count = differences(program, listed + [(case, splink_answer(case)) for case in made])
    print(f"{len(listed)} listed and {len(made)} random cases, {count} different")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
