#include "io/record_blocks.h"

#include <arrow/io/interfaces.h>

#include <algorithm>
#include <utility>

#include "io/file_content.h"

namespace linkwright {
namespace {

// Small enough that what is made of a block, often several times its size, stays in a processor's second cache.
constexpr size_t kBlockBytes = size_t{1} << 18;
constexpr size_t kLongestRecordBytes = size_t{64} << 20;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

size_t last_line_end(std::string_view data, bool at_end) { return at_end ? data.size() : data.rfind('\n') + 1; }

}  // namespace

RecordBlocks::RecordBlocks(std::string path, std::shared_ptr<arrow::io::InputStream> stream)
    : path_(std::move(path)), stream_(std::move(stream)), last_record_end_(&last_line_end) {}

RecordBlocks::~RecordBlocks() = default;

Result<std::unique_ptr<RecordBlocks>> RecordBlocks::open(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(auto stream, open_file_stream(path));
  auto blocks = std::unique_ptr<RecordBlocks>(new RecordBlocks(path, std::move(stream)));
  ARROW_RETURN_NOT_OK(blocks->fill());
  std::string& start = blocks->carry_;
  if (start.starts_with("\xff\xfe") || start.starts_with("\xfe\xff")) {
    return Status::Invalid(path, " is UTF-16; save it as UTF-8 (for example: iconv -f UTF-16 -t UTF-8)");
  }
  if (start.starts_with(kByteOrderMark)) start.erase(0, kByteOrderMark.size());
  return blocks;
}

void RecordBlocks::skip_line(size_t size) {
  carry_.erase(0, size);
  ++next_line_;
}

Status RecordBlocks::fill() {
  const size_t held = carry_.size();
  // Twice as much each time, up to the limit: a record that is not whole is looked at again.
  const size_t wanted =
      std::max(kBlockBytes, std::min(held, kLongestRecordBytes - std::min(held, kLongestRecordBytes)));
  size_t filled = 0;
  carry_.resize(held + wanted);
  while (filled < wanted && !ended_) {  // a decompressor gives what it has
    auto read = stream_->Read(static_cast<int64_t>(wanted - filled), carry_.data() + held + filled);
    if (!read.ok()) {
      return Status::IOError("cannot read ", path_, ": ", read.status().message(), "; is the file whole?");
    }
    filled += static_cast<size_t>(*read);
    ended_ = *read == 0;
  }
  carry_.resize(held + filled);
  return Status::OK();
}

Result<bool> RecordBlocks::next(RecordBlock* block) {
  for (;;) {
    // What is held after the first block is part of a record, and all of the first may be one.
    if (!ended_ && carry_.size() < kBlockBytes) ARROW_RETURN_NOT_OK(fill());
    if (carry_.empty() && ended_) return false;
    const size_t end = last_record_end_(carry_, ended_);
    if (end > 0) {
      block->bytes.assign(carry_, 0, end);
      block->first_line = next_line_;
      block->ends_file = ended_ && end == carry_.size();
      next_line_ += std::count(block->bytes.begin(), block->bytes.end(), '\n');
      carry_.erase(0, end);
      return true;
    }
    if (carry_.size() >= kLongestRecordBytes) {
      return Status::Invalid(path_, ":", next_line_,
                             ": the record is longer than 64 MiB; is a closing quote or bracket missing?");
    }
    if (ended_) return Status::Invalid(path_, ":", next_line_, ": the last record is not whole; is the file?");
    ARROW_RETURN_NOT_OK(fill());
  }
}

}  // namespace linkwright
