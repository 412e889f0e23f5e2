#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace linkwright {

/// The name in `text` if that is one name in double quotes, where its own quotes are doubled.
std::optional<std::string> name_in_quotes(std::string_view text);

/// What a comparison or a blocking rule reads of a record: a column, or an expression over columns, with transforms
/// around it. Splink 5's ColumnExpression: the same rules tell a column from an expression (but for a single name in
/// quotes, which is a column here whatever is in it), and the same SQL comes out.
///
/// Cheap to copy; safe to read from any thread.
class ColumnTerm {
 public:
  /// `text` is an expression if it has parentheses or ||, and else a column, however it is called: `first name`,
  /// `order`, `a.b`, `names[1]`, `"in quotes"`. Errors: no column at all, or an expression that does not parse.
  static Result<ColumnTerm> parse(const std::string& text);

  /// A text as above, or {"column": text, "transforms": ["lower", {"substr": [1, 3]}, ...]}: Splink's transforms by
  /// name, their arguments as one value, a list or an object with Splink's names. `path` is the JSON path of `json`.
  static Result<ColumnTerm> from_json(const nlohmann::ordered_json& json, const std::string& where,
                                      const std::string& path);

  const std::string& left() const { return sql_[0]; }          // "name_l": as level conditions read it
  const std::string& right() const { return sql_[1]; }         // "name_r"
  const std::string& left_record() const { return sql_[2]; }   // l."name": as blocking rules read it
  const std::string& right_record() const { return sql_[3]; }  // r."name"

  /// As it was written, without transforms.
  const std::string& text() const { return text_; }
  /// The same without the quotes of a name: as settings name columns.
  std::string bare_text() const { return name_in_quotes(text_).value_or(text_); }
  /// The text in labels for charts, which says whether there are transforms.
  std::string label() const;
  /// The text with all that is no letter, digit or _ replaced by _.
  std::string output_name() const;
  /// Whether it is a column as it stands, with neither expression nor transform.
  bool is_plain_column() const { return is_column_ && !is_transformed_; }

  ColumnTerm lower() const;
  ColumnTerm substring(int64_t start, int64_t length) const;
  ColumnTerm cast_to_text() const;
  ColumnTerm extract(const std::string& pattern, int64_t group = 0) const;  // null where nothing matches
  ColumnTerm null_if(const std::string& text) const;
  ColumnTerm parse_moment(const std::string& format) const;  // null where the text has another format
  ColumnTerm element(int64_t index) const;                   // of a list, counted from 1, or from the end by -1

  static constexpr std::string_view kDateFormat = "%Y-%m-%d";
  static constexpr std::string_view kTimestampFormat = "%Y-%m-%dT%H:%M:%SZ";

 private:
  ColumnTerm() = default;
  ColumnTerm wrapped(const std::string& before, const std::string& after) const;

  std::string text_;
  std::array<std::string, 4> sql_;
  bool is_column_ = true;
  bool is_transformed_ = false;
};

}  // namespace linkwright
