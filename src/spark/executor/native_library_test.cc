#include "spark/executor/native_library.h"

#include <gtest/gtest.h>

namespace linkwright::spark {
namespace {

// What is left of the words of Spark, Python and the library's stream.
TEST(ReadableError, IsWhatTheLibrarySays) {
  const std::string before = "Spark: Job aborted\nTraceback (most recent call last):\n  in run_native\nRuntimeError: ";
  const Status ends = Status::IOError(before, "linkwright kernel: there is no column 'nmae'\n\tat org.apache.spark");
  EXPECT_EQ(readable(ends), Status::Invalid("there is no column 'nmae'"));
  EXPECT_EQ(readable(Status::IOError(before, "linkwright kernel: Invalid: an executor has no secret")),
            Status::Invalid("an executor has no secret"));
  EXPECT_EQ(readable(Status::IOError(before, "linkwright kernel: NotImplemented: lists of lists")),
            Status::NotImplemented("lists of lists"));
  EXPECT_EQ(readable(Status::IOError("connection refused")), Status::IOError("connection refused"));
  EXPECT_TRUE(readable(Status::OK()).ok());
}

}  // namespace
}  // namespace linkwright::spark
