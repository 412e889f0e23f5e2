#include "compare/pair_conditions.h"

#include <arrow/builder.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <vector>

#include "column/test_records.h"
#include "compare/comparison_program.h"
#include "compare/pair_comparer.h"
#include "compare/test_levels.h"
#include "compare/tile_comparer.h"

namespace linkwright {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Columns of all kinds, with nulls, from small sets of values, so that pairs meet in every way.
class MixedRecords {
 public:
  MixedRecords(size_t rows, uint32_t seed) : random_(seed) {
    arrow::FieldVector fields;
    arrow::ArrayVector arrays;
    const auto add = [&](const char* name, const std::shared_ptr<arrow::Array>& array) {
      fields.push_back(arrow::field(name, array->type()));
      arrays.push_back(array);
      if (std::string(name) != "unique_id") options_.encoded.emplace_back(name);
    };
    arrow::Int64Builder ids;
    for (size_t row = 0; row < rows; ++row) EXPECT_TRUE(ids.Append(static_cast<int64_t>(row)).ok());
    add("unique_id", *ids.Finish());
    add("x", numbers<arrow::DoubleBuilder>(rows, {0.0, -0.0, 1.5, 1.6, -3.0, 1e300, kInfinity, -kInfinity, kNan}));
    add("lat", numbers<arrow::DoubleBuilder>(rows, {51.5, 51.501, 52.0, -33.0, 90.0, 0.0}));
    add("lon", numbers<arrow::DoubleBuilder>(rows, {-0.1, -0.11, 179.9, -179.9, 0.0}));
    add("f", numbers<arrow::FloatBuilder>(rows, {0.1F, 0.2F, 0.3F, 16777216.0F}));
    std::vector<int64_t> integers = {0, 1, 2, -5, 40, 1'000'000'007};
    while (integers.size() < rows) integers.push_back(integers[random_() % 6] * static_cast<int64_t>(random_() % 50));
    add("n", numbers<arrow::Int64Builder>(rows, integers));
    add("born", numbers<arrow::Date32Builder>(rows, {0, 1, 30, 31, 364, 365, -1, 20'000}));
    add("p", texts(rows));
    add("tags", tags(rows));
    add("v", vectors<arrow::DoubleBuilder>(rows));
    add("w", vectors<arrow::FloatBuilder>(rows));
    ThreadPool pool(1);
    records =
        RecordTable::make({{"people", arrow::Table::Make(arrow::schema(fields), arrays)}}, options_, pool).ValueOrDie();
  }

  RecordTable records;

 private:
  template <typename Values>
  auto any_of(const Values& values) {
    return values[random_() % values.size()];
  }
  bool is_null() { return random_() % 7 == 0; }

  template <typename Builder>
  std::shared_ptr<arrow::Array> numbers(size_t rows, const std::vector<typename Builder::value_type>& values) {
    Builder builder;
    for (size_t row = 0; row < rows; ++row) {
      EXPECT_TRUE((is_null() ? builder.AppendNull() : builder.Append(any_of(values))).ok());
    }
    return *builder.Finish();
  }

  std::shared_ptr<arrow::Array> texts(size_t rows) {
    test::Texts values;
    const std::vector<std::string> known = {"", "1", "22", "ann", "anne", "hannah"};
    for (size_t row = 0; row < rows; ++row) {
      values.push_back(is_null() ? std::optional<std::string>() : std::optional(any_of(known)));
    }
    return test::text_array(values);
  }

  std::shared_ptr<arrow::Array> tags(size_t rows) {
    auto items = std::make_shared<arrow::StringBuilder>();
    arrow::ListBuilder builder(arrow::default_memory_pool(), items);
    const std::vector<std::string> known = {"a", "ab", "abc", "b", ""};
    for (size_t row = 0; row < rows; ++row) {
      if (is_null()) {
        EXPECT_TRUE(builder.AppendNull().ok());
        continue;
      }
      EXPECT_TRUE(builder.Append().ok());
      for (uint32_t left = random_() % 4; left > 0; --left) {
        EXPECT_TRUE((is_null() ? items->AppendNull() : items->Append(any_of(known))).ok());
      }
    }
    return *builder.Finish();
  }

  template <typename Builder>
  std::shared_ptr<arrow::Array> vectors(size_t rows) {
    auto items = std::make_shared<Builder>();
    arrow::ListBuilder builder(arrow::default_memory_pool(), items);
    for (size_t row = 0; row < rows; ++row) {
      if (is_null()) {
        EXPECT_TRUE(builder.AppendNull().ok());
        continue;
      }
      EXPECT_TRUE(builder.Append().ok());
      for (int i = 0; i < 3; ++i) {
        const auto number = static_cast<typename Builder::value_type>(static_cast<int>(random_() % 5) - 2) / 3;
        EXPECT_TRUE(items->Append(number).ok());
      }
    }
    return *builder.Finish();
  }

  std::mt19937 random_;
  RecordTableOptions options_;
};

constexpr const char* kKilometres =
    "cast(acos(case when (sin(radians(lat_l)) * sin(radians(lat_r)) + cos(radians(lat_l)) * cos(radians(lat_r)) * "
    "cos(radians(lon_r - lon_l))) > 1 then 1 when (sin(radians(lat_l)) * sin(radians(lat_r)) + cos(radians(lat_l)) * "
    "cos(radians(lat_r)) * cos(radians(lon_r - lon_l))) < -1 then -1 else (sin(radians(lat_l)) * sin(radians(lat_r)) + "
    "cos(radians(lat_l)) * cos(radians(lat_r)) * cos(radians(lon_r - lon_l))) end) * 6371 as float)";

std::string pairwise(const std::string& extreme, const std::string& distance) {
  return extreme +
         "(list_transform(flatten(list_transform(tags_l, x -> list_transform(tags_r, y -> [x, y]))), pair -> " +
         distance + "(pair[1], pair[2])))";
}

std::vector<std::vector<std::string>> comparisons() {
  const std::string kilometres = kKilometres;
  return {
      {"lat_l is null or lat_r is null", kilometres + " <= 1", kilometres + " <= 100", kilometres + " <= 10000"},
      {"(abs(x_l - x_r) / (case when x_r > x_l then x_r else x_l end)) < 0.1", "x_l > x_r", "x_l / x_r = 1", "ELSE"},
      {"greatest(x_l, x_r) > least(n_l, n_r)", "nullif(x_l, x_r) is null", "coalesce(x_l, x_r, 3.0) < 2", "ELSE"},
      {"f_l + f_r = 0.3::float", "f_l * n_r > 1", "f_l < 0.25 and n_r > 0", "not (f_l = f_r)"},
      // Differences of FLOAT and DECIMAL numbers are rounded to their own digits, not to those of a double.
      {"abs(f_l - f_r) <= 0.1", "abs(f_l - f_r) < 0.2", "ELSE"},
      {"abs(cast(lat_l as decimal(12, 3)) - cast(lat_r as decimal(12, 3))) < 0.001",
       "abs(cast(lat_l as decimal(12, 3)) - cast(lat_r as decimal(12, 3))) <= 0.499", "ELSE"},
      // Thresholds that are the same to six digits after the point.
      {"abs(lat_l - lat_r) <= 0.4989999999", "abs(lat_l - lat_r) <= 0.4990000001", "ELSE"},
      {"jaro_winkler_similarity(p_l, p_r) >= 0.94166670", "jaro_winkler_similarity(p_l, p_r) >= 0.94166663", "ELSE"},
      {"case n_l when n_r then x_l > 0 when 1 then x_r > 1 end", "n_l % 3 = n_r % 3", "n_l * 0.5 >= n_r", "ELSE"},
      {"n_l in (1, n_r, 40)", "n_l between n_r and 40", "n_l - n_r is distinct from 5", "ELSE"},
      {"abs(date_diff('month', born_l, born_r)) <= 1", "date_diff('year', born_r, born_l) = 1",
       "abs(date_diff('week', born_l, born_r)) < 3", "born_l - born_r > 300", "ELSE"},
      {"array_length(list_intersect(tags_l, tags_r)) >= 2", "array_length(list_intersect(tags_r, tags_l)) = 0",
       "list_has_any(tags_l, tags_r)", "ELSE"},
      {"list_has_all(tags_l, tags_r)", "list_has_all(tags_r, tags_l)",
       "least(array_length(tags_l), array_length(tags_r)) <> 0 and array_length(list_intersect(tags_l, tags_r)) = "
       "least(array_length(tags_l), array_length(tags_r))",
       "ELSE"},
      {"array_cosine_similarity(v_l, v_r) >= 0.9", "list_distance(v_l, v_r) < 1", "list_inner_product(v_l, v_r) > 0.2",
       "list_cosine_distance(v_r, v_l) < 1", "ELSE"},
      {"array_cosine_similarity(w_l, w_r) >= 0.9::float", "list_distance(w_l, w_r) < 1",
       "list_inner_product(w_l, w_r) > 0.2", "ELSE"},
      {pairwise("list_max", "jaro_winkler_similarity") + " >= 0.9", pairwise("list_min", "levenshtein") + " <= 1",
       pairwise("list_max", "jaro_similarity") + " is null", "ELSE"},
      // '' has no integer, but it is not asked for one.
      {"case when p_r = '' or p_r > '9' then n_l > 1 else cast(p_r as bigint) + n_l > 3 end",
       "levenshtein(p_l, p_r) / greatest(length(p_l), length(p_r)) < 0.5", "starts_with(p_l, p_r)", "ELSE"},
      {"p_l is not null and tags_r is null", "x_l < n_r and p_l = p_r", "ELSE"},
  };
}

// Every pair of the records as a tile, as pairs one by one and as SQL one value after another.
TEST(PairConditions, GiveTheLevelsOfTheSqlForAllKindsOfValues) {
  constexpr size_t kRows = 330;  // more right values than a block has
  const MixedRecords mixed(kRows, 1);
  for (const std::vector<std::string>& conditions : comparisons()) {
    SCOPED_TRACE(conditions[0]);
    const Comparison comparison = test::comparison_of(conditions);
    const auto program = ComparisonProgram::compile({comparison}, mixed.records, {});
    ASSERT_TRUE(program.ok()) << program.status().message();
    const ComparisonProgram::Choice choice = (*program)->all();
    std::vector<uint32_t> rows(kRows);
    for (uint32_t row = 0; row < kRows; ++row) rows[row] = row;
    TileComparer tile(choice);
    ASSERT_TRUE(tile.load({rows, rows, true}).ok());
    PairComparer pairs(choice);
    std::vector<AgreementPattern> patterns(kRows);
    std::vector<AgreementPattern> alone(kRows);
    for (uint32_t i = 0; i < kRows; i += 17) {
      ASSERT_TRUE(tile.compare_row(i, i + 1, patterns.data()).ok());
      std::vector<RowPair> of_row;
      for (uint32_t j = i + 1; j < kRows; ++j) of_row.push_back({i, j});
      ASSERT_TRUE(pairs.compare(of_row, alone.data()).ok());
      for (uint32_t j = i + 1; j < kRows; j += 5) {
        const size_t expected = *test::level_by_sql(comparison, mixed.records, {i, j});
        ASSERT_EQ(choice.patterns.level(patterns[j], 0), expected) << "rows " << i << " and " << j;
        ASSERT_EQ(choice.patterns.level(alone[j - i - 1], 0), expected) << "rows " << i << " and " << j;
      }
    }
  }
}

Status compare_all(const std::string& condition, const RecordTable& records) {
  const auto program = ComparisonProgram::compile({test::comparison_of({condition})}, records, {}).ValueOrDie();
  std::vector<uint32_t> rows(records.num_rows());
  for (uint32_t row = 0; row < rows.size(); ++row) rows[row] = row;
  TileComparer tile(program->all());
  ARROW_RETURN_NOT_OK(tile.load({rows, rows, true}));
  std::vector<AgreementPattern> patterns(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) ARROW_RETURN_NOT_OK(tile.compare_row(i, i + 1, patterns.data()));
  return Status::OK();
}

TEST(PairConditions, RaiseTheErrorOfAPairAsSqlDoes) {
  const RecordTable records = test::records_of({{"p", {"1", "9223372036854775807"}}});
  EXPECT_THAT(compare_all("cast(p_l as bigint) + cast(p_r as bigint) > 3", records).message(),
              testing::HasSubstr("integer overflow in 1 + 9223372036854775807"));
  EXPECT_TRUE(compare_all("cast(p_l as bigint) - cast(p_r as bigint) > 3", records).ok());
}

TEST(PairConditions, RefuseVectorsOfTwoLengthsAsSqlDoes) {
  const RecordTable records = test::records_of({{"p", {"1,2", "1,2,3"}}});
  const std::string left = "list_transform(string_split(p_l, ','), x -> cast(x as double))";
  const std::string right = "list_transform(string_split(p_r, ','), x -> cast(x as double))";
  EXPECT_THAT(compare_all("list_distance(" + left + ", " + right + ") < 1", records).message(),
              testing::HasSubstr("lists of one length, not 2 and 3"));
}

}  // namespace
}  // namespace linkwright
