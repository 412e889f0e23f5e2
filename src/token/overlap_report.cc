#include "token/overlap_report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/joined.h"
#include "base/with_commas.h"

namespace linkwright {
namespace {

using OrderedJson = nlohmann::ordered_json;

std::string csv_field(std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(value);
  std::string out = "\"";
  for (char c : value) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string json_text(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

std::string json_string(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c != '"' && c != '\\'; });
  return plain ? "\"" + std::string(text) + "\"" : json_text(std::string(text));
}

}  // namespace

std::string matches_path_beside(const std::string& json_path, const std::string& ending) {
  return std::filesystem::path(json_path).replace_extension().string() + ".matches." + ending;
}

std::string matching_rules_name(const std::vector<std::string>& rules) { return joined(rules, "+"); }

OverlapWriter::OverlapWriter(const OverlapOptions& options, const std::string& json_path,
                             const std::string& matches_path)
    : options_(options),
      key1_(json_string(options.name1 + "_RecordId")),
      key2_(json_string(options.name2 + "_RecordId")),
      json_(json_path) {
  if (!matches_path.empty()) csv_.emplace(matches_path);
}

Status OverlapWriter::begin() {
  ARROW_RETURN_NOT_OK(json_.open());
  if (options_.rule_sets.size() != 1) ARROW_RETURN_NOT_OK(json_.append("[\n"));
  if (!csv_) return Status::OK();
  ARROW_RETURN_NOT_OK(csv_->open());
  return csv_->append("MatchingRules," + csv_field(options_.name1 + "_RecordId") + "," +
                      csv_field(options_.name2 + "_RecordId") + "\n");
}

Status OverlapWriter::begin_result(const OverlapResult& result) {
  std::string head = any_result_ ? ",\n{\n" : "{\n";
  any_result_ = true;
  const auto add = [&head](const char* key, const OrderedJson& value) {
    head += "  \"" + std::string(key) + "\": " + json_text(value) + ",\n";
  };
  add("total_records_dataset1", result.total_records_dataset1);
  add("total_records_dataset2", result.total_records_dataset2);
  add("matching_records_dataset1", result.matching_records_dataset1);
  add("matching_records_dataset2", result.matching_records_dataset2);
  add("unique_to_dataset1", result.total_records_dataset1 - result.matching_records_dataset1);
  add("unique_to_dataset2", result.total_records_dataset2 - result.matching_records_dataset2);
  add("overlap_percentage", result.overlap_percentage());
  return json_.append(head);
}

Status OverlapWriter::end_result(const OverlapResult& result) {
  return json_.append(",\n  \"dataset1_name\": " + json_string(options_.name1) +
                      ",\n  \"dataset2_name\": " + json_string(options_.name2) +
                      ",\n  \"matching_rules\": " + json_text(result.matching_rules) + "\n}");
}

Status OverlapWriter::write(const OverlapResult& result, const std::function<Result<bool>(OverlapPair*)>& next_pair,
                            const Cancellation* cancellation) {
  ARROW_RETURN_NOT_OK(begin_result(result));
  ARROW_RETURN_NOT_OK(json_.append("  \"matches\": ["));
  ARROW_RETURN_NOT_OK(write_matches(matching_rules_name(result.matching_rules), next_pair, cancellation));
  ARROW_RETURN_NOT_OK(json_.append("]"));
  return end_result(result);
}

Status OverlapWriter::write_without_matches(const OverlapResult& result, const std::string& matches_in) {
  ARROW_RETURN_NOT_OK(begin_result(result));
  ARROW_RETURN_NOT_OK(json_.append("  \"matches_in\": " + json_string(matches_in)));
  return end_result(result);
}

Status OverlapWriter::write_matches(const std::string& rules,
                                    const std::function<Result<bool>(OverlapPair*)>& next_pair,
                                    const Cancellation* cancellation) {
  constexpr size_t kPairsBetweenChecks = 4096;
  const std::string csv_rules = csv_field(rules) + ",";
  OverlapPair pair;
  for (size_t count = 0;; ++count) {
    if (cancellation != nullptr && count % kPairsBetweenChecks == 0) ARROW_RETURN_NOT_OK(cancellation->check());
    ARROW_ASSIGN_OR_RAISE(const bool more, next_pair(&pair));
    if (!more) return Status::OK();
    if (csv_) ARROW_RETURN_NOT_OK(csv_->append(csv_rules + csv_field(pair.id1) + "," + csv_field(pair.id2) + "\n"));
    const char* const before = count > 0 ? ",\n    {" : "\n    {";
    ARROW_RETURN_NOT_OK(json_.append(before + key1_ + ": " + json_string(pair.id1) + ", " + key2_ + ": " +
                                     json_string(pair.id2) + "}"));
  }
}

Status OverlapWriter::finish() {
  ARROW_RETURN_NOT_OK(json_.append(options_.rule_sets.size() != 1 ? "\n]\n" : "\n"));
  if (csv_) ARROW_RETURN_NOT_OK(csv_->finish());
  return json_.finish();
}

std::string overlap_summary(const OverlapResult& result, const OverlapOptions& options) {
  const std::string line = std::string(70, '=') + "\n";
  std::string out = line + "Dataset Overlap Analysis\n" + line;
  const auto dataset = [&](const char* number, const std::string& name, size_t total, size_t matching) {
    out += std::string("Dataset ") + number + ": " + name + "\n";
    out += "  Total records: " + with_commas(total) + "\n";
    out += "  Matching records: " + with_commas(matching) + "\n";
    out += "  Unique records: " + with_commas(total - matching) + "\n\n";
  };
  dataset("1", options.name1, result.total_records_dataset1, result.matching_records_dataset1);
  dataset("2", options.name2, result.total_records_dataset2, result.matching_records_dataset2);
  std::array<char, 32> percentage;
  std::snprintf(percentage.data(), percentage.size(), "%.2f%%", result.overlap_percentage());
  out += "Matching Rules: " + joined(result.matching_rules, ", ") + "\n";
  out += "Overlap Percentage: " + std::string(percentage.data()) + "\n";
  return out + line;
}

Result<std::vector<OverlapResult>> write_overlap(OverlapJoin* join, const OverlapOptions& options,
                                                 const std::string& json_path, const std::string& matches_path,
                                                 const Cancellation* cancellation) {
  OverlapWriter writer(options, json_path, matches_path);
  ARROW_RETURN_NOT_OK(writer.begin());
  std::vector<OverlapResult> results;
  for (size_t set = 0; set < options.rule_sets.size(); ++set) {
    ARROW_ASSIGN_OR_RAISE(OverlapMatches matches, join->join(set, cancellation));
    ARROW_RETURN_NOT_OK(writer.write(
        matches.result, [&](OverlapPair* pair) { return matches.next(pair); }, cancellation));
    results.push_back(std::move(matches.result));
  }
  ARROW_RETURN_NOT_OK(writer.finish());
  return results;
}

}  // namespace linkwright
