#include "io/file_content.h"

#include <arrow/buffer.h>
#include <arrow/buffer_builder.h>
#include <arrow/io/compressed.h>
#include <arrow/io/file.h>
#include <arrow/io/memory.h>
#include <arrow/util/compression.h>
#include <arrow/util/io_util.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "base/ascii.h"

namespace linkwright {
namespace {

constexpr std::string_view kParquetMagic = "PAR1";
constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr std::string_view kZstdMagic = "\x28\xb5\x2f\xfd";

std::string first_bytes(const std::string& path) {
  std::array<char, 4> bytes{};
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), bytes.size());
  return {bytes.data(), static_cast<size_t>(file.gcount())};
}

std::string lower_extension(const std::filesystem::path& path) { return to_lower(path.extension().string()); }

std::optional<arrow::Compression::type> compression_of(const std::string& path) {
  const std::string magic = first_bytes(path);
  if (magic.starts_with(kGzipMagic)) return arrow::Compression::GZIP;
  if (magic.starts_with(kZstdMagic)) return arrow::Compression::ZSTD;
  return std::nullopt;
}

Result<std::shared_ptr<arrow::io::InputStream>> decompressing(const std::shared_ptr<arrow::io::InputStream>& compressed,
                                                              arrow::Compression::type type) {
  ARROW_ASSIGN_OR_RAISE(const auto codec, arrow::util::Codec::Create(type));
  ARROW_ASSIGN_OR_RAISE(auto stream, arrow::io::CompressedInputStream::Make(codec.get(), compressed));
  return std::shared_ptr<arrow::io::InputStream>(std::move(stream));
}

Result<std::shared_ptr<arrow::Buffer>> decompress(const std::shared_ptr<arrow::Buffer>& compressed,
                                                  arrow::Compression::type type) {
  ARROW_ASSIGN_OR_RAISE(const auto stream, decompressing(std::make_shared<arrow::io::BufferReader>(compressed), type));
  arrow::BufferBuilder whole;
  constexpr int64_t kStep = 1 << 20;
  for (;;) {
    ARROW_RETURN_NOT_OK(whole.Reserve(kStep));
    ARROW_ASSIGN_OR_RAISE(const int64_t read, stream->Read(kStep, whole.mutable_data() + whole.length()));
    if (read == 0) break;
    whole.UnsafeAdvance(read);
  }
  return whole.Finish();
}

// The system's own reason, which Arrow keeps apart from its message.
Status unreadable(const std::string& path, const Status& status) {
  const int code = arrow::internal::ErrnoFromStatus(status);
  return Status::IOError("cannot read ", path, ": ",
                         code == 0 ? status.message() : std::generic_category().message(code));
}

// Without opening it: that would take from a pipe what is meant for its reader.
Status check_readable(const std::string& path) {
  if (access(path.c_str(), R_OK) == 0) return Status::OK();
  return Status::IOError("cannot read ", path, ": ", std::generic_category().message(errno));
}

}  // namespace

std::string_view FileContent::text() const {
  return {reinterpret_cast<const char*>(bytes->data()), static_cast<size_t>(bytes->size())};
}

Result<FileContent> read_file_content(const std::string& path) {
  auto file = arrow::io::MemoryMappedFile::Open(path, arrow::io::FileMode::READ);
  if (!file.ok()) return unreadable(path, file.status());
  ARROW_ASSIGN_OR_RAISE(const int64_t size, (*file)->GetSize());
  if (size == 0) return FileContent{std::make_shared<arrow::Buffer>(nullptr, 0)};
  auto bytes = (*file)->Read(size);
  if (!bytes.ok()) return unreadable(path, bytes.status());
  const auto compression = compression_of(path);
  if (!compression) return FileContent{*bytes};
  auto whole = decompress(*bytes, *compression);
  if (!whole.ok()) {
    return Status::IOError("cannot decompress ", path, ": ", whole.status().message(), "; is the file whole?");
  }
  return FileContent{*whole};
}

Result<std::shared_ptr<arrow::io::InputStream>> open_file_stream(const std::string& path) {
  auto file = arrow::io::ReadableFile::Open(path);
  if (!file.ok()) return unreadable(path, file.status());
  const auto compression = compression_of(path);
  return compression ? decompressing(*file, *compression) : std::shared_ptr<arrow::io::InputStream>(*file);
}

Result<ContentFormat> content_format(const std::string& path, UnknownEnding unknown) {
  ARROW_RETURN_NOT_OK(check_readable(path));  // else what may not be read looks like Parquet that is damaged
  std::filesystem::path name(path);
  if (const std::string ending = lower_extension(name); ending == ".gz" || ending == ".zst") name = name.stem();
  const std::string ending = lower_extension(name);
  const bool is_parquet = first_bytes(path).starts_with(kParquetMagic);
  if (ending == ".parquet" || ending == ".pq") {
    if (is_parquet) return ContentFormat::kParquet;
    if (first_bytes(path).starts_with("PARE")) {
      return Status::NotImplemented(path, " is encrypted Parquet, which is not read; write it without encryption");
    }
    return Status::Invalid(path,
                           " is called Parquet but does not start as Parquet does; is it another format, or damaged?");
  }
  const bool is_csv = ending == ".csv" || ending == ".tsv" || ending == ".txt";
  const bool is_json = ending == ".json" || ending == ".ndjson" || ending == ".jsonl";
  if (!is_csv && !is_json) {
    if (unknown == UnknownEnding::kTakeForCsv) return is_parquet ? ContentFormat::kParquet : ContentFormat::kCsv;
    return Status::Invalid(path, ": cannot tell its format from the ending '", ending,
                           "'; name it .csv, .tsv, .json, .ndjson, .jsonl or .parquet (also with .gz or .zst)");
  }
  if (is_parquet) return Status::Invalid(path, " is a Parquet file by its content; name it .parquet");
  return is_csv ? ContentFormat::kCsv : ContentFormat::kJson;
}

}  // namespace linkwright
