#include "cli/token_options.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "cli/overlap_command.h"
#include "cli/tokenize_command.h"

namespace linkwright {
namespace {

/// What the program says to wrong arguments.
std::string usage_error(std::vector<std::string> arguments) {
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

}  // namespace
}  // namespace linkwright
