#include "profile/match_model.h"

#include "profile/value_counter.h"

namespace linkwright {
namespace {

struct Agreement {
  double whole, prefix;
};

/// Rules of thumb, from the errors in FEBRL's and Splink's example data; only their order matters much.
Agreement usual_agreement(ColumnRole role) {
  switch (role) {
    case ColumnRole::kFirstName:
      return {.80, .92};
    case ColumnRole::kLastName:
      return {.84, .93};
    case ColumnRole::kFullName:
      return {.70, .88};
    case ColumnRole::kDate:
      return {.88, .95};
    case ColumnRole::kPostcode:
      return {.82, .88};
    case ColumnRole::kEmail:
      return {.80, .86};
    case ColumnRole::kPhone:
      return {.75, .85};
    case ColumnRole::kNationalId:
      return {.90, .95};
    case ColumnRole::kPlace:
      return {.82, .88};
    case ColumnRole::kAddress:
      return {.60, .75};
    case ColumnRole::kCompany:
      return {.60, .80};
    case ColumnRole::kCategory:
      return {.90, .90};
    default:
      return {.75, .85};
  }
}

}  // namespace

MatchModel::MatchModel(std::span<const ColumnProfile> columns) : wholes_(columns.size()), prefixes_(columns.size()) {
  constexpr double kUnit = 1.0 / 18446744073709551616.0;  // 2^-64
  for (size_t column = 0; column < columns.size(); ++column) {
    const ColumnProfile& profile = columns[column];
    const double filled =
        profile.rows == 0 ? 0 : 1 - static_cast<double>(profile.nulls) / static_cast<double>(profile.rows);
    const Agreement agreement = usual_agreement(profile.guess.role);
    for (size_t match = 0; match < kMatches; ++match) {
      const double draw = static_cast<double>(combine_value_hashes(column + 1, match + 1)) * kUnit;
      wholes_[column][match] = draw < filled * filled * agreement.whole;
      prefixes_[column][match] = draw < filled * filled * agreement.prefix;
    }
  }
}

unsigned useful_prefix(const ColumnProfile& column) {
  if (!column.is_text) return 0;
  switch (column.guess.role) {
    case ColumnRole::kFirstName:
    case ColumnRole::kLastName:
    case ColumnRole::kCompany:
    case ColumnRole::kShortText:
      return 3;
    case ColumnRole::kFullName:
    case ColumnRole::kAddress:
      return 5;
    case ColumnRole::kPostcode:
      return 3;
    case ColumnRole::kDate:
      return column.guess.date_format.starts_with("%Y") ? 4 : 0;  // the year
    default:
      return 0;
  }
}

}  // namespace linkwright
