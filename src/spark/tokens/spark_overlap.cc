#include "spark/tokens/spark_overlap.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "spark/executor/native_library.h"
#include "spark/linkage/kept_rows.h"
#include "spark/linkage/packed_rows.h"
#include "spark/linkage/sql_columns.h"
#include "spark/tokens/overlap_plan.h"
#include "token/overlap_report.h"
#include "token/raw_values.h"
#include "token/token_digester.h"
#include "token/token_file_columns.h"
#include "token_kernel/digest_task.h"

namespace linkwright::spark {
namespace {

using Json = nlohmann::ordered_json;

/// A small result, row by row.
class SmallRows {
 public:
  static Result<SmallRows> of(const DataFrame& rows) {
    ARROW_ASSIGN_OR_RAISE(auto table, rows.to_arrow());
    return SmallRows(std::move(table));
  }

  int64_t size() const { return table_->num_rows(); }
  Result<std::optional<std::string>> text(const std::string& column, int64_t row) const {
    ARROW_ASSIGN_OR_RAISE(const auto value, table_->GetColumnByName(column)->GetScalar(row));
    return value->is_valid ? std::optional(value->ToString()) : std::nullopt;
  }
  /// 0 for null.
  Result<int64_t> number(const std::string& column, int64_t row) const {
    ARROW_ASSIGN_OR_RAISE(const auto value, table_->GetColumnByName(column)->GetScalar(row));
    if (!value->is_valid) return 0;
    ARROW_ASSIGN_OR_RAISE(const auto number, value->CastTo(arrow::int64()));
    return static_cast<const arrow::Int64Scalar&>(*number).value;
  }

 private:
  explicit SmallRows(std::shared_ptr<arrow::Table> table) : table_(std::move(table)) {}
  std::shared_ptr<arrow::Table> table_;
};

/// The pairs of a set as they arrive.
class ArrivingPairs {
 public:
  static Result<ArrivingPairs> of(const DataFrame& matches) {
    ArrivingPairs pairs;
    auto batches = matches.to_batches();
    if (!batches.ok()) return with_remedy(batches.status());
    pairs.batches_ = *std::move(batches);
    return pairs;
  }

  Result<bool> next(OverlapPair* pair) {
    while (row_ == ids_[0].size()) {
      const Status status = batches_->ReadNext(&batch_);
      if (!status.ok()) return with_remedy(status);
      if (batch_ == nullptr) return false;
      row_ = 0;
      converted_.clear();
      for (int side = 0; side < 2; ++side) {
        std::vector<RawValue>& ids = ids_[static_cast<size_t>(side)];
        ids.clear();
        ARROW_RETURN_NOT_OK(append_raw_values(*batch_->column(side), "RecordId", &converted_, &ids));
      }
    }
    *pair = {ids_[0][row_].text, ids_[1][row_].text};
    ++row_;
    return true;
  }

 private:
  static Status with_remedy(const Status& status) {
    if (status.message().find("spark.driver.maxResultSize") == std::string::npos) return status;
    return status.WithMessage(
        "there are more matches than the server hands over at a time; let Spark write them "
        "(--output-table, or --output-format parquet), or raise spark.driver.maxResultSize [",
        status.message(), "]");
  }

  std::shared_ptr<arrow::RecordBatchReader> batches_;
  std::shared_ptr<arrow::RecordBatch> batch_;
  std::array<std::vector<RawValue>, 2> ids_;  // of the batch
  std::deque<std::string> converted_;
  size_t row_ = 0;
};

/// What was counted of the two datasets.
struct Tallies {
  std::vector<TokenTally> of_tokens;
  std::array<size_t, 2> records{};
  int64_t most_choices = 0;                           // of tokens, of any record under any set
  std::array<std::optional<std::string>, 2> crowded;  // a record with too many choices of tokens
};

class SparkOverlap {
 public:
  SparkOverlap(const Session& session, const OverlapQuestion& question, const OverlapListener& listener)
      : session_(session),
        question_(question),
        listener_(listener),
        rules_(question.options.rules()),
        sets_(question.options.distinct_rule_sets()),
        key_(question.encryption_key) {}

  Result<std::vector<OverlapResult>> run(const std::string& kernel, const OverlapPlaces& places) {
    OverlapWriter writer(question_.options, places.json_path, places.matches_path);
    ARROW_RETURN_NOT_OK(writer.begin());
    // Its libparquet comes with pyarrow's.
    ARROW_ASSIGN_OR_RAISE(library_, NativeLibrary::send(session_, kernel, {"pyarrow.parquet"}));
    ARROW_RETURN_NOT_OK(ask_for_hash_of_key());
    ARROW_ASSIGN_OR_RAISE(const DataFrame digests, digests_of_both());
    // What the executors make with the key is kept: tokens are opened once.
    ARROW_ASSIGN_OR_RAISE(const KeptRows records, keep(overlap_records(digests, rules_.size())));
    ARROW_ASSIGN_OR_RAISE(const Tallies tallies, count(records.rows()));
    ARROW_RETURN_NOT_OK(check(tallies));
    ARROW_ASSIGN_OR_RAISE(const KeptRows pairs, keep(overlap_pairs(records.rows(), sets_, tallies.most_choices > 1)));
    ARROW_ASSIGN_OR_RAISE(std::vector<OverlapResult> results, results_of(pairs.rows(), tallies));
    ARROW_RETURN_NOT_OK(write(pairs.rows(), results, places.matches, &writer));
    ARROW_RETURN_NOT_OK(writer.finish());
    return results;
  }

 private:
  // Under a name, or each use would look for the datasets' columns again.
  Result<KeptRows> keep(const DataFrame& rows) const {
    ARROW_ASSIGN_OR_RAISE(DataFrame named, named_plan(rows, session_));
    return KeptRows::cache(std::move(named));
  }

  PythonFunction function(const std::string& operation, const std::string& dataset, const std::string& columns) const {
    Json task = DigestTask{dataset, rules_, question_.options.blank_tokens_match, key_}.to_json();
    task["operation"] = operation;
    return library_->run(operation, task.dump(), columns);
  }

  Status ask_for_hash_of_key() {
    ARROW_ASSIGN_OR_RAISE(
        const DataFrame asked,
        session_.range(0, 1, 1, 1).map_in_arrow(function("encryption_key_hash", "", "encryption_key string")));
    ARROW_ASSIGN_OR_RAISE(const SmallRows hashes, SmallRows::of(asked));
    if (hashes.size() != 1) return Status::IOError("Spark sent no answer to which key its executors have");
    ARROW_ASSIGN_OR_RAISE(const auto hash, hashes.text("encryption_key", 0));
    key_.sha256 = hash.value_or("");
    return Status::OK();
  }

  Result<DataFrame> digests_of_both() const {
    ARROW_ASSIGN_OR_RAISE(const DataFrame first, digests_of(0));
    ARROW_ASSIGN_OR_RAISE(const DataFrame second, digests_of(1));
    return first.union_all(second);
  }

  Result<DataFrame> digests_of(size_t dataset) const {
    const TokenDataset& asked = question_.datasets[dataset];
    std::string columns = "RecordId string, lw_row bigint";
    for (size_t rule = 0; rule < rules_.size(); ++rule) columns += ", lw_t" + std::to_string(rule) + " binary";
    columns += ", lw_count string, lw_rows bigint";
    ARROW_ASSIGN_OR_RAISE(const DataFrame tokens, tokens_of(asked));
    ARROW_ASSIGN_OR_RAISE(const DataFrame digests, tokens.map_in_arrow(function("digest_tokens", asked.name, columns)));
    return digests.with_column("lw_dataset", lit(static_cast<int32_t>(dataset)));
  }

  /// Its three columns as texts, and the number of each row.
  Result<DataFrame> tokens_of(const TokenDataset& dataset) const {
    ARROW_ASSIGN_OR_RAISE(const std::vector<DataFrame> frames, read_texts(session_, dataset.source));
    ARROW_ASSIGN_OR_RAISE(const auto schema, frames.front().schema());
    std::vector<Column> columns(kTokenColumnCount, lit(std::string()));  // an empty file has none, and no rows
    const std::vector<std::string> names = schema->field_names();
    if (!names.empty()) {
      ARROW_ASSIGN_OR_RAISE(const std::vector<int> slots, token_column_slots(names, dataset.name));
      for (size_t i = 0; i < slots.size(); ++i) {
        if (slots[i] < 0) continue;
        columns[static_cast<size_t>(slots[i])] = expr("coalesce(CAST(" + sql_name(names[i]) + " AS STRING), '')");
      }
    }
    return frames.front().select({columns[kRuleIdColumn].alias("RuleId"), columns[kTokenColumn].alias("Token"),
                                  columns[kRecordIdColumn].alias("RecordId"),
                                  row_number(dataset.has_order).alias("lw_row")});
  }

  Result<Tallies> count(const DataFrame& records) const {
    Tallies tallies;
    tallies.of_tokens.assign(2, TokenTally(rules_.size()));
    ARROW_ASSIGN_OR_RAISE(const SmallRows counts, SmallRows::of(overlap_tallies(records, sets_)));
    for (int64_t row = 0; row < counts.size(); ++row) {
      ARROW_ASSIGN_OR_RAISE(const int64_t number, counts.number("lw_dataset", row));
      const auto dataset = static_cast<size_t>(number);
      ARROW_ASSIGN_OR_RAISE(const auto name, counts.text("lw_count", row));
      ARROW_ASSIGN_OR_RAISE(const int64_t rows, counts.number("lw_rows", row));
      if (name) {
        take(*name, rows, &tallies.of_tokens[dataset]);
        continue;
      }
      ARROW_ASSIGN_OR_RAISE(const int64_t all, counts.number("lw_records", row));
      tallies.records[dataset] = static_cast<size_t>(all);
      ARROW_ASSIGN_OR_RAISE(const int64_t choices, counts.number("lw_choices", row));
      tallies.most_choices = std::max(tallies.most_choices, choices);
      ARROW_ASSIGN_OR_RAISE(tallies.crowded[dataset], counts.text("lw_crowded", row));
    }
    return tallies;
  }

  void take(const std::string& name, int64_t number, TokenTally* tally) const {
    if (name == "rows") {
      tally->rows = number;
    } else if (name == "tokens") {
      tally->tokens = number;
    } else if (name == "undecrypted") {
      tally->undecrypted = number;
    } else {
      const std::string id = name.substr(std::string("rule ").size());
      const auto rule = static_cast<size_t>(std::find(rules_.begin(), rules_.end(), id) - rules_.begin());
      if (rule < rules_.size()) {
        tally->rows_of_rule[rule] = number;
      } else {
        tally->add_other_rule(id);
      }
    }
  }

  Status check(const Tallies& tallies) const {
    for (size_t dataset = 0; dataset < 2; ++dataset) {
      const std::string& name = question_.datasets[dataset].name;
      ARROW_RETURN_NOT_OK(tallies.of_tokens[dataset].check(name, rules_));
      const std::string warning = tallies.of_tokens[dataset].warning(name);
      if (!warning.empty() && listener_.warn) listener_.warn(warning);
      if (tallies.crowded[dataset]) return too_many_choices(*tallies.crowded[dataset]);
    }
    return Status::OK();
  }

  Result<std::vector<OverlapResult>> results_of(const DataFrame& pairs, const Tallies& tallies) const {
    std::vector<OverlapResult> results;
    for (const auto& set : sets_) results.push_back({set.names, tallies.records[0], tallies.records[1], 0, 0});
    ARROW_ASSIGN_OR_RAISE(const SmallRows matching, SmallRows::of(overlap_matching(pairs)));
    for (int64_t row = 0; row < matching.size(); ++row) {
      ARROW_ASSIGN_OR_RAISE(const int64_t set, matching.number("lw_set", row));
      ARROW_ASSIGN_OR_RAISE(const int64_t matching1, matching.number("lw_matching1", row));
      ARROW_ASSIGN_OR_RAISE(const int64_t matching2, matching.number("lw_matching2", row));
      OverlapResult& result = results[static_cast<size_t>(set)];
      result.matching_records_dataset1 = static_cast<size_t>(matching1);
      result.matching_records_dataset2 = static_cast<size_t>(matching2);
    }
    return results;
  }

  Status write(const DataFrame& pairs, const std::vector<OverlapResult>& results, const TokensOnSpark& on_spark,
               OverlapWriter* writer) const {
    const std::string matches_in = on_spark.path.empty() ? on_spark.table : on_spark.path;
    if (!matches_in.empty()) {
      ARROW_RETURN_NOT_OK(write_on_spark(overlap_table(pairs, question_.options), on_spark));
    }
    for (size_t set = 0; set < results.size(); ++set) {
      ARROW_RETURN_NOT_OK(matches_in.empty() ? write_matches(pairs, results[set], set, writer)
                                             : writer->write_without_matches(results[set], matches_in));
    }
    return Status::OK();
  }

  Status write_matches(const DataFrame& pairs, const OverlapResult& result, size_t set, OverlapWriter* writer) const {
    if (result.matching_records_dataset1 == 0) {
      return writer->write(
          result, [](OverlapPair*) { return false; }, listener_.cancellation);
    }
    ARROW_ASSIGN_OR_RAISE(ArrivingPairs arriving, ArrivingPairs::of(overlap_matches(pairs, set)));
    return writer->write(
        result, [&](OverlapPair* pair) { return arriving.next(pair); }, listener_.cancellation);
  }

  const Session& session_;
  const OverlapQuestion& question_;
  const OverlapListener& listener_;
  std::vector<std::string> rules_;
  std::vector<OverlapOptions::RuleSet> sets_;
  ExecutorSecret key_;  // with its hash, which every executor must show
  std::optional<NativeLibrary> library_;
};

}  // namespace

Result<std::vector<OverlapResult>> overlap_on_spark(const Session& session, const OverlapQuestion& question,
                                                    const OverlapPlaces& places, const std::string& kernel,
                                                    const OverlapListener& listener) {
  auto results = SparkOverlap(session, question, listener).run(kernel, places);
  if (!results.ok()) return readable(results.status());
  return results;
}

}  // namespace linkwright::spark
