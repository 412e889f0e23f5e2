#include "kernel/kernel.h"

#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "kernel/contained.h"
#include "kernel/operations.h"

namespace {

using linkwright::Status;

Status run(const char* task_json, ArrowArrayStream* in, ArrowArrayStream* out) {
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::RecordBatchReader> rows, arrow::ImportRecordBatchReader(in));
  ARROW_ASSIGN_OR_RAISE(auto results, linkwright::run_operation(task_json, std::move(rows)));
  return arrow::ExportRecordBatchReader(std::move(results), out);
}

void copy_message(const std::string& message, char* error, int64_t error_size) {
  if (error == nullptr || error_size <= 0) return;
  const size_t size = std::min(message.size(), static_cast<size_t>(error_size - 1));
  std::memcpy(error, message.data(), size);
  error[size] = '\0';
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int linkwright_kernel_run(const char* task_json, ArrowArrayStream* in,
                                                                            ArrowArrayStream* out, char* error,
                                                                            int64_t error_size) {
  out->release = nullptr;
  const Status status = linkwright::contained([&] { return run(task_json, in, out); });
  if (in->release != nullptr) in->release(in);
  if (status.ok()) return 0;
  copy_message(status.message(), error, error_size);
  return 1;
}
