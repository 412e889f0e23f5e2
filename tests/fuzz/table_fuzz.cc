// Reads any bytes as a CSV file and as JSON. Beyond not crashing: a record of CSV has a field for every column, and a
// line is JSON for us exactly where it is for nlohmann-json.

#include <arrow/table.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>

#include "io/csv_reader.h"
#include "io/json_rows.h"

namespace {

using namespace linkwright;  // NOLINT(google-build-using-namespace): a fuzz target is one file

void check(bool holds) {
  if (!holds) std::abort();
}

// A file that is gone with the process.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(memfd_create("fuzz", 0)) {
    check(descriptor_ >= 0);
    check(write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

void read_csv(std::string_view data) {
  const MemoryFile file(data);
  const auto reader = CsvReader::open(file.path(), 0);
  if (!reader.ok()) return;
  const size_t columns = (*reader)->columns().size();
  (void)(*reader)->read(
      [&](std::span<const CsvField> fields) {
        check(fields.size() == columns);
        return Status::OK();
      },
      [](const CsvReject&) { return Status::OK(); }, nullptr);
}

// Of lines on which the two have different rules: nlohmann-json passes over a byte order mark, and ends at a NUL.
bool is_comparable(std::string_view line) {
  return !line.starts_with("\xef\xbb\xbf") && line.find('\0') == std::string_view::npos;
}

void read_json(std::string_view data) {
  std::set<int64_t> rejected;
  const auto reject = [&](const CsvReject& reject) {
    rejected.insert(reject.line);
    return Status::OK();
  };
  (void)read_json_rows(data, "fuzz.json", reject, nullptr);
  (void)read_json_elements(
      data, "fuzz.json", 1, [](const CsvReject&) { return Status::OK(); }, nullptr);
  rejected.clear();
  const auto table = read_json_lines(data, 1, reject, nullptr);
  check(table.ok());
  int64_t number = 0;
  for (size_t at = 0; at < data.size();) {
    const size_t end = std::min(data.find('\n', at), data.size());
    const std::string_view line = data.substr(at, end - at);
    at = end + 1;
    ++number;
    if (!is_comparable(line) || line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto json = nlohmann::ordered_json::parse(line, nullptr, /*allow_exceptions=*/false);
    const auto is_nested = [](const auto& value) {
      return value.is_object() || (value.is_array() && std::any_of(value.begin(), value.end(),
                                                                   [](const auto& v) { return v.is_structured(); }));
    };
    const bool is_row = json.is_object() && std::none_of(json.begin(), json.end(), is_nested);
    check(is_row || rejected.contains(number));
    // A nested value under a key that comes again is no part of nlohmann-json's object.
    check(!is_row || !rejected.contains(number) || line.find("{", line.find('{') + 1) != std::string_view::npos ||
          line.find("[") != std::string_view::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_csv(bytes);
  read_json(bytes);
  return 0;
}
