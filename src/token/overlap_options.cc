#include "token/overlap_options.h"

#include <algorithm>

namespace linkwright {
namespace {

/// Where a word stands in a list, at the end of which it is put when it is new.
size_t place_in(const std::string& word, std::vector<std::string>* list) {
  const auto place = static_cast<size_t>(std::find(list->begin(), list->end(), word) - list->begin());
  if (place == list->size()) list->push_back(word);
  return place;
}

}  // namespace

std::vector<std::string> OverlapOptions::rules() const {
  std::vector<std::string> rules;
  for (const auto& set : rule_sets) {
    for (const std::string& rule : set) place_in(rule, &rules);
  }
  return rules;
}

std::vector<OverlapOptions::RuleSet> OverlapOptions::distinct_rule_sets() const {
  std::vector<std::string> known = rules();
  std::vector<RuleSet> sets;
  for (const auto& rule_set : rule_sets) {
    RuleSet& set = sets.emplace_back();
    for (const std::string& rule : rule_set) place_in(rule, &set.names);
    for (const std::string& rule : set.names) set.rules.push_back(place_in(rule, &known));
  }
  return sets;
}

Status too_many_choices(std::string_view record_id) {
  return Status::Invalid("the record '", record_id, "' has rows with so many different tokens that they make more ",
                         "than a million choices under one set of rules; are record ids unique?");
}

double OverlapResult::overlap_percentage() const {
  const size_t smaller = std::min(total_records_dataset1, total_records_dataset2);
  if (smaller == 0) return 0;
  return 100.0 * static_cast<double>(std::min(matching_records_dataset1, matching_records_dataset2)) /
         static_cast<double>(smaller);
}

}  // namespace linkwright
