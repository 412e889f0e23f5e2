#include "spark/connect/local_relation.h"

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/writer.h>
#include <arrow/table.h>
#include <arrow/util/byte_size.h>

#include <algorithm>
#include <set>

#include "spark/connect/artifacts.h"

namespace linkwright::spark {
namespace {

constexpr int64_t kInlineBytes = int64_t{1} << 20;
constexpr int64_t kPieceBytes = int64_t{16} << 20;
constexpr char kCachePrefix[] = "cache/";

Result<std::string> ipc_stream(const arrow::Table& rows) {
  ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::BufferOutputStream::Create());
  ARROW_ASSIGN_OR_RAISE(auto writer, arrow::ipc::MakeStreamWriter(sink, rows.schema()));
  ARROW_RETURN_NOT_OK(writer->WriteTable(rows));
  ARROW_RETURN_NOT_OK(writer->Close());
  ARROW_ASSIGN_OR_RAISE(const auto buffer, sink->Finish());
  return buffer->ToString();
}

/// ChunkedCachedLocalRelation came with Spark 4.1; before, a whole relation was cached as one artifact.
bool takes_pieces(const std::string& spark_version) {
  int major = 0;
  int minor = 0;
  const int read = std::sscanf(spark_version.c_str(), "%d.%d", &major, &minor);  // NOLINT(cert-err34-c)
  return read == 2 && (major > 4 || (major == 4 && minor >= 1));
}

/// Uploads one piece unless the session has it, and returns its hash.
Result<std::string> upload(Transport& transport, std::string bytes) {
  const std::string hash = content_hash(bytes);
  const std::string name = kCachePrefix + hash;
  ARROW_ASSIGN_OR_RAISE(const std::set<std::string> existing, existing_artifacts(transport, {name}));
  if (existing.count(name) == 0) {
    ARROW_RETURN_NOT_OK(add_artifacts(transport, {Artifact::of_bytes(name, std::move(bytes))}));
  }
  return hash;
}

}  // namespace

Result<proto::Relation> local_relation(Session::State& session, const arrow::Table& rows) {
  const int64_t bytes = arrow::util::ReferencedBufferSize(rows).ValueOr(kInlineBytes + 1);
  proto::Relation relation;
  if (bytes <= kInlineBytes) {
    ARROW_ASSIGN_OR_RAISE(*relation.mutable_local_relation()->mutable_data(), ipc_stream(rows));
    return relation;
  }
  if (!takes_pieces(session.spark_version)) {
    proto::LocalRelation whole;
    ARROW_ASSIGN_OR_RAISE(*whole.mutable_data(), ipc_stream(rows));
    ARROW_ASSIGN_OR_RAISE(*relation.mutable_cached_local_relation()->mutable_hash(),
                          upload(*session.transport, whole.SerializeAsString()));
    return relation;
  }
  const int64_t pieces = (bytes + kPieceBytes - 1) / kPieceBytes;
  const int64_t rows_a_piece = std::max<int64_t>(1, (rows.num_rows() + pieces - 1) / pieces);
  for (int64_t start = 0; start < rows.num_rows(); start += rows_a_piece) {
    ARROW_ASSIGN_OR_RAISE(std::string piece, ipc_stream(*rows.Slice(start, rows_a_piece)));
    ARROW_ASSIGN_OR_RAISE(*relation.mutable_chunked_cached_local_relation()->add_datahashes(),
                          upload(*session.transport, std::move(piece)));
  }
  return relation;
}

}  // namespace linkwright::spark
