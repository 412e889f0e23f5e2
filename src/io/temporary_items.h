#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/status.h"
#include "io/temporary_file.h"

namespace linkwright {

/// Items that are kept in a temporary file, in the order in which they were appended. There is no file while there are
/// none. Not thread-safe.
template <typename Item>
class TemporaryItems {
  static_assert(std::is_trivially_copyable_v<Item>);

 public:
  bool empty() const { return file_ == nullptr; }

  /// The first items make the file, in `folder`. Errors name the folder.
  Status append(std::span<const Item> items, const std::string& folder) {
    if (file_ == nullptr) {
      ARROW_ASSIGN_OR_RAISE(TemporaryFile file, TemporaryFile::create(folder));
      file_ = std::make_unique<TemporaryFile>(std::move(file));
    }
    return file_->append({reinterpret_cast<const char*>(items.data()), items.size_bytes()});
  }

  /// Calls `visit(items)` for one piece after another until it fails; memory holds one piece.
  template <typename Visit>
  Status for_each_piece(const Visit& visit) const {
    constexpr uint64_t kPieceBytes = kItemsInPiece * sizeof(Item);
    std::vector<Item> piece;
    for (uint64_t begin = 0; file_ != nullptr && begin < file_->size(); begin += kPieceBytes) {
      const uint64_t bytes = std::min(kPieceBytes, file_->size() - begin);
      piece.resize(bytes / sizeof(Item));
      ARROW_RETURN_NOT_OK(file_->read(begin, reinterpret_cast<char*>(piece.data()), bytes));
      ARROW_RETURN_NOT_OK(visit(std::span<const Item>(piece)));
    }
    return Status::OK();
  }

  void clear() { file_.reset(); }

 private:
  static constexpr size_t kItemsInPiece = 1 << 14;

  std::unique_ptr<TemporaryFile> file_;
};

}  // namespace linkwright
