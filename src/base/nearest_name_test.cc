#include "base/nearest_name.h"

#include <gtest/gtest.h>

#include <vector>

namespace linkwright {
namespace {

const std::vector<std::string> kColumns = {"first_name", "surname", "dob"};

TEST(NearestName, FindsAMisspeltColumn) { EXPECT_EQ(nearest_name("firstname", kColumns), "first_name"); }
TEST(NearestName, IgnoresCase) { EXPECT_EQ(nearest_name("SURNAME", kColumns), "surname"); }
TEST(NearestName, OffersNothingFarAway) { EXPECT_EQ(nearest_name("postcode", kColumns), ""); }
TEST(NearestName, OffersNothingFromNothing) { EXPECT_EQ(nearest_name("x", {}), ""); }
TEST(Suggestion, ListsAShortChoiceWhenNothingIsNear) {
  EXPECT_EQ(suggestion("postcode", kColumns), "; known: first_name, surname, dob");
}
TEST(Suggestion, ListsWhatIsKnownTwiceOnce) {
  EXPECT_EQ(suggestion("postcode", std::vector<std::string>{"dob", "city", "dob"}), "; known: dob, city");
}
TEST(Suggestion, NamesTheNearest) { EXPECT_EQ(suggestion("surnam", kColumns), "; did you mean 'surname'?"); }

}  // namespace
}  // namespace linkwright
