#include <utility>

#include "linkwright/spark.h"
#include "spark/connect/session_state.h"

namespace linkwright::spark {
namespace {

using SaveTable = proto::WriteOperation::SaveTable;

proto::WriteOperation::SaveMode save_mode(SaveMode mode) {
  switch (mode) {
    case SaveMode::kErrorIfExists:
      return proto::WriteOperation::SAVE_MODE_ERROR_IF_EXISTS;
    case SaveMode::kAppend:
      return proto::WriteOperation::SAVE_MODE_APPEND;
    case SaveMode::kOverwrite:
      return proto::WriteOperation::SAVE_MODE_OVERWRITE;
    case SaveMode::kIgnore:
      return proto::WriteOperation::SAVE_MODE_IGNORE;
  }
  return proto::WriteOperation::SAVE_MODE_UNSPECIFIED;
}

}  // namespace

DataFrameWriter& DataFrameWriter::format(std::string name) {
  format_ = std::move(name);
  return *this;
}
DataFrameWriter& DataFrameWriter::mode(SaveMode mode) {
  mode_ = mode;
  return *this;
}
DataFrameWriter& DataFrameWriter::option(std::string name, std::string value) {
  options_[std::move(name)] = std::move(value);
  return *this;
}
DataFrameWriter& DataFrameWriter::partition_by(std::vector<std::string> columns) {
  partition_columns_ = std::move(columns);
  return *this;
}

Status DataFrameWriter::write(const std::function<void(proto::WriteOperation*)>& fill_target,
                              const QueryOptions& options) const {
  proto::Command command;
  proto::WriteOperation* operation = command.mutable_write_operation();
  *operation->mutable_input() = input_.state_->relation;
  if (!format_.empty()) operation->set_source(format_);
  operation->set_mode(save_mode(mode_));
  for (const std::string& column : partition_columns_) operation->add_partitioning_columns(column);
  operation->mutable_options()->insert(options_.begin(), options_.end());
  fill_target(operation);
  return input_.state_->session->run_command(std::move(command), options).status();
}

Status DataFrameWriter::save(std::string_view path, const QueryOptions& options) const {
  return write([&](proto::WriteOperation* operation) { operation->set_path(std::string(path)); }, options);
}

Status DataFrameWriter::save_as_table(std::string_view name, const QueryOptions& options) const {
  return write(
      [&](proto::WriteOperation* operation) {
        operation->mutable_table()->set_table_name(std::string(name));
        operation->mutable_table()->set_save_method(SaveTable::TABLE_SAVE_METHOD_SAVE_AS_TABLE);
      },
      options);
}

Status DataFrameWriter::insert_into(std::string_view name, const QueryOptions& options) const {
  return write(
      [&](proto::WriteOperation* operation) {
        operation->mutable_table()->set_table_name(std::string(name));
        operation->mutable_table()->set_save_method(SaveTable::TABLE_SAVE_METHOD_INSERT_INTO);
      },
      options);
}

DataFrameReader& DataFrameReader::format(std::string name) {
  format_ = std::move(name);
  return *this;
}
DataFrameReader& DataFrameReader::schema(std::string ddl) {
  schema_ = std::move(ddl);
  return *this;
}
DataFrameReader& DataFrameReader::option(std::string name, std::string value) {
  options_[std::move(name)] = std::move(value);
  return *this;
}

DataFrame DataFrameReader::load_as(const std::string& format, const std::vector<std::string>& paths) const {
  return make_data_frame(session_.state_, [&](proto::Relation* relation) {
    auto* source = relation->mutable_read()->mutable_data_source();
    if (!format.empty()) source->set_format(format);
    if (!schema_.empty()) source->set_schema(schema_);
    source->mutable_options()->insert(options_.begin(), options_.end());
    for (const std::string& path : paths) source->add_paths(path);
  });
}

DataFrame DataFrameReader::load(const std::vector<std::string>& paths) const { return load_as(format_, paths); }
DataFrame DataFrameReader::csv(const std::vector<std::string>& paths) const { return load_as("csv", paths); }
DataFrame DataFrameReader::json(const std::vector<std::string>& paths) const { return load_as("json", paths); }
DataFrame DataFrameReader::parquet(const std::vector<std::string>& paths) const { return load_as("parquet", paths); }
DataFrame DataFrameReader::delta(const std::string& path) const { return load_as("delta", {path}); }

DataFrame DataFrameReader::table(std::string_view name) const {
  return make_data_frame(session_.state_, [&](proto::Relation* relation) {
    auto* table = relation->mutable_read()->mutable_named_table();
    table->set_unparsed_identifier(std::string(name));
    table->mutable_options()->insert(options_.begin(), options_.end());
  });
}

}  // namespace linkwright::spark
