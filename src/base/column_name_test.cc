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

}  // namespace
}  // namespace linkwright
