#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "linkwright/token.h"
#include "token/attribute.h"
#include "token/expression.h"
#include "token/profile.h"

namespace linkwright {

/// Rules made ready to run: each pair of attribute and expression once, however many rules share it.
struct SignaturePlan {
  struct Part {
    Attribute attribute;
    std::string expression_text;
    TokenExpression expression;
  };
  struct Rule {
    std::string id;
    std::vector<size_t> parts;  // indices into `parts`, in the rule's order
  };

  std::vector<Part> parts;
  std::vector<Rule> rules;            // sorted by id, the order of the references
  std::vector<Attribute> attributes;  // those that some rule uses, each once
};

/// Errors name the rule, and the attribute or the expression step that does not exist.
Result<SignaturePlan> plan_signatures(const ProfileTraits& traits, const std::vector<TokenRule>& rules);

}  // namespace linkwright
