#include "engine/output_files.h"

#include <filesystem>

namespace linkwright {

FileFormat file_format(OutputFormat format) {
  switch (format) {
    case OutputFormat::kParquet:
      return FileFormat::kParquet;
    case OutputFormat::kCsv:
      return FileFormat::kCsv;
    case OutputFormat::kNdjson:
      return FileFormat::kNdjson;
  }
  return FileFormat::kParquet;
}

std::string file_extension(OutputFormat format) {
  switch (format) {
    case OutputFormat::kParquet:
      return ".parquet";
    case OutputFormat::kCsv:
      return ".csv";
    case OutputFormat::kNdjson:
      return ".ndjson";
  }
  return "";
}

std::string output_file(const LinkageJob& job, const std::string& table) {
  return (std::filesystem::path(job.output.directory) / (table + file_extension(job.output.format))).string();
}

}  // namespace linkwright
