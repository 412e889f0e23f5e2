#include "kernel/frequency_file.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <dlfcn.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "expr/arrow_values.h"

namespace linkwright {
namespace {

constexpr std::string_view kMagic = "LWF1";

// Spark puts the files of a session into one folder on each executor, the kernel's own library among them.
std::string beside_kernel(const std::string& name) {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&beside_kernel), &info) == 0 || info.dli_fname == nullptr) return name;
  return (std::filesystem::path(info.dli_fname).parent_path() / name).string();  // which leaves a whole path as it is
}

void append_number(uint64_t number, std::string* bytes) {
  char raw[sizeof number];
  std::memcpy(raw, &number, sizeof number);
  bytes->append(raw, sizeof raw);
}

void append_text(std::string_view text, std::string* bytes) {
  append_number(text.size(), bytes);
  bytes->append(text);
}

// Reads what was appended; what is beyond the end is told once, at the end.
class Bytes {
 public:
  explicit Bytes(std::string_view left) : left_(left) {}

  uint64_t number() {
    uint64_t number = 0;
    const std::string_view raw = take(sizeof number);
    if (raw.size() == sizeof number) std::memcpy(&number, raw.data(), sizeof number);
    return number;
  }
  std::string_view text() { return take(number()); }
  bool is_whole() const { return is_whole_; }
  bool is_at_end() const { return left_.empty(); }

 private:
  std::string_view take(uint64_t size) {
    is_whole_ = is_whole_ && size <= left_.size();
    if (!is_whole_) return {};
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }

  std::string_view left_;
  bool is_whole_ = true;
};

}  // namespace

Status TermFrequencies::add_counts(const std::string& column, const arrow::RecordBatch& counts) {
  Column& known = columns_[column];
  ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(counts.GetColumnByName("lw_value")));
  const auto& numbers = static_cast<const arrow::Int64Array&>(*counts.GetColumnByName("lw_count"));
  std::string key;
  for (int64_t i = 0; i < values.length(); ++i) {
    key.clear();
    append_key(values.at(i), &key);
    const uint32_t code = known.keys.code(key);
    if (code > known.counts.size()) known.counts.push_back(0);
    known.counts[code - 1] += numbers.Value(i);
    known.total += numbers.Value(i);
  }
  return Status::OK();
}

std::string TermFrequencies::to_bytes() const {
  std::string bytes(kMagic);
  for (const auto& [name, column] : columns_) {
    append_text(name, &bytes);
    append_number(column.counts.size(), &bytes);
    for (uint32_t code = 1; code <= column.keys.size(); ++code) {
      append_text(column.keys.value(code), &bytes);
      append_number(static_cast<uint64_t>(column.counts[code - 1]), &bytes);
    }
  }
  append_number(hash_bytes(bytes), &bytes);
  return bytes;
}

Result<TermFrequencies> TermFrequencies::read(const std::string& name) {
  const std::string path = beside_kernel(name);
  std::ifstream file(path, std::ios::binary);
  if (!file) return Status::IOError(path, ": term frequencies cannot be read: ", std::strerror(errno));
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  const auto damaged = [&] { return Status::IOError(path, ": these are no term frequencies, or damaged ones"); };
  constexpr size_t kEnd = sizeof(uint64_t);
  if (content.size() < kMagic.size() + kEnd || content.compare(0, kMagic.size(), kMagic) != 0) return damaged();
  const std::string_view body = std::string_view(content).substr(0, content.size() - kEnd);
  if (Bytes(std::string_view(content).substr(body.size())).number() != hash_bytes(body)) return damaged();
  TermFrequencies read;
  Bytes bytes(body.substr(kMagic.size()));
  while (bytes.is_whole() && !bytes.is_at_end()) {
    Column& column = read.columns_[std::string(bytes.text())];
    const uint64_t values = bytes.number();
    for (uint64_t i = 0; i < values && bytes.is_whole(); ++i) {
      column.keys.code(bytes.text());
      const auto count = static_cast<int64_t>(bytes.number());
      column.counts.push_back(count);
      column.total += count;
    }
  }
  if (!bytes.is_whole()) return damaged();
  return read;
}

Result<std::vector<double>> TermFrequencies::of_codes(const EncodedColumn& column) const {
  const Column& known = columns_.at(column.name);
  std::vector<double> frequencies(column.num_codes());
  ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(column.values));
  std::string key;
  for (uint32_t code = 1; code < frequencies.size(); ++code) {
    key.clear();
    append_key(values.at(int64_t{code} - 1), &key);
    const uint32_t found = known.keys.find(key);
    if (found == 0) {
      return Status::Invalid("a value of column '", column.name,
                             "' was not there when term frequencies were counted; the input changed meanwhile");
    }
    frequencies[code] = static_cast<double>(known.counts[found - 1]) / static_cast<double>(known.total);
  }
  return frequencies;
}

}  // namespace linkwright
