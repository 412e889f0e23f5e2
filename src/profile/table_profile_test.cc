#include "profile/table_profile.h"

#include <arrow/array/builder_dict.h>
#include <arrow/array/builder_nested.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "profile/column_overlap.h"
#include "profile/profile_fixtures.h"

namespace linkwright {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TableProfile profile(const arrow::Table& table, const ProfileOptions& options = {}) {
  ThreadPool pool(2);
  return profile_table(table, pool, options).ValueOrDie();
}

ColumnProfile profile_column(const std::string& name, const std::shared_ptr<arrow::Array>& values) {
  return profile(*table_of({{name, values}})).columns.at(0);
}

ColumnRole role_of(const std::string& name, const Texts& values) {
  return profile_column(name, text_array(values)).guess.role;
}

TEST(ProfileTable, EndsWhenCancelled) {
  Cancellation cancellation;
  cancellation.request();
  ThreadPool pool(1);
  const auto table = table_of({{"x", text_array({"a", "b"})}});
  EXPECT_TRUE(profile_table(*table, pool, {.cancellation = &cancellation}).status().IsCancelled());
}

TEST(ProfileTable, CountsNullsEmptyTextsAndDifferentValues) {
  const ColumnProfile column = profile_column("x", text_array({"a", "", "bcd", std::nullopt, "a", "a"}));
  EXPECT_EQ(column.rows, 6);
  EXPECT_EQ(column.nulls, 1);
  EXPECT_EQ(column.empty, 1);
  EXPECT_EQ(column.distinct, 3);
  EXPECT_EQ(column.min_length, 0U);
  EXPECT_EQ(column.max_length, 3U);
  EXPECT_DOUBLE_EQ(column.average_length, 6.0 / 5);
  EXPECT_DOUBLE_EQ(column.collision_probability, 3.0 / 10);  // three equal pairs of ten
}

TEST(ProfileTable, ListsTheMostFrequentValuesFirst) {
  const ColumnProfile column = profile_column("x", text_array({"b", "a", "c", "a", "c", "a"}));
  ASSERT_EQ(column.top_values.size(), 3U);
  EXPECT_EQ(column.top_values[0].value, "a");
  EXPECT_EQ(column.top_values[0].count, 3);
  EXPECT_EQ(column.top_values[1].value, "c");
  EXPECT_EQ(column.top_values[2].value, "b");
}

TEST(ProfileTable, ReadsEncodedTextLikePlainText) {
  arrow::StringDictionaryBuilder builder;
  for (const char* value : {"anna", "otto", "anna"}) ASSERT_TRUE(builder.Append(value).ok());
  ASSERT_TRUE(builder.AppendNull().ok());
  const ColumnProfile column = profile_column("x", builder.Finish().ValueOrDie());
  EXPECT_EQ(column.distinct, 2);
  EXPECT_EQ(column.nulls, 1);
  EXPECT_EQ(column.top_values.at(0).value, "anna");
  EXPECT_TRUE(column.is_text);
  EXPECT_EQ(column.type, "text");
}

TEST(ProfileTable, ReadsChunkedColumnsAcrossTheirBorders) {
  const auto part = table_of({{"x", text_array({"a", "b"})}});
  const auto whole = arrow::ConcatenateTables({part, part->Slice(0, 0), part}).ValueOrDie();
  EXPECT_EQ(profile(*whole).columns.at(0).distinct, 2);
  EXPECT_EQ(profile(*whole).columns.at(0).rows, 4);
}

TEST(ProfileTable, IgnoresWhatTellsNoRecordsApart) {
  EXPECT_EQ(role_of("first_name", {std::nullopt, std::nullopt}), ColumnRole::kIgnored);
  EXPECT_EQ(role_of("first_name", {"anna", "anna"}), ColumnRole::kIgnored);
  EXPECT_EQ(role_of("first_name", {}), ColumnRole::kIgnored);
}

TEST(ProfileTable, IgnoresListsAndCountsTheirNulls) {
  arrow::ListBuilder builder(arrow::default_memory_pool(), std::make_shared<arrow::StringBuilder>());
  ASSERT_TRUE(builder.Append().ok());
  ASSERT_TRUE(builder.AppendNull().ok());
  const ColumnProfile column = profile_column("tags", builder.Finish().ValueOrDie());
  EXPECT_EQ(column.guess.role, ColumnRole::kIgnored);
  EXPECT_EQ(column.nulls, 1);
}

TEST(ProfileTable, LooksAtASampleOfALargeTable) {
  std::vector<int64_t> numbers(10'000);
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<int64_t>(i);
  const TableProfile sampled = profile(*table_of({{"x", number_array(numbers)}}), {.most_rows = 1000});
  EXPECT_EQ(sampled.rows, 10'000);
  EXPECT_NEAR(static_cast<double>(sampled.rows_looked_at), 1000, 150);
  EXPECT_EQ(sampled.columns[0].distinct, sampled.rows_looked_at);
  EXPECT_THAT(sampled.to_text(), HasSubstr("sample of"));
}

TEST(ProfileTable, RefusesATableWithoutColumns) {
  ThreadPool pool(1);
  EXPECT_THAT(profile_table(*arrow::Table::Make(arrow::schema({}), arrow::ArrayVector{}), pool).status().message(),
              HasSubstr("without columns"));
}

TEST(ProfileTable, GivesTheSameForAnyNumberOfThreads) {
  std::vector<std::pair<std::string, std::shared_ptr<arrow::Array>>> columns;
  for (int i = 0; i < 1000; ++i) columns.emplace_back("c" + std::to_string(i), text_array({"a", std::to_string(i)}));
  const auto table = table_of(columns);
  ThreadPool one(1), many(4);
  EXPECT_EQ(profile_table(*table, one).ValueOrDie().to_json(), profile_table(*table, many).ValueOrDie().to_json());
}

struct RoleCase {
  std::string name;
  Texts values;
  ColumnRole role;

  friend std::ostream& operator<<(std::ostream& out, const RoleCase& column) {
    return out << column.name << ": " << testing::PrintToString(column.values);
  }
};

class GuessRole : public ::testing::TestWithParam<RoleCase> {};

TEST_P(GuessRole, FromNameAndValues) {
  EXPECT_EQ(role_of(GetParam().name, GetParam().values), GetParam().role)
      << profile_column(GetParam().name, text_array(GetParam().values)).guess.why;
}

INSTANTIATE_TEST_SUITE_P(
    Columns, GuessRole,
    ::testing::Values(RoleCase{"id", {"1", "2", "3"}, ColumnRole::kUniqueId},
                      RoleCase{"rec_id", {"rec-1-org", "rec-2-org"}, ColumnRole::kUniqueId},
                      RoleCase{"id", {"1", "2", "2"}, ColumnRole::kNumber},  // not unique
                      RoleCase{"Company ID", {"1", "2", "3"}, ColumnRole::kUniqueId},
                      RoleCase{"addr.id", {"a1", "a2", "a3"}, ColumnRole::kUniqueId},
                      RoleCase{"company_id", {"1", "2", "2"}, ColumnRole::kNumber},
                      RoleCase{"tax_id", {"12-3", "23-4", "34-5"}, ColumnRole::kNationalId},
                      RoleCase{"cluster", {"1", "2", "2"}, ColumnRole::kTruth},
                      RoleCase{"First Name", {"anna", "otto", "zoë"}, ColumnRole::kFirstName},
                      RoleCase{"givenName", {"anna", "otto"}, ColumnRole::kFirstName},
                      RoleCase{"surname", {"smith", "o'neil"}, ColumnRole::kLastName},
                      RoleCase{
                          "first_name", {"1.5", "2.5", "1.5"}, ColumnRole::kNumber},  // the values speak against it
                      RoleCase{"name", {"anna smith", "otto jones"}, ColumnRole::kFullName},
                      RoleCase{"name", {"acme ltd", "big co"}, ColumnRole::kCompany},
                      RoleCase{"dob", {"1990-02-28", "1985-12-31"}, ColumnRole::kDate},
                      RoleCase{"x", {"31/12/1990", "01/02/1980", "05/06/1970"}, ColumnRole::kDate},
                      RoleCase{"dob", {"young", "old"}, ColumnRole::kShortText},
                      RoleCase{"x", {"a.b@mail.org", "c@web.de"}, ColumnRole::kEmail},
                      RoleCase{"x", {"SW1A 1AA", "M1 1AE", "EC1A1BB"}, ColumnRole::kPostcode},
                      RoleCase{"zip", {"12345", "54321"}, ColumnRole::kPostcode},
                      RoleCase{"x", {"+44 20 7946 0958", "(020) 7946-0111"}, ColumnRole::kPhone},
                      RoleCase{"SSN", {"123-45-6789", "987-65-4321"}, ColumnRole::kNationalId},
                      RoleCase{"city", {"london", "leeds"}, ColumnRole::kPlace},
                      RoleCase{"x", {"1 high street", "22 park avenue", "3 long lane"}, ColumnRole::kAddress},
                      RoleCase{"sex", {"m", "f", "f", "m"}, ColumnRole::kCategory},
                      RoleCase{"amount", {"1.50", "-20", "3e5", "1.50"}, ColumnRole::kNumber},
                      RoleCase{"updated_at", {"2020-01-01 10:00:00", "2021-01-01 10:00:00"}, ColumnRole::kIgnored},
                      RoleCase{"notes", {std::string(50, 'x'), std::string(60, 'y')}, ColumnRole::kFreeText}));

TEST(GuessRole, NamesTheFormatOfDates) {
  EXPECT_EQ(profile_column("dob", text_array({"19901231", "19850101"})).guess.date_format, "%Y%m%d");
  EXPECT_EQ(profile_column("dob", text_array({"12/31/1990", "01/02/1990"})).guess.date_format, "%m/%d/%Y");
  EXPECT_EQ(profile_column("dob", text_array({"31 Dec 1990", "1 Jan 1990", "02 Feb 1980"})).guess.date_format,
            "%d %b %Y");
}

TEST(GuessRole, SaysWhenDayAndMonthCannotBeTold) {
  EXPECT_THAT(profile_column("dob", text_array({"01/02/1990", "03/04/1990"})).guess.why, HasSubstr("exchanged"));
  EXPECT_THAT(profile_column("dob", text_array({"31/02/1990", "13/04/1990"})).guess.why, Not(HasSubstr("exchanged")));
}

TEST(GuessRole, MakesOneColumnTheIdOnly) {
  const TableProfile two = profile(*table_of({{"id", number_array({1, 2, 3})}, {"other_id", number_array({4, 5, 6})}}));
  EXPECT_EQ(two.columns[0].guess.role, ColumnRole::kUniqueId);
  EXPECT_EQ(two.columns[1].guess.role, ColumnRole::kIgnored);
}

TEST(NormalColumnName, JoinsWordsByUnderscores) {
  for (const char* name : {"dateOfBirth", "Date of birth", "DATE_OF_BIRTH", " date-of--birth "}) {
    EXPECT_EQ(normal_column_name(name), "date_of_birth");
  }
  EXPECT_EQ(normal_column_name(""), "");
}

TEST(IgnoreRepeatedColumns, LeavesOutAFullNameBesideItsParts) {
  Texts first, last, full, copy;
  for (int i = 0; i < 200; ++i) {
    first.emplace_back("anna" + std::string(1, static_cast<char>('a' + i % 26)) +
                       std::string(1, static_cast<char>('a' + i / 26)));
    last.emplace_back("smith" + std::string(1, static_cast<char>('a' + i / 26)) +
                      std::string(1, static_cast<char>('a' + i % 26)));
    full.emplace_back(*first.back() + " " + *last.back());
    copy.push_back(last.back());
  }
  const auto table = table_of({{"first_name", text_array(first)},
                               {"surname", text_array(last)},
                               {"full_name", text_array(full)},
                               {"last_name", text_array(copy)}});
  TableProfile profiled = profile(*table);
  ASSERT_TRUE(ignore_repeated_columns(*table, profiled).ok());
  EXPECT_EQ(profiled.columns[0].guess.role, ColumnRole::kFirstName);
  EXPECT_EQ(profiled.columns[1].guess.role, ColumnRole::kLastName);
  EXPECT_THAT(profiled.columns[2].guess.why, HasSubstr("contains the column 'first_name'"));
  EXPECT_THAT(profiled.columns[3].guess.why, HasSubstr("repeats the column 'surname'"));
}

TEST(SampleRows, AreAllWhenFewAndAscendingWhenMany) {
  EXPECT_THAT(sample_rows(3, 10), ElementsAre(0, 1, 2));
  EXPECT_THAT(sample_rows(0, 10), IsEmpty());
  const std::vector<int64_t> rows = sample_rows(100'000, 1000);
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end()));
  EXPECT_NEAR(static_cast<double>(rows.size()), 1000, 150);
}

}  // namespace
}  // namespace linkwright
