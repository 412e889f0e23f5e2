#include "column/common_type.h"

#include <arrow/array.h>
#include <arrow/type.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "column/test_records.h"
#include "expr/arrow_values.h"

namespace linkwright {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr ValueType kText{ValueKind::kText};
constexpr ValueType kInteger{ValueKind::kInteger};
constexpr ValueType kDouble{ValueKind::kDouble};
constexpr ValueType kFloat{ValueKind::kDouble, ValueKind::kNull, ValueKind::kNull, true};

ValueType list_of(const ValueType& element) {
  return {ValueKind::kList, element.kind, element.element, element.is_single_precision};
}

template <typename Builder, typename... Values>
std::shared_ptr<arrow::Array> array_of(Values... values) {
  Builder builder;
  EXPECT_TRUE((builder.Append(values).ok() && ... && builder.AppendNull().ok()));
  return builder.Finish().ValueOrDie();
}

// What DuckDB 2.0 makes of the two in a UNION ALL.
TEST(CommonType, IsTheWiderOfTwo) {
  EXPECT_EQ(common_type(kInteger, kDouble), kDouble);
  EXPECT_EQ(common_type(kFloat, kInteger), kFloat);
  EXPECT_EQ(common_type(kFloat, kDouble), kDouble);
  EXPECT_EQ(common_type(kInteger, kText), kText);
  EXPECT_EQ(common_type(kText, {ValueKind::kDate}), kText);
  EXPECT_EQ(common_type({ValueKind::kDate}, {ValueKind::kTimestamp}), ValueType{ValueKind::kTimestamp});
  EXPECT_EQ(common_type({ValueKind::kNull}, kInteger), kInteger);
  EXPECT_EQ(common_type(list_of(kInteger), list_of(kDouble)), list_of(kDouble));
  EXPECT_EQ(common_type(list_of({ValueKind::kNull}), list_of(kText)), list_of(kText));
}

TEST(CommonType, IsNoneForAListAndAValueOrForADateAndANumber) {
  EXPECT_EQ(common_type(list_of(kText), kText), std::nullopt);
  EXPECT_EQ(common_type({ValueKind::kDate}, kInteger), std::nullopt);
}

TEST(Widened, WritesValuesAsTheCommonType) {
  const auto whole = array_of<arrow::Int64Builder>(12, -7);
  const auto numbers = widened(whole, kDouble).ValueOrDie();
  EXPECT_EQ(static_cast<const arrow::DoubleArray&>(*numbers).Value(1), -7.0);
  EXPECT_TRUE(numbers->IsNull(2));
  const auto texts = widened(whole, kText).ValueOrDie();
  EXPECT_EQ(static_cast<const arrow::StringArray&>(*texts).GetView(0), "12");
  EXPECT_TRUE(texts->IsNull(2));
  const auto halves = widened(array_of<arrow::DoubleBuilder>(0.5, 10.0), kText).ValueOrDie();
  EXPECT_EQ(static_cast<const arrow::StringArray&>(*halves).GetView(1), "10.0");
  EXPECT_EQ(widened(whole, kInteger).ValueOrDie(), whole);
}

TEST(Widened, RefusesAnIntegerThatIsTooLarge) {
  const auto large = array_of<arrow::UInt64Builder>(uint64_t{1} << 63);
  EXPECT_THAT(widened(large, kText).status().message(), HasSubstr("write the column as text"));
}

// pandas writes the same column as integers, and as doubles when a value is missing.
TEST(RecordTable, WidensAColumnToTheTypeThatAllInputsHave) {
  ThreadPool pool(1);
  const auto with_age = [](const std::shared_ptr<arrow::Array>& age) {
    arrow::Int64Builder ids;
    for (int64_t row = 0; row < age->length(); ++row) EXPECT_TRUE(ids.Append(row).ok());
    return arrow::Table::Make(
        arrow::schema({arrow::field("unique_id", arrow::int64()), arrow::field("age", age->type())}),
        {ids.Finish().ValueOrDie(), age});
  };
  RecordTableOptions options = test::all_columns({{"age", {}}});
  options.has_sources = true;
  const RecordTable records = RecordTable::make({{"a", with_age(array_of<arrow::Int64Builder>(5))},
                                                 {"b", with_age(array_of<arrow::DoubleBuilder>(5.0))}},
                                                options, pool)
                                  .ValueOrDie();
  const EncodedColumn* age = *records.column("age");
  EXPECT_EQ(age->type, kDouble);
  EXPECT_THAT(age->codes, ElementsAre(1, 0, 1, 0));
}

TEST(RecordTable, LeavesColumnsOfTypesWithoutValuesAlone) {
  ThreadPool pool(1);
  const auto photo = array_of<arrow::BinaryBuilder>("jpeg");
  const auto table = arrow::Table::Make(
      arrow::schema({arrow::field("unique_id", arrow::int64()), arrow::field("photo", arrow::binary())}),
      {array_of<arrow::Int64Builder>(1)->Slice(0, 1), photo->Slice(0, 1)});
  RecordTableOptions options;
  options.has_sources = true;
  EXPECT_TRUE(RecordTable::make({{"a", table}, {"b", table}}, options, pool).ok());
}

}  // namespace
}  // namespace linkwright
