#pragma once

// Apache Spark from C++, over Spark Connect: sessions, lazy data frames, results as Arrow data.
//
//     auto session = Session::connect(*parse_connection_string("sc://localhost:15002"));
//     auto people = session->read().parquet({"s3://bucket/people"});
//     auto table = people.filter(col("age") > 30).group_by({col("city")}).agg({expr("count(*) AS n")}).to_arrow();
//
// Names and semantics are PySpark's, but where C++ has the word for itself: `union` is union_all. A DataFrame is a
// plan; nothing runs before an action (to_arrow, count, show, write ...), and errors come from actions. All classes are
// cheap handles that may be copied; sessions and what was made by them may be used by several threads at once. Errors
// that the server tells carry a SparkError (spark_error.h).

#include <arrow/result.h>
#include <arrow/status.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "linkwright/spark_connection.h"

namespace arrow {
class RecordBatchReader;
class Schema;
class Table;
}  // namespace arrow
namespace spark::connect {
class Expression;
class WriteOperation;
}  // namespace spark::connect

namespace linkwright {
class Cancellation;
}

namespace linkwright::spark {

class GroupedData;
class DataFrameReader;
class DataFrameWriter;

/// A value of SQL: null, or one of the types that literals have here.
using Value = std::variant<std::monostate, bool, int32_t, int64_t, double, std::string>;
using Row = std::vector<Value>;

/// An expression over columns.
class Column {
 public:
  explicit Column(std::shared_ptr<const ::spark::connect::Expression> expression);

  Column alias(std::string_view name) const;
  Column cast(std::string_view type) const;  // "double", "decimal(10,2)", "array<string>"
  Column is_null() const;
  Column is_not_null() const;
  Column isin(const std::vector<Value>& values) const;
  Column like(std::string_view pattern) const;
  /// For sort: nulls come first, as in PySpark; in descending order last.
  Column asc() const;
  Column desc() const;

  const ::spark::connect::Expression& expression() const { return *expression_; }

 private:
  std::shared_ptr<const ::spark::connect::Expression> expression_;
};

/// A column by its name; "a.b" is the field b of a, or b of what has the alias a; backquotes around names with dots.
Column col(std::string_view name);
Column lit(const Value& value);
/// Any expression of Spark SQL: expr("count(*) AS n").
Column expr(std::string_view sql);
/// Any function of Spark, or a registered one.
Column call_function(std::string_view name, const std::vector<Column>& arguments);

Column operator==(const Column& left, const Column& right);
Column operator!=(const Column& left, const Column& right);
Column operator<(const Column& left, const Column& right);
Column operator<=(const Column& left, const Column& right);
Column operator>(const Column& left, const Column& right);
Column operator>=(const Column& left, const Column& right);
Column operator+(const Column& left, const Column& right);
Column operator-(const Column& left, const Column& right);
Column operator*(const Column& left, const Column& right);
Column operator/(const Column& left, const Column& right);
Column operator%(const Column& left, const Column& right);
Column operator&&(const Column& left, const Column& right);
Column operator||(const Column& left, const Column& right);
Column operator!(const Column& column);

enum class JoinType { kInner, kLeftOuter, kRightOuter, kFullOuter, kLeftSemi, kLeftAnti, kCross };
enum class SaveMode { kErrorIfExists, kAppend, kOverwrite, kIgnore };
/// Where a checkpoint's rows are: in the folder of spark.checkpoint.dir, or on the executors' disks, where they are
/// lost with an executor (PySpark's localCheckpoint).
enum class CheckpointPlace { kReliable, kExecutors };
enum class ExplainMode { kSimple, kExtended, kCodegen, kCost, kFormatted };

/// How far an execution is, as the server reports it now and then.
struct ExecutionProgress {
  int64_t stages = 0;
  int64_t stages_done = 0;
  int64_t tasks = 0;
  int64_t tasks_done = 0;
  int64_t tasks_running = 0;
  int64_t bytes_read = 0;
};

/// How far an operation is, as Session::operation_states tells.
enum class OperationState { kUnknown, kRunning, kTerminating, kSucceeded, kFailed, kCancelled };

/// What one action may be told beside its plan.
struct QueryOptions {
  std::string operation_id = {};       // a UUID, by which interrupt_operation finds it; empty: a new one
  std::vector<std::string> tags = {};  // by which Session::interrupt_tag finds it; not empty, no commas
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;  // after which the query is ended on the server
  std::function<void(const ExecutionProgress&)> on_progress = {};
  /// The values of DataFrame::observe, by the observation's name, when the query has ended.
  std::function<void(const std::string& name, const std::map<std::string, Value>& values)> on_metrics = {};
};

/// A function in Python that runs on the executors. Only the executors need Python.
struct PythonFunction {
  std::string name;         // for SQL and for messages
  std::string source;       // a piece of Python that defines `function` at its top level
  std::string function;     // takes and returns pyarrow arrays; for map_in_arrow iterators of record batches
  std::string return_type;  // DDL: "double"; for map_in_arrow the columns: "id bigint, score double"
  bool deterministic = true;
};

/// A lazy table: a plan that the server runs when an action asks for it.
class DataFrame {
 public:
  struct State;
  explicit DataFrame(std::shared_ptr<const State> state);

  DataFrame select(const std::vector<Column>& columns) const;
  DataFrame filter(const Column& condition) const;
  DataFrame with_column(std::string_view name, const Column& column) const;
  DataFrame with_column_renamed(std::string_view name, std::string_view new_name) const;
  DataFrame drop(const std::vector<std::string>& names) const;
  DataFrame alias(std::string_view name) const;
  DataFrame join(const DataFrame& other, const std::vector<std::string>& on, JoinType type = JoinType::kInner) const;
  DataFrame join(const DataFrame& other, const Column& condition, JoinType type = JoinType::kInner) const;
  DataFrame cross_join(const DataFrame& other) const;
  DataFrame union_all(const DataFrame& other) const;  // by position
  DataFrame union_by_name(const DataFrame& other, bool allow_missing_columns = false) const;
  GroupedData group_by(const std::vector<Column>& keys) const;
  DataFrame agg(const std::vector<Column>& aggregates) const;
  DataFrame sort(const std::vector<Column>& columns) const;
  DataFrame limit(int rows) const;
  DataFrame distinct() const;
  DataFrame drop_duplicates(const std::vector<std::string>& names) const;
  DataFrame repartition(int partitions, const std::vector<Column>& by = {}) const;
  DataFrame coalesce(int partitions) const;
  /// Runs a function over the record batches of every partition.
  arrow::Result<DataFrame> map_in_arrow(const PythonFunction& function) const;
  /// Computes aggregates on the side while rows pass; an action hands them to QueryOptions::on_metrics.
  DataFrame observe(std::string_view name, const std::vector<Column>& aggregates) const;

  /// The columns, from the server.
  arrow::Result<std::shared_ptr<arrow::Schema>> schema() const;
  arrow::Result<std::string> explain(ExplainMode mode = ExplainMode::kSimple) const;

  /// The rows as they arrive, batch by batch; memory holds one batch and what the network buffers. Dropping the reader
  /// ends the query.
  arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> to_batches(const QueryOptions& options = {}) const;
  /// All rows. No rows: a table with the columns and no chunks or empty ones.
  arrow::Result<std::shared_ptr<arrow::Table>> to_arrow(const QueryOptions& options = {}) const;
  /// All rows, value by value, for results of a few. What Value has no type for comes as text: a date "2020-01-02", a
  /// decimal "1.50".
  arrow::Result<std::vector<Row>> collect(const QueryOptions& options = {}) const;
  arrow::Result<int64_t> count(const QueryOptions& options = {}) const;
  /// The table that PySpark's show() prints.
  arrow::Result<std::string> show_string(int rows = 20, int truncate = 20, bool vertical = false) const;

  /// Keeps the rows on the executors, in memory and on disk, once they have been computed.
  arrow::Status cache() const;
  arrow::Status unpersist(bool blocking = false) const;
  /// Computes the rows now and forgets how: the result is a plan of one step, which a loop needs, as plans double with
  /// each use of what they begin with. `unpersist` of the result gives its rows up.
  arrow::Result<DataFrame> checkpoint(CheckpointPlace place = CheckpointPlace::kReliable) const;
  arrow::Status create_or_replace_temp_view(std::string_view name) const;
  DataFrameWriter write() const;

 private:
  friend class DataFrameWriter;
  friend class GroupedData;
  std::shared_ptr<const State> state_;
};

/// Rows of a DataFrame by their keys.
class GroupedData {
 public:
  DataFrame agg(const std::vector<Column>& aggregates) const;
  DataFrame count() const;  // keys and a column "count"

 private:
  friend class DataFrame;
  GroupedData(DataFrame input, std::vector<Column> keys) : input_(std::move(input)), keys_(std::move(keys)) {}
  DataFrame input_;
  std::vector<Column> keys_;
};

/// Writes a DataFrame: the last call (save, save_as_table, insert_into) runs it.
class DataFrameWriter {
 public:
  DataFrameWriter& format(std::string name);  // parquet, csv, json, delta, ...
  DataFrameWriter& mode(SaveMode mode);
  DataFrameWriter& option(std::string name, std::string value);  // "mergeSchema", "true"
  DataFrameWriter& partition_by(std::vector<std::string> columns);

  arrow::Status save(std::string_view path, const QueryOptions& options = {}) const;
  arrow::Status save_as_table(std::string_view name, const QueryOptions& options = {}) const;
  arrow::Status insert_into(std::string_view name, const QueryOptions& options = {}) const;

 private:
  friend class DataFrame;
  explicit DataFrameWriter(DataFrame input) : input_(std::move(input)) {}
  arrow::Status write(const std::function<void(::spark::connect::WriteOperation*)>& fill_target,
                      const QueryOptions& options) const;
  DataFrame input_;
  std::string format_;
  SaveMode mode_ = SaveMode::kErrorIfExists;
  std::map<std::string, std::string> options_;
  std::vector<std::string> partition_columns_;
};

struct SessionOptions {
  /// Minor version of the executors' Python ("3.11"), which functions must name; empty: found out when first needed.
  std::string python_version = {};
  std::chrono::milliseconds call_timeout{600'000};      // of calls that do not run a query
  std::chrono::milliseconds max_retry_time{1'200'000};  // for which a connection that was lost is tried again
  std::chrono::milliseconds max_connect_time{15'000};   // for which a server that never answered is tried
  uint64_t jitter_seed = 0;                             // of the waits before retries
  const Cancellation* cancellation = nullptr;           // ends whatever is under way; not owned
  std::shared_ptr<const void> companion = nullptr;      // lives as long as the session's last handle
};

/// A session of a Spark server: its views, functions, settings and artifacts.
class Session {
 public:
  struct State;

  /// Connects, and checks that a Spark Connect server of a known version answers.
  static arrow::Result<Session> connect(const Connection& connection, const SessionOptions& options = {});

  /// The same, to the server that request, environment, .env or Databricks profile name (resolve_connection). An error
  /// when nothing names one, or a setting is missing: callers that can do without a cluster go on locally then.
  static arrow::Result<Session> connect(const ConnectionRequest& request, const SessionOptions& options = {});

  const std::string& session_id() const;
  const std::string& spark_version() const;
  arrow::Result<std::string> python_version() const;

  /// A query, or a command, which runs at once. Parameters by name (:name) or by position (?).
  arrow::Result<DataFrame> sql(std::string_view query, const std::map<std::string, Value>& parameters = {}) const;
  arrow::Result<DataFrame> sql(std::string_view query, const std::vector<Value>& parameters) const;
  DataFrame table(std::string_view name) const;
  DataFrame range(int64_t start, int64_t end, int64_t step = 1, std::optional<int> partitions = std::nullopt) const;
  DataFrameReader read() const;
  /// Uploads rows; large tables travel in chunks that a session keeps and are not sent twice.
  arrow::Result<DataFrame> create_data_frame(const std::shared_ptr<arrow::Table>& rows) const;

  /// Makes a function known to SQL under its name. It takes and returns pyarrow arrays.
  arrow::Status register_function(const PythonFunction& function) const;
  arrow::Status register_java_function(std::string_view name, std::string_view class_name,
                                       std::string_view return_type) const;

  /// Uploads a file for the executors and returns the name under which SparkFiles.get finds it there: a session refuses
  /// two contents under one name, so the name gets a hash of the content: "libkernel.so" ->
  /// "libkernel-0a1b2c3d4e5f.so".
  arrow::Result<std::string> add_file(const std::string& path) const;
  arrow::Status add_jar(const std::string& path) const;

  arrow::Status set_config(std::string_view key, std::string_view value) const;
  arrow::Result<std::optional<std::string>> get_config(std::string_view key) const;

  /// Which of these the session has on the server: "cache/SHA256", as Spark 4.2 answers for cached blocks only.
  arrow::Result<std::map<std::string, bool>> artifact_status(const std::vector<std::string>& names) const;

  /// How far operations are; without ids all that the session knows of. Spark 4.2 or newer.
  arrow::Result<std::map<std::string, OperationState>> operation_states(
      const std::vector<std::string>& operation_ids = {}) const;

  /// The operations that were ended. An interruption is sent again, for up to five seconds, to those that run on:
  /// Spark may overlook one that comes before it has submitted a job.
  arrow::Result<std::vector<std::string>> interrupt_all() const;
  arrow::Result<std::vector<std::string>> interrupt_tag(std::string_view tag) const;
  arrow::Result<std::vector<std::string>> interrupt_operation(std::string_view operation_id) const;

  /// A session with copies of this one's views, functions and settings.
  arrow::Result<Session> clone() const;
  /// Ends the session on the server. What was made by it fails from then on.
  arrow::Status stop() const;

 private:
  friend class DataFrameReader;
  explicit Session(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

/// Reads files and tables: session.read().format("delta").option("versionAsOf", "3").load({path}).
class DataFrameReader {
 public:
  DataFrameReader& format(std::string name);
  DataFrameReader& schema(std::string ddl);  // "id bigint, name string"
  DataFrameReader& option(std::string name, std::string value);

  DataFrame load(const std::vector<std::string>& paths = {}) const;
  DataFrame csv(const std::vector<std::string>& paths) const;
  DataFrame json(const std::vector<std::string>& paths) const;
  DataFrame parquet(const std::vector<std::string>& paths) const;
  /// The newest version, or the one of the options versionAsOf or timestampAsOf.
  DataFrame delta(const std::string& path) const;
  DataFrame table(std::string_view name) const;

 private:
  friend class Session;
  explicit DataFrameReader(Session session) : session_(std::move(session)) {}
  DataFrame load_as(const std::string& format, const std::vector<std::string>& paths) const;
  Session session_;
  std::string format_;
  std::string schema_;
  std::map<std::string, std::string> options_;
};

}  // namespace linkwright::spark
