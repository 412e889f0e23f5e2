#include "token/token_digester.h"

#include <algorithm>

#include "linkwright/token.h"
#include "token/token_crypto.h"

namespace linkwright {
namespace {

bool looks_encrypted(std::string_view token) {
  return token.starts_with(kMatchTokenPrefix) || token.size() == kEncryptedTokenLength;
}

}  // namespace

void TokenTally::add_other_rule(std::string_view rule) {
  if (std::find(other_rules.begin(), other_rules.end(), rule) == other_rules.end()) other_rules.emplace_back(rule);
}

void TokenTally::add(const TokenTally& other) {
  rows += other.rows;
  for (size_t rule = 0; rule < other.rows_of_rule.size(); ++rule) rows_of_rule[rule] += other.rows_of_rule[rule];
  for (const std::string& rule : other.other_rules) add_other_rule(rule);
  tokens += other.tokens;
  undecrypted += other.undecrypted;
}

Status TokenTally::check(const std::string& where, const std::vector<std::string>& rules) const {
  for (size_t rule = 0; rows > 0 && rule < rules.size(); ++rule) {
    if (rows_of_rule[rule] > 0) continue;
    return Status::Invalid(where, ": no row has the rule '", rules[rule], "'; there are ", known_rules(rules));
  }
  if (undecrypted > 0 && undecrypted == tokens) {
    return Status::Invalid(where, ": the key opens none of ", tokens, " tokens; it is not the key they were made with");
  }
  return Status::OK();
}

std::string TokenTally::warning(const std::string& where) const {
  if (undecrypted == 0) return "";
  return where + ": the key does not open " + std::to_string(undecrypted) + " tokens; they are compared as they are";
}

std::string TokenTally::known_rules(const std::vector<std::string>& rules) const {
  std::vector<std::string> known = other_rules;
  for (size_t i = 0; i < rules.size(); ++i) {
    if (rows_of_rule[i] > 0) known.push_back(rules[i]);
  }
  std::sort(known.begin(), known.end());
  std::string names;
  for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
  return names;
}

Result<std::optional<TokenDigester::Token>> TokenDigester::digest(std::string_view rule_id, std::string_view token,
                                                                  TokenTally* tally) {
  ++tally->rows;
  const auto& rules = options_.rules;
  const auto rule = static_cast<size_t>(std::find(rules.begin(), rules.end(), rule_id) - rules.begin());
  if (rule == rules.size()) {
    tally->add_other_rule(rule_id);
    return std::nullopt;
  }
  ++tally->rows_of_rule[rule];
  if (looks_encrypted(token)) {
    if (opener_ == nullptr) {
      return Status::Invalid("the tokens are encrypted, and two encryptions of one token differ; ",
                             options_.key_remedy);
    }
    opened_.clear();
    if (opener_->open(token, &opened_)) {
      token = opened_;
    } else {
      ++tally->undecrypted;
    }
  }
  const bool blank = token.empty() || token == kBlankToken;
  if (!blank) ++tally->tokens;
  if (blank && !options_.blank_tokens_match) return std::nullopt;
  return Token{rule, token_digest(token)};
}

}  // namespace linkwright
