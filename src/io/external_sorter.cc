#include "io/external_sorter.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace linkwright {
namespace {

using Length = uint32_t;

// Runs that are merged at once, and the least that is read of one at a time.
constexpr size_t kMostRuns = 256;
constexpr size_t kLeastRead = size_t{1} << 12;
constexpr size_t kMostRead = size_t{1} << 20;
constexpr size_t kWriteBytes = size_t{1} << 18;

uint64_t prefix_of(std::string_view text) {
  uint64_t prefix = 0;
  std::memcpy(&prefix, text.data(), std::min(sizeof(prefix), text.size()));
  return __builtin_bswap64(prefix);
}

constexpr size_t rounded_down(size_t size, size_t to) { return size / to * to; }

}  // namespace

/// Appends texts to a file with their lengths in front.
class ExternalSorter::RunWriter {
 public:
  RunWriter(TemporaryFile* file, size_t memory_bytes)
      : file_(file), begin_(file->size()), flush_at_(std::min(kWriteBytes, memory_bytes)) {}

  Status append(std::string_view text) {
    const auto length = static_cast<Length>(text.size());
    pending_.append(reinterpret_cast<const char*>(&length), sizeof(length)).append(text);
    return pending_.size() < flush_at_ ? Status::OK() : flush();
  }

  Result<Run> finish() {
    ARROW_RETURN_NOT_OK(flush());
    return Run{begin_, file_->size()};
  }

 private:
  Status flush() {
    ARROW_RETURN_NOT_OK(file_->append(pending_));
    pending_.clear();
    return Status::OK();
  }

  TemporaryFile* file_;
  uint64_t begin_;
  size_t flush_at_;
  std::string pending_;
};

/// Reads the texts of one run.
class ExternalSorter::RunReader {
 public:
  RunReader(const TemporaryFile* file, const Run& run, size_t read_bytes)
      : file_(file), at_(run.begin), end_(run.end), read_bytes_(read_bytes) {}

  std::string_view text() const { return text_; }
  uint64_t prefix() const { return prefix_; }

  /// False at the end of the run.
  Result<bool> next() {
    if (position_ == held_.size() && at_ == end_) return false;
    Length length = 0;
    ARROW_RETURN_NOT_OK(hold(sizeof(length)));
    std::memcpy(&length, held_.data() + position_, sizeof(length));
    position_ += sizeof(length);
    ARROW_RETURN_NOT_OK(hold(length));
    text_ = std::string_view(held_).substr(position_, length);
    prefix_ = prefix_of(text_);
    position_ += length;
    return true;
  }

 private:
  /// Makes sure that `bytes` more are there, in one piece.
  Status hold(size_t bytes) {
    const size_t left = held_.size() - position_;
    if (left >= bytes) return Status::OK();
    held_.erase(0, position_);
    position_ = 0;
    const auto more = static_cast<size_t>(std::min<uint64_t>(std::max(bytes - left, read_bytes_), end_ - at_));
    held_.resize(left + more);
    ARROW_RETURN_NOT_OK(file_->read(at_, held_.data() + left, more));
    at_ += more;
    return Status::OK();
  }

  const TemporaryFile* file_;
  uint64_t at_;
  uint64_t end_;
  size_t read_bytes_;
  std::string held_;
  size_t position_ = 0;
  std::string_view text_;
  uint64_t prefix_ = 0;
};

/// Gives the texts of several runs in order: a heap of readers by the text that each has in hand.
class ExternalSorter::RunMerger {
 public:
  static Result<std::unique_ptr<RunMerger>> make(const TemporaryFile* file, std::vector<Run>::const_iterator first,
                                                 std::vector<Run>::const_iterator last, size_t memory_bytes) {
    auto merger = std::make_unique<RunMerger>();
    const auto count = static_cast<size_t>(last - first);
    const size_t read_bytes = std::clamp(memory_bytes / count, kLeastRead, kMostRead);
    merger->readers_.reserve(count);  // readers must not move while texts in them are looked at
    for (; first != last; ++first) {
      RunReader& reader = merger->readers_.emplace_back(file, *first, read_bytes);
      ARROW_ASSIGN_OR_RAISE(const bool any, reader.next());
      if (any) merger->heap_.push_back(&reader);
    }
    std::make_heap(merger->heap_.begin(), merger->heap_.end(), &comes_later);
    return merger;
  }

  Result<bool> next(std::string_view* text) {
    if (in_hand_ != nullptr) {  // its text was out until now
      ARROW_ASSIGN_OR_RAISE(const bool more, in_hand_->next());
      if (more) {
        std::push_heap(heap_.begin(), heap_.end(), &comes_later);
      } else {
        heap_.pop_back();
      }
      in_hand_ = nullptr;
    }
    if (heap_.empty()) return false;
    std::pop_heap(heap_.begin(), heap_.end(), &comes_later);
    in_hand_ = heap_.back();
    *text = in_hand_->text();
    return true;
  }

 private:
  static bool comes_later(const RunReader* a, const RunReader* b) {
    return a->prefix() != b->prefix() ? a->prefix() > b->prefix() : a->text() > b->text();
  }

  std::vector<RunReader> readers_;
  std::vector<RunReader*> heap_;
  RunReader* in_hand_ = nullptr;  // it stands last, outside of the heap
};

ExternalSorter::ExternalSorter(size_t memory_bytes, std::string folder)
    : memory_bytes_(rounded_down(memory_bytes, alignof(Entry))), folder_(std::move(folder)) {}

ExternalSorter::~ExternalSorter() = default;
ExternalSorter::ExternalSorter(ExternalSorter&&) noexcept = default;
ExternalSorter& ExternalSorter::operator=(ExternalSorter&&) noexcept = default;

std::string_view ExternalSorter::text_at(size_t offset) const {
  Length length = 0;
  std::memcpy(&length, buffer_.get() + offset, sizeof(length));
  return {buffer_.get() + offset + sizeof(length), length};
}

/// Room for a text of `bytes` and its entry.
Status ExternalSorter::make_room(size_t bytes) {
  const size_t needed = sizeof(Length) + bytes + sizeof(Entry);
  if (used_ + count_ * sizeof(Entry) + needed <= capacity_) return Status::OK();
  if (count_ > 0) ARROW_RETURN_NOT_OK(spill());
  if (needed <= capacity_) return Status::OK();
  buffer_.reset();
  capacity_ = std::max(memory_bytes_, rounded_down(needed + alignof(Entry), alignof(Entry)));
  buffer_.reset(new char[capacity_]);
  return Status::OK();
}

Status ExternalSorter::add(std::string_view text) {
  if (text.size() > UINT32_MAX) return Status::Invalid("a text to sort is longer than 4 GiB");
  ARROW_RETURN_NOT_OK(make_room(text.size()));
  ++count_;
  *entries() = {prefix_of(text), used_};
  const auto length = static_cast<Length>(text.size());
  std::memcpy(buffer_.get() + used_, &length, sizeof(length));
  std::memcpy(buffer_.get() + used_ + sizeof(length), text.data(), text.size());
  used_ += sizeof(length) + text.size();
  return Status::OK();
}

void ExternalSorter::sort_buffer() {
  std::sort(entries(), entries() + count_, [this](const Entry& a, const Entry& b) {
    return a.prefix != b.prefix ? a.prefix < b.prefix : text_at(a.offset) < text_at(b.offset);
  });
}

Status ExternalSorter::spill() {
  sort_buffer();
  if (file_ == nullptr) {
    ARROW_ASSIGN_OR_RAISE(TemporaryFile file, TemporaryFile::create(folder_));
    file_ = std::make_unique<TemporaryFile>(std::move(file));
  }
  RunWriter writer(file_.get(), memory_bytes_);
  for (size_t i = 0; i < count_; ++i) ARROW_RETURN_NOT_OK(writer.append(text_at(entries()[i].offset)));
  ARROW_ASSIGN_OR_RAISE(runs_.emplace_back(), writer.finish());
  used_ = 0;
  count_ = 0;
  return Status::OK();
}

/// Merges groups of runs to longer ones, until all can be read at once.
Status ExternalSorter::merge_until_few() {
  while (runs_.size() > kMostRuns) {
    ARROW_ASSIGN_OR_RAISE(TemporaryFile merged, TemporaryFile::create(folder_));
    std::vector<Run> longer;
    for (auto first = runs_.cbegin(); first != runs_.cend();) {
      const auto last = first + std::min<ptrdiff_t>(kMostRuns, runs_.cend() - first);
      ARROW_ASSIGN_OR_RAISE(const auto merger, RunMerger::make(file_.get(), first, last, memory_bytes_));
      RunWriter writer(&merged, memory_bytes_);
      std::string_view text;
      for (;;) {
        ARROW_ASSIGN_OR_RAISE(const bool more, merger->next(&text));
        if (!more) break;
        ARROW_RETURN_NOT_OK(writer.append(text));
      }
      ARROW_ASSIGN_OR_RAISE(longer.emplace_back(), writer.finish());
      first = last;
    }
    runs_ = std::move(longer);
    *file_ = std::move(merged);
  }
  return Status::OK();
}

Status ExternalSorter::finish() {
  if (runs_.empty()) {
    sort_buffer();
    return Status::OK();
  }
  if (count_ > 0) ARROW_RETURN_NOT_OK(spill());
  buffer_.reset();
  capacity_ = 0;
  ARROW_RETURN_NOT_OK(merge_until_few());
  ARROW_ASSIGN_OR_RAISE(merger_, RunMerger::make(file_.get(), runs_.cbegin(), runs_.cend(), memory_bytes_));
  return Status::OK();
}

Result<bool> ExternalSorter::next(std::string_view* text) {
  if (merger_ != nullptr) return merger_->next(text);
  if (given_ == count_) return false;
  *text = text_at(entries()[given_++].offset);
  return true;
}

}  // namespace linkwright
