#include "io/throwing_memory_pool.h"

#include <new>
#include <string>

#include "base/status.h"

namespace linkwright {
namespace {

class ThrowingMemoryPool : public arrow::MemoryPool {
 public:
  explicit ThrowingMemoryPool(arrow::MemoryPool* pool) : pool_(pool) {}

  Status Allocate(int64_t size, int64_t alignment, uint8_t** out) override {
    return thrown(pool_->Allocate(size, alignment, out));
  }
  Status Reallocate(int64_t old_size, int64_t new_size, int64_t alignment, uint8_t** block) override {
    return thrown(pool_->Reallocate(old_size, new_size, alignment, block));
  }
  void Free(uint8_t* block, int64_t size, int64_t alignment) override { pool_->Free(block, size, alignment); }
  void ReleaseUnused() override { pool_->ReleaseUnused(); }
  int64_t bytes_allocated() const override { return pool_->bytes_allocated(); }
  int64_t max_memory() const override { return pool_->max_memory(); }
  int64_t total_bytes_allocated() const override { return pool_->total_bytes_allocated(); }
  int64_t num_allocations() const override { return pool_->num_allocations(); }
  std::string backend_name() const override { return pool_->backend_name(); }

 private:
  // As operator new does, but for trying again.
  static Status thrown(Status status) {
    if (!status.IsOutOfMemory()) return status;
    if (const std::new_handler handler = std::get_new_handler()) handler();
    throw std::bad_alloc();
  }

  arrow::MemoryPool* pool_;
};

}  // namespace

arrow::MemoryPool* throwing_memory_pool() {
  static ThrowingMemoryPool pool(arrow::default_memory_pool());
  return &pool;
}

}  // namespace linkwright
