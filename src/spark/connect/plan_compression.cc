#include "spark/connect/plan_compression.h"

#include <arrow/util/compression.h>

#include <charconv>
#include <limits>
#include <string>

namespace linkwright::spark {
namespace {

/// Servers set 10 MB; for anything smaller than this the question is not worth a call.
constexpr int64_t kSmallestBytes = int64_t{256} << 10;
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

constexpr char kThreshold[] = "spark.connect.session.planCompression.threshold";
constexpr char kAlgorithm[] = "spark.connect.session.planCompression.defaultAlgorithm";

Result<std::string> zstd(const std::string& bytes) {
  ARROW_ASSIGN_OR_RAISE(const auto codec, arrow::util::Codec::Create(arrow::Compression::ZSTD));
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  const auto size = static_cast<int64_t>(bytes.size());
  std::string result(static_cast<size_t>(codec->MaxCompressedLen(size, data)), '\0');
  ARROW_ASSIGN_OR_RAISE(const int64_t length, codec->Compress(size, data, static_cast<int64_t>(result.size()),
                                                              reinterpret_cast<uint8_t*>(result.data())));
  result.resize(static_cast<size_t>(length));
  return result;
}

}  // namespace

int64_t PlanCompression::threshold(Transport& transport) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (threshold_bytes_) return *threshold_bytes_;
  threshold_bytes_ = kNever;
  proto::ConfigRequest request;
  for (const char* key : {kThreshold, kAlgorithm}) request.mutable_operation()->mutable_get_option()->add_keys(key);
  proto::ConfigResponse response;
  const Status status = transport.call("Config", request, &Transport::Stub::PrepareAsyncConfig, &response);
  if (!status.ok() || response.pairs_size() != 2 || response.pairs(1).value() != "ZSTD") return kNever;
  const std::string& text = response.pairs(0).value();
  int64_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (error == std::errc() && end == text.data() + text.size() && bytes >= 0) threshold_bytes_ = bytes;
  return *threshold_bytes_;
}

void PlanCompression::apply(Transport& transport, proto::Plan* plan) {
  const auto size = static_cast<int64_t>(plan->ByteSizeLong());
  if (size < kSmallestBytes || size <= threshold(transport)) return;
  const bool is_command = plan->has_command();
  const Result<std::string> compressed =
      zstd(is_command ? plan->command().SerializeAsString() : plan->root().SerializeAsString());
  if (!compressed.ok() || static_cast<int64_t>(compressed->size()) >= size) return;
  auto* operation = plan->mutable_compressed_operation();  // in the place of root or command
  operation->set_data(*compressed);
  operation->set_op_type(is_command ? proto::Plan::CompressedOperation::OP_TYPE_COMMAND
                                    : proto::Plan::CompressedOperation::OP_TYPE_RELATION);
  operation->set_compression_codec(proto::COMPRESSION_CODEC_ZSTD);
}

}  // namespace linkwright::spark
