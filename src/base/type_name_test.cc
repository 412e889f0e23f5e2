#include "base/type_name.h"

#include <arrow/type.h>
#include <gtest/gtest.h>

namespace linkwright {
namespace {

TEST(TypeName, IsTextForAllTypesOfText) {
  for (const auto& type :
       {arrow::utf8(), arrow::large_utf8(), arrow::utf8_view(), arrow::dictionary(arrow::int32(), arrow::utf8())}) {
    EXPECT_EQ(type_name(*type), "text") << type->ToString();
  }
}
TEST(TypeName, SaysWhatListsAreOf) { EXPECT_EQ(type_name(*arrow::list(arrow::large_utf8())), "list of text"); }
TEST(TypeName, IsArrowsForTheRest) { EXPECT_EQ(type_name(*arrow::date32()), "date32[day]"); }

}  // namespace
}  // namespace linkwright
