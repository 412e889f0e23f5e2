#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "kernel/contained.h"
#include "kernel/id_forest.h"
#include "kernel/operations.h"

namespace linkwright {
namespace {

constexpr const char* kLeft = "lw_left";
constexpr const char* kRight = "lw_right";
constexpr uint32_t kBatchRows = uint32_t{1} << 16;

// Integers as bytes in the order of their values: big-endian, the sign turned.
using OrderedBytes = std::array<char, sizeof(int64_t)>;

OrderedBytes ordered_bytes(int64_t value) {
  OrderedBytes bytes;
  auto bits = static_cast<uint64_t>(value) ^ (uint64_t{1} << 63);
  for (size_t i = bytes.size(); i-- > 0; bits >>= 8) bytes[i] = static_cast<char>(bits & 0xFF);
  return bytes;
}

int64_t from_ordered_bytes(std::string_view bytes) {
  uint64_t bits = 0;
  for (const char byte : bytes) bits = bits << 8 | static_cast<unsigned char>(byte);
  return static_cast<int64_t>(bits ^ (uint64_t{1} << 63));
}

void unite_all(const arrow::Int64Array& left, const arrow::Int64Array& right, IdForest* forest) {
  for (int64_t i = 0; i < left.length(); ++i) {
    const OrderedBytes one = ordered_bytes(left.Value(i));
    const OrderedBytes other = ordered_bytes(right.Value(i));
    forest->unite({one.data(), one.size()}, {other.data(), other.size()});
  }
}

void unite_all(const arrow::StringArray& left, const arrow::StringArray& right, IdForest* forest) {
  for (int64_t i = 0; i < left.length(); ++i) forest->unite(left.GetView(i), right.GetView(i));
}

/// Reads all edges when the first result is asked for, and gives the forest as stars: an edge from the smallest id of a
/// component to each of its other ids.
class ForestStream final : public arrow::RecordBatchReader {
 public:
  ForestStream(std::shared_ptr<arrow::Schema> schema, RowStream edges)
      : schema_(std::move(schema)), edges_(std::move(edges)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    return contained([&]() -> Status {
      if (edges_ != nullptr) ARROW_RETURN_NOT_OK(read_edges());
      return is_integer() ? next_batch<arrow::Int64Builder>(batch) : next_batch<arrow::StringBuilder>(batch);
    });
  }

 private:
  bool is_integer() const { return schema_->field(0)->type()->id() == arrow::Type::INT64; }

  Status read_edges() {
    while (true) {
      std::shared_ptr<arrow::RecordBatch> batch;
      ARROW_RETURN_NOT_OK(edges_->ReadNext(&batch));
      if (batch == nullptr) break;
      ARROW_RETURN_NOT_OK(add(*batch));
    }
    edges_.reset();
    return Status::OK();
  }

  Status add(const arrow::RecordBatch& batch) {
    const auto left = batch.GetColumnByName(kLeft);
    const auto right = batch.GetColumnByName(kRight);
    if (left->null_count() + right->null_count() > 0) return Status::Invalid("an edge without an id at one end");
    if (is_integer()) {
      unite_all(static_cast<const arrow::Int64Array&>(*left), static_cast<const arrow::Int64Array&>(*right), &forest_);
    } else {
      unite_all(static_cast<const arrow::StringArray&>(*left), static_cast<const arrow::StringArray&>(*right),
                &forest_);
    }
    return Status::OK();
  }

  Status append(arrow::Int64Builder* builder, uint32_t number) const {
    return builder->Append(from_ordered_bytes(forest_.id(number)));
  }
  Status append(arrow::StringBuilder* builder, uint32_t number) const { return builder->Append(forest_.id(number)); }

  template <typename Builder>
  Status next_batch(std::shared_ptr<arrow::RecordBatch>* batch) {
    Builder roots;
    Builder ids;
    while (next_ <= forest_.size() && ids.length() < kBatchRows) {
      const uint32_t number = next_++;
      const uint32_t root = forest_.root(number);
      if (root == number) continue;
      ARROW_RETURN_NOT_OK(append(&roots, root));
      ARROW_RETURN_NOT_OK(append(&ids, number));
    }
    batch->reset();
    if (ids.length() == 0) return Status::OK();
    const int64_t rows = ids.length();
    ARROW_ASSIGN_OR_RAISE(auto left, roots.Finish());
    ARROW_ASSIGN_OR_RAISE(auto right, ids.Finish());
    *batch = arrow::RecordBatch::Make(schema_, rows, {std::move(left), std::move(right)});
    return Status::OK();
  }

  std::shared_ptr<arrow::Schema> schema_;
  RowStream edges_;  // null once they are read
  IdForest forest_;
  uint32_t next_ = 1;
};

}  // namespace

Result<RowStream> forest_operation(KernelTask& task, RowStream rows) {
  task.options().ignore({"job"});
  ARROW_RETURN_NOT_OK(task.options().check_unknown_keys());
  const auto schema = rows->schema();
  const auto left = schema->GetFieldByName(kLeft);
  const auto right = schema->GetFieldByName(kRight);
  if (left == nullptr || right == nullptr) {
    return Status::Invalid("edges need the columns ", kLeft, " and ", kRight, "; these have ", schema->ToString());
  }
  const arrow::Type::type type = left->type()->id();
  if ((type != arrow::Type::INT64 && type != arrow::Type::STRING) || !right->type()->Equals(left->type())) {
    return Status::TypeError("edges are between ids that are both int64 or both text, not ", left->type()->ToString(),
                             " and ", right->type()->ToString());
  }
  return std::make_shared<ForestStream>(
      arrow::schema({arrow::field(kLeft, left->type()), arrow::field(kRight, left->type())}), std::move(rows));
}

}  // namespace linkwright
