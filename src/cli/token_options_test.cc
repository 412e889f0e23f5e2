#include "cli/token_options.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "base/joined.h"
#include "cli/overlap_command.h"
#include "cli/tokenize_command.h"

namespace linkwright {
namespace {

/// What the program says to wrong arguments, and what it ends with if they are right.
std::string usage_error(std::vector<std::string> arguments, Status* ended = nullptr) {
  CLI::App app;
  Status outcome;
  const Cancellation cancellation;
  add_tokenize_command(app, cancellation, &outcome);
  add_detokenize_command(app, cancellation, &outcome);
  add_overlap_command(app, cancellation, &outcome);
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return error.what();
  }
  if (ended != nullptr) *ended = outcome;
  return "";
}

TEST(TokenCommands, RefuseSecretsAsArgumentsWithoutRepeatingThem) {
  for (const char* option : {"--hashing-secret", "--hashingsecret", "--encryption-key", "--encryptionkey", "-e"}) {
    const std::string said = usage_error({"tokenize", "people.csv", "-o", "tokens.csv", option, "TOPSECRET"});
    EXPECT_NE(said.find("secrets are not taken from arguments"), std::string::npos) << said;
    EXPECT_EQ(said.find("TOPSECRET"), std::string::npos) << said;
  }
  EXPECT_NE(usage_error({"overlap", "a.csv", "b.csv", "--rules", "T1", "--encryption-key=TOPSECRET"}), "");
}

struct OverlapMistake {
  std::vector<std::string> arguments;
  const char* message;

  friend std::ostream& operator<<(std::ostream& out, const OverlapMistake& mistake) {
    return out << joined(mistake.arguments, " ");
  }
};
class OverlapMistakes : public testing::TestWithParam<OverlapMistake> {};
INSTANTIATE_TEST_SUITE_P(
    Overlap, OverlapMistakes,
    testing::Values(OverlapMistake{{"--memory-limit", "64MiB"}, "--memory-limit is 64MiB; an overlap needs at least"},
                    OverlapMistake{{"--rules", ","}, "--rules ',' names no rule; for example T1,T2"},
                    OverlapMistake{{"--names", "Hospital"}, "--names takes two names: --names Hospital_A,Hospital_B"},
                    OverlapMistake{{"--names", "A,A"}, "--names: the two names must differ"},
                    OverlapMistake{{"--encryption-key-file", "nowhere.key"}, "cannot read the encryption key from"}));

TEST_P(OverlapMistakes, AreToldBeforeAnyFileIsRead) {
  std::vector<std::string> arguments = {"overlap", "nowhere.csv", "nowhere.parquet", "--rules", "T1"};
  arguments.insert(arguments.end(), GetParam().arguments.begin(), GetParam().arguments.end());
  Status ended;
  EXPECT_EQ(usage_error(arguments, &ended), "");
  EXPECT_NE(ended.message().find(GetParam().message), std::string::npos) << ended;
}

}  // namespace
}  // namespace linkwright
