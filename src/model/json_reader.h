#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace linkwright {

/// Parses a JSON file or text; `where` names it. Errors: a syntax error or a byte that is not UTF-8, with line and
/// column; a key given twice in an object; more than 200 levels of nesting. No message has bytes that are not UTF-8.
Result<nlohmann::ordered_json> parse_json(std::string_view text, std::string_view where);
Result<nlohmann::ordered_json> read_json_file(const std::string& path);

/// The value as JSON text for a message: its start, where it is long.
std::string shown(const nlohmann::ordered_json& value);

/// One JSON object while it is read: fields by type, with the JSON path in every error, and the keys that were asked
/// for, so that the rest can be reported as unknown.
class JsonObject {
 public:
  using Json = nlohmann::ordered_json;

  /// `where` names the document, `path` the object in it ("" for the document itself). Errors: not an object.
  static Result<JsonObject> make(const Json& json, std::string where, std::string path);

  bool has(const std::string& key);  // present and not null
  const Json* find(const std::string& key);
  std::string path_of(const std::string& key) const;
  const std::string& where() const { return where_; }

  Result<std::string> text(const std::string& key);
  Result<std::string> text_or(const std::string& key, std::string fallback);
  Result<double> number(const std::string& key);
  Result<double> number_or(const std::string& key, double fallback);
  Result<std::optional<double>> optional_number(const std::string& key);
  /// A number without fraction between two others, which are at most 2^53 apart from 0.
  Result<int64_t> whole_or(const std::string& key, int64_t fallback, int64_t lowest, int64_t highest);
  /// A text that is not empty.
  Result<std::string> name(const std::string& key);
  Result<std::string> name_or(const std::string& key, std::string fallback);
  Result<bool> boolean_or(const std::string& key, bool fallback);
  Result<std::vector<std::string>> texts_or_empty(const std::string& key);  // a text or a list of texts
  Result<std::vector<std::string>> names_or_empty(const std::string& key);  // the same, none of them empty
  /// One of `choices`; the error lists them.
  Result<size_t> choice(const std::string& key, std::span<const std::string> choices, size_t fallback);

  Result<JsonObject> object(const std::string& key);
  /// The elements of a list, or of nothing.
  Result<std::vector<const Json*>> list_or_empty(const std::string& key);

  /// Allows keys that are known but mean nothing here.
  void ignore(std::initializer_list<const char*> keys);
  /// Invalid when a key was never asked for, with the nearest of those that were.
  Status check_unknown_keys() const;

  Status error(const std::string& key, const std::string& what) const;

 private:
  JsonObject(const Json& json, std::string where, std::string path)
      : json_(&json), where_(std::move(where)), path_(std::move(path)) {}

  const Json* json_;
  std::string where_;
  std::string path_;
  std::vector<std::string> known_;
};

}  // namespace linkwright
