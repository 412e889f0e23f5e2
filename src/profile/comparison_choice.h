#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "profile/table_profile.h"

namespace linkwright {

/// A comparison for a column, in the short form of a job file.
struct ComparisonChoice {
  std::string column;
  std::string name;  // of the comparison, as people are told of it
  nlohmann::ordered_json comparison;
  std::string why;
};

struct ComparisonChoices {
  std::vector<ComparisonChoice> chosen;  // in the table's order
  std::vector<std::string> passed_over;  // a sentence each: which column, and why not
  bool names_read_each_other = false;    // forename and surname have a level for being swapped
};

/// A comparison for every column worth one, at most `most`, those that tell records apart best.
ComparisonChoices choose_comparisons(std::span<const ColumnProfile> columns, size_t most = 12);

}  // namespace linkwright
