#include "engine/output_files.h"

#include <filesystem>
#include <vector>

#include "io/kept_inputs.h"

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

std::string output_path(const LinkageJob& job, const std::string& file) {
  return (std::filesystem::path(job.output.directory) / file).string();
}

std::string output_file(const LinkageJob& job, const std::string& table) {
  return output_path(job, table + file_extension(job.output.format));
}

Status keep_inputs_of(const LinkageJob& job, const std::string& rejects) {
  const std::vector<std::string> outputs = {output_file(job, "predictions"), output_file(job, "clusters"),
                                            output_path(job, "model.json"), output_path(job, "report.json"), rejects};
  for (const InputSpec& input : job.inputs) ARROW_RETURN_NOT_OK(keep_inputs(input.paths, outputs));
  if (!job.training.m_from_pairwise_labels) return Status::OK();
  return keep_inputs(job.training.m_from_pairwise_labels->labels.paths, outputs);
}

}  // namespace linkwright
