#include "token/temporary_file.h"

#include <arrow/io/file.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

namespace linkwright {

Result<std::unique_ptr<TemporaryFile>> TemporaryFile::open(const std::string& path) {
  std::unique_ptr<TemporaryFile> file(new TemporaryFile());
  file->path_ = path;
  file->temporary_ = path + "." + std::to_string(getpid()) + ".part";
  auto stream = arrow::io::FileOutputStream::Open(file->temporary_);
  if (!stream.ok()) return stream.status().WithMessage("cannot write '", path, "': ", stream.status().message());
  file->stream_ = *stream;
  return file;
}

Status TemporaryFile::write_whole(const std::string& path, std::string_view content) {
  ARROW_ASSIGN_OR_RAISE(auto file, open(path));
  ARROW_RETURN_NOT_OK(file->write(content));
  return file->finish();
}

TemporaryFile::~TemporaryFile() {
  if (stream_ == nullptr) return;
  (void)stream_->Close();  // what was written goes anyway
  std::remove(temporary_.c_str());
}

Status TemporaryFile::write(std::string_view bytes) {
  return stream_->Write(bytes.data(), static_cast<int64_t>(bytes.size()));
}

Status TemporaryFile::finish() {
  ARROW_RETURN_NOT_OK(stream_->Close());
  std::error_code error;
  std::filesystem::rename(temporary_, path_, error);
  if (error) return Status::IOError("cannot rename '", temporary_, "' to '", path_, "': ", error.message());
  stream_ = nullptr;
  return Status::OK();
}

}  // namespace linkwright
