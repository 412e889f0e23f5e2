#include "engine/training.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "block/blocking_rule.h"

namespace linkwright {
namespace {

// Its name went into SQL as it was, so a quote in it ended the name.
TEST(LabelColumn, MayHaveAQuoteInItsName) {
  const PatternQuestion question = label_column_question(LinkageModel(), {R"(who "it" is)"});
  const auto rule = BlockingRule::parse(question.rule);
  ASSERT_TRUE(rule.ok()) << rule.status();
  EXPECT_THAT(rule->columns(), testing::ElementsAre(R"(who "it" is)"));
}

}  // namespace
}  // namespace linkwright
