#include "base/column_name.h"

#include <gtest/gtest.h>

namespace linkwright {
namespace {

std::string meant_by(std::string_view name, const std::vector<std::string>& columns) {
  const std::string* column = column_meant_by(name, columns);
  return column == nullptr ? "" : *column;
}

TEST(ColumnName, MeansTheOnlyColumnWhateverItsCase) { EXPECT_EQ(meant_by("SURNAME", {"dob", "Surname"}), "Surname"); }
TEST(ColumnName, MeansTheColumnOfTheSameCaseFirst) { EXPECT_EQ(meant_by("dob", {"DOB", "dob"}), "dob"); }
TEST(ColumnName, MeansNoneOfSeveral) { EXPECT_EQ(meant_by("Dob", {"DOB", "dob"}), ""); }
TEST(ColumnName, MeansNothingThatIsNotThere) { EXPECT_EQ(meant_by("dob", {"date"}), ""); }

TEST(ColumnName, DiffersInCaseOnlyFromAnother) {
  EXPECT_TRUE(differ_in_case_only({"surname", "city", "SurName"}));
  EXPECT_FALSE(differ_in_case_only({"surname", "city", "surname"})) << "one name twice";
  EXPECT_FALSE(differ_in_case_only({}));
}

}  // namespace
}  // namespace linkwright
