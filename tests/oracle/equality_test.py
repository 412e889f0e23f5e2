#!/usr/bin/env python3
"""The comparison of outputs must see every kind of difference, or the oracle tests prove nothing."""

import copy
import unittest

import pyarrow

import equality

PREDICTIONS = pyarrow.table({
    "unique_id_l": [1, 1, 2], "unique_id_r": [2, 3, 3], "match_weight": [1.5, -2.0, float("inf")],
    "gamma_name": [1, None, -1], "name_l": ["ann", None, ""], "match_key": ["0", "0", "1"]})
MODEL = {"probability_two_random_records_match": 0.001, "comparisons": [{
    "output_column_name": "name", "comparison_levels": [
    {"sql_condition": "name_l = name_r", "m_probability": 0.9, "u_probability": 0.1},
    {"sql_condition": "ELSE", "m_probability": 0.1}]}]}


def with_column(name, values):
    at = PREDICTIONS.column_names.index(name)
    return PREDICTIONS.set_column(at, name, pyarrow.array(values, PREDICTIONS.schema.field(name).type))


def differences(actual):
    return equality.prediction_differences(PREDICTIONS, actual, "unique_id")


class TableDifferences(unittest.TestCase):
    def test_none_for_the_same_rows_in_another_order(self):
        self.assertEqual(differences(PREDICTIONS.take([2, 0, 1])), [])

    def test_none_for_numbers_within_the_tolerance(self):
        self.assertEqual(differences(with_column("match_weight", [1.5 + 9e-10, -2.0, float("inf")])), [])

    def test_sees_a_number_beyond_the_tolerance(self):
        self.assertRegex(differences(with_column("match_weight", [1.5 + 2e-9, -2.0, float("inf")]))[0], r"\(1, 2\)")

    def test_sees_a_finite_number_for_an_infinite_one(self):
        self.assertIn("match_weight differs in 1", differences(with_column("match_weight", [1.5, -2.0, 1e308]))[0])

    def test_sees_a_value_for_null_and_null_for_a_value(self):
        self.assertIn("gamma_name differs in 1", differences(with_column("gamma_name", [1, 0, -1]))[0])
        self.assertIn("name_l differs in 1", differences(with_column("name_l", ["ann", None, None]))[0])

    def test_sees_another_match_key(self):
        self.assertIn("match_key", differences(with_column("match_key", ["0", "1", "1"]))[0])

    def test_sees_missing_turned_and_doubled_pairs(self):
        self.assertIn("1 missing", differences(PREDICTIONS.slice(1))[0])
        self.assertIn("such as [(2, 1)]", differences(with_column("unique_id_l", [2, 1, 2]).set_column(
            1, "unique_id_r", pyarrow.array([1, 3, 3])))[0])
        self.assertIn("1 twice", differences(pyarrow.concat_tables([PREDICTIONS, PREDICTIONS.slice(0, 1)]))[0])

    def test_sees_a_missing_column(self):
        self.assertIn("['match_key'] are missing", differences(PREDICTIONS.drop(["match_key"]))[0])


class ModelDifferences(unittest.TestCase):
    def test_none_for_the_same_model(self):
        self.assertEqual(equality.model_differences(MODEL, copy.deepcopy(MODEL)), [])

    def test_sees_other_missing_and_superfluous_probabilities(self):
        for key, level, value in (("u_probability", 0, 0.1 + 2e-9), ("m_probability", 1, None),
                                  ("u_probability", 1, 0.5)):
            other = copy.deepcopy(MODEL)
            other["comparisons"][0]["comparison_levels"][level][key] = value
            self.assertIn(key, equality.model_differences(MODEL, other)[0])

    def test_sees_another_prior(self):
        other = {**MODEL, "probability_two_random_records_match": 0.0011}
        self.assertIn("probability_two_random", equality.model_differences(MODEL, other)[0])


if __name__ == "__main__":
    unittest.main()
