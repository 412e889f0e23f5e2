"""Splink's objects for what job files write in short form: comparisons, levels, columns with transforms, and block_on.

The names in the JSON are those of Splink's classes and parameters, with "column" for col_name (docs/jobs.md).
"""

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import ColumnExpression, block_on

LEVEL_OPTIONS = ["m_probability", "u_probability", "tf_adjustment_column", "tf_adjustment_weight", "tf_minimum_u_value",
                 "is_null_level", "label_for_charts", "disable_tf_exact_match_detection", "fix_m_probability",
                 "fix_u_probability"]
COMPARISON_OPTIONS = ["term_frequency_adjustments", "m_probabilities", "u_probabilities"]


def column_of(written):
    """A text as it is, or the ColumnExpression of {"column": ..., "transforms": [...]}."""
    if isinstance(written, str):
        return written
    expression = ColumnExpression(written["column"])
    for step in written["transforms"]:
        name, arguments = (step, []) if isinstance(step, str) else next(iter(step.items()))
        if isinstance(arguments, dict):
            expression = getattr(expression, name)(**arguments)
        else:
            expression = getattr(expression, name)(*(arguments if isinstance(arguments, list) else [arguments]))
    return expression


def arguments_of(written, options):
    """What the constructor takes, and what `configure` takes."""
    given, configured = {}, {}
    for key, value in written.items():
        if key in ("comparison", "level"):
            continue
        key = "col_name" if key == "column" else key
        if isinstance(value, dict) and "transforms" in value:
            value = column_of(value)
        (configured if key in options else given)[key] = value
    return given, configured


def level_of(written):
    """A level in short form; one with an sql_condition stays as it is."""
    if "level" not in written:
        return written
    name = written["level"]
    given, configured = arguments_of(written, LEVEL_OPTIONS)
    if name in ("And", "Or"):
        level = getattr(cll, name)(*[level_of(part) for part in given["comparison_levels"]])
    elif name == "Not":
        level = cll.Not(level_of(given["comparison_level"]))
    else:
        level = getattr(cll, name)(**given)
    return level.configure(**configured)


def is_short(comparison):
    return "comparison" in comparison or any("level" in level for level in comparison["comparison_levels"])


def comparison_of(written):
    """A comparison in short form, or with levels in short form."""
    given, configured = arguments_of(written, COMPARISON_OPTIONS)
    if "comparison_levels" in given:
        given["comparison_levels"] = [level_of(level) for level in given["comparison_levels"]]
    return getattr(cl, written.get("comparison", "CustomComparison"))(**given).configure(**configured)


def block_on_of(keys):
    return block_on(*map(column_of, keys if isinstance(keys, list) else [keys]))


def rule_of(written):
    """A rule as Splink takes it: SQL or Splink's own dictionary as it is, or block_on."""
    if isinstance(written, str) or "blocking_rule" in written:
        return written
    return block_on_of(written["block_on"]) if "block_on" in written else written["rule"]
