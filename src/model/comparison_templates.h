#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "model/comparison_levels.h"
#include "model/short_form_values.h"

namespace linkwright {

/// A comparison as its template writes it, with all levels but ELSE, which every template ends with.
struct WrittenComparison {
  std::string output_name;
  std::string description = {};  // "": the template's name
  std::vector<LibraryLevel> levels = {};

  void add(LibraryLevel level) { levels.push_back(std::move(level)); }
  /// With a label of the template's own.
  void add(LibraryLevel level, std::string label);
  /// With term frequency adjustments on the column that the term was written with.
  void add_adjusted(LibraryLevel level, const ColumnTerm& column);
};

/// The templates for kinds of data. Each reads its arguments, which are those of Splink's class, and writes the levels.
Result<WrittenComparison> name_comparison(ShortFormReader& reader);
Result<WrittenComparison> forename_surname_comparison(ShortFormReader& reader);
Result<WrittenComparison> date_of_birth_comparison(ShortFormReader& reader);
Result<WrittenComparison> date_difference_at_thresholds(ShortFormReader& reader);
Result<WrittenComparison> time_difference_at_thresholds(ShortFormReader& reader);
Result<WrittenComparison> postcode_comparison(ShortFormReader& reader);
Result<WrittenComparison> email_comparison(ShortFormReader& reader);
Result<WrittenComparison> distance_in_km_at_thresholds(ShortFormReader& reader);

}  // namespace linkwright
