#include "io/table_survey.h"

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

#include "base/distinct_sketch.h"
#include "io/csv_reader.h"
#include "io/json_blocks.h"
#include "io/parquet_reader.h"
#include "io/text_columns.h"

namespace linkwright {
namespace {

constexpr int64_t kBatchRows = 1 << 14;

// A value of no text as the bytes of its eight-byte form, wide enough to tell values apart.
constexpr uint64_t kNumberBytes = 8;

class ColumnSurveyor {
 public:
  ColumnSurveyor(std::string name, bool may_be_number) : may_be_number_(may_be_number) {
    survey_.name = std::move(name);
  }

  const std::string& name() const { return survey_.name; }

  void add_text(std::string_view value) {
    may_be_number_ = may_be_number_ && is_normal_decimal(value);
    add(value, value.size());
  }

  void add_array(const arrow::Array& array) {
    switch (array.type_id()) {
      case arrow::Type::STRING:
        return add_texts(static_cast<const arrow::StringArray&>(array));
      case arrow::Type::LARGE_STRING:
        return add_texts(static_cast<const arrow::LargeStringArray&>(array));
      default:
        return add_others(array);
    }
  }

  ColumnSurvey finish() const {
    ColumnSurvey survey = survey_;
    survey.is_text = has_text_ && !may_be_number_;
    survey.distinct_values = sketch_.values();
    survey.distinct_bytes = sketch_.bytes();
    return survey;
  }

 private:
  void add(std::string_view value, uint64_t bytes) {
    ++survey_.values;
    survey_.bytes += bytes;
    has_text_ = true;
    sketch_.add(value);
  }

  void add_texts(const auto& texts) {
    for (int64_t row = 0; row < texts.length(); ++row) {
      if (texts.IsValid(row)) add(texts.GetView(row), texts.GetView(row).size());
    }
  }

  void add_others(const arrow::Array& array) {
    const auto* fixed = dynamic_cast<const arrow::FixedWidthType*>(array.type().get());
    const int width = fixed == nullptr || fixed->bit_width() < 8 ? 0 : fixed->bit_width() / 8;
    const auto& buffers = array.data()->buffers;
    if (width == 0 || buffers.size() < 2 || buffers[1] == nullptr) return add_printed(array);
    const char* bytes = reinterpret_cast<const char*>(buffers[1]->data()) + array.offset() * width;
    for (int64_t row = 0; row < array.length(); ++row) {
      if (array.IsNull(row)) continue;
      ++survey_.values;
      survey_.bytes += kNumberBytes;
      sketch_.add({bytes + row * width, static_cast<size_t>(width)});
    }
  }

  // Lists and what else is rare: as text, which is not far from what they take.
  void add_printed(const arrow::Array& array) {
    for (int64_t row = 0; row < array.length(); ++row) {
      if (array.IsNull(row)) continue;
      const auto scalar = array.GetScalar(row);
      const std::string text = scalar.ok() ? (*scalar)->ToString() : std::string();
      ++survey_.values;
      survey_.bytes += text.size();
      sketch_.add(text);
    }
  }

  ColumnSurvey survey_;
  bool may_be_number_;
  bool has_text_ = false;
  DistinctSketch sketch_;
};

class Survey {
 public:
  explicit Survey(const ReadOptions& options) : options_(options) {}

  void begin_file(const std::string& path, ContentFormat format) {
    std::error_code error;
    const uint64_t size = std::filesystem::file_size(path, error);
    survey_.format = format;
    if (error) return;
    survey_.file_bytes += size;
    survey_.largest_file = std::max<uint64_t>(survey_.largest_file, size);
  }

  Status add_csv(const std::string& path) {
    const bool tabs = path.find(".tsv") != std::string::npos;
    const char delimiter = options_.delimiter == 0 && tabs ? '\t' : options_.delimiter;
    ARROW_ASSIGN_OR_RAISE(const auto reader, CsvReader::open(path, delimiter));
    std::vector<size_t> places;
    for (const std::string& name : reader->columns()) places.push_back(place_of(name, true));
    uint64_t bytes = 0;
    ARROW_RETURN_NOT_OK(reader->read(
        [&](std::span<const CsvField> fields) -> Status {
          ++survey_.rows;
          for (size_t i = 0; i < fields.size(); ++i) {
            bytes += fields[i].text.size() + 1;
            if (!fields[i].is_null) columns_[places[i]].add_text(fields[i].text);
          }
          return Status::OK();
        },
        [](const CsvReject&) { return Status::OK(); }, options_.cancellation));
    survey_.largest_file = std::max(survey_.largest_file, bytes);
    return Status::OK();
  }

  Status add_json(const std::string& path) {
    ARROW_ASSIGN_OR_RAISE(const auto blocks, JsonBlocks::open(path));
    RecordBlock block;
    uint64_t bytes = 0;
    for (;;) {
      ARROW_ASSIGN_OR_RAISE(const bool more, blocks->next(&block));
      if (!more) break;
      if (options_.cancellation != nullptr) ARROW_RETURN_NOT_OK(options_.cancellation->check());
      bytes += block.bytes.size();
      ARROW_ASSIGN_OR_RAISE(const auto table, read_json_block(block, blocks->layout(), path,
                                                              [](const CsvReject&) { return Status::OK(); }));
      survey_.rows += static_cast<uint64_t>(table->num_rows());
      for (int i = 0; i < table->num_columns(); ++i) {
        ColumnSurveyor& column = columns_[place_of(table->field(i)->name(), false)];
        for (const auto& chunk : table->column(i)->chunks()) column.add_array(*chunk);
      }
    }
    survey_.largest_file = std::max(survey_.largest_file, bytes);
    return Status::OK();
  }

  Status add_parquet(const std::string& path) {
    ARROW_ASSIGN_OR_RAISE(const auto schema, read_parquet_schema(path));
    const std::vector<std::string> names = schema->field_names();
    for (const std::string& name : names) place_of(name, false);
    ARROW_ASSIGN_OR_RAISE(const auto batches, ParquetBatches::open(path, names, kBatchRows));
    for (;;) {
      ARROW_ASSIGN_OR_RAISE(const auto batch, batches->next());
      if (batch == nullptr) return Status::OK();
      if (options_.cancellation != nullptr) ARROW_RETURN_NOT_OK(options_.cancellation->check());
      survey_.rows += static_cast<uint64_t>(batch->num_rows());
      for (int i = 0; i < batch->num_columns(); ++i) {
        columns_[place_of(names[static_cast<size_t>(i)], false)].add_array(*batch->column(i));
      }
    }
  }

  TableSurvey finish() const {
    TableSurvey survey = survey_;
    for (const ColumnSurveyor& column : columns_) survey.columns.push_back(column.finish());
    return survey;
  }

 private:
  size_t place_of(const std::string& name, bool from_text) {
    size_t place = 0;
    while (place < columns_.size() && columns_[place].name() != name) ++place;
    if (place == columns_.size()) {
      const auto& texts = options_.text_columns;
      const bool stays_text = std::find(texts.begin(), texts.end(), name) != texts.end();
      columns_.emplace_back(name, from_text && !stays_text);
    }
    return place;
  }

  const ReadOptions& options_;
  TableSurvey survey_;
  std::vector<ColumnSurveyor> columns_;
};

}  // namespace

Result<TableSurvey> survey_tables(const std::vector<std::string>& patterns, const ReadOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> paths, expand_paths(patterns));
  Survey survey(options);
  for (const std::string& path : paths) {
    ARROW_ASSIGN_OR_RAISE(const ContentFormat format, content_format(path));
    survey.begin_file(path, format);
    switch (format) {
      case ContentFormat::kCsv:
        ARROW_RETURN_NOT_OK(survey.add_csv(path));
        break;
      case ContentFormat::kJson:
        ARROW_RETURN_NOT_OK(survey.add_json(path));
        break;
      case ContentFormat::kParquet:
        ARROW_RETURN_NOT_OK(survey.add_parquet(path));
        break;
    }
  }
  return survey.finish();
}

}  // namespace linkwright
