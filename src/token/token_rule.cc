#include "token/token_rule.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/add_once.h"

namespace linkwright {
namespace {

using Json = nlohmann::json;

Status check_rule(const ProfileTraits& traits, const TokenRule& rule) {
  return plan_signatures(traits, {rule}).status();
}

/// The text at `key`, or an error that names the path.
Result<std::string> text_at(const Json& object, const char* key, const std::string& path) {
  const auto it = object.find(key);
  if (it == object.end() || !it->is_string()) {
    return Status::Invalid(path, ".", key, ": expected a text", it == object.end() ? ", found nothing" : "");
  }
  return it->get<std::string>();
}

Status check_keys(const Json& object, const std::set<std::string>& known, const std::string& path) {
  if (!object.is_object()) return Status::Invalid(path, ": expected an object");
  for (const auto& [key, value] : object.items()) {
    if (known.contains(key)) continue;
    std::string names;
    for (const std::string& name : known) names += (names.empty() ? "'" : ", '") + name + "'";
    return Status::Invalid(path, ".", key, ": unknown key; expected ", names);
  }
  return Status::OK();
}

Result<TokenRule> parse_rule(const Json& object, const std::string& path) {
  ARROW_RETURN_NOT_OK(check_keys(object, {"id", "parts"}, path));
  TokenRule rule;
  ARROW_ASSIGN_OR_RAISE(rule.id, text_at(object, "id", path));
  const auto parts = object.find("parts");
  if (parts == object.end() || !parts->is_array()) return Status::Invalid(path, ".parts: expected a list");
  for (size_t i = 0; i < parts->size(); ++i) {
    const std::string part_path = path + ".parts[" + std::to_string(i) + "]";
    const Json& part = (*parts)[i];
    ARROW_RETURN_NOT_OK(check_keys(part, {"attribute", "expression"}, part_path));
    TokenPart parsed;
    ARROW_ASSIGN_OR_RAISE(parsed.attribute, text_at(part, "attribute", part_path));
    parsed.expression = "T";
    if (part.contains("expression")) {
      ARROW_ASSIGN_OR_RAISE(parsed.expression, text_at(part, "expression", part_path));
    }
    rule.parts.push_back(std::move(parsed));
  }
  return rule;
}

}  // namespace

std::vector<TokenRule> default_token_rules() {
  const TokenPart last{"LastName", "T|U"};
  const TokenPart first{"FirstName", "T|U"};
  const TokenPart sex{"Sex", "T|U"};
  const TokenPart birth{"BirthDate", "T|D"};
  return {{"T1", {last, {"FirstName", "T|S(0,1)|U"}, sex, birth}},
          {"T2", {last, first, birth, {"PostalCode", "T|S(0,3)|U"}}},
          {"T3", {last, first, sex, birth}},
          {"T4", {{"SocialSecurityNumber", "T|M(\\d+)"}, sex, birth}},
          {"T5", {last, {"FirstName", "T|S(0,3)|U"}, sex}}};
}

Result<SignaturePlan> plan_signatures(const ProfileTraits& traits, const std::vector<TokenRule>& rules) {
  SignaturePlan plan;
  for (const TokenRule& rule : rules) {
    if (rule.id.empty()) return Status::Invalid("a token rule has no id; name it, for example T6");
    if (rule.parts.empty()) return Status::Invalid("token rule '", rule.id, "' has no parts; add an attribute");
    SignaturePlan::Rule planned{rule.id, {}};
    for (const TokenPart& part : rule.parts) {
      auto attribute = parse_attribute(part.attribute);
      if (!attribute.ok())
        return attribute.status().WithMessage("token rule '", rule.id, "': ", attribute.status().message());
      const auto known = std::find_if(plan.parts.begin(), plan.parts.end(), [&](const SignaturePlan::Part& other) {
        return other.attribute == *attribute && other.expression_text == part.expression;
      });
      planned.parts.push_back(static_cast<size_t>(known - plan.parts.begin()));
      if (known != plan.parts.end()) continue;
      auto expression = TokenExpression::parse(traits.dialect, part.expression);
      if (!expression.ok()) {
        return expression.status().WithMessage("token rule '", rule.id, "', attribute '", part.attribute,
                                               "': ", expression.status().message());
      }
      plan.parts.push_back({*attribute, part.expression, std::move(*expression)});
      add_once(*attribute, &plan.attributes);
    }
    // As in the references, a later rule of the same id replaces an earlier one.
    std::erase_if(plan.rules, [&](const SignaturePlan::Rule& other) { return other.id == rule.id; });
    plan.rules.push_back(std::move(planned));
  }
  std::sort(plan.rules.begin(), plan.rules.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return plan;
}

arrow::Result<TokenRule> TokenBuilder::build(TokenProfile profile) const {
  ARROW_RETURN_NOT_OK(check_rule(profile_traits(profile), rule_));
  return rule_;
}

arrow::Result<std::vector<TokenRule>> parse_token_rules(std::string_view json, std::string_view source,
                                                        TokenProfile profile) {
  const Json document = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) return Status::Invalid(source, ": not JSON; see docs/tokens.md for a file of rules");
  const std::string path = std::string(source) + ": $";
  ARROW_RETURN_NOT_OK(check_keys(document, {"rules"}, path));
  const auto list = document.find("rules");
  if (list == document.end() || !list->is_array() || list->empty()) {
    return Status::Invalid(path, ".rules: expected a list of at least one rule");
  }
  std::vector<TokenRule> rules;
  for (size_t i = 0; i < list->size(); ++i) {
    const std::string rule_path = path + ".rules[" + std::to_string(i) + "]";
    ARROW_ASSIGN_OR_RAISE(TokenRule rule, parse_rule((*list)[i], rule_path));
    const Status status = check_rule(profile_traits(profile), rule);
    if (!status.ok()) return status.WithMessage(rule_path, ": ", status.message());
    if (std::any_of(rules.begin(), rules.end(), [&](const TokenRule& other) { return other.id == rule.id; })) {
      return Status::Invalid(rule_path, ".id: another rule is called '", rule.id, "' as well; rename one");
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace linkwright
