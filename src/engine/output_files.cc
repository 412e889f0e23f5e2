#include "engine/output_files.h"

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

}  // namespace linkwright
