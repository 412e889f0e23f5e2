#include "token_kernel/secret_hashes.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/type.h>

#include "kernel/contained.h"
#include "token/secret_source.h"

namespace linkwright {

SecretHashes::SecretHashes(const std::vector<std::string>& names, std::function<Result<std::vector<std::string>>()> ask)
    : ask_(std::move(ask)) {
  arrow::FieldVector fields;
  for (const std::string& name : names) fields.push_back(arrow::field(name, arrow::utf8()));
  schema_ = arrow::schema(std::move(fields));
}

Status SecretHashes::ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) {
  return contained([&]() -> Status {
    batch->reset();
    if (std::exchange(is_done_, true)) return Status::OK();
    const CoreDumpGuard no_core_dumps;
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> hashes, ask_());
    arrow::ArrayVector columns;
    for (const std::string& hash : hashes) {
      arrow::StringBuilder builder;
      ARROW_RETURN_NOT_OK(builder.Append(hash));
      ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), builder.Finish());
    }
    *batch = arrow::RecordBatch::Make(schema_, 1, std::move(columns));
    return Status::OK();
  });
}

}  // namespace linkwright
