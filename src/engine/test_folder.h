#pragma once

#include <arrow/table.h>
#include <gtest/gtest.h>

#include <string>

#include "base/test_folder.h"
#include "generate/people.h"
#include "io/table_writer.h"

namespace linkwright::test {

/// A folder of its own for every test, for jobs and their files.
class InFolder : public WithFolder {
 protected:
  using WithFolder::write;
  void write(const std::string& name, const arrow::RecordBatch& batch) const {
    auto writer = TableWriter::open(path(name), FileFormat::kParquet, batch.schema());
    ASSERT_TRUE(writer.ok()) << writer.status();
    ASSERT_TRUE((*writer)->write(batch).ok());
    ASSERT_TRUE((*writer)->finish().ok());
  }

  void write_people(uint64_t count) const {
    write("people.parquet", *PeopleGenerator::make({count}).ValueOrDie().batch(0, count).ValueOrDie());
  }
};

}  // namespace linkwright::test
