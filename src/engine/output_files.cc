#include "engine/output_files.h"

#include <filesystem>

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

std::vector<std::string> files_of_run(const std::string& folder, const std::string& extension,
                                      const std::string& rejects) {
  std::vector<std::string> files;
  for (const std::string& name :
       {"predictions" + extension, "clusters" + extension, std::string("model.json"), std::string("report.json")}) {
    files.push_back((std::filesystem::path(folder) / name).string());
  }
  files.push_back(rejects);
  return files;
}

Status keep_inputs_of(const LinkageJob& job, const std::string& rejects) {
  const std::vector<std::string> outputs =
      files_of_run(job.output.directory, file_extension(job.output.format), rejects);
  for (const InputSpec& input : job.inputs) ARROW_RETURN_NOT_OK(keep_inputs(input.paths, outputs));
  if (!job.training.m_from_pairwise_labels) return Status::OK();
  return keep_inputs(job.training.m_from_pairwise_labels->labels.paths, outputs);
}

}  // namespace linkwright
