#include "spark/tokens/spark_tokens.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/chunked_array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "io/pending_file.h"
#include "spark/executor/native_library.h"
#include "spark/linkage/sql_columns.h"
#include "token/gregorian_calendar.h"
#include "token/tokenizer_plan.h"

namespace linkwright::spark {
namespace {

using Json = nlohmann::ordered_json;

void take_count(const std::string& name, int64_t number, TokenCounts* counts) {
  if (name == "rows") {
    counts->rows = number;
  } else if (name == "invalid_rows") {
    counts->rows_with_invalid_attributes = number;
  } else if (name.starts_with("invalid ")) {
    counts->invalid_attributes[name.substr(8)] = number;
  } else {
    counts->blank_tokens[name.substr(6)] = number;
  }
}

/// One run: what is known of the tokenizer here, where there are no secrets, and what the executors are told.
class SparkTokenRun {
 public:
  SparkTokenRun(const Session& session, TokenizeTask task) : session_(session), task_(std::move(task)) {}

  // Everything that can be told without a secret is checked here, and decided once for all partitions.
  Status prepare(const std::string& kernel) {
    TokenizerOptions plain = task_.options;
    plain.mode = TokenMode::kPlain;
    ARROW_ASSIGN_OR_RAISE(tokenizer_, Tokenizer::make(plain, Secret(), Secret()));
    task_.options.today = format_iso_date(tokenizer_->plan().dates.today);
    task_.options.ring_id = tokenizer_->plan().ring_id;
    // Its libparquet comes with pyarrow's.
    ARROW_ASSIGN_OR_RAISE(library_, NativeLibrary::send(session_, kernel, {"pyarrow.parquet"}));
    return ask_for_hashes();
  }

  Result<DataFrame> tokens_of(const std::vector<DataFrame>& people, TokenizeReport* report) const {
    return tokens_of(people, task_, report);
  }

  /// Counts people without making tokens that need a secret.
  Status count(const std::vector<DataFrame>& people, TokenCounts* counts) const {
    TokenizeTask plain = task_;
    plain.options.mode = TokenMode::kPlain;
    ARROW_ASSIGN_OR_RAISE(const auto names, count_names());
    for (const auto& [alias, name] : names) take_count(name, 0, counts);
    TokenizeReport ignored;
    ARROW_ASSIGN_OR_RAISE(const DataFrame rows, tokens_of(people, plain, &ignored));
    ARROW_ASSIGN_OR_RAISE(const auto sums, rows.filter(col("lw_count").is_not_null())
                                               .group_by({col("lw_count")})
                                               .agg({expr("sum(lw_rows) AS lw_rows")})
                                               .to_arrow());
    for (int64_t row = 0; row < sums->num_rows(); ++row) {
      ARROW_ASSIGN_OR_RAISE(const auto name, sums->GetColumnByName("lw_count")->GetScalar(row));
      ARROW_ASSIGN_OR_RAISE(const auto number, sums->GetColumnByName("lw_rows")->GetScalar(row));
      take_count(name->ToString(), static_cast<const arrow::Int64Scalar&>(*number).value, counts);
    }
    return Status::OK();
  }

  /// The counts that an observation is to sum, by its alias.
  Result<std::map<std::string, std::string>> count_names() const {
    const auto schema = arrow::schema({arrow::field("RecordId", arrow::utf8())});
    ARROW_ASSIGN_OR_RAISE(const auto nobody, arrow::RecordBatch::MakeEmpty(schema));
    TokenCounts zero;
    ARROW_RETURN_NOT_OK(tokenizer_->tokenize(*nobody, &zero).status());
    std::map<std::string, std::string> names = {{"n0", "rows"}, {"n1", "invalid_rows"}};
    const auto add = [&](const std::string& name) { names["n" + std::to_string(names.size())] = name; };
    for (const auto& [type, count] : zero.invalid_attributes) add("invalid " + type);
    for (const auto& [rule, count] : zero.blank_tokens) add("blank " + rule);
    return names;
  }

  const TokenizeTask& task() const { return task_; }
  const Tokenizer& tokenizer() const { return *tokenizer_; }

 private:
  Result<DataFrame> tokens_of(const std::vector<DataFrame>& people, const TokenizeTask& task,
                              TokenizeReport* report) const {
    ARROW_ASSIGN_OR_RAISE(DataFrame tokens, tokens_of(people.front(), task, report));
    for (size_t i = 1; i < people.size(); ++i) {
      ARROW_ASSIGN_OR_RAISE(const DataFrame more, tokens_of(people[i], task, report));
      tokens = tokens.union_all(more);
    }
    return tokens;
  }

  Result<DataFrame> tokens_of(const DataFrame& people, const TokenizeTask& task, TokenizeReport* report) const {
    ARROW_ASSIGN_OR_RAISE(const auto schema, people.schema());
    ARROW_ASSIGN_OR_RAISE(const PeopleLayout layout, lay_out_people(tokenizer_->plan(), schema->field_names()));
    report->warnings.insert(report->warnings.end(), layout.warnings.begin(), layout.warnings.end());
    std::vector<Column> used;
    for (size_t i = 0; i < layout.slots.size(); ++i) {
      if (layout.slots[i] >= 0) used.push_back(col(sql_name(schema->field(static_cast<int>(i))->name())));
    }
    // Without a column that is known a row still has its blank tokens.
    if (used.empty()) used.push_back(lit(std::string()).alias("lw_nothing"));
    return people.select(used).map_in_arrow(
        function(task, "tokenize", "RuleId string, Token string, RecordId string, lw_count string, lw_rows bigint"));
  }

  PythonFunction function(const TokenizeTask& task, const std::string& operation, const std::string& columns) const {
    Json json = task.to_json();
    json["operation"] = operation;
    return library_->run(operation, json.dump(), columns);
  }

  Status ask_for_hashes() {
    ARROW_ASSIGN_OR_RAISE(
        const DataFrame asked,
        session_.range(0, 1, 1, 1)
            .map_in_arrow(function(task_, "secret_hashes", "hashing_secret string, encryption_key string")));
    ARROW_ASSIGN_OR_RAISE(const auto hashes, asked.to_arrow());
    if (hashes->num_rows() != 1) return Status::IOError("Spark sent no answer to which secrets its executors have");
    for (auto [column, secret] :
         {std::pair{"hashing_secret", &task_.hashing_secret}, std::pair{"encryption_key", &task_.encryption_key}}) {
      ARROW_ASSIGN_OR_RAISE(const auto hash, hashes->GetColumnByName(column)->GetScalar(0));
      secret->sha256 = hash->ToString();
    }
    return Status::OK();
  }

  const Session& session_;
  TokenizeTask task_;
  std::shared_ptr<const Tokenizer> tokenizer_;  // in plain mode
  std::optional<NativeLibrary> library_;
};

Result<TokenizeReport> tokenize(const Session& session, const TextSource& people, const TokensOnSpark& output,
                                TokenizeTask task, const std::string& kernel, const std::string& metadata_path,
                                const QueryOptions& options) {
  if (people.paths.empty() == people.table.empty()) return Status::Invalid("give either files of people or a table");
  if (output.path.empty() == output.table.empty()) return Status::Invalid("give either a folder for tokens or a table");
  SparkTokenRun run(session, std::move(task));
  ARROW_RETURN_NOT_OK(run.prepare(kernel));
  ARROW_ASSIGN_OR_RAISE(const std::vector<DataFrame> rows, read_texts(session, people));
  TokenizeReport report;
  ARROW_ASSIGN_OR_RAISE(const DataFrame made, run.tokens_of(rows, &report));
  ARROW_ASSIGN_OR_RAISE(const auto names, run.count_names());
  std::vector<Column> sums;
  for (const auto& [alias, name] : names) {
    std::string condition = "sum(CASE WHEN lw_count = '";
    for (const char c : name) condition += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    sums.push_back(expr(condition + "' THEN lw_rows END)").alias(alias));
  }
  QueryOptions observing = options;
  observing.on_metrics = [&](const std::string& observation, const std::map<std::string, Value>& values) {
    if (observation != "lw_tokens") return;
    for (const auto& [alias, value] : values) {
      const auto* number = std::get_if<int64_t>(&value);
      take_count(names.at(alias), number == nullptr ? 0 : *number, &report.counts);
    }
  };
  ARROW_RETURN_NOT_OK(write_on_spark(made.observe("lw_tokens", sums)
                                         .filter(col("lw_count").is_null())
                                         .select({col("RuleId"), col("Token"), col("RecordId")}),
                                     output, observing));
  // Spark tells no observations of tables that another catalog than its own creates, as Delta's does.
  if (report.counts.rows == 0) ARROW_RETURN_NOT_OK(run.count(rows, &report.counts));
  const TokenizeTask& done = run.task();
  const TokenSecrets secrets{done.options.mode,
                             done.options.format.value_or(run.tokenizer().plan().traits.default_format),
                             done.options.ring_id, done.hashing_secret.sha256, done.encryption_key.sha256};
  ARROW_RETURN_NOT_OK(
      write_file_atomically(metadata_path, token_metadata_json(run.tokenizer().plan(), secrets, report)));
  report.metadata_path = metadata_path;
  return report;
}

}  // namespace

Status write_on_spark(const DataFrame& rows, const TokensOnSpark& output, const QueryOptions& options) {
  DataFrameWriter writer = rows.write();
  if (!output.format.empty()) writer.format(output.format);
  if (output.format == "csv") writer.option("header", "true").option("escape", "\"");
  return output.path.empty() ? writer.save_as_table(output.table, options) : writer.save(output.path, options);
}

Result<TokenizeReport> tokenize_on_spark(const Session& session, const TextSource& people, const TokensOnSpark& output,
                                         TokenizeTask task, const std::string& kernel, const std::string& metadata_path,
                                         const QueryOptions& options) {
  auto report = tokenize(session, people, output, std::move(task), kernel, metadata_path, options);
  if (!report.ok()) return readable(report.status());
  return report;
}

}  // namespace linkwright::spark
