#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "profile/value_shape.h"

namespace linkwright {

/// What a column seems to hold.
enum class ColumnRole {
  kUniqueId,
  kTruth,  // says already which records belong together: for evaluation, never for linking
  kFirstName,
  kLastName,
  kFullName,
  kDate,
  kPostcode,
  kEmail,
  kPhone,
  kNationalId,
  kPlace,
  kAddress,
  kCompany,
  kShortText,
  kFreeText,
  kNumber,
  kCategory,
  kIgnored,
};
std::string_view to_string(ColumnRole role);

enum class PostcodeKind { kNone, kUnitedKingdom, kOther };

/// What is known of a column when its role is guessed.
struct ColumnFacts {
  std::string name;
  bool has_text = true;    // false: a list, struct, ...
  bool is_date = false;    // by its type
  bool is_number = false;  // by its type
  int64_t rows = 0;
  int64_t nulls = 0;
  int64_t distinct = 0;
  double average_length = 0;
  std::span<const std::string> texts;  // a sample of the values that are not null
};

struct RoleGuess {
  ColumnRole role = ColumnRole::kIgnored;
  std::string why{};
  std::string date_format{};  // kDate of text columns
  PostcodeKind postcode = PostcodeKind::kNone;
};

/// Guesses from the name and the values together: a name counts only where the values do not speak against it. The same
/// facts give the same guess. `is_unique_id_taken`: another column is the id already.
RoleGuess guess_role(const ColumnFacts& facts, bool is_unique_id_taken);

/// "dateOfBirth", "Date of birth" and "DATE_OF_BIRTH" to "date_of_birth".
std::string normal_column_name(std::string_view name);

}  // namespace linkwright
