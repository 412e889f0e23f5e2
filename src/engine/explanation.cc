#include "engine/explanation.h"

#include <arrow/scalar.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "compare/comparison_program.h"
#include "compare/pair_comparer.h"
#include "model/match_weights.h"
#include "score/match_scorer.h"
#include "train/em_session.h"

namespace linkwright {
namespace {

std::string full_id(const RecordTable& records, uint32_t row) {
  if (!records.has_sources()) return records.id_text(row);
  return records.source_names()[records.source_of_row()[row]] + ":" + records.id_text(row);
}

Result<std::string> value_text(const EncodedColumn& column, uint32_t row) {
  const uint32_t code = column.codes[row];
  if (code == 0) return "NULL";
  ARROW_ASSIGN_OR_RAISE(const auto value, column.values->GetScalar(code - 1));
  return column.type.kind == ValueKind::kText ? "'" + value->ToString() + "'" : value->ToString();
}

Result<std::string> values_text(const std::vector<std::string>& columns, const RecordTable& records, uint32_t row) {
  std::string text;
  for (const std::string& name : columns) {
    ARROW_ASSIGN_OR_RAISE(const EncodedColumn* column, records.column(name));
    ARROW_ASSIGN_OR_RAISE(const std::string value, value_text(*column, row));
    text += (text.empty() ? "" : ", ") + value;
  }
  return text;
}

std::string signed_number(double number) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%+9.3f", number);
  return text.data();
}

}  // namespace

std::string PairExplanation::to_text() const {
  std::string text = left_id + "  and  " + right_id + "\n";
  const auto line = [&](double weight, const std::string& what) {
    text += "  " + signed_number(weight) + "  " + what + "\n";
  };
  line(prior_weight, "prior: two random records");
  for (const Part& part : parts) {
    line(part.match_weight,
         part.comparison + ": " + part.level + "   [" + part.left_values + " | " + part.right_values + "]");
    if (part.term_frequency_adjustment != 0) {
      line(part.term_frequency_adjustment,
           part.comparison + (part.term_frequency_adjustment > 0 ? ": the value is rarer than usual"
                                                                 : ": the value is more common than usual"));
    }
  }
  std::array<char, 96> whole;
  std::snprintf(whole.data(), whole.size(), "= match weight %.3f, probability %.6f", match_weight, match_probability);
  return text + "  " + whole.data() + "\n";
}

std::string PairExplanation::to_json() const {
  nlohmann::ordered_json json = {{"left_id", left_id}, {"right_id", right_id}, {"prior_weight", prior_weight}};
  for (const Part& part : parts) {
    json["parts"].push_back({{"comparison", part.comparison},
                             {"level", part.level},
                             {"left_values", part.left_values},
                             {"right_values", part.right_values},
                             {"match_weight", part.match_weight},
                             {"term_frequency_adjustment", part.term_frequency_adjustment}});
  }
  json["match_weight"] = match_weight;
  json["match_probability"] = match_probability;
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Result<uint32_t> find_row(const RecordTable& records, const std::string& id) {
  const size_t colon = records.has_sources() ? id.find(':') : std::string::npos;
  if (records.has_sources() && colon == std::string::npos) {
    return Status::Invalid("'", id, "' names no dataset; write dataset:id");
  }
  const std::string source = colon == std::string::npos ? "" : id.substr(0, colon);
  const std::string own = colon == std::string::npos ? id : id.substr(colon + 1);
  for (uint32_t row = 0; row < records.num_rows(); ++row) {
    if (records.has_sources() && records.source_names()[records.source_of_row()[row]] != source) continue;
    if (records.id_text(row) == own) return row;
  }
  return Status::KeyError("there is no record '", id, "'");
}

Result<std::vector<PairExplanation>> explain_pairs(const LinkageModel& model, const RecordTable& records,
                                                   const std::vector<RowPair>& pairs,
                                                   const EvaluationOptions& evaluation) {
  ARROW_ASSIGN_OR_RAISE(const auto program, ComparisonProgram::compile(model.comparisons, records, evaluation));
  const ComparisonProgram::Choice choice = program->all();
  ARROW_ASSIGN_OR_RAISE(
      const MatchScorer scorer,
      MatchScorer::make(model.comparisons, model.probability_two_random_records_match, choice.patterns, records));
  PairComparer comparer(choice);
  std::vector<AgreementPattern> patterns(pairs.size());
  ARROW_RETURN_NOT_OK(comparer.compare(pairs, patterns.data()));
  std::vector<PairExplanation> explanations;
  for (size_t p = 0; p < pairs.size(); ++p) {
    PairExplanation& explanation = explanations.emplace_back();
    explanation.left_id = full_id(records, pairs[p].left);
    explanation.right_id = full_id(records, pairs[p].right);
    explanation.prior_weight = scorer.prior_weight();
    for (size_t c = 0; c < model.comparisons.size(); ++c) {
      const Comparison& comparison = model.comparisons[c];
      const size_t level = choice.patterns.level(patterns[p], c);
      PairExplanation::Part part;
      part.comparison = comparison.output_column_name;
      part.level = level < comparison.levels.size() ? comparison.levels[level].label_for_charts : "(no level)";
      ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> columns, columns_of(comparison));
      ARROW_ASSIGN_OR_RAISE(part.left_values, values_text(columns, records, pairs[p].left));
      ARROW_ASSIGN_OR_RAISE(part.right_values, values_text(columns, records, pairs[p].right));
      part.match_weight = scorer.level_weight(c, level);
      part.term_frequency_adjustment = scorer.term_frequency_adjustment(c, level, pairs[p]);
      explanation.parts.push_back(std::move(part));
    }
    explanation.match_weight = scorer.match_weight(patterns[p], pairs[p]);
    explanation.match_probability = match_weight_to_probability(explanation.match_weight);
  }
  return explanations;
}

}  // namespace linkwright
