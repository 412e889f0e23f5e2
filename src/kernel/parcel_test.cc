#include "kernel/parcel.h"

#include <arrow/buffer.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "kernel/spark_hash.h"
#include "kernel/test_partitions.h"

namespace linkwright {
namespace {

using testing::HasSubstr;

std::shared_ptr<arrow::RecordBatch> some_rows() {
  const auto numbers = test::array_of<arrow::Int64Builder>(std::vector<int64_t>{1, -5, 7});
  const auto texts = test::array_of<arrow::StringBuilder>(std::vector<std::string>{"a", "", "\xc3\xa9"});
  const auto codes = test::array_of<arrow::Int32Builder>(std::vector<int32_t>{2, 0, 2});
  const auto coded =
      arrow::DictionaryArray::FromArrays(arrow::dictionary(arrow::int32(), arrow::utf8()), codes, texts).ValueOrDie();
  return arrow::RecordBatch::Make(arrow::schema({arrow::field("n", numbers->type()), arrow::field("t", texts->type()),
                                                 arrow::field("c", coded->type())}),
                                  3, {numbers, texts, coded});
}

std::string bytes_of(const Parcel& parcel) { return pack_parcel(parcel).ValueOrDie()->ToString(); }

Result<Parcel> unpack(const std::string& bytes) { return unpack_parcel(arrow::Buffer::FromString(bytes)); }

TEST(Parcel, GivesBackItsRows) {
  const Parcel parcel = unpack(bytes_of({7, some_rows()})).ValueOrDie();
  EXPECT_EQ(parcel.partition, 7U);
  EXPECT_TRUE(parcel.rows->Equals(*some_rows()));
  EXPECT_EQ(unpack(bytes_of({0, some_rows()->Slice(0, 0)})).ValueOrDie().rows->num_rows(), 0);
}

TEST(Parcel, MayLieAnywhereInMemory) {
  const std::string bytes = "123" + bytes_of({7, some_rows()});
  const auto shifted = arrow::SliceBuffer(arrow::Buffer::FromString(bytes), 3);
  const Parcel parcel = unpack_parcel(shifted).ValueOrDie();
  EXPECT_TRUE(parcel.rows->ValidateFull().ok());
  EXPECT_TRUE(parcel.rows->Equals(*some_rows()));
}

TEST(Parcel, IsRefusedWithAnyByteChanged) {
  const std::string bytes = bytes_of({7, some_rows()});
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    const auto result = unpack(changed);
    ASSERT_FALSE(result.ok()) << "byte " << i;
    EXPECT_THAT(result.status().message(), HasSubstr("a parcel of"));
  }
}

TEST(Parcel, IsRefusedWhereItIsCutShort) {
  const std::string bytes = bytes_of({7, some_rows()});
  for (size_t size = 0; size < bytes.size(); ++size) ASSERT_FALSE(unpack(bytes.substr(0, size)).ok()) << size;
}

TEST(SparkHash, IsSparks) {  // SELECT hash(0), hash(1), hash(-1), hash(123456789) of Spark 4.2.1
  EXPECT_EQ(spark_hash(0), 933211791);
  EXPECT_EQ(spark_hash(1), -559580957);
}

TEST(SparkHash, GivesEachPartitionAPlace) {
  for (const int32_t partitions : {1, 2, 7, 200}) {
    const std::vector<int32_t> places = places_of_partitions(static_cast<uint32_t>(partitions));
    for (int32_t i = 0; i < partitions; ++i) {
      const int32_t rest = spark_hash(places[static_cast<size_t>(i)]) % partitions;
      EXPECT_EQ(rest < 0 ? rest + partitions : rest, i);
    }
  }
}

}  // namespace
}  // namespace linkwright
