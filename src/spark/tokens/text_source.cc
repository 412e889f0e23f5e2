#include "spark/tokens/text_source.h"

#include <arrow/type.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "spark/linkage/sql_columns.h"

namespace linkwright::spark {
namespace {

struct Format {
  std::string name;      // of Spark's reader
  char delimiter = ',';  // of CSV
  bool is_lines = true;  // of JSON: an object a line, not one array
};

std::string without_compression(std::string path) {
  for (const std::string ending : {".gz", ".zst"}) {
    if (path.ends_with(ending)) path.resize(path.size() - ending.size());
  }
  return path;
}

Result<Format> format_of(const std::string& path, const TextSource& source) {
  const std::string ending = std::filesystem::path(without_compression(path)).extension().string();
  Format format{source.format};
  format.delimiter = source.delimiter != 0 ? source.delimiter : ending == ".tsv" ? '\t' : ',';
  format.is_lines = ending != ".json";
  if (!format.name.empty()) return format;
  if (ending == ".csv" || ending == ".tsv") {
    format.name = "csv";
  } else if (ending == ".json" || ending == ".ndjson" || ending == ".jsonl") {
    format.name = "json";
  } else if (ending == ".delta") {
    format.name = "delta";
  } else if (ending == ".parquet" || ending.empty()) {
    format.name = "parquet";
  } else {
    return Status::Invalid(path, ": expected .csv, .tsv, .json, .ndjson, .parquet or .delta; name another folder's ",
                           "format with --input-format");
  }
  return format;
}

Result<DataFrame> read_files(const Session& session, const Format& format, const std::vector<std::string>& paths) {
  DataFrameReader reader = session.read().format(format.name);
  if (format.name == "json") {
    reader.option("primitivesAsString", "true").option("multiLine", format.is_lines ? "false" : "true");
  }
  if (format.name != "csv") return reader.load(paths);
  const DataFrame rows = reader.option("header", "true")
                             .option("sep", std::string(1, format.delimiter))
                             .option("escape", "\"")  // a quote inside quotes is doubled
                             .option("multiLine", "true")
                             // Spark would read files of a folder whose columns stand in another order by their places.
                             .option("enforceSchema", "false")
                             .load(paths);
  // Spark takes an empty field for a null; to the references it is an empty text.
  ARROW_ASSIGN_OR_RAISE(const auto schema, rows.schema());
  std::vector<Column> columns;
  for (const std::string& column : schema->field_names()) {
    columns.push_back(expr("coalesce(" + sql_name(column) + ", '')").alias(column));
  }
  return columns.empty() ? rows : rows.select(columns);
}

/// Files of one run that have the same columns.
struct AlikeFiles {
  std::shared_ptr<arrow::Schema> schema;
  std::vector<std::string> paths;
};

Result<std::vector<AlikeFiles>> alike_files(const Session& session, const Format& format,
                                            const std::vector<std::string>& paths) {
  if (paths.size() == 1) return std::vector<AlikeFiles>{{nullptr, paths}};
  std::vector<AlikeFiles> groups;
  for (const std::string& path : paths) {
    ARROW_ASSIGN_OR_RAISE(const DataFrame rows, read_files(session, format, {path}));
    ARROW_ASSIGN_OR_RAISE(const auto schema, rows.schema());
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const AlikeFiles& files) { return files.schema->Equals(*schema); });
    if (group == groups.end()) group = groups.insert(group, AlikeFiles{schema, {}});
    group->paths.push_back(path);
  }
  return groups;
}

}  // namespace

Result<std::vector<DataFrame>> read_texts(const Session& session, const TextSource& source) {
  if (source.paths.empty()) return std::vector<DataFrame>{session.table(source.table)};
  ARROW_ASSIGN_OR_RAISE(const Format format, format_of(source.paths.front(), source));
  for (const std::string& path : source.paths) {
    ARROW_ASSIGN_OR_RAISE(const Format other, format_of(path, source));
    if (other.name != format.name || other.delimiter != format.delimiter || other.is_lines != format.is_lines) {
      return Status::Invalid(path, ": files of one run have one format on Spark, and ", source.paths.front(),
                             " has another; give them to several runs");
    }
  }
  ARROW_ASSIGN_OR_RAISE(const std::vector<AlikeFiles> groups, alike_files(session, format, source.paths));
  std::vector<DataFrame> frames;
  for (const AlikeFiles& files : groups) {
    ARROW_ASSIGN_OR_RAISE(DataFrame frame, read_files(session, format, files.paths));
    frames.push_back(std::move(frame));
  }
  return frames;
}

}  // namespace linkwright::spark
