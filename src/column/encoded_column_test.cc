#include "column/encoded_column.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/chunked_array.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "column/test_records.h"

namespace linkwright {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(EncodeColumn, NumbersValuesInOrderOfAppearanceAndNullsZero) {
  const arrow::ChunkedArray column(test::text_array({"b", std::nullopt, "a", "b"}));
  const EncodedColumn encoded = encode_column("x", column).ValueOrDie();
  EXPECT_THAT(encoded.codes, ElementsAre(1, 0, 2, 1));
  EXPECT_EQ(encoded.num_codes(), 3u);
}

TEST(EncodeColumn, KeepsAnEmptyTextApartFromNull) {
  const arrow::ChunkedArray column(test::text_array({"", std::nullopt}));
  EXPECT_THAT(encode_column("x", column).ValueOrDie().codes, ElementsAre(1, 0));
}

TEST(EncodeColumn, GivesDictionariesTheCodesOfPlainText) {
  arrow::StringDictionary32Builder builder;
  for (const char* value : {"z", "b", "z", "a"}) ASSERT_TRUE(builder.Append(value).ok());
  ASSERT_TRUE(builder.AppendNull().ok());
  const arrow::ChunkedArray dictionary(builder.Finish().ValueOrDie());
  const arrow::ChunkedArray plain(test::text_array({"z", "b", "z", "a", std::nullopt}));
  EXPECT_EQ(encode_column("x", dictionary).ValueOrDie().codes, encode_column("x", plain).ValueOrDie().codes);
}

TEST(EncodeColumn, SharesCodesBetweenChunks) {
  const arrow::ChunkedArray column({test::text_array({"a", "b"}), test::text_array({"b", "c"})});
  EXPECT_THAT(encode_column("x", column).ValueOrDie().codes, ElementsAre(1, 2, 2, 3));
}

TEST(EncodeColumn, TakesNegativeZeroForZero) {
  arrow::DoubleBuilder builder;
  for (const double value : {0.0, -0.0, 1.5}) ASSERT_TRUE(builder.Append(value).ok());
  const arrow::ChunkedArray column(builder.Finish().ValueOrDie());
  EXPECT_THAT(encode_column("x", column).ValueOrDie().codes, ElementsAre(1, 1, 2));
}

TEST(EncodeColumn, RefusesIntegersThatItWouldTakeForNull) {
  arrow::UInt64Builder builder;
  for (const uint64_t value : {uint64_t{5}, ~uint64_t{0}}) ASSERT_TRUE(builder.Append(value).ok());
  ASSERT_TRUE(builder.AppendNull().ok());
  const std::shared_ptr<arrow::Array> numbers = builder.Finish().ValueOrDie();
  EXPECT_THAT(encode_column("hash", arrow::ChunkedArray(numbers)).status().message(),
              HasSubstr("column 'hash': 18446744073709551615 is beyond 9223372036854775807"));
  const arrow::ChunkedArray small({numbers->Slice(0, 1), numbers->Slice(2, 1)});
  EXPECT_THAT(encode_column("hash", small).ValueOrDie().codes, ElementsAre(1, 0));
}

TEST(EncodeColumn, KeepsManyValuesApart) {
  test::Texts values;
  for (int i = 0; i < 100000; ++i) values.push_back("value " + std::to_string(i % 60000));
  const EncodedColumn encoded = encode_column("x", arrow::ChunkedArray(test::text_array(values))).ValueOrDie();
  EXPECT_EQ(encoded.num_codes(), 60001u);
  EXPECT_EQ(encoded.codes[5], encoded.codes[60005]);
}

TEST(TermFrequencyRanks, AreOfSharesOfWhatIsNotNull) {
  const arrow::ChunkedArray column(test::text_array({"a", "a", "b", std::nullopt, "a"}));
  const TermFrequencyRanks ranks = rank_term_frequencies(encode_column("x", column).ValueOrDie()).ValueOrDie();
  EXPECT_EQ(ranks.frequency(0), 0);
  EXPECT_EQ(ranks.frequency(1), 0.75);
  EXPECT_EQ(ranks.frequency(2), 0.25);
}

// a and c come twice, b once, d is null: a and c are one rank above b.
TEST(TermFrequencyRanks, AreInTheOrderOfTheFrequencies) {
  const arrow::ChunkedArray column(test::text_array({"a", "b", "c", std::nullopt, "a", "c"}));
  const TermFrequencyRanks ranks = rank_term_frequencies(encode_column("x", column).ValueOrDie()).ValueOrDie();
  EXPECT_THAT(ranks.rank_of_code, ElementsAre(0, 2, 1, 2));
  EXPECT_THAT(ranks.frequencies, ElementsAre(0, 0.2, 0.4));
}

TEST(TermFrequencyRanks, AreNoneWithoutValues) {
  const arrow::ChunkedArray column(test::text_array({std::nullopt}));
  const TermFrequencyRanks ranks = rank_term_frequencies(encode_column("x", column).ValueOrDie()).ValueOrDie();
  EXPECT_THAT(ranks.rank_of_code, ElementsAre(0));
  EXPECT_THAT(ranks.frequencies, ElementsAre(0));
}

TEST(TranslateCodes, FindsEqualValuesOfAnotherColumn) {
  const auto codes = translate_codes(*test::text_array({"a", "b"}), *test::text_array({"c", "b"})).ValueOrDie();
  EXPECT_THAT(codes, ElementsAre(kNoCode, kNoCode, 2));
}

TEST(DeriveCodes, EvaluatesOncePerDistinctValue) {
  const EncodedColumn column =
      encode_column("x", arrow::ChunkedArray(test::text_array({"anna", "annie", std::nullopt, "bob"}))).ValueOrDie();
  const Expression expression = Expression::parse("substr(x, 1, 3)").ValueOrDie();
  const Evaluator evaluator =
      Evaluator::compile(expression, "substr(x, 1, 3)", [&](const ColumnReference&) -> Result<ValueType> {
        return column.type;
      }).ValueOrDie();
  EXPECT_THAT(derive_codes(column, evaluator).ValueOrDie().code_of, ElementsAre(0, 1, 1, 2));
}

}  // namespace
}  // namespace linkwright
