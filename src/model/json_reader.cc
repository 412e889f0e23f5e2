#include "model/json_reader.h"

#include <algorithm>
#include <cmath>

#include "base/nearest_name.h"

namespace linkwright {

Result<JsonObject> JsonObject::make(const Json& json, std::string where, std::string path) {
  if (!json.is_object()) {
    return Status::Invalid(where, path.empty() ? "" : ": " + path, ": expected an object {...}, found ",
                           json.type_name());
  }
  return JsonObject(json, std::move(where), std::move(path));
}

std::string JsonObject::path_of(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }

Status JsonObject::error(const std::string& key, const std::string& what) const {
  return Status::Invalid(where_, ": ", path_of(key), ": ", what);
}

const JsonObject::Json* JsonObject::find(const std::string& key) {
  known_.push_back(key);
  const auto found = json_->find(key);
  return found == json_->end() || found->is_null() ? nullptr : &*found;
}

bool JsonObject::has(const std::string& key) { return find(key) != nullptr; }

Result<std::string> JsonObject::text(const std::string& key) {
  const Json* value = find(key);
  if (value == nullptr) return error(key, "is missing; expected a text");
  if (!value->is_string()) return error(key, "expected a text, found " + shown(*value));
  return value->get<std::string>();
}

Result<std::string> JsonObject::text_or(const std::string& key, std::string fallback) {
  return has(key) ? text(key) : Result<std::string>(std::move(fallback));
}

Result<double> JsonObject::number(const std::string& key) {
  const Json* value = find(key);
  if (value == nullptr) return error(key, "is missing; expected a number");
  if (!value->is_number()) return error(key, "expected a number, found " + shown(*value));
  return value->get<double>();
}

Result<double> JsonObject::number_or(const std::string& key, double fallback) {
  return has(key) ? number(key) : Result<double>(fallback);
}

Result<std::optional<double>> JsonObject::optional_number(const std::string& key) {
  if (!has(key)) return std::nullopt;
  ARROW_ASSIGN_OR_RAISE(const double value, number(key));
  return value;
}

Result<int64_t> JsonObject::whole_or(const std::string& key, int64_t fallback, int64_t lowest, int64_t highest) {
  ARROW_ASSIGN_OR_RAISE(const double value, number_or(key, static_cast<double>(fallback)));
  const bool fits = value >= static_cast<double>(lowest) && value <= static_cast<double>(highest);
  if (fits && value == std::floor(value)) return static_cast<int64_t>(value);
  return error(key, "expected a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest) +
                        ", found " + shown(*find(key)));
}

Result<std::string> JsonObject::name(const std::string& key) {
  ARROW_ASSIGN_OR_RAISE(std::string name, text(key));
  if (name.empty()) return error(key, "is empty; expected a name");
  return name;
}

Result<std::string> JsonObject::name_or(const std::string& key, std::string fallback) {
  return has(key) ? name(key) : Result<std::string>(std::move(fallback));
}

Result<bool> JsonObject::boolean_or(const std::string& key, bool fallback) {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) return error(key, "expected true or false, found " + shown(*value));
  return value->get<bool>();
}

Result<std::vector<std::string>> JsonObject::texts_or_empty(const std::string& key) {
  const Json* value = find(key);
  if (value == nullptr) return std::vector<std::string>{};
  if (value->is_string()) return std::vector<std::string>{value->get<std::string>()};
  const bool texts =
      value->is_array() && std::all_of(value->begin(), value->end(), [](const Json& item) { return item.is_string(); });
  if (!texts) return error(key, "expected a text or a list of texts, found " + shown(*value));
  return value->get<std::vector<std::string>>();
}

Result<std::vector<std::string>> JsonObject::names_or_empty(const std::string& key) {
  ARROW_ASSIGN_OR_RAISE(std::vector<std::string> names, texts_or_empty(key));
  if (std::find(names.begin(), names.end(), "") != names.end())
    return error(key, "expected names, found an empty text");
  return names;
}

Result<size_t> JsonObject::choice(const std::string& key, std::span<const std::string> choices, size_t fallback) {
  if (!has(key)) return fallback;
  ARROW_ASSIGN_OR_RAISE(const std::string value, text(key));
  const auto found = std::find(choices.begin(), choices.end(), value);
  if (found != choices.end()) return static_cast<size_t>(found - choices.begin());
  return error(key, "'" + value + "' is not one of the choices" + suggestion(value, choices));
}

Result<JsonObject> JsonObject::object(const std::string& key) {
  const Json* value = find(key);
  if (value == nullptr) return error(key, "is missing; expected an object {...}");
  return make(*value, where_, path_of(key));
}

Result<std::vector<const JsonObject::Json*>> JsonObject::list_or_empty(const std::string& key) {
  const Json* value = find(key);
  std::vector<const Json*> items;
  if (value == nullptr) return items;
  if (!value->is_array()) return error(key, "expected a list [...], found " + std::string(value->type_name()));
  for (const Json& item : *value) items.push_back(&item);
  return items;
}

void JsonObject::ignore(std::initializer_list<const char*> keys) {
  known_.insert(known_.end(), keys.begin(), keys.end());
}

Status JsonObject::check_unknown_keys() const {
  for (const auto& [key, value] : json_->items()) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      return Status::Invalid(where_, ": ", path_of(key), ": unknown key", suggestion(key, known_));
    }
  }
  return Status::OK();
}

}  // namespace linkwright
