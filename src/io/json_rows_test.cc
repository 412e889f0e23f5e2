#include "io/json_rows.h"

#include <arrow/scalar.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace linkwright {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class JsonRows : public testing::Test {
 protected:
  std::vector<std::string> rejects_;

  Result<std::shared_ptr<arrow::Table>> read(const std::string& text) {
    rejects_.clear();
    return read_json_rows(
        text, "x.json",
        [&](const CsvReject& reject) {
          rejects_.push_back(std::to_string(reject.line) + ": " + reject.reason);
          return Status::OK();
        },
        nullptr);
  }

  // Every column as its name, its type and its values.
  std::vector<std::string> columns(const std::string& text) {
    const auto table = read(text);
    if (!table.ok()) return {table.status().message()};
    std::vector<std::string> written;
    for (int c = 0; c < (*table)->num_columns(); ++c) {
      std::string column = (*table)->field(c)->name() + " " + (*table)->field(c)->type()->ToString();
      for (int64_t row = 0; row < (*table)->num_rows(); ++row) {
        column += " " + (*table)->column(c)->GetScalar(row).ValueOrDie()->ToString();
      }
      written.push_back(column);
    }
    return written;
  }
};

TEST_F(JsonRows, TakeTheTypeThatHoldsAllValuesOfAKey) {
  EXPECT_THAT(columns("{\"i\": 1, \"d\": 1, \"b\": true, \"t\": \"x\", \"n\": null}\n"
                      "{\"i\": -9223372036854775808, \"d\": 2.5e1, \"b\": false, \"t\": \"\", \"n\": null}\n"),
              ElementsAre("i int64 1 -9223372036854775808", "d double 1 25", "b bool true false", "t large_string x ",
                          "n large_string null null"));
}

TEST_F(JsonRows, KeepTheSourceOfWhatIsNoTextInAColumnOfText) {
  EXPECT_THAT(columns(R"([{"a": 1.10}, {"a": "x"}, {"a": [1, "q\"", null]}, {"a": true}])"),
              ElementsAre(R"(a large_string 1.10 x [1,"q\"",null] true)"));
}

TEST_F(JsonRows, TakeIntegersBeyond64BitsAsDoubles) {
  EXPECT_THAT(columns("{\"a\": 18446744073709551616}"), ElementsAre("a double 1.8446744073709552e+19"));
}

TEST_F(JsonRows, HaveListsOfOneTypeOfItem) {
  EXPECT_THAT(columns("{\"a\": [1, 2.5]}\n{\"a\": null}\n{\"a\": []}\n"),
              ElementsAre("a list<item: double> list<item: double>[1, 2.5] null list<item: double>[]"));
}

TEST_F(JsonRows, HaveKeysInOrderOfFirstAppearance) {
  EXPECT_THAT(columns("{\"a\": 1, \"b\": 1}\n{\"c\": 2, \"b\": 2}\n{\"b\": 3, \"a\": 3}\n"),
              ElementsAre("a int64 1 null 3", "b int64 1 2 3", "c int64 null 2 null"));
}

TEST_F(JsonRows, TakeTheLastOfKeysThatRepeat) {
  EXPECT_THAT(columns("{\"a\": [1, 2], \"b\": 1, \"a\": [3]}\n{\"a\": [4], \"b\": 2}\n"),
              ElementsAre("a list<item: int64> list<item: int64>[3] list<item: int64>[4]", "b int64 1 2"));
}

TEST_F(JsonRows, UnescapeText) {
  EXPECT_THAT(columns(R"({"a": "tab\t \u00e9 \ud83d\ude00 \/"})"), ElementsAre("a large_string tab\t é 😀 /"));
}

TEST_F(JsonRows, LeaveNoTraceOfARejectedLine) {
  EXPECT_THAT(columns("{\"a\": 1}\n{\"z\": 5, \"a\": \"x\", \"b\": {\"c\": 1}}\n5\n[1]\n{\"a\": 2,}\n{\"a\": 2} 3\n\n"
                      "{\"a\": \"open\n{\"a\": \"\xff\"}\n{\"a\": 1e999}\n{\"a\": 7}"),
              ElementsAre("a int64 1 7"));
  EXPECT_THAT(
      rejects_,
      ElementsAre("2: key 'b' holds a nested object or list; flatten it first", "3: a record must be an object {...}",
                  "4: a record must be an object {...}", HasSubstr("5: the line is not valid JSON at column 9"),
                  HasSubstr("6: the line is not valid JSON at column 10"), HasSubstr("8: the line is not valid JSON"),
                  HasSubstr("9: not UTF-8 at byte 8"), HasSubstr("10: the line is not valid JSON")));
  EXPECT_THAT(rejects_, Each(Not(EndsWith("."))));
}

TEST_F(JsonRows, NameTheElementAndTheLineOfOneThatIsNoRecord) {
  EXPECT_THAT(columns("[{\"a\": 1},\n\n 5, [[1]], {\"a\": 2}]"), ElementsAre("a int64 1 2"));
  EXPECT_THAT(rejects_, ElementsAre("3: element 2 of the array: a record must be an object {...}",
                                    "3: element 3 of the array: a record must be an object {...}"));
}

TEST_F(JsonRows, NameThePlaceWhereAnArrayBreaks) {
  EXPECT_THAT(columns("[{\"a\": 1},\n  {\"a\" 2}]"), ElementsAre(HasSubstr("x.json:2:8: the array is not valid JSON")));
  EXPECT_THAT(columns("[{\"a\": 1} {\"a\": 2}]"), ElementsAre(HasSubstr("x.json:1:11: ")));
  EXPECT_THAT(columns("[{\"a\": 1}"), ElementsAre(HasSubstr("x.json:1:10: ")));
  EXPECT_THAT(columns("[{\"a\": 1},]"), ElementsAre(HasSubstr("x.json:1:11: ")));
  EXPECT_THAT(columns("[{\"a\": 1}] x"), ElementsAre(HasSubstr("x.json:1:12: ")));
  EXPECT_THAT(columns("[{\"a\": \"\xff\"}]"), ElementsAre(HasSubstr("x.json:1:9: ")));
}

TEST_F(JsonRows, HaveNoHalvesOfSurrogatePairs) {
  EXPECT_THAT(columns(R"({"a": "\ude00"})"
                      "\n"
                      R"({"\udc00": 1})"
                      "\n"
                      R"({"a": "\ud800 \u0041"})"
                      "\n"
                      R"({"a": "\ud7ff"})"),
              ElementsAre("a large_string \xed\x9f\xbf"));
  EXPECT_THAT(rejects_,
              ElementsAre(HasSubstr("1: the line is not valid JSON"), HasSubstr("surrogate"), HasSubstr("surrogate")));
}

TEST_F(JsonRows, SurviveAnyNesting) {
  const std::string nested = std::string(1 << 20, '[') + std::string(1 << 20, ']');
  EXPECT_THAT(columns("{\"a\": " + nested + "}\n{\"a\": 1}"), ElementsAre("a int64 1"));
  EXPECT_THAT(rejects_, ElementsAre(HasSubstr("1: key 'a' holds a nested object")));
}

TEST_F(JsonRows, AreNoneInAnEmptyArray) {
  EXPECT_THAT(columns(" [ ] "), IsEmpty());
  EXPECT_THAT(columns(" \n"), ElementsAre(HasSubstr("is empty")));
}

}  // namespace
}  // namespace linkwright
