#include "evaluate/truth_space.h"

#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

namespace linkwright {
namespace {

using ::testing::HasSubstr;

TEST(TruthSpace, CountsRightAndWrongAtEveryThreshold) {
  TruthSpace space;
  space.add(5, true);
  space.add(2, false);
  space.add(1, true);
  const std::vector<TruthSpaceRow> rows = space.rows();
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1].truth_threshold, 2);
  EXPECT_EQ(rows[1].true_positives, 1);
  EXPECT_EQ(rows[1].false_positives, 1);
  EXPECT_EQ(rows[1].false_negatives, 1);
  EXPECT_EQ(rows[1].true_negatives, 0);
  EXPECT_DOUBLE_EQ(rows[1].f1, 0.5);
}

TEST(TruthSpace, CountsTruePairsThatBlockingNeverMadeAsMissed) {
  TruthSpace space;
  space.add(5, true);
  ASSERT_TRUE(space.set_totals(4, 100).ok());
  const TruthSpaceRow row = space.rows().at(0);
  EXPECT_DOUBLE_EQ(row.recall, 0.25);
  EXPECT_EQ(row.false_negatives, 3);
  EXPECT_EQ(row.true_negatives, 96);
  EXPECT_EQ(row.total_labels, 100);
}

TEST(TruthSpace, OfNoPairsHasNoRows) { EXPECT_TRUE(TruthSpace().rows().empty()); }

TEST(TruthSpace, TakesMinusZeroForZero) {
  TruthSpace space({.match_weight_round_to_nearest = 1.0});
  space.add(-0.1, true);
  space.add(0.1, true);
  EXPECT_EQ(space.rows().size(), 1U);
}

TEST(TruthSpace, RefusesTotalsBelowWhatWasCounted) {
  TruthSpace space;
  space.add(1, true);
  space.add(1, false);
  EXPECT_THAT(space.set_totals(0, 10).message(), HasSubstr("1 true"));
  EXPECT_THAT(space.set_totals(1, 1).message(), HasSubstr("1 other"));
  EXPECT_TRUE(space.set_totals(1, 2).ok());
}

double number_or_nan(const nlohmann::json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

// Expected: splink 5.0.0 (tests/oracle/make_truth_space_fixture.py); null stands for NaN.
TEST(TruthSpace, EqualsSplink) {
  std::ifstream file(LINKWRIGHT_SOURCE_DIR "/tests/fixtures/truth_space.json");
  const nlohmann::json cases = nlohmann::json::parse(file);
  ASSERT_GE(cases.size(), 48U);
  for (size_t i = 0; i < cases.size(); ++i) {
    const nlohmann::json& item = cases[i];
    TruthSpaceOptions options;
    options.pairs_not_found_by_blocking_score_zero = item["zero"].get<bool>();
    if (!item["step"].is_null()) options.match_weight_round_to_nearest = item["step"].get<double>();
    TruthSpace space(options);
    uint64_t true_pairs = 0;
    for (const nlohmann::json& pair : item["pairs"]) {
      space.add(pair[0].get<double>(), pair[1].get<bool>(), pair[2].get<bool>());
      true_pairs += pair[1].get<bool>();
    }
    if (!item["total"].is_null()) {
      ASSERT_TRUE(space.set_totals(true_pairs, item["total"].get<uint64_t>()).ok());
    }
    const auto table = truth_space_table(space.rows()).ValueOrDie();
    ASSERT_EQ(table->num_rows(), static_cast<int64_t>(item["rows"].size())) << "case " << i;
    for (int64_t row = 0; row < table->num_rows(); ++row) {
      const nlohmann::json& expected_row = item["rows"][static_cast<size_t>(row)];
      ASSERT_EQ(expected_row.size(), static_cast<size_t>(table->num_columns()));
      for (int column = 0; column < table->num_columns(); ++column) {
        const std::string& name = table->column_name(column);
        const auto scalar = table->column(column)->GetScalar(row).ValueOrDie();
        const double value = static_cast<const arrow::DoubleScalar&>(*scalar).value;
        const double expected = number_or_nan(expected_row.at(name));
        if (std::isnan(expected)) {
          EXPECT_TRUE(std::isnan(value)) << "case " << i << " row " << row << " " << name << " " << value;
        } else {
          const double tolerance = name == "N_rate" ? 1e-7 : 1e-12;  // Splink divides 32-bit floats there
          EXPECT_NEAR(value, expected, tolerance * std::max(1.0, std::abs(expected)))
              << "case " << i << " row " << row << " " << name;
        }
      }
    }
  }
}

}  // namespace
}  // namespace linkwright
