#include "base/unfinished_files.h"

#include <limits.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <utility>

namespace linkwright {
namespace {

// A run has a handful of files under way at a time.
constexpr int kSlots = 64;
constexpr int kNoSlot = -1;

enum SlotState : int { kFree, kFilling, kListed };

struct Slot {
  std::atomic<int> state{kFree};
  std::array<char, PATH_MAX> path;
};

static_assert(std::atomic<int>::is_always_lock_free, "it is read in signal handlers");

// What a signal handler can reach must be static. Zero-initialised: no page of it is touched before it is used.
std::array<Slot, kSlots> slots;
std::atomic<bool> naming_began{false};
static_assert(std::atomic<bool>::is_always_lock_free, "it is read in signal handlers");

int list(std::string_view path) {
  if (path.size() >= PATH_MAX) return kNoSlot;
  for (int number = 0; number < kSlots; ++number) {
    Slot& slot = slots[static_cast<size_t>(number)];
    int expected = kFree;
    if (!slot.state.compare_exchange_strong(expected, kFilling)) continue;
    slot.path[path.copy(slot.path.data(), path.size())] = '\0';
    slot.state.store(kListed);
    return number;
  }
  return kNoSlot;
}

}  // namespace

UnfinishedFile::UnfinishedFile(std::string_view path) : slot_(list(path)) {}

UnfinishedFile::UnfinishedFile(UnfinishedFile&& other) noexcept : slot_(std::exchange(other.slot_, kNoSlot)) {}

UnfinishedFile::~UnfinishedFile() { forget(); }

void UnfinishedFile::forget() {
  if (slot_ != kNoSlot) slots[static_cast<size_t>(slot_)].state.store(kFree);
  slot_ = kNoSlot;
}

void remove_unfinished_files() noexcept {
  for (const Slot& slot : slots) {
    if (slot.state.load() == kListed) ::unlink(slot.path.data());
  }
  for (auto slot = slots.rbegin(); slot != slots.rend(); ++slot) {
    if (slot->state.load() == kListed) ::rmdir(slot->path.data());
  }
}

void begin_naming_files() noexcept { naming_began.store(true); }
bool naming_files_began() noexcept { return naming_began.load(); }

}  // namespace linkwright
