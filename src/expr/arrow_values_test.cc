#include "expr/arrow_values.h"

#include <arrow/array/array_base.h>
#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_decimal.h>
#include <arrow/array/builder_dict.h>
#include <arrow/array/builder_nested.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/array/builder_time.h>
#include <arrow/type.h>
#include <arrow/util/decimal.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linkwright {
namespace {

template <typename Builder, typename... Values>
std::shared_ptr<arrow::Array> array_of(Builder&& builder, const Values&... values) {
  EXPECT_TRUE((builder.Append(values).ok() && ...));
  EXPECT_TRUE(builder.AppendNull().ok());
  return builder.Finish().ValueOrDie();
}

ArrayValues values_of(const std::shared_ptr<arrow::Array>& array) { return ArrayValues::make(array).ValueOrDie(); }

TEST(ArrayValues, ReadsIntegersOfAllWidths) {
  ArrayValues values = values_of(array_of(arrow::Int8Builder(), int8_t{-5}));
  EXPECT_EQ(values.type(), ValueType{ValueKind::kInteger});
  EXPECT_EQ(values.length(), 2);
  EXPECT_EQ(values.at(0).integer, -5);
  EXPECT_TRUE(values.at(1).is_null());
  EXPECT_EQ(values_of(array_of(arrow::UInt32Builder(), 4294967295U)).at(0).integer, 4294967295);
}

TEST(ArrayValues, TakesUnsignedIntegersBeyondBigintForNull) {
  ArrayValues values = values_of(array_of(arrow::UInt64Builder(), uint64_t{7}, ~uint64_t{0}));
  EXPECT_EQ(values.at(0).integer, 7);
  EXPECT_TRUE(values.at(1).is_null());
}

TEST(ArrayValues, ReadsFloatsAndDecimalsAsDoubles) {
  ArrayValues floats = values_of(array_of(arrow::FloatBuilder(), 0.5F));
  EXPECT_TRUE(floats.type().is_single_precision);
  EXPECT_EQ(floats.at(0).number, 0.5);
  ArrayValues decimals =
      values_of(array_of(arrow::Decimal128Builder(arrow::decimal128(10, 2)), arrow::Decimal128(1234)));
  EXPECT_EQ(decimals.type(), ValueType{ValueKind::kDouble});
  EXPECT_EQ(decimals.at(0).number, 12.34);
}

// Ids in NUMBER(38, 0), as warehouses export them.
TEST(ArrayValues, ReadsDecimalsWithoutScaleAsIntegers) {
  ArrayValues ids =
      values_of(array_of(arrow::Decimal128Builder(arrow::decimal128(38, 0)), arrow::Decimal128("9007199254740993"),
                         arrow::Decimal128("-3"), arrow::Decimal128("9223372036854775808")));
  EXPECT_EQ(ids.type(), ValueType{ValueKind::kInteger});
  EXPECT_EQ(ids.at(0).integer, 9007199254740993);
  EXPECT_EQ(ids.at(1).integer, -3);
  EXPECT_TRUE(ids.at(2).is_null());
}

TEST(ArrayValues, ReadsTextsOfAllLayouts) {
  EXPECT_EQ(values_of(array_of(arrow::StringBuilder(), "é")).at(0).text(), "é");
  EXPECT_EQ(values_of(array_of(arrow::LargeStringBuilder(), "")).at(0).text(), "");
  EXPECT_EQ(values_of(array_of(arrow::StringViewBuilder(), "longer than twelve bytes")).at(0).text(),
            "longer than twelve bytes");
  ArrayValues dictionary = values_of(array_of(arrow::StringDictionaryBuilder(), "a", "b", "a"));
  EXPECT_EQ(dictionary.type(), ValueType{ValueKind::kText});
  EXPECT_EQ(dictionary.at(2).text(), "a");
  EXPECT_TRUE(dictionary.at(3).is_null());
}

TEST(ArrayValues, BringsMomentsToDaysAndMicroseconds) {
  EXPECT_EQ(values_of(array_of(arrow::Date64Builder(), int64_t{-1})).at(0).integer, -1);
  auto nanoseconds = arrow::TimestampBuilder(arrow::timestamp(arrow::TimeUnit::NANO), arrow::default_memory_pool());
  EXPECT_EQ(values_of(array_of(nanoseconds, int64_t{-1})).at(0).integer, -1);
  auto seconds =
      arrow::TimestampBuilder(arrow::timestamp(arrow::TimeUnit::SECOND, "UTC"), arrow::default_memory_pool());
  EXPECT_EQ(values_of(array_of(seconds, int64_t{2})).at(0).integer, 2'000'000);
}

TEST(ArrayValues, ReadsSlicesFromTheirOffset) {
  ArrayValues values = values_of(array_of(arrow::Int64Builder(), int64_t{1}, int64_t{2}, int64_t{3})->Slice(1, 2));
  EXPECT_EQ(values.length(), 2);
  EXPECT_EQ(values.at(0).integer, 2);
}

TEST(ArrayValues, NamesTheTypeItCannotRead) {
  const auto type = value_type(*arrow::struct_({arrow::field("x", arrow::int64())}));
  EXPECT_TRUE(type.status().IsNotImplemented());
  EXPECT_THAT(type.status().message(), ::testing::HasSubstr("struct<x: int64>"));
}

// What is built can be read back: all types, nulls inside and outside of lists.
TEST(ValueArrayBuilder, WritesWhatArrayValuesReads) {
  const std::vector<Value> inner = {Value::of_text("a"), Value::null()};
  const std::vector<Value> outer = {Value::of_list(inner), Value::of_list({}), Value::null()};
  const std::vector<std::pair<ValueType, Value>> cases = {
      {{ValueKind::kBoolean}, Value::of_boolean(true)},
      {{ValueKind::kInteger}, Value::of_integer(-3)},
      {{ValueKind::kDouble}, Value::of_double(1.5)},
      {{ValueKind::kText}, Value::of_text("x")},
      {{ValueKind::kDate}, Value::of_date(-1)},
      {{ValueKind::kTimestamp}, Value::of_timestamp(-1)},
      {{ValueKind::kList, ValueKind::kText}, Value::of_list(inner)},
      {{ValueKind::kList, ValueKind::kList, ValueKind::kText}, Value::of_list(outer)},
  };
  for (const auto& [type, value] : cases) {
    SCOPED_TRACE(to_string(type));
    ValueArrayBuilder builder = ValueArrayBuilder::make(type).ValueOrDie();
    ASSERT_TRUE(builder.append(value).ok());
    ASSERT_TRUE(builder.append(Value::null()).ok());
    ArrayValues values = values_of(builder.finish().ValueOrDie());
    EXPECT_EQ(values.type(), type);
    EXPECT_EQ(values.at(0).kind, type.kind);
    EXPECT_TRUE(values.at(1).is_null());
    if (type.kind == ValueKind::kText) {
      EXPECT_EQ(values.at(0).text(), "x");
    }
    if (type.kind == ValueKind::kTimestamp) {
      EXPECT_EQ(values.at(0).integer, -1);
    }
    if (type.element == ValueKind::kText) {
      EXPECT_EQ(values.at(0).list()[0].text(), "a");
      EXPECT_TRUE(values.at(0).list()[1].is_null());
    }
    if (type.element == ValueKind::kList) {
      ASSERT_EQ(values.at(0).list().size(), 3U);
      EXPECT_EQ(values.at(0).list()[0].list()[0].text(), "a");
      EXPECT_TRUE(values.at(0).list()[1].list().empty());
      EXPECT_TRUE(values.at(0).list()[2].is_null());
    }
  }
}

TEST(ValueArrayBuilder, FinishesEmpty) {
  EXPECT_EQ(ValueArrayBuilder::make({ValueKind::kText}).ValueOrDie().finish().ValueOrDie()->length(), 0);
}

}  // namespace
}  // namespace linkwright
