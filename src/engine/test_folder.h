#pragma once

#include <arrow/table.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "generate/people.h"
#include "io/table_writer.h"

namespace linkwright::test {

/// A folder of its own for every test, for jobs and their files.
class InFolder : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string(test->test_suite_name()) + "_" + test->name() + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const arrow::RecordBatch& batch) const {
    auto writer = TableWriter::open((folder_ / name).string(), FileFormat::kParquet, batch.schema());
    ASSERT_TRUE(writer.ok()) << writer.status();
    ASSERT_TRUE((*writer)->write(batch).ok());
    ASSERT_TRUE((*writer)->finish().ok());
  }

  void write_people(uint64_t count) const {
    write("people.parquet", *PeopleGenerator::make({count}).ValueOrDie().batch(0, count).ValueOrDie());
  }

  std::filesystem::path folder_;
};

}  // namespace linkwright::test
